"""What a formula is about: the conditions under which it says something.

``forall s: System. produced(s) and unsafe(s) implies caught(s)`` is about the produced unsafe systems; where there can
be none, it is true of nothing. The conditions are read off the form of a formula: definitions are unfolded, negations
pushed inward, conjunctions taken one by one, ``not A or B`` is read as ``A implies B`` (and ``A iff B`` as both
implications), and nested implications are joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker import logic
from checker.logic import (
    And,
    Apply,
    Definition,
    Exists,
    ForAll,
    Iff,
    Implies,
    Meaning,
    Not,
    Or,
    Symbol,
    Term,
    Truth,
    Var,
    conj,
    exists,
    negation,
)

MAX_CONDITIONS = 1_000
"""How many conditions of one formula are looked at; whoever gets so many must not take them for all."""


def conditions(formula: Term, meanings: Mapping[Symbol, Meaning]) -> tuple[Term, ...]:
    """For each part of ``formula`` that is conditional, the closed formula that its condition is met by something.

    If one of them cannot hold, that part of the formula is true of nothing. A part without a condition yields none.
    """
    found: dict[Term, None] = {}
    for variables, premises in _parts(formula, meanings, (), ()):
        if premises:
            found.setdefault(exists(variables, conj(premises)))
            if len(found) >= MAX_CONDITIONS:
                break
    return tuple(found)


_Part = tuple[tuple[Var, ...], tuple[Term, ...]]


def _parts(
    formula: Term, meanings: Mapping[Symbol, Meaning], variables: tuple[Var, ...], premises: tuple[Term, ...]
) -> Iterator[_Part]:
    """The conditional parts of a formula that stands under these variables and premises."""
    match formula:
        case And(args):
            for arg in args:
                yield from _parts(arg, meanings, variables, premises)
        case ForAll(bound, body):
            renamed, body = _fresh(bound, body, variables)
            yield from _parts(body, meanings, variables + renamed, premises)
        case Implies(left, Truth(False)):
            yield from _parts(negation(left), meanings, variables, premises)
        case Implies(left, right):
            yield from _parts(right, meanings, variables, (*premises, left))
        case Iff(left, right):
            yield from _parts(right, meanings, variables, (*premises, left))
            yield from _parts(left, meanings, variables, (*premises, right))
        case Or(args):
            yield from _disjunction(args, meanings, variables, premises)
        case Not(body):
            yield from _negated(body, meanings, variables, premises)
        case Apply(symbol, args) if isinstance(meanings.get(symbol), Definition):
            yield from _parts(unfold(symbol, args, meanings), meanings, variables, premises)
        case _:
            yield variables, premises


def _negated(
    body: Term, meanings: Mapping[Symbol, Meaning], variables: tuple[Var, ...], premises: tuple[Term, ...]
) -> Iterator[_Part]:
    match body:
        case Not(inner):
            yield from _parts(inner, meanings, variables, premises)
        case And(args):
            yield from _disjunction(tuple(Not(arg) for arg in args), meanings, variables, premises)
        case Or(args):
            for arg in args:
                yield from _negated(arg, meanings, variables, premises)
        case Implies(left, right):
            yield from _parts(left, meanings, variables, premises)
            yield from _negated(right, meanings, variables, premises)
        case Exists(bound, inner):
            yield from _parts(ForAll(bound, Not(inner)), meanings, variables, premises)
        case Apply(symbol, args) if isinstance(meanings.get(symbol), Definition):
            yield from _negated(unfold(symbol, args, meanings), meanings, variables, premises)
        case _:
            yield variables, premises


def _disjunction(
    args: tuple[Term, ...], meanings: Mapping[Symbol, Meaning], variables: tuple[Var, ...], premises: tuple[Term, ...]
) -> Iterator[_Part]:
    """``not A or B`` as ``A implies B``. Where all are negated, the last is what follows from the others."""
    args = tuple(part for arg in args for part in _disjuncts(arg, meanings))
    negated: list[Not] = [arg for arg in args if isinstance(arg, Not)]
    others: list[Term] = [arg for arg in args if not isinstance(arg, Not)]
    if not others:
        *negated, last = negated
        others = [last]
    conditions_here = tuple(arg.body for arg in negated)
    if len(others) == 1:
        yield from _parts(others[0], meanings, variables, premises + conditions_here)
    else:
        yield variables, premises + conditions_here


def _disjuncts(formula: Term, meanings: Mapping[Symbol, Meaning]) -> Iterator[Term]:
    """The disjuncts a formula comes down to: definitions unfolded, implications spelled out, negations pushed in."""
    match formula:
        case Or(args):
            for arg in args:
                yield from _disjuncts(arg, meanings)
        case Implies(left, Truth(False)):
            yield from _disjuncts(Not(left), meanings)
        case Implies(left, right):
            yield from _disjuncts(Not(left), meanings)
            yield from _disjuncts(right, meanings)
        case Apply(symbol, args) if isinstance(meanings.get(symbol), Definition):
            yield from _disjuncts(unfold(symbol, args, meanings), meanings)
        case Not(Not(inner)):
            yield from _disjuncts(inner, meanings)
        case Not(And(args)):
            for arg in args:
                yield from _disjuncts(Not(arg), meanings)
        case Not(Apply(symbol, args)) if isinstance(meanings.get(symbol), Definition):
            yield from _disjuncts(Not(unfold(symbol, args, meanings)), meanings)
        case ForAll(bound, body) if isinstance(head := _head(body, meanings), Not):
            yield Not(Exists(bound, head.body))
        case _:
            yield formula


def _head(formula: Term, meanings: Mapping[Symbol, Meaning]) -> Term:
    """The formula with definitions and double negations at its head undone."""
    match formula:
        case Apply(symbol, args) if isinstance(meanings.get(symbol), Definition):
            return _head(unfold(symbol, args, meanings), meanings)
        case Not(body) if isinstance(inner := _head(body, meanings), Not):
            return _head(inner.body, meanings)
        case _:
            return formula


def unfold(symbol: Symbol, args: tuple[Term, ...], meanings: Mapping[Symbol, Meaning]) -> Term:
    """The body of a definition with ``args`` in the place of its parameters."""
    definition = meanings[symbol]
    assert isinstance(definition, Definition)
    return substitute(definition.body, dict(zip(definition.params, args, strict=True)))


def substitute(term: Term, values: Mapping[Var, Term]) -> Term:
    """``term`` with ``values`` for its free variables; bound variables are renamed where they would capture."""
    if not values:
        return term
    taken = {v.name for value in values.values() for v in free_variables(value)}
    return _substitute(term, values, taken)


def _substitute(term: Term, values: Mapping[Var, Term], taken: set[str]) -> Term:
    def inner(bound: tuple[Var, ...], body: Term) -> tuple[tuple[Var, ...], Term]:
        renamed = _renamed(bound, body, taken)
        return renamed, _substitute(body, {**values, **dict(zip(bound, renamed, strict=True))}, taken)

    match term:
        case Var():
            return values.get(term, term)
        case ForAll(bound, body):
            return ForAll(*inner(bound, body))
        case Exists(bound, body):
            return Exists(*inner(bound, body))
        case logic.Count(variable, body):
            (renamed,), body = inner((variable,), body)
            return logic.Count(renamed, body)
        case logic.Sum(variable, body):
            (renamed,), body = inner((variable,), body)
            return logic.Sum(renamed, body)
        case _:
            return logic.with_children(term, tuple(_substitute(c, values, taken) for c in logic.children(term)))


def _renamed(bound: tuple[Var, ...], body: Term, taken: set[str]) -> tuple[Var, ...]:
    """``bound`` with names outside ``taken``, distinct from each other and from what is free in ``body``."""
    if not any(v.name in taken for v in bound):
        return bound
    used = taken | {v.name for v in free_variables(body)}
    renamed = []
    for variable in bound:
        name = variable.name
        if name in taken:
            while name in used:
                name += "'"
        used = used | {name}
        renamed.append(Var(name, variable.sort))
    return tuple(renamed)


def free_variables(term: Term) -> frozenset[Var]:
    """The variables of ``term`` that no quantifier in it binds."""
    match term:
        case Var():
            return frozenset({term})
        case ForAll(bound, body) | Exists(bound, body):
            return free_variables(body) - set(bound)
        case logic.Count(variable, body) | logic.Sum(variable, body):
            return free_variables(body) - {variable}
        case _:
            return frozenset().union(*map(free_variables, logic.children(term)))


def _fresh(bound: tuple[Var, ...], body: Term, outer: tuple[Var, ...]) -> tuple[tuple[Var, ...], Term]:
    """The variables renamed apart from ``outer``: unfolding can bring in a name that is in use."""
    renamed = _renamed(bound, body, {v.name for v in outer})
    return renamed, substitute(body, {v: r for v, r in zip(bound, renamed, strict=True) if v != r})
