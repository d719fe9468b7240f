"""What could have been written at a place, and what was, in the author's words; findings made of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.findings import Finding, Instead, Related, finding
from checker.situation import DECLARATION_WORDS, END, MODULE_WORDS, UNREADABLE, Diagnosis, Replace, Situation
from checker.source import Span

_SIGNS = {
    "ASSIGN": ":=",
    "COLON": ":",
    "COMMA": ",",
    "DOT": ".",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{",
    "RBRACE": "}",
    "EQ": "=",
    "NE": "!=",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
}

_KINDS = {
    "KEY": "a key",
    "QUALIFIED_NAME": "a name such as `ev.step_of`",
    "QUALIFIED_SORT": "a sort such as `ev.Step`",
    "DATE": "a date such as 2026-10-01",
    "NAME": "a name such as `bad_step`",
    "SORT_NAME": "the name of a sort such as `System`",
    "NUMBER": "a number",
    "STRING": "a text in double quotes",
    END: "the end of the file",
}

_NAMED = frozenset(
    (*MODULE_WORDS, "CONST", "PREDICATE", "FUNCTION", "AXIOM", "CLAIM", "GOAL", "WORRY", "MITIGATION", "POSSIBLE")
)
_WITH_BLOCK = ("EVIDENCE", "SCOPE", "ASSUME", "CLAIM", "GOAL", "WORRY", "MITIGATION", "POSSIBLE")
_CONNECTIVES = frozenset(("IFF", "IMPLIES", "OR", "AND"))
_RELATIONS = frozenset(("EQ", "NE", "LT", "LE", "GT", "GE"))
_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH"))
_TERM = frozenset(("NAME", "QUALIFIED_NAME", "NUMBER", "DATE", "TRUE", "FALSE", "IF", "COUNT", "SUM", "LPAR", "MINUS"))
_FORMULA = _TERM | {"FORALL", "EXISTS", "NOT"}
_OTHERS_LAST = ("RBRACE", END)
_MOST = 5


def spelled(kind: str) -> str:
    """The terminal as it is written: ``:=``, ``forall``."""
    return _SIGNS.get(kind, kind.lower())


def is_word(kind: str) -> bool:
    """Whether the terminal is a reserved word."""
    return kind not in _SIGNS and kind not in _KINDS and kind != UNREADABLE


def quoted(kind: str) -> str:
    return _KINDS.get(kind) or f"`{spelled(kind)}`"


def found(situation: Situation) -> str:
    """What stands at the place."""
    match situation.kind:
        case "$END":
            return "the file ends"
        case "STRING":
            return f"found the text {shortened(situation.word)}"
        case _:
            return f"found `{shortened(situation.word)}`"


def shortened(word: str) -> str:
    """The word as far as a message has room for it."""
    return word if len(word) <= 40 else word[:36] + " ..."


def expected(situation: Situation) -> str:
    """What could stand at the place, the likeliest first, in a few words."""
    rest = set(situation.accepted)
    things: list[str] = []

    def take(kinds: Iterable[str], thing: str) -> None:
        if rest & set(kinds):
            things.append(thing)
            rest.difference_update(kinds)

    if situation.expects_formula:
        take(_FORMULA, "a formula or term")
    elif situation.expects_term:
        take(_TERM, "a term")
    signs = [kind for kind in ("COLON", "ASSIGN", "EQ", "COMMA", "DOT", "RPAR", "LPAR") if kind in rest]
    if _CONNECTIVES & rest or _ARITHMETIC & rest:
        take(("RPAR",), "`)`")
        take(("THEN",), "`then`")
        take(("ELSE",), "`else`")
        take(("COMMA",), "`,`")
        take(_CONNECTIVES | _RELATIONS | _ARITHMETIC, "an operator")
        rest.discard("LPAR")
    for kind in signs:
        take((kind,), f"`{spelled(kind)}`")
    if "SORT_NAME" in rest:
        take(("SORT_NAME", "QUALIFIED_SORT"), _KINDS["SORT_NAME"])
    if situation.previous is not None and situation.previous.type in _NAMED:
        take(("NAME",), f"the name of the {situation.previous}")
    take(("NAME", "QUALIFIED_NAME"), _KINDS["NAME"])
    if situation.declaration in _WITH_BLOCK:
        take(("LBRACE",), "a block")
    last: list[str] = []
    if rest & set(DECLARATION_WORDS):
        rest.difference_update((*DECLARATION_WORDS, "RBRACE", "MITIGATION"))
        last.append("the next declaration" if things or rest else "a declaration such as `sort` or `claim`")
    if rest & set(MODULE_WORDS):
        rest.difference_update((*MODULE_WORDS, END))
        last += ["`theory`", "`case`", "`variant`"]
    closing = [quoted(kind) for kind in _OTHERS_LAST if kind in rest]
    rest.difference_update(_OTHERS_LAST)
    things += sorted(quoted(kind) for kind in rest)
    return either([*things[:_MOST], *last, *closing] or ["something else"])


def either(things: Sequence[str]) -> str:
    """``a, b or c``."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} or {things[-1]}"


def complaint(
    situation: Situation, message: str, hint: str | Instead | None = None, related: Sequence[Related] = ()
) -> Finding:
    """The finding that says ``message`` about this place."""
    about = situation.word or None
    return finding("syntax", _span(situation), about=about, hint=hint, related=related, problem=message)


def replaced(situation: Situation, message: str, kind: str, text: str, hint: str | None = None) -> Diagnosis:
    """The diagnosis that ``text`` should have been written here."""
    repair = Replace(situation.start, situation.end, kind, text)
    return Diagnosis(complaint(situation, message, hint=hint), repair)


def _span(situation: Situation) -> Span:
    """The place itself; at the end of the file the last thing that stands there."""
    if situation.kind == END and situation.previous is not None:
        return situation.place(situation.previous.start_pos, situation.previous.end_pos)
    return situation.span
