# SPDX-License-Identifier: MIT
"""What a composition can be made of: components, interfaces and boards, found by their names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.board.model import Board
from codegen.board.reader import read_board
from codegen.diagnostics import Reporter, Span, did_you_mean
from codegen.idl.facts import InterfaceFacts, load_interfaces
from codegen.system.component import Component, ProvidedPort, UsedPort, read_component
from codegen.system.composition import Composition
from codegen.yaml.fields import Placed

ROOT = Path(__file__).resolve().parents[2]
COMPONENT_FILE = "component.yaml"


@dataclass(frozen=True)
class Folders:
    """Where things are looked for; the folder of the system file comes before the project's own."""

    components: tuple[Path, ...]
    boards: tuple[Path, ...]
    idl: tuple[Path, ...]


def folders_of(composition: Composition, root: Path) -> Folders:
    """`components`, `boards` and `idl` beside the system file and in the project."""
    beside = Path(composition.file).parent
    listed = [Path(item.span.file).parent / item.value for item in composition.component_folders]
    return Folders(
        components=_existing([*listed, beside / "components", root / "components"]),
        boards=_existing([beside / "boards", root / "boards"]),
        idl=_existing([beside / "idl", root / "idl"]),
    )


class Library:
    """Reads each file once, when it is first asked for."""

    def __init__(self, folders: Folders, reporter: Reporter) -> None:
        self._folders = folders
        self._reporter = reporter
        self._components: dict[str, Component | None] = {}
        paths = [str(path) for folder in folders.idl for path in sorted(folder.glob("*.idl"))]
        self.interfaces: Mapping[str, InterfaceFacts] = _read_interfaces(paths, reporter)

    def component(self, name: Placed[str]) -> Component | None:
        """A component by the name of its folder, or None after a report."""
        if name.value not in self._components:
            self._components[name.value] = self._read_component(name)
        return self._components[name.value]

    def _read_component(self, name: Placed[str]) -> Component | None:
        for folder in self._folders.components:
            path = folder / name.value / COMPONENT_FILE
            if path.is_file():
                component = read_component(path, self._reporter, name.span)
                if component is not None:
                    self.check_interfaces(component)
                return component
        guess = did_you_mean(name.value, self._component_names())
        self._reporter.error(
            "SYS0013",
            f"there is no component '{name.value}'",
            name.span,
            help=f"did you mean '{guess}'?" if guess else f"make the folder components/{name.value}, or name another",
        )
        return None

    def _component_names(self) -> list[str]:
        return [path.parent.name for folder in self._folders.components for path in folder.glob(f"*/{COMPONENT_FILE}")]

    def check_interfaces(self, component: Component) -> None:
        """Reports SYS0014 for each port whose interface is in no IDL file."""
        if not self.interfaces:
            return
        ports: tuple[ProvidedPort | UsedPort, ...] = (*component.provides, *component.uses)
        for port in ports:
            if port.interface not in self.interfaces:
                guess = did_you_mean(port.interface, self.interfaces)
                known = ", ".join(sorted(self.interfaces))
                self._reporter.error(
                    "SYS0014",
                    f"there is no interface '{port.interface[:40]}'",
                    port.interface_span,
                    help=f"did you mean '{guess}'?" if guess else f"the interfaces are {known}",
                )

    def board(self, name: str, span: Span) -> Board | None:
        """A board by name, or None after a report."""
        for folder in self._folders.boards:
            path = folder / f"{name}.yaml"
            if "/" not in name and path.is_file():
                return read_board(path, self._reporter, span)
        names = [path.stem for folder in self._folders.boards for path in folder.glob("*.yaml")]
        guess = did_you_mean(name, names)
        self._reporter.error(
            "SYS0012",
            f"there is no board '{name[:40]}'",
            span,
            help=f"did you mean '{guess}'?" if guess else f"the boards are {', '.join(sorted(set(names)))}",
        )
        return None


def _read_interfaces(paths: list[str], reporter: Reporter) -> Mapping[str, InterfaceFacts]:
    """The interfaces of all files; mistakes elsewhere must not hide them."""
    own = Reporter()
    interfaces = load_interfaces(paths, own)
    reporter.sources.update(own.sources)
    for diagnostic in own.diagnostics:
        reporter.add(diagnostic)
    return interfaces


def _existing(folders: list[Path]) -> tuple[Path, ...]:
    """Those that exist, each once, as paths that are short to read."""
    return tuple(dict.fromkeys(_shortest(folder) for folder in folders if folder.is_dir()))


def _shortest(path: Path) -> Path:
    """Relative to the working folder if it is inside it."""
    relative = os.path.relpath(path)
    return path.resolve() if relative.startswith("..") else Path(relative)
