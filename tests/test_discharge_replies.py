"""What is made of a solver's replies: which searches there are, how much each may cost, and what is said in the end.

No real solver takes part. Where it matters that replies are right, each structure of a list is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import discharge, smtlib, z3_solver
from checker.discharge import answer
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Role, Undetermined
from checker.logic import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    Symbol,
    Term,
    Var,
    apply,
    at_most,
    conj,
    disj,
    exists,
    for_all,
    iff,
    implies,
    integer,
    multiply,
    negation,
)
from checker.model import Individual, Interpretation, Interpreter, NotDecided, Structure
from checker.smtlib import NotExpressible, Script
from checker.solver import Reply, Sat, Unknown, Unsat
from tests.exhaustive import Asked, Exhaustive, every, true_in
from tests.questions import MEANINGS, S, T, ask, assume, c, f, fails_in, flag, owner, p, q, u, x

FLAGS = [Symbol(name, (), BOOL) for name in "ABCD"]
A, B, C, D = map(apply, FLAGS)
TRUTHS = every({}, FLAGS)
PLENTY = Limits(budget=1_000_000)

BUDGET_SPENT = Unknown(Reason.BUDGET, "resource limits reached")
CANNOT = Unknown(Reason.INCOMPLETE, "(incomplete quantifiers)")
NO_TIME = Unknown(Reason.TIMEOUT)

Instead = Callable[[Asked], Reply | BaseException | None]


def first(reply: Reply | BaseException, count: int = 1) -> Instead:
    """This reply to the first checks; an honest one to all others."""
    left = iter([reply] * count)
    return lambda _: next(left, None)


def always(reply: Reply | BaseException) -> Instead:
    return lambda _: reply


def follows(question: Question, *names: str) -> bool:
    """Whether these premises entail the conclusion, by truth tables."""
    return not any(fails_in(truths, only(question, *names)) for truths in TRUTHS)


def only(question: Question, *names: str) -> Question:
    return replace(question, premises=tuple(premise for premise in question.premises if premise.name in names))


def truths(**known: bool) -> Structure:
    """What the flags are; those not named are false."""
    return Structure((), tuple(Interpretation(flag, (((), known.get(flag.name, False)),)) for flag in FLAGS))


ALL_MENTIONED = disj([A, B, C, D, TRUE])
SAYS_A = implies(TRUE, A)
"""The same as A, but not to the letter."""

# -- which searches there are ----------------------------------------------------------------------------------------

WIDE = ask([for_all([x], exists([u], apply(q, x, u)))], FALSE)


def searches(question: Question, limits: Limits) -> list[tuple[str, int, int, int | None]]:
    """All searches where none decides anything: flavour, size, units and rounds; each in a session of its own."""
    solver = Exhaustive([], always(BUDGET_SPENT))
    assert answer(question, limits, solver) == Undetermined(Reason.BUDGET)
    assert [asked.session for asked in solver.asked] == list(range(len(solver.asked)))
    assert all(asked.guards == asked.script.guards for asked in solver.asked)
    assert all(asked.want_structure for asked in solver.asked)
    return [(asked.flavour, asked.size, asked.effort.units, asked.effort.rounds) for asked in solver.asked]


def test_small_structures_are_looked_at_between_a_short_and_a_long_attempt_at_a_proof_and_larger_ones_after() -> None:
    assert searches(WIDE, PLENTY) == [
        ("unbounded", 0, 10_000, 10),
        *(("bounded", size, 33_333, None) for size in (1, 2, 3)),
        ("unbounded", 0, 200_000, None),
        *(("bounded", size, 33_333, None) for size in (4, 5, 6)),
    ]


@pytest.mark.parametrize(
    ("largest", "near", "far"),
    [(0, 0, 0), (1, 100_000, 0), (2, 50_000, 0), (3, 33_333, 0), (4, 33_333, 100_000), (8, 33_333, 20_000)],
)
def test_the_effort_is_shared_among_all_sizes_up_to_the_largest(largest: int, near: int, far: int) -> None:
    assert searches(WIDE, replace(PLENTY, largest_scope=largest)) == [
        ("unbounded", 0, 10_000, 10),
        *(("bounded", size, near, None) for size in range(1, min(largest, 3) + 1)),
        ("unbounded", 0, 200_000, None),
        *(("bounded", size, far, None) for size in range(4, largest + 1)),
    ]


def test_where_all_sorts_are_listed_the_question_is_spelled_out_once() -> None:
    assert searches(ask([A], B), PLENTY) == [
        ("unbounded", 0, 10_000, 10),
        ("unbounded", 0, 100_000, None),
        ("unbounded", 0, 200_000, None),
    ]


def test_each_search_is_for_all_sorts_that_are_not_listed() -> None:
    solver = Exhaustive([], always(BUDGET_SPENT))
    answer(WIDE, PLENTY, solver)
    unbounded = smtlib.unbounded(WIDE)
    near, far = ([smtlib.bounded(WIDE, {S: n, T: n}) for n in sizes] for sizes in ((1, 2, 3), (4, 5, 6)))
    assert solver.opened == [unbounded, *near, unbounded, *far]


def test_without_limits_the_usual_ones_hold_and_without_a_solver_it_is_z3(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Exhaustive([], always(BUDGET_SPENT))
    monkeypatch.setattr(z3_solver, "Z3Solver", lambda: solver)
    assert answer(WIDE) == Undetermined(Reason.BUDGET)
    assert solver.asked[0].effort.units == 100_000
    assert 59 < solver.asked[0].effort.seconds <= 60
    assert max(asked.size for asked in solver.asked) == 6


def test_sizes_that_cannot_be_spelled_out_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = smtlib.bounded

    def not_of_two(question: Question, scope: Mapping[Any, int]) -> Script:
        if set(scope.values()) == {2}:
            raise NotExpressible("too large")
        return bounded(question, scope)

    monkeypatch.setattr(smtlib, "bounded", not_of_two)
    solver = Exhaustive([], lambda asked: None if asked.flavour == "bounded" else CANNOT)
    found = answer(WIDE, PLENTY, solver)
    assert [asked.size for asked in solver.asked] == [0, 1, 3, 0, 4, 5, 6]
    assert found == Undetermined(Reason.INCOMPLETE, searched=6)
    assert found.lasting


# -- what settles it -------------------------------------------------------------------------------------------------

TWO = [*every({S: 1, T: 1}, [p, c, flag]), *every({S: 2, T: 1}, [p, c, flag])]
RIGHT = ask([for_all([x], apply(p, x)), apply(flag)], apply(p, apply(c)))
WRONG = ask([exists([x], apply(p, x)), apply(flag)], apply(p, apply(c)))


def settles(question: Question, number: int, candidates: Sequence[Structure] = TWO) -> tuple[Answer, Exhaustive]:
    """Where the searches before this one decide nothing, and it is the first to get an honest reply."""
    solver = Exhaustive(candidates, first(BUDGET_SPENT, number))
    return answer(question, PLENTY, solver), solver


@pytest.mark.parametrize("number", [0, 4])
def test_a_proof_of_the_question_as_it_stands_settles_it_once_a_fresh_session_confirms_it(number: int) -> None:
    found, solver = settles(RIGHT, number)
    assert found == Entailed(("a0", "a1"))
    assert found.lasting
    *_, proof, confirmation = solver.asked
    assert (proof.flavour, confirmation.flavour) == ("unbounded", "unbounded")
    assert len(solver.asked) == number + 2
    assert confirmation.session == proof.session + 1
    assert confirmation.script == proof.script
    assert confirmation.guards == ("g0", "g1")
    assert confirmation.effort.units == 200_000
    assert confirmation.effort.rounds is None


@pytest.mark.parametrize("number", range(8))
def test_a_countermodel_settles_it_wherever_it_comes_from(number: int) -> None:
    """With one individual there is none."""
    found, solver = settles(WRONG, number)
    assert isinstance(found, Refuted)
    assert found.lasting
    assert fails_in(found.countermodel, WRONG)
    assert len(solver.asked) == (number + 1 if number != 1 else 3)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_that_small_structures_have_no_countermodel_settles_nothing(size: int) -> None:
    solver = Exhaustive(TWO, lambda asked: CANNOT if not asked.size else None if asked.size == size else BUDGET_SPENT)
    assert answer(RIGHT, PLENTY, solver) == Undetermined(Reason.INCOMPLETE, searched=size)
    assert len(solver.asked) == 8


def test_a_question_that_loses_nothing_by_being_spelled_out_is_settled_by_it() -> None:
    found, solver = settles(ask([A, implies(A, B)], B), 1, TRUTHS)
    assert found == Entailed(("a0", "a1"))
    assert found.lasting
    assert len(solver.asked) == 3
    found, solver = settles(ask([A, implies(B, A), ALL_MENTIONED], B), 1, TRUTHS)
    assert found == Refuted(truths(A=True, C=True, D=True))
    assert len(solver.asked) == 2


def test_what_is_proved_by_spelling_out_is_confirmed_in_the_same_text(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Question] = []
    bounded = smtlib.bounded

    def noted(question: Question, scope: Mapping[Any, int]) -> Script:
        assert scope == {}
        made.append(question)
        return replace(bounded(question, scope), title="spelled out")

    monkeypatch.setattr(smtlib, "bounded", noted)
    solver = Exhaustive(TRUTHS, lambda asked: None if asked.script.title == "spelled out" else CANNOT)
    question = ask([A, implies(A, B)], B)
    assert answer(question, PLENTY, solver) == Entailed(("a0", "a1"))
    assert [asked.script.title for asked in solver.asked] == ["step test", "spelled out", "spelled out"]
    assert made == [question, question]


# -- what is said where nothing settles it ---------------------------------------------------------------------------


def test_the_long_attempt_says_why_there_is_no_answer() -> None:
    def replies(asked: Asked) -> Reply:
        if asked.flavour == "bounded":
            return Unknown(Reason.INCOMPLETE, "incomplete, as small structures are")
        return CANNOT if asked.effort.rounds else BUDGET_SPENT

    found = answer(WIDE, PLENTY, Exhaustive([], replies))
    assert found == Undetermined(Reason.BUDGET)
    assert isinstance(found, Undetermined)
    assert found.detail == "resource limits reached"
    assert found.lasting


def test_a_model_that_cannot_be_replayed_is_no_answer() -> None:
    found = answer(WRONG, PLENTY, Exhaustive([], lambda asked: Sat(None) if asked.flavour == "unbounded" else None))
    assert found == Undetermined(Reason.INCOMPLETE, searched=6)
    assert isinstance(found, Undetermined)
    assert found.detail == "a model was found that cannot be replayed"


def test_a_proof_that_is_not_confirmed_is_no_answer_and_what_was_searched_is_told() -> None:
    def replies(asked: Asked) -> Reply | None:
        return BUDGET_SPENT if asked.session in (0, 5, 6) else None

    solver = Exhaustive([], replies)
    found = answer(RIGHT, PLENTY, solver)
    assert found == Undetermined(Reason.INCOMPLETE, searched=3)
    assert isinstance(found, Undetermined)
    assert found.detail == "a proof was found, and not confirmed"
    assert len(solver.asked) == 6, "all premises were tried, and need not be tried again"


# -- what lasts ------------------------------------------------------------------------------------------------------

STEADY: dict[str, Reply] = {
    "out of budget": BUDGET_SPENT,
    "out of budget, and nothing more": Unknown(Reason.BUDGET),
    "beyond what the solver can do": CANNOT,
}
TROUBLE: dict[str, Reply | BaseException] = {
    "for no reason that comes back": Unknown(Reason.INCOMPLETE, "canceled"),
    "for no reason": Unknown(Reason.INCOMPLETE),
    "crashed": Unknown(Reason.CRASHED),
    "interrupted": Unknown(Reason.INTERRUPTED),
    "raised": RuntimeError("incomplete"),
    "out of memory": MemoryError(),
}


@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize("question", [RIGHT, WRONG], ids=["right", "wrong"])
def test_an_answer_lasts_if_nothing_went_wrong_on_the_way_to_it(question: Question, number: int) -> None:
    for reply in STEADY.values():
        assert answer(question, PLENTY, Exhaustive(TWO, first(reply, number))).lasting
    for trouble in TROUBLE.values():
        found = answer(question, PLENTY, Exhaustive(TWO, first(trouble, number)))
        assert not found.lasting
        assert isinstance(found, Entailed if question is RIGHT else Refuted)


def test_that_there_is_no_answer_lasts_if_nothing_went_wrong() -> None:
    for reply in STEADY.values():
        assert answer(RIGHT, PLENTY, Exhaustive(TWO, always(reply))).lasting
    for trouble in TROUBLE.values():
        found = answer(RIGHT, PLENTY, Exhaustive(TWO, always(trouble)))
        assert isinstance(found, Undetermined)
        assert not found.lasting


def test_why_there_is_no_answer_is_what_went_wrong() -> None:
    found = answer(RIGHT, PLENTY, Exhaustive(TWO, always(RuntimeError("boom"))))
    assert found == Undetermined(Reason.INCOMPLETE)
    assert isinstance(found, Undetermined)
    assert found.detail == "RuntimeError: boom"


class Illiterate(Exhaustive):
    """Cannot read what is ``unreadable``."""

    unreadable: Callable[[Script], bool] = staticmethod(lambda _: True)
    error: Exception = ValueError("what?")

    def open(self, script: Script) -> Any:
        if self.unreadable(script):
            raise self.error
        return super().open(script)


def test_a_text_that_the_solver_cannot_read_answers_nothing() -> None:
    found = answer(RIGHT, PLENTY, Illiterate(TWO))
    assert found == Undetermined(Reason.INCOMPLETE)
    assert isinstance(found, Undetermined)
    assert found.detail == "the solver did not read the question"
    assert not found.lasting
    solver = Illiterate(TWO)
    solver.unreadable = lambda script: not script.constants
    found = answer(WRONG, PLENTY, solver)
    assert isinstance(found, Refuted)
    assert not found.lasting


def test_without_any_solver_there_is_no_answer_at_all() -> None:
    solver = Illiterate(TWO)
    solver.error = ImportError("no solver")
    with pytest.raises(ImportError):
        answer(RIGHT, PLENTY, solver)


def ruled_out_up_to(size: int, then: Reply | BaseException) -> Instead:
    return lambda asked: None if 0 < asked.size <= size else BUDGET_SPENT if asked.effort.rounds else then


def test_when_time_is_up_what_was_searched_is_told() -> None:
    found = answer(RIGHT, PLENTY, Exhaustive(TWO, ruled_out_up_to(2, NO_TIME)))
    assert found == Undetermined(Reason.TIMEOUT, searched=2)
    assert isinstance(found, Undetermined)
    assert found.detail == "the time limit was reached"
    assert not found.lasting


@pytest.mark.parametrize(
    ("error", "detail"),
    [(RecursionError(), "a formula is nested too deeply"), (MemoryError(), "the memory did not suffice")],
)
def test_what_is_too_much_is_no_answer(monkeypatch: pytest.MonkeyPatch, error: Exception, detail: str) -> None:
    bounded = smtlib.bounded

    def too_much(question: Question, scope: Mapping[Any, int]) -> Script:
        if set(scope.values()) == {3}:
            raise error
        return bounded(question, scope)

    monkeypatch.setattr(smtlib, "bounded", too_much)
    found = answer(RIGHT, PLENTY, Exhaustive(TWO, ruled_out_up_to(6, CANNOT)))
    assert found == Undetermined(Reason.INCOMPLETE, searched=2)
    assert isinstance(found, Undetermined)
    assert found.detail == detail
    assert not found.lasting


@pytest.mark.parametrize("trouble", [False, True])
def test_what_cannot_be_put_to_a_solver_is_no_answer(monkeypatch: pytest.MonkeyPatch, trouble: bool) -> None:
    """Here it is the text of the confirmation, when a solver has had its say."""
    unbounded = smtlib.unbounded

    def not_a_single_premise(question: Question) -> Script:
        if len(question.premises) == 1:
            raise NotExpressible("too large")
        return unbounded(question)

    monkeypatch.setattr(smtlib, "unbounded", not_a_single_premise)

    def replies(asked: Asked) -> Reply | BaseException | None:
        if asked.session == 0:
            return RuntimeError() if trouble else CANNOT
        return None if asked.size else Unsat(("g0",))

    found = answer(RIGHT, PLENTY, Exhaustive(TWO, replies))
    assert found == Undetermined(Reason.INCOMPLETE, searched=3)
    assert isinstance(found, Undetermined)
    assert (found.detail, found.lasting) == ("too large", not trouble)


# -- effort and time -------------------------------------------------------------------------------------------------


def test_without_effort_nothing_is_asked() -> None:
    solver = Exhaustive(TWO)
    assert answer(RIGHT, Limits(budget=0), solver) == Undetermined(Reason.BUDGET)
    assert not solver.asked


def test_the_least_effort_is_one_unit() -> None:
    solver = Exhaustive(TWO)
    assert answer(RIGHT, Limits(budget=100), solver) == Entailed(("a0", "a1"))
    assert [asked.effort.units for asked in solver.asked] == [1, 20]


def clock(monkeypatch: pytest.MonkeyPatch, *times: float) -> None:
    left = iter(times)
    monkeypatch.setattr(discharge, "time", SimpleNamespace(monotonic=lambda: next(left)))


def test_each_check_may_take_what_is_left_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 100, 101, 103, 106, 159.5, 160)
    solver = Exhaustive([], always(BUDGET_SPENT))
    assert answer(WIDE, Limits(timeout=60), solver) == Undetermined(Reason.TIMEOUT)
    assert [asked.effort.seconds for asked in solver.asked] == [59, 57, 54, 0.5]


def used_up(number: int, question: Question, reply: Callable[[Asked], Reply | BaseException]) -> list[int]:
    """What checks may cost from this one on, where all of them get this reply."""
    solver = Exhaustive(TRUTHS)
    solver.instead = lambda asked: None if len(solver.asked) <= number else reply(asked)
    answer(question, Limits(budget=100_000), solver)
    return [asked.effort.units for asked in solver.asked][number:]


SPENDING: dict[str, Callable[[Asked], Reply | BaseException]] = {
    "says what it cost": lambda asked: Unknown(Reason.BUDGET, spent=asked.effort.units),
    "raises, and nobody knows what it cost": lambda _: RuntimeError(),
}


@pytest.mark.parametrize("reply", SPENDING.values(), ids=SPENDING)
def test_what_is_spent_on_one_thing_is_gone(reply: Callable[[Asked], Reply | BaseException]) -> None:
    """Each check may take a fourth of what is left for its purpose."""
    single = ask([conj([A, B]), A, B], conj([B, A]), want_alone=True)
    assert used_up(2, single, reply) == [1250, 937, 703, 527]
    core = ask([conj([A, B]), A, B], conj([B, A]), want_core=True)
    assert used_up(1, core, reply) == [2500, 1875, 1406, 20_000]
    scenario = ask([disj([A, B, C])], FALSE, want_scenario=True)
    assert used_up(1, scenario, reply) == [5000, 3750, 2812, 2109, 1582, 1186]


def test_what_costs_nothing_costs_a_unit() -> None:
    question = ask([A, B, C, D], disj([A, B, C, D]), want_alone=True)
    solver = Exhaustive(TRUTHS)
    answer(question, Limits(budget=100), solver)
    assert [asked.effort.units for asked in solver.asked] == [1, 20, 1, 1], "of 5 units a fourth, twice, and then none"


# -- countermodels ---------------------------------------------------------------------------------------------------


def test_a_structure_counts_only_if_the_evaluator_agrees() -> None:
    question = ask([A, implies(A, C), ALL_MENTIONED], B)
    for structure in TRUTHS:
        found = answer(question, PLENTY, Exhaustive([], always(Sat(structure))))
        if fails_in(structure, question):
            assert found == Refuted(structure)
        else:
            assert isinstance(found, Undetermined)


def test_definitions_count_in_a_countermodel() -> None:
    question = ask(
        [exists([x, u], apply(q, x, u)), disj([apply(p, apply(c)), TRUE])], exists([u], apply(owner, u)), MEANINGS
    )
    candidates = every({T: 1, S: 1}, [q, p, c])
    for structure in candidates:
        found = answer(question, PLENTY, Exhaustive([], always(Sat(structure))))
        assert isinstance(found, Refuted) is fails_in(structure, question)
    assert isinstance(answer(question, PLENTY, Exhaustive(candidates)), Refuted)


def test_what_is_no_structure_for_the_question_counts_for_nothing() -> None:
    """Of which the evaluator might not notice anything."""
    question = ask([disj([A, for_all([x], apply(p, x)), apply(p, apply(c))])], B)
    flags = truths(A=True).interpretations
    place = Interpretation(c, (((), Individual(S, 0)),))
    whole = Structure(((S, 1),), (*flags, place, Interpretation(p, (((Individual(S, 0),), False),))))
    assert answer(question, PLENTY, Exhaustive([], always(Sat(whole)))) == Refuted(whole)
    for broken in (
        replace(whole, sizes=()),
        replace(whole, sizes=((S, 0),)),
        replace(whole, interpretations=whole.interpretations[:-1]),
        replace(whole, sizes=((S, 2),)),
    ):
        assert isinstance(answer(question, PLENTY, Exhaustive([], always(Sat(broken)))), Undetermined)


n = Var("n", INT)
SQUARES = for_all([n], disj([at_most(integer(0), multiply([n, n])), apply(flag)]))
"""Beyond our evaluator, as it is about all whole numbers."""
FREE = Structure((), (Interpretation(FLAGS[0], (((), True),)), Interpretation(flag, (((), False),))))
BEYOND = ask([A, SQUARES], apply(flag))


def replayed(reply: Reply | BaseException, structure: Structure = FREE) -> tuple[Answer, list[Asked]]:
    """Where the solver gives this structure, and replies this when all of its values are fixed."""
    solver = Exhaustive([], lambda asked: reply if asked.flavour == "fixed" else Sat(structure))
    found = answer(BEYOND, Limits(budget=100_000), solver)
    return found, [asked for asked in solver.asked if asked.flavour == "fixed"]


def test_where_the_evaluator_cannot_tell_the_solver_says_whether_a_structure_is_a_countermodel() -> None:
    found, asked = replayed(Sat(None))
    assert found == Refuted(FREE)
    assert found.lasting
    (once,) = asked
    assert once.script == smtlib.fixed(BEYOND, FREE)
    assert once.guards == ("g0", "g1")
    assert (once.effort.units, once.effort.rounds) == (3000, None)


@pytest.mark.parametrize("reply", [Unsat(("g0",)), BUDGET_SPENT, CANNOT, RuntimeError()])
def test_a_structure_is_none_where_neither_can_tell(reply: Reply | BaseException) -> None:
    found, asked = replayed(reply)
    assert isinstance(found, Undetermined)
    assert len(asked) == (1 if isinstance(reply, RuntimeError) else 3), "each of three searches came to it"


def test_for_replaying_there_is_effort_of_its_own() -> None:
    _, asked = replayed(Unknown(Reason.BUDGET, spent=2900))
    assert [one.effort.units for one in asked] == [3000, 100]


def test_what_the_evaluator_finds_wrong_is_not_asked_about() -> None:
    found, asked = replayed(Sat(None), Structure((), (FREE.interpretations[1], *truths().interpretations[:1])))
    assert isinstance(found, Undetermined)
    assert not asked


def test_what_cannot_be_written_down_with_all_its_values_is_no_countermodel(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> Script:
        raise NotExpressible("too large")

    monkeypatch.setattr(smtlib, "fixed", too_large)
    found, _ = replayed(Sat(None))
    assert found == Undetermined(Reason.INCOMPLETE)
    assert isinstance(found, Undetermined)
    assert found.detail == "a model was found that cannot be replayed"


def test_a_formula_without_a_value_makes_no_countermodel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unlike one that a solver may still find true, it is not put to the solver."""
    for error in (RecursionError(), NotDecided()):

        def fails(*_: object, error: Exception = error) -> bool:
            raise error

        monkeypatch.setattr(Interpreter, "holds", fails)
        found, asked = replayed(Sat(None))
        assert isinstance(found, Undetermined)
        assert not asked


# -- scenarios -------------------------------------------------------------------------------------------------------

EITHER = ask([disj([A, B]), disj([C, negation(C)])], conj([D, C]))


def test_a_scenario_is_made_small_only_if_it_is_wanted() -> None:
    solver = Exhaustive(TRUTHS)
    found = answer(EITHER, PLENTY, solver)
    assert found == Refuted(truths(A=True, B=True, C=True))
    assert len(solver.asked) == 1
    small = answer(replace(EITHER, want_scenario=True), PLENTY, Exhaustive(TRUTHS))
    assert small == Refuted(truths(A=True))
    assert small.lasting


def test_making_it_small_has_a_session_for_each_text_and_all_premises_count() -> None:
    solver = Exhaustive(TRUTHS)
    answer(replace(EITHER, want_scenario=True), PLENTY, solver)
    smaller = solver.asked[1:]
    assert all(asked.want_structure for asked in smaller)
    assert all({"g0", "g1"} <= set(asked.guards) for asked in smaller)
    assert len({asked.session for asked in smaller}) == len({asked.script.text for asked in smaller})


@pytest.mark.parametrize("reply", [BUDGET_SPENT, CANNOT, Unsat(()), Sat(None), Sat(truths(B=True, D=True, C=True))])
def test_what_is_not_found_smaller_stays(reply: Reply) -> None:
    solver = Exhaustive(TRUTHS)
    solver.instead = lambda _: reply if len(solver.asked) > 1 else None
    found = answer(replace(EITHER, want_scenario=True), PLENTY, solver)
    assert found == Refuted(truths(A=True, B=True, C=True))
    assert found.lasting


def test_a_scenario_that_would_be_smaller_with_more_time_stands_and_does_not_last() -> None:
    solver = Exhaustive(TRUTHS)
    solver.instead = lambda _: NO_TIME if len(solver.asked) > 1 else None
    found = answer(replace(EITHER, want_scenario=True), PLENTY, solver)
    assert found == Refuted(truths(A=True, B=True, C=True))
    assert not found.lasting


def test_a_scenario_stands_when_the_time_is_up_between_two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 0, 1, *[60] * 9)
    solver = Exhaustive(TRUTHS)
    found = answer(replace(EITHER, want_scenario=True), PLENTY, solver)
    assert found == Refuted(truths(A=True, B=True, C=True))
    assert not found.lasting
    assert len(solver.asked) == 1


# -- entailments -----------------------------------------------------------------------------------------------------


def core_of(*guards: str) -> Instead:
    """The first proof has this core."""
    return first(Unsat(guards))


def test_a_proof_is_confirmed_with_its_own_premises_alone() -> None:
    question = ask([B, A, implies(A, C), D], C)
    solver = Exhaustive(TRUTHS, core_of("g2", "another", "g1"))
    assert answer(question, PLENTY, solver) == Entailed(("a1", "a2"))
    _, confirmation = solver.asked
    assert confirmation.script == smtlib.unbounded(only(question, "a1", "a2"))
    assert confirmation.guards == ("g0", "g1")
    assert confirmation.session == 1


def test_definitions_count_in_a_confirmation() -> None:
    premises = [exists([x], conj([apply(q, x, u_), apply(p, x)])) for u_ in [apply(f, apply(c))]]
    question = ask([apply(flag), *premises], apply(owner, apply(f, apply(c))), MEANINGS)
    solver = Exhaustive(every({S: 1, T: 1}, [flag, q, p, f, c]), core_of("g1"))
    assert answer(question, PLENTY, solver) == Entailed(("a1",))
    assert solver.opened[-1] == smtlib.unbounded(only(question, "a1"))


def test_too_small_a_core_gives_way_to_all_premises() -> None:
    question = ask([B, A, implies(A, C)], C)
    solver = Exhaustive(TRUTHS, core_of("g2"))
    assert answer(question, PLENTY, solver) == Entailed(("a0", "a1", "a2"))
    assert [len(script.guards) for script in solver.opened] == [3, 1, 3]


def test_where_not_even_all_premises_are_confirmed_it_is_no_proof() -> None:
    question = ask([B, A, implies(C, A)], C)
    solver = Exhaustive(TRUTHS, core_of("g2"))
    found = answer(question, PLENTY, solver)
    assert found == Undetermined(Reason.INCOMPLETE)
    assert [len(script.guards) for script in solver.opened] == [3, 1, 3]
    solver = Exhaustive(TRUTHS, core_of("g0", "g1", "g2"))
    assert answer(question, PLENTY, solver) == found
    assert [len(script.guards) for script in solver.opened] == [3, 3], "the same need not be tried again"


@pytest.mark.parametrize("reply", [BUDGET_SPENT, CANNOT, Sat(None), Sat(truths()), RuntimeError()])
def test_only_a_proof_confirms_a_proof(reply: Reply | BaseException) -> None:
    solver = Exhaustive(TRUTHS)
    solver.instead = lambda asked: reply if asked.session else None
    assert isinstance(answer(ask([A], SAYS_A), PLENTY, solver), Undetermined)


# -- a premise that is the conclusion --------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [BUDGET_SPENT, CANNOT, NO_TIME, RuntimeError("boom")])
def test_a_premise_that_is_the_conclusion_entails_it_whatever_a_solver_says(reply: Reply | BaseException) -> None:
    solver = Exhaustive(TRUTHS, always(reply))
    assert answer(ask([B, A, C], A), PLENTY, solver) == Entailed(("a1",))
    assert not solver.asked


def test_it_is_the_whole_proof_unless_less_than_it_suffices() -> None:
    """What is left of all premises is what it would be if each had been tried in turn."""

    def used(*premises: Term) -> tuple[str, ...]:
        found = answer(ask(premises, A, want_core=True), PLENTY, Exhaustive(TRUTHS))
        assert isinstance(found, Entailed)
        return found.used

    assert used(A, B, A) == ("a0",)
    assert used(conj([A, B]), A) == ("a0",)
    assert used(B, conj([C, B]), A) == ("a2",)
    assert used(disj([A, negation(A)]), A, iff(A, implies(B, A))) == ("a1",)


def test_it_suffices_alone_and_the_others_are_asked_about() -> None:
    question = ask([A, B, conj([A, C])], A, want_alone=True)
    assert answer(question, PLENTY, Exhaustive(TRUTHS)) == Entailed(("a0",), ("a0", "a2"))
    solver = Exhaustive(TRUTHS, always(CANNOT))
    unsure = answer(question, PLENTY, solver)
    assert len(solver.opened) == 1, "there are no small structures to look at"
    assert unsure == Entailed(("a0",), ("a0",), perhaps_alone=("a1", "a2"))


def test_where_the_solver_cannot_read_the_question_it_is_not_answered_by_half() -> None:
    class Illiterate(Exhaustive):
        def open(self, script: Script) -> Any:
            raise ValueError(script)

    found = answer(ask([B, A], A, want_alone=True), PLENTY, Illiterate(TRUTHS))
    assert isinstance(found, Undetermined)
    assert not found.lasting


# -- single premises -------------------------------------------------------------------------------------------------

SINGLE = ask([A, B, disj([A, B]), conj([A, C]), ALL_MENTIONED], conj([A, disj([B, negation(B)])]), want_alone=True)


def test_each_premise_that_suffices_alone_is_told() -> None:
    solver = Exhaustive(TRUTHS, core_of("g0"))
    found = answer(SINGLE, PLENTY, solver)
    assert found == Entailed(("a0",), alone=("a0", "a3"))
    assert found.lasting
    asked = solver.asked[2:]
    assert {one.session for one in asked} == {0}
    assert [one.guards for one in asked] == [(), ("g0",), ("g3",)], "the others are true where A is false"
    assert all((one.want_structure, one.effort.rounds) == (True, 10) for one in asked)


def test_that_no_premise_is_needed_takes_a_confirmation_of_its_own() -> None:
    question = ask([A, B], disj([A, negation(A)]), want_alone=True)
    solver = Exhaustive(TRUTHS, core_of("g0"))
    assert answer(question, PLENTY, solver) == Entailed(("a0",), ("a0", "a1"), by_definition=True)
    assert [one.guards for one in solver.asked] == [("g0", "g1"), ("g0",), (), ()]
    assert [one.session for one in solver.asked] == [0, 1, 0, 2]
    assert solver.opened[2] == smtlib.unbounded(only(question))
    assert solver.asked[-1].effort.units == 49_999, "from what is left for looking at single premises"


@pytest.mark.parametrize("reply", [BUDGET_SPENT, CANNOT, Sat(None)])
def test_without_it_premises_are_looked_at_one_by_one(reply: Reply) -> None:
    question = ask([A, B], disj([A, negation(A)]), want_alone=True)
    solver = Exhaustive(TRUTHS, lambda asked: reply if asked.session == 2 else Unsat(("g0",)))
    assert answer(question, PLENTY, solver) == Entailed(("a0",), ("a0", "a1"))
    assert [one.guards for one in solver.asked] == [("g0", "g1"), ("g0",), (), (), ("g0",), ("g1",)]


def test_a_proof_without_premises_is_by_definition_and_nothing_more_is_asked() -> None:
    question = ask([A, B], disj([A, negation(A)]), want_alone=True)
    solver = Exhaustive(TRUTHS, core_of())
    assert answer(question, PLENTY, solver) == Entailed((), ("a0", "a1"), by_definition=True)
    assert len(solver.asked) == 2


SOME = ask([exists([x], apply(p, x)), for_all([x], apply(p, x))], apply(p, apply(c)), want_alone=True)
"""The first premise suffices only where there is just one individual."""


def small_only(asked: Asked) -> Reply | None:
    """Gives up on single premises, unless it may look at small structures alone."""
    return CANNOT if len(asked.guards) < 2 and not asked.size else None


def test_where_the_solver_gives_up_on_a_single_premise_small_structures_are_looked_at() -> None:
    solver = Exhaustive(TWO, small_only)
    assert answer(SOME, PLENTY, solver) == Entailed(("a0", "a1"), perhaps_alone=("a1",))
    small = [one for one in solver.asked if one.size]
    assert [(one.size, one.guards) for one in small] == [
        (1, ()),
        (1, ("g0",)),
        (2, ("g0",)),
        *((n, ("g1",)) for n in (1, 2, 3)),
    ]
    assert all(one.effort.rounds is None and one.want_structure for one in small)
    assert [one.effort.units for one in small] == [(50_000 - before) // 4 for before in (1, 3, 4, 6, 7, 8)]
    assert len(solver.opened) == 2 + len(small)


WORTHLESS: dict[str, Reply | BaseException] = {
    "out of budget": BUDGET_SPENT,
    "no structure": Sat(None),
    "the premise is false in it": Sat(truths(B=False)),
    "the conclusion is true in it": Sat(truths(A=True, B=True)),
    "no structure of the question": Sat(Structure((), ())),
    "raises": RuntimeError(),
}


@pytest.mark.parametrize("reply", WORTHLESS.values(), ids=WORTHLESS)
def test_of_a_single_premise_nothing_is_said_where_nothing_is_shown(reply: Reply | BaseException) -> None:
    other = {("g1",): reply, (): Sat(truths())}
    solver = Exhaustive(TRUTHS, lambda asked: other.get(asked.guards))
    question = ask([A, B, disj([C, D, A])], SAYS_A, want_alone=True)
    found = answer(question, Limits(budget=100_000), solver)
    assert found == Entailed(("a0", "a1", "a2"), alone=("a0",), perhaps_alone=("a1",))


@pytest.mark.parametrize("structure", [truths(B=True), truths(B=True, C=True)])
def test_a_premise_alone_is_insufficient_where_the_others_are_false(structure: Structure) -> None:
    solver = Exhaustive(TRUTHS, lambda asked: Sat(structure) if asked.guards == ("g1",) else None)
    question = ask([A, B, disj([negation(C), A])], SAYS_A, want_alone=True)
    assert answer(question, PLENTY, solver) == Entailed(("a0", "a1", "a2"), alone=("a0",))


def test_what_several_structures_speak_against_need_not_be_asked_about() -> None:
    """The first speaks against C, the second against A, and neither against B."""
    against = {(): truths(C=True), ("g0",): truths(A=True), ("g2",): truths(B=True)}
    solver = Exhaustive([], lambda one: Sat(against[one.guards]) if one.guards in against else Unsat(one.guards))
    question = ask([A, C, B, ALL_MENTIONED], conj([A, B]), want_alone=True)
    assert answer(question, PLENTY, solver) == Entailed(("a0", "a1", "a2", "a3"))
    assert [one.guards for one in solver.asked[2:]] == [(), ("g0",), ("g2",)]


def test_of_a_single_premise_the_solver_may_say_that_a_structure_speaks_against_it() -> None:
    """Where the evaluator cannot tell, just that premise is replayed; and no other is taken to be true in it."""
    question = ask([A, SQUARES, apply(flag), SQUARES], conj([A, disj([A, apply(flag)])]), want_alone=True)
    no = Structure((), (Interpretation(FLAGS[0], (((), False),)), Interpretation(flag, (((), False),))))

    def replies(asked: Asked) -> Reply:
        if asked.flavour == "fixed":
            return Sat(None)
        return (
            Unsat(asked.guards) if "g0" in asked.guards or len(asked.guards) > 1 else Sat(no if asked.guards else None)
        )

    solver = Exhaustive([], replies)
    found = answer(question, PLENTY, solver)
    assert found == Entailed(("a0", "a1", "a2", "a3"), alone=("a0",), perhaps_alone=("a2",))
    fixed = [asked for asked in solver.asked if asked.flavour == "fixed"]
    assert [asked.guards for asked in fixed] == [("g1",), ("g3",)]
    assert {asked.script.text for asked in fixed} == {smtlib.fixed(question, no).text}


# -- few premises ----------------------------------------------------------------------------------------------------


def core(question: Question, instead: Instead = lambda _: None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The premises that are used, and what was left out of each attempt to do with fewer."""
    solver = Exhaustive(TRUTHS, instead)
    found = answer(replace(question, want_core=True), PLENTY, solver)
    assert isinstance(found, Entailed)
    tried = [asked for asked in solver.asked[1:] if asked.session == 0]
    assert all((asked.want_structure, asked.effort.rounds) == (False, 10) for asked in tried)
    assert solver.asked[-1].script == smtlib.unbounded(only(question, *found.used))
    return found.used, [tuple(sorted({*solver.opened[0].guards} - {*asked.guards})) for asked in tried]


def test_premises_are_left_out_one_by_one_from_the_last() -> None:
    assert core(ask([A, B, A], SAYS_A)) == (("a0",), [("g2",), ("g1", "g2"), ("g0", "g1", "g2")])


def test_those_that_were_cited_are_left_out_from_the_last_cited_and_before_all_others() -> None:
    premises = [assume("first", A), assume("other", A), assume("second", A), assume("another", A)]
    cited = ask(premises, SAYS_A, cited=("second", "first"))
    assert core(cited) == (
        ("other",),
        [("g0",), ("g0", "g2"), ("g0", "g2", "g3"), ("g0", "g1", "g2", "g3")],
    )


def test_axioms_are_left_out_last() -> None:
    premises = [assume("one", A, Role.AXIOM), assume("two", A, Role.AXIOM), assume("said", A)]
    assert core(ask(premises, SAYS_A))[0] == ("one",)
    assert core(ask(premises, SAYS_A, cited=("two",)))[0] == ("one",)
    assert core(ask(premises[1:], SAYS_A, cited=("said",)))[0] == ("two",)


def test_what_a_known_proof_does_without_is_not_asked_about() -> None:
    """Also not if that proof came while looking for fewer."""
    used, tried = core(ask([A, B, A, C], SAYS_A), core_of("g0", "g2"))
    assert (used, tried) == (("a0",), [("g2", "g3"), ("g1", "g2", "g3"), ("g0", "g1", "g2", "g3")])
    learnt = [Unsat(("g0", "g1", "g2", "g3")), Unsat(("g0",))]
    left = iter(learnt)
    used, tried = core(ask([A, B, A, C], SAYS_A), lambda _: next(left, None))
    assert (used, tried) == (("a0",), [("g3",), ("g0", "g1", "g2", "g3")])


@pytest.mark.parametrize("reply", [BUDGET_SPENT, CANNOT, Sat(None)])
def test_what_no_answer_comes_for_stays_in(reply: Reply) -> None:
    question = ask([A, A, A], SAYS_A)
    assert core(question, lambda asked: reply if asked.guards == ("g0", "g1") else None)[0] == ("a2",)
    used, _ = core(question, lambda asked: reply if 0 < len(asked.guards) < 3 and asked.session == 0 else None)
    assert used == ("a0", "a1", "a2")


def test_without_the_wish_the_core_stays_as_the_solver_has_it() -> None:
    solver = Exhaustive(TRUTHS, core_of("g0", "g1"))
    assert answer(ask([A, B, A], SAYS_A), PLENTY, solver) == Entailed(("a0", "a1"))


# -- whatever a solver replies ---------------------------------------------------------------------------------------

_formulas = st.recursive(
    st.sampled_from([A, B, C, D]),
    lambda inner: st.builds(negation, inner) | st.builds(implies, inner, inner) | st.builds(iff, inner, inner),
    max_leaves=4,
)
_questions = st.builds(
    lambda premises, conclusion, wishes: ask(
        [*premises, ALL_MENTIONED], conclusion, want_core=wishes[0], want_alone=wishes[1], want_scenario=wishes[2]
    ),
    st.lists(_formulas, max_size=4),
    _formulas,
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)


def whims(random: Random, guards: Sequence[str]) -> Reply | BaseException | None:
    """One of all replies that there are, mostly the right one."""
    return random.choice(
        [
            *[None] * 6,
            Unsat(tuple(guards)),
            Unsat(tuple(guard for guard in guards if random.random() < 0.5)),
            Unsat(()),
            Sat(random.choice(TRUTHS)),
            Sat(None),
            BUDGET_SPENT,
            CANNOT,
            RuntimeError("boom"),
        ]
    )


@settings(max_examples=60)
@given(_questions, st.integers(0, 2**32))
def test_whatever_a_solver_replies_nothing_is_claimed_that_it_did_not_show(question: Question, seed: int) -> None:
    random = Random(seed)
    proved: list[tuple[int, str, tuple[str, ...]]] = []
    sessions: set[int] = set()

    def replies(asked: Asked) -> Reply | BaseException | None:
        reply = whims(random, asked.guards)
        if reply is None:
            holds = not any(true_in(structure, asked.script, asked.guards) for structure in TRUTHS)
            reply = Unsat(asked.guards) if holds else None
        if isinstance(reply, Unsat) and asked.session not in sessions:
            proved.append((asked.session, asked.script.text, asked.guards))
        sessions.add(asked.session)
        return reply

    found = answer(question, PLENTY, Exhaustive(TRUTHS, replies))

    def confirmed(*names: str) -> bool:
        script = smtlib.unbounded(only(question, *names))
        return any(session and (text, guards) == (script.text, script.guards) for session, text, guards in proved)

    match found:
        case Refuted(countermodel):
            assert fails_in(countermodel, question)
        case Entailed(used, alone, by_definition, perhaps):
            stated = {premise.name for premise in question.premises if premise.formula == question.conclusion}
            assert stated.intersection(used) or confirmed(*used)
            assert not by_definition or confirmed()
            assert not by_definition or alone == tuple(premise.name for premise in question.premises)
            assert not {*alone} & {*perhaps}
            if question.want_alone:
                for premise in question.premises:
                    assert premise.name in (*alone, *perhaps) or not follows(question, premise.name)
        case Undetermined():
            pass
