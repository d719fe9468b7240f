"""Answers questions in parallel, on any ``concurrent.futures.Executor``: processes of this machine, or a cluster.

Questions go out in batches, the costly ones first; the batches become smaller towards the end, so that all workers end
together. Each question is answered by itself, so neither the answers nor their order depend on who answers what when.

No way of losing work loses an answer. What a worker leaves undone when it ends (a crash of the solver, the end of its
memory, a machine that goes away) is done again, each question by itself, by another; a question that is lost a second
time is ``Undetermined``. So is one whose worker has not come back when all time that it may take is over.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from checker.answering import INTERRUPTED, Allowance, Key, WorkError
from checker.batches import SPELL, Answered, Batch, Failed, cost, packed, unpacked, versions, work_off
from checker.entailment import Answer, Entailed, Question, Reason, Refuted, Undetermined
from checker.errors import NoExecutor

LEAST = 500
"""The cost of the smallest batch (see ``batches.cost``), about what it costs to start a process for it."""
MOST = 5_000
"""The cost of the largest batch, about a second of work. Each is at least one question, whatever that costs."""

PATIENCE = 15.0
"""How many seconds a worker gets beyond what it may take, before it is given up."""
TRIES = 2
"""How often a question is given to a worker that ends without an answer."""

_LOST = Undetermined(Reason.CRASHED)
_OVERDUE = Undetermined(Reason.TIMEOUT, detail="no answer came in time")
_TOO_LARGE = Undetermined(Reason.INCOMPLETE, detail="it is nested too deeply, or too large, to be handed to a worker")
_NO_TIME = Undetermined(Reason.TIMEOUT, detail="the time for the whole run is used up")


@dataclass(slots=True, eq=False)
class _Group:
    key: Key
    answers: list[Answer | None]
    missing: int


@dataclass(slots=True, eq=False)
class _Item:
    """One question that waits or is worked on; ``tries`` counts the workers that ended without an answer to it."""

    group: _Group
    index: int
    question: Question
    cost: int
    tries: int = 0


@dataclass(slots=True)
class _Sent:
    """A batch that is out. ``since`` is when somebody began to work on it, as far as that is known."""

    items: list[_Item]
    since: float | None


@dataclass(slots=True)
class OnExecutor:
    """Answers questions on ``executor``, of which ``width`` batches keep all workers busy.

    ``kill`` ends the work on a batch by force, where there is a way; ``start`` prepares for work to come. Executors
    whose futures do not tell when they begin to run (``tells_running``) get time for a batch that stands in a queue.
    """

    executor: Executor
    width: int
    allowance: Allowance
    kill: Callable[[Future[bytes]], None] | None = None
    start: Callable[[], None] | None = None
    stop: Callable[[], None] | None = None
    tells_running: bool = True
    in_parallel: bool = True
    posted: int = 0
    answered: int = 0
    _pending: list[tuple[int, int, _Item]] = field(default_factory=list)
    _cost: int = 0
    _count: int = 0
    _sent: dict[Future[bytes], _Sent] = field(default_factory=dict)
    _complete: list[_Group] = field(default_factory=list)
    _news: threading.Event = field(default_factory=threading.Event)
    _ended: bool = False

    def expect(self) -> None:
        """See :class:`checker.answering.Answering`."""
        if self.start is not None:
            self.start()

    def post(self, key: Key, questions: Sequence[Question]) -> None:
        """See :class:`checker.answering.Answering`."""
        self.posted += len(questions)
        group = _Group(key, [None] * len(questions), len(questions))
        if not questions:
            self._complete.append(group)
        for index, question in enumerate(questions):
            item = _Item(group, index, question, cost(question))
            if self._ended:
                self._settle(item, INTERRUPTED)
            else:
                self._wait_with(item)
        self._send()

    def replies(self, seconds: float) -> list[tuple[Key, list[Answer]]]:
        """See :class:`checker.answering.Answering`."""
        self._collect()
        if not self._complete and (self._sent or self._pending):
            self._news.wait(seconds)
            self._collect()
        complete, self._complete = self._complete, []
        return [(group.key, [answer for answer in group.answers if answer is not None]) for group in complete]

    def interrupt(self) -> None:
        """See :class:`checker.answering.Answering`."""
        self._take_what_is_there()
        self._end(INTERRUPTED)

    def close(self) -> None:
        """See :class:`checker.answering.Answering`."""
        self._end(INTERRUPTED)
        if self.stop is not None:
            self.stop()

    # -- sending -------------------------------------------------------------------------------------------------------

    def _wait_with(self, item: _Item) -> None:
        heapq.heappush(self._pending, (-item.cost, self._count, item))
        self._count += 1
        self._cost += item.cost

    def _send(self) -> None:
        """Keep all workers busy."""
        while self._pending and len(self._sent) < self.width:
            left = self.allowance.seconds_left()
            if left <= 0:
                self._drop(_NO_TIME)
                return
            items = self._next_batch()
            try:
                content = packed(Batch(tuple(item.question for item in items), self.allowance.limits, left, versions()))
            except (RecursionError, MemoryError):
                for item in items:
                    self._settle(item, _TOO_LARGE)
                continue
            try:
                future = self.executor.submit(work_off, content)
            except Exception:  # noqa: BLE001 - whatever is wrong with it, it takes no more work
                for item in items:
                    self._settle(item, _LOST)
                self._drop(_LOST)
                return
            self._sent[future] = _Sent(items, None if self.tells_running else time.monotonic())
            future.add_done_callback(lambda _: self._news.set())

    def _next_batch(self) -> list[_Item]:
        """The costliest question, with as many others as make a fair share. What was lost before goes by itself."""
        share = min(max(self._cost // (2 * self.width), LEAST), MOST)
        items: list[_Item] = []
        total = 0
        while self._pending:
            item = self._pending[0][2]
            if items and (item.tries or items[0].tries or total + item.cost > share):
                break
            heapq.heappop(self._pending)
            self._cost -= item.cost
            items.append(item)
            total += item.cost
        return items

    # -- receiving -----------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Take what has been answered, give up what is overdue, and keep the workers busy."""
        self._news.clear()
        done = [future for future in self._sent if future.done()]
        for future in done:
            self._received(future, self._sent.pop(future))
        self._give_up_overdue()
        self._send()

    def _received(self, future: Future[bytes], sent: _Sent) -> None:
        if future.cancelled() or future.exception(timeout=0) is not None:
            self._lost(sent.items)
            return
        try:
            outcome = unpacked(future.result(timeout=0))
        except Exception:  # noqa: BLE001 - an answer that cannot be read is none; but Ctrl-C is not for us to take
            self._lost(sent.items)
            return
        match outcome:
            case Answered(tuple(answers)) if 0 < len(answers) <= len(sent.items) and all(map(_is_answer, answers)):
                for item, answer in zip(sent.items, answers, strict=False):
                    self._settle(item, answer)
                for item in sent.items[len(answers) :]:
                    self._wait_with(item)
            case Failed(trouble="no solver", message=message):
                raise ImportError(message)
            case Failed(trouble="other version", message=message):
                raise NoExecutor(message)
            case Failed(message=message, trace=trace):
                error = WorkError(message)
                error.add_note(trace)
                raise error
            case _:
                self._lost(sent.items)

    def _lost(self, items: Sequence[_Item]) -> None:
        """A worker ended without an answer to these."""
        for item in items:
            item.tries += 1
            if item.tries < TRIES:
                self._wait_with(item)
            else:
                self._settle(item, _LOST)

    def _give_up_overdue(self) -> None:
        now = time.monotonic()
        out_of_time = self.allowance.seconds_left() + PATIENCE <= 0
        most = SPELL + self.allowance.limits.timeout + PATIENCE
        if not self.tells_running:
            most *= 2
        for future, sent in list(self._sent.items()):
            if sent.since is None and future.running():
                sent.since = now
            if not out_of_time and (sent.since is None or now - sent.since <= most):
                continue
            del self._sent[future]
            self._abandon(future)
            if len(sent.items) > 1 and not out_of_time:
                self._lost(sent.items)  # one of them is to blame, and nobody knows which
            else:
                for item in sent.items:
                    self._settle(item, _OVERDUE)
        if out_of_time:
            self._drop(_NO_TIME)

    def _abandon(self, future: Future[bytes]) -> None:
        if not future.cancel() and self.kill is not None:
            self.kill(future)

    # -- settling ------------------------------------------------------------------------------------------------------

    def _settle(self, item: _Item, answer: Answer) -> None:
        group = item.group
        assert group.answers[item.index] is None, "a question is answered once"
        group.answers[item.index] = answer
        group.missing -= 1
        self.answered += 1
        if not group.missing:
            self._complete.append(group)
            self._news.set()

    def _drop(self, answer: Undetermined) -> None:
        """Settle all that still waits."""
        pending, self._pending, self._cost = self._pending, [], 0
        for _, _, item in sorted(pending, key=lambda entry: entry[1]):
            self._settle(item, answer)

    def _take_what_is_there(self) -> None:
        for future in [future for future in self._sent if future.done()]:
            self._received(future, self._sent.pop(future))

    def _end(self, answer: Undetermined) -> None:
        """Stop all work, and settle whatever is not decided."""
        self._ended = True
        sent, self._sent = self._sent, {}
        for future in sent:
            self._abandon(future)
        for batch in sent.values():
            for item in batch.items:
                self._settle(item, answer)
        self._drop(answer)


def _is_answer(value: object) -> bool:
    return isinstance(value, Entailed | Refuted | Undetermined)
