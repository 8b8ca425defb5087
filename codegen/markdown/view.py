# SPDX-License-Identifier: MIT
"""The model to what the template of a reference page prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from codegen.idl import model
from codegen.idl.layout import invocation_layout
from codegen.idl.message import interface_layout
from codegen.idl.signature import fields_text, method_text, type_text

WIDTH = 118


@dataclass(frozen=True)
class Row:
    """A line of a table; `doc` is one line."""

    name: str
    value: str
    doc: str


@dataclass(frozen=True)
class Table:
    title: str
    doc: str
    value_heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Entry:
    """A method or event. `facts` says what is not in its signature."""

    name: str
    signature: str
    doc: str
    facts: str


@dataclass(frozen=True)
class Page:
    name: str
    version: str
    doc: str
    facts: str
    tables: tuple[Table, ...]
    methods: tuple[Entry, ...]
    events: tuple[Entry, ...]


def page(interface: model.Interface) -> Page:
    """The reference of one interface."""
    methods = (_invocation(method, interface.kernel_object) if interface.kernel_object
               else _method(method, interface.module) for method in interface.methods)
    return Page(
        name=interface.name,
        version=f"{interface.major}.{interface.minor}",
        doc=interface.doc,
        facts=_facts(interface),
        tables=tuple(_tables(interface)),
        methods=tuple(methods),
        events=tuple(Entry(event.name, method_text(event, interface.module), event.doc, "")
                     for event in interface.events),
    )


def _facts(interface: model.Interface) -> str:
    if interface.kernel_object is not None:
        return f"Object type {interface.kernel_object.number}."
    size = interface_layout(interface).window_size
    return f"Window: {size // 1024} KiB." if size else "Window: none."


def _method(method: model.Method, module: str) -> Entry:
    facts: list[str] = []
    if method.deferred:
        facts.append("May answer later.")
    if method.kind is model.MethodKind.ONEWAY:
        facts.append("One-way: the sender does not wait.")
    if method.filled is not None:
        facts.append(f"The first `{method.filled.count}` bytes of `{method.filled.lease}` are filled.")
    return Entry(method.name, method_text(method, module), method.doc, " ".join(facts))


def _invocation(method: model.Method, target: model.KernelObject) -> Entry:
    """An invocation, with its label and the places of its words."""
    signature = f"{method.name}({fields_text(method.parameters)}) -> ({fields_text(method.results)})"
    places = [f"Label `0x{target.number << 8 | method.ordinal:X}`"]
    for what, fields in (("takes", method.parameters), ("answers", method.results)):
        layout = invocation_layout(fields)
        if layout.fields:
            listed = ", ".join(f"`{item.field.name}` at {item.offset}" for item in layout.fields)
            places.append(f"{what} {layout.words} {'word' if layout.words == 1 else 'words'}: {listed}")
    facts = textwrap.fill("; ".join(places) + ".", WIDTH, break_long_words=False, break_on_hyphens=False)
    return Entry(method.name, signature, method.doc, facts)


def _tables(interface: model.Interface) -> Iterable[Table]:
    if interface.constants:
        rows = tuple(Row(item.name, str(item.value), _cell(item.doc)) for item in interface.constants)
        yield Table("Constants", "", "value", rows)
    for enum in interface.enums:
        kind = "flags" if enum.is_flags else "enum"
        yield Table(f"{kind} {enum.name}: {enum.underlying.name}", enum.doc, "value", _value_rows(enum.values))
    for struct in interface.structs:
        rows = tuple(Row(field.name, f"`{type_text(field.type, interface.module)}`", _cell(field.doc))
                     for field in struct.fields)
        yield Table(f"struct {struct.name}", struct.doc, "type", rows)
    for errors in interface.errors:
        yield Table(f"errors {errors.name}", errors.doc, "number", _value_rows(errors.values))


def _value_rows(values: Iterable[model.EnumValue]) -> tuple[Row, ...]:
    return tuple(Row(value.name, str(value.value), _cell(value.doc)) for value in values)


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
