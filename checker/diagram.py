"""The argument of a case as a picture has it: boxes and arrows as plain data, before anything has a place or a colour.

The boxes are those of the Goal Structuring Notation (GSN, version 3) or of Claims, Arguments, Evidence (CAE):

- A claim rests on what it cites. Between them stands an *argument* (in GSN a strategy) where the author says why the
  one follows from the other; in CAE, which wants one everywhere, it stands there always.
- Assumptions, the axioms that proofs need, and the scope are the context of what uses them.
- Evidence supports assumptions, for that is where evidence enters a case. (GSN itself has it support goals alone.)
- A worry challenges the claims that bar it, and what it is ``against``; what answers a worry challenges the worry.
  These are the challenges of GSN's dialectic extension.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from checker.render.words import counts, standing
from checker.report import AssumptionReport, CaseReport, ClaimReport, WorryReport

Notation = Literal["gsn", "cae"]
NodeKind = Literal["goal", "claim", "argument", "assumption", "axiom", "scope", "evidence", "worry"]
EdgeKind = Literal["supported_by", "in_context_of", "challenges"]
Tone = Literal["good", "fair", "bad", "plain"]
"""How well something stands; ``plain`` is for what is neither shown nor left open, such as an assumption."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box. ``key`` tells it from all others; ``name`` is what the case calls it, if it has a name.

    ``verdict`` says in words how it stands, and ``text`` what it says: the doc string or, without one, the formula.
    """

    key: str
    kind: NodeKind
    name: str | None
    verdict: str
    tone: Tone
    text: str
    undeveloped: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from the box that is further up to one that is further down, by key.

    ``supported_by`` and ``in_context_of`` point down; what ``challenges`` something points up, at it. ``used`` is false
    for a citation that the proof does not need.
    """

    upper: str
    lower: str
    kind: EdgeKind
    used: bool = True


@dataclass(frozen=True, slots=True)
class Diagram:
    """The argument of one case, variant or theory. Each key of an edge is that of a node."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def diagram(case: CaseReport, notation: Notation) -> Diagram:
    """The argument of a case, everything in the order of its declaration, goals first."""
    return _Draughtsman(case, notation).diagram()


def cases_first(cases: Sequence[CaseReport]) -> list[CaseReport]:
    """Cases and variants, and then the theories, which are there for them."""
    return sorted(cases, key=lambda case: case.kind == "theory")


def verdict_of(case: CaseReport) -> str:
    """The verdict of a case and whether it passes, in a few words."""
    return f"{case.verdict}, {'passes' if case.passed else 'does not pass'}"


def claim_verdict(case: CaseReport, claim: ClaimReport) -> tuple[str, Tone]:
    """How a claim stands, in words, and its tone."""
    if claim.accepted is not None and counts(case):
        return f"{claim.status}, accepted", "fair"
    return _counted(case, claim.status)


def worry_verdict(case: CaseReport, worry: WorryReport) -> tuple[str, Tone]:
    """How a worry stands, in words, and its tone."""
    return _counted(case, worry.status)


def step_verdict(case: CaseReport, claim: ClaimReport) -> tuple[str, Tone]:
    """How the step of a claim stands, in words, and its tone."""
    if claim.step == "valid" and not counts(case):
        return "step valid, which counts for nothing here", "bad"
    return f"step {claim.step}", "good" if claim.step == "valid" else "bad"


def is_answered(worry: WorryReport) -> bool:
    """Whether what answers a worry was shown to."""
    return worry.without_acceptance in ("dispelled", "assumed", "conditional")


def answering(worry: WorryReport) -> tuple[str, ...]:
    """What was written down to answer a worry or, where nothing was, what was found to."""
    if worry.without_acceptance == "refuted":
        return ()
    if worry.cites is not None:
        return worry.cites
    return worry.used if is_answered(worry) else ()


def assumption_verdict(assumption: AssumptionReport) -> tuple[str, Tone]:
    """What is known of an assumption, which is never shown."""
    what = "informal" if assumption.formula is None else "adopted" if assumption.adopted else "assumed"
    if not assumption.backed:
        return f"{what}, nothing backs it", "bad"
    return what, "bad" if assumption.formula is None else "plain"


def _counted(case: CaseReport, status: str) -> tuple[str, Tone]:
    tone = standing(status)
    if tone != "bad" and not counts(case):
        return f"{status}, which counts for nothing here", "bad"
    return status, tone


SCOPE = "the scope"
"""The key of the box with the scope; no name has a blank in it."""


def _argument_for(name: str) -> str:
    return f"argument for {name}"


@dataclass(slots=True)
class _Draughtsman:
    case: CaseReport
    notation: Notation

    def diagram(self) -> Diagram:
        case = self.case
        nodes = {node.key: node for node in self._nodes()}
        edges = [edge for edge in dict.fromkeys(self._edges()) if edge.upper in nodes and edge.lower in nodes]
        needed = {(edge.upper, edge.lower) for edge in edges if edge.used}
        # What is cited and barred both, or needed and not needed in different ways, is one line.
        edges = [edge for edge in edges if edge.used or (edge.upper, edge.lower) not in needed]
        reached = {key for edge in edges for key in (edge.upper, edge.lower)}
        kept = [node for node in nodes.values() if node.kind != "axiom" or node.key in reached]
        title = f"{case.kind} {case.name}: {verdict_of(case)}"
        return Diagram(case.name, title, tuple(kept), tuple(edges))

    # -- boxes --------------------------------------------------------------------------------------------------------

    def _nodes(self) -> Iterator[Node]:
        case = self.case
        ordered = sorted(case.claims.items(), key=lambda item: not item[1].goal)
        for name, claim in ordered:
            verdict, tone = claim_verdict(case, claim)
            kind: NodeKind = "goal" if claim.goal else "claim"
            undeveloped = claim.step == "undeveloped"
            yield Node(name, kind, name, verdict, tone, claim.doc or claim.formula or "", undeveloped)
            yield from self._argument(name, claim.because, (*claim.cites, *claim.barring), *step_verdict(case, claim))
        if case.scope:
            text = "; ".join(f"{key}: {told}" for key, told in case.scope.items())
            yield Node(SCOPE, "scope", None, "scope", "plain", text)
        for name, worry in case.worries.items():
            verdict, tone = worry_verdict(case, worry)
            yield Node(name, "worry", name, verdict, tone, worry.doc or worry.formula or "")
            yield from self._argument(name, worry.because, answering(worry), "answer", tone)
        for name, assumption in case.assumptions.items():
            verdict, tone = assumption_verdict(assumption)
            yield Node(name, "assumption", name, verdict, tone, assumption.doc or assumption.formula or "")
        for name, axiom in case.axioms.items():
            yield Node(name, "axiom", name, "taken as meant", "plain", axiom.doc or axiom.formula)
        for name, evidence in case.evidence.items():
            tone = "plain" if evidence.state == "current" else "bad"
            told = evidence.doc or evidence.attributes.get("file") or evidence.attributes.get("url") or ""
            yield Node(name, "evidence", name, evidence.state, tone, told)

    def _argument(self, name: str, why: str | None, below: Sequence[str], verdict: str, tone: Tone) -> Iterator[Node]:
        if self._is_argued(why, below):
            yield Node(_argument_for(name), "argument", None, verdict, tone, why or "by what it cites")

    def _is_argued(self, why: str | None, below: Sequence[str]) -> bool:
        return bool(below) and (why is not None or self.notation == "cae")

    # -- arrows -------------------------------------------------------------------------------------------------------

    def _edges(self) -> Iterator[Edge]:
        case = self.case
        for name, claim in case.claims.items():
            if claim.goal and case.scope:
                yield Edge(name, SCOPE, "in_context_of")
            yield from self._claim(name, claim)
        for name, worry in case.worries.items():
            yield from (Edge(target, name, "challenges") for target in worry.against)
            yield from self._answer(name, worry)
        for name, assumption in case.assumptions.items():
            yield from (Edge(name, piece, "supported_by") for piece in assumption.evidence)

    def _claim(self, name: str, claim: ClaimReport) -> Iterator[Edge]:
        upper = name
        if self._is_argued(claim.because, (*claim.cites, *claim.barring)):
            upper = _argument_for(name)
            yield Edge(name, upper, "supported_by")
        for cited in (*claim.cites, *claim.axioms):
            yield Edge(upper, cited, self._support(cited), used=cited not in claim.unused)
        for barred in claim.barring:
            yield Edge(name, barred, "challenges", used=barred not in claim.unused)

    def _answer(self, name: str, worry: WorryReport) -> Iterator[Edge]:
        if worry.without_acceptance == "refuted":
            # What a refutation uses says that the worry occurs, and answers nothing.
            for premise in (*worry.used, *worry.axioms):
                yield Edge(name, premise, self._support(premise))
            return
        below = answering(worry)
        if self._is_argued(worry.because, below):
            upper = _argument_for(name)
            yield Edge(name, upper, "challenges")
            for cited in (*below, *worry.axioms):
                yield Edge(upper, cited, self._support(cited), used=cited not in worry.unused)
        else:
            for cited in below:
                yield Edge(name, cited, "challenges", used=cited not in worry.unused)
            if is_answered(worry):
                yield from (Edge(name, axiom, "in_context_of") for axiom in worry.axioms)

    def _support(self, cited: str) -> EdgeKind:
        return "supported_by" if cited in self.case.claims else "in_context_of"
