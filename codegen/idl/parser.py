# SPDX-License-Identifier: MIT
"""Tokens to syntax tree. A mistake ends one member, not the file: the parser goes on behind its `;` or `}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from codegen.diagnostics import Reporter, Span, did_you_mean
from codegen.idl import ast
from codegen.idl.lexer import Kind, Token, tokenize
from codegen.idl.type_parser import TypeParser, Unreadable

MEMBER_WORDS = ("const", "enum", "flags", "struct", "errors", "oneway", "event", "reserved")

_Item = TypeVar("_Item")


def parse(file: str, text: str, reporter: Reporter) -> ast.File:
    """The tree of a file; what could not be read is missing from it and reported."""
    reporter.add_source(file, text)
    return _FileParser(file, tokenize(file, text, reporter), reporter).file()


class _FileParser(TypeParser):
    def __init__(self, path: str, tokens: tuple[Token, ...], reporter: Reporter) -> None:
        super().__init__(tokens, reporter)
        self._path = path
        self._complete = True

    def file(self) -> ast.File:
        imports: list[ast.Name] = []
        interface: ast.Interface | None = None
        while self._token.kind is not Kind.END:
            start = self._position
            try:
                doc = self._doc()
                attributes = self._attributes()
                if self._accept("import"):
                    self._no_doc(doc)
                    imports.append(self._name("the name of the imported file"))
                    self._end_of_item()
                elif self._at("interface"):
                    parsed = self._interface(attributes, doc)
                    if interface is not None:
                        self._second_interface(parsed, interface)
                    interface = interface or parsed
                else:
                    self._skip_to_declaration()
            except Unreadable:
                self._recover(start)
                self._accept("}")
        if interface is None and not self._reporter.has_errors:
            self._reporter.error("IDL0007", "the file declares no interface", Span(self._path, 1, 1, 2),
                                 help="write: interface Name 1.0 { ... }")
        return ast.File(self._path, tuple(imports), interface, self._complete)

    def _skip_to_declaration(self) -> None:
        """Reports what begins neither an import nor the interface, once, and goes on at the next that does."""
        self._complete = False
        try:
            self._unexpected("'import' or 'interface'")
        except Unreadable:
            self._advance()
        while self._token.kind is not Kind.END and not self._at("import") and not self._at("interface"):
            self._position += 1

    def _second_interface(self, second: ast.Interface, first: ast.Interface) -> None:
        self._reporter.error("IDL0007", f"a second interface, '{second.name.text}'", second.name.span,
                             notes=[self._note("the first is here", first.name.span)],
                             help="one file declares one interface; import the other file where it is needed")

    def _interface(self, attributes: tuple[ast.Attribute, ...], doc: str) -> ast.Interface:
        self._expect("interface")
        name = self._name("the name of the interface")
        major = self._number("the version, such as 1.0")
        self._expect(".")
        minor = self._number("the minor version")
        self._expect("{")
        members = self._block(self._member)
        return ast.Interface(name, major, minor, members, attributes, doc)

    def _block(self, item: Callable[[], _Item]) -> tuple[_Item, ...]:
        """Items up to `}`; the `{` has been read. One that cannot be read is skipped."""
        items: list[_Item] = []
        while not self._accept("}"):
            if self._token.kind is Kind.END:
                self._unexpected("'}'")
            start = self._position
            try:
                items.append(item())
            except Unreadable:
                self._recover(start)
        return tuple(items)

    def _recover(self, start: int) -> None:
        """Skips to behind the `;` or the closing `}` of what began at token `start`, or to an enclosing `}`."""
        self._complete = False
        self._position = start
        depth = 0
        while (token := self._tokens[self._position]).kind is not Kind.END:
            opens, closes = token.text == "{", token.text == "}"
            if token.kind is not Kind.PUNCTUATION:
                opens = closes = False
            if closes and depth == 0:
                return
            self._position += 1
            depth += opens - closes
            if depth == 0 and (closes or (token.kind is Kind.PUNCTUATION and token.text == ";")):
                return

    def _member(self) -> ast.Member:
        doc = self._doc()
        attributes = self._attributes()
        if self._token.kind is Kind.NUMBER or self._at("oneway") or self._at("event"):
            return self._method(attributes, doc)
        if attributes:
            self._reporter.error("IDL0008", f"'@{attributes[0].name.text}' does not belong here", attributes[0].span,
                                 help="attributes stand before the interface or a method")
        if self._accept("const"):
            return self._constant(doc)
        if self._at("enum") or self._at("flags"):
            return self._enumeration(doc)
        if self._accept("struct"):
            name = self._name("the name of the struct")
            self._expect("{")
            return ast.Struct(name, self._block(self._field), doc)
        if self._accept("errors"):
            name = self._name("the name of the errors")
            self._expect("{")
            return ast.ErrorSet(name, self._block(self._error_entry), doc)
        if self._accept("reserved"):
            self._no_doc(doc)
            return self._reserved()
        self._unexpected_member()

    def _unexpected_member(self) -> NoReturn:
        meant = did_you_mean(self._token.text, MEMBER_WORDS) if self._token.kind is Kind.NAME else ""
        hint = f"did you mean '{meant}'?" if meant else "methods begin with their ordinal: 1: name() -> ();"
        self._unexpected("a member of the interface", hint)

    def _constant(self, doc: str) -> ast.Constant:
        name = self._name("the name of the constant")
        self._expect(":")
        type_node = self._type()
        self._expect("=")
        value = self._expression()
        self._end_of_item()
        return ast.Constant(name, type_node, value, doc)

    def _enumeration(self, doc: str) -> ast.Enumeration:
        is_flags = self._advance().text == "flags"
        name = self._name("the name of the type")
        self._expect(":")
        type_node = self._type()
        self._expect("{")
        return ast.Enumeration(name, is_flags, type_node, self._block(self._enumerator), doc)

    def _enumerator(self) -> ast.Enumerator:
        doc = self._doc()
        name = self._name("the name of a value")
        self._expect("=")
        value = self._expression()
        self._end_of_item()
        return ast.Enumerator(name, value, doc)

    def _field(self) -> ast.Field:
        doc = self._doc()
        field = self._parameter()
        self._end_of_item()
        return ast.Field(field.name, field.type, doc)

    def _error_entry(self) -> ast.ErrorEntry:
        doc = self._doc()
        ordinal = self._number("the number of an error")
        self._expect(":")
        name = self._name("the name of an error")
        self._end_of_item()
        return ast.ErrorEntry(ordinal, name, doc)

    def _reserved(self) -> ast.Reserved:
        first = self._number("an ordinal")
        last = self._number("the last reserved ordinal") if self._accept("..") else first
        self._end_of_item()
        return ast.Reserved(first, last)

    def _method(self, attributes: tuple[ast.Attribute, ...], doc: str) -> ast.Method:
        kind = ast.MethodKind.CALL
        if self._accept("oneway"):
            kind = ast.MethodKind.ONEWAY
        elif self._accept("event"):
            kind = ast.MethodKind.EVENT
        ordinal = self._number("the ordinal")
        self._expect(":")
        name = self._name("the name of the method")
        parameters = self._parameters()
        results: tuple[ast.Field, ...] = ()
        throws: ast.QualifiedName | None = None
        if kind is ast.MethodKind.CALL or self._at("->"):
            arrow = self._expect("->", "results follow the parameters: -> ();")
            results = self._parameters()
            if self._accept("throws"):
                throws = self._qualified_name("the name of the errors")
            if kind is not ast.MethodKind.CALL:
                self._reporter.error("IDL0031", f"{kind.value} '{name.text}' cannot have results", arrow.span,
                                     help="nobody waits for an answer: leave out everything from '->' on")
        self._end_of_item()
        return ast.Method(kind, ordinal, name, parameters, results, throws, attributes, doc)

    def _attributes(self) -> tuple[ast.Attribute, ...]:
        attributes: list[ast.Attribute] = []
        while self._at("@"):
            at = self._advance()
            name = self._name("the name of an attribute")
            arguments: list[ast.Name | ast.Number] = []
            end = name.span
            if self._accept("("):
                while not self._at(")"):
                    arguments.append(self._attribute_argument())
                    if not self._accept(","):
                        break
                end = self._expect(")").span
            attributes.append(ast.Attribute(name, tuple(arguments), at.span.to(end)))
        return tuple(attributes)

    def _attribute_argument(self) -> ast.Name | ast.Number:
        if self._token.kind is Kind.NUMBER:
            return self._number("a number")
        return self._name("a name or a number")

    def _doc(self) -> str:
        """The doc comment in front of what follows; reports one that nothing follows."""
        lines: list[str] = []
        first = self._tokens[self._position].span
        while self._tokens[self._position].kind is Kind.DOC:
            lines.append(self._tokens[self._position].text)
            self._position += 1
        if lines and (self._at("}") or self._token.kind is Kind.END):
            self._reporter.error("IDL0006", "the doc comment documents nothing", first,
                                 help="put it in front of what it describes, or write '//'")
            raise Unreadable
        return "\n".join(lines).strip()

    def _no_doc(self, doc: str) -> None:
        if doc:
            self._reporter.error("IDL0006", "the doc comment documents nothing", self._previous_doc(),
                                 help="'import' and 'reserved' take no doc comment; write '//'")

    def _previous_doc(self) -> Span:
        position = self._position
        while self._tokens[position].kind is not Kind.DOC:
            position -= 1
        return self._tokens[position].span
