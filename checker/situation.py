"""What is known where reading a file got stuck, and what can be done about it.

The reader (:mod:`checker.parser`) builds a ``Situation``; the wording (:mod:`checker.syntax_errors`) turns it into a
``Diagnosis``: what to tell the author, and how to read on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checker.findings import Finding
from checker.source import Span

END = "$END"
"""Lark's name for the end of the file, where a terminal is expected."""

UNREADABLE = "?"
"""The kind of what begins no terminal at all."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Read the text between two offsets as one terminal, written ``text``.

    ``dropping`` counts the terminals before it that were read from the same stretch, and are taken back first.
    """

    start: int
    end: int
    kind: str
    text: str
    dropping: int = 0


@dataclass(frozen=True, slots=True)
class Insert:
    """Go on as if these terminals stood before the place."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ignore:
    """Go on at the offset ``end``, taking back the last ``dropping`` terminals."""

    end: int
    dropping: int = 0


@dataclass(frozen=True, slots=True)
class Resume:
    """Skip what is left of the declaration, from the offset ``start`` on."""

    start: int


Repair = Replace | Insert | Ignore | Resume


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What to say, and how to read on. After a guess, nothing more is said about the same declaration."""

    finding: Finding
    repair: Repair
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A place that cannot be read.

    ``kind`` is the terminal found there (or ``END`` or ``UNREADABLE``), ``word`` its text, at the offset ``start`` of
    the whole ``text``. ``accepted`` are the terminals that could stand there. ``before`` are the terminals already
    read that are not yet part of anything complete, last one last; ``previous`` is the terminal just before, if any.
    ``can_read`` tells whether these terminals could be read here, one after the other, once the last few are taken
    back. ``place`` gives the span between two offsets.
    """

    text: str
    start: int
    kind: str
    word: str
    accepted: frozenset[str]
    before: tuple[Any, ...]
    previous: Any | None
    can_read: Callable[[tuple[str, ...], int], bool]
    place: Callable[[int, int], Span]

    @property
    def end(self) -> int:
        return self.start + len(self.word)

    @property
    def span(self) -> Span:
        return self.place(self.start, self.end)

    @property
    def declaration(self) -> str | None:
        """The keyword of the innermost declaration or module that is being read: ``"CLAIM"``."""
        return next((token.type for token in reversed(self.before) if token.type in OPENERS), None)

    @property
    def unclosed(self) -> tuple[Any, ...]:
        """The parentheses and braces that are open, outermost first."""
        return tuple(token for token in self.before if token.type in CLOSERS)

    @property
    def expects_formula(self) -> bool:
        return "FORALL" in self.accepted

    @property
    def expects_term(self) -> bool:
        return "NUMBER" in self.accepted and "IF" in self.accepted

    @property
    def expects_operator(self) -> bool:
        return "PLUS" in self.accepted

    @property
    def declares_variables(self) -> bool:
        """Whether the place is between ``forall``, ``exists``, ``count`` or ``sum`` and its dot."""
        marks = (*_BINDING, "DOT", "LPAR")
        return next((token.type for token in reversed(self.before) if token.type in marks), None) in _BINDING

    @property
    def on_new_line(self) -> bool:
        """Whether a line break stands between the last terminal and this place."""
        return self.previous is None or "\n" in self.text[self.previous.end_pos : self.start]

    def follows(self, *kinds: str) -> bool:
        """Whether the last terminals read were of these kinds, and can still be taken back."""
        last = self.before[-len(kinds) :]
        return (
            tuple(token.type for token in last) == kinds
            and self.previous is not None
            and last[-1].start_pos == self.previous.start_pos
        )


MODULE_WORDS = ("THEORY", "CASE", "VARIANT")

DECLARATION_WORDS = (
    "SORT",
    "CONST",
    "PREDICATE",
    "FUNCTION",
    "DEFINE",
    "AXIOM",
    "ASSUME",
    "EVIDENCE",
    "CLAIM",
    "GOAL",
    "WORRY",
    "POSSIBLE",
    "REQUIRES",
    "ANSWER",
    "ADOPT",
    "ACCEPT",
    "DROP",
    "SHOW",
    "SCOPE",
    "SOURCE",
    "USE",
)

OPENERS = frozenset((*MODULE_WORDS, *DECLARATION_WORDS, "MITIGATION", "IMPORT"))

_BINDING = ("FORALL", "EXISTS", "COUNT", "SUM")

CLOSERS = {"LPAR": "RPAR", "LBRACE": "RBRACE"}
