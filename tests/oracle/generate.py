"""Random small files: a case, mostly with one or two copies of a theory.

All of them stay within bounds that allow looking at every structure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import product

from tests.oracle.formulas import Formulas, at_most, one_of
from tests.oracle.judgement import TODAY
from tests.oracle.language import (
    INT,
    NUMERIC,
    REAL,
    Acceptance,
    Answer,
    Apply,
    Assumption,
    Axiom,
    Case,
    Claim,
    Definition,
    Expr,
    File,
    Infix,
    Mitigation,
    Not,
    Num,
    Possible,
    Sort,
    Symbol,
    Theory,
    Truth,
    Use,
    Vocabulary,
    Worry,
    copied,
)
from tests.oracle.semantics import LIMIT, Universe, structures
from tests.oracle.tape import Choices

_THEORY_LIMIT = 256
"""Fewer structures for a theory by itself, so that there is room for copies of it."""
_GOAL_LIMIT = 64
"""Few structures where it is the form of a formula that matters."""


def random_file(choices: Choices) -> File:
    """A file to check: without mistakes, and without circles in its argument.

    In a friendly one, most worries are answered, so that some cases pass.
    """
    friendly = choices.chance(50)
    theories = [_theory(choices, friendly)] if choices.chance(75) else []
    return _CaseWriter(choices, friendly).write(theories)


def random_goal(choices: Choices) -> File:
    """A file with one goal, a disjunction or implication more often than not, to see what it is about."""
    vocabulary = _vocabulary(choices, _Names("S", ""), _GOAL_LIMIT, 1, 1 + choices.below(3))
    formulas = Formulas(choices)
    formulas.declare(vocabulary)
    definition = _definition(formulas, "early")
    vocabulary = replace(vocabulary, definitions=(definition,))
    formulas.declare(Vocabulary(definitions=(definition,)))
    denied = [formulas.formula(1) for _ in range(1 + choices.below(3))]
    premises = _Consistent(choices, vocabulary).kept([Not(one) if choices.chance(40) else one for one in denied])
    goal = formulas.formula(3)
    if choices.chance(70):
        goal = Infix(choices.pick(("or", "implies", "and")), formulas.formula(2), formulas.formula(2))
    assumptions = tuple(Assumption(f"asm{index}", premise) for index, premise in enumerate(premises))
    return File((), Case("subject", vocabulary, (), assumptions, (Claim("g0", goal, None, goal=True),)))


# -- vocabulary --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """How the things of a module are called; those of theories and cases never alike."""

    sort: str
    prefix: str


def _sort(choices: Choices, name: str) -> Sort:
    size = 1 + choices.below(3)
    if choices.chance(45):
        return Sort(name, tuple(f"{name.lower()}{letter}" for letter in "abc"[:size]))
    return Sort(name, None, min(size, 2) if choices.chance(80) else size)


def _symbol(choices: Choices, name: str, kind: str, sorts: Sequence[Sort]) -> Symbol:
    """A symbol of some kind, over some of the sorts (at least one)."""

    def some_sort() -> str:
        return choices.pick(sorts).name

    numeric = INT if choices.chance(50) else REAL
    match kind:
        case "predicate":
            return Symbol(name, tuple(some_sort() for _ in range(choices.pick((1, 0, 2)))))
        case "constant":
            return Symbol(name, (), some_sort())
        case "number":
            return Symbol(name, (), numeric, _values(choices, numeric))
        case "function":
            return Symbol(name, (some_sort(),), some_sort())
        case "measure":
            return Symbol(name, (some_sort(),), numeric, _values(choices, numeric)[:2])
        case _:
            return _table(choices, name, [sort for sort in sorts if sort.elements], numeric)


def _values(choices: Choices, sort: str) -> tuple[Fraction, ...]:
    sets = (((0, 1), (0, 1, 3), (-1, 2)) if sort == INT else
            ((0, 1), (0, Fraction(1, 2), 2), (Fraction(1, 3), Fraction(3, 10))))  # fmt: skip
    return tuple(map(Fraction, choices.pick(sets)))


def _table(choices: Choices, name: str, listed: Sequence[Sort], numeric: str) -> Symbol:
    """A predicate or function that is given as a table, if there is a listed sort."""
    if not listed:
        return Symbol(name)
    params = [choices.pick(listed) for _ in range(1 + choices.chance(30))]
    rows = list(product(*(sort.elements or () for sort in params)))
    names = tuple(sort.name for sort in params)
    if choices.chance(40):
        result = choices.pick(listed)
        entries: list[Expr] = [Apply(choices.pick(result.elements or ())) for _ in rows]
        return Symbol(name, names, result.name, (), tuple(zip(rows, entries, strict=True)))
    if choices.chance(50):
        numbers: list[Expr] = [Num(choices.pick(_values(choices, numeric))) for _ in rows]
        return Symbol(name, names, numeric, (), tuple(zip(rows, numbers, strict=True)))
    truths: list[Expr] = [Truth(choices.chance(50)) for _ in rows]
    return Symbol(name, names, None, (), tuple(zip(rows, truths, strict=True)))


def _vocabulary(choices: Choices, names: _Names, limit: int, sorts: int, symbols: int) -> Vocabulary:
    """Sorts and symbols with the axioms that bound them, no more than ``limit`` structures in all."""
    every: list[Sort] = []
    for index in range(sorts):
        sort = _sort(choices, f"{names.sort}{index}")
        every.append(sort)
    kinds = ("predicate", "predicate", "predicate", "constant", "number", "measure", "function", "table")
    kept: list[Symbol] = []
    for index in range(symbols):
        kind = "predicate" if index == 0 else choices.pick(kinds)
        symbol = _symbol(choices, f"{names.prefix}{kind[0]}{index}", kind, every)
        if structures(every, [*kept, symbol]) <= limit:
            kept.append(symbol)
    axioms = [
        Axiom(f"few_{sort.name.lower()}", at_most(sort.name, sort.bound), sort.name)
        for sort in every
        if sort.elements is None
    ]
    axioms += [
        Axiom(f"range_{symbol.name}", one_of(symbol.name, symbol.params, symbol.values), symbol.name)
        for symbol in kept
        if symbol.result in NUMERIC and symbol.table is None
    ]
    return Vocabulary(tuple(every), tuple(kept), (), tuple(axioms))


def _definition(formulas: Formulas, name: str) -> Definition:
    choices = formulas.choices
    inner = formulas.called(f"{name}_x")
    params = tuple((f"{name}_y{i}", choices.pick(formulas.sorts)) for i in range(choices.pick((1, 0, 2))))
    if choices.chance(20):
        result = INT if choices.chance(50) else REAL
        return Definition(name, params, result, inner.number(result, 1, params))
    return Definition(name, params, None, inner.formula(1 + choices.below(2), params))


def _with_axiom(formulas: Formulas, vocabulary: Vocabulary, name: str, whole: Vocabulary) -> Vocabulary:
    """The vocabulary with one more axiom; hardly ever one that contradicts the others of the ``whole``."""
    if not formulas.choices.chance(35):
        return vocabulary
    kept = _Consistent(formulas.choices, whole).kept([formulas.formula(2)])
    return replace(vocabulary, axioms=(*vocabulary.axioms, *(Axiom(name, formula) for formula in kept)))


class _Consistent:
    """Keeps formulas from contradicting each other and the axioms, so that most cases are about something."""

    def __init__(self, choices: Choices, vocabulary: Vocabulary) -> None:
        self._choices = choices
        self._universe = Universe(vocabulary)
        self._models = self._axioms = self._universe.all_of(axiom.formula for axiom in vocabulary.axioms)

    def follows(self, premises: Iterable[Expr], formula: Expr) -> bool:
        """Whether the axioms and these premises give the formula."""
        return not self._axioms & self._universe.all_of(premises) & ~self._universe.truth(formula)

    def shows(self, formula: Expr) -> bool:
        """Whether all that was kept gives the formula."""
        return not self._models & ~self._universe.truth(formula)

    def possible(self, formula: Callable[[], Expr]) -> Expr:
        """A formula that can be true, if three attempts find one."""
        for _ in range(3):
            if self._models & self._universe.truth(found := formula()):
                break
        return found

    def kept(self, formulas: Sequence[Expr]) -> list[Expr]:
        """Those that can be true together with all that was kept; now and then, all."""
        found = []
        for formula in formulas:
            models = self._models & self._universe.truth(formula)
            if models or self._choices.chance(2):
                found.append(formula)
                self._models = models or self._models
        return found


def _joined(one: Vocabulary, other: Vocabulary) -> Vocabulary:
    return Vocabulary(
        (*one.sorts, *other.sorts),
        (*one.symbols, *other.symbols),
        (*one.definitions, *other.definitions),
        (*one.axioms, *other.axioms),
    )


# -- theories ----------------------------------------------------------------------------------------------------------


def _theory(choices: Choices, friendly: bool) -> Theory:
    vocabulary = _vocabulary(choices, _Names("T", "t"), _THEORY_LIMIT, 1 + choices.chance(40), 1 + choices.below(4))
    formulas = Formulas(choices)
    formulas.declare(vocabulary)
    if choices.chance(40):
        definition = _definition(formulas, "tdef")
        vocabulary = replace(vocabulary, definitions=(definition,))
        formulas.declare(Vocabulary(definitions=(definition,)))
    vocabulary = _with_axiom(formulas, vocabulary, "taxiom", vocabulary)
    graph = _Graph()
    claims: list[Claim] = []
    worries = [
        _worry(formulas, f"tw{index}", friendly, _Consistent(choices, vocabulary))
        for index in range(choices.pick((1, 2, 2, 3)))
    ]
    for index in range(choices.below(3)):
        claim = _claim_on(formulas, f"tcl{index}", claims, worries, graph)
        claims.append(claim)
    if claims and choices.chance(15):
        target = choices.pick(claims).name
        worry = choices.pick(worries)
        if graph.add(target, worry.name):
            worries[worries.index(worry)] = replace(worry, against=(target,))
    consistent = _Consistent(choices, vocabulary)
    possibles = (Possible("tpossible", consistent.possible(lambda: formulas.formula(2))),) if choices.chance(25) else ()
    return Theory("lore", vocabulary, tuple(worries), tuple(claims), possibles)


def _worry(formulas: Formulas, name: str, friendly: bool, consistent: _Consistent) -> Worry:
    choices = formulas.choices
    formula: Expr | None = consistent.possible(lambda: formulas.formula(2 + choices.below(2)))
    if not friendly and choices.chance(8):
        formula = None
    mitigations: list[Mitigation] = []
    if choices.chance(45):
        mitigation = formulas.stronger(formula)[0] if formula else formulas.formula(2)
        mitigations.append(Mitigation(f"{name}_m", mitigation))
    return Worry(name, formula, (), choices.chance(10), tuple(mitigations))


@dataclass(slots=True)
class _Graph:
    """What rests on what, kept free of circles."""

    edges: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, other: str) -> bool:
        """Let ``name`` rest on ``other``, unless ``other`` rests on ``name`` already."""
        if name == other or self._reaches(other, name):
            return False
        self.edges.setdefault(name, set()).add(other)
        return True

    def add_all(self, name: str, others: Iterable[str]) -> tuple[str, ...]:
        """Those of ``others`` that ``name`` can rest on, after making it so."""
        return tuple(other for other in others if self.add(name, other))

    def _reaches(self, start: str, end: str) -> bool:
        seen: set[str] = set()
        todo = [start]
        while todo:
            if (one := todo.pop()) == end:
                return True
            if one not in seen:
                seen.add(one)
                todo += self.edges.get(one, ())
        return False


def _claim_on(
    formulas: Formulas,
    name: str,
    cited: Sequence[Assumption | Claim],
    barred: Sequence[Worry],
    graph: _Graph,
    fits: Callable[[Expr, Sequence[Expr]], bool] | None = None,
) -> Claim:
    """A claim that cites some of what there is, and mostly says something that follows from it.

    With ``fits`` it is a goal, and several formulas are tried for one that fits.
    """
    choices = formulas.choices
    taken = [assumption.name for assumption in cited if isinstance(assumption, Assumption)]
    chosen = choices.some([premise.name for premise in cited], 55)
    by: tuple[str, ...] | None = graph.add_all(name, _shuffled(choices, chosen))
    barring = graph.add_all(name, _shuffled(choices, choices.some([worry.name for worry in barred], 45)))
    if not by and not barring and not choices.chance(30):
        by = graph.add_all(name, taken)
    if taken and choices.chance(8):
        by = None if graph.add_all(name, taken) == tuple(taken) else by
    names = {*(taken if by is None else by), *barring}
    premises = [one.formula for one in (*cited, *barred) if one.formula is not None and one.name in names]
    formula = _conclusion(formulas, premises)
    for _ in range(5 if fits else 0):
        if fits is None or fits(formula, premises):
            break
        formula = _conclusion(formulas, premises)
    # Nobody writes a claim without a formula that cites nothing; what to call its step is a matter of taste.
    formal = not names or not choices.chance(6)
    return Claim(name, formula if formal else None, by, barring, fits is not None)


def _conclusion(formulas: Formulas, premises: Sequence[Expr]) -> Expr:
    choices = formulas.choices
    if premises and choices.chance(75):
        return formulas.weaker(premises)
    return formulas.formula(2 + choices.below(2))


def _shuffled(choices: Choices, names: list[str]) -> list[str]:
    """The names in a random order; mostly as they are."""
    if len(names) > 1 and choices.chance(30):
        first = choices.below(len(names))
        return [*names[first:], *names[:first]]
    return names


# -- cases -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _CaseWriter:
    """One case being written."""

    choices: Choices
    friendly: bool
    graph: _Graph = field(default_factory=_Graph)

    def write(self, theories: Sequence[Theory]) -> File:
        choices = self.choices
        vocabulary = _vocabulary(choices, _Names("S", ""), 1024, 1 + choices.below(2), 1 + choices.below(4))
        formulas = Formulas(choices)
        formulas.declare(vocabulary)
        if choices.chance(50):
            vocabulary = self._with_definition(vocabulary, formulas, "early")
        uses: list[Use] = []
        copies: list[Theory] = []
        whole = targets = vocabulary
        for theory in theories:
            for alias in ("ev", "again")[: 1 + choices.chance(25)]:
                use = self._use(theory, alias, targets)
                copy = copied(theory, alias, dict(use.roles))
                more = copy.vocabulary
                if structures((*whole.sorts, *more.sorts), (*whole.symbols, *more.symbols)) <= LIMIT:
                    uses.append(use)
                    copies.append(copy)
                    formulas.declare(more)
                    whole = _joined(whole, more)
                    # Definitions of a copy are no targets for roles: they might close a circle.
                    targets = _joined(targets, replace(more, definitions=()))
        before = vocabulary
        if choices.chance(30):
            vocabulary = self._with_definition(vocabulary, formulas, "late")
        whole = _joined(whole, Vocabulary(definitions=vocabulary.definitions[len(before.definitions) :]))
        vocabulary = _with_axiom(formulas, vocabulary, "own_axiom", whole)
        whole = _joined(whole, Vocabulary(axioms=vocabulary.axioms[len(before.axioms) :]))
        used = {use.theory for use in uses}
        case = self._argument(formulas, vocabulary, uses, copies, whole)
        return File(tuple(theory for theory in theories if theory.name in used), case)

    def _with_definition(self, vocabulary: Vocabulary, formulas: Formulas, name: str) -> Vocabulary:
        definition = _definition(formulas, name)
        formulas.declare(Vocabulary(definitions=(definition,)))
        return replace(vocabulary, definitions=(*vocabulary.definitions, definition))

    # -- roles ---------------------------------------------------------------------------------------------------------

    def _use(self, theory: Theory, alias: str, whole: Vocabulary) -> Use:
        """A use that maps some of the roles to what the case has."""
        choices = self.choices
        roles: dict[str, str | Expr] = {}
        for sort in theory.vocabulary.sorts:
            if sort.elements is None and choices.chance(70):
                roles[sort.name] = choices.pick(whole.sorts).name

        def mapped(sort: str) -> str:
            target = roles.get(sort, sort if sort in NUMERIC else f"{alias}.{sort}")
            assert isinstance(target, str)
            return target

        for symbol in theory.vocabulary.symbols:
            if symbol.table is None and choices.chance(55):
                params = tuple(map(mapped, symbol.params))
                result = None if symbol.result is None else mapped(symbol.result)
                targets = self._targets(whole, params, result)
                if targets:
                    roles[symbol.name] = choices.pick(targets)
        return Use(theory.name, alias, tuple(roles.items()))

    def _targets(self, whole: Vocabulary, params: tuple[str, ...], result: str | None) -> list[str | Expr]:
        """What a role with this signature can be mapped to."""
        alike: list[str] = [s.name for s in whole.symbols if s.params == params and s.result == result]
        alike += [
            d.name for d in whole.definitions if tuple(sort for _, sort in d.params) == params and d.result == result
        ]
        if params:
            targets: list[str | Expr] = [*alike]
        elif result is None:
            targets = [Apply(name) for name in alike]
        else:
            widened = [s.name for s in whole.symbols if not s.params and s.result == INT and result == REAL]
            elements = [e for sort in whole.sorts if sort.name == result for e in sort.elements or ()]
            targets = [Apply(name) for name in (*alike, *widened, *elements)]
            if result in NUMERIC:
                targets += [Num(Fraction(0)), Num(Fraction(1)), *([Num(Fraction(1, 2))] if result == REAL else [])]
        if result is None and self.choices.chance(25):
            targets = [Truth(True), Truth(False)]
        return targets

    # -- the argument --------------------------------------------------------------------------------------------------

    def _argument(
        self,
        formulas: Formulas,
        vocabulary: Vocabulary,
        uses: Sequence[Use],
        copies: Sequence[Theory],
        whole: Vocabulary,
    ) -> Case:
        choices = self.choices
        consistent = _Consistent(choices, whole)
        worries = [worry for copy in copies for worry in copy.worries]
        claims = [claim for copy in copies for claim in copy.claims]
        for claim in claims:
            self.graph.add_all(claim.name, (*(claim.by or ()), *claim.barring))
        for worry in worries:
            for target in worry.against:
                self.graph.add(target, worry.name)
        own_worries = [
            _worry(formulas, f"w{index}", self.friendly, _Consistent(choices, whole))
            for index in range(choices.pick((0, 1, 1, 2)))
        ]
        worries += own_worries
        wanted = [worry.formula for worry in worries if worry.formula is not None]
        assumptions = self._assumptions(formulas, wanted, consistent)
        mitigations = [Assumption(m.name, m.formula) for worry in worries for m in worry.mitigations]
        adopted = [m for m in choices.some(mitigations, 50) if m.formula and consistent.kept([m.formula])]
        taken = [*assumptions, *adopted]
        own_worries = [self._against(worry, taken) for worry in own_worries]
        answers = [answer for worry in worries if (answer := self._answer(worry, taken, claims)) is not None]
        own_claims: list[Claim] = []
        for index in range(choices.pick((0, 1, 2))):
            claim = _claim_on(formulas, f"cl{index}", [*taken, *claims, *own_claims], worries, self.graph)
            own_claims.append(claim)
            own_worries = [self._held_against(worry, claim) for worry in own_worries]
        answered = {answer.worry for answer in answers}
        late = [worry for worry in worries if worry.name not in answered and choices.chance(15)]
        later = [self._answer(worry, taken, [*claims, *own_claims]) for worry in late]
        answers += [answer for answer in later if answer is not None]
        assumed = [assumption.formula for assumption in taken]

        def argued(formula: Expr, premises: Sequence[Expr]) -> bool:
            fresh = formula not in assumed and not consistent.follows((), formula)
            return fresh and (not self.friendly or consistent.follows(premises, formula))

        goals = [
            _claim_on(formulas, f"g{index}", [*taken, *claims, *own_claims], worries, self.graph, argued)
            for index in range(1 + choices.chance(12))
        ]
        possibles = [
            Possible(
                f"can{index}",
                self._possible(formulas, taken, consistent),
                tuple(choices.some([a.name for a in taken], 20)),
            )
            for index in range(choices.pick((0, 1)))
        ]
        acceptances = [
            *(self._acceptance(worry.name) for worry in worries if choices.chance(self._doubt(worry, consistent))),
            *(self._acceptance(claim.name) for claim in (*claims, *own_claims, *goals) if choices.chance(5)),
        ]
        return Case(
            "subject",
            vocabulary,
            tuple(uses),
            tuple(assumptions),
            (*own_claims, *goals),
            tuple(own_worries),
            tuple(possibles),
            tuple(answers),
            tuple(a.name for a in adopted),
            tuple(acceptances),
        )

    def _assumptions(self, formulas: Formulas, wanted: Sequence[Expr], consistent: _Consistent) -> list[Assumption]:
        """Some assumptions, many of them such that they answer a worry."""
        choices = self.choices
        found: list[Expr | None] = []
        for formula in wanted if self.friendly else ():
            if choices.chance(85):
                found += consistent.kept(formulas.stronger(formula))
        for _ in range(choices.below(2) if self.friendly else 1 + choices.below(4)):
            if not self.friendly and choices.chance(5):
                found.append(None)
            elif wanted and choices.chance(65):
                found += consistent.kept(formulas.stronger(choices.pick(wanted)))
            else:
                found += consistent.kept([formulas.formula(2 + choices.below(2))])
        return [Assumption(f"asm{index}", formula, not choices.chance(4)) for index, formula in enumerate(found)]

    def _against(self, worry: Worry, taken: Sequence[Assumption]) -> Worry:
        """The worry, now and then held against an assumption."""
        if taken and self.choices.chance(12):
            target = self.choices.pick(taken).name
            if self.graph.add(target, worry.name):
                return replace(worry, against=(*worry.against, target))
        return worry

    def _held_against(self, worry: Worry, claim: Claim) -> Worry:
        if self.choices.chance(12) and self.graph.add(claim.name, worry.name):
            return replace(worry, against=(*worry.against, claim.name))
        return worry

    def _answer(self, worry: Worry, taken: Sequence[Assumption], claims: Sequence[Claim]) -> Answer | None:
        if not self.choices.chance(25 if self.friendly else 45):
            return None
        every = tuple(assumption.name for assumption in taken)
        if every and self.choices.chance(10) and self.graph.add_all(worry.name, every) == every:
            return Answer(worry.name, None)
        percent = 30 if self.choices.chance(30) else 8
        names = [*self.choices.some(every, 50), *self.choices.some([claim.name for claim in claims], percent)]
        cited = self.graph.add_all(worry.name, _shuffled(self.choices, names))
        return Answer(worry.name, cited) if cited else None

    def _possible(self, formulas: Formulas, taken: Sequence[Assumption], consistent: _Consistent) -> Expr:
        choices = self.choices
        formal = [assumption.formula for assumption in taken if assumption.formula is not None]
        if formal and choices.chance(30):
            return Not(choices.pick(formal))
        return consistent.possible(lambda: formulas.formula(2)) if choices.chance(60) else formulas.formula(2)

    def _doubt(self, worry: Worry, consistent: _Consistent) -> int:
        """How likely it is, in percent, that a worry is accepted."""
        if not self.friendly:
            return 20
        return 5 if worry.formula is not None and consistent.shows(worry.formula) else 85

    def _acceptance(self, name: str) -> Acceptance:
        if self.friendly:
            return Acceptance(name, date(2027, 1, 1))
        dates = (None, date(2027, 1, 1), TODAY, date(2026, 11, 23), date(2020, 2, 29))
        return Acceptance(name, dates[self.choices.pick((0, 1, 1, 1, 2, 3, 4))])
