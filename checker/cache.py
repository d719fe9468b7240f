"""Answers that were found once, in an SQLite file of the user's own.

Each stands under a digest of everything that it depends on: the question in a form without names, the effort that it
was worth, the solver's version, and the source code of all that has a part in deciding. It holds texts alone, each with
a digest against damage. Several processes may use one file at a time, and any of them may be killed at any moment.
Whatever goes wrong with the file, the run goes on without it: ``trouble`` then says what.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path

from checker.cache_folder import only_our_file
from checker.entailment import Answer, Question
from checker.stored import read, written

MOST_BYTES = 128_000_000
"""How large the file may become before the answers that were not asked for the longest are dropped."""
PATIENCE = 2.0
"""How many seconds to wait for another process."""
TOGETHER = 200
"""How many answers are written in one go; those of a second are not left waiting either."""

_DECIDING = (
    "canonical",
    "discharge",
    "entailment",
    "logic",
    "model",
    "shrink",
    "smtlib",
    "solver",
    "stored",
    "z3_library",
    "z3_solver",
)
"""The modules that have a part in an answer."""

_TABLE = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer TEXT, seal BLOB, day INTEGER) WITHOUT ROWID"


def file_name(project: Path | None = None) -> str:
    """The name of the file for all projects, or of that for this one, by its folder."""
    if project is None:
        return "answers.sqlite3"
    folder = str(project.resolve()).encode("utf-8", "surrogateescape")
    return f"answers-{blake2b(folder, digest_size=8).hexdigest()}.sqlite3"


@cache
def fingerprint() -> bytes:
    """A digest of what decides: the source code that has a part in it, and the solver's version."""
    from importlib.metadata import version

    digest = blake2b(version("z3-solver").encode())
    for name in _DECIDING:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.digest()


@dataclass(slots=True)
class Cache:
    """The answers in a file. Raises nothing; close it to have everything written."""

    path: Path
    trouble: str | None = None
    _connection: sqlite3.Connection | None = None
    _waiting: list[tuple[bytes, str, bytes, int]] = field(default_factory=list)
    _asked: list[tuple[int, bytes]] = field(default_factory=list)
    _written: float = 0.0
    _day: int = field(default_factory=lambda: int(time.time() // 86_400))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._written = time.monotonic()
        try:
            if self.path.exists() and not only_our_file(str(self.path)):
                self.trouble = "others can write to it"
                return
            self.path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_TABLE)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found in it."""
        with self._lock:
            if self._connection is None:
                return True
            try:
                return self._connection.execute("SELECT 1 FROM answers LIMIT 1").fetchone() is None
            except sqlite3.Error as error:
                self._give_up(error)
                return True

    def find(self, key: bytes, question: Question) -> Answer | None:
        """The answer to this arranged question that is known, if one is; for the key see ``Shapes``."""
        key = _own(key)
        with self._lock:
            if self._connection is None:
                return None
            try:
                row = self._connection.execute("SELECT answer, seal, day FROM answers WHERE key = ?", [key]).fetchone()
            except sqlite3.Error as error:
                self._give_up(error)
                return None
            if row is None:
                return None
            answer, seal, day = row
            if not isinstance(answer, str) or seal != _seal(key, answer):
                return None
            if day != self._day:
                self._asked.append((self._day, key))
        return read(answer, question)

    def keep(self, key: bytes, question: Question, answer: Answer) -> None:
        """Keep an answer to this arranged question, unless it could be another one another time."""
        if not answer.lasting:
            return
        key, kept = _own(key), written(answer, question)
        with self._lock:
            if self._connection is None:
                return
            self._waiting.append((key, kept, _seal(key, kept), self._day))
            if len(self._waiting) >= TOGETHER or time.monotonic() - self._written > 1:
                self._write()

    def close(self) -> None:
        """Write what is left to write, and make room if too much is kept."""
        with self._lock:
            self._write()
            if self._connection is None:
                return
            try:
                self._shrink()
                self._connection.close()
            except sqlite3.Error as error:
                self._give_up(error)
            self._connection = None

    def _write(self) -> None:
        if self._connection is None or not (self._waiting or self._asked):
            return
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", self._waiting)
                self._connection.executemany("UPDATE answers SET day = ? WHERE key = ?", self._asked)
        except sqlite3.Error as error:
            self._give_up(error)
        self._waiting.clear()
        self._asked.clear()
        self._written = time.monotonic()

    def _shrink(self) -> None:
        """Drop the answers that were not asked for the longest, down to half of what there may be."""
        assert self._connection is not None
        (size,) = self._connection.execute("PRAGMA page_size").fetchone()
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        if size * pages <= MOST_BYTES:
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (count,) = self._connection.execute("SELECT count(*) FROM answers").fetchone()
            drop = count - count * MOST_BYTES // (2 * size * pages)
            self._connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY day, key LIMIT ?)", [drop]
            )
        self._connection.executescript("PRAGMA incremental_vacuum")  # one step of it frees one page only

    def _give_up(self, error: Exception) -> None:
        self.trouble = str(error)
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _own(key: bytes) -> bytes:
    """The key for answers that are found just as they would be now."""
    return blake2b(fingerprint() + key, digest_size=24).digest()


def _seal(key: bytes, answer: str) -> bytes:
    return blake2b(key + answer.encode(), digest_size=16).digest()
