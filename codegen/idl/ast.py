# SPDX-License-Identifier: MIT
"""The syntax tree: what a file says, with the place of everything, and nothing about what it means."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from codegen.diagnostics import Span


@dataclass(frozen=True)
class Name:
    text: str
    span: Span


@dataclass(frozen=True)
class QualifiedName:
    """`Kind` or `vfs.Kind`."""

    module: Name | None
    name: Name

    @property
    def span(self) -> Span:
        return self.module.span.to(self.name.span) if self.module else self.name.span

    def __str__(self) -> str:
        return f"{self.module.text}.{self.name.text}" if self.module else self.name.text


@dataclass(frozen=True)
class Number:
    value: int
    span: Span


Expression = Number | QualifiedName


@dataclass(frozen=True)
class NamedType:
    name: QualifiedName
    span: Span


class TextKind(enum.Enum):
    STRING = "string"
    BYTES = "bytes"


@dataclass(frozen=True)
class TextType:
    """`string<=N`, `bytes<=N`; `bound` is None where the file leaves it out."""

    kind: TextKind
    bound: Expression | None
    span: Span


@dataclass(frozen=True)
class VectorType:
    element: TypeNode
    bound: Expression | None
    span: Span


@dataclass(frozen=True)
class ArrayType:
    element: TypeNode
    length: Expression
    span: Span


@dataclass(frozen=True)
class OptionType:
    element: TypeNode
    span: Span


@dataclass(frozen=True)
class CapabilityType:
    target: QualifiedName
    rights: tuple[Name, ...]
    span: Span


@dataclass(frozen=True)
class LeaseType:
    direction: Name
    bound: Expression | None
    span: Span


TypeNode = NamedType | TextType | VectorType | ArrayType | OptionType | CapabilityType | LeaseType


@dataclass(frozen=True)
class Attribute:
    name: Name
    arguments: tuple[Name | Number, ...]
    span: Span


@dataclass(frozen=True)
class Constant:
    name: Name
    type: TypeNode
    value: Expression
    doc: str


@dataclass(frozen=True)
class Enumerator:
    name: Name
    value: Expression
    doc: str


@dataclass(frozen=True)
class Enumeration:
    """An `enum`, or `flags` when `is_flags`."""

    name: Name
    is_flags: bool
    type: TypeNode
    enumerators: tuple[Enumerator, ...]
    doc: str


@dataclass(frozen=True)
class Field:
    """A field of a struct, or a parameter or result of a method."""

    name: Name
    type: TypeNode
    doc: str


@dataclass(frozen=True)
class Struct:
    name: Name
    fields: tuple[Field, ...]
    doc: str


@dataclass(frozen=True)
class ErrorEntry:
    ordinal: Number
    name: Name
    doc: str


@dataclass(frozen=True)
class ErrorSet:
    name: Name
    entries: tuple[ErrorEntry, ...]
    doc: str


class MethodKind(enum.Enum):
    CALL = "call"
    ONEWAY = "oneway"
    EVENT = "event"


@dataclass(frozen=True)
class Method:
    kind: MethodKind
    ordinal: Number
    name: Name
    parameters: tuple[Field, ...]
    results: tuple[Field, ...]
    throws: QualifiedName | None
    attributes: tuple[Attribute, ...]
    doc: str


@dataclass(frozen=True)
class Reserved:
    """Ordinals `first` to `last` that no method may use."""

    first: Number
    last: Number


Member = Constant | Enumeration | Struct | ErrorSet | Method | Reserved


@dataclass(frozen=True)
class Interface:
    name: Name
    major: Number
    minor: Number
    members: tuple[Member, ...]
    attributes: tuple[Attribute, ...]
    doc: str


@dataclass(frozen=True)
class File:
    """`interface` is None when the file has none that could be read; a diagnostic says so.

    A file that is not `complete` has members that could not be read: what seems to be missing may be there.
    """

    path: str
    imports: tuple[Name, ...]
    interface: Interface | None
    complete: bool
