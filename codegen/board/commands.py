# SPDX-License-Identifier: MIT
"""`codegen board`: a board file to `board_facts.hpp` for the kernel and `board.json` for the tools."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.board.facts import board_json, facts_view
from codegen.board.reader import read_board
from codegen.diagnostics import Reporter
from codegen.system.output import render, write_if_changed

TEMPLATES = Path(__file__).parent / "templates"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("board", help="print a board's facts for the kernel and the tools")
    parser.add_argument("board", type=Path, metavar="BOARD.yaml", help="the board file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="writes DIR/generated/board_facts.hpp")
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    reporter = Reporter()
    board = read_board(options.board, reporter)
    if board is None or reporter.has_errors:
        sys.stderr.write(reporter.to_text())
        return 1
    generated = options.out / "generated"
    header = render(TEMPLATES, "board_facts.hpp.j2", {"facts": facts_view(board)})
    write_if_changed(generated / "board_facts.hpp", header)
    write_if_changed(generated / "board.json", board_json(board))
    return 0
