"""Finite structures, and what terms mean in them: our own evaluator, which no solver has a hand in."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from checker.logic import (
    BOOL,
    DATE,
    INT,
    REAL,
    Add,
    And,
    Apply,
    AtMost,
    Count,
    Day,
    Definition,
    Divide,
    Element,
    Equal,
    Exists,
    ForAll,
    Iff,
    Implies,
    Ite,
    Less,
    Meaning,
    Multiply,
    Negate,
    Not,
    Number,
    Or,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    ToReal,
    Truth,
    Var,
    digits,
)


@dataclass(frozen=True, slots=True)
class Individual:
    """An individual of a sort, listed or not; ``index`` counts from 0, in the order of a listed sort's elements."""

    sort: Sort
    index: int


Value = bool | Fraction | Individual
"""Truth values, numbers (integers, reals and the days of a date alike) and individuals."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a free symbol means: its value for each listed tuple of arguments, and ``default`` for all others.

    Over finite sorts every tuple is listed and ``default`` is None; a default is needed where an argument is a number.
    """

    symbol: Symbol
    entries: tuple[tuple[tuple[Value, ...], Value], ...]
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """A finite structure: how many individuals each uninterpreted sort has, and what each free symbol means.

    Sorts and symbols stand in the order in which the question mentions them.
    """

    sizes: tuple[tuple[Sort, int], ...]
    interpretations: tuple[Interpretation, ...]


MOST_INSTANCES = 300_000
"""How many instances of quantifiers, counts and sums are looked at in one structure before that counts as too long."""


MOST_STEPS = 5_000_000
"""How many values of parts of terms are looked for in one structure before that counts as too long."""
MOST_DIGITS = 4_000
"""How long numbers may become; Python itself refuses to write longer ones."""


class NotDecided(Exception):  # noqa: N818 - no error: there is nothing wrong with the term
    """A term has no value that can be computed here: the message says why."""


class Unbounded(NotDecided):
    """A quantifier ranges over too many values, mostly infinitely many, or a division by zero leaves a number open.

    The term has a value all the same; it takes a solver to find it.
    """


def evaluate(
    term: Term, structure: Structure, meanings: Mapping[Symbol, Meaning], environment: Mapping[Var, Value]
) -> Value:
    """The value of ``term`` in ``structure``, its free variables as ``environment`` says.

    ``meanings`` gives the defined symbols. Raises ``Unbounded`` where a quantifier over ``Int``, ``Real`` or ``Date``
    or a division by zero stands in the way, and ``NotDecided`` where the structure lacks a value.
    """
    return Interpreter(structure, meanings).value(term, environment)


@dataclass(slots=True)
class Interpreter:
    """A structure made ready for evaluating many terms in it; values of defined symbols are remembered.

    Connectives and quantifiers are decided by any part that decides them, also where another part has no value.
    """

    structure: Structure
    meanings: Mapping[Symbol, Meaning]
    _sizes: dict[Sort, int] = field(init=False)
    _entries: dict[Symbol, dict[tuple[Value, ...], Value]] = field(init=False)
    _defaults: dict[Symbol, Value | None] = field(init=False)
    _instances_left: int = field(init=False, default=MOST_INSTANCES)
    _steps_left: int = field(init=False, default=MOST_STEPS)
    _tables: dict[Symbol, dict[tuple[Value, ...], Term]] = field(init=False, default_factory=dict)
    _remembered: dict[tuple[Symbol, tuple[Value, ...]], Value] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._sizes = dict(self.structure.sizes)
        self._entries = {i.symbol: dict(i.entries) for i in self.structure.interpretations}
        self._defaults = {i.symbol: i.default for i in self.structure.interpretations}

    def individuals(self, sort: Sort) -> tuple[Individual, ...]:
        """All individuals of a finite sort; raises ``NotDecided`` for any other."""
        if sort.elements is not None:
            return tuple(Individual(sort, index) for index in range(len(sort.elements)))
        if not sort.is_uninterpreted:
            raise Unbounded(f"{sort.name} has infinitely many values")
        if sort not in self._sizes:
            raise NotDecided(f"the structure does not say how many individuals {sort.name} has")
        return tuple(Individual(sort, index) for index in range(self._sizes[sort]))

    def environments(self, variables: Sequence[Var], environment: Mapping[Var, Value]) -> Iterator[dict[Var, Value]]:
        """``environment`` extended by every choice of values for ``variables``, in lexicographic order."""
        for values in itertools.product(*(self.individuals(v.sort) for v in variables)):
            self._instances_left -= 1
            if self._instances_left < 0:
                raise Unbounded("it has too many instances to look at each")
            yield {**environment, **dict(zip(variables, values, strict=True))}

    def apply(self, symbol: Symbol, args: tuple[Value, ...]) -> Value:
        """The value of a symbol, free or defined, for these arguments."""
        meaning = self.meanings.get(symbol)
        if meaning is None:
            value = self._entries.get(symbol, {}).get(args, self._defaults.get(symbol))
            if value is None:
                raise NotDecided(f"the structure gives {symbol.name} no value for these arguments")
            return value
        key = (symbol, args)
        if key not in self._remembered:
            if isinstance(meaning, Definition):
                found = self.value(meaning.body, dict(zip(meaning.params, args, strict=True)))
            else:
                found = self._row(meaning, args)
            self._remembered[key] = found
        return self._remembered[key]

    def _row(self, table: Table, args: tuple[Value, ...]) -> Value:
        if table.symbol not in self._tables:
            self._tables[table.symbol] = {tuple(map(_element, key)): value for key, value in table.rows}
        found = self._tables[table.symbol].get(args)
        if found is not None:
            return self.value(found, {})
        if table.symbol.range == BOOL:
            return False
        raise NotDecided(f"the table of {table.symbol.name} has no row for these arguments")

    def holds(self, formula: Term, environment: Mapping[Var, Value]) -> bool:
        """Whether a formula is true; raises as ``evaluate`` does."""
        value = self.value(formula, environment)
        if not isinstance(value, bool):
            raise NotDecided("a formula has a value that is no truth value")
        return value

    def _number(self, term: Term, environment: Mapping[Var, Value]) -> Fraction:
        value = self.value(term, environment)
        if not isinstance(value, Fraction):
            raise NotDecided("a number is wanted where something else stands")
        return value

    def value(self, term: Term, environment: Mapping[Var, Value]) -> Value:
        """The value of ``term``; see ``evaluate``."""
        self._steps_left -= 1
        if self._steps_left < 0:
            raise Unbounded("it has too many parts to look at each")
        match term:  # the most frequent first
            case Apply(symbol, args):
                return self.apply(symbol, tuple([self.value(arg, environment) for arg in args]))
            case Var():
                if term not in environment:
                    raise NotDecided(f"the variable {term.name} has no value")
                return environment[term]
            case Not(body):
                return not self.holds(body, environment)
            case And(args):
                return not self._some(args, environment, False)
            case Or(args):
                return self._some(args, environment, True)
            case Implies(left, right):
                return self._some((Not(left), right), environment, True)
            case Iff(left, right):
                return self.holds(left, environment) == self.holds(right, environment)
            case ForAll(variables, body):
                return not self._some_instance(variables, body, environment, False)
            case Exists(variables, body):
                return self._some_instance(variables, body, environment, True)
            case Equal(left, right):
                return self.value(left, environment) == self.value(right, environment)
            case Less(left, right):
                return self._number(left, environment) < self._number(right, environment)
            case AtMost(left, right):
                return self._number(left, environment) <= self._number(right, environment)
            case Ite(condition, then, otherwise):
                return self.value(then if self.holds(condition, environment) else otherwise, environment)
            case Add(args):
                return _sum(self._number(arg, environment) for arg in args)
            case Multiply(args):
                product = Fraction(1)
                for arg in args:
                    product = _short(product * self._number(arg, environment))
                return product
            case Negate(body):
                return -self._number(body, environment)
            case Divide(left, right):
                divisor = self._number(right, environment)
                if not divisor:
                    raise Unbounded("a division by zero")
                return _short(self._number(left, environment) / divisor)
            case ToReal(body):
                return self._number(body, environment)
            case Truth(value):
                return value
            case Element():
                return _element(term)
            case Number(value):
                return value
            case Day(ordinal):
                return Fraction(ordinal)
            case Count(variable, body):
                return Fraction(sum(self.holds(body, e) for e in self.environments([variable], environment)))
            case Sum(variable, body):
                return _sum(self._number(body, e) for e in self.environments([variable], environment))
        assert_never(term)

    def _some(self, parts: Iterable[Term], environment: Mapping[Var, Value], wanted: bool) -> bool:
        """Whether some part has the truth value ``wanted``."""
        undecided: NotDecided | None = None
        for part in parts:
            try:
                if self.holds(part, environment) is wanted:
                    return True
            except NotDecided as error:
                undecided = _worse(undecided, error)
        if undecided is not None:
            raise undecided
        return False

    def _some_instance(
        self, variables: tuple[Var, ...], body: Term, environment: Mapping[Var, Value], wanted: bool
    ) -> bool:
        """Whether the body has the truth value ``wanted`` for some values of ``variables``."""
        undecided: NotDecided | None = None
        for instance in self.environments(variables, environment):
            try:
                if self.holds(body, instance) is wanted:
                    return True
            except NotDecided as error:
                undecided = _worse(undecided, error)
        if undecided is not None:
            raise undecided
        return False


def _short(number: Fraction) -> Fraction:
    """The number; raises ``NotDecided`` where it is too long to go on computing with."""
    if digits(number) > MOST_DIGITS:
        raise NotDecided(f"a number has more than {MOST_DIGITS:,} digits")
    return number


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    total = Fraction(0)
    for number in numbers:
        total = _short(total + number)
    return total


def _element(term: Term) -> Individual:
    if not isinstance(term, Element):
        raise NotDecided("a table's row has an argument that is no element")
    elements = term.sort.elements or ()
    if term.name not in elements:
        raise NotDecided(f"{term.name} is no element of {term.sort.name}")
    return Individual(term.sort, elements.index(term.name))


def _worse(known: NotDecided | None, error: NotDecided) -> NotDecided:
    """Of two obstacles the one to report: a missing value, rather than one that a solver could still find."""
    return error if known is None or isinstance(known, Unbounded) else known


def defect(structure: Structure, sorts: Iterable[Sort], symbols: Iterable[Symbol]) -> str | None:
    """Why ``structure`` is no structure for these uninterpreted sorts and free symbols; None if it is one.

    A structure from outside (a solver, a cache) is looked at in this way before anything is evaluated in it.
    """
    sizes = dict(structure.sizes)
    interpreted = {i.symbol: i for i in structure.interpretations}
    if len(sizes) != len(structure.sizes) or len(interpreted) != len(structure.interpretations):
        return "a sort or symbol stands in it twice"
    for sort in sorts:
        if sizes.get(sort, 0) < 1:
            return f"it has no individual of {sort.name}"
    inside = _membership(sizes)
    for symbol in symbols:
        found = interpreted.get(symbol)
        if found is None:
            return f"it does not interpret {symbol.name}"
        entries = dict(found.entries)
        rows = [*found.entries] if found.default is None else [*found.entries, ((), found.default)]
        for args, value in rows:
            fits = not args or (len(args) == len(symbol.domain) and all(map(inside, args, symbol.domain)))
            if not fits or not inside(value, symbol.range):
                return f"it gives {symbol.name} values of other sorts"
        finite = [_size(sort, sizes) for sort in symbol.domain]
        wanted = 1
        for size in finite:
            wanted *= size or 0
        if found.default is None and (None in finite or len(entries) != wanted):
            return f"it does not give {symbol.name} a value everywhere"
    return None


def _size(sort: Sort, sizes: Mapping[Sort, int]) -> int | None:
    """How many individuals a sort has; None for numbers and dates."""
    if sort.elements is not None:
        return len(sort.elements)
    return sizes.get(sort, 0) if sort.is_uninterpreted else None


def _membership(sizes: Mapping[Sort, int]) -> Callable[[Value, Sort], bool]:
    """Says whether a value belongs to a sort."""

    def inside(value: Value, sort: Sort) -> bool:
        match value:
            case bool():
                return sort == BOOL
            case Fraction():
                return sort == REAL or (sort in (INT, DATE) and value.denominator == 1)
            case Individual(own, index):
                return own == sort and 0 <= index < (_size(sort, sizes) or 0)

    return inside
