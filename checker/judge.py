"""Verdicts: from answers to the status of every claim, worry, possibility and of the case as a whole.

The rules are those of the language reference, "What is checked" and "Verdicts". Everything that is not clearly shown
counts as not shown: an answer that is neither an entailment nor a countermodel is ``undetermined``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import networkx as nx

from checker.case import Acceptance, Case, Claim, Possible, TheoryKey, Wording, Worry
from checker.entailment import Answer, Entailed, Question, Reason, Refuted, Undetermined
from checker.graph import Argument, bottom_up
from checker.logic import Symbol
from checker.model import Structure
from checker.obligations import Obligation, Obligations
from checker.report import CaseVerdict, ClaimStatus, PossibleStatus, StepVerdict, WorryStatus

Decide = Callable[[Sequence[Obligation]], Sequence[Answer]]
"""Answers obligations, in the same order. Obligations of one call do not depend on each other."""


@dataclass(frozen=True, slots=True)
class Countermodel:
    """A question, and a structure in which its premises hold and its conclusion does not."""

    question: Question
    structure: Structure
    wordings: Mapping[Symbol, Wording]
    prefix: str = ""
    """Qualifies all names, where the question was asked of a theory by itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of a claim's step. ``alone`` names the premises each of which suffices for it by itself."""

    verdict: StepVerdict
    reason: str | None = None
    used: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    countermodel: Countermodel | None = None


@dataclass(frozen=True, slots=True)
class WorryVerdict:
    """What is known of a worry. ``tried`` is what its answer cites, or what was tried for want of one."""

    status: WorryStatus
    without_acceptance: WorryStatus
    reason: str | None
    tried: tuple[str, ...]
    used: tuple[str, ...]
    by_definition: bool
    countermodel: Countermodel | None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleVerdict:
    status: PossibleStatus
    reason: str | None
    conflict: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of a case.

    ``graph`` is what depends on what, in which a worry without a written answer depends on the premises that were found
    to answer it. ``standing`` holds the acceptances that count, by the worry or claim they are of. ``model`` is a
    structure in which all premises hold, if one was found.
    """

    verdict: CaseVerdict
    reason: str | None
    steps: Mapping[str, Step]
    statuses: Mapping[str, ClaimStatus]
    worries: Mapping[str, WorryVerdict]
    possibles: Mapping[str, PossibleVerdict]
    rests_on: Mapping[str, tuple[str, ...]]
    graph: nx.DiGraph[str]
    standing: Mapping[str, Acceptance]
    conflict: tuple[str, ...]
    model: Structure | None

    def below(self, name: str) -> frozenset[str]:
        """Everything that ``name`` depends on, directly or through others."""
        return frozenset(nx.descendants(self.graph, name))


def why(answer: Undetermined) -> str:
    """Why there is no clear answer, and what is known all the same."""
    reasons = {
        Reason.BUDGET: "the solver's budget ran out",
        Reason.TIMEOUT: "the time ran out",
        Reason.INCOMPLETE: "the solver cannot decide such formulas",
        Reason.CRASHED: "the solver's process ended without an answer, each time it was tried",
        Reason.INTERRUPTED: "the run was interrupted",
    }
    searched = answer.searched
    if not searched:
        return reasons[answer.reason]
    size = "1 individual" if searched == 1 else f"{searched} individuals"
    return f"{reasons[answer.reason]}; no scenario with at most {size} of each sort exists"


# -- steps -----------------------------------------------------------------------------------------------------------


def judge_steps(
    case: Case, obligations: Obligations, decide: Decide, theory_step: Callable[[TheoryKey, str], Step]
) -> dict[str, Step]:
    """The step of every claim. ``theory_step`` gives the step of a theory's claim, which is checked there, once."""
    steps: dict[str, Step] = {}
    open_claims = []
    for claim in case.claims:
        if claim.copied_from is not None:
            key, name, prefix = claim.copied_from
            steps[claim.name] = _qualified(theory_step(key, name), prefix)
        elif claim.formula is None:
            steps[claim.name] = Step("informal", "it has no formula")
        elif not (claim.by or claim.barring):
            steps[claim.name] = Step("undeveloped", "it cites nothing")
        elif claim.in_each_use:
            steps[claim.name] = Step("undetermined", "it counts over a sort that only a use can list; checked there")
        else:
            open_claims.append(claim)
    informal = {s.name for s in (*case.assumptions, *case.claims, *case.worries) if s.formula is None}
    posed = [obligations.step(claim) for claim in open_claims]
    for claim, obligation, answer in zip(open_claims, posed, decide(posed), strict=True):
        steps[claim.name] = _step(claim, obligation, answer, informal, case.wordings)
    return {claim.name: steps[claim.name] for claim in case.claims}


def _step(
    claim: Claim, obligation: Obligation, answer: Answer, informal: set[str], wordings: Mapping[Symbol, Wording]
) -> Step:
    match answer:
        case Entailed(used=used, alone=alone):
            return Step("valid", used=used, alone=alone)
        case Refuted(countermodel=structure):
            vague = [name for name in (*claim.by, *claim.barring) if name in informal]
            if vague:
                listed = ", ".join(f"`{name}`" for name in vague)
                return Step("informal", f"it leans on {listed}, which no formula states")
            return Step("invalid", countermodel=Countermodel(obligation.question, structure, wordings))
        case _:
            return Step("undetermined", why(answer))


def _qualified(step: Step, prefix: str) -> Step:
    used = tuple(prefix + name for name in step.used)
    model = step.countermodel
    return replace(
        step, used=used, alone=(), countermodel=None if model is None else replace(model, prefix=prefix + model.prefix)
    )


# -- worries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tried:
    """How the answer to a worry fared, before anything is known of what it cites."""

    cites: tuple[str, ...]
    answer: Answer | None
    question: Question | None
    refuted_by: tuple[str, ...] | None


def _try_worries(case: Case, obligations: Obligations, argument: Argument, decide: Decide) -> dict[str, _Tried]:
    defaults = argument.default_answers()
    cites = {w.name: argument.answers.get(w.name, defaults.get(w.name, ())) for w in case.worries}
    formal = [worry for worry in case.worries if worry.formula is not None]
    posed = [obligations.worry(worry, cites[worry.name]) for worry in formal]
    answers = dict(zip((w.name for w in formal), zip(posed, decide(posed), strict=True), strict=True))

    failing = [worry for worry in formal if not isinstance(answers[worry.name][1], Entailed)]
    refutations = decide([obligations.refutation(worry) for worry in failing])
    refuted = {w.name: a.used for w, a in zip(failing, refutations, strict=True) if isinstance(a, Entailed)}

    tried = {}
    for worry in case.worries:
        obligation, answer = answers.get(worry.name, (None, None))
        question = None if obligation is None else obligation.question
        tried[worry.name] = _Tried(cites[worry.name], answer, question, refuted.get(worry.name))
    return tried


def _worry_verdict(
    case: Case, worry: Worry, tried: _Tried, claims_hold: bool, acceptance: Acceptance | None, today: date
) -> WorryVerdict:
    """The first status that applies; see the language reference."""
    used: tuple[str, ...] = ()
    reason, model, by_definition = None, None, False
    status: WorryStatus
    match tried.answer:
        case Entailed():
            used, by_definition = tried.answer.used, tried.answer.by_definition
            claims = {claim.name for claim in case.claims}
            # Where it was not decided whether one premise suffices alone, it is not said that it takes more than one.
            lonely = (*tried.answer.alone, *tried.answer.perhaps_alone)
            lone = not by_definition and any(name not in claims for name in lonely)
            status = "conditional" if not claims_hold else "assumed" if lone else "dispelled"
        case _ if tried.refuted_by is not None:
            status, used = "refuted", tried.refuted_by
            reason = "the assumptions alone show that it occurs"
        case None:
            status, reason = "informal", "no formula says when it does not occur"
        case Refuted(countermodel=structure):
            assert tried.question is not None
            status, model = "open", Countermodel(tried.question, structure, case.wordings)
        case Undetermined() as answer:
            status, reason = "undetermined", why(answer)
    accepted: WorryStatus = status
    if status in ("open", "undetermined", "informal") and acceptance is not None and stands(worry, acceptance, today):
        accepted = "accepted"
    return WorryVerdict(accepted, status, reason, tried.cites, used, by_definition, model)


def stands(worry: Worry | None, acceptance: Acceptance, today: date) -> bool:
    """Whether an acceptance is within its date and not of something unacceptable."""
    in_time = acceptance.until is None or acceptance.until >= today
    return in_time and not (worry is not None and worry.unacceptable)


# -- the case as a whole ---------------------------------------------------------------------------------------------


def judge(
    case: Case,
    obligations: Obligations,
    argument: Argument,
    steps: Mapping[str, Step],
    decide: Decide,
    today: date,
) -> Judgement:
    """All verdicts of a case whose argument is not circular, from those of its steps."""
    acceptances = {acceptance.target: acceptance for acceptance in case.acceptances}
    is_theory = case.kind == "theory"
    tried = {} if is_theory else _try_worries(case, obligations, argument, decide)

    found = {w: t.answer.used for w, t in tried.items() if w not in argument.answers and isinstance(t.answer, Entailed)}
    axioms = {axiom.name for axiom in case.axioms}
    graph = argument.with_answers({w: [u for u in used if u not in axioms] for w, used in found.items()})
    cited = {w: graph.successors(w) for w in (worry.name for worry in case.worries)}

    by_name = {worry.name: worry for worry in case.worries}
    statuses: dict[str, ClaimStatus] = {}
    worries: dict[str, WorryVerdict] = {}
    rests: dict[str, frozenset[str]] = {}
    for name in bottom_up(graph):
        below = frozenset().union(*(_passed_up(other, steps, worries, rests) for other in graph.successors(name)))
        rests[name] = below
        if name in steps:
            valid = steps[name].verdict == "valid"
            statuses[name] = "unproved" if not valid else "conditional" if below else "established"
        elif name in by_name and is_theory:
            worries[name] = WorryVerdict("hypothesis", "hypothesis", None, (), (), False, None)
        elif name in by_name:
            hold = all(statuses[other] == "established" for other in cited[name] if other in statuses)
            verdict = _worry_verdict(case, by_name[name], tried[name], hold, acceptances.get(name), today)
            worries[name] = replace(verdict, rests_on=tuple(sorted(below)))

    standing = {name: a for name, a in acceptances.items() if name in worries and worries[name].status == "accepted"}
    standing |= _accepted_claims(steps, acceptances, today)
    accepted = [name for name in acceptances if name in standing]
    (consistency,) = decide([obligations.consistency(accepted)])
    possibles = _judge_possibles(case.possibles, obligations, accepted, decide)
    return _whole(
        case,
        Judgement(
            verdict="undetermined",
            reason=None,
            steps=steps,
            statuses={claim.name: statuses[claim.name] for claim in case.claims},
            worries={worry.name: worries[worry.name] for worry in case.worries},
            possibles=possibles,
            rests_on={name: tuple(sorted(below)) for name, below in rests.items()},
            graph=graph,
            standing=standing,
            conflict=(),
            model=None,
        ),
        consistency,
    )


def _passed_up(
    name: str, steps: Mapping[str, Step], worries: Mapping[str, WorryVerdict], rests: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """What someone who cites ``name`` rests on through it: what is not settled in it, and everything below it."""
    if name in steps:
        settled = steps[name].verdict == "valid"
    elif name in worries:
        settled = worries[name].status in ("dispelled", "assumed", "conditional")
    else:
        settled = True
    return rests[name] if settled else rests[name] | {name}


def _accepted_claims(
    steps: Mapping[str, Step], acceptances: Mapping[str, Acceptance], today: date
) -> dict[str, Acceptance]:
    return {
        name: acceptance
        for name, acceptance in acceptances.items()
        if name in steps
        and steps[name].verdict in ("informal", "undeveloped", "undetermined")
        and stands(None, acceptance, today)
    }


def _judge_possibles(
    possibles: Sequence[Possible], obligations: Obligations, accepted: Sequence[str], decide: Decide
) -> dict[str, PossibleVerdict]:
    answers = decide([obligations.possible(possible, accepted) for possible in possibles])
    verdicts = {}
    for possible, answer in zip(possibles, answers, strict=True):
        match answer:
            case Refuted():
                verdicts[possible.name] = PossibleVerdict("satisfiable", None, ())
            case Entailed(used=used):
                verdicts[possible.name] = PossibleVerdict("unsatisfiable", None, used)
            case _:
                verdicts[possible.name] = PossibleVerdict("undetermined", why(answer), ())
    return verdicts


def _whole(case: Case, judgement: Judgement, consistency: Answer) -> Judgement:
    """The verdict of the case. From inconsistent premises everything follows, so nothing of it counts.

    Nor does it where nobody knows whether they are consistent.
    """
    match consistency:
        case Entailed(used=conflict):
            worries = {
                name: replace(w, status="undetermined", without_acceptance="undetermined", countermodel=None)
                for name, w in judgement.worries.items()
                if w.status != "hypothesis"
            }
            return replace(
                judgement,
                verdict="inconsistent",
                reason="the premises contradict each other, so anything would follow from them",
                statuses=dict.fromkeys(judgement.statuses, "unproved"),
                worries={**judgement.worries, **worries},
                conflict=conflict,
            )
        case Refuted(countermodel=model):
            return replace(judgement, verdict=_verdict(case, judgement), model=model)
        case _:
            reason = f"whether the premises can hold together was not decided: {why(consistency)}"
            return replace(
                judgement,
                verdict="undetermined",
                reason=reason,
                statuses=dict.fromkeys(judgement.statuses, "unproved"),
                worries={name: _in_doubt(worry, reason) for name, worry in judgement.worries.items()},
            )


def _in_doubt(worry: WorryVerdict, reason: str) -> WorryVerdict:
    """The verdict on a worry from premises that perhaps contradict each other: what follows from them is not shown."""
    if worry.without_acceptance in ("dispelled", "assumed", "conditional", "refuted"):
        return replace(worry, status="undetermined", without_acceptance="undetermined", reason=reason)
    return worry


def _verdict(case: Case, judgement: Judgement) -> CaseVerdict:
    wanted: Iterable[Claim] = case.claims if case.kind == "theory" else case.goals
    statuses = {judgement.statuses[claim.name] for claim in wanted if not claim.in_each_use}
    if "unproved" in statuses:
        return "unproved"
    return "conditional" if "conditional" in statuses else "established"


def passes(case: Case, judgement: Judgement) -> bool:
    """Whether the verdicts let the case pass; findings that are errors stand in the way besides."""
    possibles_hold = all(p.status == "satisfiable" for p in judgement.possibles.values())
    if judgement.verdict not in ("established", "conditional") or not possibles_hold:
        return False
    if case.kind == "theory":
        return all(judgement.steps[c.name].verdict == "valid" for c in case.claims if not c.in_each_use)
    standing = judgement.standing

    def only_accepted(names: Iterable[str]) -> bool:
        return all(name in standing for name in names)

    answered = all(
        worry.status in ("dispelled", "assumed", "accepted")
        or (worry.status == "conditional" and only_accepted(worry.rests_on))
        for worry in judgement.worries.values()
    )
    return answered and all(only_accepted(judgement.rests_on[goal.name]) for goal in case.goals)
