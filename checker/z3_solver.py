"""Z3 behind the protocol of :mod:`checker.solver`. No object of Z3's leaves this module.

Each session has a context of its own, so what it replies depends on its script alone. Effort is counted by Z3
(``rlimit``). A check runs in a thread of its own while the caller waits: that keeps Ctrl-C working, and time limits,
without touching anybody's signal handlers.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
        self._reader = _Reader(self._z3, self._context, script)
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
            return self._reader.structure(self._solver.model())
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
    """Reads structures from the models of one session."""

    def __init__(self, z3: Any, context: Any, script: Script) -> None:
        self._z3 = z3
        self._context = context
        self._script = script
        self._elements = dict(script.individuals)
        self._own = {sort: z3.DeclareSort(name, context) for name, sort in script.sorts}
        self._constants = {
            sort: [z3.Const(name, self._own[sort]) for name in names] for sort, names in script.constants
        }
        # Z3 keeps each term and declaration once, so that it is known by its address.
        self._truths = (z3.BoolVal(True, context), z3.BoolVal(False, context))
        self._fixed: dict[int, Value] = {self._truths[0].ast.value: True, self._truths[1].ast.value: False}
        self._listed: dict[Sort, list[Any]] = {}
        self._names: dict[int, tuple[str, Any]] = {}  # with what is named, as an address may be given away else
        self._declared: dict[str, Any] = {}

    def structure(self, model: Any) -> Structure:
        """What a model says. Raises ``_UnreadableError``."""
        there = self._declarations(model)
        universes = {sort: self._universe(model, sort) for _, sort in self._script.sorts}
        for name, symbol in self._script.symbols:
            if name in there:
                for number, sort in enumerate(symbol.domain):
                    if sort.elements is not None and sort not in self._listed:
                        self._list(sort, self._declared[name].domain(number))
        known = dict(self._fixed)
        for sort, universe in universes.items():
            known.update({term.ast.value: Individual(sort, index) for index, term in enumerate(universe)})
        reading = _Reading(self._z3, self._context, model, self._elements, {**universes, **self._listed}, known)
        found = []
        for name, symbol in self._script.symbols:
            found.append(reading.interpretation(self._declared[name] if name in there else None, symbol))
        return Structure(tuple((sort, len(universes[sort])) for _, sort in self._script.sorts), tuple(found))

    def _declarations(self, model: Any) -> set[str]:
        """The names that a model says something about."""
        there = set()
        for decl in model.decls():
            if decl.ast.value not in self._names:
                self._names[decl.ast.value] = (decl.name(), decl)
                self._declared[decl.name()] = decl
            there.add(self._names[decl.ast.value][0])
        return there

    def _universe(self, model: Any, sort: Sort) -> list[Any]:
        """The terms that stand for the individuals of an uninterpreted sort."""
        if sort in self._constants:
            found = [model.eval(constant, model_completion=True) for constant in self._constants[sort]]
        else:
            own = self._own[sort]
            found = model.get_universe(own) or [model.eval(self._z3.Const("any", own), model_completion=True)]
        return list({term.ast.value: term for term in found}.values())

    def _list(self, sort: Sort, own: Any) -> None:
        """Note the terms that stand for the elements of a listed sort; ``own`` is what Z3 has for it."""
        terms = [own.constructor(index)() for index in range(len(sort.elements or ()))]
        self._listed[sort] = terms
        self._fixed.update({term.ast.value: Individual(sort, index) for index, term in enumerate(terms)})


@dataclass(frozen=True, slots=True)
class _Reading:
    """One model, with the terms for the individuals of each sort, and the values of terms by their addresses."""

    z3: Any
    context: Any
    model: Any
    elements: Mapping[str, Individual]
    terms: Mapping[Sort, Sequence[Any]]
    known: Mapping[int, Value]

    def interpretation(self, decl: Any, symbol: Symbol) -> Interpretation:
        """What a symbol means, whose declaration is ``decl``; None where the model does not mention it."""
        if any(not sort.is_uninterpreted and sort.elements is None for sort in symbol.domain):
            return self._with_default(decl, symbol)
        choices = [self._individuals(sort) for sort in symbol.domain]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MOST_VALUES:
            raise _UnreadableError
        if decl is None:
            value = _anything(symbol.range)
            return Interpretation(symbol, tuple((args, value) for args in itertools.product(*choices)))
        evaluated = self._evaluation(decl)
        chosen = itertools.product(*(self.terms[sort] for sort in symbol.domain))
        entries = zip(itertools.product(*choices), map(evaluated, chosen), strict=True)
        return Interpretation(symbol, tuple(entries))

    def _evaluation(self, decl: Any) -> Callable[[Sequence[Any]], Value]:
        """Tells the value of a function for these terms.

        These are two calls of Z3's C interface; through its classes for Python it takes far longer, and more than all
        solving together. What one call returns stays alive until the next.
        """
        apply, evaluate, kind = self.z3.Z3_mk_app, self.z3.Z3_model_eval, self.z3.Ast
        context, model, function, arity = self.context.ref(), self.model.model, decl.ast, decl.arity()
        args, result = (kind * arity)(), (kind * 1)()

        def evaluated(terms: Sequence[Any]) -> Value:
            for number, term in enumerate(terms):
                args[number] = term.ast
            applied = apply(context, function, arity, args)
            evaluate(context, model, applied, True, result)
            found = self.known.get(result[0].value)
            return found if found is not None else self._value(self.model.eval(decl(*terms), model_completion=True))

        return evaluated

    def _with_default(self, decl: Any, symbol: Symbol) -> Interpretation:
        """A symbol that takes numbers."""
        found = None if decl is None else self.model[decl]
        if found is None:
            return Interpretation(symbol, (), _anything(symbol.range))
        entries = []
        for number in range(found.num_entries()):
            entry = found.entry(number)
            args = tuple(self._value(entry.arg_value(index)) for index in range(entry.num_args()))
            entries.append((args, self._value(entry.value())))
        return Interpretation(symbol, tuple(entries), self._value(found.else_value()))

    def _individuals(self, sort: Sort) -> list[Individual]:
        size = len(sort.elements) if sort.elements is not None else len(self.terms[sort])
        return [Individual(sort, index) for index in range(size)]

    def _value(self, term: Any) -> Value:
        if term is None:
            raise _UnreadableError
        known = self.known.get(term.ast.value)
        if known is not None:
            return known
        if self.z3.is_int_value(term):
            return Fraction(term.as_long())
        if self.z3.is_rational_value(term):
            return Fraction(term.numerator_as_long(), term.denominator_as_long())
        if self.z3.is_app(term) and term.decl().name() in self.elements:
            return self.elements[term.decl().name()]
        raise _UnreadableError


def _anything(sort: Sort) -> Value:
    """The value of a term on which nothing depends."""
    if sort == BOOL:
        return False
    if sort.is_uninterpreted or sort.elements is not None:
        return Individual(sort, 0)
    return Fraction(1 if sort == DATE else 0)
