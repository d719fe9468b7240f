"""What is asked: for each obligation its premises in order, its conclusion, what is wished of the answer, its words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from checker.case import Case
from checker.entailment import Role
from checker.load import Loader
from checker.logic import FALSE, TRUE, ForAll, Implies, Number, conj, disj, equal, iff, negation, sort_of
from checker.obligations import Kind, Obligation, Obligations, premises
from checker.resolve.modules import Resolver

TEXT = """
theory other {
  predicate t
}
theory owing {
  predicate t
  requires other when t
}
case c {
  use owing
  predicate p
  predicate q
  predicate r(x: Int)
  const n: Int
  define both := p and q
  define half: Real := 1 / n
  axiom ax : q implies p
  assume a : p
  assume b : both
  assume vague
  assume split : half > 0
  worry w "It occurs." unless q
  worry dim "Who knows."
  claim idle : q
  claim cl : p by a, b, vague barring w, dim
  goal g : p implies both by cl
  possible can : q without b
  possible also : p
  assume over : 1 / n > 2
  assume guarded : n > 3 implies 1 / (n - 3) > 0
}
"""


def the_case(text: str = TEXT) -> Case:
    loader = Loader()
    unit = loader.load_text(text, "spec.case", Path("tests"))
    assert not unit.broken, unit.findings
    resolved = Resolver(loader).module(unit, unit.file.modules[-1])
    assert resolved.case is not None, resolved.findings
    return resolved.case


CASE = the_case()
CLAIMS = {claim.name: claim for claim in CASE.claims}
WORRY = CASE.worries[0]
CAN, ALSO = CASE.possibles
STANDING = ["a", "b", "split", "over", "guarded"]


def ask() -> Obligations:
    return Obligations(CASE)


def names(obligation: Obligation) -> list[str]:
    return [premise.name for premise in obligation.question.premises]


def wishes(obligation: Obligation) -> set[str]:
    question = obligation.question
    wanted = {"core": question.want_core, "alone": question.want_alone, "scenario": question.want_scenario}
    return {name for name, wish in wanted.items() if wish}


def facts(asked: Obligation) -> tuple[object, ...]:
    return (asked.kind, asked.about, asked.question.name, names(asked), wishes(asked), asked.holds, asked.fails)


def test_a_step_takes_what_is_cited_and_the_axioms() -> None:
    asked = ask().step(CLAIMS["cl"])
    says = ("`cl` follows from what it cites", "what `cl` cites can hold while it does not")
    assert facts(asked) == (
        Kind.STEP, "cl", "step cl", ["a", "b", "w", "ax"], {"core", "alone", "scenario"}, *says
    )  # fmt: skip
    assert (asked.question.conclusion, asked.span) == (CLAIMS["cl"].formula, CLAIMS["cl"].span)
    assert [p.role for p in asked.question.premises] == [Role.ASSUMPTION, Role.ASSUMPTION, Role.WORRY, Role.AXIOM]


def test_a_step_that_cites_a_claim() -> None:
    asked = ask().step(CLAIMS["g"])
    assert [(p.name, p.role) for p in asked.question.premises] == [("cl", Role.CLAIM), ("ax", Role.AXIOM)]


def test_a_worry_takes_what_answers_it_and_the_axioms() -> None:
    asked = ask().worry(WORRY, ["b", "cl", "vague"])
    says = ("`w` does not occur where its answer holds", "`w` can occur for all that answers it")
    wanted = {"core", "alone", "scenario"}
    assert facts(asked) == (Kind.WORRY, "w", "worry w", ["b", "cl", "ax"], wanted, *says)
    assert (asked.question.conclusion, asked.span) == (WORRY.formula, WORRY.span)


def test_a_refutation_takes_all_that_is_assumed() -> None:
    asked = ask().refutation(WORRY)
    says = ("`w` occurs wherever the assumptions hold", "`w` need not occur")
    assert facts(asked) == (Kind.REFUTATION, "w", "refutation w", [*STANDING, "ax"], {"core"}, *says)
    assert WORRY.formula is not None
    assert (asked.question.conclusion, asked.span) == (negation(WORRY.formula), WORRY.span)


def test_consistency_takes_what_is_accepted_too() -> None:
    asked = ask().consistency(["w"])
    says = ("the premises contradict each other", "the premises can hold together")
    assert facts(asked) == (Kind.CONSISTENCY, "c", "consistency", [*STANDING, "w", "ax"], {"core"}, *says)
    assert (asked.question.conclusion, asked.span) == (FALSE, CASE.span)
    assert names(ask().consistency([], [CLAIMS["cl"]])) == ["cl", *STANDING, "ax"]


def test_a_contradiction_takes_what_a_step_takes() -> None:
    asked = ask().contradiction(CLAIMS["cl"])
    says = ("what `cl` cites contradicts itself", "what `cl` cites can hold together")
    assert facts(asked) == (Kind.CONTRADICTION, "cl", "contradiction cl", ["a", "b", "w", "ax"], {"core"}, *says)
    assert (asked.question.conclusion, asked.span) == (FALSE, CLAIMS["cl"].span)


def test_a_possibility_leaves_out_what_it_says() -> None:
    asked = ask().possible(CAN, ["w"])
    says = ("the premises rule `can` out", "`can` can be together with the premises")
    left = [name for name in STANDING if name != "b"]
    assert facts(asked) == (Kind.POSSIBLE, "can", "possible can", [*left, "w", "ax"], {"core"}, *says)
    assert CAN.formula is not None
    assert (asked.question.conclusion, asked.span) == (negation(CAN.formula), CAN.span)
    assert names(ask().possible(CAN, [], [CLAIMS["cl"]])) == ["cl", *left, "ax"]


def test_possibilities_together() -> None:
    asked = ask().all_possible([CAN, ALSO], ["w"], [CLAIMS["cl"]])
    says = ("not all that has to be possible can be so together", "all that has to be possible can be so together")
    assert facts(asked) == (Kind.POSSIBLE, "c", "possible together", ["cl", *STANDING, "w", "ax"], set(), *says)
    formulas = [possible.formula for possible in (CAN, ALSO) if possible.formula is not None]
    assert (asked.question.conclusion, asked.span) == (negation(conj(formulas)), CASE.span)
    assert ask().all_possible([], [], []).question.conclusion == FALSE


def test_vacuity_asks_for_each_condition() -> None:
    (asked,) = ask().vacuity(CLAIMS["g"], ["w"])
    says = ("what `g` is about cannot be", "`g` is about something")
    assert facts(asked) == (Kind.VACUITY, "g", "vacuity g 1", [*STANDING, "w", "ax"], set(), *says)
    assert CASE.assumptions[0].formula is not None
    assert (asked.question.conclusion, asked.span) == (negation(CASE.assumptions[0].formula), CLAIMS["g"].span)


def test_that_several_are_not_vacuous_is_asked_at_once() -> None:
    (one,) = ask().vacuity(CLAIMS["g"], ["w"])
    other = replace(one, question=replace(one.question, name="vacuity g 2", conclusion=FALSE))
    asked = ask().vacuous_among([one, other, one])
    says = ("what these are about cannot all be", "all are about something")
    assert facts(asked) == (Kind.VACUITY, "g", "vacuity g 1 and 2 more", [*STANDING, "w", "ax"], set(), *says)
    conclusions = [of.question.conclusion for of in (one, other, one)]
    assert (asked.question.conclusion, asked.span) == (disj(conclusions), CLAIMS["g"].span)


CHOSEN = """
case c {
  predicate p
  predicate q
  assume a : p
  assume b : q
  worry named unless p
  worry swept unless q
  worry bare unless p implies q
  claim chosen : p by b, a barring named
  claim all_of_it : p by all
  goal left : p by a barring all
  answer named by b, a
  answer swept by all
}
"""


def test_what_an_author_chose_is_told_in_the_order_of_the_citations() -> None:
    """Not so where all was cited, which says nothing about what is wanted least."""
    case = the_case(CHOSEN)
    claims = {claim.name: claim for claim in case.claims}
    obligations = Obligations(case)

    def cited(name: str) -> list[tuple[str, ...]]:
        return [
            asked.question.cited for asked in (obligations.step(claims[name]), obligations.contradiction(claims[name]))
        ]

    assert cited("chosen") == [("b", "a", "named")] * 2
    assert cited("all_of_it") == [()] * 2
    assert cited("left") == [("a", "named", "swept", "bare")] * 2
    worries = {worry.name: obligations.worry(worry, ["b", "a"]).question.cited for worry in case.worries}
    assert worries == {"named": ("b", "a"), "swept": (), "bare": ()}


def test_sufficiency_leaves_out_what_it_is_told_to() -> None:
    asked = ask().sufficiency(CLAIMS["cl"], ["a", "vague", "b"], [CASE.worries[0]], ["b"])
    says = ("this suffices for `cl`", "this does not suffice for `cl`")
    assert facts(asked) == (Kind.SUFFICIENCY, "cl", "sufficiency cl", ["a", "w", "ax"], {"core"}, *says)
    assert (asked.question.conclusion, asked.span) == (CLAIMS["cl"].formula, CLAIMS["cl"].span)
    assert names(ask().sufficiency(CLAIMS["cl"], ["a"], [], ["ax"])) == ["a"]


def test_a_divisor_takes_what_is_said_without_divisions() -> None:
    inside, over, guarded = CASE.divisors
    asked = ask().divisor(over)
    assert facts(asked) == (
        Kind.DIVISOR, "over", "divisor in over", ["a", "b", "ax"], {"scenario"}, "`n` is not zero", "`n` may be zero"
    )  # fmt: skip
    assert asked.span == over.span
    assert ask().divisor(inside).about == "half"
    zero = Number(Fraction(0), sort_of(over.divisor))
    assert asked.question.conclusion == negation(equal(over.divisor, zero))
    assert isinstance(ask().divisor(guarded).question.conclusion, Implies)
    assert str(over.divisor) != str(guarded.divisor)
    assert ask().divisor(guarded).question.conclusion != asked.question.conclusion


def test_a_divisor_is_asked_about_for_all_its_variables_in_order() -> None:
    names = "fbdace"
    text = f"""
case sums {{
  assume some : forall {", ".join(names)}: Int. 1 / ({" + ".join(names)}) > 0
  goal g : true by some
}}
"""
    case = the_case(text)
    found = Obligations(case).divisor(case.divisors[0]).question.conclusion
    assert isinstance(found, ForAll)
    assert [variable.name for variable in found.variables] == sorted(names)


def test_what_is_owed() -> None:
    (requirement,) = CASE.requirements
    asked = ask().owed(requirement)
    says = ("nothing is owed", "the theories are owed")
    assert facts(asked) == (Kind.OWED, "owing", "owed owing", [*STANDING, "ax"], set(), *says)
    assert requirement.when is not None
    assert (asked.question.conclusion, asked.span) == (negation(requirement.when), requirement.span)


def test_where_a_goal_comes_from() -> None:
    goal = CLAIMS["g"]
    asked = ask().source(goal, ["a", "b"])
    says = ("the assumptions entail `g`", "the assumptions do not entail `g`")
    assert facts(asked) == (Kind.SOURCE, "g", "source g", ["a", "b", "ax"], {"alone"}, *says)
    assert (asked.question.conclusion, asked.span) == (goal.formula, goal.span)


def test_whether_a_goal_needs_an_assumption() -> None:
    goal = CLAIMS["g"]
    asked = ask().axioms_alone(goal)
    says = ("`g` needs no assumption", "`g` needs an assumption")
    assert facts(asked) == (Kind.AXIOMS_ALONE, "g", "axioms alone g", ["ax"], {"core"}, *says)
    assert (asked.question.conclusion, asked.span) == (goal.formula, goal.span)


def test_whether_an_assumption_says_the_same() -> None:
    assumption = CASE.assumptions[0]
    assert assumption.formula is not None
    claim = replace(CLAIMS["cl"], formula=negation(assumption.formula))
    assert claim.formula is not None
    asked = ask().restatement(claim, "a")
    says = ("`a` says the same as `cl`", "`a` says something else than `cl`")
    assert facts(asked) == (Kind.RESTATEMENT, "cl", "restatement cl a", [], set(), *says)
    assert (asked.question.conclusion, asked.span) == (iff(assumption.formula, claim.formula), claim.span)
    assert names(ask().restatement(claim, "a", axioms=True)) == ["ax"]
    same = replace(claim, formula=assumption.formula)
    assert ask().restatement(same, "a").question.conclusion == TRUE, "this takes no proof"


def test_whether_a_term_has_one_value() -> None:
    formula = CLAIMS["cl"].formula
    assert formula is not None
    asked = ask().value("p", formula, TRUE, CASE.span)
    says = ("`p` has one value", "`p` may have other values")
    assert facts(asked) == (Kind.VALUE, "p", "value p", [*STANDING, "ax"], set(), *says)
    assert (asked.question.conclusion, asked.span) == (iff(formula, TRUE), CASE.span)


def test_whether_a_number_has_one_value() -> None:
    number = CASE.divisors[0].divisor
    three = Number(Fraction(3), sort_of(number))
    assert ask().value("n", number, three, CASE.span).question.conclusion == equal(number, three)


def test_a_question_has_the_meanings_that_it_needs_and_no_others() -> None:
    def meanings(obligation: Obligation) -> list[str]:
        return [meaning.symbol.name for meaning in obligation.question.meanings]

    assert meanings(ask().worry(WORRY, ["a"])) == []
    assert meanings(ask().worry(WORRY, ["b"])) == ["both"]
    assert meanings(ask().step(CLAIMS["g"])) == ["both"]
    assert meanings(ask().consistency([])) == meanings(ask().refutation(WORRY)) == ["both", "half"]


def test_what_many_obligations_share_is_made_once() -> None:
    asked = Obligations(CASE)
    assert asked.standing(["w"]) is asked.standing(["w"])
    assert asked.standing(["w"]) is not asked.standing()
    first, second = asked.refutation(WORRY), asked.consistency([])
    assert first.question.premises == second.question.premises
    assert first.question.meanings == second.question.meanings


def test_what_is_kept_by_identity_is_kept_alive() -> None:
    """Else something new could come to stand where something old was, and get its meanings."""
    asked = Obligations(CASE)
    for _ in range(2):
        asked.step(CLAIMS["cl"])
        asked.refutation(WORRY)
        asked.worry(WORRY, ["b"])
        asked.consistency(["w"])
    assert set(asked._needed) == {id(asked.standing())}


def test_what_has_no_formula_is_no_premise() -> None:
    assert [premise.name for premise in premises(CASE.assumptions)] == STANDING
    assert ask().cited(["vague", "a", "dim", "a", "nothing"]) == ask().cited(["a"])


@pytest.mark.parametrize("kind", list(Kind))
def test_kinds_are_told_in_words(kind: Kind) -> None:
    assert kind.value == kind.name.lower().replace("_", " ")
