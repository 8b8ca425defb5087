# SPDX-License-Identifier: MIT
"""Values of fixed size among the words of a message: C++ that reads, checks and writes them."""

from __future__ import annotations

from codegen.cpp import names, types
from codegen.idl import model
from codegen.idl.layout import Leaf, allowed_bits, field_offsets, option_value_offset, size_of


def plain(type: model.Type) -> bool:
    """Loaded and stored piece by piece; other values go through their codec."""
    if isinstance(type, (model.Array, model.Option)):
        return _is_leaf(type.element)
    if isinstance(type, model.StructDefinition):
        return all(plain(field.type) for field in type.fields)
    return _is_leaf(type)


def load(type: model.Type, offset: int, words: str) -> str:
    """An expression for the plain value at `offset` of `words`."""
    if isinstance(type, model.Option):
        return f"os::rpc::get_option<{_option_arguments(type, offset)}>({words})"
    if isinstance(type, model.Array):
        return f"base::wire::get_array<{types.fixed(type.element, '')}, {type.length}, {offset}>({words})"
    if isinstance(type, model.StructDefinition):
        return _load_struct(type, offset, words)
    return f"base::wire::get<{types.fixed(type, '')}, {offset}>({words})"


def store(type: model.Type, offset: int, words: str, value: str) -> list[str]:
    """Statements that write a value to words that are zero there."""
    if not plain(type):
        return [f"os::rpc::put_value<{offset}>({words}, {value});"]
    if isinstance(type, model.Option):
        return [f"os::rpc::put_option<{offset}, {offset + option_value_offset(type)}>({words}, {value});"]
    if isinstance(type, model.Array):
        return [f"base::wire::put_array<{offset}>({words}, {value});"]
    if isinstance(type, model.StructDefinition):
        return [statement for field, at in field_offsets(type)
                for statement in store(field.type, offset + at, words, f"{value}.{names.identifier(field.name)}")]
    return [f"base::wire::put<{offset}>({words}, {value});"]


def conditions(type: model.Type, offset: int, words: str) -> list[str]:
    """What has to hold beyond the masks of `mask_arguments` for a plain value to be well-formed."""
    if isinstance(type, model.EnumDefinition) and not type.is_flags:
        return [f"valid({load(type, offset, words)})"]
    if isinstance(type, model.Array):
        size = size_of(type.element)
        return [item for index in range(type.length) for item in conditions(type.element, offset + index * size, words)]
    if isinstance(type, model.StructDefinition):
        return [item for field, at in field_offsets(type) for item in conditions(field.type, offset + at, words)]
    if isinstance(type, model.Option):
        return [f"os::rpc::valid_option<{_option_arguments(type, offset)}>({words})"]
    return []


def _option_arguments(type: model.Option, offset: int) -> str:
    return f"{types.fixed(type.element, '')}, {offset}, {offset + option_value_offset(type)}"


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


def _is_leaf(type: model.Type) -> bool:
    return isinstance(type, (model.Scalar, model.Bool, model.EnumDefinition))
