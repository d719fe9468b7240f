"""What names mean: sorts, and the symbols, individuals and closed terms that may stand in formulas.

Everything is found out on demand and remembered, so declarations may stand in any order. A name that is asked for while
it is being found out lies on a circle, be it of definitions, of mappings, or of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from math import prod

from checker import logic, syntax
from checker.case import Divisor, Wording
from checker.findings import Finding, Instead, Related, finding
from checker.logic import BOOL, BUILTIN, REAL, Definition, Element, Meaning, Sort, Symbol, Table, Term, Var
from checker.resolve import terms
from checker.resolve.names import (
    LOGICAL,
    MAX_MISTAKES,
    Declared,
    GivenUpError,
    Kind,
    Part,
    a,
    did_you_mean,
    placeholders,
    too_many,
)
from checker.resolve.scopes import Binding, Scope
from checker.source import Span

MAX_CHAIN = 50
MAX_DEPTH = 120
MAX_SIZE = 500_000
MAX_SIZE_IN_ALL = 2_000_000
"""How many parts all formulas of a module have at most, definitions unfolded and counts written out."""
MAX_DIGITS_UNFOLDED = 20_000
"""How many digits the numerals of one formula have at most, likewise: products are as long as their factors are."""
MAX_ROWS = 10_000

Entity = Symbol | Term
"""What a name stands for in a formula: a symbol to apply, or a closed term (``true`` for a predicate mapped so)."""

Signature = tuple[tuple[Sort, ...], Sort]


@dataclass(frozen=True, slots=True)
class Measure:
    """How deep and how large a term is with its definitions unfolded and its counts written out.

    ``digits`` are those of its numerals, and ``uses`` says how often each free variable occurs.
    """

    depth: int
    size: int
    digits: int
    uses: Mapping[Var, int]


@dataclass(slots=True)
class Meanings:
    """What everything in one tree of scopes means; collects what is wrong.

    ``findings`` is replaced by ``collecting`` while something is tried whose mistakes may not matter.
    """

    in_theory: bool
    findings: list[Finding] = field(default_factory=list)
    meanings: dict[Symbol, Meaning] = field(default_factory=dict)
    wordings: dict[Symbol, Wording] = field(default_factory=dict)
    divisors: list[Divisor] = field(default_factory=list)
    _sorts: dict[tuple[Scope, str], Sort | None] = field(default_factory=dict)
    _entities: dict[tuple[Scope, str], Entity | None] = field(default_factory=dict)
    _measures: dict[Symbol, Measure] = field(default_factory=dict)
    _chains: dict[Symbol, int] = field(default_factory=dict)
    """How many definitions stand on each other up to each defined symbol."""
    _open: list[tuple[Scope, str]] = field(default_factory=list)
    _mistakes: int = 0
    _size: int = 0
    """What has been weighed so far."""

    @contextmanager
    def collecting(self) -> Iterator[list[Finding]]:
        """Within the block, findings go into the list that is given instead."""
        outer, self.findings = self.findings, []
        try:
            yield self.findings
        except GivenUpError:
            outer += self.findings
            raise
        finally:
            self.findings = outer

    def near(self, ident: syntax.Ident, candidates: Iterable[str]) -> str | Instead | None:
        """A hint for a name that is wrong. Raises ``GivenUpError`` after too many such mistakes: each takes time."""
        self._mistakes += 1
        if self._mistakes > MAX_MISTAKES:
            raise GivenUpError(finding("too-many-mistakes", ident.span, limit=MAX_MISTAKES))
        return did_you_mean(ident.text, candidates)

    # -- looking names up ---------------------------------------------------------------------------------------------

    def look(
        self, scope: Scope, ident: syntax.Ident, kinds: frozenset[Kind], what: str
    ) -> tuple[Scope, Declared] | None:
        """What ``ident`` is declared as; a finding and None where it is nothing, or nothing of these kinds."""
        found = scope.find(ident.text)
        if found is None:
            self._unknown(scope, ident, kinds)
            return None
        if found[1].kind not in kinds:
            there = Related(found[1].span, "declared here")
            kind = a(found[1].kind)
            self.findings.append(
                finding("wrong-kind", ident.span, about=ident.text, kind=kind, what=what, related=[there])
            )
            return None
        return found

    def _unknown(self, scope: Scope, ident: syntax.Ident, kinds: frozenset[Kind]) -> None:
        known = scope
        for alias in ident.parts[:-1]:
            if alias not in known.uses:
                hint = did_you_mean(alias, known.uses)
                if isinstance(hint, Instead):
                    parts = [hint.text if part == alias else part for part in ident.parts]
                    hint = Instead(hint.hint, ".".join(parts))
                hint = hint or self.near(ident, scope.visible(kinds))
                self.findings.append(finding("unknown-alias", ident.span, about=ident.text, alias=alias, hint=hint))
                return
            known = known.uses[alias]
        hint = self.near(ident, scope.visible(kinds))
        self.findings.append(finding("unknown-name", ident.span, about=ident.text, hint=hint))

    @contextmanager
    def _finding_out(self, scope: Scope, declared: Declared) -> Iterator[bool]:
        """Whether ``declared`` can be found out now: not while that is going on, nor at the end of a long chain."""
        key = (scope, declared.name)
        if key in self._open:
            names = [s.prefix + name for s, name in (*self._open[self._open.index(key) :], key)]
            circle = " -> ".join(names)
            # Where a mapping closes the circle, that is the place to mend: the theory is as it should be.
            binding = scope.bindings.get(declared.name)
            place = declared.span if binding is None else binding.span
            self.findings.append(finding("circular-definition", place, about=names[0], circle=circle))
            yield False
        elif len(self._open) >= MAX_CHAIN:
            self.findings.append(finding("long-chain", declared.span, about=declared.name, limit=MAX_CHAIN))
            yield False
        else:
            self._open.append(key)
            try:
                yield True
            finally:
                self._open.pop()

    # -- sorts --------------------------------------------------------------------------------------------------------

    def sort(self, scope: Scope, ident: syntax.Ident) -> Sort | None:
        """The sort that ``ident`` names in ``scope``."""
        for builtin in BUILTIN:
            if ident.text == builtin.name and builtin != BOOL:
                return builtin
        found = self.look(scope, ident, frozenset({Kind.SORT}), "a sort")
        return None if found is None else self.sort_of(*found)

    def sort_of(self, scope: Scope, declared: Declared) -> Sort | None:
        """The sort that a declared sort stands for, after mapping."""
        key = (scope, declared.name)
        if key not in self._sorts:
            with self._finding_out(scope, declared) as possible:
                self._sorts[key] = self._find_sort(scope, declared) if possible else None
        return self._sorts[key]

    def _find_sort(self, scope: Scope, declared: Declared) -> Sort | None:
        binding = scope.bindings.get(declared.name)
        if binding is not None:
            if isinstance(binding.thing, syntax.Ident):
                return self.sort(binding.where, binding.thing)
            self.findings.append(finding("wrong-mapping", binding.span, about=declared.name, why="a sort is wanted"))
            return None
        assert isinstance(declared.part.declaration, syntax.SortDecl)
        elements = declared.part.declaration.elements
        names = None if elements is None else tuple(element.text for element in elements)
        return Sort(scope.prefix + declared.name, names)

    # -- symbols ------------------------------------------------------------------------------------------------------

    def entity(self, scope: Scope, declared: Declared) -> Entity | None:
        """What a declared individual, constant, function, predicate or definition stands for, after mapping."""
        key = (scope, declared.name)
        if key not in self._entities:
            with self._finding_out(scope, declared) as possible:
                self._entities[key] = self._find_entity(scope, declared) if possible else None
        return self._entities[key]

    def _find_entity(self, scope: Scope, declared: Declared) -> Entity | None:
        binding = scope.bindings.get(declared.name)
        if binding is not None:
            return self._bound(scope, declared, binding)
        declaration = declared.part.declaration
        if isinstance(declaration, syntax.SortDecl):
            sort = self.sort(scope, declaration.name)
            return None if sort is None else Element(sort, declared.name)
        if isinstance(declaration, syntax.DefineDecl):
            return self._define(scope, declaration)
        signature = self.signature(scope, declared)
        if signature is None:
            return None
        symbol = Symbol(scope.prefix + declared.name, *signature)
        match declaration:
            case syntax.PredicateDecl(params=params, doc=doc, rows=rows):
                self._word(symbol, doc, params, declaration.span)
                if rows is not None:
                    self._table(scope, symbol, [(row, row.arguments, None) for row in rows], declaration.span)
            case syntax.FunctionDecl(params=params, doc=doc, rows=value_rows):
                self._word(symbol, doc, params, declaration.span)
                if value_rows is not None:
                    rows_given = [(row, row.arguments, row.value) for row in value_rows]
                    self._table(scope, symbol, rows_given, declaration.span)
            case syntax.ConstDecl(doc=doc):
                self._word(symbol, doc, (), declaration.span)
        return logic.apply(symbol) if declared.kind is Kind.CONSTANT else symbol

    def _word(self, symbol: Symbol, doc: str | None, params: Sequence[syntax.Param], span: Span) -> None:
        names = tuple(param.name.text for param in params)
        self.wordings[symbol] = Wording(doc, names)
        self.findings += placeholders(doc, names, span)
        for n, param in enumerate(params):
            if param.name.text in names[:n]:
                self.findings.append(finding("duplicate-parameter", param.name.span, about=param.name.text))

    def signature(self, scope: Scope, declared: Declared) -> Signature | None:
        """The sorts of the arguments and of the result of what is declared, after mapping."""
        match declared.part.declaration:
            case syntax.PredicateDecl(params=params):
                result: Sort | None = BOOL
            case syntax.FunctionDecl(params=params, result=name):
                result = self.sort(scope, name)
            case syntax.ConstDecl(sort=name):
                params, result = (), self.sort(scope, name)
            case syntax.DefineDecl():
                entity = self.entity(scope, declared)
                return (entity.domain, entity.range) if isinstance(entity, Symbol) else None
            case _:
                entity = self.entity(scope, declared)
                return None if entity is None or isinstance(entity, Symbol) else ((), logic.sort_of(entity))
        domain = [self.sort(scope, param.sort) for param in params]
        known = tuple(sort for sort in domain if sort is not None)
        return None if result is None or len(known) < len(domain) else (known, result)

    # -- definitions and tables ---------------------------------------------------------------------------------------

    def _define(self, scope: Scope, declaration: syntax.DefineDecl) -> Symbol | None:
        names = [param.name for param in declaration.params]
        sorts = [self.sort(scope, param.sort) for param in declaration.params]
        result = None if declaration.result is None else self.sort(scope, declaration.result)
        formula = terms.Formula(self, scope, within=scope.prefix + declaration.name.text)
        environment, params = formula.bind({}, list(zip(names, sorts, strict=True)))
        body = formula.term(declaration.body, environment)
        if body is None or params is None or (declaration.result is not None and result is None):
            return None
        if result == REAL:
            body = logic.to_real(body)
        found = logic.sort_of(body)
        if result is not None and found != result:
            self.findings.append(
                finding("wrong-sort", declaration.body.span, about=declaration.name.text,
                        wanted=terms.noun(result), got=terms.noun(found))
            )  # fmt: skip
            return None
        symbol = Symbol(scope.prefix + declaration.name.text, tuple(p.sort for p in params), found)
        self._word(symbol, declaration.doc, declaration.params, declaration.span)
        if not self.fits(body, declaration.span, declaration.name.text):
            return None
        chain = 1 + max((self._chains.get(used, 0) for used in logic.symbols_of(body)), default=0)
        if chain > MAX_CHAIN:
            self.findings.append(finding("long-chain", declaration.name.span, about=symbol.name, limit=MAX_CHAIN))
            return None
        self._chains[symbol] = chain
        self.meanings[symbol] = Definition(symbol, params, body)
        self._measures[symbol] = self.measure(body)
        return symbol

    def _table(
        self,
        scope: Scope,
        symbol: Symbol,
        rows: Sequence[tuple[syntax.Node, Sequence[syntax.Ident], syntax.Expr | None]],
        span: Span,
    ) -> None:
        for sort in symbol.domain:
            if sort.elements is None:
                self.findings.append(finding("table-unlisted", span, about=symbol.name, sort=sort.name))
                return
        expected = prod(len(sort.elements or ()) for sort in symbol.domain)
        if expected > MAX_ROWS:
            self.findings.append(finding("table-too-large", span, about=symbol.name, limit=MAX_ROWS))
            return
        table: dict[tuple[Term, ...], Term] = {}
        for row, idents, expr in rows:
            arguments = self._row(scope, symbol, row, idents)
            value: Term | None = logic.TRUE
            if expr is not None:
                value = self._value(scope, symbol, expr)
            if arguments is None or value is None:
                continue
            if arguments in table:
                shown = ", ".join(ident.text for ident in idents)
                self.findings.append(finding("duplicate-row", row.span, about=symbol.name, row=shown))
            table[arguments] = value
        self.meanings[symbol] = Table(symbol, tuple(table.items()))
        values = [self.measure(value) for value in table.values()]
        depth = max((value.depth for value in values), default=0)
        size = sum(value.size for value in values) + len(table)
        longest = max((value.digits for value in values), default=0)
        self._measures[symbol] = Measure(depth + 1, size, longest, {})
        if symbol.range != BOOL and len(table) < expected and len(rows) < expected:
            listed = [sort.elements or () for sort in symbol.domain]
            given = {tuple(arg.name for arg in args if isinstance(arg, Element)) for args in table}
            missing = next(", ".join(names) for names in product(*listed) if names not in given)
            count = expected - len(table)
            self.findings.append(finding("missing-row", span, about=symbol.name, row=missing, count=count))

    def _row(
        self, scope: Scope, symbol: Symbol, row: syntax.Node, idents: Sequence[syntax.Ident]
    ) -> tuple[Term, ...] | None:
        if len(idents) != len(symbol.domain):
            self.findings.append(
                finding("wrong-arity", row.span, about=symbol.name, wanted=len(symbol.domain), got=len(idents))
            )
            return None
        arguments: list[Term] = []
        for ident, sort in zip(idents, symbol.domain, strict=True):
            found = self.look(scope, ident, LOGICAL, f"an individual of {sort.name}")
            entity = None if found is None else self.entity(*found)
            if isinstance(entity, Element) and entity.sort == sort:
                arguments.append(entity)
            elif found is not None:
                hint = self.near(ident, sort.elements or ())
                self.findings.append(finding("not-an-element", ident.span, about=ident.text, sort=sort.name, hint=hint))
        return tuple(arguments) if len(arguments) == len(idents) else None

    def _value(self, scope: Scope, symbol: Symbol, expr: syntax.Expr) -> Term | None:
        value = terms.Formula(self, scope, within=symbol.name).term(expr, {})
        if value is None:
            return None
        if symbol.range == REAL:
            value = logic.to_real(value)
        if logic.sort_of(value) != symbol.range:
            wanted, got = terms.noun(symbol.range), terms.noun(logic.sort_of(value))
            self.findings.append(finding("wrong-sort", expr.span, about=symbol.name, wanted=wanted, got=got))
            return None
        return value if self.fits(value, expr.span, symbol.name) else None

    # -- roles --------------------------------------------------------------------------------------------------------

    def _bound(self, scope: Scope, declared: Declared, binding: Binding) -> Entity | None:
        """What is put in the place of a constant, function or predicate; it must fit the role's signature."""
        signature = self.signature(scope, declared)
        if signature is None:
            return None
        result = signature[1]
        thing = binding.thing
        if declared.kind is Kind.CONSTANT:
            return self._bound_constant(declared, binding, result)
        if isinstance(thing, syntax.Truth) and result == BOOL:
            return logic.Truth(thing.value)
        if not isinstance(thing, syntax.Name):
            why = "a predicate or definition, `true` or `false` is wanted" if result == BOOL else "a function is wanted"
            self.findings.append(finding("wrong-mapping", binding.span, about=declared.name, why=why))
            return None
        ident = syntax.Ident(thing.text, span=thing.span)
        wanted = frozenset({Kind.PREDICATE, Kind.FUNCTION, Kind.DEFINITION})
        found = self.look(binding.where, ident, wanted, "a symbol or definition")
        if found is None:
            return None
        offered = self.signature(*found)
        if offered is not None and offered != signature:
            why = f"it is {spell_signature(*signature)}, and `{thing.text}` is {spell_signature(*offered)}"
            self.findings.append(finding("wrong-mapping", binding.span, about=declared.name, why=why))
            return None
        return self.entity(*found)

    def _bound_constant(self, declared: Declared, binding: Binding, sort: Sort) -> Entity | None:
        if isinstance(binding.thing, syntax.Ident):
            self.findings.append(finding("wrong-mapping", binding.span, about=declared.name, why="a term is wanted"))
            return None
        within = binding.where.prefix + declared.name
        term = terms.Formula(self, binding.where, within=within).term(binding.thing, {})
        if term is None:
            return None
        if sort == REAL:
            term = logic.to_real(term)
        if logic.sort_of(term) != sort:
            why = f"{terms.noun(sort)} is wanted, and this is {terms.noun(logic.sort_of(term))}"
            self.findings.append(finding("wrong-mapping", binding.span, about=declared.name, why=why))
            return None
        return term if self.fits(term, binding.span, declared.name) else None

    def bind_stars(self, root: Scope) -> None:
        """Bind what ``with *`` binds: every remaining role to the like-named thing of the using scope that fits it.

        Sorts come first, so that signatures are known after mapping; inner uses come first, as they are part of what
        the theory says.
        """
        starred = [scope for scope in root.walk() if scope.use is not None and scope.use.star][::-1]
        for only_sorts in (True, False):
            for copy in starred:
                self._mapped_against_star(copy, only_sorts=only_sorts)
            for copy in starred:
                assert copy.parent is not None
                assert copy.use is not None
                for path, scope, declared in list(copy.open_roles()):
                    if (declared.kind is Kind.SORT) == only_sorts:
                        thing = self._like_named(copy.parent, path, scope, declared)
                        if thing is not None:
                            binding = Binding(thing, copy.parent, copy.use.span, starred=True)
                            scope.bindings[declared.name] = binding
                            self._sorts.pop((scope, declared.name), None)

    def _mapped_against_star(self, copy: Scope, *, only_sorts: bool) -> None:
        """A finding for each role that a theory's own ``*`` binds, and that is mapped from further out all the same.

        The theory's claims were shown with what its ``*`` says, so nothing else may be put there.
        """
        assert copy.parent is not None
        for path, scope, declared in copy.all_roles():
            binding = scope.bindings.get(declared.name)
            if (
                binding is None
                or (declared.kind is Kind.SORT) != only_sorts
                or binding.where not in copy.parent.above()
            ):
                continue
            if self._like_named(copy.parent, path, scope, declared) is not None:
                self.findings.append(finding("doubly-mapped", binding.span, about=path))

    def _like_named(
        self, where: Scope, path: str, scope: Scope, declared: Declared
    ) -> syntax.Ident | syntax.Name | None:
        found = where.find(path)
        if found is None or found == (scope, declared):
            return None
        if declared.kind is Kind.SORT:
            return syntax.Ident(path) if found[1].kind is Kind.SORT else None
        if found[1].kind not in LOGICAL:
            return None
        # What is found out here is not found out again, so what is wrong with it is said here.
        offered, wanted = self._written_signature(*found), self.signature(scope, declared)
        return syntax.Name(path) if wanted is not None and offered == wanted else None

    def _written_signature(self, scope: Scope, declared: Declared) -> Signature | None:
        """The signature as far as it can be read off without looking into a definition, whose body may use a role that
        is still to be bound. A definition of a term must state its sort for that."""
        match declared.part.declaration:
            case syntax.DefineDecl(params=params, result=name, body=body):
                if name is None and not _is_formula(scope, body):
                    return None
                result = BOOL if name is None else self.sort(scope, name)
                domain = tuple(sort for param in params if (sort := self.sort(scope, param.sort)) is not None)
                return (domain, result) if result is not None and len(domain) == len(params) else None
            case _:
                return self.signature(scope, declared)

    # -- limits -------------------------------------------------------------------------------------------------------

    def measure(self, term: Term) -> Measure:
        """How deep and large ``term`` is, definitions unfolded and counts written out."""
        return self._measure(term, {})

    def _measure(self, term: Term, known: dict[int, Measure]) -> Measure:
        """As ``measure``; ``known`` are those of parts, by identity: what is mapped to a role stands in many places."""
        if id(term) not in known:
            known[id(term)] = self._measured(term, [self._measure(part, known) for part in logic.children(term)])
        return known[id(term)]

    def _measured(self, term: Term, parts: Sequence[Measure]) -> Measure:
        depth = 1 + max((part.depth for part in parts), default=0)
        times = [1] * len(parts)
        replaced = 0
        inner = Measure(0, 0, 0, {})
        bound: tuple[Var, ...] = ()
        match term:
            case Var():
                return Measure(1, 1, 0, {term: 1})
            case logic.Number(value=value):
                return Measure(1, 1, logic.digits(value), {})
            case logic.Apply(symbol=symbol) if symbol in self._measures:
                inner = self._measures[symbol]
                meaning = self.meanings.get(symbol)
                if isinstance(meaning, Definition):
                    # Unfolding puts an argument wherever the parameter stands.
                    uses = [inner.uses.get(param, 0) for param in meaning.params]
                    times, replaced = [max(1, often) for often in uses], sum(uses)
            case logic.ForAll(variables=bound) | logic.Exists(variables=bound):
                pass
            case logic.Count(variable=variable) | logic.Sum(variable=variable):
                bound = (variable,)
                times = [max(1, len(variable.sort.elements or ()))]
        weighed = list(zip(times, parts, strict=True))
        free: dict[Var, int] = {}
        for count, part in weighed:
            for variable, often in part.uses.items():
                free[variable] = free.get(variable, 0) + count * often
        return Measure(
            depth + inner.depth,
            1 + inner.size - replaced + sum(count * part.size for count, part in weighed),
            inner.digits + sum(count * part.digits for count, part in weighed),
            {variable: often for variable, often in free.items() if variable not in bound},
        )

    def fits(self, term: Term, span: Span, about: str) -> bool:
        """Whether ``term`` is within the limits; a finding if not. Raises as ``weigh`` does."""
        measure = self.measure(term)
        if measure.depth > MAX_DEPTH:
            self.findings.append(finding("unfolds-too-deep", span, about=about, limit=MAX_DEPTH))
            return False
        if measure.size > MAX_SIZE:
            self.findings.append(finding("unfolds-too-large", span, about=about, limit=f"{MAX_SIZE:,}"))
            return False
        if measure.digits > MAX_DIGITS_UNFOLDED:
            what = "digits in its numbers, definitions unfolded"
            self.findings.append(too_many(span, f"`{about}`", MAX_DIGITS_UNFOLDED, what).reason)
            return False
        self.weigh(measure.size, span)
        return True

    def weigh(self, size: int, span: Span) -> None:
        """Count ``size`` parts more. Raises ``GivenUpError`` where the module becomes too large."""
        self._size += size
        if self._size > MAX_SIZE_IN_ALL:
            raise too_many(span, "this module", MAX_SIZE_IN_ALL, "parts in its formulas, definitions unfolded")


def spell_signature(domain: Sequence[Sort], result: Sort) -> str:
    """A signature in words: ``a predicate of (System, Run)``."""
    sorts = "(" + ", ".join(sort.name for sort in domain) + ")"
    if result == BOOL:
        return f"a predicate of {sorts}" if domain else "a predicate without arguments"
    if not domain:
        return f"a constant of {result.name}"
    return f"a function of {sorts} to {result.name}"


def _is_formula(scope: Scope, expr: syntax.Expr, steps: int = MAX_CHAIN) -> bool:
    """Whether an expression is a formula, by its form alone; a chain of definitions is followed ``steps`` far."""
    match expr:
        case syntax.Not() | syntax.Quantified() | syntax.Truth():
            return True
        case syntax.Infix(operators=operators):
            return operators[0] not in ("+", "-", "*", "/")
        case syntax.Name(text) | syntax.Call(name=syntax.Ident(text)):
            found = scope.find(text)
            match found:
                case (_, Declared(kind=Kind.PREDICATE)):
                    return True
                case (inner, Declared(part=Part(declaration=syntax.DefineDecl(result=None, body=body)))) if steps:
                    return _is_formula(inner, body, steps - 1)
                case _:
                    return False
        case _:
            return False
