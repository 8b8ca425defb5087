# SPDX-License-Identifier: MIT
"""Syntax trees to the model: each file becomes an `Interface` whose names are resolved."""

from __future__ import annotations

from codegen.diagnostics import Note, Reporter
from codegen.idl import ast, model
from codegen.idl.attributes import interface_attributes, method_attributes
from codegen.idl.scope import Scope, look_up
from codegen.idl.type_resolver import Position, TypeResolver


def resolve(scopes: dict[str, Scope], reporter: Reporter) -> dict[str, model.Interface]:
    """The interfaces by path. What is wrong in one is reported and left out of it."""
    types = TypeResolver(reporter)
    interfaces: dict[str, model.Interface] = {}
    for path, scope in scopes.items():
        if scope.interface is not None:
            interfaces[path] = _Resolver(scope, scope.interface, types, reporter).interface()
    for scope in scopes.values():
        _unused_imports(scope, reporter)
    return interfaces


class _Resolver:
    def __init__(self, scope: Scope, tree: ast.Interface, types: TypeResolver, reporter: Reporter) -> None:
        self._scope = scope
        self._tree = tree
        self._types = types
        self._reporter = reporter

    def interface(self) -> model.Interface:
        tree, scope = self._tree, self._scope
        attributes = interface_attributes(tree, self._reporter)
        methods = [self._method(item) for item in tree.members if isinstance(item, ast.Method)]
        return model.Interface(
            path=scope.source.path,
            module=scope.module,
            name=tree.name.text,
            major=tree.major.value,
            minor=tree.minor.value,
            doc=tree.doc,
            kernel_object=attributes.kernel_object,
            minimum_window=attributes.minimum_window,
            constants=self._constants(),
            enums=tuple(enum for node in tree.members if isinstance(node, ast.Enumeration)
                        if (enum := self._types.enumeration(scope, node)) is not None),
            structs=tuple(struct for node in tree.members if isinstance(node, ast.Struct)
                          if (struct := self._types.struct(scope, node)) is not None),
            errors=tuple(self._types.errors(scope, node) for node in tree.members if isinstance(node, ast.ErrorSet)),
            methods=tuple(item for item in methods if item.kind is not model.MethodKind.EVENT),
            events=tuple(item for item in methods if item.kind is model.MethodKind.EVENT),
            imports=tuple(sorted(other.module for other in scope.imported.values())),
            span=tree.name.span,
        )

    def _constants(self) -> tuple[model.Constant, ...]:
        constants: list[model.Constant] = []
        for node in self._tree.members:
            if not isinstance(node, ast.Constant):
                continue
            scalar = self._types.scalar(self._scope, node.type, "a constant")
            value = self._types.value(self._scope, node.value)
            if scalar and value is not None and self._types.in_range(value, scalar, node.value.span):
                constants.append(model.Constant(node.name.text, scalar, value, node.doc))
        return tuple(constants)

    def _method(self, node: ast.Method) -> model.Method:
        is_event = node.kind is ast.MethodKind.EVENT
        parameters = self._fields(node.parameters, Position.EVENT if is_event else Position.PARAMETER)
        results = self._fields(node.results, Position.RESULT)
        attributes = method_attributes(node, parameters, results, self._reporter)
        return model.Method(
            kind=model.MethodKind(node.kind.value),
            ordinal=node.ordinal.value,
            name=node.name.text,
            parameters=parameters,
            results=results,
            throws=self._throws(node),
            deferred=attributes.deferred,
            filled=attributes.filled,
            doc=node.doc,
            span=node.name.span,
        )

    def _fields(self, nodes: tuple[ast.Field, ...], position: Position) -> tuple[model.Field, ...]:
        fields = (self._types.field(self._scope, node, position) for node in nodes)
        return tuple(field for field in fields if field is not None)

    def _throws(self, node: ast.Method) -> model.ErrorDefinition | None:
        if node.throws is None:
            return None
        found = look_up(self._scope, node.throws, (ast.ErrorSet,), "a declared set of errors", "IDL0032",
                        self._reporter)
        if found is None:
            return None
        owner, declaration = found
        assert isinstance(declaration, ast.ErrorSet)
        return self._types.errors(owner, declaration)


def _unused_imports(scope: Scope, reporter: Reporter) -> None:
    seen: dict[str, ast.Name] = {}
    for name in scope.source.tree.imports:
        if name.text in seen:
            reporter.error("IDL0011", f"'{name.text}' is imported twice", name.span,
                           notes=[Note("the first is here", seen[name.text].span)], help="remove one of them")
        elif name.text == scope.module:
            reporter.error("IDL0015", f"'{name.text}' imports itself", name.span, help="remove it: what a file declares it can name")
        elif _unused(scope, name):
            reporter.error("IDL0015", f"import '{name.text}' is not used", name.span, help="remove it")
        seen[name.text] = name


def _unused(scope: Scope, name: ast.Name) -> bool:
    """Known to be: a member that could not be read may use it."""
    complete = scope.source.tree.complete and scope.interface is not None
    return complete and name.text in scope.imported and name.text not in scope.used
