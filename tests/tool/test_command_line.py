# SPDX-License-Identifier: MIT
"""`./tarn`: its help, its suggestions, its exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tarn import paths

COMMANDS = ("run", "gdb", "test", "build", "new", "check", "gen", "graph", "explain", "bench", "size", "conformance", "doctor")


def tarn(*words: str, cwd: Path = paths.ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(paths.ROOT / "tarn"), *words], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def test_help_names_commands_and_exit_codes() -> None:
    run = tarn("--help")
    assert run.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^    {command}\s", run.stdout, re.MULTILINE)
    assert "exit codes:" in run.stdout and "130  interrupted" in run.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_exit_codes(command: str) -> None:
    run = tarn(command, "--help")
    assert run.returncode == 0 and "exit codes:" in run.stdout and f"usage: ./tarn {command}" in run.stdout


@pytest.mark.parametrize(("words", "said"), [
    (["rnu"], "there is no command 'rnu', did you mean run?"),
    (["run", "--bord", "x"], "unknown argument '--bord', did you mean --board?"),
    (["run", "--board", "raspi3"], "no board 'raspi3' in boards/: did you mean raspi3b?"),
    (["run", "--system", "none.yaml"], "there is no file none.yaml"),
    (["check"], "the following arguments are required: FILE"),
    (["check", "none.idl"], "there is no file none.idl"),
    (["check", "docs"], "docs is a folder"),
    (["check", "README.md"], "README.md is not a file that ends in .idl or .yaml"),
    (["gen", "system.yaml"], "system.yaml is not a file that ends in .idl"),
    (["gen", "idl/hello.idl", "--out", "README.md"], "cannot write to README.md: File exists"),
    (["build", "--cores", "0"], "'0' is not a number of cores"),
    (["build", "--cores", "all"], "'all' is not a number of cores"),
    (["new", "Lamp"], "'Lamp' is not a name"),
    (["new", "lamp-post"], "'lamp-post' is not a name"),
    (["new", "hello", "--service"], "components/hello is there already: choose another name"),
    (["new", "lamp_client", "--service"], "'lamp_client' cannot name an interface's file: it ends in '_client'"),
    (["new", "virtual"], "'virtual' is a word of C++: choose another name"),
    (["graph", "--system", "none.yaml"], "there is no file none.yaml"),
    (["bench", "--baseline", "none.json"], "there is no file none.json"),
    (["bench", "--baseline", "system.yaml"], "system.yaml is no baseline"),
    (["bench", "--baseline", "CMakePresets.json"], "CMakePresets.json is no baseline"),
    (["explain"], "the following arguments are required: CODE"),
    (["explain", "SYS9999"], "error: there is no diagnostic 'SYS9999': there are IDL0001 to IDL"),
    (["explain", "sys00007"], "error: there is no diagnostic 'sys00007', did you mean SYS0007?"),
])
def test_wrong_usage_is_explained(words: list[str], said: str) -> None:
    run = tarn(*words)
    assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr


@pytest.mark.parametrize(("words", "begin"), [((), "default on qemu-virt-aarch64"), (("--dot",), 'digraph "default" {'),
                                              (("--json", "--board", "raspi3b"), '{\n  "system": "default",')])
def test_graph_shows_the_composition(words: tuple[str, ...], begin: str) -> None:
    run = tarn("graph", *words)
    assert run.returncode == 0 and run.stdout.startswith(begin) and run.stderr == ""


def test_works_from_another_folder(tmp_path: Path) -> None:
    link = tmp_path / "tarn"
    link.symlink_to(paths.ROOT / "tarn")
    run = subprocess.run([link, "doctor", "--json"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert {finding["name"] for finding in json.loads(run.stdout)["findings"]} >= {"Debian", "Python", "packages"}


@pytest.mark.parametrize("words", [["gen", "idl/hello.idl", "--out", "/dev/full/x"], ["new", "lamp"], ["build"]],
                         ids=["gen", "new", "build"])
def test_what_cannot_be_written_is_named(words: list[str]) -> None:
    """As somebody who may write nowhere."""
    if os.geteuid() != 0 or any(folder.stat().st_mode & 5 != 5 for folder in (paths.ROOT, *paths.ROOT.parents)):
        pytest.skip("plays a user who may read the checkout and not write to it")
    run = subprocess.run([str(paths.ROOT / "tarn"), *words], cwd=paths.ROOT, user=65534, stdin=subprocess.DEVNULL,
                         env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}, capture_output=True, text=True, check=False)
    assert run.returncode in (1, 2) and run.stderr.startswith("error: ")
    assert "Permission denied" in run.stderr or "Not a directory" in run.stderr


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "generated").write_text("in the way")
    run = tarn("gen", "idl/hello.idl", "--out", str(tmp_path))
    assert run.returncode == 1 and run.stderr == f"error: {tmp_path / 'generated'}: File exists\n"


def test_output_that_nobody_reads_is_no_error() -> None:
    run = subprocess.run("./tarn --help | head -1", shell=True, cwd=paths.ROOT, capture_output=True, text=True,
                         check=False)
    assert run.returncode == 0 and run.stderr == ""
