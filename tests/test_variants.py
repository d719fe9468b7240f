"""Variants: what carries over from a base, what is replaced, and what no longer counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import checker
from checker.report import CaseReport, Report

TODAY = date(2026, 11, 24)

BASE = """\
theory work {
  sort Agent
  const who: Agent
  predicate able(a: Agent)
  predicate does(a: Agent)
  worry idle "The agent does nothing." unless does(who)
    mitigation able_does "Whoever is able does." : able(who) implies does(who)
  worry vague "Something about the agent may be off."
}
case base {
  use work as w with Agent = Actor, who = controller
  sort Actor = { controller, attacker }
  predicate trained(a: Actor)
  evidence study { url "https://example.org/study" }
  assume trained_able : trained(controller) implies w.able(controller) by study
  assume is_trained : trained(controller) owner "lab"
  assume everyone : forall a: Actor. trained(a) owner "lab"
  adopt w.able_does by study
  answer w.idle by trained_able, is_trained, w.able_does
  accept w.vague "We looked." owner "lab" until 2027-06-01
  claim able : w.able(controller) by trained_able, is_trained
  goal done : w.does(controller) by able, w.able_does
}
"""


def report(text: str, folder: Path = Path("tests")) -> Report:
    return checker.check_text(BASE + text, folder=folder, today=TODAY)


def variant(text: str) -> CaseReport:
    found = report(text)
    assert not found.findings, found.findings
    return found.cases[-1]


def test_the_base() -> None:
    case = variant("")
    assert (case.verdict, case.passed) == ("established", True)


def test_a_variant_that_changes_nothing_is_its_base() -> None:
    found = report("variant v of base { }")
    base, same = found.cases[-2:]
    assert (same.base, same.kind, same.passed) == ("base", "variant", True)
    assert same.claims == base.claims
    assert same.worries == base.worries
    assert all(step.base == step.variant for step in same.comparison.values())


def test_dropping_an_assumption() -> None:
    case = variant("variant v of base { drop is_trained }")
    assert case.claims["able"].cites == ("trained_able",)
    assert case.claims["able"].step == "invalid"
    assert case.worries["w.idle"].cites == ("trained_able", "w.able_does")
    assert (case.dropped, case.passed) == (("is_trained",), False)


def test_dropping_a_claim_leaves_its_citers_without_it() -> None:
    case = variant("variant v of base { drop able  drop w.able_does }")
    assert "able" not in case.claims
    assert (case.claims["done"].step, case.claims["done"].cites) == ("undeveloped", ())
    assert "w.able_does" not in case.assumptions


def test_dropping_an_answer_takes_the_default() -> None:
    """Without a written answer a worry is tried with everything; an emptied answer is not."""
    case = variant("variant v of base { drop w.idle, w.vague }")
    assert (case.worries["w.idle"].cites, case.worries["w.idle"].status) == (None, "dispelled")
    assert case.worries["w.vague"].status == "informal"


def test_dropping_evidence_leaves_assumptions_unbacked() -> None:
    case = variant("variant v of base { drop study }")
    assert not case.assumptions["trained_able"].backed
    assert not case.assumptions["w.able_does"].backed
    assert not case.passed


def test_replacing_lists_what_matters_first() -> None:
    case = variant("""
variant v of base {
  predicate trained(a: Actor) "{a} had training"
  assume is_trained : trained(controller) owner "other lab"
  goal done : w.does(controller) or trained(attacker) by able, w.able_does
}
""")
    assert case.replaced == ("done", "trained", "is_trained")
    assert case.assumptions["is_trained"].owner == "other lab"
    assert case.passed


def test_a_goal_cannot_become_a_claim() -> None:
    found = report("variant v of base { claim done : true by is_trained }")
    assert "duplicate-name" in {f.code for f in found.findings}


def test_changing_a_role_drops_what_was_said_of_the_old_thing() -> None:
    case = variant("variant v of base { use w with who = attacker }")
    assert case.replaced == ("w.who",)
    # What is said of the controller by name still means the same; what is said through the role does not.
    assert case.changed == ("w.able_does", "w.idle", "w.vague")
    assert (case.worries["w.idle"].status, case.worries["w.vague"].status) == ("open", "informal")
    assert set(case.assumptions) == {"trained_able", "is_trained", "everyone"}
    assert case.claims["done"].step == "invalid"
    assert case.comparison["w.idle"].base == "dispelled"
    assert case.comparison["w.idle"].variant == "open"


def test_stating_it_anew_makes_it_count_again() -> None:
    case = variant("""
variant v of base {
  use w with who = attacker
  assume attacker_able : trained(attacker) implies w.able(attacker) owner "red team"
  adopt w.able_does owner "red team"
  accept w.vague "We looked again." owner "red team" until 2027-06-01
  answer w.idle by attacker_able, everyone, w.able_does
  goal done : w.does(attacker) by attacker_able, everyone, w.able_does
}
""")
    assert case.changed == ()
    assert (case.worries["w.idle"].status, case.verdict, case.passed) == ("dispelled", "established", True)


def test_a_mistake_in_an_assumption_of_a_variant_is_told_once() -> None:
    found = report('variant v of base { assume more : nonsense owner "x" }')
    assert [(f.code, f.about) for f in found.findings] == [("unknown-name", "nonsense")]
    assert [case.name for case in found.cases] == [case.name for case in report("").cases]


def test_the_alias_of_the_base_wins_over_a_theory_of_that_name() -> None:
    text = "theory w { sort Agent }\nvariant v of base { use w with who = attacker }"
    assert report(text).cases[-1].replaced == ("w.who",)


def test_words_of_another_theory_mean_something_else() -> None:
    """Even where they have the same form: an assumption about what one theory calls bad is not one about the other."""
    found = report("""
theory red { sort Step predicate bad(s: Step) worry some unless not exists s: Step. bad(s) }
theory blue { sort Step predicate bad(s: Step) worry some unless not exists s: Step. bad(s) }
case judged {
  use red as t
  predicate fine
  assume none_bad : not exists s: t.Step. t.bad(s) owner "lab"
  assume is_fine : fine owner "lab"
  answer t.some by none_bad
  goal good : fine by is_fine
}
variant other of judged { use blue as t }
variant same of judged { use red as t }
""")
    other, same = found.cases[-2:]
    assert (other.changed, list(other.assumptions)) == (("none_bad", "t.some"), ["is_fine"])
    assert other.worries["t.some"].status == "open"
    assert (same.changed, same.worries["t.some"].status) == ((), "assumed")


def test_a_variant_of_a_variant() -> None:
    case = variant("""
variant first of base { drop everyone }
variant second of first { use w with who = attacker }
""")
    assert case.base == "first"
    assert "everyone" not in case.assumptions
    assert case.worries["w.idle"].status == "open"


def test_what_a_middle_variant_lost_stays_lost() -> None:
    case = variant("""
variant first of base { use w with who = attacker }
variant second of first { use w with who = controller }
""")
    assert "w.able_does" not in case.assumptions
    assert case.worries["w.idle"].cites is None


def test_a_base_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "base.case").write_text(BASE)
    text = 'import "base.case"\nvariant v of base { drop study }'
    found = checker.check_text(text, folder=tmp_path, today=TODAY)
    assert not found.findings
    assert [case.name for case in found.cases] == ["v"]
    assert found.cases[0].assumptions["is_trained"].span.file == "base.case"


def test_evidence_of_the_base_is_looked_for_beside_the_base(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "sub" / "study.json").write_text("{}")
    (tmp_path / "sub" / "base.case").write_text(BASE.replace('url "https://example.org/study"', 'file "study.json"'))
    found = checker.check_text('import "sub/base.case"\nvariant v of base { }', folder=tmp_path, today=TODAY)
    assert found.passed
    assert found.cases[0].evidence["study"].state == "current"


def test_what_may_not_be_dropped() -> None:
    for name, code in [
        ("done", "cannot-drop"),
        ("trained", "cannot-drop"),
        ("w.nothing", "nothing-to-drop"),
        ("nothing", "unknown-name"),
    ]:
        found = report(f"variant v of base {{ drop {name} }}")
        assert [f.code for f in found.findings] == [code]
    found = report('variant v of base { drop is_trained assume is_trained : true owner "x" }')
    assert [f.code for f in found.findings] == ["dropped-and-declared"]
