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
    """``1 error``, ``2 errors``, ``no error``-free counting: ``0 errors``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


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
    below = {name: (case.claims.get(name) or case.worries.get(name)) for name in names}
    frontier = [name for name in names if (known := below[name]) is None or not known.rests_on]
    above = [name for name in names if name not in frontier]
    told = list(_conditions(case, frontier))
    if above:
        told += [Piece("; through " + ("this" if len(frontier) == 1 else "these") + " on "), *_conditions(case, above)]
    return told


def _conditions(case: CaseReport, names: Sequence[str]) -> Iterator[Piece]:
    for number, name in enumerate(names):
        if number:
            yield Piece(", ")
        yield Piece(name, Style.STRONG)
        yield Piece(" (")
        yield Piece(condition(case, name), Style.WARN if lived_with(case, name) else Style.BAD)
        yield Piece(")")


def meaning(case: CaseReport) -> str:
    """What the verdict of a case or theory amounts to, in a sentence."""
    what = "claim" if case.kind == "theory" else "goal"
    match case.verdict:
        case "inconsistent":
            return "What is taken for granted contradicts itself, so nothing here counts as shown."
        case "undetermined":
            return (case.reason or "Whether the premises can hold together was not decided") + "."
        case "unproved":
            claims = case.claims if case.kind == "theory" else _goals(case)
            missing = [name for name, claim in claims.items() if claim.status == "unproved"]
            return f"Not shown: {listed(missing)}." if missing else f"Some {what} is not shown."
        case "conditional" if case.kind != "theory":
            rest = "with what is accepted" if case.passed else "as far as what they rest on does not occur"
            return f"The goals are valid under these assumptions, {rest}."
        case "established" if case.kind != "theory":
            return "The goals are valid under these assumptions."
        case _:
            return "Its claims are valid, barring the worries that they name."


def obstacles(case: CaseReport) -> list[str]:
    """Why a case does not pass, one phrase for each kind of reason. Empty for one that does."""
    if case.passed:
        return []
    worries = [
        name
        for name, worry in case.worries.items()
        if standing(worry.status) == "bad" or not all(lived_with(case, other) for other in worry.rests_on)
    ]
    held = {name for goal in _goals(case).values() for name in goal.rests_on if not lived_with(case, name)}
    impossible = [name for name, possible in case.possible.items() if possible.status != "satisfiable"]
    errors = sum(found.severity is Severity.ERROR for found in case.findings)
    told = []
    if held and case.verdict == "conditional":
        rests = [name for name in case.rests_on if name in held] or sorted(held)
        told.append(f"the goals rest on {listed(rests)}")
    if worries and case.kind != "theory" and case.verdict != "inconsistent":
        told.append(f"{counted(len(worries), 'worry', 'worries')} not answered")
    if impossible and case.verdict != "inconsistent":
        told.append(f"{listed(impossible)} not shown to be possible")
    if errors:
        told.append(counted(errors, "error"))
    return told


def _goals(case: CaseReport) -> dict[str, ClaimReport]:
    return {name: claim for name, claim in case.claims.items() if claim.goal}
