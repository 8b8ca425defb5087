# SPDX-License-Identifier: MIT
"""The compositions of this repository, and what people do to them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codegen.diagnostics import Reporter
from codegen.system.compose import check_system_file, compose

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ROOT / "system.yaml"
COMPOSITIONS = [
    SYSTEM,
    *sorted((ROOT / "examples").glob("*/system.yaml")),
    *sorted((ROOT / "tests").glob("*/system.yaml")),
    *sorted((ROOT / "tests" / "scenarios").glob("systems/*.yaml")),
]


def found(path: Path, board: str | None = None) -> Reporter:
    reporter = Reporter()
    check_system_file(path, board, reporter)
    return reporter


def boards_of(path: Path) -> list[str]:
    system = compose(path, None, Reporter())
    assert system is not None
    return [board.value for board in system.composition.boards]


@pytest.mark.parametrize("path", COMPOSITIONS, ids=[str(path.relative_to(ROOT)) for path in COMPOSITIONS])
def test_composition_has_no_mistake_on_any_board(path: Path) -> None:
    for board in boards_of(path):
        reporter = found(path, board)
        assert not reporter.has_errors, reporter.to_text()


def test_removing_the_timer_names_every_user(tmp_path: Path) -> None:
    system = compose(SYSTEM, None, Reporter())
    assert system is not None
    links = [link for member in system.members for link in member.connected()]
    users = {link.client: link.span.line for link in links if link.server == "timer"}
    assert len(users) >= 2
    lines = SYSTEM.read_text().split("\n")
    first = lines.index("  timer:")
    last = next(at for at in range(first + 1, len(lines)) if not lines[at].startswith("    "))
    without = tmp_path / "system.yaml"
    without.write_text("\n".join(lines[:first] + [""] * (last - first) + lines[last:]))

    missing = [item for item in found(without).diagnostics if "no instance 'timer'" in item.message]
    assert sorted(item.span.line for item in missing) == sorted(users.values())
    for item in missing:
        assert item.code == "SYS0016"
        assert [note.span.file for note in item.notes if note.span is not None] != []


def test_another_console_client_is_one_line(tmp_path: Path) -> None:
    line = "  greeter: { binary: hello_client, uses: { hello: hello.hello, log: console.log } }"
    changed = tmp_path / "system.yaml"
    changed.write_text(SYSTEM.read_text().rstrip("\n") + f"\n{line}\n")
    reporter = found(changed)
    assert not reporter.has_errors, reporter.to_text()


def test_command_line(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "codegen", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run("system", "check", "system.yaml").returncode == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: 1\n")
    result = run("system", "check", str(wrong), "--json")
    assert result.returncode == 1
    assert '"code": "SYS0006"' in result.stdout
    assert run("system", "check").returncode == 2
    assert run("system", "check", "system.yaml", "--board", "none").returncode == 1
    folder = str(tmp_path / "none")
    made = run("system", "image", "system.yaml", "--kernel", folder, "--programs", folder, "--out", folder)
    assert made.returncode == 1
    assert "Traceback" not in made.stderr
    assert "SYS0037" in made.stderr
