"""Many random cases, in several processes; what is found is kept in files at once, and made small at the end.

Which cases are tried, and what is said about them, does not depend on how many processes there are. One cvc5 serves a
process for all of its cases.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from checker.cross_check import SecondSolver
from checker.cvc5_solver import Cvc5
from tests.oracle.generate import random_file
from tests.oracle.printing import case_text
from tests.oracle.tape import Choices, from_seed
from tests.oracle.trial import Disagreement, Figures, Trial, smallest, try_choices

CHUNK = 2
"""So many cases are handed to a process at a time."""
AHEAD = 3
"""So many chunks for each process are under way or wait for it, so that none is idle."""
ENOUGH = 5
"""After so many finds a run ends: they are mostly the same one."""


@dataclass(frozen=True, slots=True)
class Find:
    """A disagreement, what made the case, and the file that it is kept in."""

    origin: str
    disagreement: Disagreement
    path: Path


@dataclass(slots=True)
class Campaign:
    """What a run has covered so far: all seeds from the first up to, and without, ``next_seed``."""

    next_seed: int
    folder: Path
    figures: Figures = field(default_factory=Figures)
    finds: list[Find] = field(default_factory=list)
    ended: Literal["all cases", "time", "interrupted", "enough finds", "a process died"] = "all cases"

    def keep(self, origin: str, found: Disagreement) -> None:
        self.finds.append(Find(origin, found, kept(self.folder, origin, found)))


def kept(folder: Path, origin: str, found: Disagreement) -> Path:
    """The file, now written, with a case that is disagreed about; its first lines say how."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = origin.replace(" ", "-")
    said = [f"# {line}" for one in (origin, *found.differences) for line in one.splitlines()]
    path = folder / f"{stem}.case"
    path.write_text("\n".join([*said, "", case_text(found.file)]), "utf-8")
    if found.script:
        (folder / f"{stem}.smt2").write_text(found.script, "utf-8")
    return path


def over_seeds(
    campaign: Campaign,
    cases: int | None,
    seconds: float | None,
    jobs: int,
    with_cvc5: bool,
    progress: Callable[[Campaign], None],
) -> None:
    """Try the cases of so many seeds, from ``campaign.next_seed`` on, or as many as the time allows.

    Ctrl-C ends it early; ``campaign`` then tells what was covered. Raises ``ImportError`` where cvc5 is wanted and not
    there.
    """
    if with_cvc5:
        Cvc5().close()  # in the processes themselves its absence would be no more than a broken pool
    deadline = None if seconds is None else time.monotonic() + seconds
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (with_cvc5,))
    waiting: deque[Future[list[Trial]]] = deque()
    chunks = _chunks(campaign.next_seed, cases)
    try:
        while True:
            if deadline is None or time.monotonic() < deadline:
                waiting += [pool.submit(_try_all, seeds) for seeds in islice(chunks, jobs * AHEAD - len(waiting))]
            elif campaign.ended == "all cases":
                campaign.ended = "time"
            if not waiting:
                break
            for trial in waiting.popleft().result():
                seed = campaign.next_seed
                campaign.figures += trial.figures
                campaign.next_seed += 1
                if trial.disagreement is not None:
                    campaign.keep(f"seed {seed}", trial.disagreement)
            progress(campaign)
            if len(campaign.finds) >= ENOUGH:
                campaign.ended = "enough finds"
                break
    except KeyboardInterrupt:
        campaign.ended = "interrupted"
    except BrokenProcessPool:
        campaign.ended = "a process died"
    finally:
        # Who is impatient still wants to know what was covered.
        with suppress(KeyboardInterrupt):
            pool.shutdown(wait=True, cancel_futures=True)


def _chunks(first: int, cases: int | None) -> Iterator[range]:
    end = None if cases is None else first + cases
    while end is None or first < end:
        stop = first + CHUNK if end is None else min(first + CHUNK, end)
        yield range(first, stop)
        first = stop


_second: SecondSolver | None = None
"""The second solver of this process."""


def _begin(with_cvc5: bool) -> None:
    """Make a process ready: Ctrl-C is for the one that collects the results."""
    global _second  # noqa: PLW0603 - a pool has no other place for what a process keeps
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _second = Cvc5() if with_cvc5 else None


def _try_all(seeds: range) -> list[Trial]:
    return [try_choices(from_seed(seed), _second) for seed in seeds]


def shrunk_finds(campaign: Campaign, with_cvc5: bool, tries: int) -> Iterator[Find]:
    """Each find, made as small as it can be and kept in a file of its own."""
    if not campaign.finds:
        return
    second = Cvc5() if with_cvc5 else None
    try:
        for find in campaign.finds:
            small = smallest(find.disagreement, tries, second)
            origin = f"{find.origin} small"
            yield replace(find, disagreement=small, path=kept(campaign.folder, origin, small))
    finally:
        if second is not None:
            second.close()


def by_hypothesis(campaign: Campaign, examples: int, with_cvc5: bool, progress: Callable[[Campaign], None]) -> None:
    """Try so many cases whose choices Hypothesis makes. It shrinks what it finds, and tries that first the next time.

    Cases that it draws again are not judged again, and not counted. (With a seed of ours it would keep no examples.)
    """
    second = Cvc5() if with_cvc5 else None
    agreed: set[str] = set()
    last: Disagreement | None = None

    @settings(
        max_examples=examples,
        derandomize=False,
        deadline=None,
        database=DirectoryBasedExampleDatabase(campaign.folder / "examples"),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    @given(st.randoms(use_true_random=False))
    def agree(random: Random) -> None:
        nonlocal last
        choices = Choices(random=random)
        text = case_text(random_file(choices))
        if text in agreed:
            return
        trial = try_choices(Choices(tuple(choices.made)), second)
        if trial.disagreement is not None:
            last = trial.disagreement
            raise _FoundError
        agreed.add(text)
        campaign.figures += trial.figures
        progress(campaign)

    try:
        agree()
    except _FoundError:
        campaign.ended = "enough finds"
    except KeyboardInterrupt:
        campaign.ended = "interrupted"
    finally:
        if last is not None:
            digest = hashlib.sha256(case_text(last.file).encode()).hexdigest()
            campaign.keep(f"hypothesis {digest[:8]}", last)
        if second is not None:
            second.close()


class _FoundError(Exception):
    """Tells Hypothesis that it has found something."""
