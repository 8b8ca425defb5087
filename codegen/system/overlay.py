# SPDX-License-Identifier: MIT
"""`extends:` of system.yaml: a file that says only what is different from another one."""

from __future__ import annotations

import os
from pathlib import Path

from codegen.diagnostics import Note, Reporter, Span
from codegen.yaml.reader import read_file
from codegen.yaml.tree import Entry, Mapping, Scalar

MAX_FILES = 8


def read_with_bases(path: Path, reporter: Reporter) -> Mapping | None:
    """The map of a file laid over those that it extends, or None after a report."""
    layers: list[Mapping] = []
    seen: dict[Path, Span] = {}
    place: Span | None = None
    while True:
        identity = _identity(path)
        if place is not None and (identity in seen or len(seen) >= MAX_FILES):
            _report_circle(path, place, seen.get(identity), reporter)
            return None
        root = read_file(path, reporter, place)
        if root is None:
            return None
        seen[identity] = place or root.span
        layers.append(root)
        extends = root.find("extends")
        if extends is None:
            return _merge_all(layers, reporter)
        if not isinstance(extends.value, Scalar) or not isinstance(extends.value.value, str):
            reporter.error("SYS0007", "'extends' must be the path of a file", extends.value.span, help="write one path")
            return None
        place = extends.value.span
        path = Path(os.path.normpath(path.parent / extends.value.value))


def _identity(path: Path) -> Path:
    """The same for every way to write a path; a path that no file can have is its own."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path


def _merge_all(layers: list[Mapping], reporter: Reporter) -> Mapping:
    merged = layers[-1]
    for layer in reversed(layers[:-1]):
        merged = merge(merged, layer, reporter)
    return Mapping(merged.span, tuple(entry for entry in merged.entries if entry.key != "extends"))


def merge(base: Mapping, overlay: Mapping, reporter: Reporter) -> Mapping:
    """Maps are laid over each other key by key, anything else is replaced, and nothing (`key:`) removes."""
    entries = [_laid_over(entry, overlay.find(entry.key), reporter) for entry in base.entries]
    for entry in overlay.entries:
        if base.find(entry.key) is not None:
            continue
        if not _is_nothing(entry):
            entries.append(entry)
        else:
            reporter.error(
                "SYS0047",
                f"there is no '{entry.key[:40]}' to remove",
                entry.key_span,
                notes=[Note("the map that is extended starts here", base.span)],
                help="correct the name, or give it a value ({} for an instance that needs none)",
            )
    return Mapping(base.span, tuple(entry for entry in entries if entry is not None))


def _laid_over(entry: Entry, over: Entry | None, reporter: Reporter) -> Entry | None:
    if over is None:
        return entry
    if _is_nothing(over):
        return None
    if isinstance(entry.value, Mapping) and isinstance(over.value, Mapping):
        return Entry(entry.key, entry.key_span, merge(entry.value, over.value, reporter))
    return over


def _is_nothing(entry: Entry) -> bool:
    return isinstance(entry.value, Scalar) and entry.value.value is None


def _report_circle(path: Path, place: Span, first: Span | None, reporter: Reporter) -> None:
    if first is None:
        reporter.error("SYS0043", f"more than {MAX_FILES} files extend each other", place, help="join some of them")
        return
    reporter.error(
        "SYS0043",
        f"'{path}' extends itself",
        place,
        notes=[Note("it is read first because of this file", first)],
        help="the files must form a chain that ends with a whole system",
    )
