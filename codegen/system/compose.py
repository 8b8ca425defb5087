# SPDX-License-Identifier: MIT
"""All stages from a system.yaml to a checked system."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from codegen.board.model import Board
from codegen.diagnostics import Reporter, did_you_mean
from codegen.system.checks import check_system
from codegen.system.composition import Composition
from codegen.system.composition_reader import read_composition
from codegen.system.files import check_files
from codegen.system.library import ROOT, Library, folders_of
from codegen.system.link import link
from codegen.system.manifest import manifest
from codegen.system.plan import make_plan
from codegen.system.system import System
from codegen.yaml.fields import Placed


def compose(
    path: Path, board_name: str | None, reporter: Reporter, root: Path = ROOT, cores: int | None = None
) -> System | None:
    """The system of a file for one board, the file's first unless `board_name` says otherwise.

    `cores` counts instead of what the file says. It is good for an image only if the reporter has no errors.
    """
    composition = read_composition(path, reporter)
    if composition is None:
        return None
    if cores is not None:
        composition = replace(composition, cores=Placed(cores, composition.cores.span))
    library = Library(folders_of(composition, root), reporter)
    check_files(composition, reporter)
    board = _choose_board(composition, board_name, library, reporter)
    if board is None:
        return None
    system = link(composition, board, library, reporter)
    if system is not None:
        check_system(system, reporter)
    return system


def check_system_file(path: Path, board_name: str | None, reporter: Reporter, root: Path = ROOT) -> None:
    """Reports every mistake that can be found without the programs: for one board, or for all that the file names."""
    system = compose(path, board_name, reporter, root)
    if system is None:
        return
    _check_plan(system, reporter)
    others = system.composition.boards[1:] if board_name is None else ()
    for other in others:
        on_other = compose(path, other.value, reporter, root)
        if on_other is not None:
            _check_plan(on_other, reporter)


def _check_plan(system: System, reporter: Reporter) -> None:
    plan = None if reporter.has_errors else make_plan(system, {}, reporter)
    if plan is not None:
        manifest(plan, reporter)


def _choose_board(
    composition: Composition, wanted: str | None, library: Library, reporter: Reporter
) -> Board | None:
    """The board; every board that the file names is read, so that each mistake is found on any of them."""
    boards = {name.value: library.board(name.value, name.span) for name in composition.boards}
    if wanted is None or wanted in boards:
        return boards[wanted or composition.boards[0].value]
    names = ", ".join(boards)
    guess = did_you_mean(wanted, boards)
    place: Placed[str] = composition.boards[0]
    reporter.error(
        "SYS0045",
        f"'{composition.name}' is not made for the board '{wanted[:40]}'",
        place.span,
        help=f"did you mean '{guess}'?" if guess else f"add it to 'board', or use one of {names}",
    )
    return None
