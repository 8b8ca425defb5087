# SPDX-License-Identifier: MIT
"""Plays every scenario on every board it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import scenario
from tests.harness.options import boards_under_test
from tests.harness.scenario import Scenario

SCENARIOS = [scenario.load(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    pairs = [(played, board) for played in SCENARIOS for board in played.boards
             if board in boards_under_test(metafunc.config)]
    metafunc.parametrize(("played", "board_name"), [
        pytest.param(played, board, id=f"{played.name}-{board}") for played, board in pairs])


def test_scenario(played: Scenario, board_name: str) -> None:
    played.play(board_name)
