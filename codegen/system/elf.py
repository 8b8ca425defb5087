# SPDX-License-Identifier: MIT
"""Reads static executables. Every number in a file is checked before it is used; a file that init or the kernel
would refuse is refused here, with the reason."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from codegen.board.model import PAGE

MACHINES = {"aarch64": 183, "riscv64": 243}

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
IDENTIFICATION = b"\x7fELF\x02\x01\x01"  # 64 bits, little endian, version 1
EXECUTABLE = 2
LOAD = 1
INTERPRETER = 3
MAX_SEGMENTS = 8
EXECUTE, WRITE, READ = 1, 2, 4

USER_BEGIN = 0x0020_0000  # above the startup page
USER_END = 0x01_0000_0000  # below the heap
ABI_READ, ABI_WRITE, ABI_EXECUTE = 1, 2, 4
RIGHTS = {READ: ABI_READ, WRITE: ABI_WRITE, EXECUTE: ABI_EXECUTE}


class ElfError(Exception):
    """Why a file cannot be used; the message ends a sentence that begins with its name."""


@dataclass(frozen=True)
class Segment:
    """Bytes at an address; what is beyond `data` up to `memory_size` is zero. `rights` as in abi::rights."""

    address: int
    memory_size: int
    data: bytes
    rights: int

    def pages(self) -> tuple[int, int]:
        """The first page and the end of the last."""
        return self.address // PAGE * PAGE, -(-(self.address + self.memory_size) // PAGE) * PAGE


@dataclass(frozen=True)
class Program:
    entry: int
    segments: tuple[Segment, ...]

    @property
    def memory(self) -> int:
        """Bytes of the pages it takes when it is loaded."""
        return sum(end - begin for begin, end in (segment.pages() for segment in self.segments))


def read_program(data: bytes, arch: str) -> Program:
    """A static executable for `arch`; raises ElfError."""
    if len(data) < HEADER.size:
        raise ElfError("is too short for an ELF header")
    fields = HEADER.unpack_from(data)
    identification, kind, machine, version, entry, headers_at = fields[:6]
    entry_size, count = fields[9:11]
    if not identification.startswith(IDENTIFICATION) or version != 1:
        raise ElfError("is not a little-endian 64-bit ELF file")
    if machine != MACHINES[arch]:
        raise ElfError(f"is for machine {machine}, not for {arch} ({MACHINES[arch]})")
    if kind != EXECUTABLE:
        raise ElfError("is not a static executable (link it with -static -no-pie)")
    if entry_size != PROGRAM_HEADER.size or headers_at + count * entry_size > len(data):
        raise ElfError("has its program headers outside of the file: it is cut short or damaged")
    headers = [PROGRAM_HEADER.unpack_from(data, headers_at + index * entry_size) for index in range(count)]
    if any(header[0] == INTERPRETER for header in headers):
        raise ElfError("wants a dynamic linker (link it with -static)")
    segments = tuple(_segment(data, header) for header in headers if header[0] == LOAD and header[6])
    _check(segments, entry)
    return Program(entry, segments)


def _segment(data: bytes, header: tuple[int, ...]) -> Segment:
    _, flags, offset, address, _, file_size, memory_size, _ = header
    if file_size > memory_size or offset + file_size > len(data):
        raise ElfError(f"has a segment at {address:#x} that is not all in the file: it is cut short or damaged")
    if not USER_BEGIN <= address <= address + memory_size <= USER_END:
        raise ElfError(f"has a segment at {address:#x} outside of {USER_BEGIN:#x} to {USER_END:#x}")
    if flags & WRITE and flags & EXECUTE:
        raise ElfError(f"has a segment at {address:#x} that is both writable and executable")
    rights = sum(right for flag, right in RIGHTS.items() if flags & flag)
    return Segment(address, memory_size, data[offset : offset + file_size], rights)


def _check(segments: tuple[Segment, ...], entry: int) -> None:
    if not segments:
        raise ElfError("has nothing to load")
    if len(segments) > MAX_SEGMENTS:
        raise ElfError(f"has {len(segments)} segments, at most {MAX_SEGMENTS} are possible")
    ordered = sorted(segments, key=lambda segment: segment.address)
    for before, after in zip(ordered, ordered[1:]):
        if after.pages()[0] < before.pages()[1]:
            raise ElfError(f"has segments at {before.address:#x} and {after.address:#x} that share a page")
    if not any(
        segment.rights & ABI_EXECUTE and segment.address <= entry < segment.address + segment.memory_size
        for segment in segments
    ):
        raise ElfError(f"has its entry {entry:#x} outside of its code")
