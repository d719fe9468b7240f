"""How long a process takes: several runs, in turn with those of its peer, so that both meet the same weather."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a process and of those that it waited for: seconds on the clock and of processors, and peak memory."""

    wall: float
    cpu: float
    megabytes: float
    status: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and what has to be done before each of its runs."""

    words: Sequence[str]
    before: Callable[[], None] = lambda: None
    environment: Mapping[str, str] | None = None
    folder: Path | None = None


def run(command: Command) -> Run:
    """Run a command once; its output is thrown away. Peak memory is that of the largest process of all."""
    command.before()
    start = time.perf_counter()
    process = subprocess.Popen(
        command.words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(command.environment or {})},
        cwd=command.folder,
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode)


def in_turn(commands: Sequence[Command], times: int) -> list[list[Run]]:
    """So many runs of each command, one of each after the other; the first round, which warms up, is not counted."""
    found: list[list[Run]] = [[] for _ in commands]
    for number in range(times + 1):
        for command, runs in zip(commands, found, strict=True):
            result = run(command)
            if number or times == 1:
                runs.append(result)
    return [runs[-times:] for runs in found]


def median(runs: Sequence[Run], what: Callable[[Run], float] = lambda one: one.wall) -> float:
    """The median of a figure over runs."""
    return statistics.median(map(what, runs))


def ratio(ours: Sequence[Run], theirs: Sequence[Run], what: Callable[[Run], float] = lambda one: one.wall) -> float:
    """The median of the ratios of runs that were made one after the other."""
    return statistics.median(what(a) / what(b) for a, b in zip(ours, theirs, strict=True))
