#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks that C++ sources are formatted as .clang-format says."""

from __future__ import annotations

import subprocess
import sys

import tracked
from tracked import ROOT

FORMATTER = "clang-format-19"


def main() -> int:
    line = tracked.parser(__doc__)
    line.add_argument("--fix", action="store_true", help="format them")
    options = line.parse_args()
    files = tracked.chosen(line, options, lambda name: name.endswith((".hpp", ".cpp")))
    mode = ["-i"] if options.fix else ["--dry-run", "--Werror"]
    try:
        return subprocess.run([FORMATTER, *mode, *files], cwd=ROOT, check=False).returncode
    except FileNotFoundError:
        line.error(f"there is no {FORMATTER}: ./tarn test --prepare installs it")


if __name__ == "__main__":
    sys.exit(main())
