"""Scheming, programmes of agents, and the risk of sabotage: what the comments of these examples say, and their figures.

Every figure that an example or one of its theories states is computed anew here, exactly where that is possible, else
with a statistics library or a linear program over all distributions that the premises allow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from scipy.optimize import linprog
from scipy.stats import beta, binom

from checker.report import CaseReport, Scenario, WorryReport
from tests.reports import ROOT, case_in, check_text, codes, shown, worries

SCHEMING = "scheming_balesni.case"
PROGRAMME = "programme_bowkis.case"
SABOTAGE = "sabotage_risk_report.case"
TODAY = date(2026, 11, 24)


def scenario(found: CaseReport, name: str) -> Scenario:
    """The scenario of an open worry or of a step that does not follow."""
    told = found.worries[name].scenario if name in found.worries else found.claims[name].scenario
    assert told is not None
    return told


def number(told: Scenario, symbol: str, *args: str) -> Fraction:
    """The number that a scenario gives to a symbol."""
    (fact,) = [fact for fact in told.facts if fact.symbol == symbol and (fact.args == args or not args)]
    return Fraction(str(fact.value))


def statuses(found: CaseReport, names: Sequence[str]) -> set[str]:
    return {found.worries[name].status for name in names}


def most(objective: Sequence[float], at_most_zero: Sequence[Sequence[float]]) -> float:
    """The largest value of a weighted sum of probabilities of outcomes, where other such sums are not positive."""
    outcome = linprog(
        [-weight for weight in objective],
        A_ub=[list(row) for row in at_most_zero],
        b_ub=[0.0] * len(at_most_zero),
        A_eq=[[1.0] * len(objective)],
        b_eq=[1.0],
    )
    assert outcome.status == 0, outcome.message
    assert outcome.fun is not None
    return -float(outcome.fun)


# --- scheming, taken apart --------------------------------------------------------------------------------------------

ELICITATION = ("el.sandbagging", "el.unwilling_searcher", "el.weak_methods")


def test_scheming_as_published() -> None:
    case = case_in(SCHEMING, "scheming_balesni")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert {claim.step for claim in case.claims.values()} == {"valid"}
    assert worries(case, "open") == {*ELICITATION, "weak_red_team"}
    assert worries(case, "refuted") == {"rare_failures"}
    assert worries(case, "informal") == {"unmet_assumptions"}
    assert not codes(case, "error")


def test_alignment_is_support_because_only_the_second_goal_leans_on_it() -> None:
    case = case_in(SCHEMING, "scheming_balesni")
    first, second = case.claims["harm_is_unlikely"], case.claims["harm_is_very_unlikely"]
    assert set(first.rests_on) == {*ELICITATION, "unmet_assumptions", "weak_red_team"}
    assert set(second.rests_on) == {*first.rests_on, "rare_failures"}
    assert case.worries["rare_failures"].used == ("thousand_honeypots", "rare_failures_computed")


def test_three_separate_evaluations_do_not_multiply() -> None:
    case = case_in(SCHEMING, "scheming_marginals")
    assert (case.verdict, case.passed) == ("unproved", False)
    for goal, shown_at_most in (("harm_is_unlikely", Fraction(1, 100)), ("harm_is_very_unlikely", Fraction(1, 1000))):
        assert case.claims[goal].step == "invalid"
        assert shown_at_most < number(scenario(case, goal), "harm_by_scheming") <= Fraction(1, 10)


def test_scheming_repaired() -> None:
    case = case_in(SCHEMING, "scheming_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("unmet_assumptions",))
    assert statuses(case, [*ELICITATION, "weak_red_team"]) == {"assumed"}
    assert worries(case, "dispelled") == {"rare_failures"}
    assert not {found.severity for found in case.findings} - {"note"}


def test_bounds_on_scheming_are_those_of_all_distributions() -> None:
    # Outcomes as in the example: unable, loyal or scheming, each checked and unchecked.
    can, will = [0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1]
    unchecked, harm = [0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 1]

    def at_most(part: Sequence[float], share: float, whole: Sequence[float] = (1,) * 6) -> list[float]:
        return [p - share * w for p, w in zip(part, whole, strict=True)]

    inability = at_most(can, 0.1)
    assert most(harm, [inability, at_most(harm, 0.1, will)]) == pytest.approx(0.01)
    assert most(harm, [inability, at_most(will, 0.1, can), at_most(harm, 0.1, will)]) == pytest.approx(0.001)
    assert most(harm, [inability, at_most(will, 0.1), at_most(unchecked, 0.1)]) == pytest.approx(0.1)


def test_how_many_honeypots_a_rare_failure_takes() -> None:
    rate, tail = Fraction(1, 10_000), Fraction(1, 20)
    passes = {n: (1 - rate) ** n for n in (1000, 29_955, 29_956, 30_000)}
    lower, upper = (shown(SCHEMING, "scheming_balesni", f"slips_through_{n}") for n in ("thousand", "thirty_thousand"))
    assert lower <= passes[1000] < lower + Fraction(1, 100_000)
    assert passes[30_000] <= upper < tail
    assert round(float(passes[1000]), 3) == 0.905
    assert float(passes[1000]) == pytest.approx(float(binom.pmf(0, 1000, 1 / 10_000)))
    needed = shown(SCHEMING, "scheming_balesni", "honeypots_needed")
    assert passes[29_956] <= tail < passes[29_955]
    assert needed == 29_956 < math.log(20) * 10_000 < 29_958, "the rule of thumb gives a little more"
    assert shown(SCHEMING, "scheming_balesni", "honeypots_used") == 1000 < needed
    assert shown(SCHEMING, "scheming_repaired", "honeypots_used") == 30_000 >= needed


# --- a programme of agents --------------------------------------------------------------------------------------------


def test_programme_as_published() -> None:
    case = case_in(PROGRAMME, "programme_bowkis")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert {claim.step for claim in case.claims.values()} == {"valid"}
    unreliable = {"ce.overrated_pieces", "ce.errors_together", "ce.hidden_cause"}
    assert worries(case, "open") == {"ho.accumulation", *unreliable}
    assert worries(case, "informal") == {"sabotage_by_agents"}
    assert worries(case, "conditional") == {"ho.unreliable_vouching"}
    assert set(case.worries["ho.unreliable_vouching"].rests_on) == unreliable
    outright = {"ho.rash_start", "ho.wide_gap", "ho.unvouched_generation", "ho.forgotten_steps", "ce.over_budget"}
    assert worries(case, "assumed") == outright
    assert worries(case, "dispelled") == {"ce.underrated_causes"}
    assert case.claims["one_paper_bounds_it"].rests_on == ("ce.overrated_pieces",)
    assert not case.findings


def test_what_builds_up_over_hand_overs() -> None:
    case = case_in(PROGRAMME, "programme_bowkis")
    assert shown(PROGRAMME, "programme_bowkis", "booked_after_twenty") == sum([Fraction(1, 100)] * 20) == Fraction(1, 5)
    told = scenario(case, "ho.accumulation")
    hand_overs = number(told, "index")
    assert hand_overs >= 2
    assert number(told, "ledger") == hand_overs / 100 > number(told, "accepted") == Fraction(1, 100)


def test_papers_that_are_wrong_together() -> None:
    told = scenario(case_in(PROGRAMME, "programme_bowkis"), "ce.errors_together")
    assert number(told, "ce.bound") == Fraction(1, 1000) < number(told, "misled") <= Fraction(1, 10)
    # Fréchet: of all distributions over which of three papers are wrong, none makes all wrong more often than 0.1.
    wrong = list(product((0, 1), repeat=3))
    marginals = [[outcome[paper] - 0.1 for outcome in wrong] for paper in range(3)]
    all_wrong = most([math.prod(outcome) for outcome in wrong], marginals)
    some_wrong = most([max(outcome) for outcome in wrong], marginals)
    assert shown(PROGRAMME, "programme_bowkis", "best_paper") == Fraction(1, 10)
    assert all_wrong == pytest.approx(0.1)
    assert some_wrong == pytest.approx(0.3)
    assert shown(PROGRAMME, "programme_bowkis", "multiplied") == Fraction(1, 10) ** 3 == Fraction(1, 1000)


def test_a_shared_cause_is_named() -> None:
    cause, figure = Fraction(2, 100), Fraction(8, 100)
    stated = shown(PROGRAMME, "programme_repaired", "with_shared_cause")
    assert stated == cause + figure**3 == Fraction("0.020512")
    assert cause + (1 - cause) * figure**3 <= stated <= Fraction("0.021"), "leaving out 1 - 0.02 is on the safe side"
    assert cause + (1 - cause) * figure <= shown(PROGRAMME, "programme_repaired", "best_paper") == Fraction(1, 10)
    nine = shown(PROGRAMME, "programme_repaired", "booked_after_nine")
    assert nine == 9 * Fraction("0.021") <= Fraction(1, 5) < 10 * Fraction("0.021")


def test_programme_repaired() -> None:
    case = case_in(PROGRAMME, "programme_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("sabotage_by_agents",))
    assert case.claims["one_paper_bounds_it"].status == "established"
    within = {"ho.unreliable_vouching", "ho.accumulation", "ce.hidden_cause", "ce.errors_together"}
    assert worries(case, "dispelled") == within
    assert not case.findings


# --- the risk of sabotage ---------------------------------------------------------------------------------------------


def test_sabotage_as_published() -> None:
    case = case_in(SABOTAGE, "sabotage_risk_report")
    assert (case.verdict, case.passed) == ("unproved", False)
    steps = {name: case.claims[name].step for name in ("goals_are_unlikely", "sabotage_is_contained")}
    assert steps == {"goals_are_unlikely": "invalid", "sabotage_is_contained": "valid"}
    own = {"false_alarms", "thin_pathway", "pathways_incomplete"}
    assert worries(case, "open") == {*own, *ELICITATION, "am.trained_again", "am.chosen_runs", "am.too_few_runs"}
    assert worries(case, "informal") == {"graded_by_relatives", "rare_triggers"}
    assert worries(case, "assumed") == {"am.one_good_run", "am.missed_agent"}
    assert codes(case, "error") == {"invalid-step"}


def test_coming_out_clear_may_tell_nothing() -> None:
    told = scenario(case_in(SABOTAGE, "sabotage_risk_report"), "goals_are_unlikely")
    misaligned, aligned = (number(told, "weight", outcome) for outcome in ("misaligned_clear", "aligned_clear"))
    assert misaligned > Fraction(2, 100) * (misaligned + aligned)
    assert aligned < Fraction(90, 100) * Fraction(90, 100), "far less than models that are aligned would give"


def test_holding_back_is_answered_with_a_prior() -> None:
    sandbagging = case_in(SABOTAGE, "sabotage_risk_report").worries["el.sandbagging"]
    assert (sandbagging.status, sandbagging.cites) == ("open", ("claim_1",))


def test_answering_it_with_the_conclusion_is_a_circle() -> None:
    text = (ROOT / "examples" / SABOTAGE).read_text(encoding="utf-8")
    base = text[: text.index("variant sabotage_repaired")]
    assert base.count("answer el.sandbagging by claim_1") == 1
    circle = base.replace("answer el.sandbagging by claim_1", "answer el.sandbagging by goals_are_unlikely")
    report = check_text(circle, today=TODAY)
    assert "circular-argument" in {found.code for found in report.findings}
    assert report.exit_status == 2


def test_one_pathway_is_thin() -> None:
    told = scenario(case_in(SABOTAGE, "sabotage_risk_report"), "thin_pathway")
    assert {(fact.args, fact.value) for fact in told.facts if fact.symbol == "enough"} == {
        (("rogue_deployment",), False)
    }


def strengths() -> dict[str, list[int]]:
    """Table 6.A of the report, as the evidence file has it."""
    scale = {"": 0, "weak": 1, "moderate": 2, "strong": 3}
    text = (ROOT / "examples" / "evidence" / "sabotage_risk_report_2026.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.count("|") == 5]
    table = {name: factors for name, *factors in rows[2:]}
    assert len(table) == 8
    return {
        name: [scale[propensity], scale[monitoring], scale["moderate" if "(moderate)" in further else ""]]
        for name, (propensity, monitoring, further) in table.items()
    }


def test_pathways_fall_together() -> None:
    def enough(factors: Sequence[int]) -> bool:
        return 3 in factors or sum(strength >= 2 for strength in factors) >= 2

    table = strengths()
    assert shown(SABOTAGE, "sabotage_risk_report", "contained_on_paper") == sum(map(enough, table.values())) == 7
    assert [name for name, factors in table.items() if not enough(factors)] == ["persistent rogue internal deployment"]
    without = sum(enough(further) for _, *further in table.values())
    assert shown(SABOTAGE, "sabotage_risk_report", "contained_without_propensity") == without == 2
    assert all(propensity >= 2 for propensity, *_ in table.values())


def test_how_many_clean_models_exclude_one_in_ten() -> None:
    needed = shown(SABOTAGE, "sabotage_risk_report", "clean_models_needed")
    assert needed == next(n for n in range(1, 100) if Fraction(9, 10) ** n <= Fraction(1, 20))
    assert float(beta.ppf(0.95, 1, 29)) <= 0.1 < float(beta.ppf(0.95, 1, 28)), "one-sided Clopper-Pearson bounds"


def test_what_the_assessment_leaves_possible() -> None:
    prior, hiding, clear, posterior = (Fraction(n, 100) for n in (10, 15, 90, 2))

    def after(hiding: Fraction) -> Fraction:
        """Bayes, with a prior of 10% and aligned models that come out clear in 90%: the worst that is allowed."""
        return prior * hiding / (prior * hiding + (1 - prior) * clear)

    allowed = shown(SABOTAGE, "sabotage_repaired", "hiding_allowed")
    assert shown(SABOTAGE, "sabotage_repaired", "at_most_after_the_assessment") == after(hiding) == Fraction(1, 55)
    assert after(allowed) == posterior
    assert after(hiding) < posterior < after(allowed + Fraction(1, 1000))
    assert after(Fraction(1)) == Fraction(10, 91), "without Claim 3"

    # The same over all distributions. Outcomes: misaligned and found, misaligned and clear, aligned likewise.
    def excess(hiding: float, clear: float) -> float:
        premises = [[0.9, 0.9, -0.1, -0.1], [-hiding, 1 - hiding, 0, 0], [0, 0, clear, clear - 1]]
        return most([0, 0.98, 0, -0.02], premises)

    assert excess(0.15, 0.9) <= 1e-9
    assert excess(float(allowed) + 0.001, 0.9) > 1e-6
    assert excess(0.15, 0.0) > 0.01, "nothing is said of aligned models"


def test_sabotage_repaired() -> None:
    case = case_in(SABOTAGE, "sabotage_repaired")
    lived_with = ("am.too_few_runs", "graded_by_relatives", "pathways_incomplete", "rare_triggers")
    assert (case.verdict, case.passed, tuple(sorted(case.rests_on))) == ("conditional", True, lived_with)
    assert worries(case, "accepted") == set(lived_with)
    assert {found.about for found in case.findings if found.severity == "warning"} == {"other_factors", "thin_pathway"}


def test_no_one_of_the_claims_is_sufficient() -> None:
    case = case_in(SABOTAGE, "sabotage_without_claim_3")
    assert (case.claims["goals_are_unlikely"].step, case.passed) == ("invalid", False)
    told = scenario(case, "goals_are_unlikely")
    assert number(told, "weight", "misaligned_clear") > Fraction(2, 100) * number(told, "clear")


# --- the theories together --------------------------------------------------------------------------------------------


def checked(text: str) -> Mapping[str, WorryReport]:
    report = check_text(text, today=TODAY)
    (case,) = report.cases
    assert not any(found.severity == "error" for found in report.findings), report.findings
    assert {claim.step for claim in case.claims.values()} == {"valid"}
    return case.worries


METHODS = """
case methods "A scheme whose product is a training method" {
  use evaluation as ev with System = Agent, produced = am.evaluated, unsafe = am.unsafe, caught = am.caught
  use agent_and_method as am with Agent = Agent
  sort Agent "a trained agent"
  assume every_run : not am.statistical owner "x"
  assume one_evaluated : forall m: am.Method. am.produced(m) implies exists b: Agent. am.sampled(m, b) owner "x"
  answer am.missed_agent by ev.catches_unsafe
  adopt am.runs_registered owner "x"
  goal unsafe_methods_are_stopped :
    forall m: am.Method. am.produced(m) and am.unsafe_method(m) implies am.stopped(m)
    by am.unsafe_methods_are_stopped, every_run
}
"""

RUNS_ALIKE = """
  assume alike : forall m: am.Method, a, b: Agent.
    am.yields(m, a) and am.yields(m, b) and am.unsafe(a) implies am.unsafe(b) owner "x"
  answer am.one_good_run by alike, one_evaluated
  adopt am.runs_registered"""


def test_what_the_spine_shows_of_agents_is_carried_to_methods() -> None:
    found = checked(METHODS.replace("\n  adopt am.runs_registered", RUNS_ALIKE))
    assert (found["am.missed_agent"].status, found["am.one_good_run"].status) == ("conditional", "dispelled")
    assert {"ev.unfindable", "ev.process.emergence"} <= set(found["am.missed_agent"].rests_on)


def test_one_good_run_says_nothing_of_another() -> None:
    """Unless runs are alike, an agent of the method that was not evaluated may be unsafe."""
    assert checked(METHODS)["am.one_good_run"].status == "open"


CONTROLLER = """
case controller "The controller of an evaluation is a late generation of a programme" {
  use hand_over as ho with Generation = ev.Actor, in_use = at_work
  use evaluation as ev
  define at_work(a: ev.Actor) := a = ev.controller
  assume tolerated_is_taken_for_sound "An agent within what is tolerated is taken to search at full effort." :
    forall a: ev.Actor. ho.risk(a) <= ho.tolerated(a) implies ev.full_effort(a) owner "x"
  assume effort_shows : forall a: ev.Actor, s: ev.System, t: ev.Trajectory.
    ev.full_effort(a) and ev.can_find(a, s, t) implies ev.exhibits(a, s, t) owner "x"
  answer ev.under_elicitation by ho.risk_is_tolerated, tolerated_is_taken_for_sound, effort_shows
  goal caught : forall s: ev.System. ev.produced(s) and ev.unsafe(s) implies ev.caught(s) by ev.catches_unsafe
}
"""


def test_a_late_generation_as_the_controller_of_the_spine() -> None:
    elicitation = checked(CONTROLLER)["ev.under_elicitation"]
    assert elicitation.status == "conditional"
    assert {"ho.accumulation", "ho.rash_start"} <= set(elicitation.rests_on)


def test_vouching_in_a_circle_is_no_programme() -> None:
    """Two agents that vouch for each other have no first one, so nothing is shown of them."""
    text = """
    case circle {
      use hand_over as ho with Generation = Agent
      sort Agent = { anna, otto }
      assume both : ho.hands_over(anna, otto) and ho.hands_over(otto, anna) owner "x"
      assume safe : forall a: Agent. ho.failure(a) = 0 and ho.booked(a) = 0 owner "x"
      goal g : forall a: Agent. ho.risk(a) <= 0 by ho.within_the_ledger, safe, both
    }
    """
    (case,) = check_text(text, today=TODAY).cases
    assert case.verdict == "inconsistent"


def test_figures_for_runs() -> None:
    def least_rate(n: int) -> float:
        """The highest rate of unsafe runs that n clean ones leave possible at 95% confidence."""
        return float(beta.ppf(0.95, 1, n))

    assert least_rate(1) == pytest.approx(0.95)
    assert least_rate(10) == pytest.approx(1 - 0.05 ** (1 / 10))
    assert least_rate(29) <= 0.1 < least_rate(28)
    assert least_rate(59) <= 0.05 < least_rate(58)
    figures = checked(METHODS)["am.too_few_runs"].attributes["figures"]
    stated = "At 95% confidence one clean run leaves a rate of 0.95 possible; 29 are needed for 0.1 and 59 for 0.05."
    assert figures == stated
