# SPDX-License-Identifier: MIT
"""Reading text: files of a bounded size, lines whoever ended them, and characters that are not what they look like."""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path


def read_bytes(path: Path, most: int) -> bytes:
    """What a file holds, of a larger one `most` bytes and one more. Raises OSError, or ValueError for what is no file; it
    never waits, as for the other end of a pipe."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ValueError(f"{path} is no file")
    with path.open("rb") as file:
        return file.read(most + 1)


def lines_ended(text: str) -> str:
    """The text with every line ended by a line feed alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def named(character: str) -> str:
    """A character by its number and name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def shown(character: str) -> str:
    """A character as it is if it can be seen, otherwise its number and name."""
    return f"'{character}'" if character.isprintable() else named(character)
