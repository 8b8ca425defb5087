# SPDX-License-Identifier: MIT
"""What the template of a server header prints."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.cpp import names, results, types, values
from codegen.cpp.layout_text import assertion_lines, concept_lines, signature
from codegen.cpp.lines import Lines
from codegen.cpp.results import returns_capability, server_result
from codegen.cpp.server_reply import encode_body, encode_head
from codegen.cpp.server_request import serve_body
from codegen.idl import model
from codegen.idl.message import EventLayout, interface_layout, method_layout
from codegen.idl.signature import method_text


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
    return ServerMethodView(
        ordinal=method.ordinal,
        name=names.camel(method.name),
        function=names.identifier(method.name),
        text=method_text(method, module),
        answer=f"std::expected<{result}, {results.failure(method, '')}>",
        encode=encode_body(method, layout),
        encode_head=encode_head(layout),
        serve=serve_body(method, layout),
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
