"""What a module and the theories it uses state, put together as one typed case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from checker import case as typed
from checker import logic, syntax
from checker.case import Case, TheoryKey
from checker.findings import Finding, Related, finding
from checker.load import Loader
from checker.logic import Term
from checker.printer import print_expr
from checker.resolve.meanings import Meanings
from checker.resolve.names import LOGICAL, Declared, Kind, Part, a, too_many
from checker.resolve.scopes import Scope
from checker.resolve.terms import Formula
from checker.spelling import spell
from checker.wording import shortened

MAX_STATEMENTS = 2_000
"""How many statements there are in one module at most, those of the copies of theories in it included."""

_STATEMENTS = (
    syntax.AxiomDecl, syntax.AssumeDecl, syntax.EvidenceDecl, syntax.ClaimDecl, syntax.WorryDecl, syntax.PossibleDecl,
    syntax.RequiresDecl, syntax.AnswerDecl, syntax.AdoptDecl, syntax.AcceptDecl, syntax.ShowDecl,
)  # fmt: skip

CLAIMS = frozenset({Kind.CLAIM, Kind.GOAL})


@dataclass(slots=True)
class Statements:
    """Collects the statements of a tree of scopes. ``generic`` gives a theory as it is when looked at by itself."""

    root: Scope
    meanings: Meanings
    loader: Loader
    generic: Callable[[TheoryKey], Case | None]
    adopted: dict[str, syntax.AdoptDecl] = field(default_factory=dict)
    trouble: dict[str, list[Finding]] = field(default_factory=dict)
    """What is wrong in each own assumption; kept apart, as a variant may find that it no longer counts anyway."""
    lost: bool = False
    """Whether some formula could not be understood; what is wrong with it must have been said."""

    @property
    def findings(self) -> list[Finding]:
        return self.meanings.findings

    @property
    def troubles(self) -> list[Finding]:
        """What is wrong in all own assumptions together."""
        return [found for some in self.trouble.values() for found in some]

    def collect(self, header: CaseHeader) -> Case:
        """The case that this module is. What is wrong is in ``findings``; then parts may be missing.

        Raises ``GivenUpError``.
        """
        stated = [(scope, part) for scope, part in self._parts() if isinstance(part.declaration, _STATEMENTS)]
        if len(stated) > MAX_STATEMENTS:
            scope, part = stated[MAX_STATEMENTS]
            what = "statements, copies of theories included"
            raise too_many(scope.use_span or part.declaration.span, "this module", MAX_STATEMENTS, what)
        self._force_everything()
        self._find_adopted()
        axioms = tuple(self._axioms())
        worries = tuple(self._worries())
        assumptions = tuple(self._assumptions(worries))
        claims = tuple(self._claims(axioms, worries))
        case = Case(
            kind=header.kind,
            name=header.name.text,
            doc=header.doc,
            base=header.base,
            span=header.name.span,
            scope=self._scope_block(),
            sources=tuple(self._sources()),
            uses=tuple(self._uses()),
            meanings=self.meanings.meanings,
            wordings=self.meanings.wordings,
            axioms=axioms,
            assumptions=assumptions,
            evidence=tuple(self._evidence()),
            claims=claims,
            worries=worries,
            possibles=tuple(self._possibles()),
            answers=tuple(self._answers()),
            acceptances=tuple(self._acceptances()),
            requirements=tuple(self._requirements()),
            shows=tuple(self._shows()),
            divisors=tuple(self.meanings.divisors),
            theory=header.theory,
        )
        if header.kind != "theory" and not case.goals:
            self.findings.append(finding("no-goal", header.name.span, about=header.name.text))
        return case

    def _force_everything(self) -> None:
        """Find out what every name means, so that mistakes show even where a name is not used."""
        for scope in self.root.walk():
            with self.meanings.collecting() as found:
                for declared in scope.names.values():
                    if declared.kind is Kind.SORT:
                        self.meanings.sort_of(scope, declared)
                    elif declared.kind in LOGICAL:
                        self.meanings.entity(scope, declared)
            # What is merely worth a word in a theory is said when the theory is checked.
            self.findings.extend(f for f in found if scope is self.root or f.severity == "error")

    def _parts(self) -> Iterator[tuple[Scope, Part]]:
        for scope in self.root.walk():
            for part in scope.parts:
                yield scope, part

    def _formula(self, scope: Scope, name: str, expr: syntax.Expr | None) -> Term | None:
        if expr is None:
            return None
        formula = Formula(self.meanings, scope, within=scope.prefix + name).closed(expr)
        self.lost |= formula is None
        return formula

    # -- citations ----------------------------------------------------------------------------------------------------

    def _find_adopted(self) -> None:
        for part in self.root.parts:
            if isinstance(part.declaration, syntax.AdoptDecl):
                adopt = part.declaration
                found = self._target(self.root, adopt.mitigation, frozenset({Kind.MITIGATION}), "a mitigation", "adopt")
                if found is None:
                    continue
                name = found[0].prefix + found[1].name
                if name in self.adopted:
                    self._twice(adopt, name, self.adopted[name], "adopted")
                else:
                    self.adopted[name] = adopt

    def _twice(self, again: syntax.Node, name: str, first: syntax.Node, what: str) -> None:
        there = Related(first.span, f"first {what} here")
        self.findings.append(finding("twice", again.span, about=name, what=what, related=[there]))

    def _target(
        self, scope: Scope, ident: syntax.Ident, kinds: frozenset[Kind], what: str, verb: str
    ) -> tuple[Scope, Declared] | None:
        """What an ``answer``, ``adopt``, ``accept`` ... is about; a finding where it may not be about that."""
        found = scope.find(ident.text)
        if found is None or found[1].kind in kinds:
            return self.meanings.look(scope, ident, kinds, what)
        there = Related(found[1].span, "declared here")
        kind = a(found[1].kind)
        self.findings.append(
            finding("cannot", ident.span, about=ident.text, verb=verb, kind=kind, what=what, related=[there])
        )
        return None

    def _cited(self, scope: Scope, idents: Iterable[syntax.Ident], kinds: frozenset[Kind], what: str) -> list[str]:
        """The qualified names of what is cited, each once. A mitigation counts only if it is adopted."""
        names: dict[str, syntax.Ident] = {}
        for ident in idents:
            found = self._target(scope, ident, kinds, what, "cite")
            if found is None:
                continue
            name = found[0].prefix + found[1].name
            if found[1].kind is Kind.MITIGATION and name not in self.adopted:
                self.findings.append(finding("not-adopted", ident.span, about=ident.text))
            elif name in names:
                self._twice(ident, name, names[name], "cited")
            else:
                names[name] = ident
        return list(names)

    def _citable(self, scope: Scope) -> tuple[frozenset[Kind], str]:
        if scope.kind == "theory":
            return CLAIMS, "a claim"
        return CLAIMS | {Kind.ASSUMPTION, Kind.MITIGATION}, "an assumption, adopted mitigation or claim"

    def _by(self, scope: Scope, citations: syntax.Citations | None) -> tuple[str, ...]:
        if citations is None:
            return ()
        if citations.everything:
            if scope.kind == "theory":
                self.findings.append(finding("all-in-theory", citations.span))
            return tuple(self._all_assumptions())
        return tuple(self._cited(scope, citations.names, *self._citable(scope)))

    def _all_assumptions(self) -> Iterator[str]:
        adopted_as = {id(adopt): name for name, adopt in self.adopted.items()}
        for part in self.root.parts:
            if isinstance(part.declaration, syntax.AssumeDecl):
                yield part.declaration.name.text
            elif id(part.declaration) in adopted_as:
                yield adopted_as[id(part.declaration)]

    def _barring(self, scope: Scope, citations: syntax.Citations | None) -> tuple[str, ...]:
        if citations is None:
            return ()
        if citations.everything:
            return tuple(
                inner.prefix + name
                for inner in scope.walk()
                for name, declared in inner.names.items()
                if declared.kind is Kind.WORRY
            )
        return tuple(self._cited(scope, citations.names, frozenset({Kind.WORRY}), "a worry"))

    # -- statements ---------------------------------------------------------------------------------------------------

    def _axioms(self) -> Iterator[typed.Axiom]:
        for scope, part in self._parts():
            if isinstance(axiom := part.declaration, syntax.AxiomDecl):
                formula = self._formula(scope, axiom.name.text, axiom.formula)
                yield typed.Axiom(scope.prefix + axiom.name.text, axiom.doc, formula, axiom.name.span, {})

    def _assumptions(self, worries: Sequence[typed.Worry]) -> Iterator[typed.Assumption]:
        mitigations = {m.name: m for worry in worries for m in worry.mitigations}
        adopted_as = {id(adopt): name for name, adopt in self.adopted.items()}
        for part in self.root.parts:
            declaration = part.declaration
            if isinstance(declaration, syntax.AssumeDecl):
                name = declaration.name.text
                with self.meanings.collecting() as found:
                    formula = self._formula(self.root, name, declaration.formula)
                    evidence = self._backing(declaration.evidence)
                self.trouble[name] = found
                yield typed.Assumption(
                    name, declaration.doc, formula, declaration.name.span, attributes(declaration.attributes),
                    evidence, _filled(declaration.owner), adopted=False,
                )  # fmt: skip
            elif id(declaration) in adopted_as and isinstance(declaration, syntax.AdoptDecl):
                mitigation = mitigations[adopted_as[id(declaration)]]
                yield typed.Assumption(
                    mitigation.name, mitigation.doc, mitigation.formula, declaration.span, mitigation.attributes,
                    self._backing(declaration.evidence), _filled(declaration.owner), adopted=True,
                )  # fmt: skip

    def _backing(self, idents: Sequence[syntax.Ident]) -> tuple[str, ...]:
        return tuple(self._cited(self.root, idents, frozenset({Kind.EVIDENCE}), "evidence"))

    def _evidence(self) -> Iterator[typed.Evidence]:
        for part in self.root.parts:
            if isinstance(part.declaration, syntax.EvidenceDecl):
                yield self._one_evidence(part, part.declaration)

    def _one_evidence(self, part: Part, evidence: syntax.EvidenceDecl) -> typed.Evidence:
        texts: dict[str, str] = {}
        dates: dict[str, date] = {}
        for entry in evidence.entries:
            key, value = entry.key.text, entry.value
            if key in ("date", "until"):
                if isinstance(value, syntax.DateLiteral):
                    dates[key] = date.fromisoformat(value.text)
                else:
                    self.findings.append(finding("bad-evidence", entry.span, about=key, wanted="a date"))
            elif key in ("file", "url", "sha256"):
                if isinstance(value, syntax.Text) and value.text.strip():
                    texts[key] = value.text
                else:
                    self.findings.append(finding("bad-evidence", entry.span, about=key, wanted="a text"))
                if key == "sha256" and not re.fullmatch("[0-9a-fA-F]{64}", texts.get("sha256", "0" * 64)):
                    wanted = "the 64 hexadecimal digits of a SHA-256 hash"
                    self.findings.append(finding("bad-evidence", entry.span, about=key, wanted=wanted))
        name = evidence.name.text
        if "file" not in texts and "url" not in texts:
            self.findings.append(finding("evidence-without-source", evidence.name.span, about=name))
        if "date" in dates and "until" in dates and dates["until"] < dates["date"]:
            self.findings.append(finding("evidence-ends-early", evidence.name.span, about=name))
        return typed.Evidence(
            name, evidence.doc, texts.get("file"), texts.get("sha256"), texts.get("url"), dates.get("date"),
            dates.get("until"), part.home.folder, attributes(evidence.entries), evidence.name.span,
        )  # fmt: skip

    def _worries(self) -> Iterator[typed.Worry]:
        for scope, part in self._parts():
            if isinstance(worry := part.declaration, syntax.WorryDecl):
                targets, what = CLAIMS, "a claim"
                if scope is self.root and scope.kind != "theory":
                    targets, what = CLAIMS | {Kind.ASSUMPTION, Kind.MITIGATION}, "a claim or assumption"
                yield typed.Worry(
                    scope.prefix + worry.name.text,
                    worry.doc,
                    self._formula(scope, worry.name.text, worry.formula),
                    worry.name.span,
                    attributes(worry.attributes),
                    tuple(self._cited(scope, worry.against, frozenset(targets), what)),
                    worry.unacceptable,
                    tuple(self._mitigations(scope, worry)),
                    own=scope is self.root,
                )

    def _mitigations(self, scope: Scope, worry: syntax.WorryDecl) -> Iterator[typed.Mitigation]:
        for m in worry.mitigations:
            formula = self._formula(scope, m.name.text, m.formula)
            yield typed.Mitigation(scope.prefix + m.name.text, m.doc, formula, m.name.span, attributes(m.attributes))

    def _claims(self, axioms: Sequence[typed.Axiom], worries: Sequence[typed.Worry]) -> Iterator[typed.Claim]:
        formulas: dict[str, Term | None] = {w.name: w.formula for w in worries}
        declared = [(s, p.declaration) for s, p in self._parts() if isinstance(p.declaration, syntax.ClaimDecl)]
        for scope, claim in declared:
            formulas[scope.prefix + claim.name.text] = self._formula(scope, claim.name.text, claim.formula)
        counts_in_axioms = any(self._counts_over_role(axiom.formula) for axiom in axioms)
        for scope, claim in declared:
            name = scope.prefix + claim.name.text
            by, barring = self._by(scope, claim.by), self._barring(scope, claim.barring)
            needs = [formulas[name], *(formulas.get(cited) for cited in (*by, *barring))]
            chosen = any(c is not None and not c.everything for c in (claim.by, claim.barring))
            yield typed.Claim(
                name,
                claim.doc,
                formulas[name],
                claim.name.span,
                attributes(claim.attributes),
                claim.goal,
                by,
                barring,
                claim.because,
                own=scope is self.root,
                copied_from=self._copied_from(scope, claim.name.text),
                cites_by_name=chosen,
                in_each_use=self.root.kind == "theory"
                and formulas[name] is not None
                and bool(by or barring)
                and (counts_in_axioms or any(self._counts_over_role(formula) for formula in needs)),
            )

    def _copied_from(self, scope: Scope, name: str) -> tuple[TheoryKey, str, str] | None:
        if scope.theory is None or scope is self.root:
            return None
        theory = self.generic(scope.theory)
        claim = next((c for c in theory.claims if c.name == name), None) if theory is not None else None
        return (scope.theory, name, scope.prefix) if claim is not None and not claim.in_each_use else None

    def _counts_over_role(self, formula: Term | None) -> bool:
        return formula is not None and counts_over_role(formula, self.meanings)

    def _possibles(self) -> Iterator[typed.Possible]:
        kinds = frozenset({Kind.ASSUMPTION, Kind.MITIGATION})
        for scope, part in self._parts():
            if isinstance(possible := part.declaration, syntax.PossibleDecl):
                without = []
                for ident in possible.without:
                    found = self._target(scope, ident, kinds, "an assumption or mitigation", "leave out")
                    without += [found[0].prefix + found[1].name] if found is not None else []
                yield typed.Possible(
                    scope.prefix + possible.name.text,
                    possible.doc,
                    self._formula(scope, possible.name.text, possible.formula),
                    possible.name.span,
                    attributes(possible.attributes),
                    tuple(without),
                )

    # -- what only a case has -----------------------------------------------------------------------------------------

    def _answers(self) -> Iterator[typed.Answer]:
        first: dict[str, syntax.AnswerDecl] = {}
        for part in self.root.parts:
            if isinstance(answer := part.declaration, syntax.AnswerDecl):
                found = self._target(self.root, answer.worry, frozenset({Kind.WORRY}), "a worry", "answer")
                cites = self._by(self.root, answer.by)
                if found is None:
                    continue
                name = found[0].prefix + found[1].name
                if name in first:
                    self._twice(answer, name, first[name], "answered")
                else:
                    first[name] = answer
                    yield typed.Answer(name, cites, answer.because, not answer.by.everything, answer.span)

    def _acceptances(self) -> Iterator[typed.Acceptance]:
        first: dict[str, syntax.AcceptDecl] = {}
        kinds = CLAIMS | {Kind.WORRY}
        for part in self.root.parts:
            if isinstance(accept := part.declaration, syntax.AcceptDecl):
                found = self._target(self.root, accept.target, kinds, "a worry or claim", "accept")
                if found is None:
                    continue
                name = found[0].prefix + found[1].name
                until = None if accept.until is None else date.fromisoformat(accept.until.text)
                if name in first:
                    self._twice(accept, name, first[name], "accepted")
                else:
                    first[name] = accept
                    yield typed.Acceptance(name, accept.why, _filled(accept.owner), until, accept.span)

    def _requirements(self) -> Iterator[typed.Requirement]:
        for scope, part in self._parts():
            if isinstance(requires := part.declaration, syntax.RequiresDecl):
                keys = []
                for ident in requires.theories:
                    found = self.loader.theories(part.home, ident.text)
                    if len(found) == 1:
                        keys.append(TheoryKey(ident.text, found[0].unit.identity))
                    else:
                        hint = self.meanings.near(ident, self.loader.visible_theories(part.home))
                        self.findings.append(finding("unknown-theory", ident.span, about=ident.text, hint=hint))
                when = self._formula(scope, "requires", requires.when)
                alias = scope.prefix.rstrip(".")
                span = scope.use_span or requires.span
                if requires.when is None or when is not None:
                    yield typed.Requirement(alias, tuple(keys), when, span)

    def _shows(self) -> Iterator[typed.Show]:
        for scope, part in self._parts():
            if isinstance(show := part.declaration, syntax.ShowDecl):
                text = print_expr(show.term)
                if scope.prefix:
                    plain = isinstance(show.term, syntax.Name)
                    text = scope.prefix + text if plain else f"{scope.prefix.rstrip('.')}: {text}"
                term = Formula(self.meanings, scope, within=text).term(show.term, {})
                if term is not None and self.meanings.fits(term, show.span, shortened(text)):
                    yield typed.Show(text, term, show.span)

    def _scope_block(self) -> dict[str, str]:
        blocks = [p.declaration.entries for p in self.root.parts if isinstance(p.declaration, syntax.ScopeDecl)]
        entries: dict[str, str] = {}
        for entry in (entry for block in blocks for entry in block):
            if entry.key.text in entries:
                self.findings.append(finding("duplicate-key", entry.span, about=entry.key.text))
            entries[entry.key.text] = entry.value.text
        return entries

    def _sources(self) -> Iterator[str]:
        for part in self.root.parts:
            if isinstance(part.declaration, syntax.SourceDecl):
                yield part.declaration.text

    def _uses(self) -> Iterator[typed.Use]:
        for scope in self.root.walk():
            if scope.theory is None or scope is self.root or scope.use is None:
                continue
            bound = {name: self._shown_binding(scope, name) for name in scope.names if name in scope.bindings}
            span = scope.use_span or scope.use.span
            yield typed.Use(scope.theory, scope.prefix.rstrip("."), scope.file, scope.digest, bound, span)

    def _shown_binding(self, scope: Scope, name: str) -> str:
        declared = scope.names[name]
        with self.meanings.collecting():
            if declared.kind is Kind.SORT:
                sort = self.meanings.sort_of(scope, declared)
                return sort.name if sort is not None else "?"
            entity = self.meanings.entity(scope, declared)
        if entity is None:
            return "?"
        return entity.name if isinstance(entity, logic.Symbol) else spell(entity)


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """What stands at the top of a module."""

    kind: typed.Kind
    name: syntax.Ident
    doc: str | None
    base: str | None
    theory: TheoryKey | None


def counts_over_role(formula: Term, meanings: Meanings) -> bool:
    """Whether the formula counts over a sort that is not listed (yet)."""
    needed = logic.meanings_needed([formula], meanings.meanings)
    bodies = [body for m in needed for body in logic.bodies(m)]
    parts = (part for body in (formula, *bodies) for part in logic.subterms(body))
    return any(isinstance(p, logic.Count | logic.Sum) and p.variable.sort.elements is None for p in parts)


def attributes(entries: Sequence[syntax.Entry]) -> dict[str, str]:
    """A block as it is reported: each key with its value as text."""
    return {entry.key.text: entry.value.text for entry in entries}


def _filled(text: str | None) -> str | None:
    """The text; None if there is nothing but blanks in it (an owner without a name is none)."""
    return text if text is not None and text.strip() else None
