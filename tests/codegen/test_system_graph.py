# SPDX-License-Identifier: MIT
"""`codegen system graph`: its exact output. `UPDATE_EXPECTED=1` writes it anew, to be read before it is committed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from codegen.diagnostics import Reporter
from codegen.system.compose import compose
from codegen.system.graph import FORMATS
from tests.codegen.system_project import PROJECT

GOLDENS = Path(__file__).parent / "goldens" / "graph"


def _graph(shape: str) -> str:
    reporter = Reporter()
    system = compose(PROJECT / "system.yaml", None, reporter, PROJECT)
    assert system is not None and not reporter.has_errors
    return FORMATS[shape](system)


@pytest.mark.parametrize("shape", ["text", "dot"])
def test_output_is_as_expected(shape: str) -> None:
    expected = GOLDENS / f"good.{shape}"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(_graph(shape))
    assert _graph(shape) == expected.read_text()


def test_json_has_every_route() -> None:
    instances = {item["name"]: item for item in json.loads(_graph("json"))["instances"]}
    assert list(instances) == ["logger", "clock", "store", "client"]
    assert instances["client"]["uses"]["memory"] == {"to": "store.memory", "interface": "Memory", "quota": 1 << 20}
    assert instances["clock"]["devices"] == {"counter": "counter"} and instances["clock"]["grants"] == ["alarm"]
