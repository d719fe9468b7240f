"""The words that reports are told in: numbers of things, lists, and what a verdict amounts to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from checker.findings import Severity
from checker.render.wrap import Piece, Style
from checker.report import CaseReport, ClaimReport

Standing = Literal["good", "fair", "bad"]
"""How well something stands: shown, shown but for something else or lived with, or not shown."""

_GOOD = ("established", "dispelled", "assumed", "satisfiable", "current")
_FAIR = ("conditional", "accepted", "hypothesis")


def standing(status: str) -> Standing:
    """How well a claim or worry of this status stands."""
    return "good" if status in _GOOD else "fair" if status in _FAIR else "bad"


def status(word: str) -> Piece:
    """A status in its colour."""
    return Piece(word, {"good": Style.GOOD, "fair": Style.WARN, "bad": Style.BAD}[standing(word)])


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 error``, ``2 errors``, ``0 errors``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def kinds(cases: Sequence[CaseReport]) -> str:
    """How many cases, variants and theories there are: ``2 cases and 1 theory``."""
    found = [case.kind for case in cases]
    parts = [
        counted(found.count("case"), "case"),
        counted(found.count("variant"), "variant"),
        counted(found.count("theory"), "theory", "theories"),
    ]
    return listed([part for part in parts if not part.startswith("0 ")])


def condition(case: CaseReport, name: str) -> str:
    """What is the matter with something that others rest on: the status of a worry, the step of a claim."""
    if name in case.worries:
        return case.worries[name].status
    if name not in case.claims:
        return "not settled"
    claim = case.claims[name]
    return f"{claim.step}, accepted" if claim.accepted is not None else claim.step


def lived_with(case: CaseReport, name: str) -> bool:
    """Whether something that others rest on is accepted by name, with a reason."""
    known = case.worries.get(name) or case.claims.get(name)
    return known is not None and known.accepted is not None


def resting(case: CaseReport, names: Sequence[str]) -> list[Piece]:
    """What something rests on, the frontier first: that which rests on nothing else itself."""
    frontier, above = _frontier(case, names)
    told = list(_conditions(case, frontier))
    if above:
        told += [Piece("; through " + ("this" if len(frontier) == 1 else "these") + " on "), *_conditions(case, above)]
    return told


def _frontier(case: CaseReport, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names of things that rest on nothing else themselves, and the other names."""
    known = {name: case.claims.get(name) or case.worries.get(name) for name in names}
    frontier = [name for name, thing in known.items() if thing is None or not thing.rests_on]
    return frontier, [name for name in names if name not in frontier]


def _conditions(case: CaseReport, names: Sequence[str]) -> Iterator[Piece]:
    for number, name in enumerate(names):
        if number:
            yield Piece(", ")
        yield Piece(name, Style.STRONG)
        yield Piece(" (")
        yield Piece(condition(case, name), Style.WARN if lived_with(case, name) else Style.BAD)
        yield Piece(")")


def meaning(case: CaseReport) -> list[Piece]:
    """What the verdict of a case or theory amounts to, in a sentence."""
    match case.verdict:
        case "inconsistent":
            return [Piece("What is taken for granted contradicts itself, so nothing here counts as shown.")]
        case "undetermined":
            return [Piece(f"Nothing here counts as shown: {case.reason or 'no clear answer'}.")]
        case "unproved":
            claims = case.claims if case.kind == "theory" else _goals(case)
            missing = [name for name, claim in claims.items() if claim.status == "unproved"]
            return [Piece(f"Not shown: {listed(missing)}." if missing else "Not everything is shown.")]
        case "conditional" if case.kind != "theory":
            if all(lived_with(case, name) for name in case.rests_on):
                told = "The goals are valid under these assumptions, living with "
            else:
                told = "The goals are valid under these assumptions only if what they rest on turns out well: "
            return [Piece(told), *resting(case, case.rests_on), Piece(".")]
        case "established" if case.kind != "theory":
            return [Piece("The goals are valid under these assumptions.")]
        case _:
            return [Piece("Its claims are valid, barring the worries that they name.")]


def counts(case: CaseReport) -> bool:
    """Whether verdicts of this case count for anything: not if its premises were not shown to hold together."""
    return case.verdict not in ("inconsistent", "undetermined")


def obstacles(case: CaseReport) -> list[str]:
    """Why a case does not pass, a clause for each kind of reason. Empty for one that does."""
    if case.passed:
        return []
    told: list[str] = []
    if case.kind != "theory" and counts(case):
        told += _missing(case)
    impossible = [name for name, possible in case.possible.items() if possible.status != "satisfiable"]
    if impossible and case.verdict != "inconsistent":
        told.append(f"{listed(impossible)} {_are(impossible)} not shown to be possible")
    errors = [found for found in case.findings if found.severity is Severity.ERROR]
    if errors:
        told.append(f"there {_are(errors)} {counted(len(errors), 'error')}")
    return told


def _missing(case: CaseReport) -> Iterator[str]:
    frontier, above = _frontier(case, case.rests_on)
    held = [name for name in (*frontier, *above) if not lived_with(case, name)]
    if held:
        yield f"the goals rest on {listed(held)}"
    unanswered = [
        name
        for name, worry in case.worries.items()
        if standing(worry.status) == "bad"
        or (worry.status == "conditional" and not all(lived_with(case, other) for other in worry.rests_on))
    ]
    if unanswered:
        yield f"{counted(len(unanswered), 'worry', 'worries')} {_are(unanswered)} not answered"


def _are(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def _goals(case: CaseReport) -> dict[str, ClaimReport]:
    return {name: claim for name, claim in case.claims.items() if claim.goal}
