# SPDX-License-Identifier: MIT
"""Images that are damaged: what is wrong is reported by name, and the rest of the system runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tarn import paths
from tests.harness import images, initfs
from tests.harness.initfs import Image
from tests.harness.machine import Machine
from tests.harness.shell import PROMPT

UNDEFINED_INSTRUCTION = 0
VICTIM = "bin/hello"


def _boot(board: str, folder: Path, change: Callable[[Image], Image], *, damage: int | None = None) -> Machine:
    built = images.composed(paths.DEFAULT_SYSTEM, board)
    path = change(initfs.load(built.image)).write(folder / built.board.image, damage=damage)
    return Machine(built.board, path)


def _reports(machine: Machine, *patterns: str) -> None:
    """The reports come in any order, with the shell's first prompt among or after them."""
    machine.expect(PROMPT)
    machine.type("echo still here\n")
    machine.expect(r"\nstill here")
    for pattern in patterns:
        assert re.search(pattern, machine.transcript), f"no {pattern!r} in:\n{machine.transcript}"


def _truncated(image: Image) -> Image:
    content = image.file(VICTIM)
    return image.with_file(VICTIM, content[:len(content) // 2])


@pytest.mark.parametrize(("change", "reports"), [
    (lambda image: image.without(VICTIM), [r"hello\b.*bin/hello"]),
    (_truncated, [r"hello\b"]),
    (lambda image: image.with_file(VICTIM, b""), [r"hello\b"]),
    (lambda image: image.with_file(VICTIM, b"#!/bin/sh\n"), [r"hello\b"]),
    (lambda image: image.with_file(VICTIM, initfs.with_first_instruction(image.file(VICTIM), UNDEFINED_INSTRUCTION)),
     [r"hello\b.*(undefined|instruction)", r"(?i)pc|at 0x"]),
], ids=["missing-program", "truncated-program", "empty-program", "script-for-program", "faults-at-once"])
def test_one_bad_program_is_reported_and_the_rest_runs(
        board: str, tmp_path: Path, change: Callable[[Image], Image], reports: list[str]) -> None:
    with _boot(board, tmp_path, change) as machine:
        _reports(machine, *reports)


def test_a_manifest_that_was_changed_is_refused(board: str, tmp_path: Path) -> None:
    def flip(image: Image) -> Image:
        manifest = bytearray(image.file("manifest"))
        manifest[len(manifest) // 2] ^= 1
        return image.with_file("manifest", bytes(manifest))

    with _boot(board, tmp_path, flip) as machine:
        machine.expect(r"(?i)manifest[^\n]*(damaged|checksum|crc)")


def test_an_archive_destroyed_at_its_start_is_refused(board: str, tmp_path: Path) -> None:
    with _boot(board, tmp_path, lambda image: image, damage=0) as machine:
        machine.expect(r"(?i)initfs[^\n]*damaged|manifest[^\n]*(missing|no |not )")


def test_an_archive_destroyed_in_the_middle_still_starts_what_is_before(board: str, tmp_path: Path) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, board)
    entries = initfs.load(built.image).entries
    last = entries[-2]  # the trailer is the last
    at = sum(len(entry.encoded()) for entry in entries[:-2])
    with _boot(board, tmp_path, lambda image: image, damage=at) as machine:
        machine.expect(r"(?i)" + re.escape(Path(last.name).name) + r"|initfs")
