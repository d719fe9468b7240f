"""Reading a file: from its text to the syntax tree, and to a finding for whatever is no specification.

Lark's generated parser does the reading, and :class:`checker.build.Builder` builds the tree as it goes. This module
feeds the one to the other and, after an error, finds a way on, so that one run reports several errors.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from checker.build import MAX_LEVELS, Body, Builder, RefusedError
from checker.findings import Finding, Severity, finding, in_order
from checker.recovery import Landmark, landmarks, module_body
from checker.situation import END, OPENERS, UNREADABLE, Diagnosis, Ignore, Insert, Replace, Resume, Situation
from checker.source import Span
from checker.syntax import File

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.lexer import LexerThread
    from lark.parsers.lalr_parser_state import ParserState

MAX_ERRORS = 20
"""After so many errors in one file the rest is not worth reading."""

MAX_STACK = 2000
"""How much may be left open at once, each parenthesis, operator and operand counted."""

MAX_REPAIRS = 500
"""Repairs can fail to help; this bounds how often they are tried."""

_HEADS = (("LBRACE",), ("NAME", "LBRACE"), ("OF", "NAME", "LBRACE"), ("NAME", "OF", "NAME", "LBRACE"))
"""What may be left of the head of a module."""

_WORD = re.compile(r"\w+")

# Control characters; surrogates, which are no characters; and the marks that make text run the other way, or end that.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read of a file. With an error among the findings, the tree is not to be used any further."""

    file: File
    findings: tuple[Finding, ...]


def parse(text: str, name: str) -> Parsed:
    """Read the text of a file that is shown to people as ``name``. Never raises, whatever the text."""
    text = text.removeprefix("\ufeff")
    parser, builder = _machine()
    reader = _Reader(parser, builder, _INVISIBLE.sub(" ", text), name)
    hidden = _INVISIBLE.search(text)
    if hidden:
        about = f"U+{ord(hidden[0]):04X}"
        span = reader.place(hidden.start(), hidden.end())
        reader.findings.append(finding("control-character", span, about=about, hint="delete it"))
    file = reader.read()
    return Parsed(file, _at_most(MAX_ERRORS, in_order(reader.findings + builder.findings)))


@cache
def _machine() -> tuple[Lark, Builder]:
    from checker.grammar import load_parser

    builder = Builder()
    return load_parser(builder), builder


def _at_most(limit: int, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if sum(found.severity is Severity.ERROR for found in findings) < limit:
        return findings
    return (*findings[:limit], finding("more-syntax-errors", findings[limit - 1].span, limit=limit))


class _Reader:
    """Reads one text.

    The parser has a stack of states and a stack of values, one shorter; both are cut back together in order to take
    back what was read. Values that are still tokens belong to nothing complete yet.
    """

    def __init__(self, parser: Lark, builder: Builder, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.builder = builder
        self.findings: list[Finding] = []
        builder.begin(name)
        interactive = parser.parse_interactive(text)
        self.lexer: LexerThread = interactive.lexer_thread
        self.state: ParserState[int] = interactive.parser_state
        self.previous: Token | None = None
        self.upcoming = 0
        """The offset of the terminal that the parser was given last; it may not have taken it."""
        self.guessed: int | None = None
        """The offset of a declaration that was read on a guess. Errors in it may be echoes of a wrong guess."""
        self.resumed = -1
        """The offset at which reading was resumed last."""

    # -- reading ------------------------------------------------------------------------------------------------------

    def read(self) -> File:
        """The file, or what could be read of it."""
        from lark.exceptions import UnexpectedCharacters, UnexpectedToken

        trouble: Token | None = None
        for _ in range(MAX_REPAIRS):
            if len(self.findings) + len(self.builder.findings) >= MAX_ERRORS:
                break
            try:
                if trouble is None:
                    return self._feed_all()
                self._mend(trouble)
                trouble = None
            except UnexpectedToken as error:
                trouble = error.token
            except UnexpectedCharacters as error:
                offset: Any = error.pos_in_stream
                trouble = self._unreadable(offset)
            except RefusedError as refusal:
                self.findings.append(refusal.reason)
                self._resume(self.upcoming)
                trouble = None
        return self._finish()

    def _feed_all(self) -> File:
        """Feed terminals to the parser up to the end. Raises what Lark or the builder raise where that fails."""
        feed = self.state.feed_token
        stack = self.state.state_stack
        for token in self.lexer.lex(self.state):  # type: ignore[no-untyped-call]
            self.upcoming = token.start_pos or 0
            feed(token)
            self.previous = token
            if len(stack) > MAX_STACK:
                raise RefusedError(finding("too-deep", self.builder.place(token), limit=MAX_LEVELS))
        self.upcoming = len(self.text)
        file: File = feed(self._token(END, len(self.text), ""), True)
        return file

    def _finish(self) -> File:
        """Give up, but close what is open."""
        inside = self._body()
        self._cut(self._module_level() if inside is None else inside)
        if inside is not None:
            self._feed("RBRACE", len(self.text), "}")
        file: File = self.state.feed_token(self._token(END, len(self.text), ""), True)
        return file

    # -- after an error -----------------------------------------------------------------------------------------------

    def _mend(self, token: Token) -> None:
        """Report what is wrong at this token, and put the parser into a state to read on."""
        from checker.syntax_errors import diagnose

        self._settle()
        diagnosis = diagnose(self._situation(token))
        if self.guessed is None or self._declaration_start() != self.guessed:
            self.findings.append(diagnosis.finding)
        self._repair(diagnosis, token)
        if diagnosis.guess:
            self.guessed = self._declaration_start()

    def _settle(self) -> None:
        """Complete a module that has been closed, and enter one that has been opened.

        The parser itself waits to see what follows, and would not know what to make of that.
        """
        from lark.grammar import Rule

        conf, states, values = self.state.parse_conf, self.state.state_stack, self.state.value_stack
        for kind in (END, "RBRACE"):
            rule = conf.states[states[-1]].get(kind, (None, None))[1]
            if isinstance(rule, Rule) and rule.alias in ("module", "variant", "empty_body"):
                parts = values[len(values) - len(rule.expansion) :]
                self._take_back(len(parts))
                callbacks: Any = conf.callbacks
                values.append(callbacks[rule](parts))
                states.append(conf.states[states[-1]][rule.origin.name][1])

    def _repair(self, diagnosis: Diagnosis, token: Token) -> None:
        offset = token.start_pos or 0
        match diagnosis.repair:
            case Replace(start, end, kind, text, dropping) if self._can_read((kind,), dropping):
                self._take_back(dropping)
                self._feed(kind, start, text)
                self._move_to(end)
            case Insert(kinds) if self._can_read((*kinds, token.type), 0):
                for kind in kinds:
                    self._feed(kind, offset, "")
                self._move_to(offset)
            case Ignore(end, dropping):
                self._take_back(dropping)
                self._move_to(end)
            case Resume(start):
                self._resume(start)
            case _:
                self._resume(offset)

    def _resume(self, start: int) -> None:
        """Go on at the next declaration, at the end of the module or at the next module; else at the end."""
        if start == self.resumed:
            word = _WORD.match(self.text, start)
            start = word.end() if word else start + 1
        inside = self._body()
        if inside is None and self._enter_module(start):
            return
        # What begins a line is not at odds with a declaration that may end before it.
        whole = self.previous is not None and "\n" in self.text[self.previous.end_pos : start]
        whole = whole and self._can_read(("RBRACE",), 0)
        braces = sum(token.type == "LBRACE" for token in self._tokens(inside)) if inside is not None else 0
        for landmark in landmarks(self.text, start, braces):
            if self._go_to(landmark, inside, whole):
                self.resumed = landmark.start
                self._move_to(landmark.start)
                return
        self._cut(self._module_level() if inside is None else inside)
        if inside is not None:
            self._feed("RBRACE", len(self.text), "}")
        self._move_to(len(self.text))

    def _go_to(self, landmark: Landmark, inside: int | None, whole: bool) -> bool:
        """Cut the stacks back to where this landmark can be read; tell whether that is possible.

        ``inside`` is the level of the module's body, and ``whole`` says whether all that was read of it is to be kept.
        """
        match landmark.kind, inside:
            case "module" | "import", None:
                self._cut(self._module_level())
            case "declaration" | "end" | "module", int(level):
                if not whole:
                    self._cut(level)
            case "mitigation", int(level):
                open_values = len(self.state.value_stack) - level
                dropping = next((n for n in range(open_values) if self._can_read(("MITIGATION",), n)), None)
                if dropping is None:
                    return False
                self._take_back(dropping)
            case _:
                return False
        return True

    def _enter_module(self, start: int) -> bool:
        """If the head of a module is being read, go on in its body as if the head had been right."""
        body = module_body(self.text, start)
        if body is None:
            return False
        for kinds in _HEADS:
            if self._can_read(kinds, 0):
                for kind in kinds:
                    self._feed(kind, start, "")
                self._move_to(body)
                return True
        return False

    def _situation(self, token: Token) -> Situation:
        states = self.state.parse_conf.states
        kinds = states[self.state.position]
        return Situation(
            text=self.text,
            start=token.start_pos or 0,
            kind=token.type,
            word=token.value,
            accepted=frozenset(kind for kind in kinds if kind.upper() == kind and self._can_read((kind,), 0)),
            before=self._tokens(0),
            previous=self.previous,
            can_read=self._can_read,
            place=self.place,
        )

    # -- the parser's stacks ------------------------------------------------------------------------------------------

    def _can_read(self, kinds: Sequence[str], dropping: int) -> bool:
        """Whether these terminals could be read here, after taking back so many; nothing changes."""
        stack = self.state.state_stack[: len(self.state.state_stack) - dropping]
        return bool(stack) and all(self._shift(stack, kind) for kind in kinds)

    def _shift(self, stack: list[int], kind: str) -> bool:
        """Move a copy of the stack of states past a terminal; tell whether that is possible."""
        states, end = self.state.parse_conf.states, self.state.parse_conf.end_state
        while kind in states[stack[-1]]:
            _, target = states[stack[-1]][kind]
            if isinstance(target, int):
                stack.append(target)
                return True
            if target.expansion:
                del stack[-len(target.expansion) :]
            stack.append(states[stack[-1]][target.origin.name][1])
            if kind == END and stack[-1] == end:
                return True
        return False

    def _tokens(self, level: int) -> tuple[Any, ...]:
        """The values above this level of the stack that are still tokens."""
        return tuple(value for value in self.state.value_stack[level:] if isinstance(value, str))

    def _declaration_start(self) -> int | None:
        """Where the declaration or module begins that is being read; None outside of all."""
        starts = (token.start_pos for token in reversed(self._tokens(0)) if token.type in OPENERS)
        return next(starts, None)

    def _body(self) -> int | None:
        """How many values to keep in order to be in the body of the module; none if there is no module."""
        values = self.state.value_stack
        return next((n for n in range(len(values), 0, -1) if isinstance(values[n - 1], Body)), None)

    def _module_level(self) -> int:
        """How many values to keep in order to be outside of all modules: the imports and modules so far."""
        values = self.state.value_stack
        return next((n for n in range(2) if not (n < len(values) and isinstance(values[n], list))), 2)

    def _cut(self, level: int) -> None:
        self._take_back(len(self.state.value_stack) - level)

    def _take_back(self, count: int) -> None:
        if count:
            del self.state.value_stack[-count:]
            del self.state.state_stack[-count:]

    def _feed(self, kind: str, start: int, text: str) -> None:
        token = self._token(kind, start, text)
        self.upcoming = start
        self.state.feed_token(token)
        self.previous = token

    # -- places -------------------------------------------------------------------------------------------------------

    def place(self, start: int, end: int) -> Span:
        return Span(self.name, *self._position(start), *self._position(end))

    def _token(self, kind: str, start: int, text: str) -> Token:
        from lark import Token

        end = min(start + len(text), len(self.text))
        return Token(kind, text, start, *self._position(start), *self._position(end), end)

    def _unreadable(self, start: int) -> Token:
        word = _WORD.match(self.text, start)
        return self._token(UNREADABLE, start, word[0] if word else self.text[start])

    def _move_to(self, offset: int) -> None:
        """Have the lexer go on from here."""
        assert self.lexer.state is not None
        counter = self.lexer.state.line_ctr
        counter.char_pos = offset
        counter.line, counter.column = self._position(offset)
        counter.line_start_pos = offset - counter.column + 1

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]
