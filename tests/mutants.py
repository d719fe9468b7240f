"""Mutants of valid cases: a premise that is no longer cited, a sign that is flipped, a bound that is weakened.

A mutant is one change to the syntax tree of a case. What used the changed statement must not be shown any more, or
else it is shown rightly, and that is for somebody else to say: cvc5 is asked about the mutated obligation.

``python -m tests.mutants EXAMPLE...`` looks at all mutants of examples.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from checker import pipeline, syntax
from checker.cross_check import Confirmed, SecondSolver, opinion
from checker.decided import Decided
from checker.entailment import Entailed
from checker.load import Loader
from checker.obligations import Kind
from checker.report import CaseReport, Report
from checker.syntax import Expr, File, Module, Operator
from tests.remembering import Remembering, deciding_with
from tests.trees import read, rebuilt, variants, written

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 24)

FLIPPED: Mapping[Operator, Operator] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}
SHIFT = 10
"""By how much a bound is moved."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``file`` with ``statement`` changed as ``change`` tells. ``of`` is a claim whose citation is gone."""

    change: str
    statement: str
    file: File
    of: str | None = None


# -- changes to formulas -----------------------------------------------------------------------------------------------


def flipped(expr: Expr) -> Iterator[Expr]:
    """The formula with the sign of its outermost part flipped: a negation, an atom, a comparison."""
    match expr:
        case syntax.Not(body):
            yield body
        case syntax.Infix(operators, operands) if operators[0] in FLIPPED:
            for number, operator in enumerate(operators):
                turned = (*operators[:number], FLIPPED[operator], *operators[number + 1 :])
                if len(turned) == 1:
                    yield syntax.Infix(turned, operands)
                else:  # chains go one way only
                    yield syntax.Not(expr)
                    return
        case syntax.Infix(operators, operands) if operators[0] in ("and", "or", "implies", "iff"):
            for number, part in enumerate(operands):
                if isinstance(part, syntax.Call):
                    yield replace(expr, operands=_with(operands, number, syntax.Not(part)))
        case syntax.Quantified():
            yield syntax.Not(expr)


def moved(expr: Expr) -> Iterator[Expr]:
    """The formula with a bound moved, either way: one of the two is the weaker."""
    match expr:
        case syntax.Infix(operators, operands) if operators[0] in FLIPPED:
            for number, part in enumerate(operands):
                if isinstance(part, syntax.Number):
                    for by in (SHIFT, -SHIFT):
                        other = _numeral(part.value + by)
                        yield syntax.Infix(operators, (*operands[:number], other, *operands[number + 1 :]))


def _numeral(value: Fraction) -> Expr:
    text = syntax.Number(str(abs(value.numerator)))
    whole: Expr = (
        text if value.denominator == 1 else syntax.Infix(("/",), (text, syntax.Number(str(value.denominator))))
    )
    return whole if value >= 0 else syntax.Negative(whole)


# -- mutants -----------------------------------------------------------------------------------------------------------


def of_formulas(file: File, statements: set[str]) -> Iterator[Mutant]:
    """The mutants in which a formula is changed: an assumption's, a claim's or a mitigation's of these names."""
    for kind, change in (("flipped", flipped), ("moved", moved)):
        for number, module in enumerate(file.modules):
            for place, declaration in enumerate(module.body):
                match declaration:
                    case syntax.AssumeDecl(name, _, formula) | syntax.ClaimDecl(name, _, formula) if (
                        formula is not None and name.text in statements
                    ):
                        for other in variants(formula, change):
                            body = _with(module.body, place, replace(declaration, formula=other))
                            modules = _with(file.modules, number, replace(module, body=body))
                            yield Mutant(kind, name.text, replace(file, modules=modules))
                    case _:
                        pass


def _with(parts: tuple[T, ...], place: int, part: T) -> tuple[T, ...]:
    return (*parts[:place], part, *parts[place + 1 :])


def of_citations(file: File, case: CaseReport) -> Iterator[Mutant]:
    """The mutants in which a claim of the case cites one thing less."""
    for name, claim in case.claims.items():
        for cited in (*claim.cites, *claim.barring):
            if "." not in name and claim.step == "valid":
                yield Mutant("no longer cited", cited, _without(file, case.name, name, cited), name)


def _without(file: File, case: str, claim: str, cited: str) -> File:
    def drop(citations: syntax.Citations | None) -> syntax.Citations | None:
        if citations is None:
            return None
        assert not citations.everything
        names = tuple(name for name in citations.names if name.text != cited)
        return replace(citations, names=names) if names else None

    def change(node: object) -> object:
        match node:
            case syntax.ClaimDecl(name=name) if name.text == claim:
                return replace(node, by=drop(node.by), barring=drop(node.barring))
        return node

    modules = tuple(rebuilt(m, change) if m.name.text == case else m for m in file.modules)
    return replace(file, modules=modules)


# -- looking at them ---------------------------------------------------------------------------------------------------


@dataclass
class Looked:
    """How many mutants there were, how many turned a verdict, how many proofs were left over; and what is wrong."""

    mutants: int = 0
    turned: int = 0
    equivalent: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Lab:
    """A file whose mutants are looked at, with cvc5 beside."""

    text: str
    second: SecondSolver
    folder: Path = ROOT / "examples"

    def __post_init__(self) -> None:
        self.memory = Remembering()
        self.file = read(self.text)
        self.usual, _ = self.decide(self.file, repairs=True)

    def decide(self, file: File, *, repairs: bool = False) -> tuple[Report, list[Decided]]:
        decided: list[Decided] = []
        options = pipeline.settings(TODAY, None, None, False, (), repairs=repairs)
        loader = Loader()
        with deciding_with(self.memory), pipeline._running(loader, options) as run:
            unit = loader.load_text(written(file), "<text>", self.folder)
            report = run.run([unit], decided.append)
        return report, decided

    def look_at_citations(self) -> Looked:
        """A step holds without a citation exactly if a set of citations that is known to suffice does without it."""
        looked = Looked()
        for case in self.usual.cases:
            for mutant in of_citations(self.file, case) if case.kind == "case" else ():
                assert mutant.of is not None
                report, decided = self.decide(mutant.file)
                claim, before = _case(report, case.name).claims[mutant.of], case.claims[mutant.of]
                assert before.suffice is not None
                others = [one for one in before.suffice.sets if mutant.statement not in one]
                left = len(claim.cites) + len(claim.barring) > 0
                looked.mutants += 1
                looked.turned += claim.step != "valid"
                if claim.step == "valid" and not others and before.suffice.complete:
                    looked.wrong.append(f"{mutant.of} is valid without {mutant.statement}, which all proofs need")
                if claim.step != "valid" and others and left:
                    looked.wrong.append(f"{mutant.of} is {claim.step} without {mutant.statement}, and {others} suffice")
                if claim.step == "valid":
                    self._confirm(looked, mutant, mutant.of, Kind.STEP, decided)
        return looked

    def look_at_formulas(self, step: int = 1) -> Looked:
        """What used a statement that is changed is not shown any more, or cvc5 finds it to follow, too."""
        looked = Looked()
        for case in self.usual.cases:
            if case.kind != "case":
                continue
            users = _users(case)
            for number, mutant in enumerate(of_formulas(_only(self.file, case.name), set(users))):
                if number % step:
                    continue
                report, decided = self.decide(mutant.file)
                if report.findings:
                    looked.wrong.append(f"{mutant.statement}, {mutant.change}: {report.findings[0].message}")
                    continue
                found = _case(report, case.name)
                looked.mutants += 1
                looked.turned += _verdicts(found) != _verdicts(case)
                for user in users[mutant.statement]:
                    if user in found.claims and found.claims[user].step == "valid":
                        self._confirm(looked, mutant, user, Kind.STEP, decided)
                    if user in found.worries and found.worries[user].without_acceptance in ("dispelled", "assumed"):
                        self._confirm(looked, mutant, user, Kind.WORRY, decided)
        return looked

    def _confirm(self, looked: Looked, mutant: Mutant, about: str, kind: Kind, decided: list[Decided]) -> None:
        """That cvc5 finds what is still shown to follow."""
        for one in decided:
            if (one.obligation.about, one.obligation.kind) == (about, kind) and isinstance(one.answer, Entailed):
                says = opinion(one.obligation.question, one.answer, self.second, 60.0)
                looked.equivalent += 1
                if not isinstance(says, Confirmed):
                    looked.wrong.append(f"{about} is shown with {mutant.statement} {mutant.change}: {says}")


def _only(file: File, case: str) -> File:
    """The file without variants, which would change what is changed."""

    def wanted(module: Module) -> bool:
        return module.kind == "theory" or module.name.text == case

    return replace(file, modules=tuple(module for module in file.modules if wanted(module)))


def _case(report: Report, name: str) -> CaseReport:
    return next(case for case in report.cases if case.name == name)


def _users(case: CaseReport) -> dict[str, list[str]]:
    """What each statement is used for: its own step, if it is a claim, and what is shown by it."""
    users: dict[str, list[str]] = {}
    for name, claim in case.claims.items():
        if "." not in name and claim.step == "valid":
            for used in (name, *claim.used):
                users.setdefault(used, []).append(name)
    for name, worry in case.worries.items():
        if worry.without_acceptance in ("dispelled", "assumed"):
            for used in worry.used:
                users.setdefault(used, []).append(name)
    return users


def _verdicts(case: CaseReport) -> object:
    return (
        case.verdict,
        {name: (claim.step, claim.status, claim.used) for name, claim in case.claims.items()},
        {name: (worry.status, worry.used) for name, worry in case.worries.items()},
        {name: possible.status for name, possible in case.possible.items()},
    )


def main() -> int:
    """Look at all mutants of the examples that are named."""
    from checker.cvc5_solver import Cvc5

    wrong = 0
    with Cvc5() as second:
        for name in sys.argv[1:]:
            lab = Lab((ROOT / "examples" / f"{name}.case").read_text("utf-8"), second)
            for looked in (lab.look_at_citations(), lab.look_at_formulas()):
                told = (
                    f"{name}: {looked.mutants} mutants, {looked.turned} turn a verdict, "
                    f"{looked.equivalent} proofs that are left, all but {len(looked.wrong)} right"
                )
                sys.stdout.write("\n  ".join([told, *looked.wrong]) + "\n")
                wrong += len(looked.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
