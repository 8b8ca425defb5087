# SPDX-License-Identifier: MIT
"""Debian packages: which a command needs, which are missing, and how to get them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

from tarn.failure import ExitCode, Failure

GENERATE = ("python3-jinja2", "python3-ruamel.yaml")
BUILD = (*GENERATE, "cmake", "ninja-build", "make", "xz-utils", "gcc-12-source")
# What boards of an architecture need beyond BUILD: to build, and to run.
COMPILERS = {"aarch64": ("g++-aarch64-linux-gnu", "picolibc-aarch64-linux-gnu"),
             "riscv64": ("g++-riscv64-linux-gnu", "picolibc-riscv64-unknown-elf")}
EMULATORS = {"aarch64": ("qemu-system-arm",), "riscv64": ("qemu-system-misc",)}
DEBUG = ("gdb-multiarch",)


def to_build(architecture: str) -> tuple[str, ...]:
    """What building for a board of the architecture takes."""
    return (*BUILD, *COMPILERS[architecture])


def to_run(architecture: str) -> tuple[str, ...]:
    """What building for and running a board of the architecture takes."""
    return (*to_build(architecture), *EMULATORS[architecture])


def to_debug(architecture: str) -> tuple[str, ...]:
    """What debugging on a board of the architecture takes."""
    return (*to_run(architecture), *DEBUG)


TEST = (*dict.fromkeys(name for architecture in COMPILERS for name in to_run(architecture)), *DEBUG, "g++",
        "libgtest-dev", "cpio", "git", "python3-pytest", "python3-pytest-xdist", "python3-pexpect", "python3-hypothesis",
        "mypy", "clang-format-19", "clang-tidy-19")

APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def missing(packages: Sequence[str]) -> list[str]:
    """Those that are not installed, in the order given."""
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
                           capture_output=True, text=True, check=False)
    installed = {line.split()[0] for line in query.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def install_command(packages: Sequence[str]) -> str:
    """The one line that a person would type as root."""
    return f"apt-get install --no-install-recommends {shlex.join(packages)}"


def ensure(packages: Sequence[str]) -> None:
    """Installs what is missing, as root or through sudo. Raises Failure with the line to type when it cannot."""
    wanted = missing(packages)
    if not wanted:
        return
    prefix = _privilege()
    if prefix is None:
        raise Failure(f"Debian packages are missing. As root:\n  apt-get update && {install_command(wanted)}",
                      ExitCode.PACKAGES)
    print(f"installing {len(wanted)} Debian packages: {' '.join(wanted)}", file=sys.stderr)
    if not _known(wanted):
        _apt(prefix, ["update"])
    # A list of packages may be older than the archive, which then has no file of that version any more.
    if not _apt(prefix, _install(wanted)) and not (_apt(prefix, ["update"]) and _apt(prefix, _install(wanted))):
        raise Failure(f"apt-get failed. To see why, as root:\n  apt-get update && {install_command(wanted)}",
                      ExitCode.PACKAGES)
    still = missing(wanted)
    if still:
        raise Failure(f"apt-get installed everything but: {' '.join(still)}", ExitCode.PACKAGES)


def _install(packages: Sequence[str]) -> list[str]:
    return ["install", "-y", "--no-install-recommends", *packages]


def _privilege() -> list[str] | None:
    """What to put before a command to run it as root; None if there is no way without a person."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if sys.stdin.isatty() and sys.stderr.isatty():
        return ["sudo"]
    can = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if can.returncode == 0 else None


def _known(packages: Sequence[str]) -> bool:
    """Whether apt has heard of them all: not so on a machine that has never run apt-get update."""
    answer = subprocess.run(["apt-cache", "show", "--no-all-versions", *packages], capture_output=True, check=False)
    return answer.returncode == 0


def _apt(prefix: Sequence[str], arguments: Sequence[str]) -> bool:
    variables = [f"{name}={value}" for name, value in APT_ENVIRONMENT.items()]
    command = [*prefix, "env", *variables, "apt-get", "-q", *arguments]
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
