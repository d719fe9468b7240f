"""A line that shows how far a run has come, on a terminal that somebody may be waiting at."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from checker.progress import Progress

PATIENCE = 1.0
"""How many seconds a run may take without a line about it."""
PAUSE = 0.1
"""How many seconds there are between two changes of the line."""

_ERASE = "\r\x1b[K"
_BAR = 24


@contextmanager
def progress_line(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """What to tell progress to, None where nobody would see it. Standard output has nothing to do with it."""
    stream = sys.stderr
    if quiet or stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    line = Line(stream)
    try:
        yield line.tell
    finally:
        line.erase()


@dataclass(slots=True)
class Line:
    """The line at the bottom of a terminal. One that cannot be written to any more is left alone."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _next: float = field(init=False)
    _shown: bool = False

    def __post_init__(self) -> None:
        self._next = self.clock() + PATIENCE

    def tell(self, progress: Progress) -> None:
        """Show it, unless it is too soon for that."""
        now = self.clock()
        if now < self._next:
            return
        self._next = now + PAUSE
        width = shutil.get_terminal_size().columns - 1
        self._shown = True
        self._write(_ERASE + shown(progress)[:width])

    def erase(self) -> None:
        """Leave nothing of it."""
        if self._shown:
            self._shown = False
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):
            self._next = float("inf")


def shown(progress: Progress) -> str:
    """Progress as a line of text."""
    part = min(progress.done / progress.total, 1.0) if progress.total else 0.0
    full = int(part * _BAR)
    bar = "#" * full + "-" * (_BAR - full)
    return f"{progress.what} [{bar}] {progress.done:,} of {progress.total:,}"
