"""A run in which nothing has changed is replayed: the same bytes and status, with next to nothing loaded. Else not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import pipeline, replay
from checker.cli import main
from checker.inputs import Inputs
from tests.reports import ROOT

CASE = """import "lib/parts.case"
case c {{
  use parts as p
  evidence log "What was seen." {{ file "log.txt" sha256 "{digest}" }}
  assume a : p.sound by log owner "x"
  goal g : p.sound by a
}}
"""
PARTS = "theory parts {\n  predicate sound\n}\n"
LOG = b"all went well\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, in which the test is, with all kinds of files that a check depends on."""
    from hashlib import sha256

    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    top = tmp_path / "project"
    (top / "lib").mkdir(parents=True)
    (top / "pyproject.toml").write_text("[tool.safety-case]\n")
    (top / "c.case").write_text(CASE.format(digest=sha256(LOG).hexdigest()))
    (top / "lib" / "parts.case").write_text(PARTS)
    (top / "log.txt").write_bytes(LOG)
    monkeypatch.chdir(top)
    return top


Calls = Callable[..., tuple[int, bytes]]


@pytest.fixture
def checked(capfdbinary: pytest.CaptureFixture[bytes]) -> Calls:
    """Runs a check that leaves a record if it can."""

    def call(*arguments: str) -> tuple[int, bytes]:
        status = main(["check", *arguments], replayable=True)
        out, err = capfdbinary.readouterr()
        assert err == b""
        return status, out

    return call


@pytest.fixture
def replayed(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, bytes] | None]:
    """Replays a check, if that can be."""

    def call(*arguments: str) -> tuple[int, bytes] | None:
        status = replay.replayed(["check", *arguments])
        out, err = capfdbinary.readouterr()
        assert err == b""
        if status is None:
            assert out == b""
            return None
        return status, out

    return call


Replays = Callable[..., tuple[int, bytes] | None]


@pytest.mark.parametrize(
    "arguments",
    [[], ["c.case"], [".", "--format", "json"], ["c.case", "lib", "--strict"], ["--format", "sarif"], ["--quiet"]],
    ids=" ".join,
)
def test_the_same_is_printed_again(project: Path, checked: Calls, replayed: Replays, arguments: list[str]) -> None:
    assert replayed(*arguments) is None
    first = checked(*arguments)
    assert replayed(*arguments) == first
    assert replayed(*arguments, "--color", "never") is None
    assert checked(*arguments, "--no-cache") == first


def test_a_replay_loads_next_to_nothing(project: Path) -> None:
    heavy = ["click", "dataclasses", "hashlib", "json", "lark", "networkx", "pathlib", "re", "sqlite3", "typing", "z3"]
    program = (
        "import sys; usual = set(sys.modules); from checker.start import main; sys.argv[1:] = ['check', '.']\n"
        f"print(main(), *sorted((set(sys.modules) - usual) & {set(heavy)}), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
        for _ in range(2)
    ]
    assert b"click" in runs[0].stderr
    assert runs[0].stdout == runs[1].stdout != b""
    assert runs[1].stderr.split() == [runs[0].stderr.split()[0]]


def write(path: str, text: str) -> Callable[[Path], object]:
    return lambda project: (project / path).write_text(text)


def link(project: Path) -> None:
    (project / "c.case").rename(project.parent / "c.case")
    (project / "c.case").symlink_to(project.parent / "c.case")


CHANGES: dict[str, Callable[[Path], object]] = {
    "the case": lambda project: (project / "c.case").write_text((project / "c.case").read_text() + "\n"),
    "what it imports": write("lib/parts.case", PARTS.replace("sound", "sound\n  predicate other")),
    "evidence": write("log.txt", "all went badly"),
    "evidence that goes": lambda project: (project / "log.txt").unlink(),
    "the settings": write("pyproject.toml", "[tool.safety-case]\nstrict = true\n"),
    "settings that are nearer": lambda project: (
        (project / "pyproject.toml").rename(project.parent / "pyproject.toml"),
        write("pyproject.toml", "[tool.safety-case]\nstrict = true\n")(project),
    ),
    "a new file": write("d.case", "case d { predicate p assume a : p owner 'x' goal g : p by a }"),
    "a new file below": write("lib/d.case", "theory d { predicate p }"),
    "a file that goes": lambda project: (project / "lib" / "parts.case").unlink(),
    "the top of the workspace": lambda project: (project / "lib" / ".git").mkdir(),
    "a link in place of a file": link,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_checked(
    project: Path, checked: Calls, replayed: Replays, change: Callable[[Path], object]
) -> None:
    checked(".")
    assert replayed(".") is not None
    change(project)
    assert replayed(".") is None


def test_an_import_that_was_missing_and_comes_is_seen(project: Path, checked: Calls, replayed: Replays) -> None:
    (project / "lib" / "parts.case").rename(project / "parts.case")
    status, _ = checked("c.case")
    assert status == 2
    assert replayed("c.case") is not None
    (project / "parts.case").rename(project / "lib" / "parts.case")
    assert replayed("c.case") is None


def test_what_the_baseline_says_counts(project: Path, checked: Calls, replayed: Replays) -> None:
    (project / "c.case").write_text("case c { predicate p goal g : p }")
    assert main(["check", "--write-baseline", "known.json"]) == 0
    call = (".", "--baseline", "known.json")
    status, _ = checked(*call)
    assert status == 0
    assert replayed(*call) is not None
    (project / "known.json").write_text((project / "known.json").read_text() + "\n")
    assert replayed(*call) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output", "report.txt"],
        ["--also", "json=report.json"],
        ["--cross-check"],
        ["--budget", "1000", "--timeout", "0.000001"],
        ["--total-timeout", "0.000001"],
    ],
    ids=" ".join,
)
def test_what_does_more_or_may_end_otherwise_is_not_recorded(
    project: Path, checked: Calls, replayed: Replays, arguments: list[str]
) -> None:
    checked(*arguments)
    assert replayed(*arguments) is None


def test_a_missing_file_that_comes_is_seen(project: Path, checked: Calls, replayed: Replays) -> None:
    status, _ = checked("c.case", "later.case")
    assert status == 2
    write("later.case", "theory d { predicate p }")(project)
    assert replayed("c.case", "later.case") is None


@pytest.mark.parametrize("change", [CHANGES["the case"], CHANGES["evidence"], CHANGES["a new file"]])
def test_what_changes_while_it_is_checked_is_not_recorded(
    project: Path,
    checked: Calls,
    replayed: Replays,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
) -> None:
    real = pipeline.check_paths

    def changing(*arguments: object) -> object:
        report = real(*arguments)  # type: ignore[arg-type]
        change(project)
        return report

    monkeypatch.setattr(pipeline, "check_paths", changing)
    checked(".")
    assert replayed(".") is None


def test_an_import_that_comes_while_it_is_checked_is_not_recorded(
    project: Path, checked: Calls, replayed: Replays, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "lib" / "parts.case").rename(project / "parts.case")
    real = pipeline._Run._inputs

    def late(run: pipeline._Run) -> Inputs:
        (project / "parts.case").rename(project / "lib" / "parts.case")
        return real(run)

    monkeypatch.setattr(pipeline._Run, "_inputs", late)
    status, _ = checked("c.case")
    assert status == 2
    assert replayed("c.case") is None


def test_another_solver_is_not_taken_for_this_one(
    project: Path, checked: Calls, replayed: Replays, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = project.parent / "other"
    (other / "z3").mkdir(parents=True)
    (other / "z3" / "z3core.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(other)])
    checked(".")
    assert replayed(".") is not None
    (other / "z3" / "z3core.py").write_text("# newer")
    assert replayed(".") is None


def records(project: Path) -> list[Path]:
    return list((project.parent / "cache" / "safety-case-checker" / replay.FOLDER).iterdir())


def test_a_record_that_was_changed_does_not_count(project: Path, checked: Calls, replayed: Replays) -> None:
    checked(".")
    (path,) = records(project)
    data = path.read_bytes()
    for broken in (b"", data[:-1], data + b"x", data.replace(b"passes", b"xasses"), data[:32] + b"junk"):
        path.write_bytes(broken)
        assert replayed(".") is None
    path.write_bytes(data)
    assert replayed(".") is not None
    path.chmod(0o666)
    assert replayed(".") is None


def test_only_so_many_records_are_kept(
    project: Path, checked: Calls, replayed: Replays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST_RECORDS", 2)
    calls = [(".",), ("c.case",), ("lib",)]
    for call in calls:
        checked(*call)
    assert len(records(project)) == 2
    assert [replayed(*call) is not None for call in calls] == [False, True, True]


def test_settings_can_switch_it_off(project: Path, checked: Calls, replayed: Replays) -> None:
    write("pyproject.toml", '[tool.safety-case]\ncache = "off"\n')(project)
    checked(".")
    assert replayed(".") is None
    assert not (project.parent / "cache" / "safety-case-checker" / "kept.sqlite3").exists()
    write("pyproject.toml", '[tool.safety-case]\ncache = "project"\n')(project)
    checked(".")
    (found,) = (project.parent / "cache" / "safety-case-checker").glob("kept-*.sqlite3")
    assert found.stat().st_size


def test_a_folder_that_cannot_be_written_to_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "log.txt"))
    usual = main(["check", ".", "--no-cache"])
    out = capfd.readouterr().out
    assert main(["check", "."], replayable=True) == usual
    told = capfd.readouterr()
    assert told.out == out
    assert told.err.startswith("Warning: nothing is kept for the next run")
