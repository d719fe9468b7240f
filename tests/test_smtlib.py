"""Questions as text: that solvers read it, that it means what the formulas mean, that no user's name matters."""

from __future__ import annotations

import re
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
    Day,
    Definition,
    Sort,
    Symbol,
    Table,
    Term,
    Var,
    add,
    apply,
    conj,
    count,
    divide,
    equal,
    exists,
    for_all,
    iff,
    implies,
    integer,
    less,
    multiply,
    negate,
    negation,
    real,
    total,
)
from checker.logic import Element as ElementTerm
from checker.model import Structure, evaluate
from checker.smtlib import NotExpressible, bounded, complete, fixed, numeral, unbounded
from tests.deciders import by_cvc5, by_z3
from tests.questions import (
    HIGH,
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
    x,
    y,
)

KNOWN = {meaning.symbol: meaning for meaning in MEANINGS}


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


def test_a_long_list_is_not_spelled_out_in_the_unbounded_text() -> None:
    long = Sort("Long", tuple(f"l{number}" for number in range(65)))
    element = Var("l", long)
    marked = Symbol("marked", (long,), BOOL)
    question = ask([for_all([element], apply(marked, element))], apply(marked, ElementTerm(long, "l64")))
    assert "(forall ((v1 s0)) (f0 v1))" in unbounded(question).text
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
    question = ask([for_all([x], apply(p, x)), apply(flag)], less(apply(rate, LOW), real(1)))
    script = bounded(question, {S: 2})
    assert script.guards == ("g0", "g1")
    assert script.sorts == (("s0", S),)
    assert script.constants == ((S, ("c0_0", "c0_1")),)
    assert script.symbols == (("f0", p), ("f1", flag), ("f2", rate))
    assert [name for name, individual in script.individuals if individual.sort == E] == ["e1_0", "e1_1"]


# -- what cannot be put ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counted", [count(x, apply(p, x)), total(x, apply(w, x))])
def test_counting_what_is_not_listed_cannot_be_put(counted: Term) -> None:
    for flavour in (unbounded, lambda question: bounded(question, {S: 1})):
        with pytest.raises(NotExpressible, match=r"th\.Step, whose individuals are not listed"):
            flavour(ask([], equal(counted, integer(1))))


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
