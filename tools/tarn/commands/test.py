# SPDX-License-Identifier: MIT
"""`./tarn test`: every test, or those a filter names."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import Any

from tarn import boards, builder, packages, paths
from tarn.commands import shared
from tarn.failure import ExitCode, Failure

RESULTS = paths.BUILD / "test-results.xml"
WORKERS = "2"
NO_TESTS_COLLECTED = 5
EPILOG = """\
FILTER is a word in a test's name, or pytest's expression of such words ("shell and not raspi3b"), or the path of a
test file. With --long, tests on random input run for longer. The last line is pytest's summary.

exit codes: 0 all passed; 1 a test or the build failed; 2 wrong usage, no test of that name; 3 Debian packages are
missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("test", help="run the tests, in QEMU and on this machine", epilog=EPILOG,
                                 description="Installs what is missing, builds everything, runs the tests.")
    parser.add_argument("filter", metavar="FILTER", nargs="?", help="run only these tests")
    parser.add_argument("--board", metavar="B", help="run what needs a board only on this one: "
                        + ", ".join(boards.emulated()))
    parser.add_argument("--long", action="store_true", help="try more random input")
    parser.add_argument("--prepare", action="store_true", help="install and build what the tests need, run none")
    parser.add_argument("--no-build", action="store_true", help="test what was built last")
    shared.add_json(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    packages.ensure(packages.TEST)
    if options.filter and not _is_path(options.filter) and not _is_expression(options.filter):
        print(f"error: '{options.filter}' is neither a test file nor an expression of words with and, or, not and ()",
              file=sys.stderr)
        return ExitCode.USAGE
    tested = [boards.require_emulated(options.board)] if options.board else boards.emulated()
    if not options.no_build:
        for preset in (builder.HOST, *tested):
            builder.build(preset)
    if options.prepare:
        return ExitCode.DONE
    paths.BUILD.mkdir(exist_ok=True)
    # A file of its own, for other runs may write theirs at the same time.
    with tempfile.TemporaryDirectory(dir=paths.BUILD) as folder:
        results = Path(folder) / RESULTS.name
        code = _pytest(options, tested, results)
        if not results.exists():
            raise Failure("pytest ended before it ran a test; what it says is above")
        if options.json:
            print(json.dumps(_results(results), indent=2))
        results.replace(RESULTS)
    if code == NO_TESTS_COLLECTED:
        print(f"error: no test matches '{options.filter}'", file=sys.stderr)
        return ExitCode.USAGE
    return ExitCode.FAILED if code else ExitCode.DONE


def _pytest(options: argparse.Namespace, tested: list[str], results: Path) -> int:
    command = [paths.PYTHON, "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup", f"--junitxml={results}",
               *(f"--board={board}" for board in tested)]
    if options.long:
        command.append("--long")
    if options.filter:
        command += [options.filter] if _is_path(options.filter) else ["-k", options.filter]
    environment = os.environ | {"PYTHONPATH": f"{paths.ROOT / 'tools'}:{paths.ROOT}"}
    return subprocess.run(command, cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL, check=False,
                          stdout=sys.stderr if options.json else None).returncode


def _is_expression(text: str) -> bool:
    """Asks pytest by itself: with workers it answers a wrong one with a traceback."""
    run = subprocess.run([paths.PYTHON, "-m", "pytest", "--collect-only", "--noconftest", "-p", "no:xdist", "-k", text,
                          __file__], cwd=paths.ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return run.returncode == NO_TESTS_COLLECTED


def _is_path(text: str) -> bool:
    return (paths.ROOT / text.split("::")[0]).exists()


def _results(path: Path) -> dict[str, Any]:
    """pytest's results, for programs."""
    tests: list[dict[str, Any]] = []
    for case in xml.parse(path).iter("testcase"):
        bad = next((case.find(kind) for kind in ("failure", "error", "skipped") if case.find(kind) is not None), None)
        outcome = "passed" if bad is None else {"failure": "failed"}.get(bad.tag, bad.tag)
        tests.append({"name": f"{case.get('classname')}.{case.get('name')}", "outcome": outcome,
                      "seconds": float(case.get("time", "0")),
                      "message": "" if bad is None else str(bad.get("message", ""))})
    counts = {outcome: sum(test["outcome"] == outcome for test in tests)
              for outcome in ("passed", "failed", "error", "skipped")}
    return counts | {"tests": tests}
