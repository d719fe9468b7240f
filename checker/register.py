"""The register of worries: every known worry of a case and of the theories it uses, its status, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from checker.case import Case, TheoryKey, Use
from checker.report import AcceptanceReport, CaseReport, CaseVerdict, WorryReport, WorryStatus
from checker.source import Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A worry under its qualified name, with all that the report says of it, and the acceptance of it if there is one.

    ``source`` is where the worry comes from: what its attribute block says, None where that says nothing.
    """

    name: str
    worry: WorryReport
    acceptance: AcceptanceReport | None

    @property
    def status(self) -> WorryStatus:
        return self.worry.status

    @property
    def source(self) -> str | None:
        return self.worry.attributes.get("source")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The worries of one copy of a theory, or (``use`` is None) those that the module itself states.

    ``sources`` are those that the theory, or the module, names for itself.
    """

    use: Use | None
    sources: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All worries of one case, variant or theory, in the order in which their theories are used."""

    name: str
    kind: Literal["case", "variant", "theory"]
    verdict: CaseVerdict
    passed: bool
    span: Span
    shelves: tuple[Shelf, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for shelf in self.shelves for entry in shelf.entries)


def register(case: Case, report: CaseReport, sources_of: Callable[[TheoryKey], Sequence[str]]) -> Register:
    """The register of ``case``, whose report this is; ``sources_of`` gives the sources that a theory names."""
    uses = {use.alias: use for use in case.uses}
    by_alias: dict[str, list[Entry]] = {alias: [] for alias in ("", *uses)}
    for name, worry in report.worries.items():
        by_alias[name.rpartition(".")[0]].append(Entry(name, worry, report.acceptances.get(name)))
    shelves = []
    for alias, entries in by_alias.items():
        use = uses.get(alias)
        sources = case.sources if use is None else tuple(sources_of(use.theory))
        if entries:
            shelves.append(Shelf(use, sources, tuple(entries)))
    return Register(report.name, report.kind, report.verdict, report.passed, report.span, tuple(shelves))


def only(found: Register, statuses: Collection[str]) -> Register:
    """The register with the worries of these statuses alone. No status at all leaves everything."""
    if not statuses:
        return found
    shelves = [
        replace(shelf, entries=tuple(entry for entry in shelf.entries if entry.status in statuses))
        for shelf in found.shelves
    ]
    return replace(found, shelves=tuple(shelf for shelf in shelves if shelf.entries))


def soonest(registers: Sequence[Register]) -> list[tuple[Register, Entry, AcceptanceReport]]:
    """All acceptances, that which ends (or ended) first before all others, and last those that never end."""
    lived = [
        (found, entry, entry.acceptance)
        for found in registers
        for entry in found.entries
        if entry.acceptance is not None
    ]
    return sorted(lived, key=lambda one: (one[2].until is None, one[2].until or ""))
