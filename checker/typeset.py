"""Documents that know where they may be broken, and how they become lines.

A document is words in their order, with places for blanks and breaks between them. Groups stay on one line where they
fit, and are broken at all of their own breaks where they do not, from the outside inwards (P. Wadler, "A prettier
printer", 2003). Nothing here calls itself, as a formula may stand in very many parentheses.

Comments are no part of a document. ``Remarks`` say which stand beside its words, and the lines are broken for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Word:
    """A token as it was written, and the offsets in the text between which it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Blank:
    """So many blanks; none at the beginning of a line."""

    width: int = 1


@dataclass(frozen=True, slots=True)
class Break:
    """In a group that is broken a line break, else a blank or nothing. A hard one breaks all groups around it.

    With ``keep``, an empty line that the author left at this place is kept; with ``empty`` there always is one.
    """

    blank: bool = True
    hard: bool = False
    keep: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Nest:
    """What begins a line in here is indented by two more columns."""

    inside: Doc


@dataclass(frozen=True, slots=True)
class Group:
    """On one line, or broken."""

    inside: Doc


@dataclass(frozen=True, slots=True)
class Choice:
    """``one``, if ``fresh`` fits by itself on a further line that is indented by two columns; else ``other``.

    Both say the same in the same words. Where this stands on one line, it is ``one``.
    """

    fresh: Doc
    one: Doc
    other: Doc


@dataclass(frozen=True, slots=True)
class Before:
    """The comments above a word, in the place where this stands instead of that of the word."""

    word: Word


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    parts: tuple[Doc, ...]


Doc = Word | Blank | Break | Nest | Group | Choice | Before | Row

NOTHING = Row(())
BLANK = Blank()
LINE = Break()
SOFT = Break(blank=False)
HARD = Break(hard=True)
ITEM = Break(hard=True, keep=True)

INDENT = 2


def row(*parts: Doc | None) -> Doc:
    """The parts that are there, one after the other."""
    return Row(tuple(part for part in parts if part is not None))


def words_of(document: Doc) -> Iterator[Word]:
    """All words of a document, in their order."""
    waiting: list[Doc] = [document]
    while waiting:
        match part := waiting.pop():
            case Word():
                yield part
            case Nest(inside) | Group(inside) | Choice(_, inside, _):
                waiting.append(inside)
            case Row(parts):
                waiting += reversed(parts)
            case Blank() | Break() | Before():
                pass
            case _:
                assert_never(part)


def flat_width(document: Doc) -> int:
    """How wide a document is that stands on one line."""
    width = 0
    waiting: list[Doc] = [document]
    while waiting:
        match part := waiting.pop():
            case Word(text):
                width += len(text)
            case Blank(blanks):
                width += blanks
            case Break(blank):
                width += blank
            case Nest(inside) | Group(inside) | Choice(_, inside, _):
                waiting.append(inside)
            case Row(parts):
                waiting += parts
            case Before():
                pass
            case _:
                assert_never(part)
    return width


# ---------------------------------------------------------------------------------------------------------------------
# Comments, and the empty lines of the author.


@dataclass(frozen=True, slots=True)
class Above:
    """A comment on a line of its own, and whether there is an empty line above it."""

    text: str
    after_empty: bool


@dataclass(slots=True)
class Remarks:
    """What stands beside one word: comments above it, one behind it, and an empty line right above it."""

    above: list[Above] = field(default_factory=list)
    behind: str | None = None
    after_empty: bool = False


_COMMENT_OR_BREAK = re.compile(r"#[^\n]*|\n")

_CLINGS = frozenset((",", ")", ".", ":", ":="))
"""What ends a line rather than beginning one: comments in front of it move behind it."""


def remarks(text: str, words: Sequence[Word]) -> dict[int, Remarks]:
    """The remarks on the words of a text, by their offsets. The last word is an empty one, at the end of the text."""
    found = [Remarks() for _ in words]
    end = 0
    for number, word in enumerate(words):
        breaks = 0
        for match in _COMMENT_OR_BREAK.finditer(text, end, word.start):
            if match[0] == "\n":
                breaks += 1
                continue
            comment = match[0].rstrip()
            if breaks == 0 and number > 0:
                found[number - 1].behind = comment
            else:
                found[number].above.append(Above(comment, breaks > 1))
            breaks = 0
        found[number].after_empty = breaks > 1
        end = word.end
    for number, word in enumerate(words):
        if word.text in _CLINGS:
            _move_behind(found, number)
    return {word.start: remark for word, remark in zip(words, found, strict=True)}


def comments_of(text: str, words: Sequence[Word]) -> Iterator[str]:
    """All comments of a text with these words, in their order, without the blanks at their ends."""
    end = 0
    for word in words:
        yield from (
            match[0].rstrip() for match in _COMMENT_OR_BREAK.finditer(text, end, word.start) if match[0] != "\n"
        )
        end = word.end


def _move_behind(found: list[Remarks], number: int) -> None:
    """Have the comments in front of a word stand behind it, in their order."""
    before, here, after = found[number - 1 : number + 2]
    if before.behind is None and not here.above:
        return
    comments = [*here.above, *([] if here.behind is None else [Above(here.behind, False)])]
    here.behind, before.behind, here.above = before.behind, None, []
    after.above[:0] = comments


# ---------------------------------------------------------------------------------------------------------------------
# Lines.


def typeset(document: Doc, beside: Mapping[int, Remarks], width: int) -> str:
    """The text of a document, in lines of at most this width where they can be broken."""
    return _Page(beside, width).typeset(document)


_NO_REMARKS = Remarks()


@dataclass(slots=True)
class _Page:
    beside: Mapping[int, Remarks]
    width: int
    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """What there is of the line being written. If nothing, it begins with the next word, where that is indented to."""
    column: int = 0
    keep: bool = False
    """Whether an empty line above the next word is kept."""
    opened: bool = True
    """Whether nothing has been written yet in the file, or in these braces."""
    told: set[int] = field(default_factory=set)
    """The words whose comments above them have been written."""

    def typeset(self, document: Doc) -> str:
        stack: list[tuple[int, bool, Doc]] = [(0, True, document)]
        while stack:
            indent, broken, part = stack.pop()
            match part:
                case Word():
                    self._word(part, indent)
                case Blank(blanks):
                    self._blanks(blanks)
                case Break(blank, hard):
                    if hard or broken:
                        self._end_line()
                        self.keep = part.keep
                        if part.empty:
                            self._empty_line()
                    elif blank:
                        self._blanks(1)
                case Nest(inside):
                    stack.append((indent + INDENT, broken, inside))
                case Group(inside):
                    stack.append((indent, broken and not self._fits(inside, indent, stack), inside))
                case Choice(fresh, one, other):
                    first = not broken or self._fits(fresh, indent + INDENT, stack, fresh=True)
                    stack.append((indent, broken, one if first else other))
                case Before(word):
                    self._above(word, indent)
                case Row(parts):
                    stack += [(indent, broken, inner) for inner in reversed(parts)]
                case _:
                    assert_never(part)
        self._end_line()
        return "\n".join([*self.lines, ""]) if self.lines else ""

    def _word(self, word: Word, indent: int) -> None:
        remark = self.beside.get(word.start, _NO_REMARKS)
        keep = self.keep
        self._above(word, indent)
        if not word.text:
            return
        if keep and remark.after_empty:
            self._empty_line()
        self.keep = False
        self._write(word.text, indent)
        self.opened = word.text == "{"
        if remark.behind is not None:
            self.pieces += ["  ", remark.behind]
            self._end_line()

    def _above(self, word: Word, indent: int) -> None:
        comments = self._comments_above(word.start)
        if comments:
            self._end_line()
        for comment in comments:
            if comment.after_empty:
                self._empty_line()
            self._write(comment.text, indent)
            self.opened = False
            self._end_line()
        self.told.add(word.start)

    def _comments_above(self, start: int) -> Sequence[Above]:
        return () if start in self.told else self.beside.get(start, _NO_REMARKS).above

    def _write(self, text: str, indent: int) -> None:
        if not self.pieces:
            self.pieces.append(" " * indent)
            self.column = indent
        self.pieces.append(text)
        self.column += len(text)

    def _blanks(self, blanks: int) -> None:
        if self.pieces:
            self.pieces.append(" " * blanks)
            self.column += blanks

    def _end_line(self) -> None:
        if self.pieces:
            self.lines.append("".join(self.pieces).rstrip())
            self.pieces.clear()

    def _empty_line(self) -> None:
        if not self.opened and self.lines and self.lines[-1]:
            self.lines.append("")

    def _fits(self, inside: Doc, indent: int, stack: Sequence[tuple[int, bool, Doc]], *, fresh: bool = False) -> bool:
        """Whether this fits on the line, or on a fresh one, with what follows it up to the next place for a break."""
        begins = fresh or not self.pieces
        room = self.width - (indent if begins else self.column)
        closed = False
        following = len(stack)
        waiting: list[tuple[bool, Doc]] = [(False, inside)]
        while waiting or following:
            if not waiting:
                following -= 1
                waiting.append(stack[following][1:])
            broken, part = waiting.pop()
            match part:
                case Word(text, start):
                    if closed or (self._comments_above(start) and not begins):
                        return following < len(stack)  # a comment breaks the line here
                    room -= len(text)
                    begins = False
                    closed = self.beside.get(start, _NO_REMARKS).behind is not None
                case Blank(blanks):
                    room -= blanks
                case Break(blank, hard):
                    if hard or broken:
                        return following < len(stack)
                    room -= blank
                case Nest(within) | Group(within) | Choice(_, within, _):
                    waiting.append((broken, within))
                case Before():
                    pass
                case Row(parts):
                    waiting += [(broken, inner) for inner in reversed(parts)]
                case _:
                    assert_never(part)
            if room < 0:
                return False
        return True
