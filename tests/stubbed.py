"""Cases whose every question is answered by the test itself, so that it is the rules alone that are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from checker.case import Case
from checker.entailment import Answer, Refuted
from checker.graph import Argument
from checker.judge import Decide, Judgement, Step, judge, judge_steps
from checker.load import Loader
from checker.model import Structure
from checker.obligations import Kind, Obligation, Obligations
from checker.resolve.modules import Resolver

TODAY = date(2026, 11, 24)
NOTHING = Structure((), ())

Answers = Mapping[tuple[Kind, str], Answer]
"""By what is asked, and about what; what is not listed is refuted."""


def case_in(text: str) -> Case:
    """The last module of a text that must be free of mistakes."""
    loader = Loader()
    unit = loader.load_text(text, "spec.case", Path("tests"))
    assert not unit.broken, unit.findings
    resolved = Resolver(loader).module(unit, unit.file.modules[-1])
    assert resolved.case is not None, resolved.findings
    return resolved.case


def decider(answers: Answers, asked: Callable[[Obligation], None] = lambda _: None) -> Decide:
    """Decides as the test says, and tells ``asked`` what it was asked."""

    def decide(obligations: Sequence[Obligation]) -> list[Answer]:
        for obligation in obligations:
            asked(obligation)
        return [answers.get((o.kind, o.about), Refuted(NOTHING)) for o in obligations]

    return decide


def judgement_of(case: Case, answers: Answers, today: date = TODAY) -> Judgement:
    """The verdicts on a case. Each step of a theory's claim is valid, by its worry ``w``."""
    obligations, decide = Obligations(case), decider(answers)
    steps = judge_steps(case, obligations, decide, lambda _key, _name: Step("valid", used=("w",), alone=("w",)))
    return judge(case, obligations, Argument(case), steps, decide, today)


def judged(text: str, answers: Answers, today: date = TODAY) -> tuple[Case, Judgement]:
    """The last module of a text, and the verdicts on it."""
    case = case_in(text)
    return case, judgement_of(case, answers, today)
