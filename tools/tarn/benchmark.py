# SPDX-License-Identifier: MIT
"""The benchmark: what its rows are, how a machine measures them, and what they were before.

tests/bench/rows.json says which rows a board has, with budgets and what seL4 takes; tests/bench/baseline.json is what
each took when it was last committed. docs/bench.md says what a row counts.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tarn import paths
from tarn.builder import Image
from tarn.failure import ExitCode, Failure

FOLDER = paths.ROOT / "tests" / "bench"
SYSTEM = FOLDER / "system.yaml"
ROWS = FOLDER / "rows.json"
BASELINE = FOLDER / "baseline.json"
# One core, and a clock that is nothing but the number of instructions executed.
COUNTING = ("-smp", "1", "-icount", "shift=0,sleep=off")
TIME_LIMIT_SECONDS = 120
RESULT = re.compile(r"^BENCH (\w+) (\d+) (\d+) (\d+)\r?$", re.MULTILINE)
FAILED = re.compile(r"^BENCH FAILED (.*?)\r?$", re.MULTILINE)
DONE = re.compile(r"^BENCH DONE\r?$", re.MULTILINE)
TOLERANCE = 0.02


@dataclass(frozen=True)
class Row:
    """One operation. `instructions` is the median of warm executions; `sel4` and `baseline` may be unknown."""

    name: str
    what: str
    board: str
    instructions: int
    budget: int
    sel4: int | None
    baseline: int | None

    @property
    def exceeds_budget(self) -> bool:
        return self.instructions > self.budget

    @property
    def is_worse(self) -> bool:
        """By more than the tolerance than it was."""
        return self.baseline is not None and self.instructions > self.baseline * (1 + TOLERANCE)


def boards() -> list[str]:
    """The boards that the benchmark runs on, the default first."""
    return list(json.loads(ROWS.read_text()))


def require_board(board: str) -> str:
    """The board, if the benchmark runs on it."""
    if board not in boards():
        raise Failure(f"the benchmark does not run on {board}: it runs on {', '.join(boards())}", ExitCode.USAGE)
    return board


def measure(image: Image) -> dict[str, tuple[int, int, int]]:
    """Boots the benchmark's image once: the smallest, the median and the largest count of each row."""
    command = [*image.board.qemu_command(image.file, ctrl_c_ends=False), *COUNTING]
    try:
        machine = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                 timeout=TIME_LIMIT_SECONDS, check=False)
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is not installed: run ./tarn doctor") from error
    except subprocess.TimeoutExpired as error:
        raise Failure(f"the benchmark did not end within {TIME_LIMIT_SECONDS} s") from error
    said = machine.stdout + machine.stderr
    failed = FAILED.search(said)
    if failed:
        raise Failure(f"the benchmark failed: {failed[1]}")
    if not DONE.search(said):
        raise Failure(f"the benchmark did not come to its end:\n{said[-2000:]}")
    return {match[1]: (int(match[2]), int(match[3]), int(match[4])) for match in RESULT.finditer(said)}


def rows(board: str, measured: dict[str, tuple[int, int, int]], baseline: Path) -> list[Row]:
    """The rows of a board, in their order. Raises Failure if one was not measured."""
    unsteady = [name for name, (smallest, median, _) in measured.items() if median > smallest * (1 + TOLERANCE)]
    if unsteady:
        raise Failure(f"no steady count: {', '.join(f'{name} {measured[name]}' for name in unsteady)}")
    described: list[dict[str, Any]] = json.loads(ROWS.read_text())[board]
    missing = {row["name"] for row in described} ^ set(measured)
    if missing:
        raise Failure(f"measured and described rows differ: {', '.join(sorted(missing))}")
    before = read_baseline(baseline).get(board, {})
    return [Row(name=row["name"], what=row["what"], board=board, instructions=measured[row["name"]][1],
                budget=row["budget"], sel4=row["sel4"], baseline=before.get(row["name"])) for row in described]


def read_baseline(file: Path) -> dict[str, dict[str, int]]:
    """The instructions of each row, by board."""
    if not file.is_file():
        return {}
    try:
        found: dict[str, dict[str, int]] = json.loads(file.read_text())
        if all(isinstance(count, int) for counts in found.values() for count in counts.values()):
            return found
    except (ValueError, AttributeError):
        pass
    raise Failure(f"{paths.shown(file)} is no baseline: what ./tarn bench --update-baseline writes is one", ExitCode.USAGE)


def write_baseline(file: Path, board: str, measured: list[Row]) -> None:
    """Makes these rows the baseline of their board."""
    known = read_baseline(file) | {board: {row.name: row.instructions for row in measured}}
    file.write_text(json.dumps(known, indent=2) + "\n")


def committed(board: str) -> list[Row]:
    """The rows of the committed baseline."""
    return rows(board, {name: (count, count, count) for name, count in read_baseline(BASELINE)[board].items()},
                BASELINE)


def write_readme(file: Path, measured: list[Row]) -> None:
    """Replaces the README's table of these rows' board."""
    lines = file.read_text().splitlines(keepends=True)
    shown = table(measured)
    begin = lines.index(shown.splitlines(keepends=True)[0])
    end = next((at for at in range(begin, len(lines)) if not lines[at].startswith("|")), len(lines))
    file.write_text("".join(lines[:begin]) + shown + "".join(lines[end:]))


def table(measured: list[Row]) -> str:
    """The rows in Markdown, as the README has them."""
    lines = ["| operation | row | Tarn | budget | seL4 |", "|---|---|---:|---:|---:|"]
    for row in measured:
        mark = " (exceeded)" if row.exceeds_budget else ""
        lines.append(f"| {row.what} | `{row.name}` | {row.instructions} | {row.budget}{mark} | "
                     f"{'-' if row.sel4 is None else row.sel4} |")
    return "\n".join(lines) + "\n"
