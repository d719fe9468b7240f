"""Variants: a case that starts from another one, as declarations in and declarations out.

``merge`` applies what a variant says to the declarations of its base. What the base assumed of something that the
variant exchanges is not carried over; ``outdated`` finds that out by comparing what things mean in base and variant,
and ``without`` takes it away. ``read_again`` reads all that the base assumes in the words of the variant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from checker import case as typed
from checker import syntax
from checker.case import TheoryKey
from checker.findings import Finding, Related, finding
from checker.load import Unit
from checker.logic import Term
from checker.resolve.names import Kind, Part, a, declared_by, did_you_mean
from checker.resolve.statements import Statements
from checker.resolve.terms import Formula
from checker.spelling import full_meaning

_QUALIFIED = re.compile(r"(?<![\w.])\w+(?:\.\w+)+")

_FIRST: tuple[Kind | str, ...] = (Kind.WORRY, Kind.GOAL, Kind.DEFINITION, Kind.AXIOM, Kind.POSSIBLE)
"""What a reviewer must see first among the replacements: they say what is argued, not only how."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The declarations of a variant, its base's included; ``carried`` are those that come from the base."""

    parts: tuple[Part, ...]
    carried: frozenset[int]
    """The ``id`` of each declaration node that the variant does not state itself."""
    replaced: tuple[str, ...]
    dropped: tuple[str, ...]
    findings: tuple[Finding, ...]


def merge(base: Sequence[Part], module: syntax.Module, home: Unit) -> Merged:
    """Apply the variant ``module``, which stands in the file ``home``, to its base's declarations."""
    own = [Part(declaration, home) for declaration in module.body]
    drops = [ident for part in own if isinstance(part.declaration, syntax.DropDecl) for ident in part.declaration.names]
    own = [part for part in own if not isinstance(part.declaration, syntax.DropDecl)]

    parts, findings = _drop(base, own, drops)
    own, parts, remapped = _remap(own, parts)
    parts, replaced = _replace(own, parts)

    ranked = sorted(replaced.items(), key=lambda item: _FIRST.index(item[1]) if item[1] in _FIRST else len(_FIRST))
    return Merged(
        (*parts, *own),
        frozenset(id(part.declaration) for part in parts),
        tuple([name for name, _ in ranked] + remapped),
        tuple(dict.fromkeys(ident.text for ident in drops)),
        tuple(findings),
    )


# -- replacing -------------------------------------------------------------------------------------------------------


def _targets(part: Part) -> dict[tuple[str, Kind | str], syntax.Ident]:
    """What a declaration declares or settles, by name and kind: what a variant's declaration replaces."""
    match part.declaration:
        case syntax.AnswerDecl(worry=ident):
            return {(ident.text, "answer"): ident}
        case syntax.AcceptDecl(target=ident):
            return {(ident.text, "acceptance"): ident}
        case syntax.AdoptDecl(mitigation=ident):
            return {(ident.text, "adoption"): ident}
        case _:
            return {(d.name, d.kind): syntax.Ident(d.name, span=d.span) for d in declared_by(part)}


def _replace(own: Sequence[Part], parts: Sequence[Part]) -> tuple[list[Part], dict[str, Kind | str]]:
    """The base's declarations less those that the variant's own replace, and what was replaced, by name."""
    new = {target for part in own for target in _targets(part)}
    scope_keys = {
        entry.key.text
        for part in own
        if isinstance(part.declaration, syntax.ScopeDecl)
        for entry in part.declaration.entries
    }
    kept: list[Part] = []
    replaced: dict[str, Kind | str] = {}
    for part in parts:
        targets = _targets(part)
        replaced |= {name: kind for name, kind in targets if (name, kind) in new}
        match part.declaration:
            case syntax.ConstDecl(names=names) as const:
                left = tuple(name for name in names if (name.text, Kind.CONSTANT) not in new)
                if left:
                    kept.append(part if left == names else Part(replace(const, names=left), part.home))
            case syntax.ScopeDecl(entries=entries) as scope:
                rest = tuple(entry for entry in entries if entry.key.text not in scope_keys)
                if rest:
                    kept.append(part if rest == entries else Part(replace(scope, entries=rest), part.home))
            case _:
                head = next(iter(targets), None)
                if head is None or head not in new:
                    kept.append(part)
    return kept, replaced


def _remap(own: Sequence[Part], parts: Sequence[Part]) -> tuple[list[Part], list[Part], list[str]]:
    """Apply ``use ALIAS with role = thing``: change those roles of the base's use alone, and list them."""
    aliases = {_alias(p.declaration): p for p in parts if isinstance(p.declaration, syntax.UseDecl)}
    changed: dict[str, Part] = {}
    rest: list[Part] = []
    roles: list[str] = []
    for part in own:
        use = part.declaration
        if isinstance(use, syntax.UseDecl) and use.alias is None and use.theory.text in aliases:
            alias = use.theory.text
            before = changed.get(alias, aliases[alias])
            assert isinstance(before.declaration, syntax.UseDecl)
            new = {mapping.role.text for mapping in use.mappings}
            kept = tuple(m for m in before.declaration.mappings if m.role.text not in new)
            together = replace(
                before.declaration,
                mappings=kept + use.mappings,
                star=before.declaration.star or use.star,
                alias=before.declaration.alias or before.declaration.theory,
                span=use.span,
            )
            changed[alias] = Part(together, before.home)
            roles += [f"{alias}.{mapping.role.text}" for mapping in use.mappings]
            roles += [f"{alias}.*"] if use.star and not before.declaration.star else []
        else:
            rest.append(part)
    remapped = [
        changed.get(_alias(part.declaration), part) if isinstance(part.declaration, syntax.UseDecl) else part
        for part in parts
    ]
    return rest, remapped, roles


def _alias(use: syntax.UseDecl) -> str:
    return (use.alias or use.theory).text


# -- dropping --------------------------------------------------------------------------------------------------------

Settled = tuple[str, str]
"""A name and what is settled of it: that it is an assumption, has an answer, and so on (see ``settles``)."""


def settles(declaration: syntax.Declaration) -> Settled | None:
    """What of a declaration may be taken away again, if anything: under which name, and what it is."""
    match declaration:
        case syntax.AssumeDecl(name=name):
            return name.text, "assumption"
        case syntax.EvidenceDecl(name=name):
            return name.text, "evidence"
        case syntax.ClaimDecl(name=name, goal=False):
            return name.text, "claim"
        case syntax.AdoptDecl(mitigation=name):
            return name.text, "adoption"
        case syntax.AnswerDecl(worry=name):
            return name.text, "answer"
        case syntax.AcceptDecl(target=name):
            return name.text, "acceptance"
        case _:
            return None


def _drop(base: Sequence[Part], own: Sequence[Part], drops: Sequence[syntax.Ident]) -> tuple[list[Part], list[Finding]]:
    findings = []
    gone: set[Settled] = set()
    declared_anew = {name for part in own for name, _ in _targets(part)}
    goals = {d.name for part in base for d in declared_by(part) if d.kind is Kind.GOAL}
    for ident in drops:
        named = {s for part in base if (s := settles(part.declaration)) is not None and s[0] == ident.text}
        if not named or ident.text in goals:
            findings.append(_cannot_drop(base, ident))
        elif ident.text in declared_anew:
            findings.append(finding("dropped-and-declared", ident.span, about=ident.text))
        elif named <= gone:
            findings.append(finding("twice", ident.span, about=ident.text, what="dropped"))
        gone |= named if ident.text not in goals else set()
    return without(base, gone), findings


def _cannot_drop(base: Sequence[Part], ident: syntax.Ident) -> Finding:
    """The base holds nothing under this name that a variant may drop."""
    for part in base:
        for declared in declared_by(part):
            if declared.name == ident.text:
                there = Related(declared.span, "declared here")
                return finding("cannot-drop", ident.span, about=ident.text, kind=a(declared.kind), related=[there])
    names = [name for part in base for name, _ in _targets(part)]
    code = "nothing-to-drop" if "." in ident.text else "unknown-name"
    return finding(code, ident.span, about=ident.text, hint=did_you_mean(ident.text, names))


def without(parts: Iterable[Part], gone: set[Settled]) -> list[Part]:
    """The declarations less those in ``gone``. Citations of what is no longer there vanish.

    A claim or answer that loses its last citation cites nothing: it does not fall back on anything else.
    """
    things = {name for name, what in gone if what in ("assumption", "evidence", "claim", "adoption")}
    return [
        Part(_forget(part.declaration, things), part.home)
        for part in parts
        if settles(part.declaration) not in gone
        and not (isinstance(part.declaration, syntax.AcceptDecl) and part.declaration.target.text in things)
    ]


def _forget(declaration: syntax.Declaration, things: set[str]) -> syntax.Declaration:
    def left(idents: tuple[syntax.Ident, ...]) -> tuple[syntax.Ident, ...]:
        return tuple(ident for ident in idents if ident.text not in things)

    def cited(citations: syntax.Citations | None) -> syntax.Citations | None:
        return None if citations is None else replace(citations, names=left(citations.names))

    match declaration:
        case syntax.AssumeDecl(evidence=evidence) | syntax.AdoptDecl(evidence=evidence):
            return replace(declaration, evidence=left(evidence))
        case syntax.ClaimDecl(by=by):
            return replace(declaration, by=cited(by))
        case syntax.AnswerDecl(by=by):
            return replace(declaration, by=replace(by, names=left(by.names)))
        case syntax.WorryDecl(against=against):
            return replace(declaration, against=left(against))
        case syntax.PossibleDecl(without=names):
            return replace(declaration, without=left(names))
        case _:
            return declaration


# -- what no longer counts -------------------------------------------------------------------------------------------


def outdated(base: typed.Case, variant: typed.Case, merged: Merged) -> Iterator[Settled]:
    """The assumptions, adoptions, acceptances and answers carried over that no longer mean what they meant.

    What is informal has no formula to compare: its words must be the same, and for an informal worry of a copy of a
    theory, whose words may be about anything, nothing of the vocabulary may have changed.
    """
    before, after = _statements(base), _statements(variant)
    moved = _vocabulary(base) != _vocabulary(variant)
    # Then the same form says the same; else all that a formula rests on is written out and compared.
    same_words = not moved or (_origins(base) == _origins(variant) and base.meanings == variant.meanings)

    for part in merged.parts:
        settled = settles(part.declaration)
        if settled is None or id(part.declaration) not in merged.carried or settled[1] in ("evidence", "claim"):
            continue
        old, new = before.get(settled[0]), after.get(settled[0])
        about_a_copy = "." in settled[0] and isinstance(new, typed.Worry) and new.formula is None
        alike = (same_words and _of_one_form(old, new)) or _meaning(old, base) == _meaning(new, variant)
        if (about_a_copy and moved) or not alike:
            yield settled


def _statements(case: typed.Case) -> dict[str, typed.Statement]:
    mitigations = [mitigation for worry in case.worries for mitigation in worry.mitigations]
    return {s.name: s for s in (*case.assumptions, *case.claims, *case.worries, *mitigations)}


def _of_one_form(old: typed.Statement | None, new: typed.Statement | None) -> bool:
    """Whether both have a formula, and the same one."""
    return old is not None and new is not None and old.formula is not None and old.formula == new.formula


def _meaning(statement: typed.Statement | None, case: typed.Case) -> object:
    """What a statement means, and which theories its words come from: those of another one may have the same form."""
    if statement is None:
        return None
    if statement.formula is None:
        return statement.doc
    text = full_meaning(statement.formula, case.meanings)
    names = [name.split(".") for name in set(_QUALIFIED.findall(text))]
    aliases = {".".join(parts[:count]) for parts in names for count in range(1, len(parts))}
    return text, {alias: theory for alias, theory in _origins(case).items() if alias in aliases}


def _origins(case: typed.Case) -> dict[str, TheoryKey]:
    """Which theory stands behind each alias."""
    return {use.alias: use.theory for use in case.uses}


def _vocabulary(case: typed.Case) -> object:
    """Everything that words may be about: the copies of theories, all symbols with their sorts, and what they mean."""
    uses = [(use.theory, use.alias, dict(use.bound)) for use in case.uses]
    return uses, frozenset(case.wordings), dict(case.meanings)


# -- what was meant, read again --------------------------------------------------------------------------------------


def read_again(
    base: typed.Case, parts: Sequence[Part], variant: typed.Case, statements: Statements
) -> dict[str, Term | None]:
    """What the base's assumptions and adopted mitigations, by name, say in the words of the variant.

    ``parts`` are the base's declarations, and ``statements`` has collected those of the variant. None stands for what
    cannot be read there: a name is no longer there, or has other sorts. What is informal is left out.
    """
    written = {p.declaration.name.text: p.declaration for p in parts if isinstance(p.declaration, syntax.AssumeDecl)}
    mitigations = {m.name: m.formula for worry in variant.worries for m in worry.mitigations}
    read: dict[str, Term | None] = {}
    for assumption in base.assumptions:
        if assumption.formula is None:
            continue
        expr = None if assumption.adopted else written[assumption.name].formula
        if expr is None:
            read[assumption.name] = mitigations.get(assumption.name)
            continue
        with statements.meanings.collecting() as mistakes:
            formula = Formula(statements.meanings, statements.root, within=assumption.name).closed(expr)
        read[assumption.name] = None if mistakes else formula
    return read
