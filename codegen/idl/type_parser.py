# SPDX-License-Identifier: MIT
"""The lower half of the parser: the token cursor, names, numbers, parameters and types."""

from __future__ import annotations

from typing import NoReturn

from codegen.diagnostics import Note, Reporter, Span
from codegen.idl import ast
from codegen.idl.lexer import Kind, Token

MAX_NESTING = 8


# What to write where one of these was expected.
GRAMMAR = {
    "'('": "parameters and results stand in parentheses: 1: add(left: u64) -> (sum: u64);",
    "')'": "parameters are written (name: type, name: type), bounds string<=16 and vec<T, <=16>",
    "':'": "a name stands before its type, and a number before its name: level: u8",
    "';'": "a member ends with ';'",
    "'}'": "what '{' has opened ends with '}'",
    "'{'": "what it consists of stands in braces",
    "'<'": "types of other types are written vec<T, <=16>, array<T, 4> and option<T>",
    "'>'": "types of other types are written vec<T, <=16>, array<T, 4> and option<T>",
    "','": "types of other types are written vec<T, <=16>, array<T, 4> and option<T>",
    "'='": "constants and values are written NAME = 1;",
    "'.'": "a version is two numbers, such as 1.0",
    "'bytes'": "a lease is written lease<in bytes<=N> or lease<out bytes<=N>",
    "'import' or 'interface'": "a file is its imports and one interface: interface Name 1.0 { ... }",
    "a type": "a type is u8 to u64, i8 to i64, bool, string<=N, bytes<=N, vec<T, <=N>, array<T, N>, option<T>, or declared",
}
OTHERWISE = "docs/idl.md has the whole grammar"


class Unreadable(Exception):
    """The current item cannot be read; it has been reported. Never leaves the parser."""


class TypeParser:
    """Reads from `_position` on. Doc comments are skipped wherever they are not asked for, and reported."""

    def __init__(self, tokens: tuple[Token, ...], reporter: Reporter) -> None:
        self._tokens = tokens
        self._reporter = reporter
        self._position = 0
        self._nesting = 0

    @property
    def _token(self) -> Token:
        position = self._position
        while self._tokens[position].kind is Kind.DOC:
            position += 1
        return self._tokens[position]

    def _advance(self) -> Token:
        while self._tokens[self._position].kind is Kind.DOC:
            self._reporter.error("IDL0006", "the doc comment documents nothing", self._tokens[self._position].span,
                                 help="put it in front of what it describes, or write '//'")
            self._position += 1
        token = self._tokens[self._position]
        if token.kind is not Kind.END:
            self._position += 1
        return token

    def _at(self, text: str) -> bool:
        return self._token.kind in (Kind.NAME, Kind.PUNCTUATION) and self._token.text == text

    def _accept(self, text: str) -> bool:
        if self._at(text):
            self._advance()
            return True
        return False

    def _expect(self, text: str, help: str = "") -> Token:
        if not self._at(text):
            self._unexpected(f"'{text}'", help)
        return self._advance()

    def _end_of_item(self) -> None:
        """Reads `;`. One that is missing at the end of a line is reported and taken as read."""
        last = self._tokens[self._position - 1]
        if self._at(";"):
            self._advance()
        elif self._token.span.line > last.span.line or self._at("}"):
            end = Span(last.span.file, last.span.line, last.span.end_column, last.span.end_column + 1)
            self._reporter.error("IDL0004", f"expected ';' behind {last}", end, help=GRAMMAR["';'"])
        else:
            self._unexpected("';'")

    def _unexpected(self, wanted: str, help: str = "") -> NoReturn:
        self._reporter.error("IDL0004", f"expected {wanted}, found {self._token}", self._token.span,
                             help=help or GRAMMAR.get(wanted, OTHERWISE))
        raise Unreadable

    @staticmethod
    def _note(message: str, span: Span) -> Note:
        return Note(message, span)

    def _name(self, wanted: str) -> ast.Name:
        if self._token.kind is not Kind.NAME:
            self._unexpected(wanted)
        token = self._advance()
        return ast.Name(token.text, token.span)

    def _number(self, wanted: str) -> ast.Number:
        if self._token.kind is not Kind.NUMBER:
            self._unexpected(wanted)
        token = self._advance()
        return ast.Number(token.value, token.span)

    def _qualified_name(self, wanted: str) -> ast.QualifiedName:
        first = self._name(wanted)
        if not self._accept("."):
            return ast.QualifiedName(None, first)
        return ast.QualifiedName(first, self._name("a name"))

    def _expression(self) -> ast.Expression:
        if self._token.kind is Kind.NUMBER:
            return self._number("a number")
        return self._qualified_name("a number or the name of a constant")

    def _parameters(self) -> tuple[ast.Field, ...]:
        self._expect("(")
        parameters: list[ast.Field] = []
        while not self._at(")"):
            parameters.append(self._parameter())
            if not self._accept(","):
                break
        self._expect(")")
        return tuple(parameters)

    def _parameter(self) -> ast.Field:
        name = self._name("a name")
        self._expect(":")
        return ast.Field(name, self._type(), "")

    def _type(self) -> ast.TypeNode:
        self._nesting += 1
        try:
            if self._nesting > MAX_NESTING:
                self._reporter.error("IDL0040", "types are nested too deeply", self._token.span,
                                     help=f"name the inner ones as structs; the limit is {MAX_NESTING}")
                raise Unreadable
            return self._type_here()
        finally:
            self._nesting -= 1

    def _type_here(self) -> ast.TypeNode:
        first = self._token
        if self._at("string") or self._at("bytes"):
            self._advance()
            return ast.TextType(ast.TextKind(first.text), *self._bound(first.span))
        if self._accept("vec"):
            return self._vector(first.span)
        if self._accept("array"):
            self._expect("<")
            element = self._type()
            self._expect(",")
            length = self._expression()
            return ast.ArrayType(element, length, first.span.to(self._expect(">").span))
        if self._accept("option"):
            self._expect("<")
            element = self._type()
            return ast.OptionType(element, first.span.to(self._expect(">").span))
        if self._accept("cap"):
            return self._capability(first.span)
        if self._accept("lease"):
            return self._lease(first.span)
        name = self._qualified_name("a type")
        return ast.NamedType(name, name.span)

    def _bound(self, start: Span) -> tuple[ast.Expression | None, Span]:
        """`<=N`, which may be left out here; the checks ask for it."""
        if not self._accept("<="):
            return None, start
        bound = self._expression()
        return bound, start.to(bound.span)

    def _vector(self, start: Span) -> ast.VectorType:
        self._expect("<")
        element = self._type()
        bound: ast.Expression | None = None
        if self._accept(","):
            self._expect("<=", "a vector is written vec<T, <=N>")
            bound = self._expression()
        return ast.VectorType(element, bound, start.to(self._expect(">").span))

    def _capability(self, start: Span) -> ast.CapabilityType:
        self._expect("<", "say what it is a capability of: cap<Frame: read>")
        target = self._qualified_name("an interface or a kernel object")
        rights: list[ast.Name] = []
        if self._accept(":"):
            rights.append(self._name("a right"))
            while self._accept(","):
                rights.append(self._name("a right"))
        return ast.CapabilityType(target, tuple(rights), start.to(self._expect(">").span))

    def _lease(self, start: Span) -> ast.LeaseType:
        self._expect("<", "a lease is written lease<in bytes<=N> or lease<out bytes<=N>")
        direction = self._name("'in' or 'out'")
        self._expect("bytes")
        bound, _ = self._bound(start)
        return ast.LeaseType(direction, bound, start.to(self._expect(">").span))
