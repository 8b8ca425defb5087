# SPDX-License-Identifier: MIT
"""What the command line of pytest says, for tests that are generated from it."""

from __future__ import annotations

import pytest

from tarn import boards


def boards_under_test(config: pytest.Config) -> list[str]:
    """The boards that tests are to run on."""
    return config.getoption("--board") or boards.emulated()
