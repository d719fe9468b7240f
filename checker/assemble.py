"""From verdicts to the report: plain data with everything that is shown of a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

from checker import report
from checker.case import Case, Claim, Statement, Worry
from checker.evidence import Examined
from checker.findings import Finding, Severity, in_order
from checker.honesty import is_backed
from checker.judge import Countermodel, Judgement, passes
from checker.logic import BOOL, DATE, Day, Element, Number, Sort, Term, Truth
from checker.minimal_sets import MinimalSets
from checker.model import Individual, Value
from checker.narrate import narrate
from checker.prose import formulas_in_words
from checker.repairs import Repairs
from checker.spelling import full_meaning, spell


def value_term(value: Value, sort: Sort) -> Term | None:
    """The term that stands for a value in every structure; None for an individual of an uninterpreted sort."""
    match value:
        case bool():
            return Truth(value) if sort == BOOL else None
        case Fraction():
            return Day(int(value)) if sort == DATE else Number(value, sort)
        case Individual(sort=listed, index=index):
            return Element(listed, listed.elements[index]) if listed.elements is not None else None


def case_report(
    case: Case,
    judgement: Judgement,
    evidence: Mapping[str, Examined],
    shows: Mapping[str, str | None],
    found: Repairs,
    findings: Sequence[Finding],
    silenced: Sequence[Finding] = (),
    *,
    words: bool = False,
) -> report.CaseReport:
    """The report of one case by itself.

    ``findings`` and ``silenced`` are all that belong to it, severities as they count. With ``words``, formulas are told
    in words too, which takes longer than everything else here.
    """
    ordered = in_order(findings)
    unheard = in_order(silenced)
    claims = {claim.name: _claim(case, claim, judgement, found) for claim in case.claims}
    worries = {worry.name: _worry(case, worry, judgement, found) for worry in case.worries}
    goals = frozenset().union(*({goal.name} | judgement.below(goal.name) for goal in case.goals))
    used_by = _used_by(judgement)
    by_goals = {name for name, users in used_by.items() if any(user in goals for user in users)}
    rests_on = sorted({name for goal in case.goals for name in judgement.rests_on[goal.name]})
    passed = passes(case, judgement) and not any(found.severity is Severity.ERROR for found in ordered)
    return report.CaseReport(
        name=case.name,
        kind=case.kind,
        doc=case.doc,
        base=case.base,
        verdict=judgement.verdict,
        passed=passed,
        reason=judgement.reason,
        scope=case.scope,
        sources=case.sources,
        theories=tuple(
            report.TheoryUse(use.theory.name, use.alias, use.file, use.sha256, use.bound, use.span) for use in case.uses
        ),
        claims=claims,
        worries=worries,
        possible={p.name: _possible(case, p, judgement) for p in case.possibles},
        assumptions={
            a.name: report.AssumptionReport(
                doc=a.doc,
                formula=_formula(a),
                evidence=a.evidence,
                owner=a.owner,
                backed=is_backed(a.evidence, a.owner, evidence),
                adopted=a.adopted,
                goals=a.name in by_goals,
                used_by=tuple(used_by.get(a.name, ())),
                attributes=a.attributes,
                span=a.span,
                meaning=_meaning(case, a),
            )
            for a in case.assumptions
        },
        axioms={
            a.name: report.AxiomReport(
                a.doc, spell(_stated(a)), a.name in by_goals, tuple(used_by.get(a.name, ())), a.span
            )
            for a in case.axioms
        },
        evidence={
            e.name: report.EvidenceReport(evidence[e.name].state, e.doc, e.attributes, e.span) for e in case.evidence
        },
        shows=shows,
        rests_on=tuple(rests_on),
        replaced=case.replaced,
        dropped=case.dropped,
        changed=case.changed,
        comparison={},
        conflict=judgement.conflict,
        summary=_summary(case, claims, worries, ordered, unheard),
        findings=ordered,
        span=case.span,
        acceptances={
            a.target: report.AcceptanceReport(
                why=a.why,
                owner=a.owner,
                until=None if a.until is None else a.until.isoformat(),
                stands=a.target in judgement.standing,
                span=a.span,
            )
            for a in case.acceptances
        },
        words=formulas_in_words(case) if words else {},
        silenced=unheard,
    )


def _stated(statement: Statement) -> Term:
    assert statement.formula is not None
    return statement.formula


def _formula(statement: Statement) -> str | None:
    return None if statement.formula is None else spell(statement.formula)


def _meaning(case: Case, statement: Statement) -> str:
    """A hash of what is stated, in words and as a formula with all that it rests on; where it stands is left out."""
    formula = "" if statement.formula is None else full_meaning(statement.formula, case.meanings)
    return sha256(f"{statement.doc or ''}\0{formula}".encode("utf-8", "surrogatepass")).hexdigest()


def _scenario(countermodel: Countermodel | None) -> report.Scenario | None:
    if countermodel is None:
        return None
    told = narrate(countermodel.question, countermodel.structure, countermodel.wordings)
    prefix = countermodel.prefix
    return report.Scenario(
        sorts={prefix + sort: names for sort, names in told.sorts.items()},
        facts=tuple(replace(fact, symbol=prefix + fact.symbol) for fact in told.facts),
        story=told.story,
    )


def _split(used: Sequence[str], cited: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a proof used, as citations and as axioms."""
    return tuple(n for n in used if n in cited), tuple(n for n in used if n not in cited)


def _claim(case: Case, claim: Claim, judgement: Judgement, found: Repairs) -> report.ClaimReport:
    step = judgement.steps[claim.name]
    cited = (*claim.by, *claim.barring)
    used, axioms = _split(step.used, cited)
    acceptance = judgement.standing.get(claim.name)
    valid = step.verdict == "valid"
    return report.ClaimReport(
        goal=claim.goal,
        step=step.verdict,
        status=judgement.statuses[claim.name],
        doc=claim.doc,
        formula=_formula(claim),
        reason=step.reason,
        because=claim.because,
        accepted=None if acceptance is None else acceptance.why,
        cites=claim.by,
        barring=claim.barring,
        used=used,
        axioms=axioms,
        unused=tuple(name for name in cited if name not in used) if valid else (),
        fixes=_sets(found.fixes.get(claim.name)),
        suffice=_sets(found.suffice.get(claim.name)),
        rests_on=judgement.rests_on[claim.name],
        scenario=_scenario(step.countermodel),
        attributes=claim.attributes,
        span=claim.span,
        meaning=_meaning(case, claim),
    )


def _worry(case: Case, worry: Worry, judgement: Judgement, found: Repairs) -> report.WorryReport:
    verdict = judgement.worries[worry.name]
    answer = next((answer for answer in case.answers if answer.worry == worry.name), None)
    acceptance = judgement.standing.get(worry.name)
    stated = {axiom.name for axiom in case.axioms}
    used = tuple(name for name in verdict.used if name not in stated)
    holds = verdict.without_acceptance in ("dispelled", "assumed", "conditional")
    adopted = {a.name for a in case.assumptions if a.adopted}
    return report.WorryReport(
        status=verdict.status,
        without_acceptance=verdict.without_acceptance,
        doc=worry.doc,
        formula=_formula(worry),
        reason=verdict.reason,
        because=None if answer is None else answer.because,
        accepted=None if acceptance is None else acceptance.why,
        cites=None if answer is None else answer.cites,
        used=used,
        axioms=tuple(name for name in verdict.used if name in stated),
        unused=tuple(n for n in answer.cites if n not in used) if answer is not None and holds else (),
        fixes=_sets(found.fixes.get(worry.name)),
        suffice=_sets(found.suffice.get(worry.name)),
        rests_on=judgement.rests_on[worry.name],
        against=worry.against,
        unacceptable=worry.unacceptable,
        mitigations={
            m.name: report.MitigationReport(m.doc, spell(_stated(m)), m.name in adopted, m.attributes)
            for m in worry.mitigations
        },
        scenario=_scenario(verdict.countermodel),
        attributes=worry.attributes,
        span=worry.span,
        meaning=_meaning(case, worry),
    )


def beside_whole(reduced: report.CaseReport, whole: report.CaseReport, names: Sequence[str]) -> report.CaseReport:
    """The report on a case without some of its assumptions, with what falls for want of them."""
    before = {whole.name: whole.verdict, **_statuses(whole)}
    after = {reduced.name: reduced.verdict, **_statuses(reduced)}
    fallen = {name: (before[name], status) for name, status in after.items() if before[name] != status}
    return replace(reduced, withdrawn=report.Withdrawn(tuple(names), fallen))


def _sets(found: MinimalSets | None) -> report.PremiseSets | None:
    return None if found is None else report.PremiseSets(found.sets, found.complete)


def _possible(case: Case, possible: Statement, judgement: Judgement) -> report.PossibleReport:
    verdict = judgement.possibles[possible.name]
    return report.PossibleReport(
        verdict.status,
        possible.doc,
        spell(_stated(possible)),
        verdict.reason,
        verdict.conflict,
        possible.attributes,
        possible.span,
        _meaning(case, possible),
    )


def _used_by(judgement: Judgement) -> dict[str, list[str]]:
    """For each premise, the claims and worries whose proofs need it."""
    users: dict[str, list[str]] = {}
    proofs = [(name, step.used) for name, step in judgement.steps.items()]
    proofs += [(name, worry.used) for name, worry in judgement.worries.items()]
    for name, used in proofs:
        for premise in used:
            users.setdefault(premise, []).append(name)
    return users


def beside_base(case: report.CaseReport, base: report.CaseReport, strength: report.Strength) -> report.CaseReport:
    """The report of a variant, set beside that of its base.

    The comparison holds the claims and worries of the variant in order, then those that it has no more.
    """
    before, after = _statuses(base), _statuses(case)
    names = dict.fromkeys([*after, *before])
    comparison = {name: report.Transition(before.get(name), after.get(name)) for name in names}
    return replace(case, comparison=comparison, strength=strength)


def _statuses(case: report.CaseReport) -> dict[str, str]:
    claims: dict[str, str] = {name: claim.status for name, claim in case.claims.items()}
    return claims | {name: worry.status for name, worry in case.worries.items()}


def _summary(
    case: Case,
    claims: Mapping[str, report.ClaimReport],
    worries: Mapping[str, report.WorryReport],
    findings: Sequence[Finding],
    silenced: Sequence[Finding],
) -> report.Summary:
    steps = Counter(claim.step for claim in claims.values())
    statuses = Counter(worry.status for worry in worries.values())
    weights = Counter(found.severity for found in findings)
    return report.Summary(
        goals=len(case.goals),
        claims=len(claims),
        machine_checked=steps["valid"] + steps["invalid"],
        informal=steps["informal"],
        undeveloped=steps["undeveloped"],
        worries=len(worries),
        dispelled=statuses["dispelled"],
        assumed=statuses["assumed"],
        conditional=statuses["conditional"],
        accepted=statuses["accepted"],
        open=statuses["open"],
        refuted=statuses["refuted"],
        undetermined=statuses["undetermined"],
        informal_worries=statuses["informal"],
        errors=weights[Severity.ERROR],
        warnings=weights[Severity.WARNING],
        notes=weights[Severity.NOTE],
        silenced=len(silenced),
    )
