# SPDX-License-Identifier: MIT
"""Building: CMake presets with ninja, and images with the composer."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tarn import boards, cxx_library, locks, paths
from tarn.boards import Board
from tarn.composer import Wanted
from tarn.failure import Failure
from tarn.process import codegen_or_fail
from tarn.progress import Progress

NINJA_STATUS = "[%f/%t] "
STEP = re.compile(r"\[(\d+)/(\d+)\] (.*)")
HOST = "host"
KERNEL = "kernel"
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


def build(preset: str, targets: Sequence[str] = ()) -> None:
    """Configures a CMake preset and builds the targets, or all. Raises Failure after showing what the compiler said."""
    _require_preset(preset)
    if preset != HOST:
        try:
            cxx_library.ensure(boards.architecture(preset))
        except cxx_library.BuildError as error:
            raise Failure(str(error)) from error
    folder = paths.BUILD / preset
    with _locked(preset), Progress(f"build {preset}") as progress:
        if not (folder / "build.ninja").exists():
            progress.update("configuring")
            _run(["cmake", "--preset", preset], progress)
        _run(["ninja", "-C", str(folder), *targets], progress)


def build_image(wanted: Wanted) -> Image:
    """Builds the kernel and the programs that a composition asks for, and makes its image of them."""
    build(wanted.board, (KERNEL, *wanted.programs))
    made = existing_image(wanted)
    built = paths.BUILD / wanted.board
    with _locked(wanted.board):
        cores = [] if wanted.cores is None else ["--cores", str(wanted.cores)]
        codegen_or_fail(["system", "image", paths.shown(wanted.file), "--board", wanted.board, *cores,
                         "--kernel", str(built / "kernel" / "kernel.bin"), "--programs", str(built / "programs"),
                         "--out", str(made.folder)])
    return made


def existing_image(wanted: Wanted) -> Image:
    """The image as it was made last. It may not be there."""
    folder = wanted.name if wanted.cores is None else f"{wanted.name}-{wanted.cores}"
    return Image(wanted.name, boards.load(wanted.board), paths.BUILD / wanted.board / folder)


def _require_preset(name: str) -> None:
    """Raises Failure for a board that CMake has not been told of."""
    file = paths.ROOT / "CMakePresets.json"
    known = [preset["name"] for preset in json.loads(file.read_text())["configurePresets"]]
    if name not in known:
        raise Failure(f"{file.name} has no preset '{name}': a new board needs one, docs/porting.md says how")


def _locked(preset: str) -> AbstractContextManager[None]:
    return locks.held(paths.BUILD / f"{preset}.lock", f"waiting for another build of {preset}")


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
