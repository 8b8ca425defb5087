# SPDX-License-Identifier: MIT
"""No operation keeps interrupts waiting for longer than docs/worst-case.md says.

Instructions are counted, so it is the same on every host.
"""

from __future__ import annotations

import re
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tarn import paths
from tests.harness.options import boards_under_test

DOCUMENT = paths.ROOT / "docs" / "worst-case.md"
COLUMNS = {"qemu-virt-aarch64": 1, "qemu-virt-riscv64": 2}
ROW = re.compile(r"^\| (.+?) \| ([\d,]+) \| ([\d,]+) \| .*\|$", re.MULTILINE)


def _tool() -> ModuleType:
    file = paths.ROOT / "tools" / "measure_worst_case.py"
    spec = spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def bounds(document: str, board: str) -> dict[str, int]:
    """The longest section that the document allows for each operation."""
    return {row[1]: int(row[1 + COLUMNS[board]].replace(",", "")) for row in ROW.finditer(document)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "measured_board" in metafunc.fixturenames:
        metafunc.parametrize("measured_board", [board for board in boards_under_test(metafunc.config)
                                                if board in COLUMNS])


def test_bounds_are_read() -> None:
    assert bounds("| operation | a | b | c |\n|---|---|---|---|\n| some, more | 1,200 | 30 | why |\n",
                  "qemu-virt-aarch64") == {"some, more": 1200}


def test_no_section_is_longer_than_documented(measured_board: str) -> None:
    allowed = bounds(DOCUMENT.read_text(), measured_board)
    with tempfile.TemporaryDirectory() as folder:
        names, longest, _ = _tool().measure(measured_board, Path(folder))
    names[0] = "everything else, from boot on"
    assert set(allowed) == set(names.values()), "the rows of docs/worst-case.md are to be the operations"
    found = {name: longest[number].instructions for number, name in names.items()}
    longer = {name: count for name, count in found.items() if count > allowed[name]}
    assert not longer, f"longer than documented: {longer}"
