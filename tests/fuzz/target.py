"""What must hold whatever is written in a specification.

``examine`` reads a text, resolves it, and takes it the whole way to a report, with a solver that decides nothing (what
solvers do is not what is fuzzed here). It raises ``AssertionError``, or whatever the checker raises, where something is
not as it should be.
"""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal
from unittest import mock

from checker import discharge, pipeline
from checker.entailment import Answer, Limits, Question, Reason, Undetermined
from checker.findings import Finding, Severity
from checker.load import Loader, Unit
from checker.parser import parse
from checker.printer import print_file
from checker.render.text import render
from checker.resources import library_folder
from checker.source import Span

NAME = "fuzz.case"
TODAY = date(2026, 11, 24)
OTHER = 'theory other { sort S predicate p(x: S) claim c : forall x: S. p(x) worry w "w" unless true }\n'
"""A file that texts may import as ``other.case``."""

Outcome = Literal["unreadable", "not understood", "checked"]

_OPTIONS = pipeline.settings(TODAY, None, None, strict=False, only=())


def examine(text: str, workspace: Path) -> Outcome:
    """Hold the checker to what it promises about ``text``, as if it stood in a file in ``workspace``."""
    parsed = parse(text, NAME)
    lines = text.removeprefix("\ufeff").split("\n")
    for found in parsed.findings:
        _within(found.span, {NAME: lines})
    unreadable = any(found.severity is Severity.ERROR for found in parsed.findings)
    if not unreadable:
        printed = print_file(parsed.file)
        assert parse(printed, NAME).file == parsed.file, "what is printed reads back as something else"

    loader = Loader(dict(_library()))
    unit = loader.load_text(text, NAME, workspace)
    with undecided(), pipeline._running(loader, _OPTIONS) as run:
        report = run.run([unit])

    sources = {name: source.removeprefix("\ufeff").split("\n") for name, source in report.sources.items()}
    findings = [*report.findings, *(found for case in report.cases for found in case.findings)]
    for found in findings:
        _told(found, sources)
    errors = any(found.severity is Severity.ERROR for found in report.findings)
    assert report.exit_status == (2 if errors else 0 if report.passed else 1)
    assert errors or not unreadable, "what cannot be read must not be checked"
    for case in report.cases:
        decided = [*case.claims.values(), *case.worries.values(), *case.possible.values()]
        assert not (case.passed and case.kind != "theory"), "a case passes, and nothing was decided"
        assert decided or case.kind == "theory", "a case without anything to decide was judged"
    _harmless(render(report, color=False).replace("\n", ""))
    text_of_json = report.to_json()
    _harmless(text_of_json.replace("\n", ""))
    json.loads(text_of_json)
    return "unreadable" if unreadable else "not understood" if errors else "checked"


def _within(span: Span, sources: Mapping[str, list[str]]) -> None:
    """A place is one in the text; the end of the text, and of each line, included."""
    lines = sources[span.file]
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        assert 1 <= line <= len(lines), f"{span} is not in the text"
        assert 1 <= column <= len(lines[line - 1]) + 1, f"{span} is not in the line"
    assert (span.line, span.column) <= (span.end_line, span.end_column), f"{span} ends before it begins"


def _told(found: Finding, sources: Mapping[str, list[str]]) -> None:
    """A finding has a sentence and a place, unless it is about no place at all."""
    assert found.message.strip()
    assert found.span.line or found.code == "empty-file", f"{found.code} has no place"
    for span in (found.span, *(related.span for related in found.related)):
        if span.line:
            _within(span, sources)


def _harmless(text: str) -> None:
    for char in text if not (text.isascii() and text.isprintable()) else "":
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), f"U+{ord(char):04X} gets out"


@contextmanager
def undecided() -> Iterator[None]:
    """Within the block nothing is decided."""

    def answer(question: Question, limits: Limits | None = None) -> Answer:
        return Undetermined(Reason.BUDGET)

    with mock.patch.object(discharge, "answer", answer):
        yield


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder that texts must not look out of, with a file that they may import."""
    with tempfile.TemporaryDirectory(prefix="safety-case-fuzz-") as name:
        folder = Path(name).resolve()
        (folder / "pyproject.toml").touch()
        (folder / "other.case").write_text(OTHER, "utf-8")
        yield folder


@cache
def _library() -> Mapping[Path, Unit]:
    """The library's theories, read once: they are the same for every text."""
    loader = Loader()
    for path in sorted(library_folder().glob("*.case")):
        loader.load(path, f"specs/{path.name}")
    return loader.units
