"""``python -m tests.faults.child FAULT NUMBER MARK ARGUMENT...``: the command, with a crash at one check.

``MARK`` is a file that is there afterwards if it came to that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from checker.cli import main
from checker.solver import Reply
from checker.z3_solver import Z3Solver
from tests.faults.solver import CRASHES, Call, Faulty, at
from tests.remembering import deciding_with


def crashing(kind: str, number: int, mark: Path) -> Faulty:
    def fault(call: Call) -> Reply:
        mark.touch()
        return CRASHES[kind](call)

    return Faulty(Z3Solver(), fault, at(number))


if __name__ == "__main__":
    kind, number, mark, *arguments = sys.argv[1:]
    with deciding_with(crashing(kind, int(number), Path(mark))):
        sys.argv = ["safety-case", *arguments]
        sys.exit(main())
