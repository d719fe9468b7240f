"""``python -m tests.oracle --cases N --seed S``: compare the checker and the oracle on many random cases.

Prints how far it is, and the first disagreement, made small, as a case text. Exit status 1 if there is one.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.oracle.trial import try_seed


def main() -> int:
    """Run the comparison that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description="Compare the checker with the oracle.")
    parser.add_argument("--cases", type=int, default=10_000, metavar="N", help="how many cases (default: 10000)")
    parser.add_argument("--seed", type=int, default=1_000_000, metavar="S", help="the first seed (default: 1000000)")
    options = parser.parse_args()
    start = time.monotonic()
    for count, seed in enumerate(range(options.seed, options.seed + options.cases), start=1):
        if (found := try_seed(seed)) is not None:
            print(f"\nThe checker and the oracle disagree on the case of seed {seed}:\n\n{found}")
            return 1
        if count % 100 == 0 or count == options.cases:
            print(f"{count} cases agree ({time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
