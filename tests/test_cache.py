"""What is kept between runs: the same answers, whatever happens to the file that they are kept in."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from checker import cache as caches
from checker import kept as keeping
from checker.cache import Cache
from checker.canonical import Shapes
from checker.discharge import answer as decided
from checker.entailment import Answer, Entailed, Limits, Reason, Refuted, Undetermined
from checker.kept import Kept
from checker.logic import apply, for_all
from tests.questions import ask, c, p, x

SHAPES = Shapes()
SHOWN = SHAPES.arranged(ask([for_all([x], apply(p, x))], apply(p, apply(c))))
OPEN = SHAPES.arranged(ask([apply(p, apply(c))], for_all([x], apply(p, x))))
LIMITS = Limits()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / caches.file_name()


KEY = SHAPES.key(SHOWN, LIMITS)


ANSWER = Entailed(("a0",))


def fill(path: Path, answer: Answer = ANSWER, *, lasting: bool = True) -> None:
    kept = Kept(path)
    Cache(kept).keep(KEY, SHOWN, replace(answer, lasting=lasting))
    kept.close()
    assert kept.trouble is None


def found(path: Path) -> Answer | None:
    kept = Kept(path)
    try:
        return Cache(kept).find(KEY, SHOWN)
    finally:
        kept.close()


def test_what_is_kept_is_found(path: Path) -> None:
    assert found(path) is None
    fill(path)
    assert found(path) == Entailed(("a0",))


def test_all_kinds_of_answers_are_kept(path: Path) -> None:
    kept = Kept(path)
    answers = {}
    for question in (SHOWN, OPEN):
        result = decided(question, LIMITS)
        answers[SHAPES.key(question, LIMITS)] = (question, result)
        Cache(kept).keep(SHAPES.key(question, LIMITS), question, result)
    kept.close()
    assert {type(answer) for _, answer in answers.values()} == {Entailed, Refuted}
    again = Kept(path)
    for digest, (question, answer) in answers.items():
        assert Cache(again).find(digest, question) == answer
    again.close()


def test_what_may_come_out_otherwise_is_not_kept(path: Path) -> None:
    fill(path, Undetermined(Reason.TIMEOUT), lasting=False)
    assert found(path) is None


def test_another_solver_or_another_way_of_deciding_has_other_keys(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    monkeypatch.setattr(caches, "fingerprint", lambda: b"another")
    assert found(path) is None


def test_everything_that_decides_is_in_the_fingerprint() -> None:
    """What decides a question is the part of the architecture of that name, with the data that it works on."""
    from tests.test_docs import PACKAGE, imported

    waiting, needed = ["discharge.py", "z3_solver.py", "stored.py", "canonical.py"], set[str]()
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            waiting += imported(PACKAGE / path)
    # Where packages are installed has no part in an answer.
    assert needed - {"installed.py"} == {f"{name}.py" for name in caches._DECIDING}


def test_an_answer_that_was_changed_does_not_count(path: Path) -> None:
    fill(path, Undetermined(Reason.BUDGET))
    with sqlite3.connect(path) as connection:
        assert connection.execute("""UPDATE kept SET text = '["entailed",[0],[],[],false]'""").rowcount == 1
    connection.close()
    assert found(path) is None


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_file_is_no_obstacle(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    kept = Kept(path)
    Cache(kept).keep(KEY, SHOWN, Entailed(("a0",), lasting=True))
    kept.close()
    assert (kept.trouble is None) == (content == b"")


def test_a_file_that_others_can_write_to_is_not_believed(path: Path) -> None:
    fill(path)
    path.chmod(0o666)
    kept = Kept(path)
    assert kept.trouble is not None
    assert Cache(kept).find(KEY, SHOWN) is None
    kept.close()


def test_a_folder_that_is_not_there_is_no_obstacle(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "none" / caches.file_name())
    assert kept.trouble is not None
    Cache(kept).keep(KEY, SHOWN, Entailed(("a0",), lasting=True))
    assert Cache(kept).find(KEY, SHOWN) is None
    kept.close()


def test_a_full_disk_is_no_obstacle(path: Path) -> None:
    """A limit on the size of files stands in for one: writing fails in the same way."""
    call = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from checker.entailment import Entailed\n"
        "from tests.test_cache import Cache, KEY, Kept, SHOWN\n"
        f"path = Path({str(path)!r})\n"
        "kept = Kept(path)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))\n"
        "Cache(kept).keep(KEY, SHOWN, Entailed(('a0',), lasting=True))\n"
        "kept.close()\n"
        "sys.exit(0 if kept.trouble else 5)\n"
    )
    assert subprocess.run([sys.executable, "-c", call], check=False, timeout=60).returncode == 0
    assert found(path) is None


def test_several_processes_write_at_once(path: Path) -> None:
    call = (
        "import sys\n"
        "from pathlib import Path\n"
        "from checker.entailment import Entailed\n"
        "from tests.test_cache import Cache, Kept, SHOWN\n"
        f"kept = Kept(Path({str(path)!r}))\n"
        "for number in range(500):\n"
        "    Cache(kept).keep(f'{sys.argv[1]} {number}'.encode(), SHOWN, Entailed(('a0',), lasting=True))\n"
        "kept.close()\n"
        "sys.exit(0 if kept.trouble is None else kept.trouble)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", call, str(number)]) for number in range(4)]
    assert [one.wait(timeout=60) for one in running] == [0] * 4
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (2_000,)
    connection.close()


def test_a_process_that_is_killed_leaves_a_file_that_can_be_read(path: Path) -> None:
    fill(path)
    call = (
        "from pathlib import Path\n"
        "from checker.entailment import Entailed\n"
        "from tests.test_cache import Cache, Kept, SHOWN\n"
        f"kept = Kept(Path({str(path)!r}))\n"
        "print('started', flush=True)\n"
        "number = 0\n"
        "while True:\n"
        "    number += 1\n"
        "    Cache(kept).keep(b'%d' % number, SHOWN, Entailed(('a0',), lasting=True))\n"
    )
    for wait in (0.05, 0.15, 0.3):
        process = subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        assert found(path) == Entailed(("a0",))
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_the_file_does_not_grow_without_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_BYTES", 200_000)
    for start in range(0, 4_000, 1_000):
        kept = Kept(path)
        for number in range(start, start + 1_000):
            Cache(kept).keep(b"%d" % number, SHOWN, Entailed(("a0",), lasting=True))
        kept.close()
        assert kept.trouble is None
    assert path.stat().st_size <= 250_000


def test_what_was_asked_for_lately_stays_the_longest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    kept = Kept(path, _day=Kept(path)._day - 10)
    for number in range(3_000):
        Cache(kept).keep(b"%d" % number, SHOWN, Entailed(("a0",), lasting=True))
    monkeypatch.setattr(keeping, "MOST_BYTES", 100_000)
    kept.close()
    assert found(path) == Entailed(("a0",))
    again = Kept(path)
    assert sum(Cache(again).find(b"%d" % number, SHOWN) is not None for number in range(3_000)) < 2_000
    again.close()


def test_only_the_user_can_read_it(path: Path) -> None:
    fill(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_uid == os.getuid()
