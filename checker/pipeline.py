"""The whole way, from paths to a report: load, resolve, judge, and put together."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from checker import assemble, discharge, honesty, judge, strength
from checker.case import Case, TheoryKey
from checker.comparison import Compared, Side, Wanted, compare, pairs
from checker.decided import Decided, Witness
from checker.entailment import Answer, Entailed, Limits, Reason, Undetermined
from checker.evidence import digest_of, examine
from checker.findings import Finding, Severity, finding, in_order
from checker.graph import Argument
from checker.load import Loader, Unit, find_files
from checker.logic import sort_of
from checker.model import NotDecided, evaluate
from checker.obligations import Obligation, Obligations
from checker.register import Register, register
from checker.repairs import NOTHING, repairs
from checker.report import CaseReport, Options, Report
from checker.resolve.modules import Resolved, Resolver
from checker.rules import Rules
from checker.selftest import CaseTrials, selftest
from checker.spelling import spell_value
from checker.withdraw import withdrawable, without

if TYPE_CHECKING:
    from checker.cross_check import SecondSolver
    from checker.cvc5_solver import Cvc5

BAD_INPUT = 2
"""The exit status of a report on something that could not be read or understood."""

TOTAL_SECONDS = 3600.0
"""How long a whole run may take, if nothing else is said. What is not decided by then is undetermined."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides the files."""

    today: date
    limits: Limits
    strict: bool
    only: tuple[str, ...]
    cross_check: bool = False
    repairs: bool = False
    without: tuple[str, ...] = ()
    total_timeout: float = TOTAL_SECONDS
    words: bool = False
    """Whether the report has formulas in words."""
    rules: Rules = field(default_factory=Rules)


def settings(
    today: date | None,
    budget: int | None,
    timeout: float | None,
    strict: bool,
    only: Sequence[str] = (),
    cross_check: bool = False,
    repairs: bool = False,
    without: Sequence[str] = (),
    total_timeout: float | None = None,
    rules: Rules | None = None,
) -> Settings:
    """The settings, with defaults for what is not said."""
    usual = Limits()
    limits = replace(usual, budget=budget or usual.budget, timeout=timeout or usual.timeout)
    total = total_timeout or TOTAL_SECONDS
    return Settings(
        today or date.today(),
        limits,
        strict,
        tuple(only),
        cross_check,
        repairs,
        tuple(without),
        total,
        rules=rules or Rules(),
    )


def check_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> Report:
    """Check all ``.case`` files at ``paths``. Raises ``Disagreement`` and ``NoSecondSolver`` where it cross-checks."""
    return _cross_checked(options, lambda witness: _check_paths(paths, options, witness))


def check_text(text: str, name: str, folder: Path, options: Settings, second: SecondSolver | None = None) -> Report:
    """Check ``text`` as if it stood in a file called ``name`` in ``folder``. Raises as ``check_paths`` does.

    With ``second``, that solver gives the second opinion, and stays open for more.
    """
    loader = Loader()

    def checked(witness: Witness | None) -> Report:
        return _Run(loader, options, [], witness).run([loader.load_text(text, name, folder)])

    return _cross_checked(options, checked, second)


def decide_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[Decided, ...]]:
    """Check all ``.case`` files at ``paths``, and tell everything that was decided for that, in order."""
    decided: list[Decided] = []
    report = _check_paths(paths, options, decided.append)
    return report, tuple(decided)


def try_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[CaseTrials, ...]]:
    """Check all ``.case`` files at ``paths``, and then each case without each premise of each of its proofs."""
    loader = Loader()
    files, findings = find_files(paths)
    units = [loader.load(path) for path in files]
    run = _Run(loader, options, findings)
    report = run.run(units)
    return report, tuple(run.trials(units))


def register_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[Register, ...]]:
    """Check all ``.case`` files at ``paths``, and list the worries of each module that can be checked, in order."""
    loader = Loader()
    files, findings = find_files(paths)
    units = [loader.load(path) for path in files]
    run = _Run(loader, options, findings)
    report = run.run(units)
    return report, tuple(register(case, run.alone(case), run.sources_of) for case in run.cases(units))


def compare_files(first: Wanted, second: Wanted, options: Settings) -> Compared:
    """Check two files, and compare the cases in them that are wanted (see ``pairs``)."""
    runs: list[_Run] = []
    reports: list[Report] = []
    sides: list[dict[str, Side]] = []
    for wanted in (first, second):
        loader = Loader()
        unit = loader.load(wanted.path, wanted.name)
        runs.append(run := _Run(loader, options, []))
        reports.append(run.run([unit]))
        cases = [case for case in run.cases([unit]) if case.kind != "theory"]
        sides.append({case.name: run.side(case, wanted.shown) for case in cases})
    before, after = reports
    if BAD_INPUT in (before.exit_status, after.exit_status):
        return Compared(before, after)
    found = pairs([*sides[0]], [*sides[1]], (first.case, second.case))
    if isinstance(found, str):
        return Compared(before, after, trouble=found)
    chosen, alone = found
    compared = [compare(sides[0][old], sides[1][new], runs[1].decider(sides[1][new].case)) for old, new in chosen]
    return Compared(before, after, tuple(compared), alone)


def _check_paths(paths: Sequence[str | os.PathLike[str]], options: Settings, witness: Witness | None) -> Report:
    loader = Loader()
    files, findings = find_files(paths)
    units = [loader.load(path) for path in files]
    return _Run(loader, options, findings, witness).run(units)


def _cross_checked(
    options: Settings, checked: Callable[[Witness | None], Report], second: SecondSolver | None = None
) -> Report:
    """The report, with a second opinion on every answer: that of ``second``, or of cvc5 if the options ask for one."""
    if second is None and not options.cross_check:
        return checked(None)
    from checker.second_opinion import SecondOpinion

    with nullcontext(second) if second is not None else _cvc5() as solver:
        opinion = SecondOpinion(solver, options.limits.timeout)
        report = checked(opinion)
    return replace(report, cross_check=opinion.report())


def _cvc5() -> Cvc5:
    """cvc5, for one run. Raises ``NoSecondSolver``."""
    from checker.cvc5_solver import Cvc5
    from checker.errors import NoSecondSolver

    try:
        return Cvc5()
    except ImportError as error:
        raise NoSecondSolver(str(error)) from error


@dataclass(slots=True)
class _Run:
    """One run over some files. Each module is resolved and judged once."""

    loader: Loader
    options: Settings
    findings: list[Finding]
    witness: Witness | None = None
    _resolver: Resolver = field(init=False)
    _steps: dict[TheoryKey, dict[str, judge.Step]] = field(default_factory=dict)
    _reports: dict[int, CaseReport] = field(default_factory=dict)

    _deadline: float = field(init=False)
    _digests: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resolver = Resolver(self.loader)
        self._deadline = time.monotonic() + self.options.total_timeout

    def _seconds_left(self) -> float:
        return self._deadline - time.monotonic()

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
                if self._seconds_left() <= 0:
                    self.findings.append(finding("out-of-time", module.name.span, about=module.name.text))
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
        withdrawn = {name for case in cases if case.withdrawn is not None for name in case.withdrawn.names}
        for name in self.options.without:
            if name not in withdrawn:
                self.findings.append(finding("nothing-to-withdraw", about=name))
        for unit in self.loader.units.values():
            if unit not in units and unit.broken:
                self.findings += unit.findings
        shown, silenced = self.options.rules.apply(in_order(self.findings), None, strict=self.options.strict)
        findings = tuple(shown)
        unreadable = any(found.severity is Severity.ERROR for found in findings)
        passed = not unreadable and all(case.passed for case in cases)
        status: Literal[0, 1, 2] = 2 if unreadable else 0 if passed else 1
        sources = {unit.name: unit.source.text for unit in (*self.loader.units.values(), *units)}
        options = self._shown_options()
        return Report(passed, status, options, tuple(cases), findings, sources, silenced=tuple(silenced))

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
        """The report on a module; a variant is set beside its base."""
        case, base = resolved.case, resolved.base
        assert case is not None
        found = self.alone(case)
        gone = [name for name in dict.fromkeys(self.options.without) if name in withdrawable(case)]
        if gone:
            return assemble.beside_whole(self._judged(without(case, gone)), found, gone)
        if base is None or self._circle(base) is not None:
            return found
        before = self.alone(base)
        verdicts = (before.verdict, found.verdict)
        return assemble.beside_base(
            found, before, strength.compare(base, case, resolved.read_again, verdicts, self.decider(case))
        )

    def trials(self, units: Sequence[Unit]) -> list[CaseTrials]:
        """The negative control of all cases and variants of ``units`` that can be checked, in order."""
        found = []
        for case in self.cases(units):
            if case.kind != "theory":
                obligations, decide = Obligations(case), self.decider(case)
                judgement = self._judgement(case, obligations, decide)
                found.append(CaseTrials(case.name, selftest(case, obligations, judgement, decide)))
        return found

    def cases(self, units: Sequence[Unit]) -> Iterator[Case]:
        """What is to be checked of ``units`` and can be: the cases, variants and theories, in order."""
        for unit in units:
            for module in unit.file.modules if not unit.broken else ():
                wanted = not self.options.only or module.name.text in self.options.only
                case = self._resolver.module(unit, module).case if wanted else None
                if case is not None and self._circle(case) is None:
                    yield case

    def side(self, case: Case, shown: str) -> Side:
        """A case as one side of a comparison: its report, and the hashes of the evidence that is there."""
        report = self.alone(case)
        digests = {}
        for piece in case.evidence:
            if piece.file is not None and report.evidence[piece.name].state != "missing":
                with suppress(OSError, ValueError):
                    digests[piece.name] = self._digest((piece.folder / piece.file).resolve())
        return Side(shown, case, report, digests)

    def sources_of(self, key: TheoryKey) -> tuple[str, ...]:
        """The sources that a theory, used by something that is resolved, names for itself."""
        theory = self._resolver.theory(key)
        return () if theory is None else theory.sources

    def alone(self, case: Case) -> CaseReport:
        if id(case) not in self._reports:
            self._reports[id(case)] = self._judged(case)
        return self._reports[id(case)]

    def _judgement(self, case: Case, obligations: Obligations, decide: judge.Decide) -> judge.Judgement:
        if case.theory is not None:
            steps = self._theory_steps(case.theory)
        else:
            steps = judge.judge_steps(case, obligations, decide, self._theory_step)
        return judge.judge(case, obligations, Argument(case), steps, decide, self.options.today)

    def _judged(self, case: Case) -> CaseReport:
        obligations = Obligations(case)
        decide = self.decider(case)
        today = self.options.today
        judgement = self._judgement(case, obligations, decide)
        evidence = {piece.name: examine(piece, today, self._digest) for piece in case.evidence}
        findings = [*case.findings]
        findings += honesty.examine_case(case, obligations, judgement, decide, today, evidence)
        shows = self._shows(case, obligations, judgement)
        found = repairs(case, obligations, judgement, decide) if self.options.repairs else NOTHING
        shown, silenced = self.options.rules.apply(findings, case.span.file, strict=self.options.strict)
        words = self.options.words
        return assemble.case_report(case, judgement, evidence, shows, found, shown, silenced, words=words)

    def decider(self, case: Case) -> judge.Decide:
        """Answers obligations of a case, each by itself, before the eyes of the witness if there is one.

        Whatever goes wrong with one makes it undetermined.
        """

        def decide(obligations: Sequence[Obligation]) -> list[Answer]:
            answers = [self._answer(obligation) for obligation in obligations]
            for obligation, answer in zip(obligations, answers, strict=True):
                if self.witness is not None:
                    self.witness(Decided(case, obligation, answer))
            return answers

        return decide

    def _answer(self, obligation: Obligation) -> Answer:
        left = self._seconds_left()
        if left <= 0:
            return Undetermined(Reason.TIMEOUT, detail="the time for the whole run is used up")
        limits = self.options.limits
        if left < limits.timeout:
            limits = replace(limits, timeout=left)
        try:
            return discharge.answer(obligation.question, limits)
        except (RecursionError, MemoryError) as error:
            return Undetermined(Reason.INCOMPLETE, detail=type(error).__name__)

    def _digest(self, path: Path) -> str:
        """The hash of a file of evidence, which is read once in a run. Raises ``OSError``."""
        if path not in self._digests:
            if self._seconds_left() <= 0:
                raise TimeoutError(errno.ETIMEDOUT, "the time for the whole run is used up")
            self._digests[path] = digest_of(path)
        return self._digests[path]

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
                steps = judge.judge_steps(theory, Obligations(theory), self.decider(theory), self._theory_step)
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
            (answer,) = self.decider(case)([obligations.value(show.text, show.term, value, show.span)])
            if isinstance(answer, Entailed):
                values[show.text] = spell_value(value)
        return values


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
