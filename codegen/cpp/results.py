# SPDX-License-Identifier: MIT
"""Results of methods in C++: one is its type, several are a struct, none is void."""

from __future__ import annotations

from codegen.cpp import names, types
from codegen.idl import model


def returns_capability(method: model.Method) -> bool:
    return any(isinstance(field.type, model.Capability) for field in method.results)


def client_field(field: model.Field, module: str) -> str:
    """A result as clients get it: capabilities are theirs."""
    if not isinstance(field.type, model.Capability):
        return types.held(field.type, module)
    target = field.type.target
    if isinstance(target, model.KernelObject):
        return f"os::Cap<os::object::{target.name}>"
    return f"os::Opened<{names.identifier(target.module)}::Client>"


def server_field(field: model.Field, module: str) -> str:
    """A result as servers give it: capabilities of kernel objects stay theirs, objects are numbers."""
    if not isinstance(field.type, model.Capability):
        return types.held(field.type, module)
    target = field.type.target
    if isinstance(target, model.KernelObject):
        return f"os::object::{target.name}"
    return f"os::Object<{names.identifier(target.module)}::Interface>"


def client_result(method: model.Method, module: str) -> str:
    if not method.results:
        return "void"
    if len(method.results) > 1:
        return f"{names.camel(method.name)}Result"
    return client_field(method.results[0], module)


def server_result(method: model.Method, module: str, qualifier: str) -> str:
    """`qualifier` goes in front of the struct of several results."""
    if not method.results:
        return "void"
    if len(method.results) > 1:
        return f"{qualifier}{names.camel(method.name)}{'Answer' if returns_capability(method) else 'Result'}"
    return server_field(method.results[0], module)


def failure(method: model.Method, module: str) -> str:
    if method.throws is None:
        return "os::Failure<>"
    return f"os::Failure<{types.declared(method.throws, module)}>"


def error(method: model.Method, module: str) -> str:
    return "os::NoError" if method.throws is None else types.declared(method.throws, module)
