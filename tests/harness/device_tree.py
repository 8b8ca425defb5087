# SPDX-License-Identifier: MIT
"""The device tree that QEMU makes for a board's machine, and changes to it."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tarn.boards import Board

# Tokens of the structure.
BEGIN_NODE, END_NODE, PROPERTY, END = 1, 2, 3, 9
# Offsets of words in the header.
TOTAL_SIZE, STRUCTURE_OFFSET, STRINGS_OFFSET, RESERVATIONS_OFFSET, STRUCTURE_SIZE = 4, 8, 12, 16, 36


@dataclass(frozen=True)
class DeviceTree:
    """A flattened tree."""

    content: bytes

    def with_text(self, old: str, new: str, *, node: str = "") -> DeviceTree:
        """Each value that is the text `old` becomes `new`, which is as long; or the first one from the node's name on."""
        before, after = (text.encode() + b"\0" for text in (old, new))
        start = self.content.index(node.encode() + b"\0") if node else 0
        assert len(before) == len(after) and before in self.content[start:]
        changed = self.content[start:].replace(before, after, 1 if node else -1)
        return DeviceTree(self.content[:start] + changed)

    def with_cells(self, name: str, old: list[int], new: list[int]) -> DeviceTree:
        """Each property of that name and value gets another value, which is as long."""
        before, after = self._property(name, old), self._property(name, new)
        assert len(before) == len(after) and before in self.content
        return DeviceTree(self.content.replace(before, after))

    def with_reservation(self, base: int, size: int) -> DeviceTree:
        """An entry more in the reservation block."""
        return self._with(struct.pack(">QQ", base, size), self._word(RESERVATIONS_OFFSET))

    def with_reserved_node(self, base: int, size: int) -> DeviceTree:
        """A node more in `/reserved-memory`, which the tree had not; its root has two cells for addresses and sizes."""
        node = b"".join([_begin("reserved-memory"), _begin(f"kept@{base:x}"),
                         self._property("reg", [base >> 32, base & 0xFFFFFFFF, size >> 32, size & 0xFFFFFFFF]),
                         struct.pack(">II", END_NODE, END_NODE)])
        # The last tokens are the ends of the root and of everything.
        last = struct.pack(">II", END_NODE, END)
        end = self.content.rindex(last, 0, self._word(STRUCTURE_OFFSET) + self._word(STRUCTURE_SIZE))
        changed = self._with(node, end)
        return changed._with_word(STRUCTURE_SIZE, changed._word(STRUCTURE_SIZE) + len(node))

    def _with(self, inserted: bytes, at: int) -> DeviceTree:
        """What is behind it moves, and the header says so."""
        changed = DeviceTree(self.content[:at] + inserted + self.content[at:])
        for offset in (STRUCTURE_OFFSET, STRINGS_OFFSET):
            if self._word(offset) >= at:
                changed = changed._with_word(offset, self._word(offset) + len(inserted))
        return changed._with_word(TOTAL_SIZE, self._word(TOTAL_SIZE) + len(inserted))

    def _word(self, offset: int) -> int:
        return int(struct.unpack_from(">I", self.content, offset)[0])

    def _with_word(self, offset: int, value: int) -> DeviceTree:
        return DeviceTree(self.content[:offset] + struct.pack(">I", value) + self.content[offset + 4:])

    def _property(self, name: str, cells: list[int]) -> bytes:
        strings = self._word(STRINGS_OFFSET)
        offset = self.content.index(b"\0" + name.encode() + b"\0", strings) + 1 - strings
        return struct.pack(f">{3 + len(cells)}I", PROPERTY, 4 * len(cells), offset, *cells)

    def write(self, file: Path) -> tuple[str, ...]:
        """Writes the tree; the options that have QEMU hand it on."""
        file.write_bytes(self.content)
        return "-dtb", str(file)


def _begin(name: str) -> bytes:
    """The token and the name of a node."""
    text = name.encode() + b"\0"
    return struct.pack(">I", BEGIN_NODE) + text + bytes(-len(text) % 4)


def of(board: Board, folder: Path) -> DeviceTree:
    """What QEMU would hand to the firmware of the board's machine."""
    file = folder / "original.dtb"
    subprocess.run([*board.qemu, "-display", "none", "-machine", f"dumpdtb={file}"], check=True, capture_output=True)
    return DeviceTree(file.read_bytes())
