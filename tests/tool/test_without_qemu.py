# SPDX-License-Identifier: MIT
"""Boards that QEMU does not model: they are built, and neither run nor tested here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tarn import boards, paths
from tarn.boards import Board
from tarn.failure import Failure


@pytest.fixture
def two_boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk.yaml").write_text("name: desk\narch: riscv64\n")
    (tmp_path / "model.yaml").write_text("name: model\narch: 'aarch64'\nqemu: { program: true, arguments: [] }\n")
    monkeypatch.setattr(paths, "BOARDS", tmp_path)


@pytest.mark.usefixtures("two_boards")
def test_tests_run_on_those_that_qemu_models() -> None:
    assert boards.names() == ["desk", "model"]
    assert boards.emulated() == ["model"]
    assert boards.require_emulated("model") == "model"
    with pytest.raises(Failure, match="boards/desk.yaml says nothing of QEMU: tests run on model"):
        boards.require_emulated("desk")


@pytest.mark.usefixtures("two_boards")
def test_the_architecture_may_be_quoted() -> None:
    assert [boards.architecture(name) for name in boards.names()] == ["riscv64", "aarch64"]


def test_an_image_for_the_board_itself_is_named() -> None:
    image = paths.BUILD / "desk" / "default" / "image.bin"
    with pytest.raises(Failure, match="build/desk/default/image.bin is for the board itself"):
        Board("desk", "image.bin", ()).qemu_command(image, ctrl_c_ends=True)
