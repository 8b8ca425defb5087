# SPDX-License-Identifier: MIT
"""What several commands take and do: which system, which board, and how to get to an image of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tarn import boards, builder, composer, packages, paths
from tarn.failure import ExitCode, Failure

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_composition(parser: argparse.ArgumentParser) -> None:
    """Which system, and on which board."""
    parser.add_argument("--board", metavar="B", help="the board: " + ", ".join(boards.names())
                        + " (default: the one that the system names)")
    parser.add_argument("--system", metavar="FILE", type=Path, default=paths.DEFAULT_SYSTEM,
                        help="the composition (default: system.yaml)")


def add_system(parser: argparse.ArgumentParser) -> None:
    """Which system, on which board, for how many cores."""
    add_composition(parser)
    parser.add_argument("--cores", metavar="N", type=_cores, help="use N cores, whatever the system says")


def _cores(word: str) -> int:
    if not word.isdecimal() or int(word) == 0:
        raise argparse.ArgumentTypeError(f"'{word}' is not a number of cores: there is at least one")
    return int(word)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the answer as JSON on standard output")


def require_file(path: Path) -> None:
    """Raises Failure if there is no such file."""
    if not path.is_file():
        raise Failure(f"{path} is a folder" if path.is_dir() else f"there is no file {path}", ExitCode.USAGE)


def system_file(options: argparse.Namespace) -> Path:
    """The composition asked for, as an absolute path."""
    require_file(options.system)
    path: Path = options.system.resolve()
    return path


def image(options: argparse.Namespace, *, build: bool, needed: Callable[[str], Sequence[str]]) -> builder.Image:
    """The image that the options ask for, built first unless told otherwise.

    `needed` says which Debian packages that takes on an architecture; they are installed first.
    """
    stated = boards.stated_architecture(boards.require(options.board)) if options.board else None
    packages.ensure(needed(stated) if stated else packages.GENERATE)
    wanted = composer.read(system_file(options), boards.require(options.board) if options.board else None,
                           options.cores)
    packages.ensure(needed(boards.architecture(wanted.board)))
    if build:
        return builder.build_image(wanted)
    made = builder.existing_image(wanted)
    if not made.file.is_file():
        raise Failure(f"there is no image {paths.shown(made.file)} yet: run without --no-build")
    return made
