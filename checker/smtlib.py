"""Questions as text in SMT-LIB 2, the language that solvers share.

The text of a question is unsatisfiable exactly when its premises entail its conclusion. Each premise stands behind a
guard, a constant that is assumed where the premise is to count; the negated conclusion is asserted. A user's names
occur in comments only: what a solver sees is ``s0``, ``f3``, ``g2``, and a ``Script`` holds the way back.

There are three flavours. ``unbounded`` is the question as it stands. ``bounded`` looks for countermodels in which each
uninterpreted sort has at most so many individuals: quantifiers are spelled out over constants that may be equal, and
functions stay among them, so that the text is ground and solvers decide it. ``fixed`` is the question in one structure.

Quantifiers over listed sorts are spelled out while that stays small; counts and sums always are. Dates are whole
numbers of days. ``/`` is division with any value at zero.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, assert_never

from checker.entailment import Question
from checker.logic import (
    BOOL,
    DATE,
    INT,
    REAL,
    Add,
    And,
    Apply,
    AtMost,
    Count,
    Day,
    Definition,
    Divide,
    Element,
    Equal,
    Exists,
    ForAll,
    Iff,
    Implies,
    Ite,
    Less,
    Meaning,
    Multiply,
    Negate,
    Not,
    Number,
    Or,
    Sort,
    Sum,
    Symbol,
    Table,
    Term,
    ToReal,
    Truth,
    Var,
    children,
    meanings_needed,
    mentioned,
)
from checker.model import Individual, Structure, Value

MAX_INSTANCES: Mapping[str, int] = {"unbounded": 64, "bounded": 4096, "fixed": 4096}
"""Into how many instances one quantifier is spelled out at most."""
MAX_QUANTIFIER = 20_000
"""How many nodes one quantifier may grow to by being spelled out."""
MAX_SCRIPT = 1_000_000
"""How many nodes a question may have in all, definitions unfolded."""


class NotExpressible(Exception):  # noqa: N818 - no error: the question is simply beyond what can be put as text
    """The question cannot be put to a solver; the message says why."""


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a question and the way back from its names.

    ``guards`` has one name for each premise, in order. ``sorts`` and ``symbols`` name the uninterpreted sorts and the
    free symbols, ``individuals`` the constructors of listed sorts. In the bounded flavour ``constants`` are those over
    which each uninterpreted sort is spelled out; in the others there are none.
    """

    title: str
    text: str
    guards: tuple[str, ...]
    sorts: tuple[tuple[str, Sort], ...]
    symbols: tuple[tuple[str, Symbol], ...]
    individuals: tuple[tuple[str, Individual], ...]
    constants: tuple[tuple[Sort, tuple[str, ...]], ...] = ()

    def extended(self, lines: Iterable[str]) -> Script:
        """The script with further commands at its end."""
        return replace(self, text=self.text + "".join(line + "\n" for line in lines))


def complete(script: Script) -> str:
    """The script as a file for any solver, which answers ``unsat`` just if the premises entail the conclusion."""
    guards = " ".join(script.guards)
    return f"; {in_comment(script.title)}\n(set-logic ALL)\n{script.text}(check-sat-assuming ({guards}))\n"


def asserted(script: Script) -> str:
    """The script with all of its premises, each in a line of its own, without the command to check it."""
    return script.text + "".join(f"(assert {guard})\n" for guard in script.guards)


def unbounded(question: Question) -> Script:
    """The question as it stands. Raises ``NotExpressible``."""
    return _Printer("unbounded", question).script()


def bounded(question: Question, scope: Mapping[Sort, int], *, exactly: bool = False) -> Script:
    """The question over at most ``scope[S]`` (with ``exactly``: just so many) individuals of each uninterpreted sort S.

    A model of this text is a countermodel of the question; that there is none proves nothing, unless the question has
    no uninterpreted sort. Raises ``NotExpressible``.
    """
    return _Printer("bounded", question, scope=scope, exactly=exactly).script()


def fixed(question: Question, structure: Structure) -> Script:
    """The question in ``structure``, where all guards assumed, it is satisfiable just if that is a countermodel.

    Raises ``NotExpressible``.
    """
    return _Printer("fixed", question, scope=dict(structure.sizes), structure=structure).script()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a question speaks about, each in the order in which it is mentioned; ``meanings`` are those needed."""

    sorts: tuple[Sort, ...]
    symbols: tuple[Symbol, ...]
    meanings: tuple[Meaning, ...]

    @property
    def uninterpreted(self) -> tuple[Sort, ...]:
        return tuple(sort for sort in self.sorts if sort.is_uninterpreted)


def vocabulary(question: Question) -> Vocabulary:
    """The sorts (built-in ones aside), free symbols and meanings of a question."""
    terms = [*(premise.formula for premise in question.premises), question.conclusion]
    meanings = meanings_needed(terms, {meaning.symbol: meaning for meaning in question.meanings})
    defined = {meaning.symbol for meaning in meanings}
    sorts: dict[Sort, None] = {}
    symbols: dict[Symbol, None] = {}
    for term in itertools.chain(terms, *map(_bodies, meanings)):
        found = mentioned(term)
        symbols.update(dict.fromkeys(found.symbols))
        sorts.update(dict.fromkeys(found.sorts))
    for meaning in meanings:
        sorts.update(dict.fromkeys((*meaning.symbol.domain, meaning.symbol.range)))
    return Vocabulary(
        tuple(sort for sort in sorts if sort.is_uninterpreted or sort.elements is not None),
        tuple(symbol for symbol in symbols if symbol not in defined),
        meanings,
    )


def _bodies(meaning: Meaning) -> list[Term]:
    match meaning:
        case Definition(_, _, body):
            return [body]
        case Table(_, rows):
            return [part for args, value in rows for part in (*args, value)]


def in_comment(name: str) -> str:
    """A name as it may stand in a comment."""
    return re.sub(r"[^ -~]", "?", name.encode("ascii", "backslashreplace").decode())


def _list(operator: str, parts: Sequence[str], empty: str) -> str:
    """The parts under an operator; ``empty`` for none."""
    return f"({operator} {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else empty


def numeral(value: Fraction, sort: Sort) -> str:
    """A number of a sort (``INT``, ``DATE`` or ``REAL``), exactly."""
    if sort == REAL:
        whole = f"{abs(value.numerator)}.0"
        text = whole if value.denominator == 1 else f"(/ {whole} {value.denominator}.0)"
    else:
        text = str(abs(value.numerator))
    return f"(- {text})" if value < 0 else text


_BUILTIN = {BOOL: "Bool", INT: "Int", REAL: "Real", DATE: "Int"}
_VARIABLE = re.compile(r"\bv\d+\b")

Environment = Mapping[Var, str]


@dataclass(slots=True)
class _Printer:
    """The work on one script. Terms are printed together with their size, definitions unfolded."""

    flavour: Literal["unbounded", "bounded", "fixed"]
    question: Question
    scope: Mapping[Sort, int] = field(default_factory=dict)
    exactly: bool = False
    structure: Structure | None = None

    lines: list[str] = field(default_factory=list)
    sorts: dict[Sort, str] = field(default_factory=lambda: dict(_BUILTIN))
    names: dict[Symbol, str] = field(default_factory=dict)
    sizes: dict[Symbol, int] = field(default_factory=dict)
    ranges: dict[Sort, tuple[str, ...]] = field(default_factory=dict)
    """The names of all individuals of each sort that quantifiers can be spelled out over."""
    open_sorts: dict[Sort, None] = field(default_factory=dict)
    """Bounded sorts over which some quantifier had to stay."""
    variables: int = 0
    total: int = 0

    def script(self) -> Script:
        known = vocabulary(self.question)
        individuals: list[tuple[str, Individual]] = []
        for number, sort in enumerate(known.sorts):
            individuals += self._declare_sort(number, sort)
        for number, symbol in enumerate(known.symbols):
            self._declare(f"f{number}", symbol)
        for number, meaning in enumerate(known.meanings):
            self._define(f"d{number}", meaning)
        if self.flavour == "bounded":
            self._close(known.symbols)
        guards = [f"g{number}" for number in range(len(self.question.premises))]
        for guard, premise in zip(guards, self.question.premises, strict=True):
            self._line(f"(declare-fun {guard} () Bool)", premise.name)
            self._line(f"(assert (=> {guard} {self._counted(premise.formula)}))")
        self._line(f"(assert (not {self._counted(self.question.conclusion)}))", "the conclusion, negated")
        if self.flavour == "bounded":
            # Last, because only now it is known which sorts some quantifier still ranges over.
            for sort in self.open_sorts:
                self._line(f"(assert (forall ((v {self.sorts[sort]})) {self._among('v', sort)}))")
        bounded = self.flavour == "bounded"
        return Script(
            self.question.name,
            "".join(self.lines),
            tuple(guards),
            tuple((self.sorts[sort], sort) for sort in known.uninterpreted),
            tuple((self.names[symbol], symbol) for symbol in known.symbols),
            tuple(individuals),
            tuple((sort, self.ranges[sort]) for sort in known.uninterpreted) if bounded else (),
        )

    def _line(self, command: str, comment: str | None = None) -> None:
        self.lines.append(command + (f" ; {in_comment(comment)}" if comment is not None else "") + "\n")

    def _counted(self, formula: Term) -> str:
        text, size = self.term(formula, {})
        self._count(size)
        return text

    def _count(self, size: int) -> None:
        self.total += size
        if self.total > MAX_SCRIPT:
            raise NotExpressible("it grows too large when definitions, counts and quantifiers are spelled out")

    # -- declarations -------------------------------------------------------------------------------------------------

    def _declare_sort(self, number: int, sort: Sort) -> list[tuple[str, Individual]]:
        name = self.sorts[sort] = f"s{number}"
        size = len(sort.elements) if sort.elements is not None else self.scope.get(sort)
        if sort.elements is None and self.flavour != "fixed":
            self._line(f"(declare-sort {name} 0)", sort.name)
            if size is not None:
                self.ranges[sort] = tuple(f"c{number}_{index}" for index in range(size))
                self.lines += [f"(declare-fun {constant} () {name})\n" for constant in self.ranges[sort]]
                if self.exactly and size > 1:
                    self._line(f"(assert (distinct {' '.join(self.ranges[sort])}))")
            return []
        if not size:
            raise NotExpressible(f"the sort {sort.name} has no individuals")
        self.ranges[sort] = tuple(f"e{number}_{index}" for index in range(size))
        constructors = " ".join(f"({element})" for element in self.ranges[sort])
        comment = sort.name if sort.elements is None else f"{sort.name}: {', '.join(sort.elements)}"
        self._line(f"(declare-datatypes (({name} 0)) (({constructors})))", comment)
        return [(element, Individual(sort, index)) for index, element in enumerate(self.ranges[sort])]

    def _declare(self, name: str, symbol: Symbol) -> None:
        self.names[symbol] = name
        self.sizes[symbol] = 1
        if self.structure is None:
            domain = " ".join(self.sorts[sort] for sort in symbol.domain)
            self._line(f"(declare-fun {name} ({domain}) {self.sorts[symbol.range]})", symbol.name)
            return
        found = next(i for i in self.structure.interpretations if i.symbol == symbol)
        rows = []
        for args, value in found.entries:
            printed = [self._value(arg, sort) for arg, sort in zip(args, symbol.domain, strict=True)]
            rows.append((self._is(printed), self._value(value, symbol.range)))
        default = None if found.default is None else self._value(found.default, symbol.range)
        self._give(name, symbol, rows, default)

    def _define(self, name: str, meaning: Meaning) -> None:
        symbol = meaning.symbol
        match meaning:
            case Definition(_, params, body):
                environment = {param: self._fresh() for param in params}
                text, size = self.term(body, environment)
                bound = " ".join(f"({environment[p]} {self.sorts[p.sort]})" for p in params)
                self._line(f"(define-fun {name} ({bound}) {self.sorts[symbol.range]} {text})", symbol.name)
                self.sizes[symbol] = size
            case Table(_, rows):
                printed = [(self._is([self.term(a, {})[0] for a in args]), self.term(v, {})[0]) for args, v in rows]
                self._give(name, symbol, printed, "false" if symbol.range == BOOL else None)
            case _:
                assert_never(meaning)
        self.names[symbol] = name

    def _is(self, args: Sequence[str]) -> str:
        """That the parameters of a table are just these."""
        return _list("and", [f"(= a{number} {arg})" for number, arg in enumerate(args)], "true")

    def _give(self, name: str, symbol: Symbol, rows: Sequence[tuple[str, str]], default: str | None) -> None:
        """Define a symbol by its values. The rows exclude each other; what has none has the default value."""
        groups: dict[str, list[str]] = {}
        for condition, value in rows:
            groups.setdefault(value, []).append(condition)
        if default is not None:
            groups.pop(default, None)
        choices = [(_list("or", conditions, "false"), value) for value, conditions in groups.items()]
        if default is not None:
            choices.append(("", default))
        if not choices:
            raise NotExpressible(f"the table of {symbol.name} has no rows")
        bound = " ".join(f"(a{number} {self.sorts[sort]})" for number, sort in enumerate(symbol.domain))
        self._line(f"(define-fun {name} ({bound}) {self.sorts[symbol.range]} {_choice(choices)})", symbol.name)
        self.sizes[symbol] = 1 + len(rows) * (len(symbol.domain) + 1)

    def _value(self, value: Value, sort: Sort) -> str:
        match value:
            case bool():
                return "true" if value else "false"
            case Fraction():
                return numeral(value, sort)
            case Individual(_, index):
                return self.ranges[sort][index]

    def _close(self, symbols: Iterable[Symbol]) -> None:
        """Keep the values of functions among the constants of their sorts."""
        for symbol in symbols:
            values = self.ranges.get(symbol.range, ())
            if symbol.range.elements is not None or not values:
                continue
            choices: list[tuple[str, ...]] = []
            bound: list[str] = []
            for number, sort in enumerate(symbol.domain):
                if sort in self.ranges:
                    choices.append(self.ranges[sort])
                else:
                    choices.append((f"a{number}",))
                    bound.append(f"(a{number} {self.sorts[sort]})")
            count = 1
            for choice in choices:
                count *= len(choice)
            if count * len(values) > MAX_QUANTIFIER:
                self.open_sorts[symbol.range] = None
                continue
            self._count(count * len(values))
            for args in itertools.product(*choices):
                value = f"({self.names[symbol]} {' '.join(args)})" if args else self.names[symbol]
                inside = self._among(value, symbol.range)
                self._line(f"(assert (forall ({' '.join(bound)}) {inside}))" if bound else f"(assert {inside})")

    def _among(self, value: str, sort: Sort) -> str:
        return _list("or", [f"(= {value} {constant})" for constant in self.ranges[sort]], "false")

    # -- terms --------------------------------------------------------------------------------------------------------

    def _fresh(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    def term(self, term: Term, environment: Environment) -> tuple[str, int]:
        """The text of a term, and its size."""
        match term:
            case Var():
                return environment[term], 1
            case Element(sort, name):
                return self.ranges[sort][(sort.elements or ()).index(name)], 1
            case Truth(value):
                return ("true" if value else "false"), 1
            case Number(number, sort):
                return numeral(number, sort), 1
            case Day(ordinal):
                return numeral(Fraction(ordinal), DATE), 1
            case ForAll(variables, body) | Exists(variables, body):
                return self._quantifier(isinstance(term, ForAll), variables, body, environment)
            case Count(variable, body) | Sum(variable, body):
                return self._total(term, variable, body, environment)
            case Apply(symbol, ()):
                return self.names[symbol], self.sizes[symbol]
        size = self.sizes[term.symbol] if isinstance(term, Apply) else 1
        parts = []
        for child in children(term):
            text, child_size = self.term(child, environment)
            parts.append(text)
            size += child_size
        match term:
            case Apply(symbol, _):
                return f"({self.names[symbol]} {' '.join(parts)})", size
            case Not():
                return f"(not {parts[0]})", size
            case And():
                return _list("and", parts, "true"), size
            case Or():
                return _list("or", parts, "false"), size
            case Implies():
                return _list("=>", parts, ""), size
            case Iff() | Equal():
                return _list("=", parts, ""), size
            case Less():
                return _list("<", parts, ""), size
            case AtMost():
                return _list("<=", parts, ""), size
            case Ite():
                return _list("ite", parts, ""), size
            case Add():
                return _list("+", parts, "0"), size
            case Multiply():
                return _list("*", parts, "1"), size
            case Negate():
                return f"(- {parts[0]})", size
            case Divide():
                return _list("/", parts, ""), size
            case ToReal():
                return f"(to_real {parts[0]})", size
        assert_never(term)

    def _quantifier(
        self, universal: bool, variables: tuple[Var, ...], body: Term, environment: Environment
    ) -> tuple[str, int]:
        """A quantifier, spelled out over as many of its variables as is worth it."""
        inner = {**environment, **{variable: self._fresh() for variable in variables}}
        text, size = self.term(body, inner)
        occurring = set(_VARIABLE.findall(text))
        spelled: dict[str, tuple[str, ...]] = {}
        kept: list[str] = []
        count = 1
        for variable in variables:
            name, values = inner[variable], self.ranges.get(variable.sort)
            if name not in occurring:
                continue  # every sort has an individual, so the variable says nothing
            more = count * len(values or ())
            if values and more <= MAX_INSTANCES[self.flavour] and more * size <= MAX_QUANTIFIER:
                spelled[name] = values
                count = more
            else:
                kept.append(f"({name} {self.sorts[variable.sort]})")
                if variable.sort.is_uninterpreted and self.flavour == "bounded":
                    self.open_sorts[variable.sort] = None
        if kept:
            text = f"({'forall' if universal else 'exists'} ({' '.join(kept)}) {text})"
        if not spelled:
            return text, size
        return _list("and" if universal else "or", _instances(text, spelled), ""), count * size + 1

    def _total(self, term: Term, variable: Var, body: Term, environment: Environment) -> tuple[str, int]:
        """A count or sum over a listed sort."""
        elements = variable.sort.elements
        if elements is None:
            raise NotExpressible(f"it counts or sums over {variable.sort.name}, whose individuals are not listed")
        name = self._fresh()
        text, size = self.term(body, {**environment, variable: name})
        if len(elements) * size > MAX_SCRIPT:
            raise NotExpressible(f"a count or sum over {variable.sort.name} grows too large")
        if isinstance(term, Count):
            text = f"(ite {text} 1 0)"
        return _list("+", _instances(text, {name: self.ranges[variable.sort]}), ""), len(elements) * (size + 1)


def _instances(text: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """The text with every choice of values put for variables, each of which has a name of its own in the script."""
    choices = itertools.product(*values.values())
    return [_put(dict(zip(values, choice, strict=True)), text) for choice in choices]


def _put(values: Mapping[str, str], text: str) -> str:
    return _VARIABLE.sub(lambda match: values.get(match[0], match[0]), text)


def _choice(choices: Sequence[tuple[str, str]]) -> str:
    """The value whose condition holds, the last one if no other does, as a balanced tree of conditionals."""
    if len(choices) == 1:
        return choices[0][1]
    middle = len(choices) // 2
    condition = _list("or", [condition for condition, _ in choices[:middle]], "false")
    return f"(ite {condition} {_choice(choices[:middle])} {_choice(choices[middle:])})"
