# SPDX-License-Identifier: MIT
"""`component.yaml`: what a program provides, uses and needs, whoever starts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codegen.board.reader import check_schema
from codegen.diagnostics import Note, Reporter, Span, did_you_mean
from codegen.system.values import PARAMETER_TYPES, SUBSTITUTES, ParameterValue, read_value
from codegen.yaml.fields import SHAPES, Fields, Placed, check_unique
from codegen.yaml.reader import read_file
from codegen.yaml.tree import Entry, Mapping, Node

KEYS = (
    "schema", "name", "doc", "provides", "uses", "devices", "parameters", "grants", "stack", "heap", "caps",
    "announces-ready",
)  # fmt: skip
DEVICE_KEYS = ("compatible", "doc")
PARAMETER_KEYS = ("type", "default", "doc")
GRANTS = ("initfs", "irq-control", "debug-console", "memory", "power-off", "alarm", "cores")
# What libos/include/os/env.hpp gives every component.
OWN_ACCESSORS = frozenset(
    ("name", "board", "argument", "argument_count", "initfs", "startup", "used_port", "device", "number", "truth",
     "text", "list")
)  # fmt: skip

MIN_STACK = 16 << 10
MAX_STACK = 1 << 30
MAX_HEAP = 16 << 30
DEFAULT_STACK = 64 << 10
# Slots for what it makes itself: threads, notifications, replies, mappings.
MAX_OWN_CAPS = 1 << 15
DEFAULT_OWN_CAPS = 64


@dataclass(frozen=True)
class ProvidedPort:
    name: str
    interface: str
    span: Span
    interface_span: Span


@dataclass(frozen=True)
class UsedPort:
    name: str
    interface: str
    optional: bool
    span: Span
    interface_span: Span


@dataclass(frozen=True)
class DeviceNeed:
    name: str
    compatible: tuple[str, ...]
    doc: str
    span: Span


@dataclass(frozen=True)
class Parameter:
    """`default` is None when the composition has to say."""

    name: str
    type: str
    default: ParameterValue | None
    doc: str
    span: Span


@dataclass(frozen=True)
class GrantNeed:
    name: str
    optional: bool
    span: Span


@dataclass(frozen=True)
class Component:
    """A kind of component. Ports, devices and parameters are in the order of the file. `caps` is slots beyond those
    that its ports, stack and heap take."""

    name: str
    doc: str
    provides: tuple[ProvidedPort, ...]
    uses: tuple[UsedPort, ...]
    devices: tuple[DeviceNeed, ...]
    parameters: tuple[Parameter, ...]
    grants: tuple[GrantNeed, ...]
    stack: int
    heap: int
    caps: int
    announces_ready: Placed[bool]
    file: str
    span: Span

    def used(self, name: str) -> UsedPort | None:
        return next((port for port in self.uses if port.name == name), None)

    def provided(self, name: str) -> ProvidedPort | None:
        return next((port for port in self.provides if port.name == name), None)


def read_component(path: Path, reporter: Reporter, wanted_by: Span | None = None) -> Component | None:
    """What a component.yaml says, or None after a report."""
    root = read_file(path, reporter, wanted_by)
    return None if root is None else _Reader(path, reporter).component(root)


class _Reader:
    def __init__(self, path: Path, reporter: Reporter) -> None:
        self._path = path
        self._reporter = reporter

    def component(self, root: Mapping) -> Component | None:
        fields = Fields(root, "the component", KEYS, self._reporter)
        fields.require("schema", "name", "doc")
        check_schema(fields, self._reporter)
        name = self._name(fields)
        doc = fields.text("doc")
        stack = fields.size("stack", MIN_STACK, MAX_STACK)
        heap = fields.size("heap", 0, MAX_HEAP)
        caps = fields.number("caps", 0, MAX_OWN_CAPS)
        ready = fields.flag("announces-ready")
        provides = tuple(self._provided(fields, entry) for entry in _entries(fields.mapping("provides")))
        uses = tuple(self._used(fields, entry) for entry in _entries(fields.mapping("uses")))
        devices = tuple(self._device(fields, entry) for entry in _entries(fields.mapping("devices")))
        parameters = tuple(self._parameter(fields, entry) for entry in _entries(fields.mapping("parameters")))
        grants = self._grants(fields)
        self._report_clashes(fields)
        if name is None:
            return None
        return Component(
            name=name.value,
            doc=doc.value if doc else "",
            provides=tuple(item for item in provides if item),
            uses=tuple(item for item in uses if item),
            devices=tuple(item for item in devices if item),
            parameters=tuple(item for item in parameters if item),
            grants=grants,
            stack=stack.value if stack else DEFAULT_STACK,
            heap=heap.value if heap else 0,
            caps=caps.value if caps else DEFAULT_OWN_CAPS,
            announces_ready=ready or Placed(False, name.span),
            file=str(self._path),
            span=name.span,
        )

    def _name(self, fields: Fields) -> Placed[str] | None:
        name = fields.name("name")
        folder = self._path.absolute().parent.name
        if name is not None and name.value != folder:
            self._reporter.error(
                "SYS0010",
                f"the component is called '{name.value}', but its folder '{folder}'",
                name.span,
                help=f"write 'name: {folder}' or rename the folder",
            )
        return name

    def _interface(self, fields: Fields, entry: Entry) -> tuple[Placed[str], bool] | None:
        """The name of the interface of a port, and whether a `?` makes the port optional."""
        fields.check_name(entry.key, entry.key_span)
        text = fields.as_text(entry.value, entry.key)
        if text is None:
            return None
        optional = text.value.endswith("?")
        return Placed(text.value.removesuffix("?"), text.span), optional

    def _provided(self, fields: Fields, entry: Entry) -> ProvidedPort | None:
        found = self._interface(fields, entry)
        if found is None:
            return None
        interface, optional = found
        if optional:
            self._reporter.error(
                "SYS0008",
                f"the provided port '{entry.key}' cannot be optional: out of range in {fields.what}",
                interface.span,
                help="leave the '?' out; only ports in 'uses' can be optional",
            )
        return ProvidedPort(entry.key, interface.value, entry.key_span, interface.span)

    def _used(self, fields: Fields, entry: Entry) -> UsedPort | None:
        found = self._interface(fields, entry)
        if found is None:
            return None
        interface, optional = found
        return UsedPort(entry.key, interface.value, optional, entry.key_span, interface.span)

    def _device(self, fields: Fields, entry: Entry) -> DeviceNeed | None:
        fields.check_name(entry.key, entry.key_span)
        below = self._below(fields, entry, "device", DEVICE_KEYS)
        if below is None:
            return None
        below.require("compatible")
        compatible = below.texts("compatible")
        check_unique(compatible, "the kind of device", self._reporter)
        doc = below.text("doc")
        return DeviceNeed(
            entry.key, tuple(item.value for item in compatible), doc.value if doc else "", entry.key_span
        )

    def _parameter(self, fields: Fields, entry: Entry) -> Parameter | None:
        fields.check_name(entry.key, entry.key_span)
        below = self._below(fields, entry, "parameter", PARAMETER_KEYS)
        if below is None:
            return None
        below.require("type")
        type_name = below.choice("type", PARAMETER_TYPES)
        if type_name is None:
            return None
        default_entry = below.entry("default")
        default = self._default(below, type_name.value, default_entry.value if default_entry else None)
        doc = below.text("doc")
        return Parameter(entry.key, type_name.value, default, doc.value if doc else "", entry.key_span)

    def _default(self, fields: Fields, type_name: str, node: Node | None) -> ParameterValue | None:
        if node is None:
            return None
        value = read_value(type_name, node, "default", fields, self._reporter)
        return SUBSTITUTES[type_name] if value is None else value

    def _grants(self, fields: Fields) -> tuple[GrantNeed, ...]:
        texts = fields.texts("grants")
        names = [Placed(text.value.removesuffix("?"), text.span) for text in texts]
        check_unique(names, "the grant", self._reporter)
        for name in names:
            check_grant(name, self._reporter)
        return tuple(
            GrantNeed(name.value, text.value.endswith("?"), name.span)
            for name, text in zip(names, texts)
            if name.value in GRANTS
        )

    def _below(self, fields: Fields, entry: Entry, what: str, keys: tuple[str, ...]) -> Fields | None:
        if isinstance(entry.value, Mapping):
            return Fields(entry.value, f"{what} '{entry.key[:40]}'", keys, self._reporter)
        fields.wrong_kind(entry.value, entry.key, "a map", SHAPES[what])
        return None

    def _report_clashes(self, fields: Fields) -> None:
        """Ports, devices and parameters become functions of one class: their names must differ."""
        names = [
            Placed(f"{entry.key}{suffix}".replace("-", "_"), entry.key_span)
            for section, suffix in (("uses", ""), ("provides", "_service"), ("devices", ""), ("parameters", ""))
            for entry in _entries(fields.mapping_or_none(section))
        ]
        first: dict[str, Span] = {}
        for name in names:
            if first.setdefault(name.value, name.span) != name.span:
                self._reporter.error(
                    "SYS0003",
                    f"Env would have two accessors '{name.value}'",
                    name.span,
                    notes=[Note("the other comes from here", first[name.value])],
                    help="rename one of the ports, devices or parameters",
                )
            if name.value in OWN_ACCESSORS:
                self._reporter.error(
                    "SYS0010",
                    f"'{name.value}' cannot be an accessor of Env: it has one of this name for every component",
                    name.span,
                    help=f"choose another name, such as 'my-{name.value}'",
                )


def check_grant(name: Placed[str], reporter: Reporter) -> None:
    """Reports SYS0029 for a grant that does not exist."""
    if name.value in GRANTS:
        return
    guess = did_you_mean(name.value, GRANTS)
    reporter.error(
        "SYS0029",
        f"there is no grant '{name.value[:40]}'",
        name.span,
        help=f"did you mean '{guess}'?" if guess else f"the grants are {', '.join(GRANTS)}",
    )


def _entries(node: Mapping | None) -> tuple[Entry, ...]:
    return node.entries if node else ()
