"""A diagram with a shape, a size and a place for each of its boxes, and their text broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, sqrt
from typing import Literal

from checker.diagram import Diagram, Edge, Node, NodeKind, Notation
from checker.layered import Size, Stretch, lay_out
from checker.render.wrap import visible

Shape = Literal["rectangle", "parallelogram", "ellipse", "rounded", "circle", "octagon"]
Face = Literal["head", "name", "text"]

SHAPES: Mapping[Notation, Mapping[NodeKind, Shape]] = {
    "gsn": {
        "goal": "rectangle",
        "claim": "rectangle",
        "argument": "parallelogram",
        "assumption": "ellipse",
        "axiom": "rounded",
        "scope": "rounded",
        "evidence": "circle",
        "worry": "octagon",
    },
    "cae": {
        "goal": "ellipse",
        "claim": "ellipse",
        "argument": "rounded",
        "assumption": "ellipse",
        "axiom": "ellipse",
        "scope": "rounded",
        "evidence": "rectangle",
        "worry": "octagon",
    },
}
"""Neither notation has a shape for worries. GSN draws what challenges a goal as a goal; cut corners tell it apart."""

KINDS: Mapping[NodeKind, str] = {
    "goal": "goal",
    "claim": "claim",
    "argument": "argument",
    "assumption": "assumption",
    "axiom": "axiom",
    "scope": "context",
    "evidence": "evidence",
    "worry": "worry",
}

LINE = {"head": 14, "name": 15, "text": 14}
SIZE = {"head": 10.5, "name": 12.0, "text": 11.0}
"""How high a line is, and how large its letters, in pixels."""

ICON = 14
"""How wide the sign before the first line is, with the room behind it."""

DIAMOND = 16
"""How high the sign of what is undeveloped is, below its box."""

CUT = 10
"""How much is cut off the corners of a worry, and by how much the sides of a strategy lean."""

_MOST_TEXT = {"rectangle": 6, "parallelogram": 5, "ellipse": 4, "rounded": 6, "circle": 3, "octagon": 6}
_ROOM = {"rectangle": 184, "parallelogram": 180, "ellipse": 168, "rounded": 180, "circle": 112, "octagon": 184}


MOST_BOXES, MOST_LINES = 1_500, 6_000
"""How much there may be in a picture. More is no picture that anybody could read."""


class TooLargeError(Exception):
    """There would be too much in a picture; the message is a sentence that says so."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line in a box; ``width`` is about how wide it is, and no less."""

    text: str
    face: Face
    width: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its place; ``height`` does not count the sign of what is undeveloped."""

    node: Node
    shape: Shape
    x: int
    y: int
    width: int
    height: int
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    edge: Edge
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A diagram that is laid out, in pixels."""

    diagram: Diagram
    notation: Notation
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Drawn, ...]


def figure(diagram: Diagram, notation: Notation) -> Figure:
    """Lays out a diagram. Raises ``TooLargeError``."""
    if len(diagram.nodes) > MOST_BOXES or len(diagram.edges) > MOST_LINES:
        raise TooLargeError(
            f"the argument of {diagram.name} has {len(diagram.nodes):,} boxes and {len(diagram.edges):,} lines, and a "
            f"picture has room for {MOST_BOXES:,} and {MOST_LINES:,}"
        )
    shapes = [SHAPES[notation][node.kind] for node in diagram.nodes]
    texts = [_lines(node, shape) for node, shape in zip(diagram.nodes, shapes, strict=True)]
    sizes = [_size(shape, text) for shape, text in zip(shapes, texts, strict=True)]
    number = {node.key: index for index, node in enumerate(diagram.nodes)}
    places = lay_out(
        [
            Size(width, height + (DIAMOND if node.undeveloped else 0), pointed=shape in ("ellipse", "circle"))
            for node, shape, (width, height) in zip(diagram.nodes, shapes, sizes, strict=True)
        ],
        [(number[edge.upper], number[edge.lower]) for edge in diagram.edges],
    )
    boxes = tuple(
        Box(node, shape, *corner, *size, text)
        for node, shape, corner, size, text in zip(diagram.nodes, shapes, places.corners, sizes, texts, strict=True)
    )
    lines = tuple(Drawn(edge, line) for edge, line in zip(diagram.edges, places.lines, strict=True))
    return Figure(diagram, notation, places.width, places.height, boxes, lines)


def head(node: Node) -> str:
    """What a box is and how it stands: ``goal: conditional``."""
    return KINDS[node.kind] if node.kind == "scope" else f"{KINDS[node.kind]}: {node.verdict}"


def _size(shape: Shape, lines: Sequence[TextLine]) -> tuple[int, int]:
    width = max(line.width + (ICON if line.face == "head" else 0) for line in lines)
    height = sum(LINE[line.face] for line in lines)
    match shape:
        case "rectangle" | "rounded":
            return max(120, ceil(width) + 22), height + 18
        case "parallelogram" | "octagon":
            return max(120, ceil(width) + 24 + CUT), height + 18
        case "ellipse":
            # The rectangle of the text, a little into the corners, which text rarely fills.
            return ceil(width * sqrt(2) * 0.97) + 12, ceil(height * sqrt(2)) + 12
        case "circle":
            across = ceil(hypot(width, height) * 0.97) + 10
            return across, across


def _lines(node: Node, shape: Shape) -> tuple[TextLine, ...]:
    room = _ROOM[shape]
    found = [TextLine(text, "head", text_width(text, "head")) for text in wrapped(head(node), "head", room - ICON)]
    if node.name is not None:
        found += [TextLine(text, "name", text_width(text, "name")) for text in wrapped(node.name, "name", room)]
    said = list(wrapped(node.text, "text", room))
    if len(said) > _MOST_TEXT[shape]:
        said = said[: _MOST_TEXT[shape]]
        said[-1] = said[-1][:-1].rstrip(" .,;:") + "…"
    return (*found, *(TextLine(text, "text", text_width(text, "text")) for text in said))


# -- text --------------------------------------------------------------------------------------------------------------

_NARROW = frozenset("ijl.,:;'|!()[] ftrI`")
_WIDE = frozenset("mwMW@%&")


def text_width(text: str, face: Face) -> float:
    """How wide a text is in any common font without serifs, or less, in pixels."""
    return SIZE[face] * (1.09 if face == "name" else 1.0) * sum(map(_em, text))


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.41
    if char in _WIDE:
        return 0.98
    if char.isascii():
        return 0.72 if char.isupper() else 0.63
    return 1.05


def wrapped(text: str, face: Face, room: float) -> Iterator[str]:
    """The lines of a text that are not wider than ``room``; names are broken behind points and underscores."""
    line = ""
    for word in " ".join(visible(text.replace("\n", " ").replace("\t", " ")).split()).split(" "):
        for part, before in _parts(word, face, room):
            joined = f"{line}{before if line else ''}{part}"
            if not line or text_width(joined, face) <= room:
                line = joined
            else:
                yield line
                line = part
    if line:
        yield line


def _parts(word: str, face: Face, room: float) -> Iterator[tuple[str, str]]:
    """A word in pieces that fit, each with what stands before it if it does not begin a line."""
    before = " "
    if text_width(word, face) <= room:
        yield word, before
        return
    for piece in re.findall(r"[^._]*[._]+|[^._]+", word):
        while text_width(piece, face) > room:
            cut = next(n for n in range(len(piece), 0, -1) if n == 1 or text_width(piece[:n], face) <= room)
            yield piece[:cut], before
            piece, before = piece[cut:], ""
            if not piece:
                break
        if piece:
            yield piece, before
        before = ""
