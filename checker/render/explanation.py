"""What is explained, as text."""

from __future__ import annotations

from collections.abc import Iterator

from checker.explain import CodeExplained, Example, Explained
from checker.render.wrap import Line, Piece, Row, Style, fold, paint, table

NARROWEST, WIDEST = 40, 120
_WEIGHTS = {"error": Style.BAD, "warning": Style.WARN, "note": Style.PLACE}
_BRIEF = ("theory", "case", "variant")


def render(found: CodeExplained | Explained, width: int, *, color: bool) -> str:
    """The explanation, laid out for ``width`` columns."""
    width = min(max(width, NARROWEST), WIDEST)
    lines = _code(found, width) if isinstance(found, CodeExplained) else _named(found, width)
    return "".join(f"{paint(line, color=color)}\n" for line in lines)


def _code(found: CodeExplained, width: int) -> Iterator[Line]:
    entry = found.entry
    yield [Piece(f"{entry.severity}[{found.code}]", _WEIGHTS[entry.severity])]
    yield from fold(entry.meaning, width)
    if found.example is not None:
        yield []
        yield from _example(found.example, width)


def _example(example: Example, width: int) -> Iterator[Line]:
    yield [Piece("It is found in this:", Style.STRONG)]
    yield from _quoted(example.broken)
    yield []
    yield [Piece("And not in this:", Style.STRONG)]
    yield from _quoted(example.fixed)
    if example.remark is not None:
        yield []
        yield from fold(example.remark, width)


def _quoted(text: str) -> Iterator[Line]:
    """A text as it stands: lines of a file are not broken."""
    for line in text.rstrip("\n").split("\n"):
        yield [Piece(f"  {line}".rstrip())]


def _named(found: Explained, width: int) -> Iterator[Line]:
    yield [Piece(f"{found.kind} "), Piece(found.name, Style.STRONG), Piece(f"  {found.place}", Style.PLACE)]
    if found.doc:
        yield from fold(found.doc, width)
    yield from _formula(found, width, "")
    if found.facts:
        yield []
        yield from table([Row([Piece(key.replace("_", " "), Style.FAINT)], [text]) for key, text in found.facts], width)
    if found.kind in _BRIEF:
        yield from _listed(found, width)
        return
    for part in found.parts:
        yield []
        yield [Piece(f"{part.kind} "), Piece(part.name, Style.STRONG)]
        if part.doc:
            yield from fold(part.doc, width, first=[Piece("  ")])
        yield from _formula(part, width, "  ")
        if part.facts:
            yield []
        for key, text in part.facts:
            yield from fold(f"{key.replace('_', ' ')}: {text}", width, first=[Piece("  ")], rest=4)


def _listed(found: Explained, width: int) -> Iterator[Line]:
    """What a module states, a line each."""
    for kind in dict.fromkeys(part.kind for part in found.parts):
        yield []
        parts = [part for part in found.parts if part.kind == kind]
        yield [Piece(f"{kind} ({len(parts)})", Style.STRONG)]
        yield from table([Row([Piece(part.name)], [part.doc or ""]) for part in parts], width)


def _formula(found: Explained, width: int, indent: str) -> Iterator[Line]:
    if not found.formula:
        return
    if found.words:
        yield []
        lead = "It does not occur if this holds:" if found.kind == "worry" else "It says:"
        yield [Piece(f"{indent}{lead}", Style.FAINT)]
    for line in found.words:
        text = line.lstrip(" ")
        margin = indent + "  " + " " * (len(line) - len(text))
        item = text.startswith("- ")
        yield from fold(text, width, first=[Piece(margin)], rest=len(margin) + 2 * item)
    yield []
    yield [Piece(f"{indent}In symbols:", Style.FAINT)]
    yield from ([Piece(f"{indent}  {line}")] for line in found.formula)
