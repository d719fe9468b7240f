"""Verdicts on a small case, recomputed from the rules of the language over all structures.

Nearly everything is decided exactly, since the axioms of a random case bound all its sorts and numbers. Where a
question leaves those axioms aside (whether one assumption alone gives a formula, say), a formula that holds in every
structure of the universe might fail in a larger one; such an answer is ``MAYBE``, and both verdicts that it may lead to
are allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property

from tests.oracle.language import (
    NUMERIC,
    Acceptance,
    Aggregate,
    Apply,
    Axiom,
    Claim,
    Definition,
    Expr,
    File,
    Not,
    Possible,
    Quantified,
    Sort,
    Symbol,
    Theory,
    Truth,
    Vocabulary,
    Worry,
    children,
    copied,
)
from tests.oracle.semantics import Universe

TODAY = date(2026, 11, 24)


class Found(Enum):
    """Whether some premises entail a conclusion."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


# -- what there is to judge --------------------------------------------------------------------------------------------


Choices = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each module, which sets of citations were chosen for its claims and worries."""
NOTHING_CHOSEN: Choices = {}


@dataclass(frozen=True)
class Module:
    """A case with the theories that it uses copied in, or a theory by itself. All names are qualified.

    ``taken`` holds the formulas of assumptions and adopted mitigations, None for those in words alone. ``answers`` has
    an entry for each worry that is answered explicitly. ``origin`` names the theory and alias that a claim comes from.
    """

    vocabulary: Vocabulary
    taken: Mapping[str, Expr | None] = field(default_factory=dict)
    owned: Mapping[str, bool] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    worries: Mapping[str, Worry] = field(default_factory=dict)
    possibles: Mapping[str, Possible] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acceptances: Mapping[str, Acceptance] = field(default_factory=dict)
    origin: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def universe(self) -> Universe:
        return Universe(self.vocabulary)

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        return {definition.name: definition for definition in self.vocabulary.definitions}

    @cached_property
    def axioms(self) -> dict[str, Axiom]:
        return {axiom.name: axiom for axiom in self.vocabulary.axioms}

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        return {symbol.name: symbol for symbol in self.vocabulary.symbols}

    @cached_property
    def sorts(self) -> dict[str, Sort]:
        return {sort.name: sort for sort in self.vocabulary.sorts}

    def formula(self, name: str) -> Expr | None:
        """The formula of whatever can be a premise; None where it stands in words alone."""
        if name in self.axioms:
            return self.axioms[name].formula
        if name in self.taken:
            return self.taken[name]
        return self.claims[name].formula if name in self.claims else self.worries[name].formula

    def formal(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that have a formula."""
        return [name for name in names if self.formula(name) is not None]

    def entails(self, premises: Iterable[str], conclusion: Expr) -> Found:
        """Whether exactly these premises, by name, entail the conclusion."""
        formulas = [formula for name in premises if (formula := self.formula(name)) is not None]
        if self.universe.all_of(formulas) & ~self.universe.truth(conclusion):
            return Found.NO
        if conclusion in formulas or conclusion == Truth(True):
            return Found.YES
        bounded = {axiom.bounds for axiom in self.axioms.values() if axiom.formula in formulas}
        return Found.YES if self._unbounded((*formulas, conclusion)) <= bounded else Found.MAYBE

    def shown(self, premises: Iterable[str], conclusion: Expr) -> bool:
        """Whether the axioms and these premises entail the conclusion: exact, as the axioms bound everything."""
        formulas = [formula for name in premises if (formula := self.formula(name)) is not None]
        return not self._axiomatic & self.universe.all_of(formulas) & ~self.universe.truth(conclusion)

    @cached_property
    def _axiomatic(self) -> int:
        """The structures that are models of all axioms."""
        return self.universe.all_of(axiom.formula for axiom in self.axioms.values())

    def _unbounded(self, formulas: Iterable[Expr]) -> set[str]:
        """The sorts and numeric symbols in these formulas that only axioms bound."""
        found: set[str] = set()
        seen: set[str] = set()
        todo = list(formulas)
        while todo:
            expr = todo.pop()
            todo += children(expr)
            match expr:
                case Quantified(_, variables, _):
                    found |= {sort for _, sort in variables}
                case Aggregate(_, _, sort, _):
                    found.add(sort)
                case Apply(name) if name in self.definitions and name not in seen:
                    seen.add(name)
                    definition = self.definitions[name]
                    found |= {sort for _, sort in definition.params}
                    todo.append(definition.body)
                case Apply(name) if name in self.symbols and self.symbols[name].table is None:
                    symbol = self.symbols[name]
                    found |= {*symbol.params}
                    if symbol.result is not None:
                        found.add(name if symbol.result in NUMERIC else symbol.result)
                case _:
                    pass
        return {name for name in found if name not in self.sorts or self.sorts[name].elements is None}

    # -- who depends on whom -------------------------------------------------------------------------------------------

    def cited(self, claim: Claim) -> tuple[str, ...]:
        """What a claim cites, in order, the worries that it bars last."""
        by = tuple(self.taken) if claim.by is None else claim.by
        return (*by, *claim.barring)

    @cached_property
    def edges(self) -> dict[str, tuple[str, ...]]:
        """From each claim, worry and assumption to what it rests on in so many words."""
        found = {name: self.cited(claim) for name, claim in self.claims.items()}
        found |= {name: self.answers.get(name, ()) for name in self.worries}
        found |= dict.fromkeys(self.taken, ())
        for worry in self.worries.values():
            for target in worry.against:
                if target in found:
                    found[target] = (*found[target], worry.name)
        return found

    def below(self, name: str, edges: Mapping[str, Sequence[str]]) -> set[str]:
        """Everything that can be reached from ``name``, itself only over a circle."""
        found: set[str] = set()
        todo = list(edges.get(name, ()))
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += edges.get(one, ())
        return found

    def circular(self) -> bool:
        return any(name in self.below(name, self.edges) for name in self.edges)

    @cached_property
    def _attempts(self) -> dict[str, tuple[str, ...]]:
        """For each worry without an answer, the assumptions that cannot lead back to it in any way."""
        unanswered = [name for name in self.worries if name not in self.answers]
        resting = {name: self.below(name, self.edges) for name in self.taken}
        possible = self.edges | {
            worry: tuple(name for name in self.taken if worry not in resting[name]) for worry in unanswered
        }
        widely = {name: self.below(name, possible) for name in self.taken}
        return {worry: tuple(n for n in self.taken if worry not in widely[n]) for worry in unanswered}

    def tried(self, worry: str) -> tuple[str, ...]:
        """What is held against a worry: its answer, or all that is taken for granted and does not rest on it."""
        return self.answers[worry] if worry in self.answers else self._attempts[worry]

    @cached_property
    def used(self) -> dict[str, tuple[str, ...]]:
        """What each worry that is shown not to occur needs for that, of what is held against it."""
        found = {}
        for name, worry in self.worries.items():
            tried = self.tried(name)
            if worry.formula is not None and self.shown(tried, worry.formula):
                found[name] = core(self, name, tried, worry.formula)
        return found

    @cached_property
    def all_edges(self) -> dict[str, tuple[str, ...]]:
        """The edges, with what was found to be needed against worries that have no answer."""
        return self.edges | {name: used for name, used in self.used.items() if name not in self.answers}


def case_module(file: File, choices: Choices = NOTHING_CHOSEN) -> Module:
    """The case of ``file`` with all that it uses copied in."""
    case = file.case
    theories = {theory.name: theory for theory in file.theories}
    copies = [(use, copied(theories[use.theory], use.alias, dict(use.roles))) for use in case.uses]
    every = [copy for _, copy in copies]
    vocabularies = [*(copy.vocabulary for copy in every), case.vocabulary]
    vocabulary = Vocabulary(
        tuple(sort for v in vocabularies for sort in v.sorts),
        tuple(symbol for v in vocabularies for symbol in v.symbols),
        tuple(definition for v in vocabularies for definition in v.definitions),
        tuple(axiom for v in vocabularies for axiom in v.axioms),
    )
    worries = {w.name: w for w in (*(w for copy in every for w in copy.worries), *case.worries)}
    mitigations = {m.name: m.formula for worry in worries.values() for m in worry.mitigations}
    taken = {a.name: a.formula for a in case.assumptions} | {name: mitigations[name] for name in case.adopted}
    return Module(
        vocabulary,
        taken,
        {a.name: a.owned for a in case.assumptions} | dict.fromkeys(case.adopted, True),
        {c.name: c for c in (*(c for copy in every for c in copy.claims), *case.claims)},
        worries,
        {p.name: p for p in (*(p for copy in every for p in copy.possibles), *case.possibles)},
        {answer.worry: tuple(taken) if answer.by is None else answer.by for answer in case.answers},
        {acceptance.name: acceptance for acceptance in case.acceptances},
        {claim.name: (use.theory, use.alias) for use, copy in copies for claim in copy.claims},
        choices.get(case.name, {}),
    )


def theory_module(theory: Theory, choices: Choices = NOTHING_CHOSEN) -> Module:
    """A theory by itself."""
    return Module(
        theory.vocabulary,
        claims={claim.name: claim for claim in theory.claims},
        worries={worry.name: worry for worry in theory.worries},
        possibles={possible.name: possible for possible in theory.possibles},
        chosen=choices.get(theory.name, {}),
    )


# -- the verdicts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A claim's step; ``used`` only of a valid one."""

    verdict: str
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimOpinion:
    step: Step
    status: str
    rests_on: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorryOpinion:
    """``statuses`` and ``without`` (acceptance) hold more than one verdict only where the oracle cannot tell."""

    statuses: frozenset[str]
    without: frozenset[str]
    rests_on: frozenset[str]
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """``passed`` says whether the case passes, findings aside."""

    verdict: str
    passed: bool
    premises: tuple[str, ...]
    claims: Mapping[str, ClaimOpinion]
    worries: Mapping[str, WorryOpinion]
    possibles: Mapping[str, str]


def steps(module: Module, of_theory: Callable[[str], Step] | None = None) -> dict[str, Step]:
    """The step of each claim; those that come from a theory are looked up with ``of_theory``."""
    return {
        name: of_theory(name) if of_theory and name in module.origin else _step(module, claim)
        for name, claim in module.claims.items()
    }


def _step(module: Module, claim: Claim) -> Step:
    if claim.formula is None:
        return Step("informal")
    cited = module.cited(claim)
    if claim.by == () and not claim.barring:
        return Step("undeveloped")
    if module.shown(cited, claim.formula):
        return Step("valid", core(module, claim.name, cited, claim.formula))
    return Step("invalid" if len(module.formal(cited)) == len(cited) else "informal")


def core(module: Module, name: str, cited: Sequence[str], conclusion: Expr) -> tuple[str, ...]:
    """A minimal set of citations that suffices for ``name``: the one that was chosen for it, if it is such a set.

    There may be several. With none chosen, each citation in turn is left out if it can be, the last first.
    """
    formal = module.formal(cited)
    chosen = module.chosen.get(name)
    if chosen is not None and list(chosen) == [one for one in formal if one in chosen]:
        fewer = [[other for other in chosen if other != one] for one in chosen]
        if module.shown(chosen, conclusion) and not any(module.shown(less, conclusion) for less in fewer):
            return chosen
    kept = formal
    for one in reversed(kept):
        less = [other for other in kept if other != one]
        if module.shown(less, conclusion):
            kept = less
    return tuple(kept)


def judge_case(file: File, choices: Choices = NOTHING_CHOSEN) -> Opinion:
    """The verdicts on the case of ``file``."""
    module = case_module(file, choices)
    by_theory = {theory.name: steps(theory_module(theory, choices)) for theory in file.theories}

    def of_theory(name: str) -> Step:
        theory, alias = module.origin[name]
        local = by_theory[theory][name.removeprefix(f"{alias}.")]
        return Step(local.verdict, tuple(f"{alias}.{used}" for used in local.used))

    return judge(module, steps(module, of_theory))


def judge(module: Module, found: Mapping[str, Step]) -> Opinion:
    """The verdicts on a case whose steps are as ``found``."""
    holds = module.used
    refuted = {
        name
        for name, worry in module.worries.items()
        if name not in holds and worry.formula is not None and module.shown(module.taken, Not(worry.formula))
    }
    unsettled = {name for name in module.worries if name not in holds}
    unsettled |= {name for name, step in found.items() if step.verdict != "valid"}

    def rests_on(name: str) -> frozenset[str]:
        return frozenset(module.below(name, module.all_edges) & unsettled)

    claims = {
        name: ClaimOpinion(step, _claim_status(step, rests_on(name)), rests_on(name)) for name, step in found.items()
    }
    worries = {}
    for name, worry in module.worries.items():
        without = _without_acceptance(module, worry, name in holds, name in refuted, claims)
        accepted = without <= {"open", "informal"} and stands(module, name)
        statuses = frozenset({"accepted"}) if accepted else without
        worries[name] = WorryOpinion(statuses, without, rests_on(name), holds.get(name, ()))
    accepted_names = {name for name, worry in worries.items() if worry.statuses == {"accepted"}}
    accepted_names |= {
        name for name, step in found.items() if step.verdict in ("informal", "undeveloped") and stands(module, name)
    }
    premises = (*module.axioms, *module.taken, *(name for name in module.all_edges if name in accepted_names))
    consistent = not module.shown(premises, Truth(False))
    possibles = {
        name: "unsatisfiable"
        if module.shown(
            [p for p in premises if p not in possible.without and p not in module.axioms], Not(possible.formula)
        )
        else "satisfiable"
        for name, possible in module.possibles.items()
    }
    if not consistent:
        claims = {name: ClaimOpinion(c.step, "unproved", c.rests_on) for name, c in claims.items()}
        nothing = frozenset({"undetermined"})
        worries = {name: WorryOpinion(nothing, nothing, w.rests_on, w.used) for name, w in worries.items()}
    verdict = _verdict(consistent, [claims[name] for name, claim in module.claims.items() if claim.goal])
    passed = (
        verdict in ("established", "conditional")
        and all(claims[name].rests_on <= accepted_names for name, claim in module.claims.items() if claim.goal)
        and all(_answered(worry, accepted_names) for worry in worries.values())
        and all(status == "satisfiable" for status in possibles.values())
    )
    return Opinion(verdict, passed, premises, claims, worries, possibles)


def _claim_status(step: Step, rests_on: Collection[str]) -> str:
    if step.verdict != "valid":
        return "unproved"
    return "conditional" if rests_on else "established"


def _without_acceptance(
    module: Module, worry: Worry, holds: bool, refuted: bool, claims: Mapping[str, ClaimOpinion]
) -> frozenset[str]:
    if worry.formula is None:
        return frozenset({"informal"})
    if refuted:
        return frozenset({"refuted"})
    if holds:
        tried = module.tried(worry.name)
        if any(claims[name].status != "established" for name in tried if name in claims):
            return frozenset({"conditional"})
        return _how(module, worry.formula, [name for name in tried if name in module.taken])
    return frozenset({"open"})


def _how(module: Module, formula: Expr, taken: Sequence[str]) -> frozenset[str]:
    """``assumed`` where a single assumption or axiom gives it alone and definitions do not, else ``dispelled``."""
    by_definition = module.entails((), formula)
    if by_definition is Found.YES:
        return frozenset({"dispelled"})
    alone = {module.entails((name,), formula) for name in (*module.formal(taken), *module.axioms)}
    if Found.YES in alone:
        return frozenset({"assumed"} if by_definition is Found.NO else {"assumed", "dispelled"})
    return frozenset({"dispelled", "assumed"} if Found.MAYBE in alone else {"dispelled"})


def stands(module: Module, name: str) -> bool:
    """Whether there is an acceptance of ``name`` that may stand, as far as its date and the author's mark go."""
    acceptance = module.acceptances.get(name)
    if acceptance is None or (name in module.worries and module.worries[name].unacceptable):
        return False
    return acceptance.until is None or acceptance.until >= TODAY


def _verdict(consistent: bool, goals: Sequence[ClaimOpinion]) -> str:
    if not consistent:
        return "inconsistent"
    for status in ("unproved", "conditional"):
        if any(goal.status == status for goal in goals):
            return status
    return "established"


def _answered(worry: WorryOpinion, accepted: Collection[str]) -> bool:
    if worry.statuses == {"conditional"}:
        return worry.rests_on <= set(accepted)
    return worry.statuses <= {"dispelled", "assumed", "accepted"}


def contradictory(module: Module, claim: Claim) -> bool:
    """Whether what the claim cites, claims or worries among it, cannot hold together, so that anything follows."""
    cited = module.cited(claim)
    uncertain = any(name in module.claims or name in module.worries for name in cited)
    return claim.formula is not None and uncertain and module.shown(module.formal(cited), Truth(False))


@dataclass(frozen=True, slots=True)
class TheoryOpinion:
    consistent: bool
    passed: bool
    steps: Mapping[str, Step]
    possibles: Mapping[str, str]


def judge_theory(theory: Theory, choices: Choices = NOTHING_CHOSEN) -> TheoryOpinion:
    """The verdicts on a theory by itself."""
    module = theory_module(theory, choices)
    found = steps(module)
    consistent = not module.shown((), Truth(False))
    possibles = {
        name: "unsatisfiable" if module.shown((), Not(possible.formula)) else "satisfiable"
        for name, possible in module.possibles.items()
    }
    passed = (
        consistent
        and all(step.verdict == "valid" for step in found.values())
        and not any(contradictory(module, claim) for claim in module.claims.values())
        and all(status == "satisfiable" for status in possibles.values())
    )
    return TheoryOpinion(consistent, passed, found, possibles)
