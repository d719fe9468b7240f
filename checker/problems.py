"""Everything in a report that somebody should look at, as one list.

Findings are not all that keeps a case from passing: an open worry is a verdict, with a scenario and no finding.
Formats that know nothing but messages at places (SARIF, workflow commands), and a baseline, need both alike. So a case
that does not pass has at least one problem that says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from checker.codes import VERDICTS
from checker.findings import Finding, Fix, Related, Severity
from checker.report import CaseReport, ClaimReport, Report, Scenario, WorryReport
from checker.source import Span

Lifted = Literal["accepted", "silenced"]
"""Why a problem does not count: somebody decided to live with it, or settings silence it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at.

    ``case`` is None for what belongs to no case. ``words`` are the doc string of what it is about, ``details`` further
    sentences, and ``scenario`` the situation that shows it. ``rests_on`` names what a conclusion hangs on without
    anybody's decision. ``wording`` is what tells it from others of its code about the same thing, and is empty for
    verdicts. If ``lifted``, ``reason`` says why.
    """

    code: str
    severity: Severity
    case: CaseReport | None
    about: str
    message: str
    span: Span
    words: str = ""
    details: tuple[str, ...] = ()
    scenario: Scenario | None = None
    related: tuple[Related, ...] = ()
    rests_on: tuple[str, ...] = ()
    fix: Fix | None = None
    wording: str = ""
    meaning: str = ""
    lifted: Lifted | None = None
    reason: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it keeps its case, or the run, from passing."""
        return self.severity is Severity.ERROR and self.lifted is None


def problems(report: Report) -> list[Problem]:
    """All problems of a run, case by case, those of no case last. What is accepted or silenced is among them."""
    found = [problem for case in report.cases for problem in problems_of(case)]
    found += [_found(None, one) for one in report.findings]
    found += [_found(None, one, "silenced") for one in report.silenced]
    return found


def problems_of(case: CaseReport) -> list[Problem]:
    """The problems of one case: its verdicts, then its findings."""
    said = {(found.code, found.about) for found in case.findings if found.severity is Severity.ERROR}
    verdicts = [problem for problem in _verdicts(case) if not _said_already(problem, said)]
    findings = [_found(case, one) for one in case.findings]
    findings += [_found(case, one, "silenced") for one in case.silenced]
    blocking = any(problem.blocks for problem in (*verdicts, *findings))
    last = [] if case.passed or blocking else [_verdict(case, "not-passed", case.name, case.span, how="see the report")]
    return [*verdicts, *findings, *last]


def _said_already(problem: Problem, said: set[tuple[str, str | None]]) -> bool:
    """Whether an error says the same as a verdict."""
    by = {"unproved-goal": "invalid-step", "unshown-claim": "invalid-step"}.get(problem.code)
    return by is not None and (by, problem.about) in said


def _found(case: CaseReport | None, found: Finding, lifted: Lifted | None = None) -> Problem:
    about = found.about or ""
    claim = case.claims.get(about) if case is not None and found.code == "invalid-step" else None
    related = found.related if claim is None or case is None else (*found.related, *_cited(case, claim))
    return Problem(
        code=found.code,
        severity=found.severity,
        case=case,
        about=about,
        message=found.message,
        span=found.span,
        details=(found.hint,) if found.hint else (),
        scenario=None if claim is None else claim.scenario,
        related=related,
        fix=found.fix,
        wording=" ".join(found.message.split()),
        meaning=_meaning(case, about),
        lifted=lifted,
        reason="silenced by the settings of the project" if lifted else "",
    )


def _verdict(case: CaseReport, code: str, about: str, span: Span, how: str = "", **fields: object) -> Problem:
    entry = VERDICTS[code]
    message = entry.message.format(about=about, how=how)
    meaning = _meaning(case, about)
    return Problem(code, Severity(entry.severity), case, about, message, span, meaning=meaning, **fields)  # type: ignore[arg-type]


def _verdicts(case: CaseReport) -> Iterator[Problem]:
    if case.verdict == "undetermined":
        yield _verdict(case, "undetermined-case", case.name, case.span, case.reason or "no clear answer")
    for name, claim in case.claims.items():
        yield from _of_claim(case, name, claim)
    if case.kind != "theory" and case.verdict != "inconsistent":
        for name, worry in case.worries.items():
            yield from _of_worry(case, name, worry)
    if case.verdict != "inconsistent":
        for name, possible in case.possible.items():
            if possible.status == "undetermined":
                why = possible.reason or "no clear answer"
                yield _verdict(case, "undetermined-possible", name, possible.span, how=why, words=possible.doc or "")


def _of_claim(case: CaseReport, name: str, claim: ClaimReport) -> Iterator[Problem]:
    words = claim.doc or ""
    held = tuple(other for other in claim.rests_on if not is_accepted(case, other))
    if claim.accepted is not None:
        yield _verdict(case, "accepted-claim", name, claim.span, words=words, lifted="accepted", reason=claim.accepted)
    if claim.goal and claim.status == "unproved":
        how = _step(claim)
        if case.verdict == "inconsistent":
            how = "from premises that contradict each other anything follows"
        elif claim.step == "valid":
            how = case.reason or "nothing here counts as shown"
        yield _verdict(
            case, "unproved-goal", name, claim.span, how=how, words=words,
            scenario=claim.scenario, related=tuple(_cited(case, claim)), rests_on=held,
        )  # fmt: skip
    elif claim.goal and held:
        yield _verdict(case, "conditional-goal", name, claim.span, how=listed(held), words=words, rests_on=held)
    elif claim.step != "valid" and claim.accepted is None and _matters(case, name):
        yield _verdict(
            case, "unshown-claim", name, claim.span, how=_step(claim), words=words,
            scenario=claim.scenario, related=tuple(_cited(case, claim)),
        )  # fmt: skip


def _matters(case: CaseReport, name: str) -> bool:
    """Whether something that has to hold rests on a claim."""
    if case.verdict == "inconsistent":
        return False
    if case.kind == "theory":
        return not any(found.code == "checked-in-each-use" and found.about == name for found in case.findings)
    return name in case.rests_on or any(name in worry.rests_on for worry in case.worries.values())


def _step(claim: ClaimReport) -> str:
    """Why a step is not valid."""
    match claim.step:
        case "invalid":
            return f"it does not follow from {listed([*claim.cites, *claim.barring]) or 'nothing'}"
        case "undeveloped":
            return claim.reason or "it cites nothing"
        case "informal":
            return claim.reason or "it has no formula"
        case _:
            return claim.reason or "no clear answer"


def _of_worry(case: CaseReport, name: str, worry: WorryReport) -> Iterator[Problem]:
    how = worry.reason or "no clear answer"
    held = tuple(other for other in worry.rests_on if not is_accepted(case, other))
    known = [mitigation for mitigation, entry in worry.mitigations.items() if not entry.adopted]
    details = (f"Known mitigations: {listed(known)}.",) if known else ()
    match worry.status:
        case "open":
            code = "open-worry"
            how = (
                "nothing answers it" if worry.cites is None else f"{listed(worry.cites) or 'nothing'} does not suffice"
            )
        case "refuted":
            code = "refuted-worry"
            how = listed([*worry.used, *worry.axioms]) or "definitions alone"
        case "undetermined":
            code = "undetermined-worry"
        case "informal":
            code = "informal-worry"
        case "conditional" if held:
            code, how = "conditional-worry", listed(held)
        case "accepted":
            code = "accepted-worry"
        case _:
            return
    accepted = worry.status == "accepted"
    yield _verdict(
        case, code, name, worry.span, how=how, words=worry.doc or "", scenario=worry.scenario, rests_on=held,
        details=() if accepted else details, lifted="accepted" if accepted else None, reason=worry.accepted or "",
    )  # fmt: skip


def is_accepted(case: CaseReport, name: str) -> bool:
    """Whether somebody decided to live with something that others rest on."""
    known = case.worries.get(name) or case.claims.get(name)
    return known is not None and known.accepted is not None


def _cited(case: CaseReport, claim: ClaimReport) -> Iterator[Related]:
    """Where the things stand that a step cites."""
    for name in (*claim.cites, *claim.barring):
        known = case.assumptions.get(name) or case.claims.get(name) or case.worries.get(name)
        if known is not None:
            yield Related(known.span, f"`{name}` is cited")


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names in backticks, in a sentence."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def at_home(problem: Problem) -> tuple[Span, tuple[Related, ...]]:
    """Where a problem is to be shown, and the other places that help to understand it.

    What is wrong with a case is wrong in its file, also where it is about something that a theory states: there it is
    shown at the use of the theory or, if that is not to be found, where the case begins.
    """
    case = problem.case
    if case is None or not case.span.line or problem.span.file == case.span.file or not problem.span.line:
        return problem.span, problem.related
    there = Related(problem.span, f"`{problem.about}` is stated here" if problem.about else "it is about this")
    uses = {use.alias: use.span for use in case.theories if use.span.file == case.span.file and use.span.line}
    parts = problem.about.split(".")
    for end in range(len(parts) - 1, 0, -1):
        if (alias := ".".join(parts[:end])) in uses:
            return uses[alias], (there, *problem.related)
    return case.span, (there, *problem.related)


# -- telling problems apart ------------------------------------------------------------------------------------------


def _meaning(case: CaseReport | None, about: str) -> str:
    """A hash of what is said of the thing that a problem is about; empty where nothing is known of it."""
    if case is None:
        return ""
    claim = case.claims.get(about)
    if claim is not None:
        # Another step to the same conclusion is another step.
        return _digest(claim.meaning, claim.doc or "", claim.formula or "", *claim.cites, "", *claim.barring)
    stated = case.worries.get(about) or case.assumptions.get(about) or case.possible.get(about)
    if stated is not None:
        return _digest(stated.meaning, stated.doc or "", stated.formula or "")
    axiom = case.axioms.get(about)
    if axiom is not None:
        return _digest(axiom.doc or "", axiom.formula)
    evidence = case.evidence.get(about)
    if evidence is not None:
        return _digest(evidence.doc or "", *_flat(evidence.attributes))
    return ""


def _flat(attributes: Mapping[str, str]) -> Iterator[str]:
    for key, value in attributes.items():
        yield from (key, value)


def known_numbers(report: Report, found: list[Problem]) -> set[int]:
    """Which of these problems, by their numbers in the list, the baseline of the report knows."""
    known = () if report.baseline is None else report.baseline.known
    left = Counter((one.shown, one.case, one.code, one.about, one.message, one.meaning) for one in known)
    numbers = set()
    for number, problem in enumerate(found):
        if problem.blocks and problem.case is not None:
            case = problem.case
            key = (case.span.file, case.name, problem.code, problem.about, problem.wording, problem.meaning)
            if left[key] > 0:
                left[key] -= 1
                numbers.add(number)
    return numbers


def fingerprints(found: list[Problem]) -> list[str]:
    """For each problem a text that stays the same while lines and other problems come and go.

    It depends on the code, the case, the thing that it is about and, for a finding, its message. Several alike are
    numbered.
    """
    seen: dict[str, int] = {}
    told = []
    for problem in found:
        case = "" if problem.case is None else problem.case.name
        digest = _digest(problem.code, case, problem.about, problem.wording)[:32]
        seen[digest] = seen.get(digest, 0) + 1
        told.append(f"{digest}:{seen[digest]}")
    return told


def _digest(*parts: str) -> str:
    """A hash that no two sequences of texts share."""
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
