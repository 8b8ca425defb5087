# SPDX-License-Identifier: MIT
"""Kernel interfaces to files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from codegen.cpp.kernel_view import kernel_view
from codegen.cpp.render import render
from codegen.idl import model


def kernel_outputs(interfaces: Iterable[model.Interface]) -> dict[str, str]:
    """The contents of all headers, by their path below `generated/`."""
    outputs: dict[str, str] = {}
    for interface in interfaces:
        view = kernel_view(interface, source_name(interface.path))
        if view.methods:
            outputs[f"kernel/{interface.module}.hpp"] = render("kernel_invocation.hpp.j2", view=view)
        outputs[f"object/{interface.module}.hpp"] = render("object.hpp.j2", view=view)
    return outputs


def source_name(path: str) -> str:
    """A path as it is in the repository, wherever the generator is run: from `idl/` on, if it is there."""
    parts = PurePath(path).parts
    start = len(parts) - 1 - parts[::-1].index("idl") if "idl" in parts else len(parts) - 1
    return "/".join(parts[start:])
