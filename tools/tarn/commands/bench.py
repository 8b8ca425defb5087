# SPDX-License-Identifier: MIT
"""`./tarn bench`: how many instructions each operation of the kernel takes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tarn import benchmark, boards, builder, composer, packages, paths
from tarn.benchmark import Row
from tarn.commands import shared
from tarn.failure import ExitCode, Failure
from tarn.progress import Progress

EPILOG = """\
Counted are executed instructions in QEMU, user and kernel together: no cycles, no caches. docs/bench.md says what
each row includes, and where seL4's numbers come from. A count above its budget is marked.

exit codes: 0 measured; 1 a build that failed, a benchmark that failed or gave two different results, with --check a
row that takes over 2 % more than the baseline; 2 wrong usage; 3 Debian packages are missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("bench", help="count the instructions of the kernel's operations", epilog=EPILOG,
                                 description="Builds the benchmark, runs it twice in QEMU, and shows its rows.")
    parser.add_argument("--board", metavar="B", help="the board: " + ", ".join(benchmark.boards())
                        + " (default: the first)")
    parser.add_argument("--check", action="store_true", help="fail if a row has become worse by more than 2 %%")
    parser.add_argument("--update-baseline", action="store_true", help="make these numbers the baseline, and the README's table")
    parser.add_argument("--baseline", metavar="FILE", type=Path, default=benchmark.BASELINE,
                        help=f"what to compare with (default: {paths.shown(benchmark.BASELINE)})")
    parser.add_argument("--no-build", action="store_true", help="measure what was built last")
    shared.add_json(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    if options.update_baseline and options.no_build:
        raise Failure("--update-baseline measures what it has built: leave out --no-build", ExitCode.USAGE)
    if not options.update_baseline:
        shared.require_file(options.baseline)
    benchmark.read_baseline(options.baseline)
    board = benchmark.require_board(boards.require(options.board) if options.board else benchmark.boards()[0])
    packages.ensure(packages.to_run(boards.architecture(board)))
    wanted = composer.read(benchmark.SYSTEM, board)
    image = builder.existing_image(wanted) if options.no_build else builder.build_image(wanted)
    if not image.file.is_file():
        raise Failure(f"there is no image {paths.shown(image.file)} yet: run without --no-build")
    measured = benchmark.rows(board, _measure_twice(image), options.baseline)
    if options.json:
        print(json.dumps([{"name": row.name, "board": row.board, "instructions": row.instructions,
                           "budget": row.budget, "sel4": row.sel4} for row in measured], indent=2))
    else:
        _print(measured)
    if options.update_baseline:
        benchmark.write_baseline(options.baseline, board, measured)
        if options.baseline == benchmark.BASELINE and board == benchmark.boards()[0]:
            benchmark.write_readme(paths.ROOT / "README.md", measured)
    return _check(measured) if options.check else ExitCode.DONE


def _measure_twice(image: builder.Image) -> dict[str, tuple[int, int, int]]:
    with Progress(f"bench {image.board.name}") as progress:
        progress.update("first run")
        first = benchmark.measure(image)
        progress.update("second run")
        second = benchmark.measure(image)
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if different:
        raise Failure("two runs differ: " + ", ".join(f"{name} {first.get(name)} and {second.get(name)}"
                                                      for name in different))
    return first


def _print(rows: list[Row]) -> None:
    print(f"{rows[0].board}: executed instructions, user and kernel together")
    print(f"{'':16}{'Tarn':>8}{'budget':>8}{'seL4':>8}{'before':>8}")
    for row in rows:
        mark = f"  over budget by {row.instructions - row.budget}" if row.exceeds_budget else ""
        print(f"{row.name:16}{row.instructions:8}{row.budget:8}{_number(row.sel4)}{_number(row.baseline)}{mark}")
    exceeded = sum(row.exceeds_budget for row in rows)
    print(f"{len(rows) - exceeded} of {len(rows)} within budget")


def _number(value: int | None) -> str:
    return f"{'-' if value is None else value:>8}"


def _check(rows: list[Row]) -> ExitCode:
    for row in rows:
        if row.baseline is None:
            print(f"error: {row.name} has no baseline: run with --update-baseline", file=sys.stderr)
        elif row.is_worse:
            print(f"error: {row.name} takes {row.instructions} instructions, {row.baseline} before", file=sys.stderr)
    return ExitCode.FAILED if any(row.is_worse or row.baseline is None for row in rows) else ExitCode.DONE
