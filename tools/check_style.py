#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks what clang-format, clang-tidy and mypy do not: headers of files, lengths, words that must not stay.

The length of C++ functions is clang-tidy's to check.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import tracked
from tracked import ROOT

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
LICENCE = "SPDX-License-Identifier: MIT"
CODE = (".hpp", ".cpp", ".S", ".ld", ".py", ".cmake", ".j2")
CXX = (".hpp", ".cpp")
# Files that are data or text: their length says nothing.
UNMEASURED = (".md", ".err", ".txt", ".json", ".yaml", ".idl")
# Spelled in pieces, so that this file passes its own check.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|(?i:not (yet )?implem" r"ented|unimplem" r"ented)")
# Inputs that are wrong on purpose, and what was generated.
NOT_OURS = re.compile(r"/(negative|goldens)/")
CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|else)\b")
C_CAST_OF_NULL = re.compile(r"\bNULL\b")


def has_own_header(name: str) -> bool:
    """Whether a source has a header of its name, which then says what both are for."""
    return name.endswith(".cpp") and (ROOT / name).with_suffix(".hpp").is_file()


def check_licence(name: str, lines: list[str]) -> Iterable[str]:
    if name.endswith((*CODE, "CMakeLists.txt")) and not any(LICENCE in line for line in lines[:2]):
        yield f"{name}:1: the first line names the licence: {LICENCE}"


def check_description(name: str, lines: list[str]) -> Iterable[str]:
    if name.endswith(CXX) and not has_own_header(name) and not any(line.startswith("///") for line in lines[:4]):
        yield f"{name}:2: a paragraph of /// says what the file is for"
    if name.endswith(".hpp") and "#pragma once" not in lines:
        yield f"{name}:1: #pragma once is missing"
    if name.endswith(".py") and not any(line.startswith('"""') for line in lines[:4]):
        yield f"{name}:2: a docstring says what the file is for"


def check_length(name: str, lines: list[str]) -> Iterable[str]:
    if not name.endswith(UNMEASURED) and not NOT_OURS.search(name) and len(lines) > MAX_FILE_LINES:
        yield f"{name}:{len(lines)}: longer than {MAX_FILE_LINES} lines"


def check_functions(name: str, lines: list[str]) -> Iterable[str]:
    if not name.endswith(".py"):
        return
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} is {length} lines long, at most {MAX_FUNCTION_LINES}"


def check_words(name: str, lines: list[str]) -> Iterable[str]:
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: unfinished: {line.strip()[:60]}"
        if name.endswith(CXX) and C_CAST_OF_NULL.search(line):
            yield f"{name}:{number}: nullptr"


def check_conditionals(name: str, lines: list[str]) -> Iterable[str]:
    if not name.endswith((*CXX, ".S")) or name.startswith("base/"):
        return
    for number, line in enumerate(lines, 1):
        if CONDITIONAL.match(line):
            yield f"{name}:{number}: variation is by file, type or concept, not by #if"


CHECKS: tuple[Callable[[str, list[str]], Iterable[str]], ...] = (
    check_licence, check_description, check_length, check_functions, check_words, check_conditionals)


def violations(path: Path, root: Path = ROOT) -> Iterable[str]:
    """Everything wrong with one file, as "file:line: what"."""
    name = str(path.relative_to(root))
    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:  # data
        return
    for check in CHECKS:
        yield from check(name, lines)


def main() -> int:
    line = tracked.parser(__doc__)
    files = tracked.chosen(line, line.parse_args(), lambda name: not NOT_OURS.search(name))
    found = [line for path in files for line in violations(path)]
    print("".join(f"{line}\n" for line in found), end="")
    print(f"{len(files)} files, {len(found)} faults of style", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
