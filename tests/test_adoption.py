"""Silencing findings by settings, and adopting the checker with a baseline: nothing is hidden by either."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import baseline, cli
from checker.baseline import BaselineError, beside, dumps, entries, read
from checker.findings import Severity, finding
from checker.report import KnownProblem, Report
from checker.rules import Rules, matches
from checker.settings import SettingsError, read_settings
from tests import handmade
from tests.handmade import case, claim, report, span, worry

Run = Callable[..., tuple[int, str, str]]

WARNS = """\
case warns {
  predicate p
  predicate q
  assume a : p owner "x"
  assume b : p implies q owner "y"
  assume idle : p or q owner "z"
  goal g : q by a, b
}
"""
BAD = """\
case bad {
  predicate p
  predicate q
  predicate r
  assume a : p owner "x"
  worry w "It may not be r." unless r
  goal g : q by a
}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in an empty project: its exit status, and what it printed and complained."""
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def settle(text: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.safety-case]\n{text}\n", "utf-8")


# -- settings ----------------------------------------------------------------------------------------------------------


def test_what_is_silenced_is_counted_and_not_hidden(run: Run) -> None:
    Path("warns.case").write_text(WARNS, "utf-8")
    settle('ignore = ["unused-assumption"]')
    status, out, _ = run("check")
    assert status == 0
    assert "warning[" not in out
    assert "1 finding is silenced by settings." in " ".join(out.split())
    data = json.loads(run("check", "--format", "json")[1])
    assert [found["code"] for found in data["cases"][0]["silenced"]] == ["unused-assumption"]
    assert (data["cases"][0]["summary"]["silenced"], data["cases"][0]["summary"]["warnings"]) == (1, 0)
    assert run("check", "--strict")[0] == 0


def test_a_warning_can_be_made_an_error(run: Run) -> None:
    Path("warns.case").write_text(WARNS, "utf-8")
    settle('severity = { "unused-assumption" = "error" }')
    status, out, _ = run("check")
    assert status == 1
    assert "error[unused-assumption]" in out


def test_files_have_settings_of_their_own(run: Run) -> None:
    Path("legacy").mkdir()
    for path in ("legacy/old.case", "new.case"):
        Path(path).write_text(WARNS.replace("warns", Path(path).stem), "utf-8")
    settle('per-file-ignores = { "legacy/*.case" = ["unused-assumption"] }')
    data = json.loads(run("check", "--format", "json")[1])
    assert {one["name"]: len(one["silenced"]) for one in data["cases"]} == {"old": 1, "new": 0}


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("strict", [False, True])
def test_no_rule_silences_or_lowers_an_error(severity: Severity, *, strict: bool) -> None:
    found = replace(finding("unused-assumption", span(), about="a"), severity=Severity.ERROR)
    rules = Rules(("unused-assumption",), (("**", ("unused-assumption",)),), {"unused-assumption": severity})
    assert rules.apply([found], None, strict=strict) == ([found], [])


def test_strict_counts_what_is_left() -> None:
    quiet, loud = finding("unused-assumption", span(), about="a"), finding("unused-evidence", span(), about="e")
    shown, silenced = Rules(("unused-assumption",)).apply([quiet, loud], None, strict=True)
    assert silenced == [quiet]
    assert [found.severity for found in shown] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ignore = ["unused-asumption"]', "no finding has that code; did you mean `unused-assumption`?"),
        ('ignore = ["invalid-step"]', "names `invalid-step`, which is an error and cannot be silenced"),
        ('ignore = ["open-worry"]', "only `accept` in the case silences a worry"),
        ('ignore = "unused-assumption"', "must be a list of codes"),
        ("ignore = [1]", "must be a list of codes"),
        ('per-file-ignores = ["x"]', "`per-file-ignores` of `tool.safety-case` must be a table"),
        ('per-file-ignores = { "*.case" = ["syntax"] }', "is an error and cannot be silenced"),
        ('per-file-ignores = { "/etc/*" = [] }', "a pattern of files below the folder of this file"),
        ('per-file-ignores = { "../x" = [] }', "a pattern of files below"),
        ('severity = { "unused-assumption" = "note" }', "settings can only make findings weigh more"),
        ('severity = { "syntax" = "warning" }', "which is an error"),
        ('severity = { "unused-assumption" = "fatal" }', 'must be "warning" or "error", and is \'fatal\''),
        ('severity = "error"', "must be a table"),
        ('severity = { "open-worry" = "error" }', "settings change no verdicts"),
        (
            'ignore = ["unused-assumption"]\nseverity = { "unused-assumption" = "error" }',
            "silences `unused-assumption` in `ignore`, and makes it weigh more in `severity`",
        ),
        ('exclude = ["x"]', "no setting narrows the check"),
        ('baseline = "x"', "`--baseline` is for the command line alone"),
        ('per-file-ignore = { "x" = [] }', "did you mean `per-file-ignores`?"),
    ],
)
def test_settings_that_are_not_understood_are_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.safety-case]\n{text}\n", "utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(path)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("a.case", "*.case", True),
        ("x/y/a.case", "*.case", True),
        ("x/a.case", "x/*.case", True),
        ("x/y/a.case", "x/*.case", False),
        ("x/y/a.case", "x/**", True),
        ("x/y/a.case", "**/a.case", True),
        ("a.case", "**/a.case", True),
        ("x/y/z/a.case", "x/**/a.case", True),
        ("y/a.case", "x/**/a.case", False),
        ("x", "x/**/**", True),
        ("/".join("a" * 999), "/".join([*["**", "a"] * 999, "b"]), False),
    ],
)
def test_patterns(path: str, pattern: str, *, expected: bool) -> None:
    assert matches(path, pattern) is expected


# -- baselines ---------------------------------------------------------------------------------------------------------


def test_a_baseline_changes_the_exit_status_and_nothing_else(run: Run) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    status, out, _ = run("check", "--write-baseline", "known.json")
    assert status == 0
    assert "2 known problems are in the baseline known.json; what has them does not pass without it." in out
    assert "bad does not pass" in out
    text = Path("known.json").read_text("utf-8")
    assert [json.loads(line.strip(" ,"))["code"] for line in text.splitlines()[3:-2]] == ["invalid-step", "open-worry"]
    assert run("check")[0] == 1
    data = json.loads(run("check", "--baseline", "known.json", "--format", "json")[1])
    assert (data["exit_status"], data["passed"], data["cases"][0]["passed"]) == (0, False, False)
    assert [len(data["baseline"][key]) for key in ("known", "new", "fixed")] == [2, 0, 0]


def test_a_baseline_does_not_depend_on_lines_or_on_the_current_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    run("check", "--write-baseline", "known.json")
    Path("bad.case").write_text(f"# A comment.\n\n{BAD}", "utf-8")
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    assert run("check", "..", "--baseline", "../known.json")[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("unless r", "unless r and p", "open-worry"),
        ("It may not be r.", "It may well not be r.", "open-worry"),
        ("goal g : q by a", "goal g : q or r by a", "invalid-step"),
        ("worry w", "worry v", "open-worry"),
        ("predicate r", "predicate s define r := s", "open-worry"),
        (": p owner", ": p and not r owner", "refuted-worry"),
        (": p owner", ": p and not p owner", "inconsistent"),
        ("worry w", "worry v unless q worry w", "open-worry"),
    ],
)
def test_what_changes_is_new(run: Run, old: str, new: str, code: str) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    run("check", "--write-baseline", "known.json")
    Path("bad.case").write_text(BAD.replace(old, new, 1), "utf-8")
    status, out, _ = run("check", "--baseline", "known.json", "--format", "json")
    assert status == 1
    assert code in {problem["code"] for problem in json.loads(out)["baseline"]["new"]}


def test_what_is_mended_is_told(run: Run) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    run("check", "--write-baseline", "known.json")
    Path("bad.case").write_text(BAD.replace(": p owner", ": p and r owner"), "utf-8")
    status, out, _ = run("check", "--baseline", "known.json")
    assert status == 0
    assert "no problem any more" in out
    assert "open-worry w of bad (bad.case)" in out


def test_what_cannot_be_read_is_never_known(run: Run) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    run("check", "--write-baseline", "known.json")
    Path("worse.case").write_text("case worse {", "utf-8")
    assert run("check", "--baseline", "known.json")[0] == 2
    before = Path("known.json").read_bytes()
    status, _, err = run("check", "--write-baseline", "known.json")
    assert (status, Path("known.json").read_bytes()) == (2, before)
    assert "known.json is not written, as not everything could be read or understood" in err


def test_what_is_shown_to_be_wrong_is_never_known(run: Run) -> None:
    Path("bad.case").write_text(BAD.replace(": p owner", ": p and not r owner"), "utf-8")
    status, out, _ = run("check", "--write-baseline", "known.json")
    assert status == 1
    assert "Not in the baseline (1):\n  refuted-worry w of bad (bad.case)" in out


def test_cases_that_are_not_checked_are_not_told_as_mended(run: Run) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    Path("warns.case").write_text(WARNS, "utf-8")
    run("check", "--write-baseline", "known.json")
    status, out, _ = run("check", "warns.case", "--baseline", "known.json")
    assert status == 0
    assert "2 more entries of the baseline concern what was not checked." in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--baseline", "nowhere.json"], "there is no baseline nowhere.json; `--write-baseline nowhere.json` writes"),
        (["--baseline", "a", "--write-baseline", "b"], "use one of them"),
        (["--write-baseline", "a", "--only", "bad"], "without --only and --without"),
        (["--write-baseline", "-"], "a baseline is written to a file"),
        (["--write-baseline", "no/folder"], "cannot be written: there is no folder"),
    ],
)
def test_calls_that_make_no_sense_are_refused(run: Run, arguments: list[str], words: str) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    status, out, err = run("check", *arguments)
    assert (status, out) == (2, "")
    assert words in err


ENTRY = '{"file": "f", "case": "c", "code": "open-worry", "about": "w", "message": "", "rests_on": [], "meaning": ""}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no baseline: it is not JSON"),
        ("[" * 100_000, "is no baseline"),
        ("9" * 5000, "is no baseline"),
        ("[]", "it wants `version` and a list of `problems`"),
        ('{"version": 2, "problems": []}', "is of a version of baselines that is not known here"),
        ('{"version": true, "problems": []}', "is of a version of baselines that is not known here"),
        ('{"version": 1, "version": 1, "problems": []}', "a key stands twice in one object"),
        ('{"version": 1, "problems": [1]}', "problem 1 wants `file`, `case`, `code`"),
        (
            f'{{"version": 1, "problems": [{ENTRY.replace("[]", "[1]")}]}}',
            "`rests_on` of problem 1 is no list of names",
        ),
        (f'{{"version": 1, "problems": [{ENTRY.replace(chr(34) + "w" + chr(34), "1")}]}}', "something other than text"),
        (f'{{"version": 1, "problems": [{ENTRY.replace("open", "refuted")}]}}', "which no baseline can hold"),
    ],
)
def test_a_file_that_is_no_baseline_is_a_sentence(run: Run, text: str, words: str) -> None:
    Path("bad.case").write_text(BAD, "utf-8")
    Path("known.json").write_text(text, "utf-8")
    status, out, err = run("check", "--baseline", "known.json")
    assert (status, out) == (2, "")
    assert words in err


@given(st.binary(max_size=40))
def test_any_bytes_are_a_baseline_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("b") / "known.json"
    path.write_bytes(data)
    with pytest.raises(BaselineError):
        read(path)


names = st.text(max_size=6)
known_problems = st.builds(
    KnownProblem, names, names, st.just("open-worry"), names, names, st.lists(names, max_size=3).map(tuple), names
).map(lambda one: replace(one, rests_on=tuple(sorted(one.rests_on))))


@given(st.lists(known_problems, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, known: list[KnownProblem]) -> None:
    path = tmp_path_factory.mktemp("b") / "known.json"
    text = dumps(known)
    path.write_text(text, "utf-8")
    assert list(read(path)) == sorted(known)
    assert len(text.split("\n")) == 6 + max(len(known), 1)
    assert dumps(reversed(known)) == text


def compared(made: Report, known: Report) -> Report:
    found, _ = entries(known, Path("/w"))
    return beside(made, found, Path("/w/known.json"))


def test_a_goal_that_leans_on_more_is_new_and_on_less_is_known() -> None:
    def leaning(*on: str) -> Report:
        goal = claim(goal=True, status="conditional", rests_on=on)
        return report(case("c", verdict="conditional", passed=False, claims={"g": goal}))

    assert compared(leaning("v", "w"), leaning("v")).exit_status == 1
    less = compared(leaning("v"), leaning("v", "w"))
    assert less.exit_status == 0
    assert less.baseline is not None
    assert [entry.rests_on for entry in less.baseline.fixed] == [("w",)]


def test_each_problem_needs_an_entry_of_its_own() -> None:
    one = finding("unproven-divisor", span(1), about="a", divisor="x")
    twice = report(case("c", passed=False, findings=(one, replace(one, span=span(2)))))
    once = report(case("c", passed=False, findings=(one,)))
    assert compared(twice, once).exit_status == 1
    assert compared(once, twice).exit_status == 0


@pytest.mark.parametrize("code", baseline.NEVER_KNOWN)
def test_nothing_of_a_baseline_is_what_can_never_be_known(code: str) -> None:
    made = handmade.whole()
    found, unfit = entries(made, Path("/w"))
    assert code not in {entry.code for entry in found}
    assert {"inconsistent", "refuted-worry"} <= {entry.code for entry in unfit}


def test_a_run_with_nothing_known_fails_as_without_a_baseline() -> None:
    made = report(case("c", passed=False, worries={"w": worry()}))
    assert beside(made, (), Path("/w/known.json")).exit_status == 1
    assert beside(report(case("c")), (), Path("/w/known.json")).exit_status == 0
