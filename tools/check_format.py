#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks that C++ sources are formatted as .clang-format says. --fix formats them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from check_floors import ROOT, tracked_sources

FORMATTER = "clang-format-19"


def main(arguments: list[str]) -> int:
    fix = "--fix" in arguments
    files = [Path(argument).resolve() for argument in arguments if argument != "--fix"] or tracked_sources()
    cxx = [str(path.relative_to(ROOT)) for path in files if path.suffix in (".hpp", ".cpp")]
    mode = ["-i"] if fix else ["--dry-run", "--Werror"]
    return subprocess.run([FORMATTER, *mode, *cxx], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
