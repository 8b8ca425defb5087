# SPDX-License-Identifier: MIT
"""A kernel whose stack is used up says so and stops: it overwrites nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tarn import boards, paths
from tests.harness import images
from tests.harness.debugger import Debugger, symbol
from tests.harness.machine import Machine

PREFIX = {"aarch64": "aarch64-linux-gnu-", "riscv64": "riscv64-linux-gnu-"}
# In the order of the debugger's protocol; and the last register that the kernel prints.
STACK_POINTER = {"aarch64": 31, "riscv64": 2}
LAST_REGISTER = {"aarch64": "x30", "riscv64": "x31"}
# What is pushed next is in the page that is not mapped.
STACK_SIZE = 16384
PAGE = 4096
LEFT = 0


def test_a_stack_that_is_used_up_stops_the_machine(board: str) -> None:
    architecture = boards.architecture(board)
    built = images.composed(paths.ROOT / "system.yaml", board)
    stacks = symbol(board, PREFIX[architecture], "kernel_stacks")
    entry = symbol(board, PREFIX[architecture], "enter_system_call")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "debugger"
        with (Machine(built.board, built.image, time_limit=30.0, options=Debugger.options(path)) as machine,
              Debugger(path) as debugger):
            debugger.break_at(entry)
            debugger.run_to_break()
            debugger.remove_break(entry)
            debugger.write_register(STACK_POINTER[architecture], stacks + PAGE + LEFT)
            debugger.go_on()
            machine.expect("kernel panic: exception in the kernel")
            machine.expect("the stack of core 0 is used up")
            machine.expect(LAST_REGISTER[architecture] + r" 0x[0-9A-Fa-f]+")
