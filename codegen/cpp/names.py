# SPDX-License-Identifier: MIT
"""Identifiers of the IDL to identifiers of C++."""

from __future__ import annotations

import re

_KEYWORDS = frozenset(
    """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class
    co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default
    delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long
    mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register
    reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this
    thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor
    xor_eq final override import module""".split()
)

# What the bodies of generated functions call their own variables.
_LOCALS = frozenset(("words", "reply", "result", "incoming", "capability", "target", "answer", "record", "pending", "server"))


def identifier(name: str) -> str:
    """A function, parameter or field; a keyword of C++ gets a trailing underscore."""
    return f"{name}_" if name in _KEYWORDS else name


def parameter(name: str) -> str:
    """A parameter: as `identifier`, and apart from the variables of the function."""
    return f"{name}_" if name in _LOCALS else identifier(name)


def camel(name: str) -> str:
    """`read_line` and `LINE_MAX` to `ReadLine` and `LineMax`; a name that is camel case already stays."""
    if "_" not in name and not name.isupper():
        return name[:1].upper() + name[1:]
    return "".join(part[:1].upper() + part[1:].lower() for part in name.split("_"))


def snake(name: str) -> str:
    """`SchedContext` to `sched_context`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def constant(name: str) -> str:
    return f"k{camel(name)}"


def namespace(module: str) -> str:
    return f"idl::{identifier(module)}"
