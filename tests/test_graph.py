"""The graph of an argument: its circles, its order, and what is tried against a worry that nobody answered."""

from __future__ import annotations

from pathlib import Path

from checker.graph import Argument, bottom_up
from checker.load import Loader
from checker.resolve.modules import Resolver


def argument(body: str) -> Argument:
    loader = Loader()
    unit = loader.load_text(f"case c {{\n  predicate p\n{body}\n}}\n", "spec.case", Path("tests"))
    case = Resolver(loader).module(unit, unit.file.modules[-1]).case
    assert case is not None
    return Argument(case)


def test_a_claim_that_cites_itself_is_a_circle() -> None:
    assert argument("  assume a : p\n  goal g : p by a\n  claim b : p by g, b").circle() == ("b", "b")


def test_two_claims_that_cite_each_other_are_a_circle() -> None:
    assert argument("  claim b : p by a\n  claim a : p by b\n  goal g : p by b").circle() == ("a", "b", "a")


def test_what_is_not_circular_has_no_circle() -> None:
    assert argument("  assume a : p\n  claim b : p by a\n  goal g : p by b, a").circle() is None


def test_a_circle_is_told_from_the_first_of_its_names() -> None:
    """Two circles that hang together, and the declarations the other way round: it is the one around ``a`` still."""
    found = argument(
        "  claim d : p by e, b\n  claim e : p by d\n  claim b : p by a, e\n  claim a : p by b\n  goal g : p by d"
    ).circle()
    assert found == ("a", "b", "a")


def test_what_rests_on_a_worry_is_not_tried_against_it() -> None:
    found = argument("""
  assume one : p
  assume two : p
  assume three : p
  worry v unless p against two
  worry w unless p against three
  worry free unless p
  goal g : p by one
""").default_answers()
    assert found == {"v": ("one",), "w": ("one",), "free": ("one", "two", "three")}


def test_where_nothing_rests_on_a_worry_all_is_tried_against_it() -> None:
    found = argument("  assume one : p\n  assume two : p\n  worry v unless p\n  worry w unless p\n  goal g : p by one")
    assert found.default_answers() == {"v": ("one", "two"), "w": ("one", "two")}


def test_a_written_answer_is_left_as_it_is() -> None:
    found = argument("""
  assume one : p
  assume two : p
  worry answered unless p
  worry w unless p against two
  answer answered by two
  goal g : p by one
""")
    assert found.answers == {"answered": ("two",)}
    assert found.default_answers() == {"w": ("one",)}


def test_an_assumption_rests_on_a_worry_through_what_answers_another() -> None:
    """``two`` rests on ``v``, which ``one`` may answer, which rests on ``w``: so ``two`` may come back to ``w``."""
    found = argument("""
  assume one : p
  assume two : p
  assume three : p
  worry w unless p against one
  worry v unless p against two
  answer v by one
  goal g : p by three
""").default_answers()
    assert found == {"w": ("three",)}


def test_names_stand_after_what_they_depend_on_and_ties_as_declared() -> None:
    found = argument("""
  assume zeta : p
  claim omega : p by zeta, alpha
  claim alpha : p by zeta
  claim mid
  goal beta : p by zeta
""")
    assert bottom_up(found.graph) == ["mid", "zeta", "alpha", "omega", "beta"]
