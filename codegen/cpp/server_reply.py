# SPDX-License-Identifier: MIT
"""The function of a server header that makes a method's answer a message."""

from __future__ import annotations

from codegen.cpp import names, values
from codegen.cpp.layout_text import signature
from codegen.cpp.lines import Lines
from codegen.idl import model
from codegen.idl.message import MethodLayout, Place, Placement


def encode_head(layout: MethodLayout) -> str:
    uses_target = any(item.place in (Place.WINDOW, Place.LENGTH_AND_WINDOW) or _is_object(item.field.type)
                      for item in layout.reply.placements)
    parameters = [f"os::AnswerTarget const& {'target' if uses_target else '/*target*/'}", "Answer const& answer"]
    return signature("    [[nodiscard]] static auto encode", parameters, "", "os::Message")


def _is_object(type: model.Type) -> bool:
    return isinstance(type, model.Capability) and isinstance(type.target, model.InterfaceName)


def encode_body(method: model.Method, layout: MethodLayout) -> tuple[str, ...]:
    """From `answer`, an expected result, to the message."""
    body = Lines(8)
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
    return body.text


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
