"""What a formula is about, by its form: named shapes, and random ones against the oracle's own reading."""

from __future__ import annotations

import pytest

import checker
from tests.oracle.generate import random_goal
from tests.oracle.judgement import TODAY, case_module, judge_case
from tests.oracle.printing import case_text
from tests.oracle.tape import from_seed
from tests.oracle.vacuity import vacuous

CASE = """
case c {{
  sort S
  predicate p
  predicate q(x: S)
  predicate r
  define unlikely := not r
  define unheard(x: S) := not not not q(x)
  assume nothing : not p and (forall x: S. not q(x)) and r owner "somebody"
  assume stated : {goal} owner "somebody"
  goal g : {goal} by all
}}
"""


def says_vacuous(text: str, goal: str) -> bool:
    report = checker.check_text(text, today=TODAY)
    assert not report.findings
    return any(found.code == "vacuous" and found.about == goal for found in report.cases[0].findings)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("p implies r", True),
        ("not p or r", True),
        ("r or not p", True),
        ("r implies (p implies r)", True),
        ("p implies false", False),
        ("(p implies false) or r", True),
        ("((p and r) implies false) or r", True),
        ("(r implies false) or not p", False),
        ("not not p or r", False),
        ("p or r", False),
        ("r and (not r or r)", False),
        ("(exists x: S. q(x)) implies r", True),
        ("(forall x: S. not q(x)) or r", True),
        ("(forall x: S. not not not q(x)) or r", True),
        ("(forall x: S. unheard(x)) or r", True),
        ("(forall x: S. not not q(x)) or r", False),
        ("(forall x: S. not unheard(x)) or r", False),
        ("unlikely or r", False),
        ("(forall x: S. not unlikely) or r", False),
    ],
)
def test_shapes(goal: str, expected: bool) -> None:
    assert says_vacuous(CASE.format(goal=goal), "g") is expected


@pytest.mark.parametrize("first", range(0, 40, 20))
def test_random_goals(first: int) -> None:
    for seed in range(first, first + 20):
        file = random_goal(from_seed(seed))
        module, opinion = case_module(file), judge_case(file)
        (goal,) = file.case.claims
        assert goal.formula is not None
        expected = opinion.verdict != "inconsistent" and vacuous(module, goal.formula, opinion.premises)
        text = case_text(file)
        assert says_vacuous(text, goal.name) is expected, f"seed {seed}:\n{text}"
