# SPDX-License-Identifier: MIT
"""Building: CMake presets with ninja, and images with the composer."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from tarn import cxx_library, paths
from tarn.boards import Board, read_yaml
from tarn.failure import Failure
from tarn.process import codegen_or_fail
from tarn.progress import Progress

NINJA_STATUS = "[%f/%t] "
STEP = re.compile(r"\[(\d+)/(\d+)\] (.*)")
HOST = "host"
LAST_LINES = 400


@dataclass(frozen=True)
class Image:
    """A composition for one board, ready to boot."""

    name: str
    board: Board
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / self.board.image

    @property
    def description(self) -> Path:
        """What the composer says of the image: instances, memory, priorities."""
        return self.folder / "manifest.json"


def build(preset: str) -> None:
    """Configures and builds one CMake preset. Raises Failure after showing what the compiler said."""
    if preset != HOST:
        try:
            cxx_library.ensure()
        except cxx_library.BuildError as error:
            raise Failure(str(error)) from error
    folder = paths.BUILD / preset
    with Progress(f"build {preset}") as progress:
        if not (folder / "build.ninja").exists():
            progress.update("configuring")
            _run(["cmake", "--preset", preset], progress)
        _run(["ninja", "-C", str(folder)], progress)


def image(system: Path, board: Board) -> Image:
    """Composes the image of a system for a board, whose preset has been built."""
    built = paths.BUILD / board.name
    made = Image(system_name(system), board, built / system_name(system))
    codegen_or_fail(["system", "image", paths.shown(system), "--board", board.name,
                     "--kernel", str(built / "kernel" / "kernel.bin"), "--programs", str(built / "programs"),
                     "--out", str(made.folder)])
    return made


def system_name(system: Path) -> str:
    """The `name:` of a composition; the file's own name while it has none (the composer then says so)."""
    try:
        name = read_yaml(system).get("name")
    except Exception:  # what is wrong with the file is the composer's to say, with place and caret
        name = None
    return str(name) if isinstance(name, str) and re.fullmatch(r"[a-z0-9-]+", name) else system.stem


def default_board(system: Path) -> str:
    """The board that a composition names as its default."""
    try:
        board = read_yaml(system).get("board")
    except Exception:  # as above
        board = None
    if isinstance(board, dict):
        board = board.get("default")
    return board if isinstance(board, str) else "qemu-virt-aarch64"


def _run(command: list[str], progress: Progress) -> None:
    """Runs a build tool quietly, showing its progress; shows its output only if it fails."""
    environment = {"NINJA_STATUS": NINJA_STATUS}
    kept: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(["env", *(f"{name}={value}" for name, value in environment.items()), *command],
                          cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as tool:
        assert tool.stdout is not None
        for line in tool.stdout:
            step = STEP.match(line)
            if step:
                progress.update(f"{step[1]}/{step[2]} {step[3]}")
            kept.append(line)
    if tool.returncode != 0:
        sys.stderr.write("\n" + "".join(line for line in kept if not STEP.match(line)))
        raise Failure(f"{' '.join(command[:2])} failed")
