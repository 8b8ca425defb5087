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
