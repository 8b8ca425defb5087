# SPDX-License-Identifier: MIT
"""A machine with nothing to do sleeps: no timer wakes it."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from tarn import paths
from tarn.conformance import Column, columns
from tests.harness import images, shell
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

QUIET_SECONDS = 2.0
MONITOR_PROMPT = b"(qemu) "
BLOCK = re.compile(r"Trace (\d+): ")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    under_test = boards_under_test(metafunc.config)
    metafunc.parametrize("column", [column for column in columns() if column.board in under_test], ids=str)


def test_an_idle_machine_executes_nothing(column: Column, tmp_path: Path) -> None:
    built = images.composed(paths.DEFAULT_SYSTEM, column.board, column.cores)
    log, monitor = tmp_path / "executed", tmp_path / "monitor"
    options = ("-monitor", f"unix:{monitor},server=on,wait=off", "-D", str(log))
    with Machine(built.board, built.image, options=options) as machine, socket.socket(socket.AF_UNIX) as commands:
        machine.expect(shell.PROMPT)
        shell.run(machine, "sleep 0.1")  # the timer has been used
        time.sleep(QUIET_SECONDS / 2)
        commands.connect(str(monitor))
        _say(commands, "log exec")
        time.sleep(QUIET_SECONDS)
        assert not _executed(log, column.cores)
        shell.run(machine, "echo awake")
        assert _executed(log, column.cores)  # it would have been seen


def _executed(log: Path, cores: int) -> str:
    """The first block of code in the log that one of the kernel's cores has executed. What firmware does on the others
    is not the kernel's."""
    with log.open(errors="replace") as lines:
        return next((line for line in lines if (said := BLOCK.match(line)) and int(said[1]) < cores), "")


def _say(commands: socket.socket, line: str) -> None:
    """Has QEMU's monitor carry out a command, once it asks for one, and waits until it asks for the next."""
    for text in ("", line + "\n"):
        commands.sendall(text.encode())
        answer = b""
        while not answer.endswith(MONITOR_PROMPT):
            answer += commands.recv(4096)
