"""Formulas of the core logic in words: those of the doc strings of predicates, functions, constants and definitions.

``in_words`` turns a formula into a phrase, which ``phrases`` lays out:

    forall s: System. produced(s) and unsafe(s) implies caught(s)
    For every system s: if the scheme can produce s and deploying s would be unsafe, then the evaluation stops s.

The words follow the formula step by step, so that formulas that are built differently read differently. Definitions are
told in their own words and not unfolded. What has no doc string stands there as in formulas, between backticks. Symbols
that would be told in the same words (those of two copies of a theory, say) are followed by their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, islice

from checker import logic
from checker.case import Case, Wording
from checker.logic import BOOL, BUILTIN, DATE, INT, REAL, Sort, Symbol, Term, Var, sort_of, subterms
from checker.phrases import (
    Clause,
    Name,
    Notation,
    Phrase,
    Run,
    Words,
    both_ends,
    clause,
    conditional,
    conjunction,
    delimited,
    denied,
    disjunction,
    equivalence,
    every,
    exactly_one,
    is_entangled,
    is_loose,
    joined,
    lines,
    neither,
    none,
    not_both,
    one_line,
    outline,
    plain,
    run,
    series,
    some,
)
from checker.sentences import fill, negate
from checker.spelling import spell, spell_element

Wordings = Mapping[Symbol, Wording]


def in_words(formula: Term, wordings: Wordings) -> Phrase:
    """``formula`` in the words of ``wordings``, which should hold the whole vocabulary of its case or theory."""
    return _Speaker.of(formula, wordings).phrase(formula)


MOST_IN_WORDS = 400
"""How many parts a formula may have to be told in words. Nobody reads a sentence that is longer."""


def formulas_in_words(case: Case) -> dict[str, tuple[str, ...]]:
    """The formulas of all statements of a case, by name, each as the lines of an outline.

    What has no formula is left out, and so is a formula that is too large to be read as a sentence.
    """
    mitigations = [mitigation for worry in case.worries for mitigation in worry.mitigations]
    statements = (*case.axioms, *case.assumptions, *case.claims, *case.worries, *mitigations, *case.possibles)
    return {
        one.name: tuple(lines(outline(in_words(one.formula, case.wordings))))
        for one in statements
        if one.formula is not None and sum(1 for _ in islice(subterms(one.formula), MOST_IN_WORDS + 1)) <= MOST_IN_WORDS
    }


# ---------------------------------------------------------------------------------------------------------------------
# Nouns for sorts.

_BUILTIN_NOUNS = {INT: "whole number", REAL: "number", DATE: "day", BOOL: "truth value"}
_IRREGULAR = {
    "person": "people",
    "analysis": "analyses",
    "hypothesis": "hypotheses",
    "axis": "axes",
    "child": "children",
}
_SOUNDS_LIKE_A_CONSONANT = re.compile(r"(?:uni|us[aeiu]|eu|one)", re.IGNORECASE)
_SPELLED_WITH_A_VOWEL = re.compile(r"[AEFHILMNORSX][A-Z0-9]*(?:\b|$)")
"""Abbreviations that are said letter by letter, the first of which sounds as if it began with a vowel."""


def noun(sort: Sort) -> str:
    """A thing of this sort, in words: ``model step`` for ``ev.ModelStep``."""
    if sort in _BUILTIN_NOUNS:
        return _BUILTIN_NOUNS[sort]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+", sort.name.rpartition(".")[2])
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)


def plural(words: str) -> str:
    """Several of what ``words`` say one is."""
    start, blank, last = words.rpartition(" ")
    if last in _IRREGULAR:
        many = _IRREGULAR[last]
    elif re.search(r"[^aeiou]y$", last):
        many = f"{last[:-1]}ies"
    elif re.search(r"(?:s|x|z|ch|sh)$", last):
        many = f"{last}es"
    else:
        many = f"{last}s"
    return start + blank + many


def article(words: str) -> str:
    if _SPELLED_WITH_A_VOWEL.match(words):
        return "an"
    return "an" if words[:1].lower() in tuple("aeiou") and not _SOUNDS_LIKE_A_CONSONANT.match(words) else "a"


# ---------------------------------------------------------------------------------------------------------------------
# Formulas and terms.

_ORDER = {
    (logic.Less, False): ("less than", "more than"),
    (logic.AtMost, False): ("at most", "at least"),
    (logic.Less, True): ("before", "after"),
    (logic.AtMost, True): ("on or before", "on or after"),
}
"""For each comparison, of numbers and of dates: what the left side is, and what the right side is."""

_LITTLE_WORDS = frozenset(
    ["a", "all", "an", "any", "each", "every", "how", "it", "its", "no", "nobody", "nothing", "people", "some", "that",
     "the", "there", "this", "what", "when", "where", "who", "whoever"]
)  # fmt: skip
"""Words that are written with a capital letter only where a sentence begins."""

_WHO = re.compile(r"(?:who|which|where|whose|whom)\b", re.IGNORECASE)
"""The beginning of a doc string that describes something and cannot stand for it in a sentence."""

_MANY = re.compile(r"how many (\w+) (?=(?:(?:it|its|the|their|these|they|this|people)\b|\{))", re.IGNORECASE)
_WHEN = re.compile(r"when ", re.IGNORECASE)

_ASKING = re.compile(r"(?:by |for |in |to )?(?:how|what|whatever|when|whether|why)\b", re.IGNORECASE)

_NEGATIVE = re.compile(r"(?:neither|never|no|nobody|none|not|nothing)(?:_|$)")
"""The beginning of an individual's name with which "is not met" would be said of two things."""

_DENIAL = "it is not so that "
_MARK = "\0"


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says terms of one formula. ``shared`` are the sorts, elements and symbols whose words something else has too."""

    wordings: Wordings
    shared_sorts: frozenset[Sort]
    shared_elements: frozenset[str]
    shared_symbols: frozenset[Symbol]
    said: frozenset[object]
    """What the doc strings say, to tell that a negation would be taken for another symbol."""

    @staticmethod
    def of(formula: Term, wordings: Wordings) -> _Speaker:
        parts = list(subterms(formula))
        symbols = dict.fromkeys([*wordings, *(part.symbol for part in parts if isinstance(part, logic.Apply))])
        variables = dict.fromkeys(variable for part in parts for variable in _variables(part))
        sorts = dict.fromkeys([*(sort for s in symbols for sort in (*s.domain, s.range)), *(v.sort for v in variables)])
        nouns = Counter(noun(sort) for sort in sorts)
        names = [element for sort in sorts for element in sort.elements or ()]
        elements = Counter([*names, *dict.fromkeys(variable.name for variable in variables)])
        keys = {
            symbol: _key(symbol, words, wordings[symbol]) for symbol in symbols if (words := _words(symbol, wordings))
        }
        said = Counter(keys.values())
        return _Speaker(
            wordings,
            frozenset(sort for sort in sorts if nouns[noun(sort)] > 1 and sort not in BUILTIN),
            frozenset(name for name in elements if elements[name] > 1),
            frozenset(symbol for symbol, key in keys.items() if said[key] > 1),
            frozenset(said),
        )

    # -- formulas -----------------------------------------------------------------------------------------------------

    def phrase(self, term: Term) -> Phrase:
        """A formula; a term is merely named."""
        match term:
            case logic.Truth(value):
                return clause(run((Notation("true" if value else "false"),), " holds"))
            case logic.Apply(symbol, _) if symbol.range == BOOL:
                return self.atom(term, positive=True)
            case logic.Not(body):
                return self.negation(body)
            case logic.And((one, other)) if (told := self.between(one, other)) is not None:
                return told
            case logic.And(args):
                return conjunction(self.phrases(args))
            case logic.Or(args):
                return disjunction(self.phrases(args))
            case logic.Implies(left, right):
                return conditional(self.phrase(left), self.phrase(right))
            case logic.Iff(left, right):
                return equivalence(self.phrase(left), self.phrase(right))
            case logic.Equal(left, right):
                return self.equation(left, right, positive=True)
            case logic.Less() | logic.AtMost():
                return self.comparison(term, positive=True)
            case logic.ForAll(variables, body):
                lead = [run("every ", one) if only else run("all ", one) for one, only in self.groups(variables, body)]
                return every(run("for ", series(lead, "and")), self.phrase(body))
            case logic.Exists(variables, body):
                groups = self.groups(variables, body)
                each = [run(f"{article(plain(one))} ", one) if only else one for one, only in groups]
                return some(run(_there(groups), series(each, "and"), " such that"), self.phrase(body))
            case _:
                return clause(self.noun(term))

    def phrases(self, terms: Iterable[Term]) -> list[Phrase]:
        return [self.phrase(term) for term in terms]

    def negation(self, body: Term) -> Phrase:
        """That ``body`` is not so."""
        match body:
            case logic.Truth(value):
                return clause(run((Notation("true" if value else "false"),), " does not hold"))
            case logic.Apply(symbol, _) if symbol.range == BOOL:
                return self.atom(body, positive=False)
            case logic.And(args):
                return not_both(self.phrases(args))
            case logic.Or(args):
                return neither(self.phrases(args))
            case logic.Iff(left, right):
                return exactly_one(self.phrase(left), self.phrase(right))
            case logic.Equal(left, right):
                return self.equation(left, right, positive=False)
            case logic.Less() | logic.AtMost():
                return self.comparison(body, positive=False)
            case logic.Exists(variables, inner):
                groups = self.groups(variables, inner)
                lead = series([one for one, _ in groups], "and")
                return none(run(_there(groups), "no ", lead, " such that"), self.phrase(inner))
            case _:
                return denied(self.phrase(body))

    def atom(self, term: logic.Apply, *, positive: bool) -> Clause:
        """A predicate or defined formula, or that it does not hold."""
        symbol, wording = term.symbol, self.wordings.get(term.symbol)
        words = _words(symbol, self.wordings)
        if wording is None or words is None:
            return clause(run((Notation(spell(term)),), " holds" if positive else " does not hold"))
        told = self.filled(symbol, words, wording.params, term.args)
        if positive:
            return clause(told)
        denial = negate(words)
        if not denial.startswith(_DENIAL) and _key(symbol, denial, wording) not in self.said:
            return clause(self.filled(symbol, denial, wording.params, term.args))
        if is_entangled(told):
            return clause(run(_DENIAL, "(", told, ")"))
        return clause(run(_DENIAL, told), denied=True)

    def filled(self, symbol: Symbol, words: str, params: Sequence[str], args: Sequence[Term]) -> Run:
        """The doc string with the arguments in their places, and the symbol's name if the words are shared."""
        pieces = re.split(
            f"{_MARK}(\\d+){_MARK}", fill(words, params, [f"{_MARK}{n}{_MARK}" for n in range(len(args))])
        )
        parts: list[str | Run] = []
        for place, text in enumerate(pieces):
            if place % 2 == 0:
                parts.append(text)
            else:
                within = any(pieces[:place]) and any(pieces[place + 1 :])
                parts.append(self.argument(args[int(text)], within=within))
        if symbol in self.shared_symbols:
            parts += [" (", (Notation(symbol.name),), ")"]
        return run(*parts)

    def argument(self, term: Term, *, within: bool) -> Run:
        """A term in a place of a doc string; in parentheses if the words around could be taken to belong to it."""
        told = self.operand(term)
        return run("(", told, ")") if within and is_loose(told) else told

    # -- comparisons --------------------------------------------------------------------------------------------------

    def equation(self, left: Term, right: Term, *, positive: bool) -> Clause:
        named = not sort_of(left).is_number or isinstance(_value(right), logic.Number | logic.Day)
        words = (" is " if positive else " is not ") if named else (" equals " if positive else " does not equal ")
        return clause(run(self.operand(left), words, self.operand(right)))

    def comparison(self, term: logic.Less | logic.AtMost, *, positive: bool) -> Clause:
        """An order of two terms, told of the one about which it says more."""
        words, reverse = _ORDER[type(term), sort_of(term.left) == DATE]
        left, right = term.left, term.right
        if _weight(left) < _weight(right):
            left, words, right = right, reverse, left
        return clause(run(self.operand(left), " is " if positive else " is not ", words, " ", self.operand(right)))

    def between(self, one: Term, other: Term) -> Clause | None:
        """Two comparisons that a term stands between, as in ``0 <= n <= 1``."""
        match one, other:
            case (logic.Less() | logic.AtMost(), logic.Less() | logic.AtMost()) if one.right == other.left:
                dated = sort_of(one.left) == DATE
                above, below = _ORDER[type(one), dated][1], _ORDER[type(other), dated][0]
                middle, low, high = map(self.operand, (other.left, one.left, other.right))
                return both_ends(run(middle, f" is {above} ", low, f" and {below} ", high))
            case _:
                return None

    # -- terms --------------------------------------------------------------------------------------------------------

    def operand(self, term: Term) -> Run:
        """A term as a part of a sentence, in parentheses if it could be torn apart."""
        told = self.noun(term)
        torn = isinstance(_value(term), logic.Ite | logic.Count | logic.Sum) or is_entangled(told) or _asks(told)
        return run("(", told, ")") if torn else told

    def noun(self, term: Term) -> Run:
        match term:
            case Var(name, _):
                return (Name(name),)
            case logic.Element(_, name):
                confusing = name in self.shared_elements or _NEGATIVE.match(name)
                return (Notation(spell_element(term)),) if confusing else run(name.replace("_", " "))
            case logic.Number() | logic.Day():
                return run(spell(term).replace(" ", ""))
            case logic.Apply(symbol, args):
                return self.application(term, symbol, args)
            case logic.ToReal(body):
                return self.noun(body)
            case logic.Add(args):
                return self.total(args)
            case logic.Multiply(args):
                return joined([self.factor(arg) for arg in args], " times ")
            case logic.Divide(left, right):
                return run(self.factor(left), " divided by ", self.factor(right))
            case logic.Negate(body):
                return run("minus ", self.factor(body))
            case logic.Ite(condition, then, otherwise):
                chosen = run(", then ", self.operand(then), ", else ", self.operand(otherwise))
                return run("if ", delimited(self.phrase(condition)), chosen)
            case logic.Count(variable, body):
                these = run(self.sort(variable.sort, many=True), " ", (Name(variable.name),))
                return run("the number of ", these, " such that ", one_line(self.phrase(body)))
            case logic.Sum(variable, body):
                these = run(self.sort(variable.sort, many=True), " ", (Name(variable.name),))
                return run("the sum, over all ", these, ", of ", self.operand(body))
            case _:
                return run("whether ", one_line(self.phrase(term)))

    def application(self, term: Term, symbol: Symbol, args: Sequence[Term]) -> Run:
        words, wording = _words(symbol, self.wordings), self.wordings.get(symbol)
        if wording is None or words is None:
            return (Notation(spell(term)),)
        return self.filled(symbol, words, wording.params, args)

    def total(self, args: Sequence[Term]) -> Run:
        """A sum, negative parts subtracted."""
        parts: list[str | Run] = [self.factor(args[0])]
        for arg in args[1:]:
            match arg:
                case logic.Negate(body):
                    parts += [" minus ", self.factor(body)]
                case logic.Number(value, _) if value < 0:
                    parts += [" minus ", self.factor(logic.negate(arg))]
                case _:
                    parts += [" plus ", self.factor(arg)]
        return run(*parts)

    def factor(self, term: Term) -> Run:
        """A term as a part of a calculation: in parentheses unless it is very short."""
        told = self.noun(term)
        compound = isinstance(_value(term), logic.Add | logic.Multiply | logic.Divide | logic.Negate)
        return run("(", told, ")") if compound or len(plain(told).split()) > 4 else self.operand(term)

    # -- variables and sorts ------------------------------------------------------------------------------------------
    def groups(self, variables: Sequence[Var], body: Term) -> list[tuple[Run, bool]]:
        """The variables of a quantifier, sort by sort: ``system s``, ``steps p and q``; and whether it is but one.

        English takes two things for different things where logic does not, so that is said.
        """
        told = []
        for sort, alike in groupby(variables, key=lambda variable: variable.sort):
            names = list(alike)
            if len(names) == 1:
                told.append((run(self.sort(sort), " ", (Name(names[0].name),)), True))
                continue
            listed = series([(Name(variable.name),) for variable in names], "and")
            aside = "" if _told_apart(names, body) else " (not necessarily different)"
            told.append((run(self.sort(sort, many=True), " ", listed, aside), False))
        return told

    def sort(self, sort: Sort, *, many: bool = False) -> Run:
        words = plural(noun(sort)) if many else noun(sort)
        return run(words, " (", (Notation(sort.name),), ")") if sort in self.shared_sorts else run(words)


def _words(symbol: Symbol, wordings: Wordings) -> str | None:
    """The doc string of a symbol as it goes into a sentence; None where there is none that does."""
    wording = wordings.get(symbol)
    if wording is None or wording.template is None:
        return None
    if not len(symbol.domain) == len(wording.params) == len({*wording.params}):
        return None
    text = " ".join(wording.template.replace(_MARK, "").split())
    first, blank, rest = text.partition(" ")
    if first[1:].islower() and (text.endswith(".") or first.lower() in _LITTLE_WORDS):
        text = first.lower() + blank + rest
    text = text.rstrip(".")
    if symbol.range != BOOL:
        if _WHO.match(text):
            name = symbol.name.rpartition(".")[2].replace("_", " ")
            return None if symbol.domain else f"the {name}"
        text = _MANY.sub(r"the number of \1 that ", text, count=1) if _MANY.match(text) else text
        text = f"the day {text}" if symbol.range == DATE and _WHEN.match(text) else text
    return text or None


def _key(symbol: Symbol, words: str, wording: Wording) -> object:
    """What a symbol says, whatever its parameters are called; symbols of other signatures are told apart anyway."""
    filled = fill(words, wording.params, [f"{_MARK}{n}{_MARK}" for n in range(len(wording.params))])
    return filled.lower(), symbol.domain, symbol.range


def _variables(term: Term) -> tuple[Var, ...]:
    """The variables that a term is or binds."""
    match term:
        case Var():
            return (term,)
        case logic.ForAll(variables, _) | logic.Exists(variables, _):
            return variables
        case logic.Count(variable, _) | logic.Sum(variable, _):
            return (variable,)
        case _:
            return ()


def _told_apart(variables: Sequence[Var], body: Term) -> bool:
    """Whether the formula says itself which of the variables are different."""
    said = {frozenset((part.body.left, part.body.right)) for part in subterms(body)
            if isinstance(part, logic.Not) and isinstance(part.body, logic.Equal)}  # fmt: skip
    return all(frozenset(pair) in said for pair in combinations(variables, 2))


def _there(groups: Sequence[tuple[Run, bool]]) -> str:
    return "there is " if len(groups) == 1 and groups[0][1] else "there are "


def _value(term: Term) -> Term:
    """The term, whichever numbers it is counted among."""
    return term.body if isinstance(term, logic.ToReal) else term


def _asks(told: Run) -> bool:
    """Whether words for a term are a clause, such as "how far s is from passing"."""
    return bool(told) and isinstance(told[0], Words) and _ASKING.match(told[0].text) is not None


def _weight(term: Term) -> int:
    """How much there is to say of a term: nothing of numbers and dates, little of what is fixed."""
    if isinstance(_value(term), logic.Number | logic.Day):
        return 0
    return 2 if any(isinstance(part, Var) for part in subterms(term)) else 1
