# SPDX-License-Identifier: MIT
"""The executables of a system: one for each component that it has, and init's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.diagnostics import Note, Reporter, Span
from codegen.system.elf import ElfError, Program, read_program
from codegen.system.formats import MAX_SEGMENTS
from codegen.system.system import INIT, System

MAX_PROGRAM = 64 << 20


@dataclass(frozen=True)
class Executable:
    """A program and the file it is in."""

    name: str
    data: bytes
    program: Program


def read_programs(system: System, folder: Path, reporter: Reporter) -> Mapping[str, Executable] | None:
    """The programs by the names of their components, in order; None after a report if one cannot be used."""
    wanted: dict[str, Span] = {INIT: system.composition.span}
    for member in system.members:
        wanted.setdefault(member.component.name, member.instance.binary.span)
    found = {name: _read(name, folder, system.board.arch, span, reporter) for name, span in sorted(wanted.items())}
    init = found[INIT]
    if init is not None and len(init.program.segments) > MAX_SEGMENTS:
        problem = f"has more than {MAX_SEGMENTS} segments, the kernel maps no more"
        _report(init.name, folder, problem, wanted[INIT], reporter)
        return None
    executables = {name: item for name, item in found.items() if item is not None}
    return executables if len(executables) == len(found) else None


def _read(name: str, folder: Path, arch: str, span: Span, reporter: Reporter) -> Executable | None:
    path = folder / name
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_PROGRAM else b""
    except (OSError, ValueError) as error:
        reporter.error(
            "SYS0037",
            f"the program of '{name}' is missing: '{path}' cannot be read",
            span,
            notes=[Note(str(getattr(error, "strerror", None) or error))],
            help="build it, or give the folder of the programs with --programs",
        )
        return None
    try:
        if size > MAX_PROGRAM:
            raise ElfError("is larger than 64 MiB")
        return Executable(name, data, read_program(data, arch))
    except ElfError as error:
        _report(name, folder, str(error), span, reporter)
        return None


def _report(name: str, folder: Path, problem: str, span: Span, reporter: Reporter) -> None:
    reporter.error(
        "SYS0038",
        f"the program of '{name}' cannot be started: '{folder / name}' {problem}",
        span,
        help="build it again; tarn_component() in its CMakeLists.txt sets what is needed",
    )
