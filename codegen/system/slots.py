# SPDX-License-Identifier: MIT
"""How many slots for capabilities an instance needs: what it is given, and what it makes of its own memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from codegen.board.model import PAGE
from codegen.diagnostics import Note, Reporter
from codegen.system.composition_reader import MAX_CAPS
from codegen.system.system import Member, System

FIRST_COMPOSED = 16
# The memory server gets the largest blocks that are left, one in each of so many slots.
MEMORY_GRANT_SLOTS = 12
# A page table maps 2 MiB. The areas of an address space begin apart, so each may take a few more.
TABLE_REACH = 2 << 20
TABLES_OF_AREAS = 16


@dataclass(frozen=True)
class SlotNeeds:
    """`given` are taken from the start, `pages` when stack and heap have grown to their limits, `own` is what the
    component wants for what it makes itself."""

    given: int
    pages: int
    own: int

    @property
    def total(self) -> int:
        return self.given + self.pages + self.own


def sessions_of(system: System) -> Mapping[str, int]:
    """How many routes lead to each member."""
    return Counter(link.server for member in system.members for link in member.connected())


def slot_needs(member: Member, sessions: int) -> SlotNeeds:
    """What a member with so many clients needs: at most, and the same for the same system."""
    grants = MEMORY_GRANT_SLOTS if member.hands_out_memory else 0
    given = FIRST_COMPOSED + len(member.connected()) + sessions + len(member.devices) + grants
    memory = member.stack + member.heap
    return SlotNeeds(given, -(-memory // PAGE) + memory // TABLE_REACH + TABLES_OF_AREAS, member.component.caps)


def slot_bits(member: Member, sessions: int) -> int:
    """log2 of the slots of its CNode: `caps` or, if the file does not say, what it needs; rounded up."""
    caps = member.instance.caps
    return ((caps.value if caps else slot_needs(member, sessions).total) - 1).bit_length()


def check_slots(system: System, reporter: Reporter) -> None:
    """Reports members whose CNode is too small for what they may come to hold."""
    sessions = sessions_of(system)
    for member in system.members:
        needs = slot_needs(member, sessions[member.name])
        caps = member.instance.caps
        available = caps.value if caps else MAX_CAPS
        if needs.total <= 1 << (available - 1).bit_length():
            continue
        enough = 1 << (needs.total - 1).bit_length()
        reporter.error(
            "SYS0033",
            f"'{member.name}' has {available} slots for capabilities and needs {needs.total}",
            caps.span if caps else member.instance.span,
            notes=[
                Note(
                    f"{needs.given} for what it is given, {needs.pages} for the pages of its stack and heap, "
                    f"{needs.own} for its own use"
                )
            ],
            help=f"write 'caps: {enough}' or leave 'caps' out" if enough <= MAX_CAPS else "lower 'heap' or 'stack'",
        )
