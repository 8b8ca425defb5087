# SPDX-License-Identifier: MIT
"""Lines of C++ with their indentation, broken where clang-format breaks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codegen.cpp.layout_text import call_lines


class Lines:
    """Collects the statements of a function body; what is too long for one line is broken."""

    def __init__(self, indent: int) -> None:
        self._indent = indent
        self._lines: list[str] = []

    @property
    def text(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def add(self, statement: str) -> None:
        self._lines += [(" " * self._indent + line).rstrip() for line in statement.split("\n")]

    def call(self, head: str, arguments: Sequence[str], tail: str = ");") -> None:
        """`head(arguments);` with `head` up to and including the parenthesis."""
        self._lines += call_lines(" " * self._indent + head, arguments, tail).split("\n")

    def guard(self, condition: str, statement: str) -> None:
        """`if (condition) { statement }` in three lines."""
        self.open(f"if ({condition}) {{")
        self.add(statement)
        self.close()

    def guard_clean(self, masks: Sequence[str], words: str, statement: str) -> None:
        """A guard against bits outside of the masks."""
        self.call("if (!os::rpc::clean<", masks, f">({words})) {{")
        self._indent += 4
        self.add(statement)
        self.close()

    def open(self, head: str) -> None:
        """A block that `close` ends."""
        self._lines.append(" " * self._indent + head)
        self._indent += 4

    def close(self, tail: str = "}") -> None:
        self._indent -= 4
        self._lines.append(" " * self._indent + tail)

    def reopen(self, middle: str) -> None:
        self.close(middle)
        self._indent += 4

    def extend(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self.add(statement)
