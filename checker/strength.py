"""How strong what a variant assumes anew is, beside what it left of its base.

A variant leaves the assumptions and adopted mitigations of its base that it drops, replaces, or whose words mean
something else in it, and it assumes others anew. Two things are asked, as questions of entailment. Does what it assumes
anew, with what it kept and its axioms, give what it left? And does that, with what was kept and the axioms of both,
give what is assumed anew?

What was left is taken twice: as it was meant in the base and, where roles, definitions or tables were exchanged, as its
words read in the variant. The first tells what of the base still stands, the second which of its statements can be made
of the new thing as well.

A relation is told only where each direction was decided, and where neither case contradicts itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from checker import logic
from checker.case import Assumption, Axiom, Case
from checker.entailment import Answer, Entailed, Premise, Question, Refuted, Role, Undetermined
from checker.joint import Joint, join
from checker.judge import Decide, why
from checker.logic import FALSE, Term
from checker.obligations import Kind, Obligation, premises
from checker.report import CaseVerdict, LeftReport, Reading, Relation, Strength
from checker.spelling import spell

Outcome = Entailed | Refuted | str
"""What came of a question; a text says why nothing did."""

_APART = "nothing says how the two are related"

RELATIONS: Mapping[tuple[bool, bool], Relation] = {
    (True, True): "equivalent",
    (True, False): "stronger",
    (False, True): "weaker",
    (False, False): "independent",
}
"""By whether what is assumed anew gives what was left, and whether that gives what is assumed anew."""


def compare(
    base: Case,
    variant: Case,
    read_again: Mapping[str, Term | None],
    verdicts: tuple[CaseVerdict, CaseVerdict],
    decide: Decide,
) -> Strength:
    """Hold what ``variant`` assumes anew against what it left of ``base``.

    ``read_again`` gives the base's assumptions as they read in the variant, None for one that cannot be read there;
    ``verdicts`` are those of base and variant.
    """
    joint = join(base, variant)
    left, added, kept = _differences(joint, base.assumptions, variant.assumptions)
    axioms_left, axioms_added, _ = _differences(joint, base.axioms, variant.axioms)
    comparison = _Comparison(variant, joint, decide, verdicts, left, added, kept)

    stated = {s.name: s.formula for s in left if s.formula is not None}
    meant = {name: joint.of_base(formula) for name, formula in stated.items()}
    old_axioms = tuple(
        replace(axiom, name=f"{axiom.name} of {base.name}", formula=joint.of_base(axiom.formula))
        for axiom in premises(axioms_left)
    )
    as_meant = comparison.reading(_Left("as meant", stated, meant, old_axioms, together=not axioms_added), {})

    read = {name: read_again.get(name) for name in stated}
    ported = None
    if read != meant:
        alike = {name: as_meant.left[name] for name in stated if read[name] == meant[name]}
        ported = comparison.reading(_Left("as read", read, read, (), together=False), alike)
    return Strength(
        relation=as_meant.relation,
        reason=as_meant.reason,
        left=as_meant.left,
        ported=ported,
        added=tuple(s.name for s in added),
        informal=tuple(dict.fromkeys(s.name for s in (*left, *added) if s.formula is None)),
        apart=joint.kept_apart(meant.values()),
        axioms_left=tuple(axiom.name for axiom in axioms_left),
        axioms_added=tuple(axiom.name for axiom in axioms_added),
    )


_Stated = TypeVar("_Stated", Assumption, Axiom)


def _differences(
    joint: Joint, before: Sequence[_Stated], after: Sequence[_Stated]
) -> tuple[tuple[_Stated, ...], tuple[_Stated, ...], tuple[_Stated, ...]]:
    """What is stated before and not after, what is stated after and not before, and what stays.

    What stays keeps its name and, in the joint vocabulary, its formula; what is informal, its name and its words.
    """
    old = {s.name: s for s in before}

    def stays(s: _Stated) -> bool:
        was = old.get(s.name)
        if was is None:
            return False
        if was.formula is None or s.formula is None:
            return was.formula is s.formula and was.doc == s.doc
        return joint.of_base(was.formula) == s.formula

    kept = tuple(s for s in after if stays(s))
    names = {s.name for s in kept}
    left = tuple(s for s in before if s.name not in names)
    return left, tuple(s for s in after if s.name not in names), kept


@dataclass(frozen=True, slots=True)
class _Left:
    """What was left, in one of its readings.

    ``formulas`` says in the joint vocabulary what each part says that has a formula, None where that cannot be said;
    ``shown`` are the same as authors would write them. ``old_axioms`` are those that the base alone has. With
    ``together`` it is known to hold together with what was kept and the axioms.
    """

    reading: str
    shown: Mapping[str, Term | None]
    formulas: Mapping[str, Term | None]
    old_axioms: tuple[Premise, ...]
    together: bool

    @property
    def premises(self) -> list[Premise]:
        return [Premise(name, Role.ASSUMPTION, f) for name, f in self.formulas.items() if f is not None]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Asks whether what is assumed anew and what was left give each other, and reads the answers."""

    variant: Case
    joint: Joint
    decide: Decide
    verdicts: tuple[CaseVerdict, CaseVerdict]
    left: Sequence[Assumption]
    added: Sequence[Assumption]
    kept: Sequence[Assumption]

    def reading(self, left: _Left, known: Mapping[str, LeftReport]) -> Reading:
        """How the two sides stand in one reading; ``known`` are the parts of what was left that are judged already."""
        parts = self._parts(left, known)
        relation, reason = self._relation(left, parts)
        return Reading(relation, reason, parts)

    # -- does what is assumed anew give what was left? ----------------------------------------------------------------

    def _parts(self, left: _Left, known: Mapping[str, LeftReport]) -> dict[str, LeftReport]:
        """What became of each part of what was left."""
        void = contradiction(self.verdicts[1], "the variant")
        asked = [name for name, f in left.formulas.items() if f is not None and name not in known and void is None]
        outcomes = dict(zip(asked, self._ask([self._given(left, name) for name in asked]), strict=True))
        used = {name: outcome.used for name, outcome in outcomes.items() if isinstance(outcome, Entailed)}
        relations = self._relations(left, used)
        return {
            s.name: known.get(s.name) or self._part(s, left, outcomes.get(s.name), relations.get(s.name), void)
            for s in self.left
        }

    def _given(self, left: _Left, name: str) -> Obligation:
        """Holds iff what is assumed anew, what was kept and the variant's axioms entail one part of what was left."""
        formula = left.formulas[name]
        assert formula is not None
        return self._obligation(
            f"strength {name} {left.reading}",
            (*premises(self.kept), *premises(self.added), *premises(self.variant.axioms)),
            formula,
            f"the variant gives `{name}`",
            f"the variant does not give `{name}`",
            want_core=True,
        )

    def _relations(self, left: _Left, used: Mapping[str, Sequence[str]]) -> dict[str, Relation]:
        """How what the proofs used of the assumptions made anew stands to the parts that they are the proofs of."""
        news = {s.name: s.formula for s in self.added if s.formula is not None}
        needed = {name: [news[other] for other in names if other in news] for name, names in used.items()}
        asked = [name for name, formulas in needed.items() if formulas]
        outcomes = self._ask([self._enough(left, name, needed[name]) for name in asked])
        relations: dict[str, Relation] = {}
        for name, outcome in zip(asked, outcomes, strict=True):
            match outcome:
                case Refuted():
                    relations[name] = "stronger"
                # What follows from the variant holds together with its axioms; nobody has asked about the base's.
                case Entailed() if not left.old_axioms:
                    relations[name] = "equivalent"
                case _:
                    relations[name] = "undetermined"
        return relations

    def _enough(self, left: _Left, name: str, news: Sequence[Term]) -> Obligation:
        """Holds iff one part of what was left, with what was kept and the axioms, entails what was used to show it."""
        (part,) = (premise for premise in left.premises if premise.name == name)
        return self._obligation(
            f"strength {name} {left.reading} back",
            (part, *premises(self.kept), *left.old_axioms, *premises(self.variant.axioms)),
            logic.conj(news),
            f"no more than `{name}` was used to show it",
            f"more than `{name}` was used to show it",
        )

    def _part(
        self, stated: Assumption, left: _Left, outcome: Outcome | None, relation: Relation | None, void: str | None
    ) -> LeftReport:
        formula = left.shown.get(stated.name)
        spelt = None if formula is None else spell(formula)
        part = LeftReport("undetermined", stated.doc, spelt, None, (), (), relation)
        match outcome:
            case Entailed(used=used):
                axioms = {axiom.name for axiom in self.variant.axioms}
                return replace(
                    part,
                    status="given",
                    used=tuple(name for name in used if name not in axioms),
                    axioms=tuple(name for name in used if name in axioms),
                )
            case Refuted():
                return replace(part, status="lost")
            case str(reason):
                return replace(part, reason=reason)
            case None if stated.formula is None:
                return replace(part, status="informal", reason="no formula states it")
            case None:
                return replace(part, reason=void or "it cannot be read in the variant")

    # -- and the other way round? -------------------------------------------------------------------------------------

    def _relation(self, left: _Left, parts: Mapping[str, LeftReport]) -> tuple[Relation, str | None]:
        """The relation or, where there is none to tell, why."""
        obstacle = self._obstacle(left)
        if obstacle is not None:
            return "undetermined", obstacle
        gives = not any(part.status == "lost" for part in parts.values())
        for name, part in parts.items() if gives else ():
            if part.status == "undetermined":
                return "undetermined", f"whether what it assumes anew gives `{name}` was not decided"
        match self._gives_back(left):
            case str(reason):
                return "undetermined", f"whether what it left gives what it assumes anew was not decided: {reason}"
            case Refuted():
                return RELATIONS[gives, False], None
            case Entailed():
                # What follows from the variant, or was the base's, holds together as these do.
                known = left.together or (gives and not left.old_axioms)
                trouble = None if known else self._trouble(left)
                return ("undetermined", trouble) if trouble is not None else (RELATIONS[gives, True], None)

    def _obstacle(self, left: _Left) -> str | None:
        """What stands in the way of telling any relation."""
        unread = [name for name, formula in left.formulas.items() if formula is None]
        if unread:
            return f"{_quoted(unread)} cannot be read in the variant"
        if self.left and not left.formulas:
            return "no formula states what it left"
        if self.added and not self._news():
            return "no formula states what it assumes anew"
        base, variant = self.verdicts
        return contradiction(variant, "the variant") or contradiction(base, "the base")

    def _news(self) -> list[Term]:
        return [s.formula for s in self.added if s.formula is not None]

    def _background(self, left: _Left) -> tuple[Premise, ...]:
        return (*left.premises, *premises(self.kept), *left.old_axioms, *premises(self.variant.axioms))

    def _gives_back(self, left: _Left) -> Outcome:
        """Whether what was left, what was kept and the axioms of both entail all that is assumed anew."""
        if not self._news():
            return Entailed(())
        obligation = self._obligation(
            f"strength {left.reading}",
            self._background(left),
            logic.conj(self._news()),
            "what was left gives what is assumed anew",
            "what was left does not give what is assumed anew",
        )
        return self._ask([obligation])[0]

    def _trouble(self, left: _Left) -> str | None:
        """Why it does not count that something follows from what was left, if it does not."""
        obligation = self._obligation(
            f"strength {left.reading} together",
            self._background(left),
            FALSE,
            "what was left contradicts what was kept or the axioms",
            "what was left can hold together with what was kept and the axioms",
        )
        match self._ask([obligation])[0]:
            case Entailed():
                return "what it left contradicts what it kept or the axioms, so anything would follow from that"
            case Refuted():
                return None
            case str(reason):
                return f"whether what it left contradicts what it kept or the axioms was not decided: {reason}"

    # -- questions ----------------------------------------------------------------------------------------------------

    def _obligation(
        self, name: str, given: Sequence[Premise], conclusion: Term, holds: str, fails: str, *, want_core: bool = False
    ) -> Obligation:
        formulas = [conclusion, *(premise.formula for premise in given)]
        meanings = logic.meanings_needed(formulas, self.joint.meanings)
        question = Question(name, tuple(given), conclusion, meanings, want_core=want_core)
        return Obligation(Kind.STRENGTH, self.variant.name, question, holds, fails, self.variant.span)

    def _ask(self, posed: Sequence[Obligation]) -> list[Outcome]:
        answers = self.decide(posed) if posed else ()
        return [self._outcome(p.question, answer) for p, answer in zip(posed, answers, strict=True)]

    def _outcome(self, question: Question, answer: Answer) -> Outcome:
        return outcome(self.joint, question, answer, "base and variant")


def outcome(joint: Joint, question: Question, answer: Answer, sides: str) -> Outcome:
    """What an answer to a question in the joint vocabulary of two ``sides`` amounts to.

    That something does not follow says nothing where it hangs on two things that nothing relates.
    """
    match answer:
        case Undetermined():
            return why(answer)
        case Refuted():
            names = joint.hanging_on([question.conclusion, *(p.formula for p in question.premises)])
            return f"{_quoted(names)} {_are(names)} not the same in {sides}, and {_APART}" if names else answer
        case Entailed():
            return answer


def contradiction(verdict: CaseVerdict, whose: str) -> str | None:
    """What is the matter with a case of this verdict, if anything would follow from it or may do so."""
    match verdict:
        case "inconsistent":
            return f"what {whose} takes for granted contradicts itself, so anything would follow from it"
        case "undetermined":
            return f"whether what {whose} takes for granted can hold together was not decided"
        case _:
            return None


def _quoted(names: Sequence[str]) -> str:
    """At least one name, as a sentence lists them."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]


def _are(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"
