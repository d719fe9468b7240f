"""Diagrams in DOT, the language of Graphviz. Text is escaped here and nowhere else.

In a label, Graphviz reads backslashes as escapes and ampersands as the beginning of entities, so both are spelled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.diagram import Diagram, Edge, Node, Notation
from checker.render.figure import SHAPES, Shape, head
from checker.render.lines import broken
from checker.render.style import LIGHT
from checker.render.wrap import visible

_ATTRIBUTES: Mapping[Shape, str] = {
    "rectangle": "shape=box",
    "parallelogram": "shape=parallelogram",
    "ellipse": "shape=ellipse",
    "rounded": 'shape=box, style="filled,rounded"',
    "circle": "shape=circle",
    "octagon": "shape=octagon",
}


def dot(diagrams: Sequence[Diagram], notation: Notation) -> str:
    """A graph with a cluster for each diagram."""
    lines = [
        "digraph argument {",
        "  graph [rankdir=TB, fontname=Helvetica, labeljust=l];",
        "  node [fontname=Helvetica, fontsize=10, style=filled, penwidth=1.5];",
        f'  edge [color="{LIGHT["line"]}"];',
    ]
    for number, diagram in enumerate(diagrams):
        lines += _cluster(diagram, notation, number)
    return "\n".join([*lines, "}"]) + "\n"


def _cluster(diagram: Diagram, notation: Notation, number: int) -> Iterator[str]:
    # Clusters of one graph share their boxes' names, so each has names of its own where there are several.
    prefix = f"{number}:" if number else ""
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={quoted(diagram.title)};"
    for node in diagram.nodes:
        yield f"    {quoted(prefix + node.key)} [{', '.join(_node(node, SHAPES[notation][node.kind]))}];"
        if node.undeveloped:
            key = quoted(f"{prefix}undeveloped {node.key}")
            yield f'    {key} [shape=diamond, label="", width=0.25, height=0.25, tooltip="undeveloped"];'
            yield f"    {quoted(prefix + node.key)} -> {key} [dir=none];"
    for edge in diagram.edges:
        ends = f"{quoted(prefix + edge.upper)} -> {quoted(prefix + edge.lower)}"
        yield f"    {ends} [{', '.join(_edge(edge))}];"
    yield "  }"


def _node(node: Node, shape: Shape) -> Iterator[str]:
    outline, inside = LIGHT[node.tone], LIGHT[f"{node.tone}-fill"]
    label = [head(node), *([node.name] if node.name is not None else []), *broken(node.text)]
    yield f"label={quoted(*label)}"
    yield _ATTRIBUTES[shape]
    yield f'color="{outline}", fillcolor="{inside}"'
    if node.kind == "goal":
        yield "penwidth=3"
    if node.kind == "assumption" and shape == "ellipse":
        yield 'xlabel="A"'
    yield f"tooltip={quoted(f'{head(node)}. {node.text}')}"


def _edge(edge: Edge) -> Iterator[str]:
    match edge.kind:
        case "supported_by":
            yield "arrowhead=normal"
        case "in_context_of":
            yield "arrowhead=empty"
        case "challenges":
            yield 'dir=back, arrowtail=vee, style="dashed"'
    if not edge.used:
        yield 'style="dotted", tooltip="not needed by the proof"'


def quoted(*lines: str) -> str:
    """These lines as one string of DOT, in which they stand as they are."""
    return '"' + "\\n".join(_escaped(line) for line in lines) + '"'


def _escaped(line: str) -> str:
    return visible(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
