"""``check --watch``: a real process that sees real files being saved."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checker import cli
from checker.commands import watching
from checker.dependencies import dependencies
from checker.resources import library_folder
from tests.processes import children, is_there
from tests.test_cli import BAD, BROKEN, GOOD, Run, folder, run

__all__ = ["folder", "run"]

PATIENCE = 120.0
"""After how many seconds something does not happen any more."""
WAITING = "press Ctrl-C to end."


@dataclass(slots=True)
class Watch:
    """A process that watches, and what it printed."""

    process: subprocess.Popen[bytes]
    output: int
    printed: str = ""
    _read: int = field(default=0)

    def until(self, *texts: str) -> str:
        """What is printed from the last time on until all texts were, and it waits again."""
        end = time.monotonic() + PATIENCE
        while True:
            fresh = self.printed[self._read :]
            if all(text in fresh for text in (*texts, WAITING)):
                self._read = len(self.printed)
                return fresh
            assert self._more(end - time.monotonic()), f"waited for {texts} in vain:\n{self.printed}"

    def _more(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.output], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            data = os.read(self.output, 65536)
        except OSError:  # a terminal whose other end is closed
            data = b""
        self.printed += data.decode()
        return bool(data)

    def interrupt(self) -> int:
        """The exit status after Ctrl-C; everything that was printed until then is in ``printed``."""
        self.process.send_signal(signal.SIGINT)
        end = time.monotonic() + PATIENCE
        while self._more(end - time.monotonic()):
            pass
        return self.process.wait(PATIENCE)


Start = Callable[..., Watch]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts ``safety-case check --watch`` in the folder; ends what is left of it."""
    running = []

    def started(*arguments: str, terminal: bool = False) -> Watch:
        output, theirs = pty.openpty() if terminal else os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-m", "checker", "check", "--watch", *arguments],
            cwd=folder,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm"},
        )
        os.close(theirs)
        running.append((process, output))
        return Watch(process, output)

    yield started
    for process, output in running:
        process.kill()
        process.wait()
        os.close(output)


def save(path: Path, text: str) -> None:
    """Save as editors do: a new file takes the place of the old one."""
    draft = path.with_name(f".{path.name}.swp")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def test_the_same_processes_decide_each_time(start: Start, folder: Path) -> None:
    path = folder / "good.case"
    save(path, GOOD)
    watch = start(".", "--jobs", "1", "--no-cache")
    watch.until("Checked 1 case: passes under its assumptions.")
    workers = children(watch.process.pid)
    assert len(workers) == 1
    save(path, BAD)
    watch.until("case bad: unproved")
    assert children(watch.process.pid) == workers
    assert watch.interrupt() == 1
    assert not any(map(is_there, workers))


def test_saving_deleting_and_breaking_files(start: Start, folder: Path) -> None:
    path = folder / "good.case"
    save(path, GOOD)
    watch = start(".")
    assert "Watching 2 files" in watch.until("Checked 1 case: passes under its assumptions.")
    save(path, BAD)
    watch.until("case bad: unproved")
    path.write_text(BROKEN, "utf-8")
    watch.until("unknown-name")
    path.unlink()
    watch.until("no-case-files")
    (folder / "inner").mkdir()
    save(folder / "inner" / "new.case", GOOD)
    watch.until("inner/new.case:1", "passes under its assumptions")
    (folder / "inner" / "new.case").rename(folder / "inner" / "moved.case")
    watch.until("inner/moved.case:1")
    assert watch.interrupt() == 0
    assert "Traceback" not in watch.printed


def test_imports_evidence_and_settings(start: Start, folder: Path) -> None:
    save(folder / "base.case", GOOD)
    save(
        folder / "variant.case",
        'import "base.case"\nvariant v of good {\n'
        '  evidence e "A study" { file "study.csv" }\n  assume c : p by e\n  answer w by c\n  worry w unless p\n}\n',
    )
    watch = start("variant.case", "--strict")
    watch.until("missing-evidence")
    save(folder / "study.csv", "1,2\n")
    watch.until("variant v")
    save(folder / "base.case", BROKEN)
    watch.until("unknown-base")
    save(folder / "pyproject.toml", "[tool.safety-case]\nbudgets = 1\n")
    watch.until("did you mean `budget`?")
    save(folder / "pyproject.toml", "")
    watch.until("unknown-base")
    assert watch.interrupt() == 2
    assert "Traceback" not in watch.printed


def test_what_does_not_matter_is_not_checked(start: Start, folder: Path) -> None:
    save(folder / "good.case", GOOD)
    watch = start("good.case")
    watch.until("case good")
    save(folder / "other.case", BAD)
    save(folder / "good.case", GOOD)
    save(folder / "good.case", BAD)
    watch.until("case bad")
    assert watch.printed.count(WAITING) == 2
    assert watch.interrupt() == 1


def test_a_terminal_is_cleared(start: Start, folder: Path) -> None:
    save(folder / "good.case", GOOD)
    watch = start("good.case", terminal=True)
    assert "\x1b[2J" in watch.until("case good").split("case good")[0]
    assert watch.interrupt() == 0
    assert "Traceback" not in watch.printed


def test_json_goes_to_standard_output_alone(folder: Path) -> None:
    save(folder / "good.case", GOOD)
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "check", "--watch", "--format", "json", "good.case"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "\n"
    assert WAITING in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out[0], out[-2:], err, process.returncode) == ("{", "}\n", "", 0)


def test_without_watchfiles_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    status, out, err = run("check", "--watch")
    assert (status, out) == (2, "")
    assert 'pip install "safety-case-checker[watch]"' in err


def test_a_baseline_is_read_anew_and_never_written(run: Run, folder: Path) -> None:
    status, out, err = run("check", "--watch", "--write-baseline", "known.json")
    assert (status, out) == (2, "")
    assert "without --watch" in err
    assert not (folder / "known.json").exists()
    before = dependencies(["."], [Path("known.json")])
    (folder / "known.json").write_text("{}", "utf-8")
    assert dependencies(["."], [Path("known.json")]) != before


def test_a_check_without_it_does_not_need_watchfiles(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    save(folder / "good.case", GOOD)
    assert cli.main(["check", "good.case"]) == 0


def test_where_the_system_watches_no_more_folders_files_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LOOK_AGAIN", 1)

    def full(*folders: Path, **options: object) -> Iterator[object]:
        yield set()
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    looks = watching._looks(full, frozenset())
    assert [next(looks) for _ in range(5)] == [None] * 5


def test_files_are_looked_at_in_the_first_pause_after_each_message_and_now_and_then() -> None:
    """The first pause is for what changed while the system was being told what to watch."""
    seen: list[int] = []

    def quiet(*folders: Path, **options: object) -> Iterator[object]:
        for number in range(31):
            seen.append(number)
            yield {("modified", "a.case")} if number == 14 else set()

    looks = watching._looks(quiet, frozenset())
    next(looks)  # at once, before the system is told anything
    assert seen == []
    at = []
    for _ in range(5):
        next(looks)
        at.append(seen[-1])
    assert at == [0, 10, 14, 20, 30]


# -- what a check depends on -------------------------------------------------------------------------------------------


def names(paths: list[str]) -> set[str]:
    return {path.name for path, state in dependencies(paths).states.items() if state}


def test_what_a_check_depends_on(folder: Path) -> None:
    save(folder / "a.case", 'import "b.case"\ncase a { use gate evidence e "x" { file "e.csv" } }')
    save(folder / "b.case", 'import "c.case"\nimport "a.case"  # import "d.case"\n')
    save(folder / "d.case", "")
    (folder / "e.csv").write_text("1", "utf-8")
    found = dependencies(["a.case"])
    there = {path for path, state in found.states.items() if state}
    ours = {folder / name for name in ("a.case", "b.case", "e.csv", "pyproject.toml")}
    assert there == {*ours, library_folder() / "gate.case"}
    assert found.there == len(there)
    assert found.states[folder / "c.case"] == ""
    assert {folder, library_folder()} == found.folders


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: save(folder / "a.case", "case b {}"),
        lambda folder: (folder / "a.case").unlink(),
        lambda folder: save(folder / "c.case", ""),
        lambda folder: save(folder / "pyproject.toml", "[tool]"),
    ],
)
def test_any_change_that_matters_is_one(folder: Path, change: Callable[[Path], None]) -> None:
    save(folder / "a.case", 'import "c.case"\n')
    before = dependencies(["a.case"])
    assert dependencies(["a.case"]) == before
    change(folder)
    assert dependencies(["a.case"]) != before


def test_the_library_uses_itself(folder: Path) -> None:
    save(folder / "a.case", "case a { use evaluation as ev }")
    assert {"evaluation.case", "process_supervision.case", "scalable_oversight.case"} <= names(["a.case"])


@pytest.mark.parametrize("text", ['import "a.case"', 'import "\\u0000"', 'import "../../../../../x.case"', '"', "\x00"])
def test_bad_input_does_not_raise(folder: Path, text: str) -> None:
    save(folder / "a.case", text)
    assert "a.case" in names(["."])
    assert names([".", "nowhere", "no\0where"]) == names(["."])
