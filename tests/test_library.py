"""The library of theories: every claim needs every worry it bars, and every mitigation closes its worry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker import discharge
from checker.case import Case, Claim
from checker.entailment import Entailed, Limits, Premise, Question, Refuted, Role
from checker.load import Loader, library_names
from checker.logic import meanings_needed
from checker.obligations import Obligations
from checker.resolve.modules import Resolver
from checker.resources import library_folder
from tests.reports import check, check_text

LIBRARY = sorted(library_names())


def theory(name: str) -> Case:
    loader = Loader()
    unit = loader.load(library_folder() / f"{name}.case")
    (module,) = unit.file.modules
    resolved = Resolver(loader).module(unit, module)
    assert resolved.case is not None, resolved.findings
    return resolved.case


CLAIMS = [(name, claim.name) for name in LIBRARY for claim in theory(name).claims if claim.own]
MITIGATIONS = [
    (name, worry.name, mitigation.name)
    for name in LIBRARY
    for worry in theory(name).worries
    if worry.own
    for mitigation in worry.mitigations
]


def step(case: Case, name: str) -> tuple[Claim, Question]:
    claim = next(claim for claim in case.claims if claim.name == name)
    return claim, replace(Obligations(case).step(claim).question, want_core=False, want_scenario=False)


def test_each_theory_stands_in_a_file_of_its_name() -> None:
    for path in Path(library_folder()).glob("*.case"):
        modules = Loader().load(path).file.modules
        assert [(m.kind, m.name.text) for m in modules] == [("theory", path.stem)]


def test_the_library_passes() -> None:
    report = check(library_folder(), today=date(2026, 11, 24))
    assert report.passed, [(case.name, case.findings) for case in report.cases if not case.passed]
    assert [case.name for case in report.cases] == LIBRARY
    assert not any(case.findings for case in report.cases)


@pytest.mark.parametrize(("name", "claim"), CLAIMS)
def test_no_worry_is_decoration(name: str, claim: str) -> None:
    """The claim follows from its worries being dispelled, and does not without any single one of them."""
    found, question = step(theory(name), claim)
    assert isinstance(discharge.answer(question, Limits()), Entailed)
    for left_out in found.barring:
        fewer = tuple(premise for premise in question.premises if premise.name != left_out)
        assert isinstance(discharge.answer(replace(question, premises=fewer), Limits()), Refuted), left_out


@pytest.mark.parametrize(("name", "worry", "mitigation"), MITIGATIONS)
def test_every_mitigation_closes_its_worry(name: str, worry: str, mitigation: str) -> None:
    """Adopted, it entails that the worry does not occur, and it can hold."""
    case = theory(name)
    found = next(w for w in case.worries if w.name == worry)
    adopted = next(m for m in found.mitigations if m.name == mitigation)
    assert adopted.formula is not None
    question = Obligations(case).worry(found, ())
    given = (Premise(mitigation, Role.ASSUMPTION, adopted.formula), *question.question.premises)
    needed = meanings_needed([question.question.conclusion, *(p.formula for p in given)], case.meanings)
    with_it = replace(question.question, premises=given, meanings=needed, want_scenario=False)
    assert isinstance(discharge.answer(with_it, Limits()), Entailed)
    assert not isinstance(discharge.answer(question.question, Limits()), Entailed), "the worry needs no mitigation"


@pytest.mark.parametrize("name", LIBRARY)
def test_every_worry_is_sourced_and_has_a_mitigation(name: str) -> None:
    for worry in theory(name).worries:
        assert worry.doc, worry.name
        assert worry.attributes.get("source"), worry.name
        assert worry.mitigations, worry.name
        assert all(mitigation.doc for mitigation in worry.mitigations)


LEVELS = """
case c {{
  use automation as au
  use evaluation
  use process_supervision
  use scalable_oversight
  use checked_arguments
  assume facts : {facts} owner "x"
  assume more : au.confident implies au.whole_scheme_argued owner "x"
  goal g : au.level = 2 and au.confident implies au.whole_scheme_argued by au.collapse, facts
}}
"""

WRITTEN = "(forall x: au.Product. au.ai_writes(x))"
UNSEEN = "(forall x: au.Product. not au.people_read(x) and not au.results_checked(x))"
GRADED = "(forall x: au.Product. au.results_graded(x))"


@pytest.mark.parametrize(
    ("facts", "level", "effective"),
    [
        ("not au.ai_writes(algorithm) and (forall x: au.Product. au.results_checked(x))", "1", "1"),
        (f"{WRITTEN} and (forall x: au.Product. au.results_checked(x) and not au.people_read(x))", "2", "1"),
        (f"{WRITTEN} and (forall x: au.Product. au.people_read(x))", "3", "3"),
        (f"{WRITTEN} and {UNSEEN} and (forall x: au.Product. not au.results_graded(x))", "4", "4"),
        (f"{WRITTEN} and {UNSEEN} and {GRADED} and not au.grader_validated(au.algorithm)", "4", "4"),
        (f"{WRITTEN} and {UNSEEN} and {GRADED} and (forall x: au.Product. au.grader_validated(x))", "2", "1"),
        (f"{WRITTEN}", None, None),
    ],
)
def test_a_case_learns_its_level_from_what_it_declares(facts: str, level: str | None, effective: str | None) -> None:
    facts = facts.replace("(algorithm)", "(au.algorithm)")
    report = check_text(LEVELS.format(facts=facts), today=date(2026, 11, 24))
    assert not report.findings, report.findings
    assert report.cases[0].shows == {"au.level": level, "au.effective_level": effective}


def test_a_claimed_level_3_that_only_looks_at_results_is_told_so() -> None:
    tested = "(forall x: au.Product. au.results_checked(x) and not au.people_read(x))"
    facts = f"au.claimed_level = 3 and {WRITTEN} and {tested}"
    case = check_text(LEVELS.format(facts=facts), today=date(2026, 11, 24)).cases[0]
    assert (case.shows["au.level"], case.worries["au.mislabelled"].status) == ("2", "refuted")


def test_setting_parameters_raises_no_level() -> None:
    """Level 3 is claimed for experiments that people designed and read; the AI sets their parameters."""
    tuned = "au.ai_sets_parameters(au.experiments) and au.people_read(au.experiments)"
    unread = "au.results_checked(au.algorithm) and not au.people_read(au.algorithm)"
    written = "au.ai_writes(au.algorithm) and not au.ai_writes(au.reasoning)"
    facts = f"au.claimed_level = 3 and {tuned} and {unread} and {written}"
    case = check_text(LEVELS.format(facts=facts), today=date(2026, 11, 24)).cases[0]
    assert (case.shows["au.level"], case.worries["au.mislabelled"].status) == ("2", "refuted")


def test_an_ais_word_one_storey_up_is_refused_too() -> None:
    facts = f"{WRITTEN} and {UNSEEN} and {GRADED} and (forall x: au.Product. not au.grader_validated(x))"
    case = check_text(LEVELS.format(facts=facts), today=date(2026, 11, 24)).cases[0]
    assert (case.worries["au.unvalidated_grader"].status, case.worries["au.deference"].status) == ("refuted", "assumed")
    assert not case.passed


def test_taking_it_on_an_ais_word_is_refused() -> None:
    facts = f"{WRITTEN} and {UNSEEN} and (forall x: au.Product. not au.results_graded(x))"
    accept = 'accept au.deference "We trust it." owner "x" until 2027-01-01\n  goal g'
    text = LEVELS.format(facts=facts).replace("goal g", accept)
    case = check_text(text, today=date(2026, 11, 24)).cases[0]
    assert (case.worries["au.deference"].status, case.passed) == ("refuted", False)
    assert "unacceptable" in {found.code for found in case.findings}


def test_level_2_owes_what_level_1_owes() -> None:
    facts = f"{WRITTEN} and (forall x: au.Product. au.results_checked(x) and not au.people_read(x))"
    text = LEVELS.format(facts=facts).replace("  use evaluation\n", "").replace("  use scalable_oversight\n", "")
    case = check_text(text, today=date(2026, 11, 24)).cases[0]
    owed = [found.message for found in case.findings if found.code == "owed-theory-when"]
    assert len(owed) == 2
    assert any("`evaluation`" in message for message in owed)
    assert any("`scalable_oversight`" in message for message in owed)


ALONE = """
case c {{
  use automation as au with claimed_level = 1
  assume written_by_people : forall x: au.Product. not au.ai_writes(x) and not au.results_graded(x) owner "x"
  assume plain_means : not au.untrained_steps and not au.agents_assist owner "x"
  assume argument : au.confident and {argued} and au.argued_on <= au.launched_on owner "x"
  adopt au.audited_details owner "x"
  goal g : forall d: au.Detail. au.ai_fills_in(d) implies au.harmless(d) by au.level_1_is_earned, argument
}}
"""


@pytest.mark.parametrize(
    ("argued", "groundless"), [("au.whole_scheme_argued", "assumed"), ("not au.whole_scheme_argued", "refuted")]
)
def test_a_case_at_level_1_needs_automation_alone_and_an_argument_for_the_whole(argued: str, groundless: str) -> None:
    """Confidence has the same ground at level 1 as at level 2."""
    case = check_text(ALONE.format(argued=argued), today=date(2026, 11, 24)).cases[0]
    assert (case.shows["au.level"], case.worries["au.groundless"].status) == ("1", groundless)
    assert case.passed == (groundless == "assumed")


def test_level_3_owes_what_people_check() -> None:
    facts = f"{WRITTEN} and (forall x: au.Product. au.people_read(x))"
    text = LEVELS.format(facts=facts).replace("  use checked_arguments\n", "")
    case = check_text(text, today=date(2026, 11, 24)).cases[0]
    (owed,) = [found.message for found in case.findings if found.code.startswith("owed-theory")]
    assert "`checked_arguments`" in owed


@pytest.mark.parametrize("product", ["experiments", "reasoning"])
@pytest.mark.parametrize("algorithm", ["not ", ""], ids=["level 1", "level 2"])
def test_results_judged_by_what_an_ai_wrote_and_nobody_read(product: str, algorithm: str) -> None:
    """Checking what comes out of an argument is not checking the argument."""
    facts = (
        f"{algorithm}au.ai_writes(au.algorithm) and au.ai_writes(au.{product}) and not au.people_read(au.{product}) "
        "and (forall x: au.Product. au.results_checked(x) and not au.people_read(x))"
    )
    case = check_text(LEVELS.format(facts=facts), today=date(2026, 11, 24)).cases[0]
    assert case.shows["au.effective_level"] == "1"
    assert case.worries["au.unread_yardstick"].status == "refuted"
    assert not case.passed
