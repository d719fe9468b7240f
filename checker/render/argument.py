"""One case as text, in the order in which a reviewer wants to read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.render.beside import beside_base
from checker.render.repairs import enough, fixes_lines
from checker.render.snippet import findings_lines
from checker.render.words import counted, counts, listed, meaning, obstacles, resting, standing, status
from checker.render.wrap import Line, Piece, Row, Style, Text, columns, fold, table, visible
from checker.report import (
    AssumptionReport,
    CaseReport,
    ClaimReport,
    Scenario,
    Withdrawn,
    WorryReport,
)

_SHOWN_DIGEST = 12


def case_lines(case: CaseReport, sources: Mapping[str, str], width: int) -> Iterator[Line]:
    """All there is to say about a case, variant or theory, section by section. A theory that passes takes one line."""
    if case.kind == "theory" and case.passed:
        yield from fold(_theory_line(case), width, rest=3)
    else:
        yield from _title(case, width)
        yield from _separated(_sections(case, width))
    if case.findings:
        yield []
        yield from findings_lines(case.findings, sources, width)
    if not (case.kind == "theory" and case.passed):
        yield []
        yield from _tally(case, width)


def _sections(case: CaseReport, width: int) -> Iterator[Iterable[Line]]:
    yield _head(case, width)
    if case.withdrawn is not None:
        yield _fallen(case.withdrawn, width)
    if case.conflict:
        yield _conflict(case, width)
    if case.kind != "theory":
        yield _taken_for_granted(case, width)
        yield _goals(case, width)
    yield _unshown_claims(case, width)
    if case.kind != "theory":
        yield _open_worries(case, width)
        yield _unanswered_worries(case, width)
        yield _answered_worries(case, width)
    yield _impossible(case, width)
    yield _shows(case, width)
    yield _evidence(case, width)
    yield beside_base(case, width)
    yield _theories(case, width)


def _separated(sections: Iterable[Iterable[Line]]) -> Iterator[Line]:
    first = True
    for section in sections:
        lines = list(section)
        if lines and not first:
            yield []
        first = first and not lines
        yield from lines


def _section(title: str, lines: Iterable[Line], width: int) -> Iterator[Line]:
    """The lines under a title; nothing where there are none."""
    below = list(lines)
    if below:
        yield from fold(Piece(title, Style.STRONG), width, rest=2)
        yield from below


# -- what it is ------------------------------------------------------------------------------------------------------


def _title(case: CaseReport, width: int) -> Iterator[Line]:
    """``-- case name: verdict ---- file:line``, filled up to the width."""
    kind = f"{case.kind} {case.name}" + (f" of {case.base}" if case.base else "")
    verdict = f"{case.verdict}, {'passes' if case.passed else 'does not pass'}"
    title = [
        Piece("-- ", Style.FAINT),
        Piece(visible(kind), Style.STRONG),
        Piece(": "),
        Piece(verdict, Style.GOOD if case.passed else Style.BAD),
    ]
    place = visible(f"{case.span.file}:{case.span.line}") if case.span.line else ""
    room = width - sum(columns(piece.text) for piece in title) - columns(place) - 2
    if room >= 2:
        yield [*title, Piece(f" {'-' * room} ", Style.FAINT), Piece(place, Style.PLACE)]
    else:
        yield from fold(title, width, rest=3)
        yield [Piece("   "), Piece(place, Style.PLACE)]


def _head(case: CaseReport, width: int) -> Iterator[Line]:
    if case.doc:
        yield from fold(Piece(case.doc), width)
    facts = [*case.scope.items(), *(("source", source) for source in case.sources)]
    rows = [Row([Piece(key, Style.FAINT)], [text]) for key, text in facts]
    if case.doc and rows:
        yield []
    yield from table(rows, width)
    if case.doc or rows:
        yield []
    yield from fold(meaning(case), width)
    if obstacles(case):
        yield from fold([Piece("It does not pass: ", Style.BAD), Piece(f"{'; '.join(obstacles(case))}.")], width)


def _theory_line(case: CaseReport) -> list[Piece]:
    told = [counted(len(case.claims), "claim"), counted(len(case.worries), "worry", "worries")]
    if case.possible:
        told.append(f"{len(case.possible)} possible")
    return [
        Piece("-- ", Style.FAINT),
        Piece(f"theory {case.name}", Style.STRONG),
        Piece(": "),
        Piece(f"{case.verdict}, passes", Style.GOOD),
        Piece(f" ({', '.join(told)})", Style.FAINT),
    ]


def _conflict(case: CaseReport, width: int) -> Iterator[Line]:
    return _section(
        "These cannot all be true; leaving any one out, no conflict is shown",
        table([Row([Piece(name, Style.BAD)], [_words_of(case, name)]) for name in case.conflict], width),
        width,
    )


def _fallen(withdrawn: Withdrawn, width: int) -> Iterator[Line]:
    """What fares otherwise without what was withdrawn."""
    rows = [
        Row([Piece(name, Style.STRONG)], [[status(before), Piece(" -> "), status(after)]])
        for name, (before, after) in withdrawn.fallen.items()
    ]
    title = f"Without {listed(withdrawn.names)}"
    nothing: Line = [Piece("  nothing falls")]
    return _section(title, table(rows, width) if rows else [nothing], width)


def _words_of(case: CaseReport, name: str) -> str:
    """What something named says: its doc string or, without one, its formula."""
    known = case.assumptions.get(name) or case.axioms.get(name) or case.worries.get(name) or case.claims.get(name)
    return "" if known is None else known.doc or known.formula or ""


# -- what it takes for granted ---------------------------------------------------------------------------------------


def _taken_for_granted(case: CaseReport, width: int) -> Iterator[Line]:
    """The assumptions and axioms that the goals use; the names alone of those that they do not."""
    used = {name: a for name, a in case.assumptions.items() if a.goals}
    others = [name for name, a in case.assumptions.items() if not a.goals]
    title = "Assumptions that the goals use"
    if used:
        rows = [Row([Piece(name)], [[*_said(a.doc, a.formula), *_backing(case, a)]]) for name, a in used.items()]
        yield from _section(title, table(rows, width), width)
    else:
        yield from _section(title, [[Piece("  none")]], width)
    if others:
        told = [Piece("Other assumptions: ", Style.FAINT), Piece(", ".join(others))]
        yield from fold(told, width, first=[Piece("  ")], rest=4)
    axioms = {name: axiom for name, axiom in case.axioms.items() if axiom.goals}
    if axioms:
        yield []
        rows = [Row([Piece(name)], [_said(axiom.doc, axiom.formula)]) for name, axiom in axioms.items()]
        yield from _section("Axioms that the goals use", table(rows, width), width)


def _said(doc: str | None, formula: str | None) -> list[Piece]:
    return [Piece(doc)] if doc else [Piece(formula or "", Style.PLAIN)]


def _backing(case: CaseReport, assumption: AssumptionReport) -> Iterator[Piece]:
    """What answers for an assumption, in brackets."""
    marks: list[list[Piece]] = []
    if assumption.formula is None:
        marks.append([Piece("informal", Style.BAD)])
    if assumption.adopted:
        marks.append([Piece("adopted mitigation", Style.FAINT)])
    for name in assumption.evidence:
        state = case.evidence[name].state if name in case.evidence else "missing"
        marks.append([Piece(name, Style.FAINT)] if state == "current" else [Piece(f"{name} is {state}", Style.BAD)])
    if assumption.owner is not None:
        marks.append([Piece(f"owner {assumption.owner}", Style.FAINT)])
    if not assumption.backed:
        marks.append([Piece("nothing backs this", Style.BAD)])
    yield Piece(" [", Style.FAINT)
    for number, mark in enumerate(marks):
        if number:
            yield Piece("; ", Style.FAINT)
        yield from mark
    yield Piece("]", Style.FAINT)


# -- what it argues --------------------------------------------------------------------------------------------------


def _goals(case: CaseReport, width: int) -> Iterator[Line]:
    goals = {name: claim for name, claim in case.claims.items() if claim.goal}
    return _section("Goals", _claims(case, goals, width), width)


def _unshown_claims(case: CaseReport, width: int) -> Iterator[Line]:
    """The claims besides the goals whose own step is not valid."""
    claims = {
        name: c for name, c in case.claims.items() if not c.goal and (c.step != "valid" or c.status == "unproved")
    }
    if case.verdict == "inconsistent":
        claims = {name: claim for name, claim in claims.items() if claim.step != "valid"}
    return _section("Claims that are not shown", _claims(case, claims, width), width)


def _claims(case: CaseReport, claims: Mapping[str, ClaimReport], width: int) -> Iterator[Line]:
    for number, (name, claim) in enumerate(claims.items()):
        if number:
            yield []
        cells = [status(claim.status), Piece(name, Style.STRONG)]
        yield from table([Row(cells, [_said(claim.doc, claim.formula)])], width)
        yield from fold(_step(case, claim), width, first=[Piece("    ")])
        yield from _story(claim.scenario, width)
        yield from fixes_lines("make it follow", claim.fixes, case, width)
        for text in (*_around(case, claim), *enough(claim.suffice)):
            yield from fold(text, width, first=[Piece("    ")])


def _step(case: CaseReport, claim: ClaimReport) -> list[Piece]:
    """Whether a claim follows from what it cites, and from what of it."""
    cited = listed([*claim.cites, *claim.barring]) or "nothing"
    match claim.step:
        case "valid" if case.verdict == "inconsistent":
            return [Piece("from premises that contradict each other anything follows", Style.BAD)]
        case "valid":
            return [Piece("step valid", Style.GOOD), Piece(f", {_support(claim)}")]
        case "invalid":
            told = ". Here all of that holds, and the claim does not:" if claim.scenario else ""
            return [Piece("step invalid", Style.BAD), Piece(f": it does not follow from {cited}{told}")]
        case "undetermined":
            return [Piece("step undetermined", Style.BAD), Piece(f": {claim.reason or 'no clear answer'}")]
        case "informal":
            return [Piece("step informal", Style.BAD), Piece(f": {claim.reason or 'it has no formula'}")]
        case "undeveloped":
            return [Piece("step undeveloped", Style.BAD), Piece(f": {claim.reason or 'it cites nothing'}")]


def _support(claim: ClaimReport) -> str:
    """What the proof of a valid step needs."""
    by = [name for name in (*claim.used, *claim.axioms) if name not in claim.barring]
    barring = [name for name in claim.used if name in claim.barring]
    parts = [f"by {listed(by)}" if by else "", f"barring {listed(barring)}" if barring else ""]
    return ", ".join(part for part in parts if part) or "by definitions alone"


def _around(case: CaseReport, claim: ClaimReport) -> Iterator[Text]:
    """What else there is to know of a claim."""
    if claim.rests_on:
        yield [Piece("rests on "), *resting(case, claim.rests_on)]
    if claim.because:
        yield f"because: {claim.because}"
    if claim.accepted is not None:
        yield [Piece("accepted", Style.WARN), Piece(f": {claim.accepted}")]


def _story(scenario: Scenario | None, width: int) -> Iterator[Line]:
    """The scenario in sentences, one a line. One without sentences is told by the individuals that there are."""
    if scenario is None:
        return
    told = scenario.story or [f"there is {name} ({sort})" for sort, names in scenario.sorts.items() for name in names]
    for sentence in told or ["nothing more needs to be so"]:
        yield from fold(sentence, width, first=[Piece("      - ", Style.FAINT)])


# -- what could go wrong ---------------------------------------------------------------------------------------------


def _open_worries(case: CaseReport, width: int) -> Iterator[Line]:
    worries = {name: worry for name, worry in case.worries.items() if worry.status == "open"}
    lines: list[Line] = []
    for name, worry in worries.items():
        lines += [[]] if lines else []
        lines += table([Row([Piece(name, Style.BAD)], [_said(worry.doc, worry.formula)])], width)
        for remark in _remarks(worry):
            lines += fold(remark, width, first=[Piece("    ")])
        lines += fold(_why_open(worry), width, first=[Piece("    ")])
        lines += _story(worry.scenario, width)
        lines += _mitigations(worry, width)
        lines += fixes_lines("close it", worry.fixes, case, width)
        lines += _attributes(worry, width)
    # Where nothing counts nobody looks for what would close anything, so there is no point in asking for it.
    if worries and counts(case) and all(worry.fixes is None for worry in worries.values()):
        lines += [[], *fold(Piece(_LOOK, Style.FAINT), width, first=[Piece("  ")])]
    return _section(f"Open worries ({len(worries)})", lines, width)


_LOOK = "`--repairs` looks for all mitigations and assumptions that would close them."


def _why_open(worry: WorryReport) -> str:
    if worry.cites is None:
        return "Nothing answers it, and the assumptions allow this:"
    return f"Its answer, by {listed(worry.cites) or 'nothing'}, allows this all the same:"


def _remarks(worry: WorryReport) -> Iterator[Text]:
    if worry.unacceptable:
        yield Piece("unacceptable: whoever wrote it down wants an answer", Style.BAD)
    if worry.against:
        yield Piece(f"against {listed(worry.against)}", Style.FAINT)


def _mitigations(worry: WorryReport, width: int) -> Iterator[Line]:
    if worry.mitigations:
        yield from fold("Known mitigations, to be adopted if they are true here:", width, first=[Piece("    ")])
        rows = [
            Row([Piece(name + (" (adopted)" if known.adopted else ""))], [_said(known.doc, known.formula)])
            for name, known in worry.mitigations.items()
        ]
        yield from table(rows, width, indent=6)


def _attributes(worry: WorryReport, width: int) -> Iterator[Line]:
    """Where the worry comes from, and whatever else its block says."""
    for key, value in worry.attributes.items():
        yield from fold(Piece(f"{key}: {value}", Style.FAINT), width, first=[Piece("    ")])


def _unanswered_worries(case: CaseReport, width: int) -> Iterator[Line]:
    worries = {name: w for name, w in case.worries.items() if standing(w.status) == "bad" and w.status != "open"}
    rows = [
        Row([status(worry.status), Piece(name)], [_said(worry.doc, worry.formula), *_why_unanswered(worry)])
        for name, worry in worries.items()
    ]
    return _section("Other worries without an answer", table(rows, width), width)


def _why_unanswered(worry: WorryReport) -> Iterator[Text]:
    match worry.status:
        case "refuted":
            yield f"it is shown to occur, by {listed([*worry.used, *worry.axioms]) or 'definitions alone'}"
        case _ if worry.reason:
            yield worry.reason
    yield from _remarks(worry)
    if worry.mitigations:
        yield f"known mitigations: {', '.join(worry.mitigations)}"


def _answered_worries(case: CaseReport, width: int) -> Iterator[Line]:
    """Those that are dispelled, assumed, conditional or accepted, in short."""
    rows = [
        Row([status(worry.status), Piece(name)], list(_answer(case, worry)))
        for wanted in ("dispelled", "assumed", "conditional", "accepted")
        for name, worry in case.worries.items()
        if worry.status == wanted
    ]
    return _section("Answered worries", table(rows, width), width)


def _answer(case: CaseReport, worry: WorryReport) -> Iterator[Text]:
    if worry.status == "accepted":
        yield _said(worry.doc, worry.formula)
        yield [Piece(f"lived with: {worry.accepted or ''} "), Piece(f"[{worry.without_acceptance}]", Style.FAINT)]
    else:
        by = listed([*worry.used, *worry.axioms])
        yield f"by {by}" if by else "by definitions alone"
        yield from enough(worry.suffice)
    if worry.rests_on:
        yield [Piece("rests on "), *resting(case, worry.rests_on)]
    if worry.because:
        yield f"because: {worry.because}"


# -- the rest --------------------------------------------------------------------------------------------------------


def _impossible(case: CaseReport, width: int) -> Iterator[Line]:
    rows = []
    for name, possible in case.possible.items():
        match possible.status:
            case "unsatisfiable":
                why = f"ruled out by {listed(possible.conflict) or 'the definitions'}"
            case "undetermined":
                why = possible.reason or "no clear answer"
            case "satisfiable":
                continue
        rows.append(Row([status(possible.status), Piece(name)], [_said(possible.doc, possible.formula), why]))
    return _section("Not shown to be possible", table(rows, width), width)


def _shows(case: CaseReport, width: int) -> Iterator[Line]:
    rows = [
        Row([Piece(term)], [f"= {value}" if value is not None else "is not fixed by the axioms and assumptions"])
        for term, value in case.shows.items()
    ]
    return _section("Values", table(rows, width), width)


def _evidence(case: CaseReport, width: int) -> Iterator[Line]:
    rows = [
        Row([status(evidence.state), Piece(name)], [evidence.doc or evidence.attributes.get("file", "")])
        for name, evidence in case.evidence.items()
        if evidence.state != "current"
    ]
    return _section("Evidence that does not count", table(rows, width), width)


def _theories(case: CaseReport, width: int) -> Iterator[Line]:
    """Which theories are used, from where, and what stands for their roles."""
    rows = []
    for use in case.theories:
        bound = ", ".join(f"{role} = {thing}" for role, thing in use.bound.items())
        origin = f"{use.name} from {use.file} (sha256 {use.sha256[:_SHOWN_DIGEST]})"
        rows.append(Row([Piece(use.alias)], [origin, f"with {bound}" if bound else ""]))
    return _section("Theories used", table(rows, width), width)


def _tally(case: CaseReport, width: int) -> Iterator[Line]:
    """How much of the argument is checked by machine, and how the worries stand."""
    numbers = case.summary
    undecided = numbers.claims - numbers.machine_checked - numbers.informal - numbers.undeveloped
    claims = [
        (numbers.machine_checked, "machine-checked", Style.PLAIN),
        (numbers.informal, "informal", Style.BAD),
        (numbers.undeveloped, "undeveloped", Style.BAD),
        *([(undecided, "undetermined", Style.BAD)] if undecided > 0 else []),
    ]
    told = [Piece(f"{counted(numbers.claims, 'claim')}: "), *_counts(claims)]
    margin = Piece("  ")
    if case.kind == "theory":
        yield from fold(told, width, first=[margin], rest=4)
        return
    rare = [
        (numbers.conditional, "conditional", Style.WARN),
        (numbers.refuted, "refuted", Style.BAD),
        (numbers.undetermined, "undetermined", Style.BAD),
        (numbers.informal_worries, "informal", Style.BAD),
    ]
    worries = [
        (numbers.dispelled, "dispelled", Style.GOOD),
        (numbers.assumed, "assumed", Style.GOOD),
        (numbers.accepted, "accepted", Style.WARN),
        (numbers.open, "open", Style.BAD),
        *(count for count in rare if count[0]),
    ]
    more = [Piece(f"{counted(numbers.worries, 'worry', 'worries')}: "), *_counts(worries)]
    together = [margin, *told, Piece("; "), *more]
    if sum(columns(piece.text) for piece in together) <= width:
        yield together
    else:
        yield from fold(told, width, first=[margin], rest=4)
        yield from fold(more, width, first=[margin], rest=4)


def _counts(counts: Sequence[tuple[int, str, Style]]) -> Iterator[Piece]:
    for index, (number, word, style) in enumerate(counts):
        yield Piece(", " if index else "")
        yield Piece(f"{number} {word}", style if number else Style.FAINT)
