"""Ways to write a case differently that mean the same, and what has to stay the same then.

Each takes a syntax tree and gives another. ``Same`` says what a report has to agree on with that on the original:

- ``everything``: verdict, steps, statuses, worries, possibles, ``rests_on``, ``used``, what passes, codes of findings;
- ``but_proofs``: all of that but which of several proofs was found, and what is said of it. The order in which things
  are cited or declared decides which premise is left out first, so ``used`` and the findings on idle citations, unused
  assumptions and axioms at work may be others, and with them what an unanswered worry rests on;
- ``the_rest``: what is said of whatever was there before, where something was added that has verdicts of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Literal

from checker import syntax
from checker.grammar import reserved_words
from checker.report import CaseReport, Report
from checker.syntax import File, Ident, Module
from tests.trees import read, rebuilt, written

Same = Literal["everything", "but_proofs", "the_rest"]

ABOUT_PROOFS = {"unneeded-citation", "unused-assumption", "axiom-at-work", "goal-from-one-assumption", "restated-claim"}

HOSTILE = (
    "g0", "g1", "g2", "h0", "n0_0", "s0", "f0", "c0", "x0", "any", "ite", "assert_", "select", "store", "distinct",
    "declare_fun", "check_sat", "calendar", "bool", "int", "real", "k", "model", "push", "pop", "let", "par", "as_",
    "a_really_long_name_that_goes_on_and_on_for_ever_and_ever", "o0", "l1", "z3", "lambda", "none", "self", "nan",
)  # fmt: skip


# -- names -------------------------------------------------------------------------------------------------------------


def renamed(file: File, random: Random) -> tuple[File, dict[str, str]]:
    """All names consistently other ones, many such that a solver or Python has a meaning for; the original ones by the
    new."""
    words: dict[str, None] = {}

    def collect(node: Any) -> Any:
        match node:
            case Ident(text) | syntax.Name(text):
                words.update(dict.fromkeys(text.split(".")))
        return node

    rebuilt(_without_keys(file), collect)
    fresh = [word for word in HOSTILE if word not in reserved_words()]
    random.shuffle(fresh)
    new: dict[str, str] = {}
    for number, word in enumerate(words):
        if word in ("Int", "Real", "Date"):
            new[word] = word
        elif word[0].isupper():
            new[word] = random.choice(("Bool", "Set", "Array", "K", "Seq")) + f"X{number}"
        else:
            new[word] = fresh.pop() if fresh else f"v{number}_{word[:3]}"

    def rename(node: Any) -> Any:
        match node:
            case Ident(text) | syntax.Name(text):
                return replace(node, text=".".join(new[part] for part in text.split(".")))
            case _ if getattr(node, "doc", None):
                return replace(node, doc=_in_words(node.doc, new))
        return node

    def keys_kept(node: Any) -> Any:
        # Keys of blocks are no names; their values hold none.
        return replace(node, key=Ident(_back(node.key.text, new))) if isinstance(node, syntax.Entry) else node

    new |= {word: word for word in _keys(file) if word not in new}
    return rebuilt(rebuilt(file, rename), keys_kept), {other: word for word, other in new.items()}


def _keys(file: File) -> list[str]:
    found = []

    def collect(node: Any) -> Any:
        if isinstance(node, syntax.Entry):
            found.append(node.key.text)
        return node

    rebuilt(file, collect)
    return found


def _without_keys(file: File) -> File:
    return rebuilt(file, lambda node: replace(node, key=Ident("Int")) if isinstance(node, syntax.Entry) else node)


def _back(word: str, new: Mapping[str, str]) -> str:
    return next((old for old, other in new.items() if other == word), word)


def _in_words(doc: str, new: Mapping[str, str]) -> str:
    for old, other in sorted(new.items()):
        doc = doc.replace("{" + old + "}", "{\0" + other + "}")
    return doc.replace("\0", "")


# -- order -------------------------------------------------------------------------------------------------------------


def reordered(file: File, random: Random) -> File:
    """The declarations of each module and the modules in another order."""

    def shuffled(node: Any) -> Any:
        match node:
            case Module(body=body):
                return replace(node, body=tuple(random.sample(body, len(body))))
            case syntax.File(modules=modules):
                return replace(node, modules=tuple(random.sample(modules, len(modules))))
        return node

    return rebuilt(file, shuffled)


def recited(file: File, random: Random) -> File:
    """Citations, and the parts of conjunctions, in another order.

    Where something is divided, the order of a conjunction has a meaning: what stands to the left guards. Under a
    negation it has one, too: ``not (A and B)`` is read as ``A implies not B`` where it is asked whether that is about
    anything. Such declarations keep their order.
    """

    def cited(node: Any) -> Any:
        match node:
            case syntax.Citations(names=names):
                return replace(node, names=tuple(random.sample(names, len(names))))
        return node

    def shuffled(node: Any) -> Any:
        match node:
            case syntax.Infix(operators, operands) if operators[0] == "and":
                return replace(node, operands=tuple(random.sample(operands, len(operands))))
        return cited(node)

    def declaration(one: Any) -> Any:
        ordered = "Not(" in repr(one) or "'/'" in repr(one)
        return rebuilt(one, cited if ordered else shuffled)

    modules = tuple(replace(m, body=tuple(map(declaration, m.body))) for m in file.modules)
    return replace(file, modules=modules)


# -- additions ---------------------------------------------------------------------------------------------------------


def _in_cases(file: File, change: Callable[[Module], Module]) -> File:
    return replace(file, modules=tuple(change(m) if m.kind == "case" else m for m in file.modules))


def with_unused(file: File, _: Random) -> File:
    """With declarations that nothing uses."""
    extra = read(
        "case c { sort Unused predicate unused_p(one: Unused) const unused_c: Real define unused_d := unused_c = 1 }"
    )
    return replace(file, modules=tuple(replace(m, body=(*m.body, *extra.modules[0].body)) for m in file.modules))


def with_doubled_premise(file: File, random: Random) -> File:
    """With some assumption twice, cited and left out both times, the second time last."""

    def doubled(module: Module) -> Module:
        formal = [d for d in module.body if isinstance(d, syntax.AssumeDecl) and d.formula is not None]
        if not formal:
            return module
        one = random.choice(formal)
        other = Ident("the_same_again")

        def cite(node: Any) -> Any:
            if isinstance(node, syntax.Citations) and one.name in node.names:
                return replace(node, names=(*node.names, other))
            if isinstance(node, syntax.PossibleDecl) and one.name in node.without:
                return replace(node, without=(*node.without, other))
            return node

        return replace(rebuilt(module, cite), body=(*rebuilt(module.body, cite), replace(one, name=other)))

    return _in_cases(file, doubled)


def with_second_copy(file: File, random: Random) -> File:
    """With some theory once more under another alias, none of its roles mapped."""

    def used_twice(module: Module) -> Module:
        uses = [declaration for declaration in module.body if isinstance(declaration, syntax.UseDecl)]
        if not uses:
            return module
        more = syntax.UseDecl(random.choice(uses).theory, Ident("second_copy"), (), False)
        return replace(module, body=(*module.body, more))

    return _in_cases(file, used_twice)


def printed(file: File, _: Random) -> File:
    """As the printer writes it, read again."""
    return read(written(file))


SAME: Mapping[str, tuple[Callable[[File, Random], File], Same]] = {
    "printed": (printed, "everything"),
    "with something unused": (with_unused, "everything"),
    "in another order": (reordered, "but_proofs"),
    "cited in another order": (recited, "but_proofs"),
    "with a premise twice": (with_doubled_premise, "the_rest"),
    "with a theory twice": (with_second_copy, "the_rest"),
}


# -- what has to stay the same -----------------------------------------------------------------------------------------


def changes(usual: Report, found: Report, same: Same, original: Mapping[str, str] | None = None) -> list[str]:
    """What the reports do not agree on and have to; empty if there is nothing. ``original`` gives old names by new."""
    if found.findings or usual.findings:
        return [f"there are findings: {[f.message for f in (*usual.findings, *found.findings)]}"]

    def old(name: str) -> str:
        return ".".join((original or {}).get(part, part) for part in name.split("."))

    others = {old(case.name): _told(case, old) for case in found.cases}
    said = []
    for case in usual.cases:
        one, other = _told(case, str), others[case.name]
        if same == "the_rest":
            other = {key: value for key, value in other.items() if key in one}
        said += [
            f"{case.name}: {key} was {one.get(key)}, and is {other.get(key)}"
            for key in sorted({*one, *other}, key=str)
            if one.get(key) != other.get(key) and not _allowed(key, same)
        ]
    if same != "the_rest" and (usual.passed, usual.exit_status) != (found.passed, found.exit_status):
        said.append(f"the exit status was {usual.exit_status}, and is {found.exit_status}")
    return said


Told = dict[tuple[str, ...], Any]


def _told(case: CaseReport, old: Callable[[str], str]) -> Told:
    def names(some: tuple[str, ...]) -> frozenset[str]:
        return frozenset(map(old, some))

    told: Told = {("verdict",): case.verdict, ("passed",): case.passed, ("rests_on",): names(case.rests_on)}
    for name, claim in case.claims.items():
        told |= {
            ("step", old(name)): claim.step,
            ("status", old(name)): claim.status,
            ("rests_on", old(name)): names(claim.rests_on),
            ("used", old(name)): names((*claim.used, *claim.axioms)),
        }
    for name, worry in case.worries.items():
        told |= {
            ("worry", old(name)): worry.status,
            ("worry, acceptance aside", old(name)): worry.without_acceptance,
            ("rests_on", old(name)): names(worry.rests_on),
            ("used", old(name)): names((*worry.used, *worry.axioms)),
        }
    for name, possible in case.possible.items():
        told["possible", old(name)] = possible.status
    for text, value in case.shows.items() if old is str else ():  # a term is shown by its text, new names and all
        told["show", text] = value
    for finding in case.findings:
        told["finding", finding.code, old(finding.about or ""), str(finding.severity)] = True
    return told


def _allowed(key: tuple[str, ...], same: Same) -> bool:
    """Whether a difference is one that this transformation may make."""
    match same:
        case "everything":
            return False
        case "but_proofs":
            if key[0] == "finding":
                return key[1] in ABOUT_PROOFS
            return key[0] == "used"
        case "the_rest":
            # What was added has open worries of its own, or is itself idle; a verdict on the whole may be another.
            # Of two that say the same, a proof may take either.
            return key[0] in ("passed", "used") or (key[0] == "finding" and key[1] in ABOUT_PROOFS)
