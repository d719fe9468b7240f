"""Fuzzing, briefly: some hundred texts, the same in each run. ``python -m tests.fuzz`` goes on as long as one wants."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from checker import parser
from checker.findings import Finding, finding
from checker.pipeline import _Run
from checker.report import Report
from checker.source import Span
from tests.fuzz import target
from tests.fuzz.corpus import FINDS, ROOT, seeds, specifications
from tests.fuzz.mutate import _EDITS, mutate, some_text
from tests.fuzz.target import examine, workspace

TEXTS = 300


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with workspace() as here:
        yield here


def test_no_text_breaks_the_checker(folder: Path) -> None:
    """A text is a function of its number, so that a failure is there for the next reader too."""
    outcomes: Counter[str] = Counter()
    for number in range(TEXTS):
        text = some_text(Random(number))
        try:
            outcomes[examine(text, folder)] += 1
        except BaseException as error:
            raise AssertionError(f"text {number} breaks the checker: {text!r}") from error
    assert set(outcomes) == {"unreadable", "not understood", "checked"}


def test_nor_does_one_that_is_found_by_what_the_code_does(tmp_path: Path) -> None:
    """With short texts, as all that there are have to be tried before any new one."""
    pytest.importorskip("atheris", reason="it is not built for this system and version of Python")
    options = ["--minutes", "5", "--runs", "200", "--longest", "400", "--corpus", str(tmp_path)]
    command = [sys.executable, "-m", "tests.fuzz", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    assert list((tmp_path / "found").iterdir()), "nothing that was tried led anywhere new"


@pytest.mark.parametrize("path", sorted(FINDS.glob("*.case")), ids=lambda path: path.stem)
def test_what_went_wrong_once_does_not_again(path: Path, folder: Path) -> None:
    examine(path.read_text("utf-8"), folder)


def test_what_is_made_depends_on_the_number_alone() -> None:
    made = [some_text(Random(number)) for number in range(50)]
    assert made == [some_text(Random(number)) for number in range(50)]
    assert len(set(made)) >= 45


@pytest.mark.parametrize("edit", dict.fromkeys(_EDITS), ids=lambda edit: edit.__name__.strip("_"))
def test_every_edit_edits(edit: Callable[[str, Random], str]) -> None:
    text = specifications()[0]
    made = {edit(text, Random(number)) for number in range(20)}
    assert len(made) >= 3
    assert edit("", Random(1)) is not None


def test_seeds_are_specifications_and_mistakes() -> None:
    assert len(specifications()) >= 40
    assert len(seeds()) - len(specifications()) >= 150
    assert all(mutate(text, Random(0)) is not None for text in ("", "\n", "{"))


# -- the target notices -----------------------------------------------------------------------------------------------

GOOD = "theory t {\n  predicate p\n}\n"
BAD = "theory t {\n  axiom a : nothing\n}\n"


def breaking(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, change: Callable[[Any], Any]) -> None:
    """From now on, what a function gives is changed."""
    whole = getattr(where, name)
    monkeypatch.setattr(where, name, lambda *given, **named: change(whole(*given, **named)))


def misplaced(found: Finding) -> Finding:
    return finding(found.code, Span(target.NAME, 2, 100, 2, 101), about=found.about)


def test_an_exception_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examine(BAD, folder)

    def fail(report: Report) -> Report:
        raise KeyError("a bug")

    breaking(monkeypatch, _Run, "run", fail)
    with pytest.raises(KeyError):
        examine(BAD, folder)


def test_a_place_outside_of_the_text_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, _Run, "run", lambda report: replace(report, findings=tuple(map(misplaced, report.findings))))
    with pytest.raises(AssertionError, match="not in the line"):
        examine(BAD, folder)


def test_a_pass_without_a_decision_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def passes(report: Report) -> Report:
        return replace(report, passed=True, exit_status=0, cases=tuple(replace(c, passed=True) for c in report.cases))

    text = 'case c { predicate p assume a : p owner "x" goal g : p by a }'
    assert examine(text, folder) == "checked"
    breaking(monkeypatch, _Run, "run", passes)
    with pytest.raises(AssertionError, match="nothing was decided"):
        examine(text, folder)


def test_what_acts_on_a_terminal_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, target, "render", lambda text: text + "\x1b[31m")
    with pytest.raises(AssertionError, match="gets out"):
        examine(GOOD, folder)


def test_a_printer_that_says_something_else_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, target, "print_file", lambda text: text.replace("predicate p", "predicate q"))
    with pytest.raises(AssertionError, match="something else"):
        examine(GOOD, folder)


def test_an_unreadable_text_that_is_checked_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parser.parse
    monkeypatch.setattr(target, "parse", lambda _, name: whole("theory {", name))
    with pytest.raises(AssertionError):
        examine(GOOD, folder)
