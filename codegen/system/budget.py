# SPDX-License-Identifier: MIT
"""What a system costs in memory, held against what the board has."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.board.model import PAGE
from codegen.diagnostics import Note, Reporter
from codegen.system.slots import sessions_of, slot_bits
from codegen.system.system import Member, System
from codegen.yaml.fields import show_size

# What the kernel, init and their tables take, with room: an image that is larger counts with its own size.
BASE_RESERVE = 8 << 20
# TCB, scheduling context, notification, endpoint, startup page, root table and the tables init maps with.
OBJECTS = 16 * PAGE
SLOT_SIZE = 32
STACK_MAPPED = 16 << 10
MEMORY_INTERFACE = "Memory"


@dataclass(frozen=True)
class Share:
    """What one member takes from the start, in bytes. `image` is 0 while its program is not known."""

    name: str
    ram: int
    stack: int
    windows: int
    objects: int
    image: int

    @property
    def total(self) -> int:
        return self.ram + self.stack + self.windows + self.objects + self.image

    @property
    def own(self) -> int:
        """What counts as the member's own: everything but the kernel's objects and the shared windows."""
        return self.ram + self.stack + self.image


def share_of(member: Member, sessions: int, image: int = 0) -> Share:
    """The share of a member with so many clients."""
    slots = 1 << slot_bits(member, sessions)
    return Share(
        name=member.name,
        ram=member.instance.ram.value,
        stack=stack_mapped(member),
        windows=sum(window_of(link.interface.window_size) for link in member.connected()),
        objects=OBJECTS + slots * SLOT_SIZE,
        image=image,
    )


def stack_mapped(member: Member) -> int:
    """Bytes of stack that are there from the start; the rest comes as it is used."""
    return min(STACK_MAPPED, member.stack // PAGE * PAGE)


def window_of(size: int) -> int:
    return -(-size // PAGE) * PAGE


def check_budgets(system: System, reporter: Reporter) -> None:
    """Reports members whose figures do not fit each other, and a system that does not fit the board."""
    for member in system.members:
        _check_member(member, reporter)
    sessions = sessions_of(system)
    shares = [share_of(member, sessions[member.name]) for member in system.members]
    total = BASE_RESERVE + sum(share.total for share in shares)
    if total <= system.board.ram:
        return
    largest = sorted(shares, key=lambda share: (-share.total, share.name))[:5]
    by_name = system.by_name()
    notes = [
        Note(f"'{share.name}' takes {show_amount(share.total)}", by_name[share.name].instance.ram.span)
        for share in largest
    ]
    board = system.board
    reporter.error(
        "SYS0032",
        f"the instances take {show_amount(total)}, but {board.name} has {show_size(board.ram)} of RAM",
        system.composition.span,
        notes=[*notes, Note("the board's memory is described here", board.memory[0].span)],
        help="lower 'ram' of the largest",
    )


def _check_member(member: Member, reporter: Reporter) -> None:
    ram = member.instance.ram
    borrows = any(link.port.interface == MEMORY_INTERFACE for link in member.connected())
    if member.stack + member.heap > ram.value and not borrows:
        reporter.error(
            "SYS0034",
            f"'ram' of '{member.name}' is {show_size(ram.value)}, less than its stack ({show_size(member.stack)}) "
            f"and heap ({show_size(member.heap)})",
            ram.span,
            notes=[Note(f"the component '{member.component.name}' is described here", member.component.span)],
            help="raise 'ram', lower 'stack' or 'heap', or connect a port of the Memory interface",
        )


def show_amount(size: int) -> str:
    """As `show_size`, with one decimal when it is no round figure."""
    for unit, scale in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= scale:
            return f"{size / scale:.1f}".removesuffix(".0") + unit
    return f"{size}B"
