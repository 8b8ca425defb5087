# SPDX-License-Identifier: MIT
"""Service interfaces to files."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.cpp.client_view import client_view
from codegen.cpp.kernel_output import source_name
from codegen.cpp.render import render
from codegen.cpp.server_view import server_view
from codegen.cpp.types_view import types_view
from codegen.idl import model


def service_outputs(interfaces: Iterable[model.Interface]) -> dict[str, str]:
    """The contents of all headers, by their path below `generated/`."""
    outputs: dict[str, str] = {}
    for interface in interfaces:
        source = source_name(interface.path)
        stem = interface.module
        outputs[f"{stem}_types.hpp"] = render("types.hpp.j2", view=types_view(interface, source))
        outputs[f"{stem}_client.hpp"] = render("client.hpp.j2", view=client_view(interface, source))
        outputs[f"{stem}_server.hpp"] = render("server.hpp.j2", view=server_view(interface, source))
        outputs[f"{stem}.hpp"] = render("service.hpp.j2", module=stem, interface=interface.name, source=source)
    return outputs
