# SPDX-License-Identifier: MIT
"""The class `Env` of a component: a typed accessor for everything that component.yaml declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.cpp.layout_text import COLUMN_LIMIT
from codegen.cpp.names import identifier, namespace
from codegen.cpp.render import doc_comment
from codegen.idl.facts import InterfaceFacts
from codegen.system.component import Component, DeviceNeed, Parameter, ProvidedPort, UsedPort
from codegen.system.output import render

TEMPLATES = Path(__file__).parent / "templates"
INDENT = 4

PARAMETER_ACCESS = {
    "bool": ("bool", "truth"),
    "u64": ("std::uint64_t", "number"),
    "string": ("std::string_view", "text"),
    "list": ("os::TextList", "list"),
}


@dataclass(frozen=True)
class Accessor:
    """A member function: its comment and its definition, lines that are ready to print."""

    doc: str
    definition: str


@dataclass(frozen=True)
class EnvView:
    component: str
    source: str
    doc: str
    headers: tuple[str, ...]
    accessors: tuple[Accessor, ...]


def env_header(component: Component, interfaces: Mapping[str, InterfaceFacts]) -> str:
    """The text of `generated/env.hpp`. Precondition: every interface that the component names is known."""
    return render(TEMPLATES, "env.hpp.j2", {"env": env_view(component, interfaces)})


def env_view(component: Component, interfaces: Mapping[str, InterfaceFacts]) -> EnvView:
    accessors = [
        *(_used(index, port, interfaces[port.interface]) for index, port in enumerate(component.uses)),
        *(_provided(index, port, interfaces[port.interface]) for index, port in enumerate(component.provides)),
        *(_device(index, need) for index, need in enumerate(component.devices)),
        *(_parameter(index, parameter) for index, parameter in enumerate(component.parameters)),
    ]
    return EnvView(
        component=component.name,
        source=f"{component.name}/{Path(component.file).name}",
        doc=doc_comment(component.doc),
        headers=_headers(component, interfaces),
        accessors=tuple(accessors),
    )


def accessor_name(name: str) -> str:
    """A name of component.yaml as a function of C++."""
    return identifier(name.replace("-", "_"))


def _headers(component: Component, interfaces: Mapping[str, InterfaceFacts]) -> tuple[str, ...]:
    names = {port.interface for port in component.provides} | {port.interface for port in component.uses}
    headers = {f"generated/{interfaces[name].module}.hpp" for name in names} | {"os/env.hpp"}
    if component.provides:
        headers.add("os/service.hpp")
    return tuple(sorted(headers))


def _used(index: int, port: UsedPort, interface: InterfaceFacts) -> Accessor:
    client = f"{namespace(interface.module)}::Client"
    name = accessor_name(port.name)
    if not port.optional:
        doc = f"The port `{port.name}`: a client of {port.interface}."
        return _accessor(doc, name, client, f"return {client}{{*used_port({index})}};")
    doc = f"The port `{port.name}`: a client of {port.interface}, nothing when system.yaml does not connect it."
    body = (
        f"auto const* const port = used_port({index});",
        f"return port != nullptr ? std::optional{{{client}{{*port}}}} : std::nullopt;",
    )
    return _accessor(doc, name, f"std::optional<{client}>", *body)


def _provided(index: int, port: ProvidedPort, interface: InterfaceFacts) -> Accessor:
    service = f"os::Service<{namespace(interface.module)}::Interface>"
    doc = f"The port `{port.name}`, which provides {port.interface}: what os::serve wants to know of it."
    return _accessor(doc, accessor_name(f"{port.name}_service"), service, f"return {service}{{startup(), {index}}};")


def _device(index: int, need: DeviceNeed) -> Accessor:
    doc = need.doc or f"The device `{need.name}`."
    return _accessor(doc, accessor_name(need.name), "os::Device", f"return device({index});")


def _parameter(index: int, parameter: Parameter) -> Accessor:
    type, accessor = PARAMETER_ACCESS[parameter.type]
    doc = f"The parameter `{parameter.name}`" + (f": {parameter.doc}." if parameter.doc else ".")
    return _accessor(doc, accessor_name(parameter.name), type, f"return {accessor}({index});")


def _accessor(doc: str, name: str, type: str, *body: str) -> Accessor:
    """One line if that fits, as the formatter would have it."""
    head = f"{' ' * INDENT}[[nodiscard]] auto {name}() const -> {type} {{"
    short = f"{head} {body[0]} }}\n"
    if len(body) > 1 or len(short) > COLUMN_LIMIT + 1:
        short = "".join([f"{head}\n", *(f"{' ' * 2 * INDENT}{line}\n" for line in body), f"{' ' * INDENT}}}\n"])
    return Accessor(doc_comment(doc, INDENT), short)
