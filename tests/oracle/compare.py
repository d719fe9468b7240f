"""A report of the checker beside the oracle's opinion: every difference, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.findings import Severity
from checker.report import CaseReport, ClaimReport, Report, Scenario, WorryReport
from tests.oracle.judgement import (
    TODAY,
    ClaimOpinion,
    Found,
    Module,
    Opinion,
    Step,
    TheoryOpinion,
    WorryOpinion,
    case_module,
    contradictory,
    judge_case,
    judge_theory,
    theory_module,
)
from tests.oracle.language import NUMERIC, Expr, File, Infix, Not, Truth
from tests.oracle.semantics import Fact, Value
from tests.oracle.vacuity import vacuous


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report says otherwise than the oracle, and how much was compared.

    ``judged`` counts verdicts (on cases, theories, steps, worries, possibles) and whether something is an error;
    ``left_open`` those for which the oracle allows more than one answer.
    """

    differences: tuple[str, ...]
    judged: int = 0
    left_open: int = 0


def differences(file: File, report: Report) -> list[str]:
    """What the report says otherwise than the oracle; empty where they agree."""
    return list(compare(file, report).differences)


def compare(file: File, report: Report) -> Comparison:
    """The report on ``file`` beside the oracle's opinion."""
    if report.findings:
        mistakes = [found.message for found in report.findings]
        return Comparison((f"no file of ours has mistakes, and this has {mistakes}",))
    cases = {case.name: case for case in report.cases}
    found: list[str] = []
    decided = 0
    choices = {name: _chosen(case) for name, case in cases.items()}
    theories = {theory.name: theory_module(theory, choices) for theory in file.theories}
    for theory in file.theories:
        by_itself = judge_theory(theory, choices)
        found += _prefixed(theory.name, _theory(theories[theory.name], by_itself, cases[theory.name]))
        decided += 2 + len(by_itself.steps) + len(by_itself.possibles)
    module, opinion = case_module(file, choices), judge_case(file, choices)
    found += _prefixed(file.case.name, _case(module, theories, opinion, cases[file.case.name]))
    decided += 1 + len(opinion.claims) + len(opinion.possibles)
    open_to = [len(worry.statuses) > 1 for worry in opinion.worries.values()]
    open_to.append(passes(module, opinion) is Found.MAYBE)
    if opinion.verdict != "inconsistent":
        open_to += [there is Found.MAYBE for _, _, there in errors(module, opinion)]
    return Comparison(tuple(found), decided + len(open_to), sum(open_to))


def _chosen(case: CaseReport) -> dict[str, tuple[str, ...]]:
    """What the checker says was used. Where several sets would do, the choice is its own, and what follows is held
    against that.
    """
    used = {name: claim.used for name, claim in case.claims.items()}
    return used | {name: worry.used for name, worry in case.worries.items()}


def _prefixed(name: str, found: Iterator[str]) -> list[str]:
    return [f"{name}: {one}" for one in found]


def _differ(what: str, ours: object, theirs: object) -> Iterator[str]:
    if ours != theirs:
        yield f"{what} should be {ours}, and is {theirs}"


def _theory(module: Module, opinion: TheoryOpinion, report: CaseReport) -> Iterator[str]:
    yield from _differ("inconsistent", not opinion.consistent, report.verdict == "inconsistent")
    yield from _differ("passed", opinion.passed, report.passed)
    for name, step in opinion.steps.items():
        yield from _step(module, name, step, report.claims[name])
    for name, worry in report.worries.items():
        yield from _differ(f"worry {name}", "hypothesis", worry.status)
    yield from _possibles(module, opinion.possibles, tuple(module.axioms), report)
    if not opinion.consistent:
        yield from _conflict(module, "the axioms", tuple(module.axioms), report.conflict, Truth(False))


def _case(module: Module, theories: Mapping[str, Module], opinion: Opinion, report: CaseReport) -> Iterator[str]:
    yield from _differ("verdict", opinion.verdict, report.verdict)
    yield from _differ("claims", sorted(opinion.claims), sorted(report.claims))
    yield from _differ("worries", sorted(opinion.worries), sorted(report.worries))
    for name, claim in opinion.claims.items():
        if name in report.claims:
            yield from _claim(module, theories, opinion, name, claim, report.claims[name])
    for name, worry in opinion.worries.items():
        if name in report.worries:
            yield from _worry(module, opinion, name, worry, report.worries[name])
    yield from _possibles(module, opinion.possibles, opinion.premises, report)
    if opinion.verdict == "inconsistent":
        yield from _conflict(module, "the premises", opinion.premises, report.conflict, Truth(False))
    else:
        yield from _errors(module, opinion, report)
    expected = passes(module, opinion)
    if expected is not Found.MAYBE:
        yield from _differ("passed", expected is Found.YES, report.passed)


def _errors(module: Module, opinion: Opinion, report: CaseReport) -> Iterator[str]:
    theirs = {(found.code, found.about) for found in report.findings if found.severity is Severity.ERROR}
    for code, about, found in errors(module, opinion):
        if found is not Found.MAYBE:
            yield from _differ(f"the error {code} of {about}", found is Found.YES, (code, about) in theirs)


# -- claims and worries ------------------------------------------------------------------------------------------------


def _claim(
    module: Module,
    theories: Mapping[str, Module],
    opinion: Opinion,
    name: str,
    claim: ClaimOpinion,
    report: ClaimReport,
) -> Iterator[str]:
    if name in module.origin:
        theory, alias = module.origin[name]
        yield from _step(theories[theory], name, claim.step, report, f"{alias}.")
    else:
        yield from _step(module, name, claim.step, report)
    yield from _differ(f"the status of {name}", claim.status, report.status)
    if opinion.verdict != "inconsistent":
        yield from _differ(f"rests_on of {name}", sorted(claim.rests_on), sorted(report.rests_on))


def _step(module: Module, name: str, step: Step, report: ClaimReport, prefix: str = "") -> Iterator[str]:
    """A claim's step, judged in ``module``; the report's names bear ``prefix`` where that is a theory by itself."""
    yield from _differ(f"the step of {name}", step.verdict, report.step)
    claim = module.claims[name.removeprefix(prefix)]
    cited = module.cited(claim)
    if step.verdict == report.step == "valid" and claim.formula is not None:
        yield from _differ(f"used of {name}", step.used, report.used)
        yield from _used(module, name, cited, claim.formula, _bare(report.used, prefix), _bare(report.axioms, prefix))
        left = {f"{prefix}{one}" for one in cited} - set(step.used)
        yield from _differ(f"unused of {name}", sorted(left), sorted(report.unused))
    if step.verdict == report.step == "invalid" and claim.formula is not None:
        yield from _scenario(module, name, cited, claim.formula, report.scenario, prefix)


def _worry(module: Module, opinion: Opinion, name: str, worry: WorryOpinion, report: WorryReport) -> Iterator[str]:
    for what, ours, theirs in (
        ("status", worry.statuses, report.status),
        ("status without acceptance", worry.without, report.without_acceptance),
    ):
        if theirs not in ours:
            yield f"the {what} of {name} should be {' or '.join(sorted(ours))}, and is {theirs}"
    if opinion.verdict == "inconsistent":
        return
    yield from _differ(f"rests_on of {name}", sorted(worry.rests_on), sorted(report.rests_on))
    formula = module.worries[name].formula
    tried = module.tried(name)
    if formula is not None and worry.without & {"dispelled", "assumed", "conditional"}:
        yield from _differ(f"used of {name}", worry.used, report.used)
        yield from _used(module, name, tried, formula, report.used, report.axioms)
    if formula is not None and report.status == "open":
        yield from _scenario(module, name, tried, formula, report.scenario)


def _bare(names: Sequence[str], prefix: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(prefix) for name in names)


def _used(
    module: Module, name: str, cited: Sequence[str], formula: Expr, used: Sequence[str], axioms: Sequence[str]
) -> Iterator[str]:
    """That what was used was cited, suffices, and holds nothing that could be left out."""
    if not set(used) <= set(cited) or not set(axioms) <= set(module.axioms):
        yield f"{name} uses what it does not cite: {used}, {axioms}"
        return
    if module.entails((*used, *axioms), formula) is Found.NO:
        yield f"{name} does not follow from {used}, {axioms} alone"
    for one in (*used, *axioms):
        if module.entails([other for other in (*used, *axioms) if other != one], formula) is Found.YES:
            yield f"{name} follows without {one}"


# -- scenarios ---------------------------------------------------------------------------------------------------------


def _scenario(
    module: Module, name: str, cited: Sequence[str], formula: Expr, scenario: Scenario | None, prefix: str = ""
) -> Iterator[str]:
    """That there is a structure like the scenario in which all that is cited holds, and the formula does not."""
    if scenario is None:
        yield f"{name} has no scenario"
        return
    problem, agreeing = _structures(module, scenario, prefix)
    if problem is not None:
        yield f"the scenario of {name}: {problem}"
        return
    premises = [premise for one in (*module.axioms, *cited) if (premise := module.formula(one)) is not None]
    if not agreeing & module.universe.all_of((*premises, Not(formula))):
        yield f"the scenario of {name} is no countermodel: {dict(scenario.sorts)}, {scenario.facts}"


def _structures(module: Module, scenario: Scenario, prefix: str) -> tuple[str | None, int]:
    """The structures that look like the scenario, or what is wrong with it."""
    sizes = {}
    individuals: dict[str, tuple[str, ...]] = {s.name: s.elements for s in module.sorts.values() if s.elements}
    for shown, names in scenario.sorts.items():
        sort = shown.removeprefix(prefix)
        if sort not in module.sorts or len(set(names)) != len(names) or not names:
            return f"the sort {shown} has the individuals {names}", 0
        sizes[sort] = len(names)
        individuals[sort] = tuple(names)
    facts = []
    for fact in scenario.facts:
        symbol = fact.symbol.removeprefix(prefix)
        signature = _signature(module, symbol)
        if signature is None:
            return f"nothing is called {fact.symbol}", 0
        params, result = signature
        args = [_value(one, sort, individuals, prefix) for one, sort in zip(fact.args, params, strict=True)]
        value = fact.value if result is None else _value(str(fact.value), result, individuals, prefix)
        if value is None or isinstance(value, str) or None in args:
            return f"the fact {fact} names what is not there", 0
        facts.append(Fact(symbol, tuple(arg for arg in args if arg is not None), value))
    return None, module.universe.agreeing(sizes, facts)


def _signature(module: Module, symbol: str) -> tuple[tuple[str, ...], str | None] | None:
    if symbol in module.symbols:
        return module.symbols[symbol].params, module.symbols[symbol].result
    if symbol in module.definitions:
        definition = module.definitions[symbol]
        return tuple(sort for _, sort in definition.params), definition.result
    return None


def _value(text: str, sort: str, individuals: Mapping[str, tuple[str, ...]], prefix: str) -> Value | None:
    if sort in NUMERIC:
        return Fraction(text.replace(" ", ""))
    names = individuals.get(sort, ())
    short = [name.rpartition(".")[2] for name in names]
    bare = text.removeprefix(prefix).rpartition(".")[2]
    return short.index(bare) if bare in short else None


# -- conflicts and what passes -----------------------------------------------------------------------------------------


def _possibles(
    module: Module, opinions: Mapping[str, str], premises: Sequence[str], report: CaseReport
) -> Iterator[str]:
    for name, status in opinions.items():
        theirs = report.possible[name]
        yield from _differ(f"possible {name}", status, theirs.status)
        if status == theirs.status == "unsatisfiable":
            possible = module.possibles[name]
            kept = [premise for premise in premises if premise not in possible.without]
            yield from _conflict(module, name, kept, theirs.conflict, Not(possible.formula))


def _conflict(
    module: Module, what: str, premises: Sequence[str], conflict: Sequence[str], conclusion: Expr
) -> Iterator[str]:
    """That the conflict is one, of premises, and minimal."""
    if not set(conflict) <= set(premises):
        yield f"the conflict of {what} names no premise: {sorted(set(conflict) - set(premises))}"
        return
    if module.entails(conflict, conclusion) is Found.NO:
        yield f"the conflict of {what} is none: {conflict}"
    for one in conflict:
        if module.entails([other for other in conflict if other != one], conclusion) is Found.YES:
            yield f"the conflict of {what} does not need {one}: {conflict}"


def passes(module: Module, opinion: Opinion) -> Found:
    """Whether the case passes, findings that are errors taken into account as far as the oracle can tell."""
    if not opinion.passed:
        return Found.NO
    spoilt = {found for _, _, found in errors(module, opinion)}
    if Found.YES in spoilt:
        return Found.NO
    return Found.MAYBE if Found.MAYBE in spoilt else Found.YES


def errors(module: Module, opinion: Opinion) -> Iterator[tuple[str, str, Found]]:
    """Findings that are errors in a consistent case: the code, what it is about, and whether there should be one."""
    for name, claim in module.claims.items():
        if claim.goal and claim.formula is not None:
            yield "vacuous", name, Found.YES if vacuous(module, claim.formula, opinion.premises) else Found.NO
            if opinion.claims[name].step.verdict == "valid":
                yield from _goal_errors(module, opinion, name, claim.formula)
    for name in module.acceptances:
        yield from _acceptance_errors(module, opinion, name)
    goals = [name for name, claim in module.claims.items() if claim.goal]
    below: set[str] = set().union(*(module.below(name, module.all_edges) for name in goals))
    for name, claim in module.claims.items():
        if name not in module.origin and opinion.claims[name].step.verdict == "valid":
            wrong = contradictory(module, claim) and (name in goals or name in below)
            yield "contradictory-citations", name, Found.YES if wrong else Found.NO
    for name, owned in module.owned.items():
        yield "unbacked-assumption", name, Found.NO if owned or name not in below else Found.YES


def _goal_errors(module: Module, opinion: Opinion, name: str, formula: Expr) -> Iterator[tuple[str, str, Found]]:
    """A goal must need some assumption, and say something else than each premise below it."""
    if module.shown((), formula):
        yield "goal-without-assumption", name, Found.YES
        return
    yield "goal-without-assumption", name, Found.NO
    # What is accepted is taken for granted, too.
    below = module.below(name, module.all_edges) & set(opinion.premises)
    same = {_same(module, premise, formula) for one in below if (premise := module.formula(one)) is not None}
    answers = [found for found in (Found.YES, Found.MAYBE) if found in same]
    yield "restated-goal", name, answers[0] if answers else Found.NO


def _acceptance_errors(module: Module, opinion: Opinion, name: str) -> Iterator[tuple[str, str, Found]]:
    """Nothing refuted, invalid, past its date or marked as unacceptable can be accepted.

    An acceptance of what is settled is idle, and past its date no worse than that.
    """
    until = module.acceptances[name].until
    unacceptable = name in module.worries and module.worries[name].unacceptable
    failed = name in opinion.worries and opinion.worries[name].without == {"refuted"}
    failed = failed or (name in opinion.claims and opinion.claims[name].step.verdict == "invalid")
    settled = name in opinion.worries and bool(opinion.worries[name].without & {"dispelled", "assumed", "conditional"})
    settled = settled or (name in opinion.claims and opinion.claims[name].step.verdict == "valid")
    problems = {
        "unacceptable": unacceptable,
        "accepted-failure": failed,
        "expired-acceptance": not settled and until is not None and until < TODAY,
    }
    for code, there in problems.items():
        # One reason is enough; which one is given where there are several is a matter of taste.
        others = any(found for other, found in problems.items() if other != code)
        yield code, name, Found.NO if not there else Found.MAYBE if others else Found.YES


def _same(module: Module, left: Expr, right: Expr) -> Found:
    """Whether two formulas are equivalent by definitions alone."""
    if left == right:
        return Found.YES
    return module.entails((), Infix("iff", left, right))
