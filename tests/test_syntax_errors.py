"""What is said about mistakes in the syntax, word for word: ``golden/syntax_errors/*.md`` holds mistakes and findings.

After a change of wording, ``python -m tests.test_syntax_errors`` writes the findings anew; review what changes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.codes import REGISTRY
from checker.findings import Finding
from checker.parser import parse
from checker.syntax import SortDecl

FOLDER = Path(__file__).parent / "golden" / "syntax_errors"
_MISTAKE = re.compile(
    r"^## (?P<title>.+)\n\n```case\n(?P<text>(?:.*\n)*?)```\n\n```text\n(?P<said>(?:.*\n)*?)```\n", re.MULTILINE
)


class Mistake(NamedTuple):
    file: str
    title: str
    text: str
    said: str


def mistakes() -> list[Mistake]:
    return [
        Mistake(path.stem, match["title"], match["text"], match["said"])
        for path in sorted(FOLDER.glob("*.md"))
        for match in _MISTAKE.finditer(path.read_text(encoding="utf-8"))
    ]


def said(text: str) -> str:
    """The findings of a text as the golden files show them."""
    return "".join(_line(found) for found in parse(text, "mistake.case").findings)


def _line(found: Finding) -> str:
    start, end = (found.span.line, found.span.column), (found.span.end_line, found.span.end_column)
    to = f"-{end[1]}" if start[0] == end[0] else f"-{end[0]}:{end[1]}"
    hint = f"  hint: {found.hint}\n" if found.hint else ""
    related = "".join(f"  {at.span.line}:{at.span.column} {at.message}\n" for at in found.related)
    return f"{start[0]}:{start[1]}{to} {found.code}: {found.message}\n{hint}{related}"


MISTAKES = mistakes()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.file}: {mistake.title}")
def test_what_is_said(mistake: Mistake) -> None:
    assert said(mistake.text) == mistake.said


@pytest.mark.parametrize(
    "mistake", [m for m in MISTAKES if m.text.endswith("  sort T\n}\n")], ids=lambda mistake: mistake.title
)
def test_what_stands_around_a_mistake_is_read(mistake: Mistake) -> None:
    (module,) = parse(mistake.text, "mistake.case").file.modules
    sorts = [declaration.name.text for declaration in module.body if isinstance(declaration, SortDecl)]
    assert (sorts[0], sorts[-1]) == ("S", "T")


def test_the_golden_files_are_read_completely() -> None:
    headings = sum(path.read_text(encoding="utf-8").count("\n## ") for path in FOLDER.glob("*.md"))
    assert len(MISTAKES) == headings >= 100
    assert len({mistake.said.split(": ", 1)[1] for mistake in MISTAKES}) >= 60


def test_messages_are_of_one_voice() -> None:
    """No names of terminals, no capital at the beginning, no full stop at the end, and every code is registered."""
    for mistake in MISTAKES:
        for found in parse(mistake.text, "mistake.case").findings:
            assert found.code in REGISTRY
            for sentence in (found.message, found.hint or "", *(at.message for at in found.related)):
                assert not re.search(r"\b[A-Z]{2,}\b", sentence.replace(found.about or "\0", "")), sentence
                assert not sentence.endswith(".") or sentence.endswith("..."), sentence
                assert not sentence[:1].isupper(), sentence


def test_mistakes_in_different_declarations_are_all_reported() -> None:
    text = """theory t {
  sort agent
  predicate p(x: Agent) := true
  axiom a : forall x: Agent. p(x) &&
  claim c = p
  worry w unless (p and q
    mitigation m : p ==> q
    mitigation n p
}
case d {
  evidence e { file study }
  use t with A = "x"
  goal g : p iff q iff r
}
"""
    lines = [found.span.line for found in parse(text, "mistakes.case").findings]
    assert lines == [2, 3, 4, 5, 5, 7, 7, 8, 11, 12, 13]


def write() -> None:
    """Write all findings anew."""
    for path in FOLDER.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            _MISTAKE.sub(
                lambda match: (
                    f"## {match['title']}\n\n```case\n{match['text']}```\n\n```text\n{said(match['text'])}```\n"
                ),
                text,
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    write()
