# SPDX-License-Identifier: MIT
"""The whole tree against the checkers in tools/, and the checkers against what they must find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tarn import paths

sys.path.insert(0, str(paths.ROOT / "tools"))

import check_floors  # noqa: E402
import check_style  # noqa: E402


@pytest.mark.parametrize("command", [["tools/check_floors.py"], ["tools/check_style.py"], ["tools/check_format.py"],
                                     ["mypy"]], ids=["floors", "style", "format", "types"])
def test_tree_is_clean(command: list[str]) -> None:
    run = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def _file(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(("name", "include", "allowed"), [
    ("base/x.hpp", '"kernel/abi/error.hpp"', False),
    ("base/x.hpp", "<vector>", False),
    ("base/x.hpp", "<expected>", True),
    ("kernel/abi/x.hpp", '"base/strong.hpp"', True),
    ("kernel/cap/x.hpp", '"kernel/object/tcb.hpp"', False),
    ("kernel/object/x.hpp", '"kernel/cap/slot.hpp"', True),
    ("kernel/ipc/x.cpp", '"libos/include/os/message.hpp"', False),
    ("kernel/invoke/x.cpp", '"kernel/debug/walk.hpp"', False),
    ("libos/src/x.cpp", '"generated/object/tcb.hpp"', True),
    ("libos/src/x.cpp", '"generated/timer.hpp"', False),
    ("components/timer/x.cpp", '"components/timer/alarms.hpp"', True),
    ("components/timer/x.cpp", '"components/console/utf8.hpp"', False),
    ("components/timer/x.cpp", '"kernel/object/tcb.hpp"', False),
    ("components/init/x.cpp", '"kernel/abi/boot_info.hpp"', True),
    ("tests/unit/x.cpp", '"kernel/object/tcb.hpp"', True),
    ("kernel/object/x.cpp", '"tests/unit/fake.hpp"', False),
])
def test_floors(tmp_path: Path, name: str, include: str, allowed: bool) -> None:
    path = _file(tmp_path, name, f"#pragma once\n#include {include}\n")
    found = list(check_floors.violations(path, tmp_path))
    assert found == [] if allowed else len(found) == 1 and found[0].startswith(f"{name}:2: "), found


GOOD_HEADER = "// SPDX-License-Identifier: MIT\n/// What it is for.\n#pragma once\n"


@pytest.mark.parametrize(("name", "text", "complaint"), [
    ("base/x.hpp", GOOD_HEADER, ""),
    ("base/x.hpp", "/// What it is for.\n#pragma once\n", "the first line names the licence"),
    ("base/x.hpp", "// SPDX-License-Identifier: MIT\n#pragma once\n", "says what the file is for"),
    ("base/x.hpp", "// SPDX-License-Identifier: MIT\n/// What.\n", "#pragma once is missing"),
    ("base/x.hpp", GOOD_HEADER + "#if 1\n#endif\n", ""),
    ("kernel/x.hpp", GOOD_HEADER + "#ifdef X\n", "variation is by file"),
    ("kernel/x.hpp", GOOD_HEADER + "\n" * 500, "longer than 500 lines"),
    ("kernel/x.hpp", GOOD_HEADER + "// TO" + "DO: later\n", "unfinished"),
    ("tools/x.py", '# SPDX-License-Identifier: MIT\n"""A."""\ndef f():\n' + "    pass\n" * 60, "61 lines long"),
])
def test_style(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    found = list(check_style.violations(_file(tmp_path, name, text), tmp_path))
    assert len(found) == 1 and complaint in found[0] if complaint else found == [], found


CHECKERS = ("check_floors", "check_style", "check_format", "check_tidy", "measure_worst_case")


def _run(checker: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([paths.ROOT / "tools" / f"{checker}.py", *words], cwd=paths.ROOT, capture_output=True,
                          text=True, check=False)


@pytest.mark.parametrize("checker", CHECKERS)
def test_help_says_what_it_is_for(checker: str) -> None:
    run = _run(checker, "--help")
    assert run.returncode == 0 and f"usage: {checker}.py" in run.stdout and "exit codes: " in run.stdout


@pytest.mark.parametrize("checker", CHECKERS[:3])
def test_names_of_nothing_are_refused(checker: str) -> None:
    for name, said in (("kernel/none.cpp", "there is no kernel/none.cpp"), ("LICENSES", "there is no LICENSES"),
                       ("build", "there is nothing to check in build")):
        run = _run(checker, name)
        assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr


@pytest.mark.parametrize("checker", CHECKERS[:3])
def test_a_folder_is_all_in_it(checker: str) -> None:
    run = _run(checker, "base", "kernel/abi/fault.hpp")
    assert run.returncode == 0, run.stdout + run.stderr


def test_tidy_refuses_names_of_nothing() -> None:
    run = _run("check_tidy", "kernel/none.cpp")
    assert run.returncode == 2 and run.stderr.startswith("error: ") and "Traceback" not in run.stderr
