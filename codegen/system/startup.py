# SPDX-License-Identifier: MIT
"""The startup page of a component: libos/include/os/startup_info.hpp, filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codegen.system.formats import (
    DEVICE_INFO,
    PARAMETER,
    SESSION,
    STARTUP_INFO,
    STARTUP_MAGIC,
    TABLE,
    USED_PORT,
    WINDOW_INFO,
)
from codegen.system.layout import Texts, align
from codegen.system.plan_model import ComponentPlan, DevicePlan, Plan, SessionPlan, UsedPlan, Window
from codegen.system.system import INIT, GivenParameter
from codegen.system.values import ParameterValue

STARTUP_VERSION = 1
MAX_SIZE = 16 << 10
ALL_METHODS = 0xFFFF
KIND_NUMBER, KIND_TRUTH, KIND_TEXT, KIND_LIST = range(4)
INIT_PRIORITY = 255


@dataclass(frozen=True)
class _Facts:
    """The fields of the header that are neither tables nor sizes."""

    name: str
    first_free_slot: int
    end_of_slots: int
    untyped_bits: int
    stack_limit: int
    stack_mapped: int
    heap_limit: int
    priority: int
    core: int


def component_page(plan: Plan, component: ComponentPlan) -> bytes:
    """The page of one component."""
    member = component.member
    facts = _Facts(
        name=component.name,
        first_free_slot=component.first_free_slot,
        end_of_slots=1 << component.slot_bits,
        untyped_bits=component.untyped_bits,
        stack_limit=member.stack,
        stack_mapped=component.share.stack,
        heap_limit=member.heap,
        priority=member.instance.priority.value,
        core=member.instance.core.value,
    )
    page = _Page(facts, plan.system.board.name)
    declared = member.component
    page.table("used_ports", [page.used_port(port.name, used) for port, used in zip(declared.uses, component.used)])
    page.table("provided_ports", [page.text(port.name) for port in declared.provides])
    page.table("sessions", [page.session(session) for session in component.sessions])
    page.table("devices", [page.device(device) for device in component.devices])
    page.table("parameters", [page.parameter(given) for given in member.parameters])
    page.table("arguments", [page.text(argument.value) for argument in member.instance.arguments])
    return page.finish()


def init_page(plan: Plan) -> bytes:
    """The page of init, which has only sessions."""
    page = _Page(_Facts(INIT, 0, 0, 0, 0, 0, 0, INIT_PRIORITY, 0), plan.system.board.name)
    page.table("provided_ports", [page.text(port.name) for port in plan.init.provides])
    page.table("sessions", [page.session(session) for session in plan.init_sessions])
    return page.finish()


def _window_info(window: Window | None) -> bytes:
    return WINDOW_INFO.pack(address=window.address, size=window.size) if window else WINDOW_INFO.pack()


class _Page:
    """Rows refer to texts by their number; `finish` puts the texts behind the tables and the offsets into the rows."""

    def __init__(self, facts: _Facts, board: str) -> None:
        self._facts = facts
        self._board = board
        self._tables: dict[str, Sequence[_Row]] = {}

    def table(self, name: str, rows: Sequence[_Row]) -> None:
        self._tables[name] = rows

    def text(self, text: str) -> _Row:
        return _Text(text)

    def used_port(self, name: str, used: UsedPlan | None) -> _Row:
        if used is None:
            return _Struct(USED_PORT.pack(), USED_PORT.offset("name"), "")
        data = USED_PORT.pack(
            endpoint=used.slot,
            window=_window_info(used.window),
            event_badge=used.event_badge,
            interface_hash=used.link.interface.hash,
        )
        return _Struct(data, USED_PORT.offset("name"), name)

    def session(self, session: SessionPlan) -> _Row:
        data = SESSION.pack(
            window=_window_info(session.window),
            event_notification=session.event_slot,
            quota=session.quota,
            own=session.own,
            interface_index=session.interface_index,
            allowed_methods=ALL_METHODS,
        )
        return _Struct(data, SESSION.offset("client"), session.client)

    def device(self, device: DevicePlan) -> _Row:
        data = DEVICE_INFO.pack(
            address=device.registers,
            size=device.size,
            physical_address=device.physical,
            irq_handler=device.irq_slot,
            irq_badge=device.irq_badge,
            clock_hz=device.clock,
        )
        return _Struct(data, DEVICE_INFO.offset("name"), device.name, device.compatible)

    def parameter(self, given: GivenParameter) -> _Row:
        return _Parameter(given.parameter.name, given.value)

    def finish(self) -> bytes:
        """The page: header, tables, lists, texts."""
        body = bytearray(STARTUP_INFO.size)
        offsets = {name: self._reserve(body, rows) for name, rows in self._tables.items()}
        lists = {row: self._reserve_list(body, row) for rows in self._tables.values() for row in rows}
        texts = Texts(len(body))
        for name, rows in self._tables.items():
            at = offsets[name]
            for row in rows:
                data = row.data(texts, body, lists[row])
                body[at : at + len(data)] = data
                at += len(data)
        body[: STARTUP_INFO.size] = self._header(texts, offsets, 0)
        total = len(body) + len(texts.data())
        body[: STARTUP_INFO.size] = self._header(texts, offsets, total)
        return bytes(body) + texts.data()

    def _header(self, texts: Texts, offsets: dict[str, int], size: int) -> bytes:
        facts = self._facts
        tables = {
            name: TABLE.pack(offset=offset, count=len(self._tables[name])) for name, offset in offsets.items()
        }
        return STARTUP_INFO.pack(
            magic=STARTUP_MAGIC,
            version=STARTUP_VERSION,
            size=size,
            name=texts.add(facts.name),
            board=texts.add(self._board),
            first_free_slot=facts.first_free_slot,
            end_of_slots=facts.end_of_slots,
            untyped_bits=facts.untyped_bits,
            stack_limit=facts.stack_limit,
            stack_mapped=facts.stack_mapped,
            heap_limit=facts.heap_limit,
            initfs_size=0,
            priority=facts.priority,
            core=facts.core,
            **tables,
        )

    @staticmethod
    def _reserve(body: bytearray, rows: Sequence[_Row]) -> int:
        offset = align(body, 8)
        body += bytes(sum(row.size for row in rows))
        return offset

    @staticmethod
    def _reserve_list(body: bytearray, row: _Row) -> int:
        offset = align(body, 8)
        body += bytes(row.list_size)
        return offset


class _Row:
    """A row of a table. `size` is its bytes there, `list_size` the bytes of a list of offsets that belongs to it."""

    size = 0
    list_size = 0

    def data(self, texts: Texts, body: bytearray, list_offset: int) -> bytes:
        raise NotImplementedError


class _Text(_Row):
    size = 4

    def __init__(self, text: str) -> None:
        self._text = text

    def data(self, texts: Texts, body: bytearray, list_offset: int) -> bytes:
        return texts.add(self._text).to_bytes(4, "little")


class _Struct(_Row):
    """A packed struct with u32 text offsets, one after the other, from `text_at` on; no text is offset 0."""

    def __init__(self, packed: bytes, text_at: int, *names: str) -> None:
        self.size = len(packed)
        self._packed = packed
        self._text_at = text_at
        self._names = names

    def data(self, texts: Texts, body: bytearray, list_offset: int) -> bytes:
        data = bytearray(self._packed)
        for number, name in enumerate(self._names):
            at = self._text_at + 4 * number
            data[at : at + 4] = (texts.add(name) if name else 0).to_bytes(4, "little")
        return bytes(data)


class _Parameter(_Row):
    size = PARAMETER.size

    def __init__(self, name: str, value: ParameterValue) -> None:
        self._name = name
        self._value = value
        self.list_size = 8 * (len(value) + 1) if isinstance(value, tuple) else 0

    def data(self, texts: Texts, body: bytearray, list_offset: int) -> bytes:
        value = self._value
        if isinstance(value, bool):
            kind, number = KIND_TRUTH, int(value)
        elif isinstance(value, int):
            kind, number = KIND_NUMBER, value
        elif isinstance(value, str):
            kind, number = KIND_TEXT, texts.add(value)
        else:
            kind, number = KIND_LIST, list_offset
            offsets = b"".join(texts.add(item).to_bytes(8, "little") for item in value)
            body[list_offset : list_offset + len(offsets)] = offsets
        return PARAMETER.pack(name=texts.add(self._name), kind=kind, value=number)
