"""A case, resolved: every name bound, every formula well-sorted, every theory copied in, every variant applied.

This is what the passes from obligations onwards know of a specification. Names are qualified by the aliases under which
theories are used (``ev.bad_step``), and lists stand in the order of declaration. A theory looked at by itself is a
``Case`` too, of kind ``theory``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from checker.findings import Finding
from checker.logic import Meaning, Symbol, Term
from checker.source import Span

Attributes = Mapping[str, str]
Kind = Literal["case", "variant", "theory"]


@dataclass(frozen=True, slots=True)
class Wording:
    """How to say a symbol: its doc string, in which ``{p}`` stands for the parameter ``p``."""

    template: str | None
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What everything that is stated has: a name, words, a place, and a formula unless it is informal."""

    name: str
    doc: str | None
    formula: Term | None
    span: Span
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Axiom(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Assumption(Statement):
    """An assumption, or (``adopted``) a mitigation taken as one."""

    evidence: tuple[str, ...]
    owner: str | None
    adopted: bool


@dataclass(frozen=True, slots=True)
class Claim(Statement):
    """``by`` and ``barring`` are the citations, ``all`` expanded.

    ``copied_from`` is the theory, and the claim's name there, when it comes with a use and its step is checked in the
    theory itself, once; None for own claims and for those that must be checked in each use.
    """

    goal: bool
    by: tuple[str, ...]
    barring: tuple[str, ...]
    because: str | None
    own: bool
    copied_from: tuple[TheoryKey, str, str] | None
    """The theory, the claim's name there, and the prefix of names of this copy."""
    cites_by_name: bool
    """Whether an author chose the citations one by one, so that an unneeded one is worth a word."""
    in_each_use: bool
    """In a theory looked at by itself: counts over a sort that only a use can list, so it is checked there."""


@dataclass(frozen=True, slots=True)
class Mitigation(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Worry(Statement):
    """``formula`` is what must hold for the worry not to occur; ``against`` names what rests on it."""

    against: tuple[str, ...]
    unacceptable: bool
    mitigations: tuple[Mitigation, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Possible(Statement):
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """``folder`` is where the case stands, which ``file`` is relative to."""

    name: str
    doc: str | None
    file: str | None
    sha256: str | None
    url: str | None
    dated: date | None
    until: date | None
    folder: Path
    attributes: Attributes
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """The argument against a worry: what it cites."""

    worry: str
    cites: tuple[str, ...]
    because: str | None
    cites_by_name: bool
    """As for a claim."""
    span: Span


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The decision to live with a worry or claim."""

    target: str
    why: str
    owner: str | None
    until: date | None
    span: Span


@dataclass(frozen=True, slots=True)
class Requirement:
    """The theories that whoever uses ``alias`` owes a use of, unless ``when`` is ruled out."""

    alias: str
    theories: tuple[TheoryKey, ...]
    when: Term | None
    span: Span


@dataclass(frozen=True, slots=True)
class Show:
    """A closed term whose value is wanted; ``text`` is how the term is written in this case."""

    text: str
    term: Term
    span: Span


@dataclass(frozen=True, slots=True, order=True)
class TheoryKey:
    """Which theory it is: a name, and what its file is with everything that it imports (see ``Unit.identity``)."""

    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class Use:
    """One copy of a theory. ``bound`` says what each mapped role, starred ones included, stands for."""

    theory: TheoryKey
    alias: str
    file: str
    sha256: str
    bound: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Divisor:
    """A division, and what is known where it stands.

    The divisor must be other than zero whenever all ``guards`` hold, for all values of the variables free in them.
    """

    divisor: Term
    guards: tuple[Term, ...]
    within: str
    """The name of what it stands in."""
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """A resolved case or theory; see the module's docstring."""

    kind: Kind
    name: str
    doc: str | None
    base: str | None
    span: Span
    scope: Mapping[str, str]
    sources: tuple[str, ...]
    uses: tuple[Use, ...]
    meanings: Mapping[Symbol, Meaning]
    wordings: Mapping[Symbol, Wording]
    axioms: tuple[Axiom, ...]
    assumptions: tuple[Assumption, ...]
    evidence: tuple[Evidence, ...]
    claims: tuple[Claim, ...]
    worries: tuple[Worry, ...]
    possibles: tuple[Possible, ...]
    answers: tuple[Answer, ...]
    acceptances: tuple[Acceptance, ...]
    requirements: tuple[Requirement, ...]
    shows: tuple[Show, ...]
    divisors: tuple[Divisor, ...]
    theory: TheoryKey | None = None
    """For a theory, which."""
    replaced: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    """What resolving had to say that does not stand in the way of checking."""

    @property
    def goals(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.goal)
