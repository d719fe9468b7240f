"""One random case, given to the checker and to the oracle; and where they disagree, the smallest case that shows it."""

from __future__ import annotations

from dataclasses import dataclass

import checker
from tests.oracle.compare import differences
from tests.oracle.generate import random_file
from tests.oracle.judgement import TODAY
from tests.oracle.language import File
from tests.oracle.printing import case_text
from tests.oracle.tape import Choices, Tape, from_seed, shrunk


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A file on which the checker and the oracle differ, and how."""

    file: File
    differences: tuple[str, ...]
    tape: Tape

    def __str__(self) -> str:
        return "\n".join([*self.differences, "", case_text(self.file)])


def disagreement(choices: Choices) -> Disagreement | None:
    """How the checker and the oracle differ on the file that these choices make."""
    file = random_file(choices)
    found = differences(file, checker.check_text(case_text(file), today=TODAY))
    return Disagreement(file, tuple(found), tuple(choices.made)) if found else None


def smallest(first: Disagreement, tries: int = 2_000) -> Disagreement:
    """A disagreement that is left when ``first`` is made as small as it can be."""
    known = {first.tape: first}

    def fails(tape: Tape) -> Tape | None:
        found = disagreement(Choices(tape))
        if found is None:
            return None
        known[found.tape] = found
        return found.tape

    return known[shrunk(first.tape, fails, tries)]


def try_seed(seed: int, tries: int = 2_000) -> Disagreement | None:
    """The smallest disagreement found from the file of this seed, if the two disagree on it."""
    found = disagreement(from_seed(seed))
    return None if found is None else smallest(found, tries)
