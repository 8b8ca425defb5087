# SPDX-License-Identifier: MIT
"""`system.yaml` as written: instances and what each is to be given. Nothing is looked up yet."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.diagnostics import Span
from codegen.yaml.fields import Placed
from codegen.yaml.tree import Entry


@dataclass(frozen=True)
class Route:
    """`port: target.target_port`, with what the server may spend on this client. `target` is None, after a report,
    for a route that could not be read."""

    port: Placed[str]
    target: Placed[str] | None
    target_port: str
    quota: int


@dataclass(frozen=True)
class DeviceGrant:
    """`name: device`, or a device for each board. `devices` maps board names to devices; "" is every board."""

    name: Placed[str]
    devices: tuple[tuple[str, Placed[str]], ...]

    def on(self, board: str) -> Placed[str] | None:
        """The device it is on a board."""
        found = dict(self.devices)
        return found.get(board) or found.get("")


@dataclass(frozen=True)
class Instance:
    """One running component. `stack`, `heap` and `caps` are None where the file leaves them to the composer."""

    name: str
    span: Span
    binary: Placed[str]
    priority: Placed[int]
    core: Placed[int]
    ram: Placed[int]
    restart: Placed[int] | None
    caps: Placed[int] | None
    stack: Placed[int] | None
    heap: Placed[int] | None
    arguments: tuple[Placed[str], ...]
    parameters: tuple[Entry, ...]
    routes: tuple[Route, ...]
    devices: tuple[DeviceGrant, ...]
    grants: tuple[Placed[str], ...]
    after: tuple[Placed[str], ...]


@dataclass(frozen=True)
class FileToAdd:
    """A file for the initfs: its path there, and where it comes from."""

    path: Placed[str]
    source: Placed[str]


@dataclass(frozen=True)
class Composition:
    """A system. `boards` are those it is made for, the default first."""

    name: str
    boards: tuple[Placed[str], ...]
    cores: Placed[int]
    instances: tuple[Instance, ...]
    files: tuple[FileToAdd, ...]
    component_folders: tuple[Placed[str], ...]
    file: str
    span: Span

    def instance(self, name: str) -> Instance | None:
        return next((item for item in self.instances if item.name == name), None)
