"""From expressions to terms of the core logic: names resolved, sorts checked, divisions noted.

A mistake is a finding at the place of the mistake, and the expression it is in has no term (None); the rest is checked
all the same, so that one run shows every independent mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from checker import logic, syntax
from checker.case import Divisor
from checker.findings import Instead, Related, finding
from checker.logic import BOOL, BUILTIN, DATE, Sort, Symbol, Term, Var, sort_of
from checker.printer import print_expr
from checker.resolve.names import LOGICAL, a, too_many
from checker.source import Span

if TYPE_CHECKING:
    from checker.resolve.meanings import Meanings
    from checker.resolve.scopes import Scope

Environment = Mapping[str, Var | None]
"""The variables in scope; None for one whose sort could not be found, so that one mistake is not told at each use."""

MAX_DIVISORS = 1_000
MAX_QUOTIENT = 4_000
"""How many digits a quotient of numerals may have, numerator and denominator together."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def noun(sort: Sort) -> str:
    """A thing of this sort, in words."""
    if sort == BOOL:
        return "a formula"
    return {"Int": "a whole number", "Real": "a number", "Date": "a date"}.get(sort.name, a_thing(sort.name))


def a_thing(name: str) -> str:
    last = name.rsplit(".", 1)[-1]
    return f"{'an' if last[0].lower() in 'aeio' else 'a'} `{name}`"


@dataclass(slots=True)
class Formula:
    """Turns one formula or term of ``scope`` into the core logic. ``within`` names what it stands in."""

    meanings: Meanings
    scope: Scope
    within: str
    _guards: list[Term] = field(default_factory=list)

    def closed(self, expr: syntax.Expr) -> Term | None:
        """The formula without free variables that ``expr`` is."""
        body = self.formula(expr, {})
        return body if body is not None and self.meanings.fits(body, expr.span, self.within) else None

    def formula(self, expr: syntax.Expr, env: Environment) -> Term | None:
        """``expr``, which must be a formula."""
        found = self.term(expr, env)
        if found is not None and sort_of(found) != BOOL:
            self._say("not-a-formula", expr.span, got=noun(sort_of(found)))
            return None
        return found

    def _value(self, expr: syntax.Expr, env: Environment) -> Term | None:
        """``expr``, which must be a term."""
        found = self.term(expr, env)
        if found is not None and sort_of(found) == BOOL:
            self._say("not-a-term", expr.span)
            return None
        return found

    def _number(self, expr: syntax.Expr, env: Environment) -> Term | None:
        found = self._value(expr, env)
        if found is not None and not sort_of(found).is_number:
            self._say("wrong-sort", expr.span, wanted="a number", got=noun(sort_of(found)))
            return None
        return found

    def _say(
        self, code: str, span: Span, *, about: str | None = None, hint: str | Instead | None = None, **words: object
    ) -> None:
        self.meanings.findings.append(finding(code, span, about=about, hint=hint, related=(), severity=None, **words))

    def term(self, expr: syntax.Expr, env: Environment) -> Term | None:
        """The term or formula that ``expr`` is, its free variables being those of ``env``."""
        match expr:
            case syntax.Name(text):
                return self._name(syntax.Ident(text, span=expr.span), env)
            case syntax.Call(name, arguments):
                return self._call(name, arguments, expr.span, env)
            case syntax.Number():
                return logic.Number(expr.value, logic.INT if expr.is_integer else logic.REAL)
            case syntax.DateLiteral(text):
                return logic.Day(date.fromisoformat(text).toordinal())
            case syntax.Truth(value):
                return logic.Truth(value)
            case syntax.Not(body):
                inner = self.formula(body, env)
                return None if inner is None else logic.Not(inner)
            case syntax.Negative(body):
                inner = self._number(body, env)
                return None if inner is None else logic.negate(inner)
            case syntax.Infix():
                return self._infix(expr, env)
            case syntax.Quantified(quantifier, binders, body):
                sorts = [(self._sort(binder.sort), binder.names) for binder in binders]
                inner_env, variables = self.bind(env, [(name, sort) for sort, names in sorts for name in names])
                inner = self.formula(body, inner_env)
                if inner is None or variables is None:
                    return None
                return (logic.for_all if quantifier == "forall" else logic.exists)(variables, inner)
            case syntax.Aggregate():
                return self._aggregate(expr, env)
            case syntax.Conditional(condition, then, otherwise):
                return self._conditional(condition, then, otherwise, env)
            case _:
                assert_never(expr)

    # -- names --------------------------------------------------------------------------------------------------------

    def _name(self, ident: syntax.Ident, env: Environment) -> Term | None:
        if ident.text in env:
            return env[ident.text]
        entity = self._entity(ident, env)
        if isinstance(entity, Symbol):
            if entity.domain:
                self._say("wrong-arity", ident.span, about=ident.text, wanted=len(entity.domain), got=0)
                return None
            return logic.apply(entity)
        return entity

    def _entity(self, ident: syntax.Ident, env: Environment) -> Symbol | Term | None:
        if self.scope.find(ident.text) is None and env and "." not in ident.text:
            hint = self.meanings.near(ident, [*env, *self.scope.visible(LOGICAL)])
            self._say("unknown-name", ident.span, about=ident.text, hint=hint)
            return None
        found = self.meanings.look(self.scope, ident, LOGICAL, "something that can stand in a formula")
        return None if found is None else self.meanings.entity(*found)

    def _call(self, name: syntax.Ident, arguments: Sequence[syntax.Expr], span: Span, env: Environment) -> Term | None:
        if name.text in env:
            self._say("not-applicable", name.span, about=name.text, what="a variable")
            return None
        entity = self._entity(name, env)
        values = [self._value(argument, env) for argument in arguments]
        if entity is None:
            return None
        if not isinstance(entity, Symbol):
            return self._mapped_to_truth(name, entity, values)
        if len(values) != len(entity.domain):
            self._say("wrong-arity", span, about=name.text, wanted=len(entity.domain), got=len(values))
            return None
        fitted = [
            self._argument(name, n, value, sort, argument.span)
            for n, (value, sort, argument) in enumerate(zip(values, entity.domain, arguments, strict=True))
        ]
        known = [value for value in fitted if value is not None]
        return logic.apply(entity, *known) if len(known) == len(fitted) else None

    def _argument(self, name: syntax.Ident, n: int, value: Term | None, sort: Sort, span: Span) -> Term | None:
        if value is None:
            return None
        value = logic.to_real(value) if sort == logic.REAL else value
        if sort_of(value) == sort:
            return value
        position = f"{_ORDINALS[n] if n < len(_ORDINALS) else f'{n + 1}th'} argument"
        wanted, got = noun(sort), noun(sort_of(value))
        self._say("wrong-argument", span, about=name.text, position=position, wanted=wanted, got=got)
        return None

    def _mapped_to_truth(self, name: syntax.Ident, entity: Term, values: Sequence[Term | None]) -> Term | None:
        """A predicate that a use maps to ``true`` or ``false``: so for all arguments, which must fit even so."""
        found = self.scope.find(name.text)
        signature = self.meanings.signature(*found) if found is not None else None
        if not isinstance(entity, logic.Truth) or signature is None or not signature[0]:
            self._say("not-applicable", name.span, about=name.text, what=noun(sort_of(entity)))
            return None
        if len(values) != len(signature[0]):
            self._say("wrong-arity", name.span, about=name.text, wanted=len(signature[0]), got=len(values))
            return None
        fitted = [
            self._argument(name, n, value, sort, name.span)
            for n, (value, sort) in enumerate(zip(values, signature[0], strict=True))
        ]
        return entity if all(value is not None for value in fitted) else None

    def _sort(self, ident: syntax.Ident) -> Sort | None:
        return self.meanings.sort(self.scope, ident)

    def bind(
        self, env: Environment, pairs: Sequence[tuple[syntax.Ident, Sort | None]]
    ) -> tuple[Environment, tuple[Var, ...] | None]:
        """``env`` with these variables, and the variables (None if any sort is unknown or any name taken).

        A name that is taken already is a finding.
        """
        extended = dict(env)
        variables: list[Var] = []
        for name, sort in pairs:
            declared = self.scope.names.get(name.text)
            if name.text in extended:
                self._say("shadowing", name.span, about=name.text, what="a variable bound further out")
            elif declared is not None:
                there = Related(declared.span, "declared here")
                self.meanings.findings.append(
                    finding("shadowing", name.span, about=name.text, what=a(declared.kind), related=[there])
                )
            elif sort is not None:
                variables.append(Var(name.text, sort))
            extended[name.text] = None if sort is None else Var(name.text, sort)
        return extended, tuple(variables) if len(variables) == len(pairs) else None

    # -- operators ----------------------------------------------------------------------------------------------------

    def _infix(self, expr: syntax.Infix, env: Environment) -> Term | None:
        match expr.operators[0]:
            case "and":
                return self._guarded(expr.operands, env, logic.conj)
            case "or":
                return self._joined(expr.operands, env, self.formula, logic.disj)
            case "implies":
                return self._guarded(expr.operands, env, lambda parts: logic.implies(parts[0], parts[1]))
            case "iff":
                return self._joined(expr.operands, env, self.formula, lambda parts: logic.iff(parts[0], parts[1]))
            case "+" | "-":
                return self._joined(expr.operands, env, self._number, lambda parts: _sum(expr.operators, parts))
            case "*" | "/":
                return self._product(expr, env)
            case _:
                return self._comparison(expr, env)

    def _joined(
        self,
        operands: Sequence[syntax.Expr],
        env: Environment,
        read: Callable[[syntax.Expr, Environment], Term | None],
        build: Callable[[list[Term]], Term],
    ) -> Term | None:
        parts = [read(operand, env) for operand in operands]
        known = [part for part in parts if part is not None]
        return build(known) if len(known) == len(parts) else None

    def _guarded(
        self, operands: Sequence[syntax.Expr], env: Environment, build: Callable[[list[Term]], Term]
    ) -> Term | None:
        """As ``_joined``, each operand known to matter only where those to its left hold."""
        before = len(self._guards)
        parts = []
        for operand in operands:
            part = self.formula(operand, env)
            parts.append(part)
            if part is not None:
                self._guards.append(part)
        del self._guards[before:]
        known = [part for part in parts if part is not None]
        return build(known) if len(known) == len(parts) else None

    def _product(self, expr: syntax.Infix, env: Environment) -> Term | None:
        parts = [self._number(operand, env) for operand in expr.operands]
        product = parts[0]
        for operator, part, operand in zip(expr.operators, parts[1:], expr.operands[1:], strict=True):
            if operator == "/" and part is not None and not self._may_divide(part, operand):
                product = None
            if product is None or part is None:
                product = None
            elif operator == "*":
                product = logic.multiply([product, part])
            else:
                product = self._quotient(product, part, operand.span)
        return product

    def _quotient(self, left: Term, right: Term, span: Span) -> Term | None:
        """A quotient of numerals is computed at once, and must not become longer than can be computed with."""
        quotient = logic.divide(left, right)
        if isinstance(quotient, logic.Number) and logic.digits(quotient.value) > MAX_QUOTIENT:
            self._say("number-too-long", span, limit=f"{MAX_QUOTIENT:,}")
            return None
        return quotient

    def _may_divide(self, divisor: Term, operand: syntax.Expr) -> bool:
        """Note a division to be justified; a literal zero never can be."""
        if isinstance(divisor, logic.Number):
            if divisor.value == Fraction(0):
                self._say("zero-divisor", operand.span)
                return False
            return True
        if len(self.meanings.divisors) >= MAX_DIVISORS:
            raise too_many(operand.span, "this module", MAX_DIVISORS, "divisors that are no numerals")
        self.meanings.weigh(len(self._guards), operand.span)
        noted = Divisor(divisor, tuple(self._guards), self.within, print_expr(operand), operand.span)
        self.meanings.divisors.append(noted)
        return True

    def _comparison(self, expr: syntax.Infix, env: Environment) -> Term | None:
        values = [self._value(operand, env) for operand in expr.operands]
        parts = []
        for n, operator in enumerate(expr.operators):
            left, right = values[n], values[n + 1]
            if left is not None and right is not None:
                parts.append(self._compare(operator, left, right, expr.operands[n + 1].span))
        known = [part for part in parts if part is not None]
        return logic.conj(known) if len(known) == len(expr.operators) else None

    def _compare(self, operator: str, left: Term, right: Term, span: Span) -> Term | None:
        sorts = (sort_of(left), sort_of(right))
        if sorts[0] != sorts[1] and not all(sort.is_number for sort in sorts):
            self._say("not-comparable", span, left=noun(sorts[0]), right=noun(sorts[1]))
            return None
        if operator not in ("=", "!=") and not (sorts[0].is_number or sorts[0] == DATE):
            self._say("not-ordered", span, about=operator, sort=sorts[0].name)
            return None
        match operator:
            case "=":
                return logic.equal(left, right)
            case "!=":
                return logic.Not(logic.equal(left, right))
            case "<":
                return logic.less(left, right)
            case "<=":
                return logic.at_most(left, right)
            case ">":
                return logic.less(right, left)
            case _:
                return logic.at_most(right, left)

    # -- conditionals and aggregates ----------------------------------------------------------------------------------

    def _conditional(
        self, condition: syntax.Expr, then: syntax.Expr, otherwise: syntax.Expr, env: Environment
    ) -> Term | None:
        test = self.formula(condition, env)
        before = len(self._guards)
        if test is not None:
            self._guards.append(test)
        left = self._value(then, env)
        del self._guards[before:]
        if test is not None:
            self._guards.append(logic.negation(test))
        right = self._value(otherwise, env)
        del self._guards[before:]
        if test is None or left is None or right is None:
            return None
        sorts = (sort_of(left), sort_of(right))
        if sorts[0] != sorts[1] and not all(sort.is_number for sort in sorts):
            self._say("not-comparable", otherwise.span, left=noun(sorts[0]), right=noun(sorts[1]))
            return None
        return logic.ite(test, left, right)

    def _aggregate(self, expr: syntax.Aggregate, env: Environment) -> Term | None:
        sort = self._sort(expr.sort)
        inner_env, variables = self.bind(env, [(expr.variable, sort)])
        body = self.formula(expr.body, inner_env) if expr.operation == "count" else self._number(expr.body, inner_env)
        if sort is None or body is None or variables is None:
            return None
        if sort in BUILTIN or (sort.elements is None and not self.meanings.in_theory):
            self._count_unlisted(expr, sort)
            return None
        return logic.count(variables[0], body) if expr.operation == "count" else logic.total(variables[0], body)

    def _count_unlisted(self, expr: syntax.Aggregate, sort: Sort) -> None:
        """In a copy of a theory it is the use that is at fault: it leaves open what the theory counts over."""
        use = self.scope.use_span
        if use is None:
            self._say("count-unlisted", expr.span, about=sort.name, operation=expr.operation)
            return
        there = Related(expr.span, f"the theory's {expr.operation} is here")
        alias = self.scope.prefix.rstrip(".")
        self.meanings.findings.append(
            finding("count-unlisted-use", use, about=sort.name, alias=alias, operation=expr.operation, related=[there])
        )


def _sum(operators: Sequence[str], parts: Sequence[Term]) -> Term:
    signed = [parts[0]]
    signed += [part if op == "+" else logic.negate(part) for op, part in zip(operators, parts[1:], strict=True)]
    return logic.add(signed)
