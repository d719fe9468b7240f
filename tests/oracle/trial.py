"""One random case, given to the checker and to both second opinions; and where they disagree, the smallest such case.

Brute force judges the verdicts. Another solver, where there is one, decides each obligation of the case again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from checker.cross_check import SecondSolver
from checker.errors import Disagreement as Contradiction
from checker.pipeline import check_text, settings
from checker.report import CrossCheck, Report
from tests.oracle.compare import Comparison, compare
from tests.oracle.generate import random_file
from tests.oracle.judgement import TODAY
from tests.oracle.language import File
from tests.oracle.printing import case_text
from tests.oracle.tape import Choices, Tape, from_seed, shrunk

OPTIONS = settings(TODAY, None, None, strict=False, only=())


@dataclass(frozen=True, slots=True)
class Figures:
    """How much was compared.

    ``judged`` verdicts and errors were compared with brute force, which left ``left_open`` of them open. The other
    solver was asked about ``obligations``: it ``confirmed`` answers or left them ``unconfirmed``; of some the checker
    had no answer (``undecided``); and it contradicted something in so many cases.
    """

    cases: int = 0
    passed: int = 0
    judged: int = 0
    left_open: int = 0
    obligations: int = 0
    confirmed: int = 0
    undecided: int = 0
    unconfirmed: int = 0
    contradicted: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.cases + other.cases,
            self.passed + other.passed,
            self.judged + other.judged,
            self.left_open + other.left_open,
            self.obligations + other.obligations,
            self.confirmed + other.confirmed,
            self.undecided + other.undecided,
            self.unconfirmed + other.unconfirmed,
            self.contradicted + other.contradicted,
            self.verdicts + other.verdicts,
        )


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A file on which the checker and another opinion differ, and how; ``script`` is what the solvers differ on."""

    file: File
    differences: tuple[str, ...]
    tape: Tape
    script: str = ""

    def __str__(self) -> str:
        return "\n".join([*self.differences, "", case_text(self.file)])


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one case."""

    figures: Figures
    disagreement: Disagreement | None


def try_choices(choices: Choices, second: SecondSolver | None = None) -> Trial:
    """Have the file that these choices make judged by all, ``second`` among them if it is given."""
    file = random_file(choices)
    text = case_text(file)
    found: list[str] = []
    script = ""
    contradicted = 0
    comparison = Comparison(())
    report: Report | None = None
    try:
        try:
            report = check_text(text, "<text>", Path(), OPTIONS, second)
        except Contradiction as error:
            # There is no report then, and brute force may know which of the two is wrong.
            found.append(str(error))
            script, contradicted = error.text, 1
            report = check_text(text, "<text>", Path(), OPTIONS)
        comparison = compare(file, report)
    except Exception as error:  # noqa: BLE001 - a crash is a find, and must not end a run of hours
        found.append(f"{type(error).__name__}: {error}")
    found += comparison.differences
    figures = _figures(file, report, comparison, contradicted)
    return Trial(figures, Disagreement(file, tuple(found), tuple(choices.made), script) if found else None)


def _figures(file: File, report: Report | None, comparison: Comparison, contradicted: int) -> Figures:
    asked = (report and report.cross_check) or CrossCheck("", 0, 0, 0, ())
    case = next((one for one in report.cases if one.name == file.case.name), None) if report else None
    return Figures(
        cases=1,
        passed=int(case is not None and case.passed),
        judged=comparison.judged,
        left_open=comparison.left_open,
        obligations=asked.questions,
        confirmed=asked.confirmed,
        undecided=asked.undecided,
        unconfirmed=len(asked.unconfirmed),
        contradicted=contradicted,
        verdicts=Counter([case.verdict] if case is not None else []),
    )


def disagreement(choices: Choices, second: SecondSolver | None = None) -> Disagreement | None:
    """How the opinions differ on the file that these choices make."""
    return try_choices(choices, second).disagreement


def smallest(first: Disagreement, tries: int = 2_000, second: SecondSolver | None = None) -> Disagreement:
    """A disagreement that is left when ``first`` is made as small as it can be."""
    known = {first.tape: first}

    def fails(tape: Tape) -> Tape | None:
        found = disagreement(Choices(tape), second)
        if found is None:
            return None
        known[found.tape] = found
        return found.tape

    return known[shrunk(first.tape, fails, tries)]


def try_seed(seed: int, tries: int = 2_000, second: SecondSolver | None = None) -> Disagreement | None:
    """The smallest disagreement found from the file of this seed, if there is any about it."""
    found = disagreement(from_seed(seed), second)
    return None if found is None else smallest(found, tries, second)
