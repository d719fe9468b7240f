"""Answering in parallel: in order whatever happens, costly things first, and nothing shown that nobody answered."""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import batches, discharge, parallel
from checker.answering import Allowance, InProcess, WorkError
from checker.batches import Answered, Batch, Failed
from checker.entailment import Answer, Entailed, Limits, Question, Reason, Refuted, Undetermined
from checker.errors import NoExecutor
from checker.logic import Not, apply, conj
from checker.parallel import OnExecutor
from tests.questions import ask, c, flag, p

TRUTH = apply(flag)
LOST = Undetermined(Reason.CRASHED)


def allowance(seconds: float = 600, timeout: float = 60) -> Allowance:
    return Allowance(Limits(timeout=timeout), time.monotonic() + seconds)


def question(name: str, size: int = 1) -> Question:
    return replace(ask([conj([TRUTH] * size) if size > 1 else TRUTH], apply(p, apply(c))), name=name)


def right(asked: Question) -> Answer:
    """What a worker that does its work says; different for each question."""
    return Entailed((asked.name,))


def asked_in(content: bytes) -> list[Question]:
    batch = pickle.loads(content)
    assert isinstance(batch, Batch)
    return list(batch.questions)


class Held(Executor):
    """Does nothing by itself; each batch waits for what the test makes of it."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[Question], Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        assert fn is batches.work_off
        future: Future[Any] = Future()
        self.sent.append((asked_in(args[0]), future))
        return future

    @property
    def names(self) -> list[list[str]]:
        return [[one.name for one in asked] for asked, _ in self.sent]

    def take(self) -> tuple[list[Question], Future[Any]]:
        asked, future = self.sent.pop(0)
        future.set_running_or_notify_cancel()
        return asked, future


def told(outcome: object) -> bytes:
    return pickle.dumps(outcome)


def finish(answering: OnExecutor | InProcess, groups: int = 1) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = {}
    while len(found) < groups:
        for key, answers in answering.replies(5):
            assert key not in found
            found[key] = answers
    assert answering.answered == answering.posted
    return found


# -- in order --------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 8), max_size=4), st.integers(1, 4))
def test_every_question_gets_its_own_answer_or_none(seed: int, sizes: list[int], width: int) -> None:
    """Batches come back in any order, in parts, or not at all."""
    chance = random.Random(seed)
    held = Held()
    answering = OnExecutor(held, width, allowance())
    wanted = {}
    for key, size in enumerate(sizes):
        wanted[key] = [question(f"{key} {index}", chance.choice([1, 150, 300])) for index in range(size)]
        answering.post(key, wanted[key])
    lost: dict[str, int] = {}
    found: dict[int, list[Answer]] = {}
    while len(found) < len(sizes):
        chance.shuffle(held.sent)
        if held.sent:
            asked, future = held.take()
            if chance.random() < 0.3:
                future.set_exception(OSError("gone"))
                for one in asked:
                    lost[one.name] = lost.get(one.name, 0) + 1
            else:
                some = asked[: chance.randint(1, len(asked))]
                future.set_result(told(Answered(tuple(map(right, some)))))
        found |= dict(answering.replies(0))
    for key, asked in wanted.items():
        assert found[key] == [LOST if lost.get(one.name) == 2 else right(one) for one in asked]
    assert all(count <= 2 for count in lost.values())
    assert not held.sent


def test_costly_questions_go_first_and_cheap_ones_together() -> None:
    held = Held()
    answering = OnExecutor(held, 3, allowance())
    cheap = [question(f"cheap {index}", 10) for index in range(30)]
    answering.post(0, [*cheap, question("dear", 4_000), question("dearest", 6_000)])
    assert held.names[:2] == [["dearest"], ["dear"]]
    assert len(held.names[2]) >= 20
    assert len(held.sent) == 3, "no more than keeps all workers busy"


def test_wishes_cost() -> None:
    plain = question("x", 10)
    costs = [batches.cost(one) for one in (plain, replace(plain, want_core=True), replace(plain, want_scenario=True))]
    assert costs == sorted(set(costs))


def test_questions_of_other_groups_do_not_wait() -> None:
    held = Held()
    answering = OnExecutor(held, 2, allowance())
    answering.post(7, [question("a")])
    answering.post(3, [question("b")])
    _, second = held.sent[1]
    second.set_result(told(Answered((right(question("b")),))))
    assert answering.replies(5) == [(3, [right(question("b"))])]
    assert answering.replies(0) == []


def test_in_this_process_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discharge, "answer", lambda asked, _: right(asked))
    groups = {key: [question(f"{key} {index}") for index in range(key)] for key in range(4)}
    found = []
    with ThreadPoolExecutor(2) as pool:
        for answering in (InProcess(allowance()), OnExecutor(pool, 3, allowance())):
            answering.expect()
            for key, asked in groups.items():
                answering.post(key, asked)
            found.append(finish(answering, 4))
            answering.close()
    assert found[0] == found[1] == {key: [right(one) for one in asked] for key, asked in groups.items()}


def test_real_answers_cross() -> None:
    refuted, entailed = ask([TRUTH], apply(p, apply(c)), want_scenario=True), ask([TRUTH], TRUTH, want_core=True)
    with ThreadPoolExecutor(1) as pool:
        answering = OnExecutor(pool, 1, allowance())
        answering.post(0, [refuted, entailed])
        assert finish(answering)[0] == [discharge.answer(refuted), discharge.answer(entailed)]
        assert isinstance(discharge.answer(refuted), Refuted)


def test_a_worker_hands_back_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discharge, "answer", lambda asked, _: right(asked))
    monkeypatch.setattr(batches, "SPELL", 0.0)
    asked = tuple(question(str(number)) for number in range(3))
    batch = Batch(asked, Limits(), 60, batches.versions())
    assert batches.unpacked(batches.work_off(batches.packed(batch))) == Answered((right(asked[0]),))
    with ThreadPoolExecutor(1) as pool:
        answering = OnExecutor(pool, 1, allowance())
        answering.post(0, asked)
        assert finish(answering)[0] == list(map(right, asked))


# -- whatever goes wrong ---------------------------------------------------------------------------------------------


def undecided(answers: list[Answer]) -> set[Reason]:
    assert all(isinstance(answer, Undetermined) for answer in answers), answers
    return {answer.reason for answer in answers if isinstance(answer, Undetermined)}


def test_what_is_lost_twice_is_undetermined_and_the_rest_goes_on() -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question(name) for name in ("a", "bad", "b")])
    tried = []
    while answering.answered < 3:
        asked, future = held.take()
        tried.append([one.name for one in asked])
        if "bad" in tried[-1]:
            future.set_exception(OSError("gone"))
        else:
            future.set_result(told(Answered(tuple(map(right, asked)))))
        answers = dict(answering.replies(0))
    assert sorted(tried[0]) == ["a", "b", "bad"]
    assert sorted(tried[1:]) == [["a"], ["b"], ["bad"]], "each by itself, once"
    assert answers[0] == [Entailed(("a",)), LOST, Entailed(("b",))]


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"garbage",
        told(None),
        told([Entailed(())]),
        told(Entailed(())),
        told(Answered(())),
        told(Answered((Entailed(()), Entailed(())))),
        told(Answered(("Entailed",))),  # type: ignore[arg-type]
        told(Answered((True,))),  # type: ignore[arg-type]
        told(Answered(Entailed(()))),  # type: ignore[arg-type]
        "text",
        None,
    ],
)
def test_a_reply_that_is_none_answers_nothing(reply: object) -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question("a")])
    for _ in range(2):
        held.take()[1].set_result(reply)
        replies = answering.replies(0)
    assert replies == [(0, [LOST])]


def test_an_executor_that_takes_nothing_answers_nothing() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    answering = OnExecutor(pool, 1, allowance())
    answering.post(0, [question(str(number), 900) for number in range(3)])
    assert undecided(finish(answering)[0]) == {Reason.CRASHED}


def test_futures_that_are_cancelled_answer_nothing() -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question("a")])
    for _ in range(2):
        held.sent.pop(0)[1].cancel()
        replies = answering.replies(0)
    assert replies == [(0, [LOST])]


@pytest.mark.parametrize(
    ("failed", "error"),
    [
        (Failed("no solver", "Z3 is not installed"), ImportError),
        (Failed("other version", "it is too old"), NoExecutor),
        (Failed("bug", "KeyError: 'x'", "Traceback: there"), WorkError),
    ],
)
def test_a_checker_that_fails_elsewhere_fails_here(failed: Failed, error: type[Exception]) -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question("a")])
    held.take()[1].set_result(told(failed))
    with pytest.raises(error, match=failed.message) as caught:
        answering.replies(0)
    assert failed.trace in "".join(getattr(caught.value, "__notes__", []))


def outcome_of(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer], **changes: Any) -> object:
    monkeypatch.setattr(discharge, "answer", answer)
    batch = Batch((question("a"),), Limits(), 60, batches.versions())
    return batches.unpacked(batches.work_off(batches.packed(replace(batch, **changes))))


def raising(error: BaseException) -> Callable[..., Answer]:
    def answer(*_: object) -> Answer:
        raise error

    return answer


def test_what_a_worker_makes_of_its_own_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    match outcome_of(monkeypatch, raising(ImportError("no Z3"))):
        case Failed("no solver", "no Z3", trace):
            assert "Traceback" in trace
        case other:
            pytest.fail(f"{other}")
    assert isinstance(failed := outcome_of(monkeypatch, raising(KeyError("x"))), Failed)
    assert (failed.trouble, failed.message) == ("bug", "KeyError: 'x'")
    for error in (RecursionError(), MemoryError()):
        assert outcome_of(monkeypatch, raising(error)) == Answered((Undetermined(Reason.INCOMPLETE),))


def test_other_versions_answer_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = outcome_of(monkeypatch, lambda *_: Entailed(()), versions=("0.0", "1.2"))
    assert isinstance(failed, Failed)
    assert failed.trouble == "other version"
    assert failed.message.endswith("0.0 with Z3 1.2 is wanted")


@pytest.mark.parametrize("knows", [True, False], ids=["running is told", "running is not told"])
def test_a_worker_that_does_not_come_back_is_given_up(monkeypatch: pytest.MonkeyPatch, knows: bool) -> None:
    monkeypatch.setattr(parallel, "PATIENCE", 0.0)
    monkeypatch.setattr(parallel, "SPELL", 0.0)
    held = Held()
    killed: list[Future[bytes]] = []
    answering = OnExecutor(held, 1, allowance(timeout=0.01), kill=killed.append, tells_running=knows)
    answering.post(0, [question("a"), question("b")])
    futures = []
    while answering.answered < 2:
        if held.sent:
            futures.append(held.take()[1])
        replies = answering.replies(0.01)
    assert undecided(replies[0][1]) == {Reason.TIMEOUT}
    assert killed == futures
    assert len(futures) == 3, "together, and then each by itself"


def test_what_waits_in_a_queue_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "PATIENCE", 0.0)
    monkeypatch.setattr(parallel, "SPELL", 0.0)
    answering = OnExecutor(Held(), 1, allowance(timeout=0.001))
    answering.post(0, [question("a")])
    for _ in range(3):
        assert answering.replies(0.01) == []


@pytest.mark.parametrize("left", [-1.0, -1e6])
def test_when_the_time_of_the_run_is_over_nothing_is_begun(left: float) -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance(seconds=left))
    answering.post(0, [question("a"), question("b")])
    assert undecided(finish(answering)[0]) == {Reason.TIMEOUT}
    assert not held.sent


def test_an_interrupt_keeps_what_is_there_and_waits_for_nothing() -> None:
    held = Held()
    killed: list[Future[bytes]] = []
    answering = OnExecutor(held, 2, allowance(), kill=killed.append)
    answering.post(0, [question("done", 900), question("running", 800), question("waiting", 700)])
    done, running = held.take()[1], held.take()[1]
    done.set_result(told(Answered((Entailed(("done",)),))))
    answering.interrupt()
    answering.post(1, [question("later")])
    interrupted = Undetermined(Reason.INTERRUPTED)
    assert dict(answering.replies(0)) == {0: [Entailed(("done",)), interrupted, interrupted], 1: [interrupted]}
    assert killed == [running]
    assert not held.sent
    running.set_result(told(Answered((Entailed(("running",)),))))
    assert answering.replies(0) == []


def test_ctrl_c_is_not_taken_for_a_lost_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question("a")])
    held.take()[1].set_result(b"")
    monkeypatch.setattr(parallel, "unpacked", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        answering.replies(0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(0), MemoryError()])
def test_what_ended_a_worker_ends_nobody_else(error: BaseException) -> None:
    held = Held()
    answering = OnExecutor(held, 1, allowance())
    answering.post(0, [question("a")])
    for _ in range(2):
        held.take()[1].set_exception(error)
        replies = answering.replies(0)
    assert replies == [(0, [LOST])]


def test_what_cannot_cross_is_undetermined() -> None:
    deep = TRUTH
    for _ in range(5_000):
        deep = Not(deep)
    held = Held()
    answering = OnExecutor(held, 2, allowance())
    answering.post(0, [ask([deep], TRUTH), ask([TRUTH], TRUTH)])
    assert held.names == [["step test"]]
    held.take()[1].set_result(told(Answered((Entailed(("a0",)),))))
    first, second = finish(answering)[0]
    assert undecided([first]) == {Reason.INCOMPLETE}
    assert second == Entailed(("a0",))
