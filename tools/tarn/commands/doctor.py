# SPDX-License-Identifier: MIT
"""`./tarn doctor`: whether this machine has what Tarn needs, and what to do where it has not."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tarn import cxx_library, packages, paths
from tarn.commands import shared
from tarn.failure import ExitCode

DISK_NEEDED = 2 * 1024**3
EPILOG = """\
exit codes: 0 nothing is wrong; 1 something is; 3 Debian packages are missing
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` says what to do and is empty when nothing is wrong."""

    name: str
    found: str
    mend: str = ""


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("doctor", help="look for what is missing on this machine", epilog=EPILOG,
                                 description="Looks at what Tarn needs of this machine. Changes nothing.")
    shared.add_json(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    examine: tuple[Callable[[], Finding], ...] = (
        _debian, _python, _packages, *(partial(_library, name) for name in cxx_library.TARGETS), _disk)
    findings = [look() for look in examine]
    if options.json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            print(f"{'!!' if finding.mend else 'ok'}  {finding.name:12} {finding.found}")
            if finding.mend:
                print(f"                 {finding.mend}")
    if packages.missing(packages.TEST):
        return ExitCode.PACKAGES
    return ExitCode.FAILED if any(finding.mend for finding in findings) else ExitCode.DONE


def _debian() -> Finding:
    release = Path("/etc/debian_version")
    version = release.read_text().strip() if release.exists() else "not Debian"
    good = version.startswith("12")
    return Finding("Debian", version, "" if good else "Tarn is made for and tested on Debian 12")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", f"{version} at {sys.executable}")


def _packages() -> Finding:
    absent = packages.missing(packages.TEST)
    if not absent:
        return Finding("packages", f"all {len(packages.TEST)} are installed")
    return Finding("packages", f"missing: {' '.join(absent)}",
                   f"./tarn run and ./tarn test install them, or as root: {packages.install_command(absent)}")


def _library(architecture: str) -> Finding:
    name = f"C++ {architecture}"
    try:
        path = cxx_library.location(architecture)
    except cxx_library.BuildError:
        return Finding(name, "library not built: its packages are missing")
    return Finding(name, str(path) if path.exists() else "library not built yet: the first build does, in a minute")


def _disk() -> Finding:
    free = shutil.disk_usage(paths.ROOT).free
    text = f"{free / 1024**3:.1f} GiB free"
    return Finding("disk", text, "" if free >= DISK_NEEDED else "a build needs 2 GiB")
