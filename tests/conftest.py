# SPDX-License-Identifier: MIT
"""Options and order of all tests: which boards, how much random input, what is started first."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tarn import boards
from tests.harness.options import boards_under_test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--board", action="append", choices=boards.emulated(), help="test on this board (default: all)")
    parser.addoption("--long", action="store_true", help="try more random input")


def pytest_configure(config: pytest.Config) -> None:
    """How many inputs a test on random input tries."""
    settings.register_profile("short", max_examples=200)
    settings.register_profile("long", max_examples=5000)
    settings.load_profile("long" if config.getoption("--long") else "short")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `board` is run on each board under test."""
    if "board" in metafunc.fixturenames and "board" not in _parametrized(metafunc):
        metafunc.parametrize("board", boards_under_test(metafunc.config), scope="session")


def _parametrized(metafunc: pytest.Metafunc) -> set[str]:
    marks = metafunc.definition.iter_markers("parametrize")
    return {name.strip() for mark in marks for name in str(mark.args[0]).split(",")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
