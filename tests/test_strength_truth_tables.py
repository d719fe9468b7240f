"""The relations between what variants assume anew and what they left are what truth tables say they are.

Small random variants over three propositions, with a definition that may be replaced, a role that may be filled anew
and axioms that may be exchanged, are judged by a truth table here, and by the checker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.report import Relation
from tests.test_strength import case_named, statuses

Formula = Any
"""An atom (``p``, ``q``, ``r``), the definition ``d``, the role ``k.t``, or a connective with what it connects."""
Row = Mapping[str, bool]

ATOMS = ("p", "q", "r")
ROWS: list[Row] = [dict(zip(ATOMS, values, strict=True)) for values in product((False, True), repeat=len(ATOMS))]


def formulas(*leaves: str) -> st.SearchStrategy[Formula]:
    def larger(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        return st.one_of(
            st.tuples(st.just("not"), inner), st.tuples(st.sampled_from(["and", "or", "implies", "iff"]), inner, inner)
        )

    return st.recursive(st.sampled_from(leaves), larger, max_leaves=3)


def written(formula: Formula) -> str:
    match formula:
        case str():
            return formula
        case "not", inner:
            return f"not ({written(inner)})"
        case operator, left, right:
            return f"({written(left)}) {operator} ({written(right)})"
    raise AssertionError(formula)


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a case mean: the body of ``d``, and the atom in the place of ``k.t``."""

    d: Formula
    t: str

    def read(self, formula: Formula) -> Formula:
        """The formula with nothing but atoms left, and with a mark where a definition was used."""
        match formula:
            case "k.t":
                return self.t
            case "d":
                return ("d", self.read(self.d))
            case str():
                return formula
            case operator, *parts:
                return (operator, *map(self.read, parts))
        raise AssertionError(formula)


def holds(formula: Formula, row: Row) -> bool:
    """Whether a formula that has been read is true in a row of the truth table."""
    match formula:
        case str():
            return row[formula]
        case "d", body:
            return holds(body, row)
        case "not", inner:
            return not holds(inner, row)
        case operator, first, second:
            left, right = holds(first, row), holds(second, row)
            return {"and": left and right, "or": left or right, "implies": not left or right, "iff": left == right}[
                operator
            ]
    raise AssertionError(formula)


def entails(given: Sequence[Formula], *conclusions: Formula) -> bool:
    return all(all(holds(c, row) for c in conclusions) for row in ROWS if all(holds(g, row) for g in given))


def consistent(*stated: Formula) -> bool:
    return any(all(holds(formula, row) for formula in stated) for row in ROWS)


@dataclass(frozen=True, slots=True)
class Trial:
    """A base and a variant: their words, their axioms and assumptions by name. ``again`` are those stated again."""

    words: tuple[Words, Words]
    axioms: tuple[Mapping[str, Formula], Mapping[str, Formula]]
    before: Mapping[str, Formula]
    dropped: frozenset[str]
    again: Mapping[str, Formula]

    @property
    def text(self) -> str:
        old, new = self.words
        axioms = [" ".join(f"axiom {n} : {written(f)}" for n, f in side.items()) for side in self.axioms]
        changes = [f"drop {', '.join(sorted(self.dropped))}"] if self.dropped else []
        changes += [f"define d := {written(new.d)}"] if new.d != old.d else []
        changes += [f"use k with t = {new.t}"] if new.t != old.t else []
        return f"""
theory kit {{ predicate t }}
case base {{ predicate p predicate q predicate r
  use kit as k with t = {old.t}
  define d := {written(old.d)}
  {axioms[0]}
  {assumed(self.before)}
  goal g : p or not p }}
variant v of base {{ {" ".join(changes)} {axioms[1]} {assumed(self.again)} }}
"""


def assumed(stated: Mapping[str, Formula]) -> str:
    return " ".join(f'assume {name} : {written(formula)} owner "x"' for name, formula in stated.items())


@dataclass(frozen=True, slots=True)
class Expected:
    """What truth tables say of a trial; a relation of None: there is none."""

    left: Mapping[str, bool]
    relation: Relation | None
    ported: Mapping[str, bool]
    ported_relation: Relation | None
    reads_alike: bool


def expected(trial: Trial) -> Expected:
    old, new = trial.words
    axioms_before = [old.read(f) for f in trial.axioms[0].values()]
    axioms = [new.read(f) for f in {**trial.axioms[0], **trial.axioms[1]}.values()]
    before = {name: old.read(f) for name, f in trial.before.items()}
    carried = {n: f for n, f in trial.before.items() if n not in trial.dropped and n not in trial.again}
    after = {n: new.read(f) for n, f in carried.items() if new.read(f) == before[n]}
    after |= {n: new.read(f) for n, f in trial.again.items()}

    kept = [f for n, f in after.items() if before.get(n) == f]
    news = [f for n, f in after.items() if before.get(n) != f]
    meant = {n: f for n, f in before.items() if after.get(n) != f}
    read = {n: new.read(trial.before[n]) for n in meant}
    sound = consistent(*axioms_before, *before.values()) and consistent(*axioms, *after.values())

    def given(left: Mapping[str, Formula]) -> dict[str, bool]:
        return {n: entails([*news, *kept, *axioms], f) for n, f in left.items()}

    def relation(left: Mapping[str, Formula], more: Sequence[Formula]) -> Relation | None:
        all_of_it = [*left.values(), *kept, *more, *axioms]
        if not sound or (entails(all_of_it, *news) and not consistent(*all_of_it)):
            return None
        gives, given_back = all(given(left).values()), entails(all_of_it, *news)
        if gives:
            return "equivalent" if given_back else "stronger"
        return "weaker" if given_back else "independent"

    # A definition that is not the base's is another word, even where both come to the same in some formula.
    return Expected(given(meant), relation(meant, axioms_before), given(read), relation(read, ()), read == meant)


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    atom, plainly, anything = st.sampled_from(ATOMS), formulas(*ATOMS), formulas(*ATOMS, "d", "k.t")
    old = Words(draw(formulas(*ATOMS, "k.t")), draw(atom))
    new = Words(draw(st.one_of(st.just(old.d), plainly)), draw(st.one_of(st.just(old.t), atom)))
    axioms = draw(st.dictionaries(st.just("x"), plainly)), draw(st.dictionaries(st.sampled_from("xy"), plainly))
    before = draw(st.dictionaries(st.sampled_from("abc"), anything, min_size=1))
    dropped = draw(st.sets(st.sampled_from(sorted(before))))
    names = [name for name in "abcef" if name not in dropped]
    again = draw(st.dictionaries(st.sampled_from(names), anything, max_size=3))
    return Trial((old, new), axioms, before, frozenset(dropped), again)


@given(trials())
@settings(max_examples=100)
def test_relations_are_what_truth_tables_say(trial: Trial) -> None:
    case, wanted = case_named(trial.text, "v"), expected(trial)
    told = case.strength
    assert told is not None
    assert told.relation == (wanted.relation or "undetermined"), trial.text
    assert (told.reason is None) == (wanted.relation is not None)
    assert (told.ported is None) == wanted.reads_alike
    if told.ported is not None:
        assert told.ported.relation == (wanted.ported_relation or "undetermined"), trial.text
    if case.verdict != "inconsistent":
        for reading, parts in ((told, wanted.left), (told.ported or told, wanted.ported)):
            assert statuses(reading) == {name: "given" if held else "lost" for name, held in parts.items()}


def test_the_trials_reach_every_relation() -> None:
    """Without this the comparison could agree on nothing but the commonest of outcomes."""
    seen: set[tuple[object, object]] = set()

    @given(trials())
    @settings(max_examples=600)
    def look(trial: Trial) -> None:
        wanted = expected(trial)
        seen.add((wanted.relation, None if wanted.reads_alike else wanted.ported_relation or "none"))

    look()
    relations = ("stronger", "weaker", "equivalent", "independent")
    assert {relation for relation, _ in seen} == {*relations, None}
    assert {ported for _, ported in seen} == {*relations, None, "none"}
