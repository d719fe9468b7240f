"""The report: what the checker found, as plain immutable data, with the fields of the JSON format as attributes.

Names of claims, worries and symbols are qualified by the alias of the theory they come from (``ev.emergence``).
Mappings keep the order in which things are declared. ``meaning`` tells a statement from any other: a hash of its words
and its formula, with all definitions and tables that it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from checker.findings import Finding
from checker.source import NOWHERE, Span

if TYPE_CHECKING:
    from checker.inputs import Inputs

StepVerdict = Literal["valid", "invalid", "undetermined", "informal", "undeveloped"]
ClaimStatus = Literal["established", "conditional", "unproved"]
WorryStatus = Literal[
    "dispelled", "assumed", "conditional", "accepted", "refuted", "open", "undetermined", "informal", "hypothesis"
]
PossibleStatus = Literal["satisfiable", "unsatisfiable", "undetermined"]
CaseVerdict = Literal["established", "conditional", "unproved", "undetermined", "inconsistent"]
EvidenceState = Literal["current", "missing", "altered", "expired"]
Relation = Literal["stronger", "weaker", "equivalent", "independent", "undetermined"]
LeftStatus = Literal["given", "lost", "undetermined", "informal"]


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
    span: Span = NOWHERE
    """Where it is used; not part of the JSON."""


@dataclass(frozen=True, slots=True)
class PremiseSets:
    """Minimal sets of premises, by name. ``complete`` says that there are no others; else the search was cut short."""

    sets: tuple[tuple[str, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """``cites`` and ``barring`` are what the author cited; ``used``, ``axioms`` and ``unused`` what the proof needed.

    ``fixes`` are the sets of premises any of which would make an invalid step valid: assumptions that it does not cite
    and mitigations that are not adopted, consistent with the case. ``suffice`` are the sets of citations any of which
    is enough for a valid step. Each is None where it does not apply.

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
    fixes: PremiseSets | None
    suffice: PremiseSets | None
    rests_on: tuple[str, ...]
    scenario: Scenario | None
    attributes: Mapping[str, str]
    span: Span
    meaning: str = ""


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
    it would have otherwise. ``fixes`` and ``suffice`` are as for a claim: what would close it, and what is enough to.
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
    fixes: PremiseSets | None
    suffice: PremiseSets | None
    rests_on: tuple[str, ...]
    against: tuple[str, ...]
    unacceptable: bool
    mitigations: Mapping[str, MitigationReport]
    scenario: Scenario | None
    attributes: Mapping[str, str]
    span: Span
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class PossibleReport:
    status: PossibleStatus
    doc: str | None
    formula: str
    reason: str | None
    conflict: tuple[str, ...]
    attributes: Mapping[str, str]
    span: Span
    meaning: str = ""


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
    meaning: str = ""


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
class AcceptanceReport:
    """The decision to live with a worry or claim. It counts where it ``stands``: see ``accepted`` of what it is about.

    ``until`` is the day it runs out, as year-month-day.
    """

    why: str
    owner: str | None
    until: str | None
    stands: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    """How a claim (by status) or worry of a variant fares beside its base. None: it is not there."""

    base: str | None
    variant: str | None


@dataclass(frozen=True, slots=True)
class LeftReport:
    """Something that a base assumes and its variant does not, or not in this sense.

    It is ``given`` where what the variant assumes entails it all the same; ``used`` and ``axioms`` are what the proof
    needed. ``relation`` says how what was used of the assumptions made anew stands to it (``stronger``, ``equivalent``
    or ``undetermined``); it is None where none was used. ``reason`` explains a status other than ``given`` and
    ``lost``.
    """

    status: LeftStatus
    doc: str | None
    formula: str | None
    reason: str | None
    used: tuple[str, ...]
    axioms: tuple[str, ...]
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a variant assumes anew beside what it left; ``reason`` says why a relation is undetermined."""

    relation: Relation
    reason: str | None
    left: Mapping[str, LeftReport]


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong what a variant assumes anew is, beside what it left of its base.

    ``relation``, ``reason`` and ``left`` take what was left as it was meant in the base; ``ported`` takes it as its
    words read in the variant, and is None where that comes to the same. ``added`` names what is assumed anew.
    ``informal`` names what no formula states, which is left out of the relations, and ``apart`` the names that mean one
    thing in what was left and another in the variant. ``axioms_left`` and ``axioms_added`` name the axioms of the base
    and of the variant that the other has not, or not in this sense.
    """

    relation: Relation
    reason: str | None
    left: Mapping[str, LeftReport]
    ported: Reading | None
    added: tuple[str, ...]
    informal: tuple[str, ...]
    apart: tuple[str, ...]
    axioms_left: tuple[str, ...]
    axioms_added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn from a case for this check: assumptions, by name, and everything that fares otherwise for it.

    ``fallen`` gives the status of each claim and worry before and after, and under the name of the case its verdict.
    """

    names: tuple[str, ...]
    fallen: Mapping[str, tuple[str, str]]


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
    silenced: int = 0


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One case, variant or theory. ``rests_on`` of the goals together, the frontier first, is what it hangs on.

    ``replaced``, ``dropped`` and ``changed`` say how a variant differs from its ``base``: what it declares anew, what
    it drops, and what no longer counts because it would have meant something else. ``comparison`` and ``strength`` set
    it beside that base; a case that is no variant has none.

    ``acceptances`` has the name of what is accepted. ``words`` has the formula of each claim, worry, mitigation, and so
    on in words, as the lines of an outline; it is empty unless they were asked for.
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
    strength: Strength | None = None
    withdrawn: Withdrawn | None = None
    acceptances: Mapping[str, AcceptanceReport] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    silenced: tuple[Finding, ...] = ()
    """Findings that the project's settings silence: warnings and notes, never what keeps the case from passing."""


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
class Unconfirmed:
    """An answer that the second solver did not confirm, nor contradict.

    ``obligation`` says what was asked about ``case``, ``answer`` what was found, and ``reason`` why there is no second
    opinion on it.
    """

    case: str
    obligation: str
    answer: Literal["entailed", "refuted"]
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What a second solver made of the answers. (Had it contradicted one, there would be no report.)

    Of so many ``questions``, ``undecided`` ones had no answer; the answers to all others are ``confirmed`` or listed.
    """

    solver: str
    questions: int
    confirmed: int
    undecided: int
    unconfirmed: tuple[Unconfirmed, ...]


@dataclass(frozen=True, slots=True, order=True)
class KnownProblem:
    """A problem as a baseline names it.

    ``file`` is relative to the folder of the baseline. ``code`` is that of a finding, or says which verdict it is.
    ``message`` is that of a finding, and empty for a verdict. ``rests_on`` says what the conclusion still hangs on, and
    ``meaning`` stands for the words and formula that it is about: where they change, it is another problem.
    """

    file: str
    case: str
    code: str
    about: str
    message: str
    rests_on: tuple[str, ...]
    meaning: str
    shown: str = field(default="", compare=False)
    """How the file of the case is shown in this run; not part of the JSON."""


@dataclass(frozen=True, slots=True)
class BaselineReport:
    """This run beside a baseline: what keeps cases from passing and is known, what is new, and what is gone.

    ``fixed`` are entries without a problem any more; ``not_checked`` counts those about cases that were not checked.
    """

    file: str
    known: tuple[KnownProblem, ...]
    new: tuple[KnownProblem, ...]
    fixed: tuple[KnownProblem, ...]
    not_checked: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run found. ``findings`` are those that belong to no case; ``exit_status`` is 0, 1 or 2.

    ``cross_check`` is None where no second opinion was asked for, and ``baseline`` where there is none. With one,
    ``exit_status`` is 0 also where nothing but what it knows keeps cases from passing; ``passed`` is as without it.
    """

    passed: bool
    exit_status: Literal[0, 1, 2]
    options: Options
    cases: tuple[CaseReport, ...]
    findings: tuple[Finding, ...] = field(default=())
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """The text of each file by its shown name, so that a renderer can show a line; not part of the JSON."""
    cross_check: CrossCheck | None = None
    silenced: tuple[Finding, ...] = ()
    """Findings that belong to no case and that the project's settings silence."""
    baseline: BaselineReport | None = None
    inputs: Inputs | None = field(default=None, compare=False, repr=False)
    """What was looked at for it, where it is about files; not part of the JSON."""

    def to_json(self) -> str:
        """The report in the documented JSON format: the same bytes for the same input and options."""
        from checker.render.json import dumps

        return dumps(self)
