"""The report: what the checker found, as plain immutable data, with the fields of the JSON format as attributes.

Names of claims, worries and symbols are qualified by the alias of the theory they come from (``ev.emergence``).
Mappings keep the order in which things are declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from checker.findings import Finding
from checker.source import Span

StepVerdict = Literal["valid", "invalid", "undetermined", "informal", "undeveloped"]
ClaimStatus = Literal["established", "conditional", "unproved"]
WorryStatus = Literal[
    "dispelled", "assumed", "conditional", "accepted", "refuted", "open", "undetermined", "informal", "hypothesis"
]
PossibleStatus = Literal["satisfiable", "unsatisfiable", "undetermined"]
CaseVerdict = Literal["established", "conditional", "unproved", "undetermined", "inconsistent"]
EvidenceState = Literal["current", "missing", "altered", "expired"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so in a scenario. Values are ``True`` and ``False`` or, for terms, their text."""

    symbol: str
    args: tuple[str, ...]
    value: bool | str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation that the premises allow and in which the conclusion fails.

    ``sorts`` names the individuals of each uninterpreted sort; ``facts`` are those that matter; ``story`` tells them
    in the words of the doc strings.
    """

    sorts: Mapping[str, tuple[str, ...]]
    facts: tuple[Fact, ...]
    story: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TheoryUse:
    """A copy of a theory: its alias, its file (with the SHA-256 of the bytes), and what its roles are bound to."""

    name: str
    alias: str
    file: str
    sha256: str
    bound: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """``cites`` and ``barring`` are what the author cited; ``used``, ``axioms`` and ``unused`` what the proof needed.

    ``reason`` explains a step that is neither valid nor invalid. ``accepted`` says why the author lives with an
    undeveloped, informal or undetermined step, if an acceptance stands.
    """

    goal: bool
    step: StepVerdict
    status: ClaimStatus
    doc: str | None
    formula: str | None
    reason: str | None
    because: str | None
    accepted: str | None
    cites: tuple[str, ...]
    barring: tuple[str, ...]
    used: tuple[str, ...]
    axioms: tuple[str, ...]
    unused: tuple[str, ...]
    rests_on: tuple[str, ...]
    scenario: Scenario | None
    attributes: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class MitigationReport:
    """A candidate assumption that the library lists against a worry."""

    doc: str | None
    formula: str
    adopted: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorryReport:
    """``formula`` is what must hold for the worry not to occur. ``cites`` is None where no answer is written.

    ``accepted`` is why the author lives with it, where an acceptance stands, and ``without_acceptance`` the status that
    it would have otherwise.
    """

    status: WorryStatus
    without_acceptance: WorryStatus
    doc: str | None
    formula: str | None
    reason: str | None
    because: str | None
    accepted: str | None
    cites: tuple[str, ...] | None
    used: tuple[str, ...]
    axioms: tuple[str, ...]
    unused: tuple[str, ...]
    rests_on: tuple[str, ...]
    against: tuple[str, ...]
    unacceptable: bool
    mitigations: Mapping[str, MitigationReport]
    scenario: Scenario | None
    attributes: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class PossibleReport:
    status: PossibleStatus
    doc: str | None
    formula: str
    reason: str | None
    conflict: tuple[str, ...]
    attributes: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class AssumptionReport:
    """``backed`` by working evidence or an owner; ``used_by`` names the claims and worries whose proofs need it.

    ``adopted`` marks a mitigation that was adopted; ``goals`` says whether a goal's argument uses it.
    """

    doc: str | None
    formula: str | None
    evidence: tuple[str, ...]
    owner: str | None
    backed: bool
    adopted: bool
    goals: bool
    used_by: tuple[str, ...]
    attributes: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class AxiomReport:
    doc: str | None
    formula: str
    goals: bool
    used_by: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    state: EvidenceState
    doc: str | None
    attributes: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    """How a claim (by status) or worry of a variant fares beside its base. None: it is not there."""

    base: str | None
    variant: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How much of the argument is what."""

    goals: int = 0
    claims: int = 0
    machine_checked: int = 0
    informal: int = 0
    undeveloped: int = 0
    worries: int = 0
    dispelled: int = 0
    assumed: int = 0
    conditional: int = 0
    accepted: int = 0
    open: int = 0
    refuted: int = 0
    undetermined: int = 0
    informal_worries: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One case, variant or theory. ``rests_on`` of the goals together, the frontier first, is what it hangs on.

    ``replaced``, ``dropped`` and ``changed`` say how a variant differs from its ``base``: what it declares anew, what
    it drops, and what no longer counts because it would have meant something else.
    """

    name: str
    kind: Literal["case", "variant", "theory"]
    doc: str | None
    base: str | None
    verdict: CaseVerdict
    passed: bool
    reason: str | None
    scope: Mapping[str, str]
    sources: tuple[str, ...]
    theories: tuple[TheoryUse, ...]
    claims: Mapping[str, ClaimReport]
    worries: Mapping[str, WorryReport]
    possible: Mapping[str, PossibleReport]
    assumptions: Mapping[str, AssumptionReport]
    axioms: Mapping[str, AxiomReport]
    evidence: Mapping[str, EvidenceReport]
    shows: Mapping[str, str | None]
    rests_on: tuple[str, ...]
    replaced: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]
    comparison: Mapping[str, Transition]
    conflict: tuple[str, ...]
    summary: Summary
    findings: tuple[Finding, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Options:
    """What the verdicts depend on besides the input, as they were for this run."""

    today: str
    budget: int
    timeout: float
    strict: bool
    solver: str
    checker: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run found. ``findings`` are those that belong to no case; ``exit_status`` is 0, 1 or 2."""

    passed: bool
    exit_status: Literal[0, 1, 2]
    options: Options
    cases: tuple[CaseReport, ...]
    findings: tuple[Finding, ...] = field(default=())
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """The text of each file by its shown name, so that a renderer can show a line; not part of the JSON."""

    def to_json(self) -> str:
        """The report in the documented JSON format: the same bytes for the same input and options."""
        from checker.render.json import dumps

        return dumps(self)
