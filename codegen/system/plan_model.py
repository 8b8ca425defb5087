# SPDX-License-Identifier: MIT
"""The plan: every number of a system decided - slots, badges, addresses. Printed by manifest.py and startup.py."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.system.budget import Share
from codegen.system.component import Component
from codegen.system.system import Link, Member, System

# The layout of a component's slots and addresses, as libos/include/os/startup_info.hpp has it.
SLOT_SERVICE = 8
SLOT_FIRST_COMPOSED = 16
WINDOW_ADDRESS = 0x08_0000_0000
DEVICE_ADDRESS = 0x0C_0000_0000
SCRATCH_ADDRESS = 0x10_0000_0000

# Bits of a component's notification that the composer gives; those above are libos' own.
EVENT_BITS = 56
INTERFACE_SHIFT = 56
MAX_SESSIONS = 1 << 16
# What init has room for (components/init/manifest.hpp, wiring.hpp).
MAX_COMPONENTS = 64
MAX_LINKS = 512
MAX_WINDOW = 16 << 20
MAX_DEVICE = 2 << 20


@dataclass(frozen=True)
class Window:
    """One side of a shared window. The two sides have the same `id`."""

    id: int
    address: int
    size: int


@dataclass(frozen=True)
class UsedPlan:
    """A used port; None for each field that an unconnected port does not have."""

    link: Link
    slot: int
    badge: int
    window: Window | None
    event_bit: int | None

    @property
    def event_badge(self) -> int:
        return 0 if self.event_bit is None else 1 << self.event_bit


@dataclass(frozen=True)
class SessionPlan:
    """A client of a provided port. `event_slot` is 0 when the interface has no events."""

    client: str
    link: Link | None
    window: Window | None
    interface_index: int
    event_slot: int
    event_badge: int
    quota: int
    own: int


@dataclass(frozen=True)
class DevicePlan:
    """A device: pages to map, registers in them, an interrupt to install. `irq_slot` is 0 without one."""

    name: str
    compatible: str
    pages: tuple[int, int] | None
    mapped: int
    registers: int
    size: int
    physical: int
    irq: int | None
    irq_slot: int
    irq_badge: int
    edge: bool
    clock: int


@dataclass(frozen=True)
class ComponentPlan:
    """A component as it will be started. `used` has None for a port that is not connected."""

    index: int
    member: Member
    share: Share
    slot_bits: int
    first_free_slot: int
    used: tuple[UsedPlan | None, ...]
    sessions: tuple[SessionPlan, ...]
    devices: tuple[DevicePlan, ...]
    grant_slots: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def untyped_bits(self) -> int:
        return self.member.instance.ram.value.bit_length() - 1

    def windows(self) -> tuple[Window, ...]:
        """Its side of every window, of used ports first."""
        of_ports = (port.window for port in self.used if port is not None)
        of_sessions = (session.window for session in self.sessions)
        return tuple(window for window in (*of_ports, *of_sessions) if window is not None)


@dataclass(frozen=True)
class Plan:
    """Components in the order of their start. Session number n of init belongs to component n, for every n below the
    number of components, whether or not it has a port to init."""

    system: System
    components: tuple[ComponentPlan, ...]
    init: Component
    init_sessions: tuple[SessionPlan, ...]
