# SPDX-License-Identifier: MIT
"""`./tarn gdb`: it stops in the kernel and in a component, on a machine of its own and on one that waits."""

from __future__ import annotations

import subprocess

import pexpect
import pytest

from tarn import paths
from tests.harness.machine import PATIENCE
from tests.harness.shell import PROMPT


def _gdb(board: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["./tarn", "gdb", "--board", board, *words], cwd=paths.ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", timeout=300 * PATIENCE, check=False)


def test_it_stops_in_the_kernel_and_in_a_component(board: str) -> None:
    run = _gdb(board, "--component", "hello", "break kernel_main", "break os::main", "continue", "backtrace", "continue",
               "info symbol $pc", "kill")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Breakpoint 1, kernel::boot::kernel_main (device_tree=" in run.stdout
    assert "os::main(Env&)" in run.stdout.split("Breakpoint 1, ")[1]


def test_it_attaches_to_a_machine_that_waits(board: str) -> None:
    assert _gdb(board, "quit").returncode == 0  # the image is there
    machine = pexpect.spawn("./tarn", ["run", "--no-build", "--board", board, "--gdb"], cwd=str(paths.ROOT),
                            encoding="utf-8", codec_errors="replace", timeout=60 * PATIENCE)
    machine.expect_exact(f"it waits for: ./tarn gdb --attach --board {board}")
    run = _gdb(board, "--attach", "hbreak kernel_main", "continue", "delete", "detach")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "kernel_main (device_tree=" in run.stdout
    machine.expect(PROMPT)
    machine.send("\x01x")
    machine.expect(pexpect.EOF)
    machine.close()
    assert machine.exitstatus == 0


def test_nobody_waits(board: str) -> None:
    assert _gdb(board, "quit").returncode == 0
    run = _gdb(board, "--attach", "quit")
    assert run.returncode == 1 and f"no machine waits for gdb: start one with ./tarn run --gdb --board {board}" in run.stderr


def test_a_component_that_is_not_there(board: str) -> None:
    run = _gdb(board, "--component", "helo")
    assert run.returncode == 2 and "there is no component 'helo', did you mean hello?" in run.stderr
    assert "Traceback" not in run.stderr


# The same machine is started and the same socket made by each of them.
pytestmark = pytest.mark.xdist_group("gdb")
