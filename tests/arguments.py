"""Reports for tests of pictures and pages: one with hostile text in every place, and one with two hundred boxes."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

from checker.findings import Finding, Related, Severity
from checker.report import CaseReport, EvidenceReport, Report, Summary
from checker.source import Span
from tests import handmade

HOSTILE = (
    "</script></style></title></pre><script>window.pwned = 1</script>"
    '"><img src=x onerror="window.pwned=1">\' onmouseover=\'window.pwned=1 '
    "{{ 7 * 7 }}{% raw %} ${7*7} &lt;b&gt; javascript:window.pwned=1 <svg onload=window.pwned=1> "
    '\x1b[31m\u202eevil\u202c\x00 ]]> --> # `*_ %%{init}%% \\N\\"'
)

_TEXTS = frozenset(
    ["doc", "formula", "reason", "because", "accepted", "why", "owner", "until", "message", "hint", "about", "file",
     "today", "solver", "checker", "sha256", "symbol", "obligation"]
)  # fmt: skip
"""The fields that hold text of the author's, or that might."""

_MAPPINGS = frozenset(["scope", "attributes", "bound", "shows"])
_LISTS = frozenset(["sources", "story", "words"])


def poisoned(value: Any, text: str = HOSTILE) -> Any:
    """A part of a report with hostile text wherever there is text. What has a name keeps it."""
    match value:
        case Span():
            return replace(value, file=text)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value,
                **{field.name: _poisoned(field.name, getattr(value, field.name), text) for field in fields(value)},
            )
        case dict():
            return {key: poisoned(one, text) for key, one in value.items()}
        case tuple():
            return tuple(poisoned(one, text) for one in value)
        case _:
            return value


def _poisoned(name: str, value: Any, text: str) -> Any:
    if name in _TEXTS and isinstance(value, str):
        return text
    if name in _MAPPINGS and isinstance(value, dict):
        return {text: text} | dict.fromkeys(value, text)
    if name == "words":
        return {key: tuple(f"- {text}" for _ in lines) for key, lines in value.items()}
    if name in _LISTS and isinstance(value, tuple):
        return tuple(text for _ in value)
    if name == "sources":  # of the report: the texts of files
        return {text: text}
    return poisoned(value, text)


def hostile() -> Report:
    """Everything there is, and everything in it hostile."""
    found: Report = poisoned(handmade.whole())
    finding = Finding(
        "syntax",
        Severity.ERROR,
        HOSTILE,
        Span(HOSTILE, 1, 1, 1, 5),
        HOSTILE,
        HOSTILE,
        (Related(Span(HOSTILE, 1, 1, 1, 2), HOSTILE),),
    )
    return replace(found, findings=(finding,))


def large(boxes: int = 200) -> CaseReport:
    """A case whose picture has so many boxes, connected like a real one but at random. The same in every run."""
    chance = random.Random(7)
    kinds = {"claim": boxes // 5, "worry": boxes * 3 // 10, "assumption": boxes * 7 // 20}
    kinds["evidence"] = boxes - sum(kinds.values())
    names = {kind: [f"{kind}_number_{n}" for n in range(number)] for kind, number in kinds.items()}

    def some(found: list[str], most: int) -> tuple[str, ...]:
        return tuple(chance.sample(found, min(len(found), chance.randint(1, most)))) if found else ()

    doc = "It is so, and it is so for reasons that take a line or two to write down."
    claims = {}
    for number, name in enumerate(names["claim"]):
        cites = some(names["claim"][number + 1 : number + 9], 3) + some(names["assumption"], 2)
        barring = some(names["worry"], 3)
        claims[name] = handmade.claim(
            goal=number < 2, status=chance.choice(["established", "conditional", "unproved"]), doc=doc, cites=cites,
            barring=barring, used=(*cites, *barring), step="undeveloped" if number % 9 == 8 else "valid",
        )  # fmt: skip
    worries = {
        name: handmade.worry(
            status=chance.choice(["dispelled", "assumed", "accepted", "open"]), doc=doc,
            cites=some(names["assumption"], 2) if chance.random() < 0.7 else None,
        )
        for name in names["worry"]
    }  # fmt: skip
    assumptions = {
        name: handmade.assumption(doc=doc, evidence=some(names["evidence"], 1) if chance.random() < 0.6 else ())
        for name in names["assumption"]
    }
    evidence = {name: EvidenceReport("current", doc, {"file": "a.json"}, handmade.span()) for name in names["evidence"]}
    return handmade.case(
        "large", verdict="conditional", passed=False, doc="A large case", claims=claims, worries=worries,
        assumptions=assumptions, evidence=evidence, summary=Summary(goals=2, claims=len(claims), worries=len(worries)),
    )  # fmt: skip
