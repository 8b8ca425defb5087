# SPDX-License-Identifier: MIT
"""`./tarn run` at a terminal: what it says, how it is left, and that the terminal is as it was."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tarn import paths
from tests.harness.machine import PATIENCE
from tests.harness.shell import PROMPT

CTRL_A = "\x01"
CTRL_C = "\x03"
# The outer shell lives through Ctrl-C, to tell how ./tarn ended and how it left the terminal.
SCRIPT = "trap : INT; stty -g; ./tarn run --no-build {options}; echo code=$?; stty -g; echo over"


def _start(board: str, options: str = "") -> pexpect.spawn:
    script = SCRIPT.format(options=f"--board {board} {options}")
    return pexpect.spawn("/bin/sh", ["-c", script], cwd=str(paths.ROOT), encoding="utf-8", codec_errors="replace",
                         timeout=60 * PATIENCE, dimensions=(40, 200))


def _ended_sanely(terminal: pexpect.spawn, before: str, code: int) -> None:
    terminal.expect(r"code=(\d+)\r\n([0-9a-f:]+)\r\nover")
    assert int(terminal.match[1]) == code
    assert terminal.match[2] == before


@pytest.fixture
def prepared(board: str) -> Iterator[str]:
    """The default image for the board, where `run --no-build` looks for it."""
    import subprocess

    subprocess.run([paths.ROOT / "tarn", "build", "--board", board], check=True, stdin=subprocess.DEVNULL,
                   capture_output=True)
    yield board


@pytest.mark.parametrize(("keys", "options"), [(CTRL_C, ""), (CTRL_A + "x", ""), (CTRL_A + "x", "--raw")],
                         ids=["ctrl-c", "ctrl-a-x", "raw-ctrl-a-x"])
def test_leaving_leaves_the_terminal_as_it_was(prepared: str, keys: str, options: str) -> None:
    terminal = _start(prepared, options)
    terminal.expect(r"^([0-9a-f:]+)\r\n")
    before = terminal.match[1]
    terminal.expect(r"booting default on " + prepared + r" from build/[^\r\n]*Ctrl-A x leaves it\r\n")
    terminal.expect(PROMPT)
    terminal.send(keys)
    _ended_sanely(terminal, before, 0)
    terminal.close()


def test_raw_gives_ctrl_c_to_the_machine(prepared: str) -> None:
    terminal = _start(prepared, "--raw")
    terminal.expect(PROMPT)
    terminal.send("echo not this" + CTRL_C + "echo but this\r")
    terminal.expect(r"\nbut this")
    terminal.send(CTRL_A + "x")
    terminal.expect("over")
    terminal.close()


def test_a_signal_ends_the_machine_too(prepared: str) -> None:
    terminal = pexpect.spawn(str(paths.ROOT / "tarn"), ["run", "--no-build", "--board", prepared],
                             cwd=str(paths.ROOT), encoding="utf-8", codec_errors="replace", timeout=60 * PATIENCE)
    terminal.expect(PROMPT)
    machines = _children(terminal.pid)
    assert machines
    os.kill(terminal.pid, signal.SIGTERM)
    terminal.expect(pexpect.EOF)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in machines) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in machines)
    terminal.close()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
