# SPDX-License-Identifier: MIT
"""Rules on the meaning of a file, one function each. Those on how it is written are in `check_text`."""

from __future__ import annotations

from codegen.diagnostics import Note, Reporter
from codegen.idl import model
from codegen.idl.attributes import MAX_WINDOW
from codegen.idl.check_text import check_text
from codegen.idl.cycles import check_cycles
from codegen.idl.layout import LENGTH_SIZE, MESSAGE_WORDS, WORD_SIZE, invocation_layout, size_of
from codegen.idl.message import Place, interface_layout
from codegen.idl.scope import Scope

MAX_EVENT_SIZE = 256

Imports = dict[str, model.Interface]


def check(scopes: dict[str, Scope], interfaces: dict[str, model.Interface], imported: dict[str, Imports],
          reporter: Reporter) -> None:
    """Every rule on every file."""
    for scope in scopes.values():
        if scope.interface is not None:
            check_text(scope.interface, scope.source.tree.complete, reporter)
    services = {path: item for path, item in interfaces.items() if not _is_kernel(scopes[path])}
    _interface_names(services, reporter)
    for path, interface in interfaces.items():
        if interface.kernel_object is not None:
            _kernel_features(interface, reporter)
            _kernel_words(interface, reporter)
            continue
        _one_capability(interface, reporter)
        _no_interface_parameters(interface, reporter)
        _event_size(interface, reporter)
        _no_events_of_objects(interface, imported.get(path, {}), reporter)
        if _lengths_fit(interface, reporter):
            _window_size(interface, reporter)
    check_cycles(interfaces, imported, reporter)


def _is_kernel(scope: Scope) -> bool:
    """Whether a file means to declare an interface of the kernel, rightly or not."""
    return scope.interface is not None and any(item.name.text == "kernel" for item in scope.interface.attributes)


def _interface_names(interfaces: dict[str, model.Interface], reporter: Reporter) -> None:
    """Components and capabilities name an interface without its file: no other may be called the same."""
    first: dict[str, model.Interface] = {}
    for interface in interfaces.values():
        other = first.setdefault(interface.name, interface)
        if other is not interface:
            reporter.error("IDL0050", f"there is another interface '{interface.name}'", interface.span,
                           notes=[Note("it is declared here", other.span)], help="rename one of them")
        elif interface.name in model.KERNEL_OBJECTS:
            reporter.error("IDL0050", f"'{interface.name}' is an object of the kernel", interface.span,
                           help=f"rename it: cap<{interface.name}> is a capability of the kernel's")


def _kernel_features(interface: model.Interface, reporter: Reporter) -> None:
    """The kernel carries words: no windows, no events, nobody to defer to."""
    for event in interface.events:
        reporter.error("IDL0035", "the kernel raises no events", event.span, help="use a notification")
    for method in interface.methods:
        if method.kind is model.MethodKind.ONEWAY or method.deferred or method.throws is not None:
            reporter.error("IDL0035", f"'{method.name}' is not a plain call", method.span,
                           help="an invocation is a call; its errors are those of kernel/abi/error.hpp")
        for field in (*method.parameters, *method.results):
            if not _kernel_type(field.type):
                reporter.error("IDL0035", f"'{field.name}' cannot be carried by an invocation", field.span,
                               help="integers, truth values, arrays of them and capabilities of kernel objects can")
    if interface.enums or interface.structs or interface.errors:
        reporter.error("IDL0035", "a kernel interface declares no types", interface.span,
                       help="types of the kernel's ABI are in kernel/abi")


def _kernel_type(type: model.Type) -> bool:
    if isinstance(type, model.Array):
        return isinstance(type.element, (model.Scalar, model.Bool))
    if isinstance(type, model.Capability):
        return isinstance(type.target, model.KernelObject)
    return isinstance(type, (model.Scalar, model.Bool))


def _kernel_words(interface: model.Interface, reporter: Reporter) -> None:
    for method in interface.methods:
        for what, fields in (("parameters", method.parameters), ("results", method.results)):
            if not all(_kernel_type(field.type) for field in fields):
                continue
            words = invocation_layout(fields).words
            if words > MESSAGE_WORDS:
                reporter.error("IDL0030", f"the {what} of '{method.name}' take {words} words", method.span,
                               help=f"a message has {MESSAGE_WORDS}; put small parameters next to each other")


def _one_capability(interface: model.Interface, reporter: Reporter) -> None:
    for method in interface.methods:
        for fields in (method.parameters, method.results):
            capabilities = [field for field in fields if isinstance(field.type, model.Capability)]
            if len(capabilities) > 1:
                reporter.error("IDL0027", "a second capability in one message", capabilities[1].span,
                               notes=[Note("the first is here", capabilities[0].span)],
                               help="a message carries one: give them one after the other")


def _no_interface_parameters(interface: model.Interface, reporter: Reporter) -> None:
    """An interface is called through its session's window, which a third party does not have."""
    for method in interface.methods:
        for field in method.parameters:
            if isinstance(field.type, model.Capability) and isinstance(field.type.target, model.InterfaceName):
                reporter.error("IDL0043", f"'{field.name}' gives away a session", field.span,
                               help="only a result can be a capability of an interface")


def _event_size(interface: model.Interface, reporter: Reporter) -> None:
    for event in interface.events:
        size = sum(size_of(field.type) for field in event.parameters)
        if size > MAX_EVENT_SIZE:
            reporter.error("IDL0048", f"event '{event.name}' has {size} bytes", event.span,
                           help=f"an event has at most {MAX_EVENT_SIZE}: let the client ask for the rest")


def _no_events_of_objects(interface: model.Interface, imports: Imports, reporter: Reporter) -> None:
    """Events are in the session's window, which is the port's."""
    for method in interface.methods:
        for field in method.results:
            if not (isinstance(field.type, model.Capability) and isinstance(field.type.target, model.InterfaceName)):
                continue
            target = interface if field.type.target.module == interface.module else imports.get(field.type.target.module)
            if target is not None and target.events:
                reporter.error("IDL0045", f"'{target.name}' has events and is handed out by '{method.name}'", field.span,
                               notes=[Note(f"event '{target.events[0].name}'", target.events[0].span)],
                               help="declare the events in the interface of the port, with a number for the object")


def _lengths_fit(interface: model.Interface, reporter: Reporter) -> bool:
    """Each string, byte array, vector and lease has its length among the words."""
    fit = True
    for method, layout in zip(interface.methods, interface_layout(interface).methods, strict=True):
        for message in (layout.request, layout.reply):
            capacity = (MESSAGE_WORDS - int(message.has_capability)) * WORD_SIZE
            beyond = [item for item in message.placements
                      if item.place is Place.LENGTH_AND_WINDOW and item.offset + LENGTH_SIZE > capacity]
            if beyond:
                fit = False
                reporter.error("IDL0044", f"'{method.name}' has too many values of variable size",
                               beyond[0].field.span,
                               help=f"their lengths, {LENGTH_SIZE} bytes each, have to fit {capacity} bytes")
    return fit


def _window_size(interface: model.Interface, reporter: Reporter) -> None:
    layout = interface_layout(interface)
    if layout.window_size > MAX_WINDOW:
        reporter.error("IDL0044", f"'{interface.name}' needs a window of {layout.window_size} bytes", interface.span,
                       help=f"a window has at most {MAX_WINDOW}: lower the bounds")
    messages = max((method.window_size for method in layout.methods), default=0)
    if interface.minimum_window and messages > interface.minimum_window:
        reporter.error("IDL0042", f"messages of '{interface.name}' need {messages} bytes of window", interface.span,
                       help=f"'@window' asks for {interface.minimum_window}: leave it out or ask for more")
