# SPDX-License-Identifier: MIT
"""A small project of its own for tests of the composer: components, interfaces and a board that nobody edits but the
tests, and programs and a kernel that are just good enough to go into an image."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from codegen.diagnostics import Reporter
from codegen.system.build import Output, build
from codegen.system.compose import check_system_file, compose
from codegen.system.elf import HEADER, PROGRAM_HEADER

FOLDER = Path(__file__).parent
PROJECT = FOLDER / "project"
NEGATIVE = FOLDER / "negative"

KERNEL = Path("kernel.bin")
PROGRAMS = Path("programs")
CODE_ADDRESS = 0x40_0000
DATA_ADDRESS = 0x50_0000


def make_kernel(size: int = 6000, memory: int = 20000) -> bytes:
    """A kernel.bin without kernel: the headers that the composer looks at."""
    data = bytearray(size)
    struct.pack_into("<Q", data, 16, memory)
    data[56:60] = b"ARM\x64"
    data[64:72] = b"TRNIMAGE"
    return bytes(data)


def make_program(machine: int = 183, kind: int = 2, entry: int = CODE_ADDRESS, flags: int = 5) -> bytes:
    """An ELF file with a page of code, and a page of data that is mostly zero."""
    code, data = b"\x1f\x20\x03\xd5" * 8, b"data"
    offset = HEADER.size + 2 * PROGRAM_HEADER.size
    identification = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header = HEADER.pack(identification, kind, machine, 1, entry, HEADER.size, 0, 0, 64, 56, 2, 0, 0, 0)
    headers = PROGRAM_HEADER.pack(1, flags, offset, CODE_ADDRESS, CODE_ADDRESS, len(code), len(code), 4096)
    headers += PROGRAM_HEADER.pack(1, 6, offset + len(code), DATA_ADDRESS, DATA_ADDRESS, len(data), 9000, 4096)
    return header + headers + code + data


def lay_out(folder: Path) -> None:
    """Copies the project into an empty folder and makes a kernel and all programs."""
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    (folder / KERNEL).write_bytes(make_kernel())
    (folder / PROGRAMS).mkdir()
    for component in (folder / "components").iterdir():
        (folder / PROGRAMS / component.name).write_bytes(make_program())


def check(path: str, board: str | None = None) -> Reporter:
    """What the composer says of a file in the working folder, which is a project."""
    reporter = Reporter()
    check_system_file(Path(path), board, reporter, Path("."))
    return reporter


def image(path: str, board: str | None = None) -> tuple[Reporter, dict[str, bytes]]:
    """What the composer makes of it."""
    reporter = Reporter()
    system = compose(Path(path), board, reporter, Path("."))
    outputs: tuple[Output, ...] | None = None
    if system is not None and not reporter.has_errors:
        outputs = build(system, KERNEL, PROGRAMS, reporter)
    return reporter, {output.name: output.data for output in outputs or ()}
