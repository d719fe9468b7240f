"""Worker processes: they may crash, hang or wear out, and leave nothing behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from datetime import date
from pathlib import Path

import pytest

import checker
from checker import worker, z3_library, z3_solver
from checker.collecting import SELDOM
from checker.workers import WorkerLost, Workers, usable_cores
from tests.processes import Started, is_there, wait_until
from tests.test_bad_inputs import judged
from tests.test_z3_library import run as run_python

TODAY = date(2026, 11, 24)


@pytest.fixture
def workers(started: Started) -> Iterator[Workers]:
    threads = threading.active_count()
    made = Workers(1)
    yield made
    made.close()
    assert started() == []
    assert threading.active_count() == threads


def run(workers: Workers, program: str) -> None:
    """Run a program in a worker."""
    workers.submit(exec, program, {}).result(timeout=120)


def test_at_least_one_core_can_be_used() -> None:
    assert usable_cores() >= 1


def test_a_process_is_started_when_there_is_work_and_kept(workers: Workers, started: Started) -> None:
    assert started() == []
    first = workers.submit(os.getpid).result()
    assert started() == [first]
    assert workers.submit(os.getpid).result() == first != os.getpid()


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("import os; os.abort()", "signal 6"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("import os; os._exit(0)", "exit status 0"),
    ],
    ids=["abort", "kill", "segmentation fault", "exit"],
)
def test_a_process_that_ends_takes_its_task_with_it_and_no_other(workers: Workers, end: str, how: str) -> None:
    first = workers.submit(os.getpid).result()
    lost = workers.submit(exec, end, {})
    after = workers.submit(os.getpid)
    with pytest.raises(WorkerLost, match=how):
        lost.result()
    assert after.result() != first


def test_what_a_task_raises_is_told(workers: Workers) -> None:
    for program in ("raise KeyError('x')", "raise SystemExit", "raise KeyboardInterrupt"):
        with pytest.raises(WorkerLost, match=program.split()[1].partition("(")[0]):
            run(workers, program)
    assert workers.submit(abs, -1).result() == 1


def test_a_result_that_cannot_be_handed_over_is_none(workers: Workers) -> None:
    with pytest.raises(WorkerLost, match="pickle"):
        workers.submit(threading.Lock).result()
    assert workers.submit(abs, -1).result() == 1


def test_a_task_that_cannot_be_handed_over_is_not_begun(workers: Workers) -> None:
    with pytest.raises(TypeError, match="pickle"):
        workers.submit(abs, threading.Lock()).result()  # type: ignore[arg-type]
    assert workers.submit(abs, -1).result() == 1


def test_what_is_printed_does_not_come_between(workers: Workers) -> None:
    run(workers, "import os; print('x' * 100_000, flush=True); os.write(1, b'y')")
    assert workers.submit(abs, -1).result() == 1


def test_processes_of_our_own_seldom_look_for_what_holds_itself_alive(workers: Workers) -> None:
    assert workers.submit(gc.get_threshold).result()[0] == SELDOM
    program = (
        "import gc, sys; usual = gc.get_threshold(); import checker\n"
        "checker.check_text('case c { predicate p assume a : p goal g : p by a }')\n"
        "assert gc.get_threshold() == usual, 'the library must leave that to who calls it'\n"
        "from checker.start import main; sys.argv[1:] = ['explain', 'empty-file']; main(); print(gc.get_threshold()[0])"
    )
    assert run_python(Path.cwd(), "-c", program).splitlines()[-1] == str(SELDOM)


def test_one_that_hangs_can_be_killed(workers: Workers, started: Started) -> None:
    stuck = workers.submit(exec, "import time; time.sleep(600)", {})
    assert wait_until(stuck.running)
    assert wait_until(lambda: bool(started()))
    workers.kill(stuck)
    with pytest.raises(WorkerLost, match="signal 9"):
        stuck.result()
    assert workers.submit(abs, -1).result() == 1


def test_a_worker_makes_way_after_many_tasks(workers: Workers) -> None:
    seen = [workers.submit(os.getpid).result() for _ in range(worker.MOST_TASKS + 1)]
    assert len(set(seen[:-1])) == 1
    assert seen[-1] != seen[0]
    assert not is_there(seen[0])


class Z3:
    """Says how much memory it holds on to."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes

    def Z3_get_estimated_alloc_size(self) -> int:  # noqa: N802 - Z3's name for it
        return self.megabytes * 2**20


def test_a_worker_that_holds_on_to_too_much_makes_way(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    run(
        workers,
        "import z3; from checker import worker; context = z3.Context()\n"
        "assert 0 < z3.Z3_get_estimated_alloc_size() < worker.MOST_KEPT * 2**20",
    )
    assert not worker._is_worn(None)
    assert not worker._is_worn(Z3(worker.MOST_KEPT))
    assert worker._is_worn(Z3(worker.MOST_KEPT + 1))
    monkeypatch.setattr(z3_solver, "_ABANDONED", [None])
    assert worker._is_worn(Z3(0))


def test_a_worker_has_its_share_of_memory_and_ends_where_z3_takes_more(workers: Workers) -> None:
    run(
        workers,
        "import z3\n"
        f"assert z3.get_param('memory_max_size') == '{worker.MOST_MEMORY}'\n"
        f"assert z3.get_param('memory_high_watermark_mb') == '{z3_library.MOST_MEMORY}'",
    )
    assert worker.MOST_MEMORY > z3_library.MOST_MEMORY
    run(
        workers,
        "import z3; z3.set_param('memory_max_size', 60); z3.set_param('memory_high_watermark_mb', 0)\n"
        "a, b = z3.BitVecs('a b', 900); s = z3.Solver(); s.add(a * b == b + 1, a > 7)\n"
        "assert s.check() == z3.unknown and 'memory' in s.reason_unknown(), s.reason_unknown()",
    )


def test_closing_ends_everything_at_once(started: Started) -> None:
    made = Workers(2)
    futures = [made.submit(exec, "import time; time.sleep(600)", {}) for _ in range(4)]
    assert wait_until(lambda: len(started()) == 2)
    made.close()
    assert started() == []
    for future in futures:
        with pytest.raises((WorkerLost, CancelledError)):
            future.result(timeout=0)
    with pytest.raises(RuntimeError):
        made.submit(abs, -1)
    made.close()


def test_it_is_an_executor(started: Started) -> None:
    with Workers(2) as made:
        assert list(made.map(abs, range(-5, 0))) == [5, 4, 3, 2, 1]
        with pytest.raises(TypeError):
            made.submit(sorted, [2, 1], reverse=True)
    assert started() == []


# -- a whole check ---------------------------------------------------------------------------------------------------

RICH = judged(
    "  goal h : r by a\n  possible z : not p\n  worry v unless r\n"
    f"  goal deep : {'not (' * 96}p{')' * 96} by a\n"
    + "".join(f"  define d{n} := {f'not (d{n - 1} and p)' if n else 'p'}\n" for n in range(40))
    + "  goal chain : d39 by a\n"
)


def test_the_report_is_the_same_with_any_number_of_workers(started: Started) -> None:
    """Formulas as deep as they may be are among it."""
    threads = threading.active_count()
    usual = checker.check_text(RICH, today=TODAY)
    assert not [found for found in usual.findings if found.severity == "error"], usual.findings
    for jobs in (1, 3):
        assert checker.check_text(RICH, today=TODAY, jobs=jobs).to_json() == usual.to_json()
    assert started() == []
    assert threading.active_count() == threads


@pytest.mark.parametrize("jobs", [0, -1])
def test_there_must_be_a_worker(jobs: int) -> None:
    with pytest.raises(ValueError, match="at least one job"):
        checker.check_text(RICH, today=TODAY, jobs=jobs)
