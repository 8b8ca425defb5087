# SPDX-License-Identifier: MIT
"""Reads what the composer wrote, as init and libos do: by offsets and tables, with the layouts of the formats."""

from __future__ import annotations

from typing import Any

from codegen.system import formats
from codegen.system.layout import Layout


class Record:
    """One struct in a file. Fields are attributes; nested structs are records."""

    def __init__(self, layout: Layout, file: bytes, offset: int) -> None:
        self._layout = layout
        self._file = file
        self._offset = offset
        assert offset % 4 == 0
        assert offset + layout.size <= len(file)

    def __getattr__(self, name: str) -> Any:
        field = next(field for field in self._layout.fields if field.name == name)
        at = self._offset + field.offset
        if isinstance(field.type, Layout) and field.count:
            return [Record(field.type, self._file, at + index * field.type.size) for index in range(field.count)]
        if isinstance(field.type, Layout):
            return Record(field.type, self._file, at)
        return int.from_bytes(self._file[at : at + field.size], "little")

    def text(self, name: str) -> str:
        """The text that a field is the offset of."""
        return text_at(self._file, getattr(self, name))

    def table(self, name: str, layout: Layout) -> list[Record]:
        """The rows of a table of this file."""
        table = getattr(self, name)
        return [Record(layout, self._file, table.offset + index * layout.size) for index in range(table.count)]


def text_at(file: bytes, offset: int) -> str:
    return file[offset : file.index(b"\0", offset)].decode() if offset else ""


class Startup:
    """A startup page."""

    def __init__(self, page: bytes) -> None:
        self.page = page
        self.info = Record(formats.STARTUP_INFO, page, 0)
        assert self.info.magic == formats.STARTUP_MAGIC
        assert self.info.size == len(page)
        self.name = self.info.text("name")
        self.used_ports = self.info.table("used_ports", formats.USED_PORT)
        self.sessions = self.info.table("sessions", formats.SESSION)
        self.devices = self.info.table("devices", formats.DEVICE_INFO)
        parameters = self.info.table("parameters", formats.PARAMETER)
        self.parameters = {row.text("name"): self._value(row) for row in parameters}
        self.arguments = self._texts("arguments")
        self.provided_ports = self._texts("provided_ports")

    def _texts(self, table: str) -> list[str]:
        place = getattr(self.info, table)
        offsets = (place.offset + 4 * index for index in range(place.count))
        return [text_at(self.page, int.from_bytes(self.page[at : at + 4], "little")) for at in offsets]

    def _value(self, row: Record) -> object:
        if row.kind == 3:
            return self._list(row.value)
        if row.kind == 2:
            return text_at(self.page, row.value)
        return bool(row.value) if row.kind == 1 else row.value

    def _list(self, offset: int) -> list[str]:
        items = []
        while item := int.from_bytes(self.page[offset : offset + 8], "little"):
            items.append(text_at(self.page, item))
            offset += 8
        return items


class Manifest:
    """The file `manifest`."""

    def __init__(self, file: bytes) -> None:
        self.file = file
        self.header = Record(formats.HEADER, file, 0)
        assert self.header.magic == formats.MANIFEST_MAGIC
        self.components = self.header.table("components", formats.COMPONENT)
        self.windows = self.header.table("windows", formats.WINDOW)
        self.ports = self.header.table("ports", formats.PORT)
        self.devices = self.header.table("devices", formats.DEVICE)
        self.grants = self.header.table("grants", formats.GRANT)
        self.names = [component.text("name") for component in self.components]

    def rows(self, component: Record, table: str) -> list[Record]:
        """The rows of one component in a table."""
        place = getattr(component, table)
        found: list[Record] = getattr(self, table)[place.offset : place.offset + place.count]
        assert len(found) == place.count
        return found

    def startup(self, name: str) -> Startup:
        if name == "init":
            offset, size = self.header.init_startup_offset, self.header.init_startup_size
        else:
            component = self.components[self.names.index(name)]
            offset, size = component.startup_offset, component.startup_size
        assert offset % 8 == 0
        return Startup(self.file[offset : offset + size])
