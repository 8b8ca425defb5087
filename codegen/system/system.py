# SPDX-License-Identifier: MIT
"""The system: a composition with every name looked up. What the checks read and the plan is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codegen.board.model import Board, Device
from codegen.diagnostics import Span
from codegen.idl.facts import InterfaceFacts
from codegen.system.component import Component, DeviceNeed, Parameter, ProvidedPort, UsedPort
from codegen.system.composition import Composition, Instance
from codegen.system.values import ParameterValue

INIT = "init"
DEFAULT_RESTARTS = 3


@dataclass(frozen=True)
class Link:
    """A used port that is connected. `server` is the name of an instance, or `INIT`."""

    client: str
    port: UsedPort
    server: str
    server_port: ProvidedPort
    interface: InterfaceFacts
    quota: int
    span: Span


@dataclass(frozen=True)
class GivenDevice:
    """A device of the board for one that the component needs."""

    need: DeviceNeed
    device: Device
    span: Span


@dataclass(frozen=True)
class GivenParameter:
    parameter: Parameter
    value: ParameterValue


@dataclass(frozen=True)
class Member:
    """An instance with its component. `links` has one entry for each port the component uses, None if that is not
    connected; `devices` and `parameters` are in the component's order."""

    instance: Instance
    component: Component
    links: tuple[Link | None, ...]
    devices: tuple[GivenDevice, ...]
    parameters: tuple[GivenParameter, ...]
    grants: frozenset[str]

    @property
    def name(self) -> str:
        return self.instance.name

    @property
    def stack(self) -> int:
        return self.instance.stack.value if self.instance.stack else self.component.stack

    @property
    def heap(self) -> int:
        return self.instance.heap.value if self.instance.heap else self.component.heap

    @property
    def hands_out_memory(self) -> bool:
        return "memory" in self.grants

    @property
    def restarts(self) -> int:
        """How often it is started again when it fails: never, if others live in memory that it has handed out."""
        if self.hands_out_memory:
            return 0
        return self.instance.restart.value if self.instance.restart else DEFAULT_RESTARTS

    def connected(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link is not None)


@dataclass(frozen=True)
class System:
    """Members are in the order of the file until `order` of codegen.system.order puts them in that of their start."""

    composition: Composition
    board: Board
    init: Component
    members: tuple[Member, ...]

    def member(self, name: str) -> Member | None:
        return next((item for item in self.members if item.name == name), None)

    def by_name(self) -> Mapping[str, Member]:
        return {member.name: member for member in self.members}
