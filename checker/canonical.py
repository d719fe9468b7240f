"""One form for all questions that differ in names and in the order of their premises alone.

``arranged`` puts the premises of a question into an order that depends on what they say, so that its answer, down to
the countermodel, is the same in whichever order they were declared. ``key`` tells an arranged question from others by
what it says without its names: two questions with one key have the same answer, and names have no part in it.

A premise is told from others by its shape, which is its formula with symbols, sorts and variables numbered as they
occur, and by what else its symbols occur in: the refinement of colours by which graphs are commonly brought into a
normal form (Weisfeiler and Leman, 1968), of which two rounds are done. Where that does not tell two premises apart,
they keep their order; then a question may have two keys, which costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from checker.entailment import Limits, Premise, Question, Role
from checker.logic import (
    BUILTIN,
    Apply,
    Count,
    Day,
    Definition,
    Element,
    Exists,
    ForAll,
    Meaning,
    Number,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    Truth,
    Var,
    children,
)

ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A formula without its names: ``text`` numbers the symbols and sorts, which stand in ``symbols`` and ``sorts``."""

    text: str
    symbols: tuple[Symbol, ...]
    sorts: tuple[Sort, ...]


@dataclass(slots=True)
class Shapes:
    """Remembers the shapes of formulas, and the orders of lists of premises, that many questions share."""

    _shapes: dict[int, tuple[Term, Shape]] = field(default_factory=dict)
    _meanings: dict[int, tuple[Meaning, Shape]] = field(default_factory=dict)
    _orders: dict[tuple[int, tuple[str, ...]], tuple[tuple[Premise, ...], tuple[Premise, ...]]] = field(
        default_factory=dict
    )

    def of(self, formula: Term) -> Shape:
        """The shape of a formula."""
        # By identity, as a formula takes as long to compare or to hash as to write down; it is kept alive with it.
        known = self._shapes.get(id(formula))
        if known is None:
            known = self._shapes[id(formula)] = (formula, _shape([formula]))
        return known[1]

    def arranged(self, question: Question) -> Question:
        """The question with its premises in an order that their declaration has no part in."""
        given = question.premises
        which = (id(given), question.cited)
        known = self._orders.get(which)
        if known is None:
            meanings = {meaning.symbol: meaning for meaning in question.meanings}
            known = self._orders[which] = (given, self._in_order(given, question.cited, meanings))
        return replace(question, premises=known[1])

    def _in_order(
        self, given: tuple[Premise, ...], cited: Sequence[str], meanings: Mapping[Symbol, Meaning]
    ) -> tuple[Premise, ...]:
        places = {name: str(number) for number, name in enumerate(cited)}
        shapes = [self.of(premise.formula) for premise in given]
        own = [f"{premise.role is Role.AXIOM} {places.get(premise.name, '')} " for premise in given]
        own = [head + shape.text for head, shape in zip(own, shapes, strict=True)]
        symbols = dict.fromkeys(symbol for shape in shapes for symbol in shape.symbols)
        colours = {symbol: _digest(self._signature(symbol, meanings.get(symbol))) for symbol in symbols}
        premises = list(map(_digest, own))
        for _ in range(ROUNDS):
            seen: dict[Symbol, list[str]] = {symbol: [] for symbol in symbols}
            for colour, shape in zip(premises, shapes, strict=True):
                for number, symbol in enumerate(shape.symbols):
                    seen[symbol].append(f"{colour}{number}")
            colours = {symbol: _digest(colours[symbol] + " ".join(sorted(seen[symbol]))) for symbol in symbols}
            premises = [
                _digest(head + " ".join(colours[symbol] for symbol in shape.symbols))
                for head, shape in zip(own, shapes, strict=True)
            ]
        # Axioms stay behind all others, as questions have them.
        order = sorted(range(len(given)), key=lambda n: (given[n].role is Role.AXIOM, premises[n], n))
        return tuple(given[n] for n in order)

    def key(self, question: Question, limits: Limits) -> bytes:
        """A digest of the arranged question and the effort that it is worth, without names; time aside."""
        numbers: dict[Symbol | Sort, int] = {}
        places = {name: number for number, name in enumerate(question.cited)}
        lines = [
            f"{limits.budget} {limits.largest_scope}",
            f"{question.want_core} {question.want_alone} {question.want_scenario}",
        ]

        def written(shape: Shape) -> str:
            parts: tuple[Symbol | Sort, ...] = (*shape.symbols, *shape.sorts)
            return f"{shape.text} {[numbers.setdefault(part, len(numbers)) for part in parts]}"

        for premise in question.premises:
            role = premise.role is Role.AXIOM
            lines.append(f"{role} {places.get(premise.name, '')} {written(self.of(premise.formula))}")
        lines.append(written(self.of(question.conclusion)))
        meanings = {meaning.symbol: meaning for meaning in question.meanings}
        waiting = list(numbers)
        while waiting:  # what a definition mentions first is described after all that was mentioned before
            known = len(numbers)
            lines += [self._described(part, numbers, meanings, written) for part in waiting]
            waiting = list(numbers)[known:]
        return blake2b("\n".join(lines).encode(), digest_size=24).digest()

    def _described(
        self,
        part: Symbol | Sort,
        numbers: dict[Symbol | Sort, int],
        meanings: Mapping[Symbol, Meaning],
        written: Callable[[Shape], str],
    ) -> str:
        """What a number of a key stands for."""
        match part:
            case Sort():
                return _kind(part)
            case Symbol(_, domain, result):
                signature = " ".join(str(numbers.setdefault(sort, len(numbers))) for sort in (*domain, result))
                meaning = meanings.get(part)
                return signature if meaning is None else f"{signature} means {written(self._meaning(meaning))}"

    def _signature(self, symbol: Symbol, meaning: Meaning | None) -> str:
        sorts = " ".join(map(_kind, (*symbol.domain, symbol.range)))
        return sorts if meaning is None else f"{sorts} {self._meaning(meaning).text}"

    def _meaning(self, meaning: Meaning) -> Shape:
        known = self._meanings.get(id(meaning))
        if known is None:
            known = self._meanings[id(meaning)] = (meaning, _meaning(meaning))
        return known[1]


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _shape(terms: Iterable[Term]) -> Shape:
    """The shape of these terms, one after the other: each node before its parts, with how many it has."""
    symbols: dict[Symbol, int] = {}
    sorts: dict[Sort, int] = {}
    variables: dict[Var, int] = {}

    def sort(one: Sort) -> str:
        return one.name if one in BUILTIN else f"s{sorts.setdefault(one, len(sorts))}"

    def variable(one: Var) -> str:
        return f"v{variables.setdefault(one, len(variables))}:{sort(one.sort)}"

    words: list[str] = []
    waiting = list(terms)[::-1]
    while waiting:
        term = waiting.pop()
        parts = children(term)
        waiting.extend(reversed(parts))
        match term:
            case Var():
                words.append(variable(term))
            case Element(of, name):
                assert of.elements is not None
                words.append(f"{sort(of)}.{of.elements.index(name)}")
            case Truth(value):
                words.append(str(value))
            case Number(value, of):
                words.append(f"{value}:{of.name}")
            case Day(ordinal):
                words.append(f"day{ordinal}")
            case Apply(symbol, _):
                words.append(f"f{symbols.setdefault(symbol, len(symbols))}/{len(parts)}")
            case ForAll(bound, _) | Exists(bound, _):
                words.append(f"{type(term).__name__}({','.join(map(variable, bound))})")
            case Count(bound, _) | Sum(bound, _):
                words.append(f"{type(term).__name__}({variable(bound)})")
            case _:
                words.append(f"{type(term).__name__}/{len(parts)}")
    return Shape(" ".join(words), tuple(symbols), tuple(sorts))


def _meaning(meaning: Meaning) -> Shape:
    match meaning:
        case Definition(_, params, body):
            return _shape([ForAll(params, body) if params else body])
        case Table(_, rows):
            shape = _shape([part for args, value in rows for part in (*args, value)])
            return replace(shape, text=f"{len(rows)} rows {shape.text}")


def _kind(sort: Sort) -> str:
    if sort in BUILTIN:
        return sort.name
    return "sort" if sort.elements is None else f"list of {len(sort.elements)}"
