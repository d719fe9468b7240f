"""Several pieces of work that wait for answers, of which one runs at a time.

Judging a case is written as one piece of straight code, which asks, waits, and asks again. To keep many workers busy
many cases have to be under way. So each piece of work gets a thread, and the threads take turns: one runs until it has
to wait, and nothing else runs meanwhile. No two of them ever see each other's data half done, and what comes out does
not depend on how they are scheduled. In between, and only then, the caller's thread looks after the outside world.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

MOMENT = 0.1
"""For how many seconds it is waited at most, before somebody looks up."""
MOST_OPEN = 64
"""How many pieces of work are under way at a time, at most."""

T = TypeVar("T")


class Turns(Protocol):
    """Runs pieces of work that wait for each other and for the outside world."""

    def run(self, works: Iterable[Callable[[], T]]) -> list[T]:
        """What all pieces of work give, in order. Raises what one of them raises; then all others are given up."""

    def until(self, there: Callable[[], bool]) -> None:
        """Called by a piece of work: wait until ``there()`` is true."""


@dataclass(slots=True)
class OneByOne:
    """Runs each piece of work to its end before the next is begun, in the caller's thread.

    ``wait`` lets so many seconds at most pass in the outside world.
    """

    wait: Callable[[float], None]

    def run(self, works: Iterable[Callable[[], T]]) -> list[T]:
        return [work() for work in works]

    def until(self, there: Callable[[], bool]) -> None:
        while not there():
            self.wait(MOMENT)


class _GivenUp(BaseException):
    """Ends a piece of work that nobody waits for any more."""


@dataclass(slots=True, eq=False)
class _Piece:
    """One piece of work. ``there`` says whether what it waits for is there."""

    work: Callable[[], Any]
    there: Callable[[], bool]
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    running: bool = False
    finished: bool = False
    given_up: bool = False
    result: Any = None
    error: BaseException | None = None
    thread: threading.Thread | None = None


@dataclass(slots=True)
class Alternating:
    """Has many pieces of work under way, each in a thread of its own, of which one runs at a time.

    ``wait`` is called in the caller's thread between two turns. It lets so many seconds at most pass in the outside
    world, none where somebody can go on. ``look`` is called where a turn takes longer than a moment; as somebody is at
    work meanwhile, it must touch nothing that they do.
    """

    wait: Callable[[float], None]
    look: Callable[[], None]
    _paused: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _current: _Piece | None = None

    def run(self, works: Iterable[Callable[[], T]]) -> list[T]:
        pieces: list[_Piece] = []
        try:
            self._all(iter(works), pieces)
        except BaseException:
            self._give_up(pieces)
            raise
        return [piece.result for piece in pieces]

    def _all(self, works: Iterator[Callable[[], T]], pieces: list[_Piece]) -> None:
        under_way: list[_Piece] = []
        more = True
        while more or under_way:
            self.wait(0)
            ready = next((piece for piece in under_way if piece.there()), None)
            if ready is None and more and len(under_way) < MOST_OPEN:
                work = next(works, None)
                if work is None:
                    more = False
                    continue
                ready = _Piece(work, lambda: True)
                pieces.append(ready)
                under_way.append(ready)
            if ready is None:
                self.wait(MOMENT)
                continue
            self._resume(ready)
            if ready.finished:
                under_way.remove(ready)
                if ready.error is not None:
                    raise ready.error

    def _resume(self, piece: _Piece) -> None:
        """Let one piece of work run until it has to wait, or ends."""
        self._current = piece
        piece.running = True
        if piece.thread is None:
            piece.thread = threading.Thread(target=self._work, args=(piece,), name="case", daemon=True)
            piece.thread.start()
        else:
            piece.go.release()
        while piece.running:
            self._paused.acquire(timeout=MOMENT)
            self.look()
        self._current = None
        if piece.finished:
            piece.thread.join()

    def _work(self, piece: _Piece) -> None:
        try:
            piece.result = piece.work()
        except _GivenUp:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again where the caller waits
            piece.error = error
        piece.finished = True
        piece.running = False
        self._paused.release()

    def until(self, there: Callable[[], bool]) -> None:
        piece = self._current
        assert piece is not None, "only a piece of work can wait"
        while not there():
            if piece.given_up:
                raise _GivenUp
            piece.there = there
            piece.running = False
            self._paused.release()
            piece.go.acquire()
            if piece.given_up:
                raise _GivenUp

    @staticmethod
    def _give_up(pieces: Iterable[_Piece]) -> None:
        """End all threads. One that is running ends where it would have to wait."""
        for piece in pieces:
            piece.given_up = True
            piece.go.release()
        for piece in pieces:
            if piece.thread is not None:
                piece.thread.join()
