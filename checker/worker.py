"""A worker: the program of a process in which the solver runs, apart from whoever asks.

:mod:`checker.workers` starts this file. It reads tasks on standard input and writes what comes of them on standard
output, each as a pickle with its length before it; both ends are ours, and the pipe is private. The process ends when
its input ends, also in the midst of work: whoever asked is gone then, however that happened.
"""

from __future__ import annotations

import importlib.util
import os
import pickle
import queue
import signal
import struct
import sys
import threading
from pathlib import Path
from typing import IO, Any

LENGTH = struct.Struct(">Q")

MOST_TASKS = 200
"""After so many tasks a worker makes way for a fresh one, and the memory that it has gathered goes with it."""
MOST_KEPT = 1_000
"""How many megabytes Z3 may hold on to after a task; a worker with more makes way as well."""
MOST_MEMORY = 3_000
"""How many megabytes Z3 may take in a worker. Half as much again as the watermark at which it should give up by itself
(see :mod:`checker.z3_library`); it may not survive this one, which costs a worker and no more. The share of a worker
does not depend on how many there are, because what is decided must not."""


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal reaches us too; whoever asked decides
    # Whatever native code prints must not come between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    start = receive(sys.stdin.buffer)
    if start is None:
        return
    sys.path[:] = pickle.loads(start)  # noqa: S301 - from the process that started us
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    z3 = _prepared()
    for number in range(1, MOST_TASKS + 1):
        outcome = _worked(tasks.get())
        is_last = number == MOST_TASKS or _is_worn(z3)
        send(replies, bytes([is_last]) + outcome)
        if is_last:
            return


def _listen(stream: IO[bytes], tasks: queue.SimpleQueue[bytes]) -> None:
    """Take tasks in, and end the process when there can be no more."""
    while (task := receive(stream)) is not None:
        tasks.put(task)
    os._exit(0)


def _prepared() -> Any:
    """Load what every task needs; None where there is no solver, which the first task will find out and tell."""
    # The checker is taken from where this file is, whatever else the path has under that name.
    package = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        "checker", package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules["checker"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["checker"])
    from checker.collecting import collect_seldom

    collect_seldom()
    from checker import batches, z3_library, z3_solver  # noqa: F401

    try:
        z3 = z3_library.load()
    except ImportError:
        return None
    z3.set_param("memory_max_size", MOST_MEMORY)
    return z3


def _worked(task: bytes) -> bytes:
    """What comes of a task, a pickled function with its arguments: whether that is a result, and which."""
    try:
        function, args = pickle.loads(task)  # noqa: S301 - from the process that started us
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - it is told to whoever asked
        return pickle.dumps((False, f"{type(error).__name__}: {error}"), pickle.HIGHEST_PROTOCOL)


def _is_worn(z3: Any) -> bool:
    """Whether the process holds on to what it should not: too much memory, or work that would not stop."""
    if z3 is None:
        return False
    from checker import z3_solver

    return z3_solver.has_abandoned() or z3.Z3_get_estimated_alloc_size() > MOST_KEPT * 2**20


# -- frames ------------------------------------------------------------------------------------------------------------


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one frame. Raises ``OSError`` if nobody reads it."""
    stream.write(LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None if the stream ends before it is complete."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


if __name__ == "__main__":
    main()
