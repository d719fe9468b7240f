"""Whether a formula is about nothing: an implication whose condition cannot be, under the premises.

What the condition is depends on how a formula is read where it is no plain implication. Readings that the rules leave
no doubt about are told apart from those that somebody might defend; a formula that is vacuous only under one of the
latter is ``MAYBE``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.judgement import Found, Module
from tests.oracle.language import (
    Apply,
    Expr,
    Infix,
    Not,
    Quantified,
    Var,
    children,
    conj,
    with_children,
)

Bound = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A conjunct: under these conditions. ``plain`` says that there is no doubt about the reading."""

    bound: Bound
    conditions: tuple[Expr, ...]
    plain: bool


def vacuous(module: Module, formula: Expr, premises: Sequence[str]) -> Found:
    """Whether ``formula`` is true of nothing under the premises."""
    parts = list(_parts(module, formula, _Part((), (), True), True))
    impossible = [_impossible(module, part, premises) for part in parts]
    if not any(impossible):
        return Found.NO
    plain = [cannot for part, cannot in zip(parts, impossible, strict=True) if part.plain]
    return Found.YES if plain and all(plain) else Found.MAYBE


def _impossible(module: Module, part: _Part, premises: Sequence[str]) -> bool:
    if not part.conditions:
        return False
    condition = conj(part.conditions)
    closed = Quantified("exists", part.bound, condition) if part.bound else condition
    return module.shown(premises, Not(closed))


def _parts(module: Module, formula: Expr, part: _Part, positive: bool) -> Iterator[_Part]:
    """The conjuncts of ``formula``, or of its negation, each with its conditions."""
    match _unfolded(module, formula):
        case Not(body):
            yield from _parts(module, body, part, not positive)
        case Quantified(kind, variables, body):
            inner = _Part((*part.bound, *variables), part.conditions, part.plain and (kind == "forall") is positive)
            if not inner.plain:
                yield part
            yield from _parts(module, body, inner, positive)
        case Infix("and" | "or" as op, left, right) if (op == "and") is positive:
            # With conditions before them, conjuncts stand inside a consequent, and the rules do not speak of those.
            inner = _Part(part.bound, part.conditions, part.plain and not part.conditions)
            if not inner.plain:
                yield part
            yield from _parts(module, left, inner, positive)
            yield from _parts(module, right, inner, positive)
        case Infix("implies", left, right) if positive:
            yield from _parts(module, right, _under(part, [left], part.plain), True)
        case Infix("implies", left, right):
            inner = _Part(part.bound, part.conditions, part.plain and not part.conditions)
            if not inner.plain:
                yield part
            yield from _parts(module, left, inner, True)
            yield from _parts(module, right, inner, False)
        case Infix("or" | "and" as op, _, _) as whole:
            yield from _disjunction(module, list(_flat(op, whole)), part, positive)
        case _:
            yield part


def _flat(op: str, formula: Expr) -> Iterator[Expr]:
    if isinstance(formula, Infix) and formula.op == op:
        yield from _flat(op, formula.left)
        yield from _flat(op, formula.right)
    else:
        yield formula


def _disjunction(module: Module, disjuncts: Sequence[Expr], part: _Part, positive: bool) -> Iterator[_Part]:
    """The disjuncts that are negated may be read as conditions for the others, if there are others."""
    conditions = [one for disjunct in disjuncts if (one := _negated(disjunct, positive)) is not None]
    others = [disjunct for disjunct in disjuncts if _negated(disjunct, positive) is None]
    joined = _under(part, conditions, part.plain and bool(others))
    if len(others) == 1 and conditions:
        yield from _parts(module, others[0], joined, positive)
        return
    if not others:
        yield part
        for condition in conditions:
            yield _under(part, [condition], False)
    yield joined
    for other in others:
        yield from _parts(module, other, _under(part, conditions, False), positive)


def _negated(formula: Expr, positive: bool) -> Expr | None:
    """What the formula, or its negation, denies."""
    match formula:
        case Not(body):
            return body if positive else None
        case _:
            return None if positive else formula


def _under(part: _Part, conditions: Sequence[Expr], plain: bool) -> _Part:
    return _Part(part.bound, (*part.conditions, *conditions), plain)


def _unfolded(module: Module, formula: Expr) -> Expr:
    """The formula with a definition at its head replaced by its body, until there is none."""
    while isinstance(formula, Apply) and formula.name in module.definitions:
        definition = module.definitions[formula.name]
        values = {name: arg for (name, _), arg in zip(definition.params, formula.args, strict=True)}
        formula = _substituted(definition.body, values)
    return formula


def _substituted(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The body of a definition with arguments for parameters; bound variables of random cases never clash."""
    if isinstance(expr, Var):
        return values.get(expr.name, expr)
    return with_children(expr, [_substituted(child, values) for child in children(expr)])
