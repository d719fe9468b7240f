"""A solver that replies what it is told to, for tests of what is made of replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from checker.smtlib import Script
from checker.solver import Effort, Reply

Respond = Callable[[Script, Sequence[str]], Reply | BaseException]


@dataclass
class FakeSolver:
    """Replies with whatever ``respond`` makes of the script and the guards; raises what it is handed to raise."""

    respond: Respond
    scripts: list[Script] = field(default_factory=list)
    efforts: list[Effort] = field(default_factory=list)

    def open(self, script: Script) -> FakeSession:
        self.scripts.append(script)
        return FakeSession(self, script)


@dataclass
class FakeSession:
    solver: FakeSolver
    script: Script

    def check(self, guards: Sequence[str], effort: Effort, *, want_structure: bool = False) -> Reply:
        del want_structure
        self.solver.efforts.append(effort)
        reply = self.solver.respond(self.script, guards)
        if isinstance(reply, BaseException):
            raise reply
        return reply
