"""Which modules are mutated, and which tests are to notice."""

from __future__ import annotations

from collections.abc import Mapping


def _without(file: str, *names: str) -> tuple[str, ...]:
    """The tests of a file but for these."""
    return (file, *(f"--deselect={file}::{name}" for name in names))


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
    # What formulas mean in a countermodel.
    "model": _without(
        "tests/test_model.py",
        # Each call takes more frames where the code can be switched, so that formulas as deep as these are too deep.
        "test_formulas_are_evaluated_to_the_depth_at_which_they_are_written",
        # These take seconds.
        "test_what_has_too_many_instances_is_given_up_soon",
        "test_connectives_obey_their_laws",
        "test_quantifiers_obey_their_laws",
        "test_sums_and_counts_obey_their_laws",
        "test_a_defined_symbol_means_its_body",
        "test_a_structure_has_no_defect",
    ),
}
"""These tests answer every question themselves, so no solver takes part, and each takes moments."""
