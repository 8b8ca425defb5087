# SPDX-License-Identifier: MIT
"""Kernel interfaces to what the templates of kernel and user headers print."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.cpp import names, types
from codegen.cpp.layout_text import signature
from codegen.idl import model
from codegen.idl.layout import InvocationField, invocation_layout


@dataclass(frozen=True)
class FieldView:
    """A parameter or result: how it is declared, read from `words` and written to them."""

    name: str
    declaration: str
    doc: str
    load: str
    user_load: str
    store: str


@dataclass(frozen=True)
class MethodView:
    name: str
    function: str
    doc: str
    label: str
    parameters: tuple[FieldView, ...]
    parameter_words: int
    results: tuple[FieldView, ...]
    result_words: int
    user_result: str
    user_signature: str
    stores: tuple[str, ...]


@dataclass(frozen=True)
class KernelView:
    source: str
    namespace: str
    class_name: str
    doc: str
    needs_wire: bool
    needs_array: bool
    methods: tuple[MethodView, ...]


def kernel_view(interface: model.Interface, source: str) -> KernelView:
    assert interface.kernel_object is not None
    methods = tuple(_method(method, interface.kernel_object) for method in interface.methods)
    fields = [field for method in methods for field in (*method.parameters, *method.results)]
    return KernelView(
        source=source,
        namespace=names.identifier(interface.module),
        class_name=interface.name,
        doc=interface.doc,
        needs_wire=bool(fields),
        needs_array=any("std::array" in field.declaration for field in fields),
        methods=methods,
    )


def _method(method: model.Method, target: model.KernelObject) -> MethodView:
    parameters = invocation_layout(method.parameters)
    results = invocation_layout(method.results)
    name = names.camel(method.name)
    user_result = _user_result(target, name, method)
    arguments = [_user_parameter(field) for field in method.parameters]
    head = f"    auto {names.identifier(method.name)}"
    return MethodView(
        name=name,
        function=names.identifier(method.name),
        doc=method.doc,
        label=f"0x{target.number << 8 | method.ordinal:X}",
        parameters=tuple(_field(item) for item in parameters.fields),
        parameter_words=parameters.words,
        results=tuple(_field(item) for item in results.fields),
        result_words=results.words,
        user_result=user_result,
        user_signature=signature(head, arguments, " const", f"std::expected<{user_result}, abi::Error>"),
        stores=tuple(_store(item, names.parameter(item.field.name)) for item in parameters.fields),
    )


def _user_result(target: model.KernelObject, name: str, method: model.Method) -> str:
    if not method.results:
        return "void"
    return _spelling(method.results[0].type) if len(method.results) == 1 else f"{target.name}{name}Result"


def _spelling(type: model.Type) -> str:
    return "abi::CPtr" if isinstance(type, model.Capability) else types.fixed(type, "")


def _user_parameter(field: model.Field) -> str:
    spelling = _spelling(field.type)
    if isinstance(field.type, model.Array):
        return f"{spelling} const& {names.parameter(field.name)}"
    return f"{spelling} {names.parameter(field.name)}"


def _field(item: InvocationField) -> FieldView:
    name = names.identifier(item.field.name)
    return FieldView(name, f"{_spelling(item.field.type)} {name}", item.field.doc, _load(item, "words"),
                     _load(item, "reply.words"), _store(item, name))


def _load(item: InvocationField, words: str) -> str:
    type = item.field.type
    if isinstance(type, model.Array):
        return f"base::wire::get_array<{_spelling(type.element)}, {type.length}, {item.offset}>({words})"
    return f"base::wire::get<{_spelling(type)}, {item.offset}>({words})"


def _store(item: InvocationField, value: str) -> str:
    function = "put_array" if isinstance(item.field.type, model.Array) else "put"
    return f"base::wire::{function}<{item.offset}>(words, {value});"
