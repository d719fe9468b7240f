"""Syntax trees of texts that were read before, so that only files that changed are parsed.

A tree is kept as JSON: a list for each node, with the number of its class, its place and its parts. It stands under a
digest of the text and of everything that has a part in reading it. Only what was read without any finding is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker import syntax
from checker.parser import Parsed, parse
from checker.resources import grammar_text
from checker.source import NOWHERE, Span
from checker.syntax import File, Node

if TYPE_CHECKING:
    from checker.kept import Kept

MOST_TEXT = 10_000_000
"""How long a tree may be, as text, so that it is kept between runs."""
MOST_RECENT = 64
"""How many trees are at hand for the next run of this process, as when watching."""
MOST_AT_HAND = 50_000
"""How large a text may be for that."""

_READING = (
    "build",
    "characters",
    "grammar",
    "parser",
    "recovery",
    "situation",
    "source",
    "syntax",
    "trees",
)
"""The modules that have a part in what a text is read as."""

_recent: dict[tuple[str, str], Parsed] = {}


@dataclass(frozen=True, slots=True)
class Trees:
    """Reads texts, with the help of what is ``kept`` between runs if anything is."""

    kept: Kept | None = None

    def parse(self, text: str, name: str) -> Parsed:
        """See :func:`checker.parser.parse`: the same comes out."""
        if (text, name) in _recent:
            return _recent[text, name]
        found = self._parse(text, name)
        if len(text) <= MOST_AT_HAND:
            while len(_recent) >= MOST_RECENT:
                del _recent[next(iter(_recent))]
            _recent[text, name] = found
        return found

    def _parse(self, text: str, name: str) -> Parsed:
        if self.kept is None:
            return parse(text, name)
        key = blake2b(fingerprint() + text.encode("utf-8", "surrogatepass"), digest_size=24).digest()
        kept = self.kept.find(key)
        file = None if kept is None else read(kept, name)
        if file is not None:
            return Parsed(file, ())
        found = parse(text, name)
        if not found.findings and len(tree := written(found.file)) <= MOST_TEXT:
            self.kept.keep(key, tree)
        return found


@cache
def fingerprint() -> bytes:
    """A digest of what reads: the grammar, the source code that has a part in it, and Lark's version."""
    from importlib.metadata import version

    digest = blake2b(b"tree" + version("lark").encode() + grammar_text().encode())
    for module in _READING:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.digest()


# -- trees as text -----------------------------------------------------------------------------------------------------


def _classes() -> Iterator[type[Node]]:
    for thing in vars(syntax).values():
        if isinstance(thing, type) and issubclass(thing, Node) and thing is not Node:
            yield thing


_CLASSES = tuple(_classes())
_NUMBERS: Mapping[type, int] = {one: number for number, one in enumerate(_CLASSES)}
_PARTS: Mapping[type, tuple[str, ...]] = {one: one.__match_args__ for one in _CLASSES}


def written(file: File) -> str:
    """The tree of a file as text, without the name of the file."""
    return json.dumps(_plain(file), separators=(",", ":"), ensure_ascii=False)


def _plain(part: Any) -> Any:
    """A part of a tree as JSON has it. A list that begins with a number is a node, any other one a sequence."""
    if isinstance(part, Node):
        kind, span = type(part), part.span
        place = (span.line, span.column, span.end_line, span.end_column)
        return [_NUMBERS[kind], *place, *(_plain(getattr(part, name)) for name in _PARTS[kind])]
    if isinstance(part, tuple):
        return [_plain(one) for one in part]
    return part


def read(text: str, name: str) -> File | None:
    """The tree that a text says, of a file called ``name``; None if it says none."""
    try:
        found = _reader(name)(json.loads(text))
    except (ValueError, TypeError, IndexError, RecursionError):
        return None
    return found if isinstance(found, File) else None


def _reader(name: str) -> Callable[[Any], Any]:
    def part(plain: Any) -> Any:
        if type(plain) is not list:
            return plain
        if plain and type(plain[0]) is int:
            number, line, column, end_line, end_column, *parts = plain
            span = Span(name, line, column, end_line, end_column) if line else NOWHERE
            return _CLASSES[number](*map(part, parts), span=span)
        return tuple(map(part, plain))

    return part
