# SPDX-License-Identifier: MIT
"""A cpio archive (newc, the one that `cpio -t` and Linux's initramfs read). The same files give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = b"070701"
END = "TRAILER!!!"
FILE_MODE = 0o100644
PROGRAM_MODE = 0o100755


@dataclass(frozen=True)
class ArchiveFile:
    """A file: its path without a leading slash, its bytes."""

    path: str
    data: bytes
    is_program: bool = False


def archive(files: Sequence[ArchiveFile]) -> bytes:
    """The archive of `files`, in their order. No time, owner or host gets in."""
    data = bytearray()
    for number, file in enumerate(files, start=1):
        data += _entry(number, file.path, file.data, PROGRAM_MODE if file.is_program else FILE_MODE, links=1)
    return bytes(data + _entry(0, END, b"", 0, links=1))


def _entry(number: int, path: str, content: bytes, mode: int, links: int) -> bytes:
    name = path.encode("utf-8") + b"\0"
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0)
    head = MAGIC + b"".join(b"%08X" % value for value in fields) + name
    return _padded(head) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
