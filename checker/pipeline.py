"""The whole way, from paths to a report: load, resolve, judge, and put together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from checker import assemble, discharge, honesty, judge
from checker.case import Case, TheoryKey
from checker.entailment import Answer, Entailed, Limits, Reason, Undetermined
from checker.evidence import examine
from checker.findings import Finding, Severity, finding, in_order
from checker.graph import Argument
from checker.load import Loader, Unit, find_files
from checker.logic import sort_of
from checker.model import NotDecided, evaluate
from checker.obligations import Obligation, Obligations
from checker.report import CaseReport, Options, Report
from checker.resolve.modules import Resolved, Resolver
from checker.spelling import spell


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides the files."""

    today: date
    limits: Limits
    strict: bool
    only: tuple[str, ...]


def settings(
    today: date | None, budget: int | None, timeout: float | None, strict: bool, only: Sequence[str]
) -> Settings:
    """The settings, with defaults for what is not said."""
    usual = Limits()
    limits = replace(usual, budget=budget or usual.budget, timeout=timeout or usual.timeout)
    return Settings(today or date.today(), limits, strict, tuple(only))


def check_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> Report:
    """Check all ``.case`` files at ``paths``."""
    loader = Loader()
    files, findings = find_files(paths)
    units = [loader.load(path) for path in files]
    return _Run(loader, options, findings).run(units)


def check_text(text: str, name: str, folder: Path, options: Settings) -> Report:
    """Check ``text`` as if it stood in a file called ``name`` in ``folder``."""
    loader = Loader()
    return _Run(loader, options, []).run([loader.load_text(text, name, folder)])


@dataclass(slots=True)
class _Run:
    """One run over some files. Each module is resolved and judged once."""

    loader: Loader
    options: Settings
    findings: list[Finding]
    _resolver: Resolver = field(init=False)
    _steps: dict[TheoryKey, dict[str, judge.Step]] = field(default_factory=dict)
    _reports: dict[int, CaseReport] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resolver = Resolver(self.loader)

    def run(self, units: Sequence[Unit]) -> Report:
        """The report on all modules of ``units``, in order."""
        cases = []
        names = set()
        for unit in units:
            self.findings += unit.findings
            if not unit.broken and not unit.file.modules:
                self.findings.append(finding("empty-file", about=unit.name))
            for module in unit.file.modules if not unit.broken else ():
                names.add(module.name.text)
                if self.options.only and module.name.text not in self.options.only:
                    continue
                resolved = self._resolver.module(unit, module)
                if resolved.case is None:
                    self.findings += resolved.findings
                elif (found := self._circle(resolved.case)) is not None:
                    self.findings.append(found)
                else:
                    cases.append(self._case(resolved))
        for only in self.options.only:
            if only not in names:
                self.findings.append(finding("nothing-called", about=only))
        for unit in self.loader.units.values():
            if unit not in units and unit.broken:
                self.findings += unit.findings
        findings = tuple(map(self._weighed, in_order(self.findings)))
        unreadable = any(found.severity is Severity.ERROR for found in findings)
        passed = not unreadable and all(case.passed for case in cases)
        status: Literal[0, 1, 2] = 2 if unreadable else 0 if passed else 1
        sources = {unit.name: unit.source.text for unit in (*self.loader.units.values(), *units)}
        return Report(passed, status, self._shown_options(), tuple(cases), findings, sources)

    def _weighed(self, found: Finding) -> Finding:
        """The finding as it counts: with ``strict``, warnings are errors."""
        if self.options.strict and found.severity is Severity.WARNING:
            return replace(found, severity=Severity.ERROR)
        return found

    def _shown_options(self) -> Options:
        return Options(
            today=self.options.today.isoformat(),
            budget=self.options.limits.budget,
            timeout=self.options.limits.timeout,
            strict=self.options.strict,
            solver=f"z3 {_version('z3-solver')}",
            checker=_version("safety-case-checker"),
        )

    # -- one case -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _circle(case: Case) -> Finding | None:
        circle = Argument(case).circle()
        if circle is None:
            return None
        places = {s.name: s.span for s in (*case.claims, *case.worries, *case.assumptions)}
        return finding("circular-argument", places[circle[0]], about=circle[0], circle=" -> ".join(circle))

    def _case(self, resolved: Resolved) -> CaseReport:
        case = resolved.case
        assert case is not None
        if id(case) not in self._reports:
            base = None
            if resolved.base is not None and self._circle(resolved.base) is None:
                base = self._case(Resolved(resolved.base, resolved.base.findings))
            self._reports[id(case)] = self._judged(case, base)
        return self._reports[id(case)]

    def _judged(self, case: Case, base: CaseReport | None) -> CaseReport:
        obligations = Obligations(case)
        today = self.options.today
        if case.theory is not None:
            steps = self._theory_steps(case.theory)
        else:
            steps = judge.judge_steps(case, obligations, self.decide, self._theory_step)
        judgement = judge.judge(case, obligations, Argument(case), steps, self.decide, today)
        evidence = {piece.name: examine(piece, today) for piece in case.evidence}
        findings = [*case.findings]
        findings += honesty.examine_case(case, obligations, judgement, self.decide, today, evidence)
        shows = self._shows(case, obligations, judgement)
        weighed = [self._weighed(found) for found in findings]
        return assemble.case_report(case, judgement, evidence, shows, weighed, base)

    def decide(self, obligations: Sequence[Obligation]) -> list[Answer]:
        """Answers to all obligations, each by itself. Whatever goes wrong with one makes it undetermined."""
        return [self._answer(obligation) for obligation in obligations]

    def _answer(self, obligation: Obligation) -> Answer:
        try:
            return discharge.answer(obligation.question, self.options.limits)
        except (RecursionError, MemoryError) as error:
            return Undetermined(Reason.INCOMPLETE, detail=type(error).__name__)

    def _theory_step(self, key: TheoryKey, name: str) -> judge.Step:
        return self._theory_steps(key)[name]

    def _theory_steps(self, key: TheoryKey) -> dict[str, judge.Step]:
        """The steps of a theory's claims, checked once, in the theory by itself."""
        if key not in self._steps:
            theory = self._resolver.theory(key)
            assert theory is not None, "a theory that is used has been resolved"
            # Its argument may be circular; then none of its claims is shown.
            if self._circle(theory) is not None:
                circular = judge.Step("undetermined", "the theory's argument is circular")
                self._steps[key] = {claim.name: circular for claim in theory.claims}
            else:
                steps = judge.judge_steps(theory, Obligations(theory), self.decide, self._theory_step)
                self._steps[key] = steps
        return self._steps[key]

    def _shows(self, case: Case, obligations: Obligations, judgement: judge.Judgement) -> dict[str, str | None]:
        """The value of each term to show; None where the axioms and assumptions do not fix it."""
        values: dict[str, str | None] = {show.text: None for show in case.shows}
        if judgement.model is None:
            return values
        for show in case.shows:
            try:
                found = evaluate(show.term, judgement.model, case.meanings, {})
            except NotDecided:
                continue
            value = assemble.value_term(found, sort_of(show.term))
            if value is None:
                continue
            (answer,) = self.decide([obligations.value(show.text, show.term, value, show.span)])
            if isinstance(answer, Entailed):
                values[show.text] = spell(value)
        return values


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
