# SPDX-License-Identifier: MIT
"""The fast path does what the rest of the kernel does: random operations leave the same behind with it and without.

Both kernels execute the same operations in the same order, and print hashes of every register and every state that
the threads, and who watches them, can see. The outputs have to be the same, to the last digit.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tarn import boards, paths
from tests.harness import images
from tests.harness.machine import Machine

FOLDER = Path(__file__).parent
LINE = re.compile(r"^DIFF (.*?)\r?$", re.MULTILINE)
DONE = re.compile(r"DONE (\d+) calls (\d+) messages (\d+) faults (\d+) signals (\d+) "
                  r"interrupts (\d+) violations (\d+)")
SHORT_LIMIT = 120.0
LONG_LIMIT = 3600.0


def _reference(board: str) -> Path:
    """The kernel without the fast path."""
    return paths.BUILD / board / "kernel" / "reference" / "kernel.bin"


def _said(system: Path, board: str, kernel: Path | None, time_limit: float) -> list[str]:
    name = f"{system.stem}-{'reference' if kernel else 'fast'}"
    folder = paths.BUILD / board / "test-images" / f"differential-{name}"
    answer = images.compose(system, board, folder, kernel=kernel)
    assert answer.returncode == 0, answer.stderr
    loaded = boards.load(board)
    with Machine(loaded, folder / loaded.image, time_limit=time_limit) as machine:
        machine.expect(r"DIFF (DONE|FAILED) .*\n")
        machine.wait_for_end()
        return LINE.findall(machine.transcript)


def _compare(system: Path, board: str, operations: int, time_limit: float) -> None:
    if not _reference(board).is_file():
        pytest.skip(f"the kernel for {board} has no fast path")
    fast = _said(system, board, None, time_limit)
    reference = _said(system, board, _reference(board), time_limit)
    different = next((index for index, pair in enumerate(zip(fast, reference)) if pair[0] != pair[1]), None)
    assert different is None, (f"the kernels part after '{fast[different - 1] if different else 'the start'}': "
                               f"'{fast[different]}' with the fast path, '{reference[different]}' without")
    assert len(fast) == len(reference)
    done = DONE.fullmatch(fast[-1])
    assert done, fast[-1]
    executed, calls, messages, faults, signals, interrupts, violations = map(int, done.groups())
    assert executed >= operations and violations == 0
    # Enough of them met someone.
    assert calls > executed / 20 and messages > executed / 20
    assert faults > executed / 100 and signals > executed / 1000 and interrupts > executed / 100


def test_the_fast_path_does_what_the_rest_does(board: str) -> None:
    _compare(FOLDER / "system.yaml", board, 20_000, SHORT_LIMIT)


def test_a_million_operations_are_the_same(board: str, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    _compare(FOLDER / "long.yaml", board, 1_000_000, LONG_LIMIT)
