"""Finite structures, and what terms mean in them: our own evaluator, which no solver has a hand in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checker.logic import Sort, Symbol


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
