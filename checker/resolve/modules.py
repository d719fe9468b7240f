"""Resolving whole modules: theories once each, cases with the theories they use, variants on top of their bases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker import syntax
from checker.case import Case, TheoryKey
from checker.findings import Finding, Related, finding, in_order
from checker.load import Loader, TheoryFound, Unit
from checker.logic import Term
from checker.resolve import variants
from checker.resolve.meanings import MAX_DEPTH, Meanings
from checker.resolve.names import MAX_MISTAKES, GivenUpError, Part, did_you_mean
from checker.resolve.scopes import Layout, ambiguous
from checker.resolve.statements import CaseHeader, Statements
from checker.source import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Resolved:
    """A module as resolved. ``case`` is None where ``findings`` holds errors: then nothing of it may be checked."""

    case: Case | None
    findings: tuple[Finding, ...]
    base: Case | None = None
    """For a variant, the case it starts from."""
    read_again: Mapping[str, Term | None] = field(default_factory=dict)
    """For a variant, what its base assumes, in the words of the variant; None for what cannot be read there."""


@dataclass(slots=True)
class Resolver:
    """Resolves modules of the files of one ``Loader``, each once."""

    loader: Loader
    _theories: dict[TheoryKey, Resolved] = field(default_factory=dict)
    _cases: dict[tuple[str, Span], Resolved] = field(default_factory=dict)
    _gone: dict[tuple[str, Span], set[variants.Settled]] = field(default_factory=dict)
    """What each variant does not carry over from its base, as it would mean something else."""
    _open: list[tuple[Unit, syntax.Module]] = field(default_factory=list)

    def module(self, unit: Unit, module: syntax.Module) -> Resolved:
        """What the module of this file, which must not be broken, turns out to be."""
        if module.kind == "theory":
            return self._theory(TheoryFound(unit, module))
        key = _key(unit, module)
        if key not in self._cases:
            self._open.append((unit, module))
            try:
                self._cases[key] = self._variant(unit, module) if module.kind == "variant" else self._case(unit, module)
            finally:
                self._open.pop()
        return self._cases[key]

    # -- theories -----------------------------------------------------------------------------------------------------

    def _theory(self, found: TheoryFound) -> Resolved:
        key = TheoryKey(found.module.name.text, found.unit.identity)
        if key not in self._theories:
            header = CaseHeader("theory", found.module.name, found.module.doc, None, key)
            parts = [Part(declaration, found.unit) for declaration in found.module.body]
            visible = self.loader.theories(found.unit, found.module.name.text)
            more = [ambiguous(found.module.name, visible)] if len(visible) > 1 else []
            self._theories[key] = self._resolve(found.unit, header, parts, more)
        return self._theories[key]

    def _generic(self, key: TheoryKey) -> Case | None:
        resolved = self._theories.get(key)
        return None if resolved is None else resolved.case

    def theory(self, key: TheoryKey) -> Case | None:
        """A theory that some resolved module uses, looked at by itself."""
        return self._generic(key)

    # -- cases --------------------------------------------------------------------------------------------------------

    def _case(self, unit: Unit, module: syntax.Module) -> Resolved:
        header = CaseHeader("case", module.name, module.doc, None, None)
        parts = [Part(declaration, unit) for declaration in module.body]
        return self._resolve(unit, header, parts, self._same_name(unit, module))

    def _same_name(self, unit: Unit, module: syntax.Module) -> list[Finding]:
        """Two cases of one name in a file could not be told apart in the report."""
        first = next(m for m in unit.file.modules if m.name.text == module.name.text and m.kind != "theory")
        if first is module:
            return []
        there = Related(first.name.span, "first declared here")
        return [finding("duplicate-name", module.name.span, about=module.name.text, related=[there])]

    def _resolve(self, unit: Unit, header: CaseHeader, parts: Sequence[Part], more: Sequence[Finding]) -> Resolved:
        """Lay out, find meanings, collect statements. Theories that are used come first, each by itself."""
        return _told(*self._attempt(unit, header, parts), more)

    def _attempt(
        self, unit: Unit, header: CaseHeader, parts: Sequence[Part]
    ) -> tuple[Case | None, list[Finding], Statements | None]:
        layout = Layout(self.loader)
        try:
            root = layout.root(header.kind, parts, header.theory, unit.name)
        except GivenUpError as error:
            return None, [*layout.findings, error.reason], None
        findings = list(layout.findings)
        if _errors(findings):
            return None, findings, None
        for scope in root.walk():
            if scope.theory is not None and scope is not root:
                findings += self._used(scope.theory, scope.parts, scope.use_span)
        if _errors(findings):
            return None, findings, None
        meanings = Meanings(in_theory=header.kind == "theory")
        statements = Statements(root, meanings, self.loader, self._generic)
        try:
            meanings.bind_stars(root)
            case = statements.collect(header)
        except GivenUpError as error:
            return None, [*findings, *meanings.findings, *statements.troubles, error.reason], None
        except RecursionError:
            # The limits on nesting should make this impossible; if they fail, refusing is right, and a trace is not.
            name = header.name
            return None, [*findings, finding("unfolds-too-deep", name.span, about=name.text, limit=MAX_DEPTH)], None
        if statements.lost and not _errors([*findings, *meanings.findings, *statements.troubles]):
            raise AssertionError("a formula was not understood, and nothing was said about it")  # with -O, too
        return case, findings + meanings.findings, statements

    def _used(self, key: TheoryKey, parts: Sequence[Part], use: Span | None) -> list[Finding]:
        """Resolve a used theory by itself. What is wrong in it is said once, and that it is, at the use."""
        if key not in self._theories:
            unit = parts[0].home if parts else None
            found = [] if unit is None else [t for t in self.loader.theories(unit, key.name) if t.unit is unit]
            if not found:
                return []  # an empty theory, in which nothing can be wrong
            self._theory(found[0])
        resolved = self._theories[key]
        if resolved.case is not None:
            return []
        file = resolved.findings[0].span.file
        return [*resolved.findings, finding("broken-theory", use or NOWHERE, about=key.name, file=file)]

    # -- variants -----------------------------------------------------------------------------------------------------

    def _variant(self, unit: Unit, module: syntax.Module) -> Resolved:
        lineage = self._lineage(unit, module)
        if isinstance(lineage, Finding):
            return Resolved(None, (lineage,))
        base_unit, base_module = lineage
        base = self.module(base_unit, base_module)
        assert module.base is not None
        if base.case is None:
            broken = finding("broken-base", module.base.span, about=module.base.text)
            return Resolved(None, (*base.findings, broken))
        parts = self._parts(base_unit, base_module)
        merged = variants.merge(parts, module, unit)
        header = CaseHeader("variant", module.name, module.doc, module.base.text, None)
        more = [*merged.findings, *self._same_name(unit, module)]
        case, findings, statements = self._attempt(unit, header, merged.parts)
        if case is None or statements is None or _errors([*more, *findings]):
            return _resolved(None, [*more, *findings])

        gone = set(variants.outdated(base.case, case, merged))
        resolved = (
            self._resolve(unit, header, variants.without(merged.parts, gone), more)
            if gone
            else _told(case, findings, statements, more)
        )
        if resolved.case is None:
            return resolved
        changed = tuple(dict.fromkeys(sorted(name for name, _ in gone)))
        whole = replace(resolved.case, replaced=merged.replaced, dropped=merged.dropped, changed=changed)
        self._gone[_key(unit, module)] = gone
        try:
            read_again = variants.read_again(base.case, parts, case, statements)
        except GivenUpError:
            # With what the base assumes it is too much: then nothing of that can be read here.
            read_again = dict.fromkeys((assumption.name for assumption in base.case.assumptions), None)
        return Resolved(whole, resolved.findings, base.case, read_again)

    def _parts(self, unit: Unit, module: syntax.Module) -> Sequence[Part]:
        """The declarations that a case stands for: for a variant, those that are left of its base and its own."""
        if module.kind == "case":
            return [Part(declaration, unit) for declaration in module.body]
        lineage = self._lineage(unit, module)
        assert not isinstance(lineage, Finding)
        merged = variants.merge(self._parts(*lineage), module, unit)
        self.module(unit, module)
        return variants.without(merged.parts, self._gone.get(_key(unit, module), set()))

    def _lineage(self, unit: Unit, module: syntax.Module) -> tuple[Unit, syntax.Module] | Finding:
        """The base of a variant, or what is wrong with it."""
        assert module.base is not None
        name = module.base
        found = [theory for theory in self.loader.bases(unit, name.text) if theory.module is not module]
        if not found:
            seen = [unit, *self.loader.imported(unit)]
            names = [m.name.text for u in seen for m in u.file.modules if m.kind != "theory" and m is not module]
            return finding("unknown-base", name.span, about=name.text, hint=did_you_mean(name.text, names))
        if len(found) > 1:
            places = [Related(theory.module.name.span, "one is here") for theory in found]
            return finding("ambiguous-base", name.span, about=name.text, related=places)
        base = found[0]
        if base.unit.broken:
            return finding("broken-base", name.span, about=name.text)
        if any(module is base.module for _, module in self._open):
            circle = " -> ".join([*(m.name.text for _, m in self._open), base.module.name.text])
            return finding("circular-variant", name.span, about=name.text, circle=circle)
        return base.unit, base.module


def _key(unit: Unit, module: syntax.Module) -> tuple[str, Span]:
    return unit.identity + unit.name, module.span


def _errors(findings: Sequence[Finding]) -> bool:
    return any(found.severity == "error" for found in findings)


def _at_most(limit: int, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings; where there are too many errors, the first ones, and that there are more."""
    errors = [found for found in in_order(findings) if found.severity == "error"]
    if len(errors) <= limit:
        return tuple(findings)
    return (*errors[:limit], finding("too-many-mistakes", errors[limit].span, limit=limit))


def _told(
    case: Case | None, findings: Sequence[Finding], statements: Statements | None, more: Sequence[Finding]
) -> Resolved:
    """What an attempt comes to, with what is wrong in assumptions, which all count."""
    return _resolved(case, [*more, *findings, *(statements.troubles if statements is not None else ())])


def _resolved(case: Case | None, findings: Sequence[Finding]) -> Resolved:
    if case is None or _errors(findings):
        return Resolved(None, _at_most(MAX_MISTAKES, findings))
    return Resolved(replace(case, findings=tuple(findings)), tuple(findings))
