# SPDX-License-Identifier: MIT
"""Tokens to syntax tree, and how the parser goes on after a mistake."""

from __future__ import annotations

from codegen.diagnostics import Reporter
from codegen.idl import ast
from codegen.idl.parser import parse


def parsed(body: str) -> tuple[ast.File, Reporter]:
    reporter = Reporter()
    return parse("lamp.idl", "/// A lamp.\ninterface Lamp 1.0 {\n" + body + "\n}\n", reporter), reporter


def methods_of(file: ast.File) -> list[str]:
    assert file.interface is not None
    return [item.name.text for item in file.interface.members if isinstance(item, ast.Method)]


def test_docs_belong_to_what_follows() -> None:
    file, reporter = parsed("/// Turns it on.\n///\n/// Slowly.\n1: on() -> ();\nstruct S { /// Red.\n red: u8; }")
    assert file.interface is not None and not reporter.has_errors
    method, struct = file.interface.members
    assert isinstance(method, ast.Method) and isinstance(struct, ast.Struct)
    assert file.interface.doc == "A lamp."
    assert method.doc == "Turns it on.\n\nSlowly."
    assert struct.fields[0].doc == "Red."


def test_every_kind_of_type() -> None:
    file, reporter = parsed("1: all(a: u8, b: string<=N, c: bytes<=4, d: vec<u8, <=3>, e: array<u8, 2>, f: option<u8>,"
                            " g: cap<Frame: read, write>, h: lease<out bytes<=8>, i: vfs.Kind) -> ();")
    assert not reporter.has_errors and file.interface is not None
    method = file.interface.members[0]
    assert isinstance(method, ast.Method)
    assert [type(field.type) for field in method.parameters] == [
        ast.NamedType, ast.TextType, ast.TextType, ast.VectorType, ast.ArrayType, ast.OptionType, ast.CapabilityType,
        ast.LeaseType, ast.NamedType]


def test_words_of_the_language_are_names_too() -> None:
    file, reporter = parsed("1: event(string: u8, flags: u8) -> (oneway: u8);\nenum Kind: u8 { const = 0; }")
    assert not reporter.has_errors
    assert methods_of(file) == ["event"]


def test_members_behind_a_mistake_are_read() -> None:
    file, reporter = parsed("1: one() -> ();\n2: two(x u8) -> ();\n3: three() -> ();\n4 four() -> ();\n5: five() -> ();")
    assert methods_of(file) == ["one", "three", "five"]
    assert [item.span.line for item in reporter.sorted()] == [4, 6]
    assert not file.complete


def test_mistake_in_a_block_ends_one_line_of_it() -> None:
    file, reporter = parsed("struct S { a: u8; b; c: u8; }\n1: one() -> ();")
    assert file.interface is not None
    struct = file.interface.members[0]
    assert isinstance(struct, ast.Struct)
    assert [field.name.text for field in struct.fields] == ["a", "c"]
    assert methods_of(file) == ["one"]
    assert len(reporter.diagnostics) == 1


def test_block_with_a_wrong_head_is_skipped_whole() -> None:
    file, reporter = parsed("enum { a = 1; b = 2; }\n1: one() -> ();")
    assert methods_of(file) == ["one"]
    assert len(reporter.diagnostics) == 1


def test_missing_semicolon_at_the_end_of_a_line_costs_nothing_else() -> None:
    file, reporter = parsed("1: one() -> ()\n2: two() -> ()\n")
    assert methods_of(file) == ["one", "two"]
    assert [(item.span.line, item.message) for item in reporter.sorted()] == [
        (3, "expected ';' behind ')'"), (4, "expected ';' behind ')'")]


def test_results_are_asked_for() -> None:
    _, reporter = parsed("1: one();")
    assert reporter.diagnostics[0].help == "results follow the parameters: -> ();"
