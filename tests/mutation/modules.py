"""Which modules are mutated, and which tests are to notice."""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, tuple[str, ...]] = {
    "judge": ("tests/test_judge.py",),
    "honesty": ("tests/test_honesty_rules.py", "tests/test_judge.py"),
    "graph": ("tests/test_graph.py", "tests/test_judge.py"),
    "evidence": ("tests/test_evidence.py",),
    "antecedents": ("tests/test_antecedents.py",),
    "obligations": ("tests/test_obligations.py", "tests/test_judge.py"),
    # What is made of the replies of solvers.
    "discharge": ("tests/test_discharge_replies.py",),
    "shrink": ("tests/test_shrink.py",),
    "cross_check": ("tests/test_second_opinion.py",),
    "second_opinion": ("tests/test_second_opinion.py",),
}
"""These tests answer every question themselves, so no solver takes part, and each takes moments."""
