"""The oracle by itself, on examples whose answers are known, and its eye for reports that are wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

import checker
from checker.report import CaseReport, Fact, Report
from tests.oracle.compare import differences, errors
from tests.oracle.formulas import at_most, one_of
from tests.oracle.generate import random_file
from tests.oracle.judgement import TODAY, Found, Module, Opinion, case_module, judge_case, judge_theory
from tests.oracle.language import (
    INT,
    REAL,
    Acceptance,
    Aggregate,
    Answer,
    Apply,
    Assumption,
    Axiom,
    Case,
    Claim,
    Compare,
    Definition,
    Expr,
    File,
    Infix,
    Ite,
    Mitigation,
    Not,
    Num,
    Possible,
    Quantified,
    Scale,
    Sort,
    Symbol,
    Theory,
    Truth,
    Use,
    Var,
    Vocabulary,
    Worry,
    conj,
    equal,
)
from tests.oracle.printing import case_text, show
from tests.oracle.semantics import LIMIT, Universe, structures
from tests.oracle.tape import Choices, Tape, from_seed, shrunk
from tests.oracle.vacuity import vacuous

P, Q, R = Apply("p"), Apply("q"), Apply("r")
X = Var("x")


def implies(left: Expr, right: Expr) -> Expr:
    return Infix("implies", left, right)


def forall(sort: str, body: Expr, name: str = "x") -> Expr:
    return Quantified("forall", ((name, sort),), body)


def exists(sort: str, body: Expr, name: str = "x") -> Expr:
    return Quantified("exists", ((name, sort),), body)


def number(value: int | str) -> Expr:
    return Num(Fraction(value))


# -- printing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (Infix("and", Infix("or", P, Q), R), "(p or q) and r"),
        (Infix("or", P, Infix("and", Q, R)), "p or q and r"),
        (implies(implies(P, Q), R), "(p implies q) implies r"),
        (implies(P, implies(Q, R)), "p implies q implies r"),
        (Infix("iff", Infix("iff", P, Q), R), "(p iff q) iff r"),
        (Infix("and", forall("S", P), Q), "(forall x: S. p) and q"),
        (Infix("and", Q, forall("S", P)), "q and forall x: S. p"),
        (Infix("or", Infix("and", Q, Not(forall("S", P))), R), "(q and not forall x: S. p) or r"),
        (Not(Compare((X, Apply("c")), ("=",))), "not x = c"),
        (Compare((number(0), Apply("c"), number(1)), ("<=", "<")), "0 <= c < 1"),
        (Infix("-", Apply("c"), Infix("-", number(1), Apply("d"))), "c - (1 - d)"),
        (Scale(Fraction(1, 3), Infix("+", Apply("c"), number("1/2"))), "(1/3) * (c + 0.5)"),
        (Scale(Fraction(-1), Scale(Fraction(2), Apply("c"))), "-1 * (2 * c)"),
        (Aggregate("count", "x", "S", Apply("p", (X,))), "count x: S. p(x)"),
        (Aggregate("sum", "x", "S", Infix("+", number(1), Apply("c"))), "sum x: S. (1 + c)"),
        (equal(Ite(P, number(1), number(-1)), number(0)), "if p then 1 else (-1) = 0"),
    ],
)
def test_formulas_are_printed_with_the_parentheses_they_need(expr: Expr, text: str) -> None:
    assert show(expr) == text


# -- semantics ---------------------------------------------------------------------------------------------------------


def holding(vocabulary: Vocabulary, formula: Expr) -> tuple[int, int]:
    """In how many structures the formula holds, and how many there are."""
    universe = Universe(vocabulary)
    return universe.truth(formula).bit_count(), universe.full.bit_count()


TWO = Sort("S", ("a", "b"))
ON_TWO = Vocabulary((TWO,), (Symbol("p", ("S",)), Symbol("c", (), "S"), Symbol("f", ("S",), "S")))
"""4 x 2 x 4 structures."""
P_OF_X = Apply("p", (X,))


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        (forall("S", P_OF_X), 8),
        (exists("S", P_OF_X), 24),
        (Apply("p", (Apply("c"),)), 16),
        (equal(Apply("c"), Apply("b")), 16),
        (equal(Apply("f", (Apply("c"),)), Apply("c")), 16),
        (forall("S", equal(Apply("f", (Apply("f", (X,)),)), X)), 16),
        (implies(forall("S", P_OF_X), exists("S", P_OF_X)), 32),
        (Infix("iff", Apply("p", (Apply("a"),)), Apply("p", (Apply("b"),))), 16),
        (Compare((Aggregate("count", "x", "S", P_OF_X), number(1)), ("=",)), 16),
        (Compare((Aggregate("sum", "x", "S", Ite(P_OF_X, number("1/2"), number(-1))), number(0)), (">",)), 8),
        (equal(Ite(Apply("p", (Apply("a"),)), Apply("a"), Apply("b")), Apply("c")), 16),
        (Quantified("exists", (("x", "S"), ("y", "S")), Compare((X, Var("y")), ("!=",))), 32),
    ],
)
def test_truth_over_a_listed_sort(formula: Expr, count: int) -> None:
    assert holding(ON_TWO, formula) == (count, 32)


def test_sizes_of_a_sort_up_to_its_bound_and_one_beyond() -> None:
    sizes = Vocabulary((Sort("S", None, 2),), (Symbol("p", ("S",)),))
    assert holding(sizes, Truth(True)) == (2 + 4 + 8, 14)
    assert holding(sizes, at_most("S", 2))[0] == 6
    assert holding(sizes, at_most("S", 1))[0] == 2
    assert holding(sizes, forall("S", P_OF_X))[0] == 3


def test_numbers_are_exact_and_range_a_little_beyond_what_the_axioms_allow() -> None:
    values = tuple(map(Fraction, ("0.1", "0.2")))
    numbers = Vocabulary((), (Symbol("c", (), REAL, values), Symbol("n", (), INT, (Fraction(0), Fraction(1)))))
    assert holding(numbers, one_of("c", (), values)) == (6, 9)
    total = Compare((Infix("+", Apply("c"), number("0.2")), number("0.3")), ("=",))
    assert holding(numbers, total)[0] == 3
    between = Compare((number(0), Apply("c"), Apply("n")), ("<", "<"))
    assert holding(numbers, between)[0] == 6
    assert holding(numbers, equal(Scale(Fraction(3), Infix("-", Apply("n"), Apply("n"))), number(0)))[0] == 9


def test_tables_and_definitions() -> None:
    size = Symbol("size", ("S",), REAL, (), ((("a",), number("2/5")), (("b",), number(3))))
    big = Symbol("big", ("S",), None, (), ((("a",), Truth(False)), (("b",), Truth(True))))
    same = Infix("iff", Apply("big", (Var("y"),)), Compare((Apply("size", (Var("y"),)), Apply("half")), (">",)))
    defined = Vocabulary(
        (TWO,),
        (size, big),
        (Definition("half", (), REAL, number("1/2")), Definition("fits", (("y", "S"),), None, same)),
    )
    assert holding(defined, forall("S", Apply("fits", (X,)))) == (1, 1)
    assert holding(defined, Apply("big", (Apply("a"),))) == (0, 1)
    assert holding(defined, equal(Aggregate("sum", "x", "S", Apply("size", (X,))), number("3.4"))) == (1, 1)


# -- the example of the coding agent -----------------------------------------------------------------------------------


def one(name: str, *args: str) -> Expr:
    """A predicate applied to variables."""
    return Apply(name, tuple(map(Var, args)))


SPR = (("s", "System"), ("r", "Run"), ("p", "Step"))
HAPPENS = conj([one("would", "s", "r"), one("step_of", "p", "r")])
NO_BAD_STEP = forall("Step", implies(one("step_of", "p", "r"), Not(one("bad_step", "p"))), "p")
BAD_STEP = exists("Step", conj([one("step_of", "p", "r"), one("bad_step", "p")]), "p")
PRODUCED = conj([one("produced", "s"), one("unsafe", "s")])

SPINE = Theory(
    "spine",
    Vocabulary(
        tuple(Sort(name, None, 1) for name in ("System", "Run", "Step")),
        (
            *(Symbol(name, ("System",)) for name in ("produced", "unsafe", "caught")),
            Symbol("would", ("System", "Run")),
            Symbol("bad_run", ("Run",)),
            Symbol("step_of", ("Step", "Run")),
            Symbol("bad_step", ("Step",)),
            Symbol("flagged", ("Step",)),
        ),
        (),
        tuple(Axiom(f"few_{name.lower()}", at_most(name, 1), name) for name in ("System", "Run", "Step")),
    ),
    (
        Worry(
            "hidden_harm",
            forall(
                "System",
                implies(one("unsafe", "s"), exists("Run", conj([one("would", "s", "r"), one("bad_run", "r")]), "r")),
                "s",
            ),
        ),
        Worry(
            "emergence",
            forall("Run", implies(one("bad_run", "r"), BAD_STEP), "r"),
            mitigations=(
                Mitigation("no_interaction", forall("Run", implies(NO_BAD_STEP, Not(one("bad_run", "r"))), "r")),
            ),
        ),
        Worry("unnoticed", forall("Step", implies(one("bad_step", "p"), one("flagged", "p")), "p")),
        Worry("gate", Quantified("forall", SPR, implies(conj([HAPPENS, one("flagged", "p")]), one("caught", "s")))),
    ),
    (
        Claim(
            "catches_unsafe",
            forall("System", implies(PRODUCED, one("caught", "s")), "s"),
            (),
            ("hidden_harm", "emergence", "unnoticed", "gate"),
        ),
    ),
    (Possible("hazard", exists("System", PRODUCED, "s")),),
)

STEP_SEEN = conj([one("ev.bad_step", "p"), one("in_diff", "p")])
EV_PRODUCED = conj([one("ev.produced", "s"), one("ev.unsafe", "s")])
AGENT = Case(
    "coding_agent",
    Vocabulary(
        (Sort("Agent", None, 1), Sort("Reviewer", ("linter", "human"))),
        (Symbol("objects", ("Reviewer", "ev.Step")), Symbol("in_diff", ("ev.Step",))),
        (Definition("blocked", (("y", "ev.Step"),), None, exists("Reviewer", one("objects", "w", "y"), "w")),),
        (Axiom("few_agents", at_most("Agent", 1), "Agent"),),
    ),
    (Use("spine", "ev", (("System", "Agent"), ("flagged", "blocked"))),),
    (
        Assumption(
            "linter_complete",
            forall("ev.Step", implies(STEP_SEEN, Apply("objects", (Apply("linter"), Var("p")))), "p"),
        ),
        Assumption("only_diffs", forall("ev.Step", one("in_diff", "p"), "p")),
        Assumption(
            "gate_blocks",
            Quantified(
                "forall",
                (("s", "Agent"), ("r", "ev.Run"), ("p", "ev.Step")),
                implies(
                    conj([conj([one("ev.would", "s", "r"), one("ev.step_of", "p", "r")]), one("blocked", "p")]),
                    one("ev.caught", "s"),
                ),
            ),
        ),
    ),
    (
        Claim(
            "deployable",
            forall("Agent", implies(EV_PRODUCED, one("ev.caught", "s")), "s"),
            ("ev.catches_unsafe",),
            goal=True,
        ),
    ),
    answers=(Answer("ev.unnoticed", ("linter_complete", "only_diffs")),),
    acceptances=(Acceptance("ev.hidden_harm", date(2027, 1, 1)),),
)
CODING_AGENT = File((SPINE,), AGENT)


def test_the_coding_agent_is_judged_as_the_language_says() -> None:
    opinion = judge_case(CODING_AGENT)
    assert {name: set(worry.statuses) for name, worry in opinion.worries.items()} == {
        "ev.hidden_harm": {"accepted"},
        "ev.emergence": {"open"},
        "ev.unnoticed": {"dispelled"},
        "ev.gate": {"assumed"},
    }
    assert opinion.worries["ev.unnoticed"].used == ("linter_complete", "only_diffs")
    assert opinion.worries["ev.hidden_harm"].without == {"open"}
    assert opinion.claims["ev.catches_unsafe"].step.verdict == "valid"
    assert len(opinion.claims["ev.catches_unsafe"].step.used) == 4
    assert opinion.claims["deployable"].rests_on == {"ev.emergence", "ev.hidden_harm"}
    assert (opinion.verdict, opinion.passed) == ("conditional", False)
    assert opinion.possibles == {"ev.hazard": "satisfiable"}
    assert judge_theory(SPINE).passed


def test_adopting_the_mitigation_makes_the_coding_agent_pass() -> None:
    opinion = judge_case(replace(CODING_AGENT, case=replace(AGENT, adopted=("ev.no_interaction",))))
    assert opinion.worries["ev.emergence"].used == ("ev.no_interaction",)
    assert opinion.claims["deployable"].rests_on == {"ev.hidden_harm"}
    assert opinion.passed


# -- the rules, one by one ---------------------------------------------------------------------------------------------

THREE = Vocabulary((), tuple(map(Symbol, "pqr")))


def judged(**parts: object) -> tuple[Module, Opinion]:
    """The opinion on a case about three propositions, with a goal of its own unless there is one."""
    goal = Claim("g", P, ("a",), goal=True)
    whole = {"assumptions": (Assumption("a", conj([P, Q])),), "claims": (goal,), **parts}
    file = File((), Case("c", THREE, **whole))  # type: ignore[arg-type]
    return case_module(file), judge_case(file)


def test_what_is_cited_counts_and_nothing_else() -> None:
    _, opinion = judged(
        assumptions=(Assumption("a", P), Assumption("b", implies(P, Q)), Assumption("d", None)),
        claims=(
            Claim("valid", Q, ("a", "b")),
            Claim("more", Q, ("b", "valid", "a"), ()),
            Claim("invalid", Q, ("b",)),
            Claim("informal", R, ("a", "d")),
            Claim("formal", P, ("a", "d")),
            Claim("worded", None, ("a",)),
            Claim("undeveloped", implies(P, P)),
            Claim("g", Q, ("invalid", "undeveloped", "formal"), goal=True),
        ),
    )
    steps = {name: claim.step.verdict for name, claim in opinion.claims.items()}
    assert steps == {
        "valid": "valid",
        "more": "valid",
        "invalid": "invalid",
        "informal": "informal",
        "formal": "valid",
        "worded": "informal",
        "undeveloped": "undeveloped",
        "g": "valid",
    }
    assert opinion.claims["more"].step.used == ("valid",)
    assert opinion.claims["g"].rests_on == {"invalid", "undeveloped"}
    assert opinion.claims["formal"].status == "established"
    assert opinion.verdict == "conditional"


def test_worries_of_all_kinds() -> None:
    _, opinion = judged(
        claims=(
            Claim("shaky", R, ("a",)),
            Claim("g", P, ("a",), ("open", "chained"), goal=True),
        ),
        worries=(
            Worry("stated", conj([P, Q])),
            Worry("tautology", Infix("or", R, Not(R))),
            Worry("open", R),
            Worry("refuted", Not(P)),
            Worry("chained", R),
            Worry("worded", None),
            Worry("lived_with", R),
            Worry("marked", R, unacceptable=True),
            Worry("too_late", R),
            Worry("last_day", R),
        ),
        answers=(Answer("chained", ("shaky",)), Answer("refuted", ("a",))),
        acceptances=(
            Acceptance("lived_with", None),
            Acceptance("refuted", None),
            Acceptance("marked", None),
            Acceptance("too_late", date(2026, 11, 23)),
            Acceptance("last_day", TODAY),
        ),
    )
    assert {name: "/".join(worry.statuses) for name, worry in opinion.worries.items()} == {
        "stated": "assumed",
        "tautology": "dispelled",
        "open": "open",
        "refuted": "refuted",
        "chained": "conditional",
        "worded": "informal",
        "lived_with": "accepted",
        "marked": "open",
        "too_late": "open",
        "last_day": "accepted",
    }
    assert opinion.worries["chained"].rests_on == {"shaky"}
    assert opinion.claims["g"].rests_on == {"open", "shaky"}


def test_an_assumption_in_doubt_does_not_dispel_the_doubt() -> None:
    module, opinion = judged(worries=(Worry("doubt", P, against=("a",)),))
    assert module.tried("doubt") == ()
    assert opinion.worries["doubt"].statuses == {"open"}
    assert opinion.claims["g"].rests_on == {"doubt"}


def test_two_assumptions_do_not_dispel_the_doubts_about_each_other() -> None:
    module, opinion = judged(
        assumptions=(Assumption("a", P), Assumption("b", Q)),
        worries=(Worry("v", Q, against=("a",)), Worry("w", P, against=("b",))),
    )
    assert (module.tried("v"), module.tried("w")) == ((), ())
    assert opinion.worries["v"].statuses == opinion.worries["w"].statuses == {"open"}


def test_what_is_accepted_can_make_a_case_inconsistent() -> None:
    _, opinion = judged(
        worries=(Worry("v", R), Worry("w", Not(R))),
        acceptances=(Acceptance("v", None), Acceptance("w", None)),
    )
    assert opinion.verdict == "inconsistent"
    assert opinion.claims["g"].status == "unproved"
    assert opinion.worries["v"].statuses == {"undetermined"}


def test_a_possible_is_held_against_the_premises_it_does_not_leave_out() -> None:
    _, opinion = judged(possibles=(Possible("x", Not(P)), Possible("y", Not(P), ("a",)), Possible("z", R)))
    assert opinion.possibles == {"x": "unsatisfiable", "y": "satisfiable", "z": "satisfiable"}
    assert not opinion.passed


@pytest.mark.parametrize(
    ("goal", "code"),
    [(Infix("or", R, Not(R)), "goal-without-assumption"), (conj([Q, P]), "restated-goal"), (P, None)],
)
def test_goals_that_argue_for_nothing(goal: Expr, code: str | None) -> None:
    module, opinion = judged(claims=(Claim("g", goal, ("a",), goal=True),))
    assert opinion.passed
    assert {name for name, _, found in errors(module, opinion) if found is Found.YES} == ({code} if code else set())


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        (implies(Not(P), Q), True),
        (implies(R, implies(Not(P), Q)), True),
        (implies(R, Q), False),
        (Infix("or", Not(Not(P)), Q), False),
        (Infix("or", Not(R), Q), False),
        (Not(conj([Not(P), R])), False),
        (Infix("or", Not(Not(P)), Not(Not(P))), False),
        (Infix("or", conj([P, Q]), R), False),
        (Infix("iff", Not(P), Not(Q)), True),
        (Infix("and", Q, implies(Not(Q), R)), True),
    ],
)
def test_what_is_true_of_nothing(formula: Expr, found: bool) -> None:
    module, opinion = judged()
    assert vacuous(module, formula, opinion.premises) is found


def test_a_single_premise_is_not_said_to_suffice_where_a_larger_sort_might_tell_otherwise() -> None:
    few = Vocabulary((Sort("S", None, 1),), (Symbol("p", ("S",)),), (), (Axiom("few", at_most("S", 1), "S"),))
    some, every = exists("S", P_OF_X), forall("S", P_OF_X)
    file = File((), Case("c", few, (), (Assumption("a", some),), (Claim("g", every, ("a",), goal=True),)))
    module = case_module(file)
    assert module.shown(("a",), every)
    assert module.entails(("a",), every) is Found.NO
    assert module.entails(("a", "few"), every) is Found.YES
    assert module.entails(("a",), exists("S", Infix("or", P_OF_X, Not(P_OF_X)))) is Found.MAYBE


# -- comparing ---------------------------------------------------------------------------------------------------------


def checked(file: File) -> Report:
    return checker.check_text(case_text(file), today=TODAY)


def test_the_checker_agrees_on_the_coding_agent() -> None:
    assert differences(CODING_AGENT, checked(CODING_AGENT)) == []


def tampered(report: Report, case: CaseReport) -> Report:
    """The report with another last case."""
    return replace(report, cases=(*report.cases[:-1], case))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ev.emergence", {"status": "dispelled"}),
        ("ev.emergence", {"without_acceptance": "refuted"}),
        ("ev.emergence", {"scenario": None}),
        ("ev.unnoticed", {"status": "assumed"}),
        ("ev.unnoticed", {"used": ("linter_complete",)}),
        ("ev.unnoticed", {"used": ("linter_complete", "only_diffs", "gate_blocks")}),
        ("ev.unnoticed", {"axioms": ("elsewhere",)}),
        ("ev.unnoticed", {"rests_on": ("ev.gate",)}),
    ],
)
def test_wrong_verdicts_on_worries_are_noticed(name: str, change: dict[str, object]) -> None:
    report = checked(CODING_AGENT)
    case = report.cases[-1]
    worry = replace(case.worries[name], **change)  # type: ignore[arg-type]
    assert differences(CODING_AGENT, tampered(report, replace(case, worries={**case.worries, name: worry})))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("deployable", {"step": "invalid"}),
        ("deployable", {"status": "established"}),
        ("deployable", {"rests_on": ("ev.emergence",)}),
        ("deployable", {"unused": ("ev.catches_unsafe",)}),
        ("ev.catches_unsafe", {"step": "undetermined"}),
        ("ev.catches_unsafe", {"used": ()}),
    ],
)
def test_wrong_verdicts_on_claims_are_noticed(name: str, change: dict[str, object]) -> None:
    report = checked(CODING_AGENT)
    case = report.cases[-1]
    claim = replace(case.claims[name], **change)  # type: ignore[arg-type]
    assert differences(CODING_AGENT, tampered(report, replace(case, claims={**case.claims, name: claim})))


@pytest.mark.parametrize("change", [{"passed": True}, {"verdict": "established"}, {"worries": {}}])
def test_wrong_verdicts_on_the_case_are_noticed(change: dict[str, object]) -> None:
    report = checked(CODING_AGENT)
    assert differences(CODING_AGENT, tampered(report, replace(report.cases[-1], **change)))  # type: ignore[arg-type]


def test_a_scenario_that_is_no_countermodel_is_noticed() -> None:
    report = checked(CODING_AGENT)
    case = report.cases[-1]
    worry = case.worries["ev.emergence"]
    assert worry.scenario is not None
    run = worry.scenario.sorts["ev.Run"][0]
    harmless = replace(worry.scenario, facts=(Fact("ev.bad_run", (run,), False),))
    wrong = replace(worry, scenario=harmless)
    found = differences(CODING_AGENT, tampered(report, replace(case, worries={**case.worries, "ev.emergence": wrong})))
    assert ["no countermodel" in one for one in found] == [True]


def test_a_conflict_that_is_none_or_not_minimal_is_noticed() -> None:
    assumptions = (Assumption("a", P), Assumption("b", Not(P)), Assumption("d", Q))
    file = File((), Case("c", THREE, (), assumptions, (Claim("g", R, ("a",), goal=True),)))
    report = checked(file)
    case = report.cases[-1]
    assert differences(file, report) == []
    for conflict in (("a",), ("a", "b", "d"), ("a", "elsewhere"), ()):
        assert differences(file, tampered(report, replace(case, conflict=conflict)))


# -- generating --------------------------------------------------------------------------------------------------------


def test_the_random_cases_are_of_all_kinds_and_small_enough() -> None:
    seen: Counter[str] = Counter()
    texts = set()
    for seed in range(300):
        file = random_file(from_seed(seed))
        module, opinion = case_module(file), judge_case(file)
        assert structures(module.vocabulary.sorts, module.vocabulary.symbols) <= LIMIT
        assert not module.circular()
        texts.add(case_text(file))
        seen[f"case {opinion.verdict}"] += 1
        seen[f"passed {opinion.passed}"] += 1
        seen.update(f"claim {claim.step.verdict} {claim.status}" for claim in opinion.claims.values())
        seen.update(f"worry {status}" for worry in opinion.worries.values() for status in worry.statuses)
        seen.update(f"possible {status}" for status in opinion.possibles.values())
        seen.update(f"use {len(file.case.uses)}" for _ in file.theories)
    assert len(texts) == 300
    rare = {
        *(f"case {verdict}" for verdict in ("established", "conditional", "unproved", "inconsistent")),
        *(f"passed {passed}" for passed in (True, False)),
        *(f"claim {step} unproved" for step in ("valid", "invalid", "informal", "undeveloped")),
        *(f"claim valid {status}" for status in ("established", "conditional")),
        *(f"worry {status}" for status in ("dispelled", "assumed", "conditional", "accepted", "refuted", "open")),
        *("worry informal", "possible satisfiable", "possible unsatisfiable", "use 1", "use 2"),
    }
    assert {what: seen[what] for what in rare if seen[what] < 10} == {}


def test_choices_can_be_made_again_and_made_smaller() -> None:
    first = from_seed(7)
    file = random_file(first)
    assert random_file(Choices(tuple(first.made))) == file

    def fails(tape: Tape) -> Tape | None:
        choices = Choices(tape)
        numbers = [choices.below(50) for _ in range(choices.below(20))]
        return tuple(choices.made) if any(number >= 30 for number in numbers) else None

    assert shrunk((17, *range(20, 37)), fails) == (1, 30)
