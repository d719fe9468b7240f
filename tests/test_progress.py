"""Progress: what callers are told, and the line on a terminal."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import checker
from checker.commands.progress_line import Line, progress_line, shown
from checker.progress import Progress
from tests.test_bad_inputs import judged

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("jobs", [None, 1])
def test_what_callers_are_told(tmp_path: Path, jobs: int | None) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.case").write_text(judged("").replace("case c", f"case {name}"))
    told: list[Progress] = []
    report = checker.check(tmp_path, today=TODAY, jobs=jobs, progress=told.append)
    assert report.passed
    assert told[:2] == [Progress(0, 2, "reading files"), Progress(1, 2, "reading files")]
    rest = told[2:]
    assert {one.what for one in rest} == {"deciding obligations"}
    assert [one.done for one in rest] == sorted(one.done for one in rest)
    assert all(one.done <= one.total for one in rest)
    assert rest[-1].done == rest[-1].total > 4
    assert len(set(rest)) == len(rest)


def test_a_cross_check_tells_of_itself() -> None:
    told: list[Progress] = []
    report = checker.check_text(judged(""), today=TODAY, cross_check=True, progress=told.append)
    assert report.cross_check is not None
    own = [one for one in told if one.what == "cross-checking answers"]
    assert [one.done for one in own] == list(range(report.cross_check.questions))


def test_a_cross_check_that_is_stopped_confirms_no_more() -> None:
    told: list[Progress] = []
    report = checker.check_text(
        judged(""),
        today=TODAY,
        cross_check=True,
        progress=told.append,
        stop=lambda: bool(told) and told[-1] == Progress(1, told[-1].total, "cross-checking answers"),
    )
    assert report.cross_check is not None
    assert report.cross_check.questions == 2
    assert "interrupted" in {found.code for found in report.findings}
    assert (report.passed, report.exit_status) == (False, 2)


# -- the line --------------------------------------------------------------------------------------------------------


def test_the_line_in_words() -> None:
    assert shown(Progress(0, 0, "deciding obligations")) == "deciding obligations [------------------------] 0 of 0"
    assert (
        shown(Progress(1_000, 2_000, "deciding obligations"))
        == "deciding obligations [############------------] 1,000 of 2,000"
    )


def lines(times: list[float]) -> str:
    """What is written if something is told at these times after the beginning."""
    now = [0.0]
    stream = io.StringIO()
    line = Line(stream, clock=lambda: now[0])
    for number, moment in enumerate(times):
        now[0] = moment
        line.tell(Progress(number, len(times), "deciding obligations"))
    line.erase()
    return stream.getvalue()


def test_a_quick_run_has_no_line() -> None:
    assert lines([0.1, 0.5, 0.99]) == ""


def test_a_longer_run_has_one_that_is_erased() -> None:
    written = lines([0.1, 1.0, 1.05, 1.2])
    assert written.count("deciding obligations") == 2, "not with every answer"
    assert written.startswith("\r\x1b[K")
    assert written.endswith("\r\x1b[K")


def test_a_terminal_that_is_gone_harms_nothing() -> None:
    stream = io.StringIO()
    line = Line(stream, clock=lambda: 100.0)
    stream.close()
    line._next = 0
    line.tell(Progress(1, 2, "reading files"))
    line.erase()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "term", "there"),
    [
        (Terminal(), False, "xterm", True),
        (Terminal(), True, "xterm", False),
        (Terminal(), False, "dumb", False),
        (io.StringIO(), False, "xterm", False),
        (None, False, "xterm", False),
    ],
)
def test_where_there_is_a_line(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None, quiet: bool, term: str, there: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    with progress_line(quiet=quiet) as tell:
        assert (tell is not None) is there


def test_the_output_does_not_depend_on_it(tmp_path: Path) -> None:
    (tmp_path / "a.case").write_text(judged(""))
    program = (
        "import sys\nfrom checker.commands import progress_line\nprogress_line.PATIENCE = 0.0\n"
        "from checker.cli import main\n"
        "sys.exit(main(['check', 'a.case', '--today', '2026-11-24', '--jobs', '1', '--no-cache']))\n"
    )
    command = [sys.executable, "-P", "-c", program]
    plain = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    assert plain.stderr == b""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm"},
            timeout=120,
            check=True,
        )
        written = os.read(ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.stdout == plain.stdout
    assert b"deciding obligations [" in written
    assert written.endswith(b"\r\x1b[K")
