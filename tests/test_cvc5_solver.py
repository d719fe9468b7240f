"""cvc5 as the second solver: that it confirms what is right and contradicts what is not, and that it is survived."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

import checker
from checker import cvc5_solver, discharge, installed
from checker.cross_check import Confirmed, Contradicted, NothingToConfirm, Unconfirmed, opinion
from checker.cvc5_solver import Cvc5
from checker.entailment import Entailed, Question, Reason, Refuted, Undetermined
from checker.errors import NoSecondSolver
from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    TRUE,
    Day,
    Symbol,
    Term,
    Var,
    add,
    apply,
    at_most,
    conj,
    count,
    divide,
    equal,
    exists,
    for_all,
    implies,
    integer,
    less,
    multiply,
    negate,
    negation,
    real,
)
from checker.model import Structure
from checker.smtlib import Script, unbounded
from checker.solver import Sat, Unknown
from tests.questions import (
    HIGH,
    LOW,
    MEANINGS,
    S,
    ask,
    c,
    e,
    fails_in,
    flag,
    p,
    price,
    questions,
    rate,
    structures,
    x,
    y,
)
from tests.test_discharge import CIRCLES, ENDLESS

ROOT = Path(__file__).parent.parent

GOOD = """\
case good "Größe" {
  predicate p
  predicate q
  assume a "First." : p owner "x"
  assume b "Second." : p implies q owner "y"
  goal g "It holds." : q by a, b
}
"""

# -- cvc5 and our answers --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cvc5() -> Iterator[Cvc5]:
    with Cvc5() as solver:
        yield solver


a, b = Symbol("a", (), REAL), Symbol("b", (), REAL)
day = Symbol("day", (), DATE)
lt = Symbol("lt", (S, S), BOOL)
r, k = Var("r", REAL), Var("k", INT)
at = Symbol("at", (INT,), S)
NEEDS_FIVE = [
    negation(equal(apply(Symbol(f"c{i}", (), S)), apply(Symbol(f"c{j}", (), S)))) for i in range(5) for j in range(i)
]

TRICKY: dict[str, tuple[list[Term], Term]] = {
    "division by zero is some number": ([], equal(divide(real(1), apply(a)), real(7))),
    "division by zero is one number": (
        [equal(apply(a), real(0)), equal(apply(b), real(0))],
        equal(divide(real(1), apply(a)), divide(real(1), apply(b))),
    ),
    "a quotient": ([less(real(0), apply(a))], equal(multiply([apply(a), divide(real(1), apply(a))]), real(1))),
    "a product of unknowns": (
        [less(real(0), apply(a)), less(real(0), apply(b))],
        less(real(0), multiply([apply(a), apply(b)])),
    ),
    "powers of an unknown": (
        [less(real(0), apply(a)), less(apply(a), real(1))],
        at_most(multiply([*[apply(a)] * 3, add([real(1), negate(apply(a))])]), real(Fraction(27, 256))),
    ),
    "a square root": ([equal(multiply([apply(a), apply(a)]), real(2))], less(apply(a), real(1))),
    "all numbers": ([for_all([r], less(apply(a), r))], FALSE),
    "some number": ([], exists([r], less(apply(a), r))),
    "whole numbers leave gaps": ([], exists([k], conj([less(integer(0), k), less(k, integer(1))]))),
    "functions of numbers": ([], equal(apply(at, integer(1)), apply(at, integer(2)))),
    "dates": ([less(Day(100), apply(day)), less(apply(day), Day(102))], equal(apply(day), Day(101))),
    "a count": (
        [less(integer(0), count(e, less(apply(rate, e), real(0))))],
        exists([e], less(apply(rate, e), real(0))),
    ),
    "a table": ([], less(apply(price, HIGH), apply(price, LOW))),
    "tiny fractions": ([less(real(0), apply(a))], less(real(Fraction(1, 10**40)), apply(a))),
    "many individuals": ([*NEEDS_FIVE], for_all([x], apply(p, x))),
    "a function back to its own sort": ([for_all([x], negation(equal(apply(Symbol("next", (S,), S), x), x)))], FALSE),
    "nothing": ([], FALSE),
    "everything": ([], TRUE),
    "contradictory premises": ([apply(flag), negation(apply(flag))], FALSE),
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKY)
def test_cvc5_confirms_what_is_right(name: str, cvc5: Cvc5) -> None:
    premises, conclusion = TRICKY[name]
    question = ask(premises, conclusion, MEANINGS, want_core=True, want_alone=True, want_scenario=True)
    answer = discharge.answer(question)
    wanted = NothingToConfirm() if isinstance(answer, Undetermined) else Confirmed()
    assert opinion(question, answer, cvc5, 60) == wanted


@pytest.mark.parametrize("question", CIRCLES.values(), ids=CIRCLES)
def test_cvc5_confirms_countermodels_in_circles(question: Question, cvc5: Cvc5) -> None:
    assert opinion(question, discharge.answer(question), cvc5, 60) == Confirmed()


@settings(max_examples=100)
@given(questions())
def test_cvc5_confirms_random_answers(question: Question) -> None:
    answer = discharge.answer(question)
    assert opinion(question, answer, _shared(), 60) == Confirmed()
    if isinstance(answer, Refuted):
        with_all = Entailed(tuple(premise.name for premise in question.premises))
        assert isinstance(opinion(question, with_all, _shared(), 60), Contradicted)


@settings(max_examples=100)
@given(questions(), structures())
def test_cvc5_tells_random_structures_from_countermodels(question: Question, structure: Structure) -> None:
    said = opinion(question, Refuted(structure), _shared(), 60)
    if fails_in(structure, question):
        assert said == Confirmed()
    else:
        assert isinstance(said, Contradicted)


_SHARED: list[Cvc5] = []


def _shared() -> Cvc5:
    """One process for all examples of a property."""
    if not _SHARED:
        _SHARED.append(Cvc5())
    return _SHARED[0]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _SHARED:
        _SHARED.pop().close()


def test_cvc5_contradicts_premises_that_do_not_suffice(cvc5: Cvc5) -> None:
    question = ask([for_all([x], implies(apply(p, x), apply(flag))), exists([x], apply(p, x))], apply(flag))
    assert opinion(question, Entailed(("a0", "a1")), cvc5, 60) == Confirmed()
    for wrong in (Entailed(("a0",)), Entailed(("a0", "a1"), alone=("a1",)), Entailed(("a0", "a1"), by_definition=True)):
        assert isinstance(opinion(question, wrong, cvc5, 60), Contradicted)


def test_cvc5_contradicts_a_structure_that_is_no_countermodel(cvc5: Cvc5) -> None:
    question = ask([apply(p, apply(c))], exists([x], apply(p, x)))
    other = discharge.answer(ask([negation(apply(p, apply(c)))], exists([x], apply(p, x))))
    assert isinstance(other, Refuted)
    said = opinion(question, other, cvc5, 60)
    assert isinstance(said, Contradicted)
    assert said.found == "sat"


def test_cvc5_contradicts_a_search_that_missed_something(cvc5: Cvc5) -> None:
    question = ask([exists([x, y], negation(equal(x, y)))], FALSE)
    assert opinion(question, Undetermined(Reason.BUDGET, searched=1), cvc5, 60) == NothingToConfirm()
    assert isinstance(opinion(question, Undetermined(Reason.BUDGET, searched=2), cvc5, 60), Contradicted)


def test_an_answer_that_cvc5_does_not_find_is_not_confirmed(cvc5: Cvc5) -> None:
    """No structure is finite here, and none contradicts; a claim that there is no answer at all is not made."""
    said = opinion(ask(ENDLESS, FALSE), Entailed(("a0", "a1", "a2")), cvc5, 60)
    assert isinstance(said, Unconfirmed)
    assert "its effort ran out" in said.reason


# -- cvc5 in its process ---------------------------------------------------------------------------------------------

EASY = Script("easy", "(declare-fun f () Bool)\n(assert f)\n", (), (), (), ())


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> None:
    """Let another program stand in for the process with cvc5: one that starts well, and then ``does`` this."""
    program = folder / "stand_in.py"
    program.write_text(
        "import json, os, sys, time\n"
        "def say(text): print(text, flush=True)\n"
        "sys.stdin.readline()\n"
        "say(json.dumps({'version': '0'}))\n"
        f"for line in sys.stdin:\n    {does}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(cvc5_solver, "WORKER", program)


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("os.abort()", f"it crashed (signal {int(signal.SIGABRT)})"),
        ("os.kill(os.getpid(), 11)", "it crashed (signal 11)"),
        ("sys.exit(7)", "it ended without an answer (exit status 7)"),
        ("say('sat')", "it said something that cannot be understood"),
        ("say('[]')", "it said something that cannot be understood"),
        ("say('{}')", "it said something that cannot be understood"),
        ("""say('{"result": "maybe"}')""", "it said something that cannot be understood"),
        ("""say('{"unknown": "INCOMPLETE"}')""", "it cannot decide such formulas"),
        ("""say('{"unknown": "MEMOUT"}')""", "its memory did not suffice"),
        ("""say('{"error": "RuntimeError: no"}')""", "it failed (RuntimeError: no)"),
        ("raise MemoryError", "it ended without an answer (exit status 1)"),
    ],
)
def test_whatever_goes_wrong_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, reason: str
) -> None:
    stand_in(monkeypatch, tmp_path, does)
    with Cvc5() as solver:
        for _ in range(2):  # the second time in a new process
            assert solver.decide(EASY, "usual", 60) == Unknown(Reason.INCOMPLETE, reason)


def test_a_process_that_hangs_is_ended_in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path, "time.sleep(600)")
    with Cvc5() as solver:
        start = time.monotonic()
        assert solver.decide(EASY, "usual", 0.5) == Unknown(Reason.TIMEOUT, "its time ran out")
        assert time.monotonic() - start < 10
        assert solver.decide(EASY, "usual", 0) == Unknown(Reason.TIMEOUT, "its time ran out")


def test_a_crash_leaves_later_questions_alone() -> None:
    with Cvc5() as solver:
        assert solver.decide(EASY, "usual", 60) == Sat(None)
        assert solver._process is not None
        solver._process.kill()
        solver._process.wait()
        assert isinstance(solver.decide(EASY, "usual", 60), Unknown)
        assert solver.decide(EASY, "usual", 60) == Sat(None)


def test_an_interruption_ends_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path, "time.sleep(600)")
    with Cvc5() as solver:
        process = solver._process
        assert process is not None
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            solver.decide(EASY, "usual", 60)
        assert process.poll() is not None


def test_nothing_is_left_running() -> None:
    with Cvc5() as solver:
        process = solver._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None


def test_a_text_that_cannot_be_read_is_no_answer(cvc5: Cvc5) -> None:
    for bad in ("(assert (", "(assert nothing)", "(assert 1)", '(set-option :no-such "x")'):
        reply = cvc5.decide(Script("bad", bad, (), (), (), ()), "usual", 60)
        assert isinstance(reply, Unknown)
        assert reply.detail.startswith("it failed (")
    assert cvc5.decide(EASY, "usual", 60) == Sat(None)


def test_what_is_told_does_not_depend_on_what_was_asked_before() -> None:
    """Effort is counted in steps, so that the same questions run out of it everywhere."""
    script = unbounded(ask(ENDLESS, FALSE))
    with Cvc5() as solver:
        replies = [solver.decide(script, "models", 60), solver.decide(EASY, "usual", 60)]
        replies.append(solver.decide(script, "models", 60))
    assert replies[0] == replies[2] == Unknown(Reason.BUDGET, "its effort ran out")


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cvc5_solver, "MOST_MEMORY", 300 * 2**20)
    wide = "".join(f"(declare-fun x{n} () Real)\n(assert (< x{n} {n}.0))\n" for n in range(200_000))
    with Cvc5() as solver:
        assert isinstance(solver.decide(Script("wide", wide, (), (), (), ()), "usual", 60), Unknown)
        assert solver.decide(EASY, "usual", 60) == Sat(None)


# -- where cvc5 comes from -------------------------------------------------------------------------------------------


def test_without_cvc5_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find", lambda _: None)
    with pytest.raises(NoSecondSolver, match=r"pip install \"safety-case-checker\[cross-check\]\""):
        checker.check_text(GOOD, cross_check=True)
    assert checker.check_text(GOOD).passed


def test_a_cvc5_that_does_not_load_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cvc5.py").write_text("raise OSError('libcvc5.so.1: no such file')", encoding="utf-8")
    monkeypatch.setattr(installed, "trusted_path", lambda: [str(tmp_path)])
    with pytest.raises(NoSecondSolver, match=r"does not start: it cannot be loaded \(OSError: libcvc5.so.1"):
        checker.check_text(GOOD, cross_check=True)


def test_the_extra_that_is_named_exists() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert "safety-case-checker[cross-check]" in cvc5_solver.INSTALL
    assert [need.split(">")[0] for need in extras["cross-check"]] == ["cvc5"]


@pytest.mark.parametrize("as_package", [False, True])
def test_a_module_in_the_current_directory_is_not_run(tmp_path: Path, as_package: bool) -> None:
    home = tmp_path / "cvc5" if as_package else tmp_path
    home.mkdir(exist_ok=True)
    trap = "from pathlib import Path\nPath(__file__).with_name('sprung').write_text('')\n"
    (home / ("__init__.py" if as_package else "cvc5.py")).write_text(trap)
    subprocess.run([sys.executable, "-c", "import cvc5"], cwd=tmp_path, check=True)
    assert (home / "sprung").exists(), "the trap works"
    (home / "sprung").unlink()
    (tmp_path / "good.case").write_text(GOOD, encoding="utf-8")
    for path in (str(ROOT), f".:{ROOT}", f"{tmp_path}:{ROOT}"):
        done = subprocess.run(
            [sys.executable, "-m", "checker", "check", "--cross-check"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "Second opinion: cvc5" in done.stdout
        assert not (home / "sprung").exists()


def test_only_the_worker_imports_cvc5_and_it_imports_nothing_of_ours() -> None:
    importing = set()
    for path in (ROOT / "checker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "cvc5" for name in names):
                importing.add(path.name)
            assert path.name != "cvc5_worker.py" or not any(name.split(".")[0] == "checker" for name in names)
    assert importing == {"cvc5_worker.py"}


def test_without_the_flag_nothing_of_it_is_loaded() -> None:
    script = (
        "import sys, subprocess, checker\n"
        "subprocess.Popen = None\n"
        f"assert checker.check_text({GOOD!r}).passed\n"
        "print(sorted({'cvc5', 'checker.cvc5_solver', 'checker.second_opinion'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
