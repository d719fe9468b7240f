"""``--watch``: a command that runs again whenever a file changes that its result depends on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from checker.commands.options import Effort
from checker.commands.running import BAD_INPUT, INTERRUPTED, harmless, jobs_of, settled

_STEP = 50
"""For how many milliseconds nothing more must change before a change counts: editors save in several steps."""
_PAUSE = 100
"""After how many milliseconds without a message it is seen whether it is time to look at the files all the same."""
_LOOK_AGAIN = 10
"""After how many pauses, messages included, it is. Not all file systems send messages."""

_MISSING = '--watch needs the package watchfiles: pip install "safety-case-checker[watch]"'


def watchable(run: Callable[..., int]) -> Callable[..., int]:
    """The command with an option ``--watch``.

    Its arguments ``paths`` and ``known`` say what it reads, and ``to_know`` that it writes a baseline.
    """

    @click.option("--watch", is_flag=True, help="Check again whenever a file changes that the result depends on.")
    @wraps(run)
    def watched(*args: Any, watch: bool, paths: Sequence[Path], effort: Effort, **kwargs: Any) -> int:
        if not watch:
            return run(*args, paths=paths, effort=effort, **kwargs)
        if kwargs.get("to_know") is not None:
            raise click.UsageError("a baseline is written once and on purpose, without --watch")
        if kwargs.get("affected"):
            raise click.UsageError("what one change affects is checked once, without --watch")
        known = kwargs.get("known")
        with _kept(effort) as lasting:

            def once() -> int:
                return run(*args, paths=paths, effort=lasting, **kwargs)

            return _watch(once, paths or (Path(),), () if known is None else (known,))

    return watched


@contextmanager
def _kept(effort: Effort) -> Iterator[Effort]:
    """The same effort, by worker processes that stay for all runs: each takes a while to start."""
    if effort.executor is not None:
        yield effort
        return
    try:
        jobs = jobs_of(effort.jobs, None, settled())
    except click.ClickException:  # each run tells what is wrong with the settings, until it is mended
        jobs = effort.jobs
    from checker.workers import Workers, usable_cores

    with Workers(jobs or usable_cores()) as workers:
        yield replace(effort, jobs=None, executor=workers)


def _watch(once: Callable[[], int], paths: Sequence[Path], others: Sequence[Path]) -> int:
    """Run now and whenever something changed in these paths or other files, until Ctrl-C; gives the last status."""
    try:
        from watchfiles import watch
    except ImportError as error:
        raise click.ClickException(_MISSING) from error
    from checker.dependencies import dependencies

    status = INTERRUPTED
    try:
        while True:
            # What changes while the check runs is seen afterwards: the states are those from before it.
            seen = dependencies(paths, others)
            click.clear()
            status = _told(once)
            if status == INTERRUPTED:
                return status
            count = f"{seen.there} file{'' if seen.there == 1 else 's'}"
            click.echo(f"\nWatching {count}; press Ctrl-C to end.", err=True)
            for _ in _looks(watch, seen.folders):
                if dependencies(paths, others) != seen:
                    break
    except KeyboardInterrupt:
        return status


def _looks(watch: Callable[..., Iterator[object]], folders: frozenset[Path]) -> Iterator[None]:
    """Whenever it is time to look at the files: when something happened in the folders, and now and then besides."""
    yield
    there = sorted(folder for folder in folders if folder.is_dir())
    try:
        messages = watch(
            *there,
            watch_filter=None,
            step=_STEP,
            rust_timeout=_PAUSE,
            yield_on_timeout=True,
            recursive=False,
            ignore_permission_denied=True,
        )
        for number, message in enumerate(messages):
            # Nobody tells of what changed before the system was told to, so that is looked for in the first pause.
            if message or number % _LOOK_AGAIN == 0:
                yield
    except OSError:  # a folder has gone just now, or the system watches no more of them
        pass
    while True:
        time.sleep(_LOOK_AGAIN * _PAUSE / 1000)
        yield


def _told(once: Callable[[], int]) -> int:
    """The status of one run; what is wrong with the settings ends that and not the watch."""
    try:
        return once()
    except click.ClickException as error:
        click.echo(harmless(f"Error: {error.format_message()}"), err=True)
        return BAD_INPUT
