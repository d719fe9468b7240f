"""Hypothesis strategies for syntax trees: the trees that the parser can build, without their places."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from checker import syntax
from checker.grammar import reserved_words
from checker.syntax import Expr, Ident, Operator

T = TypeVar("T")


def _tuples(items: st.SearchStrategy[T], min_size: int = 0, max_size: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, min_size=min_size, max_size=max_size).map(tuple)


# -- names, texts, numbers -------------------------------------------------------------------------------------------

_any_word = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_plain_words = st.sampled_from(
    ("a", "b", "x", "y", "bad_step", "forall_", "notes", "p1", "android")
) | _any_word.filter(lambda word: word not in reserved_words())
_sort_words = st.sampled_from(("S", "Step", "Int", "P")) | st.from_regex(r"[A-Z][A-Za-z0-9]{0,6}", fullmatch=True)


def _qualified(last: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda prefix, name: ".".join([*prefix, name]), st.lists(_plain_words, max_size=2), last)


plain_names = st.builds(Ident, _plain_words)
names = st.builds(Ident, _qualified(_plain_words))
plain_sorts = st.builds(Ident, _sort_words)
sorts = st.builds(Ident, _qualified(_sort_words))

texts = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs"),
        exclude_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        include_characters="\n\t",
    ),
    max_size=12,
) | st.sampled_from(('"', "\\", '\\"', "# no comment", "{s} is bad", "\\n", "two\nlines"))

numbers = st.builds(syntax.Number, st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?%?", fullmatch=True))
dates = st.builds(lambda day: syntax.DateLiteral(day.isoformat()), st.dates(min_value=date(1, 1, 1)))


# -- formulas and terms ----------------------------------------------------------------------------------------------


def _infix(operators: st.SearchStrategy[tuple[Operator, ...]], operands: st.SearchStrategy[Expr]) -> Any:
    def fill(chosen: tuple[Operator, ...]) -> st.SearchStrategy[syntax.Infix]:
        return st.builds(syntax.Infix, st.just(chosen), _tuples(operands, len(chosen) + 1, len(chosen) + 1))

    return operators.flatmap(fill)


def _chains(*operators: Operator) -> st.SearchStrategy[tuple[Operator, ...]]:
    return _tuples(st.sampled_from(operators), 1)


_operators: st.SearchStrategy[tuple[Operator, ...]] = st.one_of(
    st.sampled_from([("iff",), ("implies",), ("!=",)]),
    _chains("or"),
    _chains("and"),
    _chains("+", "-"),
    _chains("*", "/"),
    _chains("=", "<", "<="),
    _chains("=", ">", ">="),
)

binders = st.builds(syntax.Binder, _tuples(plain_names, 1), sorts)


def _larger(smaller: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        _infix(_operators, smaller),
        st.builds(syntax.Not, smaller),
        st.builds(syntax.Negative, smaller),
        st.builds(syntax.Quantified, st.sampled_from(("forall", "exists")), _tuples(binders, 1, 2), smaller),
        st.builds(syntax.Call, names, _tuples(smaller, 1)),
        st.builds(syntax.Aggregate, st.sampled_from(("count", "sum")), plain_names, sorts, smaller),
        st.builds(syntax.Conditional, smaller, smaller, smaller),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(
    st.one_of(
        st.builds(syntax.Name, _qualified(_plain_words)),
        numbers,
        dates,
        st.builds(syntax.Truth, st.booleans()),
    ),
    _larger,
    max_leaves=12,
)


# -- declarations ----------------------------------------------------------------------------------------------------

docs = st.none() | texts
params = st.builds(syntax.Param, plain_names, sorts)
rows = st.builds(syntax.Row, _tuples(names, 1))
citations = st.builds(syntax.Citations, st.just(True), st.just(())) | st.builds(
    syntax.Citations, st.just(False), _tuples(names, 1)
)
_keys = st.sampled_from(("id", "file", "source", "date", "until", "claim", "forall")) | _any_word
entries = st.builds(syntax.Entry, st.builds(Ident, _keys), st.builds(syntax.Text, texts) | dates | numbers)
blocks = st.lists(entries, max_size=3, unique_by=lambda entry: entry.key.text).map(tuple)
mitigations = st.builds(syntax.MitigationDecl, plain_names, docs, expressions, blocks)
mappings = st.builds(syntax.Mapping, names | sorts, sorts | expressions)

declarations: st.SearchStrategy[syntax.Declaration] = st.one_of(
    st.builds(syntax.SortDecl, plain_sorts, docs, st.none() | _tuples(plain_names, 1)),
    st.builds(syntax.ConstDecl, _tuples(plain_names, 1), sorts, docs),
    st.builds(syntax.PredicateDecl, plain_names, _tuples(params), docs, st.none() | _tuples(rows)),
    st.builds(
        syntax.FunctionDecl,
        plain_names,
        _tuples(params, 1),
        sorts,
        docs,
        st.none() | _tuples(st.builds(syntax.FunctionRow, _tuples(names, 1), expressions), 1),
    ),
    st.builds(syntax.DefineDecl, plain_names, _tuples(params), st.none() | sorts, docs, expressions),
    st.builds(syntax.AxiomDecl, plain_names, docs, expressions),
    st.builds(syntax.AssumeDecl, plain_names, docs, st.none() | expressions, _tuples(names), st.none() | texts, blocks),
    st.builds(syntax.EvidenceDecl, plain_names, docs, blocks),
    st.builds(
        syntax.ClaimDecl,
        plain_names,
        docs,
        st.none() | expressions,
        st.none() | citations,
        st.none() | citations,
        st.none() | texts,
        st.booleans(),
        blocks,
    ),
    st.builds(
        syntax.WorryDecl,
        plain_names,
        docs,
        st.none() | expressions,
        _tuples(names),
        st.booleans(),
        blocks,
        _tuples(mitigations, 0, 2),
    ),
    st.builds(syntax.PossibleDecl, plain_names, docs, expressions, _tuples(names), blocks),
    st.builds(syntax.RequiresDecl, _tuples(plain_names, 1), st.none() | expressions),
    st.builds(syntax.AnswerDecl, names, citations, st.none() | texts),
    st.builds(syntax.AdoptDecl, names, _tuples(names), st.none() | texts),
    st.builds(syntax.AcceptDecl, names, texts, st.none() | texts, st.none() | dates),
    st.builds(syntax.DropDecl, _tuples(names, 1)),
    st.builds(syntax.ShowDecl, expressions),
    st.builds(syntax.ScopeDecl, blocks),
    st.builds(syntax.SourceDecl, texts),
    st.builds(syntax.UseDecl, plain_names, st.none() | plain_names, _tuples(mappings), st.booleans()),
)

modules: st.SearchStrategy[syntax.Module] = st.one_of(
    st.builds(
        syntax.Module, st.sampled_from(("theory", "case")), plain_names, st.none(), docs, _tuples(declarations, 0, 4)
    ),
    st.builds(syntax.Module, st.just("variant"), plain_names, plain_names, docs, _tuples(declarations, 0, 4)),
)

files = st.builds(syntax.File, _tuples(st.builds(syntax.Import, texts), 0, 2), _tuples(modules, 0, 2))
