# SPDX-License-Identifier: MIT
"""GoogleTest programs: which cases there are, and how each went. A program is run once for all of its cases."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TIME_LIMIT = 300
OUTPUT_SHOWN = 6000


@dataclass(frozen=True)
class Case:
    """One case of a program, such as CSpace.ResolvesThroughGuards."""

    program: Path
    name: str


def cases(folder: Path) -> list[Case]:
    """Every case of every program in a folder."""
    found = []
    for program in sorted(path for path in folder.glob("*") if path.is_file()):
        listed = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True, check=True,
                                timeout=TIME_LIMIT)
        suite = ""
        for line in listed.stdout.splitlines():
            text = line.split("#")[0].rstrip()
            if line.startswith("  "):
                found.append(Case(program, suite + text.strip()))
            elif text.endswith("."):
                suite = text
    return found


@cache
def _outcomes(program: Path) -> tuple[dict[str, str], str]:
    """What failed in each case that was run ("" if nothing did), and what the program printed."""
    report = program.parent.parent / "unit-results" / f"{program.name}.json"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    run = subprocess.run([program, f"--gtest_output=json:{report}"], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIME_LIMIT, check=False)
    outcomes: dict[str, str] = {}
    if report.is_file():
        for suite in json.loads(report.read_text())["testsuites"]:
            for case in suite["testsuite"]:
                failures = [failure["failure"] for failure in case.get("failures", [])]
                outcomes[f"{suite['name']}.{case['name']}"] = "\n".join(failures)
    if run.returncode != 0 and not any(outcomes.values()):
        outcomes = {}  # a sanitizer ended the program: what it had passed before proves nothing
    return outcomes, run.stdout


def failure_of(case: Case) -> str:
    """Why a case failed; empty if it passed."""
    outcomes, output = _outcomes(case.program)
    if case.name not in outcomes:
        return f"{case.program.name} ended before {case.name} was done:\n{output[-OUTPUT_SHOWN:]}"
    return outcomes[case.name]
