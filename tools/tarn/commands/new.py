# SPDX-License-Identifier: MIT
"""`./tarn new`: the files that a component begins as."""

from __future__ import annotations

import argparse

from tarn import paths, scaffold
from tarn.commands import shared
from tarn.failure import ExitCode, Failure

EPILOG = """\
Makes components/NAME with its description, its CMakeLists.txt and its source, and with --service idl/NAME.idl as well.
The build finds them; the component runs when a composition names it. Nothing that is there is changed.

exit codes: 0 made; 1 the files cannot be written; 2 wrong usage, a name that is wrong or taken
"""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("new", help="begin a component, or a service with its interface", epilog=EPILOG,
                                 description="Makes the files of a component that builds and says that it runs.")
    parser.add_argument("name", metavar="NAME", help="what it is called: lower-case letters, digits and '_'")
    parser.add_argument("--service", action="store_true", help="a server, with an interface of its own")
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    try:
        made = scaffold.make(options.name, service=options.service)
    except OSError as error:
        raise Failure(f"cannot write {error.filename}: {error.strerror}") from None
    for path in made.files:
        print(paths.shown(path))
    print(f"\nIt runs when a composition has it, such as system.yaml, below 'instances':\n\n{made.instance}", end="")
    if made.interface is not None:
        name = options.name
        print(f"\nWho calls it has 'uses: {{ {name}: {made.interface} }}' in its component.yaml, and "
              f"'uses: {{ {name}: {name}.{name} }}' in its instance.")
    return ExitCode.DONE
