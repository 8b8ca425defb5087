# SPDX-License-Identifier: MIT
"""`codegen check` of YAML files, whichever kind they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from codegen.board.reader import read_board
from codegen.diagnostics import Reporter
from codegen.system.component import read_component
from codegen.system.compose import check_system_file
from codegen.system.library import COMPONENT_FILE, ROOT, Folders, Library
from codegen.yaml.reader import read_file

BOARD_KEYS = frozenset(("arch", "memory", "kernel", "qemu"))
BOARD_FOLDER = "boards"


def check_files(paths: Iterable[str], reporter: Reporter) -> None:
    """Reports every mistake in component.yaml files, board files and compositions."""
    for name in paths:
        path = Path(name)
        if path.name == COMPONENT_FILE:
            _check_component(path, reporter)
        elif _is_board(path):
            read_board(path, reporter)
        else:
            check_system_file(path, None, reporter)


def _check_component(path: Path, reporter: Reporter) -> None:
    beside = path.absolute().parents[min(2, len(path.absolute().parents) - 1)] / "idl"
    folders = Folders(components=(), boards=(), idl=tuple(dict.fromkeys((ROOT / "idl", beside))))
    library = Library(folders, reporter)
    component = read_component(path, reporter)
    if component is not None:
        library.check_interfaces(component)


def _is_board(path: Path) -> bool:
    """Whether a file is where boards are, or looks like one; any other is taken for a composition."""
    if path.absolute().parent.name == BOARD_FOLDER:
        return True
    root = read_file(path, Reporter())
    return root is not None and any(entry.key in BOARD_KEYS for entry in root.entries)
