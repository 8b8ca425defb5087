# SPDX-License-Identifier: MIT
"""Text to tree. Builds it from the parser's events itself, so that depth and size are bounded and every mistake
has a place; the YAML library's own constructors are not used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from codegen.diagnostics import Note, Reporter, Span
from codegen.text import lines_ended, read_bytes
from codegen.yaml.tree import Entry, Mapping, Node, Scalar, Sequence, Value

MAX_BYTES = 256 << 10
MAX_VALUES = 10_000
MAX_DEPTH = 16

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*|0x[0-9A-Fa-f][0-9A-Fa-f_]*|0b[01][01_]*)")
NOTHING = ("", "~", "null")


def read_file(path: Path, reporter: Reporter, wanted_by: Span | None = None) -> Mapping | None:
    """The map that a file holds. Reports and answers None if it cannot be read or is not YAML.

    `wanted_by` is the place that names the file, if there is one.
    """
    text = read_text(path, reporter, wanted_by)
    return None if text is None else parse(str(path), text, reporter)


def read_text(path: Path, reporter: Reporter, wanted_by: Span | None = None) -> str | None:
    """The text of a file; reports SYS0002 and answers None if it cannot be read."""
    place = wanted_by or Span(str(path), 1, 1, 1)
    try:
        data = read_bytes(path, MAX_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file"
        reporter.error("SYS0002", f"cannot read '{path}': {reason}", place, help="create the file or correct the path")
        return None
    if len(data) > MAX_BYTES:
        reporter.error("SYS0002", f"cannot read '{path}': larger than 256 KiB", place, help="is this the right file?")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reporter.error("SYS0001", "this is not UTF-8 text", Span(str(path), line, 1, 2), help="save the file as UTF-8")
        return None


def parse(file: str, text: str, reporter: Reporter) -> Mapping | None:
    """The map that `text` holds; reports and answers None if it is anything else."""
    text = lines_ended(text)
    reporter.add_source(file, text)
    builder = _Builder(file, reporter)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not builder.take(event):
                return None
    except MarkedYAMLError as error:
        _report_marked(file, error, reporter)
        return None
    except ReaderError as error:
        _report_unreadable(file, text, error.position, reporter)
        return None
    except Exception as error:  # noqa: BLE001 -- a foreign parser: whatever it throws is a mistake in the text
        place = Span(file, builder.line, 1, 2)
        reporter.error("SYS0001", f"badly formed YAML: {error}", place, help="look at this line and those after it")
        return None
    return _root_map(file, builder.root, reporter)


def _root_map(file: str, root: Node | None, reporter: Reporter) -> Mapping | None:
    if isinstance(root, Mapping):
        return root
    place = root.span if root is not None else Span(file, 1, 1, 2)
    reporter.error("SYS0007", "the file must hold a map", place, help="start with 'schema: 1'")
    return None


def _report_marked(file: str, error: MarkedYAMLError, reporter: Reporter) -> None:
    mark = error.problem_mark or error.context_mark
    place = _point(file, mark) if mark is not None else Span(file, 1, 1, 2)
    notes: tuple[Note, ...] = ()
    if error.context and error.context_mark is not None and error.problem_mark is not None:
        notes = (Note(str(error.context), _point(file, error.context_mark)),)
    problem = error.problem or error.context or "unreadable"
    reporter.error(
        "SYS0001",
        f"badly formed YAML: {problem}",
        place,
        notes=notes,
        help="indent with spaces, close every bracket and quote, write 'key: value' with a space",
    )


def _report_unreadable(file: str, text: str, position: object, reporter: Reporter) -> None:
    offset = position if isinstance(position, int) else 0
    before = text[:offset]
    column = offset - (before.rfind("\n") + 1) + 1
    place = Span(file, before.count("\n") + 1, column, column + 1)
    reporter.error("SYS0001", "badly formed YAML: a control character", place, help="remove it")


def _point(file: str, mark: Any) -> Span:
    return Span(file, mark.line + 1, mark.column + 1, mark.column + 2)


@dataclass
class _Open:
    """A map or list that has begun and not ended."""

    span: Span
    is_map: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    key: Scalar | None = None
    first: dict[str, Entry] = field(default_factory=dict)

    def close(self) -> Node:
        if self.is_map:
            return Mapping(self.span, tuple(self.entries))
        return Sequence(self.span, tuple(self.items))


class _Builder:
    """Puts events together. `take` answers False when there is no point in going on."""

    def __init__(self, file: str, reporter: Reporter) -> None:
        self.root: Node | None = None
        self.line = 1
        self._file = file
        self._reporter = reporter
        self._open: list[_Open] = []
        self._documents = 0
        self._values = 0

    def take(self, event: Any) -> bool:
        kind = type(event).__name__
        if getattr(event, "start_mark", None) is not None:
            self.line = event.start_mark.line + 1
        if kind == "DocumentStartEvent":
            self._documents += 1
            return self._documents == 1 or self._refuse(event, "a second document", "one document a file")
        if kind == "AliasEvent":
            return self._refuse(event, "an alias", "write the value out")
        if getattr(event, "anchor", None) is not None:
            return self._refuse(event, "an anchor", "write the value where it is needed")
        if getattr(event, "tag", None) is not None:
            return self._refuse(event, "a tag", "leave the tag out; the key says what the value is")
        if kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self._values += 1
            if self._values > MAX_VALUES:
                return self._refuse(event, f"more than {MAX_VALUES} keys and values", "is this the right file?")
            return self._place(self._scalar(event)) if kind == "ScalarEvent" else self._begin(event, kind[0] == "M")
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            return self._place(self._open.pop().close())
        return True

    def _begin(self, event: Any, is_map: bool) -> bool:
        if len(self._open) >= MAX_DEPTH:
            return self._refuse(event, f"more than {MAX_DEPTH} levels", "nothing here nests so deeply")
        if self._open and self._open[-1].is_map and self._open[-1].key is None:
            return self._refuse(event, "a map or list as a key", "keys are names")
        self._open.append(_Open(_point(self._file, event.start_mark), is_map))
        return True

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark, event.end_mark
        last = end.column if end.line == start.line else start.column + 1
        span = Span(self._file, start.line + 1, start.column + 1, max(last, start.column + 1) + 1)
        text: str = event.value
        return Scalar(span, _resolve(text) if event.implicit[0] else text, text)

    def _place(self, node: Node) -> bool:
        if not self._open:
            self.root = node
            return True
        parent = self._open[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            assert isinstance(node, Scalar)
            return self._set_key(parent, node)
        else:
            if isinstance(node, Scalar) and node.text == "":
                node = Scalar(parent.key.span, node.value, node.text)
            if parent.key.text not in parent.first:
                entry = Entry(parent.key.text, parent.key.span, node)
                parent.first[entry.key] = entry
                parent.entries.append(entry)
            parent.key = None
        return True

    def _set_key(self, parent: _Open, key: Scalar) -> bool:
        if key.text == "<<":
            return self._refuse_at(key.span, "a merge key", "use 'extends:' in system.yaml, or write the values out")
        parent.key = key
        first = parent.first.get(key.text)
        if first is not None:
            self._reporter.error(
                "SYS0003",
                f"'{key.text}' is here twice",
                key.span,
                notes=[Note("the first is here", first.key_span)],
                help="keep one of them",
            )
        return True

    def _refuse(self, event: Any, what: str, instead: str) -> bool:
        return self._refuse_at(_point(self._file, event.start_mark), what, instead)

    def _refuse_at(self, span: Span, what: str, instead: str) -> bool:
        self._reporter.error("SYS0004", f"{what} is not allowed in this file", span, help=instead)
        return False


def _resolve(text: str) -> Value:
    """The value of a plain scalar, by the rules of YAML 1.2's core schema less floating point."""
    if text in NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    if INTEGER.fullmatch(text) and len(text) <= 80:
        return int(text.replace("_", ""), 0)
    return text
