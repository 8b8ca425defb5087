#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How many instructions the kernel executes at most with interrupts masked and none looked at.

Boots tests/worst_case/system.yaml in QEMU, one instruction at a time, with a trace of every instruction of the kernel.
A section begins where the kernel is entered, or has just looked whether an interrupt is pending, and ends where it
leaves or looks again: for as long an interrupt may wait. Prints, for each operation of tests/worst_case, the longest
section and the functions that it was spent in. The board has to be built: `./tarn test --prepare` does that.
"""

from __future__ import annotations

import argparse
import bisect
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM = ROOT / "tests" / "worst_case" / "system.yaml"
TRACED = ("-smp", "1", "-display", "none", "-monitor", "none", "-icount", "shift=0,sleep=off", "-singlestep", "-d",
          "exec,nochain")
KERNEL_SIZE = 0x100000
MARK_SIZE = 4
SHOWN = 3
LINE = re.compile(r"^OPERATION (\d+) (.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Board:
    """How a board is started, and what an entry from user code, an exit and a look at interrupts look like there."""

    prefix: str
    qemu: tuple[str, ...]
    table: str
    entries: tuple[int, ...]
    ends: str
    polls: str


BOARDS = {
    "qemu-virt-aarch64": Board(
        "aarch64-linux-gnu-",
        ("qemu-system-aarch64", "-M", "virt,gic-version=2", "-cpu", "cortex-a53", "-m", "1G", "-nic", "none"),
        "exception_vectors", (0x400, 0x480, 0x580), r"eret|wfi", r"mrs\s+\w+, isr_el1"),
    "qemu-virt-riscv64": Board(
        "riscv64-linux-gnu-", ("qemu-system-riscv64", "-M", "virt", "-cpu", "rv64", "-m", "1G", "-nic", "none"),
        "trap_entry", (0,), r"sret|wfi", r"csrr\s+\w+,\s*sip"),
}


@dataclass(frozen=True)
class Places:
    """Addresses, as the trace has them, that mean something."""

    entries: frozenset[str]
    ends: frozenset[str]
    polls: frozenset[str]
    marks: dict[str, int]


@dataclass
class Longest:
    """The longest section of an operation."""

    instructions: int = 0
    addresses: list[str] = field(default_factory=list)


def sections(trace: Iterable[str], places: Places) -> dict[int, Longest]:
    """The longest section for each mark. Lines of the trace are `Trace 0: host [flags/address/...] symbol`."""
    longest: dict[int, Longest] = {}
    now: list[str] | None = None
    mark = 0
    for line in trace:
        if not line.startswith("Trace"):
            continue
        address = line.split("/", 2)[1]
        if address in places.marks:
            mark = places.marks[address]
            continue
        if address in places.entries:
            now = []
        if now is None:
            continue
        now.append(address)
        ends = address in places.ends
        if ends or address in places.polls:
            best = longest.setdefault(mark, Longest())
            if len(now) > best.instructions:
                longest[mark] = Longest(len(now), now)
            now = None if ends else []
    return longest


class Program:
    """Symbols and instructions of an ELF file."""

    def __init__(self, prefix: str, file: Path) -> None:
        listing = _output([prefix + "nm", "--demangle", "--numeric-sort", str(file)])
        found = [line.split(" ", 2) for line in listing.splitlines() if line[0] != " "]
        self._addresses = [int(address, 16) for address, _, _ in found]
        self._names = [name for _, _, name in found]
        self._prefix, self._file = prefix, file

    def address(self, name: str) -> int:
        return self._addresses[self._names.index(name)]

    def function(self, address: int) -> str:
        name = self._names[bisect.bisect_right(self._addresses, address) - 1]
        return re.sub(r"kernel::|\(anonymous namespace\)::|\(.*", "", name)

    def instructions(self, pattern: str) -> set[int]:
        """Where there is such an instruction."""
        found = re.findall(r"^\s*([0-9a-f]+):\s+[0-9a-f]+\s+(.*)$",
                           _output([self._prefix + "objdump", "-d", str(self._file)]), re.MULTILINE)
        return {int(address, 16) for address, text in found if re.match(pattern, text)}


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _shown(address: int) -> str:
    return f"{address:016x}"


def measure(name: str, folder: Path) -> tuple[dict[int, str], dict[int, Longest], Program]:
    board, build = BOARDS[name], ROOT / "build" / name
    for needed in (build / "kernel" / "kernel.elf", build / "symbols" / "worst_case"):
        if not needed.is_file():
            raise SystemExit(f"error: there is no {needed.relative_to(ROOT)}: ./tarn test --prepare makes it")
    kernel = Program(board.prefix, build / "kernel" / "kernel.elf")
    worst = Program(board.prefix, build / "symbols" / "worst_case")
    first_mark = worst.address("operation_marks")
    table = kernel.address(board.table)
    begin = kernel.address("__image_start")
    places = Places(frozenset(_shown(table + offset) for offset in board.entries),
                    frozenset(map(_shown, kernel.instructions(board.ends))),
                    frozenset(map(_shown, kernel.instructions(board.polls))),
                    {_shown(first_mark + MARK_SIZE * number): number for number in range(64)})
    subprocess.run(["/usr/bin/python3", "-m", "codegen", "system", "image", str(SYSTEM.relative_to(ROOT)), "--board",
                    name, "--cores", "1", "--kernel", str(build / "kernel" / "kernel.bin"), "--programs",
                    str(build / "programs"), "--out", str(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   env=os.environ | {"PYTHONPATH": str(ROOT)})
    trace, said = folder / "trace", folder / "said"
    os.mkfifo(trace)
    ranges = f"{begin:#x}+{KERNEL_SIZE:#x},{first_mark:#x}+{64 * MARK_SIZE:#x}"
    command = [*board.qemu, *TRACED, "-kernel", str(folder / "image.bin"), "-serial", "stdio", "-dfilter", ranges, "-D",
               str(trace)]
    with (said.open("w") as output,
          subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as machine,
          trace.open() as lines):
        longest = sections(lines, places)
        machine.wait()
    text = said.read_text(errors="replace")
    if "OPERATIONS DONE" not in text:
        raise SystemExit(f"error: the operations did not come to their end:\n{text[-1000:]}")
    return {int(number): name for number, name in LINE.findall(text)}, longest, kernel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="exit codes: 0 measured; 1 not built, or the machine failed; 2 wrong usage")
    parser.add_argument("--board", choices=sorted(BOARDS), default="qemu-virt-aarch64")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names, longest, kernel = measure(options.board, Path(folder))
    print("| operation | instructions | spent in |\n|---|---|---|")
    for number, name in [*names.items(), (0, "everything else, from boot on")]:
        section = longest.get(number, Longest())
        functions = Counter(kernel.function(int(address, 16)) for address in section.addresses)
        spent = ", ".join(f"{function} {count}" for function, count in functions.most_common(SHOWN))
        print(f"| {name} | {section.instructions} | {spent} |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
