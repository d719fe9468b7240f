"""On 100 random small cases, the checker says what an evaluation of all structures says; and cvc5, on 25 of them.

``python -m tests.oracle`` does the same for as many as one has time for.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.cvc5_solver import Cvc5
from tests.oracle.tape import Choices
from tests.oracle.trial import disagreement, try_seed

CHUNK = 25
ASKED = 25
"""About the first so many of the cases cvc5 is asked, too."""


@pytest.mark.parametrize("first", range(ASKED, 100, CHUNK))
def test_the_checker_agrees_with_looking_at_every_structure(first: int) -> None:
    for seed in range(first, first + CHUNK):
        found = try_seed(seed, tries=300)
        assert found is None, f"seed {seed}:\n{found}"


@pytest.fixture(scope="module")
def cvc5() -> Iterator[Cvc5]:
    with Cvc5() as solver:
        yield solver


@pytest.mark.parametrize("first", range(0, ASKED, CHUNK))
def test_it_agrees_with_cvc5_as_well(first: int, cvc5: Cvc5) -> None:
    for seed in range(first, first + CHUNK):
        found = try_seed(seed, tries=300, second=cvc5)
        assert found is None, f"seed {seed}:\n{found}"


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_it_agrees_on_choices_that_hypothesis_makes(random: Random) -> None:
    """The same, steered and shrunk by Hypothesis, which tries out other corners than plain chance."""
    found = disagreement(Choices(random=random))
    assert found is None, f"{found}"
