"""Who answers the questions of a run in parallel: worker processes of this machine, or an executor of the caller's."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor

from checker.answering import Allowance
from checker.parallel import OnExecutor
from checker.workers import Workers


def on_this_machine(jobs: int, allowance: Allowance) -> OnExecutor:
    """Up to ``jobs`` worker processes, which end with the run."""
    workers = Workers(jobs)
    return _on_workers(workers, allowance, stop=workers.close)


def _on_workers(workers: Workers, allowance: Allowance, stop: Callable[[], None] | None = None) -> OnExecutor:
    # Twice as many as there are workers, so that none has to wait for its next batch.
    return OnExecutor(workers, 2 * workers.jobs, allowance, kill=workers.kill, start=workers.start, stop=stop)


def on_executor(executor: Executor | str, allowance: Allowance) -> OnExecutor:
    """An executor, which is left open, or the cluster at an address."""
    if isinstance(executor, str):
        from checker.dask_cluster import connect

        return connect(executor, allowance)
    if isinstance(executor, Workers):
        return _on_workers(executor, allowance)
    return OnExecutor(executor, 2 * (os.cpu_count() or 1), allowance)
