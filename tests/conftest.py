"""What all tests share: random examples that are the same in every run, and no trace in the user's own folders."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from checker.collecting import collect_seldom
from tests.processes import Started, children
from tests.reports import SHARED

# A failure must be there for the next reader too, and a slow machine is no failure.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

_CACHE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()

_OF_THE_USER = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUNBUFFERED", "PYTHONIOENCODING", "SAFETY_CASE_TRACEBACK")


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests, and the processes they start, a cache folder of their own and a plain terminal."""
    collect_seldom()  # as in the processes that users start
    # A shell that starts the tests in the background has them ignore Ctrl-C, which some of them are about.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_CACHE] = tempfile.TemporaryDirectory(prefix="safety-case-tests-")
    os.environ["XDG_CACHE_HOME"] = config.stash[_CACHE].name
    if not hasattr(config, "workerinput"):  # the process that the others are started by
        os.environ[SHARED] = config.stash[_CACHE].name
    # Wherever a process is started, it runs the checker that is tested.
    root = str(Path(__file__).parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    for name in _OF_THE_USER:
        os.environ.pop(name, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    config.stash[_CACHE].cleanup()


@pytest.fixture
def started() -> Started:
    """Other tests may keep processes, such as a second solver; they are not this test's."""
    before = set(children(os.getpid()))
    return lambda: [process for process in children(os.getpid()) if process not in before]
