# SPDX-License-Identifier: MIT
"""How the shell of the default system is used: what its prompt looks like, and a command with its output."""

from __future__ import annotations

import re

from tests.harness.machine import Machine

ERASE = "\x1b[K"
PROMPT = r"tarn:[^\r\n]*\$ " + re.escape(ERASE)
LOG_LINE = re.compile(r"^(\[\w+\] |init: ).*\n", re.MULTILINE)
# What init reports of a component goes past the console, which does not show its line again.
REPORTS = r"(?:\w+: [^\r\n]*\r\n(?:  [^\r\n]*\r\n)*)*"
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")


def run(machine: Machine, command: str, *, within: float | None = None) -> str:
    """Types a command at the prompt; returns what it prints until the next prompt, as plain lines.

    What others log in the meantime is left out.
    """
    machine.type(command + "\n")
    machine.expect(_echo(command), within=within)
    machine.expect(PROMPT, within=within)
    return LOG_LINE.sub("", CONTROL.sub("", machine.before))


def _echo(command: str) -> str:
    """The line as it is shown while it is typed: reports may come between any two characters."""
    return REPORTS.join([*(re.escape(character) for character in command), r"\r\n"])
