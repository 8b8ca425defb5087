# SPDX-License-Identifier: MIT
"""Scenarios: a composition, what to type, and what must come, in one YAML file. See CONTRIBUTING.md.

```yaml
doc: Files in /tmp keep what is written to them.
system: system.yaml            # from the project's folder; this is the default
boards: [raspi3b]              # default: all
time-limit: 30                 # seconds for everything; this is the default
steps:
  - expect: "ready"            # a regular expression, anywhere in what follows
  - type: "cat /tmp/note\\n"
  - expect: "hello"
    within: 2                  # seconds for this step
  - refuse: "error"            # must not have come since the last match but one
  - end: true                  # the machine turns itself off
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tarn import boards, paths
from tests.harness import images
from tests.harness.machine import Machine

DEFAULT_TIME_LIMIT = 60.0
KEYS = {"doc", "system", "boards", "time-limit", "steps"}
ACTIONS = ("expect", "type", "refuse", "end")


@dataclass(frozen=True)
class Step:
    """One thing to do, `action` being one of ACTIONS."""

    action: str
    text: str
    within: float | None


@dataclass(frozen=True)
class Scenario:
    name: str
    system: Path
    boards: tuple[str, ...]
    time_limit: float
    steps: tuple[Step, ...] = field(repr=False)

    def play(self, board: str) -> None:
        """Boots the composition and goes through the steps. Fails the test at the first that does not happen."""
        built = images.composed(self.system, board)
        with Machine(built.board, built.image, time_limit=self.time_limit) as machine:
            for step in self.steps:
                _do(machine, step)


def load(path: Path) -> Scenario:
    """A scenario file. Raises ValueError naming the file if it says something that has no meaning."""
    content: Any = YAML(typ="safe", pure=True).load(path)
    unknown = set(content) - KEYS
    if unknown or "steps" not in content or "doc" not in content:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}, or no doc or steps")
    return Scenario(path.stem, paths.ROOT / content.get("system", "system.yaml"),
                    tuple(content.get("boards", boards.names())), float(content.get("time-limit", DEFAULT_TIME_LIMIT)),
                    tuple(_step(path, entry) for entry in content["steps"]))


def _step(path: Path, entry: dict[str, Any]) -> Step:
    actions = [action for action in ACTIONS if action in entry]
    if len(actions) != 1 or set(entry) - {*ACTIONS, "within"}:
        raise ValueError(f"{path}: a step is one of {', '.join(ACTIONS)}, perhaps with within: {entry}")
    return Step(actions[0], str(entry[actions[0]]), entry.get("within"))


def _do(machine: Machine, step: Step) -> None:
    if step.action == "expect":
        machine.expect(step.text, within=step.within)
    elif step.action == "type":
        machine.type(step.text)
    elif step.action == "refuse":
        found = re.search(step.text, machine.before)
        assert not found, f"{step.text!r} came, and must not: {machine.before!r}"
    else:
        machine.wait_for_end(within=step.within or 10.0)
