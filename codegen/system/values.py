# SPDX-License-Identifier: MIT
"""Values of parameters: read from YAML, checked against the type that component.yaml states."""

from __future__ import annotations

from typing import Union

from codegen.diagnostics import Reporter
from codegen.yaml.fields import U64_MAX, Fields, parse_size
from codegen.yaml.tree import Node, Scalar, Sequence, kind_of, show

PARAMETER_TYPES = ("bool", "u64", "string", "list")

ParameterValue = Union[bool, int, str, tuple[str, ...]]

# What stands in for a default that was wrong, so that nobody misses it.
SUBSTITUTES: dict[str, ParameterValue] = {"bool": False, "u64": 0, "string": "", "list": ()}
EXAMPLES = {"bool": "true or false", "u64": "a number or a size such as 64KiB", "string": "a text", "list": "[a, b]"}


def read_value(type_name: str, node: Node, name: str, fields: Fields, reporter: Reporter) -> ParameterValue | None:
    """The value of a parameter, or None after a report. `name` and `fields` say whose it is in messages."""
    if type_name == "list":
        return _read_list(node, name, fields)
    value = _read_scalar(type_name, node)
    if value is None:
        reporter.error(
            "SYS0031",
            f"'{name}' of {fields.what} is a {type_name}, not {_shown(node)}",
            node.span,
            help=f"write {EXAMPLES[type_name]}",
        )
        return None
    if type_name == "u64" and not 0 <= int(value) <= U64_MAX:
        fields.range_error(node.span, f"'{name}' is {show(node)}", "allowed is 0 to 18446744073709551615")
        return None
    if isinstance(value, str):
        text = fields.as_text(node, name)
        return text.value if text else None
    return value


def _read_scalar(type_name: str, node: Node) -> bool | int | str | None:
    if not isinstance(node, Scalar) or node.value is None:
        return None
    if type_name == "bool":
        return node.value if isinstance(node.value, bool) else None
    if type_name == "string":
        return node.text
    if isinstance(node.value, bool):
        return None
    return node.value if isinstance(node.value, int) else parse_size(node)


def _read_list(node: Node, name: str, fields: Fields) -> tuple[str, ...] | None:
    if not isinstance(node, Sequence):
        fields.wrong_kind(node, name, "a list")
        return None
    texts = [fields.as_text(item, name) for item in node.items]
    return tuple(text.value for text in texts if text is not None)


def _shown(node: Node) -> str:
    quoted = show(node)
    return quoted if quoted == kind_of(node) else f"{kind_of(node)} ({quoted})"
