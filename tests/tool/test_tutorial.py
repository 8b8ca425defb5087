# SPDX-License-Identifier: MIT
"""Does what the README's tutorial says, in a copy of the project, and sees what it says comes of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tarn import paths
from tests.harness import readme
from tests.harness.machine import PATIENCE

TITLE = "Five minutes: a service of your own"
BUILD_SECONDS = 900

# One copy of the project, built by one process, which begins before the others are done.
pytestmark = [pytest.mark.xdist_group("tutorial"), pytest.mark.early]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it would be cloned, with what the tutorial adds."""
    copy = tmp_path_factory.mktemp("tutorial") / "tarn"
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=paths.ROOT,
                            capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (paths.ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.ROOT / name, copy / name)
    steps = readme.file_steps(readme.section(TITLE))
    assert len(steps) == 8, [step.path for step in steps]
    for step in steps:
        path = copy / step.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if step.adds else "") + step.text)
    return copy


def test_gen_shows_what_becomes_of_the_interface(project: Path) -> None:
    run = subprocess.run(["./tarn", "gen", "idl/adder.idl"], cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "build/gen/generated/adder.hpp" in run.stdout


def test_the_mistake_is_found_as_shown(project: Path) -> None:
    system = project / "system.yaml"
    right = system.read_text()
    system.write_text(right.replace("adder.adder", "adder.ader"))
    run = subprocess.run(["./tarn", "check", "system.yaml"], cwd=project, capture_output=True, text=True, check=False)
    system.write_text(right)
    assert run.returncode == 1
    shown = readme.console_blocks(readme.section(TITLE))[1]
    assert run.stderr == shown


def test_the_system_boots_with_the_new_service(project: Path) -> None:
    """With the tutorial's, and with what `./tarn new` makes."""
    system = project / "system.yaml"
    for words in (["newcomer"], ["tally_box", "--service"]):
        run = subprocess.run(["./tarn", "new", *words], cwd=project, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        instance = "".join(line for line in run.stdout.splitlines(keepends=True) if line.startswith("  "))
        system.write_text(system.read_text() + instance)
    terminal = pexpect.spawn("./tarn", ["run"], cwd=str(project), encoding="utf-8", codec_errors="replace",
                             timeout=BUILD_SECONDS * PATIENCE)
    lines = ["[newcomer] runs", *readme.console_blocks(readme.section(TITLE))[0].splitlines()]
    terminal.expect("booting default")
    for line in lines:
        terminal.expect_exact(line, timeout=60 * PATIENCE)
    terminal.send("ps\r")
    terminal.expect(r"newcomer +bin/newcomer +stopped", timeout=60 * PATIENCE)
    terminal.expect(r"tally_box +bin/tally_box +receiving", timeout=60 * PATIENCE)
    terminal.send("\x01x")
    terminal.expect(pexpect.EOF, timeout=20 * PATIENCE)
    terminal.close()
    assert terminal.exitstatus == 0
