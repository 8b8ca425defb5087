# SPDX-License-Identifier: MIT
"""A `Board` as the kernel's header and the tools' JSON print it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from codegen.board.model import CONSOLE_DEVICES, CORE_STARTS, POWER_DEVICES, Board, CoreStart, Device, Range

INTERRUPT_DEVICES = {"gicv2": "GicV2", "bcm2836": "Bcm2836", "plic": "Plic"}


@dataclass(frozen=True)
class RangeView:
    name: str
    base: str
    size: str


@dataclass(frozen=True)
class ConsoleView:
    device: str
    base: str
    clock: str


@dataclass(frozen=True)
class InterruptsView:
    device: str
    first: str
    second: str

    @property
    def separator(self) -> str:
        """What clang-format would put between the two."""
        return " " if self.second == "0" else "\n" + " " * 53


@dataclass(frozen=True)
class PowerView:
    device: str
    base: str


@dataclass(frozen=True)
class CoreStartView:
    method: str
    table: str


@dataclass(frozen=True)
class FactsView:
    """Every field is a text that the template prints as it is."""

    doc: str
    source: str
    name: str
    cores: int
    device_tree: str
    memory: tuple[RangeView, ...]
    reserved: tuple[RangeView, ...]
    devices: tuple[RangeView, ...]
    interrupt_lines: int
    console: ConsoleView
    interrupts: InterruptsView
    timer_irq: int
    alarm_irq: int
    timer_frequency: str
    core_start: CoreStartView
    power: PowerView


def facts_view(board: Board) -> FactsView:
    kernel = board.kernel
    registers = [device.registers for device in board.devices if device.registers and not device.kernel_only]
    console = kernel.console.registers
    first, second = kernel.interrupt_registers
    return FactsView(
        doc=board.doc or board.name,
        source=f"boards/{board.name}.yaml",
        name=board.name,
        cores=board.cores,
        device_tree="true" if kernel.device_tree else "false",
        memory=tuple(_range_view(item) for item in board.memory),
        reserved=tuple(_range_view(item) for item in board.reserved),
        devices=tuple(_range_view(item) for item in sorted(registers, key=lambda item: item.base)),
        interrupt_lines=kernel.interrupt_lines,
        console=ConsoleView(
            CONSOLE_DEVICES[kernel.console.compatible],
            _hex(console.base if console else 0),
            _decimal(kernel.console.clock),
        ),
        interrupts=InterruptsView(INTERRUPT_DEVICES[kernel.interrupt_kind], _hex(first), _hex(second)),
        timer_irq=kernel.timer_irq,
        alarm_irq=kernel.alarm_irq,
        timer_frequency=_decimal(kernel.timer_frequency),
        core_start=_core_start_view(kernel.core_start),
        power=_power_view(kernel.power_device),
    )


def board_json(board: Board) -> str:
    """What tools want to know: how to start the machine, what it has."""
    return (
        json.dumps(
            {
                "name": board.name,
                "doc": board.doc,
                "arch": board.arch,
                "cores": board.cores,
                "ram": board.ram,
                "image": board.image,
                "qemu": {"program": board.qemu[0], "arguments": list(board.qemu[1:])} if board.qemu else None,
                "device_tree": board.kernel.device_tree,
                "devices": {
                    device.name: {
                        "compatible": device.compatible,
                        "base": device.registers.base if device.registers else None,
                        "size": device.registers.size if device.registers else None,
                        "irq": device.irq,
                    }
                    for device in board.devices
                },
            },
            indent=2,
        )
        + "\n"
    )


def _core_start_view(start: CoreStart | None) -> CoreStartView:
    if start is None:
        return CoreStartView("None", "0")
    return CoreStartView(CORE_STARTS[start.kind], _hex(start.table.value if start.table else 0))


def _power_view(device: Device | None) -> PowerView:
    if device is None or device.registers is None:
        return PowerView("Psci", "0")
    return PowerView(POWER_DEVICES[device.compatible], _hex(device.registers.base))


def _range_view(item: Range) -> RangeView:
    return RangeView(item.name, _hex(item.base), _hex(item.size))


def _hex(value: int) -> str:
    """A C++ literal with a separator every four digits."""
    digits = f"{value:x}"
    if len(digits) <= 4:
        return f"0x{digits}" if value else "0"
    head = len(digits) % 4 or 4
    groups = [digits[:head].zfill(4), *(digits[i : i + 4] for i in range(head, len(digits), 4))]
    return "0x" + "'".join(groups)


def _decimal(value: int) -> str:
    return f"{value:,}".replace(",", "'")
