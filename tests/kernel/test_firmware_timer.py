# SPDX-License-Identifier: MIT
"""RISC-V processors whose comparator is the firmware's: without Sstc the kernel asks it to set the timer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

BOARD = "qemu-virt-riscv64"
TIMERS = Path(__file__).parent / "timers.yaml"
COUNTS_INSTRUCTIONS = ("-icount", "shift=0,sleep=off")
# What OpenSBI says of the processor. A write to a comparator that is not there is an illegal instruction, so that what
# keeps time is the firmware.
EXTENSIONS = re.compile(r"Boot HART ISA Extensions *: (.*?)\r?\n")


@pytest.mark.parametrize(("cores", "options", "has_comparator"), [
    (1, COUNTS_INSTRUCTIONS, False), (4, (), False), (1, COUNTS_INSTRUCTIONS, True)])
def test_timers_work_with_and_without_a_comparator_of_the_kernels_own(
        request: pytest.FixtureRequest, cores: int, options: tuple[str, ...], has_comparator: bool) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")
    built = images.composed(TIMERS, BOARD, cores)
    processor = ("-cpu", f"rv64,sstc={'on' if has_comparator else 'off'}")
    with Machine(built.board, built.image, time_limit=120, options=(*processor, *options)) as machine:
        machine.expect(r"SUITE DONE \d+ \d+")
        done = re.search(r"SUITE DONE (\d+) (\d+)", machine.transcript)
        said = EXTENSIONS.search(machine.transcript)
        assert said is not None and ("sstc" in said[1].split(",")) == has_comparator
        assert done is not None and done.groups() == ("7", "0"), machine.transcript
