"""The whole way, from paths to a report: load, resolve, judge, and put together."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Required, TypedDict, TypeVar, cast

from checker import assemble, honesty, judge, strength
from checker.answering import Allowance, Answering, InProcess
from checker.case import Case, Evidence, TheoryKey
from checker.comparison import Compared, Comparison, Side, Wanted, compare, pairs
from checker.decided import Decided, Witness
from checker.entailment import Answer, Entailed, Limits
from checker.evidence import digest_of, examine
from checker.findings import Finding, Severity, finding, in_order
from checker.graph import Argument
from checker.inputs import Inputs
from checker.load import Loader, Unit, find_files
from checker.logic import sort_of
from checker.model import NotDecided, evaluate
from checker.obligations import Obligation, Obligations
from checker.progress import Progress
from checker.register import Register, register
from checker.remembered import Remembered
from checker.repairs import NOTHING, repairs
from checker.report import CaseReport, EvidenceState, Options, Report
from checker.resolve.modules import Resolved, Resolver
from checker.rules import Rules
from checker.selftest import CaseTrials, selftest
from checker.spelling import spell_value
from checker.syntax import Module
from checker.trees import Trees
from checker.turns import Alternating, OneByOne, Turns
from checker.withdraw import withdrawable, without

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from checker.cross_check import SecondSolver
    from checker.cvc5_solver import Cvc5

BAD_INPUT = 2
"""The exit status of a report on something that could not be read or understood."""

TOTAL_SECONDS = 3600.0
"""How long a whole run may take, if nothing else is said. What is not decided by then is undetermined."""


@dataclass(frozen=True, slots=True)
class Work:
    """How a run does its work, on which nothing of what it finds depends.

    ``jobs`` worker processes answer questions, or ``executor`` does; with neither of them it is done in this process.
    ``progress`` is told how it goes. ``stop`` is asked, at least several times a second while others work, whether the
    run shall end with what is known by then. Trees and answers are kept in the file ``cache`` and taken from it, and
    ``warn`` is told in a sentence why that is not so, where it is not. All are called in the caller's thread.
    """

    jobs: int | None = None
    executor: Executor | str | None = None
    progress: Callable[[Progress], None] | None = None
    stop: Callable[[], bool] | None = None
    cache: Path | None = None
    warn: Callable[[str], None] | None = None


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
    work: Work = Work()
    words: bool = False
    """Whether the report has formulas in words."""
    rules: Rules = field(default_factory=Rules)


class More(TypedDict, total=False):
    """What a run depends on besides effort and day, as ``settings`` takes it."""

    strict: Required[bool]
    only: Sequence[str]
    cross_check: bool
    repairs: bool
    without: Sequence[str]
    rules: Rules | None


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
    work: Work | None = None,
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
        work=work or Work(),
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
        with _running(loader, options) as run:
            return run.run([loader.load_text(text, name, folder)], witness)

    return _cross_checked(options, checked, second)


def decide_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[Decided, ...]]:
    """Check all ``.case`` files at ``paths``, and tell everything that was decided for that, in order."""
    decided: list[Decided] = []
    report = _check_paths(paths, options, decided.append)
    return report, tuple(decided)


def try_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[CaseTrials, ...]]:
    """Check all ``.case`` files at ``paths``, and then each case without each premise of each of its proofs."""
    loader = Loader()
    with _running(loader, options) as run:
        units = run.read(paths)
        report = run.run(units)
        return report, tuple(run.trials(units))


def register_paths(paths: Sequence[str | os.PathLike[str]], options: Settings) -> tuple[Report, tuple[Register, ...]]:
    """Check all ``.case`` files at ``paths``, and list the worries of each module that can be checked, in order."""
    loader = Loader()
    with _running(loader, options) as run:
        units = run.read(paths)
        report = run.run(units)
        return report, tuple(register(case, run.alone(case), run.sources_of) for case in run.cases(units))


def compare_files(first: Wanted, second: Wanted, options: Settings) -> Compared:
    """Check two files, and compare the cases in them that are wanted (see ``pairs``)."""
    with ExitStack() as open_runs:
        runs: list[_Run] = []
        reports: list[Report] = []
        sides: list[dict[str, Side]] = []
        for wanted in (first, second):
            loader = Loader()
            runs.append(run := open_runs.enter_context(_running(loader, options)))
            unit = loader.load(wanted.path, wanted.name)
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
        compared = runs[1].compared([(sides[0][old], sides[1][new]) for old, new in chosen])
        return Compared(before, after, tuple(compared), alone)


def _check_paths(paths: Sequence[str | os.PathLike[str]], options: Settings, witness: Witness | None) -> Report:
    loader = Loader()
    with _running(loader, options) as run:
        return run.run(run.read(paths), witness)


@contextmanager
def _running(loader: Loader, options: Settings) -> Iterator[_Run]:
    """A run, for as long as there is somebody to answer its questions."""
    work = options.work
    allowance = Allowance(options.limits, time.monotonic() + options.total_timeout)
    inner = _answering(work, allowance)
    kept, cache = None, None
    if work.cache is not None:
        from checker.cache import Cache
        from checker.kept import Kept

        kept = Kept(work.cache)
        cache = Cache(kept)
        loader.trees = Trees(kept)
    answering = Remembered(inner, options.limits, cache)
    try:
        answering.expect()
        yield _Run(loader, options, allowance, answering)
    finally:
        answering.close()
        if kept is not None:
            kept.close()
            if kept.trouble is not None and work.warn is not None:
                work.warn(f"{work.cache} keeps nothing for the next run: {kept.trouble}")


def _answering(work: Work, allowance: Allowance) -> Answering:
    """Who answers the questions of a run. Raises ``NoExecutor``, and ``ValueError`` where there shall be no worker."""
    if work.jobs is not None and work.jobs < 1:
        raise ValueError("there must be at least one job")
    if work.executor is None and work.jobs is None:
        return InProcess(allowance)
    from checker import executors

    if work.executor is not None:
        return executors.on_executor(work.executor, allowance)
    assert work.jobs is not None
    return executors.on_this_machine(work.jobs, allowance)


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


Log = list["Decided | Log"]
"""What was decided, in order; in it stands, as a log of its own, what was decided for several modules at once."""

T = TypeVar("T")


@dataclass(slots=True)
class _Run:
    """One run over some files. Each module is resolved and judged once."""

    loader: Loader
    options: Settings
    allowance: Allowance
    answering: Remembered
    findings: list[Finding] = field(default_factory=list)
    _resolver: Resolver = field(init=False)
    _turns: Turns = field(init=False)
    _once: dict[object, object] = field(default_factory=dict)
    _begun: dict[object, Log] = field(default_factory=dict)
    _replies: dict[int, list[Answer]] = field(default_factory=dict)
    _groups: int = 0
    _told: Progress | None = None
    _stopping: bool = False
    _interrupted: bool = False
    _digests: dict[Path, str] = field(default_factory=dict)
    _paths: tuple[Path, ...] = ()
    _files: tuple[Path, ...] = ()
    _evidence: list[tuple[Evidence, EvidenceState]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._resolver = Resolver(self.loader)
        self._turns = Alternating(self._wait, self._look) if self.answering.in_parallel else OneByOne(self._wait)

    def read(self, paths: Sequence[str | os.PathLike[str]]) -> list[Unit]:
        """The files at ``paths``, read."""
        files, findings = find_files(paths)
        self._paths, self._files = tuple(map(Path, paths)), tuple(files)
        self.findings += findings
        units: list[Unit] = []
        for path in files:
            self._tell(Progress(len(units), len(files), "reading files"))
            units.append(self.loader.load(path))
        return units

    def run(self, units: Sequence[Unit], witness: Witness | None = None) -> Report:
        """The report on all modules of ``units``, in order. ``witness`` sees what was decided, in order as well."""
        names = set()
        works: list[Callable[[], CaseReport | Finding | Resolved]] = []
        logs: list[Log] = []
        for unit in units:
            self.findings += unit.findings
            if not unit.broken and not unit.file.modules:
                self.findings.append(finding("empty-file", about=unit.name))
            for module in unit.file.modules if not unit.broken else ():
                names.add(module.name.text)
                if not self.options.only or module.name.text in self.options.only:
                    logs.append([])
                    works.append(partial(self._module, unit, module, logs[-1]))
        cases = []
        for outcome in self._turns.run(works):
            match outcome:
                case CaseReport():
                    cases.append(outcome)
                case Resolved(findings=told):
                    self.findings += told
                case found:
                    self.findings.append(found)
        if witness is not None:
            self._show(list(_in_order(logs, set())), witness)
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
        if self._interrupted:
            self.findings.append(finding("interrupted"))
        shown, silenced = self.options.rules.apply(in_order(self.findings), None, strict=self.options.strict)
        findings = tuple(shown)
        unreadable = any(found.severity is Severity.ERROR for found in findings)
        passed = not unreadable and all(case.passed for case in cases)
        status: Literal[0, 1, 2] = 2 if unreadable else 0 if passed else 1
        sources = {unit.name: unit.source.text for unit in (*self.loader.units.values(), *units)}
        options = self._shown_options()
        inputs = self._inputs() if self._paths else None
        return Report(passed, status, options, tuple(cases), findings, sources, silenced=tuple(silenced), inputs=inputs)

    def _inputs(self) -> Inputs:
        """What was looked at."""
        reads = {path: unit.digest for path, unit in self.loader.units.items()}
        return Inputs(
            self._paths,
            self._files,
            tuple(reads.items()),
            tuple((path, real, real in self.loader.units) for path, real in self.loader.imports()),
            tuple(self.loader.workspaces.items()),
            tuple(self._evidence),
            self.options.today,
            # What could not be read was not looked at closely enough to tell that it is the same another time.
            lasting=self.answering.lasting
            and not self._interrupted
            and self.allowance.seconds_left() > 0
            and all(reads.values()),
        )

    def _module(self, unit: Unit, module: Module, log: Log) -> CaseReport | Finding | Resolved:
        """The report on one module, or why there is none: what resolving it found, or one finding more."""
        if self._interrupted:
            return finding("interrupted-before", module.name.span, about=module.name.text)
        if self.allowance.seconds_left() <= 0:
            return finding("out-of-time", module.name.span, about=module.name.text)
        resolved = self._resolver.module(unit, module)
        if resolved.case is None:
            return resolved
        return self._circle(resolved.case) or self._case(resolved, log)

    def _show(self, decided: Sequence[Decided], witness: Witness) -> None:
        """Have the witness see what was decided, as long as the run is not interrupted."""
        for number, one in enumerate(decided):
            self._look()
            self._interrupted = self._stopping
            if self._interrupted:
                return
            if self.options.cross_check:
                self._tell(Progress(number, len(decided), "cross-checking answers"))
            witness(one)

    # -- asking and waiting -------------------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Let time pass until there are more answers, and tell how it goes."""
        self._look()
        if self._stopping and not self._interrupted:
            self._interrupted = True
            self.answering.interrupt()
        self._replies.update(self.answering.replies(seconds))
        self._tell(Progress(self.answering.answered, self.answering.posted, "deciding obligations"))

    def _tell(self, progress: Progress) -> None:
        if self.options.work.progress is not None and progress != self._told:
            self._told = progress
            self.options.work.progress(progress)

    def _look(self) -> None:
        """Notice whether the run shall end."""
        if not self._stopping and self.options.work.stop is not None and self.options.work.stop():
            self._stopping = True

    def _only_once(self, key: object, log: Log, work: Callable[[Log], T]) -> T:
        """What ``work`` gives. Whoever comes first does it, and others wait."""
        if key not in self._begun:
            own: Log = []
            self._begun[key] = own
            log.append(own)
            self._once[key] = work(own)
        else:
            log.append(self._begun[key])
            self._turns.until(lambda: key in self._once)
        return cast(T, self._once[key])

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

    def _case(self, resolved: Resolved, log: Log) -> CaseReport:
        """The report on a module; a variant is set beside its base."""
        case, base = resolved.case, resolved.base
        assert case is not None
        found = self._alone(case, log)
        gone = [name for name in dict.fromkeys(self.options.without) if name in withdrawable(case)]
        if gone:
            return assemble.beside_whole(self._report(without(case, gone), log), found, gone)
        if base is None or self._circle(base) is not None:
            return found
        before = self._alone(base, log)
        verdicts = (before.verdict, found.verdict)
        return assemble.beside_base(
            found, before, strength.compare(base, case, resolved.read_again, verdicts, self.decider(case, log))
        )

    def trials(self, units: Sequence[Unit]) -> list[CaseTrials]:
        """The negative control of all cases and variants of ``units`` that can be checked, in order."""
        works = [partial(self._trials, case) for case in self.cases(units) if case.kind != "theory"]
        return self._turns.run(works)

    def _trials(self, case: Case) -> CaseTrials:
        obligations, judgement = self._judged(case, [])
        return CaseTrials(case.name, selftest(case, obligations, judgement, self.decider(case, [])))

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
        """The report on a case without anything beside it."""
        (report,) = self._turns.run([partial(self._alone, case, [])])
        return report

    def compared(self, sides: Sequence[tuple[Side, Side]]) -> list[Comparison]:
        """Each first case beside each second, which is of this run."""
        return self._turns.run([partial(compare, old, new, self.decider(new.case, [])) for old, new in sides])

    def _alone(self, case: Case, log: Log) -> CaseReport:
        return self._only_once(("report", id(case)), log, lambda own: self._report(case, own))

    def _judged(self, case: Case, log: Log) -> tuple[Obligations, judge.Judgement]:
        return self._only_once(("judgement", id(case)), log, lambda own: self._judgement(case, own))

    def _judgement(self, case: Case, log: Log) -> tuple[Obligations, judge.Judgement]:
        obligations, decide = Obligations(case), self.decider(case, log)
        if case.theory is not None:
            steps = self._theory_steps(case.theory, log)
        else:
            steps = judge.judge_steps(case, obligations, decide, partial(self._theory_step, log))
        return obligations, judge.judge(case, obligations, Argument(case), steps, decide, self.options.today)

    def _report(self, case: Case, log: Log) -> CaseReport:
        obligations, judgement = self._judged(case, log)
        decide = self.decider(case, log)
        today = self.options.today
        evidence = {piece.name: examine(piece, today, self._digest) for piece in case.evidence}
        self._evidence += [(piece, evidence[piece.name].state) for piece in case.evidence]
        findings = [*case.findings]
        findings += honesty.examine_case(case, obligations, judgement, decide, today, evidence)
        shows = self._shows(case, obligations, judgement, decide)
        found = repairs(case, obligations, judgement, decide) if self.options.repairs else NOTHING
        shown, silenced = self.options.rules.apply(findings, case.span.file, strict=self.options.strict)
        words = self.options.words
        return assemble.case_report(case, judgement, evidence, shows, found, shown, silenced, words=words)

    def decider(self, case: Case, log: Log) -> judge.Decide:
        """Answers obligations of a case, each by itself, and writes down in ``log`` what comes of it."""

        def decide(obligations: Sequence[Obligation]) -> list[Answer]:
            if not obligations:
                return []
            key = self._groups
            self._groups += 1
            self.answering.post(key, [obligation.question for obligation in obligations])
            self._turns.until(lambda: key in self._replies)
            answers = self._replies.pop(key)
            log.extend(Decided(case, *decided) for decided in zip(obligations, answers, strict=True))
            return answers

        return decide

    def _digest(self, path: Path) -> str:
        """The hash of a file of evidence, which is read once in a run. Raises ``OSError``."""
        if path not in self._digests:
            if self.allowance.seconds_left() <= 0:
                raise TimeoutError(errno.ETIMEDOUT, "the time for the whole run is used up")
            self._digests[path] = digest_of(path)
        return self._digests[path]

    def _theory_step(self, log: Log, key: TheoryKey, name: str) -> judge.Step:
        return self._theory_steps(key, log)[name]

    def _theory_steps(self, key: TheoryKey, log: Log) -> dict[str, judge.Step]:
        """The steps of a theory's claims, checked once, in the theory by itself."""
        return self._only_once(key, log, lambda own: self._steps_of(key, own))

    def _steps_of(self, key: TheoryKey, log: Log) -> dict[str, judge.Step]:
        theory = self._resolver.theory(key)
        assert theory is not None, "a theory that is used has been resolved"
        # Its argument may be circular; then none of its claims is shown.
        if self._circle(theory) is not None:
            circular = judge.Step("undetermined", "the theory's argument is circular")
            return {claim.name: circular for claim in theory.claims}
        decide = self.decider(theory, log)
        return judge.judge_steps(theory, Obligations(theory), decide, partial(self._theory_step, log))

    def _shows(
        self, case: Case, obligations: Obligations, judgement: judge.Judgement, decide: judge.Decide
    ) -> dict[str, str | None]:
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
            (answer,) = decide([obligations.value(show.text, show.term, value, show.span)])
            if isinstance(answer, Entailed):
                values[show.text] = spell_value(value)
        return values


def _in_order(logs: Sequence[Decided | Log], seen: set[int]) -> Iterator[Decided]:
    """What was decided, each thing once, where it would first be wanted if there were one thing after another."""
    for entry in logs:
        if isinstance(entry, Decided):
            yield entry
        elif id(entry) not in seen:
            seen.add(id(entry))
            yield from _in_order(entry, seen)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
