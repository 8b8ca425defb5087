# SPDX-License-Identifier: MIT
"""RISC-V machines whose harts are not numbered 0, 1, 2, 3, or are not what the kernel is compiled for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tarn import boards, paths
from tests.harness import device_tree, images
from tests.harness.debugger import Debugger
from tests.harness.device_tree import DeviceTree
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test
from tests.harness.shell import PROMPT

BOARD = "qemu-virt-riscv64"
FOLDER = Path(__file__).parent
FOUR_CORES = FOLDER.parent / "scenarios" / "systems" / "four-cores.yaml"
MISSING = "the machine does not have its core"
DISASSEMBLER = "riscv64-linux-gnu-objdump"
# As the disassembler writes them: the address of the instruction; the register.
WRITE_OF_TRANSLATION = re.compile(r"^\s*([0-9a-f]+):.*\tcsrw\tsatp,(\w+)", re.MULTILINE)
CALL_OF_FIRMWARE = re.compile(r"^\s*([0-9a-f]+):.*\tecall", re.MULTILINE)
# In the order of the debugger's protocol.
REGISTERS = ("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"
             .split())
PROGRAM_COUNTER = 32
# satp: Sv48.
MODE_SHIFT = 60
LARGE_MODE = 9
# "Is there this extension?", as the firmware is asked: a7, a6.
PROBE = (0x10, 3)


@pytest.fixture(autouse=True)
def _board_is_tested(request: pytest.FixtureRequest) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")


def _without(tree: DeviceTree, harts: list[int]) -> DeviceTree:
    """The firmware of this machine starts them nevertheless, if it is asked to."""
    for hart in harts:
        tree = tree.with_text("okay", "fail", node=f"cpu@{hart}")
    return tree


def test_harts_beyond_the_first_eight_are_cores_like_others(tmp_path: Path) -> None:
    built = images.composed(FOUR_CORES, BOARD)
    board = built.board.with_cores(12)
    tree = _without(device_tree.of(board, tmp_path), list(range(1, 8)))
    with Machine(board, built.image, options=tree.write(tmp_path / "changed.dtb")) as machine:
        machine.expect(PROMPT)
        assert MISSING not in machine.transcript


def test_a_line_goes_to_a_hart_although_the_one_before_it_is_missing(tmp_path: Path) -> None:
    built = images.composed(FOLDER / "lines.yaml", BOARD, 2)
    board = boards.load(BOARD)
    tree = _without(device_tree.of(board, tmp_path), [1, 3])
    with Machine(board, built.image, options=tree.write(tmp_path / "changed.dtb")) as machine:
        machine.expect("SUITE DONE 1 0")


def _disassembly() -> str:
    kernel = paths.BUILD / BOARD / "kernel" / "kernel.elf"
    return subprocess.run([DISASSEMBLER, "-d", str(kernel)], capture_output=True, text=True, check=True).stdout


def _run_to_one_of(debugger: Debugger, places: set[int]) -> int:
    """Where the machine has stopped. That place is none of them any more: to go on would be to stop there again."""
    debugger.run_to_break()
    place = debugger.read_register(PROGRAM_COUNTER)
    debugger.remove_break(place)
    places.remove(place)
    return place


def test_large_spaces_are_refused_where_the_processor_has_none(tmp_path: Path) -> None:
    """QEMU's has. A mode that is not there leaves the register as it is, and so does an instruction left out."""
    built = images.composed(FOLDER / "without-large-spaces.yaml", BOARD, 1)
    path = tmp_path / "debugger"
    writes = {int(address, 16): REGISTERS.index(name)
              for address, name in WRITE_OF_TRANSLATION.findall(_disassembly())}
    places = set(writes)
    with (Machine(built.board, built.image, options=Debugger.options(path)) as machine, Debugger(path) as debugger):
        for place in places:
            debugger.break_at(place)
        mode = 0
        while mode != LARGE_MODE:
            place = _run_to_one_of(debugger, places)
            mode = debugger.read_register(writes[place]) >> MODE_SHIFT
        debugger.write_register(PROGRAM_COUNTER, place + 4)
        for other in places:
            debugger.remove_break(other)
        debugger.go_on()
        machine.expect("SUITE DONE 1 0")


def test_without_floating_point_only_the_thread_that_uses_it_stops(tmp_path: Path) -> None:
    built = images.composed(FOLDER / "floating.yaml", BOARD, 1)
    with Machine(built.board, built.image, options=["-cpu", "rv64,f=false,d=false"]) as machine:
        machine.expect("SUITE DONE 0 1|kernel panic")
        assert "kernel panic" not in machine.transcript


def test_a_firmware_that_does_not_reach_other_harts_has_no_others(tmp_path: Path) -> None:
    """QEMU's does. It is asked, and its first answer is changed."""
    built = images.composed(FOUR_CORES, BOARD)
    path = tmp_path / "debugger"
    places = {int(address, 16) for address in CALL_OF_FIRMWARE.findall(_disassembly())}
    number = {name: REGISTERS.index(name) for name in ("a0", "a1", "a6", "a7")}
    with (Machine(built.board, built.image, options=Debugger.options(path)) as machine, Debugger(path) as debugger):
        for place in places:
            debugger.break_at(place)
        asked = (0, 0)
        while asked != PROBE:
            place = _run_to_one_of(debugger, places)
            asked = (debugger.read_register(number["a7"]), debugger.read_register(number["a6"]))
        for other in places:
            debugger.remove_break(other)
        debugger.write_register(number["a0"], 0)
        debugger.write_register(number["a1"], 0)
        debugger.write_register(PROGRAM_COUNTER, place + 4)
        debugger.go_on()
        machine.expect(MISSING)
