"""Diagrams as flowcharts of Mermaid. Text is escaped here and nowhere else.

Mermaid reads labels as a mixture of HTML and Markdown, so whatever is no letter, digit or blank and could mean
something there is written as the number of the character. Boxes have names of our own, as words such as ``end`` mean
something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from checker.diagram import Diagram, Edge, Node, Notation, Tone
from checker.render.figure import SHAPES, Shape, head
from checker.render.lines import broken
from checker.render.style import LIGHT
from checker.render.wrap import visible

_SHAPES: Mapping[Shape, tuple[str, str]] = {
    "rectangle": ("[", "]"),
    "parallelogram": ("[/", "/]"),
    "ellipse": ("([", "])"),
    "rounded": ("(", ")"),
    "circle": ("((", "))"),
    "octagon": ("{{", "}}"),
}
"""What stands around the label of a box. Mermaid has no ellipse, and a hexagon for the octagon of a worry."""


def mermaid(diagrams: Sequence[Diagram], notation: Notation) -> str:
    """A flowchart with a subgraph for each diagram."""
    lines = ["flowchart TB", *map(_class, get_args(Tone)), "  classDef goal stroke-width:3px;"]
    for number, diagram in enumerate(diagrams):
        lines += _subgraph(diagram, notation, number)
    return "\n".join(lines) + "\n"


def _class(tone: Tone) -> str:
    return f"  classDef {tone} fill:{LIGHT[f'{tone}-fill']},stroke:{LIGHT[tone]},color:{LIGHT['ink']};"


def _subgraph(diagram: Diagram, notation: Notation, number: int) -> Iterator[str]:
    keys = {node.key: f"g{number}n{index}" for index, node in enumerate(diagram.nodes)}
    yield f"  subgraph g{number}[{quoted(diagram.title)}]"
    yield "    direction TB"
    for node in diagram.nodes:
        key = keys[node.key]
        left, right = _SHAPES[SHAPES[notation][node.kind]]
        yield f"    {key}{left}{quoted(*_label(node))}{right}"
        yield f"    class {key} {node.tone}"
        if node.kind == "goal":
            yield f"    class {key} goal"
        if node.undeveloped:
            yield f'    {key}u{{"undeveloped"}}'
            yield f"    {key} --- {key}u"
    for edge in diagram.edges:
        yield f"    {_edge(edge, keys[edge.upper], keys[edge.lower])}"
    yield "  end"


def _label(node: Node) -> Iterator[str]:
    yield head(node)
    if node.name is not None:
        yield node.name
    yield from broken(node.text)


def _edge(edge: Edge, upper: str, lower: str) -> str:
    """A line; challenges point up, and stand there from the box above all the same, so that it stays above."""
    unused = "" if edge.used else "|not needed|"
    match edge.kind:
        case "supported_by":
            return f"{upper} -->{unused} {lower}"
        case "in_context_of":
            return f"{upper} --o{unused} {lower}"
        case "challenges":
            return f"{upper} -.-{unused} {lower}" if not edge.used else f"{upper} -.-|challenged by| {lower}"


def quoted(*lines: str) -> str:
    """These lines as one label, in which they stand as they are."""
    return '"' + "<br/>".join(_escaped(line) for line in lines) + '"'


def _escaped(line: str) -> str:
    # Two dollar signs begin mathematics, even as numbers.
    apart = re.sub(r"\$(?=\$)", "$ ", visible(line))
    return re.sub(r"[^\w ,.]|_|(?<=\d)\.", lambda found: f"#{ord(found[0])};", apart)
