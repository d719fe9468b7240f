"""What would close what is open, what suffices for what is shown, what falls without assumptions, and seeing it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checker
from checker import discharge
from checker.cli import main
from checker.commands import options
from checker.entailment import Answer, Limits, Question, Reason, Undetermined
from checker.render.json import schema
from checker.render.repairs import fixes_lines
from checker.render.text import render
from checker.render.wrap import paint
from checker.report import CaseReport, PremiseSets
from tests.reports import ROOT

TODAY = date(2026, 11, 24)


def check(text: str, **options: object) -> CaseReport:
    report = checker.check_text(text, folder="tests", today=TODAY, **{"repairs": True, **options})  # type: ignore[arg-type]
    assert not report.findings, report.findings
    jsonschema.validate(json.loads(report.to_json()), schema())
    return report.cases[-1]


def fixes(case: CaseReport, name: str) -> PremiseSets:
    found = (case.claims[name] if name in case.claims else case.worries[name]).fixes
    assert found is not None
    return found


BRIDGE = """
theory bridge {
  predicate heavy
  predicate strong
  predicate falls
  possible load : heavy
  worry weak "The bridge is weak."
    unless heavy implies strong
    mitigation steel "It is made of steel." : strong
    mitigation empty "Nothing heavy crosses it." : not heavy
  worry collapse "Strong bridges fall too."
    unless strong implies not falls
    mitigation inspected "It is inspected." : strong implies not falls
}
case c {
  use bridge as b
  predicate tested
  predicate approved
  assume all_tested : tested owner "x"
  assume tests_tell : tested implies (b.heavy implies b.strong) owner "x"
  assume spare : approved owner "x"
  answer b.weak by all_tested
  goal holds : b.heavy implies not b.falls by all_tested
}
"""


def test_an_open_worry_is_closed_by_mitigations_and_by_assumptions_that_are_not_cited() -> None:
    """The mitigation `empty` would close it too, but takes away the load that must stay possible."""
    assert fixes(check(BRIDGE), "b.weak") == PremiseSets((("b.steel",), ("tests_tell",)), complete=True)


def test_an_invalid_step_needs_several_at_once() -> None:
    found = fixes(check(BRIDGE), "holds")
    assert found.complete
    assert set(found.sets) == {("b.steel", "b.inspected"), ("tests_tell", "b.inspected")}


def told(text: str) -> str:
    report = checker.check_text(text, folder="tests", today=TODAY, repairs=True)
    return render(report, width=100, color=False, quiet=False)


def test_the_text_tells_which_of_the_known_mitigations_would_do_and_what_else() -> None:
    text = told(BRIDGE)
    assert "`--repairs`" not in text
    assert "    Any of these would close it:\n      - adopting b.steel\n      - citing tests_tell\n" in text
    assert (
        "    Any of these would make it follow:\n      - citing tests_tell, and adopting b.inspected\n"
        "      - adopting b.steel and b.inspected\n"
    ) in text
    assert "- adopting b.empty" not in text


WOODEN = BRIDGE.replace(
    'assume tests_tell : tested implies (b.heavy implies b.strong) owner "x"', 'assume wooden : not b.strong owner "x"'
)


def test_the_text_tells_where_nothing_would_do() -> None:
    text = told(WOODEN)
    for outcome in ("close it", "make it follow"):
        known = "No known mitigations and assumptions that go together with the case, none resting on it,"
        assert f"{known} would {outcome}." in " ".join(text.split())
    case = check(WOODEN)
    (line,) = fixes_lines("close it", PremiseSets((), complete=False), case, 120)
    assert "were found that would close it, but not everything was decided." in paint(line, color=False)
    assert not list(fixes_lines("close it", None, case, 120))
    first, *_ = fixes_lines("close it", PremiseSets((("b.steel",),), complete=True), case, 120)
    assert paint(first, color=False).strip() == "This would close it:"


def test_repairs_that_contradict_the_case_are_none() -> None:
    assert fixes(check(WOODEN), "b.weak").sets == ()


def test_what_rests_on_a_worry_cannot_close_it() -> None:
    text = """
    case c {
      predicate p
      worry w unless p against a
      assume a : p owner "x"
      assume b : p or p owner "x"
      answer w by nothing_much
      assume nothing_much : true owner "x"
      goal g : p by b
    }
    """
    assert fixes(check(text), "w").sets == (("b",),)


SPARE = """
case c {
  predicate p
  predicate q
  predicate r
  assume a : p owner "x"
  assume b : q owner "x"
  assume both : p and q owner "x"
  assume always : r owner "x"
  claim k : p and q and r by always, a, b, both
  goal g : (p and q) and r by k
}
"""


def test_all_sets_that_suffice_are_found() -> None:
    case = check(SPARE)
    assert case.claims["k"].suffice == PremiseSets((("always", "both"), ("always", "a", "b")), complete=True)
    assert case.claims["k"].used == ("always", "a", "b")
    assert case.claims["g"].suffice == PremiseSets((("k",),), complete=True)
    assert (case.claims["k"].fixes, case.claims["g"].fixes) == (None, None)


def test_published_arguments_show_their_reserves() -> None:
    report = checker.check(
        ROOT / "examples" / "inability_phuong.case", today=TODAY, only=["inability_phuong"], repairs=True
    )
    found = report.cases[0].claims["no_severe_harm"].suffice
    assert found is not None
    shared = frozenset(found.sets[0]).intersection(*found.sets)
    only = [set(one) - shared for one in found.sets]
    assert {"needs_stealth", "stealth_results"} in only
    assert {"needs_awareness", "awareness_results"} in only


def test_nothing_is_looked_for_where_it_is_not_wanted() -> None:
    case = check(BRIDGE, repairs=False)
    told = render(checker.check_text(BRIDGE, today=TODAY), width=100, color=False, quiet=False)
    assert "`--repairs` looks for all mitigations and assumptions that would close them." in told
    assert {claim.fixes for claim in case.claims.values()} == {None}
    assert {worry.fixes for worry in case.worries.values()} == {None}
    assert case.verdict == check(BRIDGE).verdict


@pytest.mark.parametrize("text", ["not p", "p"], ids=["inconsistent", "consistent"])
def test_an_inconsistent_case_has_no_repairs(text: str) -> None:
    case = check(
        f"case c {{ predicate p predicate q assume a : p owner 'x' assume b : {text} owner 'x' worry w unless q "
        f"goal g : p by a }}".replace("'", '"')
    )
    assert (case.worries["w"].fixes is None) is (text == "not p")


def undecided_about(conclusions: Collection[str]) -> Callable[[Question, Limits], Answer]:
    real = discharge.answer

    def answer(question: Question, limits: Limits) -> Answer:
        if question.name.split()[0] in conclusions:
            return Undetermined(Reason.BUDGET)
        return real(question, limits)

    return answer


@pytest.mark.parametrize("kind", ["sufficiency", "consistency", "possible"])
def test_what_is_not_decided_closes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether something suffices, and whether it goes together with the case: each has to be shown."""
    usual = check(BRIDGE)
    monkeypatch.setattr(discharge, "answer", undecided_about([kind]))
    case = check(BRIDGE)
    found = case.worries["b.weak"].fixes
    # What is assumed already needs not be shown to go together with the case.
    assert found is None or set(found.sets) <= {("tests_tell",)}
    if kind == "sufficiency":
        assert found == PremiseSets((), complete=False)
        assert case.verdict == usual.verdict
    if kind == "possible":
        assert found == PremiseSets((("tests_tell",),), complete=False), "nobody knows whether steel goes with the case"


# -- against truth tables ---------------------------------------------------------------------------------------------

ATOMS = "pqr"
CLAUSES = [" or ".join(signed) for size in (1, 2) for signed in itertools.combinations(
    [f"{sign}{atom}" for atom in ATOMS for sign in ("", "not ")], size)]  # fmt: skip


def satisfying(formula: str) -> frozenset[tuple[bool, ...]]:
    """The rows of the truth table in which a disjunction of literals holds."""
    rows = itertools.product((False, True), repeat=len(ATOMS))
    return frozenset(row for row in rows if eval(formula, dict(zip(ATOMS, row, strict=True))))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=6), st.sampled_from(CLAUSES), st.integers(0, 3))
def test_repairs_agree_with_truth_tables(clauses: list[str], goal: str, cited: int) -> None:
    names = [f"a{index}" for index in range(len(clauses))]
    rows = {name: satisfying(clause) for name, clause in zip(names, clauses, strict=True)}
    everything = frozenset(itertools.product((False, True), repeat=len(ATOMS)))
    lines = [f'assume {name} : {clause} owner "x"' for name, clause in zip(names, clauses, strict=True)]
    cites = names[: max(1, cited)]
    case = check(
        f"case c {{ predicate p predicate q predicate r {' '.join(lines)} goal g : {goal} by {', '.join(cites)} }}"
    )

    def entails(chosen: Collection[str]) -> bool:
        return everything.intersection(*(rows[name] for name in chosen)) <= satisfying(goal)

    def minimal(candidates: list[str], given: list[str]) -> set[frozenset[str]]:
        subsets = [frozenset(c) for n in range(len(candidates) + 1) for c in itertools.combinations(candidates, n)]
        enough = [one for one in subsets if entails([*given, *one])]
        return {one for one in enough if not any(other < one for other in enough)}

    claim = case.claims["g"]
    if not everything.intersection(*rows.values()):
        assert (claim.fixes, claim.suffice) == (None, None)
    elif entails(cites):
        assert claim.suffice is not None
        assert {frozenset(one) for one in claim.suffice.sets} == minimal(cites, [])
    else:
        assert claim.fixes is not None
        others = [name for name in names if name not in cites]
        assert {frozenset(one) for one in claim.fixes.sets} == minimal(others, cites)


# -- without ----------------------------------------------------------------------------------------------------------


def test_what_falls_without_an_assumption() -> None:
    case = check(SPARE, without=["always"])
    assert case.withdrawn is not None
    assert case.withdrawn.names == ("always",)
    assert case.withdrawn.fallen == {
        "c": ("established", "conditional"),
        "k": ("established", "unproved"),
        "g": ("established", "conditional"),
    }
    assert "always" not in case.assumptions
    assert case.claims["k"].cites == ("a", "b", "both")


def test_nothing_falls_without_an_assumption_that_others_make_up_for() -> None:
    case = check(SPARE, without=["both"])
    assert case.withdrawn is not None
    assert (dict(case.withdrawn.fallen), case.verdict) == ({}, "established")


def test_without_reads_as_dropping_it_in_a_variant() -> None:
    """Two ways to say the same come to the same verdicts."""
    text = SPARE + "variant v of c { drop a, both }"
    dropped = checker.check_text(text, today=TODAY, only=["v"]).cases[0]
    gone = check(SPARE, without=["a", "both"])
    assert {n: c.status for n, c in gone.claims.items()} == {n: c.status for n, c in dropped.claims.items()}
    assert gone.verdict == dropped.verdict


def test_an_adopted_mitigation_can_be_withdrawn() -> None:
    text = BRIDGE.replace("answer b.weak by all_tested", 'adopt b.steel owner "x"\n  answer b.weak by b.steel')
    case = check(text, without=["b.steel"])
    assert case.withdrawn is not None
    assert case.withdrawn.fallen["b.weak"] == ("assumed", "open")


@pytest.mark.parametrize("name", ["missing", "k", "p"])
def test_what_nobody_assumes_cannot_be_withdrawn(name: str) -> None:
    report = checker.check_text(SPARE, today=TODAY, without=[name])
    assert report.exit_status == 2
    assert [(found.code, found.about) for found in report.findings] == [("nothing-to-withdraw", name)]


def test_the_text_opens_with_what_falls() -> None:
    report = checker.check_text(SPARE, today=TODAY, without=["always", "both"])
    told = render(report, width=100, color=False, quiet=False)
    assert "Without always and both\n  c  established -> conditional\n" in told


# -- selftest ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> str:
        Path("x.case").write_text(text, encoding="utf-8")
        return "x.case"

    return written


NEEDED = """
case c {
  predicate p
  predicate q
  predicate r
  axiom ties : p implies q
  assume a : p owner "x"
  assume b : r owner "x"
  worry w unless q
  answer w by a
  goal g : q and r by a, b
}
"""


def test_each_premise_of_each_proof_is_taken_away(
    write: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest", write(NEEDED)]) == 0
    told = capsys.readouterr().out
    assert told == (
        "-- selftest of c\n"
        "  g  without a     fails, as it should\n"
        "  g  without b     fails, as it should\n"
        "  g  without ties  fails, as it should\n"
        "  w  without a     fails, as it should\n"
        "  w  without ties  fails, as it should\n"
        "  5 of 5 trials fail as they should.\n"
    )


def test_a_premise_that_others_make_up_for_is_told(
    write: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest", write(SPARE)]) == 1
    told = capsys.readouterr().out
    assert "k  without a       still holds, by always and both\n" in told
    assert "k  without always  fails, as it should\n" in told
    assert "2 of 4 trials fail as they should.\n" in told


def test_where_nothing_is_shown_nothing_can_be_seen_to_fail(
    write: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest", write('case c { predicate p assume a : p owner "x" goal g : not p by a }')]) == 1
    assert "Nothing is shown in it" in capsys.readouterr().out


def test_an_undecided_trial_is_no_failure(
    write: Callable[[str], str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "jobs_of", lambda *_: None)  # so that it is decided here
    monkeypatch.setattr(discharge, "answer", undecided_about(["sufficiency"]))
    assert main(["selftest", write(NEEDED), "--no-cache"]) == 1
    assert "undetermined: the solver's budget ran out" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["missing.case"], ["x.case", "--only", "other"]])
def test_a_wrong_call_of_the_selftest(
    arguments: list[str], write: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(NEEDED)
    assert main(["selftest", *arguments]) == 2
    assert capsys.readouterr().err


def test_a_broken_file_is_no_test(write: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", write("case c {")]) == 2
    assert "x.case:1" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "names"), [("always,both", "always and both"), ("always, both", "always and both")])
def test_names_to_withdraw_on_the_command_line(
    value: str, names: str, write: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", write(SPARE), "--without", value]) == 1
    assert f"Without {names}\n" in capsys.readouterr().out


def test_an_empty_name_to_withdraw_is_refused(write: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(SPARE), "--without", "always,,both"]) == 2
    assert "lacks a name" in capsys.readouterr().err
