"""Questions without names and order: what has one key has one answer, and what means something else has another key."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.canonical import Shapes
from checker.discharge import answer
from checker.entailment import Entailed, Limits, Premise, Question, Refuted, Role
from checker.logic import (
    Apply,
    Count,
    Definition,
    Element,
    Exists,
    ForAll,
    Meaning,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    Var,
    apply,
    at_most,
    children,
    conj,
    exists,
    for_all,
    implies,
    integer,
    less,
    negation,
    with_children,
)
from checker.stored import read, written
from tests.questions import HIGH, LOW, MEANINGS, S, T, ask, assume, c, fine, flag, owner, p, q, questions, u, w, x, y, z

LIMITS = Limits()


def key(question: Question, limits: Limits = LIMITS) -> bytes:
    shapes = Shapes()
    return shapes.key(shapes.arranged(question), limits)


# -- renaming ----------------------------------------------------------------------------------------------------------


def renamed(question: Question, name: Callable[[str], str]) -> Question:
    """The question with every name in it exchanged for another."""

    def sort(one: Sort) -> Sort:
        if not one.is_uninterpreted and one.elements is None:
            return one
        return Sort(name(one.name), None if one.elements is None else tuple(map(name, one.elements)))

    def symbol(one: Symbol) -> Symbol:
        return Symbol(name(one.name), tuple(map(sort, one.domain)), sort(one.range))

    def var(one: Var) -> Var:
        return Var(name(one.name), sort(one.sort))

    def term(one: Term) -> Term:
        parts = tuple(map(term, children(one)))
        match one:
            case Var():
                return var(one)
            case Element(of, called):
                return Element(sort(of), name(called))
            case Apply(of, _):
                return Apply(symbol(of), parts)
            case ForAll(bound, _) | Exists(bound, _):
                return type(one)(tuple(map(var, bound)), parts[0])
            case Count(bound, _) | Sum(bound, _):
                return type(one)(var(bound), parts[0])
            case _:
                return with_children(one, parts)

    def meaning(one: Meaning) -> Meaning:
        match one:
            case Definition(of, params, body):
                return Definition(symbol(of), tuple(map(var, params)), term(body))
            case Table(of, rows):
                return Table(symbol(of), tuple((tuple(map(term, args)), term(value)) for args, value in rows))

    return replace(
        question,
        name=name(question.name),
        premises=tuple(Premise(name(one.name), one.role, term(one.formula)) for one in question.premises),
        conclusion=term(question.conclusion),
        meanings=tuple(map(meaning, question.meanings)),
        cited=tuple(map(name, question.cited)),
    )


@given(questions(), st.randoms(use_true_random=False))
def test_names_have_no_part_in_a_key(question: Question, chance: random.Random) -> None:
    known: dict[str, str] = {}

    def name(old: str) -> str:
        return known.setdefault(old, f"{chance.choice('zay')}{len(known)}")

    assert key(renamed(question, name)) == key(question)


# -- order -------------------------------------------------------------------------------------------------------------


@given(questions(), st.randoms(use_true_random=False))
def test_what_comes_first_has_no_part_in_an_answer(question: Question, chance: random.Random) -> None:
    """Wherever the order that premises are put in does not depend on how they are declared; see the next test."""
    mixed = list(question.premises)
    chance.shuffle(mixed)
    other = replace(question, premises=tuple(mixed))
    one, two = Shapes().arranged(question), Shapes().arranged(other)
    assert sorted(p.name for p in one.premises) == sorted(p.name for p in question.premises)
    assert [p.formula for p in one.premises] == [p.formula for p in two.premises]
    assert key(question) == key(other)


def chain(length: int, *, swapped: bool = False) -> list[Term]:
    """Premises of one shape, told apart by what else their symbols occur in alone."""
    steps = [Symbol(f"step{n}", (S,), p.range) for n in range(length)]
    linked = [for_all([x], implies(apply(a, x), apply(b, x))) for a, b in pairwise(steps)]
    return [apply(steps[0], apply(c)), *(linked[::-1] if swapped else linked)]


def test_premises_of_one_shape_are_told_apart_by_what_else_their_symbols_occur_in() -> None:
    assert key(ask(chain(5), apply(flag))) == key(ask(chain(5, swapped=True), apply(flag)))


def test_the_order_of_citations_stays() -> None:
    """It says which premise is tried first when one is left out."""
    premises = [assume("a", apply(flag)), assume("b", conj([apply(flag), apply(p, apply(c))]))]
    there = replace(ask(premises, apply(flag)), cited=("a", "b"), want_core=True)
    back = replace(there, premises=there.premises[::-1], cited=("b", "a"))
    assert key(there) != key(back)
    assert answered(there) == Entailed(("a",))
    assert answered(back) == Entailed(("b",))


def answered(question: Question) -> object:
    return answer(Shapes().arranged(question), LIMITS)


def test_axioms_stay_behind_all_others() -> None:
    premises = [assume("z", apply(flag)), assume("a", apply(p, apply(c)), Role.AXIOM), assume("y", apply(p, apply(c)))]
    for order in (premises, premises[::-1]):
        arranged = Shapes().arranged(ask(order, apply(flag)))
        assert arranged.premises[-1].role is Role.AXIOM


# -- what a key tells apart --------------------------------------------------------------------------------------------

BASE = ask([for_all([x], implies(apply(p, x), exists([u], apply(q, x, u))))], apply(p, apply(c)), MEANINGS)
small = Symbol("level", (), LOW.sort)
DIFFERENT: Mapping[str, Question] = {
    "another conclusion": replace(BASE, conclusion=negation(BASE.conclusion)),
    "another quantifier": ask(
        [for_all([x], implies(apply(p, x), for_all([u], apply(q, x, u))))], BASE.conclusion, MEANINGS
    ),
    "one premise more": ask([BASE.premises[0], apply(flag)], BASE.conclusion, MEANINGS),
    "an axiom": replace(BASE, premises=(replace(BASE.premises[0], role=Role.AXIOM),)),
    "a core": replace(BASE, want_core=True),
    "what suffices alone": replace(BASE, want_alone=True),
    "a scenario": replace(BASE, want_scenario=True),
    "cited": replace(BASE, cited=("a0",)),
    "another variable": ask(
        [for_all([x, y], implies(apply(p, y), exists([u], apply(q, x, u))))], BASE.conclusion, MEANINGS
    ),
    "one variable for two": ask(
        [for_all([x, y], implies(apply(p, x), exists([u], apply(q, x, u))))], BASE.conclusion, MEANINGS
    ),
    "a defined predicate": ask([for_all([u], apply(owner, u))], BASE.conclusion, MEANINGS),
    "a free one of the same signature": ask(
        [for_all([u], apply(Symbol("mine", (T,), p.range), u))], BASE.conclusion, MEANINGS
    ),
    "the table's first": ask([apply(fine, LOW)], BASE.conclusion, MEANINGS),
    "the table's second": ask([apply(fine, HIGH)], BASE.conclusion, MEANINGS),
    "a number": ask([less(apply(w, apply(c)), integer(3))], BASE.conclusion, MEANINGS),
    "another number": ask([less(apply(w, apply(c)), integer(4))], BASE.conclusion, MEANINGS),
    "another comparison": ask([at_most(apply(w, apply(c)), integer(3))], BASE.conclusion, MEANINGS),
}


def test_each_difference_makes_another_key() -> None:
    keys = {what: key(question) for what, question in [("itself", BASE), *DIFFERENT.items()]}
    assert len(set(keys.values())) == len(keys)


def test_so_does_another_effort() -> None:
    assert len({key(BASE), key(BASE, Limits(budget=1)), key(BASE, Limits(largest_scope=2))}) == 3
    assert key(BASE, Limits(timeout=1.0)) == key(BASE)


def test_which_of_two_symbols_stands_where_is_told() -> None:
    """Both have one shape, and both have one signature; only what they share with the conclusion differs."""
    first, second = Symbol("first", (S,), p.range), Symbol("second", (S,), p.range)
    premises = [for_all([x], implies(apply(first, x), apply(second, x))), apply(first, apply(c))]
    assert key(ask(premises, apply(second, apply(c)))) != key(ask(premises, apply(first, apply(c))))


def test_a_definition_is_told_by_what_it_says() -> None:
    one = Definition(owner, (u,), exists([x], apply(q, x, u)))
    two = Definition(owner, (u,), for_all([x], apply(q, x, u)))
    asked = [for_all([u], apply(owner, u))]
    assert key(ask(asked, apply(flag), [one])) != key(ask(asked, apply(flag), [two]))


def test_so_is_one_that_only_another_one_uses() -> None:
    inner = Symbol("inner", (S,), p.range)
    outer = Definition(owner, (u,), exists([x], conj([apply(q, x, u), apply(inner, x)])))
    asked = [for_all([u], apply(owner, u))]
    meanings = [[Definition(inner, (z,), apply(p, z)), outer], [Definition(inner, (z,), negation(apply(p, z))), outer]]
    first, second = (key(ask(asked, apply(flag), those)) for those in meanings)
    assert first != second


# -- answers as text ---------------------------------------------------------------------------------------------------


@given(questions())
def test_an_answer_is_read_as_it_was_written(question: Question) -> None:
    question = Shapes().arranged(replace(question, want_core=True, want_alone=True))
    found = answer(question, Limits(budget=200_000))
    assert read(written(found, question), question) == found


@given(questions())
def test_an_answer_is_right_for_every_question_with_its_key(question: Question) -> None:
    there = Shapes().arranged(question)
    back = Shapes().arranged(renamed(replace(question, premises=question.premises[::-1]), lambda old: f"b.{old}"))
    if key(question) != key(back):
        return  # premises that nothing tells apart keep their order
    limits = Limits(budget=200_000)
    kept = read(written(answer(there, limits), there), back)
    assert kept == answer(back, limits)


OPEN = Shapes().arranged(ask([apply(p, apply(c))], for_all([x], apply(p, x))))
SHOWN = Shapes().arranged(ask([for_all([x], apply(p, x))], apply(p, apply(c))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '["entailed"]',
        '["entailed",[7],[],[],false]',
        '["entailed",[-1],[],[],false]',
        '["entailed",["a0"],[],[],false]',
        '["entailed",[true],[],[],false]',
        '["entailed",[0],[],[],1]',
        '["refuted",[],[]]',
        '["refuted",[0],[[],[]]]',
        '["refuted",[2],[[[[0],true]],[[[],0]]]]',
        '["refuted",[1],[[[[0],1]],[[[],0]]]]',
        '["refuted",[1],[[[[5],true]],[[[],0]]]]',
        '["undetermined","whim",0,""]',
        '["undetermined","budget","0",""]',
        "[" * 100_000,
    ],
)
def test_what_is_no_answer_is_not_read_as_one(text: str) -> None:
    assert read(text, OPEN) is None


def test_what_is_one_is_read() -> None:
    found = answer(OPEN, LIMITS)
    assert isinstance(found, Refuted)
    assert read(written(found, OPEN), OPEN) == found
    assert read('["entailed",[0],[0],[],false]', SHOWN) == Entailed(("a0",), ("a0",))
    assert read('["entailed",[0],[],[0],false]', SHOWN) == Entailed(("a0",), (), perhaps_alone=("a0",))
