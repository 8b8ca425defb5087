# SPDX-License-Identifier: MIT
"""Systems for more cores than the machine has: what can run does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tarn import paths
from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test
from tests.harness.shell import PROMPT

# The boards whose machines can be given any number of cores. On AArch64 the firmware refuses to start one that is not
# there, on RISC-V the device tree says so before.
BOARDS = ["qemu-virt-aarch64", "qemu-virt-riscv64"]
FOUR_CORES = Path(__file__).parent / "systems" / "four-cores.yaml"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    under_test = boards_under_test(metafunc.config)
    metafunc.parametrize("machine_board", [board for board in BOARDS if board in under_test])


@pytest.mark.parametrize("there", [1, 2, 3])
def test_a_kernel_for_four_cores_runs_on_those_that_are_there(machine_board: str, there: int) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, machine_board, 4)
    with Machine(built.board, built.image, options=("-smp", str(there))) as machine:
        machine.expect(PROMPT)
        machine.type("echo still here\n")
        machine.expect(r"\nstill here")


def test_a_component_whose_core_is_missing_is_reported(machine_board: str) -> None:
    built = images.composed(FOUR_CORES, machine_board)
    with Machine(built.board, built.image, options=("-smp", "3")) as machine:
        machine.expect(r"vfs.*the machine does not have its core")
