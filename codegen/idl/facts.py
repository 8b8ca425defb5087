# SPDX-License-Identifier: MIT
"""What the composer needs to know of an interface, without reading the rest of the model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from codegen.diagnostics import Reporter, Span
from codegen.idl import model
from codegen.idl.compile import Compilation, compile_files
from codegen.idl.message import interface_layout
from codegen.idl.signature import canonical_text


@dataclass(frozen=True)
class InterfaceFacts:
    """`window_size` is that of a session: it covers the interfaces that are handed out as capabilities, at any depth."""

    name: str
    module: str
    path: str
    span: Span
    version: str
    hash: int
    window_size: int
    has_events: bool
    has_calls: bool
    sub_interfaces: tuple[str, ...]


def load_interfaces(paths: Sequence[str], reporter: Reporter) -> dict[str, InterfaceFacts]:
    """The service interfaces of some files by name. Mistakes in the files are reported."""
    compilation = compile_files(paths, reporter)
    if reporter.has_errors:
        return {}
    return {
        interface.name: interface_facts(interface, compilation)
        for interface in compilation.interfaces
        if interface.kernel_object is None
    }


def interface_facts(interface: model.Interface, compilation: Compilation) -> InterfaceFacts:
    below = reachable(interface, compilation)
    return InterfaceFacts(
        name=interface.name,
        module=interface.module,
        path=interface.path,
        span=interface.span,
        version=f"{interface.major}.{interface.minor}",
        hash=interface_hash(interface),
        window_size=max(interface_layout(item).window_size for item in (interface, *below)),
        has_events=bool(interface.events),
        has_calls=bool(interface.methods),
        sub_interfaces=tuple(item.name for item in below),
    )


def interface_hash(interface: model.Interface) -> int:
    """32 bits of everything that two sides must agree on: names, ordinals, types, values; not the comments."""
    digest = hashlib.sha256(canonical_text(interface).encode()).digest()
    return int.from_bytes(digest[:4], "little")


def handed_out(interface: model.Interface) -> list[model.InterfaceName]:
    """The interfaces that results of this one are capabilities of, in order, each once."""
    found: dict[model.InterfaceName, None] = {}
    for method in interface.methods:
        for field in method.results:
            if isinstance(field.type, model.Capability) and isinstance(field.type.target, model.InterfaceName):
                found[field.type.target] = None
    return list(found)


def reachable(interface: model.Interface, compilation: Compilation) -> tuple[model.Interface, ...]:
    """The interfaces handed out by this one, and by those, without this one."""
    found: dict[str, model.Interface] = {}
    waiting = [interface]
    while waiting:
        current = waiting.pop(0)
        imported = compilation.imported.get(current.path, {})
        for target in handed_out(current):
            other = current if target.module == current.module else imported.get(target.module)
            if other is not None and other.path != interface.path and other.path not in found:
                found[other.path] = other
                waiting.append(other)
    return tuple(found.values())
