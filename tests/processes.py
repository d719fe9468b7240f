"""The process table, as tests look at it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def children(parent: int) -> list[int]:
    """The processes that were started by this one and are there, those included that nobody has waited for."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return sorted(found)


Started = Callable[[], list[int]]
"""Tells which children of the process that runs the tests are there and were started by the test."""


def is_there(process: int) -> bool:
    """Whether there is such a process, and one that runs."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_asleep(process: int) -> bool:
    """Whether a process waits for something other than a core."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return False


def seconds_of_work(process: int) -> float:
    """How much time on a core a process has taken."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(there: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it came about in time."""
    deadline = time.monotonic() + seconds
    while not there():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
