# SPDX-License-Identifier: MIT
"""Scenarios: a composition, what to type, and what must come, in one YAML file.

```yaml
doc: Files in /tmp keep what is written to them.
system: system.yaml            # from the project's folder; this is the default
boards: [raspi3b]              # default: all
serial-port: 1                 # the serial port with the console, from 0 on; default 0
conforms: [SERSERV_CLIENT_001] # rows of the conformance checklist that this shows
time-limit: 30                 # seconds for everything; default 60
steps:
  - prompt: true               # the shell's next prompt
  - run: "cat /tmp/note"       # a command at the prompt, up to the next prompt
    shows: "hello"             # a regular expression in its output, or a list of them
    hides: "not found"         # must not be in its output
    within: 2                  # seconds for this step
  - run: "cd /tmp"
    silent: true               # it prints nothing
  - type: "abc\\x03"           # keys, without waiting for anything
  - expect: "ready"            # a regular expression, anywhere in what follows
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
from tests.harness import images, shell
from tests.harness.machine import Machine

DEFAULT_TIME_LIMIT = 60.0
KEYS = {"doc", "system", "boards", "serial-port", "time-limit", "conforms", "steps"}
ACTIONS = ("prompt", "run", "expect", "type", "end")
CONDITIONS = ("shows", "hides", "silent", "within")


@dataclass(frozen=True)
class Step:
    """One thing to do, `action` being one of ACTIONS, and what must then be true."""

    action: str
    text: str
    within: float | None
    shows: tuple[str, ...]
    hides: tuple[str, ...]
    silent: bool


@dataclass(frozen=True)
class Scenario:
    name: str
    system: Path
    boards: tuple[str, ...]
    serial_port: int
    time_limit: float
    conforms: tuple[str, ...]
    steps: tuple[Step, ...] = field(repr=False)

    def play(self, board: str, cores: int | None = None) -> None:
        """Boots the composition, with the cores that it says or `cores`, and goes through the steps. Fails the test at
        the first that does not happen."""
        built = images.composed(self.system, board, cores)
        with Machine(built.board, built.image, time_limit=self.time_limit,
                     serial_port=self.serial_port) as machine:
            for step in self.steps:
                _do(machine, step)


def load(path: Path) -> Scenario:
    """A scenario file. Raises ValueError naming the file if it says something that has no meaning."""
    content: Any = YAML(typ="safe", pure=True).load(path)
    unknown = set(content) - KEYS
    if unknown or "steps" not in content or "doc" not in content:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}, or no doc or steps")
    return Scenario(path.stem, paths.ROOT / content.get("system", "system.yaml"),
                    tuple(content.get("boards", boards.emulated())),
                    int(content.get("serial-port", 0)), float(content.get("time-limit", DEFAULT_TIME_LIMIT)),
                    tuple(content.get("conforms", ())),
                    tuple(_step(path, entry) for entry in content["steps"]))


def _step(path: Path, entry: dict[str, Any]) -> Step:
    actions = [action for action in ACTIONS if action in entry]
    if len(actions) != 1 or set(entry) - {*ACTIONS, *CONDITIONS}:
        raise ValueError(f"{path}: a step is one of {', '.join(ACTIONS)}, with {', '.join(CONDITIONS)}: {entry}")
    return Step(actions[0], str(entry[actions[0]]), entry.get("within"), _texts(entry.get("shows")),
                _texts(entry.get("hides")), bool(entry.get("silent")))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else () if value is None else (str(value),)


def _do(machine: Machine, step: Step) -> None:
    if step.action == "run":
        _check(step, shell.run(machine, step.text, within=step.within))
    elif step.action == "prompt":
        machine.expect(shell.PROMPT, within=step.within)
    elif step.action == "expect":
        machine.expect(step.text, within=step.within)
    elif step.action == "type":
        machine.type(step.text)
    else:
        machine.wait_for_end(within=step.within or 10.0)


def _check(step: Step, output: str) -> None:
    for pattern in step.shows:
        assert re.search(pattern, output, re.MULTILINE), f"{step.text!r} does not show {pattern!r} but:\n{output}"
    for pattern in step.hides:
        assert not re.search(pattern, output, re.MULTILINE), f"{step.text!r} shows {pattern!r}:\n{output}"
    assert not step.silent or not output, f"{step.text!r} is not silent:\n{output}"
