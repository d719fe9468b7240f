"""What is said besides the verdicts, rule by rule: when, how gravely, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checker import antecedents, honesty
from checker.case import Case
from checker.entailment import Answer, Entailed, Reason, Refuted, Undetermined
from checker.evidence import Examined
from checker.findings import Finding, Severity, finding
from checker.honesty import examine_case, is_backed
from checker.judge import why
from checker.logic import children
from checker.obligations import Kind, Obligation, Obligations
from checker.report import EvidenceState
from tests.stubbed import NOTHING, TODAY, Answers, case_in, decider, judgement_of

LOST = Undetermined(Reason.BUDGET, 2)
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def said(text: str, answers: Answers, today: date = TODAY, **states: EvidenceState) -> tuple[Case, list[Finding]]:
    """The case of a text, and what there is to say about it if these are the answers."""
    case = case_in(text)
    evidence = {piece.name: Examined(states.get(piece.name, "current"), ()) for piece in case.evidence}
    found = examine_case(
        case, Obligations(case), judgement_of(case, answers, today), decider(answers), today, evidence
    )  # fmt: skip
    return case, list(found)


def of(findings: list[Finding], *codes: str) -> list[Finding]:
    """Those with these codes."""
    return [found for found in findings if found.code in codes]


def test_an_argument_in_order_gives_no_occasion_for_remarks() -> None:
    text = 'case c {\n  predicate p\n  assume a : p owner "x"\n  claim b : p by a\n  goal g : p by b\n}\n'
    answers: Answers = {(Kind.STEP, "b"): Entailed(("a",)), (Kind.STEP, "g"): Entailed(("b",))}
    assert said(text, answers)[1] == []


STEPS = """
{kind} c {{
  predicate p
  {a}
  claim apart : p by {by}
  claim below : p by {by}
  {goal} g : p by below
}}
"""


def steps(kind: str) -> str:
    if kind == "theory":
        return STEPS.format(kind=kind, a="claim root : p", by="root", goal="claim")
    return STEPS.format(kind=kind, a='assume a : p owner "x"', by="a", goal="goal")


def test_an_invalid_step_weighs_more_under_a_goal() -> None:
    case, found = said(steps("case"), {})
    spans = {claim.name: claim.span for claim in case.claims}
    assert of(found, "invalid-step") == [
        finding("invalid-step", spans[name], about=name, severity=weight)
        for name, weight in (("apart", WARNING), ("below", ERROR), ("g", ERROR))
    ]
    case, found = said(steps("theory"), {})
    assert [(f.about, f.severity) for f in of(found, "invalid-step")] == [
        ("apart", ERROR), ("below", ERROR), ("g", ERROR)
    ]  # fmt: skip
    _, found = said(steps("case"), {(Kind.STEP, name): LOST for name in ("apart", "below", "g")})
    assert not of(found, "invalid-step")


def test_a_theorys_invalid_step_matters_where_a_goal_rests_on_it() -> None:
    """Elsewhere it is told where the theory is checked."""
    theory = "theory t {\n  predicate p\n  claim one : p\n  claim two : p\n}\n"
    text = theory + 'case c {\n  use t\n  assume a : t.p owner "x"\n  goal g : t.p by t.one\n}\n'
    case = case_in(text)
    judgement = judgement_of(case, {(Kind.STEP, "g"): Entailed(("t.one",))})
    invalid = {name: type(step)("invalid") for name, step in judgement.steps.items() if name.startswith("t.")}
    judgement = replace(judgement, steps={**judgement.steps, **invalid})
    found = list(examine_case(case, Obligations(case), judgement, decider({}), TODAY, {}))
    assert [(f.about, f.severity) for f in of(found, "invalid-step")] == [("t.one", ERROR)]


def test_what_is_ruled_out() -> None:
    text = """
case c {
  predicate p
  assume a : p owner "x"
  assume b : p owner "x"
  assume d : p owner "x"
  possible one : p
  possible two : p
  possible fine : p
  possible lost : p
  goal g : p by a, b, d
}
"""
    case, found = said(
        text,
        {
            (Kind.POSSIBLE, "one"): Entailed(("a", "b", "d")),
            (Kind.POSSIBLE, "two"): Entailed(()),
            (Kind.POSSIBLE, "lost"): LOST,
        },
    )
    one, two, _, _ = case.possibles
    assert of(found, "ruled-out") == [
        finding("ruled-out", one.span, about="one", conflict="`a`, `b` and `d`"),
        finding("ruled-out", two.span, about="two", conflict="the definitions"),
    ]


def test_a_divisor_that_is_not_shown_to_differ_from_zero() -> None:
    text = 'case c {\n  const n: Real\n  assume a : 1 / n > 0 owner "x"\n  goal g : 1 / n > 0 by a\n}\n'
    for answer in (Refuted(NOTHING), LOST):
        case, found = said(text, {(Kind.DIVISOR, "a"): answer, (Kind.DIVISOR, "g"): Entailed(())})
        assert of(found, "unproven-divisor") == [
            finding("unproven-divisor", case.divisors[0].span, about="a", divisor=case.divisors[0].text)
        ]


OWED = """
theory first {{
  predicate p
}}
theory second {{
  predicate p
}}
theory owing {{
  predicate p
  requires first, second{when}
}}
case c {{
  use owing
  {uses}
  assume a : owing.p owner "x"
  goal g : owing.p by a
}}
"""


@pytest.mark.parametrize(
    ("uses", "names"),
    [
        ("", "`first` and `second`"),
        ("use first", "`second`"),
        ("use second", "`first`"),
        ("use first use second", None),
    ],
)
def test_theories_that_are_owed(uses: str, names: str | None) -> None:
    case, found = said(OWED.format(when="", uses=uses), {})
    expected = [finding("owed-theory", case.requirements[0].span, about="owing", names=names)] if names else []
    assert of(found, "owed-theory", "owed-theory-when") == expected
    for answer in (Refuted(NOTHING), LOST):
        case, found = said(OWED.format(when=" when p", uses=uses), {(Kind.OWED, "owing"): answer})
        expected = [finding("owed-theory-when", case.requirements[0].span, about="owing", names=names)] if names else []
        assert of(found, "owed-theory", "owed-theory-when") == expected
    _, found = said(OWED.format(when=" when p", uses=uses), {(Kind.OWED, "owing"): Entailed(())})
    assert not of(found, "owed-theory", "owed-theory-when")


ACCEPTED = """
case c {
  predicate p
  assume a : p owner "x"
  worry w unless p
  worry bad unless p unacceptable
  claim half : p by a
  accept w %s
  accept bad "No." owner "x" until 2027-01-01
  accept half "Perhaps." owner "x" until 2027-01-01
  goal g : p by a
}
"""


def test_acceptances() -> None:
    full = '"Yes." owner "x" until 2026-11-24'
    case, found = said(ACCEPTED % full, {(Kind.STEP, "half"): LOST})
    places = {acceptance.target: acceptance.span for acceptance in case.acceptances}
    codes = ("unacceptable", "accepted-failure", "idle-acceptance", "expired-acceptance", "unowned-acceptance")
    unacceptable = finding("unacceptable", places["bad"], about="bad")
    assert of(found, *codes) == [unacceptable]

    _, found = said(ACCEPTED % full, {(Kind.STEP, "half"): LOST}, date(2026, 11, 25))
    assert of(found, *codes) == [
        finding("expired-acceptance", places["w"], about="w", until="2026-11-24"),
        unacceptable,
    ]

    refuted: Answers = {(Kind.STEP, "half"): Refuted(NOTHING), (Kind.REFUTATION, "w"): Entailed(("a",))}
    _, found = said(ACCEPTED % full, refuted, date(2027, 2, 1))
    assert of(found, *codes) == [
        finding("accepted-failure", places["w"], about="w", status="refuted"),
        unacceptable,
        finding("accepted-failure", places["half"], about="half", status="invalid"),
    ]

    settled: Answers = {(Kind.STEP, "half"): Entailed(("a",)), (Kind.WORRY, "w"): Entailed(("a",), ("a",))}
    _, found = said(ACCEPTED % full, settled, date(2027, 2, 1))
    assert of(found, *codes) == [
        finding("idle-acceptance", places["w"], about="w", status="assumed"),
        unacceptable,
        finding("idle-acceptance", places["half"], about="half", status="valid"),
    ]
    _, found = said(ACCEPTED % full, {**settled, (Kind.WORRY, "w"): Entailed(("a",))})
    assert "`w` is dispelled without being accepted" in {f.message for f in of(found, "idle-acceptance")}
    conditional = (ACCEPTED % full).replace("  goal", "  answer w by half\n  goal")
    _, found = said(conditional, {(Kind.STEP, "half"): LOST, (Kind.WORRY, "w"): Entailed(("half",))})
    assert "`w` is conditional without being accepted" in {f.message for f in of(found, "idle-acceptance")}

    inconsistent: Answers = {(Kind.CONSISTENCY, "c"): Entailed(("a",))}
    case, found = said(ACCEPTED % '"Yes."', inconsistent)
    assert not of(found, *codes)
    assert found[-1] == finding("inconsistent", case.span, about="c", conflict="`a`")


@pytest.mark.parametrize(
    ("written", "lacks"),
    [
        ('"  "', "reason and owner and date"),
        ('"Yes." until 2027-01-01', "owner"),
        ('"Yes." owner "x"', "date"),
        ('"" owner "x" until 2027-01-01', "reason"),
    ],
)
def test_an_acceptance_that_nobody_answers_for(written: str, lacks: str) -> None:
    case, found = said(ACCEPTED % written, {(Kind.STEP, "half"): LOST})
    expected = finding("unowned-acceptance", case.acceptances[0].span, about="w", lacks=lacks)
    assert of(found, "unowned-acceptance") == [expected]


def test_an_owner_or_working_evidence_backs_an_assumption() -> None:
    current, expired = Examined("current", ()), Examined("expired", ())
    evidence = {"good": current, "bad": expired}
    assert is_backed([], "x", evidence)
    assert is_backed(["bad"], "x", evidence)
    assert is_backed(["bad", "good"], None, evidence)
    assert not is_backed(["bad"], None, evidence)
    assert not is_backed(["unheard_of"], None, evidence)
    assert not is_backed([], None, evidence)


BACKING = """
case c {
  predicate p
  evidence e { url "https://example.org/e" }
  evidence idle { url "https://example.org/idle" }
  assume a : p by e
  assume b : p by e
  assume owned : p by e owner "x"
  assume apart : p by e
  assume naked : p
  goal g : p by a, owned
  goal h : p by b
  goal i : p by owned
}
"""


def test_what_falls_with_evidence() -> None:
    case = case_in(BACKING)
    gone = finding("expired-evidence", case.evidence[0].span, about="e", until="2026-01-01")
    judgement = judgement_of(case, {})

    def findings(state: EvidenceState) -> list[Finding]:
        evidence = {"e": Examined(state, (gone,)), "idle": Examined("current", ())}
        return list(examine_case(case, Obligations(case), judgement, decider({}), TODAY, evidence))

    found = findings("expired")
    (told,) = of(found, "expired-evidence")
    assert told.hint == "nothing backs `a`, `b` and `apart` any more, and the goals `g` and `h` with it"
    assert [(f.about, f.span) for f in of(found, "unused-evidence")] == [("idle", case.evidence[1].span)]
    spans = {assumption.name: assumption.span for assumption in case.assumptions}
    assert [f.span for f in of(found, "unbacked-assumption")] == [spans[n] for n in ("a", "b", "apart", "naked")]
    assert [(f.about, f.severity) for f in of(found, "unbacked-assumption")] == [
        ("a", ERROR), ("b", ERROR), ("apart", WARNING), ("naked", WARNING)
    ]  # fmt: skip
    found = findings("current")
    assert of(found, "expired-evidence") == [gone]
    assert [f.about for f in of(found, "unbacked-assumption")] == ["naked"]


@pytest.mark.parametrize(
    ("cites", "hint"),
    [
        ("goal g : p by other", "nothing backs `a` any more"),
        ("goal g : p by a", "nothing backs `a` any more, and the goal `g` with it"),
    ],
)
def test_what_falls_with_evidence_that_is_the_only_one(cites: str, hint: str) -> None:
    text = f"""case c {{
  predicate p
  evidence e {{ url "https://example.org/e" }}
  assume a : p by e
  assume other : p owner "x"
  {cites}
}}"""
    case = case_in(text)
    gone = finding("expired-evidence", case.evidence[0].span, about="e", until="2026-01-01")
    evidence = {"e": Examined("expired", (gone,))}
    found = list(examine_case(case, Obligations(case), judgement_of(case, {}), decider({}), TODAY, evidence))
    (told,) = of(found, "expired-evidence")
    assert told.hint == hint


VACUOUS = """
case c {
  predicate p
  predicate q
  assume a : p owner "x"
  worry w unless p implies q
  claim apart : p implies q by a
  claim plain : q by a
  claim informal
  goal g : p implies q by a
}
"""


def test_what_is_about_nothing() -> None:
    codes = ("vacuous", "vacuous-worry", "vacuity-undetermined")
    names = ("g", "apart", "w")
    case, found = said(VACUOUS, {(Kind.VACUITY, name): Entailed(()) for name in names})
    spans = {s.name: s.span for s in (*case.claims, *case.worries)}
    assert of(found, *codes) == [
        finding("vacuous", spans["apart"], about="apart", what="claim", severity=WARNING),
        finding("vacuous", spans["g"], about="g", what="goal", severity=ERROR),
        finding("vacuous-worry", spans["w"], about="w", severity=NOTE, what="worry"),
    ]
    _, found = said(VACUOUS, {(Kind.VACUITY, name): LOST for name in names})
    assert of(found, *codes) == [
        finding("vacuity-undetermined", spans[name], about=name, severity=weight, what=what, reason=why(LOST))
        for name, what, weight in (("apart", "claim", WARNING), ("g", "goal", ERROR))
    ]
    assert not of(said(VACUOUS, {})[1], *codes)


def test_vacuity_is_looked_at_under_what_is_accepted() -> None:
    text = VACUOUS.replace("  goal", '  accept w "So be it." owner "x" until 2027-01-01\n  goal')
    case = case_in(text)
    asked: list[Obligation] = []
    judgement = judgement_of(case, {})
    list(examine_case(case, Obligations(case), judgement, decider({}, asked.append), TODAY, {}))
    given = {tuple(p.name for p in o.question.premises) for o in asked if o.kind is Kind.VACUITY}
    assert given == {("a", "w")}


def test_of_several_conditions_one_that_is_impossible_is_told_once() -> None:
    text = VACUOUS.replace("goal g : p implies q", "goal g : (p implies q) and (q implies p)")
    for answer, code in ((Entailed(()), "vacuous"), (LOST, "vacuity-undetermined")):
        _, found = said(text, {(Kind.VACUITY, "g"): answer, (Kind.VACUITY, "w"): Entailed(())})
        assert [f.about for f in of(found, code, "vacuous-worry")] == ["g", "w"]


def many_conditions(count: int, impossible: set[int], lost: set[int]) -> tuple[list[str], list[list[list[int]]]]:
    """What is found of so many claims, of which these are about nothing or nobody knows; and which were asked about.

    A list for each time that anything is asked, in it one for each question: the claims that it is about.
    """
    names = range(1, count + 1)
    declared = "".join(f"  predicate p{n}\n  claim c{n} : p{n} implies q by a\n" for n in names)
    case = case_in(f'case c {{\n  predicate q\n  assume a : q owner "x"\n{declared}  goal g : q by a\n}}\n')
    obligations = Obligations(case)
    conclusions = {n: obligations.vacuity(case.claims[n - 1], ())[0].question.conclusion for n in names}
    asked: list[list[list[int]]] = []

    def decide(posed: Sequence[Obligation]) -> list[Answer]:
        ours = [obligation.question.conclusion for obligation in posed if obligation.kind is Kind.VACUITY]
        groups = [[n for n in names if conclusions[n] in (conclusion, *children(conclusion))] for conclusion in ours]
        titles = [obligation.question.name for obligation in posed if obligation.kind is Kind.VACUITY]
        more = (f" and {len(group) - 1} more" if len(group) > 1 else "" for group in groups)
        assert titles == [f"vacuity c{group[0]} 1{others}" for group, others in zip(groups, more, strict=True)]
        if groups:
            asked.append(groups)
        found: list[Answer] = [
            LOST if lost & {*group} else Entailed(()) if impossible & {*group} else Refuted(NOTHING) for group in groups
        ]
        return found or [Refuted(NOTHING)] * len(posed)

    found = examine_case(case, obligations, judgement_of(case, {}), decide, TODAY, {})
    return [f"{f.about} {f.code}" for f in found if f.code.startswith("vacu")], asked


def test_a_few_conditions_are_looked_at_one_by_one() -> None:
    assert many_conditions(8, set(), set()) == ([], [[[n] for n in range(1, 9)]])
    assert many_conditions(8, {3}, {5})[0] == ["c3 vacuous", "c5 vacuity-undetermined"]


def test_one_situation_shows_of_many_conditions_that_they_can_be() -> None:
    assert many_conditions(9, set(), set()) == ([], [[[1, 2, 3, 4, 5, 6, 7, 8, 9]]])


def test_where_there_is_no_such_situation_halves_are_looked_at() -> None:
    """What can be together in a half need not be looked at any further."""
    found, asked = many_conditions(10, {4}, {8})
    assert found == ["c4 vacuous", "c8 vacuity-undetermined"]
    assert asked == [
        [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
        [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]],
        [[1, 2], [3, 4, 5], [6, 7], [8, 9, 10]],
        [[3], [4, 5], [8], [9, 10]],
        [[4], [5]],
    ]


def test_where_nobody_knows_of_any_together_each_gets_an_answer_of_its_own() -> None:
    everyone = {*range(1, 11)}
    found, _ = many_conditions(10, everyone, set())
    assert found == [f"c{n} vacuous" for n in range(1, 11)]


CITED = """
case c {
  predicate p
  axiom ax : p
  assume a : p owner "x"
  assume b : p owner "x"
  worry w unless p
  worry v unless p
  claim some : p by a, b barring w
  claim all_of_them : p by all
  answer w by a, b
  answer v by all
  goal g : p by some
}
"""
SOME: Answers = {
    (Kind.STEP, "some"): Entailed(("b",)),
    (Kind.STEP, "all_of_them"): Entailed(("b",)),
    (Kind.STEP, "g"): Entailed(("some",)),
    (Kind.WORRY, "w"): Entailed(("a", "ax")),
    (Kind.WORRY, "v"): Entailed(("a",)),
}


def test_idle_citations() -> None:
    case, found = said(CITED, SOME)
    assert of(found, "unneeded-citation") == [
        finding("unneeded-citation", case.claims[0].span, about="some", names="`a` and `w`"),
        finding("unneeded-citation", case.answers[0].span, about="w", names="`b`"),
    ]
    _, found = said(CITED, {**SOME, (Kind.STEP, "some"): LOST, (Kind.WORRY, "w"): LOST})
    assert not of(found, "unneeded-citation")
    _, found = said(CITED, {**SOME, (Kind.WORRY, "w"): Entailed(("a",), ("a",)), (Kind.STEP, "some"): LOST})
    assert [f.about for f in of(found, "unneeded-citation")] == ["w"]
    _, found = said(CITED, {**SOME, (Kind.STEP, "some"): Entailed(("a", "b", "w"))})
    assert [f.about for f in of(found, "unneeded-citation")] == ["w"]


def test_idle_citations_of_an_answer_that_rests_on_something() -> None:
    text = CITED.replace("answer w by a, b", "answer w by a, half").replace("  goal", "  claim half : p\n  goal")
    case, found = said(text, {**SOME, (Kind.STEP, "some"): LOST, (Kind.WORRY, "w"): Entailed(("half",), ("half",))})
    assert of(found, "unneeded-citation") == [
        finding("unneeded-citation", case.answers[0].span, about="w", names="`a`")
    ]


def test_axioms_at_work() -> None:
    case, found = said(CITED, SOME)
    (axiom,) = case.axioms
    assert of(found, "axiom-at-work") == [finding("axiom-at-work", axiom.span, about="ax", names="`w`")]
    _, found = said(CITED, {**SOME, (Kind.STEP, "some"): Entailed(("ax",)), (Kind.STEP, "g"): Entailed(("ax",))})
    assert [f.message for f in of(found, "axiom-at-work")] == [
        finding("axiom-at-work", about="ax", names="`some`, `g` and `w`").message
    ]
    _, found = said(CITED, {**SOME, (Kind.WORRY, "w"): Entailed(("a",))})
    assert not of(found, "axiom-at-work")


def test_axioms_of_theories_are_meant_to_work() -> None:
    theory = "theory t {\n  predicate p\n  axiom ax : p\n  claim c : p\n}\n"
    text = theory + 'case c {\n  use t\n  assume a : t.p owner "x"\n  goal g : t.p by a\n}\n'
    _, found = said(text, {(Kind.STEP, "g"): Entailed(("t.ax",))})
    assert not of(found, "axiom-at-work")
    _, found = said(
        theory.replace("claim c : p", "claim b : p  claim c : p by b"), {(Kind.STEP, "c"): Entailed(("ax",))}
    )
    assert not of(found, "axiom-at-work")


TORN = """
case c {
  predicate p
  assume a : p owner "x"
  worry w unless p
  claim apart : p barring w
  claim below : p barring w
  claim from_claim : p by below
  claim from_assumption : p by a
  goal g : p by below
}
"""
VALID: Answers = {
    (Kind.STEP, name): Entailed(("a",)) for name in ("apart", "below", "from_claim", "from_assumption", "g")
}


def test_contradictory_citations() -> None:
    codes = ("contradictory-citations", "contradiction-undetermined")
    names = ("apart", "below", "from_claim", "from_assumption", "g")
    torn: Answers = {(Kind.CONTRADICTION, name): Entailed(("w", "a")) for name in names}
    _, found = said(TORN, {**VALID, (Kind.CONTRADICTION, "below"): Entailed(())})
    assert [f.message for f in of(found, *codes)] == [
        finding("contradictory-citations", about="below", conflict="the definitions").message
    ]
    case, found = said(TORN, {**VALID, **torn})
    spans = {claim.name: claim.span for claim in case.claims}
    weights = {"apart": WARNING, "below": ERROR, "from_claim": WARNING, "g": ERROR}
    assert of(found, *codes) == [
        finding("contradictory-citations", spans[name], about=name, severity=weight, conflict="`w` and `a`")
        for name, weight in weights.items()
    ]
    lost: Answers = {(Kind.CONTRADICTION, name): LOST for name in names}
    _, found = said(TORN, {**VALID, **lost})
    assert of(found, *codes) == [
        finding("contradiction-undetermined", spans[name], about=name, severity=weight, reason=why(LOST))
        for name, weight in weights.items()
    ]
    assert not of(said(TORN, VALID)[1], *codes)
    assert not of(said(TORN, torn)[1], *codes), "none of the steps is valid"


def test_in_a_theory_contradictory_citations_are_errors() -> None:
    text = "theory t {\n  predicate p\n  worry w unless p\n  claim c : p barring w\n}\n"
    _, found = said(text, {(Kind.STEP, "c"): Entailed(("w",)), (Kind.CONTRADICTION, "c"): Entailed(())})
    assert [f.severity for f in of(found, "contradictory-citations")] == [ERROR]
    _, found = said(text, {(Kind.STEP, "c"): Entailed(("w",)), (Kind.CONTRADICTION, "c"): LOST})
    assert [f.severity for f in of(found, "contradiction-undetermined")] == [ERROR]


GOALS = """
case c {
  predicate p
  predicate q
  axiom ax : q
  assume a : p owner "x"
  assume b : p owner "x"
  assume apart : p owner "x"
  worry w unless p
  claim half : p by a, b barring w
  accept w "So be it." owner "x" until 2027-01-01
  goal g : p by half
}
"""
GOAL: Answers = {(Kind.STEP, "half"): Entailed(("a", "b", "w")), (Kind.STEP, "g"): Entailed(("half",))}
GOAL_CODES = ("goal-without-assumption", "restated-goal", "goal-from-one-assumption", "restated-claim")


def test_a_goal_that_needs_no_assumption() -> None:
    for used, by in (((), "the definitions and mappings"), (("ax",), "`ax`")):
        more: Answers = {(Kind.AXIOMS_ALONE, "g"): Entailed(used), (Kind.SOURCE, "g"): Entailed(("a",), ("a",))}
        case, found = said(GOALS, {**GOAL, **more})
        assert of(found, *GOAL_CODES) == [
            finding("goal-without-assumption", case.goals[0].span, about="g", by=by)
        ]  # fmt: skip
    for answer in (LOST, Refuted(NOTHING)):
        assert not of(said(GOALS, {**GOAL, (Kind.AXIOMS_ALONE, "g"): answer})[1], *GOAL_CODES)


def test_a_goal_that_one_premise_gives() -> None:
    source: Answers = {(Kind.SOURCE, "g"): Entailed(("a", "b"), ("a", "w", "ax", "apart"))}
    case, found = said(GOALS, {**GOAL, **source})
    span = case.goals[0].span
    assert of(found, *GOAL_CODES) == [
        finding("goal-from-one-assumption", span, about="g", premise="a"),
        finding("goal-from-one-assumption", span, about="g", premise="w"),
    ]
    _, found = said(GOALS, {**GOAL, **source, (Kind.RESTATEMENT, "g"): Entailed(())})
    assert of(found, *GOAL_CODES) == [
        finding("restated-goal", span, about="g", premise="a"),
        finding("restated-goal", span, about="g", premise="w"),
    ]
    assert not of(said(GOALS, {**GOAL, (Kind.SOURCE, "g"): LOST})[1], *GOAL_CODES)
    shaken = {**GOAL, **source, (Kind.STEP, "g"): LOST}
    assert not of(said(GOALS, shaken)[1], *GOAL_CODES)


UNDETERMINED_CODES = (*GOAL_CODES, "goal-assumptions-undetermined", "restatement-undetermined")


def test_whether_a_goal_needs_an_assumption_was_not_decided() -> None:
    more: Answers = {(Kind.AXIOMS_ALONE, "g"): LOST, (Kind.SOURCE, "g"): Entailed(("a",), ("a",))}
    case, found = said(GOALS, {**GOAL, **more})
    span = case.goals[0].span
    assert of(found, *UNDETERMINED_CODES) == [
        finding("goal-assumptions-undetermined", span, about="g", reason=why(LOST)),
        finding("goal-from-one-assumption", span, about="g", premise="a"),
    ]


def test_whether_a_premise_restates_a_goal_was_not_decided() -> None:
    """Of premises of which nobody knows whether they give the goal alone, a restatement is told, and no more."""
    alone, restated = (Kind.SOURCE, "g"), (Kind.RESTATEMENT, "g")
    perhaps = Entailed(("a", "b"), ("w",), perhaps_alone=("b", "apart"))
    for source, names in ((perhaps, ["b", "w"]), (LOST, ["a", "b", "w"])):
        case, found = said(GOALS, {**GOAL, alone: source, restated: LOST})
        span = case.goals[0].span
        assert of(found, *UNDETERMINED_CODES) == [
            finding("restatement-undetermined", span, about="g", premise=name, reason=why(LOST)) for name in names
        ]
        _, found = said(GOALS, {**GOAL, alone: source, restated: Entailed(())})
        assert of(found, *UNDETERMINED_CODES) == [
            finding("restated-goal", span, about="g", premise=name) for name in names
        ]
    _, found = said(GOALS, {**GOAL, alone: perhaps})
    assert of(found, *UNDETERMINED_CODES) == [finding("goal-from-one-assumption", span, about="g", premise="w")]
    assert not of(said(GOALS, {**GOAL, alone: LOST})[1], *UNDETERMINED_CODES)


def test_each_goal_is_looked_at_for_itself() -> None:
    text = GOALS.replace("  goal g : p by half", "  goal g : p by half\n  goal h : p by half")
    answers: Answers = {
        **GOAL,
        (Kind.STEP, "h"): Entailed(("half",)),
        (Kind.AXIOMS_ALONE, "g"): Entailed(()),
        (Kind.SOURCE, "h"): Entailed(("a",), ("a",)),
    }
    found = said(text, answers)[1]
    assert [(f.code, f.about) for f in of(found, *GOAL_CODES)] == [
        ("goal-without-assumption", "g"),
        ("goal-from-one-assumption", "h"),
    ]
    answers = {**answers, (Kind.AXIOMS_ALONE, "g"): Refuted(NOTHING), (Kind.SOURCE, "g"): Entailed(("b",), ("b",))}
    found = said(text, answers)[1]
    assert [(f.code, f.about) for f in of(found, *GOAL_CODES)] == [
        ("goal-from-one-assumption", "g"),
        ("goal-from-one-assumption", "h"),
    ]


def test_sources_of_goals_are_what_is_assumed_below_them() -> None:
    case = case_in(GOALS)
    asked: list[Obligation] = []
    judgement = judgement_of(case, GOAL)
    source: Answers = {(Kind.SOURCE, "g"): Entailed(("a",), ("a",))}
    list(examine_case(case, Obligations(case), judgement, decider({**GOAL, **source}, asked.append), TODAY, {}))
    given = {o.question.name: [p.name for p in o.question.premises] for o in asked}
    assert given["source g"] == ["a", "b", "w", "ax"]
    assert given["restatement g a"] == []
    assert "restatement g b" not in given


RESTATED = """
case c {
  predicate p
  axiom ax : p
  assume a : p owner "x"
  assume b : p owner "x"
  assume vague owner "x"
  claim named : p by a, b, vague
  claim everything : p by all
  claim shaken : p by a
  goal g : p by named, everything, shaken
}
"""


def test_restated_claims() -> None:
    answers: dict[tuple[Kind, str], Answer] = {
        (Kind.STEP, "named"): Entailed(("a",)),
        (Kind.STEP, "everything"): Entailed(("b",)),
        (Kind.STEP, "g"): Entailed(("named",)),
        **{(Kind.RESTATEMENT, name): Entailed(()) for name in ("named", "everything", "shaken", "g")},
    }
    case, found = said(RESTATED, answers)
    spans = {claim.name: claim.span for claim in case.claims}
    assert of(found, "restated-claim") == [
        finding("restated-claim", spans[about], about=about, premise=premise)
        for about, premise in (("everything", "b"), ("named", "a"), ("named", "b"))
    ]
    answers[Kind.RESTATEMENT, "named"] = LOST
    _, found = said(RESTATED, answers)
    assert [f.about for f in of(found, "restated-claim")] == ["everything"]

    asked: list[Obligation] = []
    judgement = judgement_of(case, answers)
    list(examine_case(case, Obligations(case), judgement, decider(answers, asked.append), TODAY, {}))
    given = {o.question.name: [p.name for p in o.question.premises] for o in asked}
    assert given["restatement named a"] == ["ax"]


def test_a_worry_that_definitions_alone_dispel() -> None:
    by_definition = Entailed((), ("a",), by_definition=True)
    case, found = said(CITED, {**SOME, (Kind.WORRY, "w"): by_definition})
    assert of(found, "worry-by-definition") == [finding("worry-by-definition", case.worries[0].span, about="w")]
    answered = CITED.replace("answer w by a, b", "answer w by idle").replace("  goal", "  claim idle : p\n  goal")
    _, found = said(answered, {**SOME, (Kind.WORRY, "w"): by_definition})
    assert [f.about for f in of(found, "worry-by-definition")] == ["w"]
    assert not of(said(CITED, SOME)[1], "worry-by-definition")


def test_what_is_of_no_use() -> None:
    text = """
case c {
  predicate p
  assume a : p owner "x"
  assume idle : p owner "x"
  assume vague owner "x"
  assume hint owner "x"
  assume found : p owner "x"
  assume cited : p owner "x"
  worry w unless p
  worry v unless p
  claim lost : p by a
  claim answering : p by a
  claim below : p by a, hint
  answer v by answering, cited
  goal g : p by below
}
"""
    answers: Answers = {
        (Kind.STEP, "below"): Entailed(("a",)),
        (Kind.STEP, "g"): Entailed(("below",)),
        (Kind.WORRY, "w"): Entailed(("found",)),
    }
    case, found = said(text, answers)
    spans = {s.name: s.span for s in (*case.claims, *case.assumptions)}
    assert of(found, "unreached-claim") == [finding("unreached-claim", spans["lost"], about="lost")]
    assert of(found, "unused-assumption") == [
        finding("unused-assumption", spans[name], about=name) for name in ("idle", "vague", "cited")
    ]


def test_of_a_theory_less_is_said() -> None:
    text = (
        "theory t {\n  predicate p\n  worry w unless p implies p\n  claim c : p implies p barring w\n  claim d : p\n}\n"
    )
    everything: Answers = {
        (kind, name): Entailed(()) for kind in Kind if kind is not Kind.CONSISTENCY for name in ("w", "c", "d", "t")
    }
    _, found = said(text, everything)
    assert [(f.code, f.about, f.severity) for f in found] == [
        ("vacuous", "c", WARNING),
        ("unneeded-citation", "c", WARNING),
        ("contradictory-citations", "c", ERROR),
    ]


def test_what_a_theory_owes_is_owed_by_the_case_that_uses_it() -> None:
    theories = OWED.format(when="", uses="").partition("case c")[0]
    text = theories + "theory between {\n  use owing\n  claim c : owing.p\n}\n"
    case, found = said(text, {})
    assert case.requirements
    assert not of(found, "owed-theory")
    text += 'case c {\n  use between\n  assume a : between.owing.p owner "x"\n  goal g : between.owing.p by a\n}\n'
    assert [f.about for f in of(said(text, {})[1], "owed-theory")] == ["between.owing"]


def test_what_counts_over_a_role_is_said_to_be_checked_in_each_use() -> None:
    text = """
theory t {
  sort Role
  predicate p(x: Role)
  worry w unless count x: Role. p(x) = 1
  claim c : 1 = count x: Role. p(x) barring w
}
"""
    case, found = said(text, {})
    assert of(found, "checked-in-each-use") == [finding("checked-in-each-use", case.claims[0].span, about="c")]


def test_premises_that_contradict_each_other_whatever_they_are() -> None:
    text = 'case c {\n  predicate p\n  assume a : p owner "x"\n  goal g : p by a\n}\n'
    case, found = said(text, {(Kind.CONSISTENCY, "c"): Entailed(()), (Kind.STEP, "g"): Entailed(("a",))})
    assert found == [finding("inconsistent", case.span, about="c", conflict="nothing")]


def test_of_a_theorys_claims_those_under_a_goal_are_looked_at() -> None:
    theory = "theory t {\n  predicate p\n  claim base : p\n  claim used : p implies p by base\n"
    theory += "  claim idle : p implies p by base\n}\n"
    text = theory + 'case c {\n  use t\n  assume a : t.p owner "x"\n  goal g : t.p by t.used, a\n}\n'
    vacuous: Answers = {(Kind.VACUITY, name): Entailed(()) for name in ("t.used", "t.idle")}
    assert [(f.about, f.severity) for f in of(said(text, vacuous)[1], "vacuous")] == [("t.used", WARNING)]


def test_what_has_too_many_conditions_is_not_said_to_be_about_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antecedents, "MAX_CONDITIONS", 2)
    monkeypatch.setattr(honesty, "MAX_CONDITIONS", 2)
    text = """
case c {
  predicate p
  predicate q
  assume a : p owner "x"
  worry w unless (p implies q) and (q implies p)
  claim one : p implies q by a
  claim two : (p implies q) and (q implies p) by a
  goal g : (p implies q) and (q implies p) by a
}
"""
    codes = ("vacuous", "vacuous-worry", "vacuity-undetermined")
    names = ("one", "two", "g", "w")
    many = "it has too many conditions to look at each"
    for answer in (Entailed(()), LOST):
        case, found = said(text, {(Kind.VACUITY, name): answer for name in names})
        spans = {s.name: s.span for s in (*case.claims, *case.worries)}
        words: dict[str, Any] = {"what": "statement", "severity": WARNING, "reason": many}
        expected = [
            finding("vacuity-undetermined", spans["two"], about="two", **words),
            finding("vacuity-undetermined", spans["g"], about="g", what="goal", severity=ERROR, reason=many),
            finding("vacuity-undetermined", spans["w"], about="w", **words),
        ]
        assert [f for f in of(found, *codes) if f.about != "one"] == expected
        assert [f.about for f in of(found, *codes)] == ["two", "g", "w", "one"]
