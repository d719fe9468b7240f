"""The rules of verdicts at their edges, on cases too small to leave a doubt about what is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checker.case import Acceptance, TheoryKey
from checker.entailment import Answer, Entailed, Reason, Refuted, Undetermined
from checker.graph import Argument
from checker.judge import Countermodel, PossibleVerdict, Step, WorryVerdict, judge, judge_steps, passes, stands, why
from checker.obligations import Kind, Obligation, Obligations
from checker.source import Span
from tests.stubbed import NOTHING, TODAY, Answers, case_in, decider, judged


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.BUDGET, "the solver's budget ran out"),
        (Reason.TIMEOUT, "the time ran out"),
        (Reason.INCOMPLETE, "the solver cannot decide such formulas"),
        (Reason.CRASHED, "the solver's process ended without an answer, each time it was tried"),
        (Reason.INTERRUPTED, "the run was interrupted"),
    ],
)
def test_why_there_is_no_answer(reason: Reason, words: str) -> None:
    assert why(Undetermined(reason)) == words
    assert why(Undetermined(reason, 1)) == f"{words}; no scenario with at most 1 individual of each sort exists"
    assert why(Undetermined(reason, 2)) == f"{words}; no scenario with at most 2 individuals of each sort exists"


def test_an_acceptance_stands_on_its_last_day() -> None:
    def until(day: date | None) -> Acceptance:
        return Acceptance("w", "so be it", None, day, Span("a.case", 1, 1, 1, 2))

    assert stands(None, until(None), TODAY)
    assert stands(None, until(TODAY), TODAY)
    assert not stands(None, until(date(2026, 11, 23)), TODAY)


STEPS = """
case c {
  predicate p
  assume a : p
  assume vague
  claim no_formula by a
  claim nothing : p
  claim shown : p by a
  claim failed : p by a
  claim leaning : p by a, vague, no_formula
  claim open : p by a
  worry dim "Who knows."
  claim barred : p barring dim
  goal g : p by shown
}
"""


def test_what_becomes_of_each_step() -> None:
    lost = Undetermined(Reason.BUDGET, 2)
    _, found = judged(
        STEPS,
        {
            (Kind.STEP, "shown"): Entailed(("a",), ("a",)),
            (Kind.STEP, "open"): lost,
            (Kind.STEP, "g"): Entailed(("shown",)),
        },
    )
    steps = {name: (step.verdict, step.reason, step.used, step.alone) for name, step in found.steps.items()}
    assert steps == {
        "no_formula": ("informal", "it has no formula", (), ()),
        "nothing": ("undeveloped", "it cites nothing", (), ()),
        "shown": ("valid", None, ("a",), ("a",)),
        "failed": ("invalid", None, (), ()),
        "leaning": ("informal", "it leans on `vague`, `no_formula`, which no formula states", (), ()),
        "open": ("undetermined", why(lost), (), ()),
        "barred": ("informal", "it leans on `dim`, which no formula states", (), ()),
        "g": ("valid", None, ("shown",), ()),
    }
    assert list(found.steps) == list(found.statuses) == list(steps)
    model = found.steps["failed"].countermodel
    assert model is not None
    assert (model.question.name, model.structure, model.prefix) == ("step failed", NOTHING, "")
    assert model.wordings
    assert found.steps["leaning"].countermodel is None
    statuses = {name: status for name, status in found.statuses.items() if status != "unproved"}
    assert statuses == {"shown": "established", "g": "established"}
    assert found.verdict == "established"


def test_an_informal_citation_is_no_excuse_where_the_formal_ones_suffice() -> None:
    case, found = judged(STEPS, {(Kind.STEP, "leaning"): Entailed(("a",))})
    assert found.steps["leaning"].verdict == "valid"
    assert (found.statuses["leaning"], found.rests_on["leaning"]) == ("conditional", ("no_formula",))
    assert found.verdict == "unproved"
    assert not passes(case, found)


WORRIES = """
case c {
  predicate p
  axiom ax : p
  assume a : p
  claim half : p
  worry w "It occurs." unless p
  worry dim "Who knows."
  answer w by a, half
  goal g : p by a barring w, dim
  %s
}
"""
ANSWERED = (Kind.WORRY, "w")
REFUTED = (Kind.REFUTATION, "w")
LOST = Undetermined(Reason.TIMEOUT)


def worry(answers: Answers, more: str = "", today: date = TODAY) -> WorryVerdict:
    return judged(WORRIES % more, answers, today)[1].worries["w"]


def test_an_open_worry() -> None:
    found = worry({})
    assert (found.status, found.without_acceptance, found.reason) == ("open", "open", None)
    assert (found.tried, found.used, found.by_definition, found.rests_on) == (("a", "half"), (), False, ("half",))
    assert found.countermodel is not None
    assert (found.countermodel.question.name, found.countermodel.structure) == ("worry w", NOTHING)
    assert found.countermodel.wordings


def test_an_answer_that_cites_a_claim_that_is_not_established_is_conditional() -> None:
    found = worry({ANSWERED: Entailed(("a",), ("a",))})
    assert (found.status, found.used, found.rests_on) == ("conditional", ("a",), ("half",))


def test_an_answer_that_one_assumption_gives_alone_is_assumed() -> None:
    settled = {(Kind.STEP, "half"): Entailed(("a",))}
    established = WORRIES.replace("claim half : p", "claim half : p by a")

    def status(answer: Entailed) -> tuple[str, bool]:
        found = judged(established % "", {**settled, ANSWERED: answer})[1].worries["w"]
        return found.status, found.by_definition

    assert status(Entailed(("a",), ("a",))) == ("assumed", False)
    assert status(Entailed(("ax",), ("ax",))) == ("assumed", False)
    assert status(Entailed(("half",), ("half",))) == ("dispelled", False)
    assert status(Entailed(("half",), ("half", "a"))) == ("assumed", False)
    assert status(Entailed(("a", "half"))) == ("dispelled", False)
    assert status(Entailed(("a", "half"), perhaps_alone=("half",))) == ("dispelled", False)
    assert status(Entailed(("a", "half"), perhaps_alone=("half", "a"))) == ("assumed", False)
    assert status(Entailed((), ("a", "half", "ax"), by_definition=True)) == ("dispelled", True)


def test_what_is_shown_to_occur_is_refuted_and_cannot_be_accepted() -> None:
    for accept in ("", 'accept w "So be it."'):
        found = worry({REFUTED: Entailed(("a", "ax"))}, accept)
        assert (found.status, found.without_acceptance, found.used) == ("refuted", "refuted", ("a", "ax"))
        assert (found.reason, found.countermodel) == ("the assumptions alone show that it occurs", None)


def test_an_answer_that_holds_comes_before_a_refutation() -> None:
    answers = {ANSWERED: Entailed(("a", "half")), REFUTED: Entailed(("a",))}
    assert worry(answers).status == "conditional"


def test_what_was_not_decided() -> None:
    found = worry({ANSWERED: LOST})
    assert (found.status, found.reason, found.used, found.countermodel) == ("undetermined", why(LOST), (), None)
    assert worry({ANSWERED: LOST, REFUTED: LOST}).status == "undetermined"
    assert worry({REFUTED: LOST}).status == "open"


def test_an_informal_worry() -> None:
    _, found = judged(WORRIES % "", {})
    verdict = found.worries["dim"]
    assert (verdict.status, verdict.reason) == ("informal", "no formula says when it does not occur")
    assert (verdict.used, verdict.countermodel, verdict.by_definition) == ((), None, False)
    _, found = judged(WORRIES % 'accept dim "So be it."', {})
    assert (found.worries["dim"].status, found.worries["dim"].without_acceptance) == ("accepted", "informal")


@pytest.mark.parametrize(("answer", "without"), [(Refuted(NOTHING), "open"), (LOST, "undetermined")])
def test_what_is_open_or_undetermined_can_be_accepted(answer: Answer, without: str) -> None:
    accept = 'accept w "So be it." until 2026-11-24'
    found = worry({ANSWERED: answer}, accept)
    assert (found.status, found.without_acceptance) == ("accepted", without)
    assert worry({ANSWERED: answer}, accept, date(2026, 11, 25)).status == without
    unacceptable = WORRIES.replace("unless p", "unless p unacceptable") % accept
    assert judged(unacceptable, {ANSWERED: answer})[1].worries["w"].status == without


def test_what_is_settled_is_not_accepted() -> None:
    accept = 'accept w "So be it."'
    assert worry({ANSWERED: Entailed(("a", "half"))}, accept).status == "conditional"


ACCEPTED = """
case c {
  predicate p
  assume a : p
  claim informal by a
  claim undeveloped : p
  claim undetermined : p by a
  claim invalid : p by a
  claim valid : p by a
  worry w unless p
  goal g : p by a barring w
  %s
}
"""
NAMES = ("informal", "undeveloped", "undetermined", "invalid", "valid", "w")


def test_only_what_is_not_decided_or_not_formal_can_be_accepted_of_claims() -> None:
    answers: dict[tuple[Kind, str], Answer] = {
        (Kind.STEP, "undetermined"): LOST,
        (Kind.STEP, "valid"): Entailed(("a",)),
        (Kind.STEP, "g"): Entailed(("a",)),
        ANSWERED: Entailed(("a",)),
    }
    accepts = "".join(f'  accept {name} "So be it."\n' for name in NAMES)
    _, found = judged(ACCEPTED % accepts, answers)
    assert set(found.standing) == {"informal", "undeveloped", "undetermined"}
    assert all(found.standing[name].target == name for name in found.standing)
    _, late = judged(ACCEPTED % accepts.replace('"\n', '" until 2026-11-23\n'), answers)
    assert not late.standing


def test_what_is_accepted_is_a_premise_of_what_has_to_hold_together() -> None:
    case = case_in(ACCEPTED % 'accept undeveloped "So be it."\n  accept w "Live."\n  possible can : p')
    asked: list[Obligation] = []

    decide = decider({}, asked.append)
    obligations = Obligations(case)
    steps = judge_steps(case, obligations, decide, lambda _key, _name: Step("valid"))
    judge(case, obligations, Argument(case), steps, decide, TODAY)
    given = {o.kind: [p.name for p in o.question.premises] for o in asked}
    assert given[Kind.CONSISTENCY] == given[Kind.POSSIBLE] == ["a", "undeveloped", "w"]
    assert given[Kind.REFUTATION] == ["a"]


def test_what_a_goal_rests_on_is_passed_up_until_it_is_settled() -> None:
    text = WORRIES.replace("by a barring w, dim", "by half barring w")
    case, found = judged(text % "", {(Kind.STEP, "g"): Entailed(("half",))})
    assert found.rests_on["g"] == ("half", "w")
    assert (found.statuses["g"], found.verdict) == ("conditional", "conditional")
    assert not passes(case, found)
    case, found = judged(text % "", {(Kind.STEP, "g"): Entailed(("half",)), ANSWERED: Entailed(("a",))})
    assert found.rests_on["g"] == ("half",)
    accepted = 'accept half "So be it."\n  accept dim "So be it."'
    case, found = judged(text % accepted, {(Kind.STEP, "g"): Entailed(("half",)), ANSWERED: Entailed(("a",))})
    assert (found.worries["w"].status, found.verdict) == ("conditional", "conditional")
    assert passes(case, found)
    case, found = judged(text % accepted, {(Kind.STEP, "g"): Entailed(("half",))})
    assert not passes(case, found), "the worry is open"


WHOLE = """
case c {
  predicate p
  assume a : p
  worry w unless p
  possible can : p
  possible too : p
  goal g : p by a
  goal h : p by a
}
"""
SHOWN: dict[tuple[Kind, str], Answer] = {
    (Kind.STEP, "g"): Entailed(("a",)),
    (Kind.STEP, "h"): Entailed(("a",)),
    ANSWERED: Entailed(("a",)),
}


def test_an_argument_in_order_passes() -> None:
    case, found = judged(WHOLE, SHOWN)
    assert (found.verdict, found.reason, found.conflict, found.model) == ("established", None, (), NOTHING)
    assert passes(case, found)


@pytest.mark.parametrize(
    ("answer", "status"),
    [(Entailed(("a",)), "dispelled"), (Entailed(("a",), ("a",)), "assumed"), (Entailed((), (), True), "dispelled")],
)
def test_a_worry_that_is_answered_is_settled(answer: Answer, status: str) -> None:
    case, found = judged(WHOLE.replace("goal h : p by a", "goal h : p by a barring w"), {**SHOWN, ANSWERED: answer})
    assert found.worries["w"].status == status
    assert (found.rests_on["h"], found.statuses["h"], found.verdict) == ((), "established", "established")
    assert passes(case, found)


@pytest.mark.parametrize("status", [Entailed(("a",)), LOST])
@pytest.mark.parametrize("name", ["can", "too"])
def test_every_possibility_has_to_be_there(status: Answer, name: str) -> None:
    case, found = judged(WHOLE, {**SHOWN, (Kind.POSSIBLE, name): status})
    verdict = found.possibles[name]
    if status is LOST:
        assert (verdict.status, verdict.reason, verdict.conflict) == ("undetermined", why(LOST), ())
    else:
        assert (verdict.status, verdict.reason, verdict.conflict) == ("unsatisfiable", None, ("a",))
    (other,) = {"can", "too"} - {name}
    assert found.possibles[other] == PossibleVerdict("satisfiable", None, ())
    assert found.verdict == "established"
    assert not passes(case, found)


@pytest.mark.parametrize("name", ["g", "h"])
def test_every_goal_has_to_be_shown(name: str) -> None:
    for answer in (LOST, Refuted(NOTHING)):
        case, found = judged(WHOLE, {**SHOWN, (Kind.STEP, name): answer})
        assert found.verdict == "unproved"
        assert not passes(case, found)


def test_every_worry_has_to_be_answered() -> None:
    for answer in (LOST, Refuted(NOTHING)):
        case, found = judged(WHOLE, {**SHOWN, ANSWERED: answer})
        assert found.verdict == "established"
        assert not passes(case, found)


def test_from_what_contradicts_itself_nothing_counts() -> None:
    case, found = judged(WHOLE, {**SHOWN, (Kind.CONSISTENCY, "c"): Entailed(("a",))})
    assert (found.verdict, found.conflict, found.model) == ("inconsistent", ("a",), None)
    assert found.reason == "the premises contradict each other, so anything would follow from them"
    assert found.statuses == {"g": "unproved", "h": "unproved"}
    verdict = found.worries["w"]
    assert (verdict.status, verdict.without_acceptance, verdict.countermodel) == ("undetermined", "undetermined", None)
    assert not passes(case, found)
    _, found = judged(WHOLE, {(Kind.CONSISTENCY, "c"): Entailed(("a",))})
    verdict = found.worries["w"]
    assert (verdict.status, verdict.without_acceptance, verdict.countermodel) == ("undetermined", "undetermined", None)


def test_premises_of_which_nobody_knows_whether_they_hold_together() -> None:
    case, found = judged(WHOLE, {**SHOWN, (Kind.CONSISTENCY, "c"): LOST})
    assert (found.verdict, found.model) == ("undetermined", None)
    reason = f"whether the premises can hold together was not decided: {why(LOST)}"
    assert found.reason == reason
    assert found.statuses == {"g": "unproved", "h": "unproved"}
    assert not passes(case, found)
    verdict = found.worries["w"]
    assert (verdict.status, verdict.without_acceptance, verdict.reason) == ("undetermined", "undetermined", reason)


def test_where_that_is_not_known_what_follows_is_not_shown_and_what_does_not_follow_stays() -> None:
    lost: Answers = {(Kind.CONSISTENCY, "c"): LOST}
    answers: dict[str, dict[tuple[Kind, str], Answer]] = {
        "dispelled": {ANSWERED: Entailed(("a", "half")), (Kind.STEP, "half"): Entailed(("a",))},
        "assumed": {ANSWERED: Entailed(("a",), ("a",)), (Kind.STEP, "half"): Entailed(("a",))},
        "conditional": {ANSWERED: Entailed(("a",))},
        "refuted": {REFUTED: Entailed(("a",))},
    }
    text = WORRIES.replace("claim half : p", "claim half : p by a")
    for status, found in answers.items():
        assert judged(text % "", found)[1].worries["w"].status == status
        doubted = judged(text % "", {**found, **lost})[1].worries["w"]
        assert (doubted.status, doubted.without_acceptance) == ("undetermined", "undetermined")
    for accept, status in (("", "open"), ('accept w "So be it."', "accepted")):
        left = judged(WORRIES % accept, lost)[1].worries["w"]
        assert (left.status, left.without_acceptance, left.reason) == (status, "open", None)
        assert left.countermodel is not None


THEORY = """
theory t {
  predicate p
  worry w unless p
  claim one : p barring w
  claim two : p by one
}
"""


def test_a_theory_passes_if_its_steps_are_valid() -> None:
    shown: dict[tuple[Kind, str], Answer] = {
        (Kind.STEP, "one"): Entailed(("w",)),
        (Kind.STEP, "two"): Entailed(("one",)),
    }
    case, found = judged(THEORY, shown)
    verdict = found.worries["w"]
    assert (verdict.status, verdict.without_acceptance, verdict.reason) == ("hypothesis", "hypothesis", None)
    assert (verdict.tried, verdict.used, verdict.by_definition, verdict.rests_on) == ((), (), False, ())
    assert (found.verdict, found.rests_on["two"]) == ("conditional", ("w",))
    assert passes(case, found)
    for name in ("one", "two"):
        case, found = judged(THEORY, {**shown, (Kind.STEP, name): LOST})
        assert found.verdict == "unproved"
        assert not passes(case, found)
    case, found = judged(THEORY, {**shown, (Kind.CONSISTENCY, "t"): Entailed(())})
    assert found.worries["w"].status == "hypothesis"
    assert not passes(case, found)


def test_of_a_theorys_worries_nothing_is_asked() -> None:
    case = case_in(THEORY)
    asked: list[Obligation] = []
    decide, obligations = decider({}, asked.append), Obligations(case)
    steps = judge_steps(case, obligations, decide, lambda _key, _name: Step("valid"))
    judge(case, obligations, Argument(case), steps, decide, TODAY)
    assert {obligation.kind for obligation in asked} == {Kind.STEP, Kind.CONSISTENCY}


def test_the_step_of_a_copied_claim_is_that_of_its_theory_with_the_names_of_the_copy() -> None:
    text = THEORY + "case c {\n  use t as x\n  assume a : x.p\n  goal g : x.p by x.two\n}\n"
    _, found = judged(text, {(Kind.STEP, "g"): Entailed(("x.two",))})
    step = found.steps["x.one"]
    assert (step.verdict, step.used, step.alone) == ("valid", ("x.w",), ())
    assert set(found.steps) == {"x.one", "x.two", "g"}


def test_the_countermodel_of_a_copied_claim_is_told_with_the_names_of_the_copies() -> None:
    case = case_in(THEORY + "case c {\n  use t as x\n  assume a : x.p\n  goal g : x.p by a\n}\n")
    obligations = Obligations(case)
    model = Countermodel(obligations.step(case.goals[0]).question, NOTHING, case.wordings, "i.")
    wrong = Step("invalid", "a reason", ("w",), ("w",), model)
    asked: list[tuple[TheoryKey, str]] = []

    def theory_step(key: TheoryKey, name: str) -> Step:
        asked.append((key, name))
        return wrong

    step = judge_steps(case, obligations, decider({}), theory_step)["x.one"]
    assert asked == [(case.uses[0].theory, "one"), (case.uses[0].theory, "two")]
    assert step == Step("invalid", "a reason", ("x.w",), (), replace(model, prefix="x.i."))


def test_a_worry_that_an_assumption_answers_by_itself_rests_on_what_that_rests_on() -> None:
    """Without a written answer, the premises that were found to answer it count as cited."""
    text = """
case c {
  predicate p
  predicate q
  axiom ax : p
  assume a : p
  assume b : q
  worry v unless q against a
  worry w unless p
  goal g : p barring w
}
"""
    _, found = judged(text, {ANSWERED: Entailed(("a", "ax"), ("a",)), (Kind.STEP, "g"): Entailed(("w",))})
    assert (found.worries["w"].tried, found.worries["w"].rests_on) == (("a", "b"), ("v",))
    assert found.rests_on["g"] == ("v",)
    assert found.below("g") == {"w", "a", "v"}


def test_what_counts_over_a_role_is_left_to_each_use() -> None:
    text = """
theory t {
  sort Role
  predicate p(x: Role)
  worry w unless count x: Role. p(x) = 1
  claim c : 1 = count x: Role. p(x) barring w
}
"""
    case, found = judged(text, {})
    assert case.claims[0].in_each_use
    assert (found.steps["c"].verdict, found.steps["c"].reason) == (
        "undetermined",
        "it counts over a sort that only a use can list; checked there",
    )
    assert found.verdict == "established"
    assert passes(case, found)
