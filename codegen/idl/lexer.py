# SPDX-License-Identifier: MIT
"""Text to tokens."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from codegen.diagnostics import Reporter, Span
from codegen.text import shown


class Kind(enum.Enum):
    NAME = "a name"
    NUMBER = "a number"
    PUNCTUATION = "punctuation"
    DOC = "a doc comment"
    END = "the end of the file"


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str
    span: Span
    value: int = 0

    def __str__(self) -> str:
        if self.kind in (Kind.DOC, Kind.END):
            return self.kind.value
        return f"'{self.text[:40]}'"


MAX_NUMBER = (1 << 64) - 1
UNITS = {"": 0, "KiB": 10, "MiB": 20, "GiB": 30}

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+)
      | (?P<doc>///(?!/)[^\n]*)
      | (?P<comment>//[^\n]*)
      | (?P<number>[0-9][0-9A-Za-z_]*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<punctuation>->|<=|\.\.|[{}()<>:;,.=@])
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(?P<digits>0x[0-9A-Fa-f_]+|[0-9][0-9_]*)(?P<unit>KiB|MiB|GiB|)")


def tokenize(file: str, text: str, reporter: Reporter) -> tuple[Token, ...]:
    """All tokens of a text, the last of kind END. Characters that begin none are reported and left out."""
    tokens: list[Token] = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        _tokenize_line(file, index + 1, line, tokens, reporter)
    end = Span(file, len(lines), len(lines[-1]) + 1, len(lines[-1]) + 2)
    tokens.append(Token(Kind.END, "", end))
    return tuple(tokens)


def _tokenize_line(file: str, line: int, text: str, tokens: list[Token], reporter: Reporter) -> None:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            end = position + 1
            while end < len(text) and _TOKEN.match(text, end) is None:
                end += 1
            span = Span(file, line, position + 1, end + 1)
            reporter.error("IDL0003", f"no token begins with {shown(text[position])}", span, help=_instead_of(text[position]))
            position = end
            continue
        span = Span(file, line, position + 1, match.end() + 1)
        position = match.end()
        if match.lastgroup == "doc":
            content = match.group()[3:].rstrip()
            tokens.append(Token(Kind.DOC, content.removeprefix(" "), span))
        elif match.lastgroup == "number":
            tokens.append(Token(Kind.NUMBER, match.group(), span, _number(match.group(), span, reporter)))
        elif match.lastgroup == "name":
            tokens.append(Token(Kind.NAME, match.group(), span))
        elif match.lastgroup == "punctuation":
            tokens.append(Token(Kind.PUNCTUATION, match.group(), span))


def _instead_of(character: str) -> str:
    if character in "/#*":
        return "a comment begins with '//', one that documents what follows with '///'"
    return "take it out" if character.isascii() else "the language is ASCII outside of comments"


def _number(text: str, span: Span, reporter: Reporter) -> int:
    """The value of a number; 1 for one that is wrong, which lets the later stages go on."""
    match = _NUMBER.fullmatch(text)
    if match is None or text.endswith("_"):
        reporter.error("IDL0005", f"'{text[:40]}' is not a number", span,
                       help="write 10, 0x1F or a size such as 64KiB")
        return 1
    digits = match.group("digits").replace("_", "")
    value = MAX_NUMBER + 1
    if len(digits) <= 24:
        value = int(digits, 16 if digits.startswith("0x") else 10) << UNITS[match.group("unit")]
    if value > MAX_NUMBER:
        reporter.error("IDL0005", "the number does not fit 64 bits", span, help="the largest is 0xFFFFFFFFFFFFFFFF")
        return 1
    return value
