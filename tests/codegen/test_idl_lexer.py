# SPDX-License-Identifier: MIT
"""Text to tokens."""

from __future__ import annotations

import pytest

from codegen.diagnostics import Reporter
from codegen.idl.lexer import Kind, Token, tokenize


def tokens_of(text: str) -> tuple[list[Token], Reporter]:
    reporter = Reporter()
    tokens = tokenize("a.idl", text, reporter)
    assert tokens[-1].kind is Kind.END
    return list(tokens[:-1]), reporter


def test_every_token_knows_its_place() -> None:
    tokens, _ = tokens_of("one\n  two: u8")
    assert [(token.text, token.span.line, token.span.column, token.span.end_column) for token in tokens] == [
        ("one", 1, 1, 4), ("two", 2, 3, 6), (":", 2, 6, 7), ("u8", 2, 8, 10)]


@pytest.mark.parametrize(("text", "value"), [
    ("0", 0), ("42", 42), ("4_096", 4096), ("0x1F", 31), ("0xFFFF_FFFF", 0xFFFF_FFFF), ("64KiB", 65536),
    ("1MiB", 1 << 20), ("2GiB", 2 << 30), ("0xFFFFFFFFFFFFFFFF", (1 << 64) - 1)])
def test_numbers(text: str, value: int) -> None:
    tokens, reporter = tokens_of(text)
    assert [token.value for token in tokens] == [value]
    assert not reporter.has_errors


@pytest.mark.parametrize("text", ["1k", "64KB", "0x", "0xG", "1_", "9" * 5000, "17179869184GiB", "1e5"])
def test_wrong_numbers_are_reported_and_taken_as_one(text: str) -> None:
    tokens, reporter = tokens_of(text)
    assert [token.value for token in tokens] == [1]
    assert [item.code for item in reporter.diagnostics] == ["IDL0005"]


def test_arrows_bounds_and_ranges_are_one_token() -> None:
    assert [token.text for token in tokens_of("->(<=8)2..3 a.b")[0]] == [
        "->", "(", "<=", "8", ")", "2", "..", "3", "a", ".", "b"]


def test_comments() -> None:
    tokens, _ = tokens_of("/// for the next\n// for nobody\n//// neither\nx // behind")
    assert [(token.kind, token.text) for token in tokens] == [(Kind.DOC, "for the next"), (Kind.NAME, "x")]


def test_a_run_of_wrong_characters_is_one_mistake() -> None:
    tokens, reporter = tokens_of("a → “ b")
    assert [token.text for token in tokens] == ["a", "b"]
    assert [(item.span.column, item.span.end_column) for item in reporter.diagnostics] == [(3, 4), (5, 6)]
