"""What a module declares: one table of names per module, and the mistakes that can be seen in it alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checker import syntax
from checker.findings import Finding, Instead, Related, finding
from checker.load import Unit
from checker.logic import BUILTIN
from checker.source import Span


class Kind(StrEnum):
    """What a name may be declared as, in the words of messages."""

    SORT = "sort"
    ELEMENT = "individual"
    CONSTANT = "constant"
    FUNCTION = "function"
    PREDICATE = "predicate"
    DEFINITION = "definition"
    AXIOM = "axiom"
    ASSUMPTION = "assumption"
    EVIDENCE = "evidence"
    CLAIM = "claim"
    GOAL = "goal"
    WORRY = "worry"
    MITIGATION = "mitigation"
    POSSIBLE = "possible"
    USE = "use of a theory"


LOGICAL = frozenset({Kind.ELEMENT, Kind.CONSTANT, Kind.FUNCTION, Kind.PREDICATE, Kind.DEFINITION})
"""What may stand in a formula."""


@dataclass(frozen=True, slots=True)
class Part:
    """A declaration, and the file it was written in (which for a variant may be its base's)."""

    declaration: syntax.Declaration
    home: Unit


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared name, and the declaration it comes from; for a mitigation, ``worry`` is the one it is under."""

    name: str
    kind: Kind
    span: Span
    part: Part
    worry: str | None = None

    @property
    def is_role(self) -> bool:
        """Whether a use may say what it stands for: unlisted sorts, constants, and symbols that are no tables."""
        match self.part.declaration:
            case syntax.SortDecl(elements=elements):
                return elements is None
            case syntax.PredicateDecl(rows=rows) | syntax.FunctionDecl(rows=rows):
                return rows is None
            case syntax.ConstDecl():
                return True
            case _:
                return False


def declared_by(part: Part) -> Iterator[Declared]:
    """The names that one declaration declares."""

    def named(ident: syntax.Ident, kind: Kind, worry: str | None = None) -> Declared:
        return Declared(ident.text, kind, ident.span, part, worry)

    match part.declaration:
        case syntax.SortDecl(name=name, elements=elements):
            yield named(name, Kind.SORT)
            yield from (named(element, Kind.ELEMENT) for element in elements or ())
        case syntax.ConstDecl(names=names):
            yield from (named(name, Kind.CONSTANT) for name in names)
        case syntax.PredicateDecl(name=name):
            yield named(name, Kind.PREDICATE)
        case syntax.FunctionDecl(name=name):
            yield named(name, Kind.FUNCTION)
        case syntax.DefineDecl(name=name):
            yield named(name, Kind.DEFINITION)
        case syntax.AxiomDecl(name=name):
            yield named(name, Kind.AXIOM)
        case syntax.AssumeDecl(name=name):
            yield named(name, Kind.ASSUMPTION)
        case syntax.EvidenceDecl(name=name):
            yield named(name, Kind.EVIDENCE)
        case syntax.ClaimDecl(name=name, goal=goal):
            yield named(name, Kind.GOAL if goal else Kind.CLAIM)
        case syntax.WorryDecl(name=name, mitigations=mitigations):
            yield named(name, Kind.WORRY)
            yield from (named(m.name, Kind.MITIGATION, name.text) for m in mitigations)
        case syntax.PossibleDecl(name=name):
            yield named(name, Kind.POSSIBLE)
        case syntax.UseDecl(theory=theory, alias=alias):
            yield named(alias or theory, Kind.USE)
        case _:
            pass


def table_of(parts: Sequence[Part]) -> tuple[dict[str, Declared], list[Finding]]:
    """The names of a module, and a finding for each that is declared twice or taken by the language."""
    names: dict[str, Declared] = {}
    findings = []
    for part in parts:
        for new in declared_by(part):
            first = names.get(new.name)
            if new.name in {sort.name for sort in BUILTIN}:
                findings.append(finding("reserved-sort", new.span, about=new.name))
            elif first is not None:
                there = Related(first.span, f"first declared here, as {a(first.kind)}")
                findings.append(finding("duplicate-name", new.span, about=new.name, related=[there]))
            else:
                names[new.name] = new
    return names, findings


def a(noun: str) -> str:
    """The noun with its indefinite article."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


CASE_ONLY: dict[type, str] = {
    syntax.AssumeDecl: "assumption",
    syntax.EvidenceDecl: "evidence",
    syntax.AnswerDecl: "answer",
    syntax.AdoptDecl: "adoption",
    syntax.AcceptDecl: "acceptance",
    syntax.DropDecl: "drop",
    syntax.ScopeDecl: "scope",
}


def misplaced(kind: str, parts: Iterable[Part]) -> Iterator[Finding]:
    """A finding for each declaration that may not stand in a module of this kind."""
    for part in parts:
        match part.declaration:
            case syntax.ClaimDecl(goal=True) as goal if kind == "theory":
                yield finding("misplaced", goal.span, about=goal.name.text, what="goal", kind="theory", home="a case")
            case syntax.RequiresDecl() as requires if kind != "theory":
                yield finding("misplaced", requires.span, what="requires", kind=kind, home="a theory")
            case syntax.DropDecl() as drop if kind == "case":
                yield finding("misplaced", drop.span, what="drop", kind="case", home="a variant")
            case declaration if kind == "theory" and type(declaration) in CASE_ONLY:
                what = CASE_ONLY[type(declaration)]
                yield finding("misplaced", declaration.span, what=what, kind="theory", home="a case")
            case _:
                pass


MAX_MISTAKES = 100
"""After so many mistakes in one module the rest is not worth looking at."""

MOST_CANDIDATES = 1_000
"""Among so many names at most one is looked for that is spelled much like another."""


class GivenUpError(Exception):
    """A module is not resolved any further: there is too much of something in it."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.reason = reason


def too_many(span: Span, subject: str, limit: int, what: str) -> GivenUpError:
    return GivenUpError(finding("too-many", span, subject=subject, limit=f"{limit:,}", what=what))


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_MOST_PLACEHOLDERS = 5
_LONGEST_MISSPELLED = 60  # comparing long names takes long


def placeholders(doc: str | None, params: Sequence[str], span: Span) -> Iterator[Finding]:
    """A finding for each ``{name}`` in a doc string that is no parameter."""
    unknown = [name for name in dict.fromkeys(_PLACEHOLDER.findall(doc or "")) if name not in params]
    for name in unknown[:_MOST_PLACEHOLDERS]:
        yield finding("bad-placeholder", span, about=name, hint=hint_of(did_you_mean(name, params)))


def hint_of(found: str | Instead | None) -> str | None:
    """The words alone, where the place of the finding is more than the name."""
    return found.hint if isinstance(found, Instead) else found


def did_you_mean(name: str, candidates: Iterable[str]) -> str | Instead | None:
    """A hint that names the nearest candidates, qualified ones included; None if none is near.

    One that leaves no choice says what to write in the place of the name.
    """
    pool = sorted(set(candidates))
    last = name.rsplit(".", 1)[-1]
    near = [c for c in pool if c != name and c.rsplit(".", 1)[-1] == last]
    if not near and len(pool) <= MOST_CANDIDATES and len(name) <= _LONGEST_MISSPELLED:
        import difflib

        near = difflib.get_close_matches(name, pool, n=2, cutoff=0.7)
    if not near:
        return None
    hint = "did you mean " + " or ".join(f"`{c}`" for c in near[:4]) + "?"
    return Instead(hint, near[0]) if len(near) == 1 else hint
