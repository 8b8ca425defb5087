# SPDX-License-Identifier: MIT
"""What the kernel takes from the device tree of a RISC-V machine rather than from the board file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tarn import boards, paths
from tests.harness import device_tree, images
from tests.harness.device_tree import DeviceTree
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test
from tests.harness.shell import PROMPT

BOARD = "qemu-virt-riscv64"
FOLDER = Path(__file__).parent
FOUR_CORES = FOLDER.parent / "scenarios" / "systems" / "four-cores.yaml"
NOTE = "the device tree makes no sense"


@pytest.fixture(autouse=True)
def _board_is_tested(request: pytest.FixtureRequest) -> None:
    if BOARD not in boards_under_test(request.config):
        pytest.skip(f"{BOARD} is not under test")


@pytest.fixture
def tree(tmp_path: Path) -> DeviceTree:
    return device_tree.of(boards.load(BOARD), tmp_path)


def test_a_hart_with_three_levels_of_tables_has_no_large_spaces(tree: DeviceTree, tmp_path: Path) -> None:
    built = images.composed(FOLDER / "without-large-spaces.yaml", BOARD)
    options = tree.with_text("riscv,sv48", "riscv,sv39").write(tmp_path / "changed.dtb")
    with Machine(built.board, built.image, options=options) as machine:
        machine.expect("SUITE DONE 1 0")


def test_with_four_levels_they_are_not_refused() -> None:
    """The other way round: QEMU's harts have Sv48."""
    built = images.composed(FOLDER / "without-large-spaces.yaml", BOARD)
    with Machine(built.board, built.image) as machine:
        machine.expect("SUITE DONE 0 1")


def test_a_hart_without_an_mmu_is_no_core(tree: DeviceTree, tmp_path: Path) -> None:
    built = images.composed(FOUR_CORES, BOARD)
    options = tree.with_text("riscv,sv48", "riscv,none", node="cpu@2").write(tmp_path / "changed.dtb")
    with Machine(built.board, built.image, options=options) as machine:
        if machine.expect(r"Boot HART ID *: \d").endswith("2"):
            pytest.skip("the firmware happened to choose the hart that is changed")
        machine.expect("the machine does not have its core")
        machine.expect(PROMPT)


def test_the_frequency_of_the_counter_is_the_machines(tree: DeviceTree, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    shutil.copytree(paths.BUILD / BOARD / "programs", programs)
    (programs / "boot_probe").replace(programs / "init")
    answer = images.compose(paths.DEFAULT_SYSTEM, BOARD, tmp_path, programs=programs)
    assert answer.returncode == 0, answer.stderr
    board = boards.load(BOARD)
    options = tree.with_cells("timebase-frequency", [10_000_000], [12_345_678]).write(tmp_path / "changed.dtb")
    with Machine(board, tmp_path / board.image, options=options) as machine:
        machine.expect(r"BOOT \d+ OF 12345678\r?\n")


def test_a_counter_too_slow_to_be_one_is_not_believed(tree: DeviceTree, tmp_path: Path) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, BOARD)
    options = tree.with_cells("timebase-frequency", [10_000_000], [1]).write(tmp_path / "changed.dtb")
    with Machine(built.board, built.image, options=options) as machine:
        machine.expect(PROMPT)


def test_memory_without_the_kernel_in_it_is_not_believed(tree: DeviceTree, tmp_path: Path) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, BOARD)
    options = tree.with_cells("reg", [0, 0x8000_0000, 0, 0x4000_0000], [0, 0xB000_0000, 0, 0x1000_0000])
    with Machine(built.board, built.image, options=options.write(tmp_path / "changed.dtb")) as machine:
        machine.expect(PROMPT)
        assert NOTE in machine.transcript


def test_a_good_tree_is_not_reported() -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, BOARD)
    with Machine(built.board, built.image) as machine:
        machine.expect(PROMPT)
        assert not re.search(NOTE, machine.transcript)
