# SPDX-License-Identifier: MIT
"""The boards of this repository: each is sound, and its facts compile."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.board.model import ARCHITECTURES, PSCI
from codegen.board.reader import read_board
from codegen.diagnostics import Reporter

ROOT = Path(__file__).resolve().parents[2]
BOARDS = sorted((ROOT / "boards").glob("*.yaml"))


@pytest.mark.parametrize("path", BOARDS, ids=[path.stem for path in BOARDS])
def test_board_is_sound(path: Path) -> None:
    reporter = Reporter()
    board = read_board(path, reporter)
    assert reporter.to_text() == ""
    assert board is not None
    assert {"uart0", "clock"} <= {device.name for device in board.devices}


@pytest.mark.parametrize("path", BOARDS, ids=[path.stem for path in BOARDS])
def test_facts_compile_and_are_formatted(path: Path, tmp_path: Path) -> None:
    assert main(["board", str(path), "--out", str(tmp_path)]) == 0
    header = tmp_path / "generated" / "board_facts.hpp"
    source = tmp_path / "facts.cpp"
    source.write_text(
        '#include "generated/board_facts.hpp"\n'
        "#include <string_view>\n"
        "static_assert(kernel::board::kMemory[0].size > 0);\n"
        f'static_assert(std::string_view{{kernel::board::kName.data()}} == "{path.stem}");\n'
    )
    command = ["g++", "-std=c++23", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{ROOT}"]
    subprocess.run([*command, f"-I{tmp_path}", str(source)], check=True)
    command = ["clang-format-19", f"--style=file:{ROOT}/.clang-format", str(header)]
    assert header.read_text() == subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_board_may_be_unknown_to_qemu(tmp_path: Path) -> None:
    text = BOARDS[0].read_text()
    path = tmp_path / BOARDS[0].name
    path.write_text(text[: text.index("\nqemu:") + 1])
    assert main(["board", str(path), "--out", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "generated" / "board.json").read_text())["qemu"] is None


def test_the_page_lists_what_the_kernel_has_drivers_for() -> None:
    lines = (ROOT / "docs" / "system-yaml.md").read_text().splitlines()
    table = {cells[1].strip(" `"): [re.findall(r"`([^`]+)`", cell) for cell in cells[2:-1]]
             for cells in (line.split("|") for line in lines if line.startswith("|"))}
    assert list(ARCHITECTURES) == ["aarch64", "riscv64"]
    for column, support in enumerate(ARCHITECTURES.values()):
        firmware = [PSCI] if support.power_by_firmware else []
        for key, words in (("console", support.consoles), ("interrupts", support.interrupts),
                           ("power-off", (*firmware, *support.power_devices)), ("core-start", support.core_starts)):
            assert table[key][column] == list(words), key
