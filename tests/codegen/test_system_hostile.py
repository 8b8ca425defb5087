# SPDX-License-Identifier: MIT
"""Whatever a file holds, the composer answers with diagnostics: never an exception, never a hang."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.diagnostics import Reporter
from codegen.system.compose import check_system_file
from codegen.system.elf import ElfError, read_program
from codegen.yaml.reader import parse
from tests.codegen.system_project import PROJECT, check, image, lay_out, make_program

HOSTILE = settings(deadline=None, suppress_health_check=list(HealthCheck))

PIECES = st.sampled_from(
    ["schema: 1", "name: x", "instances:", "  a: {", "}", "[", "]", "board: bench", "uses:", "devices", ": ", "\n",
     "  ", "&a ", "*a", "!!int ", "<<: ", "? ", "- ", "|", ">", "'", '"', "\\U00FFFFFF", "#", "%YAML 9", "---", "...",
     "1_000", "0x", "-0b1", "64KiB", "999999999999999999999GiB", "null", "~", "\t", "\x00", "\x1b[31m", "é", "\u2028",
     "to: a.b", 'extends: "a\\0b"', 'component-folders: ["\\0"]', "extends: system.yaml", "extends: .",
     "files: { a: /dev/zero }", "component-folders: [/, x]"]
)  # fmt: skip
WORDS = st.sampled_from(["client", "clock.time", "1MiB"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), PIECES, WORDS)
TOP_KEYS = st.sampled_from(["schema", "name", "board", "cores", "instances", "files", "component-folders"])
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=12,
)
WRONG_WORDS = ("[]", "{}", "null", "-1", "a.b", "true", "1GiB", "x" * 3000)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    lay_out(folder)
    return folder


def answers(folder: Path, text: str | bytes, name: str = "fuzzed.yaml") -> None:
    """Checks a system file; whatever is in it, the report can be printed."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    reporter = Reporter()
    check_system_file(path, None, reporter, folder)
    reporter.to_text()
    reporter.to_json()


@HOSTILE
@given(st.binary(max_size=300))
def test_bytes(project: Path, data: bytes) -> None:
    answers(project, data)


@HOSTILE
@given(st.lists(PIECES, max_size=60))
def test_pieces_of_yaml(project: Path, pieces: list[str]) -> None:
    answers(project, "".join(pieces))


@HOSTILE
@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    reporter = Reporter()
    tree = parse("x.yaml", text, reporter)
    assert tree is not None or reporter.has_errors


def test_mutations_of_good_files(project: Path) -> None:
    """Each file of the project with lines swapped, cut, doubled and characters replaced."""
    chance = random.Random(20)
    originals = {path: path.read_text() for path in PROJECT.rglob("*.yaml")}
    copy = project.parent / "mutated"
    shutil.copytree(project, copy)
    for _ in range(400):
        path, text = chance.choice(sorted(originals.items()))
        target = copy / path.relative_to(PROJECT)
        target.write_text(mutated(text, chance))
        answers(copy, (copy / "system.yaml").read_bytes(), "again.yaml")
        target.write_text(text)


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        kind, at = chance.randrange(5), chance.randrange(len(text) + 1)
        lines = text.split("\n")
        line = chance.randrange(len(lines))
        if kind == 0:
            text = text[:at] + chance.choice("{}[]:,#&*!|>'\"%@`-? \n\t0aA.") + text[at + 1 :]
        elif kind == 1:
            text = text[:at]
        elif kind == 2:
            text = "\n".join([*lines[:line], lines[line], *lines[line:]])
        elif kind == 3:
            text = "\n".join([*lines[:line], *lines[line + 1 :]])
        else:
            words = text.split(" ")
            words[chance.randrange(len(words))] = chance.choice(WRONG_WORDS)
            text = " ".join(words)
    return text


@HOSTILE
@given(st.dictionaries(st.one_of(st.text(max_size=8), TOP_KEYS), TREES, max_size=8))
def test_any_tree(project: Path, tree: dict[str, object]) -> None:
    answers(project, json.dumps(tree))  # JSON is YAML


@HOSTILE
@given(st.binary(max_size=400))
def test_programs_of_any_bytes(data: bytes) -> None:
    for program in (data, make_program()[: len(data)] + data, make_program()[:64] + data):
        try:
            read_program(program, "aarch64")
        except ElfError:
            pass


def test_programs_with_bytes_replaced() -> None:
    chance, good = random.Random(3), make_program()
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        try:
            assert read_program(bytes(data), "aarch64").memory > 0
        except ElfError:
            pass


def test_paths_that_are_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "null.yaml").write_text('extends: "a\\0b"\n')
    (tmp_path / "folders.yaml").write_text(
        'schema: 1\nname: a\nboard: "a\\0b"\ncomponent-folders: ["\\0", loop]\nfiles: { a: "\\0" }\n'
        'instances: { b: { binary: "c\\0" } }\n'
    )
    for name in ("loop", "null.yaml", "folders.yaml", "", ".", "folder", "none/none", "a\0b", "x" * 5000):
        assert check(name).has_errors


def test_an_image_of_wrong_files(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("programs/client").unlink()
    Path("programs/client").mkdir()
    Path("kernel.bin").unlink()
    reporter, files = image("system.yaml")
    assert files == {}
    assert {item.code for item in reporter.diagnostics} == {"SYS0037", "SYS0039"}


def test_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    (tmp_path / "over.yaml").write_text("extends: pipe.yaml\nname: over\n")
    for name in ("pipe.yaml", "over.yaml"):
        assert [item.message for item in check(name).diagnostics] == ["cannot read 'pipe.yaml': it is no file"]


def test_very_many_keys_are_refused_in_good_time(project: Path) -> None:
    text = "schema: 1\n" + "".join(f"key{number}: 1\n" for number in range(20_000))
    before = time.process_time()
    reporter = Reporter()
    assert parse("many.yaml", text, reporter) is None
    assert time.process_time() - before < 20  # two seconds on an idle machine; minutes if each is looked up in a list
    assert [item.message for item in reporter.diagnostics] == [
        "more than 10000 keys and values is not allowed in this file"]


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_lines_may_end_as_elsewhere(ending: str) -> None:
    reporter = Reporter()
    assert parse("x.yaml", ending.join(("schema: 1", "name: x", "name: y", "")), reporter) is not None
    assert [(item.span.line, item.span.column) for item in reporter.diagnostics] == [(3, 1)]
    assert "    3 | name: y\n" in reporter.to_text()
