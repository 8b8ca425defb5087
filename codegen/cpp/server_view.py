# SPDX-License-Identifier: MIT
"""What the template of a server header prints."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.cpp import names, results, types, values
from codegen.cpp.layout_text import assertion_lines, concept_lines, signature
from codegen.cpp.lines import Lines
from codegen.cpp.results import returns_capability, server_result
from codegen.idl import model
from codegen.idl.message import EventLayout, MethodLayout, Place, Placement, interface_layout, method_layout
from codegen.idl.signature import method_text

BAD_REQUEST = "return incoming.refuse(os::Transport::BadRequest);"


@dataclass(frozen=True)
class ServerMethodView:
    """`encode` is the body that makes the answer's message, `serve` the one that checks a request and runs it."""

    ordinal: int
    name: str
    function: str
    text: str
    answer: str
    encode: tuple[str, ...]
    encode_head: str
    serve: tuple[str, ...]
    concepts: tuple[str, ...]
    assertion: str
    one_way: bool


@dataclass(frozen=True)
class AnswerView:
    """Several results with a capability among them, as the server gives them."""

    name: str
    function: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class SenderView:
    doc: str
    head: str
    body: tuple[str, ...]


@dataclass(frozen=True)
class ServerView:
    source: str
    module: str
    namespace: str
    interface: str
    includes: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    methods: tuple[ServerMethodView, ...]
    events: tuple[SenderView, ...]
    takes_capabilities: bool


def server_view(interface: model.Interface, source: str) -> ServerView:
    module = interface.module
    layout = interface_layout(interface)
    return ServerView(
        source=source,
        module=names.identifier(module),
        namespace=names.namespace(module),
        interface=interface.name,
        includes=_includes(interface),
        answers=tuple(_answer(method, module) for method in interface.methods
                      if returns_capability(method) and len(method.results) > 1),
        methods=tuple(_method(method, interface) for method in interface.methods),
        events=tuple(_sender(event, module) for event in layout.ring.events) if layout.ring else (),
        takes_capabilities=any(isinstance(field.type, model.Capability) for method in interface.methods
                               for field in method.parameters),
    )


def _includes(interface: model.Interface) -> tuple[str, ...]:
    headers = {f"generated/{interface.module}_types.hpp"}
    for method in interface.methods:
        for field in (*method.parameters, *method.results):
            if not isinstance(field.type, model.Capability):
                continue
            if isinstance(field.type.target, model.KernelObject):
                headers.add(types.object_header(field.type.target))
            else:
                headers.add(f"generated/{field.type.target.module}_types.hpp")
    return tuple(sorted(headers | {"os/server.hpp"} | ({"os/events.hpp"} if interface.events else set())))


def _answer(method: model.Method, module: str) -> AnswerView:
    members = tuple(f"{results.server_field(field, module)} {names.identifier(field.name)}" for field in method.results)
    return AnswerView(server_result(method, module, ""), names.identifier(method.name), members)


def _method(method: model.Method, interface: model.Interface) -> ServerMethodView:
    layout = method_layout(method)
    module = interface.module
    result = server_result(method, "", f"{names.identifier(module)}::")
    encode = Lines(8)
    _encode(method, layout, encode)
    serve = Lines(8)
    _serve(method, layout, serve)
    return ServerMethodView(
        ordinal=method.ordinal,
        name=names.camel(method.name),
        function=names.identifier(method.name),
        text=method_text(method, module),
        answer=f"std::expected<{result}, {results.failure(method, '')}>",
        encode=encode.text,
        encode_head=_encode_head(layout),
        serve=serve.text,
        concepts=_concepts(method, module),
        assertion=_assertion(method, interface),
        one_way=method.kind is model.MethodKind.ONEWAY,
    )


def _concepts(method: model.Method, module: str) -> tuple[str, ...]:
    """Two concepts: the implementation has the function with the caller, and without."""
    name = names.camel(method.name)
    parameters = [f"{_server_parameter(field, module)} {names.parameter(field.name)}" for field in method.parameters]
    arguments = [f"std::move({names.parameter(field.name)})" if isinstance(field.type, model.Capability)
                 else names.parameter(field.name) for field in method.parameters]
    if method.deferred:
        parameters.append(f"os::Pending<method::{name}> pending")
        arguments.append("std::move(pending)")
    answers = "std::same_as<void>" if _returns_nothing(method) else f"os::AnswerFor<method::{name}>"
    lines: list[str] = []
    for concept, takes_caller in ((f"{name}TakesCaller", True), (f"{name}LeavesCaller", False)):
        typed = ["os::Caller const& caller"] if takes_caller else []
        passed = ["caller", *arguments] if takes_caller else arguments
        call = f"server.{names.identifier(method.name)}({', '.join(passed)})"
        lines.append("template <typename Implementation>")
        lines += concept_lines(concept, ["Implementation& server", *typed, *parameters], f"{{ {call} }} -> {answers};")
    return tuple(lines)


def _returns_nothing(method: model.Method) -> bool:
    return method.deferred or method.kind is model.MethodKind.ONEWAY


def _assertion(method: model.Method, interface: model.Interface) -> str:
    """Says what the author of an implementation has left out, as it would be declared."""
    module = interface.module
    name = names.camel(method.name)
    parameters = [f"{_server_parameter(field, module)} {names.parameter(field.name)}" for field in method.parameters]
    if method.deferred:
        parameters.append(f"os::Pending<{names.identifier(module)}::method::{name}> pending")
    result, answer = "void", ""
    if not _returns_nothing(method):
        result = "auto"
        answer = f" -> std::expected<{server_result(method, module, '')}, {results.error(method, module)}>"
    function = f"{result} {names.identifier(method.name)}({', '.join(parameters)}){answer}"
    condition = f"{name}TakesCaller<Implementation> || {name}LeavesCaller<Implementation>"
    return assertion_lines(4, condition, f"a server of {interface.name} needs: {function}")


def _server_parameter(field: model.Field, module: str) -> str:
    if isinstance(field.type, model.Capability):
        return f"os::Cap<os::object::{field.type.target.name}>"
    return types.parameter(field.type, module)


def _encode_head(layout: MethodLayout) -> str:
    uses_target = any(item.place in (Place.WINDOW, Place.LENGTH_AND_WINDOW) or _is_object(item.field.type)
                      for item in layout.reply.placements)
    parameters = [f"os::AnswerTarget const& {'target' if uses_target else '/*target*/'}", "Answer const& answer"]
    return signature("    [[nodiscard]] static auto encode", parameters, "", "os::Message")


def _is_object(type: model.Type) -> bool:
    return isinstance(type, model.Capability) and isinstance(type.target, model.InterfaceName)


def _encode(method: model.Method, layout: MethodLayout, body: Lines) -> None:
    """From `answer`, an expected result, to the message."""
    body.guard("!answer", "return os::refusal(answer.error());")
    several = len(method.results) > 1
    capability = next((item for item in layout.reply.placements if item.place is Place.CAPABILITY), None)
    if capability is not None:
        _grant(capability, _result_access(capability, several), body)
    flags = ", abi::MessageTag::kCapability" if capability else ""
    constant = "" if layout.reply.placements else " const"
    body.add(f"os::Message{constant} reply{{.tag = abi::MessageTag{{0, {layout.reply.words}{flags}}}, .words = {{}}}};")
    for item in layout.reply.placements:
        access = _result_access(item, several)
        if item.place is Place.WORDS:
            body.extend(values.store(item.field.type, item.offset, "reply.words", access))
        elif item.place is Place.WINDOW:
            body.add(f"target.window.write({item.window_offset}, {access});")
        elif item.place is Place.LENGTH_AND_WINDOW:
            body.add(f"base::wire::put<{item.offset}>(reply.words, static_cast<std::uint32_t>({access}.size()));")
            body.add(f"target.window.write({item.window_offset}, {_view_of(item.field.type, access)});")
    if capability is not None:
        body.add("reply.words[os::rpc::kCapabilityWord] = capability;")
    body.add("return reply;")


def _result_access(item: Placement, several: bool) -> str:
    return f"answer->{names.identifier(item.field.name)}" if several else "(*answer)"


def _view_of(type: model.Type, access: str) -> str:
    return f"{access}.view()" if isinstance(type, model.String) else f"{access}.span()"


def _grant(item: Placement, access: str, body: Lines) -> None:
    assert isinstance(item.field.type, model.Capability)
    if isinstance(item.field.type.target, model.KernelObject):
        body.add(f"auto const capability = {access}.capability();")
        return
    body.add(f"auto const granted = target.grant({access});")
    body.guard("!granted", "return os::refusal(granted.error());")
    body.add("auto const capability = *granted;")


def _serve(method: model.Method, layout: MethodLayout, body: Lines) -> None:
    """From `incoming`, an untrusted message, to the method of the implementation."""
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


def _sender(event: EventLayout, module: str) -> SenderView:
    method = event.method
    parameters = [f"{types.parameter(field.type, module)} {names.parameter(field.name)}" for field in method.parameters]
    head = signature(f"    auto {names.identifier(method.name)}", parameters, " const", "bool")
    body = Lines(8)
    constant = "" if method.parameters else " const"
    body.add(f"Sender::Record{constant} record{{{method.ordinal}}};")
    for field, offset in zip(method.parameters, event.offsets, strict=True):
        body.extend(values.store(field.type, offset, "record", names.parameter(field.name)))
    body.add("return sender_.send(record);")
    return SenderView(method.doc, head, body.text)
