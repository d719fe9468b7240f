"""What formulas are about, form by form, and how terms are put into others without being captured."""

from __future__ import annotations

import pytest

from checker import antecedents
from checker.antecedents import conditions, free_variables, substitute, unfold
from checker.logic import (
    BOOL,
    FALSE,
    INT,
    And,
    Apply,
    Count,
    Definition,
    Exists,
    ForAll,
    Iff,
    Implies,
    Meaning,
    Not,
    Or,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    Var,
)

P, Q, R, S = (Apply(Symbol(name, (), BOOL), ()) for name in "pqrs")
THING = Sort("Thing")
F, G = Symbol("f", (THING,), BOOL), Symbol("g", (THING, THING), BOOL)
X, Y, Z = (Var(name, THING) for name in "xyz")


def f(x: Term) -> Term:
    return Apply(F, (x,))


def g(x: Term, y: Term) -> Term:
    return Apply(G, (x, y))


DEFINED = Symbol("d", (THING,), BOOL)
GUARDED = Symbol("e", (), BOOL)
BOTH = Symbol("b", (), BOOL)
THREE = Symbol("three", (), BOOL)
NEGATED, SAME, UNSAME = (Symbol(name, (THING,), BOOL) for name in ("negated", "same", "unsame"))
LISTED = Symbol("t", (), BOOL)
MEANINGS: dict[Symbol, Meaning] = {
    DEFINED: Definition(DEFINED, (X,), Implies(f(X), ForAll((Y,), Implies(g(X, Y), P)))),
    GUARDED: Definition(GUARDED, (), Or((Not(P), Q))),
    BOTH: Definition(BOTH, (), And((P, Q))),
    THREE: Definition(THREE, (), And((Apply(BOTH, ()), R))),
    NEGATED: Definition(NEGATED, (X,), Not(f(X))),
    SAME: Definition(SAME, (X,), f(X)),
    UNSAME: Definition(UNSAME, (X,), Not(Apply(SAME, (X,)))),
    LISTED: Table(LISTED, (((), P),)),
}
D, E, B, T = Apply(DEFINED, (Z,)), Apply(GUARDED, ()), Apply(BOTH, ()), Apply(LISTED, ())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (P, []),
        (Not(P), []),
        (Implies(P, Q), [P]),
        (Implies(P, FALSE), []),
        (Implies(And((P, Q)), FALSE), [P]),
        (Implies(P, Implies(Q, R)), [And((P, Q))]),
        (And((Implies(P, Q), R, Implies(Q, R))), [P, Q]),
        (And((Implies(P, Q), Implies(P, R))), [P]),
        (Implies(S, And((Implies(P, Q), Implies(Q, R)))), [And((S, P)), And((S, Q))]),
        (Iff(P, Q), [P, Q]),
        (Iff(P, Implies(Q, R)), [And((P, Q)), Implies(Q, R)]),
        (Iff(Implies(Q, R), P), [Implies(Q, R), And((P, Q))]),
        (Implies(S, Iff(P, Q)), [And((S, P)), And((S, Q))]),
        (Or((P, Q)), []),
        (Or((Not(P), Q)), [P]),
        (Or((Q, Not(P))), [P]),
        (Or((Not(P), Q, Not(R))), [And((P, R))]),
        (Or((Not(P), Q, R)), [P]),
        (Or((Not(P), Not(Q))), [P]),
        (Or((Not(P), Not(Q), Not(R))), [And((P, Q))]),
        (Or((Not(P), Implies(Q, R))), [And((P, Q))]),
        (Or((Not(P), Or((Not(Q), R)))), [And((P, Q))]),
        (Or((Not(Not(P)), Not(Q))), [Q]),
        (Or((Not(And((P, Q))), R)), [And((P, Q))]),
        (Or((Not(P), ForAll((X,), Not(f(X))))), [Exists((X,), P)]),
        (Or((ForAll((X,), Not(f(X))), Q)), [Exists((X,), f(X))]),
        (Or((Or((Not(P), Q)), R)), [P]),
        (Or((E, S)), [P]),
        (Or((Not(P), E)), [And((P, P))]),
        (Or((Not(S), E)), [And((S, P))]),
        (Or((Not(E), S)), [Or((Not(P), Q))]),
        (Or((Implies(P, FALSE), And((Implies(Q, R), S)))), [And((P, Q)), P]),
        (Or((Implies(B, R), S)), [And((P, Q))]),
        (Or((Not(P), Implies(Q, And((Implies(R, S), P))))), [And((P, Q, R)), And((P, Q))]),
        (Or((Not(Not(And((Implies(P, Q), R)))), Not(S))), [And((S, P)), S]),
        (Or((Not(And((Not(P), Q))), Not(R))), [And((Q, R))]),
        (Or((Not(Apply(THREE, ())), S)), [And((P, Q, R))]),
        (Or((ForAll((X,), Apply(NEGATED, (X,))), Q)), [Exists((X,), f(X))]),
        (Or((ForAll((X,), Not(Apply(NEGATED, (X,)))), Not(P))), [Exists((X,), P)]),
        (Or((ForAll((X,), Not(Apply(UNSAME, (X,)))), Not(P))), [Exists((X,), P)]),
        (Implies(S, Or((Not(P), Q))), [And((S, P))]),
        (Implies(S, Or((P, Q))), [S]),
        (Not(Not(Implies(P, Q))), [P]),
        (Not(And((P, Q))), [P]),
        (Not(And((P, Not(Q)))), [P]),
        (Implies(S, Not(And((P, Q)))), [And((S, P))]),
        (Not(Or((And((P, Q)), R))), [P]),
        (Implies(S, Not(Or((P, And((Q, R)))))), [S, And((S, Q))]),
        (Not(Implies(Implies(P, Q), R)), [P]),
        (Not(Implies(P, And((Q, R)))), [Q]),
        (Implies(S, Not(Implies(P, Q))), [S]),
        (Not(Exists((X,), And((f(X), P)))), [Exists((X,), f(X))]),
        (Implies(S, Not(Exists((X,), And((f(X), P))))), [Exists((X,), And((S, f(X))))]),
        (ForAll((X,), Implies(f(X), P)), [Exists((X,), f(X))]),
        (ForAll((X,), ForAll((Y,), Implies(g(X, Y), P))), [Exists((X, Y), g(X, Y))]),
        (Implies(P, ForAll((X,), f(X))), [Exists((X,), P)]),
        (Exists((X,), Implies(f(X), P)), []),
        (E, [P]),
        (T, []),
        (Not(T), []),
        (Implies(S, T), [S]),
        (Implies(S, Not(T)), [S]),
        (Implies(S, E), [And((S, P))]),
        (Not(Apply(GUARDED, ())), []),
        (Implies(S, Not(E)), [S]),
        (Not(B), [P]),
        (Implies(S, Not(B)), [And((S, P))]),
        (ForAll((Z,), D), [Exists((Z, Y), And((f(Z), g(Z, Y))))]),
    ],
)
def test_what_a_formula_is_about(formula: Term, expected: list[Term]) -> None:
    assert list(conditions(formula, MEANINGS)) == expected


def test_a_variable_that_a_definition_brings_in_is_renamed() -> None:
    """``d(y)`` is about things that ``g`` relates to ``y``, and its own variable is called ``y`` too."""
    (found,) = conditions(ForAll((Y,), Apply(DEFINED, (Y,))), MEANINGS)
    other = Var("y'", THING)
    assert found == Exists((Y, other), And((f(Y), g(Y, other))))


def test_a_variable_of_a_definition_that_takes_nothing_is_renamed() -> None:
    closed = Symbol("closed", (), BOOL)
    meanings = {closed: Definition(closed, (), ForAll((Y,), Implies(f(Y), P)))}
    (found,) = conditions(ForAll((Y,), Implies(g(Y, Y), Apply(closed, ()))), meanings)
    other = Var("y'", THING)
    assert found == Exists((Y, other), And((g(Y, Y), f(other))))


def test_a_variable_of_the_same_name_further_in_is_renamed() -> None:
    (found,) = conditions(ForAll((X,), Implies(f(X), ForAll((X,), Implies(g(X, X), P)))), MEANINGS)
    other = Var("x'", THING)
    assert found == Exists((X, other), And((f(X), g(other, other))))


def test_no_more_conditions_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antecedents, "MAX_CONDITIONS", 2)
    assert conditions(And((Implies(P, S), Implies(Q, S), Implies(R, S))), {}) == (P, Q)
    assert conditions(And((Implies(P, S), Implies(P, S), Implies(R, S))), {}) == (P, R)
    assert conditions(And((Implies(P, S), S)), {}) == (P,)


def test_a_definition_unfolds_to_its_body_for_these_arguments() -> None:
    assert unfold(DEFINED, (Z,), MEANINGS) == Implies(f(Z), ForAll((Y,), Implies(g(Z, Y), P)))
    assert unfold(GUARDED, (), MEANINGS) == Or((Not(P), Q))


Y1, Y2 = Var("y'", THING), Var("y''", THING)
N = Var("n", INT)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (f(X), f(Y)),
        (f(Z), f(Z)),
        (And((f(X), f(Z))), And((f(Y), f(Z)))),
        (ForAll((Z,), g(X, Z)), ForAll((Z,), g(Y, Z))),
        (ForAll((Y,), g(X, Y)), ForAll((Y1,), g(Y, Y1))),
        (Exists((Y,), g(X, Y)), Exists((Y1,), g(Y, Y1))),
        (Count(Y, g(X, Y)), Count(Y1, g(Y, Y1))),
        (Sum(Y, Count(Z, g(X, Y))), Sum(Y1, Count(Z, g(Y, Y1)))),
        (ForAll((Y,), And((g(X, Y), f(Y1)))), ForAll((Y2,), And((g(Y, Y2), f(Y1))))),
        (ForAll((Y, Y1), And((g(X, Y), f(Y1)))), ForAll((Y2, Y1), And((g(Y, Y2), f(Y1))))),
        (ForAll((X,), f(X)), ForAll((X,), f(X))),
        (ForAll((Y,), ForAll((Y,), g(X, Y))), ForAll((Y1,), ForAll((Y1,), g(Y, Y1)))),
    ],
)
def test_a_term_in_the_place_of_a_variable(term: Term, expected: Term) -> None:
    assert substitute(term, {X: Y}) == expected


def test_two_variables_are_renamed_apart() -> None:
    pair = Symbol("pair", (THING, THING), THING)
    both = Apply(pair, (Y, Z))
    found = substitute(ForAll((Y, Z), And((f(X), g(Y, Z)))), {X: both})
    assert found == ForAll((Y1, Var("z'", THING)), And((f(both), g(Y1, Var("z'", THING)))))


def test_nothing_in_the_place_of_nothing() -> None:
    term = ForAll((Y,), g(X, Y))
    assert substitute(term, {}) is term


def test_several_at_once_do_not_meet() -> None:
    assert substitute(g(X, Y), {X: Y, Y: X}) == g(Y, X)


def test_free_variables() -> None:
    assert free_variables(X) == {X}
    assert free_variables(g(X, Y)) == {X, Y}
    assert free_variables(P) == frozenset()
    assert free_variables(ForAll((X, Z), g(X, Y))) == {Y}
    assert free_variables(Exists((X,), g(X, Y))) == {Y}
    assert free_variables(Count(X, g(X, Y))) == {Y}
    assert free_variables(Sum(X, Count(Z, g(X, Y)))) == {Y}
    assert free_variables(And((ForAll((X,), f(X)), f(X)))) == {X}
