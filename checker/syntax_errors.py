"""What to say where a file cannot be read, and how to read on.

``diagnose`` asks a list of experts in turn, the one with the most special knowledge first. Each looks at the situation
and gives a diagnosis or passes; the last one always says what was expected and what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from checker import characters, declaration_errors
from checker.declaration_errors import CLAUSE_WORDS, HINTS, SIGNS_OF_MEANING
from checker.findings import Instead, Related, finding
from checker.misspellings import LONGEST_RUN, OPERATOR_RUN, OPERATORS, meant_word, plain_name, sort_name
from checker.situation import (
    CLOSERS,
    DECLARATION_WORDS,
    END,
    Diagnosis,
    Ignore,
    Insert,
    Repair,
    Replace,
    Resume,
    Situation,
)
from checker.wording import complaint, expected, found, is_word, quoted, replaced, shortened, spelled

Expert = Callable[[Situation], Diagnosis | None]

_NAMES = ("NAME", "QUALIFIED_NAME")
_SORTS = ("SORT_NAME", "QUALIFIED_SORT")
_RESERVED_FOR_LATER = ("FROM", "UNIT", "INDEPENDENT")


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
    hint, p = None, situation.previous
    written = "" if p is None else situation.text[p.start_pos : p.end_pos]
    if situation.kind in _RESERVED_FOR_LATER and "NAME" in situation.accepted:
        repair: Repair = Replace(situation.start, situation.end, "NAME", situation.word)
        hint = "choose another name"
    elif situation.kind in _RESERVED_FOR_LATER or (
        situation.word == "P" and re.match(r"\s*\(", situation.text[situation.end : situation.end + 80])
    ):
        repair = Resume(situation.end)
    elif situation.kind == "LPAR" and p is not None and p.type == "SORT_NAME" and written == "P":
        said = finding("reserved-for-later", situation.place(p.start_pos, p.end_pos), about="P")
        return Diagnosis(said, Resume(situation.end))
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
            return replaced(situation, problem, words[0], word.lower())
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
    hint = f"write `{shortened(prefix + dot + better)}`" if better else "choose another name"
    name = finding("malformed-name", situation.span, about=situation.word, hint=hint, problem=problem)
    return Diagnosis(name, Replace(situation.start, situation.end, kind, better or last))


def _qualified(situation: Situation) -> Diagnosis | None:
    """A name with dots where something is declared."""
    for qualified, plain in (("QUALIFIED_NAME", "NAME"), ("QUALIFIED_SORT", "SORT_NAME")):
        if situation.kind == qualified and plain in situation.accepted and qualified not in situation.accepted:
            last = situation.word.rpartition(".")[2]
            problem = f"`{shortened(situation.word)}` cannot stand here, as only a name without dots can"
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
    return Diagnosis(complaint(situation, problem, hint=Instead(f"did you mean `{meant}`?", meant)), repair, guess=True)


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
        hint=Instead(f"did you mean `{meant}`?", meant),
        problem=f"`{previous}` is read as a name here, and cannot be followed by `{shortened(situation.word)}`",
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
    if situation.kind not in SIGNS_OF_MEANING and situation.word not in ("|", "·", "•"):
        return None
    if situation.kind not in SIGNS_OF_MEANING and "DOT" not in situation.accepted:
        return None
    wanted = next((kind for kind in (*SIGNS_OF_MEANING, "UNLESS", "DOT") if kind in situation.accepted), None)
    if wanted is None or (wanted == "EQ" and situation.expects_operator and situation.kind == "COLON"):
        return None
    if wanted == "EQ" and (situation.declaration, situation.kind) in HINTS:
        return None
    reason = {
        "ASSIGN": "`:=` stands before what a definition means",
        "EQ": "`=` stands before what is listed, and between a role and what it is mapped to",
        "COLON": "`:` stands before a formula, and before a sort",
        "UNLESS": "a worry says `unless`, and then what must hold for it not to occur",
        "DOT": "a `.` stands between the variables and what is said of them",
    }[wanted]
    problem = f"expected `{spelled(wanted)}`, found `{situation.word}`"
    return replaced(situation, problem, wanted, spelled(wanted), hint=reason)


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
            continue  # the beginning of an arrow
        if kind in ("COLON", "ASSIGN", "UNLESS") and situation.kind in CLAUSE_WORDS | set(DECLARATION_WORDS):
            continue
        said = complaint(
            situation, f"expected {quoted(kind)} before `{shortened(situation.word)}`", hint=f"write {quoted(kind)}"
        )
        return Diagnosis(said, Insert((kind,)))
    return None


_MOST_UNCLOSED = 50  # trying how many have to be closed takes long where very many are open


def _unclosed(situation: Situation) -> Diagnosis | None:
    """Parentheses and braces are open that have to be closed before this can be read."""
    opened = situation.unclosed
    closers = tuple(CLOSERS[token.type] for token in reversed(opened))
    for count in range(1, min(len(closers), _MOST_UNCLOSED) + 1):
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
    return Diagnosis(complaint(situation, problem, hint=hint, related=related), Insert(closers[:count]))


def _closes_nothing(situation: Situation) -> Diagnosis | None:
    if situation.kind == "RPAR" and not any(token.type == "LPAR" for token in situation.unclosed):
        problem, hint = "this parenthesis closes nothing", "leave it out, or open one before"
    elif situation.kind == "RBRACE" and not situation.unclosed:
        problem, hint = "this brace closes nothing", "is there a `}` too many above, which closes the module too early?"
    else:
        return None
    repair = Ignore(situation.end) if situation.kind == "RPAR" else Resume(situation.end)
    return Diagnosis(complaint(situation, problem, hint=hint), repair)


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
        return replaced(situation, "a variable and its sort are joined by `:`", "COLON", ":", hint="write `x: S`")
    elif situation.declares_variables and "COLON" in accepted and kind != "COLON":
        problem = f"expected the sort of the variables, {found(situation)}"
        hint = "write `forall x: S. ...`, with a `.` between the variables and what is said of them"
    else:
        return None
    return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.start))


def _unexpected(situation: Situation) -> Diagnosis:
    """What was expected, and what was found."""
    but = ", but " if situation.kind == END else ", "
    hint = HINTS.get((situation.declaration or "", situation.kind))
    if hint is None or "NAME" in situation.accepted or situation.expects_operator:
        hint = _advice(situation)
    problem = f"expected {expected(situation)}{but}{found(situation)}"
    return Diagnosis(complaint(situation, problem, hint=hint), Resume(situation.start))


def _advice(situation: Situation) -> str | None:
    text, previous = situation.text, situation.previous
    if situation.kind == "COMMA" and text[situation.end : situation.end + 1].isdigit() and previous is not None:
        return "decimals are written with a dot, as in 0.5" if previous.type == "NUMBER" else None
    if (
        situation.kind == "MINUS"
        and previous is not None
        and previous.type == "NAME"
        and not situation.expects_operator
    ):
        match = re.compile(r"-(\w{1,40})").match(text, situation.start)
        return f"write `{previous}_{match[1]}`" if match and previous.end_pos == situation.start else None
    if situation.kind == "RBRACE" and situation.declaration == "SORT" and situation.follows("LBRACE"):
        return "a sort has at least one individual"
    if situation.kind == "NUMBER" and "DATE" in situation.accepted:
        return "dates are written with four, two and two digits, as in 2026-10-01"
    if situation.word == "^" or (situation.kind == "STAR" and situation.follows("STAR")):
        return "there are no powers in the language; write the product out"
    return None


# ---------------------------------------------------------------------------------------------------------------------


_EXPERTS: tuple[Expert, ...] = (
    _comments,
    characters.unreadable,
    characters.dotted,
    _reserved_for_later,
    _operators,
    declaration_errors.result,
    declaration_errors.blocks,
    _capitals,
    _qualified,
    declaration_errors.modules,
    _trailing_comma,
    _no_parameters,
    _formulas,
    _assigning,
    declaration_errors.texts,
    declaration_errors.clauses,
    declaration_errors.needed,
    _reserved_word,
    _misspelt_before,
    _misspelt,
    _missing,
    _unclosed,
    _closes_nothing,
)
