"""Z3 behind our protocol: each parameter has its effect, models are read, interrupts and time limits are honoured."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import FrameType

import pytest

import checker
from checker import z3_library, z3_solver
from checker.discharge import answer
from checker.entailment import Limits, Question, Reason, Undetermined
from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    Day,
    Sort,
    Symbol,
    Term,
    Var,
    apply,
    conj,
    equal,
    exists,
    for_all,
    implies,
    integer,
    less,
    multiply,
    negation,
    real,
)
from checker.model import Individual, Interpretation, Structure, defect, evaluate
from checker.smtlib import Script, bounded, unbounded, vocabulary
from checker.solver import Effort, Sat, Unknown, Unsat
from checker.z3_solver import Z3Session, Z3Solver
from tests.questions import HIGH, LOW, E, S, T, ask, c, e, f, flag, p, q, r, rate, u, v, w, x, y, z

ROOT = Path(checker.__file__).resolve().parent.parent
PLENTY = Effort(units=100_000_000, seconds=60.0)

A, B = (apply(Symbol(name, (), BOOL)) for name in "AB")
below = Symbol("below", (S, S), BOOL)
day = Symbol("day", (), DATE)
at = Symbol("at", (DATE,), BOOL)
cost = Symbol("cost", (INT,), DATE)
pick = Symbol("pick", (REAL,), E)
mixed = Symbol("mixed", (E, INT), INT)
chosen = Symbol("chosen", (INT,), S)
both = Symbol("both", (E, E), BOOL)
worst_of = Symbol("worst_of", (S,), E)
worst_run = Symbol("worst_run", (E,), T)


def pigeons(number: int) -> Question:
    """That so many pigeons do not sit in one hole less: as hard as one likes."""
    birds = Sort("Pigeon", tuple(f"p{index}" for index in range(number)))
    holes = Sort("Hole", tuple(f"h{index}" for index in range(number - 1)))
    a, b, hole = Var("a", birds), Var("b", birds), Var("hole", holes)
    sits = Symbol("sits", (birds, holes), BOOL)
    together = conj([apply(sits, a, hole), apply(sits, b, hole)])
    return ask(
        [for_all([a], exists([hole], apply(sits, a, hole))), for_all([a, b, hole], implies(together, equal(a, b)))],
        FALSE,
    )


HARD = unbounded(pigeons(13))
ENDLESS = unbounded(
    ask(
        [
            for_all([x], negation(apply(below, x, x))),
            for_all([x, y, z], implies(conj([apply(below, x, y), apply(below, y, z)]), apply(below, x, z))),
            for_all([x], exists([y], apply(below, x, y))),
        ],
        FALSE,
    )
)


# -- replies ---------------------------------------------------------------------------------------------------------


def test_guards_say_which_premises_count() -> None:
    session = Z3Solver().open(unbounded(ask([A, implies(A, B), B], B)))
    assert isinstance(session.check(["g0"], PLENTY), Sat)
    found = session.check(["g0", "g1"], PLENTY)
    assert isinstance(found, Unsat)
    assert found.core == ("g0", "g1")
    found = session.check(["g0", "g2"], PLENTY)
    assert isinstance(found, Unsat)
    assert found.core == ("g2",)
    assert isinstance(session.check([], PLENTY), Sat)


def test_a_structure_is_read_where_it_is_wanted() -> None:
    session = Z3Solver().open(unbounded(ask([A], FALSE)))
    found = [session.check(["g0"], PLENTY, want_structure=wanted) for wanted in (False, True)]
    found.append(session.check(["g0"], PLENTY))
    assert [isinstance(reply, Sat) and reply.structure is not None for reply in found] == [False, True, False]


def test_a_bad_script_raises() -> None:
    with pytest.raises(Exception, match="unknown constant"):
        Z3Solver().open(Script("bad", "(assert nonsense)", (), (), (), ()))


def test_replies_are_the_same_in_every_order() -> None:
    scripts = [bounded(pigeons(5), {}), ENDLESS, unbounded(ask([exists([x, u], apply(q, x, u))], FALSE))]

    def replies(order: list[Script]) -> list[object]:
        effort = Effort(units=50_000, seconds=60.0)
        return [Z3Solver().open(script).check(script.guards, effort, want_structure=True) for script in order]

    assert replies(scripts) == replies(scripts[::-1])[::-1]


# -- structures ------------------------------------------------------------------------------------------------------


def structure_of(script: Script) -> Structure | None:
    found = Z3Solver().open(script).check(script.guards, PLENTY, want_structure=True)
    assert isinstance(found, Sat)
    return found.structure


def test_a_structure_is_read_from_the_model() -> None:
    premises = [
        exists([x, y], conj([apply(p, x), negation(apply(p, y))])),
        apply(p, apply(c)),
        equal(apply(rate, LOW), real(Fraction(-1, 3))),
        apply(flag),
    ]
    for script in (unbounded(ask(premises, FALSE)), bounded(ask(premises, FALSE), {S: 2})):
        structure = structure_of(script)
        assert structure is not None
        ((sort, size),) = structure.sizes
        assert sort == S
        bad, first, rates, flags = structure.interpretations
        truths = dict(bad.entries)
        assert len(truths) == size >= 2
        assert set(truths.values()) == {False, True}
        assert truths[(first.entries[0][1],)] is True
        assert dict(rates.entries)[(Individual(E, 0),)] == Fraction(-1, 3)
        assert flags == Interpretation(flag, (((), True),))


def test_constants_that_are_equal_are_one_individual() -> None:
    structure = structure_of(bounded(ask([for_all([x, y], equal(x, y))], FALSE), {S: 3}))
    assert structure is not None
    assert structure.sizes == ((S, 1),)


def test_constants_of_which_nothing_is_said_are_one_individual() -> None:
    structure = structure_of(bounded(ask([for_all([x], apply(flag))], FALSE), {S: 3}))
    assert structure is not None
    assert structure.sizes == ((S, 1),)


def test_what_the_model_leaves_open_has_some_value() -> None:
    premises = [implies(FALSE, apply(q, apply(c), apply(f, apply(c)))), implies(FALSE, exists([e], equal(e, LOW)))]
    structure = structure_of(unbounded(ask(premises, FALSE)))
    assert structure is not None
    assert [len(i.entries) for i in structure.interpretations] == [1, 1, 1]


def test_a_function_of_numbers_has_a_default() -> None:
    g = Symbol("g", (INT,), INT)
    premises = [equal(apply(g, integer(3)), integer(5)), equal(apply(g, integer(4)), integer(6))]
    structure = structure_of(unbounded(ask(premises, FALSE)))
    assert structure is not None
    (found,) = structure.interpretations
    assert isinstance(found.default, Fraction)
    values = dict(found.entries)
    assert values.get((Fraction(3),), found.default) == 5
    assert values.get((Fraction(4),), found.default) == 6


def test_an_irrational_number_cannot_be_read() -> None:
    t = Symbol("t", (), REAL)
    assert structure_of(unbounded(ask([equal(multiply([apply(t), apply(t)]), real(2))], FALSE))) is None


def test_what_may_be_anything_is_plain() -> None:
    """It stands in scenarios that people read, and there the first day has to be one of the calendar."""
    listed = Symbol("listed", (), E)
    parts = [equal(apply(c), apply(c)), apply(flag), less(apply(w, apply(c)), integer(2)), equal(apply(listed), LOW)]
    parts += [equal(apply(day), apply(day)), less(apply(rate, LOW), real(0)), apply(at, Day(1))]
    parts += [equal(apply(cost, integer(1)), Day(1)), equal(apply(pick, real(1)), LOW)]
    structure = structure_of(unbounded(ask([implies(FALSE, part) for part in parts], FALSE)))
    assert structure is not None
    first, low = Individual(S, 0), Individual(E, 0)
    assert structure.interpretations == (
        Interpretation(c, (((), first),)),
        Interpretation(flag, (((), False),)),
        Interpretation(w, (((first,), Fraction(0)),)),
        Interpretation(listed, (((), low),)),
        Interpretation(day, (((), Fraction(1)),)),
        Interpretation(rate, (((low,), Fraction(0)), ((Individual(E, 1),), Fraction(0)))),
        Interpretation(at, (), False),
        Interpretation(cost, (), Fraction(1)),
        Interpretation(pick, (), low),
    )


TWO = exists([x, y], negation(equal(x, y)))


@pytest.mark.parametrize(
    "premises",
    [
        [TWO, apply(p, apply(c)), for_all([x], implies(apply(p, x), exists([y], negation(apply(p, y)))))],
        [TWO, exists([x, y], negation(equal(apply(w, x), apply(w, y)))), for_all([x], less(integer(-5), apply(w, x)))],
        [TWO, for_all([x], equal(apply(worst_of, x), HIGH)), equal(apply(worst_run, HIGH), apply(f, apply(c)))],
        [
            for_all([e], exists([u], apply(r, u, e))),
            exists([u, v], negation(equal(u, v))),
            negation(apply(r, apply(f, apply(c)), LOW)),
        ],
        [less(apply(rate, LOW), apply(rate, HIGH)), less(apply(rate, HIGH), real(Fraction(-2, 3)))],
        [less(Day(700000), apply(day)), less(apply(day), Day(700002)), less(integer(10**20), apply(w, apply(c)))],
        [apply(at, Day(5)), negation(apply(at, Day(6))), equal(apply(cost, integer(-3)), Day(9))],
        [equal(apply(pick, real(Fraction(1, 2))), HIGH), equal(apply(pick, real(2)), LOW)],
        [equal(apply(mixed, HIGH, integer(2)), integer(7)), equal(apply(mixed, LOW, integer(2)), integer(8))],
        [equal(apply(mixed, HIGH, integer(2)), integer(7)), equal(apply(mixed, HIGH, integer(3)), integer(8))],
        [TWO, equal(apply(chosen, integer(1)), apply(c)), negation(equal(apply(chosen, integer(2)), apply(c)))],
        [negation(apply(both, LOW, HIGH)), apply(both, HIGH, LOW), negation(apply(both, LOW, LOW))],
        [exists([x, u], apply(q, x, u)), exists([x, u], negation(apply(q, x, u))), negation(apply(flag)), TWO],
    ],
)
def test_what_is_read_is_a_model(premises: list[Term]) -> None:
    """Our own evaluator finds the premises true in it, and nothing is missing or too much."""
    question = ask(premises, FALSE)
    used = vocabulary(question)
    for script in (unbounded(question), bounded(question, {S: 2, T: 2}), bounded(question, {S: 3, T: 3})):
        structure = structure_of(script)
        assert structure is not None
        assert [sort for sort, _ in structure.sizes] == [*used.uninterpreted]
        assert [i.symbol for i in structure.interpretations] == [*used.symbols]
        assert defect(structure, used.uninterpreted, used.symbols) is None
        for premise in premises:
            assert evaluate(premise, structure, {}, {}) is True


def test_a_session_reads_each_of_its_models() -> None:
    """What it has learnt of one model, such as where Z3 keeps a term, is right of the next as well."""
    told = [apply(both, first, second) for first in (LOW, HIGH) for second in (LOW, HIGH)]
    worsts = [equal(apply(worst_of, apply(c)), level) for level in (LOW, HIGH)]
    parts = [*told, *map(negation, told), *worsts, TWO, for_all([x, y], equal(x, y)), apply(p, apply(c))]
    question = ask(parts, FALSE)
    used = vocabulary(question)
    for script in (unbounded(question), bounded(question, {S: 2})):
        session = Z3Solver().open(script)
        for chosen_ones in [(0, 5, 8, 10, 12), (4, 1, 9, 11), (2, 7, 8, 11, 12), (), (3, 6, 9, 10), (0, 1, 2, 3)]:
            guards = [f"g{number}" for number in chosen_ones]
            found = session.check(guards, PLENTY, want_structure=True)
            assert isinstance(found, Sat)
            assert found.structure is not None
            assert defect(found.structure, used.uninterpreted, used.symbols) is None
            for number in chosen_ones:
                assert evaluate(parts[number], found.structure, {}, {}) is True


def test_so_many_values_are_read_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told = apply(both, LOW, HIGH)
    for premise in (told, implies(FALSE, told)):
        for most, is_read in [(4, True), (3, False)]:
            monkeypatch.setattr(z3_solver, "MOST_VALUES", most)
            assert (structure_of(unbounded(ask([premise], FALSE))) is not None) is is_read


# -- parameters, each by its effect ----------------------------------------------------------------------------------


def test_rlimit_bounds_the_effort() -> None:
    for units in (50_000, 200_000):
        found = Z3Solver().open(HARD).check(HARD.guards, Effort(units, seconds=60.0))
        assert isinstance(found, Unknown)
        assert found.reason is Reason.BUDGET
        assert units <= found.spent <= units * 1.2 + 10_000


def test_rlimit_bounds_each_check_anew() -> None:
    session = Z3Solver().open(HARD)
    spent = [session.check(HARD.guards, Effort(50_000, seconds=60.0)).spent for _ in range(3)]
    assert all(50_000 <= units <= 70_000 for units in spent)


def test_a_budget_of_nothing_is_no_unlimited_one() -> None:
    found = Z3Solver().open(HARD).check(HARD.guards, Effort(0, seconds=60.0))
    assert isinstance(found, Unknown)
    assert found.reason is Reason.BUDGET


def test_rounds_bound_how_often_a_model_is_tried() -> None:
    spent = []
    for rounds in (2, 8, 20):
        found = Z3Solver().open(ENDLESS).check(ENDLESS.guards, Effort(50_000_000, 60.0, rounds))
        assert isinstance(found, Unknown)
        assert found.reason is Reason.INCOMPLETE
        spent.append(found.spent)
    assert spent[0] * 2 < spent[1]
    assert spent[1] * 2 < spent[2]


def test_the_handler_of_a_signal_is_left_alone() -> None:
    """Z3 would otherwise put its own handler in place during a check, and take the interrupt for itself."""
    heard: list[int] = []

    def handler(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGINT, handler)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    try:
        session = Z3Solver().open(HARD)
        timer.start()
        found = session.check(HARD.guards, Effort(2_000_000_000, seconds=1.0))
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]
    assert isinstance(found, Unknown)
    assert found.reason is Reason.TIMEOUT, "the check went on until its time was up"


# -- time and interrupts ---------------------------------------------------------------------------------------------


def test_time_is_a_backstop() -> None:
    session = Z3Solver().open(HARD)
    start = time.monotonic()
    found = session.check(HARD.guards, Effort(2_000_000_000, seconds=0.2))
    assert time.monotonic() - start < 2
    assert isinstance(found, Unknown)
    assert found.reason is Reason.TIMEOUT
    late = answer(pigeons(13), Limits(budget=2_000_000_000, timeout=0.3))
    assert isinstance(late, Undetermined)
    assert late.reason is Reason.TIMEOUT


def test_a_session_that_does_not_stop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(z3_solver, "PATIENCE", 0.1)
    session = Z3Solver().open(HARD)
    assert not z3_solver.has_abandoned()
    with monkeypatch.context() as deaf:
        deaf.setattr(session._context, "interrupt", lambda: None)
        found = session.check(HARD.guards, Effort(100_000_000, seconds=0.05))
    try:
        assert found == Unknown(Reason.TIMEOUT, "Z3 did not stop in time", 100_000_000)
        with pytest.raises(RuntimeError, match=r"^this session was given up$"):
            session.check(HARD.guards, Effort(1, seconds=1.0))
        assert z3_solver.has_abandoned()
        assert session in z3_solver._ABANDONED
    finally:
        for thread in threading.enumerate():
            while thread.name == "z3" and thread.is_alive():
                session._context.interrupt()
                thread.join(0.05)
        z3_solver._ABANDONED.clear()


@dataclass
class Told:
    """Stands in for Z3's own solver: a check takes until it is interrupted so often, and ends as it is told to."""

    outcome: object
    interrupts: int = 0
    count: int = 0
    """What Z3 has counted so far; each check adds ``units``."""
    units: int = 100
    heard: int = 0
    asked: list[str] = field(default_factory=list)
    daemon: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def set(self, name: str, value: object) -> None: ...

    def check(self, *literals: object) -> object:
        self.asked = [str(literal) for literal in literals]
        self.daemon = threading.current_thread().daemon
        if self.interrupts:
            assert self._over.wait(10.0)
        self.count += self.units
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def interrupt(self) -> None:
        self.heard += 1
        if self.heard >= self.interrupts:
            self._over.set()

    def statistics(self) -> Told:
        return self

    def get_key_value(self, name: str) -> int:
        return {"rlimit count": self.count}[name]

    def unsat_core(self) -> list[object]:
        return []

    def reason_unknown(self) -> str:
        return "max. resource limit exceeded"


def session_with(told: Told, monkeypatch: pytest.MonkeyPatch) -> Z3Session:
    session = Z3Solver().open(unbounded(ask([A], B)))
    monkeypatch.setattr(session, "_solver", told)
    monkeypatch.setattr(session._context, "interrupt", told.interrupt)
    return session


def test_what_was_spent_says_whether_the_budget_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Z3's own word for it is no help, and it counts on from check to check."""
    told = Told(z3_library.load().unknown)
    session = session_with(told, monkeypatch)
    for told.units, reason in [(100, Reason.BUDGET), (99, Reason.INCOMPLETE), (101, Reason.BUDGET)]:
        found = session.check(["g0"], Effort(100, seconds=60.0))
        assert found == Unknown(reason, "max. resource limit exceeded", told.units)
    assert told.asked == ["g0"]
    assert told.daemon, "a Z3 that does not stop keeps no process from ending"


def test_each_reply_says_what_was_spent_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a question would get more than its budget."""
    z3 = z3_library.load()
    told = Told(z3.sat)
    session = session_with(told, monkeypatch)
    for told.outcome, told.units in [(z3.sat, 7), (z3.unsat, 5), (z3.unknown, 3), (z3.unsat, 11)]:
        assert session.check(["g0"], PLENTY).spent == told.units


@pytest.mark.parametrize("interrupts", [1, 3])
def test_a_check_is_stopped_when_its_time_is_up(interrupts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before, and again and again where Z3 does not hear it at first; that it has spent its units is no matter."""
    told = Told(z3_library.load().unknown, interrupts)
    session = session_with(told, monkeypatch)
    start = time.monotonic()
    found = session.check(["g0"], Effort(1, seconds=0.5))
    assert 0.5 <= time.monotonic() - start < 5
    assert found == Unknown(Reason.TIMEOUT, "max. resource limit exceeded", 100)
    assert told.heard >= interrupts
    assert not z3_solver.has_abandoned()
    told.interrupts = 0
    assert session.check(["g0"], Effort(1000, seconds=60.0)) == Unknown(
        Reason.INCOMPLETE, "max. resource limit exceeded", 100
    )


def test_an_answer_that_comes_just_as_time_is_up_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(z3_library.load().sat, interrupts=1)
    assert session_with(told, monkeypatch).check(["g0"], Effort(1, seconds=0.0)) == Sat(None, 100)


def test_what_goes_wrong_in_z3_is_raised_where_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(MemoryError("too much"))
    session = session_with(told, monkeypatch)
    with pytest.raises(MemoryError, match="too much"):
        session.check(["g0"], PLENTY)
    told.outcome = z3_library.load().sat
    assert session.check(["g0"], PLENTY) == Sat(None, 100), "what was spent on the check before is not counted"


def test_who_is_interrupted_while_waiting_leaves_no_z3_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with Ctrl-C: the thread is told to stop, and has stopped."""
    told = Told(z3_library.load().unknown, interrupts=2)
    session = session_with(told, monkeypatch)
    before = threading.active_count()
    waiting = threading.Thread.join

    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        if not told.heard:
            raise KeyboardInterrupt
        waiting(thread, timeout)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", join)
        with pytest.raises(KeyboardInterrupt):
            session.check(["g0"], PLENTY)
    assert told.heard >= 2
    assert threading.active_count() == before
    assert not z3_solver.has_abandoned()


def test_control_c_is_honoured_soon() -> None:
    program = (
        "from tests.test_z3_solver import pigeons\n"
        "from checker.discharge import answer\n"
        "from checker.entailment import Limits\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    answer(pigeons(14), Limits(budget=4_000_000_000, timeout=100.0))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(1.0)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
        assert time.monotonic() - start < 2
        assert process.wait(10) == 0
