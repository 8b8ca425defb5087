# SPDX-License-Identifier: MIT
"""`./tarn conformance`: runs what covers the checklist and writes `docs/conformance.md`."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

from tarn import boards, builder, packages, paths
from tarn.commands import shared
from tarn.failure import ExitCode, Failure

EPILOG = """\
With --board, the columns of other boards stay as they are. With --no-run, all results do, and only the rest of the
page follows the checklist and the tests.

A busy machine gets four times as long as an idle one needs; TARN_TEST_PATIENCE=N, N times.

exit codes: 0 every row that applies has passed on what was run; 1 one has not, and is named; 2 wrong usage; 3 Debian packages are
missing
"""


PATIENCE = {"TARN_TEST_PATIENCE": "4"}
# What pytest ends with when all tests have passed, and when some have not.
RAN = (0, 1)


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("conformance", help="test the conformance checklist, and write docs/conformance.md",
                                 epilog=EPILOG, description="Runs the tests that cover the checklist of kernel "
                                 "semantics, and writes docs/conformance.md from what they cover and their results.")
    parser.add_argument("--board", metavar="B", help="run only on this one: " + ", ".join(boards.emulated()))
    parser.add_argument("--no-build", action="store_true", help="test what was built last")
    parser.add_argument("--no-run", action="store_true", help="keep the results, write the rest of the page anew")
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    packages.ensure(packages.TEST)
    from tarn import conformance  # needs the packages

    groups, columns = conformance.checklist(), conformance.columns()
    tests = [*conformance.suite_tests(), *conformance.scenarios()]
    known = conformance.written_cells(conformance.DOCUMENT.read_text()) if conformance.DOCUMENT.is_file() else {}
    fresh: conformance.Cells = {}
    missing: list[str] = []
    if not options.no_run:
        tested = [boards.require_emulated(options.board)] if options.board else boards.emulated()
        if not options.no_build:
            for board in tested:
                builder.build(board)
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results.xml"
            _pytest(tested, results)
            found = conformance.outcomes(results)
        run = [column for column in columns if column.board in tested]
        fresh = conformance.cells(groups, tests, run, found)
        missing = conformance.not_green(groups, run, fresh)
    conformance.DOCUMENT.write_text(conformance.render(groups, tests, columns, known | fresh))
    print(paths.shown(conformance.DOCUMENT))
    if missing:
        raise Failure("\n".join([f"{len(missing)} rows that apply have not been shown to hold:", *missing]))
    return ExitCode.DONE


def _pytest(tested: list[str], results: Path) -> None:
    command = [paths.PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", f"--junitxml={results}",
               *(f"--board={board}" for board in tested), "tests/kernel/test_kernel.py", "tests/scenarios",
               "-m", "conformance"]
    environment = PATIENCE | os.environ | {"PYTHONPATH": f"{paths.ROOT / 'tools'}:{paths.ROOT}"}
    run = subprocess.run(command, cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if run.returncode not in RAN or not results.exists():
        raise Failure("pytest did not come to its end; what it says is above")
