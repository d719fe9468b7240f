"""What the library raises. What is wrong with a specification is never raised: it is in the report's findings."""

from __future__ import annotations


class CheckerError(Exception):
    """Anything that the library raises on purpose; the message says what is the matter, in sentences."""


class NoSecondSolver(CheckerError):  # noqa: N818 - it says what is missing
    """A second opinion is asked for, and there is no second solver to give it."""


class NoExecutor(CheckerError):  # noqa: N818 - it says what is missing
    """The work is to be done elsewhere, and there is nobody who could do it."""


class Disagreement(CheckerError):  # noqa: N818 - it says what there is
    """Two solvers say opposite things, so one of them, or the checker, is wrong; nothing that was found counts.

    ``text`` is what they disagree about, in SMT-LIB, and ``file_name`` what a file with it may be called.
    """

    def __init__(self, message: str, file_name: str, text: str) -> None:
        super().__init__(message)
        self.file_name = file_name
        self.text = text
