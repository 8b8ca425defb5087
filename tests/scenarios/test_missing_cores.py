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

# The board whose machine can be given any number of cores.
BOARD = "qemu-virt-aarch64"
FOUR_CORES = Path(__file__).parent / "systems" / "four-cores.yaml"


@pytest.fixture(autouse=True)
def _board_is_tested(request: pytest.FixtureRequest) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")


@pytest.mark.parametrize("there", [1, 2, 3])
def test_a_kernel_for_four_cores_runs_on_those_that_are_there(there: int) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, BOARD, 4)
    with Machine(built.board, built.image, options=("-smp", str(there))) as machine:
        machine.expect(PROMPT)
        machine.type("echo still here\n")
        machine.expect(r"\nstill here")


def test_a_component_whose_core_is_missing_is_reported() -> None:
    built = images.composed(FOUR_CORES, BOARD)
    with Machine(built.board, built.image, options=("-smp", "3")) as machine:
        machine.expect(r"vfs.*the machine does not have its core")
