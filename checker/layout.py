"""The canonical layout: from what the parser recognises to a document that says where it may be broken.

The methods of :class:`Layout` are named after the alternatives in the grammar, like those of
:class:`checker.build.Builder`, and the parser calls them in the same way. Every token becomes a word of the document,
in the order in which it was written, so nothing but blanks and line breaks can change.

The rules, from the outside inwards:

- Empty lines between declarations, mitigations, entries of a scope and imports are the author's, at most one at a time.
  There is one between modules. All other line breaks follow from the rules.
- A doc string stands behind what it describes, else on the next line. Where sorts stand close together, or definitions,
  or other symbols, their doc strings are aligned, but for those that do not fit then.
- The formula of an assumption, claim, goal or mitigation with a doc string begins a line. Any other stands behind the
  ``:``, ``:=``, ``unless`` or ``when`` if it fits.
- Clauses stand below, each on its line; ``by`` takes ``owner`` or ``barring`` along, and ``owner`` takes ``until``.
- A formula that is too long is broken behind the dot of its quantifier, else in front of its loosest operators.
  Operands of ``and`` and ``or`` fill lines, but for those with operators in parentheses of their own. Lists fill lines
  as well; in a table, the author's line breaks stay.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from checker.typeset import (
    BLANK,
    HARD,
    ITEM,
    LINE,
    NOTHING,
    Before,
    Blank,
    Break,
    Choice,
    Doc,
    Group,
    Nest,
    Row,
    Word,
    flat_width,
    row,
    words_of,
)

if TYPE_CHECKING:
    from lark import Token

WIDTH = 120
"""No line gets longer if it can be broken. Texts and comments are never broken."""

_INDENT_OF_BODY = 2


@dataclass(frozen=True, slots=True)
class Laid:
    """The document of a whole file, and its words; the last one is empty and stands at the end of the text."""

    document: Doc
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula or term.

    ``kind`` says how it is broken: at ``and`` or ``or``; at ``implies`` or ``iff``; behind its quantifier; as an
    ``if``; or in some other way. ``compound`` is what has operators in parentheses of its own.
    """

    kind: Literal["chain", "arrow", "quantified", "if", "number", "other"]
    document: Doc
    compound: bool = False
    head: Doc | None = None
    """Of what is quantified: all up to the dot."""
    body: Doc | None = None


@dataclass(frozen=True, slots=True)
class _Marked:
    """A word or sign, and what it introduces."""

    word: Word
    value: Any


@dataclass(frozen=True, slots=True)
class _Entry:
    key: Word
    value: Word


@dataclass(frozen=True, slots=True)
class _Braces:
    """What stands in braces; before it ``=``, if this is a table."""

    equals: Word | None
    opening: Word
    items: Sequence[Any]
    closing: Word
    broken: frozenset[int] = frozenset()
    """Which rows of a table begin a line if it does not fit on one."""


@dataclass(frozen=True, slots=True)
class _Declared:
    """A declaration. If it may be aligned with its neighbours: its head, and its doc string with what follows."""

    document: Doc
    head: Doc | None = None
    doc: Doc | None = None


class Layout(threading.local):
    """Lays out one file at a time in each thread; ``begin`` says how it reads. Values on the parser's stack have no
    common type, hence the ``Any``."""

    def __init__(self) -> None:
        self.text = ""

    def begin(self, text: str) -> None:
        self.text = text

    # -- shapes that many rules share ---------------------------------------------------------------------------------

    def nothing(self, _items: list[Any]) -> None:
        return None

    def no_items(self, _items: list[Any]) -> list[Any]:
        return []

    def item(self, items: list[Any]) -> list[Any]:
        items[0].append(items[1])
        return items[0]  # type: ignore[no-any-return]

    def first(self, items: list[Any]) -> list[Any]:
        """A list with commas: its items and the commas in turn."""
        return items

    def another(self, items: list[Any]) -> list[Any]:
        items[0] += items[1:]
        return items[0]  # type: ignore[no-any-return]

    def just(self, items: list[Any]) -> Any:
        return items[0]

    def marked(self, items: list[Any]) -> _Marked:
        return _Marked(_word(items[0]), items[1])

    def in_parentheses(self, items: list[Any]) -> Doc:
        opening, listed, closing = items
        return row(_word(opening), _filled(listed), _word(closing))

    def in_braces(self, items: list[Any]) -> _Braces:
        """A table. Where it does not fit on one line, the lines that the author broke stay broken."""
        equals, opening, *listed, closing = items
        rows = listed[0] if listed else []
        ends = [_word(token).end for token in rows[1::2]]
        begun = [next(words_of(_document(item))).start for item in rows[2::2]]
        broken = {n for n, (end, start) in enumerate(zip(ends, begun, strict=True), 1) if self._breaks(end, start)}
        return _Braces(_word(equals), _word(opening), rows, _word(closing), frozenset(broken))

    # -- files and modules --------------------------------------------------------------------------------------------

    def file(self, items: list[Any]) -> Laid:
        imports, modules = items
        end = Word("", len(self.text), len(self.text))
        parts: list[Doc] = []
        for line in imports:
            parts += [line, ITEM]
        for module in modules:
            parts += [Break(hard=True, keep=True, empty=True), module]
        document = Row((*parts, Break(hard=True), end))
        return Laid(document, tuple(words_of(document)))

    def import_(self, items: list[Any]) -> Doc:
        return _spaced(*map(_word, items))

    def module(self, items: list[Any]) -> Doc:
        kind, name, doc, opening, body, closing = items
        return self._module([kind, name], doc, opening, body, closing)

    def variant(self, items: list[Any]) -> Doc:
        kind, name, of, base, doc, opening, body, closing = items
        return self._module([kind, name, of, base], doc, opening, body, closing)

    def _module(self, words: list[Token], doc: Any, opening: Token, body: list[_Declared], closing: Token) -> Doc:
        end = _word(closing)
        lines = [part for declared in self._aligned(body) for part in (ITEM, declared)]
        return row(_headed(_spaced(*map(_word, words)), doc, _word(opening)), Nest(row(*lines, Before(end))), HARD, end)

    def empty_body(self, _items: list[Any]) -> list[_Declared]:
        return []

    def longer_body(self, items: list[Any]) -> list[_Declared]:
        declared = items[1] if isinstance(items[1], _Declared) else _Declared(items[1])
        items[0].append(declared)
        return items[0]  # type: ignore[no-any-return]

    # -- vocabulary ---------------------------------------------------------------------------------------------------

    def sort(self, items: list[Any]) -> _Declared:
        word, name, doc, elements = items
        return _symbol(_spaced(_word(word), _word(name)), doc, elements)

    def const(self, items: list[Any]) -> _Declared:
        word, names, colon, sort, doc = items
        head = row(_word(word), BLANK, _filled(names), _word(colon), BLANK, _word(sort))
        return _symbol(head, doc, None)

    def predicate(self, items: list[Any]) -> _Declared:
        word, name, params, doc, table = items
        return _symbol(row(_word(word), BLANK, _word(name), params), doc, table)

    def row(self, items: list[Any]) -> Doc:
        return _word(items[0])

    def row_in_parentheses(self, items: list[Any]) -> Doc:
        return self.in_parentheses(items)

    def function(self, items: list[Any]) -> _Declared:
        word, name, opening, params, closing, colon, result, doc, table = items
        listed = self.in_parentheses([opening, params, closing])
        head = row(_word(word), BLANK, _word(name), listed, _word(colon), BLANK, _word(result))
        return _symbol(head, doc, table)

    def function_row(self, items: list[Any]) -> Doc:
        arguments, colon, value = items
        return row(arguments, _word(colon), BLANK, value.document)

    def define(self, items: list[Any]) -> _Declared:
        word, name, params, result, doc, sign, body = items
        sort = None if result is None else row(result.word, BLANK, _word(result.value))
        head = row(_word(word), BLANK, _word(name), params, sort)
        whole = _stated(head, doc, _Marked(_word(sign), body))
        if doc is None or _INDENT_OF_BODY + flat_width(whole) > WIDTH:
            return _Declared(whole)
        return _Declared(whole, head, row(_word(doc), BLANK, _word(sign), BLANK, body.document))

    def param(self, items: list[Any]) -> Doc:
        name, colon, sort = items
        return row(_word(name), _word(colon), BLANK, _word(sort))

    # -- the argument -------------------------------------------------------------------------------------------------

    def axiom(self, items: list[Any]) -> Doc:
        word, name, doc, colon, formula = items
        return _stated(_spaced(_word(word), _word(name)), doc, _Marked(_word(colon), formula))

    def assume(self, items: list[Any]) -> Doc:
        word, name, doc, statement, evidence, owner, attributes = items
        head = _spaced(_word(word), _word(name))
        return row(_formal(head, doc, statement), _below(_backing(evidence, owner), _block(attributes)))

    def evidence(self, items: list[Any]) -> Doc:
        word, name, doc, block = items
        head = _spaced(_word(word), _word(name))
        return Group(row(_headed(head, doc, block.opening), _within(block, _entries(block.items))))

    def claim(self, items: list[Any]) -> Doc:
        word, name, doc, statement, by, barring, because, attributes = items
        cited = _together(_citing(by), _citing(barring))
        clauses = _below(cited, _led(because), _block(attributes))
        return row(_formal(_spaced(_word(word), _word(name)), doc, statement), clauses)

    def worry(self, items: list[Any]) -> Doc:
        word, name, doc, unless, against, unacceptable, attributes, mitigations = items
        return row(
            _headed(_spaced(_word(word), _word(name)), doc, None),
            _below(
                _led(unless),
                _listing(against),
                None if unacceptable is None else _word(unacceptable),
                _block(attributes),
            ),
            *(Nest(row(ITEM, mitigation)) for mitigation in mitigations),
        )

    def mitigation(self, items: list[Any]) -> Doc:
        word, name, doc, colon, formula, attributes = items
        head = _spaced(_word(word), _word(name))
        return row(_formal(head, doc, _Marked(_word(colon), formula)), _below(_block(attributes)))

    def possible(self, items: list[Any]) -> Doc:
        word, name, doc, colon, formula, without, attributes = items
        stated = _stated(_spaced(_word(word), _word(name)), doc, _Marked(_word(colon), formula))
        return row(stated, _below(_listing(without), _block(attributes)))

    def requires(self, items: list[Any]) -> Doc:
        word, theories, when = items
        condition = None if when is None else Nest(row(LINE, _led(when)))
        return Group(row(_word(word), BLANK, _filled(theories), condition))

    def answer(self, items: list[Any]) -> Doc:
        word, worry, by, citations, because = items
        cited = _citing(_Marked(_word(by), citations))
        return row(Group(row(_spaced(_word(word), _word(worry)), Nest(row(LINE, cited)))), _below(_led(because)))

    def adopt(self, items: list[Any]) -> Doc:
        word, mitigation, evidence, owner = items
        backing = _backing(evidence, owner)
        head = _spaced(_word(word), _word(mitigation))
        return head if backing is None else Group(row(head, Nest(row(LINE, backing))))

    def accept(self, items: list[Any]) -> Doc:
        word, target, why, owner, until = items
        head = _headed(_spaced(_word(word), _word(target)), why, None)
        return row(head, _below(_together(_led(owner), _led(until))))

    def drop(self, items: list[Any]) -> Doc:
        word, names = items
        return row(_word(word), BLANK, _filled(names))

    def show(self, items: list[Any]) -> Doc:
        word, term = items
        return Group(row(_word(word), Nest(row(LINE, term.document))))

    def scope(self, items: list[Any]) -> Doc:
        word, block = items
        head = row(_word(word), BLANK, block.opening)
        if len(block.items) < 2:
            return Group(row(head, _within(block, row(*map(_pair, block.items)))))
        widest = max(len(entry.key.text) for entry in block.items)
        lines = [row(ITEM, entry.key, Blank(widest + 1 - len(entry.key.text)), entry.value) for entry in block.items]
        return row(head, Nest(row(*lines, Before(block.closing))), HARD, block.closing)

    def source(self, items: list[Any]) -> Doc:
        return _spaced(*map(_word, items))

    def use(self, items: list[Any]) -> Doc:
        word, theory, alias, mappings = items
        named = None if alias is None else row(BLANK, alias.word, BLANK, _word(alias.value))
        listed = None if mappings is None else row(BLANK, mappings.word, Nest(_each_on(LINE, mappings.value)))
        return row(_word(word), BLANK, _word(theory), named, listed)

    def mapping(self, items: list[Any]) -> Doc:
        role, sign, thing = items
        return row(_word(role), BLANK, _word(sign), BLANK, thing.document)

    def star(self, items: list[Any]) -> Doc:
        return _word(items[0])

    def ident(self, items: list[Any]) -> _Formula:
        return _Formula("other", _word(items[0]))

    def everything(self, items: list[Any]) -> list[Any]:
        return items

    def these(self, items: list[Any]) -> list[Any]:
        return items[0]  # type: ignore[no-any-return]

    # -- blocks -------------------------------------------------------------------------------------------------------

    def block(self, items: list[Any]) -> _Braces:
        opening, entries, closing = items
        return _Braces(None, _word(opening), entries, _word(closing))

    def entry(self, items: list[Any]) -> _Entry:
        return _Entry(_word(items[0]), items[1])

    def entry_text(self, items: list[Any]) -> Word:
        return _word(items[0])

    def entry_date(self, items: list[Any]) -> Word:
        return _word(items[0])

    def entry_number(self, items: list[Any]) -> Word:
        return _word(items[0])

    # -- formulas and terms -------------------------------------------------------------------------------------------

    def whole(self, items: list[Any]) -> _Formula:
        return items[0]  # type: ignore[no-any-return]

    def chain(self, items: list[Any]) -> list[Any]:
        """Operands and operators of one level in turn."""
        if isinstance(items[0], list):
            items[0] += items[1:]
            return items[0]
        return items

    def infix(self, items: list[Any]) -> _Formula:
        first, *rest = self.chain(items)
        pairs = list(zip(map(_word, rest[::2]), rest[1::2], strict=True))
        match rest[0].value:
            case "and" | "or":
                return _Formula("chain", _chained(first, pairs))
            case "implies" | "iff":
                ((sign, last),) = pairs
                return _Formula("arrow", _implied(first, sign, last))
            case _:
                operands = [first, *rest[1::2]]
                links = [_linked(*link) for link in zip(operands, rest[::2], operands[1:], strict=False)]
                return _Formula("other", row(first.document, Nest(row(*links))))

    def comparison(self, items: list[Any]) -> _Formula:
        return self.infix(items)

    def negation(self, items: list[Any]) -> _Formula:
        word, body = items
        return _Formula(body.kind, row(_word(word), BLANK, body.document), body.compound)

    def negative(self, items: list[Any]) -> _Formula:
        sign, body = items
        return _Formula("other", row(_word(sign), body.document))

    def quantified(self, items: list[Any]) -> _Formula:
        word, binders, dot, body = items
        head = row(_word(word), BLANK, _filled(binders), _word(dot))
        document = Group(row(head, Nest(row(LINE, body.document))))
        return _Formula("quantified", document, True, head, body.document)

    def binder(self, items: list[Any]) -> Doc:
        names, colon, sort = items
        return row(_filled(names), _word(colon), BLANK, _word(sort))

    def name(self, items: list[Any]) -> _Formula:
        return _Formula("other", _word(items[0]))

    def call(self, items: list[Any]) -> _Formula:
        name, opening, arguments, closing = items
        listed = [item.document if isinstance(item, _Formula) else item for item in arguments]
        return _Formula("other", row(_word(name), self.in_parentheses([opening, listed, closing])))

    def truth(self, items: list[Any]) -> _Formula:
        return _Formula("other", _word(items[0]))

    def conditional(self, items: list[Any]) -> _Formula:
        """Not yet a group: an ``if`` behind an ``else`` is broken together with the one before it."""
        word, condition, then, value, otherwise, last = items
        consequence = Group(Nest(row(LINE, _word(then), BLANK, value.document)))
        head = row(_word(word), BLANK, Nest(condition.document), consequence)
        rest = last.document.inside if last.kind == "if" else last.document
        return _Formula("if", Group(row(head, LINE, _word(otherwise), BLANK, rest)))

    def aggregate(self, items: list[Any]) -> _Formula:
        word, variable, colon, sort, dot, body = items
        head = row(_word(word), BLANK, _word(variable), _word(colon), BLANK, _word(sort), _word(dot))
        return _Formula("other", row(head, BLANK, body.document))

    def parenthesis(self, items: list[Any]) -> _Formula:
        opening, inside, closing = items
        compound = inside.compound or inside.kind in ("chain", "arrow", "quantified")
        return _Formula("other", row(_word(opening), _hung(inside), _word(closing)), compound)

    def number(self, items: list[Any]) -> _Formula:
        return _Formula("number", _word(items[0]))

    def date(self, items: list[Any]) -> _Formula:
        return _Formula("other", _word(items[0]))

    # -- doc strings below one another --------------------------------------------------------------------------------

    def _aligned(self, body: Sequence[_Declared]) -> Iterator[Doc]:
        """The declarations of a body, doc strings aligned within each stretch of vocabulary."""
        stretch: list[_Declared] = []
        for declared in body:
            if declared.head is None or (stretch and not self._belong_together(stretch[-1], declared)):
                yield from _align(stretch)
                stretch = []
            if declared.head is None:
                yield declared.document
            else:
                stretch.append(declared)
        yield from _align(stretch)

    def _belong_together(self, one: _Declared, other: _Declared) -> bool:
        """Whether they are of one family, and no empty line or comment stands between them."""
        if _family(one) != _family(other):
            return False
        end = max(word.end for word in words_of(one.document))
        return self._breaks(end, _start(other)) <= 1

    def _breaks(self, end: int, start: int) -> int:
        """How many line breaks stand between two words, given where the one ends and the other starts."""
        return self.text.count("\n", end, start)


def _align(stretch: Sequence[_Declared]) -> Iterator[Doc]:
    """The doc strings below one another, except in lines that would get too long; in none if that were too many."""
    documented = [declared for declared in stretch if declared.head is not None and declared.doc is not None]
    aligned, column = documented, 0
    while aligned:
        column = max(_head_width(declared) for declared in aligned)
        fitting = [d for d in aligned if _INDENT_OF_BODY + column + 1 + flat_width(d.doc or NOTHING) <= WIDTH]
        if len(fitting) == len(aligned):
            break
        aligned = fitting
    if 2 * len(aligned) <= len(documented):
        aligned = []
    places = {_start(declared) for declared in aligned}
    yield from (_at(declared, column) if _start(declared) in places else declared.document for declared in stretch)


def _head_width(declared: _Declared) -> int:
    return flat_width(declared.head or NOTHING)


def _at(declared: _Declared, column: int) -> Doc:
    if declared.head is None or declared.doc is None:
        return declared.document
    return row(declared.head, Blank(column + 1 - flat_width(declared.head)), declared.doc)


def _family(declared: _Declared) -> str:
    """Sorts, definitions and all other symbols are aligned among themselves."""
    word = next(words_of(declared.document)).text
    return word if word in ("sort", "define") else "symbol"


def _start(declared: _Declared) -> int:
    return next(words_of(declared.document)).start


# ---------------------------------------------------------------------------------------------------------------------
# Parts.


def _word(token: Any) -> Word:
    """The word for a token; a word stays one."""
    return token if isinstance(token, Word) else Word(str(token), token.start_pos, token.end_pos)


def _spaced(*words: Word) -> Doc:
    first, *rest = words
    return row(first, *(part for word in rest for part in (BLANK, word)))


def _filled(listed: Sequence[Any]) -> Doc:
    """A list with commas, on as few lines as it takes."""
    return Nest(_each_on(NOTHING, listed))


def _each_on(start: Doc, listed: Sequence[Any], broken: frozenset[int] = frozenset()) -> Doc:
    """The items of a list with commas, each where there is room; ``start`` stands before the first.

    Those whose number is among ``broken`` begin a line if the group does that the list is in.
    """
    parts: list[Doc] = []
    for number in range(0, len(listed), 2):
        item = _document(listed[number])
        comma = _word(listed[number + 1]) if number + 1 < len(listed) else None
        part = row(LINE if number else start, item, comma)
        parts.append(part if number // 2 in broken else Group(part))
    return row(*parts)


def _document(item: Any) -> Doc:
    """A name stands in a list as a token, everything else as a document."""
    return _word(item) if hasattr(item, "start_pos") else item


def _headed(head: Doc, doc: Any, sign: Word | None) -> Doc:
    """A head with its doc string and the sign behind it; the doc string on the next line where it does not fit."""
    end = None if sign is None else row(BLANK, sign)
    return row(head, end) if doc is None else Group(row(head, Nest(row(LINE, _word(doc), end))))


def _symbol(head: Doc, doc: Any, table: _Braces | None) -> _Declared:
    """A sort or symbol, perhaps with a table."""
    if table is not None:
        rows = _each_on(NOTHING, table.items, table.broken)
        within = row(BLANK, table.opening, _within(table, rows))
        whole = Group(row(_headed(head, doc, table.equals), within))
        if doc is None or _INDENT_OF_BODY + flat_width(whole) > WIDTH:
            return _Declared(whole)
        return _Declared(whole, head, row(_word(doc), BLANK, table.equals, Group(within)))
    return _Declared(_headed(head, doc, None), head, None if doc is None else _word(doc))


def _within(block: _Braces, inside: Doc) -> Doc:
    """What stands in braces, and the closing one: the inside on lines of its own where it is broken."""
    if not block.items:
        return row(Nest(Before(block.closing)), LINE, block.closing)
    return row(Nest(row(LINE, inside, Before(block.closing))), LINE, block.closing)


def _entries(entries: Sequence[_Entry]) -> Doc:
    return row(*(Group(row(LINE if number else NOTHING, _pair(entry))) for number, entry in enumerate(entries)))


def _pair(entry: _Entry) -> Doc:
    return row(entry.key, BLANK, entry.value)


def _block(block: _Braces | None) -> Doc | None:
    """The attributes of a declaration, which hang behind their brace."""
    if block is None:
        return None
    if not block.items:
        return row(block.opening, _within(block, NOTHING))
    return row(block.opening, Nest(row(BLANK, _entries(block.items), Before(block.closing))), BLANK, block.closing)


def _stated(head: Doc, doc: Any, statement: _Marked) -> Doc:
    """A formula behind its head where it fits, else on lines of its own."""
    return row(_headed(head, doc, statement.word), Group(Nest(row(LINE, statement.value.document))))


def _formal(head: Doc, doc: Any, statement: _Marked | None) -> Doc:
    """The same for what is argued with, where a formula below a doc string begins a line; it may be missing."""
    if statement is None:
        return _headed(head, doc, None)
    if doc is None:
        return _stated(head, doc, statement)
    return row(_headed(head, doc, statement.word), Nest(row(HARD, statement.value.document)))


def _below(*clauses: Doc | None) -> Doc:
    return Nest(row(*(row(HARD, clause) for clause in clauses if clause is not None)))


def _together(one: Doc | None, other: Doc | None) -> Doc | None:
    """Two clauses, the second on the line of the first if it fits there."""
    if one is None or other is None:
        return one or other
    return Group(row(one, LINE, other))


def _led(clause: _Marked | None) -> Doc | None:
    """A word and what it introduces: a formula, a text or a date."""
    if clause is None:
        return None
    value = _hung(clause.value) if isinstance(clause.value, _Formula) else _document(clause.value)
    return row(clause.word, BLANK, value)


def _listing(clause: _Marked | None) -> Doc | None:
    return None if clause is None else row(clause.word, BLANK, _filled(clause.value))


_citing = _listing


def _backing(evidence: _Marked | None, owner: _Marked | None) -> Doc | None:
    return _together(_listing(evidence), _led(owner))


def _hung(formula: _Formula) -> Doc:
    """A formula behind a word or parenthesis: its further lines are indented."""
    return Nest(formula.document) if formula.kind in ("chain", "if") else formula.document


def _operand(formula: _Formula) -> Doc:
    """A formula behind an operator that binds less."""
    return Nest(formula.document) if formula.kind in ("chain", "arrow", "if") else formula.document


def _chained(first: _Formula, pairs: Sequence[tuple[Word, _Formula]]) -> Doc:
    """Operands with ``and`` or ``or`` between them: those that are not compound share lines."""
    parts = [_operand(first)]
    before = first
    for sign, operand in pairs:
        link = row(LINE, sign, BLANK, _operand(operand))
        parts.append(link if before.compound or operand.compound else Group(link))
        before = operand
    return Group(row(*parts))


def _implied(first: _Formula, sign: Word, last: _Formula) -> Doc:
    """Two formulas with ``implies`` or ``iff`` between them, which begins a line.

    If the second one is quantified and does not fit on that line, its quantifier joins the first one, if that is short.
    """
    plain = row(first.document, Nest(row(LINE, sign, BLANK, _operand(last))))
    if last.head is None or last.body is None or first.kind in ("chain", "arrow", "quantified"):
        return Group(plain)
    joined = row(first.document, Nest(row(Group(row(LINE, sign, BLANK, last.head)), LINE, last.body)))
    return Group(Choice(row(sign, BLANK, last.document), plain, joined))


def _linked(before: _Formula, sign: Token, operand: _Formula) -> Doc:
    """An operator and what it links to the operand before it; a fraction of numbers has no blanks."""
    if sign.value == "/" and before.kind == operand.kind == "number":
        return row(_word(sign), operand.document)
    return Group(row(LINE, _word(sign), BLANK, operand.document))
