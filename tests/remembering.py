"""A solver that remembers what it replied, so that many runs that ask nearly the same cost little more than one.

What a session replies depends on its script and on its checks so far (see :mod:`checker.solver`); both together are
what a reply is remembered by. Nothing is remembered of a check that raised, or whose time ran out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import checker.z3_solver
from checker.entailment import Reason
from checker.smtlib import Script
from checker.solver import Effort, Reply, Session, Solver, Unknown
from checker.z3_solver import Z3Solver

Check = tuple[tuple[str, ...], int, int | None, bool]
"""Guards, units, rounds, and whether a structure is wanted."""


@dataclass
class Remembering:
    """Z3, with a memory."""

    solver: Solver = field(default_factory=Z3Solver)
    replies: dict[tuple[Script, tuple[Check, ...]], Reply] = field(default_factory=dict)

    def open(self, script: Script) -> RememberingSession:
        return RememberingSession(self, script)


@dataclass
class RememberingSession:
    """A session that is really opened when something is asked that was not asked before."""

    memory: Remembering
    script: Script
    made: tuple[Check, ...] = ()
    session: Session | None = None

    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        before = self.made
        self.made = (*before, (tuple(guards), effort.units, effort.rounds, want_structure))
        key = (self.script, self.made)
        if key not in self.memory.replies:
            reply = self._really(before, guards, effort, want_structure)
            if isinstance(reply, Unknown) and reply.reason is Reason.TIMEOUT:
                return reply
            self.memory.replies[key] = reply
        elif self.session is not None:  # it has to have seen this too, as what it replies next may depend on it
            self._really((), guards, effort, want_structure)
        return self.memory.replies[key]

    def _really(self, before: Sequence[Check], guards: Sequence[str], effort: Effort, want_structure: bool) -> Reply:
        if self.session is None:
            self.session = self.memory.solver.open(self.script)
            for seen, units, rounds, wanted in before:
                self.session.check(seen, Effort(units, effort.seconds, rounds), want_structure=wanted)
        return self.session.check(guards, effort, want_structure=want_structure)


@contextmanager
def deciding_with(solver: Any) -> Iterator[None]:
    """Have ``solver`` decide everything that the checker asks Z3 about in this process."""
    usual = checker.z3_solver.Z3Solver
    checker.z3_solver.Z3Solver = lambda: solver  # type: ignore[assignment, misc]
    try:
        yield
    finally:
        checker.z3_solver.Z3Solver = usual  # type: ignore[misc]
