# SPDX-License-Identifier: MIT
"""Rules on how a file is written: names, numbers and ordinals, one function each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from codegen.diagnostics import Note, Reporter, Span
from codegen.idl import ast

MAX_ORDINAL = 4095
MAX_ERROR = 191
MAX_VERSION = 65535

_STYLES = {
    "type": (re.compile(r"[A-Z][A-Za-z0-9]*"), "CamelCase"),
    "member": (re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*"), "snake_case"),
    "constant": (re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"), "UPPER_CASE"),
}
# What the generated code declares beside the file's own names.
_TAKEN_TYPES = frozenset(("Client", "Dispatcher", "Event", "Events", "Interface"))
_TAKEN_METHODS = frozenset(("capability", "event_badge", "next_event", "notification_of", "on_notification", "ring",
                            "ring_of", "to_event", "valid"))


# Headers that are generated from something else, and namespaces that generated code names.
_TAKEN_FILES = frozenset(("env", "board_facts", "base", "idl", "os", "std"))
# What is generated from lamp.idl is lamp.hpp, lamp_types.hpp and so on.
_HEADERS = ("_types", "_client", "_server")


def check_text(tree: ast.Interface, complete: bool, reporter: Reporter) -> None:
    """Every rule on one interface; only in a `complete` one can a number be missing."""
    _file_name(tree, reporter)
    _documented(tree, reporter)
    _version(tree, reporter)
    _names(tree, reporter)
    _taken_names(tree, reporter)
    _unique_members(tree, reporter)
    _error_numbers(tree, reporter)
    _ordinals(tree, complete, reporter)


def file_name_problem(stem: str) -> tuple[str, str] | None:
    """What is wrong with the name of a file, less its ending, and what to do. It becomes a namespace and headers."""
    pattern, style = _STYLES["member"]
    header = next((suffix for suffix in _HEADERS if stem.endswith(suffix)), "")
    if not pattern.fullmatch(stem):
        better = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_0123456789") or "lamp"
        return f"is not {style}", f"rename it, such as {better}.idl: it becomes a namespace and the name of headers"
    if stem in _TAKEN_FILES:
        return "is taken", "rename it: generated code has a header or a namespace of this name"
    if header:
        return f"ends in '{header}'", f"rename it: {stem}.hpp is what is generated from {stem.removesuffix(header)}.idl"
    return None


def _file_name(tree: ast.Interface, reporter: Reporter) -> None:
    stem = Path(tree.name.span.file).stem
    problem = file_name_problem(stem)
    if problem is not None:
        reporter.error("IDL0049", f"the file's name '{stem}' {problem[0]}", tree.name.span, help=problem[1])


def _documented(tree: ast.Interface, reporter: Reporter) -> None:
    if not tree.doc:
        reporter.error("IDL0038", f"interface '{tree.name.text}' has no doc comment", tree.name.span,
                       help="say what it is for: /// Monotonic time and alarms.")


def _version(tree: ast.Interface, reporter: Reporter) -> None:
    for number in (tree.major, tree.minor):
        if number.value > MAX_VERSION:
            reporter.error("IDL0017", f"version number {number.value} is too large", number.span,
                           help=f"versions go up to {MAX_VERSION}")


def _names(tree: ast.Interface, reporter: Reporter) -> None:
    _styled(tree.name, "type", reporter)
    for member in tree.members:
        if isinstance(member, ast.Constant):
            _styled(member.name, "constant", reporter)
        elif isinstance(member, ast.Method):
            for name in (member.name, *(field.name for field in (*member.parameters, *member.results))):
                _styled(name, "member", reporter)
        elif not isinstance(member, ast.Reserved):
            _styled(member.name, "type", reporter)
            for name in _inner_names(member):
                _styled(name, "member", reporter)


def _inner_names(member: ast.Enumeration | ast.Struct | ast.ErrorSet) -> list[ast.Name]:
    if isinstance(member, ast.Enumeration):
        return [item.name for item in member.enumerators]
    if isinstance(member, ast.Struct):
        return [item.name for item in member.fields]
    return [item.name for item in member.entries]


def _styled(name: ast.Name, kind: str, reporter: Reporter) -> None:
    pattern, style = _STYLES[kind]
    if not pattern.fullmatch(name.text):
        reporter.error("IDL0010", f"'{name.text[:60]}' is not {style}", name.span,
                       help="types are CamelCase, members snake_case, constants UPPER_CASE")


def _taken_names(tree: ast.Interface, reporter: Reporter) -> None:
    """Names that the generated code has for itself."""
    made = {_camel(member.name.text) + suffix: member.name for member in tree.members
            if isinstance(member, ast.Method)
            for suffix in (("Event",) if member.kind is ast.MethodKind.EVENT else ("Result", "Answer"))}
    for member in tree.members:
        if isinstance(member, ast.Method):
            if member.name.text in _TAKEN_METHODS:
                reporter.error("IDL0039", f"generated code has '{member.name.text}' for itself", member.name.span,
                               help="choose another name")
        elif isinstance(member, (ast.Enumeration, ast.Struct, ast.ErrorSet)):
            origin = made.get(member.name.text)
            if member.name.text in _TAKEN_TYPES or origin is not None:
                notes = [Note("generated for this", origin.span)] if origin is not None else []
                reporter.error("IDL0039", f"generated code has '{member.name.text}' for itself", member.name.span,
                               notes=notes, help="choose another name")


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _unique_members(tree: ast.Interface, reporter: Reporter) -> None:
    _unique([item.name for item in tree.members if isinstance(item, ast.Method)], reporter)
    for member in tree.members:
        if isinstance(member, ast.Method):
            _unique([field.name for field in member.parameters], reporter)
            _unique([field.name for field in member.results], reporter)
        elif isinstance(member, (ast.Enumeration, ast.Struct, ast.ErrorSet)):
            _unique(_inner_names(member), reporter)
            if not _inner_names(member):
                reporter.error("IDL0041", f"'{member.name.text}' is empty", member.name.span,
                               help="write what it consists of, or leave it out")


def _unique(names: Iterable[ast.Name], reporter: Reporter) -> None:
    seen: dict[str, ast.Name] = {}
    for name in names:
        first = seen.setdefault(name.text, name)
        if first is not name:
            reporter.error("IDL0011", f"'{name.text}' is declared twice", name.span,
                           notes=[Note("the first is here", first.span)], help="rename one of them")
    spellings: dict[str, ast.Name] = {}
    for name in seen.values():
        first = spellings.setdefault(_camel(name.text), name)
        if first is not name:
            reporter.error("IDL0011", f"'{name.text}' and '{first.text}' are one name in C++", name.span,
                           notes=[Note("the first is here", first.span)], help=f"both become {_camel(name.text)}")


def distinct(values: Iterable[tuple[int, Span]], reporter: Reporter) -> None:
    """Reports a number that stands for two things."""
    seen: dict[int, Span] = {}
    for value, span in values:
        if value in seen:
            reporter.error("IDL0018", f"{value} is used twice", span, notes=[Note("first here", seen[value])],
                           help="give this one another number")
        else:
            seen[value] = span


def _error_numbers(tree: ast.Interface, reporter: Reporter) -> None:
    for member in tree.members:
        if isinstance(member, ast.ErrorSet):
            distinct([(entry.ordinal.value, entry.ordinal.span) for entry in member.entries], reporter)
            for entry in member.entries:
                if not 1 <= entry.ordinal.value <= MAX_ERROR:
                    reporter.error("IDL0021", f"{entry.ordinal.value} is not a possible error", entry.ordinal.span,
                                   help=f"errors are numbered 1 to {MAX_ERROR}")


def _ordinals(tree: ast.Interface, complete: bool, reporter: Reporter) -> None:
    """Ordinals are on the wire for ever: none is used twice, and a gap is said to be one."""
    reserved = [item for item in tree.members if isinstance(item, ast.Reserved)]
    used: dict[int, ast.Method] = {}
    for method in (item for item in tree.members if isinstance(item, ast.Method)):
        _ordinal(method, used, reserved, reporter)
    for item in reserved:
        if not 1 <= item.first.value <= item.last.value <= MAX_ORDINAL:
            reporter.error("IDL0021", f"{item.first.value}..{item.last.value} is not a range of ordinals",
                           item.first.span, help=f"ordinals are 1 to {MAX_ORDINAL}, the smaller first")
    if complete:
        _gaps(used, ast.MethodKind.EVENT, 16, reserved, reporter)
        _gaps(used, ast.MethodKind.CALL, 1, reserved, reporter)


def _ordinal(method: ast.Method, used: dict[int, ast.Method], reserved: list[ast.Reserved],
             reporter: Reporter) -> None:
    value = method.ordinal.value
    if not 1 <= value <= MAX_ORDINAL:
        reporter.error("IDL0021", f"{value} is not a possible ordinal", method.ordinal.span,
                       help=f"ordinals are 1 to {MAX_ORDINAL}")
        return
    if value in used:
        reporter.error("IDL0020", f"ordinal {value} is used twice", method.ordinal.span,
                       notes=[Note(f"by '{used[value].name.text}'", used[value].ordinal.span)],
                       help=f"the next free one is {_next_free(used, reserved)}")
        return
    used[value] = method
    for item in reserved:
        if item.first.value <= value <= item.last.value:
            reporter.error("IDL0023", f"ordinal {value} is reserved", method.ordinal.span,
                           notes=[Note("here", item.first.span)],
                           help="old clients may still use it: take another")


def _next_free(used: dict[int, ast.Method], reserved: list[ast.Reserved]) -> int:
    taken = (value in used or any(item.first.value <= value <= item.last.value for item in reserved)
             for value in range(1, MAX_ORDINAL + 1))
    return next((value for value, is_taken in enumerate(taken, start=1) if not is_taken), MAX_ORDINAL)


def _gaps(used: dict[int, ast.Method], kind: ast.MethodKind, first: int, reserved: list[ast.Reserved],
          reporter: Reporter) -> None:
    """Events, or everything else, in order from `first`."""
    is_event = kind is ast.MethodKind.EVENT
    expected = first
    for ordinal, method in sorted(used.items()):
        if (method.kind is ast.MethodKind.EVENT) != is_event:
            continue
        missing = [value for value in range(expected, ordinal) if value not in used
                   and not any(item.first.value <= value <= item.last.value for item in reserved)]
        if missing:
            text = str(missing[0]) if len(missing) == 1 else f"{missing[0]}..{missing[-1]}"
            what = "events begin at 16" if is_event and expected == first else "they are in order from 1"
            reporter.error("IDL0022", f"ordinals leave out {text} before '{method.name.text}'", method.ordinal.span,
                           help=f"{what}; a gap is written down: reserved {text};")
        expected = max(expected, ordinal + 1)
