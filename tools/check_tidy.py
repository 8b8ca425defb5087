#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy on what has been built. Arguments: parts of file names (default: every source of ours).

The flags come from the compile commands of a build for each architecture and of the host's. A source of several is
looked at once, as the first has it; but a few, that between them include the headers of an architecture, as each has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TIDY = "clang-tidy-19"
# Presets and what they compile for. In this order: what is built for several is looked at as the first has it.
PRESETS = {"qemu-virt-aarch64": "aarch64-linux-gnu", "qemu-virt-riscv64": "riscv64-linux-gnu", "host": ""}
# Sources that are looked at as each board has them.
EACH = ("libos/src/start.cpp",)
OURS = ("base/", "kernel/", "libos/", "components/", "examples/")
# What GCC knows and clang does not, by how it begins.
NOT_CLANG = ("-fno-sanitize-recover=all", "-fno-tree-loop-distribute-patterns", "-Wno-maybe-uninitialized", "--param=")


def commands() -> dict[str, list[dict[str, Any]]]:
    """The compile commands of every source of ours that it is to be looked at with, by its path from the root."""
    found: dict[str, list[dict[str, Any]]] = {}
    for preset, target in PRESETS.items():
        database = ROOT / "build" / preset / "compile_commands.json"
        for entry in json.loads(database.read_text()):
            path = Path(entry["file"])
            name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""
            if name.endswith(".cpp") and name.startswith(OURS):
                words = [word for word in entry["command"].split() if not word.startswith(NOT_CLANG)]
                if target:
                    words.insert(1, f"--target={target}")
                known = found.setdefault(name, [])
                if not known or (target and name in EACH):
                    known.append(entry | {"command": " ".join(words)})
    return found


def tidy(name: str, folder: str) -> tuple[str, str]:
    """What clang-tidy has to say about one source; the text is empty if nothing."""
    run = subprocess.run([TIDY, "--quiet", "-p", folder, str(ROOT / name)], cwd=ROOT, capture_output=True, text=True,
                         check=False)
    return name, run.stdout + run.stderr if run.returncode != 0 else ""


def main(arguments: list[str]) -> int:
    database = commands()
    names = [name for name in sorted(database)
             if not arguments or any(argument in name for argument in arguments)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        entries = [entry for name in names for entry in database[name]]
        (Path(folder) / "compile_commands.json").write_text(json.dumps(entries))
        for done, (name, said) in enumerate(workers.map(lambda each: tidy(each, folder), names), 1):
            if said:
                failed += 1
                print(f"{name}:\n{said.replace(f'{ROOT}/', '')}", flush=True)
            if sys.stderr.isatty() or done % 20 == 0:
                print(f"clang-tidy {done}/{len(names)}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr)
    print(f"{len(names)} files, {failed} with faults", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
