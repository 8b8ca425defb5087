# SPDX-License-Identifier: MIT
"""A QEMU machine in the foreground: the terminal is the machine's until it ends, and then as it was before."""

from __future__ import annotations

import signal
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from tarn import paths
from tarn.builder import Image
from tarn.failure import Failure

GRACE_SECONDS = 3.0


class _Ended(Exception):
    """A signal asked this process to end."""


def run(image: Image, *, ctrl_c_ends: bool, options: Sequence[str] = ()) -> int:
    """Boots the image, with more options for QEMU, and returns QEMU's exit code when the machine has ended."""
    command = [*image.board.qemu_command(image.file, ctrl_c_ends=ctrl_c_ends), *options]
    with _terminal_kept(), _signals_caught():
        machine = _start(command)
        try:
            return machine.wait()
        except (KeyboardInterrupt, _Ended):
            # Ctrl-C reaches QEMU as well, which then ends by itself.
            return _end(machine)
        finally:
            _end(machine)


@contextmanager
def in_background(command: Sequence[str]) -> Iterator[None]:
    """A machine that prints to this terminal, and has neither its keys nor its Ctrl-C. It ends with the context."""
    with _signals_caught():
        machine = _start(command, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            yield
        except _Ended:
            pass
        finally:
            machine.terminate()
            _end(machine)


def _start(command: Sequence[str], *, stdin: int | None = None, start_new_session: bool = False) -> subprocess.Popen[bytes]:
    """QEMU, in the checkout, where paths in its options begin."""
    try:
        return subprocess.Popen(command, stdin=stdin, start_new_session=start_new_session, cwd=paths.ROOT)
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is not installed: run ./tarn doctor") from error


def _end(machine: subprocess.Popen[bytes]) -> int:
    for stop in (lambda: None, machine.terminate, machine.kill):
        stop()
        try:
            machine.wait(GRACE_SECONDS if stop is not machine.kill else None)
            return 0
        except subprocess.TimeoutExpired:
            continue
        except (KeyboardInterrupt, _Ended):
            continue
    return 0


@contextmanager
def _signals_caught() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise _Ended

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)


@contextmanager
def _terminal_kept() -> Iterator[None]:
    """Puts the terminal back as it is now: QEMU does so itself, but not when it is killed."""
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        print()
