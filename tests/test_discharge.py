"""From questions to answers: what is entailed, what is refuted, and that nothing else is ever claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.discharge import answer
from checker.entailment import Entailed, Limits, Premise, Question, Reason, Refuted, Role, Undetermined
from checker.logic import (
    BOOL,
    FALSE,
    INT,
    REAL,
    TRUE,
    Not,
    Sort,
    Symbol,
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
    less,
    multiply,
    negation,
    real,
)
from checker.model import Individual, Interpretation, Structure, evaluate
from checker.smtlib import Script
from checker.solver import Reply, Sat, Unknown, Unsat
from tests.fake_solver import FakeSession, FakeSolver, Respond
from tests.questions import (
    HIGH,
    LOW,
    MEANINGS,
    S,
    T,
    ask,
    assume,
    c,
    e,
    f,
    fails_in,
    fine,
    flag,
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
    z,
)


def entails(premises: Iterable[Term], conclusion: Term) -> bool:
    """Whether it is found that the premises entail the conclusion; it must be found whether they do."""
    found = answer(ask(premises, conclusion, MEANINGS))
    assert not isinstance(found, Undetermined)
    return isinstance(found, Entailed)


# -- what follows and what does not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("premises", "conclusion", "entailed"),
    [
        ([], TRUE, True),
        ([], FALSE, False),
        ([apply(flag)], apply(flag), True),
        ([for_all([x], apply(p, x))], exists([x], apply(p, x)), True),
        ([exists([x], apply(p, x))], for_all([x], apply(p, x)), False),
        ([for_all([x], apply(p, x)), for_all([x], negation(apply(p, x)))], FALSE, True),
        ([apply(p, apply(c)), apply(q, apply(c), apply(f, apply(c)))], exists([u], apply(owner, u)), True),
        ([], exists([e], apply(fine, e)), True),
        ([], for_all([e], apply(fine, e)), False),
        ([], for_all([e], disj([equal(e, LOW), equal(e, HIGH)])), True),
        ([less(apply(w, apply(c)), integer(1))], at_most(apply(w, apply(c)), integer(0)), True),
        ([], less(apply(price, HIGH), apply(price, LOW)), True),
        ([less(integer(0), count(e, less(apply(rate, e), real(0))))], exists([e], less(apply(rate, e), real(0))), True),
        ([], equal(add([real(Fraction(1, 10)), real(Fraction(2, 10))]), real(Fraction(3, 10))), True),
        ([], at_most(multiply([apply(rate, LOW), apply(rate, HIGH)]), real(0)), False),
    ],
)
def test_it_is_found_out(premises: list[Term], conclusion: Term, entailed: bool) -> None:
    assert entails(premises, conclusion) is entailed


@settings(max_examples=150)
@given(questions(), structures())
def test_no_structure_contradicts_an_entailment(question: Question, structure: Structure) -> None:
    match answer(question):
        case Entailed():
            assert not fails_in(structure, question)
        case Refuted(countermodel):
            assert fails_in(countermodel, question)
        case Undetermined():
            pytest.fail("a small question is decided")


@settings(max_examples=60)
@given(questions())
def test_either_the_negation_does_not_follow_or_the_premises_contradict_each_other(question: Question) -> None:
    premises = [premise.formula for premise in question.premises]
    if entails(premises, question.conclusion) and entails(premises, Not(question.conclusion)):
        assert entails(premises, FALSE)


def test_a_question_without_any_sort_of_its_own_is_decided() -> None:
    assert entails([apply(flag)], disj([apply(flag), FALSE]))


def test_long_lists_are_spelled_out_where_nothing_is_lost_by_it() -> None:
    """Only the text that spells out all quantifiers is decided here; it counts because there is no other sort."""
    n = 70
    people = Sort("Person", tuple(f"p{number}" for number in range(n)))
    a, b = Var("a", people), Var("b", people)
    likes = Symbol("likes", (people, people), BOOL)
    question = ask([for_all([a], exists([b], apply(likes, a, b)))], exists([b, a], apply(likes, a, b)))
    seen: list[str] = []

    def respond(script: Script, guards: Sequence[str]) -> Reply:
        seen.append(script.text)
        return Unsat(tuple(guards)) if "forall" not in script.text else Unknown(Reason.INCOMPLETE)

    assert isinstance(answer(question, solver=FakeSolver(respond)), Entailed)
    assert "forall" in seen[0]
    assert isinstance(answer(question), Entailed)


# -- circles between sorts -------------------------------------------------------------------------------------------

hazard, mitigation, control = Sort("Hazard"), Sort("Mitigation"), Sort("Control")
h, m, k = Var("h", hazard), Var("m", mitigation), Var("k", control)
reduces = Symbol("reduces", (mitigation, hazard), BOOL)
causes = Symbol("may_cause", (mitigation, hazard), BOOL)
tolerable = Symbol("tolerable", (hazard,), BOOL)
checks = Symbol("checks", (control, mitigation), BOOL)
watches = Symbol("watches", (hazard, control), BOOL)
severity = Symbol("severity", (hazard,), REAL)

CIRCLES = {
    "every hazard has a mitigation, every mitigation may cause a hazard": ask(
        [
            for_all([h], exists([m], apply(reduces, m, h))),
            for_all([m], exists([h], apply(causes, m, h))),
            for_all([m, h], implies(apply(reduces, m, h), negation(apply(causes, m, h)))),
        ],
        for_all([h], apply(tolerable, h)),
        want_scenario=True,
    ),
    "hazards, mitigations and controls need one another": ask(
        [
            for_all([h], exists([m], apply(reduces, m, h))),
            for_all([m], exists([k], apply(checks, k, m))),
            for_all([k], exists([h], apply(watches, h, k))),
            for_all([h, m, k], implies(conj([apply(reduces, m, h), apply(checks, k, m)]), Not(apply(watches, h, k)))),
            exists([h], negation(apply(tolerable, h))),
        ],
        exists([h], apply(tolerable, h)),
        want_scenario=True,
    ),
    "a mitigation is worth it only if what it may cause is less severe": ask(
        [
            for_all([h], exists([m], apply(reduces, m, h))),
            for_all([m], exists([h], conj([apply(causes, m, h), less(apply(severity, h), real(1))]))),
            for_all([h], less(real(0), apply(severity, h))),
            exists([h], less(real(1), apply(severity, h))),
        ],
        for_all([h, m], implies(apply(causes, m, h), apply(tolerable, h))),
        want_scenario=True,
    ),
}


@pytest.mark.parametrize("question", CIRCLES.values(), ids=CIRCLES)
def test_a_wrong_claim_about_circles_is_refuted_at_once(question: Question) -> None:
    found = answer(question, Limits(budget=200_000))
    assert isinstance(found, Refuted)
    assert fails_in(found.countermodel, question)
    assert all(size <= 2 for _, size in found.countermodel.sizes)


ENDLESS = [
    for_all([x], negation(apply(Symbol("lt", (S, S), BOOL), x, x))),
    for_all(
        [x, y, z],
        implies(
            conj([apply(Symbol("lt", (S, S), BOOL), x, y), apply(Symbol("lt", (S, S), BOOL), y, z)]),
            apply(Symbol("lt", (S, S), BOOL), x, z),
        ),
    ),
    for_all([x], exists([y], apply(Symbol("lt", (S, S), BOOL), x, y))),
]


def test_what_only_infinite_structures_refute_is_undetermined() -> None:
    found = answer(ask(ENDLESS, FALSE))
    assert isinstance(found, Undetermined)
    assert found.reason in (Reason.BUDGET, Reason.INCOMPLETE)
    assert found.searched == Limits().largest_scope


def test_a_countermodel_that_needs_many_individuals_is_found() -> None:
    cells = [Symbol(f"c{number}", (), S) for number in range(5)]
    distinct = [Not(equal(apply(a), apply(b))) for i, a in enumerate(cells) for b in cells[:i]]
    circle = [for_all([x], exists([u], apply(q, x, u))), for_all([u], exists([x], negation(apply(q, x, u))))]
    question = ask([*distinct, *circle], for_all([x], apply(p, x)), want_scenario=True)
    found = answer(question)
    assert isinstance(found, Refuted)
    assert dict(found.countermodel.sizes)[S] == 5


# -- numbers in the way of the evaluator -----------------------------------------------------------------------------

t, n = Var("t", REAL), Var("n", INT)


def test_a_solver_decides_where_our_evaluator_cannot() -> None:
    assert not entails([], for_all([t], negation(equal(multiply([t, t]), real(2)))))
    assert not entails([for_all([n], less(apply(w, apply(c)), add([multiply([n, n]), integer(1)])))], FALSE)


def test_functions_of_numbers_are_decided_with_all_their_values_fixed() -> None:
    g, h_ = Symbol("g", (INT,), INT), Symbol("h", (REAL, S), S)
    premises = [for_all([n], at_most(integer(0), apply(g, n))), for_all([t], exists([x], equal(apply(h_, t, x), x)))]
    assert not entails(premises, equal(apply(g, integer(3)), integer(5)))
    assert entails(premises, less(integer(-1), apply(g, integer(3))))


def test_division_by_zero_is_any_number() -> None:
    ratio = divide(real(1), apply(rate, LOW))
    zero = equal(apply(rate, LOW), real(0))
    assert not entails([zero], equal(ratio, real(0)))
    assert not entails([zero], negation(equal(ratio, real(0))))
    assert entails([zero], equal(ratio, divide(real(1), apply(rate, LOW))))


def test_an_irrational_countermodel_is_none() -> None:
    question = ask([equal(multiply([apply(rate, LOW), apply(rate, LOW)]), real(2))], FALSE)
    assert isinstance(answer(question), Undetermined)


# -- what a proof used -----------------------------------------------------------------------------------------------


def used(premises: Sequence[Premise | Term], conclusion: Term) -> tuple[str, ...]:
    found = answer(ask(premises, conclusion, MEANINGS, want_core=True))
    assert isinstance(found, Entailed)
    return found.used


A, B, C, D = (apply(Symbol(name, (), BOOL)) for name in "ABCD")


def test_the_last_cited_premise_is_left_out_first() -> None:
    assert used([A, conj([A, B]), B], A) == ("a0",)
    assert used([B, A, C, A], A) == ("a1",)
    assert used([A, implies(A, B), B], B) == ("a0", "a1")
    assert used([A, implies(A, B), implies(B, C), D], C) == ("a0", "a1", "a2")
    assert used([A, B], TRUE) == ()


def test_citations_are_left_out_before_axioms() -> None:
    premises = [assume("cited", A), assume("first", A, Role.AXIOM), assume("second", A, Role.AXIOM)]
    assert used(premises, A) == ("first",)
    assert used([premises[1], premises[0]], A) == ("first",)


_propositions = st.recursive(
    st.sampled_from([A, B, C, D]),
    lambda inner: st.builds(negation, inner) | st.builds(implies, inner, inner) | st.builds(iff, inner, inner),
    max_leaves=4,
)


def _holds(formula: Term, truths: Sequence[bool]) -> bool:
    values = tuple(
        Interpretation(Symbol(name, (), BOOL), (((), truth),)) for name, truth in zip("ABCD", truths, strict=True)
    )
    return evaluate(formula, Structure((), values), {}, {}) is True


def _follows(premises: Iterable[Term], conclusion: Term) -> bool:
    premises = list(premises)
    return all(
        _holds(conclusion, truths) or not all(_holds(premise, truths) for premise in premises)
        for truths in product([False, True], repeat=4)
    )


@settings(max_examples=100)
@given(st.lists(st.tuples(_propositions, st.sampled_from([Role.ASSUMPTION, Role.AXIOM])), max_size=6), _propositions)
def test_the_core_is_what_trying_each_premise_in_turn_leaves(given_: list[tuple[Term, Role]], conclusion: Term) -> None:
    premises = [assume(f"a{number}", formula, role) for number, (formula, role) in enumerate(given_)]
    found = answer(ask(premises, conclusion, want_core=True, want_alone=True))
    if not _follows([premise.formula for premise in premises], conclusion):
        assert isinstance(found, Refuted)
        return
    cited = [premise for premise in premises if premise.role is not Role.AXIOM]
    kept = list(premises)
    for premise in cited[::-1] + [premise for premise in premises if premise.role is Role.AXIOM][::-1]:
        without = [other for other in kept if other is not premise]
        if _follows([other.formula for other in without], conclusion):
            kept = without
    alone = tuple(premise.name for premise in premises if _follows([premise.formula], conclusion))
    assert found == Entailed(tuple(premise.name for premise in kept), alone, _follows([], conclusion))


def test_without_a_wish_nothing_is_said_about_single_premises() -> None:
    assert answer(ask([A], A)) == Entailed(("a0",))


# -- a solver that fails or lies -------------------------------------------------------------------------------------

CLAIM = ask([for_all([x], apply(p, x))], apply(p, apply(c)), want_core=True, want_alone=True, want_scenario=True)
WRONG = ask([exists([x], apply(p, x))], apply(p, apply(c)), want_core=True, want_alone=True, want_scenario=True)

S0 = Individual(S, 0)


def _structure(bad: bool) -> Structure:
    return Structure(((S, 1),), (Interpretation(p, (((S0,), bad),)), Interpretation(c, (((), S0),))))


FAULTS: dict[str, Respond] = {
    "raises": lambda _script, _guards: RuntimeError("boom"),
    "is out of memory": lambda _script, _guards: MemoryError(),
    "recurses too deeply": lambda _script, _guards: RecursionError(),
    "knows nothing": lambda _script, _guards: Unknown(Reason.INCOMPLETE, "no idea"),
    "has no structure": lambda _script, _guards: Sat(None),
    "gives an empty structure": lambda _script, _guards: Sat(Structure((), ())),
    "gives no individuals": lambda _script, _guards: Sat(Structure(((S, 0),), _structure(True).interpretations)),
    "gives half a structure": lambda _script, _guards: Sat(Structure(((S, 2),), _structure(True).interpretations)),
    "gives a structure where the premise is false": lambda _script, _guards: Sat(_structure(False)),
    "gives a structure where the conclusion is true": lambda _script, _guards: Sat(_structure(True)),
}


@pytest.mark.parametrize("question", [CLAIM, WRONG], ids=["right", "wrong"])
@pytest.mark.parametrize("respond", FAULTS.values(), ids=FAULTS)
def test_a_faulty_solver_shows_nothing(question: Question, respond: Respond) -> None:
    assert isinstance(answer(question, solver=FakeSolver(respond)), Undetermined)


def test_a_solver_that_cannot_even_read_shows_nothing() -> None:
    class Illiterate(FakeSolver):
        def open(self, script: Script) -> FakeSession:
            raise ValueError(script.title)

    assert isinstance(answer(CLAIM, solver=Illiterate(FAULTS["knows nothing"])), Undetermined)


@pytest.mark.parametrize(
    "second", [Unknown(Reason.BUDGET), Sat(None), RuntimeError()], ids=["unknown", "sat", "raises"]
)
def test_a_proof_that_a_fresh_session_does_not_confirm_is_none(second: Reply | BaseException) -> None:
    solver = FakeSolver(lambda _script, guards: Unsat(tuple(guards)) if len(solver.scripts) == 1 else second)
    found = answer(CLAIM, solver=solver)
    assert isinstance(found, Undetermined)
    assert "not confirmed" in found.detail
    assert len(solver.scripts) > 1


def test_a_core_that_is_not_confirmed_gives_way_to_all_premises() -> None:
    """A solver that names too small a core, as solvers have been seen to do."""
    question = ask([A, implies(A, B)], B)

    def respond(script: Script, guards: Sequence[str]) -> Reply:
        return Unsat(("g0", "no guard of ours")) if len(script.guards) == 2 else Sat(None)

    assert answer(question, solver=FakeSolver(respond)) == Entailed(("a0", "a1"))


def test_bounded_searches_alone_never_show_an_entailment() -> None:
    def respond(script: Script, guards: Sequence[str]) -> Reply:
        return Unsat(tuple(guards)) if script.constants else Unknown(Reason.INCOMPLETE)

    found = answer(CLAIM, solver=FakeSolver(respond))
    assert found == Undetermined(Reason.INCOMPLETE, searched=Limits().largest_scope)


def test_what_was_not_searched_is_not_said_to_be() -> None:
    """No countermodel with at most one individual; with two nobody knows, with three there is none again."""

    def respond(script: Script, guards: Sequence[str]) -> Reply:
        sizes = {len(constants) for _, constants in script.constants}
        return Unsat(tuple(guards)) if sizes == {1} else Unknown(Reason.BUDGET)

    assert answer(CLAIM, solver=FakeSolver(respond)) == Undetermined(Reason.BUDGET, searched=1)


def test_when_time_is_up_nothing_more_is_asked() -> None:
    solver = FakeSolver(lambda _script, _guards: Unknown(Reason.TIMEOUT))
    assert answer(CLAIM, solver=solver) == Undetermined(Reason.TIMEOUT)
    assert len(solver.efforts) == 1
    assert answer(CLAIM, Limits(timeout=0.0)) == Undetermined(Reason.TIMEOUT)


def test_a_countermodel_stands_when_time_is_up_while_it_is_made_smaller() -> None:
    large = answer(ask([exists([x], apply(p, x)), exists([y], Not(apply(p, y)))], FALSE))
    assert isinstance(large, Refuted)
    solver = FakeSolver(
        lambda script, _guards: Unknown(Reason.TIMEOUT) if script.constants else Sat(large.countermodel)
    )
    question = ask([exists([x], apply(p, x)), exists([y], Not(apply(p, y)))], FALSE, want_scenario=True)
    assert answer(question, solver=solver) == large


def test_an_interrupt_passes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        answer(CLAIM, solver=FakeSolver(lambda _script, _guards: KeyboardInterrupt()))


def test_no_more_than_the_budget_is_spent() -> None:
    """Whatever a check is allowed is spent, whatever it replies."""
    replies: list[Callable[[Sequence[str], int], Reply]] = [
        lambda _guards, units: Unknown(Reason.BUDGET, spent=units),
        lambda _guards, units: Sat(_structure(False), spent=units),
        lambda guards, units: Unsat(tuple(guards), spent=units),
    ]
    for first, second in product(replies, repeat=2):
        solver = Spendthrift(first, second)
        answer(WRONG, Limits(budget=1_000_000), solver=solver)
        assert sum(effort.units for effort in solver.efforts) <= 1_000_000


class Spendthrift(FakeSolver):
    """Replies in one way to unbounded questions and in another to bounded ones."""

    def __init__(
        self, unbounded: Callable[[Sequence[str], int], Reply], bounded: Callable[[Sequence[str], int], Reply]
    ):
        super().__init__(
            lambda script, guards: (bounded if script.constants else unbounded)(guards, self.efforts[-1].units)
        )


def test_counting_what_is_not_listed_is_undetermined() -> None:
    for premises, conclusion in (
        ([], equal(count(x, apply(p, x)), integer(1))),
        ([less(integer(2), count(x, TRUE))], TRUE),
    ):
        found = answer(ask(premises, conclusion))
        assert isinstance(found, Undetermined)
        assert found.reason is Reason.INCOMPLETE
        assert "th.Step, whose individuals are not listed" in found.detail


def test_nesting_beyond_measure_is_undetermined() -> None:
    formula: Term = A
    for _ in range(5000):
        formula = Not(conj([formula, B]))
    found = answer(ask([], formula))
    assert isinstance(found, Undetermined)
    assert found.reason is Reason.INCOMPLETE


def test_nesting_as_deep_as_people_write_is_decided() -> None:
    formula: Term = A
    for _ in range(120):
        formula = disj([formula, B])
    assert entails([A], formula)
    assert not entails([formula], A)


# -- the same again --------------------------------------------------------------------------------------------------


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    asked = [*CIRCLES.values(), WRONG, CLAIM, ask(ENDLESS, FALSE, want_scenario=True)]
    once = [answer(question) for question in asked]
    again = [answer(question) for question in reversed(asked)]
    assert once == again[::-1]
    assert any(isinstance(found, Refuted) for found in once)


def test_a_smaller_budget_gives_up_sooner() -> None:
    pigeons = Sort("Pigeon", tuple(f"p{number}" for number in range(9)))
    holes = Sort("Hole", tuple(f"h{number}" for number in range(8)))
    a, b, hole = Var("a", pigeons), Var("b", pigeons), Var("hole", holes)
    sits = Symbol("sits", (pigeons, holes), BOOL)
    together = conj([apply(sits, a, hole), apply(sits, b, hole)])
    question = ask(
        [for_all([a], exists([hole], apply(sits, a, hole))), for_all([a, b, hole], implies(together, equal(a, b)))],
        FALSE,
    )
    found = answer(question, Limits(budget=100_000))
    assert isinstance(found, Undetermined)
    assert found.reason is Reason.BUDGET


# -- small scenarios -------------------------------------------------------------------------------------------------


def smallest(premises: Sequence[Term], conclusion: Term) -> Structure:
    found = answer(ask(premises, conclusion, MEANINGS, want_scenario=True))
    assert isinstance(found, Refuted)
    return found.countermodel


def true_facts(structure: Structure) -> int:
    return sum(value is True for i in structure.interpretations for _, value in i.entries)


def test_a_scenario_has_the_fewest_individuals() -> None:
    structure = smallest([exists([x, y], negation(equal(x, y)))], for_all([x, u], apply(q, x, u)))
    assert structure.sizes == ((S, 2), (T, 1))


def test_a_scenario_has_the_fewest_true_facts() -> None:
    either = [disj([apply(p, apply(c)), conj([apply(q, apply(c), apply(f, apply(c))), apply(flag)])])]
    assert true_facts(smallest(either, FALSE)) == 1
    forced = [for_all([x], exists([u], apply(q, x, u))), exists([x], apply(p, x)), exists([x], Not(apply(p, x)))]
    assert true_facts(smallest(forced, FALSE)) == 3


def test_a_scenario_has_simple_numbers() -> None:
    structure = smallest([less(real(0), apply(rate, LOW))], less(apply(rate, LOW), apply(rate, HIGH)))
    (rates,) = structure.interpretations
    assert [value for _, value in rates.entries] == [1, 0]


@settings(max_examples=40)
@given(questions())
def test_making_a_scenario_small_keeps_it_a_countermodel(question: Question) -> None:
    any_ = answer(question)
    small = answer(replace(question, want_scenario=True))
    assert type(any_) is type(small)
    if isinstance(any_, Refuted) and isinstance(small, Refuted):
        assert fails_in(small.countermodel, question)
        sizes = dict(any_.countermodel.sizes)
        assert all(size <= sizes[sort] for sort, size in small.countermodel.sizes)
