"""Scopes: a module together with the copies of theories it uses, as a tree, each copy with its roles bound.

Laying out the tree looks only at names. What a binding stands for, and whether it fits, is found out in ``meanings``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker import syntax
from checker.case import TheoryKey
from checker.findings import Finding, Related, finding
from checker.load import Loader, TheoryFound
from checker.resolve.names import (
    MAX_MISTAKES,
    Declared,
    GivenUpError,
    Kind,
    Part,
    did_you_mean,
    misplaced,
    table_of,
    too_many,
)
from checker.source import Span

MAX_COPIES = 1_000
MAX_NESTING = 20
MAX_DECLARATIONS = 20_000
"""How many names and statements there are in one module at most, those of the copies in it included."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a use puts in the place of a role: ``thing``, to be read in the scope ``where`` the use stands."""

    thing: syntax.Ident | syntax.Expr
    where: Scope
    span: Span
    starred: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """One copy of a module. ``prefix`` qualifies its names (``""`` or ``"ev.inner."``)."""

    prefix: str
    kind: str
    names: Mapping[str, Declared]
    parts: Sequence[Part]
    theory: TheoryKey | None
    file: str
    digest: str = ""
    """The SHA-256 of the file's bytes, to be shown."""
    parent: Scope | None = None
    use: syntax.UseDecl | None = None
    uses: dict[str, Scope] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)

    @property
    def root(self) -> Scope:
        return self if self.parent is None else self.parent.root

    @property
    def use_span(self) -> Span | None:
        """Where the module that is being resolved makes this copy, if it is one."""
        if self.parent is None or self.use is None:
            return None
        return self.parent.use_span or self.use.span

    def find(self, name: str) -> tuple[Scope, Declared] | None:
        """What ``name``, perhaps qualified, is declared as, and in which scope."""
        scope = self
        *aliases, last = name.split(".")
        for alias in aliases:
            if alias not in scope.uses:
                return None
            scope = scope.uses[alias]
        declared = scope.names.get(last)
        return None if declared is None else (scope, declared)

    def walk(self) -> Iterator[Scope]:
        """This scope and all copies in it, outer ones first, in the order of their uses."""
        yield self
        for scope in self.uses.values():
            yield from scope.walk()

    def visible(self, kinds: frozenset[Kind], path: str = "") -> Iterator[str]:
        """The names, qualified from here, of everything of these kinds."""
        for name, declared in self.names.items():
            if declared.kind in kinds:
                yield path + name
        for alias, scope in self.uses.items():
            yield from scope.visible(kinds, f"{path}{alias}.")

    def above(self) -> list[Scope]:
        """The scopes that this one is a copy in, the nearest first."""
        return [] if self.parent is None else [self.parent, *self.parent.above()]

    def all_roles(self, path: str = "") -> Iterator[tuple[str, Scope, Declared]]:
        """All roles, bound or not, with their names qualified from here."""
        for name, declared in self.names.items():
            if declared.is_role:
                yield path + name, self, declared
        for alias, scope in self.uses.items():
            yield from scope.all_roles(f"{path}{alias}.")

    def open_roles(self, path: str = "") -> Iterator[tuple[str, Scope, Declared]]:
        """The roles that nothing is bound to, with their names qualified from here."""
        for name, scope, declared in self.all_roles(path):
            if declared.name not in scope.bindings:
                yield name, scope, declared


@dataclass(slots=True)
class Layout:
    """Lays out the scopes of one module; collects what is wrong."""

    loader: Loader
    findings: list[Finding] = field(default_factory=list)
    copies: int = 0
    declarations: int = 0

    def root(self, kind: str, parts: Sequence[Part], theory: TheoryKey | None, file: str) -> Scope:
        """The scope of a module that is looked at by itself, with everything it uses. Raises ``GivenUpError``."""
        return self._scope(Scope("", kind, {}, parts, theory, file), {}, (theory,) if theory else ())

    def _scope(self, scope: Scope, given: Mapping[str, Binding], chain: tuple[TheoryKey, ...]) -> Scope:
        scope.names, findings = table_of(scope.parts)
        self.declarations += len(scope.names) + len(scope.parts)
        if self.declarations > MAX_DECLARATIONS and scope.parts:
            span = scope.use_span or scope.parts[-1].declaration.span
            raise too_many(span, "this module", MAX_DECLARATIONS, "declarations, copies of theories included")
        self.findings += findings
        self.findings += misplaced(scope.kind, scope.parts)
        scope.bindings = {name: binding for name, binding in given.items() if "." not in name}
        for part in scope.parts:
            if isinstance(part.declaration, syntax.UseDecl):
                self._use(scope, part, part.declaration, given, chain)
        return scope

    def _use(
        self,
        scope: Scope,
        part: Part,
        use: syntax.UseDecl,
        given: Mapping[str, Binding],
        chain: tuple[TheoryKey, ...],
    ) -> None:
        if self.copies >= MAX_COPIES:
            span = scope.use_span or use.span
            raise GivenUpError(finding("too-many-uses", span, about=use.theory.text, limit=f"{MAX_COPIES:,}"))
        if len(chain) > MAX_NESTING:
            what = "uses within each other"
            raise too_many(scope.use_span or use.span, f"the use of `{use.theory.text}`", MAX_NESTING, what)
        found = self._theory(part, use.theory)
        alias = (use.alias or use.theory).text
        if found is None or alias in scope.uses:  # the second of two like names has its finding already
            return
        key = TheoryKey(found.module.name.text, found.unit.identity)
        if key in chain:
            circle = " -> ".join(k.name for k in (*chain[chain.index(key) :], key))
            self.findings.append(finding("circular-use", use.span, about=key.name, circle=circle))
            return
        self.copies += 1
        bindings = self._bindings(scope, use)
        for path, binding in given.items():
            if path.startswith(alias + "."):
                inner = path.removeprefix(alias + ".")
                if inner in bindings:
                    there = Related(bindings[inner].span, "already mapped here, by the theory itself")
                    self.findings.append(finding("doubly-mapped", binding.span, about=path, related=[there]))
                else:
                    bindings[inner] = binding
        copy = Scope(
            prefix=f"{scope.prefix}{alias}.",
            kind="theory",
            names={},
            parts=[Part(declaration, found.unit) for declaration in found.module.body],
            theory=key,
            file=found.unit.name,
            digest=found.unit.digest,
            parent=scope,
            use=use,
        )
        scope.uses[alias] = self._scope(copy, bindings, (*chain, key))
        for mapping in use.mappings:
            self._check_role(copy, mapping)

    def _bindings(self, scope: Scope, use: syntax.UseDecl) -> dict[str, Binding]:
        bindings: dict[str, Binding] = {}
        for mapping in use.mappings:
            role = mapping.role.text
            if role in bindings:
                there = Related(bindings[role].span, "first mapped here")
                self.findings.append(finding("doubly-mapped", mapping.span, about=role, related=[there]))
            else:
                bindings[role] = Binding(mapping.thing, scope, mapping.span)
        return bindings

    def _check_role(self, copy: Scope, mapping: syntax.Mapping) -> None:
        found = copy.find(mapping.role.text)
        if found is None:
            known = len(self.findings) < MAX_MISTAKES
            hint = did_you_mean(mapping.role.text, (path for path, _, _ in copy.all_roles())) if known else None
            self.findings.append(finding("unknown-role", mapping.role.span, about=mapping.role.text, hint=hint))
        elif not found[1].is_role:
            what = found[1].kind
            self.findings.append(finding("no-role", mapping.role.span, about=mapping.role.text, what=what))

    def _theory(self, part: Part, name: syntax.Ident) -> TheoryFound | None:
        found = self.loader.theories(part.home, name.text)
        if not found:
            known = len(self.findings) < MAX_MISTAKES
            hint = did_you_mean(name.text, self.loader.visible_theories(part.home)) if known else None
            self.findings.append(finding("unknown-theory", name.span, about=name.text, hint=hint))
            return None
        if len(found) > 1:
            self.findings.append(ambiguous(name, found))
            return None
        if found[0].unit.broken and found[0].unit is not part.home:
            self.findings.append(finding("broken-theory", name.span, about=name.text, file=found[0].unit.name))
            return None
        return found[0]


def ambiguous(name: syntax.Ident, found: Sequence[TheoryFound]) -> Finding:
    """Two theories of one name are visible: nobody should have to guess which is meant."""
    places = [Related(theory.module.name.span, "one is here") for theory in found]
    files = " and ".join(theory.unit.name for theory in found)
    return finding("ambiguous-theory", name.span, about=name.text, files=files, related=places)
