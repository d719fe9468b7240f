"""The core logic: many-sorted first-order logic with listed sorts, exact arithmetic, counting and definitions.

Everything that is decided is decided about terms of this module; it knows neither the case language nor any solver.
A formula is a term of sort ``BOOL``. Terms are built through the constructor functions at the end (``conj``, ``equal``,
``apply`` ...), which keep them well-sorted: a mistake there is a bug of ours and raises ``SortError``.

Semantics. Every sort has at least one individual. A listed sort has exactly its elements, all distinct; any other sort
is uninterpreted. ``INT`` and ``REAL`` are the integers and the reals, a ``DATE`` is an integer number of days. Division
by zero yields an unspecified number; that it does not happen is an obligation of its own. A defined symbol (see
``Definition`` and ``Table``) means what its definition says; all others are free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import Any


class SortError(TypeError):
    """A term was built from parts whose sorts do not fit: a bug of the caller, never of a specification."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort. ``elements`` are the names of the individuals of a listed sort; without them it is uninterpreted."""

    name: str
    elements: tuple[str, ...] | None = None
    is_uninterpreted: bool = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Sorts and symbols are looked up more often than anything else is done.
        object.__setattr__(self, "is_uninterpreted", self.elements is None and self.name not in _BUILTIN_NAMES)
        object.__setattr__(self, "_hash", hash((self.name, self.elements)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Sort], tuple[object, ...]]:
        return Sort, (self.name, self.elements)  # hashes of texts differ from process to process

    @property
    def is_number(self) -> bool:
        return self in (INT, REAL)


_BUILTIN_NAMES = ("Bool", "Int", "Real", "Date")


BOOL = Sort("Bool")
INT = Sort("Int")
REAL = Sort("Real")
DATE = Sort("Date")
BUILTIN = (BOOL, INT, REAL, DATE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A predicate (``range`` is ``BOOL``), function or constant (no ``domain``). Names are unique in a problem."""

    name: str
    domain: tuple[Sort, ...]
    range: Sort
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.name, self.domain, self.range)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Symbol], tuple[object, ...]]:
        return Symbol, (self.name, self.domain, self.range)


# ---------------------------------------------------------------------------------------------------------------------
# Terms.


@dataclass(frozen=True, slots=True)
class Var:
    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Element:
    """An individual of a listed sort."""

    sort: Sort
    name: str


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number of sort ``INT`` or ``REAL``."""

    value: Fraction
    sort: Sort


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as the proleptic Gregorian ordinal of ``datetime.date``."""

    ordinal: int


@dataclass(frozen=True, slots=True)
class Apply:
    symbol: Symbol
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Not:
    body: Term


@dataclass(frozen=True, slots=True)
class And:
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or:
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Iff:
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Equal:
    """Equality of two terms of one sort, not ``BOOL``."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Less:
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class AtMost:
    """``left <= right``."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Ite:
    """``then`` where ``condition`` holds, else ``otherwise``; not for formulas."""

    condition: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True)
class Add:
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Multiply:
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    body: Term


@dataclass(frozen=True, slots=True)
class Divide:
    """Real division."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class ToReal:
    body: Term


@dataclass(frozen=True, slots=True)
class ForAll:
    variables: tuple[Var, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Exists:
    variables: tuple[Var, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Count:
    """How many individuals of the variable's sort satisfy the body.

    The sort is listed, except in a theory that is looked at by itself, where it may be a role still to be filled.
    """

    variable: Var
    body: Term


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of the body over the individuals of the variable's sort (see ``Count``)."""

    variable: Var
    body: Term


Term = (
    Var
    | Element
    | Truth
    | Number
    | Day
    | Apply
    | Not
    | And
    | Or
    | Implies
    | Iff
    | Equal
    | Less
    | AtMost
    | Ite
    | Add
    | Multiply
    | Negate
    | Divide
    | ToReal
    | ForAll
    | Exists
    | Count
    | Sum
)

TRUE = Truth(True)
FALSE = Truth(False)


# ---------------------------------------------------------------------------------------------------------------------
# Symbols with a meaning.


@dataclass(frozen=True, slots=True)
class Definition:
    """``symbol(params) := body``; the body has no free variables but the parameters."""

    symbol: Symbol
    params: tuple[Var, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Table:
    """A symbol given by its values: true of the rows alone, or a total function on listed sorts.

    Each row pairs the arguments (all ``Element``) with the value; a predicate's rows have the value ``TRUE``, and what
    has no row is false.
    """

    symbol: Symbol
    rows: tuple[tuple[tuple[Term, ...], Term], ...]


Meaning = Definition | Table


# ---------------------------------------------------------------------------------------------------------------------
# Looking at terms.


def digits(value: Fraction) -> int:
    """About how many digits a number has, numerator and denominator together; never too few."""
    return (value.numerator.bit_length() + value.denominator.bit_length()) * 30103 // 100000 + 2


def sort_of(term: Term) -> Sort:
    """The sort of a term; ``BOOL`` for formulas."""
    match term:
        case Var(_, sort) | Element(sort, _) | Number(_, sort):
            return sort
        case Day():
            return DATE
        case Apply(symbol, _):
            return symbol.range
        case Ite(_, then, _):
            return sort_of(then)
        case Add(args) | Multiply(args):
            return sort_of(args[0])
        case Negate(body) | Sum(_, body):
            return sort_of(body)
        case Divide() | ToReal():
            return REAL
        case Count():
            return INT
        case _:
            return BOOL


def children(term: Term) -> tuple[Term, ...]:
    """The immediate subterms, from left to right."""
    return _CHILDREN[type(term)](term)


_CHILDREN: Mapping[type, Callable[[Any], tuple[Term, ...]]] = {
    **dict.fromkeys((Var, Element, Truth, Number, Day), lambda _: ()),
    **dict.fromkeys((Apply, And, Or, Add, Multiply), attrgetter("args")),
    **dict.fromkeys((Not, Negate, ToReal, ForAll, Exists, Count, Sum), lambda term: (term.body,)),
    **dict.fromkeys((Implies, Iff, Equal, Less, AtMost, Divide), attrgetter("left", "right")),
    Ite: attrgetter("condition", "then", "otherwise"),
}
"""By kind of term, as this is done more often than anything else."""


def with_children(term: Term, parts: tuple[Term, ...]) -> Term:
    """``term`` with other immediate subterms, as many and of the same sorts as ``children`` gives."""
    match term:
        case Var() | Element() | Truth() | Number() | Day():
            return term
        case Apply(symbol, _):
            return Apply(symbol, parts)
        case And() | Or() | Add() | Multiply():
            return type(term)(parts)
        case Not() | Negate() | ToReal():
            return type(term)(parts[0])
        case ForAll(variables, _) | Exists(variables, _):
            return type(term)(variables, parts[0])
        case Count(variable, _) | Sum(variable, _):
            return type(term)(variable, parts[0])
        case Implies() | Iff() | Equal() | Less() | AtMost() | Divide():
            return type(term)(parts[0], parts[1])
        case Ite():
            return Ite(parts[0], parts[1], parts[2])


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything in it, outermost first, from left to right."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What occurs in a term, each once, in the order in which it first does; ``sorts`` are those of symbols as well."""

    symbols: tuple[Symbol, ...]
    sorts: tuple[Sort, ...]


def mentioned(term: Term) -> Mentioned:
    """The symbols and sorts that occur in a term."""
    known = _MENTIONED.get(id(term))
    if known is None:
        if len(_MENTIONED) >= _MOST_REMEMBERED:
            _MENTIONED.clear()
        known = _MENTIONED[id(term)] = (term, _look_through(term))
    return known[1]


_MENTIONED: dict[int, tuple[Term, Mentioned]] = {}
"""Found once for each term. By identity, as a term takes as long to compare as to look through; each is kept alive."""
_MOST_REMEMBERED = 5_000


def _look_through(term: Term) -> Mentioned:
    symbols: dict[Symbol, None] = {}
    sorts: dict[Sort, None] = {}
    for part in subterms(term):
        match part:
            case Apply(symbol, _):
                if symbol not in symbols:
                    symbols[symbol] = None
                    sorts.update(dict.fromkeys((*symbol.domain, symbol.range)))
            case Element(sort, _):
                sorts[sort] = None
            case ForAll(variables, _) | Exists(variables, _):
                sorts.update(dict.fromkeys(v.sort for v in variables))
            case Count(variable, _) | Sum(variable, _):
                sorts[variable.sort] = None
            case _:
                pass
    return Mentioned(tuple(symbols), tuple(sorts))


def symbols_of(term: Term) -> tuple[Symbol, ...]:
    """The symbols applied in the term, each once, in the order in which they first occur."""
    return mentioned(term).symbols


def bodies(meaning: Meaning) -> tuple[Term, ...]:
    """The terms that a definition or table is made of."""
    return (meaning.body,) if isinstance(meaning, Definition) else tuple(value for _, value in meaning.rows)


def meanings_needed(terms: Iterable[Term], meanings: Mapping[Symbol, Meaning]) -> tuple[Meaning, ...]:
    """The definitions and tables that the terms rest on, directly or through others, each after those it uses."""
    needed: dict[Symbol, Meaning] = {}
    waiting: list[tuple[Symbol, bool]] = [(s, False) for t in terms for s in symbols_of(t) if s in meanings][::-1]
    while waiting:
        symbol, parts_done = waiting.pop()
        if symbol in needed:
            continue
        meaning = meanings[symbol]
        if parts_done:
            needed[symbol] = meaning
            continue
        waiting.append((symbol, True))
        waiting.extend(
            (part, False) for body in bodies(meaning) for part in reversed(symbols_of(body)) if part in meanings
        )
    return tuple(needed.values())


# ---------------------------------------------------------------------------------------------------------------------
# Building terms.


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise SortError(what)


def apply(symbol: Symbol, *args: Term) -> Term:
    """``symbol`` applied to ``args``; whole numbers are widened where the symbol wants reals."""
    _require(len(args) == len(symbol.domain), f"{symbol.name} takes {len(symbol.domain)} arguments, not {len(args)}")
    fitted = tuple(to_real(arg) if wanted == REAL else arg for arg, wanted in zip(args, symbol.domain, strict=True))
    for arg, wanted in zip(fitted, symbol.domain, strict=True):
        _require(sort_of(arg) == wanted, f"{symbol.name} wants {wanted.name}, not {sort_of(arg).name}")
    return Apply(symbol, fitted)


def integer(value: int) -> Number:
    return Number(Fraction(value), INT)


def real(value: Fraction | int) -> Number:
    return Number(Fraction(value), REAL)


def to_real(term: Term) -> Term:
    """The term as a real number; anything but a whole number is left as it is."""
    if isinstance(term, Number) and term.sort == INT:
        return Number(term.value, REAL)
    return ToReal(term) if sort_of(term) == INT else term


def _formulas(args: Iterable[Term]) -> tuple[Term, ...]:
    args = tuple(args)
    for arg in args:
        _require(sort_of(arg) == BOOL, "a formula is wanted")
    return args


def negation(body: Term) -> Term:
    """Not ``body``; a double negation is dropped."""
    _formulas([body])
    match body:
        case Not(inner):
            return inner
        case Truth(value):
            return Truth(not value)
        case _:
            return Not(body)


def conj(args: Iterable[Term]) -> Term:
    """The conjunction; of nothing, ``TRUE``."""
    parts = _formulas(args)
    return parts[0] if len(parts) == 1 else And(parts) if parts else TRUE


def disj(args: Iterable[Term]) -> Term:
    """The disjunction; of nothing, ``FALSE``."""
    parts = _formulas(args)
    return parts[0] if len(parts) == 1 else Or(parts) if parts else FALSE


def implies(left: Term, right: Term) -> Term:
    return Implies(*_formulas([left, right]))


def iff(left: Term, right: Term) -> Term:
    return Iff(*_formulas([left, right]))


def _alike(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms, all widened to reals if one of them is real."""
    terms = tuple(terms)
    if any(sort_of(term) == REAL for term in terms):
        terms = tuple(map(to_real, terms))
    _require(len({sort_of(term) for term in terms}) == 1, "terms of one sort are wanted")
    return terms


def equal(left: Term, right: Term) -> Term:
    left, right = _alike([left, right])
    _require(sort_of(left) != BOOL, "formulas are compared by iff")
    return Equal(left, right)


def _ordered(left: Term, right: Term) -> tuple[Term, Term]:
    left, right = _alike([left, right])
    _require(sort_of(left) in (INT, REAL, DATE), "only numbers and dates are ordered")
    return left, right


def less(left: Term, right: Term) -> Term:
    return Less(*_ordered(left, right))


def at_most(left: Term, right: Term) -> Term:
    return AtMost(*_ordered(left, right))


def ite(condition: Term, then: Term, otherwise: Term) -> Term:
    _formulas([condition])
    then, otherwise = _alike([then, otherwise])
    _require(sort_of(then) != BOOL, "a conditional stands for a term")
    return Ite(condition, then, otherwise)


def _numbers(args: Iterable[Term]) -> tuple[Term, ...]:
    terms = _alike(args)
    _require(sort_of(terms[0]).is_number, "numbers are wanted")
    return terms


def add(args: Iterable[Term]) -> Term:
    parts = _numbers(args)
    return parts[0] if len(parts) == 1 else Add(parts)


def multiply(args: Iterable[Term]) -> Term:
    parts = _numbers(args)
    return parts[0] if len(parts) == 1 else Multiply(parts)


def negate(body: Term) -> Term:
    """Minus ``body``; folded into a numeral."""
    (body,) = _numbers([body])
    return Number(-body.value, body.sort) if isinstance(body, Number) else Negate(body)


def divide(left: Term, right: Term) -> Term:
    """``left / right``, a real; folded where both are numerals and the divisor is not zero."""
    left, right = (to_real(part) for part in _numbers([left, right]))
    if isinstance(left, Number) and isinstance(right, Number) and right.value:
        return real(left.value / right.value)
    return Divide(left, right)


def _bound(variables: Iterable[Var]) -> tuple[Var, ...]:
    variables = tuple(variables)
    _require(len({v.name for v in variables}) == len(variables), "a variable is bound twice")
    _require(all(v.sort != BOOL for v in variables), "variables do not range over formulas")
    return variables


def for_all(variables: Iterable[Var], body: Term) -> Term:
    """``body`` for all values of ``variables``; over none, ``body`` itself."""
    bound = _bound(variables)
    _formulas([body])
    return ForAll(bound, body) if bound else body


def exists(variables: Iterable[Var], body: Term) -> Term:
    bound = _bound(variables)
    _formulas([body])
    return Exists(bound, body) if bound else body


def count(variable: Var, body: Term) -> Term:
    _bound([variable])
    _formulas([body])
    return Count(variable, body)


def total(variable: Var, body: Term) -> Term:
    """The sum of ``body`` over the sort of ``variable``."""
    _bound([variable])
    (body,) = _numbers([body])
    return Sum(variable, body)
