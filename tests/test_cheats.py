"""Ways to pass without having shown anything. All of them fail.

Each starts from an honest case that passes, and changes one thing that a careless or hurried author might change.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import checker
from checker.report import CaseReport, Report

TODAY = date(2026, 11, 24)

THEORY = """\
theory catching "What it takes to catch what is unsafe." {
  sort System
  predicate made(s: System)    "{s} is made"
  predicate unsafe(s: System)  "{s} is unsafe"
  predicate seen(s: System)    "somebody sees that {s} is unsafe"
  predicate caught(s: System)  "{s} is stopped"

  possible hazard : exists s: System. made(s) and unsafe(s)

  worry missed "Something unsafe goes unseen."
    unless forall s: System. made(s) and unsafe(s) implies seen(s)
    mitigation look "Everything that is made is looked at." : forall s: System. made(s) implies seen(s)
  worry gate "What is seen is used all the same."
    unless forall s: System. made(s) and seen(s) implies caught(s)

  claim catches : forall s: System. made(s) and unsafe(s) implies caught(s) barring missed, gate
}
"""

HONEST = (
    THEORY
    + """
case honest {
  use catching as c with System = Agent
  sort Agent
  predicate tested(a: Agent)
  assume all_tested : forall a: Agent. c.made(a) implies tested(a) owner "lab"
  assume tests_show : forall a: Agent. tested(a) and c.unsafe(a) implies c.seen(a) owner "lab"
  assume gate_closed : forall a: Agent. c.made(a) and c.seen(a) implies c.caught(a) owner "lab"
  answer c.missed by all_tested, tests_show
  answer c.gate by gate_closed
  goal deployable : forall a: Agent. c.made(a) and c.unsafe(a) implies c.caught(a) by c.catches
}
"""
)


def check(text: str, folder: Path = Path("tests")) -> Report:
    return checker.check_text(text, folder=folder, today=TODAY)


def the_case(report: Report) -> CaseReport:
    assert not report.findings, report.findings
    return report.cases[-1]


def changed(*changes: tuple[str, str], adding: str = "", worry: str = "") -> CaseReport:
    """The honest case with each first text replaced by the second, ``adding`` to it, and ``worry`` to its theory."""
    text = HONEST.replace("  goal deployable", f"  {adding}\n  goal deployable").replace(
        "  worry gate", f"  {worry}\n  worry gate"
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return the_case(check(text))


def codes(case: CaseReport) -> set[str]:
    return {found.code for found in case.findings if found.severity == "error"}


def test_the_honest_case_passes() -> None:
    report = check(HONEST)
    case = the_case(report)
    assert (report.passed, report.exit_status, case.verdict) == (True, 0, "established")
    assert case.worries["c.missed"].status == "dispelled"
    assert case.worries["c.gate"].status == "assumed"
    assert not case.findings


# -- answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_through_an_unproved_claim() -> None:
    case = changed(
        (
            "answer c.missed by all_tested, tests_show",
            "claim seen_all : forall a: Agent. c.seen(a)\n  answer c.missed by seen_all",
        ),
    )
    assert (case.worries["c.missed"].status, case.passed) == ("conditional", False)
    assert case.claims["deployable"].rests_on == ("seen_all",)


def test_an_answer_through_an_invalid_claim() -> None:
    claim = "claim seen_all : forall a: Agent. c.seen(a) by gate_closed\n  answer c.missed by seen_all"
    case = changed(("answer c.missed by all_tested, tests_show", claim))
    assert (case.claims["seen_all"].step, case.claims["seen_all"].status) == ("invalid", "unproved")
    assert (case.worries["c.missed"].status, case.passed) == ("conditional", False)
    assert "invalid-step" in codes(case)


def test_a_circular_answer() -> None:
    claim = "claim seen_all : forall a: Agent. c.made(a) and c.unsafe(a) implies c.seen(a) barring c.missed"
    text = HONEST.replace("answer c.missed by all_tested, tests_show", f"{claim}\n  answer c.missed by seen_all")
    report = check(text)
    assert (report.passed, report.exit_status) == (False, 2)
    assert [(f.code, f.message) for f in report.findings] == [
        ("circular-argument", "the argument is circular: c.missed -> seen_all -> c.missed")
    ]


def test_an_answer_by_a_mitigation_that_is_not_adopted() -> None:
    report = check(HONEST.replace("answer c.missed by all_tested, tests_show", "answer c.missed by c.look"))
    assert [f.code for f in report.findings] == ["not-adopted"]
    assert report.exit_status == 2


def test_an_adopted_mitigation_that_nobody_answers_for() -> None:
    case = changed(("answer c.missed by all_tested, tests_show", "adopt c.look\n  answer c.missed by c.look"))
    assert not case.passed
    assert "unbacked-assumption" in codes(case)


def test_assumptions_held_against_each_others_worries() -> None:
    """Each of two worries is held against the assumption that would answer the other: neither counts as answered."""
    text = """\
case c {
  predicate p
  predicate q
  assume a1 : p implies q owner "x"
  assume a2 : q implies p owner "x"
  assume b1 : p or q owner "x"
  worry w1 "a1 may fail" unless p against a1
  worry w2 "a2 may fail" unless q against a2
  goal g : p and q by a1, a2, b1
}
"""
    case = the_case(check(text))
    assert {worry.status for worry in case.worries.values()} == {"open"}
    assert case.claims["g"].rests_on == ("w1", "w2")
    assert not case.passed


# -- goals -----------------------------------------------------------------------------------------------------------


def test_a_goal_on_an_invalid_step() -> None:
    case = changed(
        ("goal deployable", "claim half : forall a: Agent. c.caught(a) by gate_closed\n  goal deployable"),
        ("by c.catches", "by half"),
    )
    assert (case.claims["deployable"].step, case.claims["deployable"].status) == ("valid", "conditional")
    assert case.claims["deployable"].rests_on == ("half",)
    assert (case.passed, "invalid-step" in codes(case)) == (False, True)


@pytest.mark.parametrize("claim", ['claim half "Surely."', "claim half : forall a: Agent. c.caught(a)"])
def test_a_goal_on_an_informal_or_undeveloped_step(claim: str) -> None:
    case = changed(("goal deployable", f"{claim}\n  goal deployable"), ("by c.catches", "by half, c.catches"))
    assert (case.claims["deployable"].rests_on, case.passed) == (("half",), False)


def test_an_undeveloped_goal() -> None:
    case = changed((" by c.catches", ""))
    assert (case.claims["deployable"].step, case.verdict, case.passed) == ("undeveloped", "unproved", False)


def test_an_informal_goal_cannot_be_accepted_into_passing() -> None:
    case = changed(
        (
            "goal deployable :",
            'accept good "We are sure." owner "me" until 2027-01-01\n  goal good "All is well."\n  goal deployable :',
        )
    )
    assert (case.claims["good"].step, case.verdict, case.passed) == ("informal", "unproved", False)


def test_an_informal_assumption_establishes_nothing() -> None:
    case = changed(
        (
            "assume gate_closed : forall a: Agent. c.made(a) and c.seen(a) implies c.caught(a)",
            'assume gate_closed "The gate is closed."',
        )
    )
    assert (case.worries["c.gate"].status, case.passed) == ("open", False)


def test_an_axiom_that_does_the_whole_work() -> None:
    axioms = "axiom wish : forall a: Agent. c.unsafe(a) implies c.caught(a)\n  goal deployable"
    case = changed(("goal deployable", axioms), ("by c.catches", "by gate_closed"))
    assert case.claims["deployable"].step == "valid"
    assert ("goal-without-assumption" in codes(case), case.passed) == (True, False)


@pytest.mark.parametrize("role", ["caught = true", "unsafe = false", "made = false"])
def test_a_role_mapping_that_does_the_whole_work(role: str) -> None:
    text = HONEST.replace("with System = Agent", f"with System = Agent, {role}")
    case = the_case(check(text))
    assert case.claims["deployable"].step == "valid"
    assert not case.passed
    assert codes(case) & {"goal-without-assumption", "vacuous", "ruled-out"}


def test_a_worry_dispelled_by_a_mapping_alone_is_told() -> None:
    case = changed(("with System = Agent", "with System = Agent, caught = true"))
    assert "worry-by-definition" in {found.code for found in case.findings}


def test_an_assumption_that_restates_the_goal() -> None:
    wish = 'assume wish : not (exists a: Agent. c.unsafe(a) and not c.caught(a) and c.made(a)) owner "lab"'
    case = changed(("by c.catches", "by wish"), adding=wish)
    assert (codes(case), case.passed) == ({"restated-goal"}, False)


def test_an_assumption_that_restates_the_goal_behind_a_claim() -> None:
    behind = """assume wish : forall a: Agent. c.made(a) and c.unsafe(a) implies c.caught(a) owner "lab"
  claim step : forall a: Agent. c.made(a) implies (c.unsafe(a) implies c.caught(a)) by wish"""
    case = changed(("by c.catches", "by step"), adding=behind)
    assert ("restated-goal" in codes(case), case.passed) == (True, False)


def test_a_vacuous_goal_behind_a_definition() -> None:
    impossible = """define risky(a: Agent) := c.made(a) and never(a)
  predicate never(a: Agent)
  assume nothing_risky : forall a: Agent. not never(a) owner "lab"
  goal empty : forall a: Agent. risky(a) implies c.caught(a) by nothing_risky"""
    case = changed(adding=impossible)
    assert case.claims["empty"].step == "valid"
    assert ("vacuous" in codes(case), case.passed) == (True, False)


ALL_WELL = 'assume all_well : forall a: Agent. not c.unsafe(a) owner "lab"'


def test_a_hazard_that_is_assumed_away() -> None:
    case = changed(adding=ALL_WELL)
    assert (case.possible["c.hazard"].status, case.possible["c.hazard"].conflict) == ("unsatisfiable", ("all_well",))
    assert not case.passed


def test_a_hazard_that_is_assumed_away_can_be_looked_at_without_it() -> None:
    case = changed(adding=f"{ALL_WELL}\n  possible still : exists a: Agent. c.unsafe(a) without all_well")
    assert case.possible["still"].status == "satisfiable"
    assert not case.passed


# -- acceptances -----------------------------------------------------------------------------------------------------


def test_an_acceptance_lets_a_case_pass_and_stays_listed() -> None:
    case = changed(
        ("answer c.gate by gate_closed", 'accept c.gate "We watch." owner "lab" until 2027-01-01'),
        ('assume gate_closed : forall a: Agent. c.made(a) and c.seen(a) implies c.caught(a) owner "lab"', ""),
    )
    assert (case.verdict, case.passed, case.rests_on) == ("conditional", True, ("c.gate",))
    assert (case.worries["c.gate"].status, case.worries["c.gate"].without_acceptance) == ("accepted", "open")


def test_an_acceptance_past_its_date() -> None:
    case = changed(
        ("answer c.gate by gate_closed", 'accept c.gate "We watch." owner "lab" until 2026-11-23'),
        ("implies c.caught(a) owner", "implies c.seen(a) owner"),
    )
    assert (case.worries["c.gate"].status, case.passed, codes(case)) == ("open", False, {"expired-acceptance"})


def accept(name: str) -> str:
    return f'accept {name} "We can live with it." owner "lab" until 2027-01-01'


def test_accepted_worries_that_contradict_each_other() -> None:
    worries = """worry odd "Odd." unless exists s: System. made(s) and not caught(s)
  worry quiet "Quiet." unless forall s: System. caught(s)"""
    case = changed(worry=worries, adding=f"{accept('c.odd')}\n  {accept('c.quiet')}")
    assert (case.verdict, case.conflict, case.passed) == ("inconsistent", ("c.odd", "c.quiet"), False)
    assert {claim.status for claim in case.claims.values()} == {"unproved"}
    assert {worry.status for worry in case.worries.values()} == {"undetermined"}


def test_an_accepted_worry_that_contradicts_the_assumptions() -> None:
    """What is accepted counts as not occurring; that must be possible beside the assumptions and other acceptances."""
    text = HONEST.replace("worry gate", 'worry alarm "Alarm." unless forall s: System. not seen(s)\n  worry gate')
    some = f'{accept("c.alarm")}\n  assume some : exists a: Agent. c.made(a) and c.unsafe(a) owner "lab"'
    case = the_case(check(text.replace("goal deployable", f"{some}\n  goal deployable")))
    assert (case.worries["c.alarm"].status, codes(case), case.passed) == ("refuted", {"accepted-failure"}, False)


def test_an_unacceptable_worry_cannot_be_accepted() -> None:
    worry = 'worry dire "Dire." unless forall s: System. not made(s) unacceptable'
    case = changed(worry=worry, adding=accept("c.dire"))
    assert (case.worries["c.dire"].status, codes(case), case.passed) == ("open", {"unacceptable"}, False)


def test_an_invalid_claim_cannot_be_accepted() -> None:
    half = f"claim half : forall a: Agent. c.caught(a) by gate_closed\n  {accept('half')}"
    case = changed(("by c.catches", "by half"), adding=half)
    assert ({"accepted-failure", "invalid-step"} <= codes(case), case.passed) == (True, False)


def test_an_own_worry_left_open() -> None:
    case = changed(("goal deployable", 'worry mine "Mine." unless forall a: Agent. tested(a)\n  goal deployable'))
    assert (case.verdict, case.worries["mine"].status, case.passed) == ("established", "open", False)


def test_an_informal_worry_left_alone() -> None:
    case = changed(("goal deployable", 'worry mine "Something else may go wrong."\n  goal deployable'))
    assert (case.worries["mine"].status, case.passed) == ("informal", False)


# -- premises --------------------------------------------------------------------------------------------------------


def test_contradicting_assumptions() -> None:
    contradiction = """assume none : forall a: Agent. not tested(a) owner "x"
  assume some : exists a: Agent. c.made(a) owner "x\""""
    case = changed(adding=contradiction)
    assert (case.verdict, case.passed) == ("inconsistent", False)
    assert case.conflict == ("all_tested", "none", "some")


def test_an_unbacked_assumption() -> None:
    case = changed(('implies c.caught(a) owner "lab"', "implies c.caught(a)"))
    assert (codes(case), case.passed) == ({"unbacked-assumption"}, False)


def test_an_owner_without_a_name_is_none() -> None:
    case = changed(('implies c.caught(a) owner "lab"', 'implies c.caught(a) owner " "'))
    assert (codes(case), case.passed) == ({"unbacked-assumption"}, False)


@pytest.mark.parametrize(
    ("evidence", "code", "state"),
    [
        ('file "nothing.json"', "missing-evidence", "missing"),
        (f'file "e.txt" sha256 "{"0" * 64}"', "altered-evidence", "altered"),
        ('file "e.txt" until 2026-11-23', "expired-evidence", "expired"),
        ('file "../../../../etc/passwd"', "evidence-outside", "missing"),
        ('file "/etc/passwd"', "evidence-outside", "missing"),
    ],
)
def test_bad_evidence_backs_nothing(tmp_path: Path, evidence: str, code: str, state: str) -> None:
    (tmp_path / "e.txt").write_text("seen\n")
    (tmp_path / "pyproject.toml").write_text("")
    text = HONEST.replace('implies c.caught(a) owner "lab"', f"implies c.caught(a) by e\n  evidence e {{ {evidence} }}")
    case = the_case(check(text, tmp_path))
    assert case.evidence["e"].state == state
    assert (codes(case), case.passed) == ({code, "unbacked-assumption"}, False)


def test_good_evidence_backs_an_assumption(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text("seen\n")
    digest = "79db7a8be8a1b2f8c9d7d4fdb1ff0e14e9e3a1a0bd0b0f7d9e8a9fdcf5b3f6d2"
    text = HONEST.replace(
        'implies c.caught(a) owner "lab"', 'implies c.caught(a) by e\n  evidence e { file "e.txt" until 2026-11-24 }'
    )
    assert the_case(check(text, tmp_path)).passed
    altered = text.replace("until", f'sha256 "{digest}" until')
    assert not the_case(check(altered, tmp_path)).passed


def test_evidence_behind_a_link_out_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    inside = tmp_path / "repo"
    inside.mkdir()
    (inside / "pyproject.toml").write_text("")
    (inside / "e.txt").symlink_to(tmp_path / "secret.txt")
    text = HONEST.replace('implies c.caught(a) owner "lab"', 'implies c.caught(a) by e\n  evidence e { file "e.txt" }')
    assert "evidence-outside" in codes(the_case(check(text, inside)))


# -- names -----------------------------------------------------------------------------------------------------------


def test_a_local_theory_with_the_name_of_a_library_theory() -> None:
    text = HONEST.replace("theory catching", "theory evaluation").replace("use catching", "use evaluation")
    report = check(text)
    assert report.exit_status == 2
    assert {found.code for found in report.findings} >= {"ambiguous-theory"}


def test_two_copies_of_one_sort_are_two_sorts() -> None:
    text = (
        THEORY
        + """
case c {
  use catching as one
  use catching as two
  assume a : forall s: one.System. two.caught(s) owner "x"
  goal g : forall s: one.System. two.caught(s) by a
}
"""
    )
    assert {found.code for found in check(text).findings} == {"wrong-argument"}


def test_two_copies_of_a_theory_say_different_things() -> None:
    text = (
        THEORY
        + """
case c {
  use catching as one with System = S
  use catching as two with System = S
  sort S
  assume a : forall s: S. one.seen(s) owner "x"
  assume b : forall s: S. one.seen(s) implies one.caught(s) owner "x"
  goal g : forall s: S. two.unsafe(s) implies two.caught(s) by a, b
}
"""
    )
    case = the_case(check(text))
    assert (case.claims["g"].step, case.worries["two.missed"].status) == ("invalid", "open")


# -- arithmetic ------------------------------------------------------------------------------------------------------


DIVISION = """\
case c {{
  const x: Real
  const y: Real
  assume a : {assumption} owner "me"
  assume b : y = 2 owner "me"
  goal g : {goal} by a, b
}}
"""


@pytest.mark.parametrize(
    ("assumption", "goal", "fine"),
    [
        ("x >= 0", "y / x = 2 / x", False),
        ("x > 0", "y / x = 2 / x", True),
        ("x >= 0", "x != 0 implies y / x = 2 / x", True),
        ("x >= 0", "y = 2 and (if x = 0 then 0 else (y / x)) = (if x = 0 then 0 else (2 / x))", True),
        ("1 / x = 1 / x and x != 0", "y / x = 2 / x", False),
    ],
)
def test_a_divisor_that_may_be_zero(assumption: str, goal: str, fine: bool) -> None:
    case = the_case(check(DIVISION.format(assumption=assumption, goal=goal)))
    assert ("unproven-divisor" not in codes(case)) == fine
    assert not case.passed or fine


# -- variants --------------------------------------------------------------------------------------------------------


VARIANT = (
    HONEST
    + """
variant swapped of honest {
  use c with System = Attacker
  sort Attacker
  goal deployable : forall a: Attacker. c.made(a) and c.unsafe(a) implies c.caught(a) by c.catches
}
"""
)


def test_an_assumption_about_the_old_thing_is_not_carried_over() -> None:
    case = the_case(check(VARIANT))
    assert (case.kind, case.base) == ("variant", "honest")
    assert case.assumptions == {}
    assert set(case.changed) == {"all_tested", "tests_show", "gate_closed", "c.missed", "c.gate"}
    assert {case.worries[name].status for name in ("c.missed", "c.gate")} == {"open"}
    assert (case.claims["deployable"].rests_on, case.passed) == (("c.gate", "c.missed"), False)


def test_stated_anew_it_counts_again() -> None:
    anew = """
  assume gate_closed : forall a: Attacker. c.made(a) and c.seen(a) implies c.caught(a) owner "lab"
  answer c.gate by gate_closed
  goal deployable : forall a: Attacker"""
    case = the_case(check(VARIANT.replace("\n  goal deployable : forall a: Attacker", anew)))
    assert case.worries["c.gate"].status == "assumed"
    assert case.worries["c.missed"].status == "open"


def test_a_definition_exchanged_under_an_assumption() -> None:
    text = HONEST.replace(
        "predicate tested(a: Agent)", "predicate looked(a: Agent)\n  define tested(a: Agent) := looked(a)"
    )
    text += "\nvariant weaker of honest {\n  predicate glanced(a: Agent)\n  define tested(a: Agent) := glanced(a)\n}\n"
    case = the_case(check(text))
    assert set(case.changed) == {"all_tested", "tests_show"}
    assert (case.replaced, case.worries["c.missed"].status) == (("tested",), "open")


def test_dropping_an_assumption_does_not_fall_back_on_another() -> None:
    extra = 'assume also_closed : forall a: Agent. c.made(a) implies c.caught(a) owner "lab"\n  goal deployable'
    text = HONEST.replace("goal deployable", extra) + "\nvariant open_gate of honest {\n  drop gate_closed\n}\n"
    case = the_case(check(text))
    assert (case.dropped, case.worries["c.gate"].cites, case.worries["c.gate"].status) == (("gate_closed",), (), "open")


@pytest.mark.parametrize("name", ["deployable", "c.missed_nothing", "Agent", "tested"])
def test_what_a_variant_may_not_drop(name: str) -> None:
    report = check(
        HONEST + f"\nvariant v of honest {{\n  drop {name}\n}}\n"
        if name != "Agent"
        else HONEST + "\nvariant v of honest {\n  drop agent\n}\n"
    )
    assert report.exit_status == 2


def test_what_a_theory_maps_by_its_own_star_cannot_be_mapped_away() -> None:
    """The claim of ``outer`` was shown of its own ``good``; it must not be had for another's."""
    text = """
theory inner {{ {sorts} predicate good{args} worry rot unless {all}good{xs} }}
theory outer {{ {sorts} predicate good{args} use inner as b with * claim fine : {all}good{xs} barring b.rot }}
case c {{
  {sorts}
  predicate other{args}
  use outer as o with {also}b.good = other
  assume a : {all}other{xs} owner "x"
  answer o.b.rot by a
  goal g : {goal} by o.fine
}}
"""
    plain = text.format(sorts="", args="", all="", xs="", also="", goal="o.good")
    sorted_ = text.format(
        sorts="sort S",
        args="(x: S)",
        all="forall v: S. ",
        xs="(v)",
        also="S = S, ",
        goal="forall v: S. o.good(v)",
    )
    for spec in (plain, sorted_):
        report = check(spec)
        assert ([f.code for f in report.findings], report.exit_status) == (["doubly-mapped"], 2)


def test_one_file_twice_beside_different_imports_is_two_theories(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    body = 'import "b.case"\ntheory t { use b claim ok : b.p or b.q barring b.w }\n'
    case = 'import "t.case"\ncase c { use t assume a : t.b.p owner "x" goal g : t.b.p or t.b.q by t.ok }\n'
    for name, formula in (("good", "p"), ("bad", "p or not q")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "t.case").write_text(body)
        (folder / "c.case").write_text(case)
        (folder / "b.case").write_text(f"theory b {{ predicate p predicate q worry w unless {formula} }}\n")
    together = {c.span.file: c for c in checker.check([tmp_path], today=TODAY).cases if c.kind == "case"}
    steps = {Path(name).parent.name: case.claims["t.ok"].step for name, case in together.items()}
    assert steps == {"good": "valid", "bad": "invalid"}


@pytest.mark.parametrize("premise", ['worry lucky "Bad luck." unless p and q', "claim lucky : p and q"])
def test_accepting_what_is_to_be_shown(premise: str) -> None:
    cite = "barring lucky" if premise.startswith("worry") else "by lucky"
    case = the_case(check(f"case c {{ predicate p predicate q {premise} {accept('lucky')} goal g : q and p {cite} }}"))
    assert case.claims["g"].step == "valid"
    assert (codes(case), case.passed) == ({"restated-goal"}, False)


@pytest.mark.parametrize(
    "goal",
    [
        "bb(s) or (cc(s) or not aa(s))",
        "(not aa(s) or bb(s)) or cc(s)",
        "(aa(s) implies bb(s)) or cc(s)",
        "cc(s) or (aa(s) implies bb(s))",
        "dd(s) or cc(s)",
        "not (aa(s) and not bb(s))",
        "aa(s) implies (bb(s) implies cc(s))",
    ],
)
def test_a_vacuous_goal_in_any_form(goal: str) -> None:
    case = the_case(
        check(f"""
case c {{
  sort S
  predicate aa(s: S) predicate bb(s: S) predicate cc(s: S) predicate q
  define dd(s: S) := not aa(s) or bb(s)
  assume x : q implies forall s: S. not aa(s) owner "x"
  assume y : q owner "x"
  goal g : forall s: S. {goal} by x, y
}}
""")
    )
    assert ("vacuous" in codes(case), case.passed) == (True, False)


def test_a_vacuous_part_behind_many_others() -> None:
    parts = [f"(p{n} implies r{n})" for n in range(66)]
    declared = " ".join(f"predicate p{n} predicate r{n}" for n in range(66))
    facts = " and ".join(f"r{n}" for n in range(66))
    text = f"""
case c {{
  {declared} predicate bad predicate q
  assume nb : q implies not bad owner "x"
  assume q1 : q owner "x"
  assume all_r : {facts} owner "x"
  goal g : {" and ".join(parts)} and (bad implies r0) and q by nb, q1, all_r
}}
"""
    case = the_case(check(text))
    assert ("vacuous" in codes(case), case.passed) == (True, False)


def test_a_theory_does_not_pass_with_an_undeveloped_count() -> None:
    report = check("theory t { sort S predicate p(x: S) claim c : (count x: S. p(x)) < 0 }")
    assert (report.cases[0].claims["c"].step, report.exit_status) == ("undeveloped", 1)


def test_theories_that_use_each_other() -> None:
    for text in (
        "theory p { use q }\ntheory q { use p }",
        "theory p { use q }\ntheory q { use p }\ncase c { use p goal g : true }",
    ):
        report = check(text)
        assert report.exit_status == 2
        assert {found.code for found in report.findings} == {"circular-use"}


EXCHANGED = """
theory t  { sort S predicate p(x: S) worry w "Mild." }
theory t2 { sort S predicate p(x: S) worry w "The world ends." }
case base {
  use t as c
  predicate y predicate z
  define d := y
  worry own "Mild."
  claim k "Small print."
  assume a : y and d owner "x"
  assume b : z owner "x"
  accept c.w "Mild enough." owner "x" until 2027-01-01
  accept own "Mild enough." owner "x" until 2027-01-01
  accept k "Mild enough." owner "x" until 2027-01-01
  goal g : y and z by a, b, k
}
"""


@pytest.mark.parametrize(
    ("variant", "changed"),
    [
        ("use t2 as c", {"c.w"}),
        ('worry own "The world ends."', {"own"}),
        ('claim k "Nothing bad ever happens."', {"k"}),
        ("define d := not z", {"a", "c.w"}),
    ],
)
def test_an_acceptance_of_words_that_have_changed(variant: str, changed: set[str]) -> None:
    case = the_case(check(EXCHANGED + f"variant v of base {{ {variant} }}"))
    assert (set(case.changed), case.passed) == (changed, False)


def test_a_file_without_anything_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.case").write_text("# nothing\n")
    assert [found.code for found in checker.check(tmp_path / "empty.case", today=TODAY).findings] == ["empty-file"]
