# SPDX-License-Identifier: MIT
"""Types of the IDL to their C++ spelling."""

from __future__ import annotations

from codegen.cpp import names
from codegen.idl import model


def scalar(type: model.Scalar) -> str:
    return f"std::{'' if type.signed else 'u'}int{type.size * 8}_t"


def declared(type: model.EnumDefinition | model.StructDefinition | model.ErrorDefinition, module: str) -> str:
    """A declared type as seen from the namespace of `module`."""
    if type.module == module:
        return type.name
    return f"{names.identifier(type.module)}::{type.name}"


def fixed(type: model.Type, module: str) -> str:
    """A type of fixed size as seen from the namespace of `module`."""
    if isinstance(type, model.Scalar):
        return scalar(type)
    if isinstance(type, model.Bool):
        return "bool"
    if isinstance(type, model.Array):
        return f"std::array<{fixed(type.element, module)}, {type.length}>"
    if isinstance(type, model.Option):
        return f"std::optional<{fixed(type.element, module)}>"
    assert isinstance(type, (model.EnumDefinition, model.StructDefinition)), type
    return declared(type, module)


def parameter(type: model.Type, module: str) -> str:
    """How functions take a value that is not a capability."""
    if isinstance(type, model.String):
        return "std::string_view"
    if isinstance(type, model.Bytes):
        return "std::span<std::byte const>"
    if isinstance(type, model.Vector):
        return f"std::span<{fixed(type.element, module)} const>"
    if isinstance(type, model.Lease):
        return "std::span<std::byte>" if type.writable else "std::span<std::byte const>"
    spelling = fixed(type, module)
    return f"{spelling} const&" if isinstance(type, (model.StructDefinition, model.Array, model.Option)) else spelling


def held(type: model.Type, module: str) -> str:
    """How functions return, and copies keep, a value that is not a capability."""
    if isinstance(type, model.String):
        return f"base::FixedString<{type.bound}>"
    if isinstance(type, model.Bytes):
        return f"base::FixedVector<std::byte, {type.bound}>"
    if isinstance(type, model.Vector):
        return f"base::FixedVector<{fixed(type.element, module)}, {type.bound}>"
    return fixed(type, module)


def object_header(target: model.KernelObject) -> str:
    """The header that declares `os::object::` with this name."""
    if target.name in ("Endpoint", "Notification"):
        return "os/notification.hpp"
    stem = {"CNode": "cnode", "VSpace": "vspace"}.get(target.name, names.snake(target.name))
    return f"generated/object/{stem}.hpp"
