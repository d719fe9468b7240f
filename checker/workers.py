"""Worker processes on this machine, as an ``Executor`` that outlives them.

The executors of the standard library give up for good when one process ends, and start processes by running the
caller's program again or by copying it with all its threads. Here each process is started afresh from a file of ours
(see :mod:`checker.worker`), only when there is work for it, and a process that ends takes nothing down but its task.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from checker import installed
from checker.worker import receive, send

PROGRAM = Path(__file__).with_name("worker.py")

P = ParamSpec("P")
T = TypeVar("T")


class WorkerLost(Exception):  # noqa: N818 - it says what happened
    """A worker process ended without a result."""


def usable_cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0)) or 1
    except (AttributeError, OSError):  # not on every system
        return os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class _Task:
    future: Future[Any]
    call: tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, if it has been started, and the thread that speaks with it."""

    thread: threading.Thread | None = None
    process: subprocess.Popen[bytes] | None = None
    task: _Task | None = None


@dataclass(slots=True)
class _State:
    """What the threads share, guarded by ``changed``."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    waiting: deque[_Task] = field(default_factory=deque)
    workers: list[_Worker] = field(default_factory=list)
    idle: int = 0
    closed: bool = False


class Workers(Executor):
    """At most ``jobs`` worker processes. What they run, and what comes of it, must be possible to pickle."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._state = _State()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See ``Executor``. The future raises ``WorkerLost`` if the process ends, or what it raises ends a task."""
        if kwargs:
            raise TypeError("arguments go by position")
        future: Future[T] = Future()
        state = self._state
        with state.changed:
            if state.closed:
                raise RuntimeError("the workers have been closed")
            state.waiting.append(_Task(future, (fn, args)))
            if state.idle < len(state.waiting) and len(state.workers) < self.jobs:
                self._add()
            state.changed.notify()
        return future

    def start(self) -> None:
        """Start one process, which gets ready while there is nothing to do for it yet."""
        with self._state.changed:
            if not self._state.workers and not self._state.closed:
                self._add()

    def kill(self, future: Future[Any]) -> None:
        """End the process that works on this by force, if one does."""
        with self._state.changed:
            for worker in self._state.workers:
                if worker.task is not None and worker.task.future is future and worker.process is not None:
                    worker.process.kill()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes. With ``wait`` what has been submitted is done before, unless it is cancelled."""
        state = self._state
        with state.changed:
            state.closed = True
            if cancel_futures or not wait:
                for task in state.waiting:
                    task.future.cancel()
                state.waiting.clear()
            state.changed.notify_all()
        for worker in list(state.workers) if wait else ():
            if worker.thread is not None:
                worker.thread.join()

    def close(self) -> None:
        """End all processes at once, whatever they are doing, and all threads."""
        state = self._state
        with state.changed:
            state.closed = True
            for task in state.waiting:
                task.future.cancel()
            state.waiting.clear()
            for worker in state.workers:
                if worker.process is not None:
                    worker.process.kill()
            state.changed.notify_all()
        self.shutdown(wait=True)

    # -- one worker, in its thread -------------------------------------------------------------------------------------

    def _add(self) -> None:
        worker = _Worker()
        worker.thread = threading.Thread(target=self._serve, args=(worker,), name="worker", daemon=True)
        self._state.workers.append(worker)
        worker.thread.start()

    def _serve(self, worker: _Worker) -> None:
        """Do tasks as long as there may be any."""
        with contextlib.suppress(OSError, WorkerLost):  # it is tried again when there is a task
            self._start(worker)
        while (task := self._next(worker)) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                result = self._done(worker, task)
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is wanted
                task.future.set_exception(error)
            else:
                task.future.set_result(result)
        self._end(worker)

    def _next(self, worker: _Worker) -> _Task | None:
        state = self._state
        with state.changed:
            worker.task = None
            state.idle += 1
            while not state.waiting and not state.closed:
                state.changed.wait()
            state.idle -= 1
            worker.task = state.waiting.popleft() if state.waiting else None
            return worker.task

    def _done(self, worker: _Worker, task: _Task) -> Any:
        content = pickle.dumps(task.call, pickle.HIGHEST_PROTOCOL)
        if worker.process is None:
            self._start(worker)
        process = worker.process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(process.stdin, content)
            reply = receive(process.stdout)
        except (OSError, ValueError):
            reply = None
        if reply is None:
            self._end(worker)
            raise WorkerLost(_how(process))
        if reply[0]:  # it makes way for another
            self._end(worker)
        is_result, value = pickle.loads(reply[1:])  # noqa: S301 - from a process that we started
        if not is_result:
            raise WorkerLost(value)
        return value

    def _start(self, worker: _Worker) -> None:
        """Start a process. Raises ``OSError``."""
        with self._state.changed:
            if self._state.closed:
                raise WorkerLost("the workers have been closed")
            # Isolated, in a folder of our own: nothing from the current folder or the environment gets to run.
            process = worker.process = subprocess.Popen(  # noqa: S603 - it is our own file
                [sys.executable, "-I", str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=PROGRAM.parent,
            )
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # if it has ended already, that is found out when it is asked
            send(process.stdin, pickle.dumps(installed.trusted_path()))

    def _end(self, worker: _Worker) -> None:
        """End the process of a worker, and let nothing of it remain."""
        with self._state.changed:
            process, worker.process = worker.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # something may have been left to be said to it
                stream.close() if stream is not None else None


def _how(process: subprocess.Popen[bytes]) -> str:
    status = process.returncode
    return f"the process ended (signal {-status})" if status < 0 else f"the process ended (exit status {status})"
