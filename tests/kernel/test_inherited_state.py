# SPDX-License-Identifier: MIT
"""What firmware leaves in a RISC-V hart's registers does not decide what user code may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import images
from tests.harness.debugger import Debugger, symbol
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

BOARD = "qemu-virt-riscv64"
TIMERS = Path(__file__).parent / "timers.yaml"
TOOLS = "riscv64-linux-gnu-"
CORES = 2
# OpenSBI turns the unit for vectors on where there is one.
WITH_VECTORS = ("-cpu", "rv64,v=true")
# sstatus: user code has 64 bits; no unit is on, and the first return goes to user mode.
NOTHING_ON = 2 << 32
# senvcfg: user code may invalidate, clean and zero lines of the caches, and weaken fences.
ALL_CACHE_OPERATIONS = 0xF1
# scounteren: the time.
TIME = 1 << 1


def test_no_unit_and_no_right_is_left_on(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")
    built = images.composed(TIMERS, BOARD, CORES)
    path = tmp_path / "debugger"
    with (Machine(built.board, built.image, options=[*WITH_VECTORS, *Debugger.options(path)]) as machine,
          Debugger(path) as debugger):
        number = debugger.numbers_of_control_registers()
        for core in range(CORES):
            debugger.select_core(core)
            debugger.write_register(number["senvcfg"], ALL_CACHE_OPERATIONS)
        for place in ("kernel_main", "kernel_other_core"):
            debugger.break_at(symbol(BOARD, TOOLS, place))
            debugger.run_to_break()
            assert debugger.read_register(number["sstatus"]) == NOTHING_ON, place
            assert debugger.read_register(number["senvcfg"]) == 0, place
            debugger.remove_break(symbol(BOARD, TOOLS, place))
        debugger.break_at(symbol(BOARD, TOOLS, "leave_kernel"))
        debugger.run_to_break()
        assert debugger.read_register(number["scounteren"]) == TIME
        debugger.remove_break(symbol(BOARD, TOOLS, "leave_kernel"))
        debugger.go_on()
        machine.expect("SUITE DONE")
