# SPDX-License-Identifier: MIT
"""Whatever is in a file, the answer is a list of mistakes or code, in good time, and never a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.cpp.service_output import service_outputs
from codegen.diagnostics import Reporter
from codegen.idl.compile import compile_files
from codegen.idl.ir import to_json
from codegen.markdown.render import reference
from tests.codegen.idl_files import IDL, INPUTS, KERNEL_IDL, NEGATIVE

VALID = [path.read_text() for folder in (IDL, KERNEL_IDL, INPUTS) for path in sorted(folder.glob("*.idl"))]
WRONG = [path.read_bytes().decode("utf-8", "replace") for path in sorted(NEGATIVE.glob("IDL*.idl"))]
PIECES = ["interface", "import", "struct", "enum", "flags", "errors", "const", "event", "oneway", "reserved", "{", "}",
          "(", ")", "<", ">", ";", ":", ",", "->", "<=", "..", ".", "@", "=", "1", "0", "18446744073709551615", "64KiB",
          "u8", "u64", "bool", "string", "bytes", "vec", "array", "option", "cap", "lease", "in", "out", "Frame",
          "Lamp", "x", "throws", "@deferred", "@window(4096)", "@kernel(3)", "@filled(a, b)", "///", "// c", "\n", "\0"]
HOSTILE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def compile_bytes(folder: Path, content: bytes) -> Reporter:
    """Compiles one file as far as it goes, and prints everything that can be printed."""
    for file in IDL.glob("*.idl"):
        copy = folder / file.name
        if not copy.exists():
            copy.write_bytes(file.read_bytes())
    path = folder / "hostile.idl"
    path.write_bytes(content)
    reporter = Reporter()
    compilation = compile_files([str(path)], reporter)
    text = reporter.to_text()
    reporter.to_json()
    assert all(item.code in text for item in reporter.diagnostics)
    assert all(character.isprintable() or character == "\n" for character in text)
    if not reporter.has_errors:
        services = [item for item in compilation.interfaces if item.kernel_object is None]
        service_outputs(services)
        for interface in compilation.interfaces:
            to_json(interface, "hostile.idl")
            reference([interface])
    return reporter


@HOSTILE
@given(content=st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    compile_bytes(tmp_path, content)


@HOSTILE
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_pieces_of_the_language(tmp_path: Path, pieces: list[str]) -> None:
    compile_bytes(tmp_path, ("/// A lamp.\ninterface Lamp 1.0 { " + " ".join(pieces)).encode())


@HOSTILE
@given(data=st.data(), text=st.sampled_from(VALID + WRONG))
def test_files_with_pieces_cut_out_and_put_in(tmp_path: Path, data: st.DataObject, text: str) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        inserted = data.draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)))
        text = text[:start] + inserted + text[end:]
    compile_bytes(tmp_path, text.encode("utf-8", "replace"))


@pytest.mark.parametrize("body", [
    "1: x(a: " + "option<" * 4000 + "u8" + ">" * 4000 + ") -> ();",
    "struct S0 { a: u64; }\n" + "".join(
        f"struct S{n + 1} {{ a: S{n}; b: S{n}; }}\n" for n in range(40)) + "1: x(a: S40) -> ();",
    "struct S0 { a: u8; }\n" + "".join(
        f"struct S{n + 1} {{ a: S{n}; }}\n" for n in range(3000)) + "1: x(a: S3000) -> ();",
    "".join(f"const C{n}: u8 = C{n + 1};\n" for n in range(3000)) + "const C3000: u8 = 1;\n1: x(a: string<=C0) -> ();",
    "1: x(a: array<array<array<array<u64, 4096>, 4096>, 4096>, 4096>) -> ();",
    "1: x(" + ", ".join(f"a{n}: string<=8" for n in range(5000)) + ") -> ();",
    "".join(f"{n}: m{n}(a: u8) -> ();\n" for n in range(1, 2000)),
    "reserved 1..18446744073709551615;\n1: x() -> ();\n1: y() -> ();",
    "enum E: u8 { " + "".join(f"v{n} = {n};" for n in range(300)) + " }\n1: x(e: E) -> ();",
    "{" * 20000,
    "///\n" * 20000,
    "1: x(a: u9) -> ();\n" * 3000,
], ids=["nested types", "doubling structs", "deep structs", "long constants", "huge arrays", "many strings",
        "many methods", "huge reservation", "large enum", "braces", "comments", "many mistakes"])
def test_large_inputs_end_soon(tmp_path: Path, body: str) -> None:
    compile_bytes(tmp_path, ("/// A lamp.\ninterface Lamp 1.0 {\n" + body + "\n}\n").encode())


@pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n"),
                                    lambda data: data.replace(b"\n", b"\r")], ids=["byte-order-mark", "crlf", "cr"])
def test_files_of_other_editors_are_read(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    assert compile_bytes(tmp_path, change(VALID[0].encode())).to_text() == ""


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.idl"
    os.mkfifo(path)
    reporter = Reporter()
    compile_files([str(path)], reporter)
    assert [item.message for item in reporter.diagnostics] == [f"cannot read '{path}': it is no file"]


def test_very_many_unknown_names_are_reported_in_good_time(tmp_path: Path) -> None:
    structs = "".join(f"struct A{number} {{ a: B{number}; }}\n" for number in range(7000))
    before = time.process_time()
    reporter = compile_bytes(tmp_path, f"/// A lamp.\ninterface Lamp 1.0 {{\n{structs}}}\n".encode())
    assert time.process_time() - before < 30  # two seconds on an idle machine; hours if each is compared with each
    assert len(reporter.diagnostics) == 200
