# SPDX-License-Identifier: MIT
"""A composition to a `System`: finds components, connects ports, gives devices, parameters and grants."""

from __future__ import annotations

from collections.abc import Mapping

from codegen.board.model import Board
from codegen.diagnostics import Note, Reporter, Span, did_you_mean
from codegen.idl.facts import InterfaceFacts
from codegen.system.component import Component, ProvidedPort, UsedPort
from codegen.system.composition import Composition, Instance, Route
from codegen.system.give import give_devices, give_grants, give_parameters
from codegen.system.library import Library
from codegen.system.system import INIT, Link, Member, System
from codegen.yaml.fields import Placed


def link(composition: Composition, board: Board, library: Library, reporter: Reporter) -> System | None:
    """The system, or None after a report if it cannot be put together at all."""
    init = library.component(Placed(INIT, composition.span))
    found = {item.name: library.component(item.binary) for item in composition.instances}
    if init is None:
        return None
    components: dict[str, Component | None] = {**found, INIT: init}
    linker = _Linker(composition, components, library.interfaces, reporter)
    members = []
    for instance in composition.instances:
        component = components[instance.name]
        linker.check_after(instance)
        if component is not None:
            members.append(
                Member(
                    instance=instance,
                    component=component,
                    links=linker.links(instance, component),
                    devices=give_devices(instance, component, board, reporter),
                    parameters=give_parameters(instance, component, reporter),
                    grants=give_grants(instance, component, reporter),
                )
            )
    return System(composition, board, init, tuple(members))


class _Linker:
    """`components` holds every instance and init; None for one whose component could not be read."""

    def __init__(
        self,
        composition: Composition,
        components: Mapping[str, Component | None],
        interfaces: Mapping[str, InterfaceFacts],
        reporter: Reporter,
    ) -> None:
        self._composition = composition
        self._components = components
        self._interfaces = interfaces
        self._reporter = reporter

    def links(self, instance: Instance, component: Component) -> tuple[Link | None, ...]:
        """One for each used port, in order."""
        routes = {route.port.value: route for route in instance.routes}
        meant = set()
        for route in instance.routes:
            if component.used(route.port.value) is None:
                meant.add(self._report_unknown_port(instance, component, route))
        return tuple(
            None if port.name in meant else self._link(instance, port, routes.get(port.name))
            for port in component.uses
        )

    def check_after(self, instance: Instance) -> None:
        for name in instance.after:
            if name.value not in self._components:
                self._report_unknown_instance(name.value, name.span, ())

    def _link(self, instance: Instance, port: UsedPort, route: Route | None) -> Link | None:
        if route is None:
            if not port.optional:
                self._report_unconnected(instance, port)
            return None
        if route.target is None:
            return None
        target = route.target.value
        if target not in self._components:
            self._report_unknown_instance(target, route.target.span, self._declared(port))
            return None
        component = self._components[target]
        if component is None:
            return None
        provided = component.provided(route.target_port)
        if provided is None:
            self._report_no_such_port(route, route.target, component, port)
            return None
        if provided.interface != port.interface:
            self._report_mistyped(instance, port, route.target, provided)
            return None
        interface = self._interfaces.get(port.interface)
        if interface is None:
            return None
        return Link(instance.name, port, target, provided, interface, route.quota, route.target.span)

    def _providers(self, interface: str) -> list[str]:
        """Every `instance.port` that provides an interface."""
        return [
            f"{name}.{port.name}"
            for name, component in self._components.items()
            if component is not None
            for port in component.provides
            if port.interface == interface
        ]

    def _declared(self, port: UsedPort) -> tuple[Note, ...]:
        return (Note(f"the port '{port.name}' of interface {port.interface} is declared here", port.span),)

    def _suggest(self, interface: str, otherwise: str) -> str:
        providers = self._providers(interface)
        return f"{interface} is provided by {', '.join(providers)}" if providers else otherwise

    def _report_unknown_port(self, instance: Instance, component: Component, route: Route) -> str:
        """The port that was meant, if one is close."""
        guess = did_you_mean(route.port.value, [port.name for port in component.uses])
        names = ", ".join(port.name for port in component.uses) or "none"
        self._reporter.error(
            "SYS0015",
            f"'{instance.name}' uses no port '{route.port.value[:40]}'",
            route.port.span,
            notes=[Note(f"the component '{component.name}' is described here", component.span)],
            help=f"did you mean '{guess}'?" if guess else f"the ports it uses are: {names}",
        )
        return guess

    def _report_unknown_instance(self, name: str, span: Span, notes: tuple[Note, ...]) -> None:
        guess = did_you_mean(name, self._components)
        self._reporter.error(
            "SYS0016",
            f"there is no instance '{name[:40]}'",
            span,
            notes=notes,
            help=f"did you mean '{guess}'?" if guess else f"add '{name[:40]}' to 'instances', or route elsewhere",
        )

    def _report_unconnected(self, instance: Instance, port: UsedPort) -> None:
        providers = self._providers(port.interface)
        if providers:
            help = f"write '{port.name}: {providers[0]}' below 'uses'"
        else:
            help = f"no instance provides {port.interface}: add one that does"
        self._reporter.error(
            "SYS0018",
            f"port '{port.name}' of '{instance.name}' is not connected",
            instance.span,
            notes=self._declared(port),
            help=help,
        )

    def _report_no_such_port(
        self, route: Route, target: Placed[str], component: Component, port: UsedPort
    ) -> None:
        guess = did_you_mean(route.target_port, [item.name for item in component.provides])
        otherwise = f"'{component.name}' provides {', '.join(item.name for item in component.provides) or 'nothing'}"
        self._reporter.error(
            "SYS0017",
            f"'{target.value}' provides no port '{route.target_port[:40]}'",
            target.span,
            notes=[
                Note(f"the component '{component.name}' is described here", component.span),
                *self._declared(port),
            ],
            help=f"did you mean '{target.value}.{guess}'?" if guess else otherwise,
        )

    def _report_mistyped(self, instance: Instance, port: UsedPort, target: Placed[str], provided: ProvidedPort) -> None:
        place = f"{target.value}.{provided.name}"
        self._reporter.error(
            "SYS0019",
            f"port '{port.name}' of '{instance.name}' uses {port.interface}, but '{place}' is {provided.interface}",
            target.span,
            notes=[
                Note(f"'{port.name}' is used as {port.interface} here", port.interface_span),
                Note(f"'{provided.name}' is provided as {provided.interface} here", provided.interface_span),
            ],
            help=self._suggest(port.interface, f"no instance provides {port.interface}"),
        )
