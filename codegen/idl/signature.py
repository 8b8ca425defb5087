# SPDX-License-Identifier: MIT
"""The model back to text: types as the IDL writes them, and a canonical form of a whole interface."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.idl import model


def type_text(type: model.Type, module: str = "") -> str:
    """A type as the IDL writes it in the file `module`, with numbers for constants."""
    if isinstance(type, model.Scalar):
        return type.name
    if isinstance(type, model.Bool):
        return "bool"
    if isinstance(type, (model.EnumDefinition, model.StructDefinition)):
        return type.name if type.module == module else f"{type.module}.{type.name}"
    if isinstance(type, model.Array):
        return f"array<{type_text(type.element, module)}, {type.length}>"
    if isinstance(type, model.Option):
        return f"option<{type_text(type.element, module)}>"
    if isinstance(type, model.Vector):
        return f"vec<{type_text(type.element, module)}, <={type.bound}>"
    if isinstance(type, model.String):
        return f"string<={type.bound}"
    if isinstance(type, model.Bytes):
        return f"bytes<={type.bound}"
    if isinstance(type, model.Lease):
        return f"lease<{'out' if type.writable else 'in'} bytes<={type.bound}>"
    rights = f": {', '.join(type.rights)}" if type.rights else ""
    return f"cap<{type.target.name}{rights}>"


def fields_text(fields: Iterable[model.Field], module: str = "") -> str:
    return ", ".join(f"{field.name}: {type_text(field.type, module)}" for field in fields)


def method_text(method: model.Method, module: str = "") -> str:
    """A method as the IDL writes it, in one line."""
    kind = "" if method.kind is model.MethodKind.CALL else f"{method.kind.value} "
    text = f"{kind}{method.ordinal}: {method.name}({fields_text(method.parameters, module)})"
    if method.kind is model.MethodKind.CALL:
        text += f" -> ({fields_text(method.results, module)})"
        if method.throws is not None:
            same = method.throws.module == module
            text += f" throws {method.throws.name if same else f'{method.throws.module}.{method.throws.name}'}"
    return f"{text};"


def canonical_text(interface: model.Interface) -> str:
    """Everything that is on the wire or in the names of generated code, in one order; no comments."""
    lines = [f"interface {interface.name} {interface.major}.{interface.minor} window {interface.minimum_window}"]
    declared: dict[str, str] = {}
    for method in (*interface.methods, *interface.events):
        for field in (*method.parameters, *method.results):
            _declare(field.type, declared)
        if method.throws is not None:
            declared[f"{method.throws.module}.{method.throws.name}"] = _values_text(method.throws.values)
    lines += [f"{name} {text}" for name, text in sorted(declared.items())]
    methods = sorted((*interface.methods, *interface.events), key=lambda item: item.ordinal)
    lines += [f"{'deferred ' if method.deferred else ''}{method_text(method)}" for method in methods]
    return "\n".join(lines) + "\n"


def _declare(type: model.Type, declared: dict[str, str]) -> None:
    """Adds the declared types that a type is made of."""
    if isinstance(type, (model.Array, model.Option, model.Vector)):
        _declare(type.element, declared)
    elif isinstance(type, model.EnumDefinition):
        kind = "flags" if type.is_flags else "enum"
        declared[f"{type.module}.{type.name}"] = f"{kind} {type.underlying.name} {_values_text(type.values)}"
    elif isinstance(type, model.StructDefinition) and f"{type.module}.{type.name}" not in declared:
        declared[f"{type.module}.{type.name}"] = f"struct {fields_text(type.fields)}"
        for field in type.fields:
            _declare(field.type, declared)


def _values_text(values: Iterable[model.EnumValue]) -> str:
    return ", ".join(f"{value.name}={value.value}" for value in values)
