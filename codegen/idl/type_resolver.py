# SPDX-License-Identifier: MIT
"""Types and constants of the syntax tree to those of the model."""

from __future__ import annotations

import enum

from codegen.diagnostics import Reporter, Span, did_you_mean
from codegen.idl import ast, model
from codegen.idl.check_text import distinct
from codegen.idl.layout import size_of, struct_size
from codegen.idl.scope import Scope, look_up, unknown_module

MAX_BOUND = 1 << 20
MAX_ARRAY = 4096
MAX_DEPTH = 32


class Position(enum.Enum):
    """Where a type stands; decides which types are allowed."""

    FIELD = "a field of a struct"
    ELEMENT = "an element"
    PARAMETER = "a parameter"
    RESULT = "a result"
    EVENT = "a parameter of an event"


_FIXED_ONLY = (Position.FIELD, Position.ELEMENT, Position.EVENT)
_DECLARED_TYPES = (ast.Enumeration, ast.Struct)


class TypeResolver:
    """Resolves on demand and remembers; a declaration is resolved, and its mistakes reported, once."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._enums: dict[tuple[str, str], model.EnumDefinition | None] = {}
        self._structs: dict[tuple[str, str], model.StructDefinition | None] = {}
        self._errors: dict[tuple[str, str], model.ErrorDefinition] = {}
        self._open_structs: list[tuple[str, str]] = []
        self._open_constants: list[tuple[str, str]] = []

    def type(self, scope: Scope, node: ast.TypeNode, position: Position) -> model.Type | None:
        """The type, or None when it is wrong."""
        if isinstance(node, ast.NamedType):
            return self._named(scope, node.name)
        if isinstance(node, ast.ArrayType):
            element = self._element(scope, node.element)
            length = self._bounded(scope, node.length, MAX_ARRAY)
            return self._array(node, element, length) if element is not None and length is not None else None
        if isinstance(node, ast.OptionType):
            element = self._element(scope, node.element)
            return model.Option(element) if element is not None else None
        if position in _FIXED_ONLY:
            self._reporter.error("IDL0026", f"{_describe(node)} cannot be {position.value}", node.span,
                                 help="only types of a fixed size can: pass it as a parameter or result of its own")
            return None
        if isinstance(node, ast.CapabilityType):
            return self._capability(scope, node)
        return self._variable(scope, node, position)

    def value(self, scope: Scope, expression: ast.Expression) -> int | None:
        """The number an expression stands for."""
        if isinstance(expression, ast.Number):
            return expression.value
        found = look_up(scope, expression, (ast.Constant,), "a constant", "IDL0016", self._reporter)
        if found is None:
            return None
        owner, declaration = found
        assert isinstance(declaration, ast.Constant)
        key = (owner.source.path, declaration.name.text)
        if key in self._open_constants:
            self._reporter.error("IDL0016", f"constant '{declaration.name.text}' is defined by itself", expression.span,
                                 help="give it a number")
            return None
        if not self._not_too_deep(self._open_constants, declaration.name):
            return None
        self._open_constants.append(key)
        try:
            return self.value(owner, declaration.value)
        finally:
            self._open_constants.pop()

    def scalar(self, scope: Scope, node: ast.TypeNode, what: str) -> model.Scalar | None:
        """An integer type, for constants, enumerations and flags."""
        if isinstance(node, ast.NamedType) and node.name.module is None and node.name.name.text in model.SCALARS:
            return model.SCALARS[node.name.name.text]
        self._reporter.error("IDL0012", f"{what} needs an integer type", node.span,
                             help=f"one of {', '.join(model.SCALARS)}")
        return None

    def in_range(self, value: int, scalar: model.Scalar, span: Span) -> bool:
        if scalar.minimum <= value <= scalar.maximum:
            return True
        self._reporter.error("IDL0017", f"{value} does not fit {scalar.name}", span,
                             help=f"{scalar.name} holds {scalar.minimum} to {scalar.maximum}")
        return False

    def enumeration(self, scope: Scope, node: ast.Enumeration) -> model.EnumDefinition | None:
        key = (scope.source.path, node.name.text)
        if key not in self._enums:
            self._enums[key] = self._new_enumeration(scope, node)
        return self._enums[key]

    def struct(self, scope: Scope, node: ast.Struct) -> model.StructDefinition | None:
        key = (scope.source.path, node.name.text)
        if key in self._open_structs:
            self._reporter.error("IDL0034", f"struct '{node.name.text}' contains itself", node.name.span,
                                 help="a struct has a fixed size: keep an index or an identifier instead")
            return None
        if key not in self._structs:
            if not self._not_too_deep(self._open_structs, node.name):
                return None
            self._open_structs.append(key)
            fields = [self.field(scope, field, Position.FIELD) for field in node.fields]
            self._open_structs.pop()
            self._structs[key] = self._new_struct(scope, node, fields)
        return self._structs[key]

    def errors(self, scope: Scope, node: ast.ErrorSet) -> model.ErrorDefinition:
        key = (scope.source.path, node.name.text)
        if key not in self._errors:
            values = tuple(model.EnumValue(entry.name.text, entry.ordinal.value, entry.doc) for entry in node.entries)
            self._errors[key] = model.ErrorDefinition(scope.module, node.name.text, values, node.doc)
        return self._errors[key]

    def field(self, scope: Scope, node: ast.Field, position: Position) -> model.Field | None:
        resolved = self.type(scope, node.type, position)
        if resolved is None:
            return None
        return model.Field(node.name.text, resolved, node.doc, node.name.span)

    def _not_too_deep(self, open_declarations: list[tuple[str, str]], name: ast.Name) -> bool:
        if len(open_declarations) < MAX_DEPTH:
            return True
        self._reporter.error("IDL0040", f"'{name.text}' is nested too deeply in others", name.span,
                             help=f"declarations may use each other {MAX_DEPTH} deep")
        return False

    def _new_enumeration(self, scope: Scope, node: ast.Enumeration) -> model.EnumDefinition | None:
        underlying = self.scalar(scope, node.type, f"'{node.name.text}'")
        values: list[model.EnumValue] = []
        for item in node.enumerators:
            value = self.value(scope, item.value)
            if value is None or underlying is None or not self.in_range(value, underlying, item.value.span):
                continue
            values.append(model.EnumValue(item.name.text, value, item.doc))
        if underlying is None or len(values) != len(node.enumerators):
            return None
        spans = [item.value.span for item in node.enumerators]
        numbers = [item.value for item in values]
        distinct(zip(numbers, spans, strict=True), self._reporter)
        for number, span in zip(numbers, spans, strict=True) if node.is_flags else ():
            if number.bit_count() != 1:
                self._reporter.error("IDL0019", f"{number} is not a single bit", span,
                                     help="flags are 1, 2, 4, 8, ...; combine them where they are used")
        return model.EnumDefinition(scope.module, node.name.text, node.is_flags, underlying, tuple(values), node.doc)

    def _array(self, node: ast.ArrayType, element: model.Type, length: int) -> model.Array | None:
        if size_of(element) * length <= MAX_BOUND:
            return model.Array(element, length)
        self._reporter.error("IDL0029", f"the array has {size_of(element) * length} bytes", node.span,
                             help=f"a value has at most {MAX_BOUND} bytes")
        return None

    def _new_struct(self, scope: Scope, node: ast.Struct,
                    fields: list[model.Field | None]) -> model.StructDefinition | None:
        good = tuple(field for field in fields if field is not None)
        if len(good) != len(fields):
            return None
        size, alignment = struct_size(good)
        if size > MAX_BOUND:
            self._reporter.error("IDL0029", f"struct '{node.name.text}' has {size} bytes", node.name.span,
                                 help=f"a value has at most {MAX_BOUND} bytes")
            return None
        return model.StructDefinition(scope.module, node.name.text, good, size, alignment, node.doc)

    def _named(self, scope: Scope, name: ast.QualifiedName) -> model.Type | None:
        if name.module is None and name.name.text == "bool":
            return model.Bool()
        if name.module is None and name.name.text in model.SCALARS:
            return model.SCALARS[name.name.text]
        found = look_up(scope, name, _DECLARED_TYPES, "a type", "IDL0012", self._reporter)
        if found is None:
            return None
        owner, declaration = found
        if isinstance(declaration, ast.Enumeration):
            return self.enumeration(owner, declaration)
        assert isinstance(declaration, ast.Struct)
        return self.struct(owner, declaration)

    def _element(self, scope: Scope, node: ast.TypeNode) -> model.Type | None:
        return self.type(scope, node, Position.ELEMENT)

    def _variable(self, scope: Scope, node: ast.TextType | ast.VectorType | ast.LeaseType,
                  position: Position) -> model.Type | None:
        if isinstance(node, ast.LeaseType):
            return self._lease(scope, node, position)
        element = self._element(scope, node.element) if isinstance(node, ast.VectorType) else None
        if node.bound is None:
            written = "vec<T, <=N>" if isinstance(node, ast.VectorType) else f"{node.kind.value}<=N"
            self._reporter.error("IDL0024", f"{_describe(node)} needs a bound", node.span, label=f"write {written}",
                                 help="the largest message is a constant; for bulk data use lease<in bytes<=N>")
            return None
        bound = self._bounded(scope, node.bound, MAX_BOUND)
        if bound is None:
            return None
        if isinstance(node, ast.VectorType):
            return model.Vector(element, bound) if element is not None else None
        return model.String(bound) if node.kind is ast.TextKind.STRING else model.Bytes(bound)

    def _lease(self, scope: Scope, node: ast.LeaseType, position: Position) -> model.Type | None:
        if node.direction.text not in ("in", "out"):
            self._reporter.error("IDL0036", f"a lease is 'in' or 'out', not '{node.direction.text}'",
                                 node.direction.span, help="in: the server reads; out: the server writes")
            return None
        if position is not Position.PARAMETER:
            self._reporter.error("IDL0036", f"a lease cannot be {position.value}", node.span,
                                 help="make it a parameter; 'out' is what the server writes")
            return None
        if node.bound is None:
            self._reporter.error("IDL0024", "a lease needs a bound", node.span, label="write bytes<=N",
                                 help="so much of the session's window is set aside for it, such as bytes<=4KiB")
            return None
        bound = self._bounded(scope, node.bound, MAX_BOUND)
        return model.Lease(node.direction.text == "out", bound) if bound is not None else None

    def _bounded(self, scope: Scope, expression: ast.Expression, limit: int) -> int | None:
        value = self.value(scope, expression)
        if value is not None and not 1 <= value <= limit:
            self._reporter.error("IDL0025", f"{value} is not a possible bound", expression.span,
                                 help=f"bounds are 1 to {limit}")
            return None
        return value

    def _capability(self, scope: Scope, node: ast.CapabilityType) -> model.Type | None:
        target = self._capability_target(scope, node.target)
        if target is None:
            return None
        known = model.RIGHTS.get(target.name, {}) if isinstance(target, model.KernelObject) else {}
        for right in node.rights:
            if right.text not in known:
                meant = did_you_mean(right.text, known)
                others = f"the rights are {', '.join(known)}" if known else f"write cap<{target.name}>: it has none"
                help = f"did you mean '{meant}'?" if meant else others
                self._reporter.error("IDL0028", f"'{target.name}' has no right '{right.text}'", right.span, help=help)
                return None
        rights = tuple(right.text for right in node.rights)
        return model.Capability(target, rights, sum({known[right] for right in rights}))

    def _capability_target(self, scope: Scope,
                           name: ast.QualifiedName) -> model.KernelObject | model.InterfaceName | None:
        if name.module is None and name.name.text in model.KERNEL_OBJECTS:
            return model.KERNEL_OBJECTS[name.name.text]
        if name.module is not None and name.module.text not in scope.imported:
            if name.module.text not in {item.text for item in scope.source.tree.imports}:
                unknown_module(scope, name.module, self._reporter)
            return None
        reachable = {"": scope, **scope.imported}
        if name.module is not None:
            reachable = {name.module.text: scope.imported[name.module.text]}
        for module, other in reachable.items():
            if other.interface is not None and other.interface.name.text == name.name.text:
                scope.used.add(module)
                return model.InterfaceName(other.module, name.name.text)
        names = [item.interface.name.text for item in reachable.values() if item.interface is not None]
        meant = did_you_mean(name.name.text, [*names, *model.KERNEL_OBJECTS])
        self._reporter.error("IDL0012", f"'{name}' is neither a kernel object nor an imported interface", name.span,
                             help=f"did you mean '{meant}'?" if meant else "import the file that declares it")
        return None


def _describe(node: ast.TypeNode) -> str:
    if isinstance(node, ast.TextType):
        return f"'{node.kind.value}'"
    if isinstance(node, ast.VectorType):
        return "a vector"
    if isinstance(node, ast.LeaseType):
        return "a lease"
    if isinstance(node, ast.CapabilityType):
        return "a capability"
    return "this type"
