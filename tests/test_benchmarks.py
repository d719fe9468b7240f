"""What benchmarks check are cases that pass, and a figure is what it says it is."""

from __future__ import annotations

import gc
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import checker
from benchmarks import bare_check
from benchmarks.__main__ import SMALL, written
from benchmarks.cases import SHAPES
from benchmarks.measure import Command, Run, in_turn, median, ratio, run
from checker import discharge
from checker.entailment import Answer, Limits, Question


@pytest.mark.parametrize("shape", SHAPES)
def test_a_generated_case_passes(shape: str) -> None:
    report = checker.check_text("".join(SHAPES[shape](10)), today=date(2026, 11, 24))
    assert report.passed, [found.message for case in report.cases for found in case.findings]
    case = report.cases[-1]
    assert {claim.step for claim in case.claims.values()} == {"valid"}
    assert len(case.claims) == 10


def test_the_small_case_passes() -> None:
    assert checker.check_text(SMALL.format(n=3), today=date(2026, 11, 24)).passed


def test_a_run_is_measured() -> None:
    slow, quick = "import time; time.sleep(0.3); raise SystemExit(3)", "pass"
    commands = [Command((sys.executable, "-c", program)) for program in (slow, quick)]
    first = run(commands[0])
    assert first.status == 3
    assert first.wall > 0.3
    assert 3 < first.megabytes < 500
    runs = in_turn(commands, 2)
    assert [len(found) for found in runs] == [2, 2]
    assert median(runs[0]) > median(runs[1])
    assert ratio(runs[0], runs[1]) > 1


def test_a_ratio_is_of_runs_that_took_turns() -> None:
    ours, theirs = ([Run(wall, 1, 1, 0) for wall in walls] for walls in ((2, 30, 4), (1, 10, 4)))
    assert ratio(ours, theirs) == 2


def test_the_check_that_makes_nothing_minimal_comes_to_the_same_verdicts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Path(checker.__file__).parents[1] / "examples" / "coding_agent.case")
    asked: list[Question] = []
    whole = discharge.answer

    def noted(question: Question, limits: Limits | None = None) -> Answer:
        asked.append(question)
        return whole(question, limits)

    monkeypatch.setattr(discharge, "answer", noted)
    monkeypatch.setattr(sys, "argv", ["bare_check", path])
    threshold = gc.get_threshold()
    bare_check.main()
    gc.set_threshold(*threshold)
    assert asked
    assert not any(question.want_core or question.want_scenario for question in asked)
    whole_report = json.loads(checker.check(path, today=date(2026, 11, 24)).to_json())
    assert verdicts(json.loads(capsys.readouterr().out)) == verdicts(whole_report)


def verdicts(report: dict[str, Any]) -> list[object]:
    """The verdicts on cases, on their steps and on their worries."""
    cases = report["cases"]
    steps = [{name: (claim["step"], claim["status"]) for name, claim in case["claims"].items()} for case in cases]
    worries = [{name: worry["status"] for name, worry in case["worries"].items()} for case in cases]
    return [[case["verdict"] for case in cases], steps, worries]


def test_a_table_is_markdown() -> None:
    assert "".join(written([("a", "b"), (1, "x")])) == "| a | b |\n| --- | --- |\n| 1 | x |\n"
