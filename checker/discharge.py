"""Answering questions: which searches are tried, in which order, with how much effort, and what their outcome means.

A countermodel counts once our own evaluator has replayed it. An entailment counts once a fresh session has found the
premises that are said to suffice unsatisfiable with the negated conclusion, again, or if one of them is the conclusion
itself: with quantifiers inside, that is more than solvers always see. All else is ``Undetermined``.

The search for a countermodel among small structures stands beside the proof: where sorts depend on each other in
circles (every hazard has a mitigation, every mitigation may cause a hazard), solvers find no model of the unbounded
question, and a structure with two individuals in milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from checker import smtlib
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Role, Undetermined
from checker.logic import Term, meanings_needed
from checker.model import Interpreter, NotDecided, Structure, Unbounded, defect
from checker.shrink import shrink
from checker.smtlib import NotExpressible, Script, Vocabulary, vocabulary
from checker.solver import Effort, Reply, Sat, Session, Solver, Unknown, Unsat

# How the budget is shared out. No answer takes more than the whole: what is not spent on one thing is not spent at all.
_FIRST = 0.01
_NEAR = 0.10
_MAIN = 0.20
_FAR = 0.10
_REPLAY = 0.03
_CORE = 0.10
_ALONE = 0.05
_RECHECK = 0.20  # twice
_SHRINK = 0.20

NEAR_SCOPE = 3
"""Up to this size countermodels are searched for before the main attempt at a proof, beyond it after."""
FEW_ROUNDS = 10
"""How often the first attempt tries out a model: where sorts depend on each other in circles, more seldom help."""


def answer(question: Question, limits: Limits | None = None, solver: Solver | None = None) -> Answer:
    """Whether the premises entail the conclusion.

    The answer depends on the question and the limits alone, unless time or memory runs out; where they did not, it is
    ``lasting``. Whatever goes wrong in the solver (which is Z3 by default) makes it ``Undetermined``;
    ``KeyboardInterrupt`` passes through.
    """
    if solver is None:
        from checker.z3_solver import Z3Solver

        solver = Z3Solver()
    work = _Work(question, limits or Limits(), solver)
    try:
        return replace(work.answer(), lasting=not work.troubled)
    except _OutOfTimeError:
        return Undetermined(Reason.TIMEOUT, work.searched, "the time limit was reached")
    except NotExpressible as error:
        return Undetermined(Reason.INCOMPLETE, work.searched, str(error), lasting=not work.troubled)
    except RecursionError:
        return Undetermined(Reason.INCOMPLETE, work.searched, "a formula is nested too deeply")
    except MemoryError:
        return Undetermined(Reason.INCOMPLETE, work.searched, "the memory did not suffice")


class _OutOfTimeError(Exception):
    """The wall-clock backstop struck."""


@dataclass(slots=True)
class Purse:
    """Effort set aside for one thing."""

    units: int


@dataclass(slots=True)
class _Work:
    """The work on one question. ``searched`` is the size up to which there is no countermodel."""

    question: Question
    limits: Limits
    solver: Solver
    searched: int = 0
    troubled: bool = False
    """Whether something went wrong in the solver, or time or memory ran out, which may not happen another time."""
    insufficient: set[str] = field(default_factory=set)
    """Guards of premises that do not entail the conclusion, each by itself."""
    stating: set[str] = field(default_factory=set)
    """Guards of premises that are the conclusion itself, the same to the letter."""
    deadline: float = field(init=False)
    known: Vocabulary = field(init=False)
    replays: Purse = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.limits.timeout
        self.replays = self.purse(_REPLAY)

    def purse(self, share: float) -> Purse:
        return Purse(int(self.limits.budget * share))

    def open(self, script: Script) -> Session | None:
        """A session; None if the solver cannot even read the script."""
        try:
            return self.solver.open(script)
        except ImportError:
            raise  # no solver at all: not a matter of this question
        except Exception:  # noqa: BLE001 - whatever a solver does wrong, it answers nothing
            self.troubled = True
            return None

    def check(
        self,
        session: Session | None,
        guards: Sequence[str],
        purse: Purse,
        *,
        most: int | None = None,
        rounds: int | None = None,
        want_structure: bool = False,
    ) -> Reply:
        """The session's reply, paid from ``purse``; whatever goes wrong is ``Unknown``. Raises ``_OutOfTimeError``."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise _OutOfTimeError
        units = purse.units if most is None else min(most, purse.units)
        if units <= 0:
            return Unknown(Reason.BUDGET)
        if session is None:
            return Unknown(Reason.INCOMPLETE, "the solver did not read the question")
        try:
            reply = session.check(guards, Effort(units, seconds, rounds), want_structure=want_structure)
        except Exception as error:  # noqa: BLE001 - as above
            self.troubled = True
            reply = Unknown(Reason.INCOMPLETE, f"{type(error).__name__}: {error}", spent=units)
        purse.units -= max(reply.spent, 1)
        # The end of the effort comes at the same place each time, and so does that of what the solver can do.
        if isinstance(reply, Unknown) and reply.reason is not Reason.BUDGET and "incomplete" not in reply.detail:
            self.troubled = True
        if isinstance(reply, Unknown) and reply.reason is Reason.TIMEOUT:
            raise _OutOfTimeError
        return reply

    # -- the strategy -------------------------------------------------------------------------------------------------

    def answer(self) -> Answer:
        self.known = vocabulary(self.question)
        script = smtlib.unbounded(self.question)
        session = self.open(script)
        premises = zip(script.guards, self.question.premises, strict=True)
        self.stating = {guard for guard, premise in premises if premise.formula == self.question.conclusion}
        if session is not None and self.stating:
            return self.entailed(session, script, [*self.stating], smtlib.unbounded)
        first = self.check(session, script.guards, self.purse(_FIRST), rounds=FEW_ROUNDS, want_structure=True)
        if (found := self.settled(first, session, script, smtlib.unbounded)) is not None:
            return found
        if not self.known.uninterpreted:
            # Nothing is lost by spelling out all quantifiers.
            exhaustive = self.try_scope(0, self.purse(_NEAR))
            if exhaustive is not None:
                return exhaustive
        else:
            nearest = min(NEAR_SCOPE, self.limits.largest_scope)
            for size in range(1, nearest + 1):
                if (found := self.try_scope(size, Purse(self.purse(_NEAR).units // nearest))) is not None:
                    return found
        # Afresh: what a session has learnt in vain is a burden.
        session = self.open(script)
        main = self.check(session, script.guards, self.purse(_MAIN), want_structure=True)
        if (found := self.settled(main, session, script, smtlib.unbounded)) is not None:
            return found
        if self.known.uninterpreted:
            for size in range(NEAR_SCOPE + 1, self.limits.largest_scope + 1):
                share = Purse(self.purse(_FAR).units // (self.limits.largest_scope - NEAR_SCOPE))
                if (found := self.try_scope(size, share)) is not None:
                    return found
        if isinstance(main, Unknown):
            return Undetermined(main.reason, self.searched, main.detail)
        return Undetermined(Reason.INCOMPLETE, self.searched, "a model was found that cannot be replayed")

    def settled(
        self, reply: Reply, session: Session | None, script: Script, flavour: Callable[[Question], Script]
    ) -> Answer | None:
        """The answer that follows from a reply about a script that loses nothing of the question; None if none does."""
        match reply:
            case Sat(structure):
                return self.refuted(structure)
            case Unsat(core):
                assert session is not None
                return self.entailed(session, script, core, flavour)
            case Unknown():
                return None

    def try_scope(self, size: int, purse: Purse) -> Answer | None:
        """Search for a countermodel with at most ``size`` individuals of each uninterpreted sort."""
        scope = dict.fromkeys(self.known.uninterpreted, size)

        def flavour(question: Question) -> Script:
            return smtlib.bounded(question, scope)

        try:
            script = flavour(self.question)
        except NotExpressible:
            return None
        session = self.open(script)
        reply = self.check(session, script.guards, purse, want_structure=True)
        if not self.known.uninterpreted:
            return self.settled(reply, session, script, flavour)
        match reply:
            case Sat(structure):
                return self.refuted(structure)
            case Unsat():
                self.searched = size
        return None

    # -- countermodels ------------------------------------------------------------------------------------------------

    def refuted(self, structure: Structure | None) -> Answer | None:
        """The refutation by a structure, if it is a countermodel."""
        if structure is None or not self.is_countermodel(structure):
            return None
        if self.question.want_scenario:
            structure = shrink(self.question, structure, self.search(self.purse(_SHRINK)), self.is_countermodel)
        return Refuted(structure)

    def search(self, purse: Purse) -> Callable[[Script], Callable[[Sequence[str]], Structure | None]]:
        """A way to look for models of further scripts, one after another, with what is in ``purse``."""

        def opened(script: Script) -> Callable[[Sequence[str]], Structure | None]:
            session = self.open(script)

            def model(guards: Sequence[str]) -> Structure | None:
                try:
                    reply = self.check(session, guards, purse, most=purse.units // 4, want_structure=True)
                except _OutOfTimeError:
                    self.troubled = True
                    return None  # a countermodel is known already; it stays as it is
                return reply.structure if isinstance(reply, Sat) else None

            return model

        return opened

    def is_countermodel(
        self, structure: Structure, assumed: Sequence[str] | None = None, guards: Sequence[str] = ()
    ) -> bool:
        """Whether the premises are true in the structure, and the conclusion false.

        These are all premises or, of those behind ``guards``, the ones ``assumed``.
        """
        if defect(structure, self.known.uninterpreted, self.known.symbols) is not None:
            return False
        interpreter = self.interpreter(structure)
        premises = self.question.premises
        if assumed is not None:
            premises = tuple(p for p, guard in zip(premises, guards, strict=True) if guard in assumed)
        wanted = [(premise.formula, True) for premise in premises]
        wanted.append((self.question.conclusion, False))
        replayed = [_replay(interpreter, formula, value) for formula, value in wanted]
        if all(replayed):
            return True
        return False not in replayed and self.holds_fixed(structure, assumed)

    def interpreter(self, structure: Structure) -> Interpreter:
        return Interpreter(structure, {meaning.symbol: meaning for meaning in self.known.meanings})

    def holds_fixed(self, structure: Structure, assumed: Sequence[str] | None) -> bool:
        """Whether the solver, with all values of the structure fixed, finds it to be a countermodel."""
        try:
            script = smtlib.fixed(self.question, structure)
        except NotExpressible:
            return False
        guards = script.guards if assumed is None else assumed
        return isinstance(self.check(self.open(script), guards, self.replays), Sat)

    # -- entailments --------------------------------------------------------------------------------------------------

    def entailed(
        self, session: Session, script: Script, core: Sequence[str], flavour: Callable[[Question], Script]
    ) -> Answer:
        """The entailment that an unsatisfiable script shows, once a fresh session has confirmed it."""
        kept = [guard for guard in script.guards if guard in core]
        if self.question.want_core:
            kept = self.minimal(session, script.guards, kept)
        if not self.confirmed(kept, script.guards, flavour):
            fewer, kept = kept, list(script.guards)
            if fewer == kept or not self.confirmed(kept, script.guards, flavour):
                return Undetermined(Reason.INCOMPLETE, self.searched, "a proof was found, and not confirmed")
        names = dict(zip(script.guards, (premise.name for premise in self.question.premises), strict=True))
        if not self.question.want_alone:
            return Entailed(tuple(names[g] for g in kept))
        purse = self.purse(_ALONE)
        # That nothing is needed says more than any single premise would, so it takes a confirmation of its own.
        by_definition = not kept or (
            self.enough(session, script.guards, None, purse) is True
            and self.confirmed([], script.guards, flavour, purse)
        )
        enough = {g: by_definition or self.enough(session, script.guards, g, purse) for g in script.guards}
        alone = [g for g, found in enough.items() if found is True]
        perhaps = [g for g, found in enough.items() if found is None]
        used, lone, unsure = (tuple(names[g] for g in guards) for guards in (kept, alone, perhaps))
        return Entailed(used, lone, by_definition, unsure)

    def enough(self, session: Session, guards: Sequence[str], guard: str | None, purse: Purse) -> bool | None:
        """Whether this premise entails the conclusion alone or, without one, no premise is needed; None if undecided.

        As always, that it does not counts once a countermodel was replayed. What else is true in that does not suffice
        either, and need not be asked about.
        """
        if guard in self.stating:
            return True
        if guard in self.insufficient:
            return False
        assumed = [] if guard is None else [guard]
        reply = self.check(session, assumed, purse, most=purse.units // 4, rounds=FEW_ROUNDS, want_structure=True)
        match reply:
            case Unsat():
                return True
            case Sat(structure):
                pass
            case Unknown():
                structure = self.among_small(assumed, purse)
        if structure is None or not self.is_countermodel(structure, assumed, guards):
            return None
        self.insufficient |= self.true_in(structure, guards)
        return False

    def among_small(self, assumed: Sequence[str], purse: Purse) -> Structure | None:
        """A structure of few individuals in which the premises behind ``assumed`` hold, and the conclusion does not."""
        if not self.known.uninterpreted:
            return None
        for size in range(1, min(NEAR_SCOPE, self.limits.largest_scope) + 1):
            try:
                script = smtlib.bounded(self.question, dict.fromkeys(self.known.uninterpreted, size))
            except NotExpressible:
                return None
            reply = self.check(self.open(script), assumed, purse, most=purse.units // 4, want_structure=True)
            if isinstance(reply, Sat):
                return reply.structure
        return None

    def true_in(self, structure: Structure, guards: Sequence[str]) -> set[str]:
        """The guards of the premises that are true in a structure, as far as that can be told without a solver."""
        interpreter = self.interpreter(structure)
        premises = zip(guards, self.question.premises, strict=True)
        return {guard for guard, premise in premises if _replay(interpreter, premise.formula, True) is True}

    def suffices(self, session: Session, guards: Sequence[str], purse: Purse) -> tuple[str, ...] | None:
        """Those of the premises behind ``guards`` that a proof took; None if there is no proof, or none was found."""
        for guard in guards:
            if guard in self.stating:
                return (guard,)
        reply = self.check(session, guards, purse, most=purse.units // 4, rounds=FEW_ROUNDS)
        return reply.core if isinstance(reply, Unsat) else None

    def minimal(self, session: Session, guards: Sequence[str], core: Sequence[str]) -> list[str]:
        """What is left of all guards after trying to leave out each in turn.

        The last cited premise goes first, then all that was not cited one by one from the last, with the axioms at the
        end. What a known core does without need not be asked about; what no answer comes for stays in.
        """
        premises = dict(zip(guards, self.question.premises, strict=True))
        place = {name: number for number, name in enumerate(self.question.cited)}
        last_first = guards[::-1]
        order = sorted(last_first, key=lambda g: (premises[g].role is Role.AXIOM, -place.get(premises[g].name, -1)))
        purse = self.purse(_CORE)
        kept = list(guards)
        for guard in order:
            without = [other for other in kept if other != guard]
            if guard in core:
                found = self.suffices(session, without, purse)
                if found is None:
                    continue
                core = found
            kept = without
        return kept

    def confirmed(
        self,
        kept: Sequence[str],
        guards: Sequence[str],
        flavour: Callable[[Question], Script],
        purse: Purse | None = None,
    ) -> bool:
        """Whether a fresh session, given these premises alone, finds that they entail the conclusion.

        If one of them is the conclusion, there is nothing to find.
        """
        if self.stating.intersection(kept):
            return True
        premises = tuple(p for p, guard in zip(self.question.premises, guards, strict=True) if guard in kept)
        terms: list[Term] = [*(premise.formula for premise in premises), self.question.conclusion]
        meanings = meanings_needed(terms, {meaning.symbol: meaning for meaning in self.question.meanings})
        script = flavour(replace(self.question, premises=premises, meanings=meanings))
        reply = self.check(self.open(script), script.guards, purse or self.purse(_RECHECK))
        return isinstance(reply, Unsat)


def _replay(interpreter: Interpreter, formula: Term, value: bool) -> bool | None:
    """Whether a formula has this truth value; None where only a solver can tell."""
    try:
        return interpreter.holds(formula, {}) is value
    except Unbounded:
        return None
    except (NotDecided, RecursionError):
        return False
