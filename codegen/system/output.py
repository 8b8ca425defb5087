# SPDX-License-Identifier: MIT
"""Printing through templates, and files that change only when their content does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(folder: Path, template: str, values: Mapping[str, object]) -> str:
    """Prints `values` through a template that sees nothing else."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(template).render(values)


def write_if_changed(path: Path, content: str | bytes) -> None:
    """Writes a file, making its folder; leaves it untouched, with its time, if it has this content already."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
