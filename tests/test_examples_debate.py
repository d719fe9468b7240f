"""The examples about debate and supervision: what their comments say, and the figures in them computed anew."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from scipy.stats import beta, binom

from checker.report import CaseReport, Scenario
from tests.reports import ROOT, case_in, check_text, codes, shown, worries

EFFICIENT = "debate_doubly_efficient.case"
BUHL = "debate_buhl.case"
TRANSFER = "supervision_transfer.case"
TODAY = date(2026, 11, 24)


def about(case: CaseReport, code: str) -> list[str | None]:
    """What the findings with this code are about."""
    return [found.about for found in case.findings if found.code == code]


def value(scenario: Scenario | None, symbol: str, *args: str) -> Fraction:
    """The number that a scenario gives to a symbol."""
    assert scenario is not None
    (fact,) = [fact for fact in scenario.facts if fact.symbol == symbol and fact.args == args]
    return Fraction(str(fact.value))


# -- doubly-efficient debate -------------------------------------------------------------------------------------------

# The parameters of the Lean proof, scaled as in the example: v, K c, K s, K b, q (t + 1), w, d.
V, KC, KS, KB, QT = (Fraction(percent, 100) for percent in (1, 1, 2, 5, 1))
W, D = Fraction(2, 3), Fraction(3, 5)


def soundness(x: Fraction) -> Fraction:
    return (1 - V) * (1 - QT) * (x - KB)


def test_the_theorem_is_established_and_its_use_is_not() -> None:
    case = case_in(EFFICIENT, "debate_doubly_efficient")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert case.claims["completeness"].status == case.claims["soundness"].status == "established"
    goal = case.claims["wrong_answers_lose"]
    assert (goal.step, goal.status) == ("valid", "conditional")
    assert set(goal.rests_on) == {"db.wrong_question", "db.unplayed", "db.captured_judge", "db.human_error"}
    assert worries(case, "open") == {*goal.rests_on, "unaffordable"}
    assert worries(case, "dispelled") == {"db.unstable", "db.unsound_rules"}
    assert worries(case, "assumed") == {"db.obfuscated"}
    assert not codes(case, "error")
    assert not codes(case, "warning")


def test_debate_stands_or_falls_with_a_hundredth_of_human_error() -> None:
    good = case_in(EFFICIENT, "debate_good_judges")
    assert (good.verdict, good.passed) == ("established", True)
    sloppy = case_in(EFFICIENT, "debate_sloppy_judges")
    assert (sloppy.verdict, sloppy.passed, sloppy.rests_on) == ("conditional", False, ("db.human_error",))
    assert worries(sloppy, "refuted") == {"db.human_error"}
    assert Fraction(10, 100) < shown(EFFICIENT, "debate_good_judges", "tolerated") < Fraction(11, 100)


def test_the_default_parameters_meet_the_conditions_and_inequalities_of_the_proof() -> None:
    assert 0 < KC < KS < KB <= W
    assert 0 < QT <= V <= 1
    completeness = (1 - V) * (W - KC - QT)
    assert shown(EFFICIENT, "debate_doubly_efficient", "completeness_at_default") == completeness >= D
    assert shown(EFFICIENT, "debate_doubly_efficient", "soundness_at_default") == soundness(W) >= D


@pytest.mark.parametrize("steps", [1, 2, 10, 100])
def test_erring_once_in_any_step_is_no_likelier_than_the_bound_that_is_used(steps: int) -> None:
    """The proof has (1 - q)^(t + 1) first and 1 - q (t + 1) in its parameters; the latter is the smaller one."""
    assert (1 - QT / steps) ** steps >= 1 - QT


def test_the_tolerance_is_rounded_to_the_safe_side_and_no_further() -> None:
    exact = shown(EFFICIENT, "debate_doubly_efficient", "exact_tolerance")
    assert soundness(W - exact) == Fraction(1, 2)
    assert exact == Fraction(37, 60) - Fraction(5000, 9801)
    tolerated = shown(EFFICIENT, "debate_doubly_efficient", "tolerated")
    assert soundness(W - tolerated) > Fraction(1, 2) > soundness(W - tolerated - Fraction(1, 10_000))
    rounded = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.0001"), ROUND_DOWN)
    assert tolerated == Fraction(rounded)


def test_the_checker_finds_the_tolerance_just_enough() -> None:
    text = (ROOT / "examples" / EFFICIENT).read_text(encoding="utf-8")
    more, changed = re.subn(r":= 0\.1065\b", ":= 0.1066", text)
    assert changed == 1
    report = check_text(more, folder=ROOT / "examples", today=TODAY, only=["debate_doubly_efficient"])
    assert report.cases[0].worries["db.unsound_rules"].status == "open"


def samples(error: float, failure: float) -> int:
    """How many draws the proof takes to estimate a chance."""
    return math.ceil(-math.log(failure / 2) / (2 * error**2))


def test_judges_give_as_many_answers_as_the_proof_says_at_most() -> None:
    verdict = samples(float(KS - KC) / 2, float(V))
    assert verdict == 105_967 <= shown(EFFICIENT, "debate_doubly_efficient", "judge_answers") == 106_001
    # So many draws suffice, even of a fair coin: their mean is off by (s - c)/2 with a probability below v.
    far = verdict * (0.5 - float(KS - KC) / 2)
    assert 2 * binom.cdf(math.floor(far), verdict, 0.5) < float(V)
    # At K = 10 the errors to be told apart are ten times as small.
    assert samples(float(KS - KC) / 20, float(V)) / verdict == pytest.approx(100, rel=1e-4)


def test_opponents_ask_as_often_as_the_proof_says_at_most() -> None:
    steps = 100
    queries = steps * (20_000 / 9 * math.log(200 * steps) + 1)
    bound = shown(EFFICIENT, "debate_doubly_efficient", "opponent_queries")
    assert queries <= bound <= queries * 1.0001
    assert steps * samples(float(KB - KS) / 2, float(QT) / steps) <= bound


def test_sensitivity_can_be_as_large_as_the_number_of_judgements() -> None:
    """Where all of n judgements have to be right, an error of e in each moves the outcome by almost n times e."""
    n, error = 100, Fraction(1, 10**6)
    moved = 1 - (1 - error) ** n
    assert n * error * Fraction(999, 1000) < moved <= n * error
    allowed = shown(EFFICIENT, "debate_doubly_efficient", "tolerated") / n
    assert allowed == pytest.approx(0.001, rel=0.1)


# -- the debate safety case --------------------------------------------------------------------------------------------


def test_three_claims_of_the_debate_case_do_not_follow() -> None:
    case = case_in(BUHL, "debate_buhl")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert {name: claim.step for name, claim in case.claims.items() if "." not in name} == {
        "c1": "invalid",
        "c2": "invalid",
        "c3": "valid",
        "c4": "invalid",
        "no_sabotage": "valid",
    }
    assert set(case.claims["no_sabotage"].rests_on) == {"c1", "c2", "c4", "db.captured_judge"}
    assert worries(case, "open") == {"tr.exploration_hacking", "tr.concentrated_errors", "db.captured_judge"}
    assert case.worries["tr.exploration_hacking"].cites == ("efficient_models_exist", "training_converged")
    assert case.worries["tr.concentrated_errors"].cites == ("low_stakes", "figures")
    assert case.worries["db.captured_judge"].cites is None
    assert worries(case, "conditional") == {"tr.wrong_signal", "db.unplayed"}
    assert worries(case, "dispelled") == {"tr.distribution_shift", "tr.high_stakes"}
    assert len(worries(case, "assumed")) == 8
    assert about(case, "invalid-step") == ["c1", "c2", "c4"]
    unused = {"efficient_models_exist", "m_approximation", "truth_of_m", "errors_are_irregular"}
    assert set(about(case, "unused-assumption")) == unused
    assert codes(case, "warning") == {"unused-assumption"}


def test_what_was_never_tried_may_be_better() -> None:
    scenario = case_in(BUHL, "debate_buhl").claims["c1"].scenario
    assert value(scenario, "attainable") > value(scenario, "tr.explored")


def test_debates_may_lead_to_where_people_are_wrong() -> None:
    scenario = case_in(BUHL, "debate_buhl").claims["c2"].scenario
    assert value(scenario, "natural_error") <= Fraction(2, 100)
    assert value(scenario, "strays_from_m") <= Fraction(1, 100)
    assert value(scenario, "induced_error") > 2 * Fraction(2, 100)


def test_few_errors_on_average_may_fall_into_one_window() -> None:
    scenario = case_in(BUHL, "debate_buhl").claims["c4"].scenario
    errors = [value(scenario, "errors", f"window_{number}") for number in range(1, 7)]
    assert max(errors) == sum(errors) == 3 == Fraction(5, 100) * 60


def test_the_repaired_debate_case_passes() -> None:
    case = case_in(BUHL, "debate_buhl_repaired")
    assert (case.verdict, case.passed) == ("established", True)
    added = {"exploration_guarantee", "density_ratio", "tr.errors_not_timed", "db.inert_and_apart"}
    assert set(case.assumptions) - set(case_in(BUHL, "debate_buhl").assumptions) == added
    assert all("not the paper's authors" in (case.assumptions[name].owner or "") for name in added)
    assert not codes(case, "warning")


def test_a_stop_rule_makes_the_argument_about_debate_idle() -> None:
    case = case_in(BUHL, "debate_buhl_stopped")
    assert case.passed
    assert case.claims["no_sabotage"].unused == ("c3",)
    assert codes(case, "warning") == {"unneeded-citation"}


def test_independent_errors_pile_up_too() -> None:
    window = float(binom.sf(2, 10, 0.05))
    some = 1 - (1 - window) ** 6
    assert window <= shown(BUHL, "debate_buhl", "three_in_a_window") < window + 1e-4
    assert some <= shown(BUHL, "debate_buhl", "three_in_some_window") < some + 1e-4
    figures = (ROOT / "specs" / "training.case").read_text(encoding="utf-8")
    assert f"with probability {window:.4f}, if independent." in figures


# -- process supervision and transfer ----------------------------------------------------------------------------------


def test_neither_steps_nor_proxies_carry_over_by_themselves() -> None:
    case = case_in(TRANSFER, "supervision_transfer")
    assert (case.verdict, case.passed) == ("unproved", False)
    assert case.claims["whole_is_harmless"].step == case.claims["deployment_errs_little"].step == "invalid"
    assert case.claims["proxies_err_little"].status == "established"
    assert worries(case, "open") == {"ps.emergence", "no_proxy", "harder_than_proxy"}
    assert worries(case, "dispelled") == {"ps.bootstrapping"}
    assert set(about(case, "unused-assumption")) == {"prm_beats_orm", "steps_pass"}


def test_the_repaired_supervision_case_passes_and_still_needs_no_comparison_of_methods() -> None:
    case = case_in(TRANSFER, "supervision_repaired")
    assert (case.verdict, case.passed) == ("established", True)
    assert worries(case, "dispelled") == {"ps.emergence", "ps.bootstrapping"}
    assert worries(case, "assumed") == {"no_proxy", "harder_than_proxy"}
    assert about(case, "unused-assumption") == ["prm_beats_orm"]
    added = {"harm_adds_up", "little_interplay", "one_of_each_kind", "bounded_step_up"}
    assert set(case.assumptions) - set(case_in(TRANSFER, "supervision_transfer").assumptions) == added


def test_four_steps_and_their_pairs() -> None:
    pairs = len(list(combinations(range(4), 2)))
    bound = shown(TRANSFER, "supervision_transfer", "whole_at_most")
    assert bound == 4 * Fraction(1, 100) + pairs * Fraction(1, 1000) <= Fraction(5, 100)


def test_figures_of_the_process_reward_model() -> None:
    problems, process, outcome = 500, Fraction(782, 1000), Fraction(724, 1000)
    assert (process * problems).denominator == (outcome * problems).denominator == 1
    assert shown(TRANSFER, "supervision_transfer", "advantage") == process - outcome
    wrong = problems - int(process * problems)
    assert wrong == 109
    bound = shown(TRANSFER, "supervision_transfer", "wrong_at_most")
    assert beta.ppf(0.95, wrong + 1, problems - wrong) <= bound < beta.ppf(0.95, wrong + 1, problems - wrong) + 1e-3
    # What the bound means: at any larger rate, so few wrong solutions have a probability below 5%.
    assert binom.cdf(wrong, problems, float(bound)) < 0.05


# -- the theories behind them ------------------------------------------------------------------------------------------

SPINE = """
case spine {
  use evaluation as ev
  use debate as whole with Argument = ev.Trajectory, Point = ev.Step, debated = ev.exhibited, part_of = ev.step_of,
    wrong = hides_harm, rejected = pointed_out
  use debate as part with Argument = ev.Step, debated = before_judges, wrong = ev.harmful_step,
    rejected = ev.judged_harmful

  define hides_harm(t: ev.Trajectory) := exists p: ev.Step. ev.step_of(p, t) and ev.harmful_step(p)
  define pointed_out(t: ev.Trajectory) :=
    exists p: ev.Step. ev.step_of(p, t) and ev.harmful_step(p) and ev.pointed_out(p, t)
  define before_judges(p: ev.Step) :=
    exists t: ev.Trajectory. ev.exhibited(t) and ev.step_of(p, t) and ev.pointed_out(p, t)

  answer ev.oversight.obfuscated_arguments by whole.wrong_arguments_lose
  answer ev.oversight.systematic_errors by part.wrong_arguments_lose
  goal g : forall s: ev.System. ev.produced(s) and ev.unsafe(s) implies ev.caught(s) by ev.catches_unsafe
}
"""


def test_debate_argues_for_two_links_of_an_evaluation() -> None:
    (case,) = check_text(SPINE, today=TODAY).cases
    for worry, alias in (("obfuscated_arguments", "whole"), ("systematic_errors", "part")):
        link = case.worries[f"ev.oversight.{worry}"]
        assert link.status == "conditional"
        assert set(link.rests_on) == {name for name in case.worries if name.startswith(f"{alias}.")}
    assert not {"ev.oversight.obfuscated_arguments", "ev.oversight.systematic_errors"} & set(case.rests_on)


@pytest.mark.parametrize("name", [EFFICIENT, BUHL, TRANSFER])
def test_whatever_a_repair_adds_is_owned_by_whoever_relies_on_it(name: str) -> None:
    text = (ROOT / "examples" / name).read_text(encoding="utf-8")
    for variant in re.findall(r"^variant .*?^}", text, re.MULTILINE | re.DOTALL):
        owners = re.findall(r'owner "([^"]*)"', variant)
        statements = re.findall(r"^  (?:assume|adopt) ", variant, re.MULTILINE)
        assert len(owners) == len(statements)
        assert all(re.fullmatch(r"whoever relies on this argument \(not the papers?'s? authors\)", o) for o in owners)
