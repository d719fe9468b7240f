"""Questions as text: that solvers read it, that it means what the formulas mean, that no user's name matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import smtlib
from checker.entailment import Question
from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    Add,
    And,
    Day,
    Definition,
    Equal,
    Multiply,
    Number,
    Or,
    Sort,
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
from checker.logic import Element as ElementTerm
from checker.model import Individual, Interpretation, Structure, evaluate
from checker.smtlib import NotExpressible, Script, bounded, complete, fixed, numeral, unbounded
from tests.deciders import by_cvc5, by_z3
from tests.questions import (
    HIGH,
    KNOWN,
    LOW,
    MEANINGS,
    E,
    S,
    T,
    ask,
    assume,
    c,
    e,
    f,
    fine,
    flag,
    formulas,
    owner,
    p,
    price,
    q,
    questions,
    rate,
    structures,
    u,
    w,
    worst,
    x,
    y,
)


def test_the_text_of_a_question_can_be_read() -> None:
    question = ask(
        [for_all([x], implies(apply(p, x), apply(owner, apply(f, x)))), less(apply(price, HIGH), real(0))],
        for_all([x], less(apply(rate, LOW), real(Fraction(-1, 3)))),
        MEANINGS,
    )
    assert (
        complete(unbounded(question))
        == """\
; step test
(set-logic ALL)
(declare-sort s0 0) ; th.Step
(declare-sort s1 0) ; th.Run
(declare-datatypes ((s2 0)) (((e2_0) (e2_1)))) ; Level: low, high
(declare-fun f0 (s0) Bool) ; th.bad
(declare-fun f1 (s0) s1) ; th.run_of
(declare-fun f2 (s2) Real) ; th.rate
(declare-fun f3 (s0 s1) Bool) ; th.part
(define-fun d0 ((v1 s1)) Bool (exists ((v2 s0)) (and (f3 v2 v1) (f0 v2)))) ; th.owned
(define-fun d1 ((a0 s2)) Real (ite (= a0 e2_0) (/ 1.0 3.0) (- (/ 5.0 2.0)))) ; th.price
(declare-fun g0 () Bool) ; a0
(assert (=> g0 (forall ((v3 s0)) (=> (f0 v3) (d0 (f1 v3))))))
(declare-fun g1 () Bool) ; a1
(assert (=> g1 (< (d1 e2_1) 0.0)))
(assert (not (< (f2 e2_0) (- (/ 1.0 3.0))))) ; the conclusion, negated
(check-sat-assuming (g0 g1))
"""
    )


def test_a_bounded_text_is_ground() -> None:
    question = ask([for_all([x], exists([u], apply(q, x, u)))], apply(p, apply(c)))
    text = bounded(question, {S: 2, T: 2}).text
    assert "forall" not in text
    assert "exists" not in text
    assert "(and (or (f0 c0_0 c1_0) (f0 c0_0 c1_1)) (or (f0 c0_1 c1_0) (f0 c0_1 c1_1)))" in text
    assert "(assert (or (= f2 c0_0) (= f2 c0_1)))" in text


def test_functions_of_numbers_stay_among_the_individuals() -> None:
    at = Symbol("at", (INT,), S)
    question = ask([], equal(apply(at, integer(1)), apply(at, integer(2))))
    assert by_z3(complete(bounded(question, {S: 1}))) == "unsat"
    assert by_z3(complete(bounded(question, {S: 2}))) == "sat"


big = Symbol("big", (S, S), T)


@pytest.mark.parametrize("most", [20_000, 7, 1])
@pytest.mark.parametrize(
    "function",
    [Symbol("at", (INT,), S), Symbol("pair", (INT, INT), S), Symbol("third", (S, E, INT), S)],
    ids=lambda function: function.name,
)
def test_functions_stay_within_the_bound_whatever_else_there_is(
    function: Symbol, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found outside of it would be no countermodel, and nobody would notice that there is none within."""
    monkeypatch.setattr(smtlib, "MAX_QUANTIFIER", most)
    given: dict[Sort, list[Term]] = {S: [apply(c)] * 3, E: [LOW] * 3, INT: [integer(n) for n in range(3)]}
    values = [apply(function, *(given[sort][n] for sort in function.domain)) for n in range(3)]
    differ = [negation(equal(values[a], values[b])) for a, b in [(0, 1), (0, 2), (1, 2)]]
    # Symbols with which there is nothing to do, or too much, come first.
    question = ask([apply(flag), equal(apply(big, apply(c), apply(c)), apply(f, apply(c))), *differ], FALSE)
    assert smtlib.vocabulary(question).symbols[:2] == (flag, big)
    assert by_z3(complete(bounded(question, {S: 2, T: 2}))) == "unsat"
    assert by_z3(complete(bounded(question, {S: 3, T: 2}))) == "sat"


def test_numbers_stay_without_bounds() -> None:
    k, at = Var("k", INT), Symbol("at", (INT,), S)
    question = ask([for_all([k], equal(apply(at, k), apply(c))), exists([k], less(integer(9), k))], FALSE)
    assert by_z3(complete(bounded(question, {S: 2}))) == "sat"


# -- meaning ---------------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(structures(), formulas())
def test_what_a_formula_means_in_a_structure_is_what_our_evaluator_says(structure: Structure, formula: Term) -> None:
    question = ask([formula], FALSE, MEANINGS)
    used = smtlib.vocabulary(question)
    part = Structure(
        tuple((sort, size) for sort, size in structure.sizes if sort in used.sorts),
        tuple(i for i in structure.interpretations if i.symbol in used.symbols),
    )
    holds = evaluate(formula, structure, KNOWN, {})
    assert by_z3(complete(fixed(question, part))) == ("sat" if holds else "unsat")


# One structure, all of whose individuals have names, so that it can be given to a solver in every flavour of the text.
first, second = Symbol("first", (), S), Symbol("second", (), S)
run = Symbol("run", (), T)
steps, cares = Symbol("steps", (S, E), INT), Symbol("cares", (S, S), BOOL)
g = Symbol("g", (INT,), INT)
since = Symbol("since", (E,), DATE)
half, who = Symbol("half", (INT,), REAL), Symbol("who", (INT, E), S)
S0, S1, T0 = Individual(S, 0), Individual(S, 1), Individual(T, 0)
E0, E1 = Individual(E, 0), Individual(E, 1)
NAMED = Structure(
    sizes=((S, 2), (T, 1)),
    interpretations=(
        Interpretation(first, (((), S0),)),
        Interpretation(second, (((), S1),)),
        Interpretation(run, (((), T0),)),
        Interpretation(p, (((S0,), False), ((S1,), True))),
        Interpretation(q, (((S0, T0), False), ((S1, T0), True))),
        Interpretation(cares, (((S0, S0), False), ((S0, S1), True), ((S1, S0), False), ((S1, S1), False))),
        Interpretation(flag, (((), True),)),
        Interpretation(f, (((S0,), T0), ((S1,), T0))),
        Interpretation(c, (((), S1),)),
        Interpretation(w, (((S0,), Fraction(2)), ((S1,), Fraction(-1)))),
        Interpretation(rate, (((E0,), Fraction(1, 2)), ((E1,), Fraction(1, 3)))),
        Interpretation(
            steps,
            (
                ((S0, E0), Fraction(5)),
                ((S0, E1), Fraction(6)),
                ((S1, E0), Fraction(7)),
                ((S1, E1), Fraction(5)),
            ),
        ),
        Interpretation(
            g,
            (((Fraction(3),), Fraction(4)), ((Fraction(8),), Fraction(7)), ((Fraction(5),), Fraction(9))),
            Fraction(7),
        ),
        Interpretation(half, (((Fraction(3),), Fraction(1, 3)),), Fraction(-1, 2)),
        Interpretation(who, (((Fraction(3), E0), S0), ((Fraction(4), E1), S0)), S1),
        Interpretation(since, (((E0,), Fraction(739000)), ((E1,), Fraction(1)))),
    ),
)
NAMES: dict[Individual, Term] = {S0: apply(first), S1: apply(second), T0: apply(run), E0: LOW, E1: HIGH}
a, b = Var("a", S), Var("b", E)
gap, limit, tally = Symbol("gap", (S, E), INT), Symbol("limit", (), REAL), Symbol("tally", (E,), INT)
rank, over, kind = Symbol("rank", (E, E), INT), Symbol("over", (E, E), BOOL), Symbol("kind", (E,), E)
RANKS = {(LOW, LOW): 0, (LOW, HIGH): -2, (HIGH, LOW): 3, (HIGH, HIGH): 0}
NAMED_MEANINGS = (
    *MEANINGS,
    Definition(gap, (a, b), add([apply(steps, a, b), negate(apply(w, a))])),
    Definition(limit, (), real(Fraction(-7, 2))),
    Table(rank, tuple((key, integer(value)) for key, value in RANKS.items())),
    Table(over, (((HIGH, LOW), conj([])), ((HIGH, HIGH), apply(flag)), ((LOW, LOW), FALSE))),
    Table(kind, (((LOW,), HIGH), ((HIGH,), LOW))),
    Table(tally, (((LOW,), count(b, apply(over, b, LOW))), ((HIGH,), apply(w, apply(c))))),
)
NAMED_KNOWN = {meaning.symbol: meaning for meaning in NAMED_MEANINGS}
k_, m_ = Var("k", INT), Var("m", INT)

SAID: list[Term] = [
    apply(flag),
    apply(p, apply(first)),
    apply(p, apply(c)),
    And(()),
    Or(()),
    And((apply(flag),)),
    Or((apply(p, apply(first)),)),
    conj([apply(flag), apply(p, apply(first))]),
    disj([apply(flag), apply(p, apply(first))]),
    implies(apply(flag), apply(p, apply(first))),
    implies(apply(p, apply(first)), apply(flag)),
    iff(apply(flag), apply(p, apply(first))),
    for_all([x], apply(p, x)),
    exists([x], apply(p, x)),
    for_all([x], exists([y], apply(cares, x, y))),
    exists([y], for_all([x], apply(cares, x, y))),
    exists([x], for_all([y], implies(apply(p, y), apply(cares, x, y)))),
    for_all([x, y], implies(apply(cares, x, y), negation(apply(cares, y, x)))),
    exists([x, y], apply(cares, y, x)),
    for_all([x], implies(apply(p, x), exists([x], negation(apply(p, x))))),
    for_all([x, u], iff(apply(p, x), apply(q, x, u))),
    for_all([x], apply(flag)),
    exists([x, u], apply(p, apply(first))),
    exists([x, u], apply(q, apply(first), u)),
    for_all([u, x], apply(p, x)),
    for_all([u, x, e], disj([apply(p, x), equal(e, LOW)])),
    for_all([u], exists([x], apply(q, x, u))),
    for_all([e], exists([x], equal(apply(steps, x, e), integer(5)))),
    exists([x], for_all([e], less(integer(5), apply(steps, x, e)))),
    equal(apply(g, integer(3)), integer(4)),
    equal(apply(g, integer(5)), integer(9)),
    equal(apply(g, integer(5)), apply(g, integer(6))),
    equal(apply(g, integer(8)), apply(g, integer(-6))),
    equal(apply(c), apply(second)),
    equal(apply(c), apply(first)),
    less(apply(w, apply(c)), integer(-1)),
    at_most(apply(w, apply(c)), integer(-1)),
    less(apply(rate, HIGH), apply(rate, LOW)),
    less(apply(rate, LOW), apply(rate, HIGH)),
    at_most(apply(rate, LOW), apply(rate, HIGH)),
    equal(ite(apply(flag), integer(1), integer(2)), integer(1)),
    equal(ite(apply(p, apply(first)), apply(first), apply(second)), apply(second)),
    Equal(Add(()), integer(0)),
    Equal(Multiply(()), integer(1)),
    equal(add([apply(w, apply(first)), apply(w, apply(c)), integer(5)]), integer(6)),
    equal(multiply([apply(w, apply(first)), apply(w, apply(c)), integer(5)]), integer(-10)),
    equal(negate(apply(w, apply(c))), integer(1)),
    equal(divide(apply(w, apply(first)), apply(w, apply(c))), real(-2)),
    equal(divide(apply(rate, LOW), apply(rate, HIGH)), real(Fraction(3, 2))),
    equal(add([to_real(apply(w, apply(c))), apply(rate, LOW)]), real(Fraction(-1, 2))),
    equal(count(e, less(real(Fraction(2, 5)), apply(rate, e))), integer(1)),
    equal(total(e, apply(rate, e)), real(Fraction(5, 6))),
    equal(total(e, apply(steps, apply(c), e)), integer(12)),
    for_all([x], equal(total(e, apply(gap, x, e)), total(e, apply(steps, x, e)))),
    exists([x], equal(count(e, less(integer(5), apply(steps, x, e))), integer(1))),
    equal(total(e, count(b, apply(over, e, b))), integer(2)),
    equal(total(e, multiply([apply(rank, e, LOW), count(b, apply(over, b, e))])), integer(3)),
    equal(total(e, total(b, apply(rank, e, b))), integer(1)),
    equal(apply(rank, LOW, HIGH), integer(-2)),
    equal(apply(rank, HIGH, LOW), integer(-2)),
    apply(over, HIGH, LOW),
    apply(over, LOW, HIGH),
    apply(over, LOW, LOW),
    apply(over, HIGH, HIGH),
    equal(apply(tally, LOW), integer(1)),
    equal(apply(tally, HIGH), integer(1)),
    for_all([e], negation(equal(apply(kind, e), e))),
    exists([e], equal(apply(kind, e), e)),
    equal(apply(gap, apply(first), HIGH), integer(4)),
    equal(apply(gap, apply(second), LOW), integer(8)),
    less(apply(limit), real(-3)),
    less(real(-3), apply(limit)),
    less(apply(since, LOW), Day(739000)),
    less(apply(since, HIGH), apply(since, LOW)),
    equal(apply(since, HIGH), Day(1)),
    apply(owner, apply(run)),
    for_all([x], equal(apply(worst, x), HIGH)),
    equal(apply(worst, apply(c)), HIGH),
    apply(fine, LOW),
    apply(fine, HIGH),
    equal(apply(price, HIGH), real(Fraction(-5, 2))),
]


def _pinned() -> list[Term]:
    """What the structure is, said in formulas."""
    said = [for_all([x], disj([equal(x, apply(first)), equal(x, apply(second))])), for_all([u], equal(u, apply(run)))]
    said.append(negation(equal(apply(first), apply(second))))
    said += [equal(apply(g, integer(k)), integer(value)) for k, value in {3: 4, 8: 7, 5: 9, 6: 7, -6: 7}.items()]
    for found in NAMED.interpretations:
        for args, value in found.entries if found.default is None else ():
            applied = apply(found.symbol, *(NAMES[arg] for arg in args if isinstance(arg, Individual)))
            match value:
                case bool():
                    said.append(applied if value else negation(applied))
                case Individual():
                    said.append(equal(applied, NAMES[value]))
                case Fraction():
                    sort = found.symbol.range
                    said.append(equal(applied, Day(int(value)) if sort == DATE else Number(value, sort)))
    return said


FLAVOURS: dict[str, Callable[[Question], Script]] = {
    "unbounded": unbounded,
    "exactly": lambda question: bounded(question, {S: 2, T: 1}, exactly=True),
    "bounded": lambda question: bounded(question, {S: 3, T: 2}),
    "fixed": lambda question: fixed(question, _restricted(question)),
}


@pytest.mark.parametrize("most", [4, 20_000])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_kind_of_term_means_the_same_in_every_flavour(
    flavour: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A structure makes each formula true or false: what it makes true can be so, and has to where it is told.

    With the lower limit some quantifiers stay, and some functions may have values outside of the bound at first.
    """
    monkeypatch.setattr(smtlib, "MAX_QUANTIFIER", most)
    facts = _facts()
    assert 20 < len(set(facts) & set(SAID)) < len(SAID) - 20
    for question, wanted in [
        (ask([*_pinned(), *facts], FALSE, NAMED_MEANINGS), "sat"),
        (ask(_pinned(), conj(facts), NAMED_MEANINGS), "unsat"),
    ]:
        script = FLAVOURS[flavour](question)
        assert by_z3(complete(script)) == wanted
        assert by_z3(smtlib.asserted(script) + "(check-sat)\n") == wanted


def test_one_structure_says_all_that_there_is_to_say() -> None:
    """Also of functions of numbers, which have a default there."""
    defined = ite(equal(k_, integer(3)), integer(4), ite(equal(k_, integer(5)), integer(9), integer(7)))
    over_all = [for_all([k_], equal(apply(g, k_), defined)), exists([k_, m_], less(apply(g, k_), apply(g, m_)))]
    for argument, value in {2: Fraction(-1, 2), 3: Fraction(1, 3), 4: Fraction(-1, 2)}.items():
        over_all.append(equal(apply(half, integer(argument)), real(value)))
    for argument, level, step in [(3, LOW, first), (3, HIGH, second), (4, LOW, second), (4, HIGH, first)]:
        over_all.append(equal(apply(who, integer(argument), level), apply(step)))
    question = ask([], conj([*_pinned(), *_facts(), *over_all]), NAMED_MEANINGS)
    assert by_z3(complete(fixed(question, _restricted(question)))) == "unsat"


def test_neither_too_few_nor_too_many_individuals_fit() -> None:
    question = ask(_pinned(), FALSE)
    assert by_z3(complete(bounded(question, {S: 2, T: 1}, exactly=True))) == "sat"
    assert by_z3(complete(bounded(question, {S: 1, T: 1}))) == "unsat"
    assert by_z3(complete(bounded(question, {S: 3, T: 1}, exactly=True))) == "unsat"
    assert by_z3(complete(bounded(question, {S: 2, T: 2}, exactly=True))) == "unsat"


def _restricted(question: Question) -> Structure:
    """The structure, as far as the question speaks of it."""
    symbols = smtlib.vocabulary(question).symbols
    return replace(NAMED, interpretations=tuple(i for i in NAMED.interpretations if i.symbol in symbols))


def _facts() -> list[Term]:
    """What is said, each as the structure has it."""
    return [formula if evaluate(formula, NAMED, NAMED_KNOWN, {}) else negation(formula) for formula in SAID]


def test_a_script_is_continued_with_further_commands() -> None:
    script = unbounded(ask([apply(flag), negation(apply(flag))], FALSE))
    longer = script.extended(["(assert g0)", "(check-sat)"])
    assert replace(longer, text=script.text) == script
    assert by_z3(longer.text) == "sat"
    assert by_z3(script.extended(["(assert g0)"]).extended(["(assert g1)", "(check-sat)"]).text) == "unsat"
    assert smtlib.asserted(script) == script.text + "(assert g0)\n(assert g1)\n"


@pytest.mark.parametrize(
    ("name", "shown"), [("th.bad", "th.bad"), ("a\n(b", "a?(b"), ("größe", r"gr\xf6\xdfe"), (" ~\t\x7f", " ~??")]
)
def test_a_name_is_recognisable_in_a_comment(name: str, shown: str) -> None:
    assert smtlib.in_comment(name) == shown


@settings(max_examples=100)
@given(questions())
def test_two_solvers_decide_alike(question: Question) -> None:
    for script in (unbounded(question), bounded(question, {S: 2, T: 1})):
        text = complete(script)
        first, second = by_z3(text), by_cvc5(text)
        assert {first, second} & {"sat", "unsat"}, (first, second)
        assert {first, second} != {"sat", "unsat"}
        assert "error" not in first + second


@settings(max_examples=100)
@given(questions())
def test_a_bound_never_adds_countermodels(question: Question) -> None:
    """What is entailed has no small countermodel, and with larger bounds there are no fewer."""
    found = [by_z3(complete(bounded(question, {S: size, T: size}))) for size in (1, 2)]
    assert set(found) <= {"sat", "unsat"}
    assert found != ["sat", "unsat"]
    if by_z3(complete(unbounded(question))) == "unsat":
        assert found == ["unsat", "unsat"]


@settings(max_examples=60)
@given(questions(), st.sampled_from([1, 60, 400]))
def test_what_is_too_large_to_spell_out_stays_a_quantifier(question: Question, size: int) -> None:
    spelled = complete(bounded(question, {S: 2, T: 2}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smtlib, "MAX_QUANTIFIER", size)
        kept = complete(bounded(question, {S: 2, T: 2}))
    assert by_z3(kept) in (by_z3(spelled), "unknown")


def test_a_quantifier_that_stays_ranges_over_the_bound() -> None:
    question = ask([for_all([x], exists([y], negation(equal(x, y))))], FALSE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smtlib, "MAX_QUANTIFIER", 1)
        scripts = [bounded(question, {S: size}) for size in (1, 2)]
    assert all("forall" in script.text for script in scripts)
    assert [by_z3(complete(script)) for script in scripts] == ["unsat", "sat"]


def test_exactly_so_many_individuals_are_distinct() -> None:
    question = ask([for_all([x, y], equal(x, y))], FALSE)
    assert by_z3(complete(bounded(question, {S: 2}))) == "sat"
    assert by_z3(complete(bounded(question, {S: 2}, exactly=True))) == "unsat"
    one = complete(bounded(question, {S: 1}, exactly=True))
    assert by_z3(one) == by_cvc5(one) == "sat"


def test_a_long_list_is_not_spelled_out_in_the_unbounded_text() -> None:
    for length, is_spelled_out in [(64, True), (65, False)]:
        long = Sort("Long", tuple(f"l{number}" for number in range(length)))
        element = Var("l", long)
        marked = Symbol("marked", (long,), BOOL)
        question = ask([for_all([element], apply(marked, element))], apply(marked, ElementTerm(long, "l63")))
        assert ("(forall ((v1 s0)) (f0 v1))" in unbounded(question).text) is not is_spelled_out
        assert "forall" not in bounded(question, {}).text
        assert by_z3(complete(unbounded(question))) == by_z3(complete(bounded(question, {}))) == "unsat"


# -- numbers, dates, tables ------------------------------------------------------------------------------------------

t = Symbol("t", (), REAL)
k = Symbol("k", (), INT)
d = Symbol("d", (), DATE)


@pytest.mark.parametrize(
    ("value", "sort", "text"),
    [
        (Fraction(3), INT, "3"),
        (Fraction(-3), INT, "(- 3)"),
        (Fraction(3), REAL, "3.0"),
        (Fraction(-1, 3), REAL, "(- (/ 1.0 3.0))"),
        (Fraction(1, 10**30), REAL, f"(/ 1.0 {10**30}.0)"),
        (Fraction(739000), DATE, "739000"),
    ],
)
def test_numbers_are_printed_exactly(value: Fraction, sort: Sort, text: str) -> None:
    assert numeral(value, sort) == text


TENTHS = [real(Fraction(number, 10)) for number in range(4)]
TINY = Fraction(1, 10**40)


@pytest.mark.parametrize(
    ("premises", "conclusion", "entailed"),
    [
        ([], equal(add([TENTHS[1], TENTHS[2]]), TENTHS[3]), True),
        ([equal(apply(t), real(TINY))], less(real(0), apply(t)), True),
        ([equal(multiply([real(3), apply(t)]), real(1))], equal(apply(t), real(Fraction(1, 3))), True),
        ([equal(multiply([real(3), apply(t)]), real(1))], equal(apply(t), real(Fraction(333333333, 10**9))), False),
        ([less(integer(0), apply(k)), less(apply(k), integer(2))], equal(apply(k), integer(1)), True),
        ([less(integer(0), apply(k)), less(apply(k), integer(2))], equal(apply(k), real(Fraction(3, 2))), False),
        ([less(Day(100), apply(d)), less(apply(d), Day(102))], equal(apply(d), Day(101)), True),
        ([equal(apply(t), negate(real(2)))], equal(divide(apply(t), real(-4)), real(Fraction(1, 2))), True),
        ([], equal(divide(apply(t), apply(t)), real(1)), False),
        ([negation(equal(apply(t), real(0)))], equal(divide(apply(t), apply(t)), real(1)), True),
        ([], equal(total(e, apply(price, e)), real(Fraction(-13, 6))), True),
        ([], equal(count(e, equal(e, LOW)), integer(1)), True),
    ],
)
def test_arithmetic_is_exact(premises: list[Term], conclusion: Term, entailed: bool) -> None:
    text = complete(unbounded(ask(premises, conclusion, MEANINGS)))
    assert by_z3(text) == by_cvc5(text) == ("unsat" if entailed else "sat")


def test_large_tables_are_printed_without_deep_nesting() -> None:
    size = 200
    many = Sort("Many", tuple(f"m{number}" for number in range(size)))
    elements = [ElementTerm(many, f"m{number}") for number in range(size)]
    cost = Table(Symbol("cost", (many,), INT), tuple(((el,), integer(n)) for n, el in enumerate(elements)))
    odd = Table(Symbol("odd", (many,), BOOL), tuple(((el,), conj([])) for el in elements[1::2]))
    conclusion = conj(
        [equal(apply(cost.symbol, elements[123]), integer(123))]
        + [apply(odd.symbol, elements[number]) for number in (1, 77, 199)]
        + [negation(apply(odd.symbol, elements[number])) for number in (0, 198)]
    )
    text = complete(unbounded(ask([], conclusion, [cost, odd])))
    nesting = deepest = 0
    for bracket in re.findall("[()]", text):
        nesting += 1 if bracket == "(" else -1
        deepest = max(deepest, nesting)
    assert deepest < 30
    assert by_z3(text) == by_cvc5(text) == "unsat"


# -- names -----------------------------------------------------------------------------------------------------------

HOSTILE = ["g0", "s0", "f0", "c0_0", "e0_0", "v1", "assert", "a|b", "true", "größe", "x\n(assert false)", "; ("]


def _asked(bad: str, first: str, premise: str, title: str) -> Question:
    """One question, with these names for two symbols, a premise and itself."""
    bad_step, first_step = Symbol(bad, (S,), BOOL), Symbol(first, (), S)
    premises = [
        assume(premise, for_all([x], apply(bad_step, x))),
        apply(flag),
        exists([u], apply(q, apply(first_step), u)),
    ]
    return replace(ask(premises, conj([apply(flag), apply(bad_step, apply(first_step))])), name=title)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_user_changes_anything(name: str) -> None:
    plain = _asked("th.bad", "th.first", "a0", "step test")
    hostile = _asked(name, name + "_", name, "\n(assert false)")
    for flavour in (unbounded, lambda question: bounded(question, {S: 2, T: 2})):
        texts = [complete(flavour(question)) for question in (plain, hostile)]
        assert len({re.sub("(?m)^; .*| ; .*", "", text) for text in texts}) == 1
        assert [by_z3(text) for text in texts] == [by_cvc5(text) for text in texts] == ["unsat", "unsat"]


def test_the_way_back_from_names_is_complete() -> None:
    other = Sort("Other", ("one", "two", "three"))
    there = equal(Var("o", other), ElementTerm(other, "two"))
    premises = [for_all([x], apply(p, x)), apply(flag), exists([Var("o", other)], there), exists([u], equal(u, u))]
    question = ask(premises, less(apply(rate, LOW), real(1)))
    script = bounded(question, {S: 2, T: 1})
    assert script.guards == ("g0", "g1", "g2", "g3")
    names = {sort: name for name, sort in script.sorts}
    assert {*names} == {S, T}
    assert script.symbols == (("f0", p), ("f1", flag), ("f2", rate))
    assert len(dict(script.individuals)) == 5
    assert {individual for _, individual in script.individuals} == {
        *(Individual(E, index) for index in range(2)),
        *(Individual(other, index) for index in range(3)),
    }
    for constructor, individual in script.individuals:
        assert constructor in script.text
        assert constructor.endswith(f"_{individual.index}")
    constants = dict(script.constants)
    assert [len(constants[sort]) for sort in (S, T)] == [2, 1]
    assert script.title == "step test"
    for flavour in (unbounded(question), fixed(question, _restricted(question))):
        assert flavour.constants == ()


# -- what cannot be put ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counted", [count(x, apply(p, x)), total(x, apply(w, x))])
def test_counting_what_is_not_listed_cannot_be_put(counted: Term) -> None:
    for flavour in (unbounded, lambda question: bounded(question, {S: 1})):
        with pytest.raises(NotExpressible, match=r"th\.Step, whose individuals are not listed"):
            flavour(ask([], equal(counted, integer(1))))


def test_a_sort_without_individuals_cannot_be_put() -> None:
    """It would make everything true that is said of all of them."""
    question = ask([apply(p, apply(c))], FALSE)
    with pytest.raises(NotExpressible, match=r"^the sort th\.Step has no individuals$"):
        fixed(question, Structure(((S, 0),), ()))
    empty = Sort("Empty", ())
    nobody = ask([exists([Var("n", empty)], equal(Var("n", empty), Var("n", empty)))], FALSE)
    for flavour in (unbounded, lambda question: bounded(question, {})):
        with pytest.raises(NotExpressible, match=r"^the sort Empty has no individuals$"):
            flavour(nobody)


def test_what_grows_beyond_all_bounds_cannot_be_put() -> None:
    a, b = Var("a", E), Var("b", E)
    base = Symbol("base", (E, E), BOOL)
    meanings = [Definition(Symbol("d0", (E, E), BOOL), (a, b), apply(base, a, b))]
    for number in range(1, 40):
        inner = meanings[-1].symbol
        body = iff(apply(inner, a, b), apply(inner, b, a))
        meanings.append(Definition(Symbol(f"d{number}", (E, E), BOOL), (a, b), body))
    with pytest.raises(NotExpressible, match="too large"):
        unbounded(ask([], apply(meanings[-1].symbol, LOW, HIGH), meanings))


def _size(question: Question, flavour: Callable[[Question], Script] = unbounded) -> int:
    """The lowest limit under which the question can be put."""
    for most in range(200):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(smtlib, "MAX_SCRIPT", most)
            try:
                flavour(question)
            except NotExpressible as error:
                assert "too large" in str(error)  # noqa: PT017 - that it is raised at some is the point
            else:
                return most
    raise AssertionError("it is larger than expected")


def test_all_parts_of_a_question_count_towards_its_size() -> None:
    """Each conjunction has three parts and a step of its own, and the conclusion counts like a premise."""
    two = conj([apply(flag), negation(apply(flag))])
    assert [_size(ask([two] * number, two)) for number in range(3)] == [4, 8, 12]


@pytest.mark.parametrize(
    ("formula", "size"),
    [
        (apply(flag), 1),
        (FALSE, 1),
        (less(integer(1), apply(w, apply(c))), 4),
        (less(apply(since, LOW), Day(3)), 4),
        (less(real(1), apply(rate, LOW)), 4),
        (for_all([x], apply(p, x)), 2),
        (for_all([e], equal(e, LOW)), 2 * 3 + 1),  # spelled out
        (exists([e, b], equal(e, b)), 4 * 3 + 1),
        (equal(count(e, equal(e, LOW)), integer(1)), 2 * (3 + 1) + 2),
        (less(real(0), total(e, apply(rate, e))), 2 * (2 + 1) + 2),
        (apply(owner, apply(run)), 6 + 1),  # what the definition unfolds to
        (less(apply(price, LOW), real(0)), 1 + 2 * 2 + 1 + 2),  # a table has the size of its rows
        (apply(over, LOW, LOW), 1 + 3 * 3 + 2),
    ],
)
def test_a_formula_counts_with_all_that_it_unfolds_to(formula: Term, size: int) -> None:
    assert _size(ask([], formula, NAMED_MEANINGS)) == size


def test_keeping_functions_within_a_bound_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    question = ask([], equal(apply(big, apply(c), apply(c)), apply(run)))

    def flavour(question: Question) -> Script:
        return bounded(question, {S: 3, T: 2})

    # 9 values of the function are each among 2, one of a constant among 3, and one among 2.
    assert _size(question, flavour) == 5 + 18 + 3 + 2
    for most, is_spelled_out in [(18, True), (17, False)]:
        monkeypatch.setattr(smtlib, "MAX_QUANTIFIER", most)
        assert ("forall" not in flavour(question).text) is is_spelled_out


def test_a_quantifier_is_spelled_out_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    question = ask([], for_all([e], equal(e, LOW)))
    for most, is_spelled_out in [(6, True), (5, False)]:
        monkeypatch.setattr(smtlib, "MAX_QUANTIFIER", most)
        assert ("forall" not in unbounded(question).text) is is_spelled_out


def test_it_is_said_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    question = ask([], equal(count(e, equal(e, LOW)), integer(1)))
    for most, why in [
        (5, r"^a count or sum over Level grows too large$"),
        (6, r"^it grows too large when definitions, counts and quantifiers are spelled out$"),
    ]:
        monkeypatch.setattr(smtlib, "MAX_SCRIPT", most)
        with pytest.raises(NotExpressible, match=why):
            unbounded(question)


def test_a_table_without_rows_cannot_be_put() -> None:
    nothing = Table(Symbol("nothing", (E,), INT), ())
    with pytest.raises(NotExpressible, match=r"^the table of nothing has no rows$"):
        unbounded(ask([], equal(apply(nothing.symbol, LOW), integer(1)), [nothing]))
