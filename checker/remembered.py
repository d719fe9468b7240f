"""Asks whatever is behind it only what is not known yet, from this run or from an earlier one.

Each question is arranged before it is decided (see :mod:`checker.canonical`), with a cache or without, so that neither
names nor order have a part in its answer, nor whether it was known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from checker.answering import Answering, Key
from checker.canonical import Shapes
from checker.entailment import Answer, Entailed, Limits, Question, Refuted, Undetermined
from checker.smtlib import vocabulary
from checker.stored import read, written

if TYPE_CHECKING:
    from checker.cache import Cache


@dataclass(slots=True)
class _Group:
    key: Key
    questions: Sequence[Question]
    answers: list[Answer | None]
    missing: int


@dataclass(slots=True)
class _Asked:
    """A question that was handed on, as it is decided, and where its answer is wanted."""

    key: bytes
    arranged: Question
    wanted: list[tuple[_Group, int, Question]]


@dataclass(slots=True)
class Remembered:
    """Answers what is known, and has ``inner`` answer the rest; see :class:`checker.answering.Answering`.

    ``lasting`` tells whether all answers so far are those that there will be another time as well.
    """

    inner: Answering
    limits: Limits
    cache: Cache | None = None
    posted: int = 0
    answered: int = 0
    lasting: bool = True
    _shapes: Shapes = field(default_factory=Shapes)
    _known: dict[bytes, tuple[Answer, Question]] = field(default_factory=dict)
    _asked: dict[bytes, _Asked] = field(default_factory=dict)
    _sent: dict[Key, list[_Asked]] = field(default_factory=dict)
    _complete: list[_Group] = field(default_factory=list)
    _interrupted: bool = False

    @property
    def in_parallel(self) -> bool:
        """See :class:`checker.answering.Answering`."""
        return self.inner.in_parallel

    def expect(self) -> None:
        """See :class:`checker.answering.Answering`. Where answers are kept already, there may be nothing to ask."""
        if self.cache is None or self.cache.kept.is_empty:
            self.inner.expect()

    def post(self, key: Key, questions: Sequence[Question]) -> None:
        """See :class:`checker.answering.Answering`."""
        self.posted += len(questions)
        group = _Group(key, questions, [None] * len(questions), len(questions))
        if not questions:
            self._complete.append(group)
        asked: list[_Asked] = []
        for index, question in enumerate(questions):
            arranged = self._shapes.arranged(question)
            digest = self._shapes.key(arranged, self.limits)
            found = None if self._interrupted else self._find(digest, arranged)
            if found is not None:
                self._settle(group, index, restored(found, question))
            elif digest in self._asked:
                self._asked[digest].wanted.append((group, index, arranged))
            else:
                asked.append(_Asked(digest, arranged, [(group, index, arranged)]))
                self._asked[digest] = asked[-1]
        if asked:
            self._sent[key] = asked
            self.inner.post(key, [one.arranged for one in asked])

    def replies(self, seconds: float) -> list[tuple[Key, list[Answer]]]:
        """See :class:`checker.answering.Answering`."""
        if self._sent:
            for key, answers in self.inner.replies(0 if self._complete else seconds):
                for asked, answer in zip(self._sent.pop(key), answers, strict=True):
                    self._received(asked, answer)
        complete, self._complete = self._complete, []
        return [(group.key, [answer for answer in group.answers if answer is not None]) for group in complete]

    def interrupt(self) -> None:
        """See :class:`checker.answering.Answering`."""
        self._interrupted = True
        self.inner.interrupt()

    def close(self) -> None:
        """See :class:`checker.answering.Answering`."""
        self.inner.close()

    # -- what is known ---------------------------------------------------------------------------------------------

    def _find(self, key: bytes, arranged: Question) -> Answer | None:
        if key in self._known:
            return _transferred(*self._known[key], arranged)
        found = None if self.cache is None else self.cache.find(key, arranged)
        if found is not None:
            self._known[key] = (found, arranged)
        return found

    def _received(self, asked: _Asked, answer: Answer) -> None:
        del self._asked[asked.key]
        self.lasting = self.lasting and answer.lasting
        if answer.lasting:
            self._known[asked.key] = (answer, asked.arranged)
            if self.cache is not None:
                self.cache.keep(asked.key, asked.arranged, answer)
        for group, index, arranged in asked.wanted:
            found = _transferred(answer, asked.arranged, arranged)
            self._settle(group, index, restored(found, group.questions[index]))

    def _settle(self, group: _Group, index: int, answer: Answer) -> None:
        group.answers[index] = answer
        group.missing -= 1
        self.answered += 1
        if not group.missing:
            self._complete.append(group)


def _transferred(answer: Answer, decided: Question, arranged: Question) -> Answer:
    """The answer to one arranged question as that to another one with the same key."""
    if arranged is decided or isinstance(answer, Undetermined):
        return answer
    found = read(written(answer, decided), arranged)
    assert found is not None, "two questions with one key have the same answer"
    return replace(found, lasting=answer.lasting)


def restored(answer: Answer, question: Question) -> Answer:
    """The answer to an arranged question, with all that it lists in the order of the question itself."""
    match answer:
        case Entailed(used, alone, _, perhaps):
            place = {premise.name: number for number, premise in enumerate(question.premises)}
            used, alone, perhaps = (tuple(sorted(names, key=place.__getitem__)) for names in (used, alone, perhaps))
            return replace(answer, used=used, alone=alone, perhaps_alone=perhaps)
        case Refuted(structure):
            known = vocabulary(question)
            sizes = dict(structure.sizes)
            meant = {found.symbol: found for found in structure.interpretations}
            ordered = replace(
                structure,
                sizes=tuple((sort, sizes[sort]) for sort in known.uninterpreted),
                interpretations=tuple(meant[symbol] for symbol in known.symbols),
            )
            return Refuted(ordered, lasting=answer.lasting)
        case Undetermined():
            return answer
