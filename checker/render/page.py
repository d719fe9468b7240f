"""The report as one page for reviewers: everything in one HTML file, which asks nothing of a network.

The template only lays out; what is said is put together here. Whatever stands in a report may be hostile: the template
engine escapes it, characters that act on others are spelled out, the page's policy runs no script but its own, and only
addresses of the web become links.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checker.diagram import (
    Node,
    Tone,
    answering,
    assumption_verdict,
    cases_first,
    claim_verdict,
    diagram,
    is_answered,
    step_verdict,
    worry_verdict,
)
from checker.findings import Finding, Severity
from checker.render.beside import beside_base
from checker.render.figure import TooLargeError, figure
from checker.render.snippet import marked_line
from checker.render.style import page_style
from checker.render.svg import SIGNS, inline
from checker.render.words import condition, counted, listed, lived_with, meaning, obstacles, standing
from checker.render.wrap import Line, Style, visible
from checker.report import CaseReport, ClaimReport, PremiseSets, Report, WorryReport
from checker.resources import template_text
from checker.source import Source, Span

if TYPE_CHECKING:
    from markupsafe import Markup

_WIDTH = 100
_STYLES = {Style.GOOD: "good", Style.WARN: "fair", Style.BAD: "bad", Style.FAINT: "faint", Style.STRONG: "strong"}

_WORRIES: Sequence[tuple[str, str, str]] = (
    ("refuted", "Shown to occur", "The assumptions entail that this goes wrong."),
    ("open", "Open", "Nothing that is assumed rules these out."),
    ("undetermined", "Undetermined", "Neither shown nor refuted, which counts as not shown."),
    ("informal", "Informal", "No formula says when they would be answered, so no machine can check it."),
    ("accepted", "Accepted", "Not answered: somebody decided to live with them."),
    ("conditional", "Answered, but for something else", "The answer holds, and cites what is not settled itself."),
    ("assumed", "Assumed away", "A single assumption says that they do not occur."),
    ("dispelled", "Dispelled", "It follows from several assumptions, or from claims, that they do not occur."),
    ("hypothesis", "Barred", "Known worries of this theory, which a case that uses it has to answer."),
)
"""The register of worries: each status with a heading and what it means, the most pressing first."""


def page(report: Report) -> str:
    """The whole page."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        loader=DictLoader({name: template_text(name) for name in ("report.html", "parts.html")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    environment.globals |= {"sets": sets, "place": place, "web_address": web_address}
    style, script = _markup(f"\n{page_style()}"), _markup(f"\n{template_text('report.js')}")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    views = [_Case(case, report, f"c{number}-") for number, case in enumerate(cases_first(report.cases))]
    return environment.get_template("report.html").render(
        title=_title(report), policy=policy, style=style, script=script, report=report, views=views, signs=SIGNS,
        findings=[_Told.of(found, report.sources) for found in report.findings],
    )  # fmt: skip


def _title(report: Report) -> str:
    names = [case.name for case in report.cases if case.kind != "theory"] or [case.name for case in report.cases]
    return f"Safety case: {listed(names)}" if names else "Safety case"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _markup(text: str) -> Markup:
    """Text of ours that is HTML already."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 nothing of a report is in it, or it was escaped where it was put together


def _harmless(value: Any) -> Any:
    """Text with nothing in it that turns the direction of writing or cannot be seen."""
    if type(value) is str:
        return "\n".join(visible(line.replace("\t", "    ")) for line in value.split("\n"))
    return value


# -- a case ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chip:
    """A verdict as it is shown: a word, and a sign and a colour for how well it stands."""

    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class _Premise:
    """Something that a claim or an answer cites, and whether the proof needs it: None if there is no proof."""

    name: str
    role: str
    needed: bool | None


@dataclass(frozen=True, slots=True)
class _Bullet:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What the template asks about a case."""

    case: CaseReport
    report: Report
    prefix: str

    @property
    def chip(self) -> _Chip:
        passes = "passes" if self.case.passed else "does not pass"
        tone: Tone = "bad" if not self.case.passed else "good" if self.case.verdict == "established" else "fair"
        return _Chip(f"{self.case.verdict}, {passes}", tone)

    @property
    def meaning(self) -> str:
        return "".join(piece.text for piece in meaning(self.case))

    @property
    def obstacles(self) -> str:
        told = "; ".join(obstacles(self.case))
        return f"It does not pass: {told}." if told else ""

    @property
    def picture(self) -> Markup | None:
        """None if it would be too large to be of use."""
        try:
            drawn = inline(figure(diagram(self.case, "gsn"), "gsn"), self.prefix, self._target)
        except TooLargeError:
            return None
        return _markup(drawn)

    def _target(self, node: Node) -> str:
        return self.id(node.name) if node.name is not None else f"{self.prefix}scope"

    def id(self, name: str) -> str:
        """The id of the element that tells of something with a name; that of the case if there is none."""
        case = self.case
        told = (case.claims, case.worries, case.assumptions, case.axioms, case.evidence, case.possible)
        return f"{self.prefix}{name}" if any(name in known for known in told) else f"{self.prefix}top"

    def words(self, name: str) -> list[_Bullet]:
        """The formula of something in words."""
        return [_bullet(line) for line in self.case.words.get(name, ())]

    # -- claims -------------------------------------------------------------------------------------------------------

    @property
    def goals(self) -> dict[str, ClaimReport]:
        return {name: claim for name, claim in self.case.claims.items() if claim.goal}

    @property
    def claims(self) -> dict[str, ClaimReport]:
        """All other claims, those that are not shown first."""
        others = [(name, claim) for name, claim in self.case.claims.items() if not claim.goal]
        return dict(sorted(others, key=lambda item: ("bad", "fair", "good").index(standing(item[1].status))))

    def claim_chip(self, claim: ClaimReport) -> _Chip:
        return _Chip(*claim_verdict(self.case, claim))

    def step_chip(self, claim: ClaimReport) -> _Chip:
        return _Chip(*step_verdict(self.case, claim))

    def step(self, claim: ClaimReport) -> str:
        """What is known of a step, as a sentence."""
        cited = listed([*claim.cites, *claim.barring]) or "nothing"
        match claim.step:
            case "valid" if self.case.verdict == "inconsistent":
                return "From premises that contradict each other anything follows."
            case "valid" if claim.used or claim.axioms:
                return "It follows from the premises that are marked as needed."
            case "valid":
                return "It follows from definitions alone."
            case "invalid":
                return f"It does not follow from {cited}."
            case "undetermined":
                return f"Whether it follows was not decided: {claim.reason or 'no clear answer'}."
            case "informal":
                return f"No machine can check it: {claim.reason or 'it has no formula'}."
            case "undeveloped":
                return f"Nothing is argued for it: {claim.reason or 'it cites nothing'}."

    def premises(self, claim: ClaimReport) -> list[_Premise]:
        barred = "taken for granted not to occur"
        shown = claim.step == "valid"
        cited = [_Premise(name, self._role(name), name in claim.used if shown else None) for name in claim.cites]
        cited += [_Premise(name, barred, name in claim.used if shown else None) for name in claim.barring]
        return cited + [_Premise(name, "axiom", True) for name in claim.axioms]

    def answers(self, worry: WorryReport) -> list[_Premise]:
        shown = is_answered(worry)
        names = worry.used if worry.without_acceptance == "refuted" else answering(worry)
        answers = [_Premise(name, self._role(name), name in worry.used if shown else None) for name in names]
        axioms = worry.axioms if shown or worry.without_acceptance == "refuted" else ()
        return answers + [_Premise(name, "axiom", True) for name in axioms]

    def answers_title(self, worry: WorryReport) -> str:
        if worry.without_acceptance == "refuted":
            return "Shown by"
        return "Answered by" if is_answered(worry) else "Its answer cites"

    def _role(self, name: str) -> str:
        if name in self.case.assumptions:
            return "adopted mitigation" if self.case.assumptions[name].adopted else "assumption"
        return "claim" if name in self.case.claims else "worry" if name in self.case.worries else ""

    def condition(self, name: str) -> _Chip:
        """What is the matter with something that others rest on."""
        return _Chip(condition(self.case, name), "fair" if lived_with(self.case, name) else "bad")

    # -- worries and the rest -----------------------------------------------------------------------------------------

    @property
    def register(self) -> Iterator[tuple[str, str, dict[str, WorryReport]]]:
        """The worries by status: heading, what it means, and which."""
        for status, heading, told in _WORRIES:
            found = {name: worry for name, worry in self.case.worries.items() if worry.status == status}
            if found:
                yield heading, told, found

    def worry_chip(self, worry: WorryReport) -> _Chip:
        return _Chip(*worry_verdict(self.case, worry))

    def assumption_chip(self, name: str) -> _Chip:
        return _Chip(*assumption_verdict(self.case.assumptions[name]))

    def evidence_chip(self, name: str) -> _Chip:
        piece = self.case.evidence.get(name)
        state = "missing" if piece is None else piece.state
        until = "" if piece is None else piece.attributes.get("until", "")
        return _Chip(f"{state}{f' until {until}' if until and state == 'current' else ''}", _tone(state))

    def possible_chip(self, status: str) -> _Chip:
        return _Chip(status, _tone(status))

    @property
    def axioms(self) -> dict[str, Any]:
        """The axioms that some proof needs."""
        return {name: axiom for name, axiom in self.case.axioms.items() if axiom.used_by}

    @property
    def tallies(self) -> list[tuple[str, str]]:
        numbers = self.case.summary
        claims = [
            f"{number} {word}"
            for number, word in (
                (numbers.machine_checked, "machine-checked"),
                (numbers.informal, "informal"),
                (numbers.undeveloped, "undeveloped"),
            )
            if number or word == "machine-checked"
        ]
        told = [(counted(numbers.claims, "claim"), ", ".join(claims))]
        if self.case.kind != "theory":
            worries = [
                f"{sum(worry.status == status for worry in self.case.worries.values())} {status}"
                for status, _, _ in _WORRIES
                if any(worry.status == status for worry in self.case.worries.values())
            ]
            told.append((counted(numbers.worries, "worry", "worries"), ", ".join(worries)))
            unbacked = sum(not one.backed for one in self.case.assumptions.values())
            backing = f"{unbacked} without evidence or owner" if unbacked else "each with evidence or owner"
            told.append(
                (counted(len(self.case.assumptions), "assumption"), backing if self.case.assumptions else "none")
            )
        return told

    @property
    def beside(self) -> list[list[tuple[str, str]]]:
        """The comparison with the base, as lines of pieces with their classes."""
        return [_pieces(line) for line in list(beside_base(self.case, _WIDTH))[1:]]

    @property
    def findings(self) -> list[_Told]:
        return [_Told.of(found, self.report.sources) for found in self.case.findings]


def _tone(status: str) -> Tone:
    return standing(status)


def _bullet(line: str) -> _Bullet:
    match = re.fullmatch(r"((?:  )*)(- )?(.*)", line, re.DOTALL)
    assert match is not None, "everything can be left to the last group"
    return _Bullet(len(match[1]) // 2 + bool(match[2]), match[3])


def _pieces(line: Line) -> list[tuple[str, str]]:
    return [(piece.text, _STYLES.get(piece.style, "")) for piece in line]


# -- findings ----------------------------------------------------------------------------------------------------------

_TONES: Mapping[Severity, Tone] = {Severity.ERROR: "bad", Severity.WARNING: "fair", Severity.NOTE: "plain"}


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding as it is shown; ``code`` is its line, with a mark below it."""

    found: Finding
    chip: _Chip
    place: str
    code: str

    @staticmethod
    def of(found: Finding, sources: Mapping[str, str]) -> _Told:
        chip = _Chip(found.severity.value, _TONES[found.severity])
        return _Told(found, chip, place(found.span), _marked(found.span, sources))


def place(span: Span) -> str:
    """Where something stands; empty for what stands in no file."""
    return str(span) if span.line else ""


def _marked(span: Span, sources: Mapping[str, str]) -> str:
    if not span.line or span.file not in sources:
        return ""
    text, mark = marked_line(Source(span.file, sources[span.file]).line(span.line), span, _WIDTH)
    return f"{text}\n{mark}"


# -- what the template calls -------------------------------------------------------------------------------------------


def web_address(text: str) -> str | None:
    """The text if it is an address of the web, and harmless as a link."""
    return text if re.fullmatch(r"https?://[!-~]+", text) else None


def sets(found: PremiseSets | None) -> list[tuple[str, ...]]:
    """Sets of premises."""
    return [] if found is None else list(found.sets)
