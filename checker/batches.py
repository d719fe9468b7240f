"""Batches: several questions that one worker answers in one go, as plain data that crosses to other processes.

A batch goes as one pickle, in which questions of one case share what they have in common. Terms are nested at most as
deep as the limits on nesting allow, of which pickling bears twice as much.
"""

from __future__ import annotations

import pickle
import time
import traceback
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from checker import discharge
from checker.entailment import Answer, Limits, Question, Reason, Undetermined
from checker.logic import Term, subterms

SPELL = 2.0
"""A worker begins no further question of a batch after so many seconds; it hands back what is left of it."""


Versions = tuple[str, str]
"""Of the checker and of Z3, on which answers depend."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions with the effort that each is worth, and how many seconds there are for all of them.

    They are to be answered by these ``versions`` and no others.
    """

    questions: tuple[Question, ...]
    limits: Limits
    seconds: float
    versions: Versions


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to the first questions of a batch, at least one of them, in order."""

    answers: tuple[Answer, ...]


Trouble = Literal["no solver", "other version", "bug"]


@dataclass(frozen=True, slots=True)
class Failed:
    """Something is wrong with the checker or its installation, and not with a question. ``trace`` says where."""

    trouble: Trouble
    message: str
    trace: str = ""


Outcome = Answered | Failed


@cache
def versions() -> Versions:
    """The versions that answer here."""
    return _version("safety-case-checker"), _version("z3-solver")


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def packed(batch: Batch) -> bytes:
    """A batch as it crosses to workers."""
    return pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)


def work_off(content: bytes) -> bytes:
    """Answer the questions of a packed batch: what comes of it, packed as well. This is what workers run."""
    batch: Batch = pickle.loads(content)  # noqa: S301 - from the process that asks
    return pickle.dumps(_outcome(batch), pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> object:
    """What came of a batch. Raises all kinds of exceptions if it cannot be read; whoever asks looks at it closely."""
    return pickle.loads(content)  # noqa: S301 - from a worker, which is as much ours as this process


def _outcome(batch: Batch) -> Outcome:
    """The answers to as many questions of the batch as there is time for."""
    if batch.versions != versions():
        return Failed(
            "other version",
            "a worker has {} with Z3 {}, and {} with Z3 {} is wanted".format(*versions(), *batch.versions),
        )
    begun = time.monotonic()
    answers: list[Answer] = []
    try:
        for question in batch.questions:
            spent = time.monotonic() - begun
            if answers and spent >= SPELL:
                break
            answers.append(answer(question, batch.limits, batch.seconds - spent))
    except ImportError as error:
        return Failed("no solver", str(error), traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - it is raised again by whoever asked
        return Failed("bug", f"{type(error).__name__}: {error}", traceback.format_exc())
    return Answered(tuple(answers))


def answer(question: Question, limits: Limits, seconds: float) -> Answer:
    """The answer to one question, in at most so many seconds. Raises ``ImportError`` where there is no solver."""
    if seconds <= 0:
        return Undetermined(Reason.TIMEOUT, detail="the time for the whole run is used up")
    if seconds < limits.timeout:
        limits = replace(limits, timeout=seconds)
    try:
        return discharge.answer(question, limits)
    except (RecursionError, MemoryError) as error:
        return Undetermined(Reason.INCOMPLETE, detail=type(error).__name__)


def cost(question: Question) -> int:
    """About how much work a question is, in units of which some thousands are done in a second.

    It decides what is begun first and what goes together, and nothing else. Of the things that can be told beforehand
    the size of the formulas and the wishes tell most (measured on the library and the examples, rank correlation 0.66).
    """
    size = sum(1 for formula in _formulas(question) for _ in subterms(formula))
    return size * (1 + question.want_core + 2 * question.want_scenario)


def _formulas(question: Question) -> tuple[Term, ...]:
    return (question.conclusion, *(premise.formula for premise in question.premises))
