"""Reports on the examples, as tests ask about them.

Tests may run in several processes, and a report takes seconds. So the first process that wants one leaves it to the
others, in a folder that lives as long as the run.
"""

from __future__ import annotations

import fcntl
import os
import pickle
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import checker
from checker.report import CaseReport, Report

ROOT = Path(__file__).parent.parent


SHARED = "SAFETY_CASE_TEST_REPORTS"
"""The environment variable with the folder that the processes of one run share."""


@cache
def report_on(name: str) -> Report:
    folder = os.environ.get(SHARED)
    if folder is None:
        return _checked(name)
    stored = Path(folder, f"{name}.pickle")
    with Path(folder, f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stored.exists():
            stored.write_bytes(pickle.dumps(_checked(name)))
        found: Report = pickle.loads(stored.read_bytes())
        return found


def check(path: str | Path, **options: Any) -> Report:
    """What ``checker.check`` says, with what is decided kept for all tests of one run: they have much in common."""
    return checker.check(path, cache=_kept(), **options)


def check_text(text: str, **options: Any) -> Report:
    """What ``checker.check_text`` says, likewise."""
    return checker.check_text(text, cache=_kept(), **options)


def _kept() -> Path | None:
    folder = os.environ.get(SHARED)
    return None if folder is None else Path(folder, "answers")


def _checked(name: str) -> Report:
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        return check(f"examples/{name}", today=date(2026, 11, 24))
    finally:
        os.chdir(here)


def case_in(file: str, name: str) -> CaseReport:
    return next(case for case in report_on(file).cases if case.name == name)


def worries(case: CaseReport, status: str) -> set[str]:
    return {name for name, worry in case.worries.items() if worry.status == status}


def codes(case: CaseReport, severity: str) -> set[str]:
    return {found.code for found in case.findings if found.severity == severity}


def shown(file: str, case: str, definition: str) -> Fraction:
    """The value of a term that the example shows: ``shown("x.case", "x", "tolerated")``."""
    value = case_in(file, case).shows[definition]
    assert value is not None, f"{definition} has no fixed value in {case}"
    return Fraction(value)
