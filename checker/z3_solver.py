"""Z3 behind the protocol of :mod:`checker.solver`. No object of Z3's leaves this module.

Each session has a context of its own, so what it replies depends on its script alone. Effort is counted by Z3
(``rlimit``). A check runs in a thread of its own while the caller waits: that keeps Ctrl-C working, and time limits,
without touching anybody's signal handlers.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from checker import z3_library
from checker.entailment import Reason
from checker.logic import BOOL, DATE, Sort, Symbol
from checker.model import Individual, Interpretation, Structure, Value
from checker.smtlib import Script
from checker.solver import Effort, Reply, Sat, Unknown, Unsat

MOST_UNITS = 2**32 - 1
"""The largest ``rlimit``; 0 would mean none."""
MOST_ROUNDS = 1000
"""Z3's own limit for how often it tries out a model."""
MOST_VALUES = 5_000
"""How many values of one symbol are read from a model at most."""
PATIENCE = 5.0
"""How many seconds Z3 gets to stop when told to."""

# Sessions whose Z3 would not stop; they are never touched again, as their threads still run.
_ABANDONED: list[Z3Session] = []


def has_abandoned() -> bool:
    """Whether a Z3 that would not stop still runs in this process."""
    return bool(_ABANDONED)


class Z3Solver:
    """Opens sessions with Z3."""

    def open(self, script: Script) -> Z3Session:
        """A session in a fresh context. Raises ``ImportError`` without Z3, and Z3's exceptions for a bad script."""
        return Z3Session(script)


class Z3Session:
    """One script in a context of its own."""

    def __init__(self, script: Script) -> None:
        self._z3: Any = z3_library.load()
        self._script = script
        self._context = self._z3.Context()
        self._solver = self._z3.SimpleSolver(ctx=self._context)
        self._solver.from_string(script.text)
        self._abandoned = False
        self._count = 0

    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        """See :class:`checker.solver.Session`."""
        if self._abandoned:
            raise RuntimeError("this session was given up")
        configure(self._solver, effort)
        literals = [self._z3.Bool(guard, self._context) for guard in guards]
        outcome, in_time = self._run(literals, effort.seconds)
        if outcome is None:
            return Unknown(Reason.TIMEOUT, "Z3 did not stop in time", effort.units)
        spent = self._spent()
        if isinstance(outcome, BaseException):
            try:
                raise outcome
            finally:
                # Nothing may keep the exception alive, as it keeps the context alive, and all the memory in that.
                del outcome
        if outcome == self._z3.unsat:
            core = {literal.decl().name() for literal in self._solver.unsat_core()}
            return Unsat(tuple(guard for guard in guards if guard in core), spent)
        if outcome == self._z3.sat:
            return Sat(self._structure() if want_structure else None, spent)
        detail = str(self._solver.reason_unknown())
        if not in_time:
            return Unknown(Reason.TIMEOUT, detail, spent)
        # Z3 has several words for it, and the same ones for other things, so what was spent decides.
        return Unknown(Reason.BUDGET if spent >= effort.units else Reason.INCOMPLETE, detail, spent)

    def _spent(self) -> int:
        """What Z3 has counted since this was last asked."""
        before = self._count
        self._count = int(self._solver.statistics().get_key_value("rlimit count"))
        return self._count - before

    def _run(self, literals: list[Any], seconds: float) -> tuple[Any, bool]:
        """Z3's outcome, or the exception that it raised, and whether it came in time; None if it does not stop."""
        outcomes: list[Any] = []

        def work() -> None:
            try:
                outcomes.append(self._solver.check(*literals))
            except BaseException as error:  # noqa: BLE001 - it is raised again where the caller waits
                outcomes.append(error)

        thread = threading.Thread(target=work, name="z3", daemon=True)
        deadline = time.monotonic() + seconds
        thread.start()
        try:
            # In slices, because on some systems a wait without end cannot be interrupted.
            while thread.is_alive() and (left := deadline - time.monotonic()) > 0:
                thread.join(min(left, 0.2))
        except BaseException:
            self._stop(thread)
            raise
        if thread.is_alive():
            self._stop(thread)
            return (None if self._abandoned else outcomes.pop()), False
        return outcomes.pop(), True

    def _stop(self, thread: threading.Thread) -> None:
        """Make Z3 stop; if it does not, give the session up."""
        deadline = time.monotonic() + PATIENCE
        while thread.is_alive() and time.monotonic() < deadline:
            self._context.interrupt()  # again and again: one that comes too early is forgotten
            thread.join(0.05)
        if thread.is_alive():
            self._abandoned = True
            _ABANDONED.append(self)

    def _structure(self) -> Structure | None:
        try:
            return _Reader(self._z3, self._context, self._solver.model(), self._script).structure()
        except _UnreadableError:
            return None


def configure(solver: Any, effort: Effort) -> None:
    """Set everything that is set on a Z3 solver. Z3 takes wrong names in silence, so tests hold each to its effect."""
    solver.set("ctrl_c", False)  # else Z3 replaces the process's handler of SIGINT during each check
    solver.set("rlimit", min(max(effort.units, 1), MOST_UNITS))
    solver.set("mbqi.max_iterations", MOST_ROUNDS if effort.rounds is None else effort.rounds)


class _UnreadableError(Exception):
    """A model holds what a structure cannot: an irrational number, a function without a default value."""


class _Reader:
    """Reads a structure from one of Z3's models."""

    def __init__(self, z3: Any, context: Any, model: Any, script: Script) -> None:
        self._z3 = z3
        self._model = model
        self._script = script
        self._elements = dict(script.individuals)
        self._declared = {decl.name(): decl for decl in model.decls()}
        self._universes: dict[Sort, list[Any]] = {}
        constants = dict(script.constants)
        for name, sort in script.sorts:
            own = z3.DeclareSort(name, context)
            if sort in constants:
                found = [model.eval(z3.Const(c, own), model_completion=True) for c in constants[sort]]
            else:
                found = model.get_universe(own) or [model.eval(z3.Const("any", own), model_completion=True)]
            self._universes[sort] = list({value.get_id(): value for value in found}.values())
        self._indices = {
            value.get_id(): Individual(sort, index)
            for sort, universe in self._universes.items()
            for index, value in enumerate(universe)
        }

    def structure(self) -> Structure:
        sizes = tuple((sort, len(self._universes[sort])) for _, sort in self._script.sorts)
        return Structure(sizes, tuple(self._interpretation(name, s) for name, s in self._script.symbols))

    def _interpretation(self, name: str, symbol: Symbol) -> Interpretation:
        decl = self._declared.get(name)
        if any(not sort.is_uninterpreted and sort.elements is None for sort in symbol.domain):
            return self._with_default(decl, symbol)
        choices = [self._individuals(sort) for sort in symbol.domain]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MOST_VALUES:
            raise _UnreadableError
        entries: list[tuple[tuple[Value, ...], Value]] = []
        for args in itertools.product(*choices):
            value = _anything(symbol.range)
            if decl is not None:
                terms = [self._term(arg, decl.domain(number)) for number, arg in enumerate(args)]
                value = self._value(self._model.eval(decl(*terms), model_completion=True))
            entries.append((args, value))
        return Interpretation(symbol, tuple(entries))

    def _with_default(self, decl: Any, symbol: Symbol) -> Interpretation:
        """A symbol that takes numbers."""
        found = None if decl is None else self._model[decl]
        if found is None:
            return Interpretation(symbol, (), _anything(symbol.range))
        entries = []
        for number in range(found.num_entries()):
            entry = found.entry(number)
            args = tuple(self._value(entry.arg_value(index)) for index in range(entry.num_args()))
            entries.append((args, self._value(entry.value())))
        return Interpretation(symbol, tuple(entries), self._value(found.else_value()))

    def _individuals(self, sort: Sort) -> list[Individual]:
        size = len(sort.elements) if sort.elements is not None else len(self._universes[sort])
        return [Individual(sort, index) for index in range(size)]

    def _term(self, individual: Individual, own: Any) -> Any:
        if individual.sort.elements is None:
            return self._universes[individual.sort][individual.index]
        return own.constructor(individual.index)()

    def _value(self, term: Any) -> Value:
        z3 = self._z3
        if z3.is_true(term) or z3.is_false(term):
            return bool(z3.is_true(term))
        if z3.is_int_value(term):
            return Fraction(term.as_long())
        if z3.is_rational_value(term):
            return Fraction(term.numerator_as_long(), term.denominator_as_long())
        known: Mapping[int, Individual] = self._indices
        if term is not None and term.get_id() in known:
            return known[term.get_id()]
        if z3.is_app(term) and term.decl().name() in self._elements:
            return self._elements[term.decl().name()]
        raise _UnreadableError


def _anything(sort: Sort) -> Value:
    """The value of a term on which nothing depends."""
    if sort == BOOL:
        return False
    if sort.is_uninterpreted or sort.elements is not None:
        return Individual(sort, 0)
    return Fraction(1 if sort == DATE else 0)
