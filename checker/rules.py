"""How findings count by the settings of a project: which are silenced, and which weigh more than usual.

Settings can silence warnings and notes, and make them weigh more. They can do neither to an error: what keeps a case
from passing is for its authors to mend, and a worry is for its owner to accept, by name and with a date, where every
reader of the case sees it. What is silenced is counted in the report.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from checker.findings import Finding, Severity

WEIGHTS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True)
class Rules:
    """``per_file`` pairs patterns of files, relative to ``folder``, with the codes that are silenced there.

    A pattern without ``/`` means files of that name in any folder; ``*`` is anything but ``/``, and ``**`` any folders.
    """

    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    folder: Path = Path()

    def apply(
        self, findings: Iterable[Finding], file: str | None, *, strict: bool
    ) -> tuple[list[Finding], list[Finding]]:
        """The findings as they count, and those that are silenced.

        ``file`` is the one of the case that they belong to, as it is shown; None for findings of no case, each of which
        counts by the file that it stands in. What is silenced stays so with ``strict``, which makes errors of the
        warnings that are left.
        """
        shown, silenced = [], []
        for found in findings:
            if found.severity is not Severity.ERROR and self._ignores(found.code, file or found.span.file):
                silenced.append(found)
            else:
                shown.append(self._weighed(found, strict=strict))
        return shown, silenced

    def _ignores(self, code: str, file: str) -> bool:
        if code in self.ignore:
            return True
        path = _inside(file, self.folder) if file and any(code in codes for _, codes in self.per_file) else None
        return path is not None and any(code in codes and matches(path, one) for one, codes in self.per_file)

    def _weighed(self, found: Finding, *, strict: bool) -> Finding:
        wanted = self.severity.get(found.code, found.severity)
        weight = wanted if WEIGHTS[wanted] > WEIGHTS[found.severity] else found.severity
        if strict and weight is Severity.WARNING:
            weight = Severity.ERROR
        return found if weight is found.severity else replace(found, severity=weight)


def _inside(file: str, folder: Path) -> str | None:
    """The path of a file from a folder, with ``/``; None if it does not lie in it."""
    base = posixpath.normpath(folder.absolute().as_posix())
    path = posixpath.normpath(posixpath.join(Path().absolute().as_posix(), file))
    root = base.rstrip("/") + "/"
    return path[len(root) :] if path.startswith(root) else None


def matches(path: str, pattern: str) -> bool:
    """Whether a path, relative and with ``/``, is meant by a pattern."""
    wanted = ["**", pattern] if "/" not in pattern else pattern.split("/")

    def with_none(states: Iterable[int]) -> set[int]:
        """The states, and those that are reached where ``**`` stands for no folder at all."""
        reached = set()
        for state in states:
            while state not in reached:
                reached.add(state)
                if state < len(wanted) and wanted[state] == "**":
                    state += 1
        return reached

    # How many parts of the pattern are behind us, in each way to read the path so far.
    states = with_none({0})
    for part in path.split("/"):
        states = with_none(
            state if wanted[state] == "**" else state + 1
            for state in states
            if state < len(wanted) and (wanted[state] == "**" or fnmatchcase(part, wanted[state]))
        )
    return len(wanted) in states
