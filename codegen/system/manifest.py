# SPDX-License-Identifier: MIT
"""The compiled composition: components/init/manifest_format.hpp, filled in."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from codegen.diagnostics import Note, Reporter
from codegen.system.formats import COMPONENT, DEVICE, GRANT, HEADER, MANIFEST_MAGIC, MANIFEST_TABLE, PORT, WINDOW
from codegen.system.layout import Texts, align
from codegen.system.plan_model import ComponentPlan, DevicePlan, Plan, SessionPlan
from codegen.system.plan_model import Window as WindowSide
from codegen.system.startup import MAX_SIZE, component_page, init_page
from codegen.system.system import INIT

VERSION = 1
NO_IRQ = 0xFFFF_FFFF
GRANT_FLAGS = {"initfs": 1 << 0, "irq-control": 1 << 1, "debug-console": 1 << 2, "power-off": 1 << 4, "alarm": 1 << 5, "cores": 1 << 7}
FLAG_WAIT_READY = 1 << 3
RESTARTS_SHIFT = 24
KIND_ENDPOINT, KIND_NOTIFICATION, KIND_INIT = range(3)
REST_OF_MEMORY = 0


def manifest(plan: Plan, reporter: Reporter) -> bytes | None:
    """The file `manifest` of the initfs, or None after a report if a startup page is too large."""
    pages = [component_page(plan, component) for component in plan.components]
    of_init = init_page(plan)
    for component, page in zip(plan.components, pages):
        if len(page) > MAX_SIZE:
            _report_large(component, len(page), reporter)
    if len(of_init) > MAX_SIZE or reporter.has_errors:
        return None
    return _Writer(plan, pages, of_init).write()


def _report_large(component: ComponentPlan, size: int, reporter: Reporter) -> None:
    reporter.error(
        "SYS0040",
        f"the startup page of '{component.name}' takes {size} bytes, at most {MAX_SIZE} are possible",
        component.member.instance.span,
        notes=[Note("it holds ports, sessions, devices, parameters and arguments with their texts")],
        help="shorten its arguments and parameters, or put them in a file of the initfs",
    )


class _Writer:
    def __init__(self, plan: Plan, pages: list[bytes], of_init: bytes) -> None:
        self._plan = plan
        self._pages = pages
        self._init_page = of_init
        self._numbers = {component.name: component.index for component in plan.components}
        self._rows: dict[str, list[bytes]] = {"windows": [], "ports": [], "devices": [], "grants": []}

    def write(self) -> bytes:
        """Header, tables, startup pages, texts; offsets are known once all rows are."""
        ranges = [self._rows_of(component) for component in self._plan.components]
        sides = (session.window for session in self._plan.init_sessions)
        init_windows = self._add("windows", (_window(side) for side in sides if side is not None))
        body = bytearray(HEADER.size)
        components_at = align(body, 8)
        body += bytes(COMPONENT.size * len(ranges))
        tables = {"components": MANIFEST_TABLE.pack(offset=components_at, count=len(ranges))}
        for name, rows in self._rows.items():
            tables[name] = MANIFEST_TABLE.pack(offset=align(body, 8), count=len(rows))
            body += b"".join(rows)
        page_offsets = [self._append(body, page) for page in self._pages]
        init_offset = self._append(body, self._init_page)
        texts = Texts(align(body, 8))
        for index, (component, tables_of_it) in enumerate(zip(self._plan.components, ranges)):
            row = self._component(component, texts, page_offsets[index], tables_of_it)
            at = components_at + index * COMPONENT.size
            body[at : at + COMPONENT.size] = row
        board = texts.add(self._plan.system.board.name)
        header: dict[str, int | bytes] = {
            "magic": MANIFEST_MAGIC,
            "version": VERSION,
            "size": len(body) + len(texts.data()),
            "board": board,
            "init_startup_offset": init_offset,
            "init_startup_size": len(self._init_page),
            "init_windows": init_windows,
            **tables,
        }
        rest = bytes(body[HEADER.size :]) + texts.data()
        checksum = zlib.crc32(HEADER.pack(**header) + rest)
        return HEADER.pack(crc32=checksum, **header) + rest

    def _rows_of(self, component: ComponentPlan) -> dict[str, bytes]:
        """Adds the rows of a component; where they are in each table."""
        return {
            "windows": self._add("windows", (_window(side) for side in component.windows())),
            "ports": self._add("ports", self._ports(component)),
            "devices": self._add("devices", (_device(device) for device in component.devices)),
            "grants": self._add(
                "grants", (GRANT.pack(slot=slot, size_bits=REST_OF_MEMORY) for slot in component.grant_slots)
            ),
        }

    def _add(self, table: str, rows: Iterable[bytes]) -> bytes:
        first = len(self._rows[table])
        self._rows[table] += rows
        return MANIFEST_TABLE.pack(offset=first, count=len(self._rows[table]) - first)

    def _ports(self, component: ComponentPlan) -> Iterable[bytes]:
        for used in component.used:
            if used is not None and used.link.server == INIT:
                yield PORT.pack(slot=used.slot, kind=KIND_INIT, badge=used.badge)
            elif used is not None:
                target = self._numbers[used.link.server]
                yield PORT.pack(slot=used.slot, kind=KIND_ENDPOINT, target=target, badge=used.badge)
        for session in component.sessions:
            if session.event_slot:
                yield self._event_port(session)

    def _event_port(self, session: SessionPlan) -> bytes:
        return PORT.pack(
            slot=session.event_slot,
            kind=KIND_NOTIFICATION,
            target=self._numbers[session.client],
            badge=session.event_badge,
        )

    def _component(
        self, component: ComponentPlan, texts: Texts, page_offset: int, tables: dict[str, bytes]
    ) -> bytes:
        member = component.member
        flags = sum(GRANT_FLAGS.get(grant, 0) for grant in member.grants)
        flags |= member.restarts << RESTARTS_SHIFT
        return COMPONENT.pack(
            name=texts.add(component.name),
            binary=texts.add(f"bin/{member.component.name}"),
            priority=member.instance.priority.value,
            core=member.instance.core.value,
            slot_bits=component.slot_bits,
            untyped_bits=component.untyped_bits,
            flags=flags | (FLAG_WAIT_READY if member.component.announces_ready.value else 0),
            stack_mapped=component.share.stack,
            startup_offset=page_offset,
            startup_size=len(self._pages[component.index]),
            **tables,
        )

    @staticmethod
    def _append(body: bytearray, page: bytes) -> int:
        offset = align(body, 8)
        body += page
        return offset


def _window(side: WindowSide) -> bytes:
    return WINDOW.pack(id=side.id, address=side.address, size=side.size)


def _device(device: DevicePlan) -> bytes:
    base, end = device.pages or (0, 0)
    return DEVICE.pack(
        physical_address=base,
        size=end - base,
        address=device.mapped,
        irq=NO_IRQ if device.irq is None else device.irq,
        irq_slot=device.irq_slot,
        irq_badge=device.irq_badge,
        trigger=1 if device.edge else 0,
    )


