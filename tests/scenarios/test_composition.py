# SPDX-License-Identifier: MIT
"""Edits of the default system.yaml: what is refused with which places, and what one more line is enough for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tarn import boards, paths
from tests.harness import images
from tests.harness.machine import Machine

SECOND_CLIENT = ("  second_client: { binary: hello_client, priority: 80, "
                 "uses: { hello: hello.hello, log: console.log } }\n")


def _without(text: str, instance: str) -> str:
    """The composition without one instance."""
    shorter = re.sub(rf"^  {instance}:\n(?:    .*\n)+\n?", "", text, flags=re.MULTILINE)
    assert shorter != text, f"system.yaml has no instance {instance}"
    return shorter


def _lines_naming(text: str, port: str) -> set[int]:
    return {number for number, line in enumerate(text.splitlines(), 1) if re.search(rf"\b{re.escape(port)}\b", line)}


def test_removing_the_timer_is_refused_with_all_its_users(tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_text(_without(paths.DEFAULT_SYSTEM.read_text(), "timer"))
    users = _lines_naming(system.read_text(), "timer.timer")
    assert len(users) >= 2
    run = subprocess.run([paths.ROOT / "tarn", "check", system], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    places = {int(line) for line in re.findall(rf"^{re.escape(str(system))}:(\d+):\d+:", run.stderr, re.MULTILINE)}
    assert users <= places, run.stderr


def test_a_second_console_client_is_one_line(board: str, tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_text(paths.DEFAULT_SYSTEM.read_text().rstrip("\n") + "\n" + SECOND_CLIENT)
    answer = images.compose(system, board, tmp_path / "image")
    assert answer.returncode == 0, answer.stderr
    facts = boards.load(board)
    with Machine(facts, tmp_path / "image" / facts.image) as machine:
        machine.expect(r"second_client[^\n]*Hello")
