# SPDX-License-Identifier: MIT
"""The wire format: where each parameter is in the words of a message or in the session's window.

Fixed-size values have natural alignment, little endian. A string, byte array, vector or lease is a u32 length among
the words and data at an 8-aligned place in the window. Nothing here knows about C++.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codegen.idl import model

WORD_SIZE = 8
MESSAGE_WORDS = 8
LENGTH_SIZE = 4


def round_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def size_of(type: model.Type) -> int:
    """Bytes of a value of fixed size."""
    if isinstance(type, model.Scalar):
        return type.size
    if isinstance(type, model.Bool):
        return 1
    if isinstance(type, model.EnumDefinition):
        return type.underlying.size
    if isinstance(type, model.Array):
        return size_of(type.element) * type.length
    if isinstance(type, model.Option):
        return round_up(option_value_offset(type) + size_of(type.element), align_of(type))
    assert isinstance(type, model.StructDefinition), type
    return type.size


def align_of(type: model.Type) -> int:
    """Natural alignment of a value of fixed size."""
    if isinstance(type, (model.Array, model.Option)):
        return align_of(type.element)
    if isinstance(type, model.StructDefinition):
        return type.alignment
    return size_of(type)


def struct_size(fields: Sequence[model.Field]) -> tuple[int, int]:
    """Size and alignment of a struct with these fields."""
    alignment = max((align_of(field.type) for field in fields), default=1)
    ends = [offset + size_of(field.type) for field, offset in place_fields(fields)]
    return round_up(max(ends, default=0), alignment), alignment


def option_value_offset(type: model.Option) -> int:
    """The value of an option follows its presence byte."""
    return align_of(type.element)


def field_offsets(struct: model.StructDefinition) -> list[tuple[model.Field, int]]:
    """The fields of a struct and where they begin."""
    return place_fields(struct.fields)


def place_fields(fields: Sequence[model.Field]) -> list[tuple[model.Field, int]]:
    offsets: list[tuple[model.Field, int]] = []
    end = 0
    for field in fields:
        offset = round_up(end, align_of(field.type))
        offsets.append((field, offset))
        end = offset + size_of(field.type)
    return offsets


def is_fixed(type: model.Type) -> bool:
    return not isinstance(type, (model.String, model.Bytes, model.Vector, model.Lease, model.Capability))


@dataclass(frozen=True)
class Leaf:
    """A scalar, truth value or enumeration at a byte offset."""

    type: model.Scalar | model.Bool | model.EnumDefinition
    offset: int


def leaves(type: model.Type, offset: int) -> list[Leaf]:
    """Every leaf of a value of fixed size that begins at `offset`, presence bytes as truth values."""
    if isinstance(type, (model.Scalar, model.Bool, model.EnumDefinition)):
        return [Leaf(type, offset)]
    if isinstance(type, model.Array):
        size = size_of(type.element)
        return [leaf for index in range(type.length) for leaf in leaves(type.element, offset + index * size)]
    if isinstance(type, model.Option):
        value = leaves(type.element, offset + option_value_offset(type))
        return [Leaf(model.Bool(), offset), *value]
    assert isinstance(type, model.StructDefinition), type
    return [leaf for field, at in field_offsets(type) for leaf in leaves(field.type, offset + at)]


def allowed_bits(placed: Iterable[Leaf], words: int) -> list[int]:
    """For each word, the bits that a well-formed value can have set: no padding, truth values 0 or 1, known flags."""
    masks = [0] * words
    for leaf in placed:
        masks[leaf.offset // WORD_SIZE] |= _leaf_bits(leaf.type) << (leaf.offset % WORD_SIZE * 8)
    return masks


def _leaf_bits(type: model.Scalar | model.Bool | model.EnumDefinition) -> int:
    if isinstance(type, model.Bool):
        return 1
    if isinstance(type, model.EnumDefinition) and type.is_flags:
        bits = 0
        for value in type.values:
            bits |= value.value
        return bits
    scalar = type.underlying if isinstance(type, model.EnumDefinition) else type
    return (1 << (scalar.size * 8)) - 1


@dataclass(frozen=True)
class InvocationField:
    field: model.Field
    offset: int
    size: int


@dataclass(frozen=True)
class InvocationLayout:
    """Parameters or results of a kernel invocation; capabilities are a word each. `size` is in bytes."""

    fields: tuple[InvocationField, ...]
    size: int

    @property
    def words(self) -> int:
        return round_up(self.size, WORD_SIZE) // WORD_SIZE


def invocation_layout(fields: Iterable[model.Field]) -> InvocationLayout:
    placed: list[InvocationField] = []
    end = 0
    for field in fields:
        is_capability = isinstance(field.type, model.Capability)
        size = WORD_SIZE if is_capability else size_of(field.type)
        offset = round_up(end, WORD_SIZE if is_capability else align_of(field.type))
        placed.append(InvocationField(field, offset, size))
        end = offset + size
    return InvocationLayout(tuple(placed), end)
