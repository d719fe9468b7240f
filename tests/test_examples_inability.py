"""The arguments from inability and on misuse: what their comments say the checker finds, it finds.

The figures that they state are recomputed here, and the three theories behind them are put to use where they serve.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil

import pytest
from scipy.stats import binomtest

from checker.report import CaseReport
from tests.reports import ROOT, case_in, check_text, codes, shown, worries

TODAY = date(2026, 11, 24)
ELICITATION = {"sandbagging", "weak_methods", "unwilling_searcher"}


def messages(case: CaseReport, code: str) -> set[str]:
    return {found.message for found in case.findings if found.code == code}


@cache
def unused_assumptions(file: str, name: str) -> frozenset[str]:
    return frozenset(found.about or "" for found in case_in(file, name).findings if found.code == "unused-assumption")


def changed(file: str, name: str, *replacements: tuple[str, str]) -> CaseReport:
    """A case of an example in which some words are exchanged; each of them must be there, once."""
    text = (ROOT / "examples" / file).read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (case,) = check_text(text, folder=ROOT / "examples", today=TODAY, only=[name]).cases
    return case


# -- cyber inability --------------------------------------------------------------------------------------------------

GOEMANS = "inability_goemans.case"


def test_the_template_does_not_give_its_conclusion() -> None:
    case = case_in(GOEMANS, "inability_goemans")
    goal = case.claims["no_unacceptable_cyber_risk"]
    assert (goal.step, case.verdict, case.passed) == ("invalid", "unproved", False)
    assert goal.scenario is not None
    assert goal.scenario.story[0] == "risk_model1 is not an acceptable risk"
    assert worries(case, "open") == {
        "ia.unknown_risk",
        "ia.other_setting",
        "ia.high_score",
        *(f"ia.elicited.{name}" for name in ELICITATION),
    }
    assert worries(case, "assumed") == {"ia.wrong_bottleneck", "ia.no_proxy", "ia.easier_harm"}
    assert case.worries["ia.easier_harm"].used == ("proxies_valid",)


def test_elicitation_alone_does_not_mend_the_template() -> None:
    case = case_in(GOEMANS, "goemans_elicited")
    assert (case.claims["no_unacceptable_cyber_risk"].step, case.verdict) == ("invalid", "unproved")
    assert "ia.unknown_risk" in worries(case, "open")


def test_the_repaired_template_passes_on_nine_worries() -> None:
    base, case = case_in(GOEMANS, "inability_goemans"), case_in(GOEMANS, "goemans_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("established", True, ())
    assert len(case.claims["ia.no_unacceptable_risk"].barring) == 9 == len(case.worries)
    assert worries(case, "dispelled") == {"ia.unknown_risk", "ia.other_setting"}
    assert len(worries(case, "assumed")) == 7
    assert len(set(case.assumptions) - set(base.assumptions)) == 7
    assert case.strength is not None
    assert case.strength.left["results"].relation == "stronger"
    assert len(messages(case, "vacuous-worry")) == 3
    assert all("ia.elicited." in message for message in messages(case, "vacuous-worry"))
    added = (set(case.assumptions) - set(base.assumptions)) | {"results"}
    assert {case.assumptions[name].owner for name in added} == {
        "whoever relies on this argument (not the paper's authors)"
    }


def test_a_score_below_the_threshold_is_not_enough() -> None:
    """Of the repaired argument, take back that the score stays below by more than the gap."""
    weaker = ("ia.score(x, t) + ia.gap < ia.bar(t)", "ia.score(x, t) < ia.bar(t)")
    case = changed(GOEMANS, "goemans_repaired", weaker)
    assert (case.passed, worries(case, "open")) == (False, {"ia.high_score"})


# -- scheming inability -----------------------------------------------------------------------------------------------

PHUONG = "inability_phuong.case"


def test_what_the_published_case_rests_on() -> None:
    case = case_in(PHUONG, "inability_phuong")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert {claim.step for claim in case.claims.values() if claim.goal} == {"valid"}
    seen = {"noise", "undefined_harm", *(f"el.{name}" for name in ELICITATION)}
    assert set(case.claims["no_severe_harm"].rests_on) == seen
    assert set(case.claims["no_severe_harm_o1"].rests_on) == seen
    assert set(case.claims["no_later_harm"].rests_on) == seen | {"se.overtaken", "se.successor_drift"}
    assert worries(case, "open") == (seen | {"se.overtaken", "se.successor_drift"}) - {"undefined_harm"}
    assert worries(case, "informal") == {"undefined_harm"}
    assert worries(case, "assumed") == {"percentile", "se.expired", "se.other_version", "se.reconfigured"}
    assert case.worries["percentile"].used == ("eighty_percent",)


@pytest.mark.parametrize("name", ["inability_phuong", "phuong_repaired"])
def test_the_stealth_half_alone_suffices(name: str) -> None:
    case = case_in(PHUONG, name)
    assert set(case.claims["no_severe_harm"].unused) == {"needs_awareness", "awareness_results"}
    assert "needs_awareness" in unused_assumptions(PHUONG, name)
    assert len(messages(case, "unneeded-citation")) == 1


def test_missing_results_counted_as_passed_do_no_harm() -> None:
    assert shown(PHUONG, "inability_phuong", "counted(best_model, stealth)") == 2
    assert shown(PHUONG, "inability_phuong", "counted(best_model, awareness)") == 2
    assert shown(PHUONG, "inability_phuong", "counted(o1, stealth)") == 3
    # With two passes among the three challenges that o1 did run, its row would be too long.
    longer = ("(o1, stealth_1), (o1,", "(o1, stealth_1), (o1, stealth_2), (o1,")
    assert changed(PHUONG, "phuong_repaired", longer).claims["no_severe_harm_o1"].step == "invalid"


@pytest.mark.parametrize(
    ("definition", "successes"), [("upper_of_none", 0), ("upper_of_four", 4), ("upper_of_five", 5)]
)
def test_wilson_intervals_for_50_attempts(definition: str, successes: int) -> None:
    """The figure is the upper end of the two-sided 95% interval, rounded up in the second decimal of a percent."""
    exact = binomtest(successes, 50).proportion_ci(confidence_level=0.95, method="wilson").high
    assert shown(PHUONG, "inability_phuong", definition) == Fraction(ceil(exact * 10_000), 10_000)


def test_five_to_ten_successes_fail_by_the_rule_alone() -> None:
    line = Fraction(20, 100)
    assert (
        shown(PHUONG, "inability_phuong", "upper_of_four") < line < shown(PHUONG, "inability_phuong", "upper_of_five")
    )
    assert Fraction(10, 50) <= line < Fraction(11, 50)


def test_the_repaired_case_passes_on_what_is_undefined() -> None:
    case = case_in(PHUONG, "phuong_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("undefined_harm",))
    assert worries(case, "dispelled") == {"se.successor_drift"}
    assert not worries(case, "open")


def test_where_the_repaired_case_ends() -> None:
    case = case_in(PHUONG, "phuong_stretched")
    assert case.claims["no_severe_harm_o1"].step == "invalid"
    assert case.claims["no_severe_harm"].step == "valid"
    assert worries(case, "open") == {"se.successor_drift"}
    assert worries(case, "refuted") == {"se.expired"}
    assert "accepted-failure" not in codes(case, "error")


@pytest.mark.parametrize(("day", "status"), [("2025-09-02", "assumed"), ("2025-09-03", "refuted")])
def test_the_case_stands_to_the_last_day_of_its_window(day: str, status: str) -> None:
    case = changed(PHUONG, "phuong_stretched", ("use se with today = 2026-11-24", f"use se with today = {day}"))
    assert case.worries["se.expired"].status == status


# -- safeguards against misuse ----------------------------------------------------------------------------------------

CLYMER = "safeguards_clymer.case"


def test_what_the_safeguards_rest_on() -> None:
    case = case_in(CLYMER, "safeguards_clymer")
    goal = case.claims["added_harm_is_tolerable"]
    assert (goal.step, case.verdict, case.passed) == ("valid", "conditional", False)
    assert set(goal.rests_on) == {"weak_red_team", "evaders_differ", "slow_correction", "other_attackers"}
    assert worries(case, "open") == {"weak_red_team", "evaders_differ", "slow_correction"}
    assert worries(case, "informal") == {"other_attackers"}
    assert unused_assumptions(CLYMER, "safeguards_clymer") == {"uplift_measured", "attempt_time", "correction_time"}


def test_without_the_share_that_evades_the_goal_does_not_follow() -> None:
    case = case_in(CLYMER, "safeguards_uncounted")
    assert (case.claims["added_harm_is_tolerable"].step, case.passed) == ("invalid", False)


def test_the_repaired_safeguards_pass_on_novices() -> None:
    case = case_in(CLYMER, "safeguards_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("other_attackers",))
    assert worries(case, "dispelled") == {"slow_correction"}
    assert case.worries["slow_correction"].used == ("attempt_time", "correction_time")
    assert worries(case, "assumed") == {"weak_red_team", "evaders_differ"}


def test_the_figures_of_the_safeguards() -> None:
    attempts, added, damage, tolerated, share = 1000, Fraction(5, 100) - Fraction(1, 100), 100, 100, Fraction(2, 100)
    figures = {
        "added_without_safeguards": attempts * added * damage,
        "added_with_safeguards": attempts * added * damage * share,
        "added_if_evaders_succeed": attempts * damage * share,
        "largest_share": tolerated / (attempts * added * damage),
        "share_if_evaders_succeed": Fraction(tolerated, attempts * damage),
    }
    assert figures == {name: shown(CLYMER, "safeguards_clymer", name) for name in figures}
    assert [*figures.values()] == [4000, 80, 2000, Fraction(25, 1000), Fraction(1, 1000)]


@pytest.mark.parametrize(("share", "step"), [("2.5%", "valid"), ("2.51%", "invalid")])
def test_the_chain_of_bounds_says_what_the_product_says(share: str, step: str) -> None:
    """The goal holds up to the very share up to which the product of the four bounds is tolerated."""
    case = changed(
        CLYMER, "safeguards_repaired", ('needed (illustrative)" := 2%', f'needed (illustrative)" := {share}')
    )
    assert case.claims["added_harm_is_tolerable"].step == step


@pytest.mark.parametrize(("share", "step"), [("0.1%", "valid"), ("0.11%", "invalid")])
def test_without_a_word_on_evaders_the_share_has_to_be_smaller(share: str, step: str) -> None:
    """All that is left of `evaders_differ` is that nobody succeeds who has not evaded."""
    case = changed(
        CLYMER,
        "safeguards_repaired",
        ('needed (illustrative)" := 2%', f'needed (illustrative)" := {share}'),
        ("unless added_successes <= added_chance * evading", "unless added_successes <= evading"),
        (
            'is no larger for them." :\n      added_successes <= added_chance * evading',
            'is no larger for them." :\n      added_successes <= evading',
        ),
    )
    assert case.claims["added_harm_is_tolerable"].step == step


# -- the theories at the links that they serve ------------------------------------------------------------------------

PRESSURE = """
case c {{
  use evaluation as ev
  use optimisation_pressure as op with System = ev.System, flawed = ev.reported, metric = ev.metric,
    true_score = ev.true_score, inflation = ev.inflation, threshold = ev.threshold, budget = 8, raised_by = bound
  define bound(b: Real): Real := 1% * b
  assume little_pressure : forall s: ev.System. op.pressure(s) <= 8 owner "x"
  assume instrument : forall s: ev.System. ev.reported(s) implies ev.true_score(s) + op.margin <= ev.threshold owner "x"
  assume figures : ev.inflation = 8% and op.margin = 10% owner "x"
  {slope}
  answer ev.goodhart by op.no_flawed_system_passes
  goal g : forall s: ev.System. ev.reported(s) implies ev.metric(s) < ev.threshold by op.no_flawed_system_passes
}}
"""
SLOPE = 'assume slope : forall s: ev.System. ev.metric(s) <= ev.true_score(s) + bound(op.pressure(s)) owner "x"'


def test_limited_pressure_without_a_slope_closes_nothing() -> None:
    (case,) = check_text(PRESSURE.format(slope=""), today=TODAY).cases
    assert case.worries["op.uncounted_pressure"].status == "assumed"
    assert case.worries["op.unstated_slope"].status == "open"
    assert (case.worries["ev.goodhart"].status, case.claims["g"].status) == ("conditional", "conditional")
    assert case.worries["ev.goodhart"].rests_on == ("op.unstated_slope",)
    direct = PRESSURE.format(slope="").replace("goodhart by op.no_flawed_system_passes", "goodhart by little_pressure")
    (case,) = check_text(direct, today=TODAY).cases
    assert case.worries["ev.goodhart"].status == "open"


def test_limited_pressure_with_a_slope_answers_the_worry_of_the_spine() -> None:
    (case,) = check_text(PRESSURE.format(slope=SLOPE), today=TODAY).cases
    assert {case.worries[name].status for name in ("op.unstated_slope", "ev.goodhart")} == {"dispelled"}
    assert case.worries["op.unstated_slope"].used == ("figures", "slope")
    assert case.claims["g"].status == "established"
    assert (case.shows["op.inflation"], case.shows["op.margin"]) == ("2/25", "1/10")


def test_a_slope_that_is_too_steep_is_found_out() -> None:
    steep = PRESSURE.format(slope=SLOPE).replace("1% * b", "2% * b")
    (case,) = check_text(steep, today=TODAY).cases
    assert (case.worries["op.unstated_slope"].status, case.claims["g"].status) == ("open", "conditional")


STALE = """
case c {
  use evaluation as ev
  use stale_evidence as se with System = ev.System, Property = ev.Trajectory, has = ev.covered, today = 2026-11-24
  assume situations_shown : forall s: ev.System, t: ev.Trajectory. ev.threat(s, t)
    implies exists e: se.Evidence. se.relied_on(e, s) and se.shows(e, t) owner "x"
  assume dates : forall e: se.Evidence. se.valid_until(e) = 2027-01-31 owner "x"
  adopt se.signs_watched owner "x"
  assume versions : forall e: se.Evidence, s: ev.System. se.relied_on(e, s)
    implies se.about(e, s) or se.covered_successor(s, e) owner "x"
  adopt se.same_setting owner "x"
  adopt se.no_invalidating_change owner "x"
  answer ev.distribution_shift by situations_shown, se.shown_then_holds_now
  goal g : forall s: ev.System, t: ev.Trajectory. ev.threat(s, t) implies ev.covered(s, t)
    by situations_shown, se.shown_then_holds_now
}
"""


def test_evidence_in_force_answers_a_worry_of_the_spine() -> None:
    (case,) = check_text(STALE, today=TODAY).cases
    assert (case.worries["ev.distribution_shift"].status, case.claims["g"].status) == ("dispelled", "established")


@pytest.mark.parametrize(
    ("missing", "worry"),
    [
        ("adopt se.signs_watched", "se.overtaken"),
        ("assume versions", "se.other_version"),
        ("adopt se.same_setting", "se.reconfigured"),
        ("adopt se.no_invalidating_change", "se.successor_drift"),
        ("assume dates", "se.expired"),
    ],
)
def test_what_evidence_in_force_takes(missing: str, worry: str) -> None:
    start = STALE.index(missing)
    text = STALE[:start] + STALE[STALE.index('owner "x"', start) + len('owner "x"') :]
    (case,) = check_text(text, today=TODAY).cases
    assert worries(case, "open") & {name for name in case.worries if name.startswith("se.")} == {worry}
    assert case.worries["ev.distribution_shift"].status == "conditional"


def test_the_same_model_in_another_setting_is_no_evidence() -> None:
    """A score of the model alone bounds nothing for a person with the model, and with a bound on uplift it does."""
    (case,) = check_text(SETTINGS.format(uplift=""), today=TODAY).cases
    assert case.worries["ia.other_setting"].status == "open"
    assert case.worries["ia.other_setting"].scenario is not None
    bound = """assume uplift : forall t: ia.Task.
      ia.ability(ia.person_with_model, t) <= ia.ability(ia.model_alone, t) + 10 owner "x" """
    (case,) = check_text(SETTINGS.format(uplift=bound), today=TODAY).cases
    assert case.worries["ia.other_setting"].status == "dispelled"


SETTINGS = """
case c {{
  use inability as ia
  assume alone : forall t: ia.Task. ia.tested(ia.model_alone, t) owner "x"
  assume bars : forall t: ia.Task. ia.bar(t) = 20 and ia.threshold(t) = 30 owner "x"
  {uplift}
  goal g : forall r: ia.Risk. ia.acceptable(r) by ia.no_unacceptable_risk
}}
"""
