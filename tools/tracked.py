# SPDX-License-Identifier: MIT
"""Which files a checker of this folder looks at: all that git knows, or those that its command line names."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def parser(description: str | None) -> argparse.ArgumentParser:
    """A command line of files, in `files`; `description` is the checker's docstring."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter,
                                   epilog="exit codes: 0 nothing was found; 1 something was; 2 wrong usage")
    made.add_argument("files", metavar="FILE", nargs="*", type=Path,
                      help="a file, or a folder for all in it (default: everything)")
    return made


def chosen(line: argparse.ArgumentParser, options: argparse.Namespace, wanted: Callable[[str], bool]) -> list[Path]:
    """The tracked files whose path from the root is `wanted`; of these, what `files` names, if that is not empty. Ends
    the program if a name is of nothing, or of nothing that is looked at."""
    known = [path for path in tracked() if wanted(str(path.relative_to(ROOT)))]
    if not options.files:
        return known
    found: list[Path] = []
    for name in options.files:
        place = name.resolve()
        if not place.exists():
            line.error(f"there is no {name}")
        below = [path for path in known if path.is_relative_to(place)]
        if not below:
            line.error(f"there is nothing to check in {name}")
        found += below
    return list(dict.fromkeys(found))


def tracked() -> list[Path]:
    """Every file that is or will be committed, in order."""
    answer = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in sorted(set(answer.stdout.split("\0"))) if name)
    return [path for path in paths if path.is_file()]
