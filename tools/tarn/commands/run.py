# SPDX-License-Identifier: MIT
"""`./tarn run`: from a clone to a shell."""

from __future__ import annotations

import argparse
import sys

from tarn import debugger, machine, packages, paths
from tarn.commands import shared
from tarn.failure import Failure

EPILOG = """\
The machine's console is this terminal. Ctrl-C or Ctrl-A x ends the machine; with --raw, Ctrl-C is a key like any
other. Ctrl-A c is QEMU's monitor. With --gdb the machine stands still until a debugger has told it to go on:
./tarn gdb --attach in another terminal.

exit codes: 0 the machine has ended; 1 mistakes in the composition, a build that failed; 2 wrong usage; 3 Debian
packages are missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("run", help="install what is missing, build, and boot in QEMU", epilog=EPILOG,
                                 description="Builds the system for a board and boots it in QEMU.")
    shared.add_system(parser)
    parser.add_argument("--no-build", action="store_true", help="boot the image as it was built last")
    parser.add_argument("--raw", action="store_true", help="give Ctrl-C to the machine; Ctrl-A x leaves it")
    parser.add_argument("--gdb", action="store_true", help="wait for ./tarn gdb --attach")
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    image = shared.image(options, build=not options.no_build, needed=packages.to_run)
    image.board.require_qemu(image.file)
    leave = "Ctrl-A x" if options.raw else "Ctrl-C or Ctrl-A x"
    print(f"booting {image.name} on {image.board.name} from {paths.shown(image.file)}: {leave} leaves it",
          file=sys.stderr, flush=True)
    if options.gdb:
        print("it waits for: " + " ".join(["./tarn gdb --attach", *_which(options)]), file=sys.stderr, flush=True)
    code = machine.run(image, ctrl_c_ends=not options.raw, options=debugger.qemu_options(image) if options.gdb else ())
    if code != 0:
        raise Failure(f"QEMU ended with exit code {code}")
    return 0


def _which(options: argparse.Namespace) -> list[str]:
    """The words that name the same image for another command."""
    words = ["--board", options.board] if options.board else []
    words += ["--system", str(options.system)] if options.system != paths.DEFAULT_SYSTEM else []
    return words + (["--cores", str(options.cores)] if options.cores else [])
