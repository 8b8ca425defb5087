# SPDX-License-Identifier: MIT
"""Structures of C++ as bytes: fields with natural alignment, little endian.

Each `Layout` mirrors one struct of a header; tests/codegen compiles static_asserts that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


@dataclass(frozen=True)
class Field:
    """`count` is 0 for a single value, otherwise the length of an array."""

    name: str
    offset: int
    type: str | Layout
    count: int

    @property
    def size(self) -> int:
        return (SIZES[self.type] if isinstance(self.type, str) else self.type.size) * max(self.count, 1)


@dataclass(frozen=True)
class Layout:
    """A struct: its name in C++, the header that has it, its fields and size."""

    name: str
    header: str
    fields: tuple[Field, ...]
    size: int
    alignment: int

    def pack(self, **values: int | bytes) -> bytes:
        """The bytes of one struct. Nested structs are given as bytes; what is not given is zero."""
        unknown = values.keys() - {field.name for field in self.fields}
        assert not unknown, unknown
        data = bytearray(self.size)
        for field in self.fields:
            value = values.get(field.name, 0)
            piece = value if isinstance(value, bytes) else value.to_bytes(field.size, "little")
            assert len(piece) == field.size, field.name
            data[field.offset : field.offset + field.size] = piece
        return bytes(data)

    def offset(self, name: str) -> int:
        return next(field.offset for field in self.fields if field.name == name)


def struct(name: str, header: str, fields: Mapping[str, str | Layout | tuple[str | Layout, int]]) -> Layout:
    """Lays fields out as C++ does. An array is given as its element's type and its length."""
    placed: list[Field] = []
    end, alignment = 0, 1
    for field_name, kind in fields.items():
        type, count = kind if isinstance(kind, tuple) else (kind, 0)
        own_alignment = SIZES[type] if isinstance(type, str) else type.alignment
        offset = -(-end // own_alignment) * own_alignment
        placed.append(Field(field_name, offset, type, count))
        end = offset + placed[-1].size
        alignment = max(alignment, own_alignment)
    return Layout(name, header, tuple(placed), -(-end // alignment) * alignment, alignment)


class Texts:
    """Zero-terminated texts behind a structure, each once. `base` is where they will begin."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._data = bytearray()
        self._offsets: dict[str, int] = {}

    def add(self, text: str) -> int:
        """The offset of a text."""
        if text not in self._offsets:
            self._offsets[text] = self._base + len(self._data)
            self._data += text.encode("utf-8", "replace") + b"\0"
        return self._offsets[text]

    def data(self) -> bytes:
        return bytes(self._data)


def align(data: bytearray, alignment: int) -> int:
    """Fills with zeros up to a multiple; the new size."""
    data += bytes(-len(data) % alignment)
    return len(data)
