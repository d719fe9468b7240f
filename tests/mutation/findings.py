"""What a run found: the score of each module, the mutants that survived, and why each of them may."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FOUND = HERE / "found.json"

Survivor = tuple[str, str, str, str]
"""Module, function, the lines as they are, and the lines as they were changed."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of the mutants of one module. ``timeout`` counts those that were stopped as they took too long."""

    killed: int
    timeout: int
    survivors: tuple[tuple[str, str, str], ...]

    @property
    def total(self) -> int:
        return self.killed + self.timeout + len(self.survivors)

    def summary(self) -> str:
        return (
            f"{self.killed + self.timeout} of {self.total} killed ({self.timeout} by time), {len(self.survivors)} left"
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why mutants of some lines may survive: all of them, or only those that change the lines to one of ``new``."""

    module: str
    function: str
    old: str
    reason: str
    new: tuple[str, ...] = ()

    def covers(self, survivor: Survivor) -> bool:
        module, function, old, new = survivor
        return (module, function, old) == (self.module, self.function, self.old) and (not self.new or new in self.new)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Why mutants may survive that put one of ``to`` in the place of one ``part``, wherever that stands."""

    part: str
    to: tuple[str, ...]
    reason: str

    def covers(self, survivor: Survivor) -> bool:
        *_, old, new = survivor
        pieces = old.split(self.part)
        return any(
            self.part.join(pieces[:n]) + other + self.part.join(pieces[n:]) == new
            for n in range(1, len(pieces))
            for other in self.to
        )


@cache
def reasons() -> tuple[Reason | Pattern, ...]:
    """What ``reasons.toml`` says."""
    entries = tomllib.loads((HERE / "reasons.toml").read_text("utf-8"))
    patterns = [Pattern(entry["part"], tuple(entry["to"]), entry["reason"]) for entry in entries["everywhere"]]
    return (*patterns, *(Reason(**{**e, "new": tuple(e.get("new", ()))}) for e in entries["survivor"]))


def found_in(kept: Path, module: str) -> Found:
    """What the files of a run say of a module."""
    outcomes = dict(map(json.loads, (kept / f"{module}.jsonl").read_text("utf-8").splitlines()))
    mutants = json.loads((kept / f"{module}.mutants.json").read_text("utf-8"))
    counts = [outcomes[name] for name, *_ in mutants]
    left = sorted((f, old, new) for name, _, f, old, new in mutants if outcomes[name] not in ("killed", "timeout"))
    return Found(counts.count("killed"), counts.count("timeout"), tuple(left))


def known() -> dict[str, Found]:
    """What ``found.json`` says of each module."""
    entries = json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}
    return {
        module: Found(e["killed"], e["timeout"], tuple((f, old, new) for f, old, new in e["survivors"]))
        for module, e in entries.items()
    }


def with_found(new: Mapping[str, Found], *, write: bool) -> dict[str, Found]:
    """All that is known, with what was found now; and write it down."""
    found = {**known(), **new}
    if write:
        FOUND.write_text(
            json.dumps({m: asdict(f) for m, f in found.items()}, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    return found


def unexplained(module: str, found: Found, why: Iterable[Reason | Pattern]) -> list[Survivor]:
    """The survivors that no reason covers."""
    left: list[Survivor] = [(module, *survivor) for survivor in found.survivors]
    return [survivor for survivor in left if not any(reason.covers(survivor) for reason in why)]


def page(found: Mapping[str, Found], why: Iterable[Reason | Pattern]) -> str:
    """``docs/mutation.md``: the scores, and each survivor with its reason."""
    from tests.mutation.modules import MODULES

    order = [module for module in MODULES if module in found]
    rows = ["| Module | Mutants | Killed | Of these by time | Left |", "| --- | ---: | ---: | ---: | ---: |"]
    rows += [_row(f"`{module}.py`", [found[module]]) for module in order]
    rows.append(_row("all", [found[module] for module in order]))
    head = (HERE / "page.md").read_text("utf-8").rstrip()
    parts = [head, "", "## The score", "", *rows, "", "## What is left", ""]
    for module in order:
        if found[module].survivors:
            parts += [f"### `{module}.py`", "", *_left(module, found[module], why), ""]
    return "\n".join(parts).rstrip() + "\n"


def _row(name: str, found: Sequence[Found]) -> str:
    total, left = sum(one.total for one in found), sum(len(one.survivors) for one in found)
    return f"| {name} | {total} | {total - left} | {sum(one.timeout for one in found)} | {left} |"


def _left(module: str, found: Found, why: Iterable[Reason | Pattern]) -> Iterable[str]:
    """A list of the lines that can be changed unnoticed, how, and why that is well."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for function, old, new in found.survivors:
        reason = next((r.reason for r in why if r.covers((module, function, old, new))), "Not looked at.")
        grouped.setdefault((function, old, reason), []).append(new)
    for (function, old, reason), changed in grouped.items():
        yield f"- In `{function}`, `{old}`"
        yield from (f"  - becomes `{new}`" if new else "  - is left out" for new in changed)
        yield f"\n  {reason}"
