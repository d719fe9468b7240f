"""Every known worry of the library can be open, and can be dispelled: none is out of reach, and none is decoration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checker.case import Case, Worry
from checker.load import Loader, library_names
from checker.logic import And, Term
from checker.resolve.modules import Resolver
from checker.spelling import spell
from tests.reports import check_text

LIBRARY = sorted(library_names())
ALIAS = "lib"


@cache
def used(theory: str) -> Case:
    """A case that uses the theory and says nothing."""
    loader = Loader()
    unit = loader.load_text(case_text(theory), "c.case", Path())
    (module,) = unit.file.modules
    case = Resolver(loader).module(unit, module).case
    assert case is not None
    return case


def case_text(theory: str, parts: Mapping[str, Sequence[Term]] | None = None) -> str:
    """A case that uses the theory and answers each of the worries given by these assumptions, one for each part."""
    lines = [f"case c {{ use {theory} as {ALIAS}"]
    for worry, formulas in (parts or {}).items():
        names = [f"{worry.replace('.', '_')}_{index}" for index in range(len(formulas))]
        lines += [f'assume {n} : {spell(f)} owner "x"' for n, f in zip(names, formulas, strict=True)]
        lines.append(f"answer {worry} by {', '.join(names)}")
    return "\n  ".join([*lines, "goal nothing_in_particular", "}"])


def statuses(text: str) -> dict[str, str]:
    (case,) = check_text(text, today=date(2026, 11, 24)).cases
    return {name: worry.status for name, worry in case.worries.items()}


def own_worries(theory: str) -> tuple[Worry, ...]:
    """The worries of the theory itself, and not of those that it uses."""
    return tuple(worry for worry in used(theory).worries if worry.name.count(".") == 1)


def in_parts(worry: Worry) -> Iterator[tuple[Term, ...]]:
    """Its mitigations that say several things, each taken apart."""
    for mitigation in worry.mitigations:
        if isinstance(mitigation.formula, And):
            yield mitigation.formula.args


@pytest.mark.parametrize("theory", LIBRARY)
def test_every_worry_is_open_where_nothing_answers_it(theory: str) -> None:
    found = statuses(case_text(theory))
    assert {found[worry.name] for worry in own_worries(theory)} <= {"open"}


@pytest.mark.parametrize("theory", LIBRARY)
def test_every_worry_is_dispelled_by_the_parts_of_some_mitigation(theory: str) -> None:
    """``dispelled`` takes premises that do it together: not a single one that says that the worry does not occur."""
    attempts = {worry.name: list(in_parts(worry)) for worry in own_worries(theory)}
    assert all(attempts.values()), f"no mitigation in parts: {[name for name, found in attempts.items() if not found]}"
    # Most mitigations can hold together; those that cannot are tried by themselves.
    together = statuses(case_text(theory, {name: parts[0] for name, parts in attempts.items()}))
    for name, parts in attempts.items():
        if together[name] != "dispelled":
            assert "dispelled" in {statuses(case_text(theory, {name: one}))[name] for one in parts}, name


@pytest.mark.parametrize("theory", LIBRARY)
def test_every_worry_of_a_theory_is_needed_by_a_claim_of_it(theory: str) -> None:
    case = used(theory)
    barred = {worry for claim in case.claims if claim.name.startswith(f"{ALIAS}.") for worry in claim.barring}
    assert {worry.name for worry in own_worries(theory)} <= barred


HOMES = {
    "bootstrapping": "process_supervision.bootstrapping",
    "emergence": "process_supervision.emergence",
    "obfuscated arguments": "scalable_oversight.obfuscated_arguments",
    "obfuscated arguments, in debate": "debate.obfuscated",
    "systematic human error": "scalable_oversight.systematic_errors",
    "systematic human error, as a number": "debate.human_error",
    "under-elicitation": "elicitation.weak_methods",
    "sandbagging": "elicitation.sandbagging",
    "exploration hacking": "training.exploration_hacking",
    "honeypots that are not there": "honeypots.no_honeypot",
    "honeypots that nobody finds, and rare failures": "honeypots.out_of_reach",
    "evaluation awareness": "honeypots.recognised",
    "fake honeypots": "honeypots.fake_honeypot",
    "inconclusive evidence": "honeypots.inconclusive_as_pass",
    "reward hacking and Goodhart's law": "optimisation_pressure.unstated_slope",
    "collusion": "monitoring.collusion",
    "sabotage of research": "research_environment.sabotage",
    "distribution shift": "training.distribution_shift",
    "concentrated errors": "training.concentrated_errors",
    "gradient hacking and alignment faking": "training.alignment_faking",
    "correlated evidence": "correlated_evidence.errors_together",
    "completeness of the risk model": "inability.unknown_risk",
    "validity of proxies": "inability.easier_harm",
    "a red team weaker than the model": "control.weak_red_team",
    "drift of the protocol": "control.protocol_drift",
    "extrapolation from few tasks": "control.optimistic_extrapolation",
    "gates that are not enforced": "gate.side_door",
    "stale evidence": "stale_evidence.expired",
    "method against agent": "agent_and_method.one_good_run",
    "risk that adds up over hand-overs": "hand_over.accumulation",
    "capacity of checkers": "checked_arguments.overload",
    "persuasion of the judge": "debate.captured_judge",
    "deference": "automation.deference",
}
"""The worries that the field knows of, and where in the library each lives."""


@pytest.mark.parametrize("worry", HOMES)
def test_every_known_worry_has_a_home(worry: str) -> None:
    theory, _, name = HOMES[worry].partition(".")
    assert f"{ALIAS}.{name}" in {found.name for found in own_worries(theory)}
