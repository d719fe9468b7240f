"""A variant beside the case that it starts from: what it changes, and which verdicts carry over, are lost, are gained."""

from __future__ import annotations

from collections.abc import Iterator

from checker.render.words import standing, status
from checker.render.wrap import Line, Piece, Row, Style, fold, table
from checker.report import CaseReport, Transition

_RANK = {"bad": 0, "fair": 1, "good": 2}

TITLES = {
    "lost": "lost",
    "gained": "gained",
    "missing": "not shown in either",
    "kept": "carried over",
    "new": "only in this variant",
    "gone": "only in the base",
}
"""The groups of a comparison, in the order in which they are told."""


def beside_base(case: CaseReport, width: int) -> Iterator[Line]:
    """The comparison of a variant with its base. Nothing for what has no base."""
    if case.base is None:
        return
    yield [Piece(f"Beside {case.base}", Style.STRONG)]
    changes = {
        "declared anew": case.replaced,
        "dropped": case.dropped,
        "no longer meant": case.changed,
    }
    for words, names in changes.items():
        if names:
            yield from fold(", ".join(names), width, first=[Piece(f"  {words}: ", Style.FAINT)], rest=4)
    groups: dict[str, list[Row]] = {}
    for name, transition in case.comparison.items():
        cells = [_side(transition.base), Piece("->", Style.FAINT), _side(transition.variant)]
        groups.setdefault(group(transition), []).append(Row(cells, [Piece(name)]))
    for key, title in TITLES.items():
        if key in groups:
            yield [Piece(f"  {title} ({len(groups[key])})")]
            yield from table(groups[key], width, indent=4)


def group(transition: Transition) -> str:
    """The key in ``TITLES`` of what became of a claim or worry."""
    match transition:
        case Transition(base=None):
            return "new"
        case Transition(variant=None):
            return "gone"
        case Transition(base=str(before), variant=str(after)):
            old, new = _RANK[standing(before)], _RANK[standing(after)]
            if old != new:
                return "gained" if new > old else "lost"
            return "kept" if new else "missing"
    raise AssertionError("a transition has two sides")


def _side(word: str | None) -> Piece:
    return Piece("-", Style.FAINT) if word is None else status(word)
