# SPDX-License-Identifier: MIT
"""How a command ends: its exit code, and the exception that carries one up to the command line."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in `./tarn --help`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PACKAGES = 3
    INTERRUPTED = 130


class Failure(Exception):
    """Ends the command with a message for the user and an exit code. Never shown with a traceback."""

    def __init__(self, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.code = code
