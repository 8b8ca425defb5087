# SPDX-License-Identifier: MIT
"""A machine in QEMU that a test types into and reads from."""

from __future__ import annotations

import os
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pexpect

from tarn.boards import Board

# What a busy machine under test may take longer than an idle one.
PATIENCE = float(os.environ.get("TARN_TEST_PATIENCE", "1"))
SHOWN_LINES = 60


class Machine:
    """Boots an image, with further options for QEMU. Use as a context manager; the machine ends with the block."""

    def __init__(self, board: Board, image: Path, *, time_limit: float = 60.0, serial_port: int = 0,
                 options: Sequence[str] = ()) -> None:
        command = [*board.qemu_command(image, ctrl_c_ends=False, serial_port=serial_port), *options]
        self._until = time.monotonic() + time_limit * PATIENCE
        self._read: list[str] = []
        self._qemu = pexpect.spawn(command[0], command[1:], encoding="utf-8", codec_errors="replace", echo=False,
                                   dimensions=(40, 200), preexec_fn=_keep_line_ends)
        self._qemu.delaybeforesend = None

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._qemu.close(force=True)

    def expect(self, pattern: str, *, within: float | None = None) -> str:
        """Waits for the output to match a regular expression; returns what matched. Fails the test if it does not."""
        limit = self._until - time.monotonic()
        if within is not None:
            limit = min(limit, within * PATIENCE)
        try:
            self._qemu.expect(pattern, timeout=max(limit, 0.1))
        except pexpect.TIMEOUT:
            raise AssertionError(f"no match for {pattern!r} in time{self._tail()}") from None
        except pexpect.EOF:
            raise AssertionError(f"the machine ended before {pattern!r} came{self._tail()}") from None
        matched = str(self._qemu.match.group(0))
        self._read.append(str(self._qemu.before) + matched)
        return matched

    @property
    def before(self) -> str:
        """What came between the last match and the one before it."""
        return str(self._qemu.before)

    def type(self, text: str) -> None:
        """Types text as a person would; "\\n" is the Enter key."""
        self._qemu.send(text.replace("\n", "\r"))

    def wait_for_end(self, *, within: float = 10.0) -> None:
        """Waits until the machine has turned itself off."""
        try:
            self._qemu.expect(pexpect.EOF, timeout=within * PATIENCE)
        except pexpect.TIMEOUT:
            raise AssertionError(f"the machine did not turn itself off{self._tail()}") from None
        self._read.append(str(self._qemu.before))

    @property
    def transcript(self) -> str:
        """Everything read so far, matched or not."""
        rest = self._qemu.before if isinstance(self._qemu.before, str) else ""
        text = "".join(self._read)
        return text if rest and text.endswith(rest) else text + rest

    def _tail(self) -> str:
        lines = (("".join(self._read)) + str(self._qemu.buffer or self._qemu.before or "")).splitlines()
        shown = "\n".join(f"  | {line.rstrip()}" for line in lines[-SHOWN_LINES:])
        return f"; the machine's last lines:\n{shown}"


def _keep_line_ends() -> None:
    """The terminal is not to put a return before a newline: the machine sends its own."""
    settings = termios.tcgetattr(0)
    settings[1] &= ~termios.ONLCR
    termios.tcsetattr(0, termios.TCSANOW, settings)
