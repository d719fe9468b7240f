"""Whether one report shows no more than another on the same input: what a failing solver may lead to.

``more(usual, found)`` lists all that ``found`` says and that the report of a run without faults does not, given that
all of the other is true. A verdict may only turn into "not decided", and what rests on it accordingly:

- a step, a possible, the consistency of a case: the same, or ``undetermined``;
- a claim: the same, or lower in ``established``, ``conditional``, ``unproved``;
- a worry: the same or ``undetermined`` or, where an acceptance stands, ``accepted``; ``dispelled`` may turn into
  ``assumed`` or ``conditional``, and ``assumed`` into ``conditional``, but not the other way round. ``refuted`` may
  turn into ``open`` and, as what is open can be accepted, ``accepted``. What does not count as the premises contradict
  each other may turn into what claims nothing, too: ``open``, ``accepted``, ``informal``;
- the verdict on a case: the same, lower, or ``undetermined``; ``inconsistent`` where an acceptance stands all of a
  sudden, as what is accepted is a premise;
- ``rests_on``: if it is empty, it was; what may be missing from it is no more than what stands under something that
  was not decided and is in it;
- a value shown: the same, or none; a relation of a variant to its base: the same, or ``undetermined``;
- a case that does not pass: does not pass; the exit status: the same, or 1 where it was 0.

One thing is different on purpose. Authors may accept a claim whose step is undetermined, and not one that is invalid.
So where a claim is accepted and its step invalid, a fault may make the acceptance stand. ``acceptable`` allows for it:
then ``passed`` may turn, and the report lists the claim, as accepted and not decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.report import CaseReport, ClaimReport, PremiseSets, Reading, Report, WorryReport

_CLAIMS = ("unproved", "conditional", "established")
_CASES = ("unproved", "conditional", "established")
_ANSWERED = ("conditional", "assumed", "dispelled")


def more(usual: Report, found: Report, *, acceptable: bool = False) -> list[str]:
    """All that ``found`` shows and ``usual`` does not, in words; empty if there is nothing."""
    said = []
    if found.exit_status != usual.exit_status and (usual.exit_status, found.exit_status) != (0, 1) and not acceptable:
        said.append(f"the exit status is {found.exit_status} instead of {usual.exit_status}")
    if found.passed and not usual.passed and not acceptable:
        said.append("the run passes")
    before = [(case.name, set(case.claims), set(case.worries), set(case.possible)) for case in usual.cases]
    after = [(case.name, set(case.claims), set(case.worries), set(case.possible)) for case in found.cases]
    if before != after:
        return [*said, f"it tells of {after} instead of {before}"]
    for one, other in zip(usual.cases, found.cases, strict=True):
        said += [f"{one.name}: {what}" for what in _more_of_case(one, other, acceptable)]
    return said


def _more_of_case(usual: CaseReport, found: CaseReport, acceptable: bool) -> Iterator[str]:
    if found.passed and not usual.passed and not acceptable:
        yield "it passes"
    if found.passed and found.verdict not in ("established", "conditional"):
        yield f"it passes, and is {found.verdict}"
    newly = {n for n, w in found.worries.items() if w.status == "accepted" != usual.worries[n].status}
    newly |= {n for n, c in found.claims.items() if c.accepted and not usual.claims[n].accepted}
    failed = any(finding.code == "accepted-failure" for finding in usual.findings)
    allowed = (usual.verdict, "undetermined", *(["inconsistent"] if newly or failed else []))
    if not (found.verdict in allowed or _lower(_CASES, usual.verdict, found.verdict)):
        yield f"it is {found.verdict} instead of {usual.verdict}"
    for name, claim in found.claims.items():
        yield from _more_of_claim(name, usual.claims[name], claim)
    for name, worry in found.worries.items():
        yield from _more_of_worry(name, usual.worries[name], worry, doubt=usual.verdict == "inconsistent")
    for name, possible in found.possible.items():
        if possible.status not in (usual.possible[name].status, "undetermined"):
            yield f"{name} is {possible.status} instead of {usual.possible[name].status}"
    for text, value in found.shows.items():
        if value is not None and value != usual.shows[text]:
            yield f"{text} is {value} instead of {usual.shows[text]}"
    if usual.rests_on and not found.rests_on and found.claims:
        yield f"it rests on nothing instead of {usual.rests_on}"
    yield from _more_of_strength(usual, found)


def _lower(order: tuple[str, ...], usual: str, found: str) -> bool:
    return usual in order and found in order and order.index(found) <= order.index(usual)


def _more_of_claim(name: str, usual: ClaimReport, found: ClaimReport) -> Iterator[str]:
    if found.step not in (usual.step, "undetermined"):
        yield f"the step of {name} is {found.step} instead of {usual.step}"
    if not _lower(_CLAIMS, usual.status, found.status):
        yield f"{name} is {found.status} instead of {usual.status}"
    if usual.rests_on and not found.rests_on:
        yield f"{name} rests on nothing instead of {usual.rests_on}"
    if not set(found.used) <= {*found.cites, *found.barring}:
        yield f"{name} uses what it does not cite: {found.used}"
    if (found.scenario is not None) and usual.step != "invalid":
        yield f"{name} has a scenario"
    yield from _more_sets(name, usual.suffice, found.suffice)
    yield from _more_sets(name, usual.fixes, found.fixes)


def _more_of_worry(name: str, usual: WorryReport, found: WorryReport, *, doubt: bool) -> Iterator[str]:
    for what, before, after in (
        ("", usual.status, found.status),
        (", acceptance aside", usual.without_acceptance, found.without_acceptance),
    ):
        lower = _lower(_ANSWERED, before, after)
        accepted = after == "accepted" and found.accepted is not None
        unsettled = (before == "refuted" and after == "open") or (doubt and after in ("open", "informal"))
        if not (after in (before, "undetermined") or lower or accepted or unsettled):
            yield f"{name} is {after} instead of {before}{what}"
    yield from _more_sets(name, usual.suffice, found.suffice)
    yield from _more_sets(name, usual.fixes, found.fixes)


def _more_sets(name: str, usual: PremiseSets | None, found: PremiseSets | None) -> Iterator[str]:
    """Each set that is said to suffice must hold one that does; and that there are no others must be true."""
    if found is None or usual is None or not usual.complete:
        return
    for one in found.sets:
        if not any(set(known) <= set(one) for known in usual.sets):
            yield f"{one} is said to suffice for {name}, and {usual.sets} do"
    if found.complete and set(map(frozenset, found.sets)) != set(map(frozenset, usual.sets)):
        yield f"{found.sets} are said to be all that suffice for {name}, and {usual.sets} do"


def _more_of_strength(usual: CaseReport, found: CaseReport) -> Iterator[str]:
    if usual.strength is None or found.strength is None:
        return
    readings: list[tuple[Reading, Reading]] = []
    if usual.strength.ported is not None and found.strength.ported is not None:
        readings.append((usual.strength.ported, found.strength.ported))
    before, after = usual.strength, found.strength
    yield from _more_of_reading(before.relation, after.relation, before.left, after.left)
    for one, other in readings:
        yield from _more_of_reading(one.relation, other.relation, one.left, other.left)


def _more_of_reading(
    usual: str, found: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[str]:
    if found not in (usual, "undetermined"):
        yield f"what it assumes anew is {found} instead of {usual}"
    for name, left in after.items():
        one, other = getattr(before[name], "status", None), getattr(left, "status", None)
        if other not in (one, "undetermined"):
            yield f"{name} is {other} instead of {one}"
