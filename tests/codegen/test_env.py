# SPDX-License-Identifier: MIT
"""The class Env of a component, as text: it is read by people."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.diagnostics import Reporter
from codegen.system.component import read_component
from codegen.system.env import env_header
from codegen.system.library import Folders, Library
from tests.codegen.system_project import FOLDER, PROJECT

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = FOLDER / "goldens" / "env"
COMPONENTS = sorted(path.parent.name for path in (PROJECT / "components").glob("*/component.yaml"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_env_is_as_expected(name: str, tmp_path: Path) -> None:
    reporter = Reporter()
    library = Library(Folders((), (), (PROJECT / "idl",)), reporter)
    component = read_component(PROJECT / "components" / name / "component.yaml", reporter)
    assert component is not None
    assert reporter.to_text() == ""
    text = env_header(component, library.interfaces)
    golden = GOLDENS / f"{name}.hpp"
    if os.environ.get("UPDATE_EXPECTED"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()
    header = tmp_path / "env.hpp"
    header.write_text(text)
    command = ["clang-format-19", f"--style=file:{ROOT}/.clang-format", str(header)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == text


def test_env_of_every_component_of_the_repository(tmp_path: Path) -> None:
    for path in sorted((ROOT / "components").glob("*/component.yaml")):
        assert main(["env", str(path), "--out", str(tmp_path / path.parent.name)]) == 0


def test_a_wrong_component_gives_no_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    wrong = folder / "component.yaml"
    wrong.write_text("schema: 1\nname: odd\ndoc: x\nuses: { log: Lgo }\n")
    assert main(["env", str(wrong), "--out", str(tmp_path)]) == 1
    assert "did you mean 'Log'?" in capsys.readouterr().err
    assert not (tmp_path / "generated").exists()
