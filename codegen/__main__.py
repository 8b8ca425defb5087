# SPDX-License-Identifier: MIT
"""Command line of the generators: parses arguments, and maps what happened to an exit code.

0: done. 1: mistakes in the input, all of them printed. 2: wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import sys

# Each has `register(subparsers)`, which adds sub-commands and sets the default `handler`, a function that takes the
# parsed arguments and returns the exit code.
COMMAND_MODULES = (
    "codegen.idl.commands",
    "codegen.explain.commands",
    "codegen.system.commands",
    "codegen.board.commands",
)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codegen", description="Tarn's IDL compiler and system composer.")
    subparsers = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for name in COMMAND_MODULES:
        importlib.import_module(name).register(subparsers)
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = build_parser().parse_args(arguments)
    exit_code: int = options.handler(options)
    return exit_code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(f"error: {where}{error.strerror or error}")
