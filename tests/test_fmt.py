"""``safety-case fmt``: what it says, what it writes and what it leaves alone."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import cli, reformat

TIDY = "case c {\n  sort S\n}\n"
MESSY = "case c {\n    sort   S # kept\n}"
DONE = "case c {\n  sort S  # kept\n}\n"
BROKEN = "case c {\n  sort   s\n}\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, and the current folder."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    """Runs ``safety-case fmt`` in the folder: its exit status, and what it printed and complained."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["fmt", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_files_are_laid_out_in_place(run: Run, folder: Path) -> None:
    messy = [put(folder / name, MESSY) for name in ("a.case", "b/c.case", "b/d.case")]
    put(folder / "tidy.case", TIDY)
    other = put(folder / "notes.txt", MESSY)
    assert run() == (0, "3 files reformatted, 1 left unchanged\n", "")
    assert [path.read_text() for path in messy] == [DONE] * 3
    assert other.read_text() == MESSY
    assert run() == (0, "4 files left unchanged\n", "")


def test_one_file_is_one_file(run: Run, folder: Path) -> None:
    put(folder / "a.case", MESSY)
    put(folder / "b.case", MESSY)
    assert run("a.case") == (0, "1 file reformatted\n", "")
    assert (folder / "b.case").read_text() == MESSY


def test_check_changes_nothing(run: Run, folder: Path) -> None:
    messy = put(folder / "a.case", MESSY)
    put(folder / "b.case", TIDY)
    assert run("--check") == (1, "would reformat a.case\n1 file would be reformatted, 1 left unchanged\n", "")
    assert messy.read_text() == MESSY
    assert run("--check", "b.case") == (0, "1 file left unchanged\n", "")


def test_diff_changes_nothing(run: Run, folder: Path) -> None:
    messy = put(folder / "a.case", MESSY)
    put(folder / "b.case", TIDY)
    wanted = """\
--- a.case
+++ a.case (reformatted)
@@ -1,3 +1,3 @@
 case c {
-    sort   S # kept
-}
\\ No newline at end of file
+  sort S  # kept
+}
"""
    assert run("--diff") == (0, wanted, "1 file would be reformatted, 1 left unchanged\n")
    assert run("--diff", "--check")[0] == 1
    assert messy.read_text() == MESSY
    out = run("--diff", "--color", "always")[1]
    assert "\x1b[32m+  sort S  # kept\x1b[0m" in out


def test_the_diff_can_be_applied(run: Run, folder: Path) -> None:
    messy = put(folder / "a.case", MESSY)
    patch = run("--diff")[1].replace(" (reformatted)", "")
    subprocess.run(["git", "apply", "-p0", "-"], input=patch.encode(), check=True, cwd=folder)
    assert messy.read_text() == DONE


def test_what_cannot_be_understood_is_left_alone(run: Run, folder: Path) -> None:
    broken = put(folder / "a.case", BROKEN)
    good = put(folder / "b.case", MESSY)
    status, out, err = run()
    assert (status, out) == (2, "1 file reformatted, 1 not understood\n")
    assert "a.case:2:10" in err
    assert broken.read_text() == BROKEN
    assert good.read_text() == DONE
    assert run("--check", "a.case")[:2] == (2, "1 file not understood\n")


def test_a_path_that_is_not_there(run: Run, folder: Path) -> None:
    good = put(folder / "b.case", MESSY)
    status, out, err = run("gone.case", "b.case")
    assert (status, out) == (2, "1 file reformatted\n")
    assert "gone.case" in err
    assert good.read_text() == DONE


def test_no_text_at_all(run: Run, folder: Path) -> None:
    binary = folder / "a.case"
    binary.write_bytes(b"case c { \xff }")
    status, out, err = run()
    assert (status, out) == (2, "1 file not understood\n")
    assert "a.case:1:10" in err
    assert binary.read_bytes() == b"case c { \xff }"


def test_standard_input_goes_to_standard_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(MESSY)
    assert run("-") == (0, DONE, "")
    given(TIDY)
    assert run("-") == (0, TIDY, "")
    given(MESSY)
    assert run("--check", "-") == (1, "would reformat <standard input>\n", "")
    given(MESSY)
    assert run("--diff", "-")[1].startswith("--- <standard input>\n")
    given(BROKEN)  # who replaces text with what comes out loses nothing
    status, out, err = run("-")
    assert (status, out) == (2, BROKEN)
    assert "<standard input>:2:10" in err
    assert run("-", "a.case")[0] == 2


def test_the_mode_of_a_file_stays(run: Run, folder: Path) -> None:
    path = put(folder / "a.case", MESSY)
    path.chmod(0o640)
    run()
    assert path.read_text() == DONE
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_links(run: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    inside = put(folder / "real" / "a.case", MESSY)
    (folder / "link.case").symlink_to(inside)
    outside = put(tmp_path_factory.mktemp("elsewhere") / "b.case", MESSY)
    (folder / "out.case").symlink_to(outside)
    status, out, err = run("link.case", "out.case")
    assert (status, out) == (2, "1 file reformatted, 1 not understood\n")
    assert "out.case" in err
    assert "leads out" in err
    assert (folder / "link.case").is_symlink()
    assert inside.read_text() == DONE
    assert outside.read_text() == MESSY


def test_windows_line_breaks_stay(run: Run, folder: Path) -> None:
    path = put(folder / "a.case", MESSY.replace("\n", "\r\n"))
    run()
    assert path.read_bytes() == DONE.replace("\n", "\r\n").encode()
    assert run() == (0, "1 file left unchanged\n", "")


def test_nothing_is_left_behind_where_nothing_can_be_written(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder / "a.case", MESSY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = run()
    assert (status, err) == (2, "Error: a.case cannot be written: no space left on device\n")
    assert path.read_text() == MESSY
    assert sorted(found.name for found in folder.iterdir()) == ["a.case", "pyproject.toml"]


def test_a_layout_that_lost_something_is_never_written(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder / "a.case", MESSY)
    monkeypatch.setattr(reformat, "typeset", lambda *_: "case c {\n  sort S\n}\n")
    status, _, err = run()
    assert status == 3
    assert "the layout changed more than blanks" in err
    assert path.read_text() == MESSY


def test_neither_solver_nor_graphs_are_loaded(folder: Path) -> None:
    put(folder / "a.case", MESSY)
    program = """
import sys
from checker import cli
status = cli.main(["fmt"])
print(status, sorted({"z3", "networkx", "cvc5"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=folder)
    assert done.stdout == "1 file reformatted\n0 []\n"
