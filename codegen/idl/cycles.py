# SPDX-License-Identifier: MIT
"""The rule that files do not need each other: generated headers include each other in one direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codegen.diagnostics import Note, Reporter
from codegen.idl import model
from codegen.idl.needs import needed_clients, needed_types

Imports = dict[str, model.Interface]


def check_cycles(interfaces: dict[str, model.Interface], imported: dict[str, Imports], reporter: Reporter) -> None:
    """Headers include each other for types, and for the clients that are handed out."""
    for needs, what in ((needed_types, "types"), (needed_clients, "capabilities")):
        search = _Search(interfaces, imported, needs, what, reporter)
        for path in interfaces:
            search.visit(path)


@dataclass
class _Search:
    """A walk in depth; `trail` leads from where it began to where it is."""

    interfaces: dict[str, model.Interface]
    imported: dict[str, Imports]
    needs: Callable[[model.Interface], set[str]]
    what: str
    reporter: Reporter
    done: set[str] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)

    def visit(self, path: str) -> None:
        if path in self.trail:
            self._report(self.trail[self.trail.index(path):])
        if path in self.done:
            return
        self.done.add(path)
        self.trail.append(path)
        for module in sorted(self.needs(self.interfaces[path])):
            other = self.imported.get(path, {}).get(module)
            if other is not None:
                self.visit(other.path)
        self.trail.pop()

    def _report(self, cycle: list[str]) -> None:
        members = [self.interfaces[path] for path in cycle]
        names = " -> ".join(item.name for item in (*members, members[0]))
        self.reporter.error("IDL0046", f"files need each other's {self.what}: {names}", members[0].span,
                            notes=[Note(f"'{item.name}'", item.span) for item in members[1:]],
                            help="move what both need to a file of its own")
