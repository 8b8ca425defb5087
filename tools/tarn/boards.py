# SPDX-License-Identifier: MIT
"""What `./tarn` itself takes from a board file: its name, its image's name, its QEMU command line.

codegen checks board files; this only reads ones that have passed.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tarn import paths
from tarn.failure import ExitCode, Failure


@dataclass(frozen=True)
class Board:
    name: str
    cores: int
    image: str
    qemu: tuple[str, ...]

    def qemu_command(self, image: Path, serial: str) -> list[str]:
        """QEMU's command line, with its first serial line at `serial` (see -serial in QEMU's manual)."""
        values = {"{cores}": str(self.cores), "{image}": str(image), "{serial}": serial}
        return [values.get(word, word) for word in self.qemu]


def names() -> list[str]:
    """Every board there is a file for."""
    return sorted(path.stem for path in paths.BOARDS.glob("*.yaml"))


def load(name: str) -> Board:
    """The board of this name. Raises Failure with a suggestion if there is none."""
    known = names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"
        raise Failure(f"no board '{name}' in boards/: {hint}", ExitCode.USAGE)
    facts = read_yaml(paths.BOARDS / f"{name}.yaml")
    return Board(name, int(facts["cores"]), str(facts["image"]), tuple(map(str, facts["qemu"])))


def read_yaml(path: Path) -> Any:
    """A YAML file as plain values."""
    from ruamel.yaml import YAML  # not at the top: may have just been installed

    return YAML(typ="safe", pure=True).load(path)
