"""To write the same case differently never changes a verdict; and what more or fewer premises may change.

Which parts of a report each transformation has to keep stands in :mod:`tests.transformations`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checker
from checker import syntax
from checker.report import Report
from checker.syntax import File, Ident, Module
from tests.oracle.generate import random_file
from tests.oracle.judgement import TODAY
from tests.oracle.printing import case_text
from tests.oracle.tape import Choices, from_seed
from tests.remembering import Remembering, deciding_with
from tests.transformations import SAME, changes, renamed
from tests.trees import read, rebuilt, written

ROOT = Path(__file__).parent.parent
EXAMPLES = ("gate_review", "coding_agent")


class Twice:
    """A case and other ways to write it, decided by a solver that remembers what they have in common."""

    def __init__(self, text: str) -> None:
        self.memory = Remembering()
        self.file = read(text)
        self.usual = self.check(text)

    def check(self, text: str, **options: Any) -> Report:
        with deciding_with(self.memory):
            return checker.check_text(text, folder=ROOT / "examples", today=TODAY, **options)

    def changed(self, what: str, random: Random) -> list[str]:
        how, same = SAME[what]
        return changes(self.usual, self.check(written(how(self.file, random))), same)


def _generated(seed: int) -> str:
    return case_text(random_file(from_seed(seed)))


def _example(name: str) -> str:
    return (ROOT / "examples" / f"{name}.case").read_text("utf-8")


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(SAME)))
def test_a_case_written_differently_is_judged_alike(random: Random, what: str) -> None:
    case = Twice(case_text(random_file(Choices(random=random))))
    assert not case.changed(what, random)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("what", SAME)
def test_an_example_written_differently_is_judged_alike(name: str, what: str) -> None:
    assert not Twice(_example(name)).changed(what, Random(7))


@pytest.mark.parametrize("seed", range(3))
def test_names_do_not_matter_not_even_those_that_solvers_use(seed: int) -> None:
    case = Twice(_generated(seed))
    file, original = renamed(case.file, Random(seed))
    assert not changes(case.usual, case.check(written(file)), "everything", original)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_theories_may_stand_in_a_file_that_is_imported(seed: int, tmp_path: Path) -> None:
    case = Twice(_generated(seed))
    theories = tuple(module for module in case.file.modules if module.kind == "theory")
    rest = tuple(module for module in case.file.modules if module.kind != "theory")
    (tmp_path / "theories.case").write_text(written(File((), theories)), "utf-8")
    (tmp_path / "case.case").write_text(written(File((syntax.Import("theories.case"),), rest)), "utf-8")
    with deciding_with(case.memory):
        apart = checker.check([tmp_path / "theories.case", tmp_path / "case.case"], today=TODAY)
    if theories:
        assert not changes(case.usual, apart, "everything")


def test_a_report_that_differs_is_noticed() -> None:
    case = Twice('case c { predicate p predicate q assume a : p and q owner "x" goal g : p or q by a }')
    other = case.check('case c { predicate p predicate q assume a : p or not q owner "x" goal g : p or q by a }')
    assert changes(case.usual, other, "but_proofs")
    assert changes(case.usual, other, "the_rest")


# -- more premises, fewer acceptances, more worries --------------------------------------------------------------------


def _in_case(file: File, change: Callable[[Module], Module]) -> File:
    return replace(file, modules=tuple(change(m) if m.kind == "case" else m for m in file.modules))


def _with_premise(file: File) -> File:
    """With one more premise, which every claim of the case cites."""
    extra = read('case c { predicate more_p assume more : more_p and 1 < 2 owner "x" }').modules[0].body

    def cite(node: Any) -> Any:
        match node:
            case syntax.ClaimDecl(by=syntax.Citations(everything=False, names=names)):
                return replace(node, by=syntax.Citations(False, (Ident("more"), *names)))
            case syntax.ClaimDecl(by=None, barring=syntax.Citations()):
                return replace(node, by=syntax.Citations(False, (Ident("more"),)))
        return node

    return _in_case(file, lambda module: replace(module, body=(*rebuilt(module.body, cite), *extra)))


def _with_contradiction(file: File) -> File:
    """With a premise that every claim cites and that nothing makes true."""
    (contradiction,) = read("case c { axiom a : 1 = 2 }").modules[0].body
    formula = getattr(contradiction, "formula")  # noqa: B009 - an axiom has one

    def false(node: Any) -> Any:
        if isinstance(node, syntax.AssumeDecl) and node.name.text == "more":
            return replace(node, formula=formula)
        return node

    return rebuilt(_with_premise(file), false)


@pytest.mark.parametrize("more", [_with_premise, _with_contradiction])
@pytest.mark.parametrize("seed", [0, 5])
def test_more_premises_keep_what_is_valid(more: Callable[[File], File], seed: int) -> None:
    case = Twice(_generated(seed))
    usual, found = (report.cases[-1] for report in (case.usual, case.check(written(more(case.file)))))
    for name, claim in usual.claims.items():
        assert claim.step != "valid" or found.claims[name].step == "valid"


@pytest.mark.parametrize("text", [_example("gate_review"), *map(_generated, range(20, 22))], ids=lambda text: text[:9])
def test_nothing_makes_a_case_pass_that_should_not(text: str) -> None:
    """Dropping an acceptance, ``--strict`` and one more open worry never let anything pass that did not before."""
    case = Twice(text)

    def passed(report: Report) -> dict[str, bool]:
        assert not report.findings
        return {one.name: one.passed for one in report.cases}

    usual = passed(case.usual)
    strict = passed(case.check(text, strict=True))
    assert not [name for name, passes in strict.items() if passes and not usual[name]]
    accepted = [d for m in case.file.modules if m.kind == "case" for d in m.body if isinstance(d, syntax.AcceptDecl)]
    for one in accepted:
        fewer = _in_case(case.file, lambda m, one=one: replace(m, body=tuple(d for d in m.body if d is not one)))  # type: ignore[misc]
        now = passed(case.check(written(fewer)))
        assert not [name for name, passes in now.items() if passes and not usual[name]]
    worry = read("case c { predicate doubtful worry doubt unless doubtful }").modules[0].body
    more = passed(case.check(written(_in_case(case.file, lambda m: replace(m, body=(*m.body, *worry))))))
    assert not [m.name.text for m in case.file.modules if m.kind == "case" and more[m.name.text]]


def test_a_case_stops_passing_where_an_acceptance_is_dropped_or_a_worry_added() -> None:
    """The gate passes, so that what is held above is not held for nothing."""
    case = Twice(_example("gate_review"))
    assert case.usual.passed
    fewer = _in_case(
        case.file, lambda m: replace(m, body=tuple(d for d in m.body if not isinstance(d, syntax.AcceptDecl)))
    )
    assert not case.check(written(fewer)).passed
