# SPDX-License-Identifier: MIT
"""A machine in QEMU that a debugger drives: the socket between them, and gdb with the symbols of what runs."""

from __future__ import annotations

import difflib
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tarn import machine, paths
from tarn.builder import Image
from tarn.failure import ExitCode, Failure

GDB = "gdb-multiarch"


def socket_of(image: Image) -> str:
    """Where QEMU and gdb meet, seen from the checkout: the path of a socket may have no more than 107 characters."""
    return paths.shown(image.folder / "gdb.socket")


def qemu_options(image: Image) -> list[str]:
    """For a QEMU that is started in the checkout: it waits for the debugger before it executes anything."""
    (paths.ROOT / socket_of(image)).unlink(missing_ok=True)
    return ["-chardev", f"socket,path={socket_of(image)},server=on,wait=off,id=debugger", "-gdb", "chardev:debugger", "-S"]


def debug(image: Image, components: Sequence[str], commands: Sequence[str], *, attach: bool) -> int:
    """Runs gdb on a machine of its own, or on the one that waits for it; gdb's exit code."""
    symbols = [_symbols(image, component) for component in components]
    if attach:
        _require_waiting(image)
        return _gdb(image, symbols, commands)
    command = image.board.qemu_command(image.file, ctrl_c_ends=False)
    with machine.in_background([*command, *qemu_options(image)]):
        return _gdb(image, symbols, commands)


def _gdb(image: Image, symbols: Sequence[Path], commands: Sequence[str]) -> int:
    kernel = paths.BUILD / image.board.name / "kernel" / "kernel.elf"
    first = ["set confirm off", *(f"add-symbol-file {paths.shown(file)}" for file in symbols),
             f"target remote {socket_of(image)}", *commands]
    with _ctrl_c_left_to_gdb():
        try:
            return subprocess.run([GDB, "-q", paths.shown(kernel), *(word for each in first for word in ("-ex", each))],
                                  cwd=paths.ROOT, check=False).returncode
        except FileNotFoundError as error:
            raise Failure(f"{GDB} is not installed: run ./tarn doctor") from error


def _symbols(image: Image, component: str) -> Path:
    """The program of a component, with its symbols."""
    folder = paths.BUILD / image.board.name / "symbols"
    file = folder / component
    if "/" in component or not file.is_file():
        built = [path.name for path in folder.glob("*") if path.is_file()]
        close = difflib.get_close_matches(component, built, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(built))}"
        raise Failure(f"there is no component '{component}', {hint}", ExitCode.USAGE)
    return file


def _require_waiting(image: Image) -> None:
    """Raises Failure if no machine is there to be debugged."""
    path = paths.ROOT / socket_of(image)
    if not path.is_socket():
        raise Failure(f"no machine waits for gdb: start one with ./tarn run --gdb --board {image.board.name}")


@contextmanager
def _ctrl_c_left_to_gdb() -> Iterator[None]:
    def leave(number: int, frame: FrameType | None) -> None:
        """gdb has had it, too, and stops the machine."""

    before = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
