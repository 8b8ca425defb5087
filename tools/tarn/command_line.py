# SPDX-License-Identifier: MIT
"""The command line: commands, their help, and suggestions for what was mistyped."""

from __future__ import annotations

import argparse
import difflib
import sys
from typing import Any, NoReturn

from tarn.commands import bench, build, conformance, doctor, gdb, generator, graph, new, run, size, test
from tarn.failure import ExitCode

DESCRIPTION = "Compose, generate and boot Tarn, a component operating system."
EPILOG = """\
exit codes:
  0    done
  1    mistakes in a file, a build that failed, a test that failed
  2    wrong usage
  3    Debian packages are missing and could not be installed
  130  interrupted with Ctrl-C

examples:
  ./tarn run                       boot system.yaml to a shell in QEMU
  ./tarn run --board raspi3b       the same on a Raspberry Pi 3B
  ./tarn test shell                the tests whose names contain "shell"
  ./tarn check system.yaml         every mistake in a composition
  ./tarn explain SYS0007           what a diagnostic means

./tarn COMMAND --help says more about each command.
"""


class Parser(argparse.ArgumentParser):
    """Says what was probably meant, not only what was wrong."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings |= {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
        super().__init__(*arguments, **settings)

    def error(self, message: str) -> NoReturn:
        print(f"error: {message}", file=sys.stderr)
        print(f"{self.format_usage().rstrip()}\n{self.prog} --help says more.", file=sys.stderr)
        sys.exit(ExitCode.USAGE)

    def unknown(self, word: str) -> NoReturn:
        """Refuses an option or argument that nothing takes."""
        known = [option for option in self._option_string_actions if option.startswith("--")]
        self.error(f"unknown argument '{word}'{suggestion(word.split('=')[0], known)}")


def suggestion(word: str, known: list[str]) -> str:
    """", did you mean X?", or nothing."""
    close = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {close[0]}?" if close else ""


def build_parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and that of each command."""
    parser = Parser(prog="./tarn", description=DESCRIPTION, epilog=EPILOG)
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=Parser)
    for module in (run, gdb, test, build, new, generator, graph, bench, size, conformance, doctor):
        module.register(commands)
    return parser, dict(commands.choices)


def parse(words: list[str]) -> argparse.Namespace:
    """What the user asks for; `handler` is the function that does it. Ends the program on wrong usage."""
    parser, commands = build_parser()
    if not words:
        parser.print_help()
        sys.exit(ExitCode.USAGE)
    name = words[0]
    if not name.startswith("-") and name not in commands:
        parser.error(f"there is no command '{name}'{suggestion(name, list(commands))}")
    options, unknown = parser.parse_known_args(words)
    if unknown:
        commands.get(name, parser).unknown(unknown[0])
    return options
