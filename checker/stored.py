"""Answers as text without names, to be kept beside the key of their question, and read back for any question with it.

A premise is the number of its place, an individual its index; sorts and symbols stand in the order in which the
arranged question mentions them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from checker.entailment import Answer, Entailed, Question, Reason, Refuted, Undetermined
from checker.logic import BOOL, Sort, Symbol
from checker.model import Individual, Interpretation, Structure, Value, defect
from checker.smtlib import vocabulary


def written(answer: Answer, question: Question) -> str:
    """A lasting answer to an arranged question, as text."""
    places = {premise.name: number for number, premise in enumerate(question.premises)}
    match answer:
        case Entailed(used, alone, by_definition, perhaps):
            named = [[places[name] for name in names] for names in (used, alone, perhaps)]
            data: list[Any] = ["entailed", *named, by_definition]
        case Refuted(structure):
            known = vocabulary(question)
            sizes = dict(structure.sizes)
            meant = {found.symbol: found for found in structure.interpretations}
            data = ["refuted", [sizes[sort] for sort in known.uninterpreted]]
            data.append([_interpretation(meant[symbol]) for symbol in known.symbols])
        case Undetermined(reason, searched, detail):
            data = ["undetermined", reason.value, searched, detail]
    return json.dumps(data, separators=(",", ":"))


def _interpretation(found: Interpretation) -> list[Any]:
    rows = [[[_plain(arg) for arg in args], _plain(value)] for args, value in found.entries]
    return rows if found.default is None else [*rows, [None, _plain(found.default)]]


def _plain(value: Value) -> bool | int | str:
    match value:
        case bool():
            return value
        case Individual():
            return value.index
        case Fraction():
            return str(value)


def read(text: str, question: Question) -> Answer | None:
    """The answer that a text says about an arranged question; None if it says none that can be about this one."""
    try:
        return _answer(json.loads(text), question)
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError):
        return None


def _answer(data: Any, question: Question) -> Answer | None:
    names = [premise.name for premise in question.premises]
    match data:
        case ["entailed", list(used), list(alone), list(perhaps), bool(by_definition)]:
            return Entailed(_named(used, names), _named(alone, names), by_definition, _named(perhaps, names), True)
        case ["refuted", list(sizes), list(rows)]:
            known = vocabulary(question)
            universe = tuple(zip(known.uninterpreted, map(_whole, sizes), strict=True))
            pairs = zip(known.symbols, rows, strict=True)
            structure = Structure(universe, tuple(_read(symbol, entries) for symbol, entries in pairs))
            fault = defect(structure, known.uninterpreted, known.symbols)
            return Refuted(structure, lasting=True) if fault is None else None
        case ["undetermined", str(reason), int(searched), str(detail)]:
            return Undetermined(Reason(reason), searched, detail, lasting=True)
    return None


def _named(places: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    if any(_whole(place) < 0 for place in places):
        raise IndexError
    return tuple(names[place] for place in places)


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError
    return number


def _read(symbol: Symbol, rows: Sequence[Any]) -> Interpretation:
    domain = [_reader(sort) for sort in symbol.domain]
    value = _reader(symbol.range)
    entries = []
    default = None
    for args, result in rows:
        if args is None:
            default = value(result)
        else:
            entries.append((tuple(read_one(arg) for read_one, arg in zip(domain, args, strict=True)), value(result)))
    return Interpretation(symbol, tuple(entries), default)


def _reader(sort: Sort) -> Callable[[object], Value]:
    """Reads the values of a sort. What it makes of a wrong one does not fit the sort, or raises."""
    if sort == BOOL:
        return _truth
    if sort.is_uninterpreted or sort.elements is not None:
        return lambda index: Individual(sort, _whole(index))
    return _number


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(text: object) -> Fraction:
    if not isinstance(text, str):
        raise TypeError
    return Fraction(text)
