# SPDX-License-Identifier: MIT
"""Names to declarations: what a file declares and what it can see of others."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen.diagnostics import Note, Reporter, did_you_mean
from codegen.idl import ast
from codegen.idl.load import Source
from codegen.idl.model import SCALARS

# What other languages call our types.
_FOREIGN_TYPES = {
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64", "int8": "i8", "int16": "i16", "int32": "i32",
    "int64": "i64", "uint8_t": "u8", "uint16_t": "u16", "uint32_t": "u32", "uint64_t": "u64", "byte": "u8",
    "char": "u8", "int": "i32", "unsigned": "u32", "long": "i64", "size_t": "u64", "usize": "u64", "boolean": "bool",
    "str": "string<=N", "String": "string<=N", "list": "vec<T, <=N>", "vector": "vec<T, <=N>",
}
_NO_TYPES = {
    "void": "leave it out: () is no parameters, or no results",
    "float": "no value has a point: use an integer of a unit that is small enough",
    "double": "no value has a point: use an integer of a unit that is small enough",
}

Declaration = ast.Constant | ast.Enumeration | ast.Struct | ast.ErrorSet


@dataclass
class Scope:
    """The declarations of one file; `imported` are the scopes of its imports, `used` those a name came from."""

    source: Source
    declarations: dict[str, Declaration] = field(default_factory=dict)
    imported: dict[str, Scope] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def module(self) -> str:
        return self.source.module

    @property
    def interface(self) -> ast.Interface | None:
        return self.source.tree.interface

    def visible(self, kinds: tuple[type[Declaration], ...]) -> list[str]:
        """Every name of these kinds that can be written here, for suggestions."""
        names = [name for name, item in self.declarations.items() if isinstance(item, kinds)]
        for module, scope in self.imported.items():
            names += [f"{module}.{name}" for name, item in scope.declarations.items() if isinstance(item, kinds)]
        return names


def build_scopes(sources: dict[str, Source], reporter: Reporter) -> dict[str, Scope]:
    """One scope for each file; a name that is declared twice keeps its first declaration."""
    scopes = {path: Scope(source) for path, source in sources.items()}
    for scope in scopes.values():
        for name, path in scope.source.imports.items():
            if path in scopes:
                scope.imported[name] = scopes[path]
        if scope.interface is not None:
            _declare(scope, scope.interface, reporter)
    return scopes


def _declare(scope: Scope, interface: ast.Interface, reporter: Reporter) -> None:
    for member in interface.members:
        if isinstance(member, (ast.Method, ast.Reserved)):
            continue
        first = scope.declarations.setdefault(member.name.text, member)
        if first is not member:
            reporter.error("IDL0011", f"'{member.name.text}' is declared twice", member.name.span,
                           notes=[Note("the first is here", first.name.span)], help="rename one of them")


def look_up(scope: Scope, name: ast.QualifiedName, kinds: tuple[type[Declaration], ...], what: str, code: str,
            reporter: Reporter) -> tuple[Scope, Declaration] | None:
    """The declaration that `name` means and the scope it is in. One that is missing is reported as `code`."""
    owner = scope
    if name.module is not None:
        imported = scope.imported.get(name.module.text)
        if imported is None:
            if name.module.text not in {item.text for item in scope.source.tree.imports}:
                unknown_module(scope, name.module, reporter)
            return None
        scope.used.add(name.module.text)
        owner = imported
    declaration = owner.declarations.get(name.name.text)
    if declaration is None and reporter.is_full:
        return None
    if declaration is None:
        candidates = scope.visible(kinds) + (list(SCALARS) + ["bool"] if code == "IDL0012" else [])
        foreign = _FOREIGN_TYPES.get(str(name), "") if code == "IDL0012" else ""
        meant = foreign or did_you_mean(str(name), candidates) or _elsewhere(scope, name, kinds)
        otherwise = _NO_TYPES.get(str(name)) or "declare it in this file, or import the file that does"
        reporter.error(code, f"'{name}' is not {what}", name.span,
                       help=f"did you mean '{meant}'?" if meant else otherwise)
        return None
    if not isinstance(declaration, kinds):
        reporter.error(code, f"'{name}' is not {what}", name.span,
                       notes=[Note("it is declared here", declaration.name.span)], help=f"name {what}")
        return None
    return owner, declaration


def unknown_module(scope: Scope, module: ast.Name, reporter: Reporter) -> None:
    meant = did_you_mean(module.text, scope.imported)
    reporter.error("IDL0013", f"'{module.text}' is not imported", module.span,
                   help=f"did you mean '{meant}'?" if meant else f"write at the top: import {module.text};")


def _elsewhere(scope: Scope, name: ast.QualifiedName, kinds: tuple[type[Declaration], ...]) -> str:
    """`vfs.Kind` for `Kind`, when an import declares it."""
    for candidate in scope.visible(kinds):
        if candidate.rsplit(".", 1)[-1] == name.name.text:
            return candidate
    return ""
