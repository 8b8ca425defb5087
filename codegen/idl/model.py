# SPDX-License-Identifier: MIT
"""What a file means: every name resolved, every constant a number. The only input of the stages behind it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from codegen.diagnostics import Span


@dataclass(frozen=True)
class Scalar:
    """An integer of `size` bytes."""

    name: str
    size: int
    signed: bool

    @property
    def minimum(self) -> int:
        return -(1 << (self.size * 8 - 1)) if self.signed else 0

    @property
    def maximum(self) -> int:
        return (1 << (self.size * 8 - int(self.signed))) - 1


SCALARS = {
    name: Scalar(name, int(name[1:]) // 8, name[0] == "i")
    for name in ("u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64")
}


@dataclass(frozen=True)
class Bool:
    pass


@dataclass(frozen=True)
class EnumValue:
    name: str
    value: int
    doc: str


@dataclass(frozen=True)
class EnumDefinition:
    """An enumeration, or a set of single bits when `is_flags`. `module` is the stem of its file."""

    module: str
    name: str
    is_flags: bool
    underlying: Scalar
    values: tuple[EnumValue, ...]
    doc: str


@dataclass(frozen=True)
class StructDefinition:
    """`size` and `alignment` are those of the wire, see layout.py."""

    module: str
    name: str
    fields: tuple[Field, ...]
    size: int
    alignment: int
    doc: str


@dataclass(frozen=True)
class ErrorDefinition:
    module: str
    name: str
    values: tuple[EnumValue, ...]
    doc: str


@dataclass(frozen=True)
class Array:
    element: Type
    length: int


@dataclass(frozen=True)
class Option:
    element: Type


@dataclass(frozen=True)
class String:
    bound: int


@dataclass(frozen=True)
class Bytes:
    bound: int


@dataclass(frozen=True)
class Vector:
    element: Type
    bound: int


@dataclass(frozen=True)
class Lease:
    """Bytes of the session's window that the server may use while the call lasts."""

    writable: bool
    bound: int


@dataclass(frozen=True)
class KernelObject:
    name: str
    number: int


@dataclass(frozen=True)
class InterfaceName:
    """An interface that is handed out as a capability."""

    module: str
    name: str


@dataclass(frozen=True)
class Capability:
    target: KernelObject | InterfaceName
    rights: tuple[str, ...]
    rights_mask: int


FixedType = Scalar | Bool | EnumDefinition | StructDefinition | Array | Option
Type = FixedType | String | Bytes | Vector | Lease | Capability

# The names that `cap<...>` knows without an import, with their numbers in kernel/abi/object.hpp.
KERNEL_OBJECTS = {
    name: KernelObject(name, number)
    for number, name in enumerate(
        ("Untyped", "CNode", "Tcb", "SchedContext", "Endpoint", "Notification", "Reply", "VSpace", "PageTable",
         "Frame", "IrqControl", "IrqHandler", "CoreControl", "DebugConsole"), start=1)
}

# The bits of abi::rights by the names they have for each object.
RIGHTS: dict[str, dict[str, int]] = {
    "Endpoint": {"receive": 1, "send": 2, "grant": 4, "call": 8},
    "Notification": {"wait": 1, "signal": 2},
    "Frame": {"read": 1, "write": 2, "execute": 4},
}


@dataclass(frozen=True)
class Field:
    """A field of a struct, a parameter or a result."""

    name: str
    type: Type
    doc: str
    span: Span


@dataclass(frozen=True)
class Constant:
    name: str
    type: Scalar
    value: int
    doc: str


class MethodKind(enum.Enum):
    CALL = "call"
    ONEWAY = "oneway"
    EVENT = "event"


@dataclass(frozen=True)
class Filled:
    """`@filled(lease, count)`: the result `count` says how many bytes of the out lease the server has written."""

    lease: str
    count: str


@dataclass(frozen=True)
class Method:
    kind: MethodKind
    ordinal: int
    name: str
    parameters: tuple[Field, ...]
    results: tuple[Field, ...]
    throws: ErrorDefinition | None
    deferred: bool
    filled: Filled | None
    doc: str
    span: Span


@dataclass(frozen=True)
class Interface:
    """One file. `kernel_object` is set for the kernel's own invocations, `minimum_window` by `@window`."""

    path: str
    module: str
    name: str
    major: int
    minor: int
    doc: str
    kernel_object: KernelObject | None
    minimum_window: int
    constants: tuple[Constant, ...]
    enums: tuple[EnumDefinition, ...]
    structs: tuple[StructDefinition, ...]
    errors: tuple[ErrorDefinition, ...]
    methods: tuple[Method, ...]
    events: tuple[Method, ...]
    imports: tuple[str, ...]
    span: Span
