"""How deciding scales on a Dask cluster: ``python benchmarks/scaling.py [PATH]...`` (default: specs examples).

Starts clusters of 1 and 2 worker processes (``--workers 1,2,4`` for others) on this machine, checks the paths on each,
and calculates from the slope what a million obligations would take on a hundred workers. It needs the extra ``dask``.
Times are wall-clock seconds, and medians of ``--rounds`` runs. The sizes alternate, because machines are noisy.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import checker
from checker.progress import Progress

TODAY = date(2026, 11, 24)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=["specs", "examples"])
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sizes = [int(size) for size in given.workers.split(",")]
    times: dict[int, list[float]] = {size: [] for size in sizes}
    digests, count = set(), 0
    for _ in range(given.rounds):
        for size in sizes:
            seconds, digest, count = measured(given.paths, size)
            times[size].append(seconds)
            digests.add(digest)
    print(f"{count} obligations; the reports are {'the same' if len(digests) == 1 else 'NOT THE SAME'}")
    print("| workers | seconds | obligations a second | speed-up |\n| --- | --- | --- | --- |")
    medians = {size: statistics.median(found) for size, found in times.items()}
    for size, seconds in medians.items():
        print(f"| {size} | {seconds:.1f} | {count / seconds:.1f} | {medians[sizes[0]] / seconds:.2f} |")
    print(calculated(count, medians))


def measured(paths: Sequence[str], size: int) -> tuple[float, str, int]:
    """How long a check takes on so many workers, a digest of the report, and how many obligations there were."""
    from distributed import LocalCluster

    told: list[Progress] = []
    local: Any = LocalCluster
    cluster = local(n_workers=size, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
    with cluster:
        address = "dask://" + cluster.scheduler_address.removeprefix("tcp://")
        checker.check_text("case warm { predicate p assume a : p goal g : p by a }", executor=address)
        begun = time.perf_counter()
        report = checker.check(paths, today=TODAY, executor=address, progress=told.append)
        seconds = time.perf_counter() - begun
    return seconds, hashlib.sha256(report.to_json().encode()).hexdigest(), told[-1].total


def calculated(count: int, medians: dict[int, float]) -> str:
    """What the figures say of a million obligations on a hundred workers, if time is ``fixed + work / workers``."""
    sizes = sorted(medians)
    if len(sizes) < 2:
        return "For a calculation two sizes are needed."
    first, last = sizes[0], sizes[-1]
    work = (medians[first] - medians[last]) / (1 / first - 1 / last)
    fixed = max(medians[last] - work / last, 0.0)
    each, serial = work / count, fixed / count
    in_parallel, by_one = 1e6 * each / 100, 1e6 * serial
    return (
        f"time = fixed + work / workers, with work {work:.1f} s ({1000 * each:.1f} ms an obligation) and fixed "
        f"{fixed:.1f} s ({1000 * serial:.1f} ms an obligation).\nA million obligations on 100 workers: "
        f"{in_parallel / 60:.0f} minutes of deciding; and {by_one / 60:.0f} minutes of what one process does for all, "
        f"unless several runs share that."
    )


if __name__ == "__main__":
    main()
