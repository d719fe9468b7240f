"""Obligations: everything that has to be decided about a case, as plain data, before anything is decided.

Each obligation is a question of entailment (see :mod:`checker.entailment`) with what it is about and the two sentences
that say what it means that it holds and that it fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from checker import logic
from checker.antecedents import conditions, free_variables
from checker.case import Assumption, Axiom, Case, Claim, Divisor, Possible, Requirement, Statement, Worry
from checker.entailment import Premise, Question, Role
from checker.logic import FALSE, Meaning, Term, disj, for_all, negation
from checker.source import Span


class Kind(StrEnum):
    """What an obligation is for."""

    STEP = "step"
    WORRY = "worry"
    REFUTATION = "refutation"
    CONSISTENCY = "consistency"
    CONTRADICTION = "contradiction"
    POSSIBLE = "possible"
    VACUITY = "vacuity"
    DIVISOR = "divisor"
    OWED = "owed"
    SOURCE = "source"
    AXIOMS_ALONE = "axioms alone"
    RESTATEMENT = "restatement"
    VALUE = "value"
    STRENGTH = "strength"
    SUFFICIENCY = "sufficiency"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing to decide. ``holds`` is said if the premises entail the conclusion, ``fails`` if they do not."""

    kind: Kind
    about: str
    question: Question
    holds: str
    fails: str
    span: Span


@dataclass(slots=True)
class Obligations:
    """Forms the obligations of one case."""

    case: Case
    _axioms: tuple[Premise, ...] = ()
    _citable: dict[str, Premise] = field(default_factory=dict)
    _standing: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Premise, ...]] = field(default_factory=dict)
    _needed: dict[int, tuple[Meaning, ...]] = field(default_factory=dict)
    """By the identity of those in ``_standing``."""

    def __post_init__(self) -> None:
        self._axioms = tuple(premises(self.case.axioms))
        self._citable = {
            premise.name: premise
            for statements in (self.case.assumptions, self.case.claims, self.case.worries)
            for premise in premises(statements)
        }

    def _question(
        self, name: str, given: Iterable[Premise], conclusion: Term, cited: Sequence[str] = (), **wishes: bool
    ) -> Question:
        stated = tuple(given)
        first = logic.meanings_needed([conclusion], self.case.meanings)
        known = set(first)
        needed = (*first, *(meaning for meaning in self._needed_by(stated) if meaning not in known))
        return Question(name, stated, conclusion, needed, tuple(cited), **wishes)

    def _needed_by(self, stated: tuple[Premise, ...]) -> tuple[Meaning, ...]:
        """The definitions and tables that premises rest on; kept for those that many obligations share."""
        if id(stated) in self._needed:
            return self._needed[id(stated)]
        needed = logic.meanings_needed([premise.formula for premise in stated], self.case.meanings)
        if any(stated is shared for shared in self._standing.values()):
            self._needed[id(stated)] = needed
        return needed

    def cited(self, names: Iterable[str]) -> tuple[Premise, ...]:
        """The formulas of what is cited, each once; what is informal has none."""
        return tuple(self._citable[name] for name in dict.fromkeys(names) if name in self._citable)

    def standing(self, accepted: Sequence[str] = (), without: Sequence[str] = ()) -> tuple[Premise, ...]:
        """The premises of the case: assumptions, adopted mitigations, what is accepted, and the axioms."""
        key = (tuple(accepted), tuple(without))
        if key not in self._standing:  # many obligations share them
            assumed = self.cited(a.name for a in self.case.assumptions if a.name not in without)
            self._standing[key] = (*assumed, *self.cited(accepted), *self._axioms)
        return self._standing[key]

    def step(self, claim: Claim) -> Obligation:
        """Holds iff the axioms and what the claim cites entail its formula."""
        assert claim.formula is not None
        cites = (*claim.by, *claim.barring)
        question = self._question(
            f"step {claim.name}",
            (*self.cited(cites), *self._axioms),
            claim.formula,
            cites if claim.cites_by_name else (),
            want_core=True,
            want_scenario=True,
            want_alone=claim.own,
        )
        return Obligation(
            Kind.STEP,
            claim.name,
            question,
            f"`{claim.name}` follows from what it cites",
            f"what `{claim.name}` cites can hold while it does not",
            claim.span,
        )

    def worry(self, worry: Worry, cites: Sequence[str]) -> Obligation:
        """Holds iff the axioms and the answer's citations entail that the worry does not occur."""
        assert worry.formula is not None
        chosen = any(answer.worry == worry.name and answer.cites_by_name for answer in self.case.answers)
        question = self._question(
            f"worry {worry.name}",
            (*self.cited(cites), *self._axioms),
            worry.formula,
            cites if chosen else (),
            want_core=True,
            want_scenario=True,
            want_alone=True,
        )
        return Obligation(
            Kind.WORRY,
            worry.name,
            question,
            f"`{worry.name}` does not occur where its answer holds",
            f"`{worry.name}` can occur for all that answers it",
            worry.span,
        )

    def refutation(self, worry: Worry) -> Obligation:
        """Holds iff the axioms, assumptions and adopted mitigations entail that the worry does occur."""
        assert worry.formula is not None
        question = self._question(f"refutation {worry.name}", self.standing(), negation(worry.formula), want_core=True)
        return Obligation(
            Kind.REFUTATION,
            worry.name,
            question,
            f"`{worry.name}` occurs wherever the assumptions hold",
            f"`{worry.name}` need not occur",
            worry.span,
        )

    def consistency(self, accepted: Sequence[str], extra: Iterable[Statement] = ()) -> Obligation:
        """Holds iff the premises of the case, and what is stated besides, contradict each other."""
        given = (*premises(extra), *self.standing(accepted))
        question = self._question("consistency", given, FALSE, want_core=True)
        return Obligation(
            Kind.CONSISTENCY,
            self.case.name,
            question,
            "the premises contradict each other",
            "the premises can hold together",
            self.case.span,
        )

    def contradiction(self, claim: Claim) -> Obligation:
        """Holds iff the axioms and what the claim cites contradict each other, so that anything follows."""
        cites = (*claim.by, *claim.barring)
        given = (*self.cited(cites), *self._axioms)
        cited = cites if claim.cites_by_name else ()
        question = self._question(f"contradiction {claim.name}", given, FALSE, cited, want_core=True)
        return Obligation(
            Kind.CONTRADICTION,
            claim.name,
            question,
            f"what `{claim.name}` cites contradicts itself",
            f"what `{claim.name}` cites can hold together",
            claim.span,
        )

    def possible(self, possible: Possible, accepted: Sequence[str], extra: Iterable[Statement] = ()) -> Obligation:
        """Holds iff the premises, less those to leave out, and what is stated besides rule the possibility out."""
        assert possible.formula is not None
        given = (*premises(extra), *self.standing(accepted, possible.without))
        question = self._question(f"possible {possible.name}", given, negation(possible.formula), want_core=True)
        return Obligation(
            Kind.POSSIBLE,
            possible.name,
            question,
            f"the premises rule `{possible.name}` out",
            f"`{possible.name}` can be together with the premises",
            possible.span,
        )

    def all_possible(
        self, possibles: Sequence[Possible], accepted: Sequence[str], extra: Iterable[Statement]
    ) -> Obligation:
        """Holds iff the premises and what is stated besides rule it out that all these are possible together."""
        formulas = [possible.formula for possible in possibles if possible.formula is not None]
        given = (*premises(extra), *self.standing(accepted))
        question = self._question("possible together", given, negation(logic.conj(formulas)) if formulas else FALSE)
        return Obligation(
            Kind.POSSIBLE,
            self.case.name,
            question,
            "not all that has to be possible can be so together",
            "all that has to be possible can be so together",
            self.case.span,
        )

    def vacuity(self, statement: Claim | Worry, accepted: Sequence[str]) -> list[Obligation]:
        """For each condition in the statement: holds iff the premises rule it out, so that nothing is said."""
        assert statement.formula is not None
        return [
            Obligation(
                Kind.VACUITY,
                statement.name,
                self._question(f"vacuity {statement.name} {n}", self.standing(accepted), negation(condition)),
                f"what `{statement.name}` is about cannot be",
                f"`{statement.name}` is about something",
                statement.span,
            )
            for n, condition in enumerate(conditions(statement.formula, self.case.meanings), 1)
        ]

    def vacuous_among(self, several: Sequence[Obligation]) -> Obligation:
        """Holds iff the premises do not leave all of these to be met by something at once; they have the same premises.

        Where it does not hold, none of them does.
        """
        first = several[0]
        question = self._question(
            f"{first.question.name} and {len(several) - 1} more",
            first.question.premises,
            disj([one.question.conclusion for one in several]),
        )
        return replace(
            first, question=question, holds="what these are about cannot all be", fails="all are about something"
        )

    def sufficiency(
        self, statement: Claim | Worry, cites: Iterable[str], extra: Iterable[Statement], without: Sequence[str] = ()
    ) -> Obligation:
        """Holds iff the axioms, these citations and what is stated besides entail the statement; tells what it takes.

        Premises in ``without``, axioms among them, are left out.
        """
        assert statement.formula is not None
        given = [p for p in (*self.cited(cites), *premises(extra), *self._axioms) if p.name not in without]
        return Obligation(
            Kind.SUFFICIENCY,
            statement.name,
            self._question(f"sufficiency {statement.name}", given, statement.formula, want_core=True),
            f"this suffices for `{statement.name}`",
            f"this does not suffice for `{statement.name}`",
            statement.span,
        )

    def divisor(self, divisor: Divisor) -> Obligation:
        """Holds iff the premises without divisions, and the guards, make the divisor other than zero."""
        zero = logic.Number(logic.integer(0).value, logic.sort_of(divisor.divisor))
        nonzero = negation(logic.equal(divisor.divisor, zero))
        body = logic.implies(logic.conj(divisor.guards), nonzero) if divisor.guards else nonzero
        variables = sorted(free_variables(body), key=lambda v: (v.name, v.sort.name))
        given = [p for p in self.standing() if not self._divides(p.formula)]
        return Obligation(
            Kind.DIVISOR,
            divisor.within,
            self._question(f"divisor in {divisor.within}", given, for_all(variables, body), want_scenario=True),
            f"`{divisor.text}` is not zero",
            f"`{divisor.text}` may be zero",
            divisor.span,
        )

    def _divides(self, formula: Term) -> bool:
        needed = logic.meanings_needed([formula], self.case.meanings)
        terms = [formula, *(body for meaning in needed for body in logic.bodies(meaning))]
        return any(isinstance(part, logic.Divide) for term in terms for part in logic.subterms(term))

    def owed(self, requirement: Requirement) -> Obligation:
        """Holds iff the assumptions rule out the condition under which the theories are owed."""
        assert requirement.when is not None
        question = self._question(f"owed {requirement.alias}", self.standing(), negation(requirement.when))
        return Obligation(
            Kind.OWED, requirement.alias, question, "nothing is owed", "the theories are owed", requirement.span
        )

    def source(self, goal: Claim, assumptions: Sequence[str]) -> Obligation:
        """Holds iff the assumptions below a goal entail it without the argument; tells which do so alone."""
        assert goal.formula is not None
        given = (*self.cited(assumptions), *self._axioms)
        question = self._question(f"source {goal.name}", given, goal.formula, want_alone=True)
        return Obligation(
            Kind.SOURCE,
            goal.name,
            question,
            f"the assumptions entail `{goal.name}`",
            f"the assumptions do not entail `{goal.name}`",
            goal.span,
        )

    def axioms_alone(self, goal: Claim) -> Obligation:
        """Holds iff the goal needs no assumption."""
        assert goal.formula is not None
        return Obligation(
            Kind.AXIOMS_ALONE,
            goal.name,
            self._question(f"axioms alone {goal.name}", self._axioms, goal.formula, want_core=True),
            f"`{goal.name}` needs no assumption",
            f"`{goal.name}` needs an assumption",
            goal.span,
        )

    def restatement(self, claim: Claim, assumption: str, *, axioms: bool = False) -> Obligation:
        """Holds iff the assumption says the same as the claim, by definitions alone or under the ``axioms`` alone."""
        assert claim.formula is not None
        formula = self._citable[assumption].formula
        # A solver may fail to see what is plain to see.
        same = logic.TRUE if formula == claim.formula else logic.iff(formula, claim.formula)
        given = self._axioms if axioms else ()
        return Obligation(
            Kind.RESTATEMENT,
            claim.name,
            self._question(f"restatement {claim.name} {assumption}", given, same),
            f"`{assumption}` says the same as `{claim.name}`",
            f"`{assumption}` says something else than `{claim.name}`",
            claim.span,
        )

    def value(self, text: str, term: Term, value: Term, span: Span) -> Obligation:
        """Holds iff the axioms and assumptions fix the value of a term."""
        same = logic.iff(term, value) if logic.sort_of(term) == logic.BOOL else logic.equal(term, value)
        return Obligation(
            Kind.VALUE,
            text,
            self._question(f"value {text}", self.standing(), same),
            f"`{text}` has one value",
            f"`{text}` may have other values",
            span,
        )


def premises(statements: Iterable[Statement]) -> Iterable[Premise]:
    """What is stated, as premises; what has no formula is none."""
    for statement in statements:
        if statement.formula is not None:
            yield Premise(statement.name, _role(statement), statement.formula)


def _role(statement: Statement) -> Role:
    match statement:
        case Axiom():
            return Role.AXIOM
        case Assumption():
            return Role.ASSUMPTION
        case Claim():
            return Role.CLAIM
        case _:
            return Role.WORRY
