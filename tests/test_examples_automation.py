"""The examples on levels of automation: what their comments say the checker finds, it finds."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest

from checker.report import CaseReport, Reading
from tests.reports import ROOT, case_in, check, check_text, codes, report_on, worries

FOUR = {
    "ev.process.emergence",
    "ev.process.bootstrapping",
    "ev.oversight.obfuscated_arguments",
    "ev.oversight.systematic_errors",
}
SEARCH = {"hp.search.sandbagging", "hp.search.weak_methods", "hp.search.unwilling_searcher"}
NO_PRECISION = {"hp.inconclusive_as_fail", "hp.false_alarm", "hp.fake_honeypot"}
NOT_IN_THE_SOURCE = "whoever relies on this argument (not the source's authors)"


def about(case: CaseReport, code: str) -> set[str]:
    """What the findings of this code are about."""
    return {found.about for found in case.findings if found.code == code and found.about is not None}


def used(case: CaseReport, worry: str) -> set[str]:
    return set(case.worries[worry].used)


# -- level2_scheme -----------------------------------------------------------------------------------------------------


def level2() -> CaseReport:
    return case_in("level2_scheme.case", "level2_scheme")


def test_level2_leaves_the_four_worries_of_the_source_open() -> None:
    case = level2()
    assert (case.verdict, case.passed) == ("conditional", False)
    assert case.shows == {"au.level": "2", "au.effective_level": "1"}
    assert worries(case, "open") == FOUR
    assert worries(case, "accepted") == {"acceleration", "ev.latent_harm"}
    goal = case.claims["no_unsafe_submodel"]
    assert (goal.step, set(goal.rests_on)) == ("valid", FOUR | {"ev.latent_harm"})
    assert not codes(case, "error") | codes(case, "warning")


def test_level2_answers_links_of_the_spine_by_claims_of_other_theories() -> None:
    case = level2()
    assert worries(case, "dispelled") == {
        "au.mislabelled",
        "au.deference",
        "au.unvalidated_grader",
        "au.unread_yardstick",
        "ev.evaluation_awareness",
        "ev.unfindable",
        "ev.under_elicitation",
        "ev.collusion",
    }
    assert used(case, "ev.evaluation_awareness") == {"hp.some_honeypot_works"}
    assert used(case, "ev.unfindable") == {"hp.one_is_in_reach"}
    assert used(case, "ev.under_elicitation") == {"hp.search.what_can_be_found_is_shown"}
    assert used(case, "ev.collusion") == {"condemned_means_failed", "verdicts_reach_report"}


def test_level2_assumes_what_elicitation_and_honeypots_take() -> None:
    case = level2()
    assert worries(case, "assumed") >= SEARCH | {"hp.no_honeypot", "hp.recognised", "hp.out_of_reach"}
    assert worries(case, "assumed") >= {"ev.distribution_shift", "ev.unenforced_gate", "ev.goodhart"}
    assert used(case, "ev.goodhart") == {"ev.bounded_inflation"}


def test_that_a_honeypot_looks_bad_is_what_the_four_worries_stand_for() -> None:
    case = level2()
    claim = case.claims["looks_bad"]
    assert (claim.step, set(claim.rests_on)) == ("valid", FOUR)
    assert set(claim.used) == {"condemned_means_failed", *FOUR}
    worry = case.worries["hp.looks_harmless"]
    assert (worry.status, set(worry.rests_on)) == ("conditional", FOUR)
    assert set(case.claims["report_is_complete"].rests_on) == FOUR


def test_level2_concludes_nothing_from_a_stop() -> None:
    case = level2()
    assert all(used(case, worry) == {"stops_are_precautions"} for worry in NO_PRECISION)
    assert about(case, "vacuous-worry") == NO_PRECISION | {
        "au.unvalidated_grader",
        "au.loose_details",
        "au.unread_yardstick",
    }


def test_level2_repaired_passes_with_statements_that_are_not_in_the_source() -> None:
    case = case_in("level2_scheme.case", "level2_repaired")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("ev.latent_harm",))
    assert worries(case, "accepted") == {"acceleration", "ev.latent_harm"}
    assert worries(case, "dispelled") >= FOUR | {"hp.looks_harmless"}
    assert all(len(used(case, worry)) == 2 for worry in FOUR)
    added = set(case.assumptions) - set(level2().assumptions)
    assert added == {name for worry in FOUR for name in used(case, worry)}
    assert {case.assumptions[name].owner for name in added} == {NOT_IN_THE_SOURCE}
    assert not codes(case, "error") | codes(case, "warning")


# -- adversarial_probing -----------------------------------------------------------------------------------------------

STRONGER = {"attacker_rewrites", "attacker_elicited"}
LEFT = {"controller_builds_honeypots", "controller_elicited"}


def probing(name: str) -> CaseReport:
    return case_in("adversarial_probing.case", name)


def as_it_reads(case: CaseReport) -> Reading:
    assert case.strength is not None
    assert case.strength.ported is not None
    return case.strength.ported


def test_the_duties_of_level_1_are_those_of_level_2() -> None:
    case = probing("written_by_people")
    assert case.shows == {"au.level": "1", "au.effective_level": "1"}
    assert worries(case, "open") == FOUR
    assert "au.loose_details" in about(level2(), "vacuous-worry") - about(case, "vacuous-worry")
    assert used(case, "au.loose_details") == {"details_are_harmless"}
    assert (case.verdict, case.passed) == ("conditional", False)


def test_what_the_controller_is_able_to_do_does_not_port() -> None:
    case = probing("adversarial_probing")
    assert set(case.changed) & set(case.assumptions) == set()
    assert set(case.changed) == LEFT
    carried = set(probing("written_by_people").assumptions) - LEFT
    assert set(case.assumptions) == carried | STRONGER


def test_statements_only_slightly_stronger_suffice() -> None:
    case = probing("adversarial_probing")
    assert worries(case, "open") == FOUR
    assert used(case, "hp.out_of_reach") == {"attacker_rewrites"}
    assert used(case, "hp.search.sandbagging") == {"attacker_elicited"}
    assert {"hp.out_of_reach", "hp.search.sandbagging"} <= worries(case, "assumed")
    assert {"ev.unfindable", "ev.under_elicitation"} <= worries(case, "dispelled")
    assert case.shows["au.level"] == "1"
    assert (case.verdict, case.passed) == ("conditional", False)
    assert not codes(case, "error") | codes(case, "warning")


def test_they_are_stronger_than_what_was_left_as_it_reads_of_the_attacker() -> None:
    case = probing("adversarial_probing")
    reading = as_it_reads(case)
    assert reading.relation == "stronger"
    assert {name: (left.status, left.used, left.relation) for name, left in reading.left.items()} == {
        "controller_builds_honeypots": ("given", ("attacker_rewrites",), "stronger"),
        "controller_elicited": ("given", ("attacker_elicited",), "stronger"),
    }
    assert all(not left.axioms for left in reading.left.values())
    assert case.strength is not None
    assert {left.status for left in case.strength.left.values()} == {"lost"}


def test_an_attacker_on_trust_opens_what_the_two_statements_closed() -> None:
    case = probing("attacker_on_trust")
    assert worries(case, "open") == FOUR | {"hp.out_of_reach", "hp.search.sandbagging"}
    assert {"ev.unfindable", "ev.under_elicitation"} <= worries(case, "conditional")
    assert case.claims["hp.one_is_tried"].status == "conditional"
    assert (case.verdict, case.passed) == ("conditional", False)


# -- level3_claimed ----------------------------------------------------------------------------------------------------


def level3(name: str) -> CaseReport:
    return case_in("level3_claimed.case", name)


def test_setting_parameters_is_not_level_3() -> None:
    case = level3("level3_claimed")
    assert (case.verdict, case.passed) == ("conditional", False)
    assert case.shows == {"ca.total_load": "240", "au.level": "2", "au.effective_level": "1"}
    assert worries(case, "refuted") == {"au.mislabelled", "ca.unread_algorithms"}
    assert worries(case, "open") == {"au.groundless"}
    assert worries(case, "accepted") == {"ca.persuaded_checkers"}
    goal = case.claims["no_unsafe_submodel"]
    assert (goal.step, set(goal.rests_on)) == ("valid", {"ca.unread_algorithms", "ca.persuaded_checkers"})


def test_it_answers_the_other_worries_of_level_3() -> None:
    case = level3("level3_claimed")
    by_two = {name for name in case.worries if name.startswith("ca.") and len(used(case, name)) == 2}
    assert by_two == {
        "ca.no_competent_checker",
        "ca.belated_standards",
        "ca.inconclusive_checks",
        "ca.opaque_evidence",
    }
    assert by_two <= worries(case, "dispelled")


def test_at_level_2_it_owes_what_it_does_not_use() -> None:
    case = level3("level3_claimed")
    owed = [found.message for found in case.findings if found.severity == "error"]
    assert codes(case, "error") == {"owed-theory-when"}
    assert len(owed) == 3
    assert all(
        any(f"`{theory}`" in message for message in owed)
        for theory in ("evaluation", "process_supervision", "scalable_oversight")
    )


def test_called_level_2_it_faces_the_twelve_worries() -> None:
    case = level3("called_level_2")
    assert case.worries["au.mislabelled"].status == "dispelled"
    of_evaluation = {name for name in case.worries if name.startswith("ev.")}
    assert len(of_evaluation) == 12
    assert worries(case, "open") == of_evaluation | {"au.groundless"}
    assert not codes(case, "error")
    assert not case.passed


def test_if_people_do_read_it_level_3_is_earned() -> None:
    case = level3("people_read_it")
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("ca.persuaded_checkers",))
    assert case.shows == {"ca.total_load": "272", "au.level": "3", "au.effective_level": "3"}
    assert {"au.mislabelled", "au.groundless"} <= worries(case, "dispelled")
    assert "algorithm_is_read" in used(case, "au.groundless")
    assert not codes(case, "error")
    # Where people read how the algorithm works, it does not matter who sets its parameters.
    assert codes(case, "warning") == {"unused-assumption"}


def test_more_work_than_the_experts_have_hours_for_is_refuted() -> None:
    """280 hours are 35 pieces of 8 hours, and no more."""
    text = (ROOT / "examples" / "level3_claimed.case").read_text(encoding="utf-8")
    for pieces, status in ((35, "assumed"), (36, "refuted")):
        changed = text.replace("ca.total_load = 34 * 8", f"ca.total_load = {pieces} * 8")
        assert changed != text
        report = check_text(changed, folder=ROOT / "examples", today=date(2026, 11, 24), only=["people_read_it"])
        case = next(case for case in report.cases if case.name == "people_read_it")
        assert case.worries["ca.overload"].status == status


# -- elicitation by itself ---------------------------------------------------------------------------------------------

SPINE = """
case spine {
  use evaluation as ev
  use elicitation as el with Model = ev.Actor, Task = ev.Trajectory,
    in_question = asked, able = able_to_find, seen = exhibits_all
  define asked(a: ev.Actor, t: ev.Trajectory) := a = ev.controller
  define able_to_find(a: ev.Actor, t: ev.Trajectory) :=
    exists s: ev.System. ev.threat(s, t) and ev.can_find(a, s, t)
  define exhibits_all(a: ev.Actor, t: ev.Trajectory) :=
    forall s: ev.System. ev.threat(s, t) and ev.can_find(a, s, t) implies ev.exhibits(a, s, t)
  answer ev.under_elicitation by el.what_can_be_found_is_shown
  goal g : forall s: ev.System. ev.produced(s) and ev.unsafe(s) implies ev.caught(s) by ev.catches_unsafe
}
"""


def test_elicitation_answers_its_link_of_the_spine() -> None:
    """In the words that the theory's own comment proposes."""
    (case,) = check_text(SPINE, today=date(2026, 11, 24)).cases
    worry = case.worries["ev.under_elicitation"]
    three = {"el.sandbagging", "el.weak_methods", "el.unwilling_searcher"}
    assert (worry.status, set(worry.rests_on)) == ("conditional", three)


MARGIN = """
case inability {
  sort Who = { models, successors }
  sort Challenge
  function reach(w: Who, c: Challenge): Real
  function got(w: Who, c: Challenge): Real
  function bar(c: Challenge): Real
  const margin: Real
  define can(w: Who, c: Challenge) := bar(c) <= reach(w, c)
  define close(w: Who, c: Challenge) := bar(c) <= got(w, c) + margin
  use elicitation as el with Model = Who, Task = Challenge, able = can, seen = close, in_question = true
  assume low : forall c: Challenge. got(models, c)SLACK < bar(c) owner "x"
  goal g : forall c: Challenge. reach(models, c) < bar(c) by low, el.what_is_not_shown_cannot_be_done
}
"""


@pytest.mark.parametrize(("slack", "step"), [(" + margin", "valid"), ("", "invalid")])
def test_inability_needs_the_score_to_stay_below_by_the_margin(slack: str, step: str) -> None:
    (case,) = check_text(MARGIN.replace("SLACK", slack), today=date(2026, 11, 24)).cases
    assert case.claims["g"].step == step


def test_the_figures_of_honeypots_are_what_they_are_said_to_be() -> None:
    (theory,) = check(ROOT / "specs" / "honeypots.case", today=date(2026, 11, 24)).cases
    rare = theory.worries["out_of_reach"].attributes["figures"]
    assert rare == "A failure in 1 of 10 000 runs passes 1 000 honeypots with probability 0.905, and 30 000 with 5%."
    assert (round(0.9999**1_000, 3), round(0.9999**30_000, 2)) == (0.905, 0.05)
    fake = theory.worries["fake_honeypot"].attributes["figures"]
    assert fake.startswith("Made up: 10% are unsafe and 80% of these fall. If 4 in 45 of the rest fall too")
    assert Fraction(10, 100) * Fraction(80, 100) == Fraction(90, 100) * Fraction(4, 45)


# -- what is made up is marked as such ---------------------------------------------------------------------------------


def test_the_evidence_says_that_it_is_made_up() -> None:
    for name in ("level2_scheme.case", "adversarial_probing.case", "level3_claimed.case"):
        for case in report_on(name).cases:
            for evidence in case.evidence.values():
                file = ROOT / "examples" / evidence.attributes["file"]
                assert re.search("made[- ]up", file.read_text(encoding="utf-8"), re.IGNORECASE), file.name
