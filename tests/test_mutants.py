"""Mutants of valid cases turn verdicts, or what is left of a proof is confirmed by another solver.

``python -m tests.mutants`` looks at all mutants of any example.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checker.cvc5_solver import Cvc5
from tests.faults.cases import PASSING
from tests.mutants import ROOT, Lab, flipped, moved
from tests.trees import read, variants

BOUNDS = """
case bounds {
  sort Run
  function harm(r: Run): Real
  function noise(r: Run): Int
  predicate released(r: Run)
  assume small : forall r: Run. released(r) implies harm(r) <= 30 owner "x"
  assume quiet : forall r: Run. 0 <= noise(r) < 20 owner "x"
  assume same : forall r: Run. released(r) implies harm(r) <= 25 owner "x"
  claim tolerable : forall r: Run. released(r) implies harm(r) + noise(r) < 50 by small, quiet
  goal g : forall r: Run. released(r) implies harm(r) + noise(r) <= 60 by tolerable, same, quiet
}
"""


@pytest.fixture(scope="module")
def second() -> Iterator[Cvc5]:
    with Cvc5() as solver:
        yield solver


def _gate() -> str:
    return (ROOT / "examples" / "gate_review.case").read_text("utf-8")


@pytest.mark.parametrize("text", [_gate(), BOUNDS, *PASSING.values()], ids=["gate", "bounds", *PASSING])
def test_a_step_does_without_a_citation_just_if_other_premises_suffice(text: str, second: Cvc5) -> None:
    looked = Lab(text, second).look_at_citations()
    assert not looked.wrong, "\n".join(looked.wrong)
    assert looked.mutants >= 3
    assert looked.turned


@pytest.mark.parametrize(
    ("text", "step"), [(_gate(), 5), (BOUNDS, 1), (PASSING["a case that passes"], 2)], ids=["gate", "bounds", "small"]
)
def test_what_is_shown_with_a_sign_flipped_or_a_bound_moved_follows_all_the_same(
    text: str, step: int, second: Cvc5
) -> None:
    looked = Lab(text, second).look_at_formulas(step)
    assert not looked.wrong, "\n".join(looked.wrong)
    assert looked.mutants >= 4
    assert looked.turned > looked.mutants / 2


def test_a_bound_that_is_used_and_weakened_turns_the_verdict(second: Cvc5) -> None:
    lab = Lab(BOUNDS, second)
    assert {name: claim.step for name, claim in lab.usual.cases[0].claims.items()} == {
        "tolerable": "valid",
        "g": "valid",
    }
    for used, weaker in (("harm(r) <= 30", "harm(r) <= 31"), ("noise(r) < 20", "noise(r) <= 20")):
        report, _ = lab.decide(read(BOUNDS.replace(used, weaker)))
        assert report.cases[0].claims["tolerable"].step == "invalid"


def test_every_kind_of_mutant_is_made() -> None:
    formula = read("case c { goal g : forall n: Int. not p(n) and 1 < n <= 3 implies q(n) }").modules[0].body[0]
    expr = getattr(formula, "formula")  # noqa: B009 - a goal has one
    assert len(list(variants(expr, flipped))) == 4
    assert len(list(variants(expr, moved))) == 4
