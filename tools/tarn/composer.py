# SPDX-License-Identifier: MIT
"""What a composition asks for, found out by the generator itself before anything is built."""

from __future__ import annotations

import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from tarn import paths
from tarn.failure import Failure


@dataclass(frozen=True)
class Wanted:
    """A composition without mistakes, for one board. `programs` are those its image holds, init first; `cores` is what
    was asked for instead of what the file says."""

    file: Path
    name: str
    board: str
    programs: tuple[str, ...]
    cores: int | None


def read(file: Path, board: str | None, cores: int | None = None) -> Wanted:
    """The composition in a file, for its first board unless `board` names another, for its cores unless `cores` is given.

    Shows every mistake that can be found without the programs and raises Failure if there is one.
    """
    # Not at the top: what the generator stands on may have just been installed.
    from codegen.diagnostics import Reporter
    from codegen.system.compose import compose
    from codegen.system.system import INIT

    reporter = Reporter()
    with chdir(paths.ROOT):
        system = compose(Path(paths.shown(file)), board, reporter, cores=cores)
    if system is None or reporter.has_errors:
        sys.stderr.write(reporter.to_text())
        raise Failure("")
    binaries = {member.component.name for member in system.members}
    return Wanted(file, system.composition.name, system.board.name, (INIT, *sorted(binaries)), cores)
