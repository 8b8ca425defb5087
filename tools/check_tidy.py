#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy on what has been built: the kernel, libos, the components, the examples.

The flags come from the compile commands of a build for each architecture and of the host's. A source of several is
looked at once, as the first has it; but a few, that between them include the headers of an architecture, as each has it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TIDY = "clang-tidy-19"
PREPARE = "./tarn test --prepare"
# Presets and what they compile for. In this order: what is built for several is looked at as the first has it.
PRESETS = {"qemu-virt-aarch64": "aarch64-linux-gnu", "qemu-virt-riscv64": "riscv64-linux-gnu", "host": ""}
# Sources that are looked at as each board has them.
EACH = ("libos/src/start.cpp",)
OURS = ("base/", "kernel/", "libos/", "components/", "examples/")
# What GCC knows and clang does not, by how it begins.
NOT_CLANG = ("-fno-sanitize-recover=all", "-fno-tree-loop-distribute-patterns", "-Wno-maybe-uninitialized", "--param=")


def commands() -> dict[str, list[dict[str, Any]]]:
    """The compile commands of every source of ours that it is to be looked at with, by its path from the root. Raises
    FileNotFoundError if a preset has not been built."""
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


def arguments() -> list[str]:
    """The parts of names that the command line has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="exit codes: 0 no faults; 1 faults; 2 wrong usage, or nothing has been built")
    parser.add_argument("names", metavar="NAME", nargs="*",
                        help="look only at sources whose path contains NAME (default: at all)")
    names: list[str] = parser.parse_args().names
    return names


def chosen(known: list[str], parts: list[str]) -> list[str]:
    """The names that contain one of the parts, or all. Ends the program if there is none for a part."""
    for part in parts:
        if not any(part in name for name in known):
            sys.exit(wrong(f"no source that is looked at has '{part}' in its path"))
    return [name for name in known if not parts or any(part in name for part in parts)]


def wrong(what: str) -> int:
    print(f"error: {what}", file=sys.stderr)
    return 2


def main() -> int:
    parts = arguments()
    if shutil.which(TIDY) is None:
        return wrong(f"there is no {TIDY}: {PREPARE} installs it")
    try:
        database = commands()
    except FileNotFoundError as missing:
        return wrong(f"there is no {Path(missing.filename).relative_to(ROOT)}: {PREPARE} makes it")
    names = chosen(sorted(database), parts)
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
    sys.exit(main())
