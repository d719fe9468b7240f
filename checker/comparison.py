"""Two cases side by side: what changed from one to the other, and what of that is for the worse.

``before`` and ``after`` are any two cases: a file and its rewrite, a case at two revisions, a base and its variant.
What is stated in both is compared by name. Where a formula changed, it is asked which of the two says more, given the
axioms and assumptions that both cases share; where something is taken for granted anew, whether it followed from what
was taken for granted before.

What cannot be told counts as worse: that nothing got worse has to be shown like everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checker import logic
from checker.case import Assumption, Axiom, Case, Statement
from checker.entailment import Entailed, Premise, Question, Refuted
from checker.findings import Severity
from checker.joint import Joint, join_revisions
from checker.judge import Decide
from checker.logic import Definition, Table, Term
from checker.obligations import Kind, Obligation, premises
from checker.report import CaseReport, Relation, Report, Transition
from checker.spelling import spell
from checker.strength import RELATIONS, Outcome, contradiction, outcome

StatedAs = Literal["axiom", "assumption", "goal", "claim", "worry", "possible"]
Fate = Literal["new", "gone", "changed", "reworded"]

SIDES = "before and after"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to compare: where it is, its name in findings, how it was called for, and which case of it is meant."""

    path: Path
    name: str
    shown: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cases. ``shown`` says where it stands; ``digests`` are the hashes of evidence that is there."""

    shown: str
    case: Case
    report: CaseReport
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """How something is stated: its doc string, and its formula unless it is informal."""

    doc: str | None
    formula: str | None


@dataclass(frozen=True, slots=True)
class Revised:
    """Something that is not stated in both cases, or not in the same way.

    It is ``changed`` if its formula says something else, be it only that a name in it means something else, and
    ``reworded`` if its doc string alone does. ``relation`` says how much it says now beside what it said (None where
    there is nothing to compare), and ``reason`` why that is undetermined. For what is taken for granted anew,
    ``given`` names what it followed from before (None: it is not shown to have followed); for what is so no more, what
    it follows from now.
    """

    stated_as: StatedAs
    name: str
    fate: Fate
    before: Words | None
    after: Words | None
    relation: Relation | None = None
    reason: str | None = None
    given: tuple[str, ...] | None = None

    @property
    def drifts(self) -> bool:
        """Whether its text or its formula changed, and the other did not: one of them may be left behind."""
        if self.before is None or self.after is None:
            return False
        return (self.before.doc == self.after.doc) != (self.fate == "reworded")


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a claim, goal or worry leans on now and did not, and the other way round.

    ``rests_on`` are things that are not settled, ``uses`` the assumptions and axioms that its proof needs, directly or
    through what it cites.
    """

    name: str
    rests_on: Gained
    uses: Gained


@dataclass(frozen=True, slots=True)
class Gained:
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed from ``before`` to ``after``.

    ``verdicts`` holds the status of every claim, worry and possible on both sides, and ``verdict`` and ``passed`` those
    of the cases. ``details`` are changes of other things, by what they are of and name: theories (their file's hash and
    what their roles are bound to), definitions and tables, the words of symbols, scope, evidence, who answers for an
    assumption, citations, acceptances. ``worse`` says in sentences what is for the worse, in the order of weight.
    """

    before: Side
    after: Side
    verdict: Transition
    passed: tuple[bool, bool]
    verdicts: Mapping[str, Transition]
    statements: tuple[Revised, ...]
    leanings: tuple[Leaning, ...]
    details: Mapping[str, Mapping[str, Transition]]
    errors: Gained
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing two files: the report on each, and their cases side by side.

    ``trouble`` says why there are none, where the cases to compare could not be told. ``cases`` names those that only
    one of the files has, where all of them are compared.
    """

    before: Report
    after: Report
    comparisons: tuple[Comparison, ...] = ()
    cases: Gained = Gained()
    trouble: str | None = None

    @property
    def is_worse(self) -> bool:
        return bool(self.cases.lost) or any(one.worse for one in self.comparisons)


def pairs(
    before: Sequence[str], after: Sequence[str], wanted: tuple[str | None, str | None]
) -> tuple[list[tuple[str, str]], Gained] | str:
    """Which case of one file is compared with which of the other, and those that are in one file alone; or why none is.

    Named cases are compared with each other. Where one is named, it is compared with that of the same name or, without
    one, with the only one; where none is, all are with those of the same name, or the only ones with each other.
    """
    first, second = wanted
    for name, names in ((first, before), (second, after)):
        if name is not None and name not in names:
            return f"there is no case `{name}` among {_quoted(names)}"
    match first, second:
        case str(), str():
            return [(first, second)], Gained()
        case (str(name), None) | (None, str(name)):
            others = after if second is None else before
            other = name if name in others else others[0] if len(others) == 1 else None
            if other is None:
                return f"it is not clear which of {_quoted(others)} to compare with `{name}`; write FILE#NAME"
            return [(name, other) if second is None else (other, name)], Gained()
        case _:
            if len(before) == len(after) == 1:
                return [(before[0], after[0])], Gained()
            shared = [(name, name) for name in after if name in before]
            if not shared:
                return f"no case is in both, of {_quoted(before)} and {_quoted(after)}; write FILE#NAME"
            return shared, _gained(before, after)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def compare(before: Side, after: Side, decide: Decide) -> Comparison:
    """Compare two cases; ``decide`` answers the questions that this takes."""
    joint = join_revisions(before.case, after.case)
    statements = tuple(_Statements(before, after, joint, decide).all())
    verdicts = _transitions(_statuses(before.report), _statuses(after.report))
    leanings = tuple(_leanings(before.report, after.report))
    details = {what: changes for what, changes in _details(before, after, joint).items() if changes}
    errors = _gained(_errors(before.report), _errors(after.report))
    verdict = Transition(before.report.verdict, after.report.verdict)
    passed = before.report.passed, after.report.passed
    worse = [
        *_worse_verdicts(before.report, after.report, verdicts),
        *_worse_statements(statements),
        *_worse_leanings(leanings, verdicts),
        *_worse_details(details),
        *(f"there is a new error: {error}" for error in errors.gained),
    ]
    return Comparison(
        before, after, verdict, passed, verdicts, statements, leanings, details, errors, tuple(dict.fromkeys(worse))
    )


# -- what is stated ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statements:
    """Compares what two cases state."""

    before: Side
    after: Side
    joint: Joint
    decide: Decide

    def all(self) -> Iterator[Revised]:
        old, new = _stated(self.before.case), _stated(self.after.case)
        shared = [key for key in new if key in old]
        same = [key for key in shared if self._is_same(old[key], new[key])]
        kept = [new[key] for key in same]
        axioms = [s for s in kept if isinstance(s, Axiom)]
        granted = [*axioms, *(s for s in kept if isinstance(s, Assumption))]
        for key, statement in new.items():
            stated_as, name = key
            words = _words(statement)
            if key not in old:
                given, reason = self._followed_before(statement) if _is_granted(statement) else (None, None)
                yield Revised(stated_as, name, "new", None, words, reason=reason, given=given)
            elif key not in same:
                background = granted if _is_granted(statement) else axioms
                relation, reason = self._relation(old[key], statement, background)
                yield Revised(stated_as, name, "changed", _words(old[key]), words, relation, reason)
            elif old[key].doc != statement.doc:
                yield Revised(stated_as, name, "reworded", _words(old[key]), words)
        for key, statement in old.items():
            if key not in new:
                stated_as, name = key
                given, reason = self._follows_now(statement) if _is_granted(statement) else (None, None)
                yield Revised(stated_as, name, "gone", _words(statement), None, reason=reason, given=given)

    def _is_same(self, old: Statement, new: Statement) -> bool:
        if old.formula is None or new.formula is None:
            return old.formula is new.formula
        return self.joint.of_base(old.formula) == new.formula

    def _relation(
        self, old: Statement, new: Statement, background: Sequence[Statement]
    ) -> tuple[Relation | None, str | None]:
        """How much the new formula says beside the old one, on a background that both cases share."""
        if old.formula is None or new.formula is None:
            return "undetermined", "only one of the two has a formula"
        obstacle = self._contradiction()
        if obstacle is not None:
            return "undetermined", obstacle
        was = self.joint.of_base(old.formula)
        given = tuple(premises(background))
        # Each side's own premises hold together and the background is part of both, so nothing follows by accident;
        # a claim that is false whatever holds says more than any other, and that is what is told of it.
        asked = [
            self._obligation(f"compare {new.name}", (*given, *premises([new])), was),
            self._obligation(f"compare {new.name} back", (*given, *premises([_with(old, was)])), new.formula),
        ]
        gives, given_back = self._ask(asked)
        for one in (gives, given_back):
            if isinstance(one, str):
                return "undetermined", one
        return RELATIONS[isinstance(gives, Entailed), isinstance(given_back, Entailed)], None

    def _followed_before(self, statement: Statement) -> tuple[tuple[str, ...] | None, str | None]:
        case = self.before.case
        granted = [*premises(case.assumptions), *premises(case.axioms)]
        renamed = [Premise(p.name, p.role, self.joint.of_base(p.formula)) for p in granted]
        return self._given(statement.name, renamed, statement.formula, self.before, "before")

    def _follows_now(self, statement: Statement) -> tuple[tuple[str, ...] | None, str | None]:
        case = self.after.case
        granted = [*premises(case.assumptions), *premises(case.axioms)]
        formula = None if statement.formula is None else self.joint.of_base(statement.formula)
        return self._given(statement.name, granted, formula, self.after, "after")

    def _given(
        self, name: str, granted: Sequence[Premise], formula: Term | None, side: Side, whose: str
    ) -> tuple[tuple[str, ...] | None, str | None]:
        """What of that which is granted gives a formula; None, with a reason if nothing was decided, if none does."""
        if formula is None:
            return None, "no formula states it"
        obstacle = contradiction(side.report.verdict, f"the case {whose}")
        if obstacle is not None:
            return None, obstacle
        match self._ask([self._obligation(f"compare {name} {whose}", granted, formula, want_core=True)])[0]:
            case Entailed(used=used):
                return used, None
            case Refuted():
                return None, None
            case str(reason):
                return None, reason

    def _contradiction(self) -> str | None:
        return contradiction(self.before.report.verdict, "the case before") or contradiction(
            self.after.report.verdict, "the case after"
        )

    def _obligation(
        self, name: str, given: Sequence[Premise], conclusion: Term, *, want_core: bool = False
    ) -> Obligation:
        """Holds iff what is given entails the conclusion."""
        meanings = logic.meanings_needed([conclusion, *(p.formula for p in given)], self.joint.meanings)
        question = Question(name, tuple(given), conclusion, meanings, want_core=want_core)
        case = self.after.case
        return Obligation(Kind.STRENGTH, case.name, question, "it follows", "it does not follow", case.span)

    def _ask(self, posed: Sequence[Obligation]) -> list[Outcome]:
        answers = self.decide(posed)
        return [outcome(self.joint, p.question, answer, SIDES) for p, answer in zip(posed, answers, strict=True)]


def _with(statement: Statement, formula: Term) -> Statement:
    return Statement(statement.name, statement.doc, formula, statement.span, statement.attributes)


def _is_granted(statement: Statement) -> bool:
    return isinstance(statement, Assumption | Axiom)


def _stated(case: Case) -> dict[tuple[StatedAs, str], Statement]:
    """Everything that a case states, by what it is and its name, what is taken for granted first."""
    found: dict[tuple[StatedAs, str], Statement] = {}
    found |= {("axiom", s.name): s for s in case.axioms}
    found |= {("assumption", s.name): s for s in case.assumptions}
    found |= {("goal" if s.goal else "claim", s.name): s for s in case.claims}
    found |= {("worry", s.name): s for s in case.worries}
    found |= {("possible", s.name): s for s in case.possibles}
    return found


def _words(statement: Statement) -> Words:
    return Words(statement.doc, None if statement.formula is None else spell(statement.formula))


# -- verdicts, and what they lean on -----------------------------------------------------------------------------------


def _statuses(report: CaseReport) -> dict[str, str]:
    return {
        **{name: claim.status for name, claim in report.claims.items()},
        **{name: worry.status for name, worry in report.worries.items()},
        **{name: possible.status for name, possible in report.possible.items()},
    }


def _transitions(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Transition]:
    """What each thing is on either side, in the order of ``after``, then what is gone."""
    return {name: Transition(before.get(name), after.get(name)) for name in dict.fromkeys([*after, *before])}


def _gained(before: Iterable[str], after: Iterable[str]) -> Gained:
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    return Gained(tuple(n for n in new if n not in old), tuple(n for n in old if n not in new))


def _leanings(before: CaseReport, after: CaseReport) -> Iterator[Leaning]:
    """For each claim and worry that is in both: what it leans on anew, and no more. Only what changed is told."""
    for name in [*after.claims, *after.worries]:
        old = before.claims.get(name) or before.worries.get(name)
        new = after.claims.get(name) or after.worries.get(name)
        if old is None or new is None:
            continue
        leaning = Leaning(name, _gained(old.rests_on, new.rests_on), _gained(_uses(before, name), _uses(after, name)))
        if leaning != Leaning(name, Gained(), Gained()):
            yield leaning


def _uses(report: CaseReport, name: str) -> list[str]:
    """The assumptions and axioms that the proof of something needs, through all that it cites."""
    waiting, seen = [name], {name}
    found = []
    while waiting:
        known = waiting.pop()
        proof = report.claims.get(known) or report.worries.get(known)
        if proof is None:
            found.append(known)
            continue
        for other in (*proof.used, *proof.axioms):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return sorted(found)


def _errors(report: CaseReport) -> list[str]:
    return [
        f"{f.code}, about {f.about}" if f.about else f.code for f in report.findings if f.severity is Severity.ERROR
    ]


# -- everything else ---------------------------------------------------------------------------------------------------


def _details(before: Side, after: Side, joint: Joint) -> dict[str, dict[str, Transition]]:
    old, new = before.case, after.case
    return {
        "theories": _changed(_theories(old), _theories(new)),
        "meanings": _apart(old, joint) | _changed(_meanings(old), _meanings(new), both=True),
        "words": _changed(_wordings(old), _wordings(new), both=True),
        "scope": _changed(dict(old.scope), dict(new.scope)),
        "evidence": _changed(_evidence(before), _evidence(after)),
        "backing": _changed(_backing(before), _backing(after), both=True),
        "citations": _changed(_citations(old), _citations(new), both=True),
        "acceptances": _changed(_acceptances(old), _acceptances(new)),
        "values": _changed(_shows(before.report), _shows(after.report)),
    }


def _apart(case: Case, joint: Joint) -> dict[str, Transition]:
    """The names that what is stated before uses in a sense that they do not have after."""
    stated = [joint.of_base(s.formula) for s in _stated(case).values() if s.formula is not None]
    return {name: Transition("in one sense", "in another sense") for name in sorted(joint.kept_apart(stated))}


def _meanings(case: Case) -> dict[str, str]:
    """Definitions and tables as an author would write them."""
    found = {}
    for symbol, meaning in case.meanings.items():
        match meaning:
            case Definition(params=params, body=body):
                takes = ", ".join(f"{param.name}: {param.sort.name}" for param in params)
                found[symbol.name] = f"{f'({takes}) ' if takes else ''}:= {spell(body)}"
            case Table(rows=rows):
                told = [f"({', '.join(map(spell, args))}): {spell(value)}" for args, value in rows]
                found[symbol.name] = f"= {{ {', '.join(told)} }}"
    return found


def _changed(before: Mapping[str, str], after: Mapping[str, str], *, both: bool = False) -> dict[str, Transition]:
    """What is not the same on both sides; with ``both``, of that alone which is on both."""
    return {
        name: change
        for name, change in _transitions(before, after).items()
        if change.base != change.variant and not (both and None in (change.base, change.variant))
    }


def _theories(case: Case) -> dict[str, str]:
    """Each copy of a theory: which one, the hash of its file, and what its roles are bound to."""
    return {
        use.alias: f"{use.theory.name} (sha256 {use.sha256[:12]})"
        + "".join(
            f"{', ' if number else ' with '}{role} = {thing}" for number, (role, thing) in enumerate(use.bound.items())
        )
        for use in case.uses
    }


def _wordings(case: Case) -> dict[str, str]:
    return {symbol.name: wording.template or "" for symbol, wording in case.wordings.items()}


def _evidence(side: Side) -> dict[str, str]:
    found = {}
    for piece in side.case.evidence:
        digest = side.digests.get(piece.name)
        parts = [
            side.report.evidence[piece.name].state,
            piece.file or piece.url or "",
            f"of {piece.dated.isoformat()}" if piece.dated else "",
            f"until {piece.until.isoformat()}" if piece.until else "",
            f"sha256 {digest[:12]}{'' if piece.sha256 else ', which the case does not state'}" if digest else "",
        ]
        found[piece.name] = ", ".join(filter(None, parts))
    return found


def _backing(side: Side) -> dict[str, str]:
    found = {}
    for name, assumption in side.report.assumptions.items():
        by = [*assumption.evidence, *([f"owner {assumption.owner}"] if assumption.owner else [])]
        found[name] = f"{'backed' if assumption.backed else 'not backed'} ({', '.join(by) or 'by nothing'})"
    return found


def _citations(case: Case) -> dict[str, str]:
    """What claims cite, and what answers worries."""
    found = {}
    for claim in case.claims:
        barring = f" barring {', '.join(claim.barring)}" if claim.barring else ""
        found[claim.name] = f"by {', '.join(claim.by) or 'nothing'}{barring}"
    answers = {answer.worry: answer for answer in case.answers}
    for worry in case.worries:
        answer = answers.get(worry.name)
        found[worry.name] = "no answer" if answer is None else f"by {', '.join(answer.cites) or 'nothing'}"
    return found


def _acceptances(case: Case) -> dict[str, str]:
    return {
        one.target: f"{one.why} [{one.owner or 'nobody named'}{f' until {one.until.isoformat()}' if one.until else ''}]"
        for one in case.acceptances
    }


def _shows(report: CaseReport) -> dict[str, str]:
    return {term: value if value is not None else "not fixed" for term, value in report.shows.items()}


# -- what is for the worse ---------------------------------------------------------------------------------------------

_RANKS = {
    **dict.fromkeys(("established", "dispelled", "assumed", "satisfiable"), 3),
    **dict.fromkeys(("conditional",), 2),
    **dict.fromkeys(("accepted",), 1),
}
"""How well something of a status stands; whatever else there is, is not shown at all."""

_CASE_RANKS = {"established": 3, "conditional": 2, "unproved": 1, "undetermined": 0, "inconsistent": 0}


def _worse_verdicts(before: CaseReport, after: CaseReport, verdicts: Mapping[str, Transition]) -> Iterator[str]:
    if before.passed and not after.passed:
        yield "the case does not pass any more"
    if _CASE_RANKS[after.verdict] < _CASE_RANKS[before.verdict]:
        yield f"the case is {after.verdict}, and was {before.verdict}"
    for name, change in verdicts.items():
        match change:
            case Transition(base=None, variant=str(status)):
                if name in after.worries and _RANKS.get(status, 0) == 0:
                    yield f"the worry {name} is new, and {status}"
                elif name in after.worries and status == "accepted":
                    yield f"the worry {name} is new, and lived with"
            case Transition(base=str(old), variant=str(status)):
                if _RANKS.get(status, 0) < _RANKS.get(old, 0) or (status == "refuted" and old != "refuted"):
                    yield f"{name} is {status}, and was {old}"


def _worse_statements(statements: Iterable[Revised]) -> Iterator[str]:
    for one in statements:
        match one:
            case Revised(stated_as="axiom" | "assumption", fate="new", given=None):
                yield f"the {one.stated_as} {one.name} is new{_because(one.reason, 'and did not follow before')}"
            case Revised(stated_as="axiom" | "assumption", fate="changed"):
                if one.relation not in ("weaker", "equivalent"):
                    yield f"the {one.stated_as} {one.name} {_says(one, 'more')}"
            case Revised(stated_as="goal" | "worry" | "possible", fate="gone"):
                yield f"the {one.stated_as} {one.name} is not there any more"
            case Revised(stated_as="goal" | "worry" | "possible", fate="changed"):
                if one.relation not in ("stronger", "equivalent"):
                    yield f"the {one.stated_as} {one.name} {_says(one, 'less')}"


def _because(reason: str | None, otherwise: str) -> str:
    return f", {otherwise}" if reason is None else f"; whether it followed before is not known: {reason}"


def _says(one: Revised, how: str) -> str:
    match one.relation:
        case "stronger" | "weaker":
            return f"says {how} than it did"
        case "independent":
            return "says something else than it did"
        case _:
            return f"may say {how} than it did: {one.reason or 'no clear answer'}"


def _worse_leanings(leanings: Iterable[Leaning], verdicts: Mapping[str, Transition]) -> Iterator[str]:
    """What was not shown before may lean on whatever it takes."""
    for leaning in leanings:
        if _RANKS.get(verdicts[leaning.name].base or "", 0) == 0:
            continue
        if leaning.rests_on.gained:
            yield f"{leaning.name} now rests on {', '.join(leaning.rests_on.gained)} as well"
        if leaning.uses.gained and not leaning.uses.lost:
            yield f"{leaning.name} now leans on {', '.join(leaning.uses.gained)} as well"


def _worse_details(details: Mapping[str, Mapping[str, Transition]]) -> Iterator[str]:
    for name, change in details.get("backing", {}).items():
        if (change.base or "").startswith("backed") and not (change.variant or "").startswith("backed"):
            yield f"nothing backs the assumption {name} any more"
    for name, change in details.get("evidence", {}).items():
        old, new = ((side or "").partition(",")[0] for side in (change.base, change.variant))
        if old == "current" and new not in ("current", ""):
            yield f"the evidence {name} is {new}"
