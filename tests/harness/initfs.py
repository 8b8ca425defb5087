# SPDX-License-Identifier: MIT
"""Takes an image apart and puts it together with other files in its initfs, to see what a damaged one does.

Layout: kernel/boot/payload.hpp; the archive is cpio's newc, the last thing in the image.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

IMAGE_HEADER = struct.Struct("<QQQ")  # magic, payload offset, payload size
IMAGE_HEADER_AT = 64
IMAGE_MAGIC = int.from_bytes(b"TRNIMAGE", "little")
INITFS_AT = 24  # in Payload: offset and size of the initfs
CPIO_HEADER = 110
CPIO_MAGIC = b"070701"
TRAILER = "TRAILER!!!"
ELF_ENTRY_AT = 24


@dataclass(frozen=True)
class Entry:
    """A file of the archive. `fields` is the header behind the magic, as text."""

    name: str
    fields: bytes
    content: bytes

    def encoded(self) -> bytes:
        """The entry as the archive has it, with the size of the content it has now."""
        name = self.name.encode() + b"\0"
        fields = self.fields[:48] + b"%08X" % len(self.content) + self.fields[56:88] + b"%08X" % len(name) + b"0" * 8
        return _padded(CPIO_MAGIC + fields + name) + _padded(self.content)


@dataclass(frozen=True)
class Image:
    """An image whose initfs can be exchanged."""

    front: bytes
    entries: tuple[Entry, ...]

    def file(self, name: str) -> bytes:
        return next(entry.content for entry in self.entries if entry.name == name)

    def without(self, name: str) -> Image:
        self.file(name)
        return replace(self, entries=tuple(entry for entry in self.entries if entry.name != name))

    def with_file(self, name: str, content: bytes) -> Image:
        """The image with another content of a file it has."""
        self.file(name)
        return replace(self, entries=tuple(replace(entry, content=content) if entry.name == name else entry
                                           for entry in self.entries))

    def write(self, path: Path, *, damage: int | None = None) -> Path:
        """Writes the image; `damage` is an offset into the archive at which bytes are destroyed."""
        archive = bytearray(b"".join(entry.encoded() for entry in self.entries))
        if damage is not None:
            archive[damage:damage + 16] = b"\xA5" * 16
        front = bytearray(self.front)
        _, payload, _ = IMAGE_HEADER.unpack_from(front, IMAGE_HEADER_AT)
        struct.pack_into("<Q", front, payload + INITFS_AT + 8, len(archive))
        whole = bytes(front) + bytes(archive)
        path.write_bytes(whole + bytes(-len(whole) % 4096))
        return path


def load(path: Path) -> Image:
    content = path.read_bytes()
    magic, payload, _ = IMAGE_HEADER.unpack_from(content, IMAGE_HEADER_AT)
    assert magic == IMAGE_MAGIC, f"{path} is no image"
    offset, size = struct.unpack_from("<QQ", content, payload + INITFS_AT)
    start = payload + offset
    return Image(content[:start], tuple(_entries(content[start:start + size])))


def with_first_instruction(elf: bytes, instruction: int) -> bytes:
    """A program whose first instruction is another one."""
    entry, program_headers = struct.unpack_from("<QQ", elf, ELF_ENTRY_AT)
    entry_size, count = struct.unpack_from("<HH", elf, 54)
    for index in range(count):
        kind, _, offset, address, _, file_size = struct.unpack_from("<IIQQQQ", elf, program_headers + index * entry_size)
        if kind == 1 and address <= entry < address + file_size:
            at = offset + entry - address
            return elf[:at] + struct.pack("<I", instruction) + elf[at + 4:]
    raise AssertionError("the entry is in no segment")


def _entries(archive: bytes) -> list[Entry]:
    found: list[Entry] = []
    at = 0
    while not found or found[-1].name != TRAILER:
        assert archive[at:at + 6] == CPIO_MAGIC, f"no entry at {at}"
        fields = archive[at + 6:at + CPIO_HEADER]
        size, name_size = int(fields[48:56], 16), int(fields[88:96], 16)
        name = archive[at + CPIO_HEADER:at + CPIO_HEADER + name_size - 1].decode()
        data = at + CPIO_HEADER + name_size
        data += -data % 4
        found.append(Entry(name, fields, archive[data:data + size]))
        at = data + size
        at += -at % 4
    return found


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
