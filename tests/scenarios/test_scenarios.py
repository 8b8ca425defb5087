# SPDX-License-Identifier: MIT
"""Plays every scenario on every board it is for; what conforms to something, with one core and with all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tarn.conformance import Column, columns
from tests.harness import scenario
from tests.harness.options import boards_under_test
from tests.harness.scenario import Scenario

SCENARIOS = [scenario.load(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    tested = boards_under_test(metafunc.config)
    plain = [pytest.param(played, board, None, id=f"{played.name}-{board}")
             for played in SCENARIOS if not played.conforms for board in played.boards if board in tested]
    conforming = [pytest.param(played, column.board, column.cores, id=f"{played.name}-{column.board}-{column.cores}",
                               marks=pytest.mark.conformance)
                  for played in SCENARIOS if played.conforms for column in columns()
                  if column.board in played.boards and column.board in tested]
    metafunc.parametrize(("played", "board_name", "cores"), [*plain, *conforming])


def test_scenario(played: Scenario, board_name: str, cores: int | None,
                  record_property: Callable[[str, object], None]) -> None:
    if cores is not None:
        record_property("covering", played.name)
        record_property("column", str(Column(board_name, cores)))
    played.play(board_name, cores)
