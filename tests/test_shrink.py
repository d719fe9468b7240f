"""Countermodels are made small: how small, in which order, and never anything else than a countermodel.

The searches are answered by looking at each structure of a list, those with the most facts and the worst numbers first,
so that only what was really asked for comes out small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import groupby

import pytest

from checker import shrink as shrinking
from checker.entailment import Question, Reason
from checker.logic import (
    BOOL,
    DATE,
    FALSE,
    INT,
    REAL,
    TRUE,
    Day,
    Symbol,
    Term,
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
    less,
    negation,
    real,
)
from checker.model import Individual, Interpretation, Structure, Value
from checker.shrink import Model, shrink
from checker.smtlib import Script
from checker.solver import Effort, Sat, Unknown
from tests.exhaustive import Asked, Exhaustive, every
from tests.questions import HIGH, LOW, MEANINGS, E, S, T, ask, c, fails_in, flag, p, q, rate, u, v, x, y

EFFORT = Effort(1, 1.0)


@dataclass
class Shrunk:
    """What came of shrinking ``start``, which must be a countermodel, where ``candidates`` are all there is."""

    question: Question
    start: Structure
    candidates: Sequence[Structure]
    too_much: Callable[[Asked], bool] = lambda _: False
    """Which searches take more effort than there is."""
    found: Structure = field(init=False)
    solver: Exhaustive = field(init=False)

    def __post_init__(self) -> None:
        assert fails_in(self.start, self.question)
        lost = Unknown(Reason.BUDGET)
        self.solver = Exhaustive(self.candidates, lambda asked: lost if self.too_much(asked) else None)
        self.found = shrink(self.question, self.start, self.search, lambda s: fails_in(s, self.question))
        assert fails_in(self.found, self.question)

    def search(self, script: Script) -> Model:
        session = self.solver.open(script)

        def model(guards: Sequence[str]) -> Structure | None:
            reply = session.check(guards, EFFORT, want_structure=True)
            return reply.structure if isinstance(reply, Sat) else None

        return model

    @property
    def wishes(self) -> list[list[str]]:
        """What each search wished for beside the premises, as text."""
        premises = {f"g{number}" for number in range(len(self.question.premises))}
        wished = []
        for asked in self.solver.asked:
            assert premises <= set(asked.guards), "all premises count in every search"
            stands_for = dict(re.findall(r"\(assert \(=> (\w+) (.*)\)\)\n", asked.script.text))
            wished.append([stands_for[guard] for guard in asked.guards if guard not in premises])
        return wished


def worst(question: Question, candidates: Iterable[Structure]) -> Structure:
    return next(structure for structure in candidates if fails_in(structure, question))


def shrunk(premises: Sequence[Term], conclusion: Term, candidates: Sequence[Structure]) -> Shrunk:
    """What comes of the first countermodel among the candidates."""
    question = ask(premises, conclusion, MEANINGS)
    return Shrunk(question, worst(question, candidates), candidates)


def value(structure: Structure, symbol: Symbol, *args: Value) -> Value:
    (found,) = (dict(i.entries) for i in structure.interpretations if i.symbol == symbol)
    return found[args]


def facts(structure: Structure) -> int:
    return sum(entry is True for i in structure.interpretations for _, entry in i.entries)


weight, ratio, due = (Symbol(f"th.{name}", (), sort) for name, sort in (("w", INT), ("r", REAL), ("d", DATE)))


# -- few individuals -------------------------------------------------------------------------------------------------

OF_SIZES = [
    structure
    for sizes in ({S: 3, T: 2}, {S: 2, T: 2}, {S: 1, T: 2}, {S: 3, T: 1}, {S: 2, T: 1}, {S: 1, T: 1})
    for structure in every(sizes, [q])
]
TWO_STEPS = exists([x, y], negation(equal(x, y)))
TWO_RUNS = exists([u, v], negation(equal(u, v)))
EACH_PART = for_all([x, u], apply(q, x, u))


@pytest.mark.parametrize(
    ("premise", "sizes"),
    [
        (TRUE, (1, 1)),
        (TWO_STEPS, (2, 1)),
        (TWO_RUNS, (1, 2)),
        (conj([TWO_STEPS, TWO_RUNS]), (2, 2)),
        (disj([TWO_STEPS, TWO_RUNS]), (1, 2)),
    ],
)
def test_each_sort_in_turn_has_the_fewest_individuals(premise: Term, sizes: tuple[int, int]) -> None:
    made = shrunk([EACH_PART, premise], FALSE, OF_SIZES)
    assert made.start.sizes == ((S, 3), (T, 2))
    assert made.found.sizes == ((S, sizes[0]), (T, sizes[1]))


def test_no_sort_gets_more_individuals_so_that_another_has_fewer() -> None:
    question = ask([EACH_PART, disj([TWO_STEPS, TWO_RUNS])], FALSE)
    start = worst(question, every({S: 2, T: 1}, [q]))
    assert Shrunk(question, start, OF_SIZES).found.sizes == start.sizes


def test_fewest_come_first_and_no_more_is_asked_than_is_needed() -> None:
    def tried(premise: Term) -> list[tuple[int, ...]]:
        made = shrunk([EACH_PART, premise], FALSE, OF_SIZES)
        scripts = [asked.script for asked in made.solver.asked if "distinct" not in asked.script.text]
        return [tuple(len(names) for _, names in script.constants) for script in scripts][:4]

    assert tried(TWO_STEPS)[:3] == [(1, 2), (2, 2), (2, 1)]
    assert tried(TRUE)[:2] == [(1, 2), (1, 1)]


# -- few facts -------------------------------------------------------------------------------------------------------

FLAGS = [Symbol(f"th.flag{number}", (), BOOL) for number in range(6)]
A, B, C, D, F, G = map(apply, FLAGS)
TRUTHS = every({}, FLAGS)


def true_flags(structure: Structure) -> str:
    return "".join(name for name, symbol in zip("ABCDFG", FLAGS, strict=True) if value(structure, symbol))


MENTIONED = disj([negation(conj([A, B, C, D, F, G])), conj([A, B, C, D, F, G])])
"""True, and in order it mentions all."""


@pytest.mark.parametrize(
    ("premises", "left"),
    [
        ([TRUE], ""),
        ([A], "A"),
        ([conj([A, D, G])], "ADG"),
        ([disj([A, B])], "A"),
        ([disj([C, D, F, G])], "C"),
        ([disj([conj([A, B]), G])], "G"),
        ([disj([conj([A, B, C]), conj([F, G])])], "FG"),
        ([disj([conj([A, B, C, D]), conj([F, G, A]), conj([B, F])])], "BF"),
        ([iff(A, negation(B)), iff(C, negation(D)), disj([F, G])], "ACF"),
        ([disj([A, B]), implies(A, conj([C, D]))], "B"),
    ],
)
def test_the_fewest_facts_are_true_and_of_these_the_first(premises: list[Term], left: str) -> None:
    made = shrunk([MENTIONED, *premises], FALSE, TRUTHS)
    assert true_flags(made.found) == left


def test_what_a_few_others_can_stand_in_for_is_left_out_although_no_single_fact_can_be() -> None:
    """Without any of A, B and C, the others must take their place, more than one at a time."""
    question = ask([MENTIONED, disj([conj([A, B, C]), conj([F, G])])], FALSE)
    start = next(s for s in TRUTHS if true_flags(s) == "ABC")
    assert true_flags(Shrunk(question, start, TRUTHS).found) == "FG"


def test_all_that_can_go_together_goes_at_once() -> None:
    made = shrunk([MENTIONED], FALSE, TRUTHS)
    assert made.wishes == [NO_FLAGS]


def test_what_must_stay_is_found_by_halves_while_all_that_is_gone_stays_away() -> None:
    made = shrunk([MENTIONED, D], FALSE, TRUTHS)
    first, last = NO_FLAGS[:3], NO_FLAGS[4:]
    assert made.wishes == [NO_FLAGS, NO_FLAGS[3:], last, [NO_FLAGS[3], *last], [*first, *last]]


NO_FLAGS = [f"(not f{number})" for number in range(6)]


def test_a_single_fact_is_not_asked_to_be_fewer() -> None:
    """No facts at all have been asked for by then; two might still give way to one."""
    made = shrunk([MENTIONED, disj([conj([A, B]), conj([C, D])])], FALSE, TRUTHS)
    assert true_flags(made.found) == "AB"
    assert "(assert (<= (+ 0 " in made.solver.opened[-1].text
    assert made.solver.opened[-1].text.endswith(" 1))\n")
    counting = [script for script in shrunk([MENTIONED, A], FALSE, TRUTHS).solver.opened if "(+ 0" in script.text]
    assert not counting


def test_facts_of_all_kinds_of_predicates_count() -> None:
    """Of individuals listed and not, several at once, and of none."""
    r = Symbol("th.rated", (T, E), BOOL)
    candidates = every({S: 1, T: 1}, [p, r, flag, c])
    some = disj([apply(p, apply(c)), exists([u], apply(r, u, HIGH)), apply(flag)])
    made = shrunk([some, apply(flag)], FALSE, candidates)
    assert facts(made.start) == 4
    assert facts(made.found) == 1
    made = shrunk([some, exists([u], apply(r, u, LOW))], apply(p, apply(c)), candidates)
    assert facts(made.found) == 2


def s0(index: int) -> Individual:
    return Individual(S, index)


def test_a_fact_that_holds_for_want_of_another_value_counts_as_well() -> None:
    question = ask([exists([x], apply(p, x))], FALSE)
    start = Structure(((S, 2),), (Interpretation(p, (), True),))
    made = Shrunk(question, start, [Structure(((S, 2),), (Interpretation(p, (((s0(0),), True), ((s0(1),), False))),))])
    assert facts(made.found) == 1


def test_predicates_of_numbers_stay_as_they_are() -> None:
    g = Symbol("th.g", (INT,), BOOL)
    made = shrunk([apply(g, integer(0)), disj([A, B])], FALSE, every({}, [g, *FLAGS[:2]]))
    assert (facts(made.start), facts(made.found)) == (3, 2)
    assert made.wishes[0] == [f"(not f{number})" for number in (1, 2)]


def test_the_number_of_individuals_stays_while_facts_are_left_out() -> None:
    """A fact less would be had with an individual more; the individuals come first."""
    one = for_all([x, y], equal(x, y))
    question = ask([disj([apply(p, apply(c)), negation(one)])], FALSE)
    both = [*every({S: 2}, [p, c]), *every({S: 1}, [p, c])]
    assert Shrunk(question, both[0], both).found.sizes == ((S, 1),)
    two = ask([TWO_STEPS, exists([x], apply(p, x)), exists([x], negation(apply(p, x)))], FALSE)
    kept = Shrunk(two, worst(two, every({S: 2}, [p])), [*every({S: 1}, [p]), *every({S: 2}, [p])])
    assert kept.found.sizes == ((S, 2),)


def test_facts_and_numbers_are_of_just_as_many_individuals() -> None:
    """Where nobody knows whether fewer would do, the text must not leave it open which individual is which."""
    question = ask([exists([x], apply(p, x)), at_most(integer(0), apply(weight))], FALSE)
    two, one = (every({S: size}, [p, weight], (0, 7)) for size in (2, 1))
    made = Shrunk(question, two[0], [*one, *two], lambda asked: "distinct" not in asked.script.text)
    assert made.found.sizes == ((S, 2),)
    assert facts(made.found) == 1
    assert value(made.found, weight) == 0


def test_what_has_gone_of_itself_does_not_keep_the_rest_in() -> None:
    """After two searches that came to nothing, D goes with F and G."""
    question = ask([MENTIONED], FALSE)
    there_is = [s for s in TRUTHS if true_flags(s) in ("ABCDFG", "ABC", "")]
    asked: list[Asked] = []

    def too_much(one: Asked) -> bool:
        asked.append(one)
        return len(asked) <= 2 or "(+ 0 " in one.script.text

    assert true_flags(Shrunk(question, there_is[0], there_is, too_much).found) == ""


def test_so_many_atoms_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "MOST_ATOMS", 6)
    assert true_flags(shrunk([MENTIONED], FALSE, TRUTHS).found) == ""
    monkeypatch.setattr(shrinking, "MOST_ATOMS", 5)
    made = shrunk([MENTIONED], FALSE, TRUTHS)
    assert made.found == made.start
    assert not made.solver.opened


# -- simple numbers --------------------------------------------------------------------------------------------------

FIRST, LAST, NEW_YEAR = (date(*day).toordinal() for day in ((2024, 3, 1), (2025, 3, 1), (2026, 1, 1)))
TEN_YEARS = 3650


def of_numbers(symbol: Symbol, values: Iterable[Fraction | int | str]) -> list[Structure]:
    return [Structure((), (Interpretation(symbol, (((), Fraction(number)),)),)) for number in values]


def simple(
    premises: Sequence[Term], conclusion: Term, symbol: Symbol, there_is: Sequence[Fraction | int | str]
) -> Value:
    """The simplest of the numbers that there are, where the first of them is what the symbol stands for."""
    return value(shrunk(premises, conclusion, of_numbers(symbol, there_is)).found, symbol)


@pytest.mark.parametrize("impossible", range(8))
def test_whole_numbers_are_small_and_round(impossible: int) -> None:
    """Each is taken where none before it will do; where none at all will do, the number stays as it is."""
    wanted = [0, 1, 2, 3, 5, 10, 100]
    found = simple([at_most(integer(-1), apply(weight))], FALSE, weight, [7, 6, *reversed(wanted[impossible:])])
    assert found == [*wanted, 7][impossible]


@pytest.mark.parametrize("impossible", range(13))
def test_other_numbers_are_small_or_such_as_the_question_mentions(impossible: int) -> None:
    wanted = ["0", "1", "1/2", "1000", "13/4", "2", "3", "5", "10", "100", "1/10", "1/100"]
    premise = at_most(apply(ratio), real(1000))
    conclusion = conj([less(apply(ratio), real(Fraction(13, 4))), less(apply(ratio), real(0))])
    found = simple([premise], conclusion, ratio, ["7/9", "6/7", *reversed(wanted[impossible:])])
    assert found == Fraction([*wanted, "7/9"][impossible])


@pytest.mark.parametrize("impossible", range(8))
def test_dates_are_about_those_that_the_question_mentions(impossible: int) -> None:
    wanted = [FIRST, FIRST + 1, FIRST - 1, LAST, LAST + 1, LAST - 1, NEW_YEAR]
    premise = disj([less(apply(due), Day(FIRST)), at_most(Day(FIRST), apply(due))])
    now = NEW_YEAR + 99
    conclusion = conj([less(apply(due), Day(LAST)), FALSE])
    found = simple([premise], conclusion, due, [now, now - 1, *reversed(wanted[impossible:])])
    assert found == [*wanted, now][impossible]


def test_numbers_are_made_simple_one_after_the_other() -> None:
    """What is settled stays; what is simple as it is need not be looked for."""
    pairs = [(2, 1), (3, 0), (1, 2), (0, 3)]
    candidates = [
        Structure((), (Interpretation(rate, (((low,), Fraction(a)), ((high,), Fraction(b)))),)) for a, b in pairs
    ]
    made = shrunk([equal(add([apply(rate, LOW), apply(rate, HIGH)]), real(3))], FALSE, candidates)
    (rates,) = made.found.interpretations
    assert [number for _, number in rates.entries] == [0, 3]
    low_is, high_is = "(= (f0 e0_0) 0.0)", "(= (f0 e0_1) {})"
    assert made.wishes == [[low_is], *([low_is, high_is.format(n)] for n in ("0.0", "1.0", "(/ 1.0 2.0)", "3.0"))][:-1]


low, high = Individual(E, 0), Individual(E, 1)


def test_no_fact_changes_for_the_sake_of_a_number() -> None:
    for fact in (iff(A, equal(apply(weight), integer(0))), iff(negation(A), equal(apply(weight), integer(0)))):
        candidates = every({}, [FLAGS[0], weight], (0, 1, 7))
        made = shrunk([fact], FALSE, candidates)
        assert not value(made.found, FLAGS[0]) or made.found == made.start
        assert facts(made.found) == 0


def test_so_many_numbers_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    candidates = every({}, [rate, weight], (0, 9))
    premises = [at_most(integer(0), apply(weight)), at_most(apply(rate, LOW), apply(rate, HIGH))]
    monkeypatch.setattr(shrinking, "MOST_NUMBERS", 3)
    made = shrunk(premises, FALSE, candidates)
    assert all(number == 0 for i in made.found.interpretations for _, number in i.entries)
    monkeypatch.setattr(shrinking, "MOST_NUMBERS", 2)
    made = shrunk(premises, FALSE, candidates)
    assert made.found == made.start
    assert not made.solver.asked


# -- dates -----------------------------------------------------------------------------------------------------------

MENTIONS = disj([less(apply(due), Day(FIRST)), at_most(Day(FIRST), apply(due))])


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (FIRST - 1 - TEN_YEARS, True),
        (FIRST - 2 - TEN_YEARS, False),
        (NEW_YEAR + TEN_YEARS, True),
        (NEW_YEAR + TEN_YEARS + 1, False),
    ],
)
def test_a_date_that_nothing_fixes_is_within_ten_years_of_those_that_are_known(day: int, wanted: bool) -> None:
    far = 2_000_000
    assert simple([MENTIONS], FALSE, due, [far, day]) == (day if wanted else far)


@pytest.mark.parametrize(("mentioned", "day", "wanted"), [(5, 1, True), (5, 0, False), (1, 1, True)])
def test_no_date_comes_before_the_calendar(mentioned: int, day: int, wanted: bool) -> None:
    premise = disj([less(apply(due), Day(mentioned)), at_most(Day(mentioned), apply(due))])
    far = -9999
    found = simple([premise], FALSE, due, [far, day])
    assert found == (day if wanted else far)


@pytest.mark.parametrize(("later", "wanted"), [(0, True), (1, False)])
def test_no_date_comes_after_the_calendar(later: int, wanted: bool) -> None:
    last = date.max.toordinal()
    premise = disj([less(apply(due), Day(last - 9)), at_most(Day(last - 9), apply(due))])
    far = 9_999_999
    assert simple([premise], FALSE, due, [far, last + later]) == (last + later if wanted else far)


def test_dates_stay_in_the_calendar_while_other_numbers_are_made_simple() -> None:
    def structure(number: int, day: int) -> Structure:
        return Structure(
            (), (*of_numbers(weight, [number])[0].interpretations, *of_numbers(due, [day])[0].interpretations)
        )

    far = 2_000_000
    candidates = [structure(*pair) for pair in ((7, far), (0, far), (7, FIRST + 9), (1, FIRST + 9))]
    made = shrunk([at_most(integer(0), apply(weight)), MENTIONS], FALSE, candidates)
    assert (value(made.found, weight), value(made.found, due)) == (1, FIRST + 9)
    assert all(wished[0].startswith("(<= ") for wished in made.wishes)


def test_where_no_date_in_the_calendar_will_do_the_numbers_are_made_simple_all_the_same() -> None:
    def structure(number: int, day: int) -> Structure:
        return Structure(
            (), (*of_numbers(weight, [number])[0].interpretations, *of_numbers(due, [day])[0].interpretations)
        )

    far = 2_000_000
    made = shrunk(
        [at_most(integer(0), apply(weight)), MENTIONS], FALSE, [structure(7, far), structure(1, far), structure(0, far)]
    )
    assert (value(made.found, weight), value(made.found, due)) == (0, far)


def test_the_calendar_is_not_asked_about_without_dates() -> None:
    made = shrunk([at_most(integer(0), apply(weight))], FALSE, of_numbers(weight, [7, 0]))
    assert made.wishes == [["(= f0 0)"]]


# -- never anything else than a countermodel ---------------------------------------------------------------------------

MIXED = ask(
    [exists([x], apply(p, x)), at_most(integer(0), apply(weight)), MENTIONS], conj([apply(flag), FALSE]), MEANINGS
)
LARGE = Structure(
    ((S, 2),),
    (
        Interpretation(p, (((s0(0),), True), ((s0(1),), True))),
        Interpretation(weight, (((), Fraction(7)),)),
        Interpretation(due, (((), Fraction(NEW_YEAR + 7)),)),
        Interpretation(flag, (((), True),)),
    ),
)


def never(_: Sequence[str]) -> Structure | None:
    return None


@pytest.mark.parametrize(
    "candidate",
    [
        Structure((), ()),
        Structure(
            ((S, 1),),
            (
                Interpretation(p, (((s0(0),), False),)),
                Interpretation(weight, (((), Fraction(0)),)),
                Interpretation(due, (((), Fraction(FIRST)),)),
                Interpretation(flag, (((), False),)),
            ),
        ),
    ],
)
def test_what_does_not_stand_up_to_replay_is_not_taken(candidate: Structure) -> None:
    replayed: list[Structure] = []

    def stands(structure: Structure) -> bool:
        replayed.append(structure)
        return False

    assert shrink(MIXED, LARGE, lambda _: lambda _: candidate, stands) == LARGE
    assert len(replayed) > 4
    assert all(structure is candidate for structure in replayed)


def test_where_nothing_is_found_it_stays_as_it_is() -> None:
    assert shrink(MIXED, LARGE, lambda _: never, lambda _: True) == LARGE


def test_what_is_found_is_what_was_replayed_last() -> None:
    """Each step goes on from the one before it: the individuals, the facts, and then the numbers."""
    candidates = [
        Structure(sizes, (*table.interpretations, *of_numbers(weight, [number])[0].interpretations))
        for sizes, tables in ((((S, 2),), every({S: 2}, [p, flag])), (((S, 1),), every({S: 1}, [p, flag])))
        for table in tables
        for number in (7, 0)
    ]
    made = shrunk(
        [exists([x], apply(p, x)), at_most(integer(0), apply(weight))], conj([apply(flag), FALSE]), candidates
    )
    assert made.found.sizes == ((S, 1),)
    assert facts(made.found) == 1
    assert value(made.found, weight) == 0
    steps = ["few" if not wished else "not" if wished[-1].startswith("(not") else "=" for wished in made.wishes]
    assert [step for step, _ in groupby(steps)] == ["few", "not", "="]


def test_what_cannot_be_put_as_text_stays_as_it_is() -> None:
    question = ask([equal(count(x, apply(p, x)), integer(1))], FALSE)
    start = Structure(((S, 1),), (Interpretation(p, (((s0(0),), True),)),))
    assert shrink(question, start, lambda _: never, lambda _: True) == start
