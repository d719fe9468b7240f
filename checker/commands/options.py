"""What options may say, and the options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from checker import settings
from checker.commands.running import jobs_of, kept_for, warn

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from checker import pipeline


def day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """A day as year-month-day, and in no other way."""
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise click.BadParameter(f"'{value}' is not a day; write it like 2026-10-01")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"there is no day {value} in the calendar") from error


def _number(
    fits: Callable[[object], bool], wanted: str, of: Callable[[str], float], pattern: str
) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    """A number that fits, written as plainly as people do."""

    def number(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
        if value is None:
            return None
        found = of(value) if re.fullmatch(pattern, value) else of("0")
        if not fits(found):
            raise click.BadParameter(f"'{value}' is not {wanted}")
        return found

    return number


_WHOLE = r"[0-9]{1,20}"
_budget = _number(settings.is_budget, settings.BUDGET_WANTED, int, _WHOLE)
_jobs = _number(settings.is_jobs, settings.JOBS_WANTED, int, _WHOLE)
_seconds = _number(settings.is_timeout, settings.TIMEOUT_WANTED, float, rf"{_WHOLE}(\.{_WHOLE})?")


def names(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Names with commas between them."""
    names = [name.strip() for value in values for name in value.split(",")]
    if "" in names:
        raise click.BadParameter(f"'{', '.join(values)}' lacks a name; write it like a,b")
    return tuple(names)


def reports(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[settings.Format, Path], ...]:
    """Formats with files, such as ``sarif=case.sarif``."""
    wanted = []
    for value in values:
        name, sign, file = value.partition("=")
        form = next((known for known in settings.FORMATS if known == name), None)
        if form is None or not sign or not file or file == "-":
            example = f"write it like sarif=case.sarif, with one of {', '.join(settings.FORMATS)}"
            raise click.BadParameter(f"'{value}' is not a format and a file; {example}")
        wanted.append((form, Path(file)))
    return tuple(wanted)


@dataclass(frozen=True, slots=True)
class Effort:
    """What is said on the command line about deciding: how much effort it may take, as of which day, and where."""

    today: date | None
    budget: int | None
    timeout: float | None
    total_timeout: float | None
    jobs: int | None
    executor: str | Executor | None
    no_cache: bool

    def settings(self, project: settings.Settings, **more: Unpack[pipeline.More]) -> pipeline.Settings:
        """What a run depends on, with what the project has settled where nothing is said."""
        from checker import pipeline

        return pipeline.settings(
            today=self.today,
            budget=project.budget if self.budget is None else self.budget,
            timeout=project.timeout if self.timeout is None else self.timeout,
            total_timeout=self.total_timeout,
            work=pipeline.Work(
                jobs_of(self.jobs, self.executor, project),
                self.executor,
                cache=None if self.no_cache else kept_for(project),
                warn=warn,
            ),
            **more,
        )


def deciding(command: Callable[..., int]) -> Callable[..., int]:
    """The command with the options of every command that decides something, which it gets as ``effort``."""

    @wraps(command)
    def with_effort(
        *args: Any,
        today: date | None,
        budget: int | None,
        timeout: float | None,
        total_timeout: float | None,
        jobs: int | None,
        executor: str | None,
        no_cache: bool,
        **kwargs: Any,
    ) -> int:
        effort = Effort(today, budget, timeout, total_timeout, jobs, executor, no_cache)
        return command(*args, effort=effort, **kwargs)

    for option in _DECIDING:
        with_effort = option(with_effort)
    return with_effort


_DECIDING = (
    click.option(
        "--no-cache", is_flag=True, help="Read and decide everything anew, and keep nothing for the next run."
    ),
    click.option(
        "--executor",
        metavar="dask://HOST:PORT",
        help="Decide on this Dask cluster; its workers need the checker as well.",
    ),
    click.option(
        "--jobs",
        metavar="N",
        callback=_jobs,
        help="How many processes decide at a time (default: one for each usable core).",
    ),
    click.option(
        "--today",
        metavar="YYYY-MM-DD",
        callback=day,
        help="The day against which evidence and acceptances are held (default: today).",
    ),
    click.option(
        "--total-timeout",
        metavar="SECONDS",
        callback=_seconds,
        help="The most time for the whole run (default: 3600); what is not decided by then is undetermined.",
    ),
    click.option(
        "--timeout", metavar="SECONDS", callback=_seconds, help="The most time for one obligation; a backstop."
    ),
    click.option(
        "--budget", metavar="N", callback=_budget, help="The solver's effort for one obligation, in its own units."
    ),
)
"""From the last to the first, as decorators go."""

color = click.option("--color", type=click.Choice(settings.COLORS), help="Whether to use colours (default: auto).")
