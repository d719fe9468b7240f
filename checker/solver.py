"""What is asked of a solver: a protocol of one page. Nothing of any particular solver gets past it.

A solver opens a session on a script; the session says whether the script is satisfiable with some of its guards
assumed. What it replies depends on the script and on the checks of this session so far, and on nothing else, unless
time ran out. A session may raise any ``Exception`` instead; then nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from checker.entailment import Reason
from checker.model import Structure
from checker.smtlib import Script


@dataclass(frozen=True, slots=True)
class Effort:
    """How much one check is worth: ``units`` as the solver counts them, and ``seconds`` as a backstop.

    ``rounds`` limits how often a solver may try out a model against the quantifiers before it gives up.
    """

    units: int
    seconds: float
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Sat:
    """Satisfiable. ``structure`` is the model, not replayed; None where it is not wanted or cannot be represented."""

    structure: Structure | None
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Unsat:
    """Unsatisfiable with the guards in ``core``, some of those assumed; not necessarily the fewest."""

    core: tuple[str, ...]
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, and why; ``detail`` is the solver's own word for it."""

    reason: Reason
    detail: str = ""
    spent: int = 0


Reply = Sat | Unsat | Unknown


class Session(Protocol):
    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        """Whether the script is satisfiable with just these of its guards assumed to be true."""
        ...


class Solver(Protocol):
    def open(self, script: Script) -> Session:
        """A session of its own for this script."""
        ...
