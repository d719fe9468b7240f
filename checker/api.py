"""The three functions that are the interface of the library; see :mod:`checker`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from checker.parser import Parsed
    from checker.progress import Progress
    from checker.report import Report
    from checker.rules import Rules


def check(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    today: date | None = None,
    budget: int | None = None,
    timeout: float | None = None,
    strict: bool = False,
    only: Sequence[str] = (),
    cross_check: bool = False,
    repairs: bool = False,
    without: Sequence[str] = (),
    total_timeout: float | None = None,
    rules: Rules | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Report:
    """Check the ``.case`` files at ``paths``: files, and folders recursively.

    ``today`` is the day against which evidence and acceptances are held (default: this day). ``budget`` is the effort
    that one obligation is worth, in the solver's own units; ``timeout``, in seconds, is a backstop beside it, and
    ``total_timeout`` one for the whole run: what is not decided by then is undetermined. With
    ``strict``, warnings are errors. ``only`` names the cases and theories to check (default: all).

    With ``cross_check``, a second solver decides everything again, in a process of its own. Raises ``NoSecondSolver``
    where it is not installed, and ``Disagreement`` where it contradicts an answer: then there is no report.

    ``repairs`` asks for all sets of premises that would close what is open, and that suffice for what is shown.
    ``without`` names assumptions and adopted mitigations to check without; the report then says what falls.
    ``rules`` say which warnings and notes are silenced or weigh more; a project's own settings are not looked for.

    With ``jobs``, so many worker processes answer what there is to decide, and end with the call; without it, this
    process does, and starts nothing. An ``executor`` does it instead: any ``concurrent.futures.Executor`` whose
    workers have this version of the checker, or ``"dask://HOST:PORT"``; raises ``NoExecutor`` where that cannot be. The
    report is the same in all cases. What a worker loses by ending is done again once, and then is undetermined.

    What was read and answered is taken from the file ``cache``, made if need be, and kept in it for the next run; the
    report is the same. Where that file cannot be used, the check is done without it.

    ``progress`` is told how far the run has come, and ``stop`` is asked now and then whether it shall end with what is
    known by then, which the report says in a finding ``interrupted``. Both are called in this thread; what they raise
    ends the run and is raised here. Ctrl-C raises ``KeyboardInterrupt`` as always, and no process stays behind.

    Bad input never raises: what is wrong with a specification is in the report's findings.
    """
    from checker.pipeline import Work, check_paths, settings

    listed = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    work = Work(jobs, executor, progress, stop, None if cache is None else Path(cache))
    options = settings(today, budget, timeout, strict, only, cross_check, repairs, without, total_timeout, rules, work)
    return check_paths(listed, options)


def check_text(
    text: str,
    *,
    name: str = "<text>",
    folder: str | os.PathLike[str] = ".",
    today: date | None = None,
    budget: int | None = None,
    timeout: float | None = None,
    strict: bool = False,
    only: Sequence[str] = (),
    cross_check: bool = False,
    repairs: bool = False,
    without: Sequence[str] = (),
    total_timeout: float | None = None,
    rules: Rules | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Report:
    """Check ``text`` as if it stood in a file called ``name`` in ``folder``; otherwise as ``check``."""
    from checker.pipeline import Work, settings
    from checker.pipeline import check_text as check_one

    work = Work(jobs, executor, progress, stop, None if cache is None else Path(cache))
    options = settings(today, budget, timeout, strict, only, cross_check, repairs, without, total_timeout, rules, work)
    return check_one(text, name, Path(folder), options)


def parse(text: str, *, name: str = "<text>") -> Parsed:
    """The syntax tree of ``text``, and findings on what in it is no specification. Never raises for bad input."""
    from checker.parser import parse as parse_text

    return parse_text(text, name)
