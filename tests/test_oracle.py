"""On 1,000 random small cases, the checker says what an evaluation of all structures says.

``python -m tests.oracle`` does the same for as many as one has time for.
"""

from __future__ import annotations

import pytest

from tests.oracle.trial import try_seed

CHUNK = 50


@pytest.mark.parametrize("first", range(0, 1_000, CHUNK))
def test_the_checker_agrees_with_looking_at_every_structure(first: int) -> None:
    for seed in range(first, first + CHUNK):
        found = try_seed(seed, tries=300)
        assert found is None, f"seed {seed}:\n{found}"
