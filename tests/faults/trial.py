"""Runs with a fault beside a run without: every fault at every call, or a sample that is the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import checker
from checker.report import Report
from tests.faults.cases import ACCEPTED, PASSING, TRAPS
from tests.faults.solver import FAILURES, LIES, Fault, Faulty, Strikes, at, never, since
from tests.faults.weaker import more
from tests.remembering import Remembering, deciding_with

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)

TEXTS = {**TRAPS, **PASSING, **ACCEPTED}
EXAMPLES = ("gate_review", "coding_agent")


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a fault strikes: at which checks, and at which openings of sessions."""

    name: str
    fault: Fault = FAILURES["raises"]
    strikes: Strikes = never
    opens: Strikes = never


@dataclass
class Trial:
    """One case, and what is found of it without faults."""

    text: str
    folder: Path = ROOT / "examples"
    acceptable: bool = False
    repairs: bool = False
    memory: Remembering = field(default_factory=Remembering)
    usual: Report = field(init=False)
    checks: int = field(init=False)
    openings: int = field(init=False)

    def __post_init__(self) -> None:
        counting = Faulty(self.memory)
        self.usual = self.run(counting)
        self.checks, self.openings = counting.checks, counting.openings

    def run(self, solver: Faulty) -> Report:
        with deciding_with(solver):
            return checker.check_text(self.text, folder=self.folder, today=TODAY, repairs=self.repairs)

    def wrong(self, plan: Plan) -> list[str]:
        """What is shown with this fault and not without."""
        solver = Faulty(self.memory, plan.fault, plan.strikes, plan.opens)
        found = self.run(solver)
        said = more(self.usual, found, acceptable=self.acceptable)
        if not solver.struck and found != self.usual:
            said.append("nothing went wrong, and the report is another one")
        return [f"{plan.name}: {what}" for what in said]

    def plans(self) -> Iterator[Plan]:
        """Every fault at every call; those that are no lies from every call on, too."""
        for number in range(self.checks):
            for name, fault in {**FAILURES, **LIES}.items():
                yield Plan(f"{name} at check {number}", fault, at(number))
            for name, fault in FAILURES.items():
                yield Plan(f"{name} from check {number} on", fault, since(number))
        for number in range(self.openings):
            yield Plan(f"opening {number} fails", opens=at(number))
            yield Plan(f"all openings fail from {number} on", opens=since(number))

    def sample(self, step: int = 1) -> Iterator[Plan]:
        """At every ``step``-th call one fault, and from there on another, so that each has its turn."""
        kinds = [*FAILURES.items(), *LIES.items()]
        for turn, number in enumerate(range(0, self.checks, step)):
            name, fault = kinds[turn % len(kinds)]
            yield Plan(f"{name} at check {number}", fault, at(number))
            if turn % 3 == 0:
                yield Plan(f"knows nothing from check {number} on", FAILURES["knows nothing"], since(number))
        for number in range(0, self.openings, 3 * step):
            yield Plan(f"opening {number} fails", opens=at(number))
            yield Plan(f"all openings fail from {number + 1} on", opens=since(number + 1))


def small(name: str, *, repairs: bool = False) -> Trial:
    return Trial(TEXTS[name], acceptable=name in ACCEPTED, repairs=repairs)


def example(name: str) -> Trial:
    return Trial((ROOT / "examples" / f"{name}.case").read_text("utf-8"))
