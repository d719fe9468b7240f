"""Walking through syntax trees and building them anew, whatever kind of node there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from checker import syntax
from checker.parser import parse
from checker.printer import print_file

T = TypeVar("T")


def read(text: str) -> syntax.File:
    """The tree of a text without mistakes."""
    parsed = parse(text, "<text>")
    assert not parsed.findings, parsed.findings
    return parsed.file


def written(file: syntax.File) -> str:
    """The text of a tree, which reads as the same tree again."""
    text = print_file(file)
    assert read(text) == file
    return text


def rebuilt(node: T, change: Callable[[Any], Any]) -> T:
    """The tree with ``change`` made to each node, those inside first."""
    if isinstance(node, tuple):
        return tuple(rebuilt(part, change) for part in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    inside = {f.name: rebuilt(getattr(node, f.name), change) for f in fields(node) if f.name != "span"}
    kept: T = change(replace(node, **inside))
    return kept


def variants(expr: syntax.Expr, change: Callable[[syntax.Expr], Iterator[syntax.Expr]]) -> Iterator[syntax.Expr]:
    """The expression with ``change`` made at one place, for each place and each change there."""
    yield from change(expr)
    match expr:
        case syntax.Call(_, arguments):
            for number, part in enumerate(arguments):
                for other in variants(part, change):
                    yield replace(expr, arguments=(*arguments[:number], other, *arguments[number + 1 :]))
        case syntax.Infix(_, operands):
            for number, part in enumerate(operands):
                for other in variants(part, change):
                    yield replace(expr, operands=(*operands[:number], other, *operands[number + 1 :]))
        case syntax.Not(body) | syntax.Negative(body) | syntax.Quantified(_, _, body) | syntax.Aggregate(_, _, _, body):
            for other in variants(body, change):
                yield replace(expr, body=other)
        case syntax.Conditional(condition, then, otherwise):
            yield from (replace(expr, condition=other) for other in variants(condition, change))
            yield from (replace(expr, then=other) for other in variants(then, change))
            yield from (replace(expr, otherwise=other) for other in variants(otherwise, change))
        case _:
            return
