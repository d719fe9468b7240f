"""What would close what is open, and which citations are enough for what is shown, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.render.words import listed
from checker.render.wrap import Line, Piece, Style, Text, fold
from checker.report import CaseReport, PremiseSets

MOST_SHOWN = 4
"""How many sets are told. The JSON report has more."""


def fixes_lines(outcome: str, fixes: PremiseSets | None, case: CaseReport, width: int) -> Iterator[Line]:
    """What would have this outcome (``close it``), a set a line, or that nothing would; no line if nobody looked."""
    if fixes is None:
        return
    yield from fold(_title(outcome, fixes), width, first=[Piece("    ")])
    for one in fixes.sets[:MOST_SHOWN]:
        yield from fold(_added(one, case), width, first=[Piece("      - ", Style.FAINT)])
    more = _more(fixes) if fixes.sets else ""
    if more:
        yield from fold(Piece(more, Style.FAINT), width, first=[Piece("        ")])


def _title(outcome: str, fixes: PremiseSets) -> str:
    if fixes.sets:
        return f"{'Any of these' if len(fixes.sets) > 1 else 'This'} would {outcome}:"
    if fixes.complete:
        return (
            f"No known mitigations and assumptions that go together with the case, none resting on it, would {outcome}."
        )
    return f"No known mitigations and assumptions were found that would {outcome}, but not everything was decided."


def _added(names: Sequence[str], case: CaseReport) -> str:
    """``citing a, adopting b and c``."""
    cited = [name for name in names if name in case.assumptions]
    adopted = [name for name in names if name not in case.assumptions]
    parts = [f"citing {listed(cited)}" if cited else "", f"adopting {listed(adopted)}" if adopted else ""]
    return ", and ".join(part for part in parts if part)


def _more(found: PremiseSets) -> str:
    left = len(found.sets) - MOST_SHOWN
    if left > 0:
        return f"and {left} more{'' if found.complete else ', perhaps others'}"
    return "" if found.complete else "and perhaps others"


def enough(suffice: PremiseSets | None) -> Iterator[Text]:
    """Where several sets of citations are enough: which, and what is in all of them."""
    if suffice is None or len(suffice.sets) < 2:
        return
    load_bearing = [name for name in suffice.sets[0] if all(name in one for one in suffice.sets)]
    rest = [[name for name in one if name not in load_bearing] for one in suffice.sets[:MOST_SHOWN]]
    needed = f"{listed(load_bearing)}, and with that any of: " if load_bearing else "any of: "
    more = _more(suffice)
    told = [f"({listed(one)})" if len(one) > 1 else listed(one) for one in rest]
    yield [
        Piece("enough is ", Style.FAINT),
        Piece(needed + "; ".join(told)),
        Piece(f"; {more}" if more else "", Style.FAINT),
    ]
