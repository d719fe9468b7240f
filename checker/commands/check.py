"""``safety-case check``: verdicts, worries with scenarios, and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker import settings
from checker.commands import options
from checker.commands.progress_line import progress_line
from checker.commands.running import (
    BAD_INPUT,
    INTERRUPTED,
    complain,
    file_to_write,
    guarded,
    harmless,
    here_and_root,
    keep_for_replay,
    paper,
    settled,
    stoppable,
    write,
)
from checker.commands.watching import watchable

if TYPE_CHECKING:
    from checker.report import Report


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(settings.FORMATS), help="How to report (default: text).")
@click.option(
    "--also",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=options.reports,
    help="Write the report to this file as well, in this format. May be repeated.",
)
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
@click.option(
    "--baseline",
    "known",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Exit with 0 if nothing but the problems in this file keeps cases from passing. They still do not pass.",
)
@click.option(
    "--write-baseline",
    "to_know",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write all problems that keep cases from passing to this file, as a baseline.",
)
@click.option(
    "--affected", is_flag=True, help="Take each PATH for a file that changed, and check all files that this affects."
)
@options.deciding
@click.option("--quiet", is_flag=True, help="Show only cases that do not pass, findings, and the summary.")
@options.color
@watchable
@guarded
def command(
    paths: tuple[Path, ...],
    form: settings.Format | None,
    also: tuple[tuple[settings.Format, Path], ...],
    output: Path | None,
    only: tuple[str, ...],
    strict: bool | None,
    cross_check: bool | None,
    without: tuple[str, ...],
    repairs: bool | None,
    known: Path | None,
    to_know: Path | None,
    affected: bool,
    effort: options.Effort,
    quiet: bool,
    color: settings.Color | None,
) -> int:
    """Check the .case files at each PATH: files, and folders with all that is in them (default: here).

    Settings also come from the table [tool.safety-case] of the nearest pyproject.toml: strict, cross-check, repairs,
    budget, timeout, jobs, cache, format, color, ignore, per-file-ignores and severity. What stands on the command line
    wins.
    """
    project = settled()
    to_file = file_to_write(output)
    others = [(kind, file_to_write(file)) for kind, file in also]
    if to_know is not None:
        _may_write_baseline(to_know, known, only, without)
    listed, missed = _affected(paths) if affected else (paths or (Path(),), False)
    from checker import baseline, pipeline

    entries = () if known is None else baseline.read(known)
    wanted = effort.settings(
        project,
        strict=bool(project.strict if strict is None else strict),
        only=only,
        cross_check=bool(project.cross_check if cross_check is None else cross_check),
        repairs=bool(project.repairs if repairs is None else repairs),
        without=without,
        rules=project.rules,
    )
    with stoppable() as stop, progress_line(quiet=quiet) as progress:
        report = pipeline.check_paths(listed, replace(wanted, work=replace(wanted.work, progress=progress, stop=stop)))
    if known is not None:
        report = baseline.beside(report, entries, known)
    if to_know is not None:
        report = _with_baseline_written(report, to_know)
    form = form or project.format or "text"
    for kind, file in [*others, (form, to_file)]:
        text = _rendered(report, kind, color or project.color or "auto", quiet=quiet, to_file=file is not None)
        write(text, file, kind)
    if not (others or to_file or to_know or affected or report.cross_check) and wanted.work.cache is not None:
        keep_for_replay(report, text, () if known is None else (known,))
    if any(found.code == "interrupted" for found in report.findings):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    return BAD_INPUT if missed else report.exit_status


def _affected(changed: Sequence[Path]) -> tuple[Sequence[Path], bool]:
    """What is to be checked when these files have changed, and whether some of it could not be found."""
    from checker.affected import affected

    found, findings = affected(changed)
    complain(findings, {})
    return found, bool(findings)


def _may_write_baseline(to_know: Path, known: Path | None, only: tuple[str, ...], without: tuple[str, ...]) -> None:
    """Refuse what would write less than is known, or something else, before any work is done for it."""
    if known is not None:
        raise click.UsageError("--baseline reads a baseline and --write-baseline writes one anew; use one of them")
    if only or without:
        raise click.UsageError("a baseline is written of all cases as they are, without --only and --without")
    if file_to_write(to_know) is None:
        raise click.UsageError("a baseline is written to a file")


def _with_baseline_written(report: Report, path: Path) -> Report:
    """Write the baseline of a run, and give the report beside it. Of what could not be read, there is none."""
    from checker import baseline
    from checker.output import write_file

    if report.exit_status == 2:
        click.echo(f"{harmless(str(path))} is not written, as not everything could be read or understood", err=True)
        return report
    known, _ = baseline.entries(report, path.absolute().parent)
    write_file(path, baseline.dumps(known))
    return baseline.beside(report, known, path)


def _rendered(report: Report, form: settings.Format, color: settings.Color, *, quiet: bool, to_file: bool) -> str:
    match form:
        case "json":
            return report.to_json()
        case "sarif":
            from checker.render import sarif

            return sarif.render(report, here_and_root())
        case "github":
            from checker.render import github

            return github.render(report, here_and_root())
        case "markdown":
            from checker.render import markdown

            return markdown.render(report)
        case "text":
            from checker.render.text import render

            width, in_color = paper(color, to_file=to_file)
            return render(report, width=width, color=in_color, quiet=quiet)
