"""``python -m tests.faults [--step N] [NAME...]``: every fault at every call (or every N-th) of each small case.

With names of examples (``gate_review``), of those. Prints what is shown only with a fault; exit status 1 if there is
something.
"""

from __future__ import annotations

import argparse
import sys

from tests.faults.trial import TEXTS, example, small


def main() -> int:
    """Run the faults that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Put faults into the solver.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="examples (default: the small cases)")
    parser.add_argument("--step", type=int, default=1, metavar="N", help="take every N-th fault alone")
    options = parser.parse_args()
    wrong = runs = 0
    for name in options.names or TEXTS:
        trial = example(name) if options.names else small(name)
        for number, plan in enumerate(trial.plans()):
            if number % options.step == 0:
                runs += 1
                for said in trial.wrong(plan):
                    wrong += 1
                    print(f"{name}: {said}", flush=True)
        print(f"{name}: done, {trial.checks} checks and {trial.openings} openings", file=sys.stderr, flush=True)
    print(f"{runs} runs with a fault, {wrong} of them show what is not so")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
