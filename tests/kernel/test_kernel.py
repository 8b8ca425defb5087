# SPDX-License-Identifier: MIT
"""The kernel's own suite: run once on each board, each of its tests reported as a test here."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

FOLDER = Path(__file__).parent
TIME_LIMIT = 120.0
ENTRY = re.compile(r'Test\{"(\w+)",')
RESULT = re.compile(r"^TEST (\w+) (PASS|FAIL ?(.*?))\r?$", re.MULTILINE)


def names() -> list[str]:
    """The tests in the tables of the suite's files, in the files' order."""
    sources = sorted((FOLDER / "suite").glob("*.cpp"))
    return [name for source in sources for name in ENTRY.findall(source.read_text())]


@cache
def _outcomes(board: str) -> tuple[dict[str, str], str]:
    """Why each test failed ("" if it did not), and everything that the machine said."""
    built = images.composed(FOLDER / "system.yaml", board)
    with Machine(built.board, built.image, time_limit=TIME_LIMIT) as machine:
        try:
            machine.expect(r"SUITE DONE \d+ \d+")
            machine.wait_for_end()
        except AssertionError as error:
            return _parse(machine.transcript), str(error)
        return _parse(machine.transcript), machine.transcript


def _parse(transcript: str) -> dict[str, str]:
    return {match[1]: "" if match[2] == "PASS" else match[3] or "no reason given"
            for match in RESULT.finditer(transcript)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # The tests of a board go to one process, which runs the suite once.
    metafunc.parametrize(("board_name", "name"), [
        pytest.param(board, name, id=f"{name}-{board}", marks=pytest.mark.xdist_group(f"kernel-{board}"))
        for board in boards_under_test(metafunc.config) for name in names()])


def test_kernel(board_name: str, name: str) -> None:
    outcomes, said = _outcomes(board_name)
    assert name in outcomes, f"the suite ended before {name} was done:\n{said[-4000:]}"
    assert not outcomes[name], outcomes[name]
