"""``safety-case selftest``: the negative control."""

from __future__ import annotations

from pathlib import Path

import click

from checker import settings
from checker.commands import options
from checker.commands.running import BAD_INPUT, guarded, paper, settled, show_findings, write


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--only", metavar="NAME", multiple=True, help="Test this case only. May be repeated.")
@options.deciding
@options.color
@guarded
def command(
    case: Path,
    only: tuple[str, ...],
    effort: options.Effort,
    color: settings.Color | None,
) -> int:
    """See the check fail: take away, in turn, each premise of each proof in the file CASE, and decide again.

    What was shown with the premise should not be shown without it. The exit status is 0 if every trial fails as it
    should, and 1 if one does not, or if nothing is shown in a case, so that nothing could fail.
    """
    project = settled()
    from checker import pipeline
    from checker.render.selftest import render

    wanted = effort.settings(project, strict=False, only=only, repairs=False)
    report, trials = pipeline.try_paths([case], wanted)
    if report.exit_status == BAD_INPUT:
        show_findings(report)
        return BAD_INPUT
    width, in_color = paper(color or project.color or "auto", to_file=False)
    write(render(trials, width, color=in_color), None, "text")
    return 0 if trials and all(one.passed for one in trials) else 1
