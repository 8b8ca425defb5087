# SPDX-License-Identifier: MIT
"""What `@...` in front of an interface or a method means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codegen.diagnostics import Note, Reporter, did_you_mean
from codegen.idl import ast, model

PAGE_SIZE = 4096
MAX_WINDOW = 1 << 24

_INTERFACE_USES = {"kernel": "@kernel(3)", "window": "@window(64KiB)"}
_METHOD_USES = {"deferred": "@deferred", "filled": "@filled(lease, count)"}


@dataclass(frozen=True)
class InterfaceAttributes:
    kernel_object: model.KernelObject | None
    minimum_window: int


@dataclass(frozen=True)
class MethodAttributes:
    deferred: bool
    filled: model.Filled | None


def interface_attributes(tree: ast.Interface, reporter: Reporter) -> InterfaceAttributes:
    kernel_object: model.KernelObject | None = None
    window = 0
    for attribute in _known(tree.attributes, _INTERFACE_USES, "an interface", reporter):
        argument = attribute.arguments[0] if len(attribute.arguments) == 1 else None
        if not isinstance(argument, ast.Number):
            _wrong_arguments(attribute, _INTERFACE_USES, reporter)
        elif attribute.name.text == "window":
            window = _window(argument, reporter)
        else:
            kernel_object = _kernel_object(tree, argument, reporter)
    return InterfaceAttributes(kernel_object, window)


def method_attributes(node: ast.Method, parameters: tuple[model.Field, ...], results: tuple[model.Field, ...],
                      reporter: Reporter) -> MethodAttributes:
    deferred = False
    filled: model.Filled | None = None
    for attribute in _known(node.attributes, _METHOD_USES, "a method", reporter):
        if node.kind is not ast.MethodKind.CALL:
            reporter.error("IDL0033", f"'@{attribute.name.text}' needs a call, and '{node.name.text}' is "
                           f"{'an event' if node.kind is ast.MethodKind.EVENT else 'one-way'}", attribute.span,
                           help="nobody waits for an answer to it")
        elif attribute.name.text == "deferred":
            deferred = True
            if attribute.arguments:
                _wrong_arguments(attribute, _METHOD_USES, reporter)
        else:
            filled = _filled(attribute, parameters, results, reporter)
    return MethodAttributes(deferred, filled)


def _known(attributes: Iterable[ast.Attribute], uses: dict[str, str], what: str,
           reporter: Reporter) -> list[ast.Attribute]:
    """The attributes that exist, each once."""
    known: dict[str, ast.Attribute] = {}
    for attribute in attributes:
        name = attribute.name.text
        if name not in uses:
            meant = did_you_mean(name, uses)
            reporter.error("IDL0008", f"{what} has no attribute '@{name}'", attribute.name.span,
                           help=f"did you mean '@{meant}'?" if meant else f"there are {', '.join(uses.values())}")
        elif name in known:
            reporter.error("IDL0011", f"'@{name}' is given twice", attribute.span,
                           notes=[Note("the first is here", known[name].span)], help="keep one of them")
        else:
            known[name] = attribute
    return list(known.values())


def _wrong_arguments(attribute: ast.Attribute, uses: dict[str, str], reporter: Reporter) -> None:
    reporter.error("IDL0009", f"wrong arguments of '@{attribute.name.text}'", attribute.span,
                   help=f"write {uses[attribute.name.text]}")


def _window(argument: ast.Number, reporter: Reporter) -> int:
    if argument.value % PAGE_SIZE == 0 and 0 < argument.value <= MAX_WINDOW:
        return argument.value
    reporter.error("IDL0042", f"a window of {argument.value} bytes is not possible", argument.span,
                   help="a window is a multiple of 4KiB, at most 16MiB")
    return 0


def _kernel_object(tree: ast.Interface, argument: ast.Number, reporter: Reporter) -> model.KernelObject | None:
    known = model.KERNEL_OBJECTS.get(tree.name.text)
    if known is not None and known.number == argument.value:
        return known
    by_number = next((item.name for item in model.KERNEL_OBJECTS.values() if item.number == argument.value), "")
    help = f"object {argument.value} is '{by_number}'" if by_number else "the numbers are in kernel/abi/object.hpp"
    reporter.error("IDL0009", f"'{tree.name.text}' is not kernel object {argument.value}", argument.span, help=help)
    return None


def _filled(attribute: ast.Attribute, parameters: tuple[model.Field, ...], results: tuple[model.Field, ...],
            reporter: Reporter) -> model.Filled | None:
    names = [item for item in attribute.arguments if isinstance(item, ast.Name)]
    if len(attribute.arguments) != 2 or len(names) != 2:
        _wrong_arguments(attribute, _METHOD_USES, reporter)
        return None
    leases = {item.name for item in parameters if isinstance(item.type, model.Lease) and item.type.writable}
    counts = {item.name for item in results if isinstance(item.type, model.Scalar) and not item.type.signed}
    for name, candidates, what in ((names[0], leases, "an out lease"), (names[1], counts, "an unsigned result")):
        if name.text not in candidates:
            meant = did_you_mean(name.text, candidates)
            others = f"there are {', '.join(sorted(candidates))}" if candidates else f"give the method {what}"
            reporter.error("IDL0037", f"'{name.text}' is not {what} of this method", name.span,
                           help=f"did you mean '{meant}'?" if meant else others)
            return None
    return model.Filled(names[0].text, names[1].text)
