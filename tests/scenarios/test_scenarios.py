# SPDX-License-Identifier: MIT
"""Plays every scenario on every board it is for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tarn.conformance import Column
from tests.harness import scenario
from tests.harness.options import boards_under_test
from tests.harness.scenario import Scenario

SCENARIOS = [scenario.load(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    pairs = [(played, board) for played in SCENARIOS for board in played.boards
             if board in boards_under_test(metafunc.config)]
    metafunc.parametrize(("played", "board_name"), [
        pytest.param(played, board, id=f"{played.name}-{board}",
                     marks=[pytest.mark.conformance] if played.conforms else []) for played, board in pairs])


def test_scenario(played: Scenario, board_name: str, record_property: Callable[[str, object], None]) -> None:
    if played.conforms:
        record_property("covering", played.name)
        record_property("column", str(Column(board_name, 1)))
    played.play(board_name)
