"""The evaluator: cases worked out by hand, and laws that hold in every structure."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    TRUE,
    Add,
    Day,
    Element,
    Multiply,
    Not,
    Symbol,
    Table,
    Term,
    Var,
    add,
    apply,
    at_most,
    conj,
    count,
    disj,
    divide,
    equal,
    exists,
    for_all,
    iff,
    implies,
    integer,
    ite,
    less,
    multiply,
    negate,
    negation,
    real,
    to_real,
    total,
)
from checker.model import (
    Individual,
    Interpretation,
    NotDecided,
    Structure,
    Unbounded,
    Value,
    defect,
    evaluate,
)
from tests.questions import (
    FREE,
    HIGH,
    LOW,
    MEANINGS,
    E,
    S,
    T,
    c,
    e,
    f,
    fine,
    flag,
    formulas,
    numbers,
    owner,
    p,
    price,
    q,
    rate,
    structures,
    u,
    v,
    w,
    worst,
    x,
    y,
)

KNOWN = {meaning.symbol: meaning for meaning in MEANINGS}
S0, S1, T0 = Individual(S, 0), Individual(S, 1), Individual(T, 0)
E0, E1 = Individual(E, 0), Individual(E, 1)

# Two steps, the second of them bad and the only part of the one run; the first weighs 2, the second -1.
SMALL = Structure(
    sizes=((S, 2), (T, 1)),
    interpretations=(
        Interpretation(p, (((S0,), False), ((S1,), True))),
        Interpretation(q, (((S0, T0), False), ((S1, T0), True))),
        Interpretation(flag, (((), True),)),
        Interpretation(f, (((S0,), T0), ((S1,), T0))),
        Interpretation(c, (((), S1),)),
        Interpretation(w, (((S0,), Fraction(2)), ((S1,), Fraction(-1)))),
        Interpretation(rate, (((E0,), Fraction(1, 2)), ((E1,), Fraction(1, 3)))),
    ),
)

third, half = real(Fraction(1, 3)), real(Fraction(1, 2))
n = Var("n", INT)
t = Var("t", REAL)


def value(term: Term, structure: Structure = SMALL) -> Value:
    return evaluate(term, structure, KNOWN, {})


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        (TRUE, True),
        (apply(flag), True),
        (apply(p, apply(c)), True),
        (for_all([x], apply(p, x)), False),
        (exists([x], apply(p, x)), True),
        (for_all([x, u], iff(apply(p, x), apply(q, x, u))), True),
        (for_all([x], exists([y], negation(equal(x, y)))), True),
        (for_all([u, v], equal(u, v)), True),
        (exists([x], less(apply(w, x), integer(-1))), False),
        (equal(apply(f, apply(c)), apply(f, apply(c))), True),
        (conj([TRUE, FALSE]), False),
        (disj([FALSE, FALSE]), False),
        (implies(FALSE, FALSE), True),
        (Not(FALSE), True),
        (less(integer(1), integer(1)), False),
        (at_most(integer(1), integer(1)), True),
        (less(Day(730000), Day(730001)), True),
        (apply(w, apply(c)), Fraction(-1)),
        (apply(c), S1),
        (LOW, E0),
        (Day(730000), Fraction(730000)),
        (add([real(Fraction(1, 10)), real(Fraction(2, 10))]), Fraction(3, 10)),
        (Add((integer(2), integer(3), integer(-7))), Fraction(-2)),
        (Multiply((third, half, real(6))), Fraction(1)),
        (negate(apply(w, apply(c))), Fraction(1)),
        (divide(to_real(apply(w, apply(c))), real(3)), Fraction(-1, 3)),
        (ite(apply(p, apply(c)), integer(1), integer(2)), Fraction(1)),
        (count(e, less(third, apply(rate, e))), Fraction(1)),
        (total(e, apply(rate, e)), Fraction(5, 6)),
        (apply(owner, apply(f, apply(c))), True),
        (apply(worst, apply(c)), E1),
        (apply(fine, LOW), True),
        (apply(fine, HIGH), False),
        (multiply([apply(price, HIGH), real(2)]), Fraction(-5)),
    ],
)
def test_a_term_has_the_value_that_it_has(term: Term, wanted: Value) -> None:
    assert value(term) == wanted


def test_free_variables_take_their_values_from_the_environment() -> None:
    assert evaluate(apply(p, x), SMALL, KNOWN, {x: S0}) is False
    assert evaluate(apply(p, x), SMALL, KNOWN, {x: S1}) is True


def test_an_inner_quantifier_hides_an_outer_variable() -> None:
    assert evaluate(conj([exists([x], apply(p, x)), negation(apply(p, x))]), SMALL, KNOWN, {x: S0}) is True


def test_a_default_stands_for_all_numbers_that_are_not_listed() -> None:
    g = Symbol("g", (INT,), INT)
    structure = Structure((), (Interpretation(g, (((Fraction(3),), Fraction(4)),), Fraction(7)),))
    assert value(add([apply(g, integer(3)), apply(g, integer(5))]), structure) == 11


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (for_all([n], less(n, integer(3))), "Int has infinitely many values"),
        (exists([t], equal(t, half)), "Real has infinitely many values"),
        (for_all([Var("d", DATE)], FALSE), "Date has infinitely many values"),
        (less(divide(real(1), to_real(add([integer(1), apply(w, apply(c))]))), half), "a division by zero"),
    ],
)
def test_what_only_a_solver_can_tell_is_not_decided(term: Term, why: str) -> None:
    with pytest.raises(Unbounded, match=why):
        value(term)


@pytest.mark.parametrize(
    "term",
    [
        apply(Symbol("unheard", (), BOOL)),
        x,
        apply(Symbol("half_a_table", (E,), INT), HIGH),
        Element(E, "middle"),
    ],
)
def test_a_missing_value_is_not_decided(term: Term) -> None:
    half_a_table = Table(Symbol("half_a_table", (E,), INT), (((LOW,), integer(1)),))
    with pytest.raises(NotDecided) as caught:
        evaluate(term, SMALL, {half_a_table.symbol: half_a_table}, {})
    assert not isinstance(caught.value, Unbounded)


OPEN = for_all([n], less(n, integer(3)))


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        (conj([OPEN, FALSE]), False),
        (disj([OPEN, TRUE]), True),
        (implies(OPEN, TRUE), True),
        (implies(FALSE, OPEN), True),
        (exists([x], disj([apply(p, x), conj([apply(flag), OPEN])])), True),
        (for_all([x], conj([apply(p, x), OPEN])), False),
    ],
)
def test_a_part_that_decides_is_enough(term: Term, wanted: bool) -> None:
    assert value(term) is wanted


@pytest.mark.parametrize(
    "term", [conj([OPEN, TRUE]), disj([OPEN, FALSE]), implies(OPEN, FALSE), negation(OPEN), iff(OPEN, OPEN)]
)
def test_a_part_that_does_not_decide_is_not(term: Term) -> None:
    with pytest.raises(Unbounded):
        value(term)


def test_a_missing_value_is_reported_before_what_a_solver_could_tell() -> None:
    with pytest.raises(NotDecided, match="unheard") as caught:
        value(conj([OPEN, apply(Symbol("unheard", (), BOOL)), OPEN]))
    assert not isinstance(caught.value, Unbounded)


def test_formulas_are_evaluated_to_the_depth_at_which_they_are_written() -> None:
    term = apply(flag)
    for _ in range(60):
        term = negation(conj([exists([u], term), TRUE]))
    assert sys.getrecursionlimit() <= 1000
    assert value(term) is True


def test_what_has_too_many_instances_is_given_up_soon() -> None:
    many = Structure(((S, 40),), (Interpretation(flag, (((), True),)),))
    variables = [Var(f"s{number}", S) for number in range(40)]
    term: Term = apply(flag)
    for variable in variables:
        term = for_all([variable], conj([term, apply(flag)]))
    with pytest.raises(Unbounded, match="too many instances"):
        value(term, many)


# -- laws ------------------------------------------------------------------------------------------------------------


def same(structure: Structure, left: Term, right: Term) -> bool:
    return value(left, structure) == value(right, structure)


@given(structures(), formulas(), formulas())
def test_connectives_obey_their_laws(structure: Structure, a: Term, b: Term) -> None:
    assert same(structure, Not(conj([a, b])), disj([Not(a), Not(b)]))
    assert same(structure, implies(a, b), disj([Not(a), b]))
    assert same(structure, iff(a, b), conj([implies(a, b), implies(b, a)]))
    assert same(structure, Not(Not(a)), a)


@given(structures(), formulas(bound=(x, u, e)))
def test_quantifiers_obey_their_laws(structure: Structure, body: Term) -> None:
    assert same(structure, Not(for_all([x, u, e], body)), exists([x, u, e], Not(body)))
    assert same(structure, for_all([x, u, e], body), for_all([e], for_all([u], for_all([x], body))))
    assert same(structure, exists([x, u, e], body), exists([u, x, e], body))
    closed = exists([x, u], body)
    assert same(structure, exists([e], closed), less(integer(0), count(e, closed)))
    assert same(structure, for_all([e], closed), equal(count(e, closed), integer(2)))


@given(structures(), numbers((e,), 2), formulas((e,), 2))
def test_sums_and_counts_obey_their_laws(structure: Structure, term: Term, body: Term) -> None:
    doubled = add([term, term])
    assert same(structure, total(e, doubled), multiply([integer(2), total(e, term)]))
    assert same(structure, count(e, body), total(e, ite(body, integer(1), integer(0))))
    assert same(structure, add([count(e, body), count(e, Not(body))]), integer(2))


@given(structures(), st.data())
def test_a_defined_symbol_means_its_body(structure: Structure, data: st.DataObject) -> None:
    step = data.draw(st.sampled_from([Individual(S, i) for i in range(dict(structure.sizes)[S])]))
    for meaning in MEANINGS[:2]:
        assert not isinstance(meaning, Table)
        (param,) = meaning.params
        arg: Value = step if param.sort == S else evaluate(apply(f, x), structure, KNOWN, {x: step})
        applied = apply(meaning.symbol, param)
        assert evaluate(applied, structure, KNOWN, {param: arg}) == evaluate(
            meaning.body, structure, KNOWN, {param: arg}
        )


# -- what is no structure --------------------------------------------------------------------------------------------


@given(structures())
def test_a_structure_has_no_defect(structure: Structure) -> None:
    assert defect(structure, [S, T], FREE) is None


WHOLE = Interpretation(p, (((S0,), False), ((S1,), True)))


@pytest.mark.parametrize(
    ("structure", "why"),
    [
        (Structure((), (WHOLE,)), "no individual of th.Step"),
        (Structure(((S, 0),), (WHOLE,)), "no individual of th.Step"),
        (Structure(((S, 2), (S, 2)), (WHOLE,)), "twice"),
        (Structure(((S, 2),), (WHOLE, WHOLE)), "twice"),
        (Structure(((S, 2),), ()), "does not interpret th.bad"),
        (Structure(((S, 3),), (WHOLE,)), "everywhere"),
        (Structure(((S, 1),), (WHOLE,)), "other sorts"),
        (Structure(((S, 2),), (Interpretation(p, (((S0,), True), ((S0,), False))),)), "everywhere"),
        (Structure(((S, 2),), (Interpretation(p, (((S0,), S0), ((S1,), True))),)), "other sorts"),
        (Structure(((S, 2),), (Interpretation(p, (((E0,), True), ((S1,), True))),)), "other sorts"),
        (Structure(((S, 2),), (Interpretation(p, (((S0, S0), True), ((S1,), True))),)), "other sorts"),
        (Structure(((S, 2),), (Interpretation(p, (), Fraction(1)),)), "other sorts"),
    ],
)
def test_a_structure_that_is_none_is_told(structure: Structure, why: str) -> None:
    assert why in (defect(structure, [S], [p]) or "")


def test_a_whole_number_is_no_fraction() -> None:
    k = Symbol("k", (), INT)
    assert defect(Structure((), (Interpretation(k, (((), Fraction(2)),)),)), [], [k]) is None
    assert "other sorts" in (defect(Structure((), (Interpretation(k, (((), Fraction(1, 2)),)),)), [], [k]) or "")
    g = Symbol("g", (INT,), INT)
    assert "everywhere" in (defect(Structure((), (Interpretation(g, ()),)), [], [g]) or "")
    assert defect(Structure((), (Interpretation(g, (), Fraction(2)),)), [], [g]) is None
