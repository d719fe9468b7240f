"""The second opinion: what contradicts an answer, that every answer is looked at, and how a disagreement is told."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

import checker
from checker import cli, discharge, installed
from checker.cross_check import Confirmed, Contradicted, NothingToConfirm, Opinion, Search, Unconfirmed, opinion
from checker.cvc5_solver import Cvc5
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Undetermined
from checker.errors import CheckerError, Disagreement
from checker.logic import (
    apply,
    count,
    equal,
    exists,
    for_all,
    integer,
)
from checker.model import Structure
from checker.obligations import Kind
from checker.remembered import Remembered
from checker.render.json import schema
from checker.render.text import render
from checker.report import Report
from checker.smtlib import Script
from checker.solver import Reply, Sat, Unknown, Unsat
from tests.deciders import by_cvc5, by_z3
from tests.questions import (
    MEANINGS,
    ask,
    e,
    fine,
    flag,
    p,
    x,
)
from tests.test_cvc5_solver import GOOD, stand_in

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 24)

UNDECIDED = Unknown(Reason.INCOMPLETE, "it cannot decide such formulas")

Respond = Callable[[Script, Search], Reply]


@dataclass
class Second:
    """A second solver that says what it is told to."""

    respond: Respond
    asked: list[tuple[Script, Search]] = field(default_factory=list)
    name: str = "fake 1.0"

    def decide(self, script: Script, search: Search, seconds: float) -> Reply:
        assert seconds > 0
        self.asked.append((script, search))
        return self.respond(script, search)


def always(reply: Reply) -> Second:
    return Second(lambda *_: reply)


def in_turn(replies: Sequence[Reply]) -> Second:
    left = iter(replies)
    return Second(lambda *_: next(left))


def among(*sizes: int) -> Callable[[Script], bool]:
    """Whether a script is about structures of one of these sizes."""
    return lambda script: bool(script.constants) and len(script.constants[0][1]) in sizes


HOLDS = ask([for_all([x], apply(p, x)), apply(flag)], exists([x], apply(p, x)))
FAILS = ask([exists([x], apply(p, x))], for_all([x], apply(p, x)))


def countermodel(question: Question) -> Structure:
    found = discharge.answer(question)
    assert isinstance(found, Refuted)
    return found.countermodel


ENTAILED = Entailed(("a0",))
REFUTED = Refuted(countermodel(FAILS))


# -- what is compared ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "reply", "wanted"),
    [
        (HOLDS, ENTAILED, Unsat(()), Confirmed()),
        (HOLDS, ENTAILED, UNDECIDED, Unconfirmed("it cannot decide such formulas")),
        (FAILS, REFUTED, Sat(None), Confirmed()),
        (FAILS, REFUTED, UNDECIDED, Unconfirmed("it cannot decide such formulas")),
        (FAILS, Undetermined(Reason.BUDGET), Sat(None), NothingToConfirm()),
        (FAILS, Undetermined(Reason.BUDGET), Unsat(()), NothingToConfirm()),
        (FAILS, Undetermined(Reason.BUDGET, searched=2), Unsat(()), NothingToConfirm()),
        (FAILS, Undetermined(Reason.BUDGET, searched=2), UNDECIDED, NothingToConfirm()),
    ],
)
def test_what_does_not_contradict(question: Question, answer: Answer, reply: Reply, wanted: Opinion) -> None:
    assert opinion(question, answer, always(reply), 60) == wanted


@pytest.mark.parametrize(
    ("question", "answer", "reply", "found"),
    [
        (HOLDS, ENTAILED, Sat(None), "unsat"),
        (FAILS, REFUTED, Unsat(()), "sat"),
        (FAILS, Undetermined(Reason.BUDGET, searched=2), Sat(None), "unsat"),
    ],
)
def test_what_contradicts(question: Question, answer: Answer, reply: Reply, found: str) -> None:
    second = always(reply)
    said = opinion(question, answer, second, 60)
    assert isinstance(said, Contradicted)
    assert said.found == found
    assert {said.found, said.opposite} == {"sat", "unsat"}
    assert said.script in [script for script, _ in second.asked]


def test_only_the_premises_that_are_said_to_suffice_are_asked_about() -> None:
    second = always(Unsat(()))
    opinion(HOLDS, ENTAILED, second, 60)
    ((script, search),) = second.asked
    assert script.guards == ("g0",)
    assert "a0" in script.text
    assert "a1" not in script.text
    assert search == "usual"


def test_each_premise_that_is_said_to_suffice_alone_is_asked_about() -> None:
    answer = Entailed(("a0",), alone=("a0", "a1"))

    def doubts_the_second(script: Script, search: Search) -> Reply:
        return Sat(None) if "; a1" in script.text else Unsat(())

    assert opinion(HOLDS, answer, always(Unsat(())), 60) == Confirmed()
    assert isinstance(opinion(HOLDS, answer, Second(doubts_the_second), 60), Contradicted)
    alone = always(Unsat(()))
    opinion(HOLDS, Entailed((), alone=("a0", "a1"), by_definition=True), alone, 60)
    assert [script.guards for script, _ in alone.asked] == [()], "what needs no premise needs no other look"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_model_of_small_size_contradicts_an_entailment_that_is_not_confirmed(size: int) -> None:
    of_size = among(size)

    def finds(script: Script, _: Search) -> Reply:
        return Sat(None) if of_size(script) else UNDECIDED

    said = opinion(HOLDS, ENTAILED, Second(finds), 60)
    assert isinstance(said, Contradicted)
    assert len(said.script.constants[0][1]) == size


def test_that_there_is_no_small_model_confirms_nothing() -> None:
    of_size = among(1, 2, 3)

    def rules_out(script: Script, _: Search) -> Reply:
        return Unsat(()) if of_size(script) else UNDECIDED

    said = opinion(HOLDS, ENTAILED, Second(rules_out), 60)
    assert said == Unconfirmed("it cannot decide such formulas")


def test_without_sorts_of_its_own_nothing_is_lost_by_spelling_a_question_out() -> None:
    question = ask([apply(flag)], exists([e], apply(fine, e)), MEANINGS)
    second = in_turn([*[UNDECIDED] * len(get_args(Search)), Unsat(())])
    assert opinion(question, Entailed(()), second, 60) == Confirmed()


def test_one_way_of_searching_confirms_what_another_one_does_not_decide() -> None:
    for way in get_args(Search):

        def decides(_: Script, search: Search, way: str = way) -> Reply:
            return Unsat(()) if search == way else UNDECIDED

        assert opinion(HOLDS, ENTAILED, Second(decides), 60) == Confirmed()


def test_a_countermodel_is_contradicted_by_any_of_its_texts() -> None:
    """The countermodel, structures of its size and the question as it stands: all of them can be satisfied."""
    no = Unsat(())
    contradicting: list[list[Reply]] = [[UNDECIDED, UNDECIDED, no], [UNDECIDED, no], [no], [Sat(None), no]]
    for said in contradicting:
        assert isinstance(opinion(FAILS, REFUTED, in_turn(said), 60), Contradicted)
        assert opinion(FAILS, REFUTED, in_turn([UNDECIDED, UNDECIDED, Sat(None)]), 60) == Confirmed()


def test_several_reasons_are_told_once_each() -> None:
    other = Unknown(Reason.BUDGET, "its effort ran out")
    second = Second(lambda _, search: other if search == "models" else UNDECIDED)
    told = opinion(HOLDS, ENTAILED, second, 60)
    assert told == Unconfirmed("it cannot decide such formulas and its effort ran out")


def test_what_cannot_be_put_as_text_is_not_confirmed() -> None:
    counted = ask([], equal(count(x, apply(p, x)), integer(1)))
    for answer in (Entailed(()), REFUTED):
        said = opinion(counted, answer, always(Sat(None)), 60)
        assert isinstance(said, Unconfirmed)
        assert "th.Step, whose individuals are not listed" in said.reason


# -- a whole run -----------------------------------------------------------------------------------------------------

RICH = """\
theory tools { sort Tool }
theory base {
  requires tools when exists i: Item. not seen(i)
  sort Item
  predicate bad(i: Item) "{i} is bad"
  predicate seen(i: Item) "{i} is seen"
  function size(i: Item): Real
  axiom sized : forall i: Item. 0 < size(i)
  possible hazard : exists i: Item. bad(i)
  worry unseen "Something bad is not seen." unless forall i: Item. bad(i) implies seen(i)
    mitigation small "Bad things are small." : forall i: Item. bad(i) implies 1 / size(i) > 1
  claim found : forall i: Item. bad(i) implies seen(i) barring unseen
}
case rich "All kinds of questions" {
  use base as b
  sort Level = { low, high }
  function rate(l: Level): Real = { low: 1/3, high: 2/5 }
  predicate stopped(i: b.Item) "{i} is stopped"
  assume looks "Everything is seen." : forall i: b.Item. b.seen(i) owner "x"
  assume stops "What is seen is stopped." : forall i: b.Item. b.seen(i) and b.bad(i) implies stopped(i) owner "y"
  worry never "Nothing is ever stopped." unless exists i: b.Item. stopped(i)
  accept never "It does not matter." owner "z" until 2027-01-01
  answer b.unseen by looks
  claim middle : forall i: b.Item. b.bad(i) implies b.seen(i) by b.found
  claim again : forall i: b.Item. b.seen(i) or stopped(i) by looks
  goal safe "What is bad is stopped." : forall i: b.Item. b.bad(i) implies stopped(i) by stops, middle
  show rate(low) + rate(high)
}
variant weaker of rich {
  drop looks
  assume some_looks "What is bad is seen." : forall i: b.Item. b.bad(i) implies b.seen(i) owner "x"
  answer b.unseen by some_looks
}
"""


def checked(text: str = RICH, *, repairs: bool = False) -> Report:
    return checker.check_text(text, name="rich.case", today=TODAY, cross_check=True, repairs=repairs)


def told(report: Report) -> str:
    """The report as text in one line."""
    return " ".join(render(report).split())


def lying(monkeypatch: pytest.MonkeyPatch, lie: Callable[[int, Script, Search], bool]) -> list[Script]:
    """Make the second solver say the opposite where ``lie`` says so of the number of the question, from 0."""
    asked: list[Script] = []
    decide = Cvc5.decide

    def lies(self: Cvc5, script: Script, search: Search, seconds: float) -> Reply:
        reply = decide(self, script, search, seconds)
        number = len(asked)
        asked.append(script)
        if not lie(number, script, search):
            return reply
        return Unsat(()) if isinstance(reply, Sat) else Sat(None)

    monkeypatch.setattr(Cvc5, "decide", lies)
    return asked


def test_every_answer_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks what, it goes through one place: as many opinions as answers."""
    asked: list[Question] = []
    post = Remembered.post

    def counted(self: Remembered, key: int, questions: Sequence[Question]) -> None:
        asked.extend(questions)
        post(self, key, questions)

    monkeypatch.setattr(Remembered, "post", counted)
    made = checked(repairs=True).cross_check
    assert made is not None
    assert made.solver == f"cvc5 {version('cvc5')}"
    assert made.questions == len(asked) > 40
    assert (made.confirmed, made.undecided, made.unconfirmed) == (len(asked), 0, ())
    kinds = {kind for kind in Kind if any(question.name.startswith(kind) for question in asked)}
    assert kinds == set(Kind)


def test_a_second_opinion_changes_no_verdict() -> None:
    with_it = json.loads(checked().to_json())
    without = json.loads(checker.check_text(RICH, name="rich.case", today=TODAY).to_json())
    assert with_it.pop("cross_check") != without.pop("cross_check")
    assert with_it == without


@pytest.mark.parametrize("number", [0, 1, 7, 20, 41])
def test_a_single_lie_is_a_disagreement(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    asked = lying(monkeypatch, lambda count, *_: count == number)
    with pytest.raises(Disagreement) as caught:
        checked()
    assert len(asked) == number + 1, "there it ends"
    assert asked[-1].text in caught.value.text
    assert isinstance(caught.value, CheckerError)
    assert caught.value.file_name.startswith("disagreement.")
    assert caught.value.file_name.endswith(".smt2")


def test_a_first_solver_that_lies_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is our own answer that is wrong, and would have let the case pass."""
    wrong = GOOD.replace("by a, b", "by b")
    answer = discharge.answer

    def says_it_follows(question: Question, limits: Limits) -> Answer:
        return Entailed(("b",)) if question.name == "step g" else answer(question, limits)

    assert not checker.check_text(wrong).passed
    monkeypatch.setattr(discharge, "answer", says_it_follows)
    assert checker.check_text(wrong).cases[0].claims["g"].step == "valid"
    with pytest.raises(Disagreement, match=r"`step g` of case good .*: what is found says unsat, and cvc5 .* says sat"):
        checked(wrong)


def test_what_solvers_disagree_about_is_a_file_that_can_be_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    lying(monkeypatch, lambda *_: True)
    with pytest.raises(Disagreement) as caught:
        checked(GOOD)
    text = caught.value.text
    assert text.startswith("; step g, of case good (rich.case:6)\n; two solvers disagree about this text")
    assert "; what the checker found says: unsat\n; cvc5 " in text
    assert by_z3(text) == by_cvc5(text) == "unsat"
    assert caught.value.file_name == "disagreement.good.step.g.smt2"


def test_what_is_not_confirmed_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    decide = Cvc5.decide

    def gives_up(self: Cvc5, script: Script, search: Search, seconds: float) -> Reply:
        unknown = Unknown(Reason.BUDGET, "its effort ran out")
        return unknown if script.title in ("step g", "source g") else decide(self, script, search, seconds)

    monkeypatch.setattr(Cvc5, "decide", gives_up)
    report = checked(GOOD)
    made = report.cross_check
    assert report.passed
    assert made is not None
    assert [(one.case, one.obligation, one.answer, one.reason) for one in made.unconfirmed] == [
        ("good", "step g", "entailed", "its effort ran out"),
        ("good", "source g", "entailed", "its effort ran out"),
    ]
    assert made.confirmed == made.questions - 2
    data = json.loads(report.to_json())
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert data["cross_check"]["unconfirmed"][0]["line"] == 6
    shown = render(report)
    assert f"confirms {made.confirmed} of {made.questions} answers, and contradicts none." in shown
    assert "  not confirmed: step g of good (entailed), as its effort ran out\n" in shown
    assert all(len(line) <= 40 for line in render(report, width=40).splitlines() if "confirm" in line)


def test_questions_without_an_answer_are_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = discharge.answer

    def undecided(question: Question, limits: Limits) -> Answer:
        return Undetermined(Reason.BUDGET) if question.name == "step g" else answer(question, limits)

    monkeypatch.setattr(discharge, "answer", undecided)
    report = checked(GOOD)
    assert report.cross_check is not None
    assert report.cross_check.undecided == 1
    assert report.cross_check.confirmed == report.cross_check.questions - 1
    assert "confirms 1 of 1 answer, and contradicts none; 1 question had no answer to confirm." in told(report)


def test_two_runs_give_the_same_bytes() -> None:
    assert checked().to_json() == checked().to_json()


# -- the command -----------------------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one case that passes, and the current folder."""
    home = tmp_path / "project"
    home.mkdir()
    (home / "pyproject.toml").write_text("", encoding="utf-8")
    (home / "good.case").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(home)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def saved(folder: Path) -> Sequence[str]:
    return sorted(path.name for path in folder.glob("*.smt2"))


SAVED = "disagreement.good.step.g.smt2"


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> None:
    lying(monkeypatch, lambda *_: True)


def test_a_confirmed_check_says_so_and_passes(run: Run) -> None:
    status, out, err = run("check", "--cross-check")
    assert (status, err) == (0, "")
    assert "\nSecond opinion: cvc5 " in out
    assert out.endswith("Checked 1 case: passes under its assumptions.\n")
    assert json.loads(run("check", "--cross-check", "--format", "json")[1])["cross_check"]["unconfirmed"] == []
    assert "Second opinion" not in run("check")[1]


def test_a_disagreement_is_3_and_is_saved_here(run: Run, folder: Path, liar: None) -> None:
    status, out, err = run("check", "--cross-check", "--output", "report.txt")
    assert (status, out) == (3, "")
    assert "this is a bug in it, and nothing was shown" in err
    assert "two solvers disagree about `step g` of case good (good.case:6)" in err
    assert f"It is saved as {SAVED};" in err
    assert saved(folder) == [SAVED]
    assert "(check-sat)" in (folder / SAVED).read_text("utf-8")
    assert not (folder / "report.txt").exists()


def test_a_disagreement_outweighs_whatever_else_is_wrong(run: Run, folder: Path, liar: None) -> None:
    (folder / "a_broken.case").write_text(GOOD.replace(": q by", ": qq by"), encoding="utf-8")
    assert run("check", "--cross-check")[0] == 3


def test_no_file_of_anybody_is_overwritten(run: Run, folder: Path, liar: None) -> None:
    (folder / SAVED).write_text("mine", encoding="utf-8")
    (folder / "disagreement.good.step.g-2.smt2").symlink_to("elsewhere")
    assert "disagreement.good.step.g-3.smt2" in run("check", "--cross-check")[2]
    assert (folder / SAVED).read_text("utf-8") == "mine"
    assert not (folder / "elsewhere").exists()
    assert len(saved(folder)) == 3


def test_where_nothing_can_be_saved_here_it_goes_to_the_temporary_files(
    run: Run, folder: Path, liar: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def read_only(self: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        if self.parent == Path() and "x" in mode:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(self, mode, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", read_only)
    status, _, err = run("check", "--cross-check")
    assert status == 3
    there = Path(tempfile.gettempdir()) / SAVED
    assert f"It is saved as {there};" in err
    assert "(check-sat)" in there.read_text("utf-8")
    assert saved(folder) == []


def test_a_full_disk_does_not_hide_a_disagreement(
    run: Run, folder: Path, liar: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    status, out, err = run("check", "--cross-check")
    assert (status, out) == (3, "")
    assert "two solvers disagree about `step g`" in err
    assert "cannot be saved" in err
    assert "no space left on device" in err
    assert saved(folder) == saved(Path(tempfile.gettempdir())) == [], "nothing half-written is left"
    monkeypatch.setattr(tempfile, "gettempdir", lambda: full(0))
    assert run("check", "--cross-check")[0] == 3


def test_a_standard_error_that_cannot_be_written_does_not_hide_it_either(folder: Path) -> None:
    script = (
        "import sys\nfrom checker import cvc5_solver\nfrom checker.solver import Sat\nfrom checker.cli import main\n"
        "cvc5_solver.Cvc5.decide = lambda *_: Sat(None)\n"
        "sys.exit(main(['check', '--cross-check']))\n"
    )
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", script], cwd=folder, stderr=full, timeout=60, check=False)
    assert done.returncode == 3


def test_a_second_solver_that_crashes_is_no_disagreement(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, "os.abort()")
    status, out, err = run("check", "--cross-check")
    assert (status, err) == (0, "")
    assert "Second opinion: cvc5 0 confirms 0 of " in out
    assert "not confirmed: step g of good (entailed), as it crashed (signal 6)" in out
    assert saved(folder) == []


def test_a_second_solver_that_raises_is_a_bug_and_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Reply:
        raise KeyError("lost")

    monkeypatch.setattr(Cvc5, "decide", fails)
    assert run("check", "--cross-check")[:2] == (3, "")


def test_without_cvc5_the_call_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find", lambda _: None)
    status, out, err = run("check", "--cross-check")
    assert (status, out) == (2, "")
    assert (
        'Error: a cross-check needs cvc5, which is not installed; `pip install "safety-case-checker[cross-check]"`'
        in err
    )


def test_settings_can_ask_for_it_and_the_command_line_wins(run: Run, folder: Path) -> None:
    settle = folder / "pyproject.toml"
    settle.write_text("[tool.safety-case]\ncross-check = true\n", encoding="utf-8")
    assert "Second opinion" in run("check")[1]
    assert "Second opinion" not in run("check", "--no-cross-check")[1]
    settle.write_text("[tool.safety-case]\ncross-check = 1\n", encoding="utf-8")
    status, _, err = run("check")
    assert status == 2
    assert "`cross-check` of `tool.safety-case` must be true or false" in err


@pytest.mark.parametrize("path", ["specs/evaluation.case", "examples/coding_agent.case", "examples/gate_review.case"])
def test_a_theory_and_examples_are_confirmed(path: str) -> None:
    made = checker.check(ROOT / path, today=TODAY, cross_check=True).cross_check
    assert made is not None
    assert made.unconfirmed == ()
    assert made.confirmed == made.questions > 5
