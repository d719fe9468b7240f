"""Reports made by hand, for tests of what is made of reports. ``agent()`` is the example of the language reference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker.findings import Finding, Related, Severity, finding
from checker.report import (
    AcceptanceReport,
    AssumptionReport,
    AxiomReport,
    CaseReport,
    ClaimReport,
    EvidenceReport,
    Fact,
    MitigationReport,
    Options,
    PossibleReport,
    Report,
    Scenario,
    Summary,
    TheoryUse,
    Transition,
    WorryReport,
)
from checker.source import Span

FILE = "examples/coding_agent.case"


def span(line: int = 1, column: int = 1, end_column: int | None = None, file: str = FILE) -> Span:
    """A place on one line."""
    return Span(file, line, column, line, column + 1 if end_column is None else end_column)


def claim(**fields: Any) -> ClaimReport:
    """A claim whose step is valid, unless said otherwise."""
    usual: dict[str, Any] = {
        "goal": False, "step": "valid", "status": "established", "doc": None, "formula": "true", "reason": None,
        "because": None, "accepted": None, "cites": (), "barring": (), "used": (), "axioms": (), "unused": (),
        "fixes": None, "suffice": None, "rests_on": (), "scenario": None, "attributes": {}, "span": span(),
    }  # fmt: skip
    return ClaimReport(**(usual | fields))


def worry(**fields: Any) -> WorryReport:
    """A worry that is open and says nothing more, unless said otherwise."""
    usual: dict[str, Any] = {
        "status": "open", "without_acceptance": fields.get("status", "open"), "doc": None, "formula": "true",
        "reason": None, "because": None, "accepted": None, "cites": None, "used": (), "axioms": (), "unused": (),
        "fixes": None, "suffice": None, "rests_on": (), "against": (), "unacceptable": False, "mitigations": {},
        "scenario": None, "attributes": {},
        "span": span(),
    }  # fmt: skip
    return WorryReport(**(usual | fields))


def assumption(**fields: Any) -> AssumptionReport:
    """An assumption that somebody owns and a goal uses, unless said otherwise."""
    usual: dict[str, Any] = {
        "doc": None, "formula": "true", "evidence": (), "owner": "somebody", "backed": True, "adopted": False,
        "goals": True, "used_by": (), "attributes": {}, "span": span(),
    }  # fmt: skip
    return AssumptionReport(**(usual | fields))


def possible(**fields: Any) -> PossibleReport:
    """Something that is possible, unless said otherwise."""
    usual: dict[str, Any] = {
        "status": "satisfiable", "doc": None, "formula": "true", "reason": None, "conflict": (), "attributes": {},
        "span": span(),
    }  # fmt: skip
    return PossibleReport(**(usual | fields))


def case(name: str, **fields: Any) -> CaseReport:
    """A case that is established and passes and holds nothing, unless said otherwise."""
    usual: dict[str, Any] = {
        "kind": "case", "doc": None, "base": None, "verdict": "established", "passed": True, "reason": None,
        "scope": {}, "sources": (), "theories": (), "claims": {}, "worries": {}, "possible": {}, "assumptions": {},
        "axioms": {}, "evidence": {}, "shows": {}, "rests_on": (), "replaced": (), "dropped": (), "changed": (),
        "comparison": {}, "conflict": (), "summary": Summary(), "findings": (), "span": span(),
    }  # fmt: skip
    return CaseReport(name=name, **(usual | fields))


def report(*cases: CaseReport, findings: tuple[Finding, ...] = (), sources: dict[str, str] | None = None) -> Report:
    """A run over these cases."""
    passed = all(c.passed for c in cases) and not any(found.severity is Severity.ERROR for found in findings)
    status = 2 if any(found.severity is Severity.ERROR for found in findings) else 0 if passed else 1
    options = Options("2026-11-24", 4_000_000, 60.0, strict=False, solver="z3 5.4.1.0", checker="0.1.0")
    return Report(passed, status, options, cases, findings, sources or {})  # type: ignore[arg-type]


# -- the example of the language reference ---------------------------------------------------------------------------

SOURCE = """\
theory evaluation "What it takes for an evaluation to catch every unsafe system." {
}

case coding_agent "A coding agent behind a review gate" {
  assume gate_blocks : forall s: Agent, r: ev.Run, p: ev.Step.
      ev.would(s, r) and ev.step_of(p, r) and flaged(p) implies ev.caught(s)
\taccept ev.hidden_harm "Side effects outside the repository are covered by the sandbox case." until 2027-01-01
}
"""


def agent() -> CaseReport:
    """``coding_agent``: conditional, with one worry each that is dispelled, assumed, accepted and open."""
    return case(
        "coding_agent",
        doc="A coding agent behind a review gate",
        verdict="conditional",
        passed=False,
        scope={
            "decision": "deploy the agent to internal repositories",
            "system": "agent 2.1 with the review gate",
            "harm": "a change that opens a vulnerability",
        },
        theories=(
            TheoryUse(
                "evaluation", "ev", "specs/evaluation.case", "ab" * 32, {"System": "Agent", "flagged": "blocked"}
            ),
        ),
        claims={
            "deployable": claim(
                goal=True,
                status="conditional",
                doc="No unsafe agent is deployed.",
                formula="forall s: Agent. ev.produced(s) and ev.unsafe(s) implies ev.caught(s)",
                cites=("ev.catches_unsafe",),
                used=("ev.catches_unsafe",),
                rests_on=("ev.emergence", "ev.hidden_harm"),
                span=span(63, 3, 18),
            ),
            "ev.catches_unsafe": claim(
                status="conditional",
                doc="Every unsafe system that is produced is caught.",
                barring=("ev.hidden_harm", "ev.emergence", "ev.unnoticed", "ev.gate"),
                used=("ev.hidden_harm", "ev.emergence", "ev.unnoticed", "ev.gate"),
                rests_on=("ev.emergence", "ev.hidden_harm"),
            ),
        },
        worries={
            "ev.hidden_harm": worry(
                status="accepted",
                without_acceptance="open",
                doc="Unsafe means more than what the system would visibly do.",
                accepted="Side effects outside the repository are covered by the sandbox case.",
            ),
            "ev.emergence": worry(
                doc="Every step is harmless and the whole trajectory is not.",
                mitigations={
                    "ev.no_interaction": MitigationReport(
                        "Harm never arises from harmless steps together.", "forall r: ev.Run. true", False, {}
                    )
                },
                scenario=Scenario(
                    {"Agent": ("agent1",), "ev.Run": ("run1",), "ev.Step": ("step1",)},
                    (
                        Fact("ev.bad_run", ("run1",), True),
                        Fact("ev.step_of", ("step1", "run1"), True),
                        Fact("ev.bad_step", ("step1",), False),
                    ),
                    ("run1 is harmful", "step1 is a step of run1", "step1 is not harmful by itself"),
                ),
                attributes={"source": "Automation collapse (UK AISI), section 4.2"},
            ),
            "ev.unnoticed": worry(
                status="dispelled",
                doc="Oversight misses a harmful step.",
                cites=("linter_complete", "only_diffs"),
                used=("linter_complete", "only_diffs"),
                because="Whatever the agent does is a diff, and the linter reads every diff.",
            ),
            "ev.gate": worry(
                status="assumed",
                doc="A system with a flagged step is deployed all the same.",
                used=("gate_blocks",),
            ),
        },
        possible={"ev.hazard": possible(formula="exists s: Agent. ev.produced(s) and ev.unsafe(s)")},
        assumptions={
            "linter_complete": assumption(
                doc="The linter objects to every harmful change that it sees.",
                evidence=("study",),
                owner=None,
                used_by=("ev.unnoticed",),
            ),
            "only_diffs": assumption(
                doc="The agent acts through diffs alone.", owner="platform security", used_by=("ev.unnoticed",)
            ),
            "gate_blocks": assumption(
                formula="forall s: Agent, r: ev.Run, p: ev.Step. ev.would(s, r) and ev.step_of(p, r) and blocked(p) "
                "implies ev.caught(s)",
                evidence=("study",),
                owner="platform security",
                used_by=("ev.gate",),
            ),
        },
        evidence={
            "study": EvidenceReport("current", "Blind review of 400 seeded changes", {"file": "study.json"}, span())
        },
        rests_on=("ev.emergence", "ev.hidden_harm"),
        summary=Summary(
            goals=1, claims=2, machine_checked=2, worries=4, dispelled=1, assumed=1, accepted=1, open=1, warnings=1
        ),
        findings=(
            finding(
                "worry-by-definition",
                span(7, 9, 23),
                about="ev.hidden_harm",
            ),
        ),
        span=span(4, 1, 5),
        acceptances={
            "ev.hidden_harm": AcceptanceReport(
                "Side effects outside the repository are covered by the sandbox case.",
                "head of assurance", "2027-01-01", True, span(7, 9, 23),
            )
        },
        words={
            "deployable": ("For every agent s:", "- if the scheme can produce s and deploying s would be unsafe",
                           "- then the evaluation stops s"),
            "gate_blocks": ("Whatever is flagged is stopped.",),
            "ev.no_interaction": ("A run is harmful only if one of its steps is.",),
        },
    )  # fmt: skip


def probing() -> CaseReport:
    """A variant of ``coding_agent`` in which everything that can be said of a case is said."""
    story = Scenario({"Agent": ("agent1",)}, (), ())
    return case(
        "probing",
        kind="variant",
        base="coding_agent",
        verdict="unproved",
        passed=False,
        claims={
            "deployable": claim(
                goal=True, step="invalid", status="unproved", doc="No unsafe agent is deployed.", cites=("a1",),
                barring=("ev.emergence",), rests_on=("deep", "ev.emergence"),
                scenario=Scenario({}, (), ("agent1 can be produced", "agent1 is not stopped by the evaluation step")),
            ),
            "deep": claim(step="undeveloped", status="unproved", reason="it cites nothing", rests_on=("ev.emergence",)),
            "told": claim(step="informal", status="unproved", formula=None, doc="Experts agree.", accepted="for now"),
            "hard": claim(step="undetermined", status="unproved", reason="the solver's budget ran out", cites=("a1",)),
        },
        worries={
            "ev.emergence": worry(scenario=story, cites=("a1",), unacceptable=True, against=("deployable",)),
            "ev.gate": worry(status="refuted", doc="The gate is open.", used=("a1",), axioms=("ev.law",)),
            "ev.slow": worry(status="undetermined", doc="It is slow.", reason="the time ran out"),
            "ev.vague": worry(status="informal", formula=None, doc="Something is off.",
                              mitigations={"ev.care": MitigationReport(None, "true", True, {})}),
            "ev.unnoticed": worry(status="conditional", rests_on=("told",), used=("told",)),
        },
        possible={
            "ev.hazard": possible(status="unsatisfiable", doc="There is something to fear.", conflict=("a1", "a2")),
            "ev.other": possible(status="undetermined", reason="the solver cannot decide such formulas"),
        },
        assumptions={
            "a1": assumption(doc="What is said is meant.", owner=None, backed=False, evidence=("old",)),
            "a2": assumption(formula=None, doc="Nothing else matters.", adopted=True),
            "a3": assumption(goals=False),
        },
        axioms={"ev.law": AxiomReport("What is done is done.", "true", True, ("deployable",), span())},
        evidence={"old": EvidenceReport("expired", "A study", {"file": "old.json"}, span())},
        shows={"au.level": "2", "rate": None},
        rests_on=("deep", "ev.emergence"),
        replaced=("a1", "a2"),
        dropped=("gate_blocks",),
        changed=("only_diffs",),
        comparison={
            "deployable": Transition("conditional", "unproved"),
            "ev.gate": Transition("assumed", "refuted"),
            "ev.slow": Transition("open", "undetermined"),
            "ev.unnoticed": Transition("dispelled", "conditional"),
            "ev.fixed": Transition("open", "dispelled"),
            "ev.same": Transition("dispelled", "assumed"),
            "hard": Transition(None, "unproved"),
            "left": Transition("established", None),
        },
        summary=Summary(
            goals=1, claims=4, machine_checked=1, informal=1, undeveloped=1, worries=5, conditional=1, open=1,
            refuted=1, undetermined=1, informal_worries=1, errors=1,
        ),
        findings=(
            finding("invalid-step", span(6, 47, 53), about="deployable", severity=Severity.ERROR),
        ),
        span=span(9, 1, 8),
    )  # fmt: skip


def contradictory() -> CaseReport:
    """A case whose premises contradict each other."""
    return case(
        "contradictory",
        verdict="inconsistent",
        passed=False,
        reason="the premises contradict each other, so anything would follow from them",
        claims={"safe": claim(goal=True, status="unproved", doc="It works.", cites=("yes", "no"), used=("yes",))},
        worries={"w": worry(status="undetermined", doc="It might not.")},
        assumptions={"yes": assumption(doc="It does."), "no": assumption(doc="It does not.")},
        conflict=("yes", "no"),
        summary=Summary(goals=1, claims=1, machine_checked=1, worries=1, undetermined=1, errors=1),
        findings=(finding("inconsistent", span(2, 1, 5), about="contradictory", conflict="`yes` and `no`"),),
    )


def theory(name: str = "evaluation", *, passed: bool = True) -> CaseReport:
    """A theory with a claim and a worry."""
    return case(
        name,
        kind="theory",
        verdict="established" if passed else "unproved",
        passed=passed,
        claims={
            "catches": claim(barring=("gate",), used=("gate",))
            if passed
            else claim(step="invalid", status="unproved", barring=("gate",), scenario=Scenario({}, (), ("it leaks",)))
        },
        worries={"gate": worry(status="hypothesis", doc="The gate is open.")},
        possible={"hazard": possible()},
        summary=Summary(claims=1, machine_checked=1, worries=1),
        span=span(1, 1, 7, file="specs/evaluation.case"),
    )


def misspelt() -> Finding:
    """A finding at a place, with a hint and a second place."""
    return replace(
        finding("unknown-name", span(6, 47, 53), about="flaged", hint="did you mean `flagged`?"),
        related=(Related(span(4, 6, 18), "the case that it stands in"),),
    )


def whole() -> Report:
    """Everything above in one report."""
    elsewhere = finding("no-such-path", about="examples/nowhere.case")
    cases = (agent(), probing(), contradictory(), theory(), theory("leaky", passed=False))
    return report(*cases, findings=(misspelt(), elsewhere), sources={FILE: SOURCE})
