"""Who answers questions: what a run asks for, and the simplest way of giving it, one after another in this process.

Questions are posted in groups, and a group is replied to when all of it is decided. Groups are independent of each
other, and replied to in any order. What stands in front of others (a store of answers that are known already, say)
posts to them what it cannot answer.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checker import batches
from checker.entailment import Answer, Limits, Question, Reason, Undetermined

Key = int
"""Tells the groups of one run apart."""

INTERRUPTED = Undetermined(Reason.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The effort that each question is worth, and when (``time.monotonic``) the whole run has to be over."""

    limits: Limits
    deadline: float

    def seconds_left(self) -> float:
        return self.deadline - time.monotonic()


class Answering(Protocol):
    """Answers questions. Whatever goes wrong with one makes it ``Undetermined``; it is never lost.

    ``in_parallel`` tells whether work is done while nobody waits for replies, so that it is worth posting more before
    waiting. ``posted`` and ``answered`` count questions.
    """

    in_parallel: bool
    posted: int
    answered: int

    def expect(self) -> None:
        """Questions will be posted soon, so what takes a while to start may be started."""

    def post(self, key: Key, questions: Sequence[Question]) -> None:
        """Have these questions answered."""

    def replies(self, seconds: float) -> list[tuple[Key, list[Answer]]]:
        """The groups that have been completed, with their answers in order; each is told once.

        Waits at most about so many seconds for something to happen, and may return nothing. Raises ``ImportError``
        where there is no solver at all, and ``WorkError`` where the checker fails in another process.
        """

    def interrupt(self) -> None:
        """From now on answer at once: what is not decided yet is ``Undetermined``, and so is all that is posted."""

    def close(self) -> None:
        """Stop all work and leave nothing behind. Nothing may be posted afterwards."""


class WorkError(Exception):
    """The checker failed in another process; the message says how. This is a bug."""


@dataclass(slots=True)
class _Group:
    key: Key
    questions: Sequence[Question]
    answers: list[Answer] = field(default_factory=list)


@dataclass(slots=True)
class InProcess:
    """Answers one question after another, in the order in which they are posted. Starts nothing."""

    allowance: Allowance
    in_parallel: bool = False
    posted: int = 0
    answered: int = 0
    _waiting: deque[_Group] = field(default_factory=deque)
    _interrupted: bool = False

    def expect(self) -> None:
        """There is nothing to start."""

    def post(self, key: Key, questions: Sequence[Question]) -> None:
        self._waiting.append(_Group(key, questions))
        self.posted += len(questions)

    def replies(self, seconds: float) -> list[tuple[Key, list[Answer]]]:
        """See :class:`Answering`. Each call answers one question, however long that takes."""
        del seconds
        if not self._waiting:
            return []
        group = self._waiting[0]
        if len(group.answers) < len(group.questions):
            group.answers.append(self._answer(group.questions[len(group.answers)]))
            self.answered += 1
        if len(group.answers) < len(group.questions):
            return []
        self._waiting.popleft()
        return [(group.key, group.answers)]

    def _answer(self, question: Question) -> Answer:
        if self._interrupted:
            return INTERRUPTED
        return batches.answer(question, self.allowance.limits, self.allowance.seconds_left())

    def interrupt(self) -> None:
        self._interrupted = True

    def close(self) -> None:
        self._waiting.clear()
