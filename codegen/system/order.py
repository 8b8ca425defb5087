# SPDX-License-Identifier: MIT
"""Who has to start before whom, and who waits for whom in a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from codegen.diagnostics import Note, Reporter, Span
from codegen.system.system import INIT, Link, Member, System

# For each member, those it points to and where the file says so.
Edges = Mapping[str, Sequence[tuple[str, Span]]]

MAX_CIRCLES = 20


def start_order(system: System) -> tuple[Member, ...]:
    """The members, each behind those it uses or names in `after`; otherwise in the order of the file.

    Precondition: `check_order` has reported nothing.
    """
    edges = _start_edges(system)
    by_name = system.by_name()
    placed: dict[str, Member] = {}
    waiting = list(by_name)
    while waiting:
        ready = [name for name in waiting if all(target in placed for target, _ in edges[name])]
        assert ready, "check_order finds circles"
        placed[ready[0]] = by_name[ready[0]]
        waiting.remove(ready[0])
    return tuple(placed.values())


def check_order(system: System, reporter: Reporter) -> None:
    """Reports circles of calls, and circles of `after` that are not circles of calls."""
    calls: Edges = {member.name: [(link.server, link.span) for link in _calls(member)] for member in system.members}
    circles = all_circles(calls)
    for circle in circles:
        _report_call_circle(system, circle, reporter)
    if not circles:
        for circle in all_circles(_start_edges(system)):
            _report_start_circle(circle, reporter)


def all_circles(edges: Edges) -> list[list[tuple[str, Span, str]]]:
    """Circles, each found after the first hop of those before is taken away; at most MAX_CIRCLES."""
    left = {name: list(targets) for name, targets in edges.items()}
    found: list[list[tuple[str, Span, str]]] = []
    while len(found) < MAX_CIRCLES and (circle := find_circle(left)) is not None:
        found.append(circle)
        name, span, target = circle[0]
        left[name].remove((target, span))
    return found


def find_circle(edges: Edges) -> list[tuple[str, Span, str]] | None:
    """The hops (from, place, to) of one circle, the shortest from the first member that is on one."""
    for start in edges:
        back: dict[str, tuple[str, Span]] = {}
        queue = [start]
        for name in queue:
            for target, span in edges.get(name, ()):
                if target == start:
                    return [*_path(back, start, name), (name, span, start)]
                if target not in back and target in edges:
                    back[target] = (name, span)
                    queue.append(target)
    return None


def _path(back: Mapping[str, tuple[str, Span]], start: str, end: str) -> list[tuple[str, Span, str]]:
    hops: list[tuple[str, Span, str]] = []
    while end != start:
        before, span = back[end]
        hops.append((before, span, end))
        end = before
    return hops[::-1]


def _calls(member: Member) -> list[Link]:
    """The connected ports through which a member waits for another; an interface with events only is none."""
    return [link for link in member.connected() if link.interface.has_calls and link.server != INIT]


def _start_edges(system: System) -> Edges:
    known = system.by_name()
    keep: Callable[[str], bool] = known.__contains__
    return {
        member.name: [
            *((link.server, link.span) for link in member.connected() if keep(link.server)),
            *((name.value, name.span) for name in member.instance.after if keep(name.value)),
        ]
        for member in system.members
    }


def _report_call_circle(system: System, circle: list[tuple[str, Span, str]], reporter: Reporter) -> None:
    by_name = system.by_name()
    notes = []
    for client, span, server in circle:
        link = next(item for item in _calls(by_name[client]) if item.server == server and item.span == span)
        notes.append(
            Note(f"'{client}' calls '{server}' through its port '{link.port.name}' ({link.port.interface})", span)
        )
    path = " -> ".join([circle[0][0], *(server for _, _, server in circle)])
    reporter.error(
        "SYS0020",
        f"synchronous calls go in a circle: {path}",
        circle[0][1],
        notes=notes,
        help="break the circle: let one of them use events, leave an optional port open, or split a component",
    )


def _report_start_circle(circle: list[tuple[str, Span, str]], reporter: Reporter) -> None:
    path = " -> ".join([circle[0][0], *(target for _, _, target in circle)])
    reporter.error(
        "SYS0021",
        f"none of these could start first: {path}",
        circle[0][1],
        notes=[Note(f"'{name}' starts after '{target}'", span) for name, span, target in circle],
        help="take one of them out of 'after'",
    )
