# SPDX-License-Identifier: MIT
"""Options and grouping for all tests: which boards, long ones or not, what must share a process."""

from __future__ import annotations

import pytest

from tarn import boards
from tests.harness.options import boards_under_test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--board", action="append", choices=boards.names(), help="test on this board (default: all)")
    parser.addoption("--long", action="store_true", help="run long tests too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `board` is run on each board under test."""
    if "board" in metafunc.fixturenames and "board" not in _parametrized(metafunc):
        metafunc.parametrize("board", boards_under_test(metafunc.config), scope="session")


def _parametrized(metafunc: pytest.Metafunc) -> set[str]:
    marks = metafunc.definition.iter_markers("parametrize")
    return {name.strip() for mark in marks for name in str(mark.args[0]).split(",")}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long: runs with --long"))
