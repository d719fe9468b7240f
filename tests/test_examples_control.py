"""Examples about control and monitoring: what their comments say, the figures anew, and the theories behind them."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import beta, binom, hypergeom

from checker.report import CaseReport, Scenario
from tests.reports import case_in, check_text, codes, shown, worries

KORBAK = "control_korbak.case"
GREENBLATT = "monitoring_greenblatt.case"
HONEYPOTS = "monitoring_gardner_challis.case"
NOT_IN_THE_PAPER = "whoever relies on this argument (not the paper's authors)"


def used(case: CaseReport, worry: str) -> set[str]:
    return set(case.worries[worry].used)


def about(case: CaseReport, code: str) -> set[str | None]:
    """What the findings with this code are about."""
    return {found.about for found in case.findings if found.code == code}


def value(scenario: Scenario | None, symbol: str) -> Fraction:
    """The number that a scenario gives to a constant."""
    assert scenario is not None
    (fact,) = [fact for fact in scenario.facts if fact.symbol == symbol]
    return Fraction(str(fact.value))


def new_owners(file: str, variant: str, base: str) -> set[str | None]:
    """Who stands in for what a variant assumes beyond its base."""
    case, before = case_in(file, variant), case_in(file, base)
    return {case.assumptions[name].owner for name in set(case.assumptions) - set(before.assumptions)}


# -- control_korbak ----------------------------------------------------------------------------------------------------

INCOMPARABLE = {"co.incomparable_attacks", "co.incomparable_protocols"}


def test_korbak_does_not_follow() -> None:
    case = case_in(KORBAK, "control_korbak")
    goal = case.claims["deployment_is_safe_enough"]
    assert (goal.step, case.verdict, case.passed) == ("invalid", "unproved", False)
    assert value(goal.scenario, "co.risk") >= Fraction(1, 1000)
    assert goal.rests_on == ("correlated_failures",)
    assert codes(case, "error") == {"invalid-step"}


def test_korbak_leaves_open_that_risk_goes_with_strength_and_effectiveness() -> None:
    case = case_in(KORBAK, "control_korbak")
    assert worries(case, "open") == INCOMPARABLE
    assert all(len(case.worries[name].mitigations) == 2 for name in INCOMPARABLE)
    assert worries(case, "assumed") == {
        "co.weak_red_team",
        "co.protocol_drift",
        "co.optimistic_extrapolation",
        "co.estimate_too_high",
    }
    assert worries(case, "refuted") == {"numbers_disagree"}
    assert worries(case, "informal") == {"correlated_failures"}
    assert case.worries["co.optimistic_extrapolation"].rests_on == ("correlated_failures",)


def test_korbak_repaired_passes_with_two_assumptions_more() -> None:
    case = case_in(KORBAK, "control_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("correlated_failures",))
    assert set(case.assumptions) - set(case_in(KORBAK, "control_korbak").assumptions) == {
        "co.stronger_means_riskier",
        "co.effectiveness_means_safety",
    }
    assert new_owners(KORBAK, "control_repaired", "control_korbak") == {NOT_IN_THE_PAPER}
    assert worries(case, "assumed") >= INCOMPARABLE | {"numbers_disagree"}


def test_korbak_by_counting_is_refuted() -> None:
    case = case_in(KORBAK, "control_by_counting")
    assert not case.passed
    assert worries(case, "refuted") == {"co.estimate_too_high"}
    assert used(case, "co.estimate_too_high") == {"proxy_tasks_as_printed", "estimate_by_counting"}
    assert set(case.rests_on) == {"co.estimate_too_high", "correlated_failures"}


def test_what_counting_can_show() -> None:
    rate = shown(KORBAK, "control_korbak", "rate_by_counting")
    exact = float(beta.ppf(0.95, 1, 2000))  # the one-sided bound of Clopper and Pearson for 0 of 2000
    assert exact == pytest.approx(1 - 0.05 ** (1 / 2000))
    assert exact <= rate <= exact * 1.01
    assert shown(KORBAK, "control_korbak", "expected_by_counting") == 100_000 * rate == 150
    needed = shown(KORBAK, "control_korbak", "clean_tasks_needed")
    assert needed == 300_000_000
    assert float(beta.ppf(0.95, 1, int(needed))) * 100_000 == pytest.approx(0.001, rel=0.01)


def test_how_many_attacks_have_to_be_decided() -> None:
    needed = int(shown(KORBAK, "control_korbak", "decisive_attacks_needed"))
    assert needed > 2000
    assert binom.pmf(0, needed, 0.001) < 0.05 < binom.pmf(0, needed - 1, 0.001)


# -- monitoring_greenblatt ---------------------------------------------------------------------------------------------

FOUR = {"better_attacker", "patient_attacker", "mo.exhausted_budget", "mo.unheeded_catch"}


def test_greenblatt_rests_on_four_open_worries() -> None:
    case = case_in(GREENBLATT, "monitoring_greenblatt")
    goal = case.claims["few_backdoors"]
    assert (goal.step, goal.status, set(goal.rests_on)) == ("valid", "conditional", FOUR)
    assert (case.verdict, case.passed) == ("conditional", False)
    assert worries(case, "open") == FOUR
    assert worries(case, "assumed") == {"mo.blind_monitor", "mo.lenient_audit", "mo.late_catch"}
    assert worries(case, "dispelled") == {"mo.collusion"}
    assert about(case, "unused-assumption") == {"audits_within_budget"}
    assert not codes(case, "error")


def test_greenblatt_tells_of_a_backdoor_that_is_flagged_and_not_audited() -> None:
    scenario = case_in(GREENBLATT, "monitoring_greenblatt").worries["mo.exhausted_budget"].scenario
    assert scenario is not None
    assert {"the monitor flags solution1", "solution1 is not audited"} <= set(scenario.story)


def test_greenblatt_repaired_is_established() -> None:
    case = case_in(GREENBLATT, "monitoring_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("established", True, ())
    assert worries(case, "dispelled") == FOUR | {"mo.collusion"}
    assert new_owners(GREENBLATT, "monitoring_repaired", "monitoring_greenblatt") == {NOT_IN_THE_PAPER}
    assert not codes(case, "error") | codes(case, "warning")


def test_greenblatt_without_a_halt_is_refuted() -> None:
    case = case_in(GREENBLATT, "monitoring_without_halt")
    assert (case.passed, worries(case, "refuted"), case.rests_on) == (
        False,
        {"mo.unheeded_catch"},
        ("mo.unheeded_catch",),
    )
    assert "no_end" in used(case, "mo.unheeded_catch")


def race(attempts: list[tuple[float, float]]) -> float:
    """The probability that something slips through before anything is caught."""
    lost, undecided = 0.0, 1.0
    for slip, catch in attempts:
        lost += undecided * slip
        undecided *= 1 - slip - catch
    return lost


def test_the_race_is_bounded_however_often_and_however_cleverly_it_is_run() -> None:
    bound = shown(GREENBLATT, "monitoring_greenblatt", "example_bound")
    catch = shown(GREENBLATT, "monitoring_greenblatt", "example_catch")
    assert bound == shown(GREENBLATT, "monitoring_greenblatt", "share_lost") == Fraction(38, 100)
    assert bound == Fraction(1, 100) / (Fraction(1, 100) + catch)
    assert float(bound) - 1e-9 <= race([(0.01, float(catch))] * 2000) <= float(bound)
    draw = random.Random(0)
    for _ in range(200):
        # Chances that change at every attempt, at the worst odds that are allowed.
        decided = [draw.random() for _ in range(draw.randrange(1, 60))]
        assert race([(0.38 * d, 0.62 * d) for d in decided]) <= 0.38 + 1e-12


def test_without_a_halt_500_attempts_succeed() -> None:
    figure = shown(GREENBLATT, "monitoring_without_halt", "attempts_go_on")
    assert figure <= float(binom.sf(0, 500, 0.01)) < figure + Fraction(1, 1000)


# -- monitoring_gardner_challis ----------------------------------------------------------------------------------------

AFTER_A_FLAG = {"mo.exhausted_budget", "mo.late_catch", "mo.unheeded_catch"}
DESIGNS = {
    "twenty": (20, 0),
    "fifty": (50, 0),
    "fifty_slack_1": (50, 1),
    "fifty_slack_2": (50, 2),
    "fifty_slack_5": (50, 5),
    "five_hundred": (500, 0),
}


def largest(honeypots: int, slack: int) -> float:
    """The most likely that a monitor passes and misses, over all chances of a miss."""
    found = minimize_scalar(
        lambda f: -float(binom.cdf(slack, honeypots, f)) * f,
        bounds=(0, 1 if honeypots < 100 else 0.1),
        method="bounded",
        options={"xatol": 1e-10},
    )
    grid = max(float(binom.cdf(slack, honeypots, i / 2000)) * i / 2000 for i in range(2001))
    return max(-float(found.fun), grid)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_table_of_bounds(design: str) -> None:
    honeypots, slack = DESIGNS[design]
    bound = shown(HONEYPOTS, "monitoring_gardner_challis", f"bound({design})")
    exact = largest(honeypots, slack)
    assert exact <= bound <= exact * 1.02
    if slack == 0:
        assert exact == pytest.approx(float(Fraction(honeypots**honeypots, (honeypots + 1) ** (honeypots + 1))))


def test_exchangeable_misses() -> None:
    """Whichever number of attack and honeypots is missed, in whichever order, and at worst as often as stated."""
    honeypots = int(shown(HONEYPOTS, "monitoring_gardner_challis", "honeypots(design)"))
    slack = int(shown(HONEYPOTS, "monitoring_gardner_challis", "slack(design)"))
    assert (honeypots, slack) == DESIGNS["fifty_slack_1"]
    # Of all items k are missed; one of them is the attack. It passes if that one is missed and few others are.
    worst = max(
        float(hypergeom.pmf(1, honeypots + 1, missed, 1)) if missed - 1 <= slack else 0
        for missed in range(honeypots + 2)
    )
    assert worst == pytest.approx(float(shown(HONEYPOTS, "monitoring_gardner_challis", "exchangeable_bound")))


def test_honeypots_rest_on_five_worries() -> None:
    case = case_in(HONEYPOTS, "monitoring_gardner_challis")
    goal = case.claims["few_attacks_pass"]
    assert (goal.step, goal.status) == ("valid", "conditional")
    assert set(goal.rests_on) == AFTER_A_FLAG | {"self_recognition", "slack_unsettled"}
    assert (case.verdict, case.passed) == ("conditional", False)
    assert worries(case, "open") == AFTER_A_FLAG | {"self_recognition"}
    assert worries(case, "informal") == {"slack_unsettled"}
    assert worries(case, "dispelled") == {"dependent_misses", "mo.blind_monitor"}
    assert worries(case, "assumed") == {"used_anyway", "mo.lenient_audit", "mo.collusion"}
    assert used(case, "mo.collusion") == {"failed_is_not_used"}
    assert not codes(case, "error") | codes(case, "warning")


def test_without_indistinguishability_nothing_is_bounded() -> None:
    scenario = case_in(HONEYPOTS, "monitoring_gardner_challis").worries["self_recognition"].scenario
    assert value(scenario, "miss_honeypot") == 0
    assert value(scenario, "miss_attack") == 1


def test_honeypots_repaired_passes() -> None:
    case = case_in(HONEYPOTS, "honeypots_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("slack_unsettled",))
    assert worries(case, "dispelled") >= AFTER_A_FLAG | {"self_recognition"}
    assert new_owners(HONEYPOTS, "honeypots_repaired", "monitoring_gardner_challis") == {NOT_IN_THE_PAPER}
    assert not codes(case, "error") | codes(case, "warning")


def test_one_miss_more_is_too_many() -> None:
    case = case_in(HONEYPOTS, "honeypots_more_slack")
    goal = case.claims["few_attacks_pass"]
    assert (goal.step, case.passed) == ("invalid", False)
    assert shown(HONEYPOTS, "honeypots_more_slack", "slack(design)") == 2
    bound = shown(HONEYPOTS, "honeypots_more_slack", "bound(fifty_slack_2)")
    assert Fraction(2, 100) < value(goal.scenario, "harm_chance") <= bound
    bounds = [shown(HONEYPOTS, "honeypots_more_slack", f"bound({design})") for design in DESIGNS]
    assert bounds[1:5] == sorted(bounds[1:5])


def test_a_monitor_that_knows_its_own_work_is_refuted() -> None:
    case = case_in(HONEYPOTS, "honeypots_colluding")
    assert (worries(case, "refuted"), case.passed) == ({"self_recognition"}, False)
    assert used(case, "self_recognition") == {"knows_its_own_work"}


def test_for_20_honeypots_the_checker_shows_the_bound_itself() -> None:
    case = case_in(HONEYPOTS, "honeypots_by_algebra")
    claim = case.claims["bound_for_every_chance"]
    assert (claim.status, claim.used) == ("established", ("chances",))
    assert "honeypot_bound" not in case.assumptions
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("slack_unsettled",))


# -- what the theories are arguments for -------------------------------------------------------------------------------

SPINE = """
case c {
  use evaluation as ev with caught = kept_out, exhibits = put_forward

  predicate in_use(s: ev.System) "{s} is in use"
  define kept_out(s: ev.System) := not in_use(s)
  define good_enough(s: ev.System) := ev.threshold <= ev.metric(s)
  use gate with Action = ev.System, takes_effect = in_use, approved = good_enough
  adopt gate.complete_mediation owner "x"
  adopt gate.hold_until_decided owner "x"
  adopt gate.refusals_on_record owner "x"
  adopt gate.fence_on_cancel owner "x"
  answer ev.unenforced_gate by gate.only_the_approved

  define shown_bad(s: ev.System) :=
    exists t: ev.Trajectory, p: ev.Step.
      put_forward(ev.controller, s, t) and ev.step_of(p, t) and ev.pointed_out(p, t) and ev.judged_harmful(p)
  use monitoring as mo with Attack = ev.System, Action = ev.Step, attempted = shown_bad, stopped = ev.reported
  adopt mo.capable_monitor owner "x"
  adopt mo.trusted_monitor owner "x"
  adopt mo.flags_wait owner "x"
  adopt mo.plain_to_auditors owner "x"
  adopt mo.held_for_the_verdict owner "x"
  adopt mo.catch_and_halt owner "x"
  answer ev.collusion by mo.attacks_are_stopped

  predicate shows(a: ev.Actor, s: ev.System, t: ev.Trajectory) "{a} shows {t} of {s}"
  predicate brought_to_light(t: ev.Trajectory) "a repetition brings {t} to light"
  define put_forward(a: ev.Actor, s: ev.System, t: ev.Trajectory) := shows(a, s, t) or brought_to_light(t)
  define left_out(t: ev.Trajectory) :=
    exists s: ev.System. ev.threat(s, t) and ev.can_find(ev.controller, s, t) and not shows(ev.controller, s, t)
  use research_environment as re
    with Result = ev.Trajectory, counted = true, misleading = left_out, exposed = brought_to_light
  adopt re.repeated_independently owner "x"
  adopt re.judges_set_apart owner "x"
  adopt re.rerun_by_people owner "x"
  answer ev.under_elicitation by re.no_unseen_falsehood

  goal g : forall s: ev.System. ev.produced(s) and ev.unsafe(s) implies kept_out(s) by ev.catches_unsafe
}
"""


@pytest.mark.parametrize(
    ("link", "mitigation", "worry"),
    [
        ("ev.unenforced_gate", "gate.refusals_on_record", "gate.broken_gate"),
        ("ev.collusion", "mo.trusted_monitor", "mo.collusion"),
        ("ev.under_elicitation", "re.repeated_independently", "re.sabotage"),
    ],
)
def test_claims_answer_links_of_the_evaluation(link: str, mitigation: str, worry: str) -> None:
    """They dispel the link if all their worries are answered, and hand on the one that is not."""
    (case,) = check_text(SPINE, today=date(2026, 11, 24)).cases
    assert case.worries[link].status == "dispelled"
    (case,) = check_text(SPINE.replace(f'adopt {mitigation} owner "x"', ""), today=date(2026, 11, 24)).cases
    assert (case.worries[link].status, case.worries[link].rests_on) == ("conditional", (worry,))


UNDER_CONTROL = """
case c {
  use control as co
  define under_control := forall a: co.Attack. co.can_make(a) implies co.risk(a, co.deployed) < co.tolerated
  use research_environment as re with controlled = under_control
  assume spoilt_shows : under_control implies forall r: re.Result. re.counted(r) and re.sabotaged(r)
    implies re.exposed(r) owner "x"
  answer re.sabotage by co.risk_is_tolerable, spoilt_shows
  goal g : forall r: re.Result. re.counted(r) and re.misleading(r) implies re.exposed(r) by re.no_unseen_falsehood
}
"""


def test_a_control_argument_stands_behind_a_controlled_controller() -> None:
    (case,) = check_text(UNDER_CONTROL, today=date(2026, 11, 24)).cases
    found = case.worries["re.sabotage"]
    assert found.status == "conditional"
    assert set(found.rests_on) == {name for name in case.worries if name.startswith("co.")}


GATED_MONITORING = """
case c {
  use monitoring as mo
  use gate with Action = mo.Action, takes_effect = mo.takes_effect, approved = uncondemned
  define uncondemned(a: mo.Action) := not mo.condemned(a)
  assume a_part_missing : forall t: mo.Attack, a: mo.Action.
    mo.part_of(a, t) and not mo.takes_effect(a) implies mo.stopped(t) owner "x"
  answer mo.unheeded_catch by gate.only_the_approved, a_part_missing
  goal g : forall t: mo.Attack. mo.attempted(t) implies mo.stopped(t) by mo.attacks_are_stopped
}
"""


def test_a_gate_makes_verdicts_count() -> None:
    (case,) = check_text(GATED_MONITORING, today=date(2026, 11, 24)).cases
    found = case.worries["mo.unheeded_catch"]
    assert found.status == "conditional"
    assert set(found.rests_on) == {name for name in case.worries if name.startswith("gate.")}
