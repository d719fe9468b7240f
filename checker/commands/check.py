"""``safety-case check``: verdicts, worries with scenarios, and findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker import settings
from checker.commands import options
from checker.commands.progress_line import progress_line
from checker.commands.running import INTERRUPTED, file_to_write, guarded, jobs_of, paper, settled, stoppable, write

if TYPE_CHECKING:
    from checker.report import Report


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(settings.FORMATS), help="How to report (default: text).")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option("--only", metavar="NAME", multiple=True, help="Check this case or theory only. May be repeated.")
@click.option("--strict/--no-strict", default=None, help="Whether warnings are errors (default: no).")
@click.option(
    "--cross-check/--no-cross-check", default=None, help="Whether cvc5 decides everything again (default: no)."
)
@click.option(
    "--without",
    metavar="NAME,...",
    multiple=True,
    callback=options.names,
    help="Check without these assumptions, and show what falls. May be repeated.",
)
@click.option(
    "--repairs/--no-repairs",
    default=None,
    help="Whether to look for all that would close what is open, and suffices for what is shown (default: no).",
)
@options.limits
@options.work
@click.option("--quiet", is_flag=True, help="Show only cases that do not pass, findings, and the summary.")
@options.color
@guarded
def command(
    paths: tuple[Path, ...],
    form: settings.Format | None,
    output: Path | None,
    only: tuple[str, ...],
    strict: bool | None,
    cross_check: bool | None,
    without: tuple[str, ...],
    repairs: bool | None,
    budget: int | None,
    timeout: float | None,
    total_timeout: float | None,
    today: date | None,
    jobs: int | None,
    executor: str | None,
    quiet: bool,
    color: settings.Color | None,
) -> int:
    """Check the .case files at each PATH: files, and folders with all that is in them (default: here).

    Settings also come from the table [tool.safety-case] of the nearest pyproject.toml: strict, cross-check, repairs,
    budget, timeout, jobs, format and color. What stands on the command line wins.
    """
    project = settled()
    to_file = file_to_write(output)
    import checker

    workers = jobs_of(jobs, executor, project)
    with stoppable() as stop, progress_line(quiet=quiet) as progress:
        report = checker.check(
            paths or (Path(),),
            today=today,
            budget=project.budget if budget is None else budget,
            timeout=project.timeout if timeout is None else timeout,
            strict=bool(project.strict if strict is None else strict),
            only=only,
            cross_check=bool(project.cross_check if cross_check is None else cross_check),
            repairs=bool(project.repairs if repairs is None else repairs),
            without=without,
            total_timeout=total_timeout,
            jobs=workers,
            executor=executor,
            progress=progress,
            stop=stop,
        )
    form = form or project.format or "text"
    text = _rendered(report, form, color or project.color or "auto", quiet=quiet, to_file=to_file is not None)
    write(text, to_file, form)
    if any(found.code == "interrupted" for found in report.findings):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    return report.exit_status


def _rendered(report: Report, form: settings.Format, color: settings.Color, *, quiet: bool, to_file: bool) -> str:
    if form == "json":
        return report.to_json()
    from checker.render.text import render

    width, in_color = paper(color, to_file=to_file)
    return render(report, width=width, color=in_color, quiet=quiet)
