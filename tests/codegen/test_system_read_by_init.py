# SPDX-License-Identifier: MIT
"""What the composer writes is what init and libos read: their own code, built for this machine, is given manifests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from codegen.diagnostics import Reporter
from codegen.system.compose import compose
from codegen.system.manifest import manifest
from codegen.system.plan import make_plan
from tests.codegen.system_project import lay_out
from tests.codegen.test_compositions import COMPOSITIONS, boards_of

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("tests/codegen/reads_manifest.cpp", "components/init/manifest.cpp", "libos/src/startup.cpp")
INCLUDES = (".", "libos/include", "libos/arch/host/include")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("reader") / "reads_manifest"
    flags = ["-std=c++23", "-O1", "-fsanitize=address,undefined", *(f"-I{folder}" for folder in INCLUDES)]
    subprocess.run(["g++", *flags, *SOURCES, "-o", str(program)], cwd=ROOT, check=True)
    return program


def read(reader: Path, data: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "manifest"
    file.write_bytes(data)
    return subprocess.run([str(reader), str(file)], capture_output=True, text=True, check=False)


def compiled(path: Path, board: str | None, root: Path = ROOT) -> bytes:
    reporter = Reporter()
    system = compose(path, board, reporter, root)
    assert system is not None and not reporter.has_errors, reporter.to_text()
    plan = make_plan(system, {}, reporter)
    assert plan is not None
    data = manifest(plan, reporter)
    assert data is not None
    return data


def test_every_field_arrives(reader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = read(reader, compiled(Path("system.yaml"), None, Path(".")), tmp_path)
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "init init serves:logger serves:clock serves:store serves:client",
        "bin/logger logger logger serves:store serves:client drives:port",
        "bin/clock clock clock serves:client drives:counter",
        "bin/store store store uses:log uses:process serves:client",
        "bin/client client client uses:time uses:log uses:memory uses:process knows:greeting knows:count knows:loud "
        "knows:names argument:one argument:two words",
    ]


@pytest.mark.parametrize("path", COMPOSITIONS, ids=[str(path.relative_to(ROOT)) for path in COMPOSITIONS])
def test_init_takes_every_composition(path: Path, reader: Path, tmp_path: Path) -> None:
    for board in boards_of(path):
        result = read(reader, compiled(path, board), tmp_path)
        assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_init_refuses_one_wrong_bit(reader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    data = bytearray(compiled(Path("system.yaml"), None, Path(".")))
    data[len(data) // 2] ^= 4
    result = read(reader, bytes(data), tmp_path)
    assert (result.returncode, result.stdout) == (1, "init refuses the manifest\n")
