"""What there is to say about a judged case besides its verdicts: where it says nothing, or leans on too little.

Every function returns findings. None of them makes anything count as shown; some of them are errors and keep a case
from passing (see the language reference, "What is checked").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from checker.antecedents import MAX_CONDITIONS
from checker.case import Case, Claim, TheoryKey
from checker.entailment import Answer, Entailed, Refuted, Undetermined
from checker.evidence import Examined
from checker.findings import Finding, Severity, finding
from checker.judge import Decide, Judgement, stands, why
from checker.obligations import Obligation, Obligations

FEW = 8
"""Up to so many questions of vacuity are asked one by one. For more of them one structure may show that none is so."""


def examine_case(
    case: Case,
    obligations: Obligations,
    judgement: Judgement,
    decide: Decide,
    today: date,
    evidence: Mapping[str, Examined],
) -> Iterator[Finding]:
    """Everything there is to say about a case or theory. What follows from inconsistent premises says nothing."""
    yield from _steps(case, judgement)
    yield from _divisors(case, obligations, decide)
    if case.kind != "theory":
        yield from _owed(case, obligations, decide)
        yield from _acceptances(case, judgement, today)
        yield from _backing(case, judgement, evidence)
    if judgement.verdict == "inconsistent":
        yield finding("inconsistent", case.span, about=case.name, conflict=_listed(judgement.conflict))
        return
    yield from _possibles(case, judgement)
    yield from _vacuity(case, obligations, judgement, decide)
    yield from _citations(case, judgement)
    yield from _contradictions(case, obligations, judgement, decide)
    yield from _axioms(case, judgement)
    if case.kind != "theory":
        yield from _goals(case, obligations, judgement, decide)
        yield from _restated_claims(case, obligations, judgement, decide)
        yield from _worries(case, judgement)
        yield from _unreached(case, judgement)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return ", ".join(quoted[:-1]) + f" and {quoted[-1]}" if len(quoted) > 1 else "".join(quoted) or "nothing"


def _in_conflict(names: Sequence[str]) -> str:
    return _listed(names) if names else "the definitions"


def _under_goals(case: Case, judgement: Judgement) -> frozenset[str]:
    return frozenset().union(*(judgement.below(goal.name) | {goal.name} for goal in case.goals))


def _steps(case: Case, judgement: Judgement) -> Iterator[Finding]:
    goals = _under_goals(case, judgement)
    for claim in case.claims:
        if judgement.steps[claim.name].verdict == "invalid" and (claim.own or claim.name in goals):
            matters = claim.name in goals or case.kind == "theory"
            weight = Severity.ERROR if matters else Severity.WARNING
            yield finding("invalid-step", claim.span, about=claim.name, severity=weight)
        if claim.in_each_use:
            yield finding("checked-in-each-use", claim.span, about=claim.name)


def _possibles(case: Case, judgement: Judgement) -> Iterator[Finding]:
    for possible in case.possibles:
        verdict = judgement.possibles[possible.name]
        if verdict.status == "unsatisfiable":
            yield finding("ruled-out", possible.span, about=possible.name, conflict=_in_conflict(verdict.conflict))


def _divisors(case: Case, obligations: Obligations, decide: Decide) -> Iterator[Finding]:
    posed = [obligations.divisor(divisor) for divisor in case.divisors]
    for divisor, answer in zip(case.divisors, decide(posed), strict=True):
        if not isinstance(answer, Entailed):
            yield finding("unproven-divisor", divisor.span, about=divisor.within, divisor=divisor.text)


def _owed(case: Case, obligations: Obligations, decide: Decide) -> Iterator[Finding]:
    """A theory that requires others is used: they are owed, unless the assumptions rule the condition out."""
    used: set[TheoryKey] = {use.theory for use in case.uses}
    missing = [(r, [key.name for key in r.theories if key not in used]) for r in case.requirements]
    missing = [(requirement, names) for requirement, names in missing if names]
    conditional = [requirement for requirement, _ in missing if requirement.when is not None]
    answers = dict(
        zip(map(id, conditional), decide([obligations.owed(requirement) for requirement in conditional]), strict=True)
    )
    for requirement, names in missing:
        if not isinstance(answers.get(id(requirement)), Entailed):
            code = "owed-theory" if requirement.when is None else "owed-theory-when"
            yield finding(code, requirement.span, about=requirement.alias, names=_listed(names))


def _acceptances(case: Case, judgement: Judgement, today: date) -> Iterator[Finding]:
    worries = {worry.name: worry for worry in case.worries}
    for acceptance in case.acceptances:
        name = acceptance.target
        worry = worries.get(name)
        status: str = judgement.steps[name].verdict if worry is None else judgement.worries[name].without_acceptance
        settled = status in ("valid", "dispelled", "assumed", "conditional")
        lost = status in ("invalid", "refuted")
        if judgement.verdict == "inconsistent":
            continue
        if worry is not None and worry.unacceptable:
            yield finding("unacceptable", acceptance.span, about=name)
        elif lost:
            yield finding("accepted-failure", acceptance.span, about=name, status=status)
        elif settled:
            yield finding("idle-acceptance", acceptance.span, about=name, status=status)
        elif not stands(worry, acceptance, today):
            yield finding("expired-acceptance", acceptance.span, about=name, until=str(acceptance.until))
        wanted = (("reason", acceptance.why.strip()), ("owner", acceptance.owner), ("date", acceptance.until))
        lacks = " and ".join(word for word, value in wanted if not value)
        if lacks:
            yield finding("unowned-acceptance", acceptance.span, about=name, lacks=lacks)


def _backing(case: Case, judgement: Judgement, evidence: Mapping[str, Examined]) -> Iterator[Finding]:
    for name, examined in evidence.items():
        fallen = _fallen(case, judgement, evidence, name)
        yield from (
            replace(found, hint=fallen) if examined.state != "current" else found for found in examined.findings
        )
    cited = {name for assumption in case.assumptions for name in assumption.evidence}
    for piece in case.evidence:
        if piece.name not in cited:
            yield finding("unused-evidence", piece.span, about=piece.name)
    goals = _under_goals(case, judgement)
    for assumption in case.assumptions:
        if not is_backed(assumption.evidence, assumption.owner, evidence):
            weight = Severity.ERROR if assumption.name in goals else Severity.WARNING
            yield finding("unbacked-assumption", assumption.span, about=assumption.name, severity=weight)


def _fallen(case: Case, judgement: Judgement, evidence: Mapping[str, Examined], piece: str) -> str | None:
    """What no longer stands without this piece of evidence, in a sentence."""
    bare = [a.name for a in case.assumptions if piece in a.evidence and not is_backed(a.evidence, a.owner, evidence)]
    if not bare:
        return None
    goals = [goal.name for goal in case.goals if judgement.below(goal.name).intersection(bare)]
    resting = f", and the goal{'s' if len(goals) > 1 else ''} {_listed(goals)} with it" if goals else ""
    return f"nothing backs {_listed(bare)} any more{resting}"


def is_backed(names: Sequence[str], owner: str | None, evidence: Mapping[str, Examined]) -> bool:
    """Whether someone answers for an assumption: an owner, or evidence that is there, unaltered and not expired."""
    return owner is not None or any(evidence[name].state == "current" for name in names if name in evidence)


def _vacuity(case: Case, obligations: Obligations, judgement: Judgement, decide: Decide) -> Iterator[Finding]:
    goals = _under_goals(case, judgement)
    accepted = [a.target for a in case.acceptances if a.target in judgement.standing]
    claims = [c for c in case.claims if c.formula is not None and (c.own or c.name in goals) and not c.in_each_use]
    worries = [w for w in case.worries if w.formula is not None] if case.kind != "theory" else []
    posed: list[tuple[str, Severity, Obligation]] = []
    for claim in claims:
        weight = Severity.ERROR if claim.goal else Severity.WARNING
        posed += [("goal" if claim.goal else "claim", weight, o) for o in obligations.vacuity(claim, accepted)]
    for worry in worries:
        posed += [("worry", Severity.NOTE, o) for o in obligations.vacuity(worry, accepted)]
    answers = _each_by_itself([obligation for _, _, obligation in posed], obligations, decide)
    said = set()
    conditions = Counter(obligation.about for _, _, obligation in posed)
    for statement in (*claims, *worries):
        if conditions[statement.name] >= MAX_CONDITIONS:
            said.add(statement.name)
            reason = "it has too many conditions to look at each"
            what = "goal" if statement in case.goals else "statement"
            weight = Severity.ERROR if statement in case.goals else Severity.WARNING
            yield finding(
                "vacuity-undetermined", statement.span, about=statement.name, severity=weight, what=what, reason=reason
            )
    for (what, weight, obligation), answer in zip(posed, answers, strict=True):
        if obligation.about in said:
            continue
        match answer:
            case Entailed():
                said.add(obligation.about)
                code = "vacuous-worry" if what == "worry" else "vacuous"
                yield finding(code, obligation.span, about=obligation.about, severity=weight, what=what)
            case Undetermined() if what != "worry":
                said.add(obligation.about)
                yield finding(
                    "vacuity-undetermined",
                    obligation.span,
                    about=obligation.about,
                    severity=weight,
                    what=what,
                    reason=why(answer),
                )
            case _:
                pass


def _each_by_itself(posed: Sequence[Obligation], obligations: Obligations, decide: Decide) -> list[Answer]:
    """The answers to questions of vacuity, all of which have the same premises.

    Mostly nothing is vacuous, and one structure shows that of all at once. Where none is found, halves are looked at.
    """
    found: dict[int, Answer] = {}
    groups = [range(len(posed))] if len(posed) > FEW else [range(n, n + 1) for n in range(len(posed))]
    while groups:
        asked = [
            posed[group[0]] if len(group) == 1 else obligations.vacuous_among([posed[n] for n in group])
            for group in groups
        ]
        left = []
        for group, answer in zip(groups, decide(asked), strict=True):
            if len(group) == 1 or isinstance(answer, Refuted):
                found.update(dict.fromkeys(group, answer))
            else:
                middle = len(group) // 2
                left += [group[:middle], group[middle:]]
        groups = left
    return [found[n] for n in range(len(posed))]


def _citations(case: Case, judgement: Judgement) -> Iterator[Finding]:
    """Citations that the proof found does not need, where an author chose them one by one."""
    for claim in case.claims:
        step = judgement.steps[claim.name]
        unneeded = [name for name in (*claim.by, *claim.barring) if name not in step.used]
        if claim.own and claim.cites_by_name and step.verdict == "valid" and unneeded:
            yield finding("unneeded-citation", claim.span, about=claim.name, names=_listed(unneeded))
    for answer in case.answers:
        worry = judgement.worries[answer.worry]
        unneeded = [name for name in answer.cites if name not in worry.used]
        holds = worry.without_acceptance in ("dispelled", "assumed", "conditional")
        if holds and answer.cites_by_name and unneeded:
            yield finding("unneeded-citation", answer.span, about=answer.worry, names=_listed(unneeded))


def _contradictions(case: Case, obligations: Obligations, judgement: Judgement, decide: Decide) -> Iterator[Finding]:
    """Steps that are valid because what they cite contradicts itself.

    The premises of the case hold together, which has been shown by now. But what a step cites is taken as true there,
    and claims that are conditional, or worries that are open, need not hold together.
    """
    goals = _under_goals(case, judgement)
    claims = {claim.name for claim in case.claims}
    suspects = [
        claim
        for claim in case.claims
        if claim.own
        and judgement.steps[claim.name].verdict == "valid"
        and (claim.barring or claims.intersection(claim.by))
    ]
    answers = decide([obligations.contradiction(claim) for claim in suspects])
    for claim, answer in zip(suspects, answers, strict=True):
        weight = Severity.ERROR if case.kind == "theory" or claim.name in goals else Severity.WARNING
        match answer:
            case Entailed(used=conflict):
                yield finding(
                    "contradictory-citations",
                    claim.span,
                    about=claim.name,
                    severity=weight,
                    conflict=_in_conflict(conflict),
                )
            case Undetermined():
                yield finding(
                    "contradiction-undetermined", claim.span, about=claim.name, severity=weight, reason=why(answer)
                )
            case _:
                pass


def _axioms(case: Case, judgement: Judgement) -> Iterator[Finding]:
    """Axioms of the case itself that proofs need: they may be assumptions that nobody answers for."""
    steps = [(claim.name, judgement.steps[claim.name].used) for claim in case.claims if claim.own]
    answers = [(worry.name, judgement.worries[worry.name].used) for worry in case.worries]
    for axiom in case.axioms:
        served = [name for name, used in (*steps, *answers) if axiom.name in used]
        of_a_theory = "." in axiom.name or case.kind == "theory"
        if served and not of_a_theory:
            yield finding("axiom-at-work", axiom.span, about=axiom.name, names=_listed(served))


def _goals(case: Case, obligations: Obligations, judgement: Judgement, decide: Decide) -> Iterator[Finding]:
    """Goals that need no assumption, that one premise states, or that one premise entails by itself.

    What is accepted is a premise here as well: to live with the opposite of a goal is not to argue for the goal.
    """
    assumed = [*(assumption.name for assumption in case.assumptions), *judgement.standing]
    goals = [goal for goal in case.goals if goal.formula is not None and judgement.steps[goal.name].verdict == "valid"]
    reached = {goal.name: judgement.below(goal.name) for goal in goals}
    below = {name: [one for one in assumed if one in under] for name, under in reached.items()}
    alone = dict(zip((g.name for g in goals), decide([obligations.axioms_alone(g) for g in goals]), strict=True))
    sources = dict(
        zip((g.name for g in goals), decide([obligations.source(g, below[g.name]) for g in goals]), strict=True)
    )
    suspects = [(g, name) for g in goals for name in _perhaps_alone(sources[g.name], below[g.name])]
    restated = _restatements(obligations, suspects, decide)
    for goal in goals:
        match alone[goal.name]:
            case Entailed(used=used):
                by = _listed(used) if used else "the definitions and mappings"
                yield finding("goal-without-assumption", goal.span, about=goal.name, by=by)
                continue
            case Undetermined() as answer:
                yield finding("goal-assumptions-undetermined", goal.span, about=goal.name, reason=why(answer))
            case _:
                pass
        source = sources[goal.name]
        for name in (name for suspect, name in suspects if suspect is goal):
            match restated[goal.name, name]:
                case Entailed():
                    yield finding("restated-goal", goal.span, about=goal.name, premise=name)
                case Undetermined() as answer:
                    reason = why(answer)
                    yield finding("restatement-undetermined", goal.span, about=goal.name, premise=name, reason=reason)
                case _ if isinstance(source, Entailed) and name in source.alone:
                    yield finding("goal-from-one-assumption", goal.span, about=goal.name, premise=name)


def _perhaps_alone(source: Answer, names: Sequence[str]) -> list[str]:
    """Those of ``names`` that give a goal by themselves, as far as anybody knows."""
    match source:
        case Entailed(alone=alone, perhaps_alone=perhaps):
            return [name for name in names if name in alone or name in perhaps]
        case Undetermined():
            return list(names)
        case _:
            return []


def _restated_claims(case: Case, obligations: Obligations, judgement: Judgement, decide: Decide) -> Iterator[Finding]:
    """Premises that say the same, under the axioms, as the claim they support. Of goals this has been said already."""
    stated = {assumption.name for assumption in case.assumptions if assumption.formula is not None}
    suspects = [
        (claim, name)
        for claim in case.claims
        if claim.own and not claim.goal and judgement.steps[claim.name].verdict == "valid"
        for name in (claim.by if claim.cites_by_name else judgement.steps[claim.name].used)
        if name in stated
    ]
    answers = _restatements(obligations, suspects, decide, axioms=True)
    for about, name in sorted(pair for pair, answer in answers.items() if isinstance(answer, Entailed)):
        span = next(claim.span for claim, _ in suspects if claim.name == about)
        yield finding("restated-claim", span, about=about, premise=name)


def _restatements(
    obligations: Obligations, pairs: Sequence[tuple[Claim, str]], decide: Decide, *, axioms: bool = False
) -> dict[tuple[str, str], Answer]:
    """Whether a premise says the same as a claim, for each of these pairs."""
    answers = decide([obligations.restatement(claim, name, axioms=axioms) for claim, name in pairs])
    return {(claim.name, name): answer for (claim, name), answer in zip(pairs, answers, strict=True)}


def _worries(case: Case, judgement: Judgement) -> Iterator[Finding]:
    for worry in case.worries:
        verdict = judgement.worries[worry.name]
        if verdict.by_definition and verdict.without_acceptance in ("dispelled", "conditional"):
            yield finding("worry-by-definition", worry.span, about=worry.name)


def _unreached(case: Case, judgement: Judgement) -> Iterator[Finding]:
    # Every worry wants an answer, so a claim that answers one is of use even if no goal rests on the worry.
    reached = _under_goals(case, judgement).union(*(judgement.below(worry.name) for worry in case.worries))
    for claim in case.claims:
        if claim.own and claim.name not in reached:
            yield finding("unreached-claim", claim.span, about=claim.name)
    used = {name for step in judgement.steps.values() for name in step.used}
    used |= {name for worry in judgement.worries.values() for name in worry.used}
    cited = {name for claim in case.claims for name in claim.by}
    cited |= {name for answer in case.answers for name in answer.cites}
    for assumption in case.assumptions:
        if assumption.name not in used and (assumption.formula is not None or assumption.name not in cited):
            yield finding("unused-assumption", assumption.span, about=assumption.name)
