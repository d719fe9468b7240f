"""A solver that fails at chosen calls, or lies at one.

Calls are counted over a whole run, checks and openings of sessions apart. A fault is what comes of the call instead
of the reply that the solver behind it gives.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from checker.entailment import Reason
from checker.logic import BOOL, DATE, INT, REAL, Sort, Symbol
from checker.model import Individual, Interpretation, Structure, Value
from checker.smtlib import Script
from checker.solver import Effort, Reply, Sat, Session, Solver, Unknown, Unsat

Strikes = Callable[[int], bool]
"""Whether the fault strikes at the call of this number; the first is 0."""


def never(_: int) -> bool:
    return False


def at(number: int) -> Strikes:
    return lambda call: call == number


def since(number: int) -> Strikes:
    return lambda call: call >= number


@dataclass(frozen=True, slots=True)
class Call:
    """A check: what it is about, and what the solver really replies, should anyone want to know."""

    script: Script
    guards: tuple[str, ...]
    reply: Callable[[], Reply]


Fault = Callable[[Call], Reply]
"""What comes of a call; may raise."""


# -- failures: no reply, whatever was asked ----------------------------------------------------------------------------


def _raising(error: Callable[[], BaseException]) -> Fault:
    def fault(_: Call) -> Reply:
        raise error()

    return fault


def _unknown(reason: Reason) -> Fault:
    return lambda _: Unknown(reason, "a fault of the tests")


FAILURES: Mapping[str, Fault] = {
    "knows nothing": _unknown(Reason.INCOMPLETE),
    "raises": _raising(lambda: RuntimeError("a fault of the tests")),
    "has no budget left": _unknown(Reason.BUDGET),
    "is out of memory": _raising(MemoryError),
    "is out of time": _unknown(Reason.TIMEOUT),
    "recurses too deeply": _raising(RecursionError),
}

# -- lies: a reply that is not true, or says more than is true ---------------------------------------------------------


def _small_core(call: Call) -> Reply:
    """Unsatisfiable, and with fewer guards than it takes."""
    reply = call.reply()
    return replace(reply, core=reply.core[1:]) if isinstance(reply, Unsat) else reply


def _empty_core(call: Call) -> Reply:
    reply = call.reply()
    return replace(reply, core=()) if isinstance(reply, Unsat) else reply


def _foreign_core(call: Call) -> Reply:
    """Unsatisfiable, by guards that were not assumed, or that do not exist, alone."""
    reply = call.reply()
    foreign = (*(guard for guard in call.script.guards if guard not in call.guards), "g999999", "no guard at all")
    return replace(reply, core=foreign) if isinstance(reply, Unsat) else reply


def _other_structure(call: Call) -> Reply:
    """Satisfiable, in a structure in which something is otherwise."""
    reply = call.reply()
    if not isinstance(reply, Sat) or reply.structure is None:
        return reply
    changed = tuple(
        replace(
            i,
            entries=tuple((args, _other(value)) for args, value in i.entries),
            default=None if i.default is None else _other(i.default),
        )
        for i in reply.structure.interpretations
    )
    return replace(reply, structure=replace(reply.structure, interpretations=changed))


def _other(value: Value) -> Value:
    match value:
        case bool():
            return not value
        case Fraction():
            return value + 1
        case Individual(sort=sort, index=index):
            return Individual(sort, index + 1)


def _no_structure(call: Call) -> Reply:
    """Satisfiable, in a structure that lacks half of what it should have."""
    reply = call.reply()
    if not isinstance(reply, Sat) or reply.structure is None:
        return reply
    kept = reply.structure.interpretations[::2]
    return replace(reply, structure=Structure(tuple((sort, 0) for sort, _ in reply.structure.sizes), kept))


def _made_up_structure(call: Call) -> Reply:
    """Satisfiable, though it is not, in a structure in which nothing is true."""
    reply = call.reply()
    if not isinstance(reply, Unsat):
        return reply
    return Sat(_nothing_true(call.script))


def _nothing_true(script: Script) -> Structure:
    sizes = tuple((sort, 1) for _, sort in script.sorts)
    return Structure(sizes, tuple(_trivial(symbol) for _, symbol in script.symbols))


def _trivial(symbol: Symbol) -> Interpretation:
    """The symbol false, or the first individual, or one, of everything there is."""
    value = _first(symbol.range)
    if any(sort in (INT, REAL, DATE) for sort in symbol.domain):
        return Interpretation(symbol, (), value)
    choices = [[Individual(sort, index) for index in range(len(sort.elements or "."))] for sort in symbol.domain]
    return Interpretation(symbol, tuple((args, value) for args in product(*choices)))


def _first(sort: Sort) -> Value:
    if sort == BOOL:
        return False
    return Fraction(1) if sort in (INT, REAL, DATE) else Individual(sort, 0)


def _made_up_proof(call: Call) -> Reply:
    """Unsatisfiable, though it is not."""
    reply = call.reply()
    return Unsat(call.guards) if isinstance(reply, Sat) else reply


LIES: Mapping[str, Fault] = {
    "names too small a core": _small_core,
    "names no core": _empty_core,
    "names a foreign core": _foreign_core,
    "gives another structure": _other_structure,
    "gives half a structure": _no_structure,
    "makes up a structure": _made_up_structure,
    "makes up a proof": _made_up_proof,
}

# -- crashes: for a process that may be lost ---------------------------------------------------------------------------


def _crash(how: Callable[[], object]) -> Fault:
    def fault(_: Call) -> Reply:
        how()
        raise AssertionError("this process should be gone")

    return fault


CRASHES: Mapping[str, Fault] = {
    "segmentation fault": _crash(lambda: os.kill(os.getpid(), signal.SIGSEGV)),
    "abort": _crash(os.abort),
    "kill": _crash(lambda: os.kill(os.getpid(), signal.SIGKILL)),
}


# -- the solver --------------------------------------------------------------------------------------------------------


@dataclass
class Faulty:
    """``solver``, with ``fault`` where ``strikes`` says so; where ``opens`` says so, no session is opened."""

    solver: Solver
    fault: Fault = FAILURES["raises"]
    strikes: Strikes = never
    opens: Strikes = never
    checks: int = 0
    openings: int = 0
    struck: bool = False
    """Whether some reply was another than the solver's."""

    def open(self, script: Script) -> FaultySession:
        number, self.openings = self.openings, self.openings + 1
        if self.opens(number):
            self.struck = True
            raise ValueError("a fault of the tests: this script cannot be read")
        return FaultySession(self, script, self.solver.open(script))


@dataclass
class FaultySession:
    faulty: Faulty
    script: Script
    session: Session

    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        number, self.faulty.checks = self.faulty.checks, self.faulty.checks + 1
        known: list[Reply] = []

        def really() -> Reply:
            known.append(self.session.check(guards, effort, want_structure=want_structure))
            return known[0]

        if not self.faulty.strikes(number):
            return really()
        try:
            reply = self.faulty.fault(Call(self.script, tuple(guards), really))
        except BaseException:
            self.faulty.struck = True
            raise
        self.faulty.struck |= not known or reply != known[0]
        return reply
