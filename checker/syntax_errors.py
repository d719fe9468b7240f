"""What to say where a file cannot be read, and how to read on.

``diagnose`` asks a list of experts in turn, the one with the most special knowledge first. Each looks at the situation
and gives a diagnosis or passes; the last one always says what was expected and what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from checker import characters
from checker.expected import either, expected, found, is_word, quoted, spelled
from checker.findings import Finding, Related, finding
from checker.misspellings import LONGEST_RUN, OPERATOR_RUN, OPERATORS, meant_word, plain_name, sort_name
from checker.situation import (
    CLOSERS,
    DECLARATION_WORDS,
    END,
    MODULE_WORDS,
    Diagnosis,
    Ignore,
    Insert,
    Repair,
    Replace,
    Resume,
    Situation,
)
from checker.source import Span

Expert = Callable[[Situation], Diagnosis | None]

_NAMES = ("NAME", "QUALIFIED_NAME")
_SORTS = ("SORT_NAME", "QUALIFIED_SORT")
_RESERVED_FOR_LATER = ("FROM", "UNIT", "INDEPENDENT")
_ASSIGNING = ("EQ", "ASSIGN", "COLON")

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
_CLAUSE_WORDS = frozenset(kind for kinds in _CLAUSES.values() for kind in kinds)

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

_HINTS = {
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


def diagnose(situation: Situation) -> Diagnosis:
    """What is wrong at this place, and how to read on."""
    for expert in _EXPERTS:
        diagnosis = expert(situation)
        if diagnosis is not None:
            return diagnosis
    return _unexpected(situation)


# ---------------------------------------------------------------------------------------------------------------------
# Words.


def _reserved_for_later(situation: Situation) -> Diagnosis | None:
    """``from``, ``unit``, ``independent`` and ``P( ... )``."""
    hint = None
    if situation.kind in _RESERVED_FOR_LATER and "NAME" in situation.accepted:
        repair: Repair = Replace(situation.start, situation.end, "NAME", situation.word)
        hint = "choose another name"
    elif situation.kind in _RESERVED_FOR_LATER or (
        situation.word == "P" and re.match(r"\s*\(", situation.text[situation.end : situation.end + 80])
    ):
        repair = Resume(situation.end)
    elif (
        situation.kind == "LPAR"
        and situation.text[situation.start - 1 : situation.start] == "P"
        and (situation.follows("SORT_NAME"))
    ):
        p = situation.before[-1]
        return Diagnosis(
            finding("reserved-for-later", situation.place(p.start_pos, p.end_pos), about="P"), Resume(situation.end)
        )
    else:
        return None
    return Diagnosis(finding("reserved-for-later", situation.span, about=situation.word, hint=hint), repair)


def _reserved_word(situation: Situation) -> Diagnosis | None:
    """A word of the language where a name has to stand."""
    wanted = next((kind for kind in ("NAME", "SORT_NAME") if kind in situation.accepted), None)
    if not is_word(situation.kind) or situation.kind == END or wanted is None:
        return None
    called = situation.text[situation.end : situation.end + 1] == "("
    if not called and (situation.expects_term or situation.on_new_line):
        return None  # rather something is missing, and a new clause or declaration begins
    repair = Replace(situation.start, situation.end, wanted, situation.word)
    said = finding("reserved-word", situation.span, about=situation.word, hint="choose another name")
    return Diagnosis(said, repair, guess=True)


def _capitals(situation: Situation) -> Diagnosis | None:
    """``Forall`` for ``forall``, ``agent`` for the sort ``Agent``, ``Bad`` for the predicate ``bad``."""
    word, accepted = situation.word, situation.accepted
    if situation.kind in _SORTS:
        words = [kind for kind in accepted if is_word(kind) and kind.lower() == word.lower()]
        if "KEY" in accepted:
            return _renamed(situation, "keys are written small", plain_name, "KEY")
        if words:
            problem = f"the words of the language are written small: `{word.lower()}`"
            return _replaced(situation, problem, words[0], word.lower())
        if "NAME" in accepted:
            problem = "only the names of sorts begin with a capital, and no sort can stand here"
            return _renamed(situation, problem, plain_name, "NAME")
    elif situation.kind in _NAMES and "SORT_NAME" in accepted and "NAME" not in accepted:
        return _renamed(situation, "the names of sorts begin with a capital", sort_name, "SORT_NAME")
    return None


def _renamed(
    situation: Situation, problem: str, convention: Callable[[str], str | None], kind: str
) -> Diagnosis | None:
    prefix, dot, last = situation.word.rpartition(".")
    if dot and f"QUALIFIED_{kind.removesuffix('_NAME')}" not in situation.accepted:
        prefix, dot = "", ""
    better = convention(last)
    hint = f"write `{prefix}{dot}{better}`" if better else None
    name = finding("malformed-name", situation.span, about=situation.word, hint=hint, problem=problem)
    return Diagnosis(name, Replace(situation.start, situation.end, kind, better or last))


def _qualified(situation: Situation) -> Diagnosis | None:
    """A name with dots where something is declared."""
    for qualified, plain in (("QUALIFIED_NAME", "NAME"), ("QUALIFIED_SORT", "SORT_NAME")):
        if situation.kind == qualified and plain in situation.accepted and qualified not in situation.accepted:
            last = situation.word.rpartition(".")[2]
            problem = f"`{situation.word}` cannot stand here, as only a name without dots can"
            named = finding("malformed-name", situation.span, about=situation.word, problem=problem)
            return Diagnosis(named, Replace(situation.start, situation.end, plain, last))
    return None


def _misspelt(situation: Situation) -> Diagnosis | None:
    """A word that cannot be a name here, and looks like one of the language that could stand here."""
    if situation.kind not in (*_NAMES, *_SORTS):
        return None
    words = {kind.lower(): kind for kind in situation.accepted if is_word(kind)}
    meant = meant_word(situation.word, words)
    if meant is None:
        return None
    repair = Replace(situation.start, situation.end, words[meant], meant)
    problem = f"expected {expected(situation)}, {found(situation)}"
    return Diagnosis(_problem(situation, problem, hint=f"did you mean `{meant}`?"), repair, guess=True)


def _misspelt_before(situation: Situation) -> Diagnosis | None:
    """``foral x: S. ...``: the word before was taken for a name."""
    previous = situation.previous
    if not situation.follows("NAME") or previous is None or situation.kind not in ("NAME", "LPAR", "NUMBER", "NOT"):
        return None
    starters = ("FORALL", "EXISTS", "NOT", "IF", "COUNT", "SUM")
    words = {kind.lower(): kind for kind in starters if situation.can_read((kind, situation.kind), 1)}
    meant = meant_word(previous.value, words)
    if meant is None or previous.value == meant:
        return None
    span = situation.place(previous.start_pos, previous.end_pos)
    said = finding(
        "syntax",
        span,
        about=previous.value,
        hint=f"did you mean `{meant}`?",
        problem=f"`{previous.value}` is read as a name here, and cannot be followed by `{situation.word}`",
    )
    return Diagnosis(said, Replace(previous.start_pos, previous.end_pos, words[meant], meant, 1), guess=True)


# ---------------------------------------------------------------------------------------------------------------------
# Signs.


def _operators(situation: Situation) -> Diagnosis | None:
    """``=>``, ``&&`` and the like, of which the beginning may have been read as something else."""
    text, first = situation.text, situation.start
    before = list(situation.before)
    while before and before[-1].end_pos == first and OPERATOR_RUN.fullmatch(before[-1]):
        first = before.pop().start_pos
        if situation.end - first > LONGEST_RUN:
            return None
    for start in sorted({first, *(token.start_pos for token in situation.before if token.start_pos > first)}):
        for end in range(min(start + LONGEST_RUN, len(text)), situation.start, -1):
            kind = OPERATORS.get(text[start:end])
            dropping = sum(token.start_pos >= start for token in situation.before)
            if kind is not None and situation.can_read((kind,), dropping):
                what = f"`{text[start:end]}` is not a sign of the language"
                hint = f"write `{spelled(kind)}`"
                said = finding("syntax", situation.place(start, end), about=text[start:end], hint=hint, problem=what)
                return Diagnosis(said, Replace(start, end, kind, spelled(kind), dropping))
    return None


def _assigning(situation: Situation) -> Diagnosis | None:
    """``=``, ``:=`` and ``:`` taken for one another; also ``:`` for ``unless``, and for the dot of a quantifier."""
    if situation.kind not in _ASSIGNING and situation.word not in ("|", "·", "•"):
        return None
    if situation.kind not in _ASSIGNING and "DOT" not in situation.accepted:
        return None
    wanted = next((kind for kind in (*_ASSIGNING, "UNLESS", "DOT") if kind in situation.accepted), None)
    if wanted is None or (wanted == "EQ" and situation.expects_operator and situation.kind == "COLON"):
        return None
    if wanted == "EQ" and (situation.declaration, situation.kind) in _HINTS:
        return None
    reason = {
        "ASSIGN": "`:=` stands before what a definition means",
        "EQ": "`=` stands before what is listed, and between a role and what it is mapped to",
        "COLON": "`:` stands before a formula, and before a sort",
        "UNLESS": "a worry says `unless`, and then what must hold for it not to occur",
        "DOT": "a `.` stands between the variables and what is said of them",
    }[wanted]
    problem = f"expected `{spelled(wanted)}`, found `{situation.word}`"
    return _replaced(situation, problem, wanted, spelled(wanted), hint=reason)


def _trailing_comma(situation: Situation) -> Diagnosis | None:
    if not situation.follows("COMMA") or not situation.can_read((situation.kind,), 1):
        return None
    comma = situation.before[-1]
    span = situation.place(comma.start_pos, comma.end_pos)
    problem = f"after this comma, expected {expected(situation)}, but {found(situation)}"
    said = finding("syntax", span, about=",", hint="leave out the comma", problem=problem)
    return Diagnosis(said, Ignore(situation.start, 1))


def _no_parameters(situation: Situation) -> Diagnosis | None:
    """``predicate q()`` and ``q()``."""
    if situation.kind != "RPAR" or not situation.follows("LPAR"):
        return None
    opened = situation.before[-1]
    span = situation.place(opened.start_pos, situation.end)
    hint = "leave out the parentheses"
    said = finding("syntax", span, about="()", hint=hint, problem="there is nothing between these parentheses")
    return Diagnosis(said, Ignore(situation.end, 1))


def _comments(situation: Situation) -> Diagnosis | None:
    """``// ...`` and ``/* ... */``."""
    text = situation.text
    for start in (situation.start - 1, situation.start):
        opening = text[start : start + 2] if start >= 0 else ""
        if opening in ("//", "/*"):
            close = text.find("*/" if opening == "/*" else "\n", start + 2)
            end = len(text) if close < 0 else close + 2 * (opening == "/*")
            taken = int(start < situation.start)
            said = finding(
                "syntax",
                situation.place(start, start + 2),
                about=opening,
                hint="a comment starts with `#` and ends with the line",
                problem=f"`{opening}` does not start a comment",
            )
            return Diagnosis(said, Ignore(end, taken))
    return None


def _missing(situation: Situation) -> Diagnosis | None:
    """One sign is missing, and with it what stands here can be read."""
    for kind in ("COLON", "ASSIGN", "UNLESS", "DOT", "EQ", "LBRACE", "COMMA"):
        if kind not in situation.accepted or not situation.can_read((kind, situation.kind), 0):
            continue
        if kind in ("COMMA", "EQ") and (situation.expects_operator or situation.on_new_line):
            continue  # more likely an operator is missing, or a new declaration is misspelt
        if kind == "EQ" and situation.kind == "MINUS":
            continue
        if kind in ("COLON", "ASSIGN", "UNLESS") and situation.kind in _CLAUSE_WORDS | set(DECLARATION_WORDS):
            continue
        said = _problem(situation, f"expected {quoted(kind)} before `{situation.word}`", hint=f"write {quoted(kind)}")
        return Diagnosis(said, Insert((kind,)))
    return None


def _unclosed(situation: Situation) -> Diagnosis | None:
    """Parentheses and braces are open that have to be closed before this can be read."""
    opened = situation.unclosed
    closers = tuple(CLOSERS[token.type] for token in reversed(opened))
    for count in range(1, len(closers) + 1):
        if situation.can_read((*closers[:count], situation.kind), 0):
            break
        if not situation.can_read(closers[:count], 0):
            return None
    else:
        return None
    first = opened[-count]
    thing = "parenthesis" if first.type == "LPAR" else "brace"
    where = situation.place(first.start_pos, first.end_pos)
    problem = f"expected `{spelled(CLOSERS[opened[-1].type])}`, but {found(situation)}"
    related = [Related(where, f"this {thing} is not closed")] if first.value else []
    hint = f"close what is opened in line {where.line}, column {where.column}" if first.value else None
    return Diagnosis(_problem(situation, problem, hint=hint, related=related), Insert(closers[:count]))


def _closes_nothing(situation: Situation) -> Diagnosis | None:
    if situation.kind == "RPAR" and not any(token.type == "LPAR" for token in situation.unclosed):
        problem, hint = "this parenthesis closes nothing", "leave it out, or open one before"
    elif situation.kind == "RBRACE" and not situation.unclosed:
        problem, hint = "this brace closes nothing", "is there a `}` too many above, which closes the module too early?"
    else:
        return None
    repair = Ignore(situation.end) if situation.kind == "RPAR" else Resume(situation.end)
    return Diagnosis(_problem(situation, problem, hint=hint), repair)


# ---------------------------------------------------------------------------------------------------------------------
# Formulas.


def _formulas(situation: Situation) -> Diagnosis | None:
    """What the grammar of formulas asks parentheses for."""
    kind, accepted = situation.kind, situation.accepted
    if kind == "IFF" and "NAME" not in accepted and situation.declaration is not None:
        problem = "`iff` does not chain"
        hint = "put parentheses around one of the two: `(p iff q) iff r`"
    elif kind in ("FORALL", "EXISTS", "NOT") and "NAME" in accepted and "NUMBER" in accepted:
        problem = f"a formula with `{situation.word}` cannot stand here by itself"
        hint = "put it into parentheses"
    elif kind == "MINUS" and situation.expects_term:
        problem = "what follows `count`, `sum` and `else` is a single name, application or number"
        hint = "put the term into parentheses"
    elif kind in ("DOT", "COMMA") and situation.declares_variables and "COLON" in accepted:
        problem = "the sort of the variables is missing"
        hint = "write `forall x: S. ...`"
        if kind == "COMMA":
            return None
    elif situation.declares_variables and "COLON" in accepted and situation.word == "in":
        return _replaced(situation, "a variable and its sort are joined by `:`", "COLON", ":", hint="write `x: S`")
    elif situation.declares_variables and "COLON" in accepted and kind != "COLON":
        problem = f"expected the sort of the variables, {found(situation)}"
        hint = "write `forall x: S. ...`, with a `.` between the variables and what is said of them"
    else:
        return None
    return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.start))


# ---------------------------------------------------------------------------------------------------------------------
# Declarations.


def _texts(situation: Situation) -> Diagnosis | None:
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
        problem = "the text stands too late"
        hint = "write it before `=`, `:=`, `:` or `unless`"
        if declaration in ("CONST", "FUNCTION"):
            hint = "write it behind the sort"
    else:
        return None
    return Diagnosis(_problem(situation, problem, hint=hint), Ignore(situation.end))


def _start(situation: Situation) -> int:
    starts: list[int] = [token.start_pos for token in situation.before if token.type == situation.declaration]
    return max(starts)


def _blocks(situation: Situation) -> Diagnosis | None:
    """Signs between keys, values and entries; a block that is not closed before the next declaration."""
    accepted, key = situation.accepted, situation.previous
    if "KEY" in accepted and situation.kind == "COMMA":
        said = _problem(situation, "entries of a block are not separated by commas", hint="leave it out")
        return Diagnosis(said, Ignore(situation.end))
    if accepted != {"STRING", "DATE", "NUMBER"} or key is None:
        return None
    if situation.kind in _ASSIGNING:
        said = _problem(situation, "there is no sign between a key and its value", hint="leave it out")
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
    return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.start))


def _result(situation: Situation) -> Diagnosis | None:
    """``define d(x: S) : p(x)``, which lacks the ``=``."""
    if situation.declaration != "DEFINE" or not situation.follows("COLON") or not situation.can_read(("ASSIGN",), 1):
        return None
    if situation.kind in _SORTS or re.match(r'\w+\s*(?::=|")', situation.text[situation.start : situation.start + 200]):
        return None
    colon = situation.before[-1]
    span = situation.place(colon.start_pos, colon.end_pos)
    hint = "`:=` stands before what a definition means, `:` before its sort"
    said = finding("syntax", span, about=":", hint=hint, problem="expected `:=`, found `:`")
    return Diagnosis(said, Replace(colon.start_pos, colon.end_pos, "ASSIGN", ":=", 1))


def _clauses(situation: Situation) -> Diagnosis | None:
    """A clause that stands at the wrong place, or in the wrong kind of declaration."""
    declaration = situation.declaration
    if situation.kind not in _CLAUSE_WORDS or declaration not in _CLAUSES or situation.expects_term:
        return None
    clauses = _CLAUSES[declaration]
    called = _CALLED.get(declaration, f"a {declaration.lower()}")
    word = "block" if situation.kind == "LBRACE" else f"`{situation.word}`"
    if situation.kind not in clauses:
        allowed = [f"`{kind.lower()}`" for kind in clauses if kind != "LBRACE"]
        hint = f"what it takes is {either(allowed)}" if allowed else None
        start = situation.start if situation.kind == "LBRACE" else situation.end
        return Diagnosis(_problem(situation, f"{called} takes no {word}", hint=hint), Resume(start))
    if "SORT" in situation.accepted:  # the declaration could end here
        order = either([f"`{kind.lower()}`" if kind != "LBRACE" else "a block" for kind in clauses])
        order = order.replace(" or ", " and ")
        problem = f"{word} stands at the wrong place here, or twice"
        hint = f"the order is {order}, each once" if len(clauses) > 1 else "write it once"
        start = situation.start if situation.kind == "LBRACE" else situation.end
        return Diagnosis(_problem(situation, problem, hint=hint), Resume(start))
    return None


def _modules(situation: Situation) -> Diagnosis | None:
    """Declarations outside of modules, imports inside; mitigations without a worry."""
    inside = any(token.type in MODULE_WORDS for token in situation.before)
    if situation.kind == "IMPORT" and (not inside or "SORT" in situation.accepted):
        problem, hint = "imports stand at the top of the file, before all modules", None
    elif not inside and situation.kind in (*DECLARATION_WORDS, "MITIGATION"):
        problem = f"`{situation.word}` stands outside of all modules"
        hint = "put it into a `theory`, `case` or `variant`; is there a `}` too many above?"
        return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.end))
    elif situation.kind == "MITIGATION" and "SORT" in situation.accepted:
        problem, hint = "a mitigation stands under the worry that it is for", None
    else:
        return None
    return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.end))


def _needed(situation: Situation) -> Diagnosis | None:
    """Something that this kind of declaration cannot do without is missing."""
    kind, hint = _NEEDED.get(situation.declaration or "", ("", ""))
    if kind not in situation.accepted or situation.expects_operator:
        return None
    if not (situation.on_new_line or situation.kind == END or situation.kind in _CLAUSE_WORDS):
        return None
    problem = f"expected {expected(situation)}, but {found(situation)}"
    return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.start))


def _unexpected(situation: Situation) -> Diagnosis:
    """What was expected, and what was found."""
    but = ", but " if situation.kind == END else ", "
    hint = _HINTS.get((situation.declaration or "", situation.kind))
    if hint is None or "NAME" in situation.accepted:
        hint = _advice(situation)
    problem = f"expected {expected(situation)}{but}{found(situation)}"
    return Diagnosis(_problem(situation, problem, hint=hint), Resume(situation.start))


def _advice(situation: Situation) -> str | None:
    text, previous = situation.text, situation.previous
    if situation.kind == "COMMA" and text[situation.end : situation.end + 1].isdigit() and previous is not None:
        return "decimals are written with a dot, as in 0.5" if previous.type == "NUMBER" else None
    if situation.kind == "NUMBER" and "DATE" in situation.accepted:
        return "dates are written with four, two and two digits, as in 2026-10-01"
    if situation.word == "^" or (situation.kind == "STAR" and situation.follows("STAR")):
        return "there are no powers in the language; write the product out"
    return None


# ---------------------------------------------------------------------------------------------------------------------


def _problem(situation: Situation, problem: str, hint: str | None = None, related: Sequence[Related] = ()) -> Finding:
    about = situation.word or None
    return finding("syntax", _span(situation), about=about, hint=hint, related=related, problem=problem)


def _span(situation: Situation) -> Span:
    """The place itself; at the end of the file the last thing that stands there."""
    if situation.kind == END and situation.previous is not None:
        return situation.place(situation.previous.start_pos, situation.previous.end_pos)
    return situation.span


def _replaced(situation: Situation, problem: str, kind: str, text: str, hint: str | None = None) -> Diagnosis:
    repair = Replace(situation.start, situation.end, kind, text)
    return Diagnosis(_problem(situation, problem, hint=hint), repair)


_EXPERTS: tuple[Expert, ...] = (
    _comments,
    characters.unreadable,
    characters.dotted,
    _reserved_for_later,
    _operators,
    _result,
    _blocks,
    _capitals,
    _qualified,
    _modules,
    _trailing_comma,
    _no_parameters,
    _formulas,
    _assigning,
    _texts,
    _clauses,
    _needed,
    _reserved_word,
    _misspelt_before,
    _misspelt,
    _missing,
    _unclosed,
    _closes_nothing,
)
