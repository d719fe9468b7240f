"""The report as Markdown, for a comment on a pull request or the summary of a job. It is short on purpose.

What authors write is shown to others under the name of whoever posts the comment. So nothing of theirs may be a link,
an image, a mention, a table, HTML, or anything but text: every character that could begin such a thing is written as an
entity, which Markdown takes for nothing but the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.findings import Finding, Severity
from checker.problems import is_accepted
from checker.render.words import condition, counted, kinds, listed, obstacles, standing
from checker.render.wrap import visible
from checker.report import BaselineReport, CaseReport, ClaimReport, Report, Scenario, WorryReport

MOST_FINDINGS = 30
"""How many findings of a case are shown: a comment is read, or it is of no use."""

MOST_NAMES = 3
"""How many cases the headline names."""

MOST_CHARACTERS = 60_000
"""What is longer is cut between sections: comments may have 65,536 characters."""

_ACTIVE = re.compile(
    r"[&<>\\`*\[\]{}|~$!#@^=\"']"
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word it is nothing but itself
    r"|:(?=//)|(?i:(?<=www))\."  # addresses become links by themselves
    r"|^[-+]|^\d+(?=[.)](?:\s|$))"  # lists begin so
)
_PLAIN = re.compile(r"[A-Za-z0-9_./ -]*[A-Za-z0-9_./-]")


def escaped(text: str) -> str:
    """Text as Markdown that shows it and does nothing, on one line."""
    shown = " ".join(visible(" ".join(text.split())).split())
    return _ACTIVE.sub(lambda found: _entity(found[0]), shown)


def _entity(active: str) -> str:
    """A character as an entity; between some and what follows a space without width, for what looks at the outcome."""
    if active.isdigit():
        return "".join(f"&#{ord(char)};" for char in active)
    apart = "&#8203;" if active in "@#:." else ""
    return f"&#{ord(active)};{apart}"


def code(text: str) -> str:
    """A name as code, if it is nothing but a name."""
    return f"`{text}`" if _PLAIN.fullmatch(text) and not text.startswith(" ") else escaped(text)


def told(message: str) -> str:
    """A message of ours, in which names stand in backticks."""
    parts = message.split("`")
    if len(parts) % 2 == 0:
        return escaped(message)
    shown = []
    for number, part in enumerate(parts):
        if number % 2:
            shown.append(code(part) if part else "")
        elif part:
            left, right = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
            shown.append((" " if left else "") + escaped(part) + (" " if right and part.strip() else ""))
    return "".join(shown).strip()


def render(report: Report) -> str:
    """The report as Markdown that ends in a line break."""
    sections = list(_sections(report))
    text = "\n\n".join(sections) + "\n"
    if len(text) <= MOST_CHARACTERS:
        return text
    kept: list[str] = []
    size = 200
    for section in sections:
        size += len(section) + 2
        if size > MOST_CHARACTERS:
            break
        kept.append(section)
    kept.append("The rest is left out, as it is too long for a comment. `safety-case check` shows all of it.")
    return "\n\n".join(kept) + "\n"


def _sections(report: Report) -> Iterator[str]:
    yield f"## Safety case: {_headline(report)}"
    if report.findings:
        yield "**This could not be read or understood**" if report.exit_status == 2 else "**Beside the cases**"
        yield _findings(report.findings)
    if report.baseline is not None:
        yield _beside(report.baseline)
    if report.cases:
        yield _table(report.cases)
    for case in report.cases:
        yield from _case(case)
    yield _foot(report)


def _headline(report: Report) -> str:
    if not report.cases:
        return "nothing was checked"
    failing = [code(case.name) for case in report.cases if not case.passed]
    if report.exit_status == 2:
        return "something could not be read or understood"
    if failing:
        who = listed(failing) if len(failing) <= MOST_NAMES else f"{len(failing)} of {kinds(report.cases)}"
        return f"{who} {'does' if len(failing) == 1 else 'do'} not pass"
    return "everything passes under its assumptions" if report.passed else "not everything passes"


def _foot(report: Report) -> str:
    told = f"Checked as of {escaped(report.options.today)} with safety-case-checker {escaped(report.options.checker)}."
    silenced = len(report.silenced) + sum(len(case.silenced) for case in report.cases)
    if silenced:
        told += f" {counted(silenced, 'finding')} {'is' if silenced == 1 else 'are'} silenced by settings."
    return f"<sub>{told} A case that passes is valid under its assumptions; it is not thereby safe.</sub>"


def _beside(baseline: BaselineReport) -> str:
    """How this run stands beside a baseline."""
    lines = []
    if baseline.known:
        number = len(baseline.known)
        lines.append(
            f"{counted(number, 'known problem')} {'is' if number == 1 else 'are'} in the baseline; "
            "what has them does not pass without it."
        )
    if baseline.new:
        lines.append(f"**{counted(len(baseline.new), 'problem')} not in the baseline:**")
        lines += [f"- {code(one.code)} {code(one.about)} in {code(one.case)}" for one in baseline.new]
    if baseline.fixed:
        lines.append(f"{counted(len(baseline.fixed), 'entry', 'entries')} of the baseline can be taken out:")
        lines += [f"- {code(one.code)} {code(one.about)} in {code(one.case)}" for one in baseline.fixed]
    return "\n".join(lines) or "Nothing of the baseline is left."


# -- the cases at a glance -------------------------------------------------------------------------------------------


def _table(cases: Sequence[CaseReport]) -> str:
    rows = ["| | Case | Verdict | Worries | Why it does not pass |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {'✅' if case.passed else '❌'} | {code(case.name)} | {case.verdict} | {_worries(case)} "
        f"| {escaped('; '.join(obstacles(case)))} |"
        for case in cases
    ]
    return "\n".join(rows)


def _worries(case: CaseReport) -> str:
    if case.kind == "theory":
        return ""
    numbers = case.summary
    counts = [
        (numbers.open, "open"),
        (numbers.refuted, "shown to occur"),
        (numbers.undetermined, "undetermined"),
        (numbers.informal_worries, "informal"),
        (numbers.conditional, "conditional"),
        (numbers.accepted, "accepted"),
        (numbers.dispelled, "dispelled"),
        (numbers.assumed, "assumed"),
    ]
    return ", ".join(f"{number} {word}" for number, word in counts if number)


# -- one case --------------------------------------------------------------------------------------------------------


def _case(case: CaseReport) -> Iterator[str]:
    """What a reviewer has to know of a case; a case without anything to say has no section."""
    parts = [*_resting(case), *_unshown(case), *_open(case), *_accepted(case), *_found(case)]
    if parts:
        yield f"### {code(case.name)}: {case.verdict}, {'passes' if case.passed else 'does not pass'}"
        yield from parts


def _resting(case: CaseReport) -> Iterator[str]:
    """What the goals assume, and what they rest on besides."""
    if case.kind == "theory":
        return
    used = [name for name, assumption in case.assumptions.items() if assumption.goals]
    bare = [name for name in used if not case.assumptions[name].backed]
    axioms = [name for name, axiom in case.axioms.items() if axiom.goals]
    lines = [f"The goals assume {_names(used) or 'nothing'}."]
    if bare:
        lines.append(f"Nothing backs {_names(bare)}.")
    if axioms:
        lines.append(f"They use the axiom{'s' if len(axioms) > 1 else ''} {_names(axioms)}.")
    if case.rests_on:
        resting = listed([f"{code(name)} ({condition(case, name)})" for name in case.rests_on])
        lines.append(f"They rest on {resting}.")
    yield " ".join(lines)


def _unshown(case: CaseReport) -> Iterator[str]:
    for name, claim in case.claims.items():
        if claim.step == "valid" or not (claim.goal or case.kind == "theory" or name in case.rests_on):
            continue
        why = claim.reason or ""
        if claim.step == "invalid":
            why = f"it does not follow from {listed([*claim.cites, *claim.barring]) or 'nothing'}"
        title = f"❌ {'Goal' if claim.goal else 'Claim'} {_html(name)}: step {claim.step}"
        yield _folded(title, [_words(claim), escaped(f"{why}."), *_story(claim.scenario)])


def _open(case: CaseReport) -> Iterator[str]:
    """The worries without an answer, each with its scenario as a story."""
    for name, worry in case.worries.items():
        held = [other for other in worry.rests_on if not is_accepted(case, other)]
        if standing(worry.status) != "bad" and not (worry.status == "conditional" and held):
            continue
        word = "shown to occur" if worry.status == "refuted" else worry.status
        parts = [_words(worry), *_why(worry, held), *_story(worry.scenario)]
        known = [mitigation for mitigation, entry in worry.mitigations.items() if not entry.adopted]
        if known:
            parts.append(f"Known mitigations, to be adopted if they are true here: {_names(known)}.")
        yield _folded(f"❌ Worry {_html(name)}: {word}", parts)


def _why(worry: WorryReport, held: Sequence[str]) -> Iterator[str]:
    match worry.status:
        case "open" if worry.cites is None:
            yield "Nothing answers it."
        case "open":
            yield f"Its answer, by {_names(worry.cites or ()) or 'nothing'}, does not suffice."
        case "refuted":
            yield f"It follows from {_names([*worry.used, *worry.axioms]) or 'definitions alone'}."
        case "conditional":
            yield f"Its answer rests on {_names(held)}."
        case _ if worry.reason:
            yield escaped(f"{worry.reason}.")


def _accepted(case: CaseReport) -> Iterator[str]:
    whys = {name: worry.accepted for name, worry in case.worries.items()}
    whys |= {name: claim.accepted for name, claim in case.claims.items() if claim.accepted is not None}
    lines = [f"- {code(name)}: {escaped(why)}" for name, why in whys.items() if why is not None]
    if lines:
        yield "Lived with:\n\n" + "\n".join(lines)


def _found(case: CaseReport) -> Iterator[str]:
    if case.findings:
        yield "Findings:\n\n" + _findings(case.findings)


def _words(stated: ClaimReport | WorryReport) -> str:
    return escaped(stated.doc or stated.formula or "")


def _story(scenario: Scenario | None) -> Iterator[str]:
    if scenario is None:
        return
    lines = scenario.story or [f"there is {name} ({sort})" for sort, names in scenario.sorts.items() for name in names]
    yield "This may happen, as nothing that is cited or assumed rules it out:"
    yield "\n".join(f"- {escaped(line)}" for line in lines or ["nothing more needs to be so"])


def _folded(title: str, paragraphs: Sequence[str]) -> str:
    """Paragraphs under a title that opens on a click. ``title`` is HTML."""
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _html(name: str) -> str:
    return f"<code>{name}</code>" if _PLAIN.fullmatch(name) else escaped(name)


def _names(names: Sequence[str]) -> str:
    return listed([code(name) for name in names])


# -- findings --------------------------------------------------------------------------------------------------------


def _findings(findings: Sequence[Finding]) -> str:
    weights = {severity: weight for weight, severity in enumerate(Severity)}
    ordered = sorted(findings, key=lambda found: weights[found.severity])
    lines = [
        f"- {_mark(found)} {_place(found)}{told(found.message)}{_hint(found)}" for found in ordered[:MOST_FINDINGS]
    ]
    if len(ordered) > MOST_FINDINGS:
        lines.append(f"- and {counted(len(ordered) - MOST_FINDINGS, 'more finding')}")
    return "\n".join(lines)


def _mark(found: Finding) -> str:
    return f"**{found.severity.value}**" if found.severity is Severity.ERROR else found.severity.value


def _place(found: Finding) -> str:
    return f"{code(f'{found.span.file}')} line {found.span.line}: " if found.span.line else ""


def _hint(found: Finding) -> str:
    return f" ({told(found.hint)})" if found.hint else ""
