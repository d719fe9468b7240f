"""What is known already is not decided again, and nothing that is reported depends on it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import checker
from checker import batches
from checker.answering import INTERRUPTED, Allowance, InProcess
from checker.canonical import Shapes
from checker.discharge import answer
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Undetermined
from checker.logic import apply
from checker.model import Interpreter, NotDecided
from checker.remembered import Remembered, restored
from checker.report import Report
from checker.smtlib import vocabulary
from tests.questions import ask, c, p, questions

TODAY = date(2026, 11, 24)
CASE = """case c {
  sort Step
  predicate bad(s: Step)
  predicate seen(s: Step)
  predicate stopped(s: Step)
  assume watched : forall s: Step. bad(s) implies seen(s) owner "x"
  assume acted : forall s: Step. seen(s) implies stopped(s) owner "y"
  assume rare : exists s: Step. not bad(s) owner "z"
  claim stops : forall s: Step. bad(s) implies stopped(s) by watched, acted
  claim some : exists s: Step. bad(s) implies seen(s) by rare
  worry missed "Something bad goes through." unless forall s: Step. bad(s) implies stopped(s)
  goal g : forall s: Step. not stopped(s) implies not bad(s) by stops, some
}
"""


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the questions that are really decided."""
    names: list[str] = []
    real = batches.answer

    def noting(question: Question, limits: Limits, seconds: float) -> Answer:
        names.append(question.name)
        return real(question, limits, seconds)

    monkeypatch.setattr(batches, "answer", noting)
    return names


def check(text: str, cache: Path | None = None) -> Report:
    report = checker.check_text(text, today=TODAY, cache=cache)
    assert not report.findings, report.findings
    return report


def test_nothing_is_decided_twice(tmp_path: Path, decided: list[str]) -> None:
    cache = tmp_path / "answers"
    usual = check(CASE).to_json()
    without = list(decided)
    decided.clear()
    assert check(CASE, cache).to_json() == usual
    assert decided == without
    decided.clear()
    assert check(CASE, cache).to_json() == usual
    assert decided == []


def renamed(text: str) -> str:
    for name in ("Step", "bad", "seen", "stopped", "watched", "acted", "rare", "stops", "some", "missed"):
        text = re.sub(rf"\b{name}\b", name[0] + "z" + name[1:][::-1], text)
    return text


def reordered(text: str) -> str:
    head, *rest = text.splitlines()
    declared, stated, tail = rest[:4], rest[4:-1], rest[-1]
    return "\n".join([head, *declared[::-1][-1:], *declared[1:][::-1], *stated[::-1], tail]) + "\n"


@pytest.mark.parametrize("change", [renamed, reordered, lambda text: reordered(renamed(text))])
def test_names_and_order_re_decide_nothing(tmp_path: Path, decided: list[str], change: Callable[[str], str]) -> None:
    cache = tmp_path / "answers"
    check(CASE, cache)
    decided.clear()
    changed = change(CASE)
    assert changed != CASE
    found = check(changed, cache).to_json()
    assert decided == []
    assert found == check(changed).to_json()


def test_a_change_re_decides_what_it_touches(tmp_path: Path, decided: list[str]) -> None:
    cache = tmp_path / "answers"
    check(CASE, cache)
    decided.clear()
    changed = CASE.replace(
        "claim some : exists s: Step. bad(s) implies seen(s)", "claim some : exists s: Step. not bad(s)"
    )
    found = check(changed, cache).to_json()
    assert 0 < len(decided) < 8
    assert not [name for name in decided if "stops" in name or "missed" in name]
    decided.clear()
    assert found == check(changed).to_json()


def test_equal_questions_of_one_run_are_decided_once(decided: list[str]) -> None:
    text = """theory t { predicate p predicate q axiom always : p implies q }
    case c { use t as a use t as b assume x : a.p owner "y" assume z : b.p owner "y" goal g : a.q by x goal h : b.q by z
    }"""
    assert {claim.step for claim in check(text).cases[1].claims.values()} == {"valid"}
    assert [name for name in decided if name.startswith("step")] == ["step g"]


QUESTION = ask([apply(p, apply(c))], apply(p, apply(c)))


def remembered() -> Remembered:
    limits = Limits()
    return Remembered(InProcess(Allowance(limits, time.monotonic() + 60)), limits)


def answers(asker: Remembered, *questions: Question) -> list[Answer]:
    asker.post(1, questions)
    while not (replies := asker.replies(1)):
        pass
    ((key, found),) = replies
    assert key == 1
    return found


def test_what_may_come_out_otherwise_is_asked_again(decided: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asker = remembered()
    monkeypatch.setattr(batches, "answer", lambda *_: Undetermined(Reason.TIMEOUT))
    assert answers(asker, QUESTION) == [Undetermined(Reason.TIMEOUT)]
    assert not asker.lasting
    monkeypatch.undo()
    assert answers(asker, QUESTION) == [Entailed(("a0",))]
    assert (asker.posted, asker.answered) == (2, 2)


def test_equal_questions_wait_for_one_answer(decided: list[str]) -> None:
    found = answers(remembered(), QUESTION, replace(QUESTION, name="the same"), QUESTION)
    assert found == [Entailed(("a0",))] * 3
    assert decided == [QUESTION.name]


def test_a_group_without_questions_is_replied_to() -> None:
    assert answers(remembered()) == []


def test_after_an_interruption_nothing_is_answered_any_more() -> None:
    asker = remembered()
    assert answers(asker, QUESTION) == [Entailed(("a0",))]
    asker.interrupt()
    assert answers(asker, QUESTION) == [INTERRUPTED]


@given(questions())
def test_an_answer_is_in_the_order_of_the_question(question: Question) -> None:
    """What it lists stands as in the question, and it is the same answer."""
    question = replace(question, want_core=True, want_alone=True)
    arranged = Shapes().arranged(question)
    given_back = restored(answer(arranged, Limits(budget=200_000)), question)
    names = [premise.name for premise in question.premises]
    match given_back:
        case Entailed(used, alone, _, perhaps):
            for listed in (used, alone, perhaps):
                assert list(listed) == [name for name in names if name in listed]
        case Refuted(structure):
            known = vocabulary(question)
            assert [sort for sort, _ in structure.sizes] == list(known.uninterpreted)
            assert [found.symbol for found in structure.interpretations] == list(known.symbols)
            interpreter = Interpreter(structure, {meaning.symbol: meaning for meaning in question.meanings})
            with suppress(NotDecided):
                assert not interpreter.holds(question.conclusion, {})
