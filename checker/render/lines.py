"""Text in boxes that other programs draw: cut to a few lines of a good length."""

from __future__ import annotations

from collections.abc import Iterator

from checker.render.wrap import fold

WIDTH, MOST = 32, 8
"""How many columns a line has, and how many lines there are at most."""


def broken(text: str) -> Iterator[str]:
    """The text on lines, without what would be too much for a box."""
    found = ["".join(piece.text for piece in line).rstrip() for line in fold(" ".join(text.split()), WIDTH)]
    if len(found) > MOST:
        found = [*found[: MOST - 1], found[MOST - 1][: WIDTH - 1].rstrip(" .,;:") + "…"]
    yield from (line for line in found if line)
