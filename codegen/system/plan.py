# SPDX-License-Identifier: MIT
"""A checked system to its plan: numbers are given in a fixed order, so that the same input has the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codegen.board.model import PAGE
from codegen.diagnostics import Reporter
from codegen.system.budget import Share, share_of, show_amount, window_of
from codegen.system.order import start_order
from codegen.system.plan_model import (
    DEVICE_ADDRESS,
    EVENT_BITS,
    INTERFACE_SHIFT,
    MAX_COMPONENTS,
    MAX_DEVICE,
    MAX_LINKS,
    MAX_WINDOW,
    MAX_SESSIONS,
    SCRATCH_ADDRESS,
    SLOT_FIRST_COMPOSED,
    WINDOW_ADDRESS,
    ComponentPlan,
    DevicePlan,
    Plan,
    SessionPlan,
    UsedPlan,
    Window,
)
from codegen.system.slots import MEMORY_GRANT_SLOTS, sessions_of, slot_bits
from codegen.system.system import INIT, GivenDevice, Link, Member, System


@dataclass
class _Space:
    """What of a component is given out so far."""

    next_slot: int = SLOT_FIRST_COMPOSED
    next_window: int = WINDOW_ADDRESS
    next_device: int = DEVICE_ADDRESS
    next_bit: int = 0
    events: dict[int, int] = field(default_factory=dict)

    def slot(self) -> int:
        self.next_slot += 1
        return self.next_slot - 1

    def event_bit(self) -> int:
        self.next_bit += 1
        return self.next_bit - 1

    def window(self, id: int, size: int) -> Window:
        """A place for a window, with a page behind it that stays unmapped."""
        address = self.next_window
        self.next_window += size + PAGE
        return Window(id, address, size)

    def device(self, size: int) -> int:
        address = self.next_device
        self.next_device += size + PAGE
        return address


def make_plan(system: System, images: Mapping[str, int], reporter: Reporter) -> Plan | None:
    """The plan, or None after a report if some number does not fit.

    `images` says how many bytes the program of each member takes, 0 while they are not known.
    Precondition: the checks of the system have found nothing.
    """
    order = start_order(system)
    sessions = sessions_of(system)
    shares = {member.name: share_of(member, sessions[member.name], images.get(member.name, 0)) for member in order}
    planner = _Planner(order, shares)
    components = tuple(planner.component(index, member) for index, member in enumerate(order))
    plan = Plan(system, components, system.init, planner.init_sessions())
    return plan if _check(plan, planner.spaces, reporter) else None


class _Planner:
    def __init__(self, order: tuple[Member, ...], shares: Mapping[str, Share]) -> None:
        self._order = order
        self._shares = shares
        self.spaces = {name: _Space() for name in (INIT, *(member.name for member in order))}
        links = [link for member in order for link in member.connected()]
        # Links are told apart by identity: two ports of one client may lead to the same place.
        self._window_ids = {id(link): number for number, link in enumerate(links)}
        self._clients: dict[str, list[Link]] = {name: [] for name in self.spaces}
        for link in links:
            self._clients[link.server].append(link)
        self._event_bits = self._give_event_bits()
        self._init_rows = self._rows_of_init()

    def _give_event_bits(self) -> dict[int, int]:
        """Interrupts of a component come first, then its ports with events, both in the component's order."""
        bits: dict[int, int] = {}
        for member in self._order:
            space = self.spaces[member.name]
            interrupts = [given for given in member.devices if given.device.irq is not None]
            ports = [link for link in member.connected() if link.interface.has_events and link.server != INIT]
            for thing in (*interrupts, *ports):
                bits[id(thing)] = space.event_bit()
        return bits

    def _rows_of_init(self) -> tuple[Link | None, ...]:
        first: dict[str, Link] = {}
        more: list[Link] = []
        for link in self._clients[INIT]:
            if link.client in first:
                more.append(link)
            else:
                first[link.client] = link
        return (*(first.get(member.name) for member in self._order), *more)

    def _session_number(self, link: Link) -> int:
        rows = self._init_rows if link.server == INIT else self._clients[link.server]
        return next(number for number, row in enumerate(rows) if row is link)

    def component(self, index: int, member: Member) -> ComponentPlan:
        space = self.spaces[member.name]
        used = tuple(None if link is None else self._used(member, space, link) for link in member.links)
        sessions = tuple(self._session(space, member, link) for link in self._clients[member.name])
        devices = tuple(self._device(space, given) for given in member.devices)
        grants = MEMORY_GRANT_SLOTS if member.hands_out_memory else 0
        grant_slots = tuple(space.slot() for _ in range(grants))
        return ComponentPlan(
            index=index,
            member=member,
            share=self._shares[member.name],
            slot_bits=slot_bits(member, len(self._clients[member.name])),
            first_free_slot=space.next_slot,
            used=used,
            sessions=sessions,
            devices=devices,
            grant_slots=grant_slots,
        )

    def _used(self, member: Member, space: _Space, link: Link) -> UsedPlan:
        interface_index = self._interface_index(link)
        return UsedPlan(
            link=link,
            slot=space.slot(),
            badge=self._session_number(link) | interface_index << INTERFACE_SHIFT,
            window=self._window(space, link),
            event_bit=self._event_bits.get(id(link)),
        )

    def _session(self, space: _Space, member: Member, link: Link) -> SessionPlan:
        bit = self._event_bits.get(id(link))
        return SessionPlan(
            client=link.client,
            link=link,
            window=self._window(space, link),
            interface_index=member.component.provides.index(link.server_port),
            event_slot=0 if bit is None else space.slot(),
            event_badge=0 if bit is None else 1 << bit,
            quota=link.quota,
            own=self._shares[link.client].own,
        )

    def init_sessions(self) -> tuple[SessionPlan, ...]:
        space = self.spaces[INIT]
        sessions = []
        for number, link in enumerate(self._init_rows):
            client = link.client if link is not None else self._order[number].name
            sessions.append(
                SessionPlan(
                    client=client,
                    link=link,
                    window=self._window(space, link) if link is not None else None,
                    interface_index=self._interface_index(link) if link is not None else 0,
                    event_slot=0,
                    event_badge=0,
                    quota=0,
                    own=self._shares[client].own,
                )
            )
        return tuple(sessions)

    def _interface_index(self, link: Link) -> int:
        server = next((member for member in self._order if member.name == link.server), None)
        return server.component.provides.index(link.server_port) if server is not None else 0

    def _window(self, space: _Space, link: Link) -> Window | None:
        size = window_of(link.interface.window_size)
        return space.window(self._window_ids[id(link)], size) if size else None

    def _device(self, space: _Space, given: GivenDevice) -> DevicePlan:
        device = given.device
        pages = device.registers.pages() if device.registers else None
        mapped = space.device(pages[1] - pages[0]) if pages else 0
        bit = self._event_bits.get(id(given))
        return DevicePlan(
            name=given.need.name,
            compatible=device.compatible,
            pages=pages,
            mapped=mapped,
            registers=mapped + device.registers.base - pages[0] if device.registers and pages else 0,
            size=device.registers.size if device.registers else 0,
            physical=device.registers.base if device.registers else 0,
            irq=device.irq,
            irq_slot=0 if bit is None else space.slot(),
            irq_badge=0 if bit is None else 1 << bit,
            edge=device.edge,
            clock=device.clock,
        )


def _check(plan: Plan, spaces: Mapping[str, _Space], reporter: Reporter) -> bool:
    """Reports every number that became too large."""
    before = len(reporter.diagnostics)
    _check_counts(plan, reporter)
    for component in plan.components:
        member, space = component.member, spaces[component.name]
        limits = (
            (space.next_bit, EVENT_BITS, "interrupts and ports with events"),
            (len(component.sessions), MAX_SESSIONS, "clients"),
            ((space.next_window - WINDOW_ADDRESS) >> 20, (DEVICE_ADDRESS - WINDOW_ADDRESS) >> 20, "MiB of windows"),
            ((space.next_device - DEVICE_ADDRESS) >> 20, (SCRATCH_ADDRESS - DEVICE_ADDRESS) >> 20, "MiB of devices"),
        )
        for value, limit, what in limits:
            if value > limit:
                reporter.error(
                    "SYS0040",
                    f"'{member.name}' has {value} {what}, at most {limit} are possible",
                    member.instance.span,
                    help="split the component, or use two instances of it",
                )
        _check_sizes(component, reporter)
    return len(reporter.diagnostics) == before


def _check_sizes(component: ComponentPlan, reporter: Reporter) -> None:
    """Init maps nothing larger than this as one piece."""
    windows = [(f"window {window.id}", window.size, MAX_WINDOW) for window in component.windows()]
    devices = [
        (f"device '{device.name}'", device.pages[1] - device.pages[0], MAX_DEVICE)
        for device in component.devices
        if device.pages is not None
    ]
    for what, size, limit in (*windows, *devices):
        if size > limit:
            reporter.error(
                "SYS0040",
                f"{what} of '{component.name}' takes {show_amount(size)}, at most {show_amount(limit)} are possible",
                component.member.instance.span,
                help="use a smaller @window in the interface, or describe a part of the device in the board's file",
            )


def _check_counts(plan: Plan, reporter: Reporter) -> None:
    """Init's tables have these sizes."""
    windows = sum(len(component.used) for component in plan.components)
    for value, limit, what in ((len(plan.components), MAX_COMPONENTS, "instances"), (windows, MAX_LINKS, "routes")):
        if value > limit:
            reporter.error(
                "SYS0040",
                f"the system has {value} {what}, at most {limit} are possible",
                plan.system.composition.span,
                help="leave some out",
            )
