# SPDX-License-Identifier: MIT
"""Progress of long steps on standard error: one line that moves on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

QUIET_SECONDS = 10.0


class Progress:
    """Shows how far a step is. Use as a context manager; `update` as often as you like."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._shown = 0.0

    def __enter__(self) -> Progress:
        self._show("", 0.1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        seconds = time.monotonic() - self._started
        outcome = "done" if kind is None else "stopped"
        self._show(f"{outcome} after {seconds:.0f} s", 0.0)
        if self._terminal:
            sys.stderr.write("\n")

    def update(self, text: str) -> None:
        """Says what the step is at, such as "compiling 12/140"."""
        self._show(text, 0.1 if self._terminal else QUIET_SECONDS)

    def _show(self, text: str, at_least_after: float) -> None:
        now = time.monotonic()
        if at_least_after and self._shown and now - self._shown < at_least_after:
            return
        self._shown = now
        line = f"{self._title}: {text}" if text else f"{self._title} ..."
        sys.stderr.write(f"\r\x1b[K{line[:100]}" if self._terminal else f"{line}\n")
        sys.stderr.flush()
