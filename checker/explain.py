"""What a finding means, and what stands behind a name: its text, its formula in words and symbols, and its sources.

``explanations.md`` holds an example for each finding that a small file can have, and the same file put right.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from checker.codes import REGISTRY, Code

if TYPE_CHECKING:
    from checker.case import Case, Claim, Statement, Worry
    from checker.logic import Symbol, Term

_SECTION = re.compile(
    r"^## (?P<code>[a-z-]+)\n\n(?:(?P<remark>[^`\n][^\n]*)\n\n)?"
    r"```case broken\n(?P<broken>.*?)^```\n\n```case fixed\n(?P<fixed>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A specification in which something is found, and the same put right; ``remark`` says what there is to see."""

    broken: str
    fixed: str
    remark: str | None


@dataclass(frozen=True, slots=True)
class CodeExplained:
    """A code of the registry; ``example`` is None where no small file shows it."""

    code: str
    entry: Code
    example: Example | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Something that is declared in a module, ``name`` being qualified by the module.

    ``words`` are its formula in words, as lines that show by their indentation what belongs to what, and ``formula``
    the same in symbols. ``facts`` is what else there is to know, by what it is. ``parts`` are what stands below it,
    such as the mitigations of a worry.
    """

    kind: str
    name: str
    doc: str | None
    place: str
    words: tuple[str, ...] = ()
    formula: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Explained, ...] = field(default=())


# -- findings ----------------------------------------------------------------------------------------------------------


@cache
def examples() -> dict[str, Example]:
    """The examples of ``explanations.md``, by code."""
    page = (Path(__file__).parent / "explanations.md").read_text(encoding="utf-8")
    return {m["code"]: Example(m["broken"], m["fixed"], m["remark"]) for m in _SECTION.finditer(page)}


def explain_code(code: str) -> CodeExplained | None:
    """What a code means; None if it is none."""
    entry = REGISTRY.get(code)
    return None if entry is None else CodeExplained(code, entry, examples().get(code))


# -- names -------------------------------------------------------------------------------------------------------------


def explain_name(case: Case, name: str) -> Explained | None:
    """What ``name`` stands for in a module, or with an empty name the module itself; None if it stands for nothing."""
    if not name:
        return _module(case)
    for kind, statement in _statements(case):
        if statement.name == name:
            return _stated(case, kind, statement)
    for worry in case.worries:
        for mitigation in worry.mitigations:
            if mitigation.name == name:
                found = _stated(case, "mitigation", mitigation)
                return _add(found, ("against", f"{worry.name}: {_line(worry.doc)}"))
    for evidence in case.evidence:
        if evidence.name == name:
            facts = (("file", evidence.file), ("address", evidence.url))
            known = tuple((key, value) for key, value in facts if value is not None)
            return Explained("evidence", _full(case, name), evidence.doc, str(evidence.span), facts=known)
    for use in case.uses:
        if use.alias == name:
            bound = tuple((f"{role} stands for", thing) for role, thing in use.bound.items())
            facts_of = (("theory", use.theory.name), ("from", use.file), *bound)
            return Explained("use of a theory", _full(case, name), None, str(use.span), facts=facts_of)
    for symbol in case.wordings:
        if symbol.name == name:
            return _symbol(case, symbol)
    return None


def names_in(case: Case) -> Iterator[str]:
    """All names that can be explained, within the module."""
    yield from (statement.name for _, statement in _statements(case))
    yield from (mitigation.name for worry in case.worries for mitigation in worry.mitigations)
    yield from (one.name for one in case.evidence)
    yield from (use.alias for use in case.uses)
    yield from (symbol.name for symbol in case.wordings)


def _statements(case: Case) -> Iterator[tuple[str, Statement]]:
    yield from (("goal" if claim.goal else "claim", claim) for claim in case.claims)
    yield from (("worry", worry) for worry in case.worries)
    yield from (("adopted mitigation" if one.adopted else "assumption", one) for one in case.assumptions)
    yield from (("axiom", axiom) for axiom in case.axioms)
    yield from (("possible", possible) for possible in case.possibles)


def _module(case: Case) -> Explained:
    facts = [("source", source) for source in case.sources]
    facts += [*case.scope.items()]
    if case.base is not None:
        facts.append(("variant of", case.base))
    facts += [("uses", f"{use.theory.name} as {use.alias}") for use in case.uses if "." not in use.alias]
    facts += [
        ("requires", ", ".join(key.name for key in one.theories) + ("" if one.when is None else ", under a condition"))
        for one in case.requirements
        if case.kind == "theory" and "." not in one.alias
    ]
    parts = [_brief(case, kind, one) for kind, one in _statements(case) if "." not in one.name or kind == "worry"]
    return Explained(case.kind, case.name, case.doc, str(case.span), facts=tuple(facts), parts=tuple(parts))


def _brief(case: Case, kind: str, statement: Statement) -> Explained:
    return Explained(kind, _full(case, statement.name), statement.doc, str(statement.span))


def _stated(case: Case, kind: str, statement: Statement) -> Explained:
    from checker.case import Assumption, Claim, Worry

    facts: list[tuple[str, str]] = []
    parts: list[Explained] = []
    match statement:
        case Claim():
            facts += _claim(statement)
        case Worry():
            facts += _worry(case, statement)
            parts = [_stated(case, "mitigation", mitigation) for mitigation in statement.mitigations]
        case Assumption(evidence=evidence, owner=owner):
            facts += [("by", ", ".join(evidence))] if evidence else []
            facts += [("owner", owner)] if owner is not None else []
        case _:
            pass
    facts += [*statement.attributes.items()]
    return Explained(
        kind,
        _full(case, statement.name),
        statement.doc,
        str(statement.span),
        _words(case, statement.formula),
        _symbols(statement.formula),
        tuple(facts),
        tuple(parts),
    )


def _claim(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.by:
        yield "by", ", ".join(claim.by)
    if claim.barring:
        yield "barring", ", ".join(claim.barring)
    if claim.because is not None:
        yield "because", claim.because


def _worry(case: Case, worry: Worry) -> Iterator[tuple[str, str]]:
    if worry.formula is None:
        yield "informal", "no formula says what must hold for it not to occur"
    for answer in case.answers:
        if answer.worry == worry.name:
            yield "answered by", ", ".join(answer.cites) or "nothing"
    for acceptance in case.acceptances:
        if acceptance.target == worry.name:
            yield "accepted", acceptance.why
    if worry.against:
        yield "against", ", ".join(worry.against)
    if worry.unacceptable:
        yield "unacceptable", "whoever wrote it down wants an answer"


def _symbol(case: Case, symbol: Symbol) -> Explained:
    from checker.logic import BOOL, Definition

    wording = case.wordings[symbol]
    takes = ", ".join(f"{param}: {sort.name}" for param, sort in zip(wording.params, symbol.domain, strict=False))
    gives = "" if symbol.range == BOOL else f": {symbol.range.name}"
    signature = f"{symbol.name}{f'({takes})' if takes else ''}{gives}"
    meaning = case.meanings.get(symbol)
    kind = "definition" if isinstance(meaning, Definition) else "predicate" if symbol.range == BOOL else "function"
    if kind == "function" and not symbol.domain:
        kind = "constant"
    body = meaning.body if isinstance(meaning, Definition) else None
    words = _words(case, body) if body is not None and symbol.range == BOOL else ()
    place = str(case.span)
    facts = (("written", signature),)
    return Explained(kind, _full(case, symbol.name), wording.template, place, words, _symbols(body), facts)


def _words(case: Case, formula: Term | None) -> tuple[str, ...]:
    if formula is None:
        return ()
    from checker.phrases import lines, outline
    from checker.prose import in_words

    return tuple(lines(outline(in_words(formula, case.wordings))))


def _symbols(formula: Term | None) -> tuple[str, ...]:
    """A formula as the printer lays it out."""
    if formula is None:
        return ()
    from checker import syntax
    from checker.printer import print_declaration
    from checker.spelling import to_syntax

    text = print_declaration(syntax.ShowDecl(to_syntax(formula))).removeprefix("show")
    return tuple(textwrap.dedent(text).strip().split("\n"))


def _add(found: Explained, fact: tuple[str, str]) -> Explained:
    from dataclasses import replace

    return replace(found, facts=(fact, *found.facts))


def _full(case: Case, name: str) -> str:
    return f"{case.name}.{name}"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def near(name: str, others: Sequence[str]) -> str | None:
    """A hint at names that are like this one."""
    from checker.resolve.names import did_you_mean, hint_of

    return hint_of(did_you_mean(name, [*REGISTRY, *others]))
