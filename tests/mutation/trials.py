"""A plugin for pytest that tries mutants: each in a process of its own, forked where all tests have been collected.

Tests run until one fails: of those that reach the mutated function, first those that have found many mutants, and
quick ones before slow ones.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant

SWITCH = "MUTANT_UNDER_TEST"
"""The environment variable in which mutmut's code looks for the mutant that is switched on."""

Outcome = Literal["killed", "survived", "timeout", "crashed", "no tests"]


@dataclass
class Trials:
    """Tries ``mutants``, with so many processes at once, and appends what comes of each to a file in ``kept``."""

    mutants: list[Mutant]
    kept: Path
    processes: int
    known: dict[str, Outcome]
    failed: list[str] = field(default_factory=list)
    _kills: Counter[int] = field(default_factory=Counter)
    _seconds: list[float] = field(default_factory=list)
    _reaching: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _running: dict[int, tuple[Mutant, float, int]] = field(default_factory=dict)

    def pytest_configure(self) -> None:
        """Have Hypothesis be content with any failing example: that of a mutant need not be small."""
        import hypothesis

        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        steady = hypothesis.settings.get_profile("steady")
        hypothesis.settings.register_profile("mutants", steady, phases=phases)
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        for number, item in enumerate(items):
            for function in self._reached(item):
                self._reaching[function].add(number)
        os.environ[SWITCH] = ""
        for item in items:
            start = time.process_time()
            self._run(item)
            self._seconds.append(time.process_time() - start)
        if self.failed:
            return True
        sys.stderr.write(f"{len(items)} tests, which take {sum(self._seconds):.1f} s in all\n")
        assert self._reaching, "no test reaches a mutant: is the code that is tested the one with the mutants?"
        gc.collect()
        gc.disable()
        gc.freeze()
        waiting = [mutant for mutant in self.mutants if mutant.name not in self.known]
        sys.stderr.write(f"{len(waiting)} mutants\n")
        for mutant in waiting:
            while len(self._running) >= self.processes:
                self._wait()
            self._start(mutant, items)
        while self._running:
            self._wait()
        return True

    def _run(self, item: pytest.Item) -> bool:
        passed = not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
        if not passed:
            self.failed.append(item.nodeid)
        return passed

    def _reached(self, item: pytest.Item) -> set[str]:
        """Run a test, and tell the functions with mutants that it reaches."""
        from mutmut.state import state

        os.environ[SWITCH] = "stats"
        state()._stats.clear()
        self._run(item)
        return set(state()._stats)

    def _start(self, mutant: Mutant, items: list[pytest.Item]) -> None:
        numbers = self._reaching[mutant.name.partition("__mutmut_")[0]]
        if not numbers:
            self._record(mutant, "no tests")
            return
        order = sorted(numbers, key=lambda n: self._seconds[n] / (1 + self._kills[n]))
        limit = 10 + int(4 * sum(self._seconds[n] for n in numbers))
        read, write = os.pipe()
        pid = os.fork()
        if pid:
            os.close(write)
            self._running[pid] = (mutant, time.monotonic() + 20 * limit, read)
            return
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        os.environ[SWITCH] = mutant.name
        status = 0
        try:
            for number in order:
                if not self._run(items[number]):
                    os.write(write, str(number).encode())
                    status = 1
                    break
        except BaseException:  # noqa: BLE001 - a mutant may do anything
            status = 1
        os._exit(status)

    def _wait(self) -> None:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid in self._running:
                break
            for overdue in [p for p, (_, deadline, _) in self._running.items() if time.monotonic() > deadline]:
                os.kill(overdue, signal.SIGKILL)
            time.sleep(0.005)
        mutant, _, read = self._running.pop(pid)
        killer = os.read(read, 100)
        os.close(read)
        code = os.waitstatus_to_exitcode(status)
        if killer:
            self._kills[int(killer)] += 1
            self._record(mutant, "killed")
        elif code == 0:
            self._record(mutant, "survived")
        else:
            # That a process ends otherwise is not a test that fails.
            self._record(mutant, "timeout" if code in (-signal.SIGKILL, -signal.SIGXCPU) else "crashed")

    def _record(self, mutant: Mutant, outcome: Outcome) -> None:
        self.known[mutant.name] = outcome
        with (self.kept / f"{mutant.module}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps([mutant.name, outcome]) + "\n")


def last_time(kept: Path, mutants: list[Mutant]) -> dict[str, Outcome]:
    """Those of the mutants that were killed, as the files in ``kept`` have it."""
    found: dict[str, Outcome] = {}
    for path in {kept / f"{mutant.module}.jsonl" for mutant in mutants}:
        if path.exists():
            found.update(map(json.loads, path.read_text("utf-8").splitlines()))
    return {name: outcome for name, outcome in found.items() if outcome in ("killed", "timeout")}
