"""A solver that fails or lies at any call never makes anything count as shown.

The order of verdicts that this is held to stands in :mod:`tests.faults.weaker`. ``python -m tests.faults`` puts every
fault at every call; here each call has its turn with one of them.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import checker
from tests.faults.cases import ACCEPTED, PASSING, TRAPS
from tests.faults.solver import FAILURES, LIES, at, since
from tests.faults.trial import ROOT, TEXTS, TODAY, Plan, Trial, example, small
from tests.faults.weaker import more

GATE = "examples/gate_review.case"


@pytest.mark.parametrize("name", TEXTS)
def test_no_fault_shows_anything(name: str) -> None:
    trial = small(name)
    wrong = [said for plan in trial.sample(step=1 + trial.checks // 8) for said in trial.wrong(plan)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["gate_review", "coding_agent"])
def test_no_fault_shows_anything_in_an_example(name: str) -> None:
    trial = example(name)
    wrong = [said for plan in trial.sample(step=13) for said in trial.wrong(plan)]
    assert not wrong, "\n".join(wrong)


def test_no_fault_shows_more_ways_to_mend_it() -> None:
    for text in (TRAPS["an open worry"], TRAPS["an answer by a claim that is not shown"]):
        trial = Trial(text, repairs=True)
        wrong = [said for plan in trial.sample(step=2) for said in trial.wrong(plan)]
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "name",
    [
        "premises that contradict each other",
        "a goal that restates an assumption",
        "a goal that needs no assumption",
        "a goal about nothing",
    ],
)
def test_what_was_not_asked_in_vain_does_not_let_a_case_pass(name: str) -> None:
    """From each call on nothing is known any more: what would have kept the case from passing is never found."""
    trial = small(name)
    plans = [Plan(f"from {n} on", FAILURES["knows nothing"], since(n)) for n in range(trial.checks)]
    wrong = [said for plan in plans for said in trial.wrong(plan)]
    assert not wrong, "\n".join(wrong)


def test_it_is_not_said_that_it_takes_more_than_one_premise_where_nobody_knows() -> None:
    trial = small("a theory's claim that does not follow")
    assert trial.usual.cases[-1].worries["t.w"].status == "assumed"
    plans = [Plan(f"at {n}", LIES["makes up a structure"], at(n)) for n in range(trial.checks)]
    wrong = [said for plan in plans for said in trial.wrong(plan)]
    assert not wrong, "\n".join(wrong)


def test_the_small_cases_are_what_they_are_said_to_be() -> None:
    """Each trap fails for one reason alone, so that a fault that hides it would let it pass."""
    for name, text in {**TRAPS, **ACCEPTED}.items():
        report = checker.check_text(text, today=TODAY)
        assert (report.exit_status, report.findings) == (1, ()), name
        errors = {found.code for found in report.cases[-1].findings if found.severity == "error"}
        assert len(errors) == (2 if name in ACCEPTED else 0 if name == "an open worry" else 1), (name, errors)
    for name, text in PASSING.items():
        assert checker.check_text(text, today=TODAY).exit_status == 0, name


def test_the_order_of_verdicts_is_one() -> None:
    """What is held against a fault can fail: no report on a case that passes is below that on one that does not."""
    for name in TRAPS:
        usual = checker.check_text(TRAPS[name], today=TODAY)
        assert not more(usual, usual)
    text = TRAPS["an invalid step"]
    mended = text.replace("p or q", "p and q")
    fails, passes = (checker.check_text(one, today=TODAY) for one in (text, mended))
    assert "the step of g is valid instead of invalid" in " ".join(more(fails, passes))
    assert "the run passes" in more(fails, passes)


# -- processes that are lost -------------------------------------------------------------------------------------------


def _run(*arguments: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        preexec_fn=limited,
    )


CHECK = ("check", GATE, "--today", TODAY.isoformat(), "--format", "json", "--no-cache")


def _weaker_or_nothing(done: subprocess.CompletedProcess[str]) -> None:
    """That a run which lost something says so: no report and the exit status of a failure, or less is shown in it."""
    if done.returncode in (0, 1):
        usual = json.loads(checker.check(ROOT / GATE, today=TODAY).to_json())["cases"]
        found = json.loads(done.stdout)["cases"]
        if done.returncode == 0:
            assert [_verdicts(case) for case in found] == [_verdicts(case) for case in usual]
        else:
            assert "undetermined" in done.stdout
            assert not any(case["passed"] for case in found)
    else:
        # 127 is what the C library gives up with where a thread gets no memory.
        assert done.returncode in (3, 127) or done.returncode < 0, (done.returncode, done.stderr)
        assert not done.stdout.strip()


def _verdicts(case: dict[str, dict[str, dict[str, object]]]) -> object:
    claims = {name: (claim["step"], claim["status"]) for name, claim in case["claims"].items()}
    return case["verdict"], case["passed"], claims, {name: worry["status"] for name, worry in case["worries"].items()}


@pytest.mark.parametrize(("kind", "number"), [("segmentation fault", 0), ("abort", 20), ("kill", 60)])
def test_a_solver_that_crashes_in_the_callers_process_shows_nothing(tmp_path: Path, kind: str, number: int) -> None:
    mark = tmp_path / "crashed"
    done = _run("tests.faults.child", "library", kind, str(number), str(mark), GATE, TODAY.isoformat())
    assert mark.exists(), done.stderr
    assert signal.Signals(-done.returncode).name in ("SIGSEGV", "SIGABRT", "SIGKILL")
    assert not done.stdout


@pytest.mark.parametrize(("kind", "number"), [("segmentation fault", 0), ("abort", 20), ("kill", 40)])
def test_a_solver_that_crashes_in_a_worker_costs_what_it_was_asked(tmp_path: Path, kind: str, number: int) -> None:
    """Where it crashes only after many calls, another worker may well be able to do what one could not."""
    mark = tmp_path / "crashed"
    done = _run("tests.faults.child", "workers", kind, str(number), str(mark), *CHECK)
    assert mark.exists(), done.stderr
    assert done.returncode in ((1,) if number == 0 else (0, 1)), done.stderr
    _weaker_or_nothing(done)


@pytest.mark.parametrize("megabytes", [90, 66])
def test_too_little_memory_shows_nothing(megabytes: int) -> None:
    _weaker_or_nothing(_run("checker", *CHECK, limit=megabytes * 2**20))
