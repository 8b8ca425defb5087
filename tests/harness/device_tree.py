# SPDX-License-Identifier: MIT
"""The device tree that QEMU makes for a board's machine, and changes to it that keep every size."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tarn.boards import Board

PROPERTY = 3
STRINGS_OFFSET = 12  # in the header: where the names of properties are


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

    def _property(self, name: str, cells: list[int]) -> bytes:
        strings = int(struct.unpack_from(">I", self.content, STRINGS_OFFSET)[0])
        offset = self.content.index(b"\0" + name.encode() + b"\0", strings) + 1 - strings
        return struct.pack(f">{3 + len(cells)}I", PROPERTY, 4 * len(cells), offset, *cells)

    def write(self, file: Path) -> tuple[str, ...]:
        """Writes the tree; the options that have QEMU hand it on."""
        file.write_bytes(self.content)
        return "-dtb", str(file)


def of(board: Board, folder: Path) -> DeviceTree:
    """What QEMU would hand to the firmware of the board's machine."""
    file = folder / "original.dtb"
    subprocess.run([*board.qemu, "-display", "none", "-machine", f"dumpdtb={file}"], check=True, capture_output=True)
    return DeviceTree(file.read_bytes())
