"""A Dask cluster as the executor of a run. It needs the optional package ``distributed``.

Whoever can speak to a cluster can run code on it, and it can run code here; so the address of one is for the command
line and for callers alone, and stands in no file that is checked.
"""

from __future__ import annotations

import re
from typing import Any

from checker import batches
from checker.answering import Allowance
from checker.errors import NoExecutor
from checker.parallel import OnExecutor

INSTALL = 'pip install "safety-case-checker[dask]"'
PATIENCE = 20.0
"""How many seconds a cluster gets to answer when it is first spoken to."""

ADDRESS = re.compile(r"dask://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):(?P<port>[0-9]{1,5})")


def connect(address: str, allowance: Allowance) -> OnExecutor:
    """Answer questions on the cluster whose scheduler is at ``dask://HOST:PORT``, until that is closed.

    Raises ``NoExecutor``: where ``distributed`` is not installed, where there is no such cluster or it has no workers,
    and where the workers do not have this version of the checker and of Z3.
    """
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise NoExecutor(f"'{address}' names no executor; write it like dask://localhost:8786")
    try:
        from distributed import Client
    except ImportError as error:
        raise NoExecutor(
            f"a Dask cluster needs distributed, which is not installed; `{INSTALL}` provides it"
        ) from error
    try:
        scheduler = f"tcp://{found['host']}:{found['port']}"
        client: Any = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:  # its own time-outs are among these
        raise NoExecutor(f"there is no Dask cluster at {address}: {error}") from error
    try:
        _examine(client, address)
        threads = sum(client.nthreads().values())
        # Twice as many as there are threads, so that none waits for the way to us and back.
        executor = client.get_executor(pure=False)
        return OnExecutor(executor, 2 * threads, allowance, stop=client.close, tells_running=False)
    except BaseException:
        client.close()
        raise


def _examine(client: Any, address: str) -> None:
    """Raise ``NoExecutor`` unless there are workers, and all of them can answer as we would."""
    wanted = batches.versions()
    try:
        versions = client.run(batches.versions)
    except Exception as error:
        raise NoExecutor(
            f"the workers of the cluster at {address} cannot run the checker, which has to be installed there as well: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not versions:
        raise NoExecutor(f"the cluster at {address} has no workers")
    for worker, found in sorted(versions.items()):
        if tuple(found) != wanted:
            raise NoExecutor(
                f"the worker {worker} of the cluster at {address} has version {found[0]} of the checker and {found[1]} "
                f"of Z3; {wanted[0]} and {wanted[1]} are wanted"
            )
