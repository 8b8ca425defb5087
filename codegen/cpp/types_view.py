# SPDX-License-Identifier: MIT
"""What the template of a types header prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codegen.cpp import names, types
from codegen.cpp.layout_text import short_function
from codegen.cpp.results import returns_capability
from codegen.idl import model
from codegen.idl.facts import interface_hash
from codegen.idl.layout import align_of, field_offsets, size_of
from codegen.idl.message import interface_layout
from codegen.idl.needs import needed_types


@dataclass(frozen=True)
class ValueView:
    name: str
    value: str
    text: str
    doc: str


@dataclass(frozen=True)
class EnumView:
    """`valid` is the function that tells the enumeration's values from other numbers."""

    name: str
    underlying: str
    values: tuple[ValueView, ...]
    valid: str
    doc: str


@dataclass(frozen=True)
class MemberView:
    declaration: str
    doc: str


@dataclass(frozen=True)
class StructView:
    name: str
    members: tuple[MemberView, ...]
    comparable: bool
    doc: str


@dataclass(frozen=True)
class CodecView:
    """`loads` are conditions, in order; `stores` are statements."""

    type: str
    size: int
    alignment: int
    loads: tuple[str, ...]
    stores: tuple[str, ...]


@dataclass(frozen=True)
class ConstantView:
    declaration: str
    doc: str


@dataclass(frozen=True)
class TypesView:
    source: str
    module: str
    namespace: str
    interface: str
    version: str
    doc: str
    hash: str
    window_size: int
    ring_offset: int
    record_words: int
    includes: tuple[str, ...]
    standard_includes: tuple[str, ...]
    constants: tuple[ConstantView, ...]
    enums: tuple[EnumView, ...]
    flags: tuple[EnumView, ...]
    structs: tuple[StructView, ...]
    errors: tuple[EnumView, ...]
    results: tuple[StructView, ...]
    events: tuple[StructView, ...]
    event_variant: str
    codecs: tuple[CodecView, ...]


def types_view(interface: model.Interface, source: str) -> TypesView:
    module = interface.module
    layout = interface_layout(interface)
    results = tuple(_result(method, module) for method in interface.methods
                    if len(method.results) > 1 and not returns_capability(method))
    events = tuple(_struct(f"{names.camel(event.name)}Event", event.parameters, event.doc, module)
                   for event in interface.events)
    structs = tuple(_struct(item.name, item.fields, item.doc, module) for item in interface.structs)
    text = " ".join(member.declaration for view in (*structs, *results, *events) for member in view.members)
    return TypesView(
        source=source,
        module=names.identifier(module),
        namespace=names.namespace(module),
        interface=interface.name,
        version=f"{interface.major}.{interface.minor}",
        doc=interface.doc,
        hash=f"0x{interface_hash(interface):08X}",
        window_size=layout.window_size,
        ring_offset=layout.ring.offset if layout.ring else 0,
        record_words=layout.ring.record_words if layout.ring else 0,
        includes=_includes(interface, text, bool(structs)),
        standard_includes=_standard_includes(interface, text, bool(structs)),
        constants=tuple(ConstantView(f"{types.scalar(item.type)} {names.constant(item.name)} = {item.value}", item.doc)
                        for item in interface.constants),
        enums=tuple(_enum(item) for item in interface.enums if not item.is_flags),
        flags=tuple(_enum(item) for item in interface.enums if item.is_flags),
        structs=structs,
        errors=tuple(_errors(item) for item in interface.errors),
        results=results,
        events=events,
        event_variant=", ".join(event.name for event in events),
        codecs=tuple(_codec(item) for item in interface.structs),
    )


def _enum(item: model.EnumDefinition) -> EnumView:
    values = tuple(ValueView(names.camel(value.name), str(value.value), _words(value.name), value.doc)
                   for value in item.values)
    valid = _known_bits(item) if item.is_flags else _one_of(item.name, item.values)
    return EnumView(item.name, types.scalar(item.underlying), values, _valid(item.name, valid), item.doc)


def _errors(item: model.ErrorDefinition) -> EnumView:
    values = tuple(ValueView(names.camel(value.name), str(value.value), _words(value.name), value.doc)
                   for value in item.values)
    return EnumView(item.name, "std::uint8_t", values, _valid(item.name, _one_of(item.name, item.values)), item.doc)


def _valid(name: str, condition: str) -> str:
    return short_function(f"[[nodiscard]] constexpr auto valid({name} value) -> bool", f"return {condition};")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _one_of(name: str, values: tuple[model.EnumValue, ...]) -> str:
    """A comparison with each run of consecutive values."""
    ordered = sorted(values, key=lambda item: item.value)
    runs: list[list[model.EnumValue]] = []
    for value in ordered:
        if runs and value.value == runs[-1][-1].value + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    terms = [_run(name, run[0], run[-1], len(runs) > 1) for run in runs]
    return " || ".join(terms)


def _run(name: str, first: model.EnumValue, last: model.EnumValue, nested: bool) -> str:
    lower, upper = f"{name}::{names.camel(first.name)}", f"{name}::{names.camel(last.name)}"
    if first is last:
        return f"value == {lower}"
    if first.value == 0:
        return f"value <= {upper}"
    condition = f"value >= {lower} && value <= {upper}"
    return f"({condition})" if nested else condition


def _known_bits(item: model.EnumDefinition) -> str:
    bits = 0
    for value in item.values:
        bits |= value.value
    return f"(std::to_underlying(value) & ~{types.scalar(item.underlying)}{{{bits}}}) == 0"


def _struct(name: str, fields: Iterable[model.Field], doc: str, module: str) -> StructView:
    fields = tuple(fields)
    members = tuple(MemberView(f"{types.held(field.type, module)} {names.identifier(field.name)}{{}}", field.doc)
                    for field in fields)
    return StructView(name, members, not any(isinstance(field.type, (model.Bytes, model.Vector)) for field in fields),
                      doc)


def _result(method: model.Method, module: str) -> StructView:
    name = names.camel(method.name)
    return _struct(f"{name}Result", method.results, f"What `{names.identifier(method.name)}` answers.", module)


def _codec(item: model.StructDefinition) -> CodecView:
    loads: list[str] = []
    stores: list[str] = []
    end = 0
    for field, offset in field_offsets(item):
        if offset > end:
            loads.append(_zero(end, offset - end))
        place = f" + {offset}" if offset else ""
        loads.append(f"load_field(from{place}, to.{names.identifier(field.name)})")
        stores.append(f"store_field(value.{names.identifier(field.name)}, to{place});")
        end = offset + size_of(field.type)
    if size_of(item) > end:
        loads.append(_zero(end, size_of(item) - end))
    return CodecView(f"{names.namespace(item.module)}::{item.name}", size_of(item), align_of(item), tuple(loads),
                     tuple(stores))


def _zero(offset: int, count: int) -> str:
    return f"all_zero(from + {offset}, {count})"


def _includes(interface: model.Interface, text: str, has_structs: bool) -> tuple[str, ...]:
    headers: set[str] = set()
    if "base::FixedString" in text:
        headers.add("base/fixed_string.hpp")
    if "base::FixedVector" in text:
        headers.add("base/fixed_vector.hpp")
    if has_structs:
        headers.add("os/codec.hpp")
    if any(item.is_flags for item in interface.enums):
        headers.add("os/flags.hpp")
    return tuple(sorted(headers | {f"generated/{module}_types.hpp" for module in needed_types(interface)}))


def _standard_includes(interface: model.Interface, text: str, has_structs: bool) -> tuple[str, ...]:
    headers = {"cstddef", "cstdint", "string_view"}
    if "std::array" in text:
        headers.add("array")
    if "std::optional" in text:
        headers.add("optional")
    if has_structs:
        headers.add("cstring")
    if interface.events:
        headers.add("variant")
    if any(item.is_flags for item in interface.enums):
        headers.add("utility")
    return tuple(sorted(headers))
