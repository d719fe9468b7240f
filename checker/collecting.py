"""How often Python looks for objects that hold each other alive, in the processes that are our own."""

import gc

SELDOM = 50_000
"""How many more objects there have to be than at the last look. Python 3.11's own number is 700.

Nearly everything here is a tree, which goes away without being looked for. With Python's number a check of the library
and all examples took 79 CPU seconds, with this one 73, and as long with none (z3-solver 5.4.1).
"""


def collect_seldom() -> None:
    """Settle it for this process. The library does not, as it is not alone in the process of its caller."""
    gc.set_threshold(SELDOM)
