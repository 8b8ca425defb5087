# SPDX-License-Identifier: MIT
"""Reads the fields of a map: each accessor answers a value with its place, or reports what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from codegen.diagnostics import Note, Reporter, Span, did_you_mean
from codegen.yaml.tree import Entry, Mapping, Node, Scalar, Sequence, kind_of, show

T = TypeVar("T")

# What stands behind keys that hold a map.
SHAPES = {
    "instances": "the names of instances below it, each with its keys: 'console: { priority: 220 }'",
    "uses": "{ PORT: INSTANCE.PORT }, in component.yaml { PORT: INTERFACE }",
    "provides": "{ PORT: INTERFACE }",
    "devices": "{ DEVICE: DEVICE OF THE BOARD }, in component.yaml { DEVICE: { compatible: [...] } }",
    "parameters": "{ NAME: VALUE }, in component.yaml { NAME: { type: u64, default: 10 } }",
    "files": "{ PATH IN THE INITFS: FILE }",
    "memory": "{ ram: { base: 0x8000_0000, size: 1GiB } }",
    "reserved": "{ firmware: { base: 0x8000_0000, size: 2MiB } }",
    "interrupts": "{ kind: gicv2, distributor: ADDRESS, cpu: ADDRESS } or { kind: plic, base: ADDRESS }",
    "core-start": "{ kind: psci }",
    "qemu": "{ program: qemu-system-riscv64, arguments: [-M, virt] }",
    "device": "{ compatible: [\"arm,pl011\"] }",
    "parameter": "{ type: u64, default: 10 }",
}

NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
NAME_MAX = 31
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
SIZE = re.compile(r"(0|[1-9][0-9_]*)\s*([A-Za-z]+)")
U64_MAX = (1 << 64) - 1


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A value and where it is written."""

    value: T
    span: Span


class Fields:
    """The fields of one map. `what` names the map in messages, such as "instance 'timer'"."""

    def __init__(self, node: Mapping, what: str, allowed: Iterable[str], reporter: Reporter) -> None:
        self.span = node.span
        self.what = what
        self._node = node
        self._reporter = reporter
        self._report_unknown(tuple(allowed))

    def _report_unknown(self, allowed: tuple[str, ...]) -> None:
        for entry in self._node.entries:
            if entry.key not in allowed:
                guess = did_you_mean(entry.key, allowed)
                self._reporter.error(
                    "SYS0005",
                    f"{self.what} has no key '{entry.key[:60]}'",
                    entry.key_span,
                    help=f"did you mean '{guess}'?" if guess else f"the keys are {', '.join(allowed)}",
                )

    def has(self, key: str) -> bool:
        """Whether the key is there with something behind it."""
        entry = self._node.find(key)
        return entry is not None and not _is_nothing(entry.value)

    def entry(self, key: str) -> Entry | None:
        return self._node.find(key)

    def require(self, *keys: str) -> None:
        """Reports each of `keys` that is not there."""
        for key in keys:
            if not self.has(key):
                place = self._node.find(key)
                self._reporter.error(
                    "SYS0006",
                    f"{self.what} lacks the key '{key}'",
                    place.key_span if place else self.span,
                    help=f"write '{key}: ...'",
                )

    def text(self, key: str) -> Placed[str] | None:
        entry = self._node.find(key)
        return self.as_text(entry.value, key) if entry and not _is_nothing(entry.value) else None

    def as_text(self, node: Node, what: str) -> Placed[str] | None:
        """A text. Numbers and truth values count as the text that was written."""
        if isinstance(node, Scalar) and node.value is not None:
            if len(node.text.encode("utf-8", "replace")) > 1000 or "\0" in node.text:
                self.range_error(node.span, f"'{what}' is longer than 1000 bytes, or has a zero byte", "shorten it")
                return None
            return Placed(node.text, node.span)
        self.wrong_kind(node, what, "a text")
        return None

    def name(self, key: str) -> Placed[str] | None:
        """A name: lower-case letters, digits, single hyphens or underscores, at most 31 characters."""
        found = self.text(key)
        return found if found and self.check_name(found.value, found.span) else None

    def check_name(self, name: str, span: Span) -> bool:
        if NAME.fullmatch(name) and len(name) <= NAME_MAX:
            return True
        self._reporter.error(
            "SYS0010",
            f"'{name[:60]}' is not a name",
            span,
            help=f"names are lower-case letters, digits, '-' and '_', start with a letter, at most {NAME_MAX} long",
        )
        return False

    def flag(self, key: str) -> Placed[bool] | None:
        entry = self._node.find(key)
        if entry is None or _is_nothing(entry.value):
            return None
        node = entry.value
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return Placed(node.value, node.span)
        self.wrong_kind(node, key, "true or false")
        return None

    def number(self, key: str, low: int = 0, high: int = U64_MAX) -> Placed[int] | None:
        """A number from `low` to `high`, both included."""
        entry = self._node.find(key)
        if entry is None or _is_nothing(entry.value):
            return None
        node = entry.value
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or not isinstance(node.value, int):
            self.wrong_kind(node, key, "a number")
            return None
        if not low <= node.value <= high:
            shown = f"{high:#x}" if high > 1 << 32 else str(high)
            self.range_error(node.span, f"'{key}' is {node.text[:40]}", f"allowed is {low} to {shown}")
            return None
        return Placed(node.value, node.span)

    def size(self, key: str, low: int = 0, high: int = U64_MAX) -> Placed[int] | None:
        """Bytes: a number with B, KiB, MiB or GiB, from `low` to `high`."""
        entry = self._node.find(key)
        return self.as_size(entry.value, key, low, high) if entry and not _is_nothing(entry.value) else None

    def as_size(self, node: Node, what: str, low: int = 0, high: int = U64_MAX) -> Placed[int] | None:
        if not isinstance(node, Scalar):
            self.wrong_kind(node, what, "a size such as 64KiB")
            return None
        value = parse_size(node)
        if value is None:
            self._reporter.error(
                "SYS0009",
                f"{show(node)} is not a size",
                node.span,
                help="write a whole number and B, KiB, MiB or GiB: 64KiB",
            )
            return None
        if not low <= value <= high:
            allowed = f"allowed is {show_size(low)} to {show_size(high)}"
            self.range_error(node.span, f"'{what}' is {node.text[:40]}", allowed)
            return None
        return Placed(value, node.span)

    def mapping(self, key: str) -> Mapping | None:
        """A map below `key`; None when absent or, after a report, when it is something else."""
        entry = self._node.find(key)
        if entry is None or _is_nothing(entry.value):
            return None
        if isinstance(entry.value, Mapping):
            return entry.value
        self.wrong_kind(entry.value, key, "a map", SHAPES.get(key, ""))
        return None

    def mapping_or_none(self, key: str) -> Mapping | None:
        """As `mapping`, but without a report."""
        entry = self._node.find(key)
        return entry.value if entry is not None and isinstance(entry.value, Mapping) else None

    def texts(self, key: str) -> tuple[Placed[str], ...]:
        """A list of texts; one text alone counts as a list of it."""
        entry = self._node.find(key)
        if entry is None or _is_nothing(entry.value):
            return ()
        node = entry.value
        if isinstance(node, Mapping):
            self.wrong_kind(node, key, "a list")
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        found = (self.as_text(item, key) for item in items)
        return tuple(item for item in found if item is not None)

    def choice(self, key: str, allowed: Iterable[str]) -> Placed[str] | None:
        """One of a few words."""
        found = self.text(key)
        words = tuple(allowed)
        if found is None or found.value in words:
            return found
        guess = did_you_mean(found.value, words)
        help = f"did you mean '{guess}'?" if guess else f"allowed {'is' if len(words) == 1 else 'are'} {', '.join(words)}"
        self.range_error(found.span, f"'{key}' is '{found.value[:40]}'", help)
        return None

    def wrong_kind(self, node: Node, what: str, wanted: str, shape: str = "") -> None:
        self._reporter.error(
            "SYS0007",
            f"'{what}' of {self.what} must be {wanted}, this is {kind_of(node)}",
            node.span,
            help=f"write {shape or wanted}",
        )

    def range_error(self, span: Span, message: str, help: str) -> None:
        self._reporter.error("SYS0008", f"{message}: out of range in {self.what}", span, help=help)


def check_unique(names: Iterable[Placed[str]], what: str, reporter: Reporter) -> None:
    """Reports every name of a list that was there before."""
    seen: dict[str, Span] = {}
    for name in names:
        if name.value in seen:
            reporter.error(
                "SYS0003",
                f"{what} '{name.value}' is here twice",
                name.span,
                notes=[Note("the first is here", seen[name.value])],
                help="keep one of them",
            )
        else:
            seen[name.value] = name.span


def parse_size(node: Scalar) -> int | None:
    """Bytes, or None if the node is not a size. A plain 0 needs no unit."""
    if node.value == 0 and not isinstance(node.value, bool):
        return 0
    if isinstance(node.value, int):
        return None
    match = SIZE.fullmatch(node.text) if len(node.text) <= 40 else None
    if match is None or match[2] not in UNITS:
        return None
    return int(match[1].replace("_", "")) * UNITS[match[2]]


def show_size(size: int) -> str:
    """As a person would write it: the largest unit that divides it."""
    for unit in ("GiB", "MiB", "KiB"):
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return f"{size}B"


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
