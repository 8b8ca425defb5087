# SPDX-License-Identifier: MIT
"""RAM that a device tree says firmware keeps is given to nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tarn import boards, paths
from tests.harness import device_tree, images
from tests.harness.device_tree import DeviceTree
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test
from tests.harness.shell import PROMPT

# Where RAM begins.
BOARDS = {"qemu-virt-aarch64": 0x4000_0000, "qemu-virt-riscv64": 0x8000_0000}
MIB = 1 << 20
SIZE = 64 * MIB
#: From the start of RAM: behind everything that is loaded.
OFFSET = 256 * MIB


def _free(board: str, options: tuple[str, ...]) -> int:
    """MiB that the shell of the default system says are free."""
    built = images.composed(paths.DEFAULT_SYSTEM, board)
    with Machine(built.board, built.image, options=options) as machine:
        machine.expect(PROMPT)
        machine.type("mem\n")
        machine.expect(r"free: (\d+) MiB")
        found = re.search(r"free: (\d+) MiB", machine.transcript)
        assert found
        return int(found[1])


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("reserve", [DeviceTree.with_reservation, DeviceTree.with_reserved_node], ids=["block", "node"])
def test_reserved_memory_is_given_to_nobody(
        request: pytest.FixtureRequest, board: str, tmp_path: Path,
        reserve: Callable[[DeviceTree, int, int], DeviceTree]) -> None:
    if board not in boards_under_test(request.config):
        pytest.skip(f"{board} is not under test")
    tree = device_tree.of(boards.load(board), tmp_path)
    changed = reserve(tree, BOARDS[board] + OFFSET, SIZE)
    lost = _free(board, tree.write(tmp_path / "unchanged.dtb")) - _free(board, changed.write(tmp_path / "changed.dtb"))
    # What is large starts elsewhere in memory that is cut in two.
    assert SIZE // MIB <= lost <= SIZE // MIB + 4
