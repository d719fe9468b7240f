"""Sentences from doc strings: filled in, and negated where English allows it to be done safely.

A doc string such as ``"{p} is a step of {r}"`` says what it means that a predicate holds. Its negation must never say
more or less than that it does not hold. So only sentences of a few plain shapes are negated word by word; before any
other stands "it is not so that".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLACE = re.compile(r"\{(\w+)\}")

_ARTICLE = r"(?:(?:the|this|its) )?"
_THING = rf"(?!an? ){_ARTICLE}(?:\{{\w+\}}|[\w-]+(?: [\w-]+)?)"
_SUBJECT = rf"(?:[a-z]+ing )?{_THING}(?:(?:'s| of| in| from| by) {_THING})?"
_AUXILIARY = re.compile(rf"^({_SUBJECT}) (is|was|can|could|will|would)\b", re.IGNORECASE)
_HAVING = re.compile(rf"^({_THING}) has (an?|the|its|more|at|been|\{{\w+\}})(?=\W|$)", re.IGNORECASE)
_VERB = r"((?:[a-z]+)(?<!s)s)"
_ACTING = re.compile(rf"^({_ARTICLE}\{{\w+\}}) {_VERB}\b", re.IGNORECASE)
_ACTING_ON = re.compile(
    rf"^((?!an? ){_ARTICLE}[\w-]+(?: [\w-]+)?) {_VERB}(?= (?:to )?{_ARTICLE}\{{\w+\}})", re.IGNORECASE
)

_SCOPED = re.compile(
    r"\b(?:all|also|already|always|and|any|anyone|anything|because|both|but|cannot|each|either|every|everyone|everything"
    r"|few|if|many|may|might|most|must|neither|never|no|nobody|none|nor|not|nothing|nowhere|often|only|or|several|should"
    r"|some|someone|something|sometimes|still|there|too|unless|until|usually|when|whenever|wherever|while|yet)\b"
    r"|n't\b|[,;:.]",
    re.IGNORECASE,
)
"""Words that a negation in front of them, or behind them, would be read to include or not, as one likes."""

_ASIDE = re.compile(r" (?:when|once|while) (?:[a-z]+ed|[a-z]+ing)$")
"""An ending such as "when deployed", which goes with what is denied as it did with what was said."""

_REPORTING = re.compile(
    r"\b(?:that|which|who|whom|whose|where|whether|what|how|(?:assume|believe|claim|expect|hope|know|mean|say|think)s?)\b",
    re.IGNORECASE,
)
"""Words after which it is another verb, not the main one, that comes next."""

_NO_VERBS = ("is", "us", "has", "was", "does")
_STEMS = {"focuses": "focus", "biases": "bias", "goes": "go", "does": "do", "undergoes": "undergo", "lies": "lie",
          "dies": "die", "ties": "tie", "relies": "rely", "aches": "ache", "caches": "cache"}  # fmt: skip


def fill(template: str, params: Sequence[str], args: Sequence[str]) -> str:
    """The doc string with the arguments in the places of the parameters.

    Arguments that the words have no place for follow in parentheses, so that nothing is left open.
    """
    values = dict(zip(params, args, strict=True))
    text = _PLACE.sub(lambda match: values.get(match[1], match[0]), _trimmed(template))
    missing = [f"{param} = {values[param]}" for param in params if f"{{{param}}}" not in template]
    return f"{text} ({', '.join(missing)})" if missing else text


def negate(template: str) -> str:
    """A doc string that says the opposite, with the same places for parameters."""
    text = _trimmed(template)
    if not _SCOPED.search(_ASIDE.sub("", text)):
        if match := _AUXILIARY.match(text):
            if not _REPORTING.search(match[1]):
                negated = "cannot" if match[2] == "can" else f"{match[2]} not"
                return f"{match[1]} {negated}{text[match.end() :]}"
        elif match := _HAVING.match(text):
            if match[2] == "been":
                return f"{match[1]} has not {match[2]}{text[match.end() :]}"
            return f"{match[1]} does not have {match[2]}{text[match.end() :]}"
        elif (match := _ACTING.match(text) or _ACTING_ON.match(text)) and not match[2].endswith(_NO_VERBS):
            return f"{match[1]} does not {_stem(match[2])}{text[match.end() :]}"
    return f"it is not so that {text}"


def _trimmed(template: str) -> str:
    """In one line, without a full stop at the end."""
    return " ".join(template.split()).rstrip(".")


def _stem(verb: str) -> str:
    """The infinitive of a verb in the third person."""
    if verb in _STEMS:
        return _STEMS[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb[:-1]
