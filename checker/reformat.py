"""From the text of a file to the same in the canonical layout: blanks and line breaks change, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from checker.findings import Finding, Severity
from checker.layout import WIDTH, Laid, Layout
from checker.parser import parse
from checker.typeset import comments_of, remarks, typeset

if TYPE_CHECKING:
    from lark import Lark

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Reformatted:
    """The text in the canonical layout; or the text as it was, and the findings for which it could not be read."""

    text: str
    findings: tuple[Finding, ...] = ()


def reformat(text: str, name: str) -> Reformatted:
    """Lay out the text of a file that is shown to people as ``name``.

    Line breaks are all like the first one, ``\\n`` or ``\\r\\n``; a byte order mark goes. Never raises for bad input.
    """
    before = parse(text, name)
    errors = tuple(found for found in before.findings if found.severity is Severity.ERROR)
    if errors:
        return Reformatted(text, errors)
    plain = text.removeprefix(_MARK).replace("\r\n", "\n")
    laid = _lay_out(plain)
    again = typeset(laid.document, remarks(plain, laid.words), WIDTH)
    if again != plain:
        # Nothing that a formatter could do wrong is worth a changed specification.
        assert _content(again, _lay_out(again)) == _content(plain, laid), "the layout changed more than blanks"
    return Reformatted(again.replace("\n", "\r\n") if _first_break(text) == "\r\n" else again)


def _first_break(text: str) -> str:
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def _lay_out(text: str) -> Laid:
    parser, layout = _machine()
    layout.begin(text)
    laid: object = parser.parse(text)
    assert isinstance(laid, Laid)
    return laid


@cache
def _machine() -> tuple[Lark, Layout]:
    from checker.grammar import load_parser

    layout = Layout()
    return load_parser(layout), layout


def _content(text: str, laid: Laid) -> tuple[list[str], list[str]]:
    """Everything but blanks and line breaks: the words, and the comments."""
    return [word.text for word in laid.words], list(comments_of(text, laid.words))
