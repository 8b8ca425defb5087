# SPDX-License-Identifier: MIT
"""Checks between members of a linked system: devices, cores, priorities, what nobody uses."""

from __future__ import annotations

from codegen.board.model import Board, Device
from codegen.diagnostics import Note, Reporter
from codegen.system.budget import check_budgets
from codegen.system.order import check_order
from codegen.system.slots import check_slots
from codegen.system.system import INIT, GivenDevice, Member, System


def check_system(system: System, reporter: Reporter) -> None:
    """Reports everything that is wrong with the system as a whole."""
    check_devices(system, reporter)
    check_cores(system, reporter)
    check_ready(system, reporter)
    check_restarts(system, reporter)
    check_slots(system, reporter)
    check_budgets(system, reporter)
    check_order(system, reporter)
    if not reporter.has_errors:  # a mistake above may be all that there is to warn of
        warn_unused(system, reporter)
        warn_priorities(system, reporter)


def check_devices(system: System, reporter: Reporter) -> None:
    """A device, an interrupt line and a page of registers have one owner each."""
    seen: list[tuple[Member, GivenDevice]] = []
    for member in system.members:
        for given in member.devices:
            for owner, other in seen:
                if _report_conflict(owner, other, member, given, reporter):
                    break
            _check_kernel_pages(system.board, member, given, reporter)
            seen.append((member, given))


def _report_conflict(
    owner: Member, other: GivenDevice, member: Member, given: GivenDevice, reporter: Reporter
) -> bool:
    """Reports what two given devices have in common; whether that is anything."""
    first, second = other.device, given.device
    notes = [Note(f"'{owner.name}' is given '{first.name}' here", other.span)]
    if first.name == second.name:
        code, message = "SYS0024", f"device '{second.name}' is given to '{member.name}' and to '{owner.name}'"
    elif first.irq is not None and first.irq == second.irq:
        code = "SYS0025"
        message = f"'{second.name}' of '{member.name}' and '{first.name}' of '{owner.name}' share interrupt {first.irq}"
    elif owner is not member and _share_page(first, second):
        code = "SYS0026"
        message = f"'{second.name}' of '{member.name}' is in the same page as '{first.name}' of '{owner.name}'"
    else:
        return False
    if code != "SYS0024":
        notes += [Note(f"'{device.name}' is described here", device.span) for device in (first, second)]
    help = "let one component drive both" if code != "SYS0024" else "let one of them use a port of the other instead"
    reporter.error(code, message, given.span, notes=notes, help=help)
    return True


def _share_page(first: Device, second: Device) -> bool:
    if first.registers is None or second.registers is None:
        return False
    (first_base, first_end), (second_base, second_end) = first.registers.pages(), second.registers.pages()
    return first_base < second_end and second_base < first_end


def _check_kernel_pages(board: Board, member: Member, given: GivenDevice, reporter: Reporter) -> None:
    kernel_only = [device for device in board.devices if device.kernel_only]
    for device in kernel_only:
        if _share_page(device, given.device):
            reporter.error(
                "SYS0026",
                f"'{given.device.name}' of '{member.name}' is in the same page as the kernel's '{device.name}'",
                given.span,
                notes=[Note(f"'{device.name}' is described here", device.span)],
                help="use another device",
            )


def check_cores(system: System, reporter: Reporter) -> None:
    cores, board = system.composition.cores, system.board
    if not 1 <= cores.value <= board.cores:
        reporter.error(
            "SYS0035",
            f"the system is for {cores.value} cores, but on {board.name} the kernel starts {board.cores}",
            cores.span,
            notes=[Note("the board is described here", board.span)],
            help=f"write 'cores: {board.cores}' or less",
        )
    for member in system.members:
        core = member.instance.core
        if core.value >= cores.value:
            reporter.error(
                "SYS0035",
                f"'{member.name}' is to run on core {core.value}, but the system is for {cores.value}",
                core.span,
                notes=[Note("the number of cores is said here", cores.span)],
                help=f"cores count from 0: write 'core: {cores.value - 1}' or less, or raise 'cores'",
            )


def check_ready(system: System, reporter: Reporter) -> None:
    """Init waits for those that announce that they are ready, so they must be able to."""
    for member in system.members:
        announces = member.component.announces_ready
        if announces.value and not any(link.server == INIT for link in member.connected()):
            reporter.error(
                "SYS0053",
                f"'{member.name}' announces that it is ready, but has no port to say so",
                member.instance.span,
                notes=[Note("that it does is said here", announces.span)],
                help="use the interface Process and write 'process: init.process' below 'uses'",
            )


def check_restarts(system: System, reporter: Reporter) -> None:
    """Others live in the memory that they were handed out: it cannot be taken back to start over with."""
    for member in system.members:
        restart = member.instance.restart
        if restart is not None and restart.value > 0 and member.hands_out_memory:
            reporter.error(
                "SYS0054",
                f"'{member.name}' is to be started again, but it has the grant 'memory'",
                restart.span,
                help="write 'restart: 0', or leave it out: what hands out memory is never started again",
            )


def warn_unused(system: System, reporter: Reporter) -> None:
    """A server nobody is connected to only takes memory."""
    served = {link.server for member in system.members for link in member.connected()}
    for member in system.members:
        if member.component.provides and member.name not in served:
            ports = ", ".join(port.name for port in member.component.provides)
            reporter.warning(
                "SYS0041",
                f"nobody uses '{member.name}' (it provides {ports})",
                member.instance.span,
                notes=[Note(f"the component '{member.component.name}' is described here", member.component.span)],
                help="take it out, or route a port to it",
            )


def warn_priorities(system: System, reporter: Reporter) -> None:
    """A server below its client answers events late: what it does on its own time, its clients wait for."""
    by_name = system.by_name()
    for member in system.members:
        for link in member.connected():
            server = by_name.get(link.server)
            if server is None or link.server == INIT or not link.interface.has_calls:
                continue
            low, high = server.instance.priority, member.instance.priority
            if low.value < high.value:
                reporter.warning(
                    "SYS0042",
                    f"'{member.name}' calls '{server.name}', which has a lower priority",
                    link.span,
                    notes=[
                        Note(f"'{server.name}' has priority {low.value}", low.span),
                        Note(f"'{member.name}' has priority {high.value}", high.span),
                    ],
                    help=f"give '{server.name}' a priority of {high.value} or more",
                )
