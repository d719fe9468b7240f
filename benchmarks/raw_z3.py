"""``python -m benchmarks.raw_z3 FOLDER``: Z3 alone decides the SMT-LIB files in a folder, each in a fresh context."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from checker import z3_library


def main() -> None:
    """Decide them all, within the effort that a question is worth by default."""
    z3: Any = z3_library.load()
    for path in sorted(Path(sys.argv[1]).rglob("*.smt2")):
        solver = z3.SimpleSolver(ctx=z3.Context())
        solver.set("rlimit", 10_000_000)
        solver.from_file(str(path))
        solver.check()


if __name__ == "__main__":
    main()
