# SPDX-License-Identifier: MIT
"""Every mistake of a composition: a file that makes it, and the exact text that comes out.

A case is `negative/SYSnnnn-what.yaml`, or a folder with a system.yaml and what it needs beside it; a folder that has
programs or a kernel is composed to an image. `@board` at the end of the name chooses a board. The expected text is in
the `.err` file beside it; `UPDATE_EXPECTED=1` writes it anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.codegen.system_project import KERNEL, NEGATIVE, PROGRAMS, check, image, lay_out

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(path for path in NEGATIVE.glob("SYS*") if path.suffix != ".err")
CODE = re.compile(r"SYS\d{4}")


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_mistake_is_reported(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    if case.is_dir():
        shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copyfile(case, "system.yaml")
    for missing in list(Path(PROGRAMS).glob("*.missing")):
        missing.with_suffix("").unlink()
    board = case.stem.partition("@")[2] or None
    makes_image = (case / PROGRAMS).exists() or (case / KERNEL).exists()
    text = (image("system.yaml", board)[0] if makes_image else check("system.yaml", board)).to_text()

    expected = case.with_suffix(".err")
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text)
    assert text == expected.read_text()
    assert f"[{case.name[:7]}]" in text
    assert text.count("      = help: ") == len(re.findall(r"^\S.*: (?:error|warning)\[", text, re.MULTILINE))


def test_every_code_has_a_case_and_a_page() -> None:
    files = [path for folder in ("system", "yaml", "board") for path in (ROOT / "codegen" / folder).glob("*.py")]
    used = {code for path in files for code in CODE.findall(path.read_text())}
    assert used == {case.name[:7] for case in CASES}
    assert used == {path.stem for path in (ROOT / "codegen" / "explain").glob("SYS*.md")}
