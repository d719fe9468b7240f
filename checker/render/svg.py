"""Figures as SVG, by themselves or as a part of a page. Text is escaped here and nowhere else.

Geometry stands in attributes and colours in a style sheet, so that a page may forbid styles in its text altogether. How
a box stands is told by a sign and a word, and by its colour only besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from checker.diagram import Edge, Node, Tone
from checker.layered import Stretch
from checker.render.figure import CUT, DIAMOND, ICON, KINDS, LINE, Box, Drawn, Figure, head
from checker.render.style import figure_style
from checker.render.wrap import visible

MARGIN = 24
_TITLE = 34

SIGNS: dict[Tone, str] = {
    "good": "M1 5.5 4 8.5 9.5 1.5",
    "fair": "M1 6.5C2.5 2.5 4 2.5 5.3 5S8 7.5 9.5 3.5",
    "bad": "M1.5 1.5 9 9M9 1.5 1.5 9",
    "plain": "M1.5 5H9",
}
"""A tick, a wave, a cross and a dash, each ten pixels wide and high."""


def alone(figures: Sequence[Figure]) -> str:
    """An SVG file with all figures, one below the other, each under its title."""
    width = max([one.width for one in figures], default=0) + 2 * MARGIN
    height = MARGIN + sum(_TITLE + one.height + 2 * MARGIN for one in figures)
    told = "; ".join(one.diagram.title for one in figures)
    named = 'role="graphics-document document" aria-labelledby="title"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg {_size(0, width, height)} class="figure alone" {named}>',
        f'<title id="title">{_text(told)}</title>',
        f"<style>\n{figure_style()}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *_markers(""),
    ]
    top = MARGIN
    for one in figures:
        lines.append(f'<text class="heading" x="{MARGIN}" y="{top + 16}">{_text(one.diagram.title)}</text>')
        lines.append(f'<g transform="translate({MARGIN} {top + _TITLE})">')
        lines += _figure(one, "", lambda _: None)
        lines.append("</g>")
        top += _TITLE + one.height + 2 * MARGIN
    return "\n".join([*lines, "</svg>"]) + "\n"


def inline(figure: Figure, prefix: str, link: Callable[[Node], str | None]) -> str:
    """The figure as an element of a page. ``prefix`` keeps its ids apart from those of others on the page, and ``link``
    gives the id of the element that tells more of a box."""
    width, height = figure.width + 2 * MARGIN, figure.height + 2 * MARGIN
    named = f'role="group" aria-label={_quoted(figure.diagram.title)}'
    lines = [
        f'<svg {_size(-MARGIN, width, height)} class="figure" {named}>',
        *_markers(prefix),
        *_figure(figure, prefix, link),
        "</svg>",
    ]
    return "\n".join(lines)


def _size(corner: int, width: int, height: int) -> str:
    sizes = f'width="{width}" height="{height}" viewBox="{corner} {corner} {width} {height}"'
    return f'xmlns="http://www.w3.org/2000/svg" {sizes}'


def _markers(prefix: str) -> Iterator[str]:
    """The heads of arrows: full for support, empty for context, open for a challenge."""
    heads = {
        "supported_by": "M0 0 9 4.5 0 9Z",
        "in_context_of": "M.5 .7 8.5 4.5 .5 8.3Z",
        "challenges": "M0 .5 9 4.5 0 8.5",
    }
    yield "<defs>"
    for kind, path in heads.items():
        yield (
            f'<marker id="{prefix}{kind}" class="{kind}" viewBox="-1 -1 11 11" refX="8.5" refY="4.5" '
            f'markerWidth="9" markerHeight="9" orient="auto-start-reverse"><path d="{path}"/></marker>'
        )
    yield "</defs>"


def _figure(figure: Figure, prefix: str, link: Callable[[Node], str | None]) -> Iterator[str]:
    number = {box.node.key: index for index, box in enumerate(figure.boxes)}
    yield '<g class="lines" aria-hidden="true">'
    for line in figure.lines:
        yield from _line(line, prefix, number)
    yield '</g>\n<g class="boxes">'
    for index, box in enumerate(figure.boxes):
        yield from _box(box, f"{prefix}n{index}", link(box.node))
    yield "</g>"


# -- lines -------------------------------------------------------------------------------------------------------------


def _line(line: Drawn, prefix: str, number: dict[str, int]) -> Iterator[str]:
    if not line.stretches:
        return
    edge = line.edge
    marker = "marker-start" if edge.kind == "challenges" else "marker-end"
    yield (
        f'<path class="line {edge.kind}{"" if edge.used else " unused"}" d="{_path(line.stretches)}" '
        f'{marker}="url(#{prefix}{edge.kind})" data-upper="{prefix}n{number[edge.upper]}" '
        f'data-lower="{prefix}n{number[edge.lower]}"><title>{_text(sentence(edge))}</title></path>'
    )


def sentence(edge: Edge) -> str:
    """What a line says."""
    match edge.kind:
        case "supported_by":
            told = f"{edge.lower} supports {edge.upper}"
        case "in_context_of":
            told = f"{edge.upper} takes {edge.lower} for granted"
        case "challenges":
            told = f"{edge.lower} challenges {edge.upper}"
    return told if edge.used else f"{told}, but the proof does not need it"


def _path(stretches: Sequence[Stretch]) -> str:
    first = stretches[0]
    parts = [f"M{first.x} {first.top}"]
    if first.bottom != first.top:
        parts.append(f"V{first.bottom}")
    for above, below in pairwise(stretches):
        middle = (above.bottom + below.top) // 2
        parts.append(f"C{above.x} {middle} {below.x} {middle} {below.x} {below.top}")
        if below.bottom != below.top:
            parts.append(f"V{below.bottom}")
    return "".join(parts)


# -- boxes -------------------------------------------------------------------------------------------------------------


def _box(box: Box, key: str, target: str | None) -> Iterator[str]:
    node = box.node
    told = f"{head(node)}. {node.name}. {node.text}" if node.name else f"{head(node)}. {node.text}"
    shared = f'id="{key}" class="box {node.kind} {node.tone}" aria-label={_quoted(told)}'
    if target is None:
        yield f'<g {shared} role="graphics-symbol img">'
    else:
        yield f"<a {shared} href={_quoted('#' + target)}>"
    yield f"<title>{_text(told)}</title>"
    yield _shape(box)
    middle = box.x + box.width // 2
    y = box.y + (box.height - sum(LINE[line.face] for line in box.lines)) // 2
    if box.shape == "ellipse" and node.kind in ("assumption", "axiom"):
        left = box.x + round(box.width * 0.9)
        yield f'<text class="mark" x="{left}" y="{box.y + box.height - 3}">{KINDS[node.kind][0].upper()}</text>'
    for index, line in enumerate(box.lines):
        baseline = y + LINE[line.face] - 4
        if index == 0:
            left = round(middle - (line.width + ICON) / 2)
            yield f'<path class="sign" transform="translate({left} {baseline - 9})" d="{SIGNS[node.tone]}"/>'
            yield f'<text class="head first" x="{left + ICON}" y="{baseline}">{_text(line.text)}</text>'
        else:
            yield f'<text class="{line.face}" x="{middle}" y="{baseline}">{_text(line.text)}</text>'
        y += LINE[line.face]
    if node.undeveloped:
        top, half = box.y + box.height, DIAMOND // 2
        yield f'<path class="undeveloped" d="M{middle} {top}l{half} {half} -{half} {half} -{half} -{half}Z"/>'
    yield "</g>" if target is None else "</a>"


def _shape(box: Box) -> str:
    x, y, w, h = box.x, box.y, box.width, box.height
    match box.shape:
        case "rectangle":
            return f'<rect class="shape" x="{x}" y="{y}" width="{w}" height="{h}"/>'
        case "rounded":
            return f'<rect class="shape" x="{x}" y="{y}" width="{w}" height="{h}" rx="{min(18, h // 2)}"/>'
        case "ellipse" | "circle":
            return f'<ellipse class="shape" cx="{x + w / 2:g}" cy="{y + h / 2:g}" rx="{w / 2:g}" ry="{h / 2:g}"/>'
        case "parallelogram":
            return f'<path class="shape" d="M{x + CUT} {y}H{x + w}L{x + w - CUT} {y + h}H{x}Z"/>'
        case "octagon":
            return (
                f'<path class="shape" d="M{x + CUT} {y}H{x + w - CUT}l{CUT} {CUT}V{y + h - CUT}l-{CUT} {CUT}'
                f'H{x + CUT}l-{CUT} -{CUT}V{y + CUT}Z"/>'
            )


def _text(text: str) -> str:
    return escape(visible(text.replace("\n", " ")))


def _quoted(text: str) -> str:
    return quoteattr(visible(text.replace("\n", " ")))
