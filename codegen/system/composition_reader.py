# SPDX-License-Identifier: MIT
"""`system.yaml` to a `Composition`."""

from __future__ import annotations

import re
from pathlib import Path

from codegen.board.reader import MAX_CORES, check_schema
from codegen.diagnostics import Reporter, Span
from codegen.system.component import MAX_HEAP, MAX_STACK, MIN_STACK, check_grant
from codegen.system.composition import Composition, DeviceGrant, FileToAdd, Instance, Route
from codegen.system.overlay import read_with_bases
from codegen.yaml.fields import Fields, Placed, check_unique, show_size
from codegen.yaml.tree import Entry, Mapping, Scalar

SYSTEM_KEYS = ("schema", "extends", "name", "doc", "board", "cores", "instances", "files", "component-folders")
INSTANCE_KEYS = (
    "binary", "priority", "core", "ram", "caps", "stack", "heap", "args", "parameters", "uses", "devices", "grants",
    "after", "restart",
)  # fmt: skip

MIN_PRIORITY = 1
MAX_PRIORITY = 254  # 255 is init's
DEFAULT_PRIORITY = 100
MIN_RAM = 128 << 10
MAX_RAM = 16 << 30
DEFAULT_RAM = 1 << 20
MAX_RESTARTS = 255
MIN_CAPS = 64
MAX_CAPS = 1 << 16

ROUTE = re.compile(r"([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_-]*)")
INIT = "init"


def read_composition(path: Path, reporter: Reporter) -> Composition | None:
    """What a system.yaml says, with all that it extends, or None after a report."""
    root = read_with_bases(path, reporter)
    return None if root is None else _Reader(path, reporter).composition(root)


class _Reader:
    def __init__(self, path: Path, reporter: Reporter) -> None:
        self._path = path
        self._reporter = reporter

    def composition(self, root: Mapping) -> Composition | None:
        fields = Fields(root, "the system", SYSTEM_KEYS, self._reporter)
        fields.require("schema", "name", "board", "instances")
        check_schema(fields, self._reporter)
        name = fields.name("name")
        fields.text("doc")
        boards = fields.texts("board")
        check_unique(boards, "the board", self._reporter)
        cores = fields.number("cores", 1, MAX_CORES)
        instances = fields.mapping("instances")
        files = fields.mapping("files")
        folders = fields.texts("component-folders")
        found = [self._instance(entry) for entry in instances.entries] if instances else []
        if not boards:
            return None
        # Without a name, or with instances that are no map, there are mistakes enough to find.
        name = name or Placed(self._path.stem, root.span)
        return Composition(
            name=name.value,
            boards=boards,
            cores=cores or Placed(1, name.span),
            instances=tuple(item for item in found if item is not None),
            files=tuple(self._files(fields, files)) if files else (),
            component_folders=folders,
            file=str(self._path),
            span=name.span,
        )

    def _instance(self, entry: Entry) -> Instance | None:
        node = entry.value
        if isinstance(node, Scalar) and node.value is None:
            node = Mapping(entry.key_span, ())
        what = f"instance '{entry.key[:40]}'"
        if not isinstance(node, Mapping):
            self._reporter.error("SYS0007", f"{what} must be a map", node.span, help="write its keys below it, or {}")
            return None
        fields = Fields(node, what, INSTANCE_KEYS, self._reporter)
        named = fields.check_name(entry.key, entry.key_span)
        if entry.key == INIT:
            self._reporter.error(
                "SYS0010",
                "'init' is always there and is not an instance",
                entry.key_span,
                help="give the instance another name; routes may lead to init.process",
            )
        found = self._read_instance(fields, entry)
        return found if named and entry.key != INIT else None

    def _read_instance(self, fields: Fields, entry: Entry) -> Instance:
        place = entry.key_span
        return Instance(
            name=entry.key,
            span=place,
            binary=fields.name("binary") or Placed(entry.key, place),
            priority=fields.number("priority", MIN_PRIORITY, MAX_PRIORITY) or Placed(DEFAULT_PRIORITY, place),
            core=fields.number("core", 0, MAX_CORES - 1) or Placed(0, place),
            ram=self._ram(fields) or Placed(DEFAULT_RAM, place),
            restart=fields.number("restart", 0, MAX_RESTARTS),
            caps=fields.number("caps", MIN_CAPS, MAX_CAPS),
            stack=fields.size("stack", MIN_STACK, MAX_STACK),
            heap=fields.size("heap", 0, MAX_HEAP),
            arguments=fields.texts("args"),
            parameters=_entries(fields.mapping("parameters")),
            routes=self._routes(fields),
            devices=self._devices(fields),
            grants=self._grants(fields),
            after=self._after(fields),
        )

    def _ram(self, fields: Fields) -> Placed[int] | None:
        ram = fields.size("ram", MIN_RAM, MAX_RAM)
        if ram is not None and ram.value & (ram.value - 1):
            above = 1 << ram.value.bit_length()
            self._reporter.error(
                "SYS0052",
                f"'ram' of {fields.what} is {show_size(ram.value)}, which is not a power of two",
                ram.span,
                help=f"it is one block of memory: write {show_size(above >> 1)} or {show_size(above)}",
            )
        return ram

    def _routes(self, fields: Fields) -> tuple[Route, ...]:
        found = [self._route(fields, entry) for entry in _entries(fields.mapping("uses"))]
        return tuple(found)

    def _route(self, fields: Fields, entry: Entry) -> Route:
        port = Placed(entry.key, entry.key_span)
        quota = 0
        node = entry.value
        if isinstance(node, Mapping):
            below = Fields(node, f"the route of '{entry.key[:40]}'", ("to", "quota"), self._reporter)
            below.require("to")
            size = below.size("quota")
            quota = size.value if size else 0
            to = below.text("to")
        elif isinstance(node, Scalar):
            to = fields.as_text(node, entry.key)
        else:
            to = None
            fields.wrong_kind(node, entry.key, "a route such as timer.timer")
        if to is None:
            return Route(port, None, "", 0)
        match = ROUTE.fullmatch(to.value)
        if match is None:
            self._reporter.error(
                "SYS0046",
                f"'{to.value[:60]}' is not a route",
                to.span,
                help="write the instance and its port: timer.timer",
            )
            return Route(port, None, "", 0)
        return Route(port, Placed(match[1], to.span), match[2], quota)

    def _devices(self, fields: Fields) -> tuple[DeviceGrant, ...]:
        found = []
        for entry in _entries(fields.mapping("devices")):
            name = Placed(entry.key, entry.key_span)
            if isinstance(entry.value, Mapping):
                on_boards = [(item.key, fields.as_text(item.value, item.key)) for item in entry.value.entries]
                found.append(DeviceGrant(name, tuple((board, text) for board, text in on_boards if text is not None)))
                continue
            text = fields.as_text(entry.value, entry.key)
            if text is not None:
                found.append(DeviceGrant(name, (("", text),)))
        return tuple(found)

    def _grants(self, fields: Fields) -> tuple[Placed[str], ...]:
        grants = fields.texts("grants")
        check_unique(grants, "the grant", self._reporter)
        for grant in grants:
            check_grant(grant, self._reporter)
        return grants

    def _after(self, fields: Fields) -> tuple[Placed[str], ...]:
        after = fields.texts("after")
        check_unique(after, "the instance", self._reporter)
        return after

    def _files(self, fields: Fields, node: Mapping) -> list[FileToAdd]:
        found = []
        for entry in node.entries:
            source = fields.as_text(entry.value, entry.key)
            if source is not None and self._check_path(entry.key, entry.key_span):
                found.append(FileToAdd(Placed(entry.key, entry.key_span), source))
        return found

    def _check_path(self, path: str, span: Span) -> bool:
        """Whether a path can be in the initfs beside what the composer puts there."""
        parts = path.split("/")
        problem = ""
        if any(part in ("", ".", "..") for part in parts):
            problem = "is absolute, or has an empty part, '.' or '..'"
        elif not path.isprintable() or len(path.encode("utf-8", "replace")) > 255:
            problem = "has characters that do not print, or is longer than 255 bytes"
        elif path == "manifest" or parts[0] == "bin":
            problem = "is where the composer puts what it makes"
        if problem:
            self._reporter.error(
                "SYS0036",
                f"'{path[:60]}' cannot be a path in the initfs: it {problem}",
                span,
                help="write a path such as etc/motd",
            )
        return not problem


def _entries(node: Mapping | None) -> tuple[Entry, ...]:
    return node.entries if node else ()
