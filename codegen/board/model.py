# SPDX-License-Identifier: MIT
"""A board as its file describes it, checked."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.diagnostics import Span
from codegen.yaml.fields import Placed

PAGE = 4096

INTERRUPT_REGISTERS = {"gicv2": ("distributor", "cpu"), "bcm2836": ("local", "gpu"), "plic": ("base",)}
CONSOLE_DEVICES = {"arm,pl011": "Pl011", "brcm,bcm2835-aux-uart": "BcmAuxUart", "ns16550a": "Ns16550"}
CORE_STARTS = {"psci": "Psci", "spin-table": "SpinTable", "sbi": "Sbi"}
POWER_DEVICES = {"brcm,bcm2835-pm-wdt": "BcmWatchdog", "sifive,test0": "SifiveTest"}
PSCI = "psci"
SPIN_TABLE = "spin-table"


@dataclass(frozen=True)
class Support:
    """What the kernel of an architecture has drivers for: words of the board file. It maps RAM below `memory_end`;
    `tells_frequency` is whether a register says how fast the processor counts."""

    consoles: tuple[str, ...]
    interrupts: tuple[str, ...]
    core_starts: tuple[str, ...]
    power_devices: tuple[str, ...]
    power_by_firmware: bool
    tells_frequency: bool
    memory_end: int


ARCHITECTURES = {
    "aarch64": Support(
        consoles=("arm,pl011", "brcm,bcm2835-aux-uart"),
        interrupts=("gicv2", "bcm2836"),
        core_starts=(PSCI, SPIN_TABLE),
        power_devices=("brcm,bcm2835-pm-wdt",),
        power_by_firmware=True,
        tells_frequency=True,
        memory_end=1 << 38,
    ),
    "riscv64": Support(
        consoles=("ns16550a",),
        interrupts=("plic",),
        core_starts=("sbi",),
        power_devices=("sifive,test0",),
        power_by_firmware=False,
        tells_frequency=False,
        memory_end=1 << 37,
    ),
}
# Of a board whose architecture is not known: whatever there is anywhere.
ANY_SUPPORT = Support(
    tuple(CONSOLE_DEVICES), tuple(INTERRUPT_REGISTERS), tuple(CORE_STARTS), tuple(POWER_DEVICES), True, True, 1 << 44
)


@dataclass(frozen=True)
class Range:
    """Physical addresses from `base` on. `name` is its key in the file."""

    name: str
    base: int
    size: int
    span: Span

    @property
    def end(self) -> int:
        return self.base + self.size

    def pages(self) -> tuple[int, int]:
        """The first page it touches, and the end of the last."""
        return self.base // PAGE * PAGE, -(-self.end // PAGE) * PAGE

    def overlaps(self, other: Range) -> bool:
        return self.base < other.end and other.base < self.end


@dataclass(frozen=True)
class Device:
    """A device. `registers` is None for one that only interrupts, `irq` None for one that never does."""

    name: str
    compatible: str
    registers: Range | None
    irq: int | None
    edge: bool
    clock: int
    kernel_only: bool
    span: Span


@dataclass(frozen=True)
class CoreStart:
    """How the other cores are started. `table` is the physical address of a spin table, and None for other kinds."""

    kind: str
    table: Placed[int] | None


@dataclass(frozen=True)
class KernelFacts:
    """What the kernel drives itself."""

    console: Device
    interrupt_kind: str
    interrupt_registers: tuple[int, int]
    interrupt_lines: int
    timer_irq: int
    alarm_irq: int
    timer_frequency: int
    core_start: CoreStart | None
    power_device: Device | None
    device_tree: bool


@dataclass(frozen=True)
class Board:
    """A machine. `qemu` is empty if QEMU has no model of it."""

    name: str
    doc: str
    arch: str
    cores: int
    memory: tuple[Range, ...]
    reserved: tuple[Range, ...]
    kernel: KernelFacts
    devices: tuple[Device, ...]
    image: str
    qemu: tuple[str, ...]
    file: str
    span: Span

    @property
    def ram(self) -> int:
        """Bytes of RAM that can be given out."""
        return sum(item.size for item in self.memory) - sum(item.size for item in self.reserved)

    def device(self, name: str) -> Device | None:
        return next((item for item in self.devices if item.name == name), None)
