# SPDX-License-Identifier: MIT
"""Files to syntax trees: the named files, and those they import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from codegen.diagnostics import Reporter, Span, did_you_mean
from codegen.idl import ast
from codegen.idl.parser import parse
from codegen.text import lines_ended, read_bytes

MAX_FILE_SIZE = 256 << 10


@dataclass(frozen=True)
class Source:
    """One file. `imports` maps the name of an import to the path of its file."""

    path: str
    module: str
    tree: ast.File
    imports: dict[str, str]


def load(paths: Iterable[str], reporter: Reporter) -> dict[str, Source]:
    """All files by path, the named ones first, in order. Those that cannot be read are reported and missing."""
    sources: dict[str, Source] = {}
    known: dict[Path, str] = {}
    waiting = [(path, Span(path, 1, 1, 2)) for path in paths]
    for path, _ in waiting:
        known.setdefault(_identity(path), path)
    while waiting:
        path, wanted_at = waiting.pop(0)
        if path in sources or (text := _read(path, wanted_at, reporter)) is None:
            continue
        tree = parse(path, text, reporter)
        imports: dict[str, str] = {}
        for name in tree.imports:
            imported = str(Path(path).parent / f"{name.text}.idl")
            imported = known.setdefault(_identity(imported), imported)
            if not Path(imported).is_file():
                _missing_import(path, name, reporter)
            elif _identity(imported) != _identity(path):
                imports[name.text] = imported
                waiting.append((imported, name.span))
        sources[path] = Source(path, Path(path).stem, tree, imports)
    return sources


def _identity(path: str) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, RuntimeError, ValueError):
        return Path(path)


def _read(path: str, wanted_at: Span, reporter: Reporter) -> str | None:
    try:
        content = read_bytes(Path(path), MAX_FILE_SIZE)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no file"
        reporter.error("IDL0001", f"cannot read '{path}': {reason}", wanted_at,
                       help="create the file or correct the path")
        return None
    if len(content) > MAX_FILE_SIZE:
        reporter.error("IDL0001", f"cannot read '{path}': larger than 256 KiB", wanted_at,
                       help="is this the right file? An interface that large is better cut into several")
        return None
    try:
        return lines_ended(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        reporter.error("IDL0002", f"byte 0x{content[error.start]:02X} is not UTF-8", Span(path, line, column, column + 1),
                       help="save the file as UTF-8")
        return None


def _missing_import(path: str, name: ast.Name, reporter: Reporter) -> None:
    folder = Path(path).parent
    try:
        stems = [file.stem for file in folder.glob("*.idl")]
    except OSError:
        stems = []
    meant = did_you_mean(name.text, stems)
    reporter.error("IDL0014", f"there is no file '{folder / name.text}.idl'", name.span,
                   help=f"did you mean '{meant}'?" if meant else "an import names a file of the same folder")
