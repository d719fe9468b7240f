"""Files, imports and the library: what is read, what is not, and what is said about it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

import checker
from checker.load import MAX_BYTES
from checker.report import Report
from checker.resources import library_folder

GOAL = 'predicate p predicate q assume a : p owner "x" assume b : p implies q owner "x" goal g : q by a, b'
CASE = f"case c {{ {GOAL} }}\n"


def check(*paths: Path) -> Report:
    return checker.check(paths, today=date(2026, 11, 24))


def codes(report: Report) -> list[str]:
    return [found.code for found in report.findings]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace that is also the current folder."""
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return Path()


def test_folders_are_searched_in_order_and_each_file_is_read_once(folder: Path) -> None:
    for name in ("b.case", "a.case", "sub/z.case", ".hidden/h.case", "note.txt"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(CASE.replace("case c", f"case {path.stem}_case"))
    report = check(folder, folder / "a.case")
    assert [case.span.file for case in report.cases] == ["a.case", "b.case", "sub/z.case"]
    assert report.exit_status == 0


def test_paths_that_hold_nothing(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert codes(check(folder / "empty")) == ["no-case-files"]
    assert codes(check(folder / "nowhere.case")) == ["no-such-path"]
    assert check(folder / "nowhere.case").exit_status == 2


def test_a_good_file_is_checked_beside_a_bad_path(folder: Path) -> None:
    (folder / "a.case").write_text(CASE)
    report = check(folder / "a.case", folder / "nowhere.case")
    assert (len(report.cases), report.cases[0].passed, report.exit_status) == (1, True, 2)


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "a.case").write_bytes(b"case c {\n  predicate \xff\n}")
    report = check(folder / "a.case")
    assert [(f.code, f.span.line, f.span.column) for f in report.findings] == [("not-utf8", 2, 13)]


def test_what_is_too_large(folder: Path) -> None:
    (folder / "a.case").write_text("#" * (MAX_BYTES + 1))
    assert codes(check(folder / "a.case")) == ["unreadable"]


def test_what_is_no_regular_file(folder: Path) -> None:
    os.mkfifo(folder / "a.case")
    assert codes(check(folder / "a.case")) == ["unreadable"]


def test_a_circle_of_links(folder: Path) -> None:
    (folder / "a.case").symlink_to("b.case")
    (folder / "b.case").symlink_to("a.case")
    assert check(folder / "a.case").exit_status == 2


def test_an_import(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "t.case").write_text("theory t { sort S predicate good(s: S) }")
    (folder / "a.case").write_text(f'import "lib/t.case"\ncase c {{ use t {GOAL} }}')
    report = check(folder / "a.case")
    assert report.passed, report.findings
    assert [(use.name, use.file) for use in report.cases[0].theories] == [("t", "lib/t.case")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('import "nothing.case"', "missing-import"),
        ('import "../outside.case"', "import-outside"),
        ('import "/etc/passwd"', "import-outside"),
        ('import "link.case"', "import-outside"),
        ('import "bad.case"', "broken-import"),
        ('import "a.case"', "circular-import"),
        ('import "round.case"', "circular-import"),
    ],
)
def test_an_import_that_cannot_be(folder: Path, line: str, code: str) -> None:
    (folder / "bad.case").write_text("theory {")
    (folder / "round.case").write_text('import "a.case"')
    (folder / "link.case").symlink_to("/etc/passwd")
    (folder / "a.case").write_text(f"{line}\n{CASE}")
    report = check(folder / "a.case")
    assert code in codes(report)
    assert (report.cases, report.exit_status) == ((), 2)


def test_an_imported_file_tells_its_own_mistakes(folder: Path) -> None:
    (folder / "bad.case").write_text("theory {")
    (folder / "a.case").write_text(f'import "bad.case"\n{CASE}')
    assert {f.span.file for f in check(folder / "a.case").findings} == {"a.case", "bad.case"}


def test_imports_are_not_passed_on(folder: Path) -> None:
    (folder / "one.case").write_text("theory one { sort S }")
    (folder / "two.case").write_text('import "one.case"\ntheory two { use one }')
    (folder / "a.case").write_text(f'import "two.case"\ncase c {{ use one {GOAL} }}')
    assert codes(check(folder / "a.case")) == ["unknown-theory"]
    (folder / "a.case").write_text(f'import "two.case"\ncase c {{ use two {GOAL} }}')
    assert check(folder / "a.case").passed


def test_a_theory_with_a_library_name_is_refused(folder: Path) -> None:
    (folder / "a.case").write_text(f"theory automation {{ }}\n{CASE}")
    assert codes(check(folder / "a.case")) == ["ambiguous-theory"]


def test_a_copy_of_the_library_is_the_library(folder: Path) -> None:
    copy = folder / "process_supervision.case"
    copy.write_bytes((library_folder() / copy.name).read_bytes())
    assert check(copy).exit_status == 0


def test_the_library_is_shown_under_one_name_wherever_it_is(folder: Path) -> None:
    (folder / "a.case").write_text(f"case c {{ use process_supervision as ps {GOAL} }}")
    (use,) = check(folder / "a.case").cases[0].theories
    assert (use.name, use.file) == ("process_supervision", "specs/process_supervision.case")


def test_only(folder: Path) -> None:
    (folder / "a.case").write_text(CASE + CASE.replace("case c", "case d"))
    report = checker.check(folder / "a.case", only=["d"])
    assert [case.name for case in report.cases] == ["d"]
    report = checker.check(folder / "a.case", only=["nothing"])
    assert (codes(report), report.exit_status) == (["nothing-called"], 2)
