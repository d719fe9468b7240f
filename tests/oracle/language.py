"""Small safety cases as data, and their text.

The tree says no more than the random cases need. Names in a formula are those that the text shows; elements of listed
sorts and constants are applications to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, assert_never

INT, REAL = "Int", "Real"
NUMERIC = (INT, REAL)

# -- formulas and terms ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Num:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Var:
    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """A predicate, function, definition, constant or element of a listed sort, with its arguments."""

    name: str
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    body: Expr


@dataclass(frozen=True, slots=True)
class Infix:
    """Two operands: ``and``, ``or``, ``implies`` or ``iff`` of formulas, ``+`` or ``-`` of numbers."""

    op: Literal["and", "or", "implies", "iff", "+", "-"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain of comparisons; there is one operator less than there are terms."""

    terms: tuple[Expr, ...]
    ops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A numeral times a term."""

    factor: Fraction
    body: Expr


@dataclass(frozen=True, slots=True)
class Ite:
    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Quantified:
    kind: Literal["forall", "exists"]
    variables: tuple[tuple[str, str], ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``count`` of the individuals of which the body holds, or ``sum`` of the body over all of them."""

    kind: Literal["count", "sum"]
    variable: str
    sort: str
    body: Expr


Expr = Truth | Num | Var | Apply | Not | Infix | Compare | Scale | Ite | Quantified | Aggregate


def equal(left: Expr, right: Expr) -> Expr:
    return Compare((left, right), ("=",))


def conj(parts: Sequence[Expr]) -> Expr:
    """The conjunction of at least one part."""
    whole = parts[0]
    for part in parts[1:]:
        whole = Infix("and", whole, part)
    return whole


def disj(parts: Sequence[Expr]) -> Expr:
    """The disjunction of at least one part."""
    whole = parts[0]
    for part in parts[1:]:
        whole = Infix("or", whole, part)
    return whole


def children(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Truth() | Num() | Var():
            return ()
        case Apply(_, args):
            return args
        case Not(body) | Scale(_, body) | Quantified(_, _, body) | Aggregate(_, _, _, body):
            return (body,)
        case Infix(_, left, right):
            return (left, right)
        case Compare(terms, _):
            return terms
        case Ite(condition, then, otherwise):
            return (condition, then, otherwise)
        case _:
            assert_never(expr)


def with_children(expr: Expr, parts: Sequence[Expr]) -> Expr:
    match expr:
        case Truth() | Num() | Var():
            return expr
        case Apply(name):
            return Apply(name, tuple(parts))
        case Not() | Scale() | Quantified() | Aggregate():
            return replace(expr, body=parts[0])
        case Infix(op):
            return Infix(op, parts[0], parts[1])
        case Compare(_, ops):
            return Compare(tuple(parts), ops)
        case Ite():
            return Ite(parts[0], parts[1], parts[2])
        case _:
            assert_never(expr)


def subterms(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in children(expr):
        yield from subterms(child)


# -- modules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sort:
    """``elements`` of a listed sort; of any other, ``bound`` is the size that an axiom allows at most."""

    name: str
    elements: tuple[str, ...] | None = None
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A predicate (``result`` is None), function or constant.

    ``values`` are the numbers that an axiom allows a numeric symbol, ``table`` the value for each tuple of elements:
    for a predicate ``Truth``, for a function an element or a number.
    """

    name: str
    params: tuple[str, ...] = ()
    result: str | None = None
    values: tuple[Fraction, ...] = ()
    table: tuple[tuple[tuple[str, ...], Expr], ...] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    params: tuple[tuple[str, str], ...]
    result: str | None
    body: Expr


@dataclass(frozen=True, slots=True)
class Axiom:
    """``bounds`` names the sort or numeric symbol to which this axiom leaves finitely many individuals or values."""

    name: str
    formula: Expr
    bounds: str | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    name: str
    formula: Expr | None
    owned: bool = True


@dataclass(frozen=True, slots=True)
class Mitigation:
    name: str
    formula: Expr


@dataclass(frozen=True, slots=True)
class Worry:
    name: str
    formula: Expr | None
    against: tuple[str, ...] = ()
    unacceptable: bool = False
    mitigations: tuple[Mitigation, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """``by`` is None for ``by all``."""

    name: str
    formula: Expr | None
    by: tuple[str, ...] | None = ()
    barring: tuple[str, ...] = ()
    goal: bool = False


@dataclass(frozen=True, slots=True)
class Possible:
    name: str
    formula: Expr
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``by`` is None for ``by all``."""

    worry: str
    by: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Use:
    """``roles`` map each a role of the theory to a sort, a symbol or definition (by name), or a term or truth value."""

    theory: str
    alias: str
    roles: tuple[tuple[str, str | Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What both theories and cases declare besides their argument."""

    sorts: tuple[Sort, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    definitions: tuple[Definition, ...] = ()
    axioms: tuple[Axiom, ...] = ()


@dataclass(frozen=True, slots=True)
class Theory:
    name: str
    vocabulary: Vocabulary
    worries: tuple[Worry, ...] = ()
    claims: tuple[Claim, ...] = ()
    possibles: tuple[Possible, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    vocabulary: Vocabulary
    uses: tuple[Use, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    claims: tuple[Claim, ...] = ()
    worries: tuple[Worry, ...] = ()
    possibles: tuple[Possible, ...] = ()
    answers: tuple[Answer, ...] = ()
    adopted: tuple[str, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One case with the theories that it uses."""

    theories: tuple[Theory, ...]
    case: Case


# -- copies of theories ------------------------------------------------------------------------------------------------


def copy_expr(expr: Expr, alias: str, roles: Mapping[str, str | Expr], own: frozenset[str]) -> Expr:
    """A theory's expression as it reads in a module that uses it. ``own`` are the names that the theory declares."""
    parts = [copy_expr(child, alias, roles, own) for child in children(expr)]
    match expr:
        case Apply(name):
            target = copy_name(name, alias, roles, own)
            return Apply(target, tuple(parts)) if isinstance(target, str) else target
        case Quantified(kind, variables, _):
            bound = tuple((variable, copy_sort(sort, alias, roles)) for variable, sort in variables)
            return Quantified(kind, bound, parts[0])
        case Aggregate(kind, variable, sort, _):
            return Aggregate(kind, variable, copy_sort(sort, alias, roles), parts[0])
        case _:
            return with_children(expr, parts)


def copy_name(name: str, alias: str, roles: Mapping[str, str | Expr], own: frozenset[str]) -> str | Expr:
    if name in roles:
        return roles[name]
    return f"{alias}.{name}" if name in own else name


def copy_sort(sort: str, alias: str, roles: Mapping[str, str | Expr]) -> str:
    if sort in NUMERIC:
        return sort
    target = roles.get(sort, f"{alias}.{sort}")
    assert isinstance(target, str)
    return target


def copied(theory: Theory, alias: str, roles: Mapping[str, str | Expr]) -> Theory:
    """The copy of ``theory`` under ``alias``: all names qualified, roles replaced, and what is mapped not declared."""
    old = theory.vocabulary
    elements = {element for sort in old.sorts for element in sort.elements or ()}
    own = frozenset({s.name for s in old.symbols} | {d.name for d in old.definitions} | elements)

    def name(local: str) -> str:
        return f"{alias}.{local}"

    def names(local: tuple[str, ...] | None) -> tuple[str, ...]:
        return tuple(map(name, local or ()))

    def expr(local: Expr) -> Expr:
        return copy_expr(local, alias, roles, own)

    def maybe(local: Expr | None) -> Expr | None:
        return None if local is None else expr(local)

    def sort(local: str) -> str:
        return copy_sort(local, alias, roles)

    def bounded(local: str | None) -> str | None:
        # What a role is mapped to has bounds of its own, and those are what the enumeration goes by.
        return None if local is None or local in roles else name(local)

    return Theory(
        alias,
        Vocabulary(
            tuple(
                Sort(name(s.name), None if s.elements is None else names(s.elements), s.bound)
                for s in old.sorts
                if s.name not in roles
            ),
            tuple(
                Symbol(
                    name(s.name),
                    tuple(map(sort, s.params)),
                    None if s.result is None else sort(s.result),
                    s.values,
                    None if s.table is None else tuple((names(row), expr(value)) for row, value in s.table),
                )
                for s in old.symbols
                if s.name not in roles
            ),
            tuple(
                Definition(
                    name(d.name),
                    tuple((variable, sort(of)) for variable, of in d.params),
                    None if d.result is None else sort(d.result),
                    expr(d.body),
                )
                for d in old.definitions
            ),
            tuple(Axiom(name(a.name), expr(a.formula), bounded(a.bounds)) for a in old.axioms),
        ),
        tuple(
            Worry(
                name(w.name),
                maybe(w.formula),
                names(w.against),
                w.unacceptable,
                tuple(Mitigation(name(m.name), expr(m.formula)) for m in w.mitigations),
            )
            for w in theory.worries
        ),
        tuple(Claim(name(c.name), maybe(c.formula), names(c.by), names(c.barring), c.goal) for c in theory.claims),
        tuple(Possible(name(p.name), expr(p.formula), names(p.without)) for p in theory.possibles),
    )
