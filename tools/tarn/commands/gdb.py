# SPDX-License-Identifier: MIT
"""`./tarn gdb`: a composition in QEMU, with a debugger that knows the kernel's symbols."""

from __future__ import annotations

import argparse

from tarn import debugger, packages
from tarn.commands import shared
from tarn.failure import Failure

EPILOG = """\
COMMAND is gdb's, and done first: ./tarn gdb 'break kernel_main' continue. The machine stands still until gdb has
it continue, and ends with gdb. What it prints is shown here; to type, start it with ./tarn run --gdb in another terminal
and use --attach in this one. All components run at the same addresses: a breakpoint in one may stop another.

exit codes: 0 gdb has ended; 1 mistakes in the composition, a build that failed, gdb failed; 2 wrong usage; 3 Debian
packages are missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("gdb", help="build, boot in QEMU, and debug kernel and components", epilog=EPILOG,
                                 description="Builds the system for a board and debugs it in QEMU.")
    shared.add_system(parser)
    parser.add_argument("--component", metavar="NAME", action="append", default=[],
                        help="with the symbols of this component, too")
    parser.add_argument("--attach", action="store_true", help="debug the machine that ./tarn run --gdb has started")
    parser.add_argument("--no-build", action="store_true", help="boot the image as it was built last")
    parser.add_argument("commands", metavar="COMMAND", nargs="*", help="have gdb do this first")
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    # What runs already was built already.
    image = shared.image(options, build=not options.no_build and not options.attach, needed=packages.to_debug)
    code = debugger.debug(image, options.component, options.commands, attach=options.attach)
    if code != 0:
        raise Failure(f"{debugger.GDB} ended with exit code {code}")
    return 0
