# SPDX-License-Identifier: MIT
"""How tools/measure_worst_case.py divides a trace into sections."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from tarn import paths


def _load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


TOOL = _load(paths.ROOT / "tools" / "measure_worst_case.py")
PLACES = TOOL.Places(frozenset({"entry"}), frozenset({"eret"}), frozenset({"poll"}), {"mark0": 0, "mark1": 1})


def _longest(*addresses: str) -> dict[int, list[str]]:
    trace = [f"Trace 0: 0x7f [00/{address}/21/ff] \n" for address in addresses]
    return {mark: longest.addresses for mark, longest in TOOL.sections(trace, PLACES).items()}


def test_a_section_is_from_entry_to_exit() -> None:
    assert _longest("entry", "a", "b", "eret") == {0: ["entry", "a", "b", "eret"]}


def test_a_look_at_interrupts_divides_sections() -> None:
    assert _longest("entry", "a", "poll", "b", "c", "d", "poll", "eret") == {0: ["b", "c", "d", "poll"]}


def test_sections_count_for_the_mark_before_them() -> None:
    assert _longest("entry", "eret", "mark1", "entry", "a", "eret", "mark0", "entry", "a", "a", "eret") == {
        0: ["entry", "a", "a", "eret"], 1: ["entry", "a", "eret"]}


def test_what_is_not_in_the_kernel_does_not_count() -> None:
    assert _longest("a", "b", "entry", "eret", "a", "b", "c") == {0: ["entry", "eret"]}


def test_other_lines_of_the_trace_are_passed_over() -> None:
    assert TOOL.sections(["cpu_io_recompile: rewound execution of TB to 00\n"], PLACES) == {}
