# SPDX-License-Identifier: MIT
"""`./tarn bench`: its JSON, what it compares with, and that the README shows what is committed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tarn import benchmark, boards, paths
from tarn.failure import Failure

NAMES = ["call_0", "replyrecv_0", "rtt_0", "rtt_8", "rpc_scalars", "rpc_string64", "signal_idle", "signal_higher",
         "fault_undef", "fault_vm_pager", "irq_user", "map_4k", "yield_alone", "thread_create"]
BOARD = "qemu-virt-aarch64"


def _bench(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["./tarn", "bench", *words], cwd=paths.ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def _measured(instructions: int = 100) -> dict[str, tuple[int, int, int]]:
    return {name: (instructions, instructions, instructions) for name in NAMES}


def test_json_has_a_row_for_each_operation_in_order(bench_board: str) -> None:
    run = _bench("--json", "--board", bench_board)
    assert run.returncode == 0, run.stderr
    rows = json.loads(run.stdout)
    assert [row["name"] for row in rows] == NAMES
    for row in rows:
        assert set(row) == {"name", "board", "instructions", "budget", "sel4"}
        assert row["board"] == bench_board and 10 < row["instructions"] < 100_000 and row["budget"] > 0


def test_the_table_shows_budgets_and_passes_the_check(bench_board: str) -> None:
    run = _bench("--check", "--board", bench_board)
    assert run.returncode == 0, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:-1]] == NAMES
    over = sum("over budget" in line for line in lines)
    assert lines[-1] == f"{len(NAMES) - over} of {len(NAMES)} within budget"


def test_check_fails_on_a_row_that_became_worse(tmp_path: Path) -> None:
    doctored = json.loads(benchmark.BASELINE.read_text())
    doctored[BOARD]["map_4k"] //= 2
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps(doctored))
    run = _bench("--check", "--baseline", str(file))
    assert run.returncode == 1
    assert "error: map_4k takes" in run.stderr and run.stderr.count("error:") == 1


def test_check_fails_on_a_row_without_baseline(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text("{}")
    run = _bench("--check", "--baseline", str(file))
    assert run.returncode == 1 and "error: call_0 has no baseline" in run.stderr


def test_a_board_without_benchmark_is_refused() -> None:
    run = _bench("--board", "raspi3b")
    assert run.returncode == 2
    assert f"the benchmark does not run on raspi3b: it runs on {BOARD}" in run.stderr


def test_the_baseline_is_not_of_an_old_build() -> None:
    run = _bench("--update-baseline", "--no-build")
    assert run.returncode == 2 and "leave out --no-build" in run.stderr


def test_worse_is_more_than_two_per_cent(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    benchmark.write_baseline(file, BOARD, benchmark.rows(BOARD, _measured(100), file))
    assert not any(row.is_worse for row in benchmark.rows(BOARD, _measured(102), file))
    assert all(row.is_worse for row in benchmark.rows(BOARD, _measured(103), file))


def test_a_row_too_many_or_too_few_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="measured and described rows differ: other"):
        benchmark.rows(BOARD, _measured() | {"other": (1, 1, 1)}, tmp_path)
    with pytest.raises(Failure, match="measured and described rows differ: map_4k"):
        benchmark.rows(BOARD, {name: count for name, count in _measured().items() if name != "map_4k"}, tmp_path)


def test_a_count_that_is_not_steady_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no steady count: map_4k"):
        benchmark.rows(BOARD, _measured() | {"map_4k": (100, 110, 120)}, tmp_path)


def test_the_readme_shows_the_baseline() -> None:
    assert benchmark.table(benchmark.committed(BOARD)) in (paths.ROOT / "README.md").read_text(), (
        "the README's table is old: ./tarn bench --update-baseline")


def test_the_readme_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text((paths.ROOT / "README.md").read_text())
    rows = benchmark.rows(BOARD, _measured(77), tmp_path / "none")
    benchmark.write_readme(file, rows)
    assert benchmark.table(rows) in file.read_text()
    benchmark.write_readme(file, benchmark.committed(BOARD))
    assert file.read_text() == (paths.ROOT / "README.md").read_text()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "bench_board" in metafunc.fixturenames:
        under_test = metafunc.config.getoption("--board") or boards.names()
        metafunc.parametrize("bench_board", [board for board in benchmark.boards() if board in under_test])
