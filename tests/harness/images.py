# SPDX-License-Identifier: MIT
"""Images of compositions, made once for each board and test run."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tarn import boards, locks, paths
from tarn.boards import Board


@dataclass(frozen=True)
class Built:
    """A composed image, and the folder with what the composer says of it."""

    board: Board
    folder: Path

    @property
    def image(self) -> Path:
        return self.folder / self.board.image


def compose(system: Path, board: str, folder: Path, *, cores: int | None = None, kernel: Path | None = None,
            programs: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the composer, which may refuse; its exit code and messages are in the answer."""
    built = paths.BUILD / board
    overruled = [] if cores is None else ["--cores", str(cores)]
    command = [paths.PYTHON, "-m", "codegen", "system", "image", paths.shown(system), "--board", board, *overruled,
               "--kernel", str(kernel or built / "kernel" / "kernel.bin"),
               "--programs", str(programs or built / "programs"), "--out", str(folder)]
    return subprocess.run(command, cwd=paths.ROOT, env=os.environ | {"PYTHONPATH": str(paths.ROOT)}, text=True,
                          capture_output=True, check=False)


def composed(system: Path, board: str, cores: int | None = None) -> Built:
    """The image of a system, for the cores that it says or `cores`, and a machine that has these. Several test
    processes may ask for the same one at a time."""
    name = paths.shown(system).removesuffix(".yaml").replace("/", "-") + (f"-{cores}" if cores else "")
    folder = paths.BUILD / board / "test-images" / name
    with locks.held(folder / "lock"):
        answer = compose(system, board, folder, cores=cores)
    assert answer.returncode == 0, f"{paths.shown(system)} for {board} was refused:\n{answer.stderr}"
    loaded = boards.load(board)
    return Built(loaded if cores is None else loaded.with_cores(cores), folder)
