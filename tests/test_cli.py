"""The command: its options, its exit status, where its output goes, and how it takes what goes wrong."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import checker
from checker import cli, pipeline
from checker.commands import running
from checker.report import Report
from checker.settings import Settings, SettingsError, find_settings, read_settings

GOOD = """\
case good "Größe" {
  predicate p
  predicate q
  assume a "First." : p owner "x"
  assume b "Second." : p implies q owner "y"
  goal g "It holds." : q by a, b
}
"""
WARNS = GOOD.replace("case good", "case warns").replace("  goal", '  predicate r\n  assume c : r owner "x"\n  goal')
BAD = GOOD.replace("case good", "case bad").replace("by a, b", "by b")
BROKEN = GOOD.replace("case good", "case broken").replace(": q by", ": qq by")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, and the current folder."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    """Runs the command in the folder: its exit status, and what it printed and complained."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.fixture
def good(folder: Path) -> Path:
    path = folder / "good.case"
    path.write_text(GOOD, encoding="utf-8")
    return path


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    call = [sys.executable, "-m", "checker", *arguments]
    return subprocess.run(call, capture_output=True, timeout=60, check=False, **options)


# -- exit status -------------------------------------------------------------------------------------------------------


def test_0_if_everything_passes(run: Run, good: Path) -> None:
    status, out, err = run("check", good.name)
    assert (status, err) == (0, "")
    assert "-- case good: established, passes" in out
    assert out.endswith("Checked 1 case: passes under its assumptions.\n")
    assert "\x1b" not in out


def test_1_if_some_case_does_not_pass(run: Run, good: Path, folder: Path) -> None:
    (folder / "bad.case").write_text(BAD, encoding="utf-8")
    status, out, err = run("check")
    assert (status, err) == (1, "")
    assert "step invalid: it does not follow from b" in out
    assert "error[invalid-step]" in out
    assert "bad does not pass" in out


def test_2_if_something_cannot_be_understood(run: Run, good: Path, folder: Path) -> None:
    (folder / "bad.case").write_text(BAD, encoding="utf-8")
    (folder / "broken.case").write_text(BROKEN, encoding="utf-8")
    status, out, _ = run("check", ".")
    assert status == 2
    assert "error[unknown-name]: `qq` is not declared here\n --> broken.case:6:24" in out
    assert "bad does not pass, and something could not be read or understood" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere.case"], "there is no file or folder `nowhere.case`"),
        (["check", "empty"], "`empty` holds no `.case` file"),
        (["check", "good.case", "--only", "goood"], "`goood`"),
    ],
)
def test_2_if_the_call_names_nothing(run: Run, good: Path, folder: Path, arguments: list[str], words: str) -> None:
    (folder / "empty").mkdir()
    status, out, _ = run(*arguments)
    assert status == 2
    assert words in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Usage: safety-case"),
        (["chek"], "No such command 'chek'"),
        (["check", "--fast"], "No such option"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif', 'github', 'markdown'"),
        (["check", "--jobs", "0"], "'0' is not a whole number from 1 to 1000"),
        (["check", "--jobs", "all"], "'all' is not a whole number"),
        (["check", "--executor", "tcp://x:1"], "write it like dask://localhost:8786"),
        (["check", "--executor", "dask://localhost"], "write it like dask://localhost:8786"),
        (["check", "--executor", "dask://x:1", "--jobs", "2"], "--jobs and --executor cannot go together"),
        (["check", "--budget", "0"], "'0' is not a whole number from 1 to 4000000000"),
        (["check", "--budget", "many"], "'many' is not a whole number"),
        (["check", "--budget", "99999999999"], "is not a whole number"),
        (["check", "--timeout", "0"], "'0' is not a number of seconds above 0"),
        (["check", "--timeout", "nan"], "'nan' is not a number of seconds"),
        (["check", "--timeout", "1e9"], "'1e9' is not a number of seconds"),
        (["check", "--today", "2026-02-30"], "there is no day 2026-02-30 in the calendar"),
        (["check", "--today", "20261001"], "'20261001' is not a day; write it like 2026-10-01"),
        (["check", "--color", "sometimes"], "'sometimes' is not one of"),
    ],
)
def test_2_if_the_call_is_wrong(run: Run, good: Path, arguments: list[str], words: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_3_if_the_checker_fails(run: Run, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Report:
        raise KeyError("\x1b[2Jlost")

    monkeypatch.setattr(pipeline, "check_paths", fail)
    status, out, err = run("check")
    assert (status, out) == (3, "")
    assert "this is a bug in it, and nothing was shown" in err
    assert "KeyError: '\\x1b[2Jlost'" in err
    assert "Please report it" in err
    assert "Traceback" not in err
    monkeypatch.setenv(running.TRACEBACK, "1")
    status, _, err = run("check")
    assert status == 3
    assert "Traceback (most recent call last)" in err


@pytest.mark.parametrize("error", [EOFError(), RecursionError(), MemoryError(), FileNotFoundError("grammar")])
def test_every_kind_of_failure_is_a_bug_and_no_verdict(
    run: Run, good: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> Report:
        raise error

    monkeypatch.setattr(pipeline, "check_paths", fail)
    assert run("check")[0] == 3


def test_130_if_interrupted() -> None:
    script = (
        "import sys, time\nfrom checker import pipeline\n"
        "def check(*_, **__):\n    print('started', flush=True)\n    time.sleep(60)\n"
        "pipeline.check_paths = check\nfrom checker.cli import main\nsys.exit(main(['check']))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        assert started.stdout.readline() == b"started\n"
        started.send_signal(signal.SIGINT)
        complaint = started.stderr.read()
        assert started.wait(timeout=20) == 130
    assert complaint.strip() == b"interrupted"


def test_the_module_and_the_command_are_one(folder: Path, good: Path) -> None:
    done = process("check", good.name)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"passes under its assumptions.\n")


# -- start-up ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    script = (
        "import sys\nfrom checker.cli import main\n"
        f"status = main([{option!r}])\n"
        "loaded = {'z3', 'lark', 'networkx', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else status)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("Check safety cases" if option == "--help" else "safety-case-checker") in done.stdout


def test_help_names_every_exit_status_and_option(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert all(f"  {number}  " in out for number in range(4))
    status, out, _ = run("check", "-h")
    assert status == 0
    for option in ("format", "output", "only", "strict", "budget", "timeout", "today", "quiet", "color"):
        assert f"--{option}" in out


# -- options -----------------------------------------------------------------------------------------------------------


def options_of(run: Run, *arguments: str) -> dict[str, Any]:
    _, out, _ = run("check", "--format", "json", *arguments)
    options: dict[str, Any] = json.loads(out)["options"]
    return options


def test_options_reach_the_check(run: Run, good: Path) -> None:
    options = options_of(run, "--budget", "123456", "--timeout", "7.5", "--today", "2031-05-06", "--strict")
    assert options["budget"] == 123_456
    assert options["timeout"] == 7.5
    assert options["today"] == "2031-05-06"
    assert options["strict"] is True


def test_strict_makes_warnings_count(run: Run, folder: Path) -> None:
    (folder / "warns.case").write_text(WARNS, encoding="utf-8")
    assert run("check")[0] == 0
    status, out, _ = run("check", "--strict")
    assert status == 1
    assert "error[unused-assumption]" in out


def test_only_checks_what_is_named(run: Run, good: Path, folder: Path) -> None:
    (folder / "bad.case").write_text(BAD, encoding="utf-8")
    status, out, _ = run("check", "--only", "good")
    assert status == 0
    assert "case bad" not in out
    status, out, _ = run("check", "--only", "good", "--only", "bad")
    assert status == 1
    assert "case good" in out


def test_quiet_leaves_out_what_passes(run: Run, good: Path) -> None:
    assert run("check", "--quiet") == (0, "Checked 1 case: passes under its assumptions.\n", "")


def test_json_is_the_report_of_the_library(run: Run, good: Path) -> None:
    status, out, _ = run("check", "--format", "json", "good.case")
    assert status == 0
    assert out == checker.check("good.case").to_json()


def test_colours_only_where_they_are_wanted(run: Run, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in run("check")[1]
    assert "\x1b[" not in run("check", "--color", "never")[1]
    assert "\x1b[" in run("check", "--color", "always")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" in run("check", "--color", "always")[1]
    assert "\x1b[" not in run("check", "--color", "always", "--format", "json")[1]


def on_terminal(folder: Path, width: int, **environment: str) -> str:
    """What the command shows on a terminal of this width."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    with subprocess.Popen(
        [sys.executable, "-m", "checker", "check"],
        stdout=slave, stdin=subprocess.DEVNULL, cwd=folder, env={**plain, "TERM": "xterm", **environment},
    ) as started:  # fmt: skip
        os.close(slave)
        parts = []
        try:
            while part := os.read(master, 4096):
                parts.append(part)
        except OSError as error:  # how Linux tells the end of a terminal
            if error.errno != errno.EIO:
                raise
        started.wait(timeout=60)
    os.close(master)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_its_width(folder: Path, good: Path) -> None:
    text = on_terminal(folder, 60)
    assert "\x1b[32m" in text
    title = text.splitlines()[0].replace("\x1b[0m", "")
    for code in ("1", "2", "32", "36"):
        title = title.replace(f"\x1b[{code}m", "")
    assert len(title) == 60
    assert "\x1b[" not in on_terminal(folder, 60, NO_COLOR="1")
    assert "\x1b[" not in on_terminal(folder, 60, TERM="dumb")
    assert "\x1b[" in on_terminal(folder, 60, NO_COLOR="")


# -- where output goes -------------------------------------------------------------------------------------------------


def test_output_goes_to_a_file(run: Run, good: Path, folder: Path) -> None:
    assert run("check", "--output", "report.txt") == (0, "", "")
    text = (folder / "report.txt").read_text(encoding="utf-8")
    assert "Größe" in text
    assert text == run("check")[1]
    assert run("check", "--output", "report.json", "--format", "json")[0] == 0
    assert json.loads((folder / "report.json").read_bytes())["passed"] is True
    assert sorted(path.name for path in folder.iterdir()) == [
        "good.case",
        "pyproject.toml",
        "report.json",
        "report.txt",
    ]


def test_a_dash_is_standard_output(run: Run, good: Path, folder: Path) -> None:
    assert run("check", "--output", "-") == run("check")
    assert not (folder / "-").exists()


def test_the_status_is_the_same_with_a_file(run: Run, folder: Path) -> None:
    (folder / "bad.case").write_text(BAD, encoding="utf-8")
    assert run("check", "--output", "report.txt")[0] == 1


@pytest.mark.parametrize(
    ("name", "words"), [("missing/report.txt", "there is no folder"), ("sub", "it is a folder")]
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_refused_at_once(
    run: Run, good: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    (folder / "sub").mkdir()
    monkeypatch.setattr(pipeline, "check_paths", None)
    status, out, err = run("check", "--output", name)
    assert (status, out) == (2, "")
    assert words in err


def test_a_full_disk_leaves_the_old_file(run: Run, good: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "report.txt").write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    status, out, err = run("check", "--output", "report.txt")
    assert (status, out) == (2, "")
    assert "report.txt cannot be written: no space left on device" in err
    assert (folder / "report.txt").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["good.case", "pyproject.toml", "report.txt"]


def test_a_name_that_is_too_long_is_a_sentence(run: Run, good: Path) -> None:
    status, _, err = run("check", "--output", "x" * 300)
    assert status == 2
    assert "cannot be written" in err


def test_a_file_keeps_its_mode_and_a_link_stays_one(run: Run, good: Path, folder: Path) -> None:
    target = folder / "target.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    (folder / "link.txt").symlink_to("target.txt")
    assert run("check", "--output", "link.txt")[0] == 0
    assert (folder / "link.txt").is_symlink()
    assert "passes" in target.read_text(encoding="utf-8")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(run: Run, good: Path, folder: Path) -> None:
    mask = os.umask(0o027)
    try:
        run("check", "--output", "report.txt")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((folder / "report.txt").stat().st_mode) == 0o640


def test_what_is_no_regular_file_is_written_to_and_not_replaced(run: Run, good: Path, folder: Path) -> None:
    master, slave = pty.openpty()
    try:
        link = folder / "terminal"
        link.symlink_to(os.ttyname(slave))
        assert run("check", "--quiet", "--output", "terminal")[0] == 0
        assert os.read(master, 4096).decode() == "Checked 1 case: passes under its assumptions.\r\n"
        assert link.is_symlink()
        assert not link.is_file()
    finally:
        os.close(master)
        os.close(slave)


def test_a_reader_who_stops_is_no_error(folder: Path, good: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "checker", "check"], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_standard_output_is_a_sentence(folder: Path, good: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "check"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "Error: standard output cannot be written: no space left on device\n"


def test_standard_output_may_be_closed(folder: Path, good: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m checker check >&-'], stderr=subprocess.PIPE, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_any_encoding_of_the_terminal_will_do(folder: Path, good: Path) -> None:
    plain = process("check", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert rb"Gr\xf6\xdfe" in plain.stdout
    data = process("check", "--format", "json", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert json.loads(data.stdout.decode("utf-8"))["cases"][0]["doc"] == "Größe"


def test_two_runs_give_the_same_bytes(folder: Path, good: Path) -> None:
    (folder / "bad.case").write_text(BAD, encoding="utf-8")
    for form in ("text", "json"):
        outputs = {
            process("check", "--format", form, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")
        }
        assert len(outputs) == 1


# -- settings ----------------------------------------------------------------------------------------------------------


def settle(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(f"[tool.safety-case]\n{text}\n", encoding="utf-8")
    return path


def test_settings_of_the_project_count(run: Run, good: Path, folder: Path) -> None:
    settle(folder, 'strict = true\nbudget = 111_111\ntimeout = 9\nformat = "json"\ncolor = "always"')
    _, out, _ = run("check")
    options = json.loads(out)["options"]
    assert (options["strict"], options["budget"], options["timeout"]) == (True, 111_111, 9)
    assert "\x1b[" in run("check", "--format", "text")[1]


def test_the_command_line_wins(run: Run, good: Path, folder: Path) -> None:
    settle(folder, 'strict = true\nbudget = 111_111\ntimeout = 9\nformat = "json"\ncolor = "always"')
    options = options_of(run, "--no-strict", "--budget", "222222", "--timeout", "3")
    assert (options["strict"], options["budget"], options["timeout"]) == (False, 222_222, 3)
    assert "\x1b[" not in run("check", "--format", "text", "--color", "never")[1]


def test_the_nearest_project_file_counts(folder: Path) -> None:
    settle(folder, "budget = 5")
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    assert find_settings(inner) == Settings(budget=5)
    (folder / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n", encoding="utf-8")
    assert find_settings(inner) == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stric = true", "`tool.safety-case` has no setting `stric`; did you mean `strict`?"),
        ("xyzzy = 1", "has no setting `xyzzy`; there are strict, budget, timeout, jobs, format, color"),
        ('today = "2026-01-01"', "has no setting `today`; `--today` is for the command line alone"),
        ('only = ["x"]', "`--only` is for the command line alone"),
        ("strict = 1", "the setting `strict` of `tool.safety-case` must be true or false, and is 1"),
        ("budget = true", "`budget` of `tool.safety-case` must be a whole number from 1 to 4000000000, and is true"),
        ("budget = 1.5", "must be a whole number"),
        ("budget = 0", "must be a whole number"),
        ("timeout = nan", "must be a number of seconds above 0, at most 86400, and is nan"),
        ("timeout = inf", "must be a number of seconds"),
        ("timeout = true", "must be a number of seconds"),
        ('format = "xml"', 'or "sarif" or "github" or "markdown", and is \'xml\''),
        ("format = ['text']", 'must be "text" or "json"'),
        ("color = 1", 'must be "auto" or "always" or "never", and is 1'),
        ("strict = ", "is not a TOML file"),
        ('"\\u0007" = 1', "has no setting `\\x07`"),
    ],
)
def test_settings_that_are_not_understood_are_refused(
    run: Run, good: Path, folder: Path, text: str, words: str
) -> None:
    settle(folder, text)
    status, out, err = run("check")
    assert (status, out) == (2, "")
    assert words in err
    assert "pyproject.toml" in err


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\xff", "is not UTF-8 text"), (b"[tool]\nsafety-case = 1", "is not a table"), (b"a = " + b"[" * 9999, "TOML")],
)
def test_project_files_that_make_no_sense_are_refused(folder: Path, data: bytes, words: str) -> None:
    path = folder / "pyproject.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match=words):
        read_settings(path)


def test_a_project_file_without_our_table_says_nothing(folder: Path) -> None:
    path = folder / "pyproject.toml"
    for text in ("", "tool = 1", "[tool]\nx = 1", "[tool.safety-case]"):
        path.write_text(text, encoding="utf-8")
        assert read_settings(path) == Settings()


def test_a_folder_that_is_gone_is_a_sentence(run: Run, folder: Path) -> None:
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    status, out, err = run("check")
    assert (status, out) == (2, "")
    assert "the current folder is not there any more" in err
