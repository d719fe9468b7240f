"""The layout: boxes never overlap, lines run from box to box and through none, the same picture every time."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.layered import Layout, Size, lay_out

SIZES = st.builds(Size, st.integers(20, 260), st.integers(20, 160), st.booleans())


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Size], list[tuple[int, int]]]:
    """Any graph, with circles, edges from a box to itself, and edges that are there twice."""
    sizes = draw(st.lists(SIZES, min_size=0, max_size=14))
    box = st.integers(0, len(sizes) - 1)
    edges = draw(st.lists(st.tuples(box, box), max_size=30)) if sizes else []
    return sizes, edges


def overlapping(sizes: list[Size], found: Layout) -> list[tuple[int, int]]:
    def overlap(a: int, b: int) -> bool:
        (ax, ay), (bx, by) = found.corners[a], found.corners[b]
        across = ax < bx + sizes[b].width and bx < ax + sizes[a].width
        return across and ay < by + sizes[b].height and by < ay + sizes[a].height

    return [pair for pair in combinations(range(len(sizes)), 2) if overlap(*pair)]


@settings(max_examples=40)
@given(graphs())
def test_boxes_do_not_overlap_and_lie_within_the_picture(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    sizes, edges = graph
    found = lay_out(sizes, edges)
    assert overlapping(sizes, found) == []
    for size, (x, y) in zip(sizes, found.corners, strict=True):
        assert 0 <= x <= found.width - size.width
        assert 0 <= y <= found.height - size.height


@settings(max_examples=40)
@given(graphs())
def test_lines_join_their_boxes_and_run_through_no_other(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    sizes, edges = graph
    found = lay_out(sizes, edges)
    for (upper, lower), line in zip(edges, found.lines, strict=True):
        if upper == lower:
            assert line == ()
            continue
        first, last = line[0], line[-1]
        (ux, uy), (lx, ly) = found.corners[upper], found.corners[lower]
        assert ux <= first.x <= ux + sizes[upper].width
        assert lx <= last.x <= lx + sizes[lower].width
        if uy < ly:
            assert (first.top, last.bottom) == (uy + sizes[upper].height, ly)
        else:  # an edge that closes a circle leads upwards
            assert (first.top, last.bottom) == (uy, ly + sizes[lower].height)
        for stretch in line:
            top, bottom = sorted((stretch.top, stretch.bottom))
            for box, (x, y) in enumerate(found.corners):
                if box not in (upper, lower):
                    inside = x < stretch.x < x + sizes[box].width and y < bottom and top < y + sizes[box].height
                    assert not inside, (upper, lower, box)


@settings(max_examples=40)
@given(graphs())
def test_without_circles_every_edge_leads_down(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    sizes, edges = graph
    downward = [(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]]
    found = lay_out(sizes, downward)
    for upper, lower in downward:
        assert found.corners[upper][1] + sizes[upper].height < found.corners[lower][1]


@settings(max_examples=40)
@given(graphs())
def test_the_same_graph_gives_the_same_picture(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    assert lay_out(*graph) == lay_out(*graph)


def test_a_tree_is_drawn_without_crossings() -> None:
    sizes = [Size(100, 40)] * 15
    edges = [((child - 1) // 2, child) for child in range(14, 0, -1)]
    found = lay_out(sizes, edges)
    x = [corner[0] for corner in found.corners]
    for one, other in combinations(edges, 2):
        if found.corners[one[0]][1] == found.corners[other[0]][1]:
            assert (x[one[0]] - x[other[0]]) * (x[one[1]] - x[other[1]]) >= 0


def test_a_parent_stands_above_the_middle_of_its_children() -> None:
    found = lay_out([Size(100, 40)] * 4, [(0, 1), (0, 2), (0, 3)])
    assert found.corners[0][0] == found.corners[2][0]


def test_a_layer_is_not_too_wide() -> None:
    found = lay_out([Size(100, 40)] * 200, [(0, child) for child in range(1, 200)])
    assert found.width < 4 * found.height
    assert found.height < 4 * found.width
