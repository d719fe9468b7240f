"""The report in JSON, for programs. The format is described by the schema that ships with the package."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.findings import Finding, Related
from checker.render.wrap import is_harmful
from checker.report import (
    AcceptanceReport,
    AssumptionReport,
    AxiomReport,
    BaselineReport,
    CaseReport,
    ClaimReport,
    CrossCheck,
    EvidenceReport,
    KnownProblem,
    LeftReport,
    MitigationReport,
    Options,
    PossibleReport,
    PremiseSets,
    Reading,
    Report,
    Scenario,
    Strength,
    Summary,
    TheoryUse,
    Withdrawn,
    WorryReport,
)
from checker.source import Span

VERSION = 1
"""The version of the format. Fields may be added within a version; none is renamed, removed or given a new meaning."""

Object = dict[str, Any]

_NOT_ASCII = re.compile("[^\x00-\x7e]")


def dumps(report: Report) -> str:
    """The report as JSON text that ends in a line break: the same text for the same report."""
    return written(to_data(report)) + "\n"


def written(data: Object, indent: int | None = 2) -> str:
    """Data as JSON text in which every character can be seen."""
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    return _NOT_ASCII.sub(lambda found: _written(found[0]), text)


def _written(char: str) -> str:
    """The character; escaped if it cannot be seen, acts on terminals, or cannot be written as UTF-8."""
    if not is_harmful(char):
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def schema() -> Object:
    """The JSON Schema (draft 2020-12) of what ``dumps`` writes."""
    path = Path(__file__).resolve().parent.parent / "report.schema.json"
    loaded: Object = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def to_data(report: Report) -> Object:
    """The report as plain dictionaries, lists, strings, numbers, truth values and None."""
    return {
        "version": VERSION,
        "passed": report.passed,
        "exit_status": report.exit_status,
        "options": options_data(report.options),
        "cases": [_case(case) for case in report.cases],
        "findings": [finding_data(found) for found in report.findings],
        "silenced": [finding_data(found) for found in report.silenced],
        "cross_check": _cross_check(report.cross_check),
        "baseline": _baseline(report.baseline),
    }


def _baseline(beside: BaselineReport | None) -> Object | None:
    if beside is None:
        return None
    return {
        "file": beside.file,
        "known": [known_problem(problem) for problem in beside.known],
        "new": [known_problem(problem) for problem in beside.new],
        "fixed": [known_problem(problem) for problem in beside.fixed],
        "not_checked": beside.not_checked,
    }


def known_problem(problem: KnownProblem) -> Object:
    """A problem as a baseline writes it down."""
    return {
        "file": problem.file,
        "case": problem.case,
        "code": problem.code,
        "about": problem.about,
        "message": problem.message,
        "rests_on": list(problem.rests_on),
        "meaning": problem.meaning,
    }


def options_data(options: Options) -> Object:
    return {
        "today": options.today,
        "budget": options.budget,
        "timeout": options.timeout,
        "strict": options.strict,
        "solver": options.solver,
        "checker": options.checker,
    }


def _cross_check(made: CrossCheck | None) -> Object | None:
    if made is None:
        return None
    return {
        "solver": made.solver,
        "questions": made.questions,
        "confirmed": made.confirmed,
        "undecided": made.undecided,
        "unconfirmed": [
            {
                "case": one.case,
                "obligation": one.obligation,
                "answer": one.answer,
                "reason": one.reason,
                **place(one.span),
            }
            for one in made.unconfirmed
        ],
    }


def _case(case: CaseReport) -> Object:
    return {
        "name": case.name,
        "kind": case.kind,
        "doc": case.doc,
        **place(case.span),
        "base": case.base,
        "verdict": case.verdict,
        "passed": case.passed,
        "reason": case.reason,
        "scope": dict(case.scope),
        "sources": list(case.sources),
        "theories": [_theory(use) for use in case.theories],
        "claims": {name: _claim(claim) for name, claim in case.claims.items()},
        "worries": {name: _worry(worry) for name, worry in case.worries.items()},
        "possible": {name: _possible(possible) for name, possible in case.possible.items()},
        "assumptions": {name: _assumption(assumption) for name, assumption in case.assumptions.items()},
        "axioms": {name: _axiom(axiom) for name, axiom in case.axioms.items()},
        "evidence": {name: _evidence(evidence) for name, evidence in case.evidence.items()},
        "shows": dict(case.shows),
        "rests_on": list(case.rests_on),
        "replaced": list(case.replaced),
        "dropped": list(case.dropped),
        "changed": list(case.changed),
        "comparison": {name: {"base": t.base, "variant": t.variant} for name, t in case.comparison.items()},
        "strength": _strength(case.strength),
        "withdrawn": _withdrawn(case.withdrawn),
        "acceptances": {name: _acceptance(acceptance) for name, acceptance in case.acceptances.items()},
        "words": {name: list(lines) for name, lines in case.words.items()},
        "conflict": list(case.conflict),
        "summary": _summary(case.summary),
        "findings": [finding_data(found) for found in case.findings],
        "silenced": [finding_data(found) for found in case.silenced],
    }


def _theory(use: TheoryUse) -> Object:
    return {"name": use.name, "alias": use.alias, "file": use.file, "sha256": use.sha256, "bound": dict(use.bound)}


def _claim(claim: ClaimReport) -> Object:
    return {
        "goal": claim.goal,
        "step": claim.step,
        "status": claim.status,
        "doc": claim.doc,
        "formula": claim.formula,
        "reason": claim.reason,
        "because": claim.because,
        "accepted": claim.accepted,
        "cites": list(claim.cites),
        "barring": list(claim.barring),
        "used": list(claim.used),
        "axioms": list(claim.axioms),
        "unused": list(claim.unused),
        "fixes": _sets(claim.fixes),
        "suffice": _sets(claim.suffice),
        "rests_on": list(claim.rests_on),
        "scenario": scenario_data(claim.scenario),
        "attributes": dict(claim.attributes),
        "meaning": claim.meaning,
        **place(claim.span),
    }


def _worry(worry: WorryReport) -> Object:
    return {
        "status": worry.status,
        "without_acceptance": worry.without_acceptance,
        "accepted": worry.accepted,
        "doc": worry.doc,
        "formula": worry.formula,
        "reason": worry.reason,
        "because": worry.because,
        "cites": None if worry.cites is None else list(worry.cites),
        "used": list(worry.used),
        "axioms": list(worry.axioms),
        "unused": list(worry.unused),
        "fixes": _sets(worry.fixes),
        "suffice": _sets(worry.suffice),
        "rests_on": list(worry.rests_on),
        "against": list(worry.against),
        "unacceptable": worry.unacceptable,
        "mitigations": list(worry.mitigations),
        "mitigation_details": {name: _mitigation(known) for name, known in worry.mitigations.items()},
        "scenario": scenario_data(worry.scenario),
        "attributes": dict(worry.attributes),
        "meaning": worry.meaning,
        **place(worry.span),
    }


def _mitigation(known: MitigationReport) -> Object:
    return {
        "doc": known.doc,
        "formula": known.formula,
        "adopted": known.adopted,
        "attributes": dict(known.attributes),
    }


def scenario_data(scenario: Scenario | None) -> Object | None:
    if scenario is None:
        return None
    return {
        "sorts": {sort: list(names) for sort, names in scenario.sorts.items()},
        "facts": [{"symbol": f.symbol, "args": list(f.args), "value": f.value} for f in scenario.facts],
        "story": list(scenario.story),
    }


def _possible(possible: PossibleReport) -> Object:
    return {
        "status": possible.status,
        "doc": possible.doc,
        "formula": possible.formula,
        "reason": possible.reason,
        "conflict": list(possible.conflict),
        "attributes": dict(possible.attributes),
        "meaning": possible.meaning,
        **place(possible.span),
    }


def _assumption(assumption: AssumptionReport) -> Object:
    return {
        "doc": assumption.doc,
        "formula": assumption.formula,
        "evidence": list(assumption.evidence),
        "owner": assumption.owner,
        "backed": assumption.backed,
        "adopted": assumption.adopted,
        "goals": assumption.goals,
        "used_by": list(assumption.used_by),
        "attributes": dict(assumption.attributes),
        "meaning": assumption.meaning,
        **place(assumption.span),
    }


def _axiom(axiom: AxiomReport) -> Object:
    return {
        "doc": axiom.doc,
        "formula": axiom.formula,
        "goals": axiom.goals,
        "used_by": list(axiom.used_by),
        **place(axiom.span),
    }


def _withdrawn(withdrawn: Withdrawn | None) -> Object | None:
    if withdrawn is None:
        return None
    fallen = {name: {"before": before, "after": after} for name, (before, after) in withdrawn.fallen.items()}
    return {"names": list(withdrawn.names), "fallen": fallen}


def _sets(found: PremiseSets | None) -> Object | None:
    return None if found is None else {"sets": [list(one) for one in found.sets], "complete": found.complete}


def _evidence(evidence: EvidenceReport) -> Object:
    return {
        "state": evidence.state,
        "doc": evidence.doc,
        "attributes": dict(evidence.attributes),
        **place(evidence.span),
    }


def _acceptance(acceptance: AcceptanceReport) -> Object:
    return {
        "why": acceptance.why,
        "owner": acceptance.owner,
        "until": acceptance.until,
        "stands": acceptance.stands,
        **place(acceptance.span),
    }


def _strength(strength: Strength | None) -> Object | None:
    if strength is None:
        return None
    return {
        "relation": strength.relation,
        "reason": strength.reason,
        "left": {name: _left(part) for name, part in strength.left.items()},
        "ported": None if strength.ported is None else _reading(strength.ported),
        "added": list(strength.added),
        "informal": list(strength.informal),
        "apart": list(strength.apart),
        "axioms_left": list(strength.axioms_left),
        "axioms_added": list(strength.axioms_added),
    }


def _reading(reading: Reading) -> Object:
    return {
        "relation": reading.relation,
        "reason": reading.reason,
        "left": {name: _left(part) for name, part in reading.left.items()},
    }


def _left(part: LeftReport) -> Object:
    return {
        "status": part.status,
        "doc": part.doc,
        "formula": part.formula,
        "reason": part.reason,
        "used": list(part.used),
        "axioms": list(part.axioms),
        "relation": part.relation,
    }


def _summary(summary: Summary) -> Mapping[str, int]:
    return {name: getattr(summary, name) for name in Summary.__dataclass_fields__}


def finding_data(found: Finding) -> Object:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "about": found.about,
        "hint": found.hint,
        **place(found.span),
        "related": [_related(related) for related in found.related],
        "fix": None if found.fix is None else {"text": found.fix.text, **place(found.fix.span)},
    }


def _related(related: Related) -> Object:
    return {"message": related.message, **place(related.span)}


def place(span: Span) -> Object:
    """Where something stands; all None for what stands in no file, such as a wrong call."""
    if not span.line:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
