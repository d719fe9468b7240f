"""``safety-case new``: a starting case can be checked as it is, and its check is a list of things to do."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import checker
from checker.findings import Severity
from checker.load import library_names
from checker.output import OutputError, write_new_file
from checker.parser import parse
from checker.printer import print_file
from checker.starter import Library, StarterError, shelf, starting_case
from tests.reports import ROOT
from tests.test_cli import Run, folder, run

__all__ = ["folder", "run"]

THEORIES = sorted(library_names())
TOGETHER = [
    ["gate", "optimisation_pressure", "elicitation"],
    ["automation"],
    ["control", "monitoring"],
    ["debate", "training"],
    ["honeypots"],
    ["inability"],
    ["agent_and_method", "stale_evidence"],
    ["hand_over"],
    ["research_environment", "correlated_evidence"],
]
"""Every theory of the library is in one of these, or comes along with one."""


@cache
def library() -> Library:
    """The library, read once for all tests."""
    return Library()


def fresh(*theories: str) -> str:
    return starting_case("fresh", theories, library())


def resolved(text: str) -> list[str]:
    """What reading and resolving a text has to say against it."""
    unit = library().loader.load_text(text, "new.case", Path())
    found = [*unit.findings]
    for module in unit.file.modules if not unit.broken else ():
        found += library().resolver.module(unit, module).findings
    return [f"{one.span.line}: {one.message}" for one in found]


@pytest.mark.parametrize("theory", THEORIES)
def test_what_is_proposed_can_be_taken_as_it_stands(theory: str) -> None:
    """Taking out the comment signs adopts all mitigations. Nobody answers for them yet, and none counts as backed."""
    text = fresh(theory)
    adopted = re.sub(r"^  # +(?=adopt )", "  ", text, flags=re.MULTILINE)
    assert adopted.count("\n  adopt ") == text.count("#   adopt ") > 0
    assert resolved(adopted) == []
    assert set(re.findall(r'owner "(.*?)"', text)) == {""}
    assert max(map(len, text.splitlines())) <= 102


@pytest.mark.parametrize("theories", TOGETHER, ids="+".join)
def test_the_first_check_is_a_list_of_things_to_do(theories: list[str]) -> None:
    text = fresh(*theories)
    report = checker.check_text(text, name="fresh.case")
    (case,) = report.cases
    assert report.exit_status == 1
    assert case.verdict == "unproved"
    assert {worry.status for worry in case.worries.values()} == {"open"}
    assert all(possible.status == "satisfiable" for possible in case.possible.values())
    assert not [found for found in (*report.findings, *case.findings) if found.severity is not Severity.NOTE]
    for name, worry in case.worries.items():
        assert text.count(f"# {name}: ") == 1, name
        assert f"#   answer {name} by" in text
        assert all(f"#   adopt {mitigation} " in text for mitigation in worry.mitigations)


def test_every_theory_is_checked_in_some_combination() -> None:
    uses = [name for theories in TOGETHER for name in re.findall(r"^  use (\w+)$", fresh(*theories), re.MULTILINE)]
    assert {*uses, "process_supervision", "scalable_oversight"} == set(THEORIES)


def test_what_a_theory_requires_comes_along_once() -> None:
    text = fresh("automation", "automation")
    assert re.findall(r"^  use (\w+)$", text, re.MULTILINE) == ["automation", "evaluation", "checked_arguments"]


def test_the_layout_is_that_of_the_printer() -> None:
    """Comments aside, which the syntax tree does not hold."""
    text = fresh("gate", "elicitation")
    bare = [
        re.sub(r" +", " ", line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    printed = [re.sub(r" +", " ", line) for line in print_file(parse(text, "x").file).splitlines() if line.strip()]
    assert bare == printed


def test_the_file(run: Run, folder: Path) -> None:
    status, out, err = run("new", "fresh", "--theory", "gate")
    assert (status, err) == (0, "")
    assert out == "fresh.case is written. Its to-do list: safety-case check fresh.case\n"
    written = (folder / "fresh.case").read_text(encoding="utf-8")
    assert written == (ROOT / "tests" / "golden" / "new" / "gate.case").read_text(encoding="utf-8")
    assert run("check", "fresh.case")[0] == 1


def test_nothing_is_written_over(run: Run, folder: Path) -> None:
    (folder / "fresh.case").write_text("mine", encoding="utf-8")
    status, out, err = run("new", "fresh", "--theory", "gate")
    assert (status, out) == (2, "")
    assert "fresh.case is there already, and is left as it is" in err
    assert (folder / "fresh.case").read_text(encoding="utf-8") == "mine"
    (folder / "link.case").symlink_to("nowhere.case")
    assert run("new", "link", "--theory", "gate")[0] == 2
    assert not (folder / "nowhere.case").exists()


def test_to_standard_output(run: Run, folder: Path) -> None:
    status, out, _ = run("new", "fresh", "--theory", "gate", "-o", "-")
    assert (status, out) == (0, fresh("gate"))
    assert not (folder / "fresh.case").exists()


def test_a_full_disk_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="no space left"):
        write_new_file(folder / "a.case", "text")
    assert not (folder / "a.case").exists()


def test_the_library_is_listed(run: Run) -> None:
    status, out, err = run("new", "--list")
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == THEORIES
    assert Counter(theory.worries > 0 for theory in shelf()) == {True: len(THEORIES)}
    status, listed, err = run("new", "fresh")
    assert (status, listed) == (2, "")
    assert err == out + "\nPick some of these: safety-case new fresh --theory THEORY,...\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new"], "the case wants a NAME"),
        (["new", "Fresh", "--theory", "gate"], "`Fresh` cannot be the name of a case"),
        (["new", "case", "--theory", "gate"], "`case` is a word of the language"),
        (["new", "a{}", "--theory", "gate"], "cannot be the name of a case"),
        (["new", "a\x1b[31m", "--theory", "gate"], "cannot be the name of a case"),
        (["new", "../a", "--theory", "gate"], "cannot be the name of a case"),
        (["new", "a { goal g } case b", "--theory", "gate"], "cannot be the name of a case"),
        (["new", "", "--theory", "gate"], "cannot be the name of a case"),
        (["new", "fresh", "--theory", "gates"], "there is no theory `gates` in the library; did you mean `gate`?"),
        (["new", "fresh", "--theory", "xyzzy"], "`safety-case new --list` lists those that there are"),
        (["new", "fresh", "--theory", "gate", "-o", "nowhere/a.case"], "there is no folder"),
    ],
)
def test_calls_that_cannot_be_answered(arguments: list[str], words: str, run: Run, folder: Path) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert "\x1b" not in err
    assert [path.name for path in folder.iterdir()] == ["pyproject.toml"]


def test_a_name_too_long_is_refused() -> None:
    with pytest.raises(StarterError, match="cannot be the name of a case"):
        starting_case("a" * 1000, ["gate"])


def test_the_goal_is_called_like_no_theory() -> None:
    assert "  goal main_goal " in starting_case("main_goal", ["gate"])


def test_no_solver_is_loaded(folder: Path) -> None:
    program = (
        "import sys; from checker.cli import main; main(['new', 'a', '--theory', 'gate']);"
        "sys.exit('z3' in sys.modules or 'networkx' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, timeout=60)
    assert stat.S_ISREG((folder / "a.case").stat().st_mode)
