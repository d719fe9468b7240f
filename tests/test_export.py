"""Obligations as files: any solver decides them as the report says, they are named for people, and nothing is lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import checker
from checker import cli, discharge, pipeline, smtlib, z3_library
from checker.decided import LONGEST_STEM, Decided
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Undetermined
from checker.export import INDEX, export, is_export
from checker.report import Report
from tests.deciders import by_cvc5, by_z3

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 24)

CASE = """\
case small "Größe" {
  sort Thing
  predicate bad(t: Thing) "{t} is bad"
  predicate seen(t: Thing) "{t} is seen"
  assume looks "Everything is seen." : forall t: Thing. seen(t) owner "x"
  worry unseen "Something bad is not seen." unless forall t: Thing. bad(t) implies seen(t)
  answer unseen by looks
  goal none_bad "Nothing is bad." : forall t: Thing. not bad(t) by looks
}
"""

Index = dict[str, Any]


def options(only: tuple[str, ...] = ()) -> pipeline.Settings:
    return pipeline.settings(TODAY, None, None, strict=False, only=only, repairs=False)


@cache
def exported(*paths: str) -> tuple[Report, tuple[Decided, ...], dict[str, str]]:
    """The report on files of the repository, what was decided for it, and the files that it is exported to."""
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        report, decided = pipeline.decide_paths(paths, options())
    finally:
        os.chdir(here)
    return report, decided, export(decided, report.options)[0]


def index_of(files: dict[str, str]) -> Index:
    loaded: Index = json.loads(files[INDEX])
    return loaded


# -- what solvers make of the files ----------------------------------------------------------------------------------

LIBRARY = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "specs").glob("*.case")))
EXAMPLES = ("examples/coding_agent.case", "examples/gate_review.case", "examples/control_korbak.case")

HARD_FOR_CVC5 = {"gate_review.worry.process.emergence.smt2", "gate_review.source.harmful_changes_held.smt2"}
"""What cvc5 decides only if it is told to look at finite models."""


@pytest.mark.parametrize("path", [*LIBRARY, *EXAMPLES])
def test_solvers_decide_every_file_as_the_index_says(path: str) -> None:
    _, _, files = exported(path)
    entries = index_of(files)["obligations"]
    assert {entry["file"] for entry in entries} == set(files) - {INDEX}
    for entry in entries:
        text = files[entry["file"]]
        assert f"(set-info :status {entry['status']})\n" in text
        assert entry["status"] != "unknown"
        assert by_z3(text) == entry["status"], entry["file"]
        assert by_cvc5(text) in {entry["status"], *["unknown"] * (entry["file"] in HARD_FOR_CVC5)}, entry["file"]


@pytest.mark.parametrize("name", sorted(HARD_FOR_CVC5))
def test_cvc5_decides_the_rest_if_it_is_told_to(name: str) -> None:
    _, _, files = exported("examples/gate_review.case")
    assert by_cvc5(files[name]) == "unknown", "else it need not be told"
    assert by_cvc5(f"(set-option :finite-model-find true)\n{files[name]}") == "unsat"


def test_the_programs_decide_them_too(tmp_path: Path) -> None:
    """The stock program, where it stands beside this Python; it is the same solver, with another way in."""
    program = Path(sys.executable).with_name("z3")
    _, _, files = exported("examples/coding_agent.case")
    for entry in index_of(files)["obligations"]:
        path = tmp_path / entry["file"]
        path.write_text(files[entry["file"]], encoding="utf-8")
        answer = by_z3(path.read_text("utf-8"))
        if program.exists():
            done = subprocess.run([program, path], capture_output=True, text=True, timeout=60, check=True)
            answer = done.stdout.strip()
        assert answer == entry["status"]


def test_a_wrong_status_is_noticed_by_solvers() -> None:
    """So that they decide a file as it says means something."""
    _, _, files = exported("examples/coding_agent.case")
    for name in ("coding_agent.step.deployable.smt2", "coding_agent.worry.ev.emergence.smt2"):
        wrong = re.sub(r"(?m)^\(set-info :status (\w+)\)$", _opposite, files[name])
        with pytest.raises(z3_library.load().Z3Exception, match="check annotation that says"):
            by_z3(wrong)
        assert "Expected result" in by_cvc5(wrong)


def _opposite(found: re.Match[str]) -> str:
    return f"(set-info :status {'unsat' if found[1] == 'sat' else 'sat'})"


def test_the_index_agrees_with_the_report() -> None:
    report, _, files = exported("examples/coding_agent.case")
    (case,) = [case for case in report.cases if case.name == "coding_agent"]
    status = {(e["case"], e["obligation"]): e["status"] for e in index_of(files)["obligations"]}
    assert case.claims["deployable"].step == "valid"
    assert status["coding_agent", "step deployable"] == "unsat"
    holds = ("dispelled", "assumed", "conditional")
    for name, worry in case.worries.items():
        wanted = "unsat" if worry.without_acceptance in holds else "sat"
        assert status["coding_agent", f"worry {name}"] == wanted, name
    assert status["coding_agent", "consistency"] == "sat"
    assert status["coding_agent", "possible ev.hazard"] == "sat"


def test_everything_that_is_decided_is_exported() -> None:
    _, decided, files = exported("examples/gate_review.case")
    index = index_of(files)
    assert index["left_out"] == []
    asked = Counter((one.case.name, one.obligation.question.name) for one in decided)
    assert Counter((e["case"], e["obligation"]) for e in index["obligations"]) == asked
    found = {Entailed: "unsat", Refuted: "sat", Undetermined: "unknown"}
    assert [e["status"] for e in index["obligations"]] == [found[type(one.answer)] for one in decided]


# -- what stands in a file -------------------------------------------------------------------------------------------


def small() -> dict[str, str]:
    """The files for the case above."""
    report, decided = _decide(CASE)
    return export(decided, report.options)[0]


def _decide(text: str) -> tuple[Report, list[Decided]]:
    decided: list[Decided] = []
    from checker.load import Loader

    loader = Loader()
    with pipeline._running(loader, options()) as run:
        return run.run([loader.load_text(text, "small.case", ROOT)], decided.append), decided


def body(text: str) -> str:
    """A file without its checksum, which must be right, and without the version of the solver."""
    first, _, rest = text.partition("\n")
    assert first == f"; safety-case export, sha256 of the lines below: {hashlib.sha256(rest.encode()).hexdigest()}"
    return re.sub(r"z3 [0-9.]+[0-9]", "z3 VERSION", rest)


def test_an_obligation_that_holds_is_written_as_it_stands() -> None:
    assert (
        body(small()["small.worry.unseen.smt2"])
        == """\
; worry unseen, of case small (small.case:6)
; unsat: `unseen` does not occur where its answer holds
; sat: `unseen` can occur for all that answers it
; found: unsat, by z3 VERSION
; to leave a premise out, take its line (assert gN) away
(set-info :smt-lib-version 2.6)
(set-logic ALL)
(set-info :status unsat)
(declare-sort s0 0) ; Thing
(declare-fun f0 (s0) Bool) ; seen
(declare-fun f1 (s0) Bool) ; bad
(declare-fun g0 () Bool) ; looks
(assert (=> g0 (forall ((v1 s0)) (f0 v1))))
(assert (not (forall ((v2 s0)) (=> (f1 v2) (f0 v2))))) ; the conclusion, negated
(assert g0)
(check-sat)
(exit)
"""
    )


def test_an_obligation_that_fails_is_written_for_structures_of_a_size() -> None:
    assert (
        body(small()["small.step.none_bad.smt2"])
        == """\
; step none_bad, of case small (small.case:8)
; asked of structures with just 1 of Thing
; unsat: contradicts the answer that was found, and shows nothing about other structures
; sat: what `none_bad` cites can hold while it does not
; found: sat, by z3 VERSION; the countermodel was replayed
; to leave a premise out, take its line (assert gN) away
(set-info :smt-lib-version 2.6)
(set-logic ALL)
(set-info :status sat)
(declare-sort s0 0) ; Thing
(declare-fun c0_0 () s0)
(declare-fun f0 (s0) Bool) ; seen
(declare-fun f1 (s0) Bool) ; bad
(declare-fun g0 () Bool) ; looks
(assert (=> g0 (f0 c0_0)))
(assert (not (not (f1 c0_0)))) ; the conclusion, negated
(assert g0)
(check-sat)
(exit)
"""
    )


def test_a_premise_can_be_left_out_by_its_line() -> None:
    text = small()["small.worry.unseen.smt2"].replace("(set-info :status unsat)\n", "")
    assert by_z3(text) == "unsat"
    assert by_z3(text.replace("(assert g0)\n", "")) == "sat"


HARD = """\
case hard {
  const a, b: Real
  assume positive : 0 < a and 0 < b owner "x"
  goal product : a * b > 1 by positive
  claim all_numbers : forall x: Real. a < x by positive
  claim quotient : 1 / a > 1 by positive
  claim sum_of_two : a + b * 2 > 1 by positive
  define slope(x: Real): Real := a * x
  claim defined : slope(2) > 1 by positive
}
"""


def test_where_sizes_do_not_make_it_easy_the_countermodel_itself_is_written() -> None:
    report, decided = _decide(HARD)
    files = export(decided, report.options)[0]
    form = {e["obligation"]: (e["form"], e["status"]) for e in index_of(files)["obligations"]}
    for name in ("product", "all_numbers", "quotient", "defined"):
        assert form[f"step {name}"] == ("in the countermodel", "sat"), name
    assert form["step sum_of_two"] == ("as it stands", "sat")
    text = files["hard.step.product.smt2"]
    assert "; asked of the countermodel that was found, with all of its values\n" in text
    assert re.search(r"(?m)^\(define-fun f0 \(\) Real .*\) ; a$", text)
    for name, text in files.items():
        if name != INDEX:
            status = re.findall(r"(?m)^\(set-info :status (\w+)\)$", text)
            assert [by_z3(text)] == [by_cvc5(text)] == status, name


def test_what_was_not_decided_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = discharge.answer

    def undecided(question: Question, limits: Limits) -> Answer:
        found = Undetermined(Reason.BUDGET, searched=2)
        return found if question.name == "worry unseen" else answer(question, limits)

    monkeypatch.setattr(discharge, "answer", undecided)
    text = small()["small.worry.unseen.smt2"]
    assert "(set-info :status unknown)\n" in text
    assert (
        "; found: no answer, the solver's budget ran out; no scenario with at most 2 individuals of each sort exists\n"
        in text
    )
    assert by_z3(text) == by_cvc5(text) == "unsat"


def test_what_cannot_be_written_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    report, decided = _decide(CASE)
    monkeypatch.setattr(smtlib, "MAX_SCRIPT", 4)
    files, told = export(decided, report.options)
    index = index_of(files)
    assert len(index["left_out"]) == len(decided) - len(index["obligations"]) > 0
    (lost,) = [one for one in index["left_out"] if one["obligation"] == "worry unseen"]
    assert lost["reason"] == "it grows too large when definitions, counts and quantifiers are spelled out"
    assert (lost["case"], lost["line"]) == ("small", 6)
    assert f"; {len(index['left_out'])} cannot be written, see {INDEX}" in told


def test_the_index_says_what_each_file_asks() -> None:
    index = index_of(small())
    assert list(index) == [
        "format", "version", "checker", "solver", "today", "budget", "timeout", "obligations", "left_out", "sha256",
    ]  # fmt: skip
    (entry,) = [e for e in index["obligations"] if e["obligation"] == "step none_bad"]
    assert entry == {
        "file": "small.step.none_bad.smt2",
        "case": "small",
        "obligation": "step none_bad",
        "kind": "step",
        "about": "none_bad",
        "source": "small.case",
        "line": 8,
        "column": 8,
        "status": "sat",
        "form": "of these sizes",
        "sizes": {"Thing": 1},
        "unsat": "contradicts the answer that was found, and shows nothing about other structures",
        "sat": "what `none_bad` cites can hold while it does not",
        "premises": {"g0": "looks"},
    }


# -- names -----------------------------------------------------------------------------------------------------------


def test_names_are_readable_and_mean_one_file_everywhere() -> None:
    for path in EXAMPLES:
        files = exported(path)[2]
        assert len({name.casefold() for name in files}) == len(files)
        for name in files:
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.(smt2|json)", name)
    names = set(exported("examples/coding_agent.case")[2])
    assert {
        "coding_agent.step.deployable.smt2",
        "coding_agent.worry.ev.emergence.smt2",
        "coding_agent.axioms-alone.deployable.smt2",
        "coding_agent.vacuity.deployable-1.smt2",
        "coding_agent.consistency.smt2",
    } <= names


def renamed(one: Decided, name: str) -> Decided:
    from dataclasses import replace

    question = replace(one.obligation.question, name=name)
    return replace(one, obligation=replace(one.obligation, question=question))


def test_names_that_would_meet_are_numbered() -> None:
    report, decided = _decide(CASE)
    one = next(d for d in decided if d.obligation.question.name == "step none_bad")
    names = ["value a + b", "value a * b", "value A + b", "value a + b", "step ../../x", "step " + "x" * 400]
    files = export([renamed(one, name) for name in names], report.options)[0]
    assert set(files) == {
        "small.step.value-a-b.smt2",
        "small.step.value-a-b-2.smt2",
        "small.step.value-A-b-3.smt2",
        "small.step.x.smt2",
        f"{('small.step.' + 'x' * 400)[:LONGEST_STEM]}.smt2",
        INDEX,
    }


def test_the_bytes_depend_on_nothing_else() -> None:
    script = (
        "import hashlib, sys\nfrom tests.test_export import exported\n"
        "files = exported('examples/gate_review.case')[2]\n"
        "print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_an_export_knows_its_own_files_and_their_changes() -> None:
    for name, text in small().items():
        data = text.encode()
        assert is_export(name, data)
        assert not is_export(name, data + b"\n")
        assert not is_export(name, data.replace(b"small", b"smell"))
        assert not is_export("other" + Path(name).suffix.replace("smt2", "txt"), data)
    for data in (b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"format": "safety-case export"}'):
        assert not is_export(INDEX, data)
        assert not is_export("x.smt2", data)


# -- the command and its folder --------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "small.case").write_text(CASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["export", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_command_writes_the_folder_and_says_what(run: Run, folder: Path) -> None:
    status, out, err = run("small.case", "--smt2", "out", "--today", "2026-11-24")
    count = len(small()) - 1
    assert (status, err) == (0, "")
    assert re.fullmatch(rf"out: {count} obligations \(\d+ unsat, \d+ sat\)\n", out)
    assert held(folder / "out") == {name: text.encode() for name, text in sorted(small().items())}
    assert sorted(path.name for path in folder.iterdir()) == ["out", "pyproject.toml", "small.case"]
    assert checker.check("small.case", today=TODAY).exit_status == 1, "the exit status of an export is another matter"


def test_an_earlier_export_is_replaced(run: Run, folder: Path) -> None:
    run("small.case", "--smt2", "out")
    before = held(folder / "out")
    (folder / "small.case").write_text(CASE.replace("none_bad", "never_bad"), encoding="utf-8")
    assert run("small.case", "--smt2", "out")[0] == 0
    after = held(folder / "out")
    assert "small.step.none_bad.smt2" in before
    assert "small.step.none_bad.smt2" not in after
    assert "small.step.never_bad.smt2" in after
    (folder / "small.case").write_text(CASE, encoding="utf-8")
    assert run("small.case", "--smt2", "out")[0] == 0
    assert held(folder / "out") == before


def refused(run: Run, folder: Path, name: str) -> None:
    before = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    status, out, err = run("small.case", "--smt2", "out")
    assert (status, out) == (2, "")
    assert err == f"Error: out cannot be written: it holds {name}, which is no earlier export, or was changed since\n"
    assert {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")} == before


@pytest.mark.parametrize("name", ["notes.txt", "small.step.none_bad.smt2", "index.json", ".gitignore", "z.smt2"])
def test_a_file_of_somebody_else_is_left_alone(run: Run, folder: Path, name: str) -> None:
    (folder / "out").mkdir()
    (folder / "out" / name).write_text("mine", encoding="utf-8")
    refused(run, folder, name)
    (folder / "out" / name).unlink()
    assert run("small.case", "--smt2", "out")[0] == 0
    (folder / "out" / name).write_text("mine", encoding="utf-8")
    refused(run, folder, name)


def test_an_export_that_was_changed_is_left_alone(run: Run, folder: Path) -> None:
    run("small.case", "--smt2", "out")
    path = folder / "out" / "small.step.none_bad.smt2"
    path.write_text(path.read_text("utf-8").replace("(assert g0)\n", ""), encoding="utf-8")
    refused(run, folder, path.name)


def test_links_and_folders_are_left_alone(run: Run, folder: Path) -> None:
    run("small.case", "--smt2", "out")
    link = folder / "out" / "small.step.none_bad.smt2"
    link.rename(folder / "elsewhere.smt2")
    link.symlink_to("../elsewhere.smt2")
    refused(run, folder, link.name)
    link.unlink()
    (folder / "out" / "more").mkdir()
    refused(run, folder, "more")


def test_what_a_killed_process_left_behind_is_in_nobodys_way(run: Run, folder: Path) -> None:
    run("small.case", "--smt2", "out")
    (folder / "out" / ".safety-case-x1.part").write_text("half", encoding="utf-8")
    assert run("small.case", "--smt2", "out")[0] == 0


@pytest.mark.parametrize("after", [0, 3])
def test_a_full_disk_changes_nothing(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    fsync, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        status, out, err = run("small.case", "--smt2", "out")
        assert (status, out) == (2, "")
        assert err == "Error: out cannot be written: no space left on device\n"
        assert not (folder / "out").exists()
    run("small.case", "--smt2", "out")
    before = held(folder / "out")
    (folder / "small.case").write_text(CASE.replace("none_bad", "never_bad"), encoding="utf-8")
    calls.clear()
    monkeypatch.setattr(os, "fsync", full)
    assert run("small.case", "--smt2", "out")[0] == 2
    assert held(folder / "out") == before


def test_a_folder_that_cannot_be_made_is_a_sentence(run: Run, folder: Path) -> None:
    assert "no such file or directory" in run("small.case", "--smt2", "not/there")[2]
    status, _, err = run("small.case", "--smt2", "small.case")
    assert status == 2
    assert err == "Error: small.case cannot be written: not a directory\n"
    assert (folder / "small.case").read_text("utf-8") == CASE


def test_a_case_that_is_not_understood_is_2_and_writes_nothing(run: Run, folder: Path) -> None:
    (folder / "broken.case").write_text(CASE.replace("not bad(t)", "not mad(t)"), encoding="utf-8")
    for path, words in (("broken.case", "`mad` is not declared here"), ("nowhere.case", "`nowhere.case`")):
        status, out, err = run(path, "--smt2", "out")
        assert (status, out) == (2, "")
        assert words in err
        assert not (folder / "out").exists()


def test_only_chooses_among_the_cases_of_a_file(run: Run, folder: Path) -> None:
    (folder / "two.case").write_text(CASE + CASE.replace("case small", "case other"), encoding="utf-8")
    assert run("two.case", "--smt2", "out", "--only", "other")[0] == 0
    assert {name.split(".")[0] for name in held(folder / "out")} == {"other", "index"}
    assert run("two.case", "--smt2", "out", "--only", "nobody")[0] == 2


@pytest.mark.parametrize(
    "arguments", [[], ["small.case"], ["--smt2", "out"], ["small.case", "--smt2", "out", "--jobs", "0"]]
)
def test_a_wrong_call_is_2(run: Run, folder: Path, arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2
    assert not (folder / "out").exists()


def test_a_failure_of_our_own_is_3(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(pipeline, "decide_paths", fails)
    status, out, err = run("small.case", "--smt2", "out")
    assert (status, out) == (3, "")
    assert "the checker itself failed" in err


def test_a_full_standard_output_is_a_sentence(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        call = [sys.executable, "-m", "checker", "export", "small.case", "--smt2", "out"]
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == "Error: standard output cannot be written: no space left on device\n"
