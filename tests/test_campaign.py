"""The long comparison of the checker with brute force and cvc5: what it covers, what it keeps, and that it sees."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import checker
from checker.cross_check import Search, SecondSolver
from checker.smtlib import Script
from checker.solver import Reply, Sat, Unsat
from tests.oracle import campaign as module
from tests.oracle import trial
from tests.oracle.campaign import Campaign, by_hypothesis, over_seeds, shrunk_finds
from tests.oracle.judgement import TODAY
from tests.oracle.language import Case, File, Sort, Vocabulary
from tests.oracle.tape import Choices, from_seed
from tests.oracle.trial import Disagreement, Figures, Trial, smallest, try_choices

ROOT = Path(__file__).parent.parent
SEED = 3


@dataclass(frozen=True, slots=True)
class Stubborn:
    """A second solver that gives always the same reply."""

    reply: Reply
    name: str = "somebody stubborn"

    def decide(self, script: Script, search: Search, seconds: float) -> Reply:  # noqa: ARG002
        return self.reply

    def close(self) -> None:
        """There is nothing to close."""


LIAR = Stubborn(Sat(None))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.oracle", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_number_of_processes_changes_nothing_that_is_printed() -> None:
    one, two = (run("--cases", "3", "--seed", str(SEED), "--jobs", jobs) for jobs in ("1", "2"))
    assert (one.returncode, one.stdout) == (two.returncode, two.stdout)
    assert one.returncode == 0
    assert "3 cases" in one.stdout
    assert "`--seed 6` goes on from here" in one.stdout


@pytest.mark.parametrize("second", [LIAR, Stubborn(Unsat(()))])
def test_a_second_solver_that_contradicts_is_noticed_and_the_case_made_small(second: SecondSolver) -> None:
    found = try_choices(from_seed(SEED), second)
    assert found.figures.contradicted == 1
    assert found.disagreement is not None
    assert "two solvers disagree" in found.disagreement.differences[0]
    assert "(check-sat)" in found.disagreement.script
    small = smallest(found.disagreement, 20, second)
    assert len(small.tape) < len(found.disagreement.tape)
    assert "two solvers disagree" in small.differences[0]


def test_a_crash_is_a_find(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*arguments: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(trial, "check_text", crash)
    found = try_choices(from_seed(SEED)).disagreement
    assert found is not None
    assert found.differences == ("ZeroDivisionError: oh",)


def test_a_find_is_kept_as_a_case_that_can_be_checked(tmp_path: Path) -> None:
    found = try_choices(from_seed(SEED), LIAR).disagreement
    assert found is not None
    path = module.kept(tmp_path / "finds", f"seed {SEED}", found)
    assert path.read_text("utf-8").startswith(f"# seed {SEED}\n# two solvers disagree")
    assert not checker.check(path, today=TODAY).findings
    assert path.with_suffix(".smt2").read_text("utf-8") == found.script


def test_finds_are_made_small_after_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Cvc5", lambda: LIAR)
    found = try_choices(from_seed(SEED), LIAR).disagreement
    assert found is not None
    whole = Campaign(SEED, tmp_path)
    whole.keep(f"seed {SEED}", found)
    (small,) = shrunk_finds(whole, True, 20)
    assert small.path == tmp_path / f"seed-{SEED}-small.case"
    assert len(small.disagreement.tape) < len(found.tape)


def test_time_may_be_over_before_all_cases_are(tmp_path: Path) -> None:
    whole = Campaign(SEED, tmp_path)
    over_seeds(whole, None, 0.001, 1, False, lambda _: None)
    assert whole.ended == "time"
    assert whole.next_seed - SEED == whole.figures.cases


def test_an_interruption_leaves_what_was_covered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)

    def interrupt(_: Campaign) -> None:
        raise KeyboardInterrupt

    whole = Campaign(SEED, tmp_path)
    over_seeds(whole, 1_000_000, None, 1, False, interrupt)
    assert whole.ended == "interrupted"
    assert whole.next_seed - SEED == whole.figures.cases == 1


def test_hypothesis_shrinks_what_it_finds_and_tries_it_first_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "try_choices", _two_sorts)
    monkeypatch.setattr(module, "random_file", _sorts)
    first = Campaign(SEED, tmp_path)
    by_hypothesis(first, 50, False, lambda _: None)
    (find,) = first.finds
    assert find.path.exists()
    assert len(find.disagreement.file.case.vocabulary.sorts) == 2
    again = Campaign(SEED, tmp_path)
    by_hypothesis(again, 1, False, lambda _: None)
    assert [found.disagreement.file for found in again.finds] == [find.disagreement.file]


def _sorts(choices: Choices) -> File:
    """A case with a few sorts and nothing else."""
    sorts = tuple(Sort(f"S{index}", ("a",)) for index in range(choices.below(9)))
    return File((), Case("subject", Vocabulary(sorts)))


def _two_sorts(choices: Choices, second: SecondSolver | None) -> Trial:
    """As if the opinions differed on each case with two sorts, without asking any."""
    file = _sorts(choices)
    differ = len(file.case.vocabulary.sorts) > 1
    return Trial(Figures(cases=1), Disagreement(file, ("two",), tuple(choices.made)) if differ else None)
