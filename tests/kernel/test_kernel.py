# SPDX-License-Identifier: MIT
"""The kernel's own suite: run once on each machine, each of its tests reported as a test here."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tarn.conformance import Column, columns, suite_tests
from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

FOLDER = Path(__file__).parent
TIME_LIMIT = 400.0
LONG_LIMIT = 3600.0
RESULT = re.compile(r"^TEST (\w+) (PASS|(?:FAIL|SKIP) ?.*?)\r?$", re.MULTILINE)
PASSED = "PASS"
# One core counts time in its instructions, so that tests of time see the same on every host. Several take turns then,
# and would not meet each other: they run as they can.
COUNTS_INSTRUCTIONS = ("-icount", "shift=0,sleep=off")


@cache
def _outcomes(column: Column) -> tuple[dict[str, str], str]:
    """What became of each test, and everything that the machine said."""
    built = images.composed(FOLDER / "system.yaml", column.board, column.cores)
    options = COUNTS_INSTRUCTIONS if column.cores == 1 else ()
    with Machine(built.board, built.image, time_limit=TIME_LIMIT, options=options) as machine:
        try:
            machine.expect(r"SUITE DONE \d+ \d+")
            machine.wait_for_end()
        except AssertionError as error:
            return _parse(machine.transcript), str(error)
        return _parse(machine.transcript), machine.transcript


def _parse(transcript: str) -> dict[str, str]:
    return {match[1]: match[2] for match in RESULT.finditer(transcript)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" not in metafunc.fixturenames:
        return
    # The tests of a machine go to one process, which runs the suite once.
    boards = boards_under_test(metafunc.config)
    metafunc.parametrize(("column", "name"), [
        pytest.param(column, test.name, id=f"{test.name}-{column.board}-{column.cores}",
                     marks=[pytest.mark.xdist_group(f"kernel-{column.board}-{column.cores}"),
                            *[pytest.mark.conformance] * bool(test.covers)])
        for column in columns() if column.board in boards
        for test in suite_tests() if test.cores <= column.cores])


def test_kernel(column: Column, name: str, record_property: Callable[[str, object], None]) -> None:
    record_property("covering", name)
    record_property("column", str(column))
    outcomes, said = _outcomes(column)
    assert name in outcomes, f"the suite ended before {name} was done:\n{said[-4000:]}"
    assert outcomes[name] == PASSED, outcomes[name]


@pytest.mark.parametrize("what", ["long-storm", "long-asids", "long-registers"])
@pytest.mark.parametrize("column", [column for column in columns() if column.cores > 1], ids=str)
def test_for_longer(column: Column, what: str, request: pytest.FixtureRequest) -> None:
    """A million operations of all cores on the same capabilities; ASIDs that run out; registers that are kept."""
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    if column.board not in boards_under_test(request.config):
        pytest.skip(f"{column.board} is not under test")
    built = images.composed(FOLDER / f"{what}.yaml", column.board, column.cores)
    with Machine(built.board, built.image, time_limit=LONG_LIMIT) as machine:
        machine.expect("SUITE DONE 1 0")
