"""Random formulas over a vocabulary, and formulas that are stronger or weaker than given ones.

Random formulas alone hardly ever follow from each other. The arguments that the generator writes therefore lean on
``stronger`` and ``weaker``, so that there are valid steps and answered worries to judge as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from tests.oracle.language import (
    INT,
    NUMERIC,
    REAL,
    Aggregate,
    Apply,
    Compare,
    Expr,
    Infix,
    Ite,
    Not,
    Num,
    Quantified,
    Scale,
    Truth,
    Var,
    Vocabulary,
    disj,
    equal,
)
from tests.oracle.tape import Choices

_WHOLE = tuple(map(Fraction, (0, 1, 2, 3, -1)))
_WHOLE_FACTORS = tuple(map(Fraction, (2, 3, -1)))

Env = tuple[tuple[str, str], ...]
Op = Literal["and", "or", "implies", "iff"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Something that can be applied; ``result`` is None for a formula."""

    name: str
    params: tuple[str, ...]
    result: str | None


@dataclass(slots=True)
class Formulas:
    """A source of random formulas over what is declared so far; ``prefix`` begins the names of bound variables."""

    choices: Choices
    prefix: str = "x"
    sorts: list[str] = field(default_factory=list)
    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signatures: list[Signature] = field(default_factory=list)

    def declare(self, vocabulary: Vocabulary) -> None:
        """Make everything in ``vocabulary`` available."""
        for sort in vocabulary.sorts:
            self.sorts.append(sort.name)
            if sort.elements is not None:
                self.listed[sort.name] = sort.elements
                self.signatures += [Signature(element, (), sort.name) for element in sort.elements]
        self.signatures += [Signature(s.name, s.params, s.result) for s in vocabulary.symbols]
        self.signatures += [
            Signature(d.name, tuple(sort for _, sort in d.params), d.result) for d in vocabulary.definitions
        ]

    def called(self, prefix: str) -> Formulas:
        """The same, with other names for bound variables."""
        return replace(self, prefix=prefix)

    # -- formulas ------------------------------------------------------------------------------------------------------

    def formula(self, depth: int, env: Env = ()) -> Expr:
        """A formula, often with a quantifier at its head, as the formulas of safety cases have."""
        if not env and depth > 1 and self.sorts and self.choices.chance(60):
            return self._quantified(depth, env)
        kind = self.choices.below(8) if depth > 0 else 0
        if kind <= 1:
            return self._atom(depth, env)
        if kind == 2:
            return Not(self.formula(depth - 1, env))
        if kind == 3 and self.sorts:
            return self._quantified(depth, env)
        ops: tuple[Op, ...] = ("implies", "and", "or", "iff")
        return Infix(ops[kind % 4], self.formula(depth - 1, env), self.formula(depth - 1, env))

    def _quantified(self, depth: int, env: Env) -> Expr:
        bound: Env = ()
        for _ in range(1 + self.choices.chance(25)):
            bound = (*bound, (f"{self.prefix}{len(env) + len(bound)}", self.choices.pick(self.sorts)))
        kinds: tuple[Literal["forall", "exists"], ...] = ("forall", "exists")
        return Quantified(self.choices.pick(kinds), bound, self.formula(depth - 1, (*env, *bound)))

    def _atom(self, depth: int, env: Env) -> Expr:
        predicates = [s for s in self.signatures if s.result is None]
        wanted = self.choices.below(10)
        if wanted >= 8 and self.sorts:
            sort = self.choices.pick(self.sorts)
            left, right = self.term(sort, 1, env), self.term(sort, 1, env)
            if left is not None and right is not None:
                return Compare((left, right), ("=" if self.choices.chance(70) else "!=",))
        numeric = any(s.result in NUMERIC for s in self.signatures)
        if wanted >= (5 if numeric else 7) and (numeric or self.listed):
            return self._comparison(depth, env)
        for _ in range(3 if predicates else 0):
            predicate = self.choices.pick(predicates)
            args = [self.term(sort, 1, env) for sort in predicate.params]
            if (whole := _all(args)) is not None:
                return Apply(predicate.name, whole)
        return self._of_some(predicates, env)

    def _of_some(self, predicates: Sequence[Signature], env: Env) -> Expr:
        """An atom where there may be no terms at hand for its arguments: then it binds what it needs."""
        if not predicates or self.choices.chance(3):
            return Truth(self.choices.chance(50))
        predicate = self.choices.pick(predicates)
        args = [self.term(sort, 0, env) for sort in predicate.params]
        missing = [sort for sort, arg in zip(predicate.params, args, strict=True) if arg is None]
        bound = tuple((f"{self.prefix}{len(env) + index}", sort) for index, sort in enumerate(missing))
        fresh = iter(bound)
        atom = Apply(predicate.name, tuple(Var(next(fresh)[0]) if arg is None else arg for arg in args))
        return Quantified("forall" if self.choices.chance(50) else "exists", bound, atom) if bound else atom

    def _comparison(self, depth: int, env: Env) -> Expr:
        terms = [self.number(REAL, depth, env), self.number(REAL, depth, env)]
        if self.choices.chance(20):
            terms.append(self.number(REAL, 0, env))
            chains = (("<=", "<"), ("<", "="), (">=", ">="), ("=", ">"))
            return Compare(tuple(terms), self.choices.pick(chains))
        return Compare(tuple(terms), (self.choices.pick(("<=", "<", "=", ">", ">=", "!=")),))

    # -- terms ---------------------------------------------------------------------------------------------------------

    def term(self, sort: str, depth: int, env: Env) -> Expr | None:
        """A term of an uninterpreted or listed sort; None where there is none to be had."""
        variables: list[Expr] = [Var(name) for name, of in env if of == sort]
        if variables and self.choices.chance(75):
            return self.choices.pick(variables[::-1])
        constants: list[Expr] = [Apply(s.name) for s in self.signatures if s.result == sort and not s.params]
        functions = [s for s in self.signatures if s.result == sort and s.params]
        if depth > 0 and functions and self.choices.chance(40):
            function = self.choices.pick(functions)
            if (args := _all([self.term(param, depth - 1, env) for param in function.params])) is not None:
                return Apply(function.name, args)
        if depth > 0 and self.choices.chance(6):
            then, otherwise = self.term(sort, 0, env), self.term(sort, 0, env)
            if then is not None and otherwise is not None:
                return Ite(self.formula(0, env), then, otherwise)
        return self.choices.pick([*variables, *constants]) if variables or constants else None

    def number(self, sort: str, depth: int, env: Env) -> Expr:
        """A numeric term; of sort ``Int`` where that is wanted, else of any."""
        numeric = [s for s in self.signatures if s.result == INT or (s.result == REAL and sort == REAL)]
        kind = self.choices.below(8) if depth > 0 else self.choices.below(2)
        if kind >= 6 and self.listed:
            return self._aggregate(sort, depth, env)
        if kind == 5:
            factors = _WHOLE_FACTORS if sort == INT else (*_WHOLE_FACTORS, Fraction(1, 2), Fraction(1, 3))
            return Scale(self.choices.pick(factors), self.number(sort, depth - 1, env))
        if kind == 4:
            op: Literal["+", "-"] = "-" if self.choices.chance(40) else "+"
            return Infix(op, self.number(sort, depth - 1, env), self.number(sort, depth - 1, env))
        if kind == 3 and self.choices.chance(40):
            return Ite(self.formula(0, env), self.number(sort, 0, env), self.number(sort, 0, env))
        if kind >= 1 and numeric:
            symbol = self.choices.pick(numeric)
            if (args := _all([self.term(param, 0, env) for param in symbol.params])) is not None:
                return Apply(symbol.name, args)
        return self.numeral(sort)

    def numeral(self, sort: str) -> Expr:
        return Num(self.choices.pick(_WHOLE if sort == INT else (*_WHOLE, Fraction(1, 2), Fraction(2, 3))))

    def _aggregate(self, sort: str, depth: int, env: Env) -> Expr:
        over = self.choices.pick(sorted(self.listed))
        variable = f"{self.prefix}{len(env)}"
        inner = (*env, (variable, over))
        if self.choices.chance(40):
            return Aggregate("sum", variable, over, self.number(sort, min(depth - 1, 1), inner))
        return Aggregate("count", variable, over, self.formula(min(depth - 1, 1), inner))

    # -- stronger and weaker -------------------------------------------------------------------------------------------

    def stronger(self, formula: Expr) -> list[Expr]:
        """One or two formulas that entail ``formula``, all but once in a while."""
        kind = self.choices.below(12)
        if kind == 6:
            return [Infix("and", formula, self.formula(1))]
        if kind == 7:
            return [Infix("and", self.formula(1), formula)]
        if kind in (8, 9):
            middle = self.formula(2)
            return [Infix("implies", middle, formula), middle]
        if kind == 10:
            middle = self.formula(1)
            return [Infix("iff", formula, middle), middle]
        if kind == 11 and isinstance(formula, Quantified) and formula.kind == "exists":
            return [replace(formula, kind="forall")]
        if kind == 5 and self.choices.chance(30):
            return [Not(formula)]
        return [formula]

    def weaker(self, formulas: Sequence[Expr]) -> Expr:
        """A formula that the given ones together entail, all but once in a while."""
        kind = self.choices.below(10)
        one = self.choices.pick(formulas)
        if kind == 5:
            return Infix("or", one, self.formula(1))
        if kind == 6:
            return Infix("implies", self.formula(1), one)
        if kind == 7 and len(formulas) > 1:
            return Infix("and", formulas[0], formulas[-1])
        if kind == 8 and isinstance(one, Quantified):
            return replace(one, kind="exists")
        if kind == 9 and isinstance(one, Infix) and one.op in ("and", "implies"):
            return one.right
        if kind == 4 and isinstance(one, Quantified) and isinstance(one.body, Infix):
            return replace(one, body=replace(one.body, op="implies")) if one.body.op in ("and", "iff") else one
        return one


def _all(args: Sequence[Expr | None]) -> tuple[Expr, ...] | None:
    """The arguments, if none is missing."""
    whole = tuple(arg for arg in args if arg is not None)
    return whole if len(whole) == len(args) else None


def at_most(sort: str, bound: int) -> Expr:
    """That ``sort`` has at most ``bound`` individuals."""
    some = tuple((f"x{index}", sort) for index in range(bound))
    one = f"x{bound}"
    among = disj([equal(Var(one), Var(name)) for name, _ in some])
    return Quantified("exists", some, Quantified("forall", ((one, sort),), among))


def one_of(symbol: str, params: Sequence[str], values: Sequence[Fraction]) -> Expr:
    """That a numeric symbol has one of these values everywhere."""
    bound = tuple((f"x{index}", sort) for index, sort in enumerate(params))
    term = Apply(symbol, tuple(Var(name) for name, _ in bound))
    among = disj([equal(term, Num(value)) for value in values])
    return Quantified("forall", bound, among) if bound else among
