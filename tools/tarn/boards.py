# SPDX-License-Identifier: MIT
"""Boards: which there are, and what the tools need to know of one."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tarn import packages, paths
from tarn.failure import ExitCode, Failure


@dataclass(frozen=True)
class Board:
    """What codegen says of a board (`board.json`). `qemu` is all of the command line that depends on the board, and empty
    if there is no model of it."""

    name: str
    image: str
    qemu: tuple[str, ...]

    def with_cores(self, cores: int) -> Board:
        """The same with a machine of so many cores, where its command line says how many there are: those that the
        kernel does not start may be busy in the firmware."""
        words = list(self.qemu)
        if "-smp" in words:
            words[words.index("-smp") + 1] = str(cores)
        return replace(self, qemu=tuple(words))

    def require_qemu(self, image: Path) -> None:
        """Raises Failure if this is a board that only exists as itself."""
        if not self.qemu:
            raise Failure(f"boards/{self.name}.yaml says nothing of QEMU: {paths.shown(image)} is for the board itself",
                          ExitCode.USAGE)

    def qemu_command(self, image: Path, *, ctrl_c_ends: bool, serial_port: int = 0) -> list[str]:
        """QEMU's command line: console on standard input and output, Ctrl-A x to leave.

        Ctrl-C ends the machine or is a character for it, as `ctrl_c_ends` says. The console is the board's
        serial port with this number; those before it lead nowhere.
        """
        self.require_qemu(image)
        signal = "on" if ctrl_c_ends else "off"
        return [*self.qemu, "-kernel", str(image), "-display", "none", "-parallel", "none",
                "-chardev", f"stdio,id=terminal,mux=on,signal={signal}", "-mon", "chardev=terminal",
                *["-serial", "null"] * serial_port, "-serial", "chardev:terminal"]


def names() -> list[str]:
    """Every board there is a file for."""
    return sorted(path.stem for path in paths.BOARDS.glob("*.yaml"))


def emulated() -> list[str]:
    """Those whose file has a line for QEMU: tests run on them."""
    return [name for name in names() if re.search(r"^qemu *:", _text(name), re.MULTILINE)]


def require_emulated(name: str) -> str:
    """The name, if a board has it and QEMU a model of the board. Raises Failure if not."""
    if require(name) not in emulated():
        raise Failure(f"boards/{name}.yaml says nothing of QEMU: tests run on {', '.join(emulated())}", ExitCode.USAGE)
    return name


def _text(name: str) -> str:
    return (paths.BOARDS / f"{name}.yaml").read_text(encoding="utf-8-sig", errors="replace")


def require(name: str) -> str:
    """The name, if a board has it. Raises Failure with a suggestion if none has."""
    known = names()
    if name in known:
        return name
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"
    raise Failure(f"no board '{name}' in boards/: {hint}", ExitCode.USAGE)


def architecture(name: str) -> str:
    """The architecture of a board."""
    stated = stated_architecture(name)
    if stated is None:
        raise Failure(f"boards/{name}.yaml has no line 'arch: ...' with one of {', '.join(packages.COMPILERS)}")
    return stated


def stated_architecture(name: str) -> str | None:
    """What a board's file says, if it is an architecture. Reads it as text: what reads YAML may not be installed yet."""
    found = re.search(r"^arch: *[\"']?(\w+)", _text(name), re.MULTILINE)
    return found[1] if found is not None and found[1] in packages.COMPILERS else None


def load(name: str) -> Board:
    """A board that has been built."""
    path = paths.BUILD / name / "generated" / "board.json"
    if not path.is_file():
        raise Failure(f"{name} has not been built yet: run without --no-build")
    try:
        facts = json.loads(path.read_text())
        qemu = facts["qemu"]
        return Board(name, facts["image"], (qemu["program"], *qemu["arguments"]) if qemu else ())
    except (ValueError, LookupError, TypeError) as error:
        raise Failure(f"{paths.shown(path)} is damaged: remove {paths.shown(paths.BUILD / name)}") from error
