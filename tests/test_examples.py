"""The examples: what their comments say the checker finds, it finds; and what users see of them, in full."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

import checker
from checker.render.text import render
from tests.reports import ROOT, case_in, report_on, worries

GOLDEN = Path(__file__).parent / "golden" / "examples"
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.case"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_users_see(name: str) -> None:
    """Set ``UPDATE_GOLDEN=1`` to write the files anew, and look at what changed."""
    shown = render(report_on(name), width=100, color=False, quiet=False)
    golden = GOLDEN / f"{Path(name).stem}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_in_the_examples_is_left_undecided(name: str) -> None:
    for case in report_on(name).cases:
        assert {claim.step for claim in case.claims.values()} <= {"valid", "invalid"}
        assert not worries(case, "undetermined")
        assert {possible.status for possible in case.possible.values()} <= {"satisfiable"}
        assert not any("undetermined" in found.code for found in case.findings)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_scenario_is_told(name: str) -> None:
    for case in report_on(name).cases:
        scenarios = [claim.scenario for claim in case.claims.values() if claim.step == "invalid"]
        scenarios += [worry.scenario for worry in case.worries.values() if worry.status == "open"]
        assert all(scenario is not None and scenario.story for scenario in scenarios)


def test_coding_agent() -> None:
    case = case_in("coding_agent.case", "coding_agent")
    assert (case.verdict, case.passed, report_on("coding_agent.case").exit_status) == ("conditional", False, 1)
    assert {name: worry.status for name, worry in case.worries.items()} == {
        "ev.hidden_harm": "accepted",
        "ev.emergence": "open",
        "ev.unnoticed": "dispelled",
        "ev.gate": "assumed",
    }
    goal = case.claims["deployable"]
    assert (goal.step, goal.status, goal.rests_on) == ("valid", "conditional", ("ev.emergence", "ev.hidden_harm"))
    assert case.worries["ev.unnoticed"].used == ("linter_complete", "only_diffs")
    assert case.worries["ev.gate"].used == ("gate_blocks",)
    assert list(case.worries["ev.emergence"].mitigations) == ["ev.no_interaction"]
    scenario = case.worries["ev.emergence"].scenario
    assert scenario is not None
    assert scenario.story[0] == "run1 is harmful"
    assert case.theories[0].bound == {"System": "Agent", "flagged": "blocked"}


def test_gate_review_passes() -> None:
    report = report_on("gate_review.case")
    case = report.cases[0]
    assert (report.exit_status, case.verdict, case.passed) == (0, "conditional", True)
    assert worries(case, "assumed") == {"process.emergence", "oversight.obfuscated_arguments"}
    assert worries(case, "dispelled") == {"process.bootstrapping"}
    assert worries(case, "accepted") == {"oversight.systematic_errors"} == set(case.rests_on)


def test_the_report_does_not_depend_on_the_run() -> None:
    """Each file by itself, in whichever process, and several files in one run."""
    some = sorted(EXAMPLES)[::12]
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        together = checker.check([f"examples/{name}" for name in some], today=date(2026, 11, 24))
    finally:
        os.chdir(here)
    assert not together.findings
    apart = [case for name in some for case in json.loads(report_on(name).to_json())["cases"]]
    assert json.loads(together.to_json())["cases"] == apart
