"""One vocabulary for a variant and its base: names that mean the same in both are one, all others are kept apart.

Statements of two cases can be compared only where every name stands for one thing. A name means the same in both if
what it names has the same sorts and the same definition or table, and comes from the same theory. What the base calls
by a name that means something else in the variant gets a name of its own, which no author can write.

Keeping apart loses nothing where definitions or tables say what both things are. Where one of them is open (a predicate
that nothing defines, a sort with other individuals), nothing says how the two are related. What follows all the same
follows whatever they are; that something does not follow hangs on their being unrelated, and must not be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from checker import logic
from checker.case import Case, TheoryKey
from checker.logic import Definition, Element, Meaning, Sort, Symbol, Table, Term, Var

Thing = Sort | Symbol


@dataclass(frozen=True, slots=True)
class Joint:
    """The joint vocabulary: that of the variant, and beside it what is the base's alone.

    ``sorts`` and ``symbols`` say how the base's are called here, and ``meanings`` holds the definitions and tables of
    both. ``apart`` names what is kept apart, by the thing that the base means; ``unsettled`` names those of these
    things of which nothing says how they are related to their namesakes.
    """

    sorts: Mapping[Sort, Sort]
    symbols: Mapping[Symbol, Symbol]
    meanings: Mapping[Symbol, Meaning]
    apart: Mapping[Thing, str]
    unsettled: Mapping[Thing, str]

    def of_base(self, formula: Term) -> Term:
        """What a formula of the base says, in the joint vocabulary."""
        return _renamed(formula, self.sorts, self.symbols)

    def kept_apart(self, formulas: Iterable[Term]) -> tuple[str, ...]:
        """The names that formulas, definitions unfolded, use as the base does and the variant does not."""
        return self._named(self.apart, formulas)

    def hanging_on(self, formulas: Iterable[Term]) -> tuple[str, ...]:
        """The names on whose being kept apart it may hang that something does not follow from or among formulas."""
        return self._named(self.unsettled, formulas)

    def _named(self, names: Mapping[Thing, str], formulas: Iterable[Term]) -> tuple[str, ...]:
        things = dict.fromkeys(_things(_unfolded(formulas, self.meanings)))
        return tuple(dict.fromkeys(names[thing] for thing in things if thing in names))


def join(base: Case, variant: Case) -> Joint:
    """The joint vocabulary of the axioms and assumptions of both."""
    return _join(base, variant, _stated, lambda theory: theory)


def join_revisions(before: Case, after: Case) -> Joint:
    """The joint vocabulary of all that two cases state that need not be of one time, in which ``before`` is the base.

    A theory counts as the same if it is called so: that its file was changed somewhere changes no name. What was
    changed of definitions, tables and sorts is seen by comparing these.
    """
    return _join(before, after, _all_stated, lambda theory: None if theory is None else theory.name)


def _join(
    base: Case, variant: Case, stated_by: Callable[[Case], list[Term]], origin: Callable[[TheoryKey | None], object]
) -> Joint:
    stated = _unfolded(stated_by(base), base.meanings)
    things = dict.fromkeys(_things(stated))
    here = {symbol.name: symbol for symbol in (*variant.wordings, *variant.meanings)}
    sorts_here = {s.name: s for s in _things(_unfolded(stated_by(variant), variant.meanings)) if isinstance(s, Sort)}
    sorts_here |= {sort.name: sort for symbol in here.values() for sort in (*symbol.domain, symbol.range)}
    origins, origins_here = _origins(base), _origins(variant)
    apart: dict[Thing, str] = {}
    unsettled: dict[Thing, str] = {}

    def from_one_theory(name: str) -> bool:
        prefix = name.rpartition(".")[0]
        return origin(origins.get(prefix)) == origin(origins_here.get(prefix))

    sorts: dict[Sort, Sort] = {}
    for sort in (thing for thing in things if isinstance(thing, Sort)):
        like = sorts_here.get(sort.name)
        sorts[sort] = sort
        if like is not None and not (like == sort and from_one_theory(sort.name)):
            sorts[sort] = own = replace(sort, name=f"{sort.name} of {base.name}")
            apart[own] = unsettled[own] = sort.name

    symbols: dict[Symbol, Symbol] = {}
    meanings = dict(variant.meanings)
    free = [thing for thing in things if isinstance(thing, Symbol) and thing not in base.meanings]
    # Definitions come after all that they use, so that it is known by then how that is called.
    defined = [meaning.symbol for meaning in logic.meanings_needed(stated, base.meanings)]
    for symbol in (*free, *defined):
        symbols[symbol] = Symbol(symbol.name, tuple(sorts[sort] for sort in symbol.domain), sorts[symbol.range])
        meaning, namesake = base.meanings.get(symbol), here.get(symbol.name)
        if namesake is not None and not (
            namesake == symbols[symbol]
            and from_one_theory(symbol.name)
            and _renamed_meaning(meaning, sorts, symbols) == variant.meanings.get(namesake)
        ):
            symbols[symbol] = own_symbol = replace(symbols[symbol], name=f"{symbol.name} of {base.name}")
            apart[own_symbol] = symbol.name
            if meaning is None or namesake not in variant.meanings:
                unsettled[own_symbol] = symbol.name
        if (renamed := _renamed_meaning(meaning, sorts, symbols)) is not None:
            meanings[renamed.symbol] = renamed
    return Joint(sorts, symbols, meanings, apart, unsettled)


def _stated(case: Case) -> list[Term]:
    return [s.formula for s in (*case.axioms, *case.assumptions) if s.formula is not None]


def _all_stated(case: Case) -> list[Term]:
    others = [s.formula for s in (*case.claims, *case.worries, *case.possibles) if s.formula is not None]
    return _stated(case) + others


def _origins(case: Case) -> dict[str, TheoryKey]:
    """Which theory each copy in a case is of, by the prefix of its names."""
    return {use.alias: use.theory for use in case.uses}


# -- looking at terms --------------------------------------------------------------------------------------------------


def _unfolded(formulas: Iterable[Term], meanings: Mapping[Symbol, Meaning]) -> list[Term]:
    """The formulas, and the bodies of all definitions and tables that they rest on."""
    given = list(formulas)
    return given + [body for meaning in logic.meanings_needed(given, meanings) for body in logic.bodies(meaning)]


def _things(terms: Iterable[Term]) -> Iterator[Thing]:
    """The sorts and symbols that occur in terms."""
    for term in terms:
        for part in logic.subterms(term):
            match part:
                case logic.Apply(symbol=symbol):
                    yield symbol
                    yield from (*symbol.domain, symbol.range)
                case Element(sort=sort):
                    yield sort
                case logic.ForAll(variables=variables) | logic.Exists(variables=variables):
                    yield from (variable.sort for variable in variables)
                case logic.Count(variable=variable) | logic.Sum(variable=variable):
                    yield variable.sort
                case _:
                    pass


# -- renaming ----------------------------------------------------------------------------------------------------------


def _renamed(term: Term, sorts: Mapping[Sort, Sort], symbols: Mapping[Symbol, Symbol]) -> Term:
    """The term with other sorts and symbols in the place of its own."""

    def variable(var: Var) -> Var:
        return replace(var, sort=sorts.get(var.sort, var.sort))

    parts = tuple(_renamed(part, sorts, symbols) for part in logic.children(term))
    match term:
        case Var():
            return variable(term)
        case Element(sort=sort):
            return replace(term, sort=sorts.get(sort, sort))
        case logic.Apply(symbol=symbol):
            return logic.Apply(symbols.get(symbol, symbol), parts)
        case logic.ForAll(variables=variables) | logic.Exists(variables=variables):
            return type(term)(tuple(map(variable, variables)), parts[0])
        case logic.Count(variable=var) | logic.Sum(variable=var):
            return type(term)(variable(var), parts[0])
        case _:
            return logic.with_children(term, parts)


def _renamed_meaning(
    meaning: Meaning | None, sorts: Mapping[Sort, Sort], symbols: Mapping[Symbol, Symbol]
) -> Meaning | None:
    match meaning:
        case None:
            return None
        case Definition(symbol=symbol, params=params, body=body):
            named = tuple(replace(param, sort=sorts.get(param.sort, param.sort)) for param in params)
            return Definition(symbols[symbol], named, _renamed(body, sorts, symbols))
        case Table(symbol=symbol, rows=rows):
            return Table(
                symbols[symbol],
                tuple(
                    (tuple(_renamed(arg, sorts, symbols) for arg in args), _renamed(value, sorts, symbols))
                    for args, value in rows
                ),
            )
