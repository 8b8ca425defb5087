# SPDX-License-Identifier: MIT
"""What the IDL compiler writes: against the files in `goldens/idl/`, which are reviewed like source.

`UPDATE_EXPECTED=1` writes them anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from codegen.__main__ import main
from tests.codegen.idl_files import GOLDENS, IDL, INPUTS, KERNEL_IDL, ROOT

SERVICES = sorted(INPUTS.glob("*.idl"))
KERNEL = sorted((INPUTS / "kernel").glob("*.idl"))
CLANG_FORMAT = shutil.which("clang-format-19")
COMPILER = shutil.which("aarch64-linux-gnu-g++")
FLAGS = ["-std=c++23", "-O2", "-fno-exceptions", "-fno-rtti", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic",
         "-Werror", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wold-style-cast", "-Wcast-align"]


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def generate(out: Path, services: list[Path], kernel: list[Path]) -> dict[str, str]:
    """Runs the generator from the root of the repository; its files by their path."""
    assert main(["idl", *names(services), "--out", str(out)]) == 0
    assert main(["kernel", *names(kernel), "--out", str(out)]) == 0
    return {str(path.relative_to(out / "generated")): path.read_text(encoding="utf-8")
            for path in sorted((out / "generated").rglob("*")) if path.is_file()}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_output_is_as_reviewed(tmp_path: Path) -> None:
    files = generate(tmp_path, SERVICES, KERNEL)
    if os.environ.get("UPDATE_EXPECTED"):
        shutil.rmtree(GOLDENS, ignore_errors=True)
        for name, content in files.items():
            (GOLDENS / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDENS / name).write_text(content, encoding="utf-8")
    expected = {str(path.relative_to(GOLDENS)): path.read_text(encoding="utf-8")
                for path in sorted(GOLDENS.rglob("*")) if path.is_file()}
    assert sorted(files) == sorted(expected)
    for name, content in files.items():
        assert content == expected[name], name


def test_two_runs_write_the_same(tmp_path: Path) -> None:
    first = generate(tmp_path / "first", sorted(IDL.glob("*.idl")), sorted(KERNEL_IDL.glob("*.idl")))
    second = generate(tmp_path / "second", sorted(IDL.glob("*.idl"), reverse=True),
                      sorted(KERNEL_IDL.glob("*.idl"), reverse=True))
    assert first == second


def test_files_that_have_not_changed_are_left_alone(tmp_path: Path) -> None:
    generate(tmp_path, SERVICES, KERNEL)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.hpp")}
    generate(tmp_path, SERVICES, KERNEL)
    assert times == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.hpp")}


@pytest.mark.skipif(CLANG_FORMAT is None, reason="needs clang-format-19")
@pytest.mark.parametrize("own", [True, False], ids=["test inputs", "idl"])
def test_headers_are_formatted(tmp_path: Path, own: bool) -> None:
    generate(tmp_path, SERVICES if own else sorted(IDL.glob("*.idl")),
             KERNEL if own else sorted(KERNEL_IDL.glob("*.idl")))
    headers = [str(path) for path in sorted(tmp_path.rglob("*.hpp"))]
    assert CLANG_FORMAT is not None
    found = subprocess.run([CLANG_FORMAT, "--dry-run", "-Werror", f"--style=file:{ROOT / '.clang-format'}", *headers],
                           capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@pytest.mark.skipif(COMPILER is None, reason="needs the cross compiler")
def test_headers_compile_on_their_own(tmp_path: Path) -> None:
    """Each header, by itself, with the project's warnings."""
    generate(tmp_path, [*sorted(IDL.glob("*.idl")), *SERVICES], sorted(KERNEL_IDL.glob("*.idl")))
    includes = [f"-I{tmp_path}", f"-I{ROOT}", f"-I{ROOT}/libos/include", f"-I{ROOT}/libos/arch/aarch64/include"]
    assert COMPILER is not None
    for header in (tmp_path / "generated" / "everything.hpp", *sorted((tmp_path / "generated" / "kernel").iterdir()),
                   *sorted((tmp_path / "generated" / "object").iterdir())):
        source = tmp_path / "header.cpp"
        source.write_text(f'#include "{header.relative_to(tmp_path)}"\n')
        found = subprocess.run([COMPILER, *FLAGS, *includes, str(source)], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr


@pytest.mark.skipif(COMPILER is None, reason="needs the cross compiler")
def test_missing_method_is_named(tmp_path: Path) -> None:
    """A server that lacks a method is told which, as it would be declared."""
    generate(tmp_path, sorted(IDL.glob("*.idl")), sorted(KERNEL_IDL.glob("*.idl")))
    source = tmp_path / "server.cpp"
    source.write_text('#include "generated/hello.hpp"\nstruct Hello {};\n'
                      "void f(os::Server& server, os::Service<idl::hello::Interface> service, Hello& hello) {\n"
                      "    server.add(service, hello);\n}\n")
    includes = [f"-I{tmp_path}", f"-I{ROOT}", f"-I{ROOT}/libos/include", f"-I{ROOT}/libos/arch/aarch64/include"]
    assert COMPILER is not None
    found = subprocess.run([COMPILER, *FLAGS, *includes, str(source)], capture_output=True, text=True, check=False)
    assert found.returncode != 0
    assert ("a server of Hello needs: auto greet(std::string_view name) -> std::expected<GreetResult, os::NoError>"
            in found.stderr)


def test_every_header_says_where_it_comes_from(tmp_path: Path) -> None:
    for name, content in generate(tmp_path, SERVICES, KERNEL).items():
        if name.endswith(".hpp"):
            assert re.match(r"// SPDX-License-Identifier: MIT\n/// Generated by codegen from \S+\.idl: ", content), name
            assert "\n#pragma once\n" in content


def test_ir_has_the_layout(tmp_path: Path) -> None:
    files = generate(tmp_path, SERVICES, KERNEL)
    document = json.loads(files["everything.json"])
    scalars = next(item for item in document["methods"] if item["name"] == "scalars")
    assert [(field["name"], field["offset"]) for field in scalars["request"]["fields"]] == [
        ("a", 0), ("b", 2), ("c", 4), ("d", 8), ("e", 16)]
    assert scalars["request"]["words"] == 3
    assert document["events"]["record_words"] == 3


def test_kernel_reference_is_up_to_date(tmp_path: Path) -> None:
    page = tmp_path / "kernel-api.md"
    assert main(["reference", *names(sorted(KERNEL_IDL.glob("*.idl"))), "--out", str(page)]) == 0
    committed = ROOT / "docs" / "kernel-api.md"
    assert page.read_text() == committed.read_text(), (
        "docs/kernel-api.md is old: /usr/bin/python3 -m codegen reference idl/kernel/*.idl --out docs/kernel-api.md")


def test_example_of_the_language_reference_is_right(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "idl.md").read_text(encoding="utf-8")
    example = text.split("```\n")[1]
    shutil.copytree(IDL, tmp_path / "idl")
    (tmp_path / "idl" / "timer.idl").write_text(example, encoding="utf-8")
    assert main(["check", str(tmp_path / "idl" / "timer.idl")]) == 0
