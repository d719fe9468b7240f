"""Solvers that fail, and what may come of it: nothing that is not shown without the failure.

``solver.py`` holds the faults, ``weaker.py`` says precisely what "nothing more is shown" means, ``cases.py`` has small
cases each of which has one reason not to pass, and ``python -m tests.faults`` puts every fault at every call.
"""
