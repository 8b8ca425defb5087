# SPDX-License-Identifier: MIT
"""What a file needs of others."""

from __future__ import annotations

from codegen.idl import model


def needed_types(interface: model.Interface) -> set[str]:
    """Other files whose types or errors this one's declarations and methods name."""
    found: set[str] = set()
    fields = [field for struct in interface.structs for field in struct.fields]
    for method in (*interface.methods, *interface.events):
        fields += [*method.parameters, *method.results]
        if method.throws is not None:
            found.add(method.throws.module)
    for field in fields:
        type = field.type
        while isinstance(type, (model.Array, model.Option, model.Vector)):
            type = type.element
        if isinstance(type, (model.EnumDefinition, model.StructDefinition)):
            found.add(type.module)
    return found - {interface.module}


def needed_clients(interface: model.Interface) -> set[str]:
    """Other files whose interfaces this one hands out."""
    targets = (field.type.target for method in interface.methods for field in method.results
               if isinstance(field.type, model.Capability))
    return {target.module for target in targets if isinstance(target, model.InterfaceName)} - {interface.module}
