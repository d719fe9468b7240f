"""How far a run has come, for those who wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["reading files", "deciding obligations", "cross-checking answers"]


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` are done of what is done at the moment. More may turn up later, so ``total`` may grow."""

    done: int
    total: int
    what: What
