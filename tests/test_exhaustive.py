"""The solver that stands in for a real one in tests reads scripts as they are meant."""

from __future__ import annotations

from hypothesis import given, settings

from checker import smtlib
from checker.entailment import Question
from checker.model import Structure, evaluate
from tests.exhaustive import true_in
from tests.questions import KNOWN, S, T, questions, structures


@settings(max_examples=50)
@given(questions(), structures())
def test_a_script_is_true_where_the_premises_are_and_the_conclusion_is_not(
    question: Question, structure: Structure
) -> None:
    truths = [evaluate(premise.formula, structure, KNOWN, {}) for premise in question.premises]
    fails = evaluate(question.conclusion, structure, KNOWN, {}) is False
    sizes = dict(structure.sizes)
    for script, within in (
        (smtlib.unbounded(question), structure),
        (smtlib.bounded(question, {S: 3, T: 2}), structure),
        (smtlib.bounded(question, sizes, exactly=True), structure),
        (smtlib.fixed(question, structure), None),
    ):
        assert true_in(within, script, script.guards) is (fails and all(truths))
        some = [guard for guard, truth in zip(script.guards, truths, strict=True) if truth]
        assert true_in(within, script, some) is fails
    if S in smtlib.vocabulary(question).uninterpreted:
        fewer = smtlib.bounded(question, {S: sizes[S] - 1, T: sizes[T]}) if sizes[S] > 1 else None
        more = smtlib.bounded(question, {S: sizes[S] + 1, T: sizes[T]}, exactly=True)
        assert not any(true_in(structure, script, ()) for script in (fewer, more) if script is not None)
