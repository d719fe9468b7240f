"""A small vocabulary, and random formulas, structures and questions over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from checker.entailment import Premise, Question, Role
from checker.logic import (
    BOOL,
    INT,
    REAL,
    Definition,
    Meaning,
    Sort,
    Symbol,
    Table,
    Term,
    Var,
    add,
    apply,
    at_most,
    conj,
    count,
    disj,
    equal,
    exists,
    for_all,
    iff,
    implies,
    integer,
    ite,
    less,
    negation,
    real,
    total,
)
from checker.logic import Element as ElementTerm
from checker.model import Individual, Interpretation, Structure, Value, evaluate

S = Sort("th.Step")
T = Sort("th.Run")
E = Sort("Level", ("low", "high"))

x, y, z = Var("x", S), Var("y", S), Var("z", S)
u, v = Var("u", T), Var("v", T)
e = Var("e", E)
LOW, HIGH = ElementTerm(E, "low"), ElementTerm(E, "high")

p = Symbol("th.bad", (S,), BOOL)
q = Symbol("th.part", (S, T), BOOL)
r = Symbol("th.rated", (T, E), BOOL)
flag = Symbol("th.flag", (), BOOL)
f = Symbol("th.run_of", (S,), T)
c = Symbol("th.first", (), S)
w = Symbol("th.weight", (S,), INT)
rate = Symbol("th.rate", (E,), REAL)
FREE = (p, q, r, flag, f, c, w, rate)

owner = Symbol("th.owned", (T,), BOOL)
worst = Symbol("th.worst", (S,), E)
fine = Symbol("th.fine", (E,), BOOL)
price = Symbol("th.price", (E,), REAL)
MEANINGS: tuple[Meaning, ...] = (
    Definition(owner, (u,), exists([x], conj([apply(q, x, u), apply(p, x)]))),
    Definition(worst, (x,), ite(apply(p, x), HIGH, LOW)),
    Table(fine, (((LOW,), conj([])),)),
    Table(price, (((LOW,), real(Fraction(1, 3))), ((HIGH,), real(Fraction(-5, 2))))),
)
KNOWN = {meaning.symbol: meaning for meaning in MEANINGS}


def assume(name: str, formula: Term, role: Role = Role.ASSUMPTION) -> Premise:
    return Premise(name, role, formula)


def ask(
    premises: Iterable[Premise | Term], conclusion: Term, meanings: Sequence[Meaning] = (), **wishes: Any
) -> Question:
    """The question whether these premises, called ``a0``, ``a1`` ... unless they have names, entail the conclusion."""
    named = [given if isinstance(given, Premise) else assume(f"a{i}", given) for i, given in enumerate(premises)]
    return Question("step test", tuple(named), conclusion, tuple(meanings), **wishes)


def fails_in(structure: Structure, question: Question) -> bool:
    """Whether the premises are true in a structure and the conclusion is false, as our evaluator has it."""
    premises = all(evaluate(premise.formula, structure, KNOWN, {}) is True for premise in question.premises)
    return premises and evaluate(question.conclusion, structure, KNOWN, {}) is False


# -- random formulas -------------------------------------------------------------------------------------------------

Bound = tuple[Var, ...]
_INDIVIDUALS: dict[Sort, list[Term]] = {S: [apply(c)], E: [LOW, HIGH], T: [apply(f, apply(c))]}


def _with(bound: Bound, variable: Var) -> Bound:
    return tuple(sorted({*bound, variable}, key=lambda var: var.name))


def _individual(sort: Sort, bound: Bound) -> st.SearchStrategy[Term]:
    known: list[Term] = [*_INDIVIDUALS[sort]]
    known += [var for var in bound if var.sort == sort]
    known += [apply(f, var) for var in bound if var.sort == S and sort == T]
    known += [apply(worst, var) for var in bound if var.sort == S and sort == E]
    return st.sampled_from(known)


@cache
def numbers(bound: Bound, depth: int) -> st.SearchStrategy[Term]:
    """Terms for numbers, linear in what is free."""
    options: list[st.SearchStrategy[Term]] = [
        st.integers(-3, 3).map(integer),
        st.fractions(-2, 2, max_denominator=3).map(real),
        _individual(S, bound).map(lambda term: apply(w, term)),
        _individual(E, bound).map(lambda term: apply(rate, term)),
        _individual(E, bound).map(lambda term: apply(price, term)),
    ]
    if depth:
        inner = numbers(bound, depth - 1)
        options.append(st.builds(lambda a, b: add([a, b]), inner, inner))
        options.append(st.builds(count, st.just(e), formulas(_with(bound, e), depth - 1)))
        options.append(st.builds(total, st.just(e), numbers(_with(bound, e), depth - 1)))
    return st.one_of(options)


@cache
def formulas(bound: Bound = (), depth: int = 3) -> st.SearchStrategy[Term]:
    """Formulas over the vocabulary with at most these free variables."""
    options: list[st.SearchStrategy[Term]] = [
        _individual(S, bound).map(lambda a: apply(p, a)),
        st.tuples(_individual(S, bound), _individual(T, bound)).map(lambda ab: apply(q, *ab)),
        st.tuples(_individual(T, bound), _individual(E, bound)).map(lambda ab: apply(r, *ab)),
        st.just(apply(flag)),
        _individual(T, bound).map(lambda a: apply(owner, a)),
        _individual(E, bound).map(lambda a: apply(fine, a)),
        st.tuples(_individual(S, bound), _individual(S, bound)).map(lambda ab: equal(*ab)),
    ]
    if depth:
        inner = formulas(bound, depth - 1)
        term = numbers(bound, depth - 1)
        options += [
            st.builds(negation, inner),
            st.builds(lambda a, b: conj([a, b]), inner, inner),
            st.builds(lambda a, b: disj([a, b]), inner, inner),
            st.builds(implies, inner, inner),
            st.builds(iff, inner, inner),
            st.builds(less, term, term),
            st.builds(at_most, term, term),
        ]
        for variable in (x, y, u, e):
            if variable not in bound:
                body = formulas(_with(bound, variable), depth - 1)
                options.append(st.builds(for_all, st.just([variable]), body))
                options.append(st.builds(exists, st.just([variable]), body))
    return st.one_of(options)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    premises = draw(st.lists(formulas(depth=2), max_size=3))
    return ask(premises, draw(formulas(depth=2)), MEANINGS)


# -- random structures -----------------------------------------------------------------------------------------------


def _values(sort: Sort, sizes: dict[Sort, int]) -> list[Value]:
    if sort == BOOL:
        return [False, True]
    if sort == INT:
        return [Fraction(number) for number in (-1, 0, 2)]
    if sort == REAL:
        return [Fraction(-1, 2), Fraction(0), Fraction(1)]
    size = len(sort.elements) if sort.elements is not None else sizes[sort]
    return [Individual(sort, index) for index in range(size)]


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    """Structures that interpret the vocabulary."""
    sizes = {S: draw(st.integers(1, 3)), T: draw(st.integers(1, 2))}
    found = []
    for symbol in FREE:
        choices = product(*(_values(sort, sizes) for sort in symbol.domain))
        value = st.sampled_from(_values(symbol.range, sizes))
        found.append(Interpretation(symbol, tuple((args, draw(value)) for args in choices)))
    return Structure(tuple(sizes.items()), tuple(found))
