# SPDX-License-Identifier: MIT
"""The function of a server header that checks a request, an untrusted message, and runs its method."""

from __future__ import annotations

from codegen.cpp import names, types, values
from codegen.cpp.lines import Lines
from codegen.idl import model
from codegen.idl.message import MethodLayout, Place, Placement

BAD_REQUEST = "return incoming.refuse(os::Transport::BadRequest);"


def serve_body(method: model.Method, layout: MethodLayout) -> tuple[str, ...]:
    """From `incoming` to the method of the implementation."""
    body = Lines(8)
    request = layout.request
    flags = ", abi::MessageTag::kCapability" if request.has_capability else ""
    if request.words:
        body.add("auto const& words = incoming.words();")
    body.guard(f"!incoming.is(abi::MessageTag{{{method.ordinal}, {request.words}{flags}}})", BAD_REQUEST)
    masks = values.mask_arguments(request.leaves, request.words)
    words = "words" if request.words else "incoming.words()"
    body.guard_clean(masks, words, BAD_REQUEST)
    for item in request.placements:
        _take_parameter(item, body)
    arguments = [_argument(item) for item in request.placements]
    _run(method, arguments, body)
    return body.text


def _take_parameter(item: Placement, body: Lines) -> None:
    name = names.parameter(item.field.name)
    type = item.field.type
    if item.place is Place.WORDS and not values.plain(type):
        body.add(f"{types.fixed(type, '')} {name}{{}};")
        body.guard(f"!os::rpc::get_value<{item.offset}>(words, {name})", BAD_REQUEST)
    elif item.place is Place.WORDS:
        for condition in values.conditions(type, item.offset, "words"):
            body.guard(f"!{condition}", BAD_REQUEST)
        body.add(f"auto const {name} = {values.load(type, item.offset, 'words')};")
    elif item.place is Place.WINDOW:
        body.add(f"{types.held(type, '')} {name}{{}};")
        body.guard(f"!incoming.window().read({item.window_offset}, {name})", BAD_REQUEST)
    elif isinstance(type, model.Capability):
        _take_capability(type, name, body)
    else:
        body.add(f"auto const {name}_size = base::wire::get<std::uint32_t, {item.offset}>(words);")
        if isinstance(type, model.Lease):
            body.guard(f"{name}_size > {type.bound}", BAD_REQUEST)
            return
        body.add(f"{types.held(type, '')} {name};")
        body.guard(f"!incoming.window().read({item.window_offset}, {name}_size, {name})", BAD_REQUEST)


def _take_capability(type: model.Capability, name: str, body: Lines) -> None:
    body.call(f"auto {name} = os::receive_slot::take_if<os::object::{type.target.name}>(",
              [f"abi::ObjectType::{type.target.name}", str(type.rights_mask)])
    body.guard(f"!{name}", "return os::refusal(os::Transport::BadRequest);")


def _argument(item: Placement) -> str:
    name = names.parameter(item.field.name)
    type = item.field.type
    if isinstance(type, model.String):
        return f"{name}.view()"
    if isinstance(type, (model.Bytes, model.Vector)):
        return f"{name}.span()"
    if isinstance(type, model.Lease):
        return f"incoming.window().lease({item.window_offset}, {name}_size)"
    if isinstance(type, model.Capability):
        return f"std::move(*{name})"
    return name


def _run(method: model.Method, arguments: list[str], body: Lines) -> None:
    """Calls the implementation, with the caller if it wants to know."""
    name = names.camel(method.name)
    if method.kind is model.MethodKind.ONEWAY:
        head, tail, lambda_head = "return incoming.run_detached([&] {", "});", ""
    elif method.deferred:
        lambda_head = f"os::Pending<method::{name}> pending"
        head, tail = f"return incoming.defer<method::{name}>([&]({lambda_head}) {{", "});"
        arguments = [*arguments, "std::move(pending)"]
    else:
        head, tail, lambda_head = f"return incoming.answer<method::{name}>([&] {{", "});", ""
    wants_caller = f"{names.camel(method.name)}TakesCaller"
    keyword = "" if method.deferred or method.kind is model.MethodKind.ONEWAY else "return "
    function = f"server_.{names.identifier(method.name)}("
    body.open(head)
    body.open(f"if constexpr ({wants_caller}<Implementation>) {{")
    body.call(f"{keyword}{function}", ["incoming.caller()", *arguments])
    body.reopen("} else {")
    body.call(f"{keyword}{function}", arguments)
    body.close()
    body.close(tail)
