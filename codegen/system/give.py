# SPDX-License-Identifier: MIT
"""What an instance is given beside its ports, held against what its component declares."""

from __future__ import annotations

from codegen.board.model import Board, Device
from codegen.diagnostics import Note, Reporter, did_you_mean
from codegen.system.component import GRANTS, Component, DeviceNeed
from codegen.system.composition import DeviceGrant, Instance
from codegen.system.system import GivenDevice, GivenParameter
from codegen.system.values import read_value
from codegen.yaml.fields import Fields
from codegen.yaml.tree import Mapping


def give_devices(
    instance: Instance, component: Component, board: Board, reporter: Reporter
) -> tuple[GivenDevice, ...]:
    """The board's device for each that the component needs. Whether two want the same one is checked later."""
    given = {grant.name.value: grant for grant in instance.devices}
    meant = set()
    for grant in instance.devices:
        if all(need.name != grant.name.value for need in component.devices):
            guess = did_you_mean(grant.name.value, [need.name for need in component.devices])
            meant.add(guess)
            names = ", ".join(need.name for need in component.devices) or "none"
            reporter.error(
                "SYS0050",
                f"'{instance.name}' drives no device '{grant.name.value[:40]}'",
                grant.name.span,
                notes=[Note(f"the component '{component.name}' is described here", component.span)],
                help=f"did you mean '{guess}'?" if guess else f"the devices it drives are: {names}",
            )
    needs = [need for need in component.devices if need.name not in meant]
    found = (_give_device(instance, need, given.get(need.name), board, reporter) for need in needs)
    return tuple(item for item in found if item is not None)


def _give_device(
    instance: Instance, need: DeviceNeed, grant: DeviceGrant | None, board: Board, reporter: Reporter
) -> GivenDevice | None:
    name = grant.on(board.name) if grant is not None else None
    declared = Note(f"the device '{need.name}' is declared here", need.span)
    if name is None:
        fitting = [device.name for device in board.devices if _fits(device, need)]
        reporter.error(
            "SYS0027",
            f"'{instance.name}' is not given its device '{need.name}' on {board.name}",
            grant.name.span if grant is not None else instance.span,
            notes=[declared],
            help=f"write '{need.name}: {fitting[0]}' below 'devices'" if fitting else "this board has none that fits",
        )
        return None
    device = board.device(name.value)
    if device is None:
        guess = did_you_mean(name.value, [item.name for item in board.devices])
        reporter.error(
            "SYS0022",
            f"board {board.name} has no device '{name.value[:40]}'",
            name.span,
            notes=[Note("the board is described here", board.span)],
            help=f"did you mean '{guess}'?" if guess else f"it has {', '.join(item.name for item in board.devices)}",
        )
        return None
    if device.kernel_only:
        reporter.error(
            "SYS0051",
            f"'{device.name}' is the kernel's own and cannot be given away",
            name.span,
            notes=[Note("the device is described here", device.span)],
            help="use another device",
        )
        return None
    if not _fits(device, need):
        reporter.error(
            "SYS0023",
            f"'{instance.name}' cannot drive '{device.name}': it is a {device.compatible}",
            name.span,
            notes=[declared, Note("the device is described here", device.span)],
            help=f"it has a driver for {' and '.join(need.compatible)}",
        )
        return None
    return GivenDevice(need, device, name.span)


def _fits(device: Device, need: DeviceNeed) -> bool:
    return device.compatible in need.compatible and not device.kernel_only


def give_parameters(instance: Instance, component: Component, reporter: Reporter) -> tuple[GivenParameter, ...]:
    """A value for each parameter of the component: the instance's, or the default."""
    given = {entry.key: entry for entry in instance.parameters}
    fields = Fields(Mapping(instance.span, ()), f"instance '{instance.name}'", (), reporter)
    meant = set()
    for entry in instance.parameters:
        if all(parameter.name != entry.key for parameter in component.parameters):
            guess = did_you_mean(entry.key, [parameter.name for parameter in component.parameters])
            meant.add(guess)
            names = ", ".join(parameter.name for parameter in component.parameters) or "none"
            reporter.error(
                "SYS0030",
                f"'{instance.name}' has no parameter '{entry.key[:40]}'",
                entry.key_span,
                notes=[Note(f"the component '{component.name}' is described here", component.span)],
                help=f"did you mean '{guess}'?" if guess else f"the parameters are: {names}",
            )
    found = []
    for parameter in component.parameters:
        own = given.get(parameter.name)
        value = parameter.default
        if own is not None:
            value = read_value(parameter.type, own.value, parameter.name, fields, reporter)
        elif value is None and parameter.name not in meant:
            reporter.error(
                "SYS0048",
                f"'{instance.name}' does not set the parameter '{parameter.name}', which has no default",
                instance.span,
                notes=[Note("the parameter is declared here", parameter.span)],
                help=f"write '{parameter.name}: ...' below 'parameters', a {parameter.type}",
            )
        if value is not None:
            found.append(GivenParameter(parameter, value))
    return tuple(found)


def give_grants(instance: Instance, component: Component, reporter: Reporter) -> frozenset[str]:
    """The special rights that the instance is given. What the component declares has to be given, and only that."""
    given = {grant.value: grant.span for grant in instance.grants}
    for need in component.grants:
        if need.name not in given and not need.optional:
            reporter.error(
                "SYS0028",
                f"'{instance.name}' is not given the grant '{need.name}', which it needs",
                instance.span,
                notes=[Note("the grant is declared here", need.span)],
                help=f"add 'grants: [{', '.join([*given, need.name])}]'",
            )
    for name, span in given.items():
        if name in GRANTS and all(need.name != name for need in component.grants):
            reporter.error(
                "SYS0049",
                f"'{instance.name}' is given the grant '{name[:40]}', which its component does not ask for",
                span,
                notes=[Note(f"the component '{component.name}' is described here", component.span)],
                help="leave it out, or declare it in component.yaml",
            )
    return frozenset(given)
