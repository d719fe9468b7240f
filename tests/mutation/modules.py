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
    # What stands between them and a solver.
    "smtlib": _without(
        "tests/test_smtlib.py",
        # These take seconds.
        "test_what_a_formula_means_in_a_structure_is_what_our_evaluator_says",
        "test_two_solvers_decide_alike",
        "test_a_bound_never_adds_countermodels",
        "test_what_is_too_large_to_spell_out_stays_a_quantifier",
    ),
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
    # One test is left out that starts a process and waits for it.
    "z3_solver": _without("tests/test_z3_solver.py", "test_control_c_is_honoured_soon"),
}
"""Each test takes moments. Those of the translation and of Z3 ask solvers; no other does."""
