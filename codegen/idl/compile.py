# SPDX-License-Identifier: MIT
"""All stages from files to checked interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codegen.diagnostics import Reporter
from codegen.idl import model
from codegen.idl.check import check
from codegen.idl.load import load
from codegen.idl.resolve import resolve
from codegen.idl.scope import build_scopes


@dataclass(frozen=True)
class Compilation:
    """`interfaces` are those of the named files, in order; `modules` has the imported ones too, by path and name."""

    interfaces: tuple[model.Interface, ...]
    imported: dict[str, dict[str, model.Interface]]


def compile_files(paths: Sequence[str], reporter: Reporter) -> Compilation:
    """Reads, resolves and checks. The result is good for output only if the reporter has no errors."""
    sources = load(paths, reporter)
    scopes = build_scopes(sources, reporter)
    interfaces = resolve(scopes, reporter)
    imported = {
        path: {name: interfaces[target] for name, target in source.imports.items() if target in interfaces}
        for path, source in sources.items()
    }
    check(scopes, interfaces, imported, reporter)
    named = unique(path for path in paths if path in interfaces)
    return Compilation(tuple(interfaces[path] for path in named), imported)


def unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
