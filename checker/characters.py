"""What to say about characters that begin nothing in the language: strange quotes, numbers, names and blanks."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from checker.findings import finding
from checker.misspellings import plain_name, sort_name
from checker.situation import CLOSERS, UNREADABLE, Diagnosis, Ignore, Repair, Replace, Resume, Situation
from checker.wording import shortened

_QUOTES = {"'": "'", "“": "”", "”": "”", "„": "“", "‘": "’", "’": "’", "«": "»", "`": "`"}
_NUMBER = re.compile(r"[0-9]\w*(?:\.\w+)*%?")
_AFTER_DOT = re.compile(r"[ \t]*([A-Za-z]\w*)")
_DOTTED = re.compile(r"\w+(?:\.\w+)+")
_BAD_ESCAPE = re.compile(r'"(?:[^"\\\n]|\\["\\nt])*+(\\.)')
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_INVISIBLE_BLANKS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_LINES_OF_A_TEXT = 10


def unreadable(situation: Situation) -> Diagnosis | None:
    """What begins no terminal; passes on what may be the sign of another notation."""
    if situation.kind != UNREADABLE:
        return None
    sign = situation.word[0]
    if sign == '"':
        return _text(situation)
    if sign in _QUOTES:
        return _quotes(situation, _QUOTES[sign])
    if sign.isdigit():
        return _number(situation)
    if sign.isalpha() or sign == "_":
        return _name(situation, situation.start, 0)
    if unicodedata.category(sign) == "Zs" or sign in _INVISIBLE_BLANKS:
        name = unicodedata.name(sign, "").lower() or f"U+{ord(sign):04X}"
        return _said(
            situation, f"there is an unusual blank here ({name})", "write an ordinary blank", Ignore(situation.end)
        )
    if sign == ";":
        problem = "`;` does not separate declarations"
        return _said(
            situation, problem, "leave it out; each declaration ends where the next begins", Ignore(situation.end)
        )
    if sign == "%" and situation.previous is not None and situation.previous.type == "NUMBER":
        return _said(
            situation, "`%` stands right behind its number", "leave out the blank before it", Ignore(situation.end)
        )
    if sign in "[]":
        kinds = ("LPAR", "LBRACE") if sign == "[" else tuple(CLOSERS[t.type] for t in situation.unclosed[-1:])
        kind = next((kind for kind in kinds if kind in situation.accepted), "LPAR" if sign == "[" else "RPAR")
        text = {"LBRACE": "{", "LPAR": "(", "RBRACE": "}", "RPAR": ")"}[kind]
        repair = Replace(situation.start, situation.end, kind, text)
        return _said(situation, "there are no square brackets in the language", f"write `{text}`", repair)
    return None


def _text(situation: Situation) -> Diagnosis:
    text, start = situation.text, situation.start
    whole = _STRING.match(text, start)
    escape = _BAD_ESCAPE.match(text, start)
    if whole and escape:
        problem = f"there is no escape `{escape[1]}` in a text"
        hint = 'write `\\\\` for a backslash, and `\\"`, `\\n` and `\\t` for a quote, a line break and a tab'
        said = finding("syntax", situation.place(*escape.span(1)), about=escape[1], hint=hint, problem=problem)
        return Diagnosis(said, Replace(start, whole.end(), "STRING", '""'))
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    end = _closing_quote(text, line_end)
    if end is not None:
        problem = "a text ends on the line on which it begins"
        hint = "make it one line; `\\n` stands for a line break"
        said = finding("syntax", situation.place(start, line_end), about='"', hint=hint, problem=problem)
        return Diagnosis(said, Replace(start, end, "STRING", '""'))
    said = finding(
        "syntax",
        situation.place(start, line_end),
        about='"',
        hint='end it with `"`; a quote inside a text is written `\\"`',
        problem="this text is not closed",
    )
    return Diagnosis(said, Resume(line_end))


def _closing_quote(text: str, start: int) -> int | None:
    """Behind the quote that closes a text on one of the next lines, if it reads like that: a line with an odd number
    of quotes before any line that has an even number of them."""
    for _ in range(_LINES_OF_A_TEXT):
        if start >= len(text):
            return None
        end = text.find("\n", start + 1)
        end = len(text) if end < 0 else end
        quotes = text.count('"', start, end) - text.count('\\"', start, end)
        if quotes:
            return text.find('"', start) + 1 if quotes % 2 else None
        start = end
    return None


def _quotes(situation: Situation, closing: str) -> Diagnosis:
    text, start = situation.text, situation.start
    end = min((at for at in (text.find(closing, start + 1), text.find('"', start + 1)) if at >= 0), default=-1)
    line_end = text.find("\n", start)
    repair: Repair = Resume(situation.end)
    if end >= 0 and (line_end < 0 or end < line_end):
        repair = Replace(start, end + 1, "STRING", '""')
    return _said(situation, "this quote does not begin a text", 'write texts in double quotes: `"..."`', repair)


def _number(situation: Situation) -> Diagnosis:
    match = _NUMBER.match(situation.text, situation.start)
    word = match[0] if match else situation.word
    end = situation.start + len(word)
    word = shortened(word)
    if "NAME" in situation.accepted and "NUMBER" not in situation.accepted:
        problem, hint, kind = f"`{word}` is not a name", "names begin with a letter", "NAME"
    elif re.fullmatch(r"[0-9]{1,4}([./])[0-9]{1,2}\1[0-9]{1,4}", word):
        problem, hint, kind = f"`{word}` is not a date", "dates are written like 2026-10-01", "DATE"
    elif re.fullmatch(r"[0-9.]+[eE][0-9]*", word):
        problem, hint, kind = f"`{word}` is not a number", "write the number out, without an exponent", "NUMBER"
    elif "_" in word and word.replace("_", "").replace(".", "", 1).isdigit():
        problem, hint, kind = f"`{word}` is not a number", f"write `{word.replace('_', '')}`", "NUMBER"
    else:
        problem, hint, kind = f"`{word}` is neither a number nor a name", "numbers look like 12, 0.5 or 2%", "NUMBER"
    said = finding("syntax", situation.place(situation.start, end), about=shortened(word), hint=hint, problem=problem)
    return Diagnosis(said, Replace(situation.start, end, kind, "2000-01-01" if kind == "DATE" else "0"))


def dotted(situation: Situation) -> Diagnosis | None:
    """A qualified name of which a part is not written like one, and a number that begins with its dot."""
    text = situation.text
    if situation.kind == "DOT" and text[situation.end : situation.end + 1].isdigit() and situation.expects_term:
        match = re.compile(r"\.[0-9]+%?").match(text, situation.start)
        assert match is not None
        repair = Replace(situation.start, match.end(), "NUMBER", "0" + match[0])
        return _said(situation, "a number does not begin with a dot", f"write `{shortened('0' + match[0])}`", repair)
    previous = situation.previous
    if situation.kind == "DOT" and previous is not None and situation.follows(previous.type):
        if previous.end_pos == situation.start and previous.type in ("NAME", "QUALIFIED_NAME"):
            return _name(situation, previous.start_pos, 1)
        return _spaced(situation, previous)
    if situation.kind == "SORT_NAME" and _DOTTED.match(text, situation.start):
        return None if "SORT_NAME" in situation.accepted else _name(situation, situation.start, 0)
    return None


def _spaced(situation: Situation, previous: Any) -> Diagnosis | None:
    """``ev . step_of``."""
    match = _AFTER_DOT.match(situation.text, situation.end)
    if match is None or previous.type not in ("NAME", "QUALIFIED_NAME"):
        return None
    name = f"{previous}.{match[1]}"
    span = situation.place(previous.start_pos, match.end())
    problem = "there are no blanks around the dots of a name"
    said = finding("malformed-name", span, about=shortened(name), hint=f"write `{shortened(name)}`", problem=problem)
    kind = "QUALIFIED_SORT" if match[1][0].isupper() else "QUALIFIED_NAME"
    return Diagnosis(said, Replace(previous.start_pos, match.end(), kind, name, 1))


def _name(situation: Situation, start: int, dropping: int) -> Diagnosis | None:
    """A name that is written neither like that of a sort nor like any other."""
    match = _DOTTED.match(situation.text, start)
    word = match[0] if match else situation.word
    if dropping and (match is None or match.end() <= situation.start):
        return None
    *prefix, last = word.split(".")
    qualified = "QUALIFIED_" if prefix else ""
    wanted_sort = f"{qualified}SORT" if prefix else "SORT_NAME"
    is_sort = situation.can_read((wanted_sort,), dropping) and (
        not situation.can_read((f"{qualified}NAME",), dropping) or last[:1].isupper()
    )
    better = sort_name(last) if is_sort else plain_name(last)
    parts = [plain_name(part) for part in prefix] + [better]
    hint = f"write `{shortened('.'.join(part for part in parts if part))}`" if all(parts) else "choose another name"
    shape = "the names of sorts are written like `ModelStep`" if is_sort else "names are written like `model_step`"
    problem = f"`{shortened(word)}` is not a name: {shape}"
    span = situation.place(start, start + len(word))
    said = finding("malformed-name", span, about=shortened(word), hint=hint, problem=problem)
    kind = wanted_sort if is_sort else f"{qualified}NAME"
    return Diagnosis(said, Replace(start, start + len(word), kind, ".".join(part or "x" for part in parts), dropping))


def _said(situation: Situation, problem: str, hint: str, repair: Repair) -> Diagnosis:
    return Diagnosis(finding("syntax", situation.span, about=situation.word, hint=hint, problem=problem), repair)
