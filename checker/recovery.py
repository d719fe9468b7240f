"""Where to read on after an error: the next declaration, or the end of the module.

Nothing here knows the parser; it looks for words in the text, passing over strings and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.situation import DECLARATION_WORDS, MODULE_WORDS

_PIECE = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*+"?|(?P<word>\w[\w.]*)|(?P<brace>[{}])')
_NAME_FOLLOWS = re.compile(r"\s+[A-Za-z_]")
_VALUE_FOLLOWS = re.compile(r'\s*["0-9]')
_BRACE_FOLLOWS = re.compile(r"\s*\{")
_TEXT_FOLLOWS = re.compile(r'\s*"')

_WIDEST_MARGIN = 200  # looking back for a line break has a limit, lest very long lines take very long

_MODULES = frozenset(word.lower() for word in MODULE_WORDS)
_DECLARATIONS = frozenset(word.lower() for word in DECLARATION_WORDS)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place from which reading can go on: ``kind`` is ``"module"``, ``"import"``, ``"declaration"``,
    ``"mitigation"`` or ``"end"`` (the brace that closes the module)."""

    kind: str
    start: int


def landmarks(text: str, start: int, braces: int) -> Iterator[Landmark]:
    """The places from ``start`` on where reading could go on, in order.

    ``braces`` says how many braces are open within the module. Words inside them are more likely keys than
    declarations, unless they begin a line and are followed by what a declaration needs.
    """
    for piece in _PIECE.finditer(text, start):
        brace, word = piece["brace"], piece["word"]
        if brace == "{":
            braces += 1
        elif brace == "}" and braces:
            braces -= 1
        elif brace == "}":
            yield Landmark("end", piece.start())
        elif word in _MODULES and _NAME_FOLLOWS.match(text, piece.end()):
            yield Landmark("module", piece.start())
        elif word == "import" and _TEXT_FOLLOWS.match(text, piece.end()) and not braces:
            yield Landmark("import", piece.start())
        elif (word in _DECLARATIONS or word == "mitigation") and _begins(text, piece, word, braces):
            yield Landmark("mitigation" if word == "mitigation" else "declaration", piece.start())
            braces = 0


def module_body(text: str, start: int) -> int | None:
    """Where the body of the module begins whose head goes on at ``start``: behind its brace or, if that is missing,
    at the first declaration; none if the next module comes first."""
    for piece in _PIECE.finditer(text, start):
        if piece["brace"]:
            return piece.end() if piece["brace"] == "{" else None
        if piece["word"] in _MODULES and _NAME_FOLLOWS.match(text, piece.end()):
            return None
        if piece["word"] in _DECLARATIONS and _begins_line(text, piece.start()):
            return piece.start()
    return None


def _begins(text: str, piece: re.Match[str], word: str, braces: int) -> bool:
    """Whether the word begins a declaration here; elsewhere it is a key of a block, or a name that it cannot be."""
    if word == "source":
        return not braces and _TEXT_FOLLOWS.match(text, piece.end()) is not None
    if word == "scope":
        return _begins_line(text, piece.start()) and _BRACE_FOLLOWS.match(text, piece.end()) is not None
    if _begins_line(text, piece.start()) and not (braces and _VALUE_FOLLOWS.match(text, piece.end())):
        return True
    return not braces and _NAME_FOLLOWS.match(text, piece.end()) is not None


def _begins_line(text: str, start: int) -> bool:
    margin = text[max(0, start - _WIDEST_MARGIN) : start].rstrip(" \t\r")
    return not margin or margin.endswith("\n")
