# SPDX-License-Identifier: MIT
"""Reads what `size` reports from ELF files: the sections that take memory."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

ALLOCATED = 2
WRITABLE = 1
EXECUTABLE = 4
NO_BITS = 8


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    flags: int
    size: int


@dataclass(frozen=True)
class Sizes:
    """Bytes of a program: instructions, those of them that only start it (section .boot), read-only data,
    initialised data, zeroed data."""

    text: int
    boot: int
    rodata: int
    data: int
    bss: int


def sections(path: Path) -> list[Section]:
    """The sections of a 64-bit little-endian ELF file. Raises ValueError if it is not one."""
    content = path.read_bytes()
    if content[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is not a 64-bit little-endian ELF file")
    offset, entry_size, count, names_index = struct.unpack_from("<40xQ10xHHH", content)
    headers = [struct.unpack_from("<IIQQQQ", content, offset + index * entry_size) for index in range(count)]
    names = content[headers[names_index][4]:][:headers[names_index][5]]
    return [Section(names[name:names.index(0, name)].decode(), kind, flags, size)
            for name, kind, flags, _, _, size in headers]


def sizes(path: Path) -> Sizes:
    """What a program takes when it is loaded."""
    loaded = [section for section in sections(path) if section.flags & ALLOCATED]
    executable = sum(section.size for section in loaded if section.flags & EXECUTABLE)
    boot = sum(section.size for section in loaded if section.flags & EXECUTABLE and section.name == ".boot")
    bss = sum(section.size for section in loaded if section.kind == NO_BITS)
    data = sum(section.size for section in loaded
               if section.flags & WRITABLE and not section.flags & EXECUTABLE and section.kind != NO_BITS)
    rodata = sum(section.size for section in loaded) - executable - bss - data
    return Sizes(executable - boot, boot, rodata, data, bss)
