"""Texts that are kept between runs, each under a key of its own, in an SQLite file that is the user's own.

Each text stands with a digest against damage. Several processes may use one file at a time, and any of them may be
killed at any moment. Whatever goes wrong with the file, the run goes on without it: ``trouble`` then says what.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from checker.cache_folder import only_our_file

MOST_BYTES = 128_000_000
"""How large the file may become before the texts that were not asked for the longest are dropped."""
PATIENCE = 2.0
"""How many seconds to wait for another process."""
TOGETHER = 200
"""How many texts are written in one go; those of a second are not left waiting either."""

_TABLE = "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, text TEXT, seal BLOB, day INTEGER) WITHOUT ROWID"


@dataclass(slots=True)
class Kept:
    """The texts in a file. Raises nothing; close it to have everything written."""

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
                return self._connection.execute("SELECT 1 FROM kept LIMIT 1").fetchone() is None
            except sqlite3.Error as error:
                self._give_up(error)
                return True

    def find(self, key: bytes) -> str | None:
        """The text under this key, if there is one and it is whole."""
        with self._lock:
            if self._connection is None:
                return None
            try:
                row = self._connection.execute("SELECT text, seal, day FROM kept WHERE key = ?", [key]).fetchone()
            except sqlite3.Error as error:
                self._give_up(error)
                return None
            if row is None:
                return None
            text, seal, day = row
            if not isinstance(text, str) or seal != _seal(key, text):
                return None
            if day != self._day:
                self._asked.append((self._day, key))
        return text

    def keep(self, key: bytes, text: str) -> None:
        """Keep a text under this key, in the place of what may be there."""
        with self._lock:
            if self._connection is None:
                return
            self._waiting.append((key, text, _seal(key, text), self._day))
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
                self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", self._waiting)
                self._connection.executemany("UPDATE kept SET day = ? WHERE key = ?", self._asked)
        except sqlite3.Error as error:
            self._give_up(error)
        self._waiting.clear()
        self._asked.clear()
        self._written = time.monotonic()

    def _shrink(self) -> None:
        """Drop the texts that were not asked for the longest, down to half of what there may be."""
        assert self._connection is not None
        (size,) = self._connection.execute("PRAGMA page_size").fetchone()
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        if size * pages <= MOST_BYTES:
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (count,) = self._connection.execute("SELECT count(*) FROM kept").fetchone()
            drop = count - count * MOST_BYTES // (2 * size * pages)
            self._connection.execute(
                "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY day, key LIMIT ?)", [drop]
            )
        self._connection.executescript("PRAGMA incremental_vacuum")  # one step of it frees one page only

    def _give_up(self, error: Exception) -> None:
        self.trouble = str(error)
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _seal(key: bytes, text: str) -> bytes:
    return blake2b(key + text.encode(), digest_size=16).digest()
