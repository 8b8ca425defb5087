# SPDX-License-Identifier: MIT
"""How much the kernel executes until init runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tarn import benchmark, boards, paths
from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

BUDGET = 1_000_000
# Virtual time is one nanosecond an instruction, and this many a tick of the counter that programs read. On AArch64 it
# counts from reset on. On RISC-V OpenSBI comes first, which executes twelve times the budget: the kernel remembers when
# it began.
NANOSECONDS_A_TICK = {"qemu-virt-aarch64": 16, "qemu-virt-riscv64": 100}


def test_init_runs_within_a_million_instructions(counting_board: str, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    shutil.copytree(paths.BUILD / counting_board / "programs", programs)
    (programs / "boot_probe").replace(programs / "init")
    answer = images.compose(paths.DEFAULT_SYSTEM, counting_board, tmp_path, programs=programs)
    assert answer.returncode == 0, answer.stderr
    board = boards.load(counting_board)
    with Machine(board, tmp_path / board.image, options=benchmark.COUNTING) as machine:
        said = re.search(r"BOOT (\d+)", machine.expect(r"BOOT \d+ OF \d+\r?\n"))
        machine.wait_for_end()
    assert said
    executed = int(said[1]) * NANOSECONDS_A_TICK[counting_board]
    assert 10_000 < executed < BUDGET


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    under_test = boards_under_test(metafunc.config)
    metafunc.parametrize("counting_board", [board for board in NANOSECONDS_A_TICK if board in under_test])
