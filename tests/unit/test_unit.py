# SPDX-License-Identifier: MIT
"""The unit tests in C++, each case as a test of its own."""

from __future__ import annotations

import pytest

from tarn import paths
from tests.harness import googletest
from tests.harness.googletest import Case


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    cases = googletest.cases(paths.BUILD / "host" / "unit")
    # The cases of a program go to one process, which runs the program once.
    metafunc.parametrize("case", [
        pytest.param(case, id=f"{case.program.name}-{case.name}", marks=pytest.mark.xdist_group(case.program.name))
        for case in cases])


def test_unit(case: Case) -> None:
    failure = googletest.failure_of(case)
    assert not failure, failure
