"""What to say about declarations, blocks and modules whose parts stand at the wrong place, or are missing."""

from __future__ import annotations

import re

from checker.findings import Related, finding
from checker.situation import DECLARATION_WORDS, END, MODULE_WORDS, Diagnosis, Ignore, Replace, Resume, Situation
from checker.wording import complaint, either, expected, found

# What each declaration takes after its name, in this order, as far as words and blocks are concerned.
_CLAUSES = {
    "AXIOM": (),
    "ASSUME": ("BY", "OWNER", "LBRACE"),
    "EVIDENCE": ("LBRACE",),
    "CLAIM": ("BY", "BARRING", "BECAUSE", "LBRACE"),
    "GOAL": ("BY", "BARRING", "BECAUSE", "LBRACE"),
    "WORRY": ("UNLESS", "AGAINST", "UNACCEPTABLE", "LBRACE"),
    "MITIGATION": ("LBRACE",),
    "POSSIBLE": ("WITHOUT", "LBRACE"),
    "REQUIRES": ("WHEN",),
    "ANSWER": ("BY", "BECAUSE"),
    "ADOPT": ("BY", "OWNER"),
    "ACCEPT": ("OWNER", "UNTIL"),
    "USE": ("AS", "WITH"),
    "DEFINE": (),
}
CLAUSE_WORDS = frozenset(kind for kinds in _CLAUSES.values() for kind in kinds)

_WITH_TEXT = (
    *("SORT", "CONST", "PREDICATE", "FUNCTION", "DEFINE", "AXIOM", "ASSUME"),
    *("EVIDENCE", "CLAIM", "GOAL", "WORRY", "MITIGATION", "POSSIBLE"),
)

_CALLED = {
    "ASSUME": "an assumption",
    "AXIOM": "an axiom",
    "EVIDENCE": "evidence",
    "POSSIBLE": "a possible",
    "REQUIRES": "`requires`",
    "ANSWER": "an answer",
    "ADOPT": "an adoption",
    "ACCEPT": "an acceptance",
    "USE": "a use",
    "DEFINE": "a definition",
    "CONST": "a constant",
}

SIGNS_OF_MEANING = ("EQ", "ASSIGN", "COLON")
"""The signs that are taken for one another."""

HINTS = {
    ("FUNCTION", "COLON"): "a function has at least one parameter; without any it is a `const`",
    ("CONST", "LPAR"): "what has parameters is a `function`",
    ("PREDICATE", "COLON"): "a predicate is true or false and has no sort; with one it is a `function`",
    ("PREDICATE", "ASSIGN"): "what is given by a formula is a `define`",
    ("FUNCTION", "ASSIGN"): "what is given by a term is a `define`",
    ("USE", "COMMA"): "write one `use` for each theory",
    ("VARIANT", "LBRACE"): "a variant says which case it changes: `variant v of c`",
    ("CLAIM", "COLON"): "the formula stands before `by` and all the rest",
    ("GOAL", "COLON"): "the formula stands before `by` and all the rest",
    ("ASSUME", "COLON"): "the formula stands before `by` and `owner`",
    ("IMPORT", "NAME"): 'write the file in double quotes: `import "other.case"`',
    ("DEFINE", "COMMA"): "every parameter has its own sort: `(x: S, y: S)`",
    ("PREDICATE", "COMMA"): "every parameter has its own sort: `(x: S, y: S)`",
    ("FUNCTION", "COMMA"): "every parameter has its own sort: `(x: S, y: S)`",
}
"""Advice on a sign that the innermost declaration cannot go on with."""

_NEEDED = {
    "AXIOM": ("COLON", "an axiom needs a formula, behind `:`"),
    "POSSIBLE": ("COLON", "a possible needs a formula, behind `:`"),
    "MITIGATION": ("COLON", "a mitigation needs a formula, behind `:`"),
    "DEFINE": ("ASSIGN", "a definition says what it means, behind `:=`"),
    "EVIDENCE": ("LBRACE", 'evidence needs a block: `{ file "study.json" }`'),
    "ACCEPT": ("STRING", "say in double quotes why this can be accepted"),
    "ANSWER": ("BY", "an answer says what it cites: `by a, b`"),
}
"""What a declaration cannot do without."""


# ---------------------------------------------------------------------------------------------------------------------
# Declarations.


def texts(situation: Situation) -> Diagnosis | None:
    """A doc string that stands too late, or twice."""
    declaration = situation.declaration
    if situation.kind != "STRING" or declaration is None:
        return None
    if any(token.start_pos > _start(situation) for token in situation.unclosed):
        return None
    if declaration == "VARIANT":
        problem, hint = "the text stands after the base", 'write `variant v of base "..."`'
    elif situation.follows("STRING"):
        problem, hint = "there are two texts here", "make them one"
    elif declaration in _WITH_TEXT:
        problem = "the text cannot stand here"
        hint = "write it before `=`, `:=`, `:` or `unless`"
        if declaration in ("CONST", "FUNCTION"):
            hint = "write it behind the sort"
    else:
        return None
    return Diagnosis(complaint(situation, problem, hint=hint), Ignore(situation.end))


def _start(situation: Situation) -> int:
    starts: list[int] = [token.start_pos for token in situation.before if token.type == situation.declaration]
    return max(starts)


def blocks(situation: Situation) -> Diagnosis | None:
    """Signs between keys, values and entries; a block that is not closed before the next declaration."""
    accepted, key = situation.accepted, situation.previous
    if "KEY" in accepted and situation.kind == "COMMA":
        said = complaint(situation, "entries of a block are not separated by commas", hint="leave it out")
        return Diagnosis(said, Ignore(situation.end))
    if accepted != {"STRING", "DATE", "NUMBER"} or key is None:
        return None
    if situation.kind in SIGNS_OF_MEANING:
        said = complaint(situation, "there is no sign between a key and its value", hint="leave it out")
        return Diagnosis(said, Ignore(situation.end))
    begins_line = "\n" in situation.text[: key.start_pos].rpartition("{")[2].rpartition('"')[2]
    if key.value.upper() in DECLARATION_WORDS and begins_line and situation.unclosed:
        brace = situation.unclosed[-1]
        where = situation.place(brace.start_pos, brace.end_pos)
        span = situation.place(key.start_pos, key.end_pos)
        problem = f"the block that is opened in line {where.line} is not closed before this `{key}`"
        related = [Related(where, "this brace is not closed")]
        said = finding("syntax", span, about=key.value, hint="write `}`", related=related, problem=problem)
        return Diagnosis(said, Resume(key.start_pos))
    problem = f"expected the value of `{key}`, {found(situation)}"
    hint = "a value is a text in double quotes, a number, or a date such as 2026-10-01"
    return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.start))


def result(situation: Situation) -> Diagnosis | None:
    """``define d(x: S) : p(x)``, which lacks the ``=``."""
    if situation.declaration != "DEFINE" or not situation.follows("COLON") or not situation.can_read(("ASSIGN",), 1):
        return None
    if situation.kind in ("SORT_NAME", "QUALIFIED_SORT") or re.match(
        r'\w+\s*(?::=|")', situation.text[situation.start : situation.start + 200]
    ):
        return None
    colon = situation.before[-1]
    span = situation.place(colon.start_pos, colon.end_pos)
    hint = "`:=` stands before what a definition means, `:` before its sort"
    said = finding("syntax", span, about=":", hint=hint, problem="expected `:=`, found `:`")
    return Diagnosis(said, Replace(colon.start_pos, colon.end_pos, "ASSIGN", ":=", 1))


def clauses(situation: Situation) -> Diagnosis | None:
    """A clause that stands at the wrong place, or in the wrong kind of declaration."""
    declaration = situation.declaration
    if situation.kind not in CLAUSE_WORDS or declaration not in _CLAUSES or situation.expects_term:
        return None
    clauses = _CLAUSES[declaration]
    called = _CALLED.get(declaration, f"a {declaration.lower()}")
    word = "block" if situation.kind == "LBRACE" else f"`{situation.word}`"
    if situation.kind not in clauses:
        allowed = [f"`{kind.lower()}`" for kind in clauses if kind != "LBRACE"]
        hint = f"what it takes is {either(allowed)}" if allowed else None
        start = situation.start if situation.kind == "LBRACE" else situation.end
        return Diagnosis(complaint(situation, f"{called} takes no {word}", hint=hint), Resume(start))
    if "SORT" in situation.accepted:  # the declaration could end here
        order = either([f"`{kind.lower()}`" if kind != "LBRACE" else "a block" for kind in clauses])
        order = order.replace(" or ", " and ")
        problem = f"{word} stands at the wrong place here, or twice"
        hint = f"the order is {order}, each once" if len(clauses) > 1 else "write it once"
        start = situation.start if situation.kind == "LBRACE" else situation.end
        return Diagnosis(complaint(situation, problem, hint=hint), Resume(start))
    return None


def modules(situation: Situation) -> Diagnosis | None:
    """Declarations outside of modules, imports inside; mitigations without a worry."""
    inside = any(token.type in MODULE_WORDS for token in situation.before)
    if situation.kind == "IMPORT" and (not inside or "SORT" in situation.accepted):
        problem, hint = "imports stand at the top of the file, before all modules", None
    elif not inside and situation.kind in (*DECLARATION_WORDS, "MITIGATION"):
        problem = f"`{situation.word}` stands outside of all modules"
        hint = "put it into a `theory`, `case` or `variant`; is there a `}` too many above?"
        return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.end))
    elif situation.kind == "MITIGATION" and "SORT" in situation.accepted:
        problem, hint = "a mitigation stands under the worry that it is for", None
    else:
        return None
    return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.end))


def needed(situation: Situation) -> Diagnosis | None:
    """Something that this kind of declaration cannot do without is missing."""
    kind, hint = _NEEDED.get(situation.declaration or "", ("", ""))
    if kind not in situation.accepted or situation.expects_operator:
        return None
    if not (situation.on_new_line or situation.kind == END or situation.kind in CLAUSE_WORDS):
        return None
    problem = f"expected {expected(situation)}, but {found(situation)}"
    return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.start))
