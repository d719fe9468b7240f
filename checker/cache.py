"""Answers that were found once, among what is kept between runs.

Each stands under a digest of everything that it depends on: the question in a form without names, the effort that it
was worth, the solver's version, and the source code of all that has a part in deciding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from checker.entailment import Answer, Question
from checker.kept import Kept
from checker.stored import read, written

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


def file_name(project: Path | None = None) -> str:
    """The name of the file for all projects, or of that for this one, by its folder."""
    if project is None:
        return "kept.sqlite3"
    folder = str(project.resolve()).encode("utf-8", "surrogateescape")
    return f"kept-{blake2b(folder, digest_size=8).hexdigest()}.sqlite3"


@cache
def fingerprint() -> bytes:
    """A digest of what decides: the source code that has a part in it, and the solver's version."""
    from importlib.metadata import version

    digest = blake2b(version("z3-solver").encode())
    for name in _DECIDING:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.digest()


@dataclass(frozen=True, slots=True)
class Cache:
    """The answers among what is kept. Raises nothing."""

    kept: Kept

    def find(self, key: bytes, question: Question) -> Answer | None:
        """The answer to this arranged question that is known, if one is; for the key see ``Shapes``."""
        found = self.kept.find(_own(key))
        return None if found is None else read(found, question)

    def keep(self, key: bytes, question: Question, answer: Answer) -> None:
        """Keep an answer to this arranged question, unless it could be another one another time."""
        if answer.lasting:
            self.kept.keep(_own(key), written(answer, question))


def _own(key: bytes) -> bytes:
    """The key for answers that are found just as they would be now."""
    return blake2b(fingerprint() + key, digest_size=24).digest()
