"""The evaluator: cases worked out by hand, and laws that hold in every structure."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import model
from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    TRUE,
    Add,
    And,
    Count,
    Day,
    Definition,
    Divide,
    Element,
    Less,
    Multiply,
    Not,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    Var,
    add,
    apply,
    at_most,
    conj,
    count,
    digits,
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
    Interpreter,
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
        (iff(apply(flag), FALSE), False),
        (implies(TRUE, FALSE), False),
        (at_most(integer(2), integer(1)), False),
        (ite(apply(flag), ite(FALSE, integer(1), integer(2)), integer(3)), Fraction(2)),
        (ite(equal(apply(c), apply(c)), LOW, HIGH), E0),
        (conj([apply(fine, LOW), negation(apply(fine, HIGH))]), True),
        (conj([negation(apply(fine, HIGH)), apply(fine, LOW)]), True),
        (total(e, multiply([apply(price, e), apply(price, e)])), Fraction(1, 9) + Fraction(25, 4)),
        (for_all([x], iff(equal(apply(worst, x), HIGH), equal(x, apply(c)))), True),
        (Count(x, apply(p, x)), Fraction(1)),
        (Sum(x, apply(w, x)), Fraction(1)),
    ],
)
def test_a_term_has_the_value_that_it_has(term: Term, wanted: Value) -> None:
    assert value(term) == wanted


def test_free_variables_take_their_values_from_the_environment() -> None:
    assert evaluate(apply(p, x), SMALL, KNOWN, {x: S0}) is False
    assert evaluate(apply(p, x), SMALL, KNOWN, {x: S1}) is True


k = Var("k", INT)


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        (negation(apply(p, x)), True),
        (conj([apply(p, y), apply(flag)]), True),
        (disj([apply(p, x), apply(p, y)]), True),
        (implies(apply(p, y), apply(p, x)), False),
        (implies(apply(p, x), FALSE), True),
        (iff(apply(p, x), apply(p, y)), False),
        (for_all([u], apply(q, x, u)), False),
        (exists([u], apply(q, y, u)), True),
        (equal(x, y), False),
        (less(apply(w, y), apply(w, x)), True),
        (at_most(apply(w, y), apply(w, x)), True),
        (at_most(k, apply(w, x)), False),
        (ite(apply(p, x), y, x), S0),
        (ite(apply(p, y), y, x), S1),
        (add([apply(w, x), apply(w, y), k]), Fraction(6)),
        (multiply([apply(w, x), apply(w, y), k]), Fraction(-10)),
        (negate(k), Fraction(-5)),
        (divide(k, apply(w, x)), Fraction(5, 2)),
        (to_real(k), Fraction(5)),
        (count(e, apply(p, y)), Fraction(2)),
        (total(e, apply(w, x)), Fraction(4)),
        (apply(worst, y), E1),
    ],
)
def test_each_part_of_a_term_has_its_variables_from_the_environment(term: Term, wanted: Value) -> None:
    assert evaluate(term, SMALL, KNOWN, {x: S0, y: S1, k: Fraction(5)}) == wanted


def test_a_symbol_has_a_value_of_its_own_for_each_choice_of_arguments() -> None:
    """What is remembered of a defined symbol is of these arguments, and of no other symbol."""
    a, b = Var("a", INT), Var("b", INT)
    difference = Definition(Symbol("difference", (INT, INT), INT), (a, b), add([a, negate(b)]))
    other = Definition(Symbol("other", (INT, INT), INT), (a, b), add([b, negate(a)]))
    known = {meaning.symbol: meaning for meaning in (difference, other)}
    interpreter = Interpreter(SMALL, known)
    for first, second in [(2, 1), (1, 2), (2, 2), (2, 1)]:
        args = Fraction(first), Fraction(second)
        assert interpreter.apply(difference.symbol, args) == first - second
        assert interpreter.apply(other.symbol, args) == second - first


def test_a_body_knows_its_parameters_only() -> None:
    """A variable outside that is called like another one is not meant by it."""
    loose = Definition(Symbol("loose", (S,), BOOL), (x,), apply(q, x, u))
    with pytest.raises(NotDecided, match="the variable u has no value"):
        evaluate(apply(loose.symbol, x), SMALL, {loose.symbol: loose}, {x: S0, u: T0})


def test_a_row_of_a_table_may_hold_any_closed_term() -> None:
    weighed = Table(Symbol("weighed", (E,), INT), (((LOW,), total(e, count(e, TRUE))), ((HIGH,), apply(w, apply(c)))))
    known = {weighed.symbol: weighed}
    assert evaluate(apply(weighed.symbol, LOW), SMALL, known, {}) == 4
    assert evaluate(apply(weighed.symbol, HIGH), SMALL, known, {}) == -1


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
    with pytest.raises(Unbounded, match=f"^{why}$"):
        value(term)


UNHEARD = apply(Symbol("unheard", (), BOOL))


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (UNHEARD, "the structure gives unheard no value for these arguments"),
        (apply(Symbol("unheard", (S,), BOOL), apply(c)), "the structure gives unheard no value for these arguments"),
        (x, "the variable x has no value"),
        (apply(Symbol("half_a_table", (E,), INT), HIGH), "the table of half_a_table has no row for these arguments"),
        (apply(Symbol("odd_table", (S,), INT), apply(c)), "a table's row has an argument that is no element"),
        (Element(E, "middle"), "middle is no element of Level"),
        (Element(S, "first"), "first is no element of th.Step"),
        (exists([Var("n", Sort("Nobody"))], TRUE), "the structure does not say how many individuals Nobody has"),
        (Not(integer(1)), "a formula has a value that is no truth value"),
        (And((apply(flag), apply(c))), "a formula has a value that is no truth value"),
        (Less(apply(flag), integer(1)), "a number is wanted where something else stands"),
        (Add((integer(1), LOW)), "a number is wanted where something else stands"),
    ],
)
def test_a_missing_value_is_not_decided(term: Term, why: str) -> None:
    half_a_table = Table(Symbol("half_a_table", (E,), INT), (((LOW,), integer(1)),))
    odd_table = Table(Symbol("odd_table", (S,), INT), (((apply(c),), integer(1)),))
    with pytest.raises(NotDecided, match=f"^{why}$") as caught:
        evaluate(term, SMALL, {table.symbol: table for table in (half_a_table, odd_table)}, {})
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


@pytest.mark.parametrize(("bad", "good"), [(UNHEARD, OPEN), (OPEN, UNHEARD)])
def test_a_missing_value_is_reported_for_whichever_individual_it_is_missing(bad: Term, good: Term) -> None:
    of_each = conj([implies(apply(p, x), bad), implies(negation(apply(p, x)), good)])
    for term in (for_all([x], of_each), exists([x], of_each)):
        with pytest.raises(NotDecided, match="unheard") as caught:
            value(term)
        assert not isinstance(caught.value, Unbounded)


def test_what_a_solver_could_tell_is_reported_where_nothing_is_missing() -> None:
    """It is up to the solver then; a missing value would stand for a countermodel that is none."""
    with pytest.raises(Unbounded, match=r"^Int has infinitely many values$"):
        value(disj([FALSE, OPEN, FALSE]))
    with pytest.raises(Unbounded, match=r"^Int has infinitely many values$"):
        value(exists([x], conj([apply(p, x), OPEN])))


def test_a_number_that_grows_too_long_is_given_up() -> None:
    """The count of digits is one that is never too small, so it is of some more than there are."""
    longest = Fraction(10**1_999 - 1, 10**1_998)
    assert value(real(longest)) == longest
    kept: list[Term] = [Multiply((real(longest), real(1))), Add((real(longest), real(0))), Sum(u, real(longest))]
    for made in [*kept, Divide(real(longest), real(1))]:
        assert value(made) == longest
    large, small = real(Fraction(10) ** 2_100), real(Fraction(1, 10**2_100))
    given_up: list[Term] = [Multiply((large, large)), Divide(large, small), Add((large, small))]
    for made in given_up:
        with pytest.raises(NotDecided, match=r"^a number has more than 4,000 digits$"):
            value(made)


def test_a_number_may_have_just_so_many_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    ten = real(10)
    for most, given_up in [(digits(ten.value), False), (digits(ten.value) - 1, True)]:
        monkeypatch.setattr(model, "MOST_DIGITS", most)
        if given_up:
            with pytest.raises(NotDecided, match=f"more than {most} digits"):
                value(Multiply((ten, real(1))))
        else:
            assert value(Multiply((ten, real(1)))) == 10


def test_so_many_instances_are_looked_at_in_one_structure_and_no_more() -> None:
    interpreter = Interpreter(SMALL, KNOWN)
    assert interpreter._instances_left == model.MOST_INSTANCES
    interpreter._instances_left = 4
    assert interpreter.value(for_all([x, u], iff(apply(p, x), apply(q, x, u))), {}) is True
    assert interpreter.value(total(e, integer(1)), {}) == 2
    with pytest.raises(Unbounded, match=r"^it has too many instances to look at each$"):
        interpreter.value(count(e, TRUE), {})


def test_so_many_parts_are_looked_at_in_one_structure_and_no_more() -> None:
    interpreter = Interpreter(SMALL, KNOWN)
    assert interpreter._steps_left == model.MOST_STEPS
    interpreter._steps_left = 4
    assert interpreter.value(conj([apply(flag), TRUE]), {}) is True
    assert interpreter.value(TRUE, {}) is True
    with pytest.raises(Unbounded, match=r"^it has too many parts to look at each$"):
        interpreter.value(TRUE, {})


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
        (Structure((), (WHOLE,)), "it has no individual of th.Step"),
        (Structure(((S, 0),), (WHOLE,)), "it has no individual of th.Step"),
        (Structure(((S, 2), (S, 2)), (WHOLE,)), "a sort or symbol stands in it twice"),
        (Structure(((S, 2),), (WHOLE, WHOLE)), "a sort or symbol stands in it twice"),
        (Structure(((S, 2),), ()), "it does not interpret th.bad"),
        (Structure(((S, 3),), (WHOLE,)), "it does not give th.bad a value everywhere"),
        (Structure(((S, 1),), (WHOLE,)), "it gives th.bad values of other sorts"),
        (
            Structure(((S, 2),), (Interpretation(p, (((S0,), True), ((S0,), False))),)),
            "it does not give th.bad a value everywhere",
        ),
        (
            Structure(((S, 2),), (Interpretation(p, (((S0,), S0), ((S1,), True))),)),
            "it gives th.bad values of other sorts",
        ),
        (
            Structure(((S, 2),), (Interpretation(p, (((E0,), True), ((S1,), True))),)),
            "it gives th.bad values of other sorts",
        ),
        (
            Structure(((S, 2),), (Interpretation(p, (((S0, S0), True), ((S1,), True))),)),
            "it gives th.bad values of other sorts",
        ),
        (Structure(((S, 2),), (Interpretation(p, (), Fraction(1)),)), "it gives th.bad values of other sorts"),
    ],
)
def test_a_structure_that_is_none_is_told(structure: Structure, why: str) -> None:
    assert defect(structure, [S], [p]) == why


def test_a_value_is_wanted_for_each_choice_of_arguments() -> None:
    rows = tuple(((Individual(S, step), Individual(T, run)), True) for step in range(2) for run in range(3))
    sizes = ((S, 2), (T, 3))
    assert defect(Structure(sizes, (Interpretation(q, rows),)), [S, T], [q]) is None
    for few in (rows[:2], rows[:3], rows[:5], rows[:-1] + rows[:1]):
        found = defect(Structure(sizes, (Interpretation(q, few),)), [S, T], [q])
        assert found == "it does not give th.part a value everywhere"


def test_what_is_no_individual_is_told_for_each_symbol() -> None:
    """Also for one of which the sort was not asked for, and for a number that a solver takes for an individual."""
    assert defect(Structure((), (Interpretation(p, (((S0,), True),)),)), [], [p]) is not None
    for sort in (INT, REAL, DATE, BOOL):
        number = Symbol("number", (), sort)
        structure = Structure((), (Interpretation(number, (((), Individual(sort, 0)),)),))
        assert defect(structure, [], [number]) == "it gives number values of other sorts"
    whole = Structure(((S, 2),), (WHOLE, Interpretation(c, (((), Individual(S, 2)),))))
    assert defect(whole, [S], [p, c]) == "it gives th.first values of other sorts"
    before = Structure(((S, 2),), (WHOLE, Interpretation(c, (((), Individual(S, -1)),))))
    assert defect(before, [S], [p, c]) == "it gives th.first values of other sorts"


def test_a_whole_number_is_no_fraction() -> None:
    k = Symbol("k", (), INT)
    assert defect(Structure((), (Interpretation(k, (((), Fraction(2)),)),)), [], [k]) is None
    assert "other sorts" in (defect(Structure((), (Interpretation(k, (((), Fraction(1, 2)),)),)), [], [k]) or "")
    g = Symbol("g", (INT,), INT)
    assert "everywhere" in (defect(Structure((), (Interpretation(g, ()),)), [], [g]) or "")
    assert defect(Structure((), (Interpretation(g, (), Fraction(2)),)), [], [g]) is None
