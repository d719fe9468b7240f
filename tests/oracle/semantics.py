"""What formulas mean, by brute force: their truth in every structure of a bounded universe, as one long truth table.

A structure gives each uninterpreted sort a size and each *cell* (a symbol with individuals for arguments) a value. All
structures are numbered; a set of structures is an integer with one bit for each. The meaning of a formula is the set
of structures in which it holds; the meaning of a term is, for each value, the set of structures in which it has it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod
from typing import assert_never

from tests.oracle.language import (
    INT,
    NUMERIC,
    Aggregate,
    Apply,
    Compare,
    Definition,
    Expr,
    Infix,
    Ite,
    Not,
    Num,
    Quantified,
    Scale,
    Sort,
    Symbol,
    Truth,
    Var,
    Vocabulary,
)

LIMIT = 20_000
"""How many structures a universe should hold at most."""

Value = int | Fraction | bool
"""An individual (by its index in its sort), a number, or a truth value."""

Cell = tuple[str, tuple[Value, ...]]
Partition = dict[Value, int]

_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def structures(sorts: Iterable[Sort], symbols: Iterable[Symbol], more: int = 0) -> int:
    """How many structures there are with these bounds; with ``more``, with so many individuals and values beyond."""
    symbols = tuple(symbols)
    return sum(prod(len(domain) for _, domain in _cells(sizes, symbols, more)) for sizes in _sizes(sorts, more))


def _sizes(sorts: Iterable[Sort], more: int) -> list[dict[str, int]]:
    choices = [
        [(sort.name, len(sort.elements))]
        if sort.elements is not None
        else [(sort.name, size) for size in range(1, sort.bound + more + 1)]
        for sort in sorts
    ]
    return [dict(choice) for choice in product(*choices)]


def _cells(sizes: Mapping[str, int], symbols: Iterable[Symbol], more: int) -> list[tuple[Cell, list[Value]]]:
    cells: list[tuple[Cell, list[Value]]] = []
    for symbol in symbols:
        if symbol.table is None:
            domain: list[Value]
            if symbol.result is None:
                domain = [False, True]
            elif symbol.result in NUMERIC:
                domain = [*symbol.values, *_further(symbol, more)]
            else:
                domain = list(range(sizes[symbol.result]))
            arguments = product(*(range(sizes[sort]) for sort in symbol.params))
            cells += [((symbol.name, args), domain) for args in arguments]
    return cells


def _further(symbol: Symbol, more: int) -> list[Fraction]:
    """Values that the axioms do not allow, so that a formula that leaves them out of account is caught."""
    step = Fraction(1) if symbol.result == INT else Fraction(1, 3)
    return [max(symbol.values) + step * (index + 1) for index in range(more)]


class Universe:
    """All structures of a vocabulary within its bounds, and somewhat beyond where there is room.

    What the bounding axioms forbid is not left out by construction, but by the meaning of those axioms.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        more = 1 if structures(vocabulary.sorts, vocabulary.symbols, 1) <= LIMIT else 0
        self._blocks: list[_Block] = []
        self._offsets: list[int] = []
        total = 0
        for sizes in _sizes(vocabulary.sorts, more):
            block = _Block(vocabulary, sizes, more)
            self._blocks.append(block)
            self._offsets.append(total)
            total += block.count
        self.full = (1 << total) - 1
        self._known: dict[Expr, int] = {}

    def truth(self, formula: Expr) -> int:
        """The structures in which the closed ``formula`` holds."""
        if formula not in self._known:
            self._known[formula] = self._whole(block.formula(formula, {}) for block in self._blocks)
        return self._known[formula]

    def all_of(self, formulas: Iterable[Expr]) -> int:
        """The structures in which all of the ``formulas`` hold."""
        models = self.full
        for formula in formulas:
            models &= self.truth(formula)
        return models

    def agreeing(self, sizes: Mapping[str, int], facts: Sequence[Fact]) -> int:
        """The structures of these ``sizes`` in which all ``facts`` hold."""
        return self._whole(
            block.facts(facts) if all(block.sizes[sort] == size for sort, size in sizes.items()) else 0
            for block in self._blocks
        )

    def _whole(self, parts: Iterable[int]) -> int:
        whole = 0
        for part, offset in zip(parts, self._offsets, strict=True):
            whole |= part << offset
        return whole


@dataclass(frozen=True, slots=True)
class Fact:
    """That a symbol or definition has this value for these individuals."""

    symbol: str
    args: tuple[Value, ...]
    value: Value


@dataclass(slots=True)
class _Block:
    """All structures of one size."""

    vocabulary: Vocabulary
    sizes: Mapping[str, int]
    more: int
    count: int = field(init=False)
    full: int = field(init=False)
    _fixed: dict[Cell, Partition] = field(init=False, default_factory=dict)
    _predicates: set[str] = field(init=False)
    _definitions: dict[str, Definition] = field(init=False)

    def __post_init__(self) -> None:
        cells = _cells(self.sizes, self.vocabulary.symbols, self.more)
        self.count = prod(len(domain) for _, domain in cells)
        self.full = (1 << self.count) - 1
        stride = 1
        for cell, domain in cells:
            self._fixed[cell] = {
                value: _pattern(stride, index, len(domain), self.count) for index, value in enumerate(domain)
            }
            stride *= len(domain)
        indices = {
            element: index for sort in self.vocabulary.sorts for index, element in enumerate(sort.elements or ())
        }
        for element, index in indices.items():
            self._fixed[element, ()] = {index: self.full}
        for symbol in self.vocabulary.symbols:
            for row, entry in symbol.table or ():
                args = tuple(indices[element] for element in row)
                self._fixed[symbol.name, args] = {_constant(entry, indices): self.full}
        self._predicates = {symbol.name for symbol in self.vocabulary.symbols if symbol.result is None}
        self._definitions = {definition.name: definition for definition in self.vocabulary.definitions}

    def facts(self, facts: Sequence[Fact]) -> int:
        models = self.full
        for fact in facts:
            models &= self._applied(fact.symbol, fact.args).get(fact.value, 0)
        return models

    def formula(self, expr: Expr, env: Mapping[str, Value]) -> int:
        """The structures in which ``expr`` holds, with its free variables as in ``env``."""
        match expr:
            case Truth(value):
                return self.full if value else 0
            case Apply(name, args):
                holds = 0
                for values, where in self._tuples(args, env):
                    holds |= where & self._applied(name, values).get(True, 0)
                return holds
            case Not(body):
                return self.full ^ self.formula(body, env)
            case Infix(op, left, right):
                return self._connected(op, self.formula(left, env), self.formula(right, env))
            case Compare(terms, ops):
                return self._compared(terms, ops, env)
            case Quantified(kind, variables, body):
                return self._quantified(kind, variables, body, env)
            case Num() | Var() | Scale() | Ite() | Aggregate():
                raise TypeError(f"a term where a formula is wanted: {expr}")
            case _:
                assert_never(expr)

    def term(self, expr: Expr, env: Mapping[str, Value]) -> Partition:
        """For each value, the structures in which ``expr`` has it."""
        match expr:
            case Num(value):
                return {value: self.full}
            case Var(name):
                return {env[name]: self.full}
            case Apply(name, args):
                found: Partition = {}
                for values, where in self._tuples(args, env):
                    _merge(found, self._applied(name, values), where)
                return found
            case Infix("+", left, right):
                return self._combined(left, right, 1, env)
            case Infix("-", left, right):
                return self._combined(left, right, -1, env)
            case Scale(factor, body):
                return _scaled(self.term(body, env), factor)
            case Ite(condition, then, otherwise):
                holds = self.formula(condition, env)
                found = {}
                _merge(found, self.term(then, env), holds)
                _merge(found, self.term(otherwise, env), self.full ^ holds)
                return found
            case Aggregate(kind, variable, sort, body):
                total: Partition = {Fraction(0): self.full}
                for individual in range(self.sizes[sort]):
                    inner = {**env, variable: individual}
                    total = _added(total, self._summand(kind, body, inner), 1)
                return total
            case Truth() | Not() | Infix() | Compare() | Quantified():
                raise TypeError(f"a formula where a term is wanted: {expr}")
            case _:
                assert_never(expr)

    def _summand(self, kind: str, body: Expr, env: Mapping[str, Value]) -> Partition:
        if kind == "sum":
            return self.term(body, env)
        holds = self.formula(body, env)
        return {Fraction(0): self.full ^ holds, Fraction(1): holds}

    def _tuples(self, args: Sequence[Expr], env: Mapping[str, Value]) -> list[tuple[tuple[Value, ...], int]]:
        """The values that these terms may have together, each with the structures in which they have them."""
        found: list[tuple[tuple[Value, ...], int]] = [((), self.full)]
        for arg in args:
            values = self.term(arg, env)
            found = [
                ((*before, value), where & here)
                for before, where in found
                for value, here in values.items()
                if where & here
            ]
        return found

    def _applied(self, name: str, args: tuple[Value, ...]) -> Partition:
        if name not in self._definitions:
            return self._fixed[name, args]
        definition = self._definitions[name]
        env = {variable: value for (variable, _), value in zip(definition.params, args, strict=True)}
        if definition.result is not None:
            return self.term(definition.body, env)
        holds = self.formula(definition.body, env)
        return {True: holds, False: self.full ^ holds}

    def _connected(self, op: str, left: int, right: int) -> int:
        match op:
            case "and":
                return left & right
            case "or":
                return left | right
            case "implies":
                return (self.full ^ left) | right
            case "iff":
                return self.full ^ left ^ right
            case _:
                raise TypeError(f"no connective: {op}")

    def _compared(self, terms: Sequence[Expr], ops: Sequence[str], env: Mapping[str, Value]) -> int:
        partitions = [self.term(term, env) for term in terms]
        holds = self.full
        for op, left, right in zip(ops, partitions, partitions[1:], strict=False):
            compare = _COMPARISONS[op]
            link = 0
            for a, here in left.items():
                for b, there in right.items():
                    if compare(a, b):
                        link |= here & there
            holds &= link
        return holds

    def _quantified(self, kind: str, variables: Sequence[tuple[str, str]], body: Expr, env: Mapping[str, Value]) -> int:
        ranges = [range(self.sizes[sort]) for _, sort in variables]
        holds = self.full if kind == "forall" else 0
        for values in product(*ranges):
            inner = {**env, **{variable: value for (variable, _), value in zip(variables, values, strict=True)}}
            if kind == "forall":
                holds &= self.formula(body, inner)
            else:
                holds |= self.formula(body, inner)
        return holds

    def _combined(self, left: Expr, right: Expr, sign: int, env: Mapping[str, Value]) -> Partition:
        return _added(self.term(left, env), self.term(right, env), sign)


def _pattern(stride: int, index: int, size: int, count: int) -> int:
    """The numbers below ``count`` whose digit at ``stride`` is ``index``, in a mixed radix with ``size`` there."""
    pattern = ((1 << stride) - 1) << (index * stride)
    period = stride * size
    while period < count:
        pattern |= pattern << period
        period *= 2
    return pattern & ((1 << count) - 1)


def _constant(entry: Expr, indices: Mapping[str, int]) -> Value:
    match entry:
        case Truth(value) | Num(value):
            return value
        case Apply(name):
            return indices[name]
        case _:
            raise TypeError(f"no entry of a table: {entry}")


def _merge(found: Partition, more: Partition, where: int) -> None:
    for value, here in more.items():
        if here & where:
            found[value] = found.get(value, 0) | (here & where)


def _added(left: Partition, right: Partition, sign: int) -> Partition:
    found: Partition = {}
    for a, here in left.items():
        for b, there in right.items():
            if here & there:
                found[a + sign * b] = found.get(a + sign * b, 0) | (here & there)
    return found


def _scaled(values: Partition, factor: Fraction) -> Partition:
    found: Partition = {}
    for value, where in values.items():
        found[factor * value] = found.get(factor * value, 0) | where
    return found
