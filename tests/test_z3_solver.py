"""Z3 behind our protocol: each parameter has its effect, models are read, interrupts and time limits are honoured."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from types import FrameType

import pytest

import checker
from checker import z3_solver
from checker.discharge import answer
from checker.entailment import Limits, Question, Reason, Undetermined
from checker.logic import (
    BOOL,
    FALSE,
    INT,
    REAL,
    Sort,
    Symbol,
    Var,
    apply,
    conj,
    equal,
    exists,
    for_all,
    implies,
    integer,
    multiply,
    negation,
    real,
)
from checker.model import Individual, Interpretation, Structure
from checker.smtlib import Script, bounded, unbounded
from checker.solver import Effort, Sat, Unknown, Unsat
from checker.z3_solver import Z3Solver
from tests.questions import LOW, E, S, ask, c, e, f, flag, p, q, rate, u, x, y, z

ROOT = Path(checker.__file__).resolve().parent.parent
PLENTY = Effort(units=100_000_000, seconds=60.0)

A, B = (apply(Symbol(name, (), BOOL)) for name in "AB")
below = Symbol("below", (S, S), BOOL)


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
    for rounds in (2, 10, 50):
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
    monkeypatch.setattr(session._context, "interrupt", lambda: None)
    found = session.check(HARD.guards, Effort(10_000_000, seconds=0.05))
    assert isinstance(found, Unknown)
    assert found.reason is Reason.TIMEOUT
    with pytest.raises(RuntimeError, match="given up"):
        session.check(HARD.guards, Effort(1, seconds=1.0))
    assert session in z3_solver._ABANDONED
    for thread in threading.enumerate():
        if thread.name == "z3":
            thread.join(30)
            assert not thread.is_alive()
    z3_solver._ABANDONED.remove(session)


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
