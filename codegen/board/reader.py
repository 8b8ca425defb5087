# SPDX-License-Identifier: MIT
"""A board file to a `Board`."""

from __future__ import annotations

import re
from pathlib import Path

from codegen.board.checks import check_device_lines, check_lines, check_memory, check_table
from codegen.board.model import (
    ANY_SUPPORT,
    ARCHITECTURES,
    INTERRUPT_REGISTERS,
    PAGE,
    PSCI,
    SPIN_TABLE,
    Board,
    CoreStart,
    Device,
    KernelFacts,
    Range,
    Support,
)
from codegen.diagnostics import Note, Reporter, Span, did_you_mean
from codegen.yaml.fields import Fields, Placed
from codegen.yaml.reader import read_file
from codegen.yaml.tree import Mapping

SCHEMA = 1
MAX_CORES = 8
MAX_IRQ = 1019
MAX_CLOCK = 1_000_000_000
MAX_ADDRESS = (1 << 44) - 1

BOARD_KEYS = ("schema", "name", "doc", "arch", "cores", "memory", "reserved", "kernel", "devices", "image", "qemu")
REQUIRED_KERNEL_KEYS = ("console", "interrupts", "interrupt-lines", "timer-irq", "alarm-irq", "power-off", "device-tree")
KERNEL_KEYS = (*REQUIRED_KERNEL_KEYS, "core-start", "timer-frequency")
IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# What else the composer puts into the folder of the image.
OTHER_OUTPUTS = ("initfs.cpio", "manifest.json", "map.txt")
DEVICE_KEYS = ("compatible", "base", "size", "irq", "trigger", "clock", "kernel-only")


def read_board(path: Path, reporter: Reporter, wanted_by: Span | None = None) -> Board | None:
    """The board that a file describes, or None after a report."""
    root = read_file(path, reporter, wanted_by)
    return None if root is None else _Reader(path, reporter).board(root)


def check_schema(fields: Fields, reporter: Reporter) -> None:
    """Every file states the version of its format; reports SYS0011 for one that is not known."""
    version = fields.number("schema")
    if version is not None and version.value != SCHEMA:
        reporter.error(
            "SYS0011",
            f"schema {version.value} is not known here",
            version.span,
            help=f"this version of the tools reads schema {SCHEMA}",
        )


class _Reader:
    """`_support` is what the kernel has for the board's architecture, once that is known."""

    def __init__(self, path: Path, reporter: Reporter) -> None:
        self._path = path
        self._reporter = reporter
        self._support: Support = ANY_SUPPORT

    def board(self, root: Mapping) -> Board | None:
        fields = Fields(root, "the board", BOARD_KEYS, self._reporter)
        fields.require("schema", "name", "arch", "cores", "memory", "kernel", "devices", "image")
        check_schema(fields, self._reporter)
        name = self._name(fields)
        doc = fields.text("doc")
        arch = fields.choice("arch", ARCHITECTURES)
        self._support = ARCHITECTURES[arch.value] if arch else ANY_SUPPORT
        cores = fields.number("cores", 1, MAX_CORES)
        memory = self._memory(fields.mapping("memory"))
        reserved = self._memory(fields.mapping("reserved"))
        devices = self._devices(fields.mapping("devices"))
        core_count = cores.value if cores else 1
        kernel = self._kernel(fields.mapping("kernel"), devices, reserved, core_count)
        image = self._image(fields)
        qemu = self._qemu(fields.mapping("qemu")) if fields.has("qemu") else ()
        check_memory(memory, reserved, devices, self._support.memory_end, self._reporter)
        if not (name and arch and cores and memory and kernel and image) or qemu is None:
            return None
        return Board(
            name=name.value,
            doc=" ".join(doc.value.split()) if doc else "",
            arch=arch.value,
            cores=cores.value,
            memory=memory,
            reserved=reserved,
            kernel=kernel,
            devices=devices,
            image=image.value,
            qemu=qemu,
            file=str(self._path),
            span=name.span,
        )

    def _qemu(self, node: Mapping | None) -> tuple[str, ...] | None:
        """The command line: the program, then its arguments. None after a report."""
        if node is None:
            return None
        fields = Fields(node, "'qemu'", ("program", "arguments"), self._reporter)
        fields.require("program", "arguments")
        program = fields.text("program")
        if program is not None and not program.value.strip():
            fields.range_error(program.span, "'program' is empty", "name QEMU's program, such as qemu-system-riscv64")
        arguments = fields.texts("arguments")
        return (program.value, *(item.value for item in arguments)) if program else None

    def _image(self, fields: Fields) -> Placed[str] | None:
        image = fields.text("image")
        if image is not None and (not IMAGE.fullmatch(image.value) or image.value in OTHER_OUTPUTS):
            fields.range_error(image.span, f"'image' is '{image.value[:60]}'", "write a file's name, such as image.bin")
        return image

    def _name(self, fields: Fields) -> Placed[str] | None:
        name = fields.name("name")
        if name is not None and name.value != self._path.stem:
            self._reporter.error(
                "SYS0010",
                f"the board is called '{name.value}', but its file '{self._path.name}'",
                name.span,
                help=f"write 'name: {self._path.stem}' or rename the file",
            )
        return name

    def _memory(self, node: Mapping | None) -> tuple[Range, ...]:
        found = []
        for entry in node.entries if node else ():
            if not isinstance(entry.value, Mapping):
                self._report_no_map(entry.key, entry.value.span)
                continue
            fields = Fields(entry.value, f"memory '{entry.key[:40]}'", ("base", "size"), self._reporter)
            fields.check_name(entry.key, entry.key_span)
            fields.require("base", "size")
            registers = self._range(fields, entry.key, entry.key_span)
            if registers is not None and (registers.base % PAGE or registers.size % PAGE):
                fields.range_error(entry.key_span, "base or size is not a multiple of 4KiB", "round to whole pages")
            elif registers is not None:
                found.append(registers)
        return tuple(found)

    def _range(self, fields: Fields, name: str, span: Span) -> Range | None:
        base = fields.number("base", 0, MAX_ADDRESS)
        size = fields.size("size", 1, MAX_ADDRESS)
        return Range(name, base.value, size.value, span) if base and size else None

    def _devices(self, node: Mapping | None) -> tuple[Device, ...]:
        found = []
        for entry in node.entries if node else ():
            if not isinstance(entry.value, Mapping):
                self._report_no_map(entry.key, entry.value.span)
                continue
            fields = Fields(entry.value, f"device '{entry.key}'", DEVICE_KEYS, self._reporter)
            fields.check_name(entry.key, entry.key_span)
            device = self._device(fields, entry.key, entry.key_span)
            if device is not None:
                found.append(device)
        return tuple(found)

    def _device(self, fields: Fields, name: str, span: Span) -> Device | None:
        fields.require("compatible")
        if fields.has("base") != fields.has("size"):
            fields.require("base", "size")
        compatible = fields.text("compatible")
        irq = fields.number("irq", 0, MAX_IRQ)
        trigger = fields.choice("trigger", ("level", "edge"))
        clock = fields.number("clock", 0, MAX_CLOCK)
        kernel_only = fields.flag("kernel-only")
        registers = self._range(fields, name, span) if fields.has("base") else None
        if compatible is None:
            return None
        return Device(
            name=name,
            compatible=compatible.value,
            registers=registers,
            irq=irq.value if irq else None,
            edge=trigger is not None and trigger.value == "edge",
            clock=clock.value if clock else 0,
            kernel_only=kernel_only is not None and kernel_only.value,
            span=span,
        )

    def _kernel(
        self, node: Mapping | None, devices: tuple[Device, ...], reserved: tuple[Range, ...], cores: int
    ) -> KernelFacts | None:
        if node is None:
            return None
        fields = Fields(node, "'kernel'", KERNEL_KEYS, self._reporter)
        fields.require(*REQUIRED_KERNEL_KEYS)
        if cores > 1:
            fields.require("core-start")
        console = self._kernel_device(fields, "console", devices, self._support.consoles)
        interrupts = self._interrupts(fields.mapping("interrupts"))
        lines = fields.number("interrupt-lines", 1, MAX_IRQ + 1)
        highest = lines.value - 1 if lines else MAX_IRQ
        timer_irq = fields.number("timer-irq", 0, highest)
        alarm_irq = fields.number("alarm-irq", 0, highest)
        frequency = fields.number("timer-frequency", 1)
        power = fields.text("power-off")
        psci = power is not None and power.value == PSCI and self._support.power_by_firmware
        power_device = None if psci else self._kernel_device(fields, "power-off", devices, self._support.power_devices)
        core_start = self._core_start(fields.mapping("core-start")) if fields.has("core-start") else None
        if core_start is not None:
            check_table(core_start, cores, reserved, self._reporter)
        device_tree = fields.flag("device-tree")
        if not self._support.tells_frequency and device_tree is not None and not device_tree.value:
            fields.require("timer-frequency")
        kind = interrupts[0] if interrupts and lines else ""
        check_lines(kind, highest, timer_irq, alarm_irq, fields)
        check_device_lines(kind, highest, devices, self._reporter)
        if not (console and interrupts and lines and timer_irq and alarm_irq and device_tree and (psci or power_device)):
            return None
        return KernelFacts(
            console=console,
            interrupt_kind=interrupts[0],
            interrupt_registers=interrupts[1],
            interrupt_lines=lines.value,
            timer_irq=timer_irq.value,
            alarm_irq=alarm_irq.value,
            timer_frequency=frequency.value if frequency else 0,
            core_start=core_start,
            power_device=power_device,
            device_tree=device_tree.value,
        )

    def _interrupts(self, node: Mapping | None) -> tuple[str, tuple[int, int]] | None:
        if node is None:
            return None
        kind_entry = node.find("kind")
        kind_name = getattr(kind_entry.value, "text", "") if kind_entry else ""
        registers = INTERRUPT_REGISTERS.get(kind_name, INTERRUPT_REGISTERS[self._support.interrupts[0]])
        fields = Fields(node, "'interrupts'", ("kind", *registers), self._reporter)
        fields.require("kind", *registers)
        kind = fields.choice("kind", self._support.interrupts)
        found = [fields.number(name, 0, MAX_ADDRESS) for name in registers]
        for name, base in zip(registers, found):
            if base is not None and base.value % PAGE:
                fields.range_error(base.span, f"'{name}' is {base.value:#x}", "its registers begin a page of 4KiB")
        bases = [item.value for item in found if item]
        if kind is None or len(bases) < len(registers):
            return None
        return kind.value, (bases[0], bases[1] if len(bases) > 1 else 0)

    def _core_start(self, node: Mapping | None) -> CoreStart | None:
        if node is None:
            return None
        kind_entry = node.find("kind")
        has_table = kind_entry is not None and getattr(kind_entry.value, "text", "") == SPIN_TABLE
        keys = ("kind", "table") if has_table else ("kind",)
        fields = Fields(node, "'core-start'", keys, self._reporter)
        fields.require(*keys)
        kind = fields.choice("kind", self._support.core_starts)
        table = fields.number("table", 0, MAX_ADDRESS) if has_table else None
        return CoreStart(kind.value, table) if kind else None

    def _kernel_device(
        self, fields: Fields, key: str, devices: tuple[Device, ...], compatible: tuple[str, ...]
    ) -> Device | None:
        """The device that the kernel drives as `key`; the kernel has drivers for `compatible`."""
        name = fields.text(key)
        if name is None:
            return None
        device = next((item for item in devices if item.name == name.value), None)
        if device is None:
            firmware = [PSCI] if key == "power-off" and self._support.power_by_firmware else []
            guess = did_you_mean(name.value, [*(item.name for item in devices), *firmware])
            otherwise = "".join(f"write '{word}', or " for word in firmware)
            self._reporter.error(
                "SYS0022",
                f"the board has no device '{name.value[:40]}'",
                name.span,
                help=f"did you mean '{guess}'?" if guess else f"{otherwise}name one of 'devices' that is {' or '.join(compatible)}",
            )
        elif device.compatible not in compatible or device.registers is None:
            self._reporter.error(
                "SYS0023",
                f"the kernel cannot use '{device.name}' as '{key}': it is a {device.compatible}",
                name.span,
                notes=[Note("the device is described here", device.span)],
                help=f"it has a driver for {' and '.join(compatible)}",
            )
            device = None
        return device

    def _report_no_map(self, key: str, span: Span) -> None:
        self._reporter.error("SYS0007", f"'{key[:40]}' must be a map", span, help="write { base: ..., size: ... }")
