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

BUDGET = 1_000_000
# Virtual time is one nanosecond an instruction, and the counter that programs read has this many ticks a second.
NANOSECONDS_A_TICK = {"qemu-virt-aarch64": 16, "qemu-virt-riscv64": 100}


def test_init_runs_within_a_million_instructions(bench_board: str, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    shutil.copytree(paths.BUILD / bench_board / "programs", programs)
    (programs / "boot_probe").replace(programs / "init")
    answer = images.compose(paths.DEFAULT_SYSTEM, bench_board, tmp_path, programs=programs)
    assert answer.returncode == 0, answer.stderr
    board = boards.load(bench_board)
    with Machine(board, tmp_path / board.image, options=benchmark.COUNTING) as machine:
        said = re.search(r"BOOT (\d+)", machine.expect(r"BOOT \d+\r?\n"))
        machine.wait_for_end()
    assert said
    executed = int(said[1]) * NANOSECONDS_A_TICK[bench_board]
    assert 10_000 < executed < BUDGET


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    under_test = metafunc.config.getoption("--board") or boards.names()
    metafunc.parametrize("bench_board", [board for board in benchmark.boards() if board in under_test])
