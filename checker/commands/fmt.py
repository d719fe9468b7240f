"""``safety-case fmt``: one canonical layout."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker import settings
from checker.commands import options
from checker.commands.running import BAD_INPUT, complain, guarded, harmless, paper, settled
from checker.render.words import counted

if TYPE_CHECKING:
    from checker.findings import Finding
    from checker.source import Source

STDIN = Path("-")
SHOWN_STDIN = "<standard input>"


@dataclass(frozen=True, slots=True)
class _File:
    """One file: its text, and the text in the canonical layout, or why there is none."""

    path: Path
    source: Source
    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def changes(self) -> bool:
        return self.text != self.source.text


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Change nothing; the exit status is 1 if something would change.")
@click.option("--diff", is_flag=True, help="Change nothing, and show what would change.")
@options.color
@guarded
def command(paths: tuple[Path, ...], check: bool, diff: bool, color: settings.Color | None) -> int:
    """Lay out the .case files at each PATH: files, and folders with all that is in them (default: here).

    Only blanks and line breaks change: comments, parentheses and the empty lines between declarations stay. A file that
    cannot be understood is left as it is. With - for PATH, what stands on standard input is written to standard output.

    The exit status is 0, with --check 1 if something would change, and 2 if a file could not be read or understood.
    """
    project = settled()
    if STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("standard input (-) cannot be laid out together with files")
        files: Iterator[_File] = iter([_standard_input()])
        complaints: list[Finding] = []
    else:
        from checker.load import find_files

        found, complaints = find_files(paths or (Path(),))
        files = map(_read, found)
    in_color = paper(color or project.color or "auto", to_file=False)[1]
    complain(complaints, {})
    count = _Count(dry=check or diff)
    for file in files:
        count.add(file)
        complain(file.findings, {file.source.name: file.source.text})
        if diff:
            _print(_difference(file, in_color))
        elif check:
            _print(f"would reformat {harmless(file.source.name)}\n" if file.changes else "")
        elif file.path == STDIN:
            _print(file.text)
        elif file.changes:
            from checker.output import write_file

            write_file(file.path, file.text)
    if STDIN not in paths:
        click.echo(count.summary(), err=diff)
    if complaints or count.refused:
        return BAD_INPUT
    return 1 if check and count.changed else 0


@dataclass(slots=True)
class _Count:
    """How many files were changed, or would be in a dry run; were left as they are; and could not be understood."""

    dry: bool
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def add(self, file: _File) -> None:
        if file.findings:
            self.refused += 1
        elif file.changes:
            self.changed += 1
        else:
            self.unchanged += 1

    def summary(self) -> str:
        told = [
            (self.changed, "would be reformatted" if self.dry else "reformatted"),
            (self.unchanged, "left unchanged"),
            (self.refused, "not understood"),
        ]
        (number, what), *rest = [one for one in told if one[0]] or [(0, "to reformat")]
        return ", ".join([f"{counted(number, 'file')} {what}", *(f"{number} {what}" for number, what in rest)])


def _read(path: Path) -> _File:
    from checker.load import read_text

    name = path.as_posix()
    return _laid_out(path, name, *read_text(path, name))


def _standard_input() -> _File:
    from checker.load import MAX_BYTES, decode

    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return _laid_out(STDIN, SHOWN_STDIN, *decode(SHOWN_STDIN, data))


def _laid_out(path: Path, name: str, text: str, findings: Sequence[Finding]) -> _File:
    from checker.reformat import reformat
    from checker.source import Source

    if findings:
        return _File(path, Source(name, text), text, tuple(findings))
    done = reformat(text, name)
    return _File(path, Source(name, text), done.text, done.findings)


def _print(text: str) -> None:
    from checker.output import write_out

    write_out(text, utf8=not (sys.stdout is not None and sys.stdout.isatty()))


def _difference(file: _File, in_color: bool) -> str:
    """A unified diff of a file, or nothing if it would stay as it is."""
    from difflib import unified_diff

    if not file.changes:
        return ""
    name = file.source.name
    before, after = _lines(file.source.text), _lines(file.text)
    shown = []
    for line in unified_diff(before, after, harmless(name), f"{harmless(name)} (reformatted)"):
        # Whatever acts on a terminal is refused where specifications are read.
        text = line.removesuffix("\n")
        shown.append(click.style(text, fg=_color_of(line)) if in_color else text)
        if not line.endswith("\n"):
            shown.append("\\ No newline at end of file")
    return "".join(f"{line}\n" for line in shown)


def _lines(text: str) -> list[str]:
    """The lines with their ends. Other than Python, editors and ``diff`` know no line breaks but these."""
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]


def _color_of(line: str) -> str | None:
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[0])
