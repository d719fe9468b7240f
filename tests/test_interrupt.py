"""Ctrl-C and other ends of a run: what is known by then is told, nothing more counts, and no process stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import checker
from checker import parallel
from checker.commands import running
from checker.errors import NoExecutor
from checker.progress import Progress
from tests.processes import Started, children, is_asleep, is_there, seconds_of_work, wait_until
from tests.test_bad_inputs import judged
from tests.test_workers import TODAY

GOOD = judged("")
HOLES = 12
PIGEONS = [[f"in{pigeon}_{hole}" for hole in range(HOLES)] for pigeon in range(HOLES + 1)]
SLOW = (
    "case slow {\n  predicate q\n"
    + "".join(f"  predicate {name}\n" for row in PIGEONS for name in row)
    + "".join(f'  assume a{n} : {" or ".join(row)} owner "x"\n' for n, row in enumerate(PIGEONS))
    + "  goal quick : q or not q by a0\n"
    + "  goal crowded : "
    + " or ".join(
        f"{PIGEONS[one][hole]} and {PIGEONS[other][hole]}"
        for hole in range(HOLES)
        for one in range(HOLES + 1)
        for other in range(one)
    )
    + f" by {', '.join(f'a{n}' for n in range(HOLES + 1))}\n}}\n"
)
"""Thirteen pigeons in twelve holes: minutes of work, and `quick` is none."""


@contextmanager
def a_slow_check(tmp_path: Path, jobs: int = 2) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """The command at work on it in a session of its own, and its workers, of which one has been at it for a while."""
    (tmp_path / "slow.case").write_text(SLOW)
    arguments = [
        "check",
        "slow.case",
        "--format",
        "json",
        "--jobs",
        str(jobs),
        "--budget",
        "4000000000",
        "--timeout",
        "3000",
        "--no-cache",
    ]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "checker", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        workers: list[int] = []

        idle: list[bool] = []

        def at_work() -> bool:
            workers[:] = children(started.pid)
            work = sorted(map(seconds_of_work, workers))
            # Loading takes some tenths of a second; one is through with what is quick, and one is far from that.
            idle.append(len(work) == jobs and work[0] > 0.1 and any(map(is_asleep, workers)))
            return work[-1:] > [2.0] and len(idle) > 10 and all(idle[-10:])

        try:
            assert wait_until(at_work, 120), started.poll()
            yield started, workers
        finally:
            started.kill()
    assert wait_until(lambda: not any(map(is_there, workers)), 20), "orphans"


@pytest.mark.parametrize("whole_group", [False, True], ids=["the process alone", "as a terminal does it"])
def test_ctrl_c_ends_with_what_is_known(tmp_path: Path, whole_group: bool) -> None:
    with a_slow_check(tmp_path) as (started, workers):
        (os.killpg if whole_group else os.kill)(started.pid, signal.SIGINT)
        out, err = started.communicate(timeout=60)
        assert started.returncode == 130
        assert err == "interrupted\n"
        assert not any(map(is_there, workers))
    report = json.loads(out)
    assert [found["message"] for found in report["findings"]] == [
        "the run was interrupted before everything was decided"
    ]
    (case,) = report["cases"]
    assert not report["passed"]
    assert not case["passed"]
    assert case["verdict"] == "undetermined"
    assert case["claims"]["quick"]["step"] == "valid"
    crowded = case["claims"]["crowded"]
    assert (crowded["step"], crowded["reason"]) == ("undetermined", "the run was interrupted")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_process_that_started_it(tmp_path: Path, number: signal.Signals) -> None:
    with a_slow_check(tmp_path) as (started, workers):
        started.send_signal(number)
        assert started.wait(timeout=60) == -number
        assert wait_until(lambda: not any(map(is_there, workers)), 20)


# -- the library -----------------------------------------------------------------------------------------------------


@pytest.fixture
def nothing_left(started: Started) -> Iterator[None]:
    threads = threading.active_count()
    handler = signal.getsignal(signal.SIGINT)
    yield
    assert started() == []
    assert threading.active_count() == threads
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.parametrize("jobs", [None, 2])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_run_that_is_stopped_says_so(nothing_left: None, jobs: int | None, after: int) -> None:
    told: list[Progress] = []
    report = checker.check_text(
        judged("  goal h : r by a"),
        today=TODAY,
        jobs=jobs,
        progress=told.append,
        stop=lambda: bool(told) and told[-1].done >= after,
    )
    assert "interrupted" in {found.code for found in report.findings}
    assert (report.passed, report.exit_status) == (False, 2)
    assert not any(case.passed for case in report.cases)
    for case in report.cases:
        assert case.verdict in ("undetermined", "unproved")
        undecided = [claim for claim in case.claims.values() if claim.step == "undetermined"]
        assert all(claim.reason == "the run was interrupted" for claim in undecided)


def test_what_was_not_begun_is_named(nothing_left: None) -> None:
    cases = "".join(GOOD.replace("case c", f"case c{number}") for number in range(3))
    report = checker.check_text(cases, today=TODAY, jobs=1, stop=lambda: True)
    assert report.cases == ()
    assert [found.message for found in report.findings if found.code == "interrupted-before"] == [
        f"the run was interrupted before `c{number}` was looked at" for number in range(3)
    ]


@pytest.mark.parametrize("jobs", [None, 2])
@pytest.mark.parametrize("error", [KeyError("x"), KeyboardInterrupt(), SystemExit(3)])
def test_what_a_callback_raises_comes_out(nothing_left: None, jobs: int | None, error: BaseException) -> None:
    def progress(_: Progress) -> None:
        assert threading.current_thread() is threading.main_thread()
        raise error

    def stop() -> bool:
        raise error

    with pytest.raises(type(error)) as caught:
        checker.check_text(GOOD, today=TODAY, jobs=jobs, progress=progress)
    assert caught.value is error
    with pytest.raises(type(error)) as caught:
        checker.check_text(GOOD, today=TODAY, jobs=jobs, stop=stop)
    assert caught.value is error


def test_a_bug_in_judging_comes_out_of_the_threads(nothing_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker import judge

    def fails(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(judge, "judge", fails)
    with pytest.raises(KeyError, match="a bug"):
        checker.check_text(GOOD, today=TODAY, jobs=1)


def test_who_crashes_the_solver_gets_no_verdict(nothing_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that ends each time it is asked: nothing is shown, and the run comes to its end."""
    monkeypatch.setattr(parallel, "work_off", os._exit)
    monkeypatch.setattr(parallel, "packed", lambda _: 1)
    report = checker.check_text(GOOD, today=TODAY, jobs=1)
    (case,) = report.cases
    assert (case.verdict, report.passed, report.exit_status) == ("undetermined", False, 1)
    assert case.reason is not None
    assert case.reason.endswith("the solver's process ended without an answer, each time it was tried")
    assert {claim.step for claim in case.claims.values()} == {"undetermined"}


@pytest.mark.parametrize("address", ["dask://", "dask://x", "tcp://x:1", "dask://x:1/y", "", "dask://a b:1"])
def test_what_is_no_address(nothing_left: None, address: str) -> None:
    with pytest.raises(NoExecutor, match="names no executor; write it like"):
        checker.check_text(GOOD, today=TODAY, executor=address)


def test_ctrl_c_that_others_have_taken_is_left_to_them() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        with running.stoppable() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert wait_until(lambda: bool(seen))
            assert not stop()
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_is_an_answer_once_and_only_for_those_who_ask() -> None:
    usual = signal.getsignal(signal.SIGINT)
    with running.stoppable() as stop:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is usual
