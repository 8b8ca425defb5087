#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks the floors: which file may include which.

A file may include its own floor and those its floor names. What the whole rule is for: a part can be read, tested and
replaced knowing only what stands below it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tracked
from tracked import ROOT

SOURCES = (".hpp", ".cpp", ".S", ".ld")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# C++ headers that need no library to link against: all that base and the kernel may use.
FREESTANDING = frozenset({
    "algorithm", "array", "atomic", "bit", "compare", "concepts", "cstddef", "cstdint", "expected", "functional",
    "initializer_list", "iterator", "limits", "memory", "new", "optional", "ranges", "source_location", "span", "string_view",
    "tuple", "type_traits", "utility", "variant", "version"})


@dataclass(frozen=True)
class Floor:
    """Files below `prefix` may include files below `allowed`; those of other floors never."""

    prefix: str
    allowed: tuple[str, ...]
    freestanding: bool = False


# The longest prefix of a file's path decides. Inside the kernel: arch and drivers are the lowest, boot the highest;
# debug may read everything, and is reached through hooks that base declares.
KERNEL = ("base/", "kernel/abi/", "generated/kernel/", "generated/board_facts.hpp", "kernel/arch/", "kernel/drivers/")
KERNEL_STOREYS = ("cap", "object", "sched", "ipc", "invoke", "entry", "boot")
USER = ("base/", "kernel/abi/", "os/", "libos/", "generated/")

FLOORS = (
    Floor("base/", ("base/",), freestanding=True),
    Floor("kernel/abi/", ("base/", "kernel/abi/"), freestanding=True),
    Floor("kernel/arch/", KERNEL, freestanding=True),
    Floor("kernel/drivers/", KERNEL, freestanding=True),
    *(Floor(f"kernel/{storey}/", (*KERNEL, *(f"kernel/{below}/" for below in KERNEL_STOREYS[:index + 1])),
            freestanding=True)
      for index, storey in enumerate(KERNEL_STOREYS)),
    Floor("kernel/debug/", (*KERNEL, *(f"kernel/{storey}/" for storey in KERNEL_STOREYS), "kernel/debug/"),
          freestanding=True),
    # What unit tests have for an architecture: a program of the host that keeps a core of its own.
    Floor("kernel/arch/host/", ("base/", "kernel/", "generated/kernel/")),
    # The wrappers of kernel invocations stand below libos (docs/adr/0003), Env is compiled into each program.
    Floor("libos/", ("base/", "kernel/abi/", "os/", "libos/", "generated/object/", "generated/env.hpp")),
    Floor("generated/kernel/", ("base/", "kernel/abi/", "generated/kernel/"), freestanding=True),
    Floor("generated/object/", ("base/", "kernel/abi/", "os/syscall.hpp", "generated/object/")),
    Floor("generated/", USER),
    # A component's own folder is added to these by `floor_of`.
    Floor("components/", ("base/", "os/", "generated/")),
    Floor("examples/", ("base/", "os/", "generated/")),
    # What stands close to the kernel speaks its ABI: init makes every object, memory hands out untypeds.
    Floor("components/init/", ("kernel/abi/", "base/", "os/", "generated/")),
    Floor("components/memory/", ("kernel/abi/", "base/", "os/", "generated/")),
    Floor("tests/", ("",)),
)


def floor_of(path: str) -> Floor | None:
    """The floor of a file, given its path from the root; None if it has no floor and so no rule."""
    matches = [floor for floor in FLOORS if path.startswith(floor.prefix)]
    if not matches:
        return None
    floor = max(matches, key=lambda candidate: len(candidate.prefix))
    if path.startswith(("components/", "examples/")):
        own = "/".join(path.split("/")[:2]) + "/"
        return Floor(floor.prefix, (*floor.allowed, own), floor.freestanding)
    return floor


def violations(path: Path, root: Path = ROOT) -> Iterable[str]:
    """Each include of the file that its floor forbids, as "file:line: what"."""
    name = str(path.relative_to(root))
    floor = floor_of(name)
    if floor is None:
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        own, system = match.groups()
        if system is not None and floor.freestanding and system not in FREESTANDING:
            yield f"{name}:{number}: {floor.prefix} is freestanding and may not include <{system}>"
        if own is not None:
            if (path.parent / own).is_file():
                own = str((path.parent / own).resolve().relative_to(root))
            if not own.startswith(floor.allowed):
                yield f"{name}:{number}: {floor.prefix} may not include {own}"


def main() -> int:
    line = tracked.parser(__doc__)
    files = tracked.chosen(line, line.parse_args(), lambda name: name.endswith(SOURCES))
    found = [line for path in files for line in violations(path)]
    print("".join(f"{line}\n" for line in found), end="")
    print(f"{len(files)} files, {len(found)} includes that a floor forbids", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
