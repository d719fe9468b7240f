"""What is decided from end to end: circles between sorts, arithmetic, dates, counting, and names that mean nothing."""

from __future__ import annotations

from datetime import date

import pytest

import checker
from checker.report import CaseReport

TODAY = date(2026, 11, 24)


def the_case(text: str) -> CaseReport:
    report = checker.check_text(text, today=TODAY)
    assert not report.findings, report.findings
    return report.cases[-1]


CIRCLES = [
    (
        """
  sort Hazard sort Mitigation
  predicate mitigates(m: Mitigation, h: Hazard) "{m} mitigates {h}"
  predicate causes(m: Mitigation, h: Hazard)    "{m} causes {h}"
  assume each_has : forall h: Hazard. exists m: Mitigation. mitigates(m, h) owner "x"
  assume each_may : forall m: Mitigation. exists h: Hazard. causes(m, h) owner "x"
  goal none_left : forall h: Hazard. exists m: Mitigation. mitigates(m, h) and not causes(m, h) by each_has, each_may
""",
        "invalid",
    ),
    (
        """
  sort Monitor sort Attack sort Gap
  predicate watches(m: Monitor, a: Attack)
  predicate opens(a: Attack, g: Gap)
  predicate guards(m: Monitor, g: Gap)
  assume one : forall a: Attack. exists m: Monitor. watches(m, a) owner "x"
  assume two : forall m: Monitor. exists g: Gap. not guards(m, g) owner "x"
  assume three : forall g: Gap. exists a: Attack. opens(a, g) owner "x"
  goal covered : forall a: Attack, g: Gap. opens(a, g) implies exists m: Monitor. watches(m, a) and guards(m, g)
    by one, two, three
""",
        "invalid",
    ),
    (
        """
  sort Claim sort Critic
  predicate attacks(k: Critic, c: Claim)
  predicate answered(c: Claim)
  function rebuttal(k: Critic): Claim
  assume each_attacked : forall c: Claim. exists k: Critic. attacks(k, c) owner "x"
  assume apart : forall k: Critic. not attacks(k, rebuttal(k)) owner "x"
  assume answers : forall k: Critic, c: Claim. attacks(k, c) implies (answered(c) iff not answered(rebuttal(k)))
    owner "x"
  goal all_answered : forall c: Claim. answered(c) by each_attacked, apart, answers
""",
        "invalid",
    ),
]


@pytest.mark.parametrize(("body", "step"), CIRCLES)
def test_circles_between_sorts(body: str, step: str) -> None:
    """Wrong claims are refuted with a scenario, though every sort has to be filled from another one."""
    case = the_case(f"case c {{{body}}}")
    (claim,) = case.claims.values()
    assert (claim.step, case.verdict) == (step, "unproved")
    assert claim.scenario is not None
    assert claim.scenario.story
    assert max(len(names) for names in claim.scenario.sorts.values()) <= 3


def test_a_theory_with_infinite_models_only() -> None:
    """A strict order without a maximum has no finite model: nothing is shown, and it says so."""
    case = the_case("""
case c {
  sort T
  predicate lt(x: T, y: T)
  predicate p
  assume irreflexive : forall x: T. not lt(x, x) owner "x"
  assume transitive : forall x, y, z: T. lt(x, y) and lt(y, z) implies lt(x, z) owner "x"
  assume unbounded : forall x: T. exists y: T. lt(x, y) owner "x"
  goal g : p by irreflexive, transitive, unbounded
}
""")
    claim = case.claims["g"]
    assert (claim.step, case.verdict, case.passed) == ("undetermined", "undetermined", False)
    assert claim.reason is not None
    assert "individuals of each sort" in claim.reason


def step_of(declarations: str, formula: str) -> str:
    """Whether the formula follows from an assumption that says nothing."""
    return the_case(f'case c {{ {declarations} assume a : true owner "x" goal g : {formula} by a }}').claims["g"].step


LISTED = """
  sort S = { u, v, w }
  predicate good(s: S) = { u, v }
  function weight(s: S): Real = { u: 1/3, v: 0.5, w: 2% }
  function votes(s: S): Int = { u: 2, v: 0, w: 5 }
"""


@pytest.mark.parametrize(
    ("formula", "step"),
    [
        ("0.1 + 0.2 = 0.3", "valid"),
        ("1/3 + 1/3 + 1/3 = 1", "valid"),
        ("0.333333333 * 3 = 1", "invalid"),
        ("2% = 0.02 and 100% = 1", "valid"),
        ("2 - 3 - 4 = -5 and -2 * 3 = -6 and 7 / 2 = 3.5", "valid"),
        ("1 < 2 <= 2 < 3", "valid"),
        ("3 >= 2 = 2 > 1", "valid"),
        ("forall x: Int. x > 0 implies x >= 1", "valid"),
        ("forall x: Real. x > 0 implies x >= 1", "invalid"),
        ("forall x, y: Real. x < y implies x < (x + y) / 2 < y", "valid"),
        ("2026-10-01 < 2026-10-02 and 2024-02-29 < 2024-03-01", "valid"),
        ("(count s: S. good(s)) = 2", "valid"),
        ("(count s: S. (not good(s))) = 2", "invalid"),
        ("(sum s: S. weight(s)) = 1/3 + 0.5 + 0.02", "valid"),
        ("(sum s: S. votes(s)) = 7", "valid"),
        ("count s: S. good(s) >= 1", "valid"),
        ("(sum s: S. if good(s) then votes(s) else 0) = 2", "valid"),
        ("forall s: S. s = u or s = v or s = w", "valid"),
        ("exists s: S. not good(s) and votes(s) > 4", "valid"),
        ("(if good(u) then 1 else 2) = 1", "valid"),
        ("good(u) iff not good(w)", "valid"),
    ],
)
def test_arithmetic_is_exact(formula: str, step: str) -> None:
    assert step_of(LISTED, formula) == step


def test_a_definition_as_the_role_of_a_nested_use() -> None:
    text = """
theory inner {
  sort Step
  predicate bad(p: Step)
  predicate flagged(p: Step)
  worry missed "Missed." unless forall p: Step. bad(p) implies flagged(p)
  claim seen : forall p: Step. bad(p) implies flagged(p) barring missed
}
theory outer {
  sort Action
  predicate flagged(a: Action)
  use inner as b with Step = Action
  claim all_seen : forall a: Action. b.bad(a) implies b.flagged(a) by b.seen
}
case c {
  sort Act
  sort Reviewer = { linter, human }
  predicate objects(r: Reviewer, a: Act)
  define blocked(a: Act) := exists r: Reviewer. objects(r, a)
  use outer as o with Action = Act, b.flagged = blocked
  predicate in_diff(a: Act)
  assume complete : forall a: Act. o.b.bad(a) and in_diff(a) implies objects(linter, a) owner "x"
  assume only_diffs : forall a: Act. in_diff(a) owner "x"
  answer o.b.missed by complete, only_diffs
  goal g : forall a: Act. o.b.bad(a) implies blocked(a) by o.all_seen
}
"""
    case = the_case(text)
    assert (case.worries["o.b.missed"].status, case.verdict, case.passed) == ("dispelled", "established", True)
    assert case.theories[1].bound == {"Step": "Act", "flagged": "blocked"}


STARRED = """
theory t {
  sort Step
  predicate bad(p: Step)
  predicate odd(p: Step)
  const limit: Real
  worry w "w" unless forall p: Step. not bad(p)
}
case c {
  use t with *
  sort Step
  predicate bad(p: Step)
  predicate odd
  const limit: Real
  predicate calm
  assume a : calm implies forall p: Step. not bad(p) owner "x"
  assume b : calm owner "x"
  answer t.w by a, b
  goal g : forall p: Step. not bad(p) by a, b
}
"""


def test_a_star_binds_what_fits_and_says_what() -> None:
    case = the_case(STARRED)
    assert case.theories[0].bound == {"Step": "Step", "bad": "bad", "limit": "limit"}
    assert (case.worries["t.w"].status, case.passed) == ("dispelled", True)


@pytest.mark.parametrize(
    "name", ["g0", "s0", "f0", "v0", "c0", "e0", "d0", "x0", "k0", "assert", "let", "select", "div"]
)
def test_a_name_like_an_internal_label_changes_nothing(name: str) -> None:
    text = """
case c {
  sort Thing
  predicate NAME(t: Thing)
  predicate NAME1
  const NAME2: Thing
  assume NAME3 : forall t: Thing. NAME(t) implies NAME1 owner "x"
  assume NAME4 : NAME(NAME2) owner "x"
  worry NAME5 "w" unless not NAME1
  goal NAME6 : NAME1 by NAME3, NAME4
  claim NAME7 : not NAME1 by NAME3
}
"""
    plain, named = the_case(text.replace("NAME", "plain")), the_case(text.replace("NAME", name))
    assert [c.step for c in named.claims.values()] == [c.step for c in plain.claims.values()] == ["valid", "invalid"]
    assert [w.status for w in named.worries.values()] == [w.status for w in plain.worries.values()] == ["refuted"]


def test_a_variable_may_be_called_as_one_in_a_mapped_term() -> None:
    """Putting a closed term with a bound variable in the place of a constant captures nothing."""
    case = the_case("""
theory t {
  const limit: Int
  sort Item
  predicate kept(i: Item)
  worry w "w" unless forall s: Item. kept(s) implies limit = 2
}
case c {
  sort S = { u, v, x }
  predicate good(s: S) = { u, v }
  use t with limit = (count s: S. good(s)), Item = S
  predicate p
  predicate q
  assume a : p implies q owner "me"
  assume b : p owner "me"
  goal g : q by a, b
}
""")
    assert case.worries["t.w"].status == "dispelled"


def test_nothing_hangs_on_deep_or_long_formulas() -> None:
    long = " and ".join(["p"] * 3000)
    assert step_of("predicate p", f"({long}) implies p") == "valid"
    chain = "define d0 := p\n" + "\n".join(f"define d{n} := d{n - 1} and d{n - 1}" for n in range(1, 40))
    report = checker.check_text(
        f'case c {{ predicate p {chain} assume a : p owner "x" goal g : d39 by a }}', today=TODAY
    )
    assert [found.code for found in report.findings][:1] == ["unfolds-too-large"]


def test_what_does_not_suffice_alone_is_also_found_among_small_structures() -> None:
    """Z3 gives up on whether the assumption alone keeps the worry from occurring; two steps show that it does not."""
    case = the_case(
        """
case c {
  sort Step
  predicate leads(x: Step, y: Step)
  axiom one : exists x: Step. forall y: Step. y = x
  assume ends : (exists x: Step. forall y: Step. leads(x, x)) implies exists x: Step. not exists y, z: Step. leads(x, y)
    owner "x"
  worry endless unless exists x: Step. not exists y, z: Step. leads(x, y)
  answer endless by ends
  goal an_end : exists x: Step. not exists y: Step. leads(x, y) by ends barring endless
}
"""
    )
    assert (case.worries["endless"].status, case.worries["endless"].used) == ("dispelled", ("ends",))


@pytest.mark.parametrize("more", ["", "assume other : exists s: Step. good(s)"])
def test_what_says_the_conclusion_to_the_letter_entails_it(more: str) -> None:
    """Z3 by itself gives up on this: a quantifier within another one, and no term to try."""
    formula = "forall s: Step. exists t: Step. safe(t) iff good(s)"
    case = the_case(
        f"""
case c {{
  sort Step
  predicate safe(s: Step)
  predicate good(s: Step)
  axiom two : exists s, t: Step. forall u: Step. u = s or u = t
  assume a : {formula}
  {more}
  worry w unless {formula}
  goal g : {formula} by a barring w
}}
"""
    )
    assert (case.worries["w"].status, case.worries["w"].used) == ("assumed", ("a",))
    assert (case.claims["g"].step, case.claims["g"].used) == ("valid", ("a",))
