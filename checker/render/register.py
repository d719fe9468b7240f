"""The register of worries, as text and as JSON; ``register.schema.json`` describes the latter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from checker.register import Entry, Register, Shelf, only, soonest
from checker.render.json import Object, finding_data, options_data, place, scenario_data, written
from checker.render.words import counted, listed, resting, standing, status
from checker.render.wrap import Line, Piece, Row, Style, Text, columns, fold, paint, table, visible
from checker.report import AcceptanceReport, CaseReport, Report, WorryStatus

NARROWEST, WIDEST = 40, 120
VERSION = 1


def render(report: Report, registers: Sequence[Register], statuses: Sequence[str], width: int, *, color: bool) -> str:
    """The worries of these statuses (none: of all), case by case and theory by theory, and then all acceptances.

    ``report`` is what the registers are of, and has to say how the cases fare.
    """
    width = min(max(width, NARROWEST), WIDEST)
    blocks: list[list[Line]] = []
    for found in registers:
        shown = only(found, statuses)
        if shown.entries or not statuses:
            blocks.append([*_register(shown, _report_on(report, found), width)])
    acceptances = soonest([only(found, statuses) for found in registers])
    if acceptances:
        blocks.append([*_acceptances(acceptances, report.options.today, width)])
    blocks.append([*fold(_summary(registers, statuses), width)])
    return "\n".join("".join(f"{paint(line, color=color)}\n" for line in block) for block in blocks)


def _report_on(report: Report, found: Register) -> CaseReport:
    return next(case for case in report.cases if (case.name, case.span) == (found.name, found.span))


def _register(found: Register, case: CaseReport, width: int) -> Iterator[Line]:
    verdict = f"{found.verdict}, {'passes' if found.passed else 'does not pass'}"
    title = [
        Piece("-- ", Style.FAINT),
        Piece(visible(f"{found.kind} {found.name}"), Style.STRONG),
        Piece(": "),
        Piece(verdict, Style.GOOD if found.passed else Style.BAD),
    ]
    where = visible(f"{found.span.file}:{found.span.line}")
    room = width - sum(columns(piece.text) for piece in title) - columns(where) - 2
    if room >= 2:
        yield [*title, Piece(f" {'-' * room} ", Style.FAINT), Piece(where, Style.PLACE)]
    else:
        yield from fold(title, width, rest=3)
        yield [Piece("   "), Piece(where, Style.PLACE)]
    if not found.entries:
        yield [Piece("  no known worry")]
    for number, shelf in enumerate(found.shelves):
        if number:
            yield []
        yield from _shelf(shelf, case, width)


def _shelf(shelf: Shelf, case: CaseReport, width: int) -> Iterator[Line]:
    if shelf.use is None:
        title = [Piece(f"Stated by {case.name} itself", Style.STRONG)]
    else:
        name = shelf.use.theory.name
        alias = f" as {shelf.use.alias}" if shelf.use.alias != name else ""
        title = [Piece(f"{name}{alias}", Style.STRONG), Piece(f" from {shelf.use.file}", Style.FAINT)]
    yield from fold(title, width, rest=2)
    for source in shelf.sources:
        yield from fold(Piece(f"source: {source}", Style.FAINT), width, first=[Piece("  ")], rest=4)
    rows = [
        Row(
            [status(entry.status), Piece(entry.name)],
            [entry.worry.doc or entry.worry.formula or "", *_told(entry, case)],
        )
        for entry in shelf.entries
    ]
    yield from table(rows, width)


def _told(entry: Entry, case: CaseReport) -> Iterator[Text]:
    """What answers a worry or, where nothing does, what is known to."""
    worry = entry.worry
    by = listed([*worry.used, *worry.axioms])
    match worry.status:
        case "dispelled" | "assumed" | "conditional":
            yield [Piece("by ", Style.FAINT), Piece(by or "definitions alone")]
        case "refuted":
            yield [Piece("it is shown to occur, by ", Style.BAD), Piece(by or "definitions alone")]
        case "open":
            cited = listed(worry.cites or ())
            yield "nothing answers it" if worry.cites is None else f"its answer, by {cited or 'nothing'}, does not do"
        case _ if worry.reason:
            yield worry.reason
    if entry.acceptance is not None:
        yield _acceptance(entry.acceptance)
    if worry.rests_on:
        yield [Piece("rests on "), *resting(case, worry.rests_on)]
    if worry.because:
        yield f"because: {worry.because}"
    if worry.unacceptable:
        yield Piece("unacceptable: whoever wrote it down wants an answer", Style.BAD)
    if worry.against:
        yield f"against {listed(worry.against)}"
    if standing(worry.status) != "good" and worry.status != "conditional":
        for name, known in worry.mitigations.items():
            adopted = " (adopted)" if known.adopted else ""
            yield [Piece(f"mitigation {name}{adopted}: ", Style.FAINT), Piece(known.doc or known.formula)]
    if entry.source is not None:
        yield Piece(f"source: {entry.source}", Style.FAINT)


def _acceptance(lived: AcceptanceReport) -> list[Piece]:
    owner = lived.owner or "nobody named"
    until = f" until {lived.until}" if lived.until is not None else ""
    if not lived.stands:
        return [Piece("the acceptance does not count", Style.BAD), Piece(f": {lived.why} [{owner}{until}]")]
    return [Piece("lived with", Style.WARN), Piece(f": {lived.why} [{owner}{until}]")]


def _acceptances(lived: Sequence[tuple[Register, Entry, AcceptanceReport]], today: str, width: int) -> Iterator[Line]:
    yield [Piece("Acceptances, the soonest to end first", Style.STRONG)]
    rows = []
    for found, entry, acceptance in lived:
        until = "no end" if acceptance.until is None else acceptance.until
        past = acceptance.until is not None and until < today
        owner = acceptance.owner or "nobody named"
        cells = [Piece(until, Style.BAD if past else Style.WARN), Piece(f"{found.name}: {entry.name}")]
        rows.append(Row(cells, [owner, *([] if acceptance.stands else [Piece("it does not count", Style.BAD)])]))
    yield from table(rows, width)


def _summary(registers: Sequence[Register], statuses: Sequence[str]) -> list[Piece]:
    """How many worries there are in all, and of which statuses; and how many of them are listed."""
    found = [entry.status for one in registers for entry in one.entries]
    tally = Counter(found)
    told: list[Piece] = [Piece(f"{counted(len(found), 'worry', 'worries')}")]
    for number, word in enumerate([word for word in get_args(WorryStatus) if tally[word]]):
        told += [Piece(", " if number else ": "), Piece(f"{tally[word]} "), status(word)]
    if statuses:
        told.append(Piece(f"; listed: {sum(word in statuses for word in found)}"))
    return [*told, Piece(".")]


# -- as data -----------------------------------------------------------------------------------------------------------


def dumps(report: Report, registers: Sequence[Register], statuses: Sequence[str]) -> str:
    """The register as JSON text that ends in a line break: the same text for the same report."""
    data = {
        "version": VERSION,
        "passed": report.passed,
        "exit_status": report.exit_status,
        "options": options_data(report.options),
        "statuses": list(dict.fromkeys(statuses)),
        "cases": [_register_data(only(found, statuses)) for found in registers],
        "findings": [finding_data(found) for found in report.findings],
    }
    return written(data) + "\n"


def schema() -> Object:
    """The JSON Schema (draft 2020-12) of what ``dumps`` writes."""
    path = Path(__file__).resolve().parent.parent / "register.schema.json"
    loaded: Object = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _register_data(found: Register) -> Object:
    return {
        "name": found.name,
        "kind": found.kind,
        "verdict": found.verdict,
        "passed": found.passed,
        "worries": [_entry_data(shelf, entry) for shelf in found.shelves for entry in shelf.entries],
        **place(found.span),
    }


def _entry_data(shelf: Shelf, entry: Entry) -> Object:
    worry, use = entry.worry, shelf.use
    theory = None
    if use is not None:
        theory = {
            "name": use.theory.name,
            "alias": use.alias,
            "file": use.file,
            "sha256": use.sha256,
            "sources": list(shelf.sources),
        }
    return {
        "name": entry.name,
        "theory": theory,
        "status": entry.status,
        "without_acceptance": worry.without_acceptance,
        "doc": worry.doc,
        "formula": worry.formula,
        "source": entry.source,
        "reason": worry.reason,
        "cites": None if worry.cites is None else list(worry.cites),
        "used": list(worry.used),
        "axioms": list(worry.axioms),
        "because": worry.because,
        "acceptance": None if entry.acceptance is None else _lived_data(entry.acceptance),
        "rests_on": list(worry.rests_on),
        "against": list(worry.against),
        "unacceptable": worry.unacceptable,
        "mitigations": [
            {"name": name, "doc": known.doc, "formula": known.formula, "adopted": known.adopted}
            for name, known in worry.mitigations.items()
        ],
        "scenario": scenario_data(worry.scenario),
        "attributes": dict(worry.attributes),
        **place(worry.span),
    }


def _lived_data(lived: AcceptanceReport) -> Object:
    return {"why": lived.why, "owner": lived.owner, "until": lived.until, "stands": lived.stands}
