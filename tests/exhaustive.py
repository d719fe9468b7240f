"""A solver that reads a script and looks at each structure of a list, so that tests need no real one.

What it replies is right as far as the list goes: a list of all structures with one or two individuals decides what such
structures decide, in no time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise, product
from operator import mul, truediv
from typing import Any

from checker.logic import BOOL, Sort, Symbol
from checker.model import Individual, Interpretation, Structure, Value
from checker.smtlib import Script
from checker.solver import Effort, Reply, Sat, Unsat


@dataclass(frozen=True)
class Asked:
    """One check: the how many-th session it was (from 0), and all that was said to it."""

    session: int
    script: Script
    guards: tuple[str, ...]
    effort: Effort
    want_structure: bool

    @property
    def flavour(self) -> str:
        return "bounded" if self.script.constants else "fixed" if "(define-fun f" in self.script.text else "unbounded"

    @property
    def size(self) -> int:
        """How many individuals the largest sort of a bounded script has."""
        return max((len(constants) for _, constants in self.script.constants), default=0)


@dataclass
class Exhaustive:
    """Finds the first of ``candidates`` that is a model. What ``instead`` makes of a check is replied in its place."""

    candidates: Sequence[Structure]
    instead: Callable[[Asked], Reply | BaseException | None] = lambda _: None
    spent: int = 0
    """What each check costs, or as much as it is allowed, if that is less."""
    opened: list[Script] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def open(self, script: Script) -> Looking:
        self.opened.append(script)
        return Looking(self, script, len(self.opened) - 1)


@dataclass
class Looking:
    """A session with it."""

    solver: Exhaustive
    script: Script
    number: int

    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        asked = Asked(self.number, self.script, tuple(guards), effort, want_structure)
        self.solver.asked.append(asked)
        reply = self.solver.instead(asked)
        if isinstance(reply, BaseException):
            raise reply
        if reply is not None:
            return reply
        spent = min(self.solver.spent, effort.units)
        if asked.flavour == "fixed":
            return Sat(None, spent) if true_in(None, self.script, guards) else Unsat(tuple(guards), spent)
        for structure in self.solver.candidates:
            if true_in(structure, self.script, guards):
                return Sat(structure if want_structure else None, spent)
        return Unsat(tuple(guards), spent)


def every(sizes: Mapping[Sort, int], symbols: Sequence[Symbol], numbers: Sequence[int] = (0,)) -> list[Structure]:
    """All structures of these sizes; those with the most true facts, and the numbers that stand last, come first."""

    def values(sort: Sort) -> list[Value]:
        if sort == BOOL:
            return [True, False]
        if sort.elements is None and not sort.is_uninterpreted:
            return [Fraction(number) for number in reversed(numbers)]
        return [
            Individual(sort, index) for index in range(sizes[sort] if sort.elements is None else len(sort.elements))
        ]

    tables: list[list[Interpretation]] = []
    for symbol in symbols:
        places = list(product(*map(values, symbol.domain)))
        choices = product(values(symbol.range), repeat=len(places))
        tables.append([Interpretation(symbol, tuple(zip(places, choice, strict=True))) for choice in choices])
    return [Structure(tuple(sizes.items()), found) for found in product(*tables)]


# -- reading a script ------------------------------------------------------------------------------------------------


def true_in(structure: Structure | None, script: Script, guards: Sequence[str]) -> bool:
    """Whether all that a script asserts is true in a structure, with just these guards assumed."""
    names: dict[str, Any] = dict(script.individuals)
    sorts: dict[str, list[Individual]] = {}
    if structure is not None:
        sizes = dict(structure.sizes)
        for name, sort in script.sorts:
            sorts[name] = [Individual(sort, index) for index in range(sizes[sort])]
        for sort, constants in script.constants:
            if sizes[sort] > len(constants):
                return False
            names |= {name: Individual(sort, min(n, sizes[sort] - 1)) for n, name in enumerate(constants)}
        tables = {found.symbol: dict(found.entries) for found in structure.interpretations}
        names |= {name: _table(tables[symbol]) for name, symbol in script.symbols}
    reading = _Reading(names, sorts)
    for command in _parsed(script.text):
        match command:
            case ["declare-fun", name, [], "Bool"] if name not in names:
                names[name] = name in guards
            case ["declare-datatypes", [[name, "0"]], [constructors]]:
                sorts[name] = [names[constructor] for (constructor,) in constructors]
            case ["define-fun", name, parameters, _, body]:
                names[name] = reading.defined([parameter for parameter, _ in parameters], body)
            case ["assert", formula]:
                if reading.value(formula, {}) is not True:
                    return False
    return True


def _table(entries: Mapping[tuple[Value, ...], Value]) -> Any:
    """What a name stands for: a value, or a function of values."""
    return entries[()] if () in entries else lambda *args: entries[args]


@lru_cache(64)
def _parsed(text: str) -> list[Any]:
    stack: list[list[Any]] = [[]]
    for token in re.findall(r"[()]|[^\s()]+", re.sub(r";.*", "", text)):
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    (commands,) = stack
    assert all(isinstance(command, list) for command in commands)
    return commands


@dataclass
class _Reading:
    names: Mapping[str, Any]
    sorts: Mapping[str, Sequence[Individual]]

    def defined(self, parameters: Sequence[str], body: Any) -> Any:
        if not parameters:
            return self.value(body, {})
        return lambda *args: self.value(body, dict(zip(parameters, args, strict=True)))

    def value(self, term: Any, bound: Mapping[str, Any]) -> Any:
        match term:
            case "true" | "false":
                return term == "true"
            case str():
                if term in bound:
                    return bound[term]
                return self.names[term] if term in self.names else Fraction(term)
            case ["ite", condition, then, otherwise]:
                return self.value(then if self.value(condition, bound) else otherwise, bound)
            case ["forall", variables, body]:
                return all(self.instances(variables, body, bound))
            case ["exists", variables, body]:
                return any(self.instances(variables, body, bound))
        operator, *rest = term
        args = [self.value(part, bound) for part in rest]
        match operator:
            case "not":
                return not args[0]
            case "and":
                return all(args)
            case "or":
                return any(args)
            case "=>":
                return args[-1] or not all(args[:-1])
            case "=":
                return all(left == right for left, right in pairwise(args))
            case "distinct":
                return len(set(args)) == len(args)
            case "<":
                return args[0] < args[1]
            case "<=":
                return all(left <= right for left, right in pairwise(args))
            case "+":
                return sum(args)
            case "-":
                return -args[0]
            case "*":
                return reduce(mul, args)
            case "/":
                return truediv(*args)
            case "to_real":
                return args[0]
        return self.names[operator](*args)

    def instances(self, variables: Any, body: Any, bound: Mapping[str, Any]) -> Iterator[Any]:
        for choice in product(*(self.sorts[sort] for _, sort in variables)):
            yield self.value(body, {**bound, **dict(zip((name for name, _ in variables), choice, strict=True))})
