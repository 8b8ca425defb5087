# SPDX-License-Identifier: MIT
"""Replays the README's session: what it shows is what the system says, but for the numbers."""

from __future__ import annotations

import re

from tarn import boards, paths
from tests.harness import images, readme, shell
from tests.harness.machine import Machine

COMMAND = re.compile(r"^tarn:(\S+)\$ (.*)\n", re.MULTILINE)


def _alike(text: str) -> str:
    """The text without what differs from run to run: numbers, and the width of columns that depends on them."""
    return re.sub(r" +", " ", re.sub(r"\d+(\.\d+)?( [KM]iB| B)?", "N", text)).strip()


def test_the_session_is_what_happens() -> None:
    shown = readme.console_blocks(readme.section("A session"))[0]
    pieces = COMMAND.split(shown)
    steps = list(zip(pieces[2::3], pieces[3::3]))
    assert len(steps) >= 8
    board = "qemu-virt-aarch64"
    built = images.composed(paths.DEFAULT_SYSTEM, board)
    with Machine(boards.load(board), built.image) as machine:
        machine.expect(shell.PROMPT)
        for command, output in steps[:-1]:
            assert _alike(shell.run(machine, command)) == _alike(output), command
        machine.type(steps[-1][0] + "\n")
        machine.wait_for_end()
