# SPDX-License-Identifier: MIT
"""What `./tarn` does about missing Debian packages, on a machine played by fake dpkg-query, apt-get and sudo."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tarn import packages, paths

DPKG_QUERY = """#!/bin/sh
# Knows a package as installed when there is a file of its name.
for name in "$@"; do
    case $name in -*|'${'*) continue ;; esac
    [ -e "$MACHINE/installed/$name" ] && echo "$name installed"
done
exit 0
"""
APT_CACHE = """#!/bin/sh
[ -e "$MACHINE/updated" ]
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$MACHINE/log"
command=
for word in "$@"; do
    case $word in -*) continue ;; esac
    if [ -z "$command" ]; then
        command=$word
        if [ "$command" = update ]; then touch "$MACHINE/updated" "$MACHINE/fresh"; exit 0; fi
        [ -e "$MACHINE/fresh" ] || exit 100
    else
        touch "$MACHINE/installed/$word"
    fi
done
exit 0
"""
SUDO = """#!/bin/sh
echo "sudo $*" >> "$MACHINE/log"
[ "$1" = -n ] && shift
exec "$@"
"""
NOBODY = 65534
RUN = packages.to_run("aarch64")


@dataclass(frozen=True)
class FakeMachine:
    """A folder that plays a machine's packages: `installed/`, `updated` (lists exist), `fresh` (they are current)."""

    folder: Path

    @property
    def log(self) -> list[str]:
        file = self.folder / "log"
        return file.read_text().splitlines() if file.exists() else []

    def ensure(self, *, root: bool, wanted: tuple[str, ...] = RUN) -> subprocess.CompletedProcess[str]:
        """Runs what `./tarn` runs first, as root or as a user who is nobody."""
        script = f"""
import sys
from tarn import packages
from tarn.failure import Failure
try:
    packages.ensure({wanted!r})
except Failure as failure:
    print(failure, file=sys.stderr)
    sys.exit(failure.code)
"""
        environment = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "PYTHONPATH": str(paths.ROOT / "tools"),
                       "MACHINE": str(self.folder)}
        user = None if root else NOBODY
        return subprocess.run([paths.PYTHON, "-c", script], env=environment, user=user, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    folder = tmp_path / "machine"
    (folder / "bin").mkdir(parents=True)
    (folder / "installed").mkdir()
    for name, script in (("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE), ("apt-get", APT_GET)):
        _program(folder / "bin" / name, script)
    for parent in (folder, folder / "installed", *tmp_path.parents, tmp_path):
        if parent.is_relative_to(Path("/tmp")) and parent != Path("/tmp"):
            parent.chmod(0o777)
    return FakeMachine(folder)


def _program(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="plays both root and another user")


@needs_root
def test_a_complete_machine_is_left_alone(machine: FakeMachine) -> None:
    for name in RUN:
        (machine.folder / "installed" / name).touch()
    run = machine.ensure(root=True)
    assert (run.returncode, run.stderr, machine.log) == (0, "", [])


@needs_root
def test_root_installs_all_that_is_missing_at_once(machine: FakeMachine) -> None:
    for name in ("updated", "fresh", "installed/cmake"):
        (machine.folder / name).touch()
    run = machine.ensure(root=True)
    assert run.returncode == 0, run.stderr
    missing = [name for name in RUN if name != "cmake"]
    assert machine.log == [f"apt-get -q install -y --no-install-recommends {' '.join(missing)}"]


@needs_root
def test_lists_are_fetched_where_there_are_none(machine: FakeMachine) -> None:
    run = machine.ensure(root=True)
    assert run.returncode == 0, run.stderr
    assert [line.split()[2] for line in machine.log] == ["update", "install"]


@needs_root
def test_lists_are_fetched_anew_when_they_are_stale(machine: FakeMachine) -> None:
    (machine.folder / "updated").touch()
    run = machine.ensure(root=True)
    assert run.returncode == 0, run.stderr
    assert [line.split()[2] for line in machine.log] == ["install", "update", "install"]


@needs_root
def test_a_user_with_sudo_uses_it(machine: FakeMachine) -> None:
    _program(machine.folder / "bin" / "sudo", SUDO)
    for name in ("updated", "fresh"):
        (machine.folder / name).touch()
    (machine.folder / "log").touch()
    (machine.folder / "log").chmod(0o666)
    run = machine.ensure(root=False, wanted=("cmake",))
    assert run.returncode == 0, run.stderr
    assert "apt-get -q install -y --no-install-recommends cmake" in machine.log


@needs_root
@pytest.mark.skipif(shutil.which("sudo") is not None, reason="this machine has sudo")
def test_a_user_without_sudo_is_told_the_line(machine: FakeMachine) -> None:
    run = machine.ensure(root=False, wanted=("cmake", "qemu-system-arm"))
    assert run.returncode == 3 and machine.log == []
    assert "apt-get update && apt-get install --no-install-recommends cmake qemu-system-arm" in run.stderr


def test_a_board_asks_for_its_own_architecture_only() -> None:
    arm, risc = set(packages.to_run("aarch64")), set(packages.to_run("riscv64"))
    assert arm - risc == {"g++-aarch64-linux-gnu", "picolibc-aarch64-linux-gnu", "qemu-system-arm"}
    assert risc - arm == {"g++-riscv64-linux-gnu", "picolibc-riscv64-unknown-elf", "qemu-system-misc"}
    assert arm | risc <= set(packages.TEST)
