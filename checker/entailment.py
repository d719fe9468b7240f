"""Questions of entailment and their answers: the narrow waist between what is argued and how it is decided.

Everything the checker decides is put as one question: do these premises entail this conclusion? A consistency check is
the question whether they entail ``FALSE``; that something is possible, whether they entail its negation. A question is
plain data, complete in itself: its answer depends on nothing else, so questions can be answered in any order, in any
process, and be cached or exported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from checker.logic import Meaning, Term
from checker.model import Structure


class Role(StrEnum):
    """What a premise is in the argument."""

    AXIOM = "axiom"
    ASSUMPTION = "assumption"
    CLAIM = "claim"
    WORRY = "worry"


@dataclass(frozen=True, slots=True)
class Premise:
    """A formula that may be taken as true, under the name by which people know it."""

    name: str
    role: Role
    formula: Term


@dataclass(frozen=True, slots=True)
class Question:
    """Do ``premises`` entail ``conclusion``?

    ``name`` says which obligation it is, for people (``"step deployable"``). ``premises`` stand in any order, axioms
    after all others. ``cited`` names those that an author chose one by one, in that order: leaving out is tried from
    its end, then for all others from the end, the axioms last. ``meanings`` holds the definitions and tables that any
    formula of the question rests on, each after those it uses. The three wishes cost solver calls, so whoever asks says
    what is needed.
    """

    name: str
    premises: tuple[Premise, ...]
    conclusion: Term
    meanings: tuple[Meaning, ...] = ()
    cited: tuple[str, ...] = ()
    want_core: bool = False
    """Minimise the premises used by a proof; otherwise ``Entailed.used`` is whatever sufficed."""
    want_alone: bool = False
    """Find out which single premises, and whether the definitions alone, entail the conclusion."""
    want_scenario: bool = False
    """Make the countermodel as small as possible; otherwise any will do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much effort one question is worth.

    ``budget`` is counted by the solver, in its own units, of which it spends some millions a second, and decides;
    ``timeout``, in seconds of wall-clock time, is a backstop alone.
    """

    budget: int = 10_000_000
    timeout: float = 60.0
    largest_scope: int = 6
    """Up to how many individuals of each uninterpreted sort a countermodel is searched for."""


class Reason(StrEnum):
    """Why a question got no clear answer."""

    BUDGET = "budget"
    TIMEOUT = "timeout"
    INCOMPLETE = "incomplete"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"


# ``lasting``, of each kind of answer, says that it is the one that there will be another time as well: time and memory
# sufficed, and nothing went wrong on the way to it. Who does not know leaves it at no.


@dataclass(frozen=True, slots=True)
class Entailed:
    """The premises entail the conclusion: their conjunction with its negation was shown unsatisfiable.

    ``used`` names premises that suffice, in the order of the question; with ``want_core`` none of them could be left
    out by trying each in turn. With ``want_alone``, ``alone`` names the premises each of which suffices all by itself,
    ``perhaps_alone`` those of which that was not decided, and ``by_definition`` says that none is needed at all.
    """

    used: tuple[str, ...]
    alone: tuple[str, ...] = ()
    by_definition: bool = False
    perhaps_alone: tuple[str, ...] = ()
    lasting: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Refuted:
    """The premises do not entail the conclusion: ``countermodel`` was replayed, and makes them true and it false."""

    countermodel: Structure
    lasting: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Neither was shown. No countermodel has at most ``searched`` individuals of each uninterpreted sort."""

    reason: Reason
    searched: int = 0
    detail: str = field(default="", compare=False)
    lasting: bool = field(default=False, compare=False)


Answer = Entailed | Refuted | Undetermined
