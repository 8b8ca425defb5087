# SPDX-License-Identifier: MIT
"""`./tarn graph`: who talks to whom in a composition."""

from __future__ import annotations

import argparse

from tarn import boards, packages, paths, process
from tarn.commands import shared

EPILOG = """\
Shows the instances in the order of their start, where their ports lead, and what they are given. With Graphviz:
./tarn graph --dot | dot -Tsvg > graph.svg

exit codes: 0 shown; 1 mistakes in the composition; 2 wrong usage; 3 Debian packages are missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("graph", help="show who talks to whom in a composition", epilog=EPILOG,
                                 description="Shows a composition. Builds nothing.")
    shared.add_composition(parser)
    parser.add_argument("--dot", action="store_true", help="print a graph for Graphviz")
    shared.add_json(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    packages.ensure(packages.GENERATE)
    file = paths.shown(shared.system_file(options))
    board = ["--board", boards.require(options.board)] if options.board else []
    shape = "json" if options.json else "dot" if options.dot else "text"
    return process.codegen(["system", "graph", file, *board, "--format", shape])
