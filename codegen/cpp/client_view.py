# SPDX-License-Identifier: MIT
"""What the template of a client header prints."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.cpp import names, results, types, values
from codegen.cpp.layout_text import signature
from codegen.cpp.lines import Lines
from codegen.cpp.results import client_result, returns_capability
from codegen.idl import model
from codegen.idl.layout import WORD_SIZE, Leaf, leaves
from codegen.idl.message import EventLayout, MethodLayout, Place, Placement, interface_layout, method_layout


@dataclass(frozen=True)
class ClientMethodView:
    doc: str
    head: str
    body: tuple[str, ...]


@dataclass(frozen=True)
class ClientResultView:
    """Several results with a capability among them."""

    name: str
    function: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class EventView:
    ordinal: int
    body: tuple[str, ...]


@dataclass(frozen=True)
class ClientView:
    source: str
    module: str
    namespace: str
    interface: str
    doc: str
    includes: tuple[str, ...]
    results: tuple[ClientResultView, ...]
    methods: tuple[ClientMethodView, ...]
    events: tuple[EventView, ...]


def client_view(interface: model.Interface, source: str) -> ClientView:
    module = interface.module
    layout = interface_layout(interface)
    return ClientView(
        source=source,
        module=module,
        namespace=names.namespace(module),
        interface=interface.name,
        doc=interface.doc,
        includes=_includes(interface),
        results=tuple(_result(method, module) for method in interface.methods
                      if returns_capability(method) and len(method.results) > 1),
        methods=tuple(_method(method, module) for method in interface.methods),
        events=tuple(_event(event) for event in layout.ring.events) if layout.ring else (),
    )


def _includes(interface: model.Interface) -> tuple[str, ...]:
    headers: set[str] = set()
    clients: set[str] = set()
    for method in interface.methods:
        for field in (*method.parameters, *method.results):
            if not isinstance(field.type, model.Capability):
                continue
            if isinstance(field.type.target, model.KernelObject):
                headers.add(types.object_header(field.type.target))
            elif field.type.target.module != interface.module:
                clients.add(f"generated/{field.type.target.module}_client.hpp")
    return tuple(sorted(headers | clients | {f"generated/{interface.module}_types.hpp", "os/connection.hpp"}
                        | ({"os/events.hpp"} if interface.events else set())))


def _result(method: model.Method, module: str) -> ClientResultView:
    members = tuple(f"{results.client_field(field, module)} {names.identifier(field.name)}" for field in method.results)
    return ClientResultView(client_result(method, module), names.identifier(method.name), members)


def _method(method: model.Method, module: str) -> ClientMethodView:
    layout = method_layout(method)
    answer = f"std::expected<{client_result(method, module)}, {results.failure(method, module)}>"
    parameters = [_parameter(field, module) for field in method.parameters]
    head = signature(f"    [[nodiscard]] auto {names.identifier(method.name)}", parameters, " const", answer)
    body = Lines(8)
    _check_lengths(layout, body)
    if layout.window_size:
        body.guard("connection_.endpoint == abi::kNullCPtr", "return std::unexpected(os::Transport::PeerDied);")
    if returns_capability(method):
        body.guard("!os::receive_slot::prepare()", "return std::unexpected(os::Transport::NoSlot);")
    _request(method, layout, body)
    _reply(method, layout, module, body)
    return ClientMethodView(method.doc, head, body.text)


def _parameter(field: model.Field, module: str) -> str:
    name = names.parameter(field.name)
    if isinstance(field.type, model.Capability):
        assert isinstance(field.type.target, model.KernelObject)
        return f"os::object::{field.type.target.name} {name}"
    return f"{types.parameter(field.type, module)} {name}"


def _check_lengths(layout: MethodLayout, body: Lines) -> None:
    for item in layout.request.placements:
        if item.place is Place.LENGTH_AND_WINDOW:
            assert isinstance(item.field.type, (model.String, model.Bytes, model.Vector, model.Lease))
            body.guard(f"{names.parameter(item.field.name)}.size() > {item.field.type.bound}",
                       "return std::unexpected(os::Transport::TooLong);")


def _request(method: model.Method, layout: MethodLayout, body: Lines) -> None:
    """Fills words and window, and calls."""
    body.add("abi::Words words{};" if layout.request.words else "abi::Words const words{};")
    capability = ""
    for item in layout.request.placements:
        name = names.parameter(item.field.name)
        if item.place is Place.CAPABILITY:
            capability = f"{name}.capability()"
        elif item.place is Place.WORDS:
            body.extend(values.store(item.field.type, item.offset, "words", name))
        elif item.place is Place.WINDOW:
            body.add(f"connection_.window.write({item.window_offset}, {name});")
        else:
            body.add(f"base::wire::put<{item.offset}>(words, static_cast<std::uint32_t>({name}.size()));")
            _write_data(item, name, body)
    label, words = method.ordinal, layout.request.words
    if capability:
        body.add(f"auto const reply = connection_.call_with({capability}, {label}, {words}, words);")
    else:
        body.add(f"auto const reply = connection_.call({label}, {words}, words);")


def _write_data(item: Placement, name: str, body: Lines) -> None:
    if isinstance(item.field.type, model.Lease) and item.field.type.writable:
        return
    body.add(f"connection_.window.write({item.window_offset}, {name});")


def _reply(method: model.Method, layout: MethodLayout, module: str, body: Lines) -> None:
    """Checks the answer and makes the result of it."""
    expected = f"0, {layout.reply.words}"
    if layout.reply.has_capability:
        expected += ", abi::MessageTag::kCapability"
    body.guard(f"reply.tag != abi::MessageTag{{{expected}}}",
               f"return std::unexpected(os::rpc::failure<{results.error(method, module)}>(reply));")
    bad = "return std::unexpected(os::Transport::BadReply);"
    _take_capability(layout, body)
    body.guard_clean(values.mask_arguments(layout.reply.leaves, layout.reply.words), "reply.words", bad)
    for item in layout.reply.placements:
        if item.place is Place.WORDS and values.plain(item.field.type):
            for condition in values.conditions(item.field.type, item.offset, "reply.words"):
                body.guard(_not(condition), bad)
        elif item.place is Place.CAPABILITY:
            body.guard("!capability", bad)
        else:
            _read_data(item, module, body, bad)
    _copy_out_leases(method, layout, body, bad)
    _return(method, layout, module, body)


def _not(condition: str) -> str:
    return f"!{condition}"


def _take_capability(layout: MethodLayout, body: Lines) -> None:
    for item in layout.reply.placements:
        if isinstance(item.field.type, model.Capability):
            target = item.field.type.target
            name = target.name if isinstance(target, model.KernelObject) else "Endpoint"
            body.call(f"auto capability = os::receive_slot::take_if<os::object::{name}>(",
                      [f"abi::ObjectType::{name}", str(item.field.type.rights_mask)])


def _local(item: Placement) -> str:
    return names.parameter(item.field.name) + "_result"


def _read_data(item: Placement, module: str, body: Lines, bad: str) -> None:
    local = _local(item)
    if item.place is Place.WORDS:
        body.add(f"{types.fixed(item.field.type, module)} {local}{{}};")
        body.guard(f"!os::rpc::get_value<{item.offset}>(reply.words, {local})", bad)
        return
    body.add(f"{types.held(item.field.type, module)} {local};")
    if item.place is Place.WINDOW:
        body.guard(f"!connection_.window.read({item.window_offset}, {local})", bad)
        return
    length = f"base::wire::get<std::uint32_t, {item.offset}>(reply.words)"
    condition = f"!connection_.window.read({item.window_offset}, {length}, {local})"
    body.guard(condition, bad)


def _copy_out_leases(method: model.Method, layout: MethodLayout, body: Lines, bad: str) -> None:
    for item in layout.request.placements:
        if not (isinstance(item.field.type, model.Lease) and item.field.type.writable):
            continue
        name = names.parameter(item.field.name)
        if method.filled is None or method.filled.lease != item.field.name:
            body.add(f"connection_.window.read_lease({item.window_offset}, {name});")
            continue
        count = next(place for place in layout.reply.placements if place.field.name == method.filled.count)
        body.add(f"auto const filled = {values.load(count.field.type, count.offset, 'reply.words')};")
        body.guard(f"filled > {name}.size()", bad)
        body.add(f"connection_.window.read_lease({item.window_offset}, {name}.first(filled));")


def _return(method: model.Method, layout: MethodLayout, module: str, body: Lines) -> None:
    if not method.results:
        body.add("return {};")
    elif len(method.results) == 1:
        body.add(f"return {_result_value(layout.reply.placements[0])};")
    else:
        body.open(f"return {client_result(method, module)}{{")
        for item in layout.reply.placements:
            body.extend(values.initializer(names.identifier(item.field.name), _result_value(item)))
        body.close("};")


def _result_value(item: Placement) -> str:
    if item.place is Place.WORDS and values.plain(item.field.type):
        return values.load(item.field.type, item.offset, "reply.words")
    if item.place is not Place.CAPABILITY:
        return _local(item)
    assert isinstance(item.field.type, model.Capability)
    if isinstance(item.field.type.target, model.KernelObject):
        return "std::move(*capability)"
    return (f"os::Opened<{names.identifier(item.field.type.target.module)}::Client>"
            "{std::move(*capability), connection_}")


def _event(event: EventLayout) -> EventView:
    body = Lines(12)
    placed = [leaf for field, offset in zip(event.method.parameters, event.offsets, strict=True)
              for leaf in leaves(field.type, offset)]
    words = max((leaf.offset // WORD_SIZE for leaf in placed), default=0) + 1
    masks = values.mask_arguments([Leaf(model.SCALARS["u64"], 0), *placed], words)
    body.guard_clean(masks, "record", "return std::nullopt;")
    for field, offset in zip(event.method.parameters, event.offsets, strict=True):
        if not values.plain(field.type):
            body.add(f"{types.fixed(field.type, '')} {names.parameter(field.name)}{{}};")
            body.guard(f"!os::rpc::get_value<{offset}>(record, {names.parameter(field.name)})", "return std::nullopt;")
            continue
        for condition in values.conditions(field.type, offset, "record"):
            body.guard(_not(condition), "return std::nullopt;")
    name = f"{names.camel(event.method.name)}Event"
    if not event.method.parameters:
        body.add(f"return {name}{{}};")
        return EventView(event.method.ordinal, body.text)
    body.open(f"return {name}{{")
    for field, offset in zip(event.method.parameters, event.offsets, strict=True):
        value = (values.load(field.type, offset, "record") if values.plain(field.type)
                 else names.parameter(field.name))
        body.extend(values.initializer(names.identifier(field.name), value))
    body.close("};")
    return EventView(event.method.ordinal, body.text)
