# SPDX-License-Identifier: MIT
"""What programs read: `./tarn size --json` and `./tarn test --json`."""

from __future__ import annotations

import json
import subprocess

from tarn import paths

INSTANCES = {"console", "memory", "timer", "vfs", "shell", "hello", "hello_client"}


def _tarn(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["./tarn", *words], cwd=paths.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)


def test_size_reports_the_kernel_and_each_component(board: str) -> None:
    run = _tarn("size", "--json", "--board", board)
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert 10_000 < report["kernel"]["text"] <= report["kernel"]["text_budget"] == 40 * 1024
    components = {component["name"]: component for component in report["components"]}
    assert set(components) == INSTANCES
    assert all(component["memory"] >= component["text"] > 0 for component in components.values())


def test_size_is_a_table_for_people(board: str) -> None:
    run = _tarn("size", "--board", board)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert "kernel .text" in lines[0]
    assert {line.split()[0] for line in lines[2:]} == INSTANCES | {"kernel"}


def test_test_reports_each_test() -> None:
    run = _tarn("test", "--no-build", "--json", "tests/lint/test_lint.py::test_floors")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["failed"] == report["error"] == 0 and report["passed"] == len(report["tests"]) > 10
    assert all(test["name"].startswith("tests.lint.test_lint.") for test in report["tests"])


def test_runs_at_the_same_time_report_their_own_tests() -> None:
    names = ("test_floors", "test_style")
    runs = [subprocess.Popen(["./tarn", "test", "--no-build", "--json", f"tests/lint/test_lint.py::{name}"],
                             cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True) for name in names]
    reports = [json.loads(run.communicate()[0]) for run in runs]
    for name, report in zip(names, reports, strict=True):
        assert report["tests"] and all(f".{name}[" in test["name"] for test in report["tests"])


def test_a_filter_that_matches_nothing_is_wrong_usage() -> None:
    run = _tarn("test", "--no-build", "no_test_has_this_name")
    assert run.returncode == 2 and "no test matches 'no_test_has_this_name'" in run.stderr


def test_a_filter_that_is_no_expression_is_wrong_usage() -> None:
    run = _tarn("test", "--no-build", "shell and (")
    assert run.returncode == 2 and "'shell and (' is neither a test file nor an expression" in run.stderr
    assert "Traceback" not in run.stderr + run.stdout
