"""Reading a file: from text to the syntax tree, and to findings for whatever is no specification."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from checker.build import Builder
from checker.findings import Finding, finding, in_order
from checker.source import Span
from checker.syntax import File

if TYPE_CHECKING:
    from lark import Lark


@dataclass(frozen=True, slots=True)
class Parsed:
    file: File
    findings: tuple[Finding, ...]


@cache
def _machine() -> tuple[Lark, Builder]:
    from checker.grammar import load_parser

    builder = Builder()
    return load_parser(builder), builder


def parse(text: str, name: str) -> Parsed:
    from lark.exceptions import UnexpectedInput
    lark, builder = _machine()
    builder.begin(name)
    try:
        file = lark.parse(text)
    except UnexpectedInput as e:
        return Parsed(File((), ()), (finding("syntax", Span(name, e.line, e.column, e.line, e.column+1), problem=str(e)),))
    return Parsed(file, in_order(builder.findings))
