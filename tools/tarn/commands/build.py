# SPDX-License-Identifier: MIT
"""`./tarn build`: kernel, components and image, without booting."""

from __future__ import annotations

import argparse

from tarn import packages, paths
from tarn.commands import shared

EPILOG = """\
exit codes: 0 built; 1 mistakes in a file, a build that failed; 2 wrong usage; 3 Debian packages are missing
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("build", help="build the kernel, the components and the image", epilog=EPILOG,
                                 description="Builds the system for a board. Prints the image's path.")
    shared.add_system(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    print(paths.shown(shared.image(options, build=True, needed=packages.to_build).file))
    return 0
