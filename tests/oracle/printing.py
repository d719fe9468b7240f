"""Small safety cases as text, with no more parentheses than the precedence of the language asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from tests.oracle.language import (
    Aggregate,
    Apply,
    Case,
    Claim,
    Compare,
    Definition,
    Expr,
    File,
    Infix,
    Ite,
    Not,
    Num,
    Possible,
    Quantified,
    Scale,
    Sort,
    Symbol,
    Theory,
    Truth,
    Use,
    Var,
    Vocabulary,
    Worry,
)

_IFF, _IMPLIES, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _FACTOR, _PRIMARY = range(10)
_INFIX = {
    "iff": (_IFF, _IMPLIES, _IMPLIES),
    "implies": (_IMPLIES, _OR, _IMPLIES),
    "or": (_OR, _OR, _AND),
    "and": (_AND, _AND, _NOT),
    "+": (_SUM, _SUM, _PRODUCT),
    "-": (_SUM, _SUM, _PRODUCT),
}


def show(expr: Expr, level: int = _IFF, last: bool = True) -> str:
    """The text of ``expr`` where at least ``level`` is wanted; ``last`` says that nothing follows in this formula."""
    if _level(expr) < level or (_ends_open(expr) and not last):
        return f"({_show(expr, True)})"
    return _show(expr, last)


def _show(expr: Expr, last: bool) -> str:
    match expr:
        case Truth(value):
            return str(value).lower()
        case Num(value):
            return _number(value)
        case Var(name) | Apply(name, ()):
            return name
        case Apply(name, args):
            return f"{name}({', '.join(map(show, args))})"
        case Not(body):
            return f"not {show(body, _NOT, last)}"
        case Infix(op, left, right):
            _, wanted_left, wanted_right = _INFIX[op]
            return f"{show(left, wanted_left, False)} {op} {show(right, wanted_right, last)}"
        case Compare(terms, ops):
            text = show(terms[0], _SUM, False)
            for link, term in zip(ops, terms[1:], strict=True):
                text += f" {link} {show(term, _SUM, False)}"
            return text
        case Scale(factor, body):
            return f"{show(Num(factor), _FACTOR)} * {show(body, _FACTOR, False)}"
        case Ite(condition, then, otherwise):
            return f"if {show(condition)} then {show(then, _SUM, False)} else {show(otherwise, _PRIMARY, False)}"
        case Quantified(kind, variables, body):
            return f"{kind} {_binders(variables)}. {show(body)}"
        case Aggregate(kind, variable, sort, body):
            return f"{kind} {variable}: {sort}. {show(body, _PRIMARY, False)}"
        case _:
            assert_never(expr)


def _level(expr: Expr) -> int:
    match expr:
        case Truth() | Var() | Apply() | Ite() | Aggregate():
            return _PRIMARY
        case Num(value):
            text = _number(value)
            return _PRODUCT if "/" in text else _FACTOR if value < 0 else _PRIMARY
        case Not() | Quantified():
            return _NOT
        case Infix(op):
            return _INFIX[op][0]
        case Compare():
            return _COMPARISON
        case Scale():
            return _PRODUCT
        case _:
            assert_never(expr)


def _ends_open(expr: Expr) -> bool:
    """Whether the text ends in the body of a quantifier, which takes in all that follows."""
    match expr:
        case Quantified():
            return True
        case Not(body):
            return _level(body) >= _NOT and _ends_open(body)
        case Infix(op, _, right):
            return _level(right) >= _INFIX[op][2] and _ends_open(right)
        case _:
            return False


def _number(value: Fraction) -> str:
    if value < 0:
        return f"-{_number(-value)}"
    if value.denominator in (2, 5, 10):
        return str(float(value))
    return str(value)


def _binders(variables: tuple[tuple[str, str], ...]) -> str:
    groups: list[tuple[list[str], str]] = []
    for variable, sort in variables:
        if groups and groups[-1][1] == sort:
            groups[-1][0].append(variable)
        else:
            groups.append(([variable], sort))
    return ", ".join(f"{', '.join(names)}: {sort}" for names, sort in groups)


def case_text(file: File) -> str:
    """The whole file."""
    parts = [*map(_theory, file.theories), _case(file.case)]
    return "\n".join(parts)


def _module(head: str, lines: Iterator[str]) -> str:
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}", ""])


def _theory(theory: Theory) -> str:
    return _module(f"theory {theory.name}", _theory_lines(theory))


def _theory_lines(theory: Theory) -> Iterator[str]:
    yield from _vocabulary(theory.vocabulary)
    for worry in theory.worries:
        yield from _worry(worry)
    yield from map(_claim, theory.claims)
    yield from map(_possible, theory.possibles)


def _case(case: Case) -> str:
    return _module(f"case {case.name}", _case_lines(case))


def _case_lines(case: Case) -> Iterator[str]:
    yield from map(_use, case.uses)
    yield from _vocabulary(case.vocabulary)
    for assumption in case.assumptions:
        owner = ' owner "somebody"' if assumption.owned else ""
        yield f"assume {assumption.name}{_statement(assumption.formula)}{owner}"
    for worry in case.worries:
        yield from _worry(worry)
    for name in case.adopted:
        yield f'adopt {name} owner "somebody"'
    for answer in case.answers:
        yield f"answer {answer.worry} by {_cited(answer.by)}"
    for acceptance in case.acceptances:
        until = f" until {acceptance.until}" if acceptance.until else ""
        yield f'accept {acceptance.name} "so be it" owner "somebody"{until}'
    yield from map(_claim, case.claims)
    yield from map(_possible, case.possibles)


def _use(use: Use) -> str:
    roles = [f"{role} = {thing if isinstance(thing, str) else show(thing, _SUM)}" for role, thing in use.roles]
    return f"use {use.theory} as {use.alias}" + (f" with {', '.join(roles)}" if roles else "")


def _vocabulary(vocabulary: Vocabulary) -> Iterator[str]:
    yield from map(_sort, vocabulary.sorts)
    yield from map(_symbol, vocabulary.symbols)
    yield from map(_definition, vocabulary.definitions)
    for axiom in vocabulary.axioms:
        yield f"axiom {axiom.name} : {show(axiom.formula)}"


def _sort(sort: Sort) -> str:
    return f"sort {sort.name}" + ("" if sort.elements is None else f" = {{ {', '.join(sort.elements)} }}")


def _symbol(symbol: Symbol) -> str:
    params = ", ".join(f"a{index}: {sort}" for index, sort in enumerate(symbol.params))
    head = f"{symbol.name}({params})" if params else symbol.name
    if symbol.result is None:
        return f"predicate {head}{_predicate_table(symbol)}"
    if not symbol.params:
        return f"const {head}: {symbol.result}"
    return f"function {head}: {symbol.result}{_function_table(symbol)}"


def _predicate_table(symbol: Symbol) -> str:
    if symbol.table is None:
        return ""
    rows = [_row(args) for args, value in symbol.table if value == Truth(True)]
    return f" = {{ {', '.join(rows)} }}"


def _function_table(symbol: Symbol) -> str:
    if symbol.table is None:
        return ""
    rows = [f"{_row(args)}: {show(value, _SUM)}" for args, value in symbol.table]
    return f" = {{ {', '.join(rows)} }}"


def _row(args: tuple[str, ...]) -> str:
    return args[0] if len(args) == 1 else f"({', '.join(args)})"


def _definition(definition: Definition) -> str:
    params = ", ".join(f"{variable}: {sort}" for variable, sort in definition.params)
    head = f"{definition.name}({params})" if params else definition.name
    result = "" if definition.result is None else f": {definition.result}"
    return f"define {head}{result} := {show(definition.body)}"


def _worry(worry: Worry) -> Iterator[str]:
    yield (
        f"worry {worry.name}"
        + ("" if worry.formula is None else f" unless {show(worry.formula)}")
        + (f" against {', '.join(worry.against)}" if worry.against else "")
        + (" unacceptable" if worry.unacceptable else "")
    )
    for mitigation in worry.mitigations:
        yield f"  mitigation {mitigation.name} : {show(mitigation.formula)}"


def _statement(formula: Expr | None) -> str:
    return ' "in words alone"' if formula is None else f" : {show(formula)}"


def _cited(names: tuple[str, ...] | None) -> str:
    return "all" if names is None else ", ".join(names)


def _claim(claim: Claim) -> str:
    by = "" if claim.by == () else f" by {_cited(claim.by)}"
    barring = f" barring {', '.join(claim.barring)}" if claim.barring else ""
    return f"{'goal' if claim.goal else 'claim'} {claim.name}{_statement(claim.formula)}{by}{barring}"


def _possible(possible: Possible) -> str:
    without = f" without {', '.join(possible.without)}" if possible.without else ""
    return f"possible {possible.name} : {show(possible.formula)}{without}"
