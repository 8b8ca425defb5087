# SPDX-License-Identifier: MIT
"""What the tools need to know of a composition before the composer has checked it: its name and its board."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tarn import boards
from tarn.failure import ExitCode, Failure

FALLBACK_BOARD = "qemu-virt-aarch64"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def name(system: Path) -> str:
    """The folder of its images: the `name:` in the file itself, or what the file is called."""
    own = _keys(system).get("name")
    return own if isinstance(own, str) and NAME.fullmatch(own) else system.stem


def default_board(system: Path) -> str:
    """The first board it names, itself or in the file it extends."""
    for _ in range(8):  # a file that extends itself is reported by the composer
        keys = _keys(system)
        board = keys.get("board")
        if isinstance(board, list) and board:
            board = board[0]
        if isinstance(board, str):
            return boards.require(board)
        if not isinstance(keys.get("extends"), str):
            break
        system = system.parent / keys["extends"]
    return FALLBACK_BOARD


def _keys(system: Path) -> dict[str, Any]:
    """The file's keys; none if it is not right, which is for the composer to say with place and caret."""
    from ruamel.yaml import YAML  # not at the top: may have just been installed
    from ruamel.yaml.error import YAMLError

    try:
        keys = YAML(typ="safe", pure=True).load(system)
    except YAMLError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read {system}: {error}", ExitCode.USAGE) from error
    return keys if isinstance(keys, dict) else {}
