# SPDX-License-Identifier: MIT
"""Random system calls on everything there is: the kernel and all other components go on, and no memory is lost.

With one core the machine counts instructions instead of time, so a run is the same each time, and a failed one can be
had again: `TARN_FUZZ_SEED=<seed> ./tarn test fuzz`. The seed is in what the machine says. With several, there are
workers on all of them at once, and no two runs are the same.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from tarn import paths
from tarn.conformance import Column, columns
from tests.harness import images
from tests.harness.machine import Machine
from tests.harness.options import boards_under_test

FOLDER = Path(__file__).parent
COUNTS_INSTRUCTIONS = ("-icount", "shift=0,sleep=off")
SHORT_LIMIT = 240.0
LONG_LIMIT = 4 * 3600.0
# Nothing is left to test after it.
NOT_CALLED = {"DebugConsole.power_off"}
INTERFACE = re.compile(r"^interface (\w+)", re.MULTILINE)
METHOD = re.compile(r"^    \d+: (\w+)\(", re.MULTILINE)
COVER = re.compile(r"COVER (\S+) (\d+) (\d+)")
DONE = re.compile(r"FUZZ DONE (\d+) worlds (\d+) rounds (\d+) checks (\d+) greetings (\d+)")


def _invocations() -> set[str]:
    """All that idl/kernel/ declares, as Type.method."""
    found = set()
    for file in (paths.ROOT / "idl" / "kernel").glob("*.idl"):
        text = file.read_text()
        interface = INTERFACE.search(text)
        assert interface, file
        found |= {f"{interface[1]}.{method}" for method in METHOD.findall(text)}
    return found


def _system(name: str) -> Path:
    """The composition, with the seed of the environment if there is one."""
    seed = os.environ.get("TARN_FUZZ_SEED")
    if seed is None:
        return FOLDER / name
    file = paths.BUILD / f"fuzz-{seed}-{name}"
    file.write_text(f"extends: {os.path.relpath(FOLDER / name, file.parent)}\nname: fuzz-seed\n"
                    f"component-folders: [{os.path.relpath(FOLDER, file.parent)}]\n"
                    f"instances:\n  fuzzer:\n    parameters: {{ seed: {int(seed)} }}\n")
    return file


def _run(name: str, column: Column, time_limit: float) -> str:
    """Everything that the machine says."""
    built = images.composed(_system(name), column.board, column.cores)
    options = COUNTS_INSTRUCTIONS if column.cores == 1 else ()
    with Machine(built.board, built.image, time_limit=time_limit, options=options) as machine:
        while True:
            said = machine.expect(r"FUZZ (\d+ of \d+|SEED \d+|(DONE|FAILED) [^\n]*)\r?\n")
            if time_limit > SHORT_LIMIT:
                print(f"{column.board}, {column.cores}: {said.strip()}", file=sys.__stderr__, flush=True)
            if "DONE" in said or "FAILED" in said:
                machine.wait_for_end()
                return machine.transcript


@cache
def _short(column: Column) -> str:
    return _run("system.yaml", column, SHORT_LIMIT)


def _check_end(said: str, calls: int) -> None:
    done = DONE.search(said)
    assert done, said[-2000:]
    made, worlds, _, checks, greetings = map(int, done.groups())
    # Each world was revoked to the last byte, or it would have been the last one; the other component has answered
    # after every one.
    assert made >= calls and worlds == greetings and checks > worlds


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    tested = boards_under_test(metafunc.config)
    metafunc.parametrize("column", [
        pytest.param(column, id=f"{column.board}-{column.cores}",
                     marks=pytest.mark.xdist_group(f"fuzz-{column.board}-{column.cores}"))
        for column in columns() if column.board in tested])


def test_random_system_calls_do_no_harm(column: Column) -> None:
    _check_end(_short(column), 50_000)


def test_every_invocation_is_reached(column: Column) -> None:
    """So that the arguments keep making sense when an interface changes."""
    if column.cores > 1:
        pytest.skip("what a run reaches is certain only with one core")
    counted = {name: (int(executed), int(succeeded)) for name, executed, succeeded in COVER.findall(_short(column))}
    wanted = _invocations() - NOT_CALLED
    assert wanted <= counted.keys(), f"the fuzzer does not know {sorted(wanted - counted.keys())}: methods.cpp"
    never = sorted(name for name, (_, succeeded) in counted.items() if succeeded == 0 and name != "undefined")
    assert not never, f"never succeeded: {never}"


def test_ten_million_random_system_calls_do_no_harm(column: Column, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    _check_end(_run("long.yaml", column, LONG_LIMIT), 10_000_000)
