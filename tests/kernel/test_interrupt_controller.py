# SPDX-License-Identifier: MIT
"""A machine with another interrupt controller than the board file's: the kernel says so rather than drive it."""

from __future__ import annotations

import pytest

from tarn import paths
from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

# Versions of QEMU's machines with another one at the same address.
OTHERS = {"qemu-virt-aarch64": "gic-version=3", "qemu-virt-riscv64": "aia=aplic"}


@pytest.mark.parametrize("board", OTHERS)
def test_another_interrupt_controller_is_refused(request: pytest.FixtureRequest, board: str) -> None:
    if board not in boards_under_test(request.config):
        pytest.skip(f"{board} is not under test")
    built = images.composed(paths.DEFAULT_SYSTEM, board)
    with Machine(built.board, built.image, options=("-machine", OTHERS[board])) as machine:
        machine.expect("kernel panic: the device tree has no interrupt controller as the board file's")
