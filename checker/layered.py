"""Places boxes in layers and lines between them, from sizes alone: the drawing method of Sugiyama, Tagawa and Toda.

Each box stands below all that it hangs from (longest path), in a layer that is not too wide; what hangs together is one
picture, and pictures stand beside each other. Within a layer, boxes are ordered by the barycentre of what they are
connected to, as long as fewer lines cross for it. Then each layer is moved to where its connections want it, in the
sense of least squares, with the boxes kept apart (isotonic regression by pooling adjacent violators).

Lines that pass a layer have a place of their own in it, so no line runs through a box. Lines to the same box run
together from where they meet, and so do lines from one box to those that nothing else leads to: there are hardly more
of them than of boxes.

Everything is decided by the order of what is given: same input, same picture.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, sqrt

GAP, GAP_OF_LINES = 26, 12
"""The least room between two boxes of a layer, and on either side of a line that passes it."""

RISE, RISE_FOR_EACH = 46, 1.2
"""The room between two layers, and how much more of it there is for each line that goes from the one to the other."""

_SWEEPS, _ROUNDS = 12, 10


@dataclass(frozen=True, slots=True)
class Size:
    """How large a box is. Lines meet a ``pointed`` one at the middle of its upper and lower edge alone."""

    width: int
    height: int
    pointed: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line that runs straight down."""

    x: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The left upper corners of the boxes; and for each line its stretches from top to bottom, with curves between."""

    width: int
    height: int
    corners: tuple[tuple[int, int], ...]
    lines: tuple[tuple[Stretch, ...], ...]


def lay_out(sizes: Sequence[Size], edges: Sequence[tuple[int, int]]) -> Layout:
    """Places boxes and the lines between them. An edge leads from a box to one that should stand below it.

    Edges may form circles: then some of them lead upwards. An edge from a box to itself is no line, and has no stretch.
    """
    corners: list[tuple[int, int]] = [(0, 0)] * len(sizes)
    lines: list[tuple[Stretch, ...]] = [()] * len(edges)
    parts = [_Part(sizes, edges, boxes).laid_out() for boxes in _components(len(sizes), edges)]
    width, height, places = _packed([(part.width, part.height) for part in parts])
    for part, (x, y) in zip(parts, places, strict=True):
        for box, (left, top) in part.corners.items():
            corners[box] = (left + x, top + y)
        for edge, line in part.lines.items():
            lines[edge] = tuple(Stretch(s.x + x, s.top + y, s.bottom + y) for s in line)
    return Layout(width, height, tuple(corners), tuple(lines))


def _components(number: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The boxes that hang together, each in order, by their first ones."""
    home = list(range(number))

    def root(box: int) -> int:
        while home[box] != box:
            home[box] = home[home[box]]
            box = home[box]
        return box

    for upper, lower in edges:
        first, second = sorted((root(upper), root(lower)))
        home[second] = first
    found: dict[int, list[int]] = {}
    for box in range(number):
        found.setdefault(root(box), []).append(box)
    return list(found.values())


def _packed(sizes: Sequence[tuple[int, int]]) -> tuple[int, int, list[tuple[int, int]]]:
    """Puts rectangles into rows, the highest ones first: the whole width and height, and the corners."""
    widest = max([width for width, _ in sizes], default=0)
    area = sum(width * height for width, height in sizes)
    room = max(widest, ceil(sqrt(1.6 * area)))
    places = [(0, 0)] * len(sizes)
    x = y = row = right = 0
    for index in sorted(range(len(sizes)), key=lambda index: -sizes[index][1]):
        width, height = sizes[index]
        if x and x + width > room:
            x, y, row = 0, y + row + RISE, 0
        places[index] = (x, y)
        row, right = max(row, height), max(right, x + width)
        x += width + 2 * GAP
    return right, y + row, places


# -- what hangs together ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Drawn:
    width: int
    height: int
    corners: dict[int, tuple[int, int]]
    lines: dict[int, list[Stretch]]


@dataclass(slots=True)
class _Part:
    """What hangs together. Places are numbered: first those of ``boxes``, then those of lines that pass a layer."""

    sizes: Sequence[Size]
    edges: Sequence[tuple[int, int]]
    boxes: Sequence[int]
    _layer: list[int] = field(default_factory=list)
    _rows: list[list[int]] = field(default_factory=list)
    _down: list[list[int]] = field(default_factory=list)
    _up: list[list[int]] = field(default_factory=list)
    _x: list[float] = field(default_factory=list)
    _paths: dict[int, list[int]] = field(default_factory=dict)
    """For each edge the places that it leads through, from top to bottom."""

    def laid_out(self) -> _Drawn:
        number = {box: index for index, box in enumerate(self.boxes)}
        inner = {
            edge: (number[upper], number[lower])
            for edge, (upper, lower) in enumerate(self.edges)
            if upper in number and upper != lower
        }
        downward = _without_circles(len(self.boxes), list(dict.fromkeys(inner.values())))
        self._layer = _layers(len(self.boxes), downward, most=max(6, ceil(sqrt(1.5 * len(self.boxes)))))
        self._connect(inner)
        self._order()
        self._move()
        return self._drawn(inner)

    def _connect(self, inner: dict[int, tuple[int, int]]) -> None:
        """Gives each line its places.

        Lines that end in the same box share theirs; and so do those from one box to boxes that nothing else leads to.
        """
        self._down = [[] for _ in self.boxes]
        self._up = [[] for _ in self.boxes]
        turned = {edge: sorted(ends, key=lambda place: self._layer[place]) for edge, ends in inner.items()}
        above: dict[int, set[int]] = {}
        for upper, lower in turned.values():
            above.setdefault(lower, set()).add(upper)
        trunks: dict[int, list[int]] = {}
        chains: dict[int, list[int]] = {}
        for edge, (upper, lower) in turned.items():
            between = self._layer[lower] - self._layer[upper] - 1
            if len(above[lower]) == 1:
                trunk = trunks.setdefault(upper, [])
                while len(trunk) < between:
                    trunk.append(self._passing(self._layer[upper] + len(trunk) + 1))
                path = [upper, *trunk[:between], lower]
            else:
                chain = chains.setdefault(lower, [])  # upwards
                while len(chain) < between:
                    chain.append(self._passing(self._layer[lower] - len(chain) - 1))
                path = [upper, *reversed(chain[:between]), lower]
            for one, other in pairwise(path):
                if other not in self._down[one]:
                    self._down[one].append(other)
                    self._up[other].append(one)
            self._paths[edge] = path

    def _passing(self, layer: int) -> int:
        """A new place of a line that passes this layer."""
        self._layer.append(layer)
        self._down.append([])
        self._up.append([])
        return len(self._layer) - 1

    # -- order --------------------------------------------------------------------------------------------------------

    def _order(self) -> None:
        rows: list[list[int]] = [[] for _ in range(max(self._layer) + 1)]
        for place in self._from_the_top():
            rows[self._layer[place]].append(place)
        best, fewest = rows, self._crossings(rows)
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            rows = [*rows]
            if sweep % 2 == 0:
                for layer in range(1, len(rows)):
                    rows[layer] = _sorted_by(rows[layer], rows[layer - 1], self._up)
            else:
                for layer in range(len(rows) - 2, -1, -1):
                    rows[layer] = _sorted_by(rows[layer], rows[layer + 1], self._down)
            crossings = self._crossings(rows)
            if crossings < fewest:
                best, fewest = rows, crossings
        self._rows = best

    def _from_the_top(self) -> Iterator[int]:
        """All places, what hangs from one right behind it."""
        seen: set[int] = set()
        for root in sorted(range(len(self._layer)), key=lambda place: (self._layer[place], place)):
            stack = [root]
            while stack:
                place = stack.pop()
                if place not in seen:
                    seen.add(place)
                    yield place
                    stack.extend(reversed(self._lines_amid(self._down[place])))

    def _lines_amid(self, places: Sequence[int]) -> list[int]:
        """Boxes with the lines that pass them in the middle, so that what comes further down is below the middle."""
        boxes = [place for place in places if not self._is_line(place)]
        lines = [place for place in places if self._is_line(place)]
        return [*boxes[: len(boxes) // 2], *lines, *boxes[len(boxes) // 2 :]]

    def _crossings(self, rows: Sequence[Sequence[int]]) -> int:
        return sum(_crossings_between(upper, lower, self._down) for upper, lower in pairwise(rows))

    # -- places -------------------------------------------------------------------------------------------------------

    def _move(self) -> None:
        """Moves all rows, again and again, to where what is above them, and then what is below, wants them."""
        self._x = [0.0] * len(self._layer)
        for row in self._rows:
            for place, x in zip(row, _apart([0.0] * len(row), [1.0] * len(row), self._distances(row)), strict=True):
                self._x[place] = x
        for turn in range(_ROUNDS):
            to_both = turn >= _ROUNDS - 3
            for row in self._rows[1:]:
                self._pull(row, self._near if to_both else self._up.__getitem__)
            for row in reversed(self._rows[:-1]):
                self._pull(row, self._near if to_both else self._down.__getitem__)

    def _near(self, place: int) -> list[int]:
        return self._up[place] + self._down[place]

    def _pull(self, row: Sequence[int], others: Callable[[int], Sequence[int]]) -> None:
        wanted, weights = [], []
        for place in row:
            near = others(place)
            wanted.append(sum(self._x[other] for other in near) / len(near) if near else self._x[place])
            # Bends make a line hard to follow, so lines come before boxes.
            weights.append(4.0 if self._is_line(place) else 1.0 if near else 0.1)
        for place, x in zip(row, _apart(wanted, weights, self._distances(row)), strict=True):
            self._x[place] = x

    def _is_line(self, place: int) -> bool:
        return place >= len(self.boxes)

    def _size(self, place: int) -> Size:
        return Size(0, 0, pointed=True) if self._is_line(place) else self.sizes[self.boxes[place]]

    def _distances(self, row: Sequence[int]) -> list[float]:
        """The least distances between the middles of neighbours."""
        gaps = [GAP_OF_LINES if self._is_line(a) or self._is_line(b) else GAP for a, b in pairwise(row)]
        return [
            (self._size(a).width + self._size(b).width) / 2 + gap
            for (a, b), gap in zip(pairwise(row), gaps, strict=True)
        ]

    # -- the picture --------------------------------------------------------------------------------------------------

    def _drawn(self, inner: dict[int, tuple[int, int]]) -> _Drawn:
        left = min(self._x[place] - self._size(place).width / 2 for place in range(len(self._x)))
        middle = [round(x - left) for x in self._x]
        heights = [max(self._size(place).height for place in row) for row in self._rows]
        tops = [0]
        for upper, height in zip(self._rows, heights, strict=True):
            lines = sum(len(self._down[place]) for place in upper)
            tops.append(tops[-1] + height + RISE + min(90, round(RISE_FOR_EACH * lines)))
        corners: dict[int, tuple[int, int]] = {}
        for place, box in enumerate(self.boxes):
            corners[box] = (middle[place] - self.sizes[box].width // 2, tops[self._layer[place]])
        lines_of = {
            edge: self._line(self._paths[edge], ends[0] != self._paths[edge][0], middle, tops, heights)
            for edge, ends in inner.items()
        }
        right = max(corners[box][0] + self.sizes[box].width for box in self.boxes)
        right = max(right, *middle)
        return _Drawn(right, tops[len(self._rows) - 1] + heights[-1], corners, lines_of)

    def _line(
        self, path: Sequence[int], upside_down: bool, middle: Sequence[int], tops: Sequence[int], heights: Sequence[int]
    ) -> list[Stretch]:
        stretches = []
        for index, place in enumerate(path):
            layer = self._layer[place]
            top, bottom = tops[layer], tops[layer] + heights[layer]
            x = middle[place]
            if index == 0:
                x += self._port(place, path[1], self._down[place], middle)
                top += self._size(place).height
            elif index == len(path) - 1:
                x += self._port(place, path[-2], self._up[place], middle)
                bottom = top
            stretches.append(Stretch(x, top, bottom))
        if upside_down:
            stretches = [Stretch(s.x, s.bottom, s.top) for s in reversed(stretches)]
        return stretches

    def _port(self, place: int, other: int, others: Sequence[int], middle: Sequence[int]) -> int:
        """How far from the middle of a box's edge a line meets it: beside the others, in the order of where they go."""
        if self._size(place).pointed or len(others) < 2:
            return 0
        ordered = sorted(others, key=lambda one: (middle[one], one))
        room = min(0.6 * self._size(place).width, 14.0 * (len(ordered) - 1))
        return round(room * (ordered.index(other) / (len(ordered) - 1) - 0.5))


# -- layers -----------------------------------------------------------------------------------------------------------


def _without_circles(number: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """What each box leads to, without the edges that would close a circle."""
    below: list[list[int]] = [[] for _ in range(number)]
    for upper, lower in edges:
        below[upper].append(lower)
    state = [0] * number  # 1: on the way down from it, 2: done
    kept: list[list[int]] = [[] for _ in range(number)]
    entered = {lower for _, lower in edges}
    for root in sorted(range(number), key=lambda box: (box in entered, box)):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(below[root]))]
        while stack:
            box, rest = stack[-1]
            for lower in rest:
                if state[lower] != 1:
                    kept[box].append(lower)
                if not state[lower]:
                    state[lower] = 1
                    stack.append((lower, iter(below[lower])))
                    break
            else:
                state[box] = 2
                stack.pop()
    return kept


def _layers(number: int, below: Sequence[Sequence[int]], most: int) -> list[int]:
    """The layer of each box: below all that leads to it, and no more than ``most`` boxes in one."""
    above: list[list[int]] = [[] for _ in range(number)]
    for upper, lowers in enumerate(below):
        for lower in lowers:
            above[lower].append(upper)
    layer = [-1] * number
    filled: dict[int, int] = {}

    def put(box: int, at: int) -> None:
        layer[box] = at
        filled[at] = filled.get(at, 0) + 1

    # What others hang from comes first, so that the leaves make room for it.
    depth = [0] * number
    waiting = [len(above[box]) for box in range(number)]
    ready = [box for box in range(number) if not waiting[box]]
    order: list[int] = []
    for box in ready:
        order.append(box)
        for lower in below[box]:
            depth[lower] = max(depth[lower], depth[box] + 1)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    for box in sorted(order, key=lambda box: (depth[box], not below[box])):
        at = max((layer[upper] + 1 for upper in above[box]), default=0)
        while filled.get(at, 0) >= most:
            at += 1
        put(box, at)
    # What nothing leads to goes down to what it leads to.
    for box in reversed(order):
        if not above[box] and below[box]:
            at = min(layer[lower] for lower in below[box]) - 1
            while at > layer[box] and filled.get(at, 0) >= most:
                at -= 1
            if at > layer[box]:
                filled[layer[box]] -= 1
                put(box, at)
    used = sorted(set(layer))
    return [used.index(at) for at in layer]


# -- order and distance -----------------------------------------------------------------------------------------------


def _sorted_by(row: Sequence[int], fixed: Sequence[int], near: Sequence[Sequence[int]]) -> list[int]:
    """A row by the barycentres of what is near in a fixed one. What nothing is near to stays where it is."""
    position = {place: index for index, place in enumerate(fixed)}

    def barycentre(place: int) -> float | None:
        found = [position[other] for other in near[place] if other in position]
        return sum(found) / len(found) if found else None

    centres = {place: barycentre(place) for place in row}
    movable = iter(sorted((p for p in row if centres[p] is not None), key=lambda p: centres[p] or 0.0))
    return [next(movable) if centres[place] is not None else place for place in row]


def _crossings_between(upper: Sequence[int], lower: Sequence[int], down: Sequence[Sequence[int]]) -> int:
    position = {place: index for index, place in enumerate(lower)}
    met: list[int] = []
    crossings = 0
    for place in upper:
        ends = sorted(position[other] for other in down[place] if other in position)
        crossings += sum(len(met) - bisect_right(met, end) for end in ends)
        met = sorted([*met, *ends])
    return crossings


def _apart(wanted: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The places next to the wanted ones (least weighted squares) that are in order and at least so far apart."""
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, number
    for place, weight, offset in zip(wanted, weights, offsets, strict=False):
        mean, total, number = place - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, weight_before, number_before = blocks.pop()
            mean = (before * weight_before + mean * total) / (total + weight_before)
            total, number = total + weight_before, number + number_before
        blocks.append((mean, total, number))
    means = [mean for mean, _, number in blocks for _ in range(number)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]
