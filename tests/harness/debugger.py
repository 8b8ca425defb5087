# SPDX-License-Identifier: MIT
"""A debugger's connection to a machine in QEMU: its remote protocol, as far as tests need it."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tarn import paths

SYMBOLS = "nm"


def symbol(board: str, tool_prefix: str, name: str) -> int:
    """The address of a symbol of a board's kernel."""
    kernel = paths.BUILD / board / "kernel" / "kernel.elf"
    listing = subprocess.run([tool_prefix + SYMBOLS, str(kernel)], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        address, _, found = line.partition(" ")
        if found.split()[-1] == name:
            return int(address, 16)
    raise AssertionError(f"the kernel for {board} has no symbol {name}")


class Debugger:
    """Connects to the socket that `options` has QEMU make. The machine stands still from then on."""

    def __init__(self, path: Path, *, within: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(within)
        until = time.monotonic() + within
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        # QEMU writes single registers only for those who have asked which there are.
        self._exchange("qXfer:features:read:target.xml:0,ffb")

    @staticmethod
    def options(path: Path) -> list[str]:
        """For QEMU. It waits for the debugger before it executes anything."""
        return ["-chardev", f"socket,path={path},server=on,wait=off,id=debugger", "-gdb", "chardev:debugger", "-S"]

    def __enter__(self) -> Debugger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._socket.close()

    def break_at(self, address: int) -> None:
        self._ask(f"Z1,{address:x},4")

    def remove_break(self, address: int) -> None:
        self._ask(f"z1,{address:x},4")

    def write_register(self, number: int, value: int) -> None:
        """Of the core that has stopped, in the order of the protocol (AArch64: x0 to x30, sp, pc; RISC-V: x0 to x31, pc)."""
        self._ask(f"P{number:x}={value.to_bytes(8, 'little').hex()}")

    def read_register(self, number: int) -> int:
        """The same."""
        return int.from_bytes(bytes.fromhex(self._exchange(f"p{number:x}")), "little")

    def numbers_of_control_registers(self) -> dict[str, int]:
        """RISC-V: the protocol's number of each, by name."""
        description = ""
        last = False
        while not last:
            answer = self._exchange(f"qXfer:features:read:riscv-csr.xml:{len(description):x},ffb")
            last = answer.startswith("l")
            description += answer[1:]
        return {name: int(number)
                for name, number in re.findall(r'<reg name="(\w+)" bitsize="\d+" regnum="(\d+)"', description)}

    def select_core(self, number: int) -> None:
        """What is asked from now on is asked of this one, up to the next stop."""
        self._ask(f"Hg{number + 1:x}")

    def run_to_break(self) -> None:
        answer = self._exchange("c")
        assert answer.startswith("T"), answer

    def go_on(self) -> None:
        """Lets the machine run; nothing can be asked any more."""
        self._send("c")

    def _ask(self, command: str) -> None:
        answer = self._exchange(command)
        assert answer == "OK", f"{command}: {answer}"

    def _exchange(self, command: str) -> str:
        self._send(command)
        return self._receive()

    def _send(self, command: str) -> None:
        checksum = sum(command.encode()) & 0xFF
        self._socket.sendall(f"${command}#{checksum:02x}".encode())

    def _receive(self) -> str:
        packet = b""
        while b"#" not in packet or len(packet) < packet.index(b"#") + 3:
            received = self._socket.recv(4096)
            assert received, "the machine has gone"
            packet += received
        self._socket.sendall(b"+")
        begin = packet.index(b"$") + 1
        return packet[begin:packet.index(b"#")].decode()
