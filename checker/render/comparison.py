"""Two cases side by side, as text and as JSON; ``comparison.schema.json`` describes the latter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from checker.comparison import Compared, Comparison, Gained, Leaning, Revised, Side, Words
from checker.render.json import Object, options_data, written
from checker.render.words import counted, listed, status
from checker.render.wrap import Line, Piece, Row, Style, Text, fold, paint, table
from checker.report import Transition

NARROWEST, WIDEST = 40, 120
VERSION = 1

_DETAILS = {
    "theories": "Theories used",
    "meanings": "Names with another meaning",
    "words": "Symbols told in other words",
    "scope": "Scope",
    "evidence": "Evidence",
    "backing": "What answers for assumptions",
    "citations": "Citations and answers",
    "acceptances": "Acceptances",
    "values": "Values",
}


def render(compared: Compared, width: int, *, color: bool) -> str:
    """What changed in each pair of cases, what is for the worse before all else."""
    width = min(max(width, NARROWEST), WIDEST)
    blocks = [[*_comparison(one, width)] for one in compared.comparisons]
    for title, names in (("Only before", compared.cases.lost), ("Only after", compared.cases.gained)):
        if names:
            blocks.append([*fold([Piece(f"{title}: ", Style.STRONG), Piece(listed(names))], width)])
    blocks.append([*fold(_summary(compared), width)])
    return "\n".join("".join(f"{paint(line, color=color)}\n" for line in block) for block in blocks)


def _summary(compared: Compared) -> list[Piece]:
    worse = sum(len(one.worse) for one in compared.comparisons) + len(compared.cases.lost)
    told = f"Compared {counted(len(compared.comparisons), 'pair of cases', 'pairs of cases')}: "
    if worse:
        return [Piece(told), Piece(f"{counted(worse, 'thing')} got worse", Style.BAD), Piece(".")]
    return [Piece(told), Piece("nothing got worse", Style.GOOD), Piece(".")]


def _comparison(one: Comparison, width: int) -> Iterator[Line]:
    before, after = _called(one.before, one.after)
    title = [Piece("-- ", Style.FAINT), Piece(before, Style.STRONG), Piece(" -> "), Piece(after, Style.STRONG)]
    yield from fold(title, width, rest=3)
    yield from fold(
        [*_state(one.verdict.base, one.passed[0]), Piece(" -> "), *_state(one.verdict.variant, one.passed[1])], width
    )
    for section in _sections(one, width):
        lines = list(section)
        if lines:
            yield []
            yield from lines


def _called(before: Side, after: Side) -> tuple[str, str]:
    return f"{before.case.name} in {before.shown}", f"{after.case.name} in {after.shown}"


def _state(verdict: str | None, passed: bool) -> list[Piece]:
    return [Piece(f"{verdict}, {'passes' if passed else 'does not pass'}", Style.GOOD if passed else Style.BAD)]


def _sections(one: Comparison, width: int) -> Iterator[Iterable[Line]]:
    if one.worse:
        bullets = [line for text in one.worse for line in fold(text, width, first=[Piece("  - ", Style.FAINT)])]
        yield _section(Piece(f"For the worse ({len(one.worse)})", Style.BAD), bullets)
    else:
        yield [[Piece("Nothing is for the worse.", Style.GOOD)]]
    changed = {name: change for name, change in one.verdicts.items() if change.base != change.variant}
    yield _section("Verdicts that changed", table(_verdict_rows(changed), width) if changed else [])
    granted = [r for r in one.statements if r.stated_as in ("assumption", "axiom") and r.fate != "reworded"]
    yield _section("Taken for granted", _statements(granted, width))
    others = [r for r in one.statements if r.stated_as not in ("assumption", "axiom") and r.fate != "reworded"]
    yield _section("Claims, worries and what must stay possible", _statements(others, width))
    yield _section("Text and formula: one changed, and the other did not", _drifts(one.statements, width))
    yield _section("Leans on", _leanings(one.leanings, width))
    for what, title in _DETAILS.items():
        yield _section(title, _changes(one.details.get(what, {}).items(), width))
    yield _section(
        "Errors", [line for text in _errors(one.errors) for line in fold(text, width, first=[Piece("  ")], rest=4)]
    )


def _section(title: str | Piece, lines: Iterable[Line]) -> Iterator[Line]:
    below = list(lines)
    if below:
        yield [Piece(title, Style.STRONG) if isinstance(title, str) else title]
        yield from below


def _verdict_rows(changed: dict[str, Transition]) -> list[Row]:
    return [
        Row([Piece(name), _side(change.base), Piece("->", Style.FAINT), _side(change.variant)])
        for name, change in changed.items()
    ]


def _side(word: str | None) -> Piece:
    return Piece("-", Style.FAINT) if word is None else status(word)


def _statements(revised: Sequence[Revised], width: int) -> Iterator[Line]:
    rows = [
        Row([_fate(one), Piece(one.stated_as, Style.FAINT), Piece(one.name, Style.STRONG)], [*_remarks(one)])
        for one in revised
    ]
    yield from table(rows, width)


def _fate(one: Revised) -> Piece:
    match one:
        case Revised(fate="new" | "gone", given=tuple()):
            return Piece(one.fate, Style.GOOD)
        case Revised(fate="new" | "gone"):
            return Piece(one.fate, Style.WARN)
        case _:
            return Piece(one.relation or one.fate, Style.WARN if one.relation != "equivalent" else Style.GOOD)


def _remarks(one: Revised) -> Iterator[Text]:
    words = one.after or one.before
    assert words is not None
    yield words.doc or words.formula or ""
    by = f"by {listed(one.given)}" if one.given else "by definitions alone"
    match one:
        case Revised(fate="new", given=tuple()):
            yield f"it followed before, {by}"
        case Revised(fate="gone", given=tuple()):
            yield f"it follows now, {by}"
        case Revised(fate="gone", stated_as="assumption" | "axiom", reason=None):
            yield "it does not follow now"
        case Revised(fate="changed", before=Words(formula=old), after=Words(formula=new)) if old == new:
            yield "its words mean something else now"
        case Revised(fate="changed", before=Words(formula=old), after=Words(formula=new)):
            yield [Piece("was: ", Style.FAINT), Piece(old or "informal")]
            yield [Piece("is:  ", Style.FAINT), Piece(new or "informal")]
    if one.reason is not None:
        yield [Piece("not known: ", Style.WARN), Piece(one.reason)]


def _drifts(statements: Sequence[Revised], width: int) -> Iterator[Line]:
    rows = []
    for one in statements:
        if one.drifts and one.before is not None and one.after is not None:
            if one.fate == "reworded":
                told = [f"was: {one.before.doc or 'no text'}", f"is:  {one.after.doc or 'no text'}"]
                rows.append(Row([Piece(one.name), Piece("text alone", Style.WARN)], told))
            else:
                rows.append(Row([Piece(one.name), Piece("formula alone", Style.WARN)], [one.after.doc or "no text"]))
    yield from table(rows, width)


def _leanings(leanings: Sequence[Leaning], width: int) -> Iterator[Line]:
    rows = []
    for one in leanings:
        told = [
            f"{words} {listed(names)}"
            for words, names in (
                ("now rests on", one.rests_on.gained),
                ("no longer rests on", one.rests_on.lost),
                ("now uses", one.uses.gained),
                ("no longer uses", one.uses.lost),
            )
            if names
        ]
        rows.append(Row([Piece(one.name)], told))
    yield from table(rows, width)


def _changes(changes: Iterable[tuple[str, Transition]], width: int) -> Iterator[Line]:
    rows = [
        Row([Piece(name)], [f"was: {change.base or 'not there'}", f"is:  {change.variant or 'not there'}"])
        for name, change in changes
    ]
    yield from table(rows, width)


def _errors(errors: Gained) -> Iterator[list[Piece]]:
    for error in errors.gained:
        yield [Piece("new: ", Style.BAD), Piece(error)]
    for error in errors.lost:
        yield [Piece("gone: ", Style.GOOD), Piece(error)]


# -- as data -----------------------------------------------------------------------------------------------------------


def dumps(compared: Compared) -> str:
    """The comparison as JSON text that ends in a line break: the same text for the same cases."""
    return (
        written(
            {
                "version": VERSION,
                "worse": compared.is_worse,
                "options": options_data(compared.after.options),
                "comparisons": [_data(one) for one in compared.comparisons],
                "cases": _gained(compared.cases),
            }
        )
        + "\n"
    )


def schema() -> Object:
    """The JSON Schema (draft 2020-12) of what ``dumps`` writes."""
    path = Path(__file__).resolve().parent.parent / "comparison.schema.json"
    loaded: Object = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _data(one: Comparison) -> Object:
    return {
        "before": _side_data(one.before),
        "after": _side_data(one.after),
        "worse": list(one.worse),
        "verdicts": _transitions(one.verdicts.items()),
        "statements": [_revised(revised) for revised in one.statements],
        "leanings": {
            leaning.name: {"rests_on": _gained(leaning.rests_on), "uses": _gained(leaning.uses)}
            for leaning in one.leanings
        },
        "details": {what: _transitions(changes.items()) for what, changes in one.details.items()},
        "errors": _gained(one.errors),
    }


def _side_data(side: Side) -> Object:
    return {
        "name": side.case.name,
        "file": side.shown,
        "verdict": side.report.verdict,
        "passed": side.report.passed,
    }


def _transitions(changes: Iterable[tuple[str, Transition]]) -> Object:
    return {name: {"before": change.base, "after": change.variant} for name, change in changes}


def _gained(gained: Gained) -> Object:
    return {"gained": list(gained.gained), "lost": list(gained.lost)}


def _revised(one: Revised) -> Object:
    return {
        "kind": one.stated_as,
        "name": one.name,
        "fate": one.fate,
        "before": _words(one.before),
        "after": _words(one.after),
        "relation": one.relation,
        "reason": one.reason,
        "given": None if one.given is None else list(one.given),
        "drifts": one.drifts,
    }


def _words(words: Words | None) -> Object | None:
    return None if words is None else {"doc": words.doc, "formula": words.formula}
