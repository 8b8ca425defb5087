# SPDX-License-Identifier: MIT
"""Who talks to whom in a system: as text for people, as a graph for Graphviz, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from codegen.system.order import start_order
from codegen.system.system import Link, Member, System
from codegen.yaml.fields import show_size

DOT_LINE_BREAK = r"\n"


def graph_text(system: System) -> str:
    """The instances in the order of their start, each with where its ports lead and what it is given."""
    members = start_order(system)
    width = max((len(member.name) for member in members), default=0)
    lines = [f"{system.composition.name} on {system.board.name}, in the order of start, with priorities"]
    for member in members:
        head = f"{member.name:{width}}  {member.instance.priority.value:3}"
        for item in _items(member) or [""]:
            lines.append(f"{head}  {item}".rstrip())
            head = " " * (width + 5)
    return "\n".join(lines) + "\n"


def graph_dot(system: System) -> str:
    """Instances are boxes, devices ellipses. An arrow leads from who calls to who is called, or to what is driven."""
    lines = [f'digraph "{system.composition.name}" {{', "    rankdir=LR;", "    node [shape=box];"]
    for member in start_order(system):
        notes = [_binary(member), f"priority {member.instance.priority.value}", _core(member), *sorted(member.grants)]
        label = DOT_LINE_BREAK.join([member.name, *filter(None, notes)])
        lines.append(f'    "{member.name}" [label="{label}"];')
        lines += [f'    "{member.name}" -> "{link.server}" [label="{link.interface.name}"];' for link in member.connected()]
        for given in member.devices:
            lines.append(f'    "device {given.device.name}" [label="{given.device.name}", shape=ellipse];')
            lines.append(f'    "{member.name}" -> "device {given.device.name}" [style=dashed];')
    return "\n".join([*lines, "}"]) + "\n"


def graph_json(system: System) -> str:
    """The same, with every name and number."""
    instances = [
        {
            "name": member.name,
            "component": member.component.name,
            "priority": member.instance.priority.value,
            "core": member.instance.core.value,
            "ram": member.instance.ram.value,
            "uses": {link.port.name: _route(link) for link in member.connected()},
            "devices": {given.need.name: given.device.name for given in member.devices},
            "grants": sorted(member.grants),
        }
        for member in start_order(system)
    ]
    document = {"system": system.composition.name, "board": system.board.name, "instances": instances}
    return json.dumps(document, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[System], str]] = {"text": graph_text, "dot": graph_dot, "json": graph_json}


def _route(link: Link) -> dict[str, object]:
    return {"to": f"{link.server}.{link.server_port.name}", "interface": link.interface.name, "quota": link.quota}


def _items(member: Member) -> list[str]:
    """What there is to say of an instance, a line each."""
    items = [note for note in (_binary(member), _core(member)) if note]
    for link in member.connected():
        quota = f", up to {show_size(link.quota)}" if link.quota else ""
        items.append(f"{link.port.name} -> {link.server}.{link.server_port.name} ({link.interface.name}{quota})")
    items += [f"{given.need.name} = {given.device.name} ({given.device.compatible})" for given in member.devices]
    return items + ([f"granted {', '.join(sorted(member.grants))}"] if member.grants else [])


def _binary(member: Member) -> str:
    return f"is a {member.component.name}" if member.component.name != member.name else ""


def _core(member: Member) -> str:
    return f"core {member.instance.core.value}" if member.instance.core.value else ""
