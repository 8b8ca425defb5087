# SPDX-License-Identifier: MIT
"""`./tarn check`, `gen` and `explain`: the generator, for files and people that are not part of a build."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tarn import packages, paths, process
from tarn.commands import shared
from tarn.failure import ExitCode, Failure

CHECK_EPILOG = """\
Every mistake in every file is shown: its place, the line, a suggestion, and a code for ./tarn explain.

exit codes: 0 no mistakes; 1 mistakes; 2 wrong usage; 3 Debian packages are missing
"""
GEN_EPILOG = """\
Writes FILE's C++ header, JSON description and Markdown reference to DIR/generated.

exit codes: 0 generated; 1 mistakes in the file; 2 wrong usage; 3 Debian packages are missing
"""
EXPLAIN_EPILOG = """\
exit codes: 0 explained; 2 wrong usage, there is no such code
"""


def register(commands: shared.Subparsers) -> None:
    check = commands.add_parser("check", help="find every mistake in .idl and .yaml files", epilog=CHECK_EPILOG,
                                description="Checks interfaces, components, boards and compositions.")
    check.add_argument("files", metavar="FILE", nargs="+", type=Path)
    shared.add_json(check)
    check.set_defaults(handler=handle_check)

    gen = commands.add_parser("gen", help="generate C++ and documentation from an .idl file", epilog=GEN_EPILOG,
                              description="Generates what the build generates, to look at.")
    gen.add_argument("file", metavar="FILE.idl", type=Path)
    gen.add_argument("--out", metavar="DIR", type=Path, default=paths.BUILD / "gen",
                     help="folder to write to (default: build/gen)")
    gen.set_defaults(handler=handle_gen)

    explain = commands.add_parser("explain", help="say what a diagnostic means and how to mend it",
                                  epilog=EXPLAIN_EPILOG, description="Explains a code such as IDL0031 or SYS0007.")
    explain.add_argument("code", metavar="CODE")
    explain.set_defaults(handler=handle_explain)


def handle_check(options: argparse.Namespace) -> int:
    packages.ensure(packages.GENERATE)
    files = [_seen_from_root(file, ".idl", ".yaml") for file in options.files]
    return process.codegen(["check", *files, *(["--json"] if options.json else [])])


def handle_gen(options: argparse.Namespace) -> int:
    packages.ensure(packages.GENERATE)
    file = _seen_from_root(options.file, ".idl")
    out: Path = options.out.resolve()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"cannot write to {options.out}: {error.strerror}", ExitCode.USAGE) from None
    process.codegen_or_fail(["kernel" if "/kernel/" in f"/{file}" else "idl", file, "--out", str(out)])
    for path in sorted((out / "generated").glob(f"**/{options.file.stem}.*")):
        print(paths.shown(path))
    return 0


def handle_explain(options: argparse.Namespace) -> int:
    packages.ensure(packages.GENERATE)
    sys.stdout.flush()
    return process.codegen(["explain", options.code])


def _seen_from_root(file: Path, *endings: str) -> str:
    shared.require_file(file)
    if file.suffix not in endings:
        raise Failure(f"{file} is not a file that ends in {' or '.join(endings)}", ExitCode.USAGE)
    return paths.shown(file.resolve())
