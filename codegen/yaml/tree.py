# SPDX-License-Identifier: MIT
"""What a YAML file says, each node with the place where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from codegen.diagnostics import Span

Value = Union[str, int, bool, None]


@dataclass(frozen=True)
class Scalar:
    """A text, number, truth value or nothing. `text` is as written, without quotes."""

    span: Span
    value: Value
    text: str


@dataclass(frozen=True)
class Sequence:
    """A list. `span` is where it starts."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Entry:
    """A key and what it holds. Keys are unique within their mapping."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True)
class Mapping:
    """A map, in the order of the text. `span` is where it starts."""

    span: Span
    entries: tuple[Entry, ...]

    def find(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


Node = Union[Scalar, Sequence, Mapping]


def kind_of(node: Node) -> str:
    """What a node is, for messages."""
    if isinstance(node, Mapping):
        return "a map"
    if isinstance(node, Sequence):
        return "a list"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return "a truth value"
    if isinstance(node.value, int):
        return "a number"
    return "a text"


def show(node: Node) -> str:
    """A short quotation of a node, for messages."""
    if isinstance(node, Scalar) and node.value is not None:
        return f"'{node.text[:40]}'"
    return kind_of(node)
