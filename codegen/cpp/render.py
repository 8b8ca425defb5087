# SPDX-License-Identifier: MIT
"""Printing: the Jinja environment, and files that are written only when they change."""

from __future__ import annotations

import functools
import re
import textwrap
from pathlib import Path

import jinja2

from codegen.cpp.layout_text import COLUMN_LIMIT

TEMPLATES = Path(__file__).parent / "templates"
_BEGINS_LINE = re.compile(r"[A-Z][A-Za-z0-9-]*: |- ")


@functools.cache
def environment() -> jinja2.Environment:
    """Undefined names are errors: a template prints what its view has, and decides nothing."""
    created = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    created.filters["doc"] = doc_comment
    return created


def render(template: str, **view: object) -> str:
    return environment().get_template(template).render(**view)


def doc_comment(text: str, indent: int = 0) -> str:
    """Lines of `///`, filled and each ended; nothing for no text."""
    prefix = " " * indent + "///"
    lines: list[str] = []
    for paragraph in _paragraphs(text):
        lines += textwrap.wrap(paragraph, COLUMN_LIMIT - len(prefix) - 1, break_long_words=False,
                               break_on_hyphens=False) or [""]
    return "".join(f"{prefix} {line}".rstrip() + "\n" for line in lines)


def _paragraphs(text: str) -> list[str]:
    """Text that is filled as one; empty lines are kept, and so is the beginning of `Errors: ...` and of list items."""
    paragraphs: list[str] = []
    for line in text.split("\n") if text else []:
        joins = paragraphs and paragraphs[-1] and line and not _BEGINS_LINE.match(line)
        if joins:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
    return paragraphs


def write_if_changed(path: Path, content: str) -> bool:
    """Writes a file, unless it has this content already: what depends on it is then not built again."""
    encoded = content.encode()
    if path.is_file() and path.read_bytes() == encoded:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded)
    return True
