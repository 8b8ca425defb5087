# SPDX-License-Identifier: MIT
"""Whether what a board file says in several places can be true at once: addresses, and interrupt lines."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.board.model import CoreStart, Device, Range
from codegen.diagnostics import Note, Reporter
from codegen.yaml.fields import Fields, Placed, show_size

# The lines that a controller has for each core of its own, the first and that behind the last. A PLIC has none: the two
# behind its own stand for the timer of each hart.
OWN_LINES = {"gicv2": (16, 32), "bcm2836": (64, 68)}
PLIC = "plic"
TABLE_WORD = 8


def check_lines(
    kind: str, highest: int, timer: Placed[int] | None, alarm: Placed[int] | None, fields: Fields
) -> None:
    """Reports lines that cannot be the kernel's timer and its alarm. `kind` is the controller, empty if not known."""
    if timer is not None and alarm is not None and timer.value == alarm.value:
        fields.range_error(alarm.span, f"'alarm-irq' is {alarm.value}, as 'timer-irq'", "each has a line of its own")
        return
    for key, line, place in (("timer-irq", timer, highest - 1), ("alarm-irq", alarm, highest)):
        if line is None:
            continue
        first, end = (place, place + 1) if kind == PLIC else OWN_LINES.get(kind, (0, highest + 1))
        if first <= line.value < end:
            continue
        behind = "the last two of 'interrupt-lines' stand for the timer of each hart"
        help = f"{behind}: write {place}" if kind == PLIC else f"each core has the lines {first} to {end - 1} of its own"
        fields.range_error(line.span, f"'{key}' is {line.value}", help)


def check_device_lines(kind: str, highest: int, devices: Sequence[Device], reporter: Reporter) -> None:
    """Reports devices whose line the interrupt controller does not have."""
    lowest, last = (1, highest - 2) if kind == PLIC else (0, highest)
    for device in devices:
        if device.irq is None or lowest <= device.irq <= last:
            continue
        help = f"'interrupt-lines' says that the last one is {last}"
        if device.irq < lowest:
            help = f"the controller's first one is {lowest}"
        elif kind == PLIC and device.irq <= highest:
            help = f"the last one of the controller is {last}, the two behind it stand for the timer of each hart"
        reporter.error(
            "SYS0008", f"'irq' is {device.irq}: out of range in device '{device.name}'", device.span, help=help
        )


def check_memory(
    memory: Sequence[Range], reserved: Sequence[Range], devices: Sequence[Device], end: int, reporter: Reporter
) -> None:
    """Reports addresses that two things have, what is reserved but not RAM, and RAM from `end` on."""
    registers = [device.registers for device in devices if device.registers is not None]
    _report_overlaps([*memory, *registers], reporter)
    _report_overlaps(reserved, reporter)
    for item in reserved:
        if not any(ram.base <= item.base and item.end <= ram.end for ram in memory):
            reporter.error(
                "SYS0044",
                f"'{item.name}' at {item.base:#x} is not in the memory",
                item.span,
                notes=[Note(f"'{ram.name}' is {ram.base:#x} to {ram.end:#x}", ram.span) for ram in memory],
                help="reserve a part of the memory, or leave it out",
            )
    for ram in memory:
        if ram.end > end:
            reporter.error(
                "SYS0008",
                f"'{ram.name}' ends at {ram.end:#x}: out of range in 'memory'",
                ram.span,
                help=f"the kernel reaches the first {show_size(end)} of addresses: leave out what is beyond",
            )


def check_table(start: CoreStart, cores: int, reserved: Sequence[Range], reporter: Reporter) -> None:
    """Reports a spin table that a component might be given: each core's word must be in reserved memory."""
    if start.table is None:
        return
    first, end = start.table.value, start.table.value + cores * TABLE_WORD
    if first % TABLE_WORD == 0 and any(item.base <= first and end <= item.end for item in reserved):
        return
    reporter.error(
        "SYS0008",
        f"'table' is {first:#x}: out of range in 'core-start'",
        start.table.span,
        help=f"it has a word of {TABLE_WORD} bytes for each core, all of them in one of 'reserved'",
    )


def _report_overlaps(ranges: Sequence[Range], reporter: Reporter) -> None:
    everything = sorted(ranges, key=lambda item: (item.base, item.end))
    for before, after in zip(everything, everything[1:]):
        if before.overlaps(after):
            reporter.error(
                "SYS0044",
                f"'{after.name}' at {after.base:#x} overlaps '{before.name}', which ends at {before.end:#x}",
                after.span,
                notes=[Note(f"'{before.name}' is here", before.span)],
                help="correct a base or a size",
            )
