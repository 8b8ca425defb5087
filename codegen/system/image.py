# SPDX-License-Identifier: MIT
"""The image that a board boots: the kernel, init ready to map, and the initfs. Layout: kernel/boot/payload.hpp."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from codegen.board.model import PAGE
from codegen.diagnostics import Reporter, Span
from codegen.system.elf import Program, Segment
from codegen.system.formats import IMAGE_HEADER, IMAGE_MAGIC, MAX_SEGMENTS, PAYLOAD, PAYLOAD_MAGIC, SEGMENT
from codegen.system.layout import align

IMAGE_HEADER_OFFSET = 64
PAYLOAD_VERSION = 1
MAX_KERNEL = 16 << 20

# Linux's header of an image for arm64 or RISC-V: the boot loader reads how much memory the image takes.
LINUX_MAGICS = (b"ARM\x64", b"RSC\x05")
LINUX_MAGIC_OFFSET = 56
LINUX_SIZE_OFFSET = 16


@dataclass(frozen=True)
class Kernel:
    """`memory` is what it takes when it runs, zeroed data included; the payload goes behind that."""

    data: bytes
    memory: int


def read_kernel(path: Path, span: Span, reporter: Reporter) -> Kernel | None:
    """The kernel's raw binary, or None after a report. `span` is where to report."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_KERNEL else b""
    except (OSError, ValueError):
        data = b""
    problem = ""
    if len(data) < IMAGE_HEADER_OFFSET + IMAGE_HEADER.size:
        problem = "cannot be read, or is no kernel"
    elif not data.startswith(LINUX_MAGICS, LINUX_MAGIC_OFFSET):
        problem = "does not begin with the header of an arm64 or RISC-V image"
    elif not data.startswith(IMAGE_HEADER.pack(magic=IMAGE_MAGIC), IMAGE_HEADER_OFFSET):
        problem = "has no room for a payload, or has one already"
    if problem:
        help = "give the kernel.bin that was just built"
        reporter.error("SYS0039", f"the kernel '{path}' {problem}", span, help=help)
        return None
    (size,) = struct.unpack_from("<Q", data, LINUX_SIZE_OFFSET)
    if size > MAX_KERNEL:
        size = 0
    return Kernel(data, max(size, len(data)))


def image(kernel: Kernel, init: Program, initfs: bytes, cores: int) -> bytes:
    """The whole image. Precondition: init has at most MAX_SEGMENTS segments."""
    assert len(init.segments) <= MAX_SEGMENTS
    data = bytearray(kernel.data)
    data += bytes(kernel.memory - len(data))
    payload_at = align(data, PAGE)
    data += _payload(init, initfs, cores)
    total = align(data, PAGE)
    header = IMAGE_HEADER.pack(magic=IMAGE_MAGIC, payload_offset=payload_at, payload_size=total - payload_at)
    data[IMAGE_HEADER_OFFSET : IMAGE_HEADER_OFFSET + len(header)] = header
    struct.pack_into("<Q", data, LINUX_SIZE_OFFSET, total)
    return bytes(data)


def _payload(init: Program, initfs: bytes, cores: int) -> bytes:
    data = bytearray(PAGE)
    segments = []
    for segment in init.segments:
        begin, end = segment.pages()
        content = _from_page_start(segment)
        offset = align(data, PAGE)
        data += content
        segments.append(
            SEGMENT.pack(
                address=begin,
                memory_size=end - begin,
                offset=offset,
                file_size=len(content),
                rights=segment.rights,
            )
        )
    initfs_at = align(data, PAGE)
    header = PAYLOAD.pack(
        magic=PAYLOAD_MAGIC,
        version=PAYLOAD_VERSION,
        segment_count=len(segments),
        entry=init.entry,
        initfs_offset=initfs_at,
        initfs_size=len(initfs),
        core_count=cores,
        segments=b"".join(segments).ljust(SEGMENT.size * MAX_SEGMENTS, b"\0"),
    )
    data[: len(header)] = header
    return bytes(data) + initfs


def _from_page_start(segment: Segment) -> bytes:
    """The segment's bytes, preceded by zeros from the start of its first page."""
    return bytes(segment.address - segment.pages()[0]) + segment.data
