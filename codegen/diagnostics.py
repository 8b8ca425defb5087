# SPDX-License-Identifier: MIT
"""Mistakes as values: where they are, what they are, and how they are shown.

Every stage adds `Diagnostic`s to one `Reporter` and goes on; only the command line prints them, once, at the end.
Columns count characters from 1; `end_column` is the first column behind the place.
"""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from codegen.text import named, shown

MAX_SHOWN_COLUMNS = 160
MAX_OF_A_SEVERITY = 200
# Names that a suggestion is looked for among, one by one.
MAX_COMPARED = 400


@dataclass(frozen=True, order=True)
class Span:
    """A place in one line of a file."""

    file: str
    line: int
    column: int
    end_column: int

    def to(self, end: Span) -> Span:
        """From here to the end of `end`; only this line if they are on different ones."""
        if end.line != self.line or end.end_column <= self.column:
            return self
        return Span(self.file, self.line, self.column, end.end_column)


@dataclass(frozen=True)
class Note:
    """Another place, or another fact, that belongs to a mistake."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Diagnostic:
    """One mistake, or a warning. `label` stands behind the caret, `help` says what to write instead."""

    code: str
    message: str
    span: Span
    label: str = ""
    notes: tuple[Note, ...] = ()
    help: str = ""
    severity: str = "error"


@dataclass
class Reporter:
    """Collects the mistakes of one run, and the texts they point into."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def add_source(self, file: str, text: str) -> None:
        """Remembers a text, so that its lines can be shown."""
        self.sources[file] = text.split("\n")

    def add(self, diagnostic: Diagnostic) -> None:
        """Takes note of a mistake, unless it is there already, or there are very many."""
        diagnostic = replace(diagnostic, notes=(*diagnostic.notes, *self._foreign(diagnostic.span)))
        alike = sum(item.severity == diagnostic.severity for item in self.diagnostics)
        if alike < MAX_OF_A_SEVERITY and diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def _foreign(self, span: Span) -> Iterable[Note]:
        """What the first character of a place is that may look like another one, such as a Cyrillic letter."""
        text = self.sources.get(span.file, [])
        line = text[span.line - 1] if 1 <= span.line <= len(text) else ""
        foreign = [item for item in line[max(span.column - 1, 0) : span.end_column - 1] if not item.isascii()]
        return (Note(f"{shown(item)} is {named(item)}" if item.isprintable() else f"there is {named(item)} in it")
                for item in foreign[:1])

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        label: str = "",
        notes: Iterable[Note] = (),
        help: str,
    ) -> None:
        self.add(Diagnostic(code, message, span, label, tuple(notes), help))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        label: str = "",
        notes: Iterable[Note] = (),
        help: str,
    ) -> None:
        self.add(Diagnostic(code, message, span, label, tuple(notes), help, "warning"))

    @property
    def is_full(self) -> bool:
        """Whether further errors would not be shown: nobody needs to look for what they might say."""
        return sum(item.severity == "error" for item in self.diagnostics) >= MAX_OF_A_SEVERITY

    @property
    def has_errors(self) -> bool:
        return any(item.severity == "error" for item in self.diagnostics)

    def sorted(self) -> list[Diagnostic]:
        return sorted(self.diagnostics, key=lambda item: (item.span, item.code, item.message))

    def to_text(self) -> str:
        """Everything collected, for people; empty if nothing is."""
        return "".join(self._one(item) for item in self.sorted())

    def to_json(self) -> str:
        """Everything collected, for programs."""
        return json.dumps({"diagnostics": [_as_json(item) for item in self.sorted()]}, indent=2) + "\n"

    def _one(self, item: Diagnostic) -> str:
        lines = [f"{_place(item.span)}: {item.severity}[{item.code}]: {_printable(item.message)}"]
        lines += self._excerpt(item.span, item.label)
        for note in item.notes:
            if note.span is None:
                lines.append(f"      = note: {_printable(note.message)}")
            else:
                lines.append(f"{_place(note.span)}: note: {_printable(note.message)}")
                lines += self._excerpt(note.span, "")
        lines.append(f"      = help: {_printable(item.help)}    (explain {item.code})" if item.help
                     else f"      = explain {item.code}")
        return "\n".join(lines) + "\n"

    def _excerpt(self, span: Span, label: str) -> list[str]:
        """The source line and the caret line; nothing if the text is unknown."""
        text = self.sources.get(span.file, [])
        if not 1 <= span.line <= len(text):
            return []
        source = _printable(text[span.line - 1])
        start = max(span.column - 1, 0)
        width = max(min(span.end_column - 1, len(source)) - start, 1)
        cut = max(0, start - MAX_SHOWN_COLUMNS // 2) if len(source) > MAX_SHOWN_COLUMNS else 0
        shown = source[cut : cut + MAX_SHOWN_COLUMNS]
        width = max(min(width, len(shown) - (start - cut)), 1)
        caret = " " * (start - cut) + "^" * width + (f" {_printable(label)}" if label else "")
        return [f"{span.line:5} | {shown}".rstrip(), f"      | {caret}"]


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The candidate that `name` most likely was meant to be; empty if none is close."""
    names = sorted(set(candidates))
    if len(names) > MAX_COMPARED:
        names = [item for item in names if item[:1] == name[:1] and abs(len(item) - len(name)) <= 2][:MAX_COMPARED]
    matches = difflib.get_close_matches(name[:80], names, n=1, cutoff=0.6)
    return matches[0] if matches else ""


def _place(span: Span) -> str:
    return f"{_printable(span.file)}:{span.line}:{span.column}"


def _printable(text: str) -> str:
    """One line without characters that a terminal would act on or that have no width of one column."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printable_character(character) for character in text)


def _printable_character(character: str) -> str:
    if character == "\t":
        return " "
    if unicodedata.category(character)[0] in "CMZ" and character != " ":
        return "?"
    return character


def _as_json(item: Diagnostic) -> dict[str, object]:
    return {
        "code": item.code,
        "severity": item.severity,
        "message": item.message,
        "place": _span_as_json(item.span),
        "label": item.label,
        "notes": [
            {"message": note.message, "place": _span_as_json(note.span) if note.span else None}
            for note in item.notes
        ],
        "help": item.help,
    }


def _span_as_json(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column, "end_column": span.end_column}
