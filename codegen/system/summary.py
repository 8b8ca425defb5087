# SPDX-License-Identifier: MIT
"""What an image holds and who holds what in it: manifest.json for programs, map.txt for people."""

from __future__ import annotations

import json
from collections.abc import Mapping

from codegen.system.budget import show_amount
from codegen.system.plan_model import ComponentPlan, Plan, UsedPlan, Window
from codegen.system.programs import Executable
from codegen.system.system import INIT


def manifest_json(plan: Plan, executables: Mapping[str, Executable], image_size: int, initfs_size: int) -> str:
    """Everything about the plan that a tool may want to know."""
    board = plan.system.board
    document = {
        "system": plan.system.composition.name,
        "board": board.name,
        "ram": board.ram,
        "cores": plan.system.composition.cores.value,
        "image_bytes": image_size,
        "initfs_bytes": initfs_size,
        "init": {"image": executables[INIT].program.memory, "file": len(executables[INIT].data)},
        "components": [_component(component, executables) for component in plan.components],
        "files": sorted(file.path.value for file in plan.system.composition.files),
    }
    return json.dumps(document, indent=2) + "\n"


def _component(component: ComponentPlan, executables: Mapping[str, Executable]) -> dict[str, object]:
    member, share = component.member, component.share
    return {
        "name": component.name,
        "binary": f"bin/{member.component.name}",
        "priority": member.instance.priority.value,
        "core": member.instance.core.value,
        "memory": share.total,
        "memory_parts": {
            "image": share.image,
            "ram": share.ram,
            "stack": share.stack,
            "windows": share.windows,
            "objects": share.objects,
        },
        "file": len(executables[member.component.name].data),
        "slots": {"total": 1 << component.slot_bits, "used": component.first_free_slot},
        "uses": {port.name: _used(used) for port, used in zip(member.component.uses, component.used)},
        "sessions": [
            {
                "client": session.client,
                "port": member.component.provides[session.interface_index].name,
                "window": _window(session.window),
                "quota": session.quota,
                "event_slot": session.event_slot,
            }
            for session in component.sessions
        ],
        "devices": {
            device.name: {
                "compatible": device.compatible,
                "physical": device.physical,
                "address": device.registers,
                "size": device.size,
                "irq": device.irq,
                "irq_slot": device.irq_slot,
                "irq_badge": device.irq_badge,
            }
            for device in component.devices
        },
        "grants": sorted(member.grants),
    }


def _used(used: UsedPlan | None) -> dict[str, object] | None:
    if used is None:
        return None
    return {
        "to": f"{used.link.server}.{used.link.server_port.name}",
        "interface": used.link.interface.name,
        "slot": used.slot,
        "badge": used.badge,
        "window": _window(used.window),
        "event_badge": used.event_badge,
        "quota": used.link.quota,
    }


def _window(window: Window | None) -> dict[str, int] | None:
    return None if window is None else {"id": window.id, "address": window.address, "size": window.size}


def map_text(plan: Plan) -> str:
    """Who holds what, in the order of their start."""
    board = plan.system.board
    total = sum(component.share.total for component in plan.components)
    lines = [
        f"{plan.system.composition.name} on {board.name}: {len(plan.components)} components, "
        f"{show_amount(total)} of {show_amount(board.ram)}",
        "",
    ]
    for component in plan.components:
        lines += _map_lines(component)
    return "\n".join(lines)


def _map_lines(component: ComponentPlan) -> list[str]:
    member, share = component.member, component.share
    lines = [
        f"{component.name} (bin/{member.component.name}, priority {member.instance.priority.value}, "
        f"core {member.instance.core.value})",
        f"  memory   {show_amount(share.total)}: ram {show_amount(share.ram)}, image {show_amount(share.image)}, "
        f"stack {show_amount(share.stack)}, windows {show_amount(share.windows)}, "
        f"objects {show_amount(share.objects)}",
        f"  slots    {component.first_free_slot} of {1 << component.slot_bits} taken",
    ]
    for port, used in zip(member.component.uses, component.used):
        if used is None:
            lines.append(f"  uses     {port.name}: not connected")
        else:
            place = f"{used.link.server}.{used.link.server_port.name} ({used.link.interface.name})"
            lines.append(f"  uses     {port.name}: {place}, slot {used.slot}{_at(used.window)}")
    for number, session in enumerate(component.sessions):
        port_name = member.component.provides[session.interface_index].name
        lines.append(f"  serves   {port_name}: session {number} for {session.client}{_at(session.window)}")
    for device in component.devices:
        place = f", registers {device.physical:#x}" if device.pages else ""
        line = f", interrupt {device.irq} in slot {device.irq_slot}" if device.irq is not None else ""
        lines.append(f"  drives   {device.name}: {device.compatible}{place}{line}")
    if member.grants:
        lines.append(f"  may      {', '.join(sorted(member.grants))}")
    return [*lines, ""]


def _at(window: Window | None) -> str:
    return f", window {show_amount(window.size)} at {window.address:#x}" if window is not None else ""
