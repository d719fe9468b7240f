"""A plugin for pytest: a team holds its cases to the verdicts that it expects, in its own tests.

>>> def test_the_agent(safety_case):
...     case = safety_case("cases/agent.case")
...     assert case.verdict() == "conditional"
...     assert case.worry("ev.emergence").status == "open"

Every run of pytest loads this module wherever the checker is installed, so it imports neither the parser nor a solver
before a test asks for a case.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

if TYPE_CHECKING:
    from checker.report import CaseReport, ClaimReport, Report, Scenario, WorryReport

TODAY = "safety_case_today"

Found = TypeVar("Found")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the day against which evidence and acceptances are held."""
    parser.addini(TODAY, "The day, as year-month-day, on which `safety_case` checks (default: the day of the test).")


@pytest.fixture(scope="session")
def safety_case(pytestconfig: pytest.Config) -> SafetyCases:
    """Checks ``.case`` files: ``safety_case("cases/agent.case").passes()``."""
    said = str(pytestconfig.getini(TODAY) or "")
    return SafetyCases(pytestconfig.rootpath, _day(said, f"the ini option {TODAY}") if said else None)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say why a verdict is what it is where a test expected another one."""
    match (left, right, op):
        case (Status(), str(), "=="):
            return [f"{left.about} is {str(left)!r}, and not {str(right)!r}", *left.why]
        case (str(), Status(), "=="):
            return [f"{right.about} is {str(right)!r}, and not {str(left)!r}", *right.why]
        case _:
            return None


class Status(str):
    """A verdict or status: a string that knows what it is ``about``, and ``why`` it is so, in lines."""

    __slots__ = ("about", "why")
    about: str
    why: tuple[str, ...]

    @classmethod
    def of(cls, value: str, about: str, why: Iterable[str] = ()) -> Status:
        """The status ``value``, with what it is about and why it is so."""
        status = cls(value)
        status.about, status.why = about, _shown(why)
        return status


@dataclass(slots=True)
class SafetyCases:
    """Checks files, each once as long as nothing changes that the result depends on.

    Relative paths begin at ``root``. ``today`` is None where each check is held against its own day.
    """

    root: Path
    today: date | None
    _known: list[tuple[object, Report]] = field(default_factory=list, repr=False)

    def __call__(self, path: str | os.PathLike[str], *, today: date | str | None = None, **options: Any) -> CheckedFile:
        """Check the ``.case`` file (or all in the folder) at ``path``.

        ``today`` counts before that of the ini file. All other options are those of ``checker.check``. Those that
        ``[tool.safety-case]`` settles hold where they are not given, so that the result is that of the command.
        Fails the test if a specification cannot be understood.
        """
        day = today if isinstance(today, date) else _day(today, "today") if today is not None else self.today
        place = self.root / path
        report = self._report(place, {**self._settled(), **options, "today": day or date.today()})
        if report.exit_status == 2:
            _fail(f"{place} cannot be understood", _findings(report))
        return CheckedFile(report)

    def _settled(self) -> dict[str, Any]:
        from checker.settings import SettingsError, find_settings

        try:
            found = find_settings(self.root)
        except SettingsError as error:
            _fail(str(error))
        settled = {"strict": found.strict, "budget": found.budget, "timeout": found.timeout, "rules": found.rules}
        return {name: value for name, value in settled.items() if value is not None}

    def _report(self, path: Path, options: Mapping[str, Any]) -> Report:
        import checker
        from checker.dependencies import dependencies

        key = (path, dict(options), dependencies([path]).states)
        for known, report in self._known:
            if known == key:
                return report
        report = checker.check(path, **options)
        self._known.append((key, report))
        return report


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a check found. ``report`` is the whole report, as ``checker.check`` gives it."""

    report: Report

    def passes(self) -> CheckedFile:
        """Fails the test unless all cases pass, and says what is in the way."""
        __tracebackhide__ = True
        why = [line for case in self.report.cases if not case.passed for line in _in_the_way(case)]
        if not self.report.passed:
            raise AssertionError("\n".join(_shown(why)))
        return self

    def case(self, name: str | None = None) -> CaseReport:
        """The report on the case of this name, or on the only one there is."""
        __tracebackhide__ = True
        cases = {case.name: case for case in self.report.cases}
        if name is not None:
            return _named(cases, name, "case")
        alone = [case for case in self.report.cases if case.kind != "theory"] or list(self.report.cases)
        if len(alone) != 1:
            _fail(f"name the case: there are {', '.join(cases) or 'none'}")
        return alone[0]

    def verdict(self, name: str | None = None) -> Status:
        """The verdict on a case: established, conditional, unproved, undetermined or inconsistent."""
        __tracebackhide__ = True
        case = self.case(name)
        return Status.of(case.verdict, f"the verdict on {case.name}", _in_the_way(case))

    def worry(self, name: str, *, case: str | None = None) -> CheckedWorry:
        """A known worry, by the name that the report has for it (``ev.emergence``)."""
        __tracebackhide__ = True
        return CheckedWorry(name, _named(self.case(case).worries, name, "worry"))

    def claim(self, name: str, *, case: str | None = None) -> CheckedClaim:
        """A claim or goal, by the name that the report has for it."""
        __tracebackhide__ = True
        return CheckedClaim(name, _named(self.case(case).claims, name, "claim"))


@dataclass(frozen=True, slots=True)
class CheckedWorry:
    """A worry; ``report`` has everything that was found about it."""

    name: str
    report: WorryReport

    @property
    def status(self) -> Status:
        """Dispelled, assumed, conditional, accepted, refuted, open, undetermined, informal or hypothesis."""
        return Status.of(self.report.status, f"the worry {self.name}", _worry_lines(self.report))


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim or goal; ``report`` has everything that was found about it."""

    name: str
    report: ClaimReport

    @property
    def step(self) -> Status:
        """Valid, invalid, undetermined, informal or undeveloped."""
        return Status.of(self.report.step, f"the step of {self.name}", _claim_lines(self.report))

    @property
    def status(self) -> Status:
        """Established, conditional or unproved."""
        return Status.of(self.report.status, f"the claim {self.name}", _claim_lines(self.report))


def _in_the_way(case: CaseReport) -> Iterable[str]:
    """Why a case does not pass, or what it rests on if it does."""
    yield f"{case.name} is {case.verdict} and {'passes' if case.passed else 'does not pass'}"
    for name, claim in case.claims.items():
        if claim.status == "unproved":
            yield f"the step of {name} is {claim.step}"
            yield from _claim_lines(claim)
    for name, worry in case.worries.items():
        if worry.status in ("open", "refuted", "undetermined", "informal"):
            yield f"the worry {name} is {worry.status}"
            yield from _worry_lines(worry)
    yield from (f"{found.code}: {found.message}" for found in case.findings if found.severity == "error")


def _worry_lines(worry: WorryReport) -> Iterable[str]:
    if worry.doc:
        yield f"  {worry.doc}"
    if worry.used:
        yield f"  answered by {', '.join(worry.used)}"
    if worry.accepted:
        yield f"  accepted: {worry.accepted}"
    yield from _story(worry.scenario)


def _claim_lines(claim: ClaimReport) -> Iterable[str]:
    if claim.doc:
        yield f"  {claim.doc}"
    if claim.rests_on:
        yield f"  rests on {', '.join(claim.rests_on)}"
    yield from _story(claim.scenario)


def _story(scenario: Scenario | None) -> Iterable[str]:
    if scenario is not None:
        yield "  the assumptions allow this: " + "; ".join(scenario.story)


def _shown(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines with nothing in them that acts on a terminal."""
    from checker.render.wrap import visible

    return tuple(map(visible, lines))


def _findings(report: Report) -> list[str]:
    from checker.render.snippet import findings_lines
    from checker.render.wrap import paint

    return [paint(line, color=False) for line in findings_lines(report.findings, report.sources, 100)]


def _named(there: Mapping[str, Found], name: str, kind: str) -> Found:
    if name not in there:
        from difflib import get_close_matches

        close = get_close_matches(name, there, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(there)}"
        _fail(f"there is no {kind} {name}; {hint}")
    return there[name]


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _fail(f"{what} must be a day such as 2026-11-24, and is {text!r}")


def _fail(message: str, lines: Iterable[str] = ()) -> NoReturn:
    __tracebackhide__ = True
    pytest.fail("\n".join([message, *lines]), pytrace=False)
