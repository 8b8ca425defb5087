# SPDX-License-Identifier: MIT
"""The model with its wire layout as JSON, for tools in any language. The format is in docs/idl.md."""

from __future__ import annotations

import json
from collections.abc import Iterable

from codegen.idl import model
from codegen.idl.facts import interface_hash
from codegen.idl.layout import InvocationField, field_offsets, invocation_layout
from codegen.idl.message import (EVENT_CAPACITY, EventLayout, InterfaceLayout, MessageLayout, MethodLayout, Place,
                                 interface_layout)
from codegen.idl.signature import type_text

FORMAT = 1

Json = dict[str, object]


def to_json(interface: model.Interface, source: str) -> str:
    """One interface as a JSON document."""
    document: Json = {
        "format": FORMAT,
        "source": source,
        "name": interface.name,
        "module": interface.module,
        "version": f"{interface.major}.{interface.minor}",
        "doc": interface.doc,
        "hash": interface_hash(interface),
        "constants": [{"name": item.name, "type": item.type.name, "value": item.value, "doc": item.doc}
                      for item in interface.constants],
        "enums": [_enum(item) for item in interface.enums],
        "structs": [_struct(item) for item in interface.structs],
        "errors": [{"name": item.name, "values": _values(item.values), "doc": item.doc} for item in interface.errors],
    }
    document.update(_kernel(interface) if interface.kernel_object else _service(interface))
    return json.dumps(document, indent=2) + "\n"


def _kernel(interface: model.Interface) -> Json:
    assert interface.kernel_object is not None
    number = interface.kernel_object.number
    return {
        "object": number,
        "methods": [{
            "name": method.name,
            "ordinal": method.ordinal,
            "label": number << 8 | method.ordinal,
            "doc": method.doc,
            "parameters": [_word_field(item) for item in invocation_layout(method.parameters).fields],
            "results": [_word_field(item) for item in invocation_layout(method.results).fields],
        } for method in interface.methods],
    }


def _word_field(item: InvocationField) -> Json:
    return {"name": item.field.name, "type": type_text(item.field.type), "place": "words", "offset": item.offset,
            "size": item.size}


def _service(interface: model.Interface) -> Json:
    layout = interface_layout(interface)
    return {
        "window_size": layout.window_size,
        "methods": [_method(method, place, interface.module)
                    for method, place in zip(interface.methods, layout.methods, strict=True)],
        "events": _events(layout, interface.module),
    }


def _method(method: model.Method, layout: MethodLayout, module: str) -> Json:
    return {
        "name": method.name,
        "ordinal": method.ordinal,
        "kind": method.kind.value,
        "deferred": method.deferred,
        "doc": method.doc,
        "throws": f"{method.throws.module}.{method.throws.name}" if method.throws else None,
        "request": _message(layout.request, module),
        "reply": _message(layout.reply, module),
    }


def _message(layout: MessageLayout, module: str) -> Json:
    fields: list[Json] = []
    for item in layout.placements:
        field: Json = {"name": item.field.name, "type": type_text(item.field.type, module)}
        if item.place is Place.WORDS:
            field |= {"place": "words", "offset": item.offset}
        elif item.place is Place.WINDOW:
            field |= {"place": "window", "window_offset": item.window_offset, "size": item.window_size}
        elif item.place is Place.LENGTH_AND_WINDOW:
            field |= {"place": "length", "offset": item.offset, "window_offset": item.window_offset,
                      "size": item.window_size}
        else:
            field |= {"place": "capability"}
        fields.append(field)
    return {"words": layout.words, "fields": fields}


def _events(layout: InterfaceLayout, module: str) -> Json | None:
    if layout.ring is None:
        return None
    return {
        "ring_offset": layout.ring.offset,
        "capacity": EVENT_CAPACITY,
        "record_words": layout.ring.record_words,
        "records": [_event(event, module) for event in layout.ring.events],
    }


def _event(event: EventLayout, module: str) -> Json:
    fields = [{"name": field.name, "type": type_text(field.type, module), "offset": offset}
              for field, offset in zip(event.method.parameters, event.offsets, strict=True)]
    return {"name": event.method.name, "ordinal": event.method.ordinal, "doc": event.method.doc, "fields": fields}


def _enum(item: model.EnumDefinition) -> Json:
    return {"name": item.name, "kind": "flags" if item.is_flags else "enum", "type": item.underlying.name,
            "values": _values(item.values), "doc": item.doc}


def _struct(item: model.StructDefinition) -> Json:
    fields = [{"name": field.name, "type": type_text(field.type, item.module), "offset": offset, "doc": field.doc}
              for field, offset in field_offsets(item)]
    return {"name": item.name, "size": item.size, "alignment": item.alignment, "fields": fields, "doc": item.doc}


def _values(values: Iterable[model.EnumValue]) -> list[Json]:
    return [{"name": value.name, "value": value.value, "doc": value.doc} for value in values]
