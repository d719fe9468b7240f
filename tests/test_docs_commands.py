"""Every command that README.md and the pages of ``docs`` show is run, and prints what the page says.

A page with commands says where they are run, in a comment ``commands in: a checkout`` or ``... an empty folder``.
They are run in order, each in the folder that the one before left behind. In a block ``console``, lines that begin with
``$`` are commands, and what stands below is all that they print; a line ``...`` stands for lines that are left out.
These comments stand before a block:

- ``<!-- file NAME -->``: the block is the content of a file; ``<!-- in NAME above TEXT -->``: it is put into one, above
  the line that begins so;
- ``<!-- exit N -->``: the exit status of its commands, where it is not 0; ``<!-- exit N, M -->``: that of each;
- ``<!-- not run: REASON -->``, for the blocks listed in ``NOT_RUN``.

``python -m tests.test_docs_commands`` writes into the pages what is printed now.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^((?:<!-- [^\n]*? -->\n\n?)*)```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!-- (.*?) -->")
PLACE = re.compile(r"^<!-- commands in: (a checkout|an empty folder) -->$", re.MULTILINE)
EXAMPLE = re.compile(r"\bexamples/\w+\.case\b")
SHELL = re.compile(r"[|&;<>$*`(){}]")

NOT_RUN = {
    # Both install the checker, and .ci/run runs them; tests/test_packaging.py holds it to that.
    ("README.md", "python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/safety-case check"),
    ("README.md", 'python3 -m venv .venv && .venv/bin/pip install --quiet --editable ".[dev]" && .ci/browser'),
}
"""The blocks that are not run, by their page and how they begin: they set things up."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page, with the comments that stand before it."""

    comments: tuple[str, ...]
    language: str
    text: str
    start: int

    @property
    def statuses(self) -> list[int]:
        """The exit status of each command."""
        (said,) = [c.removeprefix("exit ") for c in self.comments if c.startswith("exit ")] or ["0"]
        numbers = [int(number) for number in said.split(", ")]
        return numbers if len(numbers) > 1 else numbers * len(self.commands)

    @property
    def reason(self) -> str | None:
        """Why it is not run."""
        return next((c.removeprefix("not run: ") for c in self.comments if c.startswith("not run: ")), None)

    @property
    def commands(self) -> list[tuple[str, str | None]]:
        """The commands, each with what the page says that it prints, if it says that."""
        if self.language == "sh":
            return [(line, None) for line in self.text.splitlines() if line and not line.startswith("#")]
        parts = re.split(r"^\$ (.*)\n", self.text, flags=re.MULTILINE)
        assert parts[0] == "", "a block of a session begins with a command"
        return list(zip(parts[1::2], parts[2::2], strict=True))


def blocks(page: str) -> Iterator[Block]:
    for match in BLOCK.finditer(page):
        yield Block(tuple(COMMENT.findall(match[1])), match[2], match[3], match.start(3))


def with_commands(page: str) -> list[Block]:
    return [block for block in blocks(page) if block.language in ("sh", "console", "bash", "shell")]


def place(block: Block, folder: Path) -> None:
    """Do what a reader does with a block that is a file, or part of one."""
    for comment in block.comments:
        if comment.startswith("file "):
            path = folder / comment.removeprefix("file ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif match := re.fullmatch(r"in (\S+) above (.+)", comment):
            path = folder / match[1]
            lines = path.read_text("utf-8").splitlines(keepends=True)
            (number,) = [n for n, line in enumerate(lines) if line.lstrip().startswith(match[2])]
            path.write_text("".join([*lines[:number], block.text, "\n", *lines[number:]]), "utf-8")


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit status of a command and what it prints, errors included."""
    words = shlex.split(command)
    if words[0] == "safety-case" and not SHELL.search(command):
        # In this process, which has loaded everything.
        printed = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = cli.main(words[1:])
        return status, printed.getvalue()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout


def fits(shown: str, printed: str) -> bool:
    """Whether this was printed, up to lines that are left out."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), printed) is not None


def prepared(page: str, folder: Path) -> None:
    """Make the folder what the page says that its commands are run in."""
    (where,) = PLACE.findall(page)
    if where == "a checkout":
        # To check all examples takes long; those that the page names will do.
        shutil.copytree(ROOT / "examples" / "evidence", folder / "examples" / "evidence")
        for name in EXAMPLE.findall(page):
            shutil.copy(ROOT / name, folder / "examples")


@dataclass(frozen=True, slots=True)
class Call:
    """A command of a block, what the page says about it, and what came of it."""

    block: Block
    command: str
    shown: str | None
    expected: int
    status: int
    printed: str


def session(page: str, folder: Path) -> Iterator[Call]:
    """Do everything that a page says, in order."""
    prepared(page, folder)
    for block in blocks(page):
        place(block, folder)
        if block in with_commands(page) and block.reason is None:
            for (command, shown), expected in zip(block.commands, block.statuses, strict=True):
                yield Call(block, command, shown, expected, *run(command, folder))


def to_run() -> list[Path]:
    return [p for p in PAGES if any(b.reason is None for b in with_commands(text_of(p)))]


def text_of(path: Path) -> str:
    """The text of a page."""
    return path.read_text("utf-8")


@pytest.mark.parametrize("path", to_run(), ids=lambda path: path.name)
def test_the_commands_of_a_page_do_what_it_says(path: Path, tmp_path: Path) -> None:
    for call in session(text_of(path), tmp_path):
        assert call.status == call.expected, f"{call.command}\n{call.printed}"
        if call.shown is not None:
            assert fits(call.shown, call.printed), f"run `python -m tests.test_docs_commands`\n{call.printed}"


def test_no_other_block_is_left_out() -> None:
    left_out = [(p.name, b.text) for p in PAGES for b in with_commands(text_of(p)) if b.reason is not None]
    assert len(left_out) == len(NOT_RUN)
    for name, text in left_out:
        assert [start for page, start in NOT_RUN if page == name and text.startswith(start)], (name, text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_sessions_are_written_in_one_way(path: Path) -> None:
    assert {b.language for b in with_commands(text_of(path))} <= {"sh", "console"}
    fences = [line for line in text_of(path).splitlines() if line.startswith("```")]
    assert len(fences) == 2 * len(list(blocks(text_of(path)))), "a fence is indented or not closed"


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n", "b\n", False),
        ("", "", True),
        ("", "a\n", False),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("a\n...\nd\n", "a\nb\n", False),
        ("a\n...\n", "a\nb\n", True),
        ("a.\n", "ab\n", False),
    ],
)
def test_what_is_shown_is_compared_line_by_line(shown: str, printed: str, expected: bool) -> None:
    assert fits(shown, printed) is expected


def anchors(page: str) -> set[str]:
    """What a link can point to within a page."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for file, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)#?([^)\s]*)\)", text_of(path)):
        target = path.parent / file if file else path
        assert target.exists(), file
        assert not anchor or anchor in anchors(text_of(target)), f"{file}#{anchor}"


def rewritten(page: str, folder: Path) -> str:
    """The page with what is printed now, where all of it is shown."""
    replaced: dict[int, str] = {}
    for call in session(page, folder):
        if call.shown is not None:
            kept = call.shown if fits(call.shown, call.printed) else call.printed
            replaced[call.block.start] = replaced.get(call.block.start, "") + f"$ {call.command}\n{kept}"
    for block in reversed(list(blocks(page))):
        if block.start in replaced:
            page = page[: block.start] + replaced[block.start] + page[block.start + len(block.text) :]
    return page


def main(paths: Sequence[Path]) -> None:
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(rewritten(text_of(path), Path(folder)), "utf-8")


if __name__ == "__main__":
    main(to_run())
