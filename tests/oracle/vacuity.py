"""Whether a formula is about nothing: an implication whose condition cannot be, under the premises.

What the condition is, is read off the form of the formula, as the reference of the language says under "Vacuity" and in
its fine print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.judgement import Module
from tests.oracle.language import (
    Apply,
    Compare,
    Expr,
    Infix,
    Not,
    Quantified,
    Truth,
    Var,
    children,
    conj,
    with_children,
)

Bound = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A conjunct: for all of these, under these conditions."""

    bound: Bound = ()
    conditions: tuple[Expr, ...] = ()


def vacuous(module: Module, formula: Expr, premises: Sequence[str]) -> bool:
    """Whether ``formula`` is true of nothing under the premises."""
    return any(_cannot(module, part, premises) for part in _parts(module, formula, _Part()))


def _cannot(module: Module, part: _Part, premises: Sequence[str]) -> bool:
    if not part.conditions:
        return False
    condition = conj(part.conditions)
    closed = Quantified("exists", part.bound, condition) if part.bound else condition
    return module.shown(premises, Not(closed))


def _parts(module: Module, formula: Expr, part: _Part) -> Iterator[_Part]:
    """The conjuncts of ``formula``, each with its conditions."""
    match _positive(module, formula):
        case Quantified("forall", variables, body):
            yield from _parts(module, body, _Part((*part.bound, *variables), part.conditions))
        case Infix("and", left, right):
            yield from _parts(module, left, part)
            yield from _parts(module, right, part)
        case Infix("implies", left, right):
            yield from _parts(module, right, _under(part, left))
        case Infix("iff", left, right):
            yield from _parts(module, right, _under(part, left))
            yield from _parts(module, left, _under(part, right))
        case Infix("or") as whole:
            yield from _disjunction(module, list(_disjuncts(module, whole)), part)
        case _:
            yield part


def _positive(module: Module, formula: Expr) -> Expr:
    """The formula with definitions at its head unfolded and a negation there pushed inward by one step."""
    formula = _unfolded(module, formula)
    if isinstance(formula, Infix) and formula.op == "implies" and formula.right == Truth(False):
        formula = Not(formula.left)
    if not isinstance(formula, Not):
        return formula
    match _positive(module, formula.body):
        case Not(inner):
            return _positive(module, inner)
        case Infix("and", left, right):
            return Infix("or", Not(left), Not(right))
        case Infix("or", left, right):
            return Infix("and", Not(left), Not(right))
        case Infix("implies", left, right):
            return Infix("and", left, Not(right))
        case Quantified("exists", variables, body):
            return Quantified("forall", variables, Not(body))
        case body:
            return Not(body)


def _disjuncts(module: Module, formula: Expr) -> Iterator[Expr]:
    """What a disjunction is made of, however deeply it is nested; implications are disjunctions, too."""
    formula = _unfolded(module, formula)
    match formula:
        case Infix("or", left, right):
            yield from _disjuncts(module, left)
            yield from _disjuncts(module, right)
        case Infix("implies", left, right):
            yield from _disjuncts(module, Not(left))
            if right != Truth(False):
                yield from _disjuncts(module, right)
        case Not(body):
            match _unfolded(module, body):
                case Not(inner):
                    yield from _disjuncts(module, inner)
                case Infix("and", left, right):
                    yield from _disjuncts(module, Not(left))
                    yield from _disjuncts(module, Not(right))
                case inner:
                    yield Not(inner)
        case Quantified("forall", variables, body) if isinstance(inner := _head(module, body), Not):
            yield Not(Quantified("exists", variables, inner.body))
        case _:
            yield formula


def _disjunction(module: Module, disjuncts: Sequence[Expr], part: _Part) -> Iterator[_Part]:
    """What is negated are conditions for the rest; if everything is negated, the last is the rest."""
    conditions = [disjunct.body for disjunct in disjuncts if isinstance(disjunct, Not)]
    rest: list[Expr] = [disjunct for disjunct in disjuncts if not isinstance(disjunct, Not)]
    if not rest and conditions:
        rest = [Not(conditions.pop())]
    inner = _under(part, *conditions)
    if len(rest) == 1:
        yield from _parts(module, rest[0], inner)
    else:
        yield inner


def _under(part: _Part, *conditions: Expr) -> _Part:
    return _Part(part.bound, (*part.conditions, *conditions))


def _head(module: Module, formula: Expr) -> Expr:
    """The formula with definitions and double negations at its head undone."""
    formula = _unfolded(module, formula)
    if isinstance(formula, Not) and isinstance(inner := _head(module, formula.body), Not):
        return _head(module, inner.body)
    return formula


def _unfolded(module: Module, formula: Expr) -> Expr:
    """The formula with a definition at its head replaced by its body, and a chain by the conjunction of its links.

    ``a != b`` becomes ``not a = b``.
    """
    while isinstance(formula, Apply) and formula.name in module.definitions:
        definition = module.definitions[formula.name]
        values = {name: arg for (name, _), arg in zip(definition.params, formula.args, strict=True)}
        formula = _substituted(definition.body, values)
    if isinstance(formula, Compare) and len(formula.ops) > 1:
        links = zip(formula.terms, formula.terms[1:], formula.ops, strict=False)
        parts: list[Expr] = [Compare((left, right), (op,)) for left, right, op in links]
        return conj(parts)
    if isinstance(formula, Compare) and formula.ops == ("!=",):
        return Not(Compare(formula.terms, ("=",)))
    return formula


def _substituted(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The body of a definition with arguments for parameters; bound variables of random cases never clash."""
    if isinstance(expr, Var):
        return values.get(expr.name, expr)
    return with_children(expr, [_substituted(child, values) for child in children(expr)])
