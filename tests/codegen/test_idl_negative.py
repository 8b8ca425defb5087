# SPDX-License-Identifier: MIT
"""Every mistake of an interface file: a file that makes it, and the exact text that comes out.

A case is `negative/IDLnnnn-what.idl`, which is checked as `case.idl`, or a folder whose file `arguments` is a command line. The
expected text is in the `.err` file beside it; `UPDATE_EXPECTED=1` writes it anew, to be read before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from codegen.__main__ import main
from tests.codegen.idl_files import IDL, NEGATIVE, ROOT

CASES = sorted(path for path in NEGATIVE.glob("IDL*") if path.suffix != ".err")
CODE = re.compile(r"IDL\d{4}")


def arguments_of(case: Path, folder: Path) -> list[str]:
    """Lays out a case, beside the interfaces of the repository; the arguments to run it with."""
    for file in IDL.glob("*.idl"):
        shutil.copyfile(file, folder / file.name)
    if not case.is_dir():
        shutil.copyfile(case, folder / "case.idl")
        return ["check", "case.idl"]
    shutil.copytree(case, folder, dirs_exist_ok=True)
    return (folder / "arguments").read_text().split()


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_mistake_is_reported(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    exit_code = main(arguments_of(case, tmp_path))
    text = capsys.readouterr().err

    expected = case.with_suffix(".err")
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert f"[{case.name[:7]}]" in text
    assert text.count("      = help: ") == len(re.findall(r"^\S.*: (?:error|warning)\[", text, re.MULTILINE))
    assert exit_code == 1


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_json_says_the_same(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                            capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    main([*arguments_of(case, tmp_path), "--json"])
    found = json.loads(capsys.readouterr().out)["diagnostics"]

    expected = case.with_suffix(".err").read_text(encoding="utf-8")
    assert [item["code"] for item in found] == re.findall(r"error\[(\w+)\]", expected)
    assert all(item["place"]["line"] >= 1 and item["place"]["column"] >= 1 for item in found)


def test_nothing_is_written_when_there_are_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(arguments_of(NEGATIVE / "IDL0047-service", tmp_path))
    assert not (tmp_path / "out").exists()


def test_every_code_has_a_case_and_a_page() -> None:
    files = (ROOT / "codegen" / "idl").glob("*.py")
    used = {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert used == {case.name[:7] for case in CASES}
    assert used == {path.stem for path in (ROOT / "codegen" / "explain").glob("IDL*.md")}
