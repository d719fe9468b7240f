"""What has to be checked again when files change: who imports or names them, what was deleted, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import cli
from checker.affected import affected
from checker.load import MAX_FILES

GOOD = 'case good { predicate p assume a : p owner "x" goal g : p by a }\n'


def git(*arguments: str) -> None:
    # Neither the user's settings nor a hook that runs these tests may matter.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True, env=clean)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files that refer to each other, and others that do not."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    files = {
        "lib/base.case": "theory base { }",
        "lib/more.case": 'import "base.case"\ntheory more { }',
        "top.case": '# import "other.case"\nimport "lib/more.case" case top { }',
        "other.case": 'case other { source "import" }',
        "cites.case": 'case cites { evidence e "file" { date 2026-01-01 file "data/study.json" } }',
        "above.case": 'import "cites.case" variant v of cites { }',
        "broken.case": 'import "lib/base.case" case broken { this is no specification',
        "data/study.json": "{}",
        "data/notes.txt": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def committed(folder: Path) -> Path:
    """The same, under version control."""
    git("init", "-q")
    git("add", "--all")
    git("commit", "-qm", "All of it.")
    return folder


def names(*changed: str) -> list[str]:
    found, findings = affected([Path(name) for name in changed])
    assert findings == []
    return sorted(path.as_posix() for path in found)


EVERYTHING = ["above.case", "broken.case", "cites.case", "lib/base.case", "lib/more.case", "other.case", "top.case"]

WIDENED = [
    ([], []),
    (["README.md"], []),
    (["data/notes.txt"], []),
    (["other.case"], ["other.case"]),
    (["top.case"], ["top.case"]),
    (["lib/more.case"], ["lib/more.case", "top.case"]),
    (["lib/base.case"], ["broken.case", "lib/base.case", "lib/more.case", "top.case"]),
    (["data/study.json"], ["above.case", "cites.case"]),
    (["other.case", "top.case"], ["other.case", "top.case"]),
    (["pyproject.toml"], EVERYTHING),
    ([".pre-commit-config.yaml"], EVERYTHING),
    (["lib"], ["broken.case", "lib/base.case", "lib/more.case", "top.case"]),
]


@pytest.mark.parametrize(("changed", "wanted"), WIDENED)
def test_changes_reach_whoever_refers_to_them(folder: Path, changed: list[str], wanted: list[str]) -> None:
    assert names(*changed) == wanted


@pytest.mark.parametrize(("changed", "wanted"), WIDENED)
def test_so_they_do_under_version_control(committed: Path, changed: list[str], wanted: list[str]) -> None:
    assert names(*changed) == wanted


@pytest.mark.parametrize("base", ["folder", "committed"])
def test_what_was_deleted_has_changed(base: str, request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue(base)
    (root / "lib" / "base.case").unlink()
    assert names() == ["broken.case", "lib/more.case", "top.case"]
    (root / "data" / "study.json").rename(root / "data" / "renamed.json")
    assert names("data/renamed.json") == ["above.case", "broken.case", "cites.case", "lib/more.case", "top.case"]


def test_what_was_deleted_before_is_no_news(committed: Path) -> None:
    git("rm", "-q", "data/study.json")
    assert names() == ["above.case", "cites.case"]
    git("commit", "-qm", "Deleted.")
    assert names() == []
    assert names("other.case") == ["other.case"]


def test_settings_may_be_deleted(committed: Path) -> None:
    git("rm", "-q", "pyproject.toml")
    assert names() == EVERYTHING


def test_deletions_are_those_since_the_commit_that_pre_commit_names(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("rm", "-q", "data/study.json")
    git("commit", "-qm", "Deleted.")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    assert names() == ["above.case", "cites.case"]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "--output=oops")
    assert names() == []
    assert not (committed / "oops").exists()


def test_drafts_that_are_not_under_version_control_are_left_alone(committed: Path) -> None:
    (committed / "draft.case").write_text('import "lib/base.case"')
    assert "draft.case" not in names("lib/base.case")
    assert names("draft.case") == ["draft.case"]


def test_a_commit_from_below_reaches_what_is_above(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(committed / "lib")
    assert names("more.case") == ["../lib/more.case", "../top.case"]
    (committed / "data" / "study.json").unlink()
    assert names() == ["../above.case", "../cites.case"]


def test_a_link_on_the_way_may_change(committed: Path) -> None:
    (committed / "latest").symlink_to("data")
    (committed / "cites.case").write_text('case cites { evidence e "E." { file "latest/study.json" } }')
    git("add", "--all")
    for changed in ("latest", "data/study.json"):
        assert names(changed) == ["above.case", "cites.case"]


def test_before_the_first_commit(folder: Path) -> None:
    git("init", "-q")
    git("add", "--all")
    assert names("lib/more.case") == ["lib/more.case", "top.case"]


def test_git_is_not_taken_from_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = folder / "git"
    trap.write_text("#!/bin/sh\ntouch sprung\n")
    trap.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: "./git")  # as on Windows
    assert names("other.case") == ["other.case"]
    assert not (folder / "sprung").exists()


# -- the command -------------------------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["check", "--affected", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_nothing_is_affected(run: Run) -> None:
    assert run("README.md") == (0, "Nothing was checked.\n", "")
    status, out, _ = run("--format", "json")
    assert (status, json.loads(out)["cases"]) == (0, [])


def test_cases_are_checked_that_the_changed_file_does_not_hold(run: Run, folder: Path) -> None:
    (folder / "other.case").write_text('theory other { axiom a "Never." : false }')
    (folder / "good.case").write_text('import "other.case"\n' + GOOD.replace("predicate p", "use other predicate p"))
    status, out, _ = run("other.case", "--only", "good")
    assert status == 1
    assert "good: inconsistent" in out


def test_more_files_than_can_be_searched_are_told(run: Run, folder: Path) -> None:
    for number in range(MAX_FILES):
        (folder / f"c{number}.case").touch()
    status, _, err = run("README.md")
    assert status == 2
    assert "1,000" in err
