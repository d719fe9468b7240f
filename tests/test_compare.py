"""``safety-case compare``: what changed between two cases, what of it is worse, and that nothing worse goes unseen."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from checker import pipeline
from checker.comparison import Comparison, Gained, Revised, Wanted, pairs
from checker.render import comparison as rendered
from checker.revisions import Place, RevisionError, check_out, place
from tests.reports import ROOT
from tests.test_cli import Run, folder, run

__all__ = ["folder", "run"]

TODAY = date(2026, 11, 24)
GOLDEN = ROOT / "tests" / "golden" / "compare"

CASE = """\
theory th "A theory." {
  sort S "a thing"
  predicate ok(x: S) "{x} is in order"
  worry bad "Something is bad." unless forall x: S. ok(x)
}
case c "A case" {
  scope { harm "small" }
  use th as t
  sort T
  predicate p "p holds"
  predicate q "q holds"
  predicate r(x: T) "{x} is r"
  define every := forall x: T. r(x)
  evidence e { file "e.txt" }
  assume a "First." : p by e
  assume b "Second." : p implies q owner "x"
  assume d "Third." : every and p owner "x"
  assume ok "All is in order." : forall x: t.S. t.ok(x) owner "x"
  claim h "Half." : q by a, b
  goal g "It holds." : q and every by h, d
  answer t.bad by ok
}
"""


def compared(before: str, after: str, folder: Path) -> Comparison:
    """The comparison of the cases ``c`` of two texts."""
    for name, text in (("before", before), ("after", after)):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "c.case").write_text(text, encoding="utf-8")
        if not (folder / name / "e.txt").exists():
            (folder / name / "e.txt").write_text("seen", encoding="utf-8")
    wanted = [Wanted(folder / name / "c.case", f"{name}.case", name, "c") for name in ("before", "after")]
    found = pipeline.compare_files(wanted[0], wanted[1], pipeline.settings(TODAY, None, None, False))
    assert found.trouble is None, found.trouble
    assert not found.before.findings, found.before.findings
    assert not found.after.findings, found.after.findings
    schema = jsonschema.Draft202012Validator(rendered.schema())
    assert not list(schema.iter_errors(json.loads(rendered.dumps(found))))
    (one,) = found.comparisons
    return one


def changed(old: str, new: str, folder: Path) -> Comparison:
    assert CASE.count(old) == 1
    return compared(CASE, CASE.replace(old, new), folder)


def revised(one: Comparison, name: str) -> Revised:
    (found,) = [statement for statement in one.statements if statement.name == name]
    return found


def test_nothing_changed(tmp_path: Path) -> None:
    one = compared(CASE, CASE, tmp_path)
    assert (one.worse, one.statements, one.leanings, one.details, one.errors) == ((), (), (), {}, Gained())
    assert one.verdict.base == one.verdict.variant == "established"
    assert all(change.base == change.variant for change in one.verdicts.values())


@pytest.mark.parametrize(
    ("new", "relation"),
    [
        ("every and p and q", "equivalent"),  # given `a` and `b`, which both cases assume
        ("every", "equivalent"),
        ("p", "weaker"),
        ("every and (exists x: T. not r(x) or q) and p", "equivalent"),
        ("every and p and (forall x: t.S. t.ok(x))", "equivalent"),
        ("p and exists x: T. r(x)", "weaker"),
    ],
)
def test_an_assumption_is_weaker_or_stronger(new: str, relation: str, tmp_path: Path) -> None:
    """Given what both cases assume and mean by their words."""
    one = changed("every and p owner", f"{new} owner", tmp_path)
    assert revised(one, "d").relation == relation
    assert any("assumption d" in text for text in one.worse) == (relation not in ("weaker", "equivalent"))


def test_nothing_is_told_of_what_a_contradiction_gives(tmp_path: Path) -> None:
    text = CASE.replace("every and p owner", "p owner").replace("q and every by", "q by")
    one = compared(text, text.replace('"Third." : p', '"Third." : p and not q'), tmp_path)
    assert one.verdict.variant == "inconsistent"
    assert revised(one, "d").relation == "undetermined"
    assert "contradicts itself" in (revised(one, "d").reason or "")


def test_an_assumption_that_says_more_is_worse(tmp_path: Path) -> None:
    weak = CASE.replace("every and p owner", "every owner")
    strong = weak.replace("every owner", "every and (exists x: T. r(x) and u(x)) owner").replace(
        "  define", "  predicate u(x: T)\n  define"
    )
    one = compared(weak, strong, tmp_path)
    assert revised(one, "d").relation == "stronger"
    assert "the assumption d says more than it did" in one.worse
    back = compared(strong, weak, tmp_path)
    assert revised(back, "d").relation == "weaker"
    assert not back.worse


def test_what_followed_before_is_no_new_assumption(tmp_path: Path) -> None:
    one = changed("  claim h", '  assume more "More." : q or p owner "x"\n  claim h', tmp_path)
    assert revised(one, "more").given == ("a",)
    assert not one.worse
    one = changed("  claim h", '  predicate z\n  assume more "More." : z owner "x"\n  claim h', tmp_path)
    assert revised(one, "more").given is None
    assert one.worse == ("the assumption more is new, and did not follow before",)
    one = changed("  claim h", "  predicate z\n  axiom more : z\n  claim h", tmp_path)
    assert one.worse == ("the axiom more is new, and did not follow before",)


def test_what_is_gone(tmp_path: Path) -> None:
    more = CASE.replace("  claim h", '  predicate z\n  assume u : z owner "x"\n  assume v : q owner "x"\n  claim h')
    one = compared(more, more.replace('  assume u : z owner "x"\n  assume v : q owner "x"\n', ""), tmp_path)
    assert (revised(one, "u").fate, revised(one, "u").given) == ("gone", None)
    assert (revised(one, "v").fate, revised(one, "v").given) == ("gone", ("a", "b"))
    assert not one.worse


def test_a_goal_that_says_less_is_worse_although_all_passes(tmp_path: Path) -> None:
    one = changed("q and every by h, d", "q by h, d", tmp_path)
    assert one.passed == (True, True)
    assert "the goal g says less than it did" in one.worse
    assert revised(one, "g").drifts  # its text says what it did


def test_a_goal_that_is_no_goal_any_more(tmp_path: Path) -> None:
    one = changed("  goal g", '  goal i "I." : q and p by h, a\n  claim g', tmp_path)
    assert "the goal g is not there any more" in one.worse


def test_a_goal_that_says_less_as_a_definition_changed(tmp_path: Path) -> None:
    """Its text is the same to the letter."""
    one = changed("forall x: T. r(x)", "exists x: T. r(x)", tmp_path)
    goal = revised(one, "g")
    assert (goal.relation, goal.before, goal.drifts) == ("weaker", goal.after, True)
    assert "the goal g says less than it did" in one.worse
    assert one.details["meanings"]["every"].variant == ":= exists x: T. r(x)"


def test_a_worry_that_asks_for_less_is_worse(tmp_path: Path) -> None:
    one = changed("unless forall x: S. ok(x)", "unless exists x: S. ok(x)", tmp_path)
    assert "the worry t.bad says less than it did" in one.worse
    assert list(one.details["theories"]) == ["t"]


def test_a_comment_in_a_theory_changes_its_hash_and_no_more(tmp_path: Path) -> None:
    one = changed("  sort S", "  # which\n  sort S", tmp_path)
    assert not one.worse
    assert not one.statements
    assert list(one.details) == ["theories"]


def test_worries_that_come_and_fall(tmp_path: Path) -> None:
    one = changed("}\ncase", '  worry other "Another." unless exists x: S. not ok(x)\n}\ncase', tmp_path)
    assert "the case does not pass any more" in one.worse
    assert "the worry t.other is new, and refuted" in one.worse
    one = changed("  answer t.bad by ok\n", '  accept t.bad "So what." owner "x" until 2027-01-01\n', tmp_path)
    assert one.details["acceptances"]["t.bad"].variant == "So what. [x until 2027-01-01]"
    text = CASE.replace('  assume ok "All is in order." : forall x: t.S. t.ok(x) owner "x"\n', "").replace(
        "answer t.bad by ok", 'accept t.bad "So what." owner "x" until 2027-01-01'
    )
    assert "t.bad is accepted, and was assumed" in compared(CASE, text, tmp_path).worse


def test_a_claim_that_leans_on_more(tmp_path: Path) -> None:
    text = CASE.replace("q and every by h, d", "q and every by h, d barring w").replace(
        "  claim h", '  worry w "W." unless p\n  accept w "Idle." owner "x" until 2027-01-01\n  claim h'
    )
    one = compared(
        text,
        text.replace('W." unless p', 'W." unless not p or z').replace("  define", "  predicate z\n  define"),
        tmp_path,
    )
    assert "g now rests on w as well" in one.worse
    less = CASE.replace("p implies q owner", "q owner").replace("q by a, b", "q by b")
    more = less.replace('"Second." : q owner', '"Second." : p implies q owner').replace("q by b", "q by a, b")
    assert "h now leans on a as well" in compared(less, more, tmp_path).worse


def test_evidence_scope_and_owners(tmp_path: Path) -> None:
    compared(CASE, CASE, tmp_path)
    (tmp_path / "after" / "e.txt").write_text("altered", encoding="utf-8")
    one = compared(CASE, CASE.replace('"small"', '"large"').replace('q owner "x"', "q"), tmp_path)
    assert (one.details["scope"]["harm"].base, one.details["scope"]["harm"].variant) == ("small", "large")
    assert one.details["evidence"]["e"].base != one.details["evidence"]["e"].variant
    assert "nothing backs the assumption b any more" in one.worse
    (tmp_path / "after" / "e.txt").unlink()
    (tmp_path / "after" / "e.txt").mkdir()
    assert "the evidence e is missing" in compared(CASE, CASE, tmp_path).worse


def test_text_and_formula_that_drift_apart(tmp_path: Path) -> None:
    one = changed('"Second."', '"Second, and last."', tmp_path)
    assert (revised(one, "b").fate, revised(one, "b").drifts, one.worse) == ("reworded", True, ())
    one = changed('predicate p "p holds"', 'predicate p "p is so"', tmp_path)
    assert one.details["words"]["p"].variant == "p is so"


def test_different_things_of_one_name_are_not_taken_for_one(tmp_path: Path) -> None:
    one = changed("sort T\n", "sort T = { only }\n", tmp_path)
    goal = revised(one, "g")
    assert goal.relation == "undetermined"
    assert "`T`" in (goal.reason or "")
    assert any("the goal g may say less than it did" in text for text in one.worse)


@pytest.mark.parametrize(
    ("before", "after", "wanted", "expected"),
    [
        (["a"], ["b"], (None, None), ([("a", "b")], Gained())),
        (["a", "b"], ["b", "c"], (None, None), ([("b", "b")], Gained(("c",), ("a",)))),
        (["a", "b"], ["b"], ("a", None), ([("a", "b")], Gained())),
        (["a", "b"], ["a", "b"], ("a", None), ([("a", "a")], Gained())),
        (["a", "b"], ["a", "b"], (None, "b"), ([("b", "b")], Gained())),
        (["a", "b"], ["a", "b"], ("a", "b"), ([("a", "b")], Gained())),
        (["a"], ["b", "c"], (None, None), "no case is in both"),
        (["a", "b"], ["c", "d"], ("a", None), "it is not clear which"),
        (["a"], ["b"], ("x", None), "there is no case `x` among `a`"),
        (["a"], [], (None, None), "no case is in both, of `a` and none"),
    ],
)
def test_pairs(before: list[str], after: list[str], wanted: tuple[str | None, str | None], expected: object) -> None:
    found = pairs(before, after, wanted)
    assert found.startswith(str(expected)) if isinstance(found, str) else found == expected


# -- revisions ---------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", "-c", "commit.gpgsign=false", *arguments],
        cwd=folder,
        env={**os.environ, **who},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(folder: Path) -> Path:
    """A repository with a case that imports a theory and cites evidence, in folders, at the tag ``old``."""
    theory, _, case = CASE.partition("}\n")
    (folder / "th").mkdir()
    (folder / "cases").mkdir()
    (folder / "th" / "th.case").write_text(f"{theory}}}\n", encoding="utf-8")
    (folder / "cases" / "c.case").write_text(
        'import "../th/th.case"\n' + case.replace('"e.txt"', '"../e.txt"'), encoding="utf-8"
    )
    (folder / "e.txt").write_text("seen", encoding="utf-8")
    (folder / "cases" / "link.case").symlink_to("c.case")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "tag", "old")
    return folder


def test_a_case_at_two_revisions(repository: Path, run: Run) -> None:
    path = repository / "cases" / "c.case"
    path.write_text(path.read_text("utf-8").replace("q and every by", "q by"), encoding="utf-8")
    (repository / "e.txt").write_text("altered", encoding="utf-8")
    status, out, err = run("compare", "old:cases/c.case", "cases/c.case", "--today", "2026-11-24")
    assert (status, err) == (1, "")
    golden = GOLDEN / "revisions.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")
    git(repository, "commit", "-q", "-a", "-m", "two")
    assert run("compare", "HEAD:cases/c.case", "cases/c.case#c", "--today", "2026-11-24")[0] == 0
    again = run("compare", "HEAD~1:cases/c.case#c", "HEAD:cases/c.case", "--today", "2026-11-24", "--format", "json")
    assert again[0] == 1
    assert json.loads(again[1])["worse"] is True
    assert again == run(
        "compare", "HEAD~1:cases/c.case#c", "HEAD:cases/c.case", "--today", "2026-11-24", "--format", "json"
    )


def test_paths_are_those_of_git(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "cases")
    for number, path in enumerate(["cases/c.case", "/cases/c.case", "./c.case", "../cases/c.case"]):
        to = tmp_path / str(number)
        to.mkdir()
        assert check_out(Place(path, "old"), to) == to / "cases" / "c.case"
        found = {p.relative_to(to).as_posix() for p in to.rglob("*") if p.is_file()}
        assert found == {"cases/c.case", "th/th.case", "e.txt", "pyproject.toml"}


@pytest.mark.parametrize(
    ("revision", "path", "words"),
    [
        ("nowhere", "cases/c.case", "the repository has no revision `nowhere`"),
        ("old", "cases/d.case", "`old` holds no file `cases/d.case`"),
        ("old", "cases", "holds no file"),
        ("old", "cases/link.case", "holds no file"),
        ("old", "../c.case", "outside the repository"),
        ("old", "cases/../../c.case", "outside the repository"),
        ("old", ".git/config", "outside the repository"),
        ("--help", "cases/c.case", "`--help` is no revision"),
        ("--output=x", "cases/c.case", "is no revision"),
        ("old\n", "cases/c.case", "is no revision"),
        ("old:cases", "c.case", "the repository has no revision"),
    ],
)
def test_revisions_that_cannot_be_read(revision: str, path: str, words: str, repository: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    to.mkdir()
    with pytest.raises(RevisionError, match=words):
        check_out(Place(path, revision), to)
    assert not [p for p in to.rglob("*") if p.is_file()]


def test_nothing_of_a_repository_is_run(repository: Path, tmp_path: Path) -> None:
    """Neither filters nor hooks nor anything else that its configuration names, and nothing in it changes."""
    mark = tmp_path / "ran"
    for name in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        hook = repository / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
        hook.chmod(0o755)
    for key in ("filter.evil.smudge", "filter.evil.process", "core.fsmonitor", "core.pager", "diff.evil.textconv"):
        git(repository, "config", key, f"touch {mark}")
    (repository / ".git" / "info" / "attributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in sorted(repository.rglob("*")) if tmp_path / "to" not in (p, *p.parents)}
    to = tmp_path / "to"
    to.mkdir()
    check_out(Place("cases/c.case", "old"), to)
    assert not mark.exists()
    assert (to / "e.txt").read_text(encoding="utf-8") == "seen"
    after = {p: p.stat().st_mtime_ns for p in before}
    assert {p for p in before if before[p] != after[p] and p != tmp_path} == set()


def test_what_leads_out_of_a_revision_is_not_read(repository: Path, tmp_path: Path) -> None:
    (repository / "cases" / "c.case").write_text(
        'import "../../secret.case"\nimport "/etc/x.case"\n'
        'case c { evidence e { file "../../secret" } goal g : true }\n',
        encoding="utf-8",
    )
    git(repository, "commit", "-q", "-a", "-m", "out")
    (tmp_path / "to" / "inner").mkdir(parents=True)
    check_out(Place("cases/c.case", "HEAD"), tmp_path / "to" / "inner")
    found = {p.relative_to(tmp_path / "to").as_posix() for p in (tmp_path / "to").rglob("*") if p.is_file()}
    assert found == {"inner/cases/c.case", "inner/pyproject.toml"}


def test_too_much_evidence_is_refused(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.revisions.MAX_EVIDENCE", 3)
    (tmp_path / "to").mkdir()
    with pytest.raises(RevisionError, match="larger than 3 bytes"):
        check_out(Place("cases/c.case", "old"), tmp_path / "to")


def test_without_git_or_a_repository(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "c.case").write_text(CASE, encoding="utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    status, out, err = run("compare", "HEAD:c.case", "c.case")
    assert (status, out) == (2, "")
    assert "HEAD:c.case: the current folder is in no git repository" in err
    monkeypatch.setenv("PATH", str(folder))
    assert "there is no program git" in run("compare", "HEAD:c.case", "c.case")[2]


def test_places(folder: Path) -> None:
    (folder / "a:b").write_text("", encoding="utf-8")
    (folder / "a#b").write_text("", encoding="utf-8")
    (folder / "x.case").write_text("", encoding="utf-8")
    assert place("a:b") == Place("a:b")
    assert place("a#b") == Place("a#b")
    assert place("x.case#c") == Place("x.case", None, "c")
    assert place("HEAD:x.case") == Place("x.case", "HEAD")
    assert place("HEAD^{/fix: it}:x.case#c") == Place("x.case", "HEAD^{/fix: it}", "c")
    assert place("nowhere.case") == Place("nowhere.case")
    assert place(":x.case") == Place(":x.case")
    assert place("HEAD:a#B.case") == Place("a#B.case", "HEAD")


def test_calls_that_cannot_be_answered(run: Run, folder: Path) -> None:
    (folder / "c.case").write_text(CASE, encoding="utf-8")
    (folder / "e.txt").touch()
    (folder / "broken.case").write_text("case c {", encoding="utf-8")
    for arguments, words in (
        (["c.case", "nowhere.case"], "there is no such file"),
        (["c.case", "broken.case"], "broken.case:1"),
        (["c.case#d", "c.case"], "there is no case `d` among `c`"),
        (["c.case", "."], "is not a regular file"),
        (["c.case"], "Missing argument 'OTHER'"),
    ):
        status, out, err = run("compare", *arguments)
        assert (status, out) == (2, ""), arguments
        assert words in err


def test_a_case_that_is_gone_is_worse(run: Run, folder: Path) -> None:
    (folder / "e.txt").touch()
    two = CASE + 'case d { assume a : true owner "x" goal g : true by a }\n'
    (folder / "two.case").write_text(two, encoding="utf-8")
    (folder / "one.case").write_text(CASE, encoding="utf-8")
    status, out, _ = run("compare", "two.case", "one.case#c")
    assert status == 0
    (folder / "three.case").write_text(two.replace("case d", "case f"), encoding="utf-8")
    status, out, _ = run("compare", "two.case", "three.case")
    assert (status, "Only before: d" in out, "Only after: f" in out) == (1, True, True)


def test_a_variant_beside_its_base(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    file = "examples/control_korbak.case"
    status, out, err = run("compare", f"{file}#control_korbak", f"{file}#control_repaired", "--today", "2026-11-24")
    assert (status, err) == (1, "")
    golden = GOLDEN / "control_repaired.txt"
    if not golden.exists():
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


def test_the_schema_can_refuse(tmp_path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(rendered.schema())
    validator = jsonschema.Draft202012Validator(rendered.schema())
    assert list(validator.iter_errors({"version": 1}))
