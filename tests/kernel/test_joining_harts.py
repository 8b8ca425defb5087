# SPDX-License-Identifier: MIT
"""Harts of a RISC-V machine that do not come as they have been started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tarn import paths
from tests.harness import images
from tests.harness.debugger import Debugger, symbol
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test
from tests.harness.shell import PROMPT

BOARD = "qemu-virt-riscv64"
FOUR_CORES = paths.ROOT / "tests" / "scenarios" / "systems" / "four-cores.yaml"
TOOLS = "riscv64-linux-gnu-"
IMAGE = 0x8020_0000
MISSING = "the machine does not have its core"
# In the order of the debugger's protocol.
ARGUMENT = 11
PROGRAM_COUNTER = 32


@contextmanager
def at_the_first_hart_that_joins(folder: Path) -> Iterator[tuple[Machine, Debugger]]:
    """The machine stands still when a hart is about to execute its first instruction of the kernel. It goes on after."""
    built = images.composed(FOUR_CORES, BOARD)
    entry = IMAGE + symbol(BOARD, TOOLS, "enter_other_core") - symbol(BOARD, TOOLS, "image_head")
    path = folder / "debugger"
    with (Machine(built.board, built.image, options=Debugger.options(path)) as machine, Debugger(path) as debugger):
        debugger.break_at(entry)
        debugger.run_to_break()
        debugger.remove_break(entry)
        yield machine, debugger


@pytest.fixture(autouse=True)
def _board_is_tested(request: pytest.FixtureRequest) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")


def test_a_hart_that_comes_like_the_first_one_is_the_core_that_is_awaited(tmp_path: Path) -> None:
    """OpenSBI before 1.3 sends one there that was not waiting yet when it was started."""
    with at_the_first_hart_that_joins(tmp_path) as (machine, debugger):
        debugger.write_register(ARGUMENT, 0xBFE0_0000)
        debugger.write_register(PROGRAM_COUNTER, IMAGE)
        debugger.go_on()
        machine.expect(PROMPT)
        assert MISSING not in machine.transcript


def test_a_hart_that_nobody_awaits_does_not_join(tmp_path: Path) -> None:
    with at_the_first_hart_that_joins(tmp_path) as (machine, debugger):
        debugger.write_register(ARGUMENT, 3)
        debugger.go_on()
        machine.expect(MISSING)
        machine.expect("init: nothing runs any more")
