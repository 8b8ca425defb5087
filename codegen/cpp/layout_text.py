# SPDX-License-Identifier: MIT
"""Line breaks as clang-format makes them with the project's style."""

from __future__ import annotations

from collections.abc import Sequence

COLUMN_LIMIT = 110


def call_lines(head: str, arguments: Sequence[str], tail: str) -> str:
    """`head`, the arguments and `tail` in one line, or the arguments filled up to the limit below the first."""
    whole = head + ", ".join(arguments) + tail
    if len(whole) <= COLUMN_LIMIT or not arguments:
        return whole
    indent = " " * len(head)
    lines = [head]
    for index, argument in enumerate(arguments):
        last = index == len(arguments) - 1
        piece = argument + ("" if last else ",")
        room = COLUMN_LIMIT - (len(tail) if last else 0)
        separator = "" if lines[-1] in (head, indent) else " "
        if len(lines[-1]) + len(separator) + len(piece) <= room or lines[-1] in (head, indent):
            lines[-1] += separator + piece
        else:
            lines.append(indent + piece)
    return "\n".join(lines) + tail


def signature(head: str, parameters: Sequence[str], qualifiers: str, result: str, end: str = " {") -> str:
    """A function's head with a trailing result, which gets a line of its own when one line is too short.

    `head` is all up to the opening parenthesis; its indentation is that of the function.
    """
    whole = f"{head}({', '.join(parameters)}){qualifiers} -> {result}{end}"
    if len(whole) <= COLUMN_LIMIT:
        return whole
    indent = " " * (len(head) - len(head.lstrip()) + 4)
    together = call_lines(f"{head}(", parameters, f"){qualifiers} -> {result}{end}")
    apart = call_lines(f"{head}(", parameters, f"){qualifiers}") + f"\n{indent}-> {result}{end}"
    fits = all(len(line) <= COLUMN_LIMIT for line in together.split("\n"))
    return together if fits and together.count("\n") < apart.count("\n") else apart


def assertion_lines(indent: int, condition: str, message: str) -> str:
    """A `static_assert` whose message is cut at spaces."""
    head = f"{' ' * indent}static_assert("
    if len(head) + len(condition) + len(message) + 6 <= COLUMN_LIMIT:
        return f'{head}{condition}, "{message}");'
    prefix = " " * len(head)
    lines = [f"{head}{condition},"]
    words = message.split(" ")
    current = ""
    for index, word in enumerate(words):
        last = index == len(words) - 1
        piece = word if last else f"{word} "
        if current and len(prefix) + len(current) + len(piece) + (4 if last else 2) > COLUMN_LIMIT:
            lines.append(f'{prefix}"{current}"')
            current = ""
        current += piece
    return "\n".join([*lines, f'{prefix}"{current}");'])


def concept_lines(name: str, parameters: Sequence[str], requirement: str) -> list[str]:
    """A concept with one requirement."""
    inline = call_lines(f"concept {name} = requires(", parameters, ") {").split("\n")
    own_line = call_lines("    requires(", parameters, ") {").split("\n")
    if len(own_line) < len(inline):
        return [f"concept {name} =", *own_line, f"        {requirement}", "    };"]
    return [*inline, f"    {requirement}", "};"]


def short_function(head: str, statement: str) -> str:
    """A function of one statement, in one line if that fits."""
    line = f"{head} {{ {statement} }}"
    if len(line) <= COLUMN_LIMIT and "\n" not in line:
        return line
    return f"{head} {{\n{chopped(4, statement, ' || ')}\n}}"


def chopped(indent: int, statement: str, operator: str) -> str:
    """A statement that is broken behind an operator when it is too long; the rest goes below its first word's end."""
    first, *rest = statement.split(operator)
    below = " " * (indent + first.index(" ") + 1)
    lines = [" " * indent + first]
    for piece in rest:
        lines[-1] += operator.rstrip()
        if len(lines[-1]) + 1 + len(piece) + len(operator.rstrip()) <= COLUMN_LIMIT:
            lines[-1] += f" {piece}"
        else:
            lines.append(below + piece)
    return "\n".join(lines)
