# SPDX-License-Identifier: MIT
"""`./tarn new`: what it makes has no mistakes. tests/tool/test_tutorial.py builds and boots it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from codegen.diagnostics import Reporter
from codegen.idl.compile import compile_files
from codegen.system.check_files import check_files
from tarn import paths, scaffold
from tarn.failure import Failure


@pytest.mark.parametrize("service", [False, True], ids=["component", "service"])
def test_what_is_made_has_no_mistakes(tmp_path: Path, service: bool) -> None:
    (tmp_path / "idl").mkdir()
    made = scaffold.make("tally_box", service=service, root=tmp_path)
    reporter = Reporter()
    check_files([str(tmp_path / "components" / "tally_box" / "component.yaml")], reporter)
    compile_files([str(path) for path in made.files if path.suffix == ".idl"], reporter)
    assert reporter.to_text() == ""
    source = tmp_path / "components" / "tally_box" / "main.cpp"
    subprocess.run(["clang-format-19", f"--style=file:{paths.ROOT / '.clang-format'}", "--dry-run", "-Werror", str(source)],
                   check=True)


def test_a_name_that_is_taken_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "idl").mkdir()
    (tmp_path / "idl" / "lamp.idl").write_text("mine")
    with pytest.raises(Failure, match="idl/lamp.idl is there already"):
        scaffold.make("lamp", service=True, root=tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["idl", "lamp.idl"]
    assert (tmp_path / "idl" / "lamp.idl").read_text() == "mine"
