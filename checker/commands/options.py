"""What options may say, and the options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from checker import settings


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


def budget(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    number = int(value) if re.fullmatch(r"[0-9]{1,20}", value) else 0
    if not settings.is_budget(number):
        raise click.BadParameter(f"'{value}' is not {settings.BUDGET_WANTED}")
    return number


def jobs(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    number = int(value) if re.fullmatch(r"[0-9]{1,20}", value) else 0
    if not settings.is_jobs(number):
        raise click.BadParameter(f"'{value}' is not {settings.JOBS_WANTED}")
    return number


def seconds(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    number = float(value) if re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?", value) else 0.0
    if not settings.is_timeout(number):
        raise click.BadParameter(f"'{value}' is not {settings.TIMEOUT_WANTED}")
    return number


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


def limits(function: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that decides something: how much effort it may take, and as of which day."""
    for option in (
        click.option(
            "--today",
            metavar="YYYY-MM-DD",
            callback=day,
            help="The day against which evidence and acceptances are held (default: today).",
        ),
        click.option(
            "--total-timeout",
            metavar="SECONDS",
            callback=seconds,
            help="The most time for the whole run (default: 3600); what is not decided by then is undetermined.",
        ),
        click.option(
            "--timeout", metavar="SECONDS", callback=seconds, help="The most time for one obligation; a backstop."
        ),
        click.option(
            "--budget", metavar="N", callback=budget, help="The solver's effort for one obligation, in its own units."
        ),
    ):
        function = option(function)
    return function


def work(function: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that decides something: where that is done, on which nothing of it depends."""
    for option in (
        click.option(
            "--executor",
            metavar="dask://HOST:PORT",
            help="Decide on this Dask cluster; its workers need the checker as well.",
        ),
        click.option(
            "--jobs",
            metavar="N",
            callback=jobs,
            help="How many processes decide at a time (default: one for each usable core).",
        ),
    ):
        function = option(function)
    return function


color = click.option("--color", type=click.Choice(settings.COLORS), help="Whether to use colours (default: auto).")
