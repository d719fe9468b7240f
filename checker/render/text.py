"""The report as text for people: what each case takes for granted, what follows from it, and what it leaves open.

The words are modest on purpose. A goal is "valid under these assumptions"; nothing is ever called safe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checker.findings import Severity
from checker.render.argument import case_lines
from checker.render.snippet import findings_lines
from checker.render.words import counted, kinds, listed
from checker.render.wrap import Line, Piece, Style, fold, paint
from checker.report import BaselineReport, CrossCheck, Report

NARROWEST, WIDEST = 40, 120


def render(report: Report, *, width: int = 100, color: bool = False, quiet: bool = False) -> str:
    """The report as text, laid out for ``width`` columns, in colours if ``color``.

    If ``quiet``, of the cases that pass only the findings are shown. Lines are at most 120 columns, as nobody reads
    longer ones, and at least 40; only places, which editors and terminals follow, may stand out.
    """
    width = min(max(width, NARROWEST), WIDEST)
    blocks: list[list[Line]] = [
        list(case_lines(case, report.sources, width)) for case in report.cases if not (quiet and case.passed)
    ]
    passed_over = [found for case in report.cases if quiet and case.passed for found in case.findings]
    findings = [*passed_over, *report.findings]
    if findings:
        blocks.append([*findings_lines(findings, report.sources, width)])
    if report.cross_check is not None:
        blocks.append([*_second_opinion(report.cross_check, width)])
    if report.baseline is not None:
        blocks.append([*_beside(report.baseline, width)])
    blocks.append([*fold(_summary(report), width)])
    return "".join(f"{paint(line, color=color)}\n" for line in _spaced(blocks))


def _spaced(blocks: list[list[Line]]) -> Iterator[Line]:
    """All lines, with an empty one between blocks; blocks of a single line stand together."""
    previous = 0
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        if previous and (previous > 1 or len(block) > 1 or last):
            yield []
        yield from block
        previous = len(block)


def _second_opinion(made: CrossCheck, width: int) -> Iterator[Line]:
    """What a second solver made of the answers, and which of them it did not confirm."""
    answers = made.questions - made.undecided
    doubted = f"{made.confirmed} of {counted(answers, 'answer')}, and contradicts none"
    confirmed = f"all {answers} answers" if made.confirmed == answers > 1 else doubted
    undecided = f"; {counted(made.undecided, 'question')} had no answer to confirm" if made.undecided else ""
    yield from fold([Piece(f"Second opinion: {made.solver} confirms {confirmed}{undecided}.")], width)
    for one in made.unconfirmed:
        told = f"{one.obligation} of {one.case} ({one.answer}), as {one.reason}"
        yield from fold([Piece("not confirmed: ", Style.WARN), Piece(told)], width, first=[Piece("  ")], rest=4)


def _beside(baseline: BaselineReport, width: int) -> Iterator[Line]:
    """How this run stands beside a baseline: what is known, what is new, and what can be taken out of it."""
    number = len(baseline.known)
    if number:
        them = "it" if number == 1 else "them"
        are = "is" if number == 1 else "are"
        told = f"{counted(number, 'known problem')} {are} in the baseline {baseline.file}; "
        yield from fold([Piece(told), Piece(f"what has {them} does not pass without it.", Style.WARN)], width)
    else:
        yield from fold(Piece(f"Nothing of what is in the way is in the baseline {baseline.file}."), width)
    groups = (
        ("Not in the baseline", baseline.new, Style.BAD),
        ("In the baseline, and no problem any more; `--write-baseline` takes out", baseline.fixed, Style.GOOD),
    )
    for title, entries, style in groups:
        if entries:
            yield from fold(Piece(f"{title} ({len(entries)}):", Style.STRONG), width)
        for entry in entries:
            rests = f", resting on {listed(entry.rests_on)}" if entry.rests_on else ""
            rows = [Piece(entry.code, style), Piece(f" {entry.about} of {entry.case} ({entry.file}){rests}")]
            yield from fold(rows, width, first=[Piece("  ")], rest=4)
    if baseline.not_checked:
        told = f"{counted(baseline.not_checked, 'more entry', 'more entries')} of the baseline"
        yield from fold(f"{told} {_concern(baseline.not_checked)} what was not checked.", width)


def _concern(number: int) -> str:
    return "concerns" if number == 1 else "concern"


def _summary(report: Report) -> list[Piece]:
    """The last line: how many cases there are, which of them do not pass, and how many findings of which weight."""
    failing = [case.name for case in report.cases if not case.passed]
    found = [found for case in report.cases for found in case.findings] + list(report.findings)
    weights = Counter(one.severity for one in found)
    tally = listed([counted(weights[kind], kind.value) for kind in Severity if weights[kind]])
    if not report.cases:
        verdict = Piece("Nothing was checked", Style.BAD)
    else:
        verdict = Piece(f"Checked {kinds(report.cases)}: ", Style.STRONG)
    outcome = []
    if failing:
        does = "does" if len(failing) == 1 else "do"
        outcome = [Piece(f"{listed(failing)} {does} not pass", Style.BAD)]
    elif report.cases:
        outcome = [Piece(_all_pass(report), Style.GOOD if report.passed else Style.PLAIN)]
    if report.exit_status == 2 and report.cases:
        outcome.append(Piece(", and something could not be read or understood", Style.BAD))
    silenced = len(report.silenced) + sum(len(case.silenced) for case in report.cases)
    does = "is" if silenced == 1 else "are"
    unheard = f" {counted(silenced, 'finding')} {does} silenced by settings." if silenced else ""
    return [verdict, *outcome, Piece(f"; {tally}." if tally else "."), Piece(unheard)]


def _all_pass(report: Report) -> str:
    if any(case.kind != "theory" for case in report.cases):
        return "passes under its assumptions" if len(report.cases) == 1 else "all pass under their assumptions"
    return "passes" if len(report.cases) == 1 else "all pass"
