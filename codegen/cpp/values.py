# SPDX-License-Identifier: MIT
"""Values of fixed size among the words of a message: C++ that reads, checks and writes them."""

from __future__ import annotations

from codegen.cpp import names, types
from codegen.idl import model
from codegen.idl.layout import Leaf, allowed_bits, field_offsets, option_value_offset, size_of


def load(type: model.Type, offset: int, words: str) -> str:
    """An expression for the value at `offset` of `words`."""
    if isinstance(type, model.Option):
        inner = load(type.element, offset + option_value_offset(type), words)
        return f"os::rpc::option({_get('bool', offset, words)}, {inner})"
    if isinstance(type, model.Array):
        return _load_array(type, offset, words)
    if isinstance(type, model.StructDefinition):
        return _load_struct(type, offset, words)
    return _get(types.fixed(type, ""), offset, words)


def store(type: model.Type, offset: int, words: str, value: str) -> list[str]:
    """Statements that write a value to words that are zero there."""
    if isinstance(type, model.Option):
        inner = store(type.element, offset + option_value_offset(type), words, f"(*{value})")
        guarded = "\n".join(f"    {line}" for statement in inner for line in statement.split("\n"))
        return [f"base::wire::put<{offset}>({words}, {value}.has_value());", f"if ({value}) {{\n{guarded}\n}}"]
    if isinstance(type, model.Array):
        if _is_leaf(type.element):
            return [f"base::wire::put_array<{offset}>({words}, {value});"]
        size = size_of(type.element)
        return [statement for index in range(type.length)
                for statement in store(type.element, offset + index * size, words, f"{value}[{index}]")]
    if isinstance(type, model.StructDefinition):
        return [statement for field, at in field_offsets(type)
                for statement in store(field.type, offset + at, words, f"{value}.{names.identifier(field.name)}")]
    return [f"base::wire::put<{offset}>({words}, {value});"]


def conditions(type: model.Type, offset: int, words: str) -> list[str]:
    """What has to hold beyond the masks of `mask_arguments` for the value to be well-formed."""
    if isinstance(type, model.EnumDefinition) and not type.is_flags:
        return [f"valid({load(type, offset, words)})"]
    if isinstance(type, model.Array):
        size = size_of(type.element)
        return [item for index in range(type.length) for item in conditions(type.element, offset + index * size, words)]
    if isinstance(type, model.StructDefinition):
        return [item for field, at in field_offsets(type) for item in conditions(field.type, offset + at, words)]
    if isinstance(type, model.Option):
        at = offset + option_value_offset(type)
        present = _get("bool", offset, words)
        absent = f"({present} || os::rpc::zero_bytes<{at}, {at + size_of(type.element)}>({words}))"
        return [absent, *(f"(!{present} || {item})" for item in conditions(type.element, at, words))]
    return []


def mask_arguments(placed: list[Leaf], words: int) -> list[str]:
    """The template arguments of `os::rpc::clean`."""
    return [hexadecimal(mask) for mask in allowed_bits(placed, words)]


def hexadecimal(value: int) -> str:
    """A mask with its digits in groups."""
    digits = f"{value:X}"
    digits = digits.rjust(-(-len(digits) // 4) * 4, "0") if len(digits) > 4 else digits
    return "0x" + "'".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _load_struct(type: model.StructDefinition, offset: int, words: str) -> str:
    """A field a line; the comma behind the last keeps clang-format from joining them."""
    lines = [f"{types.fixed(type, '')}{{"]
    for field, at in field_offsets(type):
        lines += [f"    {line}" for line in initializer(names.identifier(field.name), load(field.type, offset + at, words))]
    return "\n".join([*lines, "}"])


def initializer(name: str, value: str) -> list[str]:
    """`.name = value,`; a value of several lines begins on its own."""
    lines = value.split("\n")
    if len(lines) == 1:
        return [f".{name} = {value},"]
    return [f".{name} =", *(f"    {line}" for line in lines[:-1]), f"    {lines[-1]},"]


def _load_array(type: model.Array, offset: int, words: str) -> str:
    if _is_leaf(type.element):
        return f"base::wire::get_array<{types.fixed(type.element, '')}, {type.length}, {offset}>({words})"
    size = size_of(type.element)
    items = (load(type.element, offset + index * size, words) for index in range(type.length))
    return f"{types.fixed(type, '')}{{{', '.join(items)}}}"


def _is_leaf(type: model.Type) -> bool:
    return isinstance(type, (model.Scalar, model.Bool, model.EnumDefinition))


def _get(spelling: str, offset: int, words: str) -> str:
    return f"base::wire::get<{spelling}, {offset}>({words})"
