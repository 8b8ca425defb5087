# SPDX-License-Identifier: MIT
"""The files shown in docs/system-yaml.md are good ones, and so is what the explain pages call right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from codegen.board.reader import read_board
from codegen.diagnostics import Reporter
from codegen.system.component import read_component
from codegen.system.compose import check_system_file
from codegen.system.library import Folders, Library
from codegen.yaml.reader import parse

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```yaml\n(.*?)```", re.S)
SYSTEM, OVERLAY, COMPONENT, BOARD = BLOCK.findall((ROOT / "docs" / "system-yaml.md").read_text())
PAGES = sorted((ROOT / "codegen" / "explain").glob("SYS*.md"))


def test_the_system_composes(tmp_path: Path) -> None:
    path = tmp_path / "system.yaml"
    path.write_text(SYSTEM)
    for board in ("qemu-virt-aarch64", "raspi3b"):
        reporter = Reporter()
        check_system_file(path, board, reporter)
        assert reporter.to_text() == ""


def test_the_overlay_composes(tmp_path: Path) -> None:
    shutil.copy(ROOT / "system.yaml", tmp_path)
    path = tmp_path / "overlay.yaml"
    path.write_text(OVERLAY.replace("../../system.yaml", "system.yaml"))
    reporter = Reporter()
    check_system_file(path, None, reporter)
    assert not reporter.has_errors, reporter.to_text()


def test_the_component_is_good(tmp_path: Path) -> None:
    path = tmp_path / "greeter" / "component.yaml"
    path.parent.mkdir()
    path.write_text(COMPONENT)
    reporter = Reporter()
    component = read_component(path, reporter)
    assert component is not None
    Library(Folders((), (), (ROOT / "idl",)), reporter).check_interfaces(component)
    assert reporter.to_text() == ""


def test_the_board_is_good(tmp_path: Path) -> None:
    path = tmp_path / "bench.yaml"
    path.write_text(BOARD)
    reporter = Reporter()
    read_board(path, reporter)
    assert reporter.to_text() == ""


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_pages_show_yaml(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    blocks = BLOCK.findall(text)
    assert len(blocks) in (0, 2)
    for right in blocks[1:]:
        reporter = Reporter()
        assert parse(page.name, right, reporter) is not None, reporter.to_text()
