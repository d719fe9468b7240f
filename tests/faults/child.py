"""``python -m tests.faults.child WHERE FAULT NUMBER MARK ARGUMENT...``: a check that crashes at one call of the solver.

``WHERE`` is ``workers``, where the command decides, and each of which crashes at this call; or ``library``, where the
caller's own process does. ``MARK`` is a file that is there afterwards if it came to that.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import checker
from checker import workers
from checker.cli import main
from checker.solver import Reply
from checker.z3_solver import Z3Solver
from tests.faults.solver import CRASHES, Call, Faulty, at
from tests.remembering import deciding_with

ROOT = Path(__file__).parents[2]

WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from checker import worker
from tests.faults.child import crashing, deciding_with
with deciding_with(crashing({kind!r}, {number!r}, Path({mark!r}))):
    worker.main()
"""


def crashing(kind: str, number: int, mark: Path) -> Faulty:
    def fault(call: Call) -> Reply:
        mark.touch()
        return CRASHES[kind](call)

    return Faulty(Z3Solver(), fault, at(number))


def by_workers(kind: str, number: int, mark: Path, arguments: list[str]) -> int:
    program = mark.with_suffix(".py")
    program.write_text(WORKER.format(root=str(ROOT), kind=kind, number=number, mark=str(mark)), "utf-8")
    workers.PROGRAM = program
    return main(arguments)


def by_library(kind: str, number: int, mark: Path, arguments: list[str]) -> int:
    path, day = arguments
    with deciding_with(crashing(kind, number, mark)):
        report = checker.check(path, today=date.fromisoformat(day))
    sys.stdout.write(report.to_json())
    return report.exit_status


if __name__ == "__main__":
    where, kind, number, mark, *arguments = sys.argv[1:]
    run = {"workers": by_workers, "library": by_library}[where]
    sys.exit(run(kind, int(number), Path(mark), arguments))
