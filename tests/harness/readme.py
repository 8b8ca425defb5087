# SPDX-License-Identifier: MIT
"""Reads what the README promises, so that tests can hold it to that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tarn import paths

FILE_BLOCK = re.compile(r"`([\w./]+)`:\n\n```\w*\n(.*?)```", re.DOTALL)
CONSOLE_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class FileStep:
    """A file that a reader is told to write, or to add to the end of."""

    path: str
    text: str
    adds: bool


def section(title: str) -> str:
    """The text below a heading, up to the next of its rank."""
    text = (paths.ROOT / "README.md").read_text()
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section {title!r}"
    return found[1]


def file_steps(text: str) -> list[FileStep]:
    """What a reader writes, in order."""
    return [FileStep(match[1], match[2], "to the end of " in text[:match.start(1)].splitlines()[-1])
            for match in FILE_BLOCK.finditer(text)]


def console_blocks(text: str) -> list[str]:
    """What a reader sees."""
    return CONSOLE_BLOCK.findall(text)
