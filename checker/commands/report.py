"""``safety-case report``: one page for reviewers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from checker.commands import options
from checker.commands.running import BAD_INPUT, file_to_write, guarded, settled, show_findings, write


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="FILE.html", required=True, type=click.Path(path_type=Path), help="Write to this file."
)
@click.option("--only", metavar="NAME", multiple=True, help="Report on this case or theory only. May be repeated.")
@click.option("--strict/--no-strict", default=None, help="Whether warnings are errors (default: no).")
@click.option(
    "--cross-check/--no-cross-check", default=None, help="Whether cvc5 decides everything again (default: no)."
)
@click.option(
    "--repairs/--no-repairs",
    default=None,
    help="Whether to look for all that would close what is open, and suffices for what is shown (default: no).",
)
@options.deciding
@guarded
def command(
    case: Path,
    output: Path,
    only: tuple[str, ...],
    strict: bool | None,
    cross_check: bool | None,
    repairs: bool | None,
    effort: options.Effort,
) -> int:
    """Write everything about the cases in the file CASE as one HTML page, for those who review them.

    The page needs no network and no other file. It can be printed, and read without JavaScript.

    The exit status is 0 also if a case does not pass.
    """
    project = settled()
    to_file = file_to_write(output)
    from checker import pipeline
    from checker.render.page import page

    wanted = effort.settings(
        project,
        strict=bool(project.strict if strict is None else strict),
        only=only,
        cross_check=bool(project.cross_check if cross_check is None else cross_check),
        repairs=bool(project.repairs if repairs is None else repairs),
    )
    report = pipeline.check_paths([case], replace(wanted, words=True))
    if report.exit_status == BAD_INPUT:
        show_findings(report)
        return BAD_INPUT
    write(page(report), to_file, "json")
    return 0
