"""What authors write who come from other notations, and what it is called here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from checker.grammar import reserved_words

OPERATORS = {
    "==": "EQ",
    "===": "EQ",
    "=<": "LE",
    "≤": "LE",
    "⩽": "LE",
    "≥": "GE",
    "⩾": "GE",
    "≠": "NE",
    "<>": "NE",
    "/=": "NE",
    "!==": "NE",
    "&&": "AND",
    "&": "AND",
    "∧": "AND",
    "/\\": "AND",
    "||": "OR",
    "|": "OR",
    "∨": "OR",
    "\\/": "OR",
    "!": "NOT",
    "~": "NOT",
    "¬": "NOT",
    "->": "IMPLIES",
    "-->": "IMPLIES",
    "=>": "IMPLIES",
    "==>": "IMPLIES",
    "→": "IMPLIES",
    "⇒": "IMPLIES",
    "⊃": "IMPLIES",
    "<->": "IFF",
    "<-->": "IFF",
    "<=>": "IFF",
    "<==>": "IFF",
    "↔": "IFF",
    "⇔": "IFF",
    "≡": "IFF",
    "∀": "FORALL",
    "∃": "EXISTS",
    "⊤": "TRUE",
    "⊥": "FALSE",
    "∑": "SUM",
    "×": "STAR",
    "·": "STAR",
    "÷": "SLASH",
    "−": "MINUS",
    "–": "MINUS",
    "::": "COLON",
    "::=": "ASSIGN",
    "=:": "ASSIGN",
}
"""Operators of other notations, with the terminal that means the same."""

OPERATOR_RUN = re.compile(r"[-=<>!&|:*/\\~]+")
LONGEST_RUN = max(map(len, OPERATORS))

_SYNONYMS = {
    "assumption": "assume",
    "assumes": "assume",
    "premise": "assume",
    "given": "assume",
    "import": "import",
    "include": "import",
    "lemma": "claim",
    "theorem": "claim",
    "conclusion": "goal",
    "module": "theory",
    "type": "sort",
    "enum": "sort",
    "constant": "const",
    "pred": "predicate",
    "relation": "predicate",
    "fun": "function",
    "func": "function",
    "def": "define",
    "definition": "define",
    "let": "define",
    "hazard": "worry",
    "risk": "worry",
    "concern": "worry",
    "uses": "use",
    "require": "requires",
    "requirement": "requires",
    "print": "show",
    "remove": "drop",
    "for_all": "forall",
    "all": "forall",
    "every": "forall",
    "each": "forall",
    "some": "exists",
    "there_is": "exists",
    "xor": "iff",
    "imply": "implies",
    "equiv": "iff",
    "where": "with",
    "extends": "of",
    "using": "by",
    "from": "by",
    "reason": "because",
    "why": "because",
}
"""Words that other notations use, with the word that is meant. Only used where the word cannot be a name."""

_CLOSE = 0.75


def meant_word(word: str, candidates: Iterable[str]) -> str | None:
    """The word of the language, among the candidates, that the author probably meant."""
    options = sorted(candidates)
    small = word.lower()
    if _SYNONYMS.get(small) in options:
        return _SYNONYMS[small]
    close = get_close_matches(small, options, n=1, cutoff=_CLOSE) if len(small) <= 40 else []
    return close[0] if close else None


def sort_name(word: str) -> str | None:
    """The word as a sort is written: ``model_step`` gives ``ModelStep``. None if no letters are left."""
    parts = re.split(r"[^A-Za-z0-9]+", _ascii(word))
    name = "".join(part[0].upper() + part[1:] for part in parts if part).lstrip("0123456789")
    return name[:1].upper() + name[1:] or None


def plain_name(word: str) -> str | None:
    """The word as everything else is written: ``ModelStep`` gives ``model_step``. None if that is no name either."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", _ascii(word))
    name = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_").lstrip("0123456789_")
    return None if name in reserved_words() else name or None


def _ascii(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.replace("ß", "ss"))
    return "".join(letter for letter in letters if letter.isascii())
