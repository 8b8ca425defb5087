# SPDX-License-Identifier: MIT
"""How the shell of the default system is used: what its prompt looks like, and a command with its output."""

from __future__ import annotations

import re

from tests.harness.machine import Machine

ERASE = "\x1b[K"
PROMPT = r"tarn:[^\r\n]*\$ " + re.escape(ERASE)
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")


def run(machine: Machine, command: str, *, within: float | None = None) -> str:
    """Types a command at the prompt; returns what it prints until the next prompt, as plain lines."""
    machine.type(command + "\n")
    machine.expect(re.escape(command) + r"\r\n", within=within)
    machine.expect(PROMPT, within=within)
    return CONTROL.sub("", machine.before)
