"""The second opinion, with a second solver that says what the test wants: which texts it gets, and what is made of it.

``test_cross_check.py`` has whole runs, and the real second solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import get_args

import pytest

from checker import cross_check, smtlib
from checker.cross_check import Confirmed, Contradicted, NothingToConfirm, Opinion, Search, opinion
from checker.cross_check import Unconfirmed as NotConfirmed
from checker.decided import Decided
from checker.entailment import Answer, Entailed, Question, Reason, Refuted, Undetermined
from checker.errors import Disagreement
from checker.export import contradiction
from checker.logic import BOOL, Sort, Symbol, apply, exists, for_all
from checker.model import Individual, Interpretation, Structure
from checker.obligations import Obligations
from checker.report import CrossCheck, Unconfirmed
from checker.second_opinion import SecondOpinion
from checker.smtlib import NotExpressible, Script
from checker.solver import Reply, Sat, Unknown, Unsat
from tests.questions import MEANINGS, S, T, ask, e, fine, flag, p, q, u, x
from tests.stubbed import case_in

SEARCHES: tuple[Search, ...] = get_args(Search)
YES, NO = Sat(None), Unsat(())
LOST = Unknown(Reason.INCOMPLETE, "it gave up")

HOLDS = ask([for_all([x], apply(p, x)), apply(flag)], exists([x], apply(p, x)))
FAILS = ask([exists([x], apply(p, x)), apply(flag)], for_all([x, u], apply(q, x, u)))
LISTED = ask([apply(flag), exists([e], apply(fine, e))], exists([e], apply(fine, e)), MEANINGS)


def structure(steps: int, runs: int) -> Structure:
    one, two = ([Individual(sort, index) for index in range(size)] for sort, size in ((S, steps), (T, runs)))
    return Structure(
        ((S, steps), (T, runs)),
        (
            Interpretation(p, tuple(((a,), True) for a in one)),
            Interpretation(flag, (((), True),)),
            Interpretation(q, tuple(((a, b), False) for a in one for b in two)),
        ),
    )


COUNTERMODEL = structure(2, 1)
REFUTED = Refuted(COUNTERMODEL)

Text = tuple[str, Search]


@dataclass
class Second:
    """Replies in turn and, when that is over, always what it replied last; raises what it is handed to raise."""

    replies: Sequence[Reply | BaseException]
    asked: list[Text] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    name: str = "fake 1.0"

    def decide(self, script: Script, search: Search, seconds: float) -> Reply:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append((smtlib.asserted(script), search))
        self.seconds.append(seconds)
        if isinstance(reply, BaseException):
            raise reply
        return reply


def said(question: Question, answer: Answer, *replies: Reply | BaseException) -> tuple[Opinion, list[Text]]:
    """What is made of such replies, and the texts that were asked about."""
    second = Second(replies)
    return opinion(question, answer, second, 60), second.asked


def only(question: Question, *names: str) -> Question:
    return replace(question, premises=tuple(premise for premise in question.premises if premise.name in names))


def as_it_stands(question: Question, *searches: Search) -> list[Text]:
    return [(smtlib.asserted(smtlib.unbounded(question)), search) for search in searches]


def small(question: Question, scope: Mapping[Sort, int], *, exactly: bool = False) -> Text:
    return smtlib.asserted(smtlib.bounded(question, scope, exactly=exactly)), "usual"


# -- what was shown to follow ----------------------------------------------------------------------------------------


def test_an_entailment_is_looked_at_in_all_ways_and_then_in_small_structures() -> None:
    found, asked = said(HOLDS, Entailed(("a0",)), LOST)
    kept = only(HOLDS, "a0")
    assert found == NotConfirmed("it gave up")
    assert asked == [*as_it_stands(kept, *SEARCHES), *(small(kept, {S: size}) for size in (1, 2, 3))]


@pytest.mark.parametrize("number", range(4))
def test_the_first_way_that_decides_it_ends_the_search(number: int) -> None:
    kept = only(HOLDS, "a0")
    found, asked = said(HOLDS, Entailed(("a0",)), *[LOST] * number, NO)
    assert found == Confirmed()
    assert asked == as_it_stands(kept, *SEARCHES[: number + 1])
    found, asked = said(HOLDS, Entailed(("a0",)), *[LOST] * number, YES)
    assert found == Contradicted(smtlib.unbounded(kept), "unsat", SEARCHES[number])
    assert asked == as_it_stands(kept, *SEARCHES[: number + 1])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_model_among_small_structures_contradicts_an_entailment(size: int) -> None:
    kept = only(HOLDS, "a1")
    found, asked = said(HOLDS, Entailed(("a1",)), *[LOST] * 4, *[NO] * (size - 1), YES)
    assert found == Contradicted(smtlib.bounded(kept, {S: size}), "unsat", "usual")
    assert len(asked) == 4 + size


def test_that_small_structures_have_no_model_confirms_nothing_where_there_are_larger_ones() -> None:
    assert said(HOLDS, Entailed(("a0",)), *[LOST] * 4, NO)[0] == NotConfirmed("it gave up")


def test_where_all_sorts_are_listed_the_question_spelled_out_is_the_question() -> None:
    kept = only(LISTED, "a1")
    found, asked = said(LISTED, Entailed(("a1",)), *[LOST] * 4, NO)
    assert found == Confirmed()
    assert asked == [*as_it_stands(kept, *SEARCHES), small(kept, {})]
    found, _ = said(LISTED, Entailed(("a1",)), *[LOST] * 4, YES)
    assert found == Contradicted(smtlib.bounded(kept, {}), "unsat", "usual")
    found, asked = said(LISTED, Entailed(("a1",)), LOST)
    assert found == NotConfirmed("it gave up")
    assert len(asked) == 5


def test_where_small_structures_cannot_be_spelled_out_nothing_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object, **__: object) -> Script:
        raise NotExpressible("too large")

    monkeypatch.setattr(smtlib, "bounded", too_large)
    assert said(HOLDS, Entailed(("a0",)), LOST)[0] == NotConfirmed("it gave up")
    assert said(LISTED, Entailed(("a1",)), LOST)[0] == NotConfirmed("it gave up")


def test_reasons_are_told_in_order_and_once_each() -> None:
    other = Unknown(Reason.TIMEOUT, "its time was up")
    found, _ = said(HOLDS, Entailed(("a0",)), LOST, other, LOST, other)
    assert found == NotConfirmed("it gave up and its time was up")


def test_each_set_of_premises_that_is_said_to_suffice_is_looked_at_once() -> None:
    whole, one, other = HOLDS, only(HOLDS, "a0"), only(HOLDS, "a1")
    answer = Entailed(("a0", "a1"), alone=("a0", "a1"))
    found, asked = said(HOLDS, answer, NO)
    assert found == Confirmed()
    assert asked == [text for kept in (whole, one, other) for text in as_it_stands(kept, "usual")]
    assert said(HOLDS, Entailed(("a0",), alone=("a0",)), NO)[1] == as_it_stands(one, "usual")
    nothing = Entailed(("a0",), alone=("a0", "a1"), by_definition=True)
    assert said(HOLDS, nothing, NO)[1] == as_it_stands(only(HOLDS), "usual")


def test_an_entailment_is_confirmed_only_if_all_that_was_said_of_it_is() -> None:
    answer = Entailed(("a0", "a1"), alone=("a0", "a1"))
    unsure: list[Reply] = [*[LOST] * 4, *[NO] * 3]
    assert said(HOLDS, answer, *unsure, NO)[0] == NotConfirmed("it gave up")
    assert said(HOLDS, answer, NO, *unsure, NO)[0] == NotConfirmed("it gave up")
    assert said(HOLDS, answer, NO, NO, *unsure)[0] == NotConfirmed("it gave up")
    found, _ = said(HOLDS, answer, *unsure, NO, YES)
    assert found == Contradicted(smtlib.unbounded(only(HOLDS, "a1")), "unsat", "usual")


def test_a_contradiction_ends_it() -> None:
    found, asked = said(HOLDS, Entailed(("a0", "a1"), alone=("a0", "a1")), YES)
    assert found == Contradicted(smtlib.unbounded(HOLDS), "unsat", "usual")
    assert len(asked) == 1


# -- what was shown not to follow ------------------------------------------------------------------------------------

FIXED = smtlib.fixed(FAILS, COUNTERMODEL)
OF_ITS_SIZES = smtlib.bounded(FAILS, {S: 2, T: 1}, exactly=True)
WHOLE = smtlib.unbounded(FAILS)


def texts(*asked: tuple[Script, Search]) -> list[Text]:
    return [(smtlib.asserted(script), search) for script, search in asked]


@pytest.mark.parametrize(
    ("replies", "wanted", "asked"),
    [
        ([YES], Confirmed(), [(FIXED, "usual"), (WHOLE, "models")]),
        ([YES, LOST], Confirmed(), [(FIXED, "usual"), (WHOLE, "models")]),
        ([LOST, YES, LOST], Confirmed(), [(FIXED, "usual"), (OF_ITS_SIZES, "usual"), (WHOLE, "models")]),
        ([LOST, LOST, YES], Confirmed(), [(FIXED, "usual"), (OF_ITS_SIZES, "usual"), (WHOLE, "models")]),
        (
            [LOST, Unknown(Reason.BUDGET, "later")],
            NotConfirmed("it gave up"),
            [(FIXED, "usual"), (OF_ITS_SIZES, "usual"), (WHOLE, "models")],
        ),
        ([NO], Contradicted(FIXED, "sat", "usual"), [(FIXED, "usual")]),
        ([LOST, NO], Contradicted(OF_ITS_SIZES, "sat", "usual"), [(FIXED, "usual"), (OF_ITS_SIZES, "usual")]),
        ([YES, NO], Contradicted(WHOLE, "sat", "models"), [(FIXED, "usual"), (WHOLE, "models")]),
        (
            [LOST, YES, NO],
            Contradicted(WHOLE, "sat", "models"),
            [(FIXED, "usual"), (OF_ITS_SIZES, "usual"), (WHOLE, "models")],
        ),
    ],
)
def test_a_countermodel_must_be_one_in_each_text(
    replies: list[Reply], wanted: Opinion, asked: list[tuple[Script, Search]]
) -> None:
    assert said(FAILS, REFUTED, *replies) == (wanted, texts(*asked))


def test_a_countermodel_is_looked_at_in_those_texts_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> Script:
        raise NotExpressible("too large")

    monkeypatch.setattr(smtlib, "fixed", none)
    assert said(FAILS, REFUTED, YES) == (Confirmed(), texts((OF_ITS_SIZES, "usual"), (WHOLE, "models")))
    monkeypatch.setattr(smtlib, "bounded", none)
    assert said(FAILS, REFUTED, YES) == (Confirmed(), texts((WHOLE, "models")))
    assert said(FAILS, REFUTED, LOST)[0] == NotConfirmed("it cannot be put as text: too large")
    assert said(FAILS, REFUTED, NO)[0] == Contradicted(WHOLE, "sat", "models")
    monkeypatch.setattr(smtlib, "unbounded", none)
    assert said(FAILS, REFUTED, YES) == (NotConfirmed("it cannot be put as text: too large"), [])
    assert said(FAILS, Entailed(("a0",)), YES) == (NotConfirmed("it cannot be put as text: too large"), [])


# -- what was not decided --------------------------------------------------------------------------------------------


def test_what_was_ruled_out_is_looked_at_where_nothing_was_decided() -> None:
    text = small(FAILS, {S: 2, T: 2})
    lost = Undetermined(Reason.BUDGET, searched=2)
    assert said(FAILS, lost, NO) == (NothingToConfirm(), [text])
    assert said(FAILS, lost, LOST) == (NothingToConfirm(), [text])
    contradicted = Contradicted(smtlib.bounded(FAILS, {S: 2, T: 2}), "unsat", "usual")
    assert said(FAILS, lost, YES) == (contradicted, [text])
    assert said(FAILS, Undetermined(Reason.BUDGET), YES) == (NothingToConfirm(), [])
    assert said(LISTED, lost, YES) == (NothingToConfirm(), [])


# -- time, and what goes wrong ---------------------------------------------------------------------------------------


def test_all_that_is_asked_about_an_answer_shares_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 101.0, 103.0, 106.0, 110.0, 115.0, 121.0, 128.0])
    monkeypatch.setattr(cross_check, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    second = Second([LOST])
    opinion(HOLDS, Entailed(("a0",)), second, 60)
    assert second.seconds == [59, 57, 54, 50, 45, 39, 32]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RecursionError(), "a formula is nested too deeply"),
        (MemoryError(), "the memory did not suffice"),
        (NotExpressible("too large"), "it cannot be put as text: too large"),
    ],
)
@pytest.mark.parametrize(
    ("question", "answer"),
    [(HOLDS, Entailed(("a0",))), (FAILS, REFUTED)],
)
def test_what_cannot_be_looked_at_is_not_confirmed(
    question: Question, answer: Answer, error: BaseException, why: str
) -> None:
    assert said(question, answer, error)[0] == NotConfirmed(why)


# -- keeping count ---------------------------------------------------------------------------------------------------

CASE = """
case c {
  predicate p
  predicate q
  assume a : p
  claim shown : p by a
  goal g : q by shown
}
"""


def decided(name: str, answer: Answer) -> Decided:
    """The step of a claim of the case, with this answer."""
    case = case_in(CASE)
    (claim,) = (claim for claim in case.claims if claim.name == name)
    return Decided(case, Obligations(case).step(claim), answer)


NO_Q = Structure(
    (), tuple(Interpretation(Symbol(name, (), BOOL), (((), truth),)) for name, truth in (("p", True), ("q", False)))
)


def test_answers_are_counted_by_what_came_of_them() -> None:
    witness = SecondOpinion(Second([NO, NO, YES, YES, *[LOST] * 99]), 60)
    assert witness.report() == CrossCheck("fake 1.0", 0, 0, 0, ())
    shown, failing = decided("shown", Entailed(("a",))), decided("g", Refuted(NO_Q))
    for _ in range(2):
        witness(shown)
    assert witness.report() == CrossCheck("fake 1.0", 2, 2, 0, ())
    witness(failing)
    assert witness.report() == CrossCheck("fake 1.0", 3, 3, 0, ())
    for number in (1, 2):
        witness(decided("g", Undetermined(Reason.BUDGET)))
        assert witness.report() == CrossCheck("fake 1.0", 3 + number, 3, number, ())
    witness(shown)
    witness(failing)
    one = Unconfirmed("c", "step shown", "entailed", "it gave up", shown.obligation.span)
    other = Unconfirmed("c", "step g", "refuted", "it gave up", failing.obligation.span)
    assert witness.report() == CrossCheck("fake 1.0", 7, 3, 2, (one, other))


def test_each_answer_is_looked_at_for_so_many_seconds() -> None:
    second = Second([NO])
    witness = SecondOpinion(second, 7.0)
    witness(decided("shown", Entailed(("a",))))
    (seconds,) = second.seconds
    assert 0 < seconds <= 7


@pytest.mark.parametrize(
    ("name", "answer", "reply", "words", "file", "line"),
    [
        ("shown", Entailed(("a",)), YES, "what is found says unsat, and fake 1.0 says sat", "step.shown", 6),
        ("g", Refuted(NO_Q), NO, "what is found says sat, and fake 1.0 says unsat", "step.g", 7),
    ],
)
def test_a_disagreement_says_what_it_is_about(
    name: str, answer: Answer, reply: Reply, words: str, file: str, line: int
) -> None:
    one = decided(name, answer)
    with pytest.raises(Disagreement) as caught:
        SecondOpinion(Second([reply]), 60)(one)
    error = caught.value
    assert str(error) == f"two solvers disagree about `step {name}` of case c (spec.case:{line}): {words}"
    assert error.file_name == f"disagreement.c.{file}.smt2"
    found = opinion(one.obligation.question, answer, Second([reply]), 60)
    assert isinstance(found, Contradicted)
    assert error.text == contradiction(one, found, "fake 1.0")
    assert "fake 1.0 says" in error.text
