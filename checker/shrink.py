"""Making a countermodel small, so that a reviewer sees what matters: few individuals, few true facts, simple numbers.

Each step asks for a countermodel that is better in one respect and no worse in those before; what does not come, or
does not stand up to replay, leaves the countermodel as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from checker.entailment import Question
from checker.logic import BOOL, DATE, INT, REAL, Day, Number, Sort, Symbol, subterms
from checker.model import Individual, Structure, Value
from checker.smtlib import NotExpressible, Script, bounded, numeral

Model = Callable[[Sequence[str]], Structure | None]
"""Finds a model of a script with these guards assumed; None if there is none or none was found."""

MOST_ATOMS = 600
MOST_NUMBERS = 40

_YEARS = Fraction(10 * 365)


def shrink(
    question: Question,
    structure: Structure,
    search: Callable[[Script], Model],
    is_countermodel: Callable[[Structure], bool],
) -> Structure:
    """The smallest countermodel found, starting from ``structure``.

    First come the numbers of individuals, sort by sort, then the number of true atoms of free predicates, then the
    simplicity of numbers. ``search`` looks for models of a script with as much effort as it sees fit.
    """

    def sound(script: Script) -> Model:
        model = search(script)

        def found(guards: Sequence[str]) -> Structure | None:
            candidate = model((*script.guards, *guards))
            return candidate if candidate is not None and is_countermodel(candidate) else None

        return found

    try:
        structure = _fewer_individuals(question, structure, sound)
        structure = _fewer_facts(question, structure, sound)
        return _simpler_numbers(question, structure, sound)
    except NotExpressible:
        return structure


def _fewer_individuals(question: Question, structure: Structure, search: Callable[[Script], Model]) -> Structure:
    """As few individuals of each sort in turn as can be, without more of the others."""
    for sort, _ in structure.sizes:
        sizes = dict(structure.sizes)
        for size in range(1, sizes[sort]):
            found = search(bounded(question, {**sizes, sort: size}))([])
            if found is not None:
                structure = found
                break
    return structure


@dataclass(frozen=True, slots=True)
class _Ground:
    """A free symbol applied to individuals, with its text in scripts of the structure's size."""

    text: str
    symbol: Symbol
    args: tuple[Value, ...]


def _values(structure: Structure) -> Callable[[_Ground], Value | None]:
    """Tells what each stands for in a structure."""
    tables = {found.symbol: (dict(found.entries), found.default) for found in structure.interpretations}

    def value(ground: _Ground) -> Value | None:
        entries, default = tables.get(ground.symbol, ({}, None))
        return entries.get(ground.args, default)

    return value


def _ground(script: Script, ranges: Sequence[Sort]) -> Iterator[_Ground]:
    """The applications of free symbols with these ranges to individuals, in order."""
    named: dict[Sort, list[tuple[str, Individual]]] = {}
    for name, individual in script.individuals:
        named.setdefault(individual.sort, []).append((name, individual))
    for sort, constants in script.constants:
        named[sort] = [(name, Individual(sort, index)) for index, name in enumerate(constants)]
    for name, symbol in script.symbols:
        if symbol.range in ranges and all(sort in named for sort in symbol.domain):
            for choice in itertools.product(*(named[sort] for sort in symbol.domain)):
                text = f"({name} {' '.join(arg for arg, _ in choice)})" if choice else name
                yield _Ground(text, symbol, tuple(individual for _, individual in choice))


def _fewer_facts(question: Question, structure: Structure, search: Callable[[Script], Model]) -> Structure:
    """As few true atoms as can be."""
    script = bounded(question, dict(structure.sizes), exactly=True)
    atoms = list(_ground(script, [BOOL]))
    if len(atoms) > MOST_ATOMS:
        return structure
    guards = [(atom, f"h{number}") for number, atom in enumerate(atoms)]
    lines = [f"(declare-fun {guard} () Bool)" for _, guard in guards]
    lines += [f"(assert (=> {guard} (not {atom.text})))" for atom, guard in guards]
    model = search(script.extended(lines))
    # Which of them can be false together with all that are false already? By halves, as most can; the last ones first.
    value = _values(structure)
    waiting = [[atom for atom in atoms if value(atom) is True]]
    while waiting:
        chunk = [atom for atom in waiting.pop() if value(atom) is True]
        if not chunk:
            continue
        gone = {id(atom) for atom in chunk}
        found = model([guard for atom, guard in guards if id(atom) in gone or value(atom) is not True])
        if found is not None:
            structure, value = found, _values(found)
        elif len(chunk) > 1:
            middle = len(chunk) // 2
            waiting += [chunk[:middle], chunk[middle:]]
    # None of them can be left out now; perhaps fewer others would do.
    counted = " ".join(f"(ite {atom.text} 1 0)" for atom in atoms)
    while (facts := sum(value(atom) is True for atom in atoms)) > 1:
        found = search(script.extended([f"(assert (<= (+ 0 {counted}) {facts - 1}))"]))([])
        if found is None:
            return structure
        structure, value = found, _values(found)
    return structure


def _simpler_numbers(question: Question, structure: Structure, search: Callable[[Script], Model]) -> Structure:
    """Simple values for numbers and dates, one after the other, with the facts as they are."""
    script = bounded(question, dict(structure.sizes), exactly=True)
    numbers = list(_ground(script, (INT, REAL, DATE)))
    if not numbers or len(numbers) > MOST_NUMBERS:
        return structure
    atoms = _ground(script, [BOOL])
    value = _values(structure)
    lines = [f"(assert (= {atom.text} {'true' if value(atom) is True else 'false'}))" for atom in atoms]
    plain = _plain(question)
    wishes: list[list[tuple[Fraction, str]]] = []
    for term in numbers:
        now = value(term)
        assert isinstance(now, Fraction)
        wishes.append([])
        for wish in dict.fromkeys([*plain[term.symbol.range], now]):
            guard = f"n{len(wishes)}_{len(wishes[-1])}"
            wishes[-1].append((wish, guard))
            lines.append(f"(declare-fun {guard} () Bool)")
            lines.append(f"(assert (=> {guard} (= {term.text} {numeral(wish, term.symbol.range)})))")
    # A date that nothing fixes is told only if the calendar has it.
    first, last = _years_around([value for value in plain[DATE] if value > 0])
    days = [term.text for term in numbers if term.symbol.range == DATE]
    lines.append("(declare-fun calendar () Bool)")
    lines += [f"(assert (=> calendar (<= {numeral(first, DATE)} {day} {numeral(last, DATE)})))" for day in days]
    model = search(script.extended(lines))
    settled: list[str] = []
    if days and (found := model(["calendar"])) is not None:
        structure, value = found, _values(found)
        settled.append("calendar")
    for term, choices in zip(numbers, wishes, strict=True):
        for wish, guard in choices:
            if wish != value(term):
                found = model([*settled, guard])
                if found is None:
                    continue
                structure, value = found, _values(found)
            settled.append(guard)
            break
    return structure


def _years_around(days: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Some years on either side of these days, within the calendar."""
    return max(min(days) - _YEARS, Fraction(1)), min(max(days) + _YEARS, Fraction(date.max.toordinal()))


def _plain(question: Question) -> Mapping[Sort, tuple[Fraction, ...]]:
    """Values that are easy to read, the best first; for dates, those around the dates that the question mentions."""
    days: dict[Fraction, None] = {}
    reals: dict[Fraction, None] = {}
    for formula in (*(premise.formula for premise in question.premises), question.conclusion):
        for part in subterms(formula):
            match part:
                case Day(ordinal):
                    days.update(dict.fromkeys(Fraction(ordinal + shift) for shift in (0, 1, -1)))
                case Number(value, _):
                    reals[value] = None
                case _:
                    pass
    whole = tuple(map(Fraction, (0, 1, 2, 3, 5, 10, 100)))
    return {
        INT: whole,
        DATE: (*days, Fraction(date(2026, 1, 1).toordinal())),
        REAL: tuple(dict.fromkeys((*whole[:2], Fraction(1, 2), *reals, *whole[2:], Fraction(1, 10), Fraction(1, 100)))),
    }
