"""The syntax tree of the case language: what the parser builds and the printer prints.

Every node is immutable. Its ``span`` says where it stands and takes no part in comparison, so two trees are equal
when they were written alike. Nothing here is resolved: names are text, numbers keep the digits that the author wrote,
and nobody has asked yet whether anything makes sense.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, assert_never

from checker.source import NOWHERE, Span

Operator = Literal["iff", "implies", "or", "and", "+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes share: a place in a file."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ident(Node):
    """A name as written; ``ev.step_of`` is one name with two parts."""

    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.text.split("."))


# ---------------------------------------------------------------------------------------------------------------------
# Formulas and terms share one syntax; which is which is a matter of sorts, and is checked later.


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name standing by itself: a variable, a constant, an individual or a predicate without arguments."""

    text: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A predicate, function or definition applied to at least one argument."""

    name: Ident
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeral in the author's digits: ``12``, ``0.10`` or ``2%``. Never a float."""

    text: str

    @property
    def is_integer(self) -> bool:
        return self.text.isdigit()

    @property
    def value(self) -> Fraction:
        if self.text.endswith("%"):
            return Fraction(self.text[:-1]) / 100
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class DateLiteral(Node):
    """A calendar date, ``2026-10-01``. The parser has checked that there is such a day."""

    text: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not(Node):
    body: Expr


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """``- body``."""

    body: Expr


@dataclass(frozen=True, slots=True)
class Infix(Node):
    """Operands joined by operators of one level: ``len(operators) == len(operands) - 1 >= 1``.

    ``and``, ``or``, sums, products and comparison chains are flat, however long; ``iff`` and ``implies`` have two
    operands, and ``a implies b implies c`` has its second operand nested.
    """

    operators: tuple[Operator, ...]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Binder(Node):
    """``x, y: S`` in a quantifier."""

    names: tuple[Ident, ...]
    sort: Ident


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``forall x, y: S, z: T. body`` or ``exists ...``."""

    quantifier: Literal["forall", "exists"]
    binders: tuple[Binder, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``count x: S. body`` (of a formula) or ``sum x: S. body`` (of a term)."""

    operation: Literal["count", "sum"]
    variable: Ident
    sort: Ident
    body: Expr


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``if condition then then else otherwise``."""

    condition: Expr
    then: Expr
    otherwise: Expr


Expr = Name | Call | Number | DateLiteral | Truth | Not | Negative | Infix | Quantified | Aggregate | Conditional


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside ``expr``, in the order in which they are written."""
    match expr:
        case Name() | Number() | DateLiteral() | Truth():
            return ()
        case Call(_, arguments):
            return arguments
        case Not(body) | Negative(body) | Quantified(_, _, body) | Aggregate(_, _, _, body):
            return (body,)
        case Infix(_, operands):
            return operands
        case Conditional(condition, then, otherwise):
            return (condition, then, otherwise)
        case _:
            assert_never(expr)


# ---------------------------------------------------------------------------------------------------------------------
# Declarations.


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string literal, unescaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """``key value`` in a block. Keys are free words; a value is a text, a date or a number."""

    key: Ident
    value: Text | DateLiteral | Number


@dataclass(frozen=True, slots=True)
class Param(Node):
    name: Ident
    sort: Ident


@dataclass(frozen=True, slots=True)
class SortDecl(Node):
    name: Ident
    doc: str | None
    elements: tuple[Ident, ...] | None


@dataclass(frozen=True, slots=True)
class ConstDecl(Node):
    """``const c, d: S "doc"``."""

    names: tuple[Ident, ...]
    sort: Ident
    doc: str | None


@dataclass(frozen=True, slots=True)
class Row(Node):
    """The arguments of one row of a table."""

    arguments: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class PredicateDecl(Node):
    """A predicate; with ``rows`` a table, true of these alone."""

    name: Ident
    params: tuple[Param, ...]
    doc: str | None
    rows: tuple[Row, ...] | None


@dataclass(frozen=True, slots=True)
class FunctionRow(Node):
    arguments: tuple[Ident, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class FunctionDecl(Node):
    name: Ident
    params: tuple[Param, ...]
    result: Ident
    doc: str | None
    rows: tuple[FunctionRow, ...] | None


@dataclass(frozen=True, slots=True)
class DefineDecl(Node):
    """``define d(x: S)[: T] := body``; without ``result`` the body says what it is."""

    name: Ident
    params: tuple[Param, ...]
    result: Ident | None
    doc: str | None
    body: Expr


@dataclass(frozen=True, slots=True)
class AxiomDecl(Node):
    name: Ident
    doc: str | None
    formula: Expr


@dataclass(frozen=True, slots=True)
class AssumeDecl(Node):
    name: Ident
    doc: str | None
    formula: Expr | None
    evidence: tuple[Ident, ...]
    owner: str | None
    attributes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class EvidenceDecl(Node):
    name: Ident
    doc: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Citations(Node):
    """What ``by`` or ``barring`` cites: the names, or everything there is (``all``)."""

    everything: bool
    names: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class ClaimDecl(Node):
    """A ``claim`` or, with ``goal``, a ``goal``."""

    name: Ident
    doc: str | None
    formula: Expr | None
    by: Citations | None
    barring: Citations | None
    because: str | None
    goal: bool
    attributes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MitigationDecl(Node):
    name: Ident
    doc: str | None
    formula: Expr
    attributes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WorryDecl(Node):
    """``formula`` is what must hold for the worry not to occur (``unless``)."""

    name: Ident
    doc: str | None
    formula: Expr | None
    against: tuple[Ident, ...]
    unacceptable: bool
    attributes: tuple[Entry, ...]
    mitigations: tuple[MitigationDecl, ...]


@dataclass(frozen=True, slots=True)
class PossibleDecl(Node):
    name: Ident
    doc: str | None
    formula: Expr
    without: tuple[Ident, ...]
    attributes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RequiresDecl(Node):
    theories: tuple[Ident, ...]
    when: Expr | None


@dataclass(frozen=True, slots=True)
class AnswerDecl(Node):
    worry: Ident
    by: Citations
    because: str | None


@dataclass(frozen=True, slots=True)
class AdoptDecl(Node):
    mitigation: Ident
    evidence: tuple[Ident, ...]
    owner: str | None


@dataclass(frozen=True, slots=True)
class AcceptDecl(Node):
    target: Ident
    why: str
    owner: str | None
    until: DateLiteral | None


@dataclass(frozen=True, slots=True)
class DropDecl(Node):
    names: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class ShowDecl(Node):
    term: Expr


@dataclass(frozen=True, slots=True)
class ScopeDecl(Node):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SourceDecl(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """``role = thing`` in a use: ``thing`` is the name of a sort, or an expression."""

    role: Ident
    thing: Ident | Expr


@dataclass(frozen=True, slots=True)
class UseDecl(Node):
    """``use THEORY as ALIAS with role = thing, *``; ``star`` says whether the ``*`` is there."""

    theory: Ident
    alias: Ident | None
    mappings: tuple[Mapping, ...]
    star: bool


Declaration = (
    SortDecl
    | ConstDecl
    | PredicateDecl
    | FunctionDecl
    | DefineDecl
    | AxiomDecl
    | AssumeDecl
    | EvidenceDecl
    | ClaimDecl
    | WorryDecl
    | PossibleDecl
    | RequiresDecl
    | AnswerDecl
    | AdoptDecl
    | AcceptDecl
    | DropDecl
    | ShowDecl
    | ScopeDecl
    | SourceDecl
    | UseDecl
)


@dataclass(frozen=True, slots=True)
class Import(Node):
    path: str


@dataclass(frozen=True, slots=True)
class Module(Node):
    """A theory, a case or a variant. ``base`` is the case that a variant starts from."""

    kind: Literal["theory", "case", "variant"]
    name: Ident
    base: Ident | None
    doc: str | None
    body: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class File(Node):
    imports: tuple[Import, ...]
    modules: tuple[Module, ...]
