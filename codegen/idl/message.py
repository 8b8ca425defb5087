# SPDX-License-Identifier: MIT
"""The wire format of services: each method's messages, the events' ring, and the window a session needs.

Words 0 to 6 (and 7, when the message carries no capability) are filled in the order of declaration; what does not fit
goes to the window. The window holds, from its start, what the words do not: a request's data, and over it, when the
server has copied that, the answer's; then leases; and the ring of events at its end.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from codegen.idl import model
from codegen.idl.layout import (LENGTH_SIZE, MESSAGE_WORDS, WORD_SIZE, Leaf, align_of, is_fixed, leaves, round_up,
                                size_of)

PAGE_SIZE = 4096
EVENT_CAPACITY = 64
EVENT_RING_HEADER = 128
EVENT_RECORD_HEADER = 8
RING_ALIGNMENT = 64


class Place(enum.Enum):
    WORDS = "words"
    WINDOW = "window"
    LENGTH_AND_WINDOW = "length in words, data in window"
    CAPABILITY = "capability"


@dataclass(frozen=True)
class Placement:
    """Where a field is. `offset`: its bytes, or its u32 length, among the words. `window_offset`: its data."""

    field: model.Field
    place: Place
    offset: int = 0
    window_offset: int = 0
    window_size: int = 0


@dataclass(frozen=True)
class MessageLayout:
    placements: tuple[Placement, ...]
    words: int
    has_capability: bool

    @property
    def leaves(self) -> list[Leaf]:
        """Every leaf among the words, lengths included."""
        found: list[Leaf] = []
        for item in self.placements:
            if item.place is Place.WORDS:
                found += leaves(item.field.type, item.offset)
            elif item.place is Place.LENGTH_AND_WINDOW:
                found.append(Leaf(model.SCALARS["u32"], item.offset))
        return found


@dataclass(frozen=True)
class MethodLayout:
    """`window_size` bytes of the window are used by the request, the answer and the leases."""

    request: MessageLayout
    reply: MessageLayout
    window_size: int


def method_layout(method: model.Method) -> MethodLayout:
    ends = [_place(fields, 0).data_end for fields in (method.parameters, method.results)]
    leases_at = round_up(max(ends), WORD_SIZE)
    request = _place(method.parameters, leases_at)
    reply = _place(method.results, leases_at)
    return MethodLayout(request.layout, reply.layout, max(*ends, request.lease_end))


@dataclass(frozen=True)
class _Placed:
    """`data_end`: where the window's data ends; `lease_end`: where leases do, 0 when there is none."""

    layout: MessageLayout
    data_end: int
    lease_end: int


def _place(fields: Iterable[model.Field], leases_at: int) -> _Placed:
    fields = tuple(fields)
    has_capability = any(isinstance(field.type, model.Capability) for field in fields)
    capacity = (MESSAGE_WORDS - int(has_capability)) * WORD_SIZE
    placements: list[Placement] = []
    words_end, data_end, lease_end = 0, 0, 0
    for field in fields:
        if isinstance(field.type, model.Capability):
            placements.append(Placement(field, Place.CAPABILITY))
            continue
        fixed = is_fixed(field.type)
        size = size_of(field.type) if fixed else LENGTH_SIZE
        offset = round_up(words_end, align_of(field.type) if fixed else LENGTH_SIZE)
        if fixed and offset + size > capacity:
            placements.append(Placement(field, Place.WINDOW, 0, round_up(data_end, WORD_SIZE), size))
            data_end = round_up(data_end, WORD_SIZE) + size
            continue
        words_end = offset + size
        if fixed:
            placements.append(Placement(field, Place.WORDS, offset))
            continue
        data = data_size(field.type)
        is_lease = isinstance(field.type, model.Lease)
        window_at = round_up(max(lease_end, leases_at) if is_lease else data_end, WORD_SIZE)
        placements.append(Placement(field, Place.LENGTH_AND_WINDOW, offset, window_at, data))
        if is_lease:
            lease_end = window_at + data
        else:
            data_end = window_at + data
    words = round_up(words_end, WORD_SIZE) // WORD_SIZE
    return _Placed(MessageLayout(tuple(placements), words, has_capability), data_end, lease_end)


def data_size(type: model.Type) -> int:
    """The most bytes of a value of variable size."""
    if isinstance(type, model.Vector):
        return type.bound * size_of(type.element)
    assert isinstance(type, (model.String, model.Bytes, model.Lease)), type
    return type.bound


@dataclass(frozen=True)
class EventLayout:
    """`offsets` are those of the parameters behind the record's header, which is a word with the ordinal."""

    method: model.Method
    offsets: tuple[int, ...]


@dataclass(frozen=True)
class RingLayout:
    """`offset` is where the ring begins in the window; `record_words` includes the header."""

    events: tuple[EventLayout, ...]
    record_words: int
    offset: int


@dataclass(frozen=True)
class InterfaceLayout:
    """`window_size` is a multiple of the page size: what a session of this interface alone needs."""

    methods: tuple[MethodLayout, ...]
    ring: RingLayout | None
    window_size: int


def interface_layout(interface: model.Interface) -> InterfaceLayout:
    methods = tuple(method_layout(method) for method in interface.methods)
    messages = max((layout.window_size for layout in methods), default=0)
    if not interface.events:
        return InterfaceLayout(methods, None, max(round_up(messages, PAGE_SIZE), interface.minimum_window))
    events = tuple(_event_layout(event) for event in interface.events)
    record_words = 1 + max(round_up(_event_size(event), WORD_SIZE) // WORD_SIZE for event in events)
    ring_size = round_up(EVENT_RING_HEADER + EVENT_CAPACITY * record_words * WORD_SIZE, RING_ALIGNMENT)
    window_size = max(round_up(round_up(messages, RING_ALIGNMENT) + ring_size, PAGE_SIZE), interface.minimum_window)
    return InterfaceLayout(methods, RingLayout(events, record_words, window_size - ring_size), window_size)


def _event_layout(event: model.Method) -> EventLayout:
    offsets: list[int] = []
    end = EVENT_RECORD_HEADER
    for field in event.parameters:
        offset = round_up(end, align_of(field.type))
        offsets.append(offset)
        end = offset + size_of(field.type)
    return EventLayout(event, tuple(offsets))


def _event_size(event: EventLayout) -> int:
    """Bytes of the parameters, behind the header."""
    ends = (offset + size_of(field.type) for field, offset in zip(event.method.parameters, event.offsets, strict=True))
    return max(ends, default=EVENT_RECORD_HEADER) - EVENT_RECORD_HEADER
