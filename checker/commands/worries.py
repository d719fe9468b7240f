"""``safety-case worries``: the register of known worries."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from checker import settings
from checker.commands import options
from checker.commands.running import BAD_INPUT, file_to_write, guarded, paper, settled, show_findings, write

STATUSES = (
    "dispelled", "assumed", "conditional", "accepted", "refuted", "open", "undetermined", "informal", "hypothesis",
)  # fmt: skip
"""Those of ``report.WorryStatus``, which takes longer to load than help may take."""


def _statuses(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    names = options.names(ctx, parameter, values)
    for name in names:
        if name not in STATUSES:
            raise click.BadParameter(f"'{name}' is no status of a worry; there are {', '.join(STATUSES)}")
    return names


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--status", "statuses", metavar="STATUS,...", multiple=True, callback=_statuses,
    help="List the worries of these statuses alone, such as open,accepted. May be repeated.",
)  # fmt: skip
@click.option("--only", metavar="NAME", multiple=True, help="List those of this case or theory only. May be repeated.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="How to list (default: text)."
)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the register to this file.")
@options.deciding
@options.color
@guarded
def command(
    paths: tuple[Path, ...],
    statuses: tuple[str, ...],
    only: tuple[str, ...],
    form: Literal["text", "json"],
    output: Path | None,
    effort: options.Effort,
    color: settings.Color | None,
) -> int:
    """List every known worry of the cases at each PATH, and of the theories that they use (default: here).

    Each comes with its status, what answers it and what that rests on, its sources, and, where nothing answers it, the
    mitigations that are known. Acceptances are listed once more, the soonest to end first. A theory by itself only
    names its worries: their status is "hypothesis".

    Everything is decided as by `safety-case check`, and so is the exit status, whatever is listed.
    """
    project = settled()
    to_file = file_to_write(output)
    from checker import pipeline
    from checker.render import register

    wanted = effort.settings(project, strict=bool(project.strict), only=only)
    report, registers = pipeline.register_paths(paths or (Path(),), wanted)
    if form == "json":
        write(register.dumps(report, registers, statuses), to_file, form)
        return report.exit_status
    width, in_color = paper(color or project.color or "auto", to_file=to_file is not None)
    if report.exit_status == BAD_INPUT:
        show_findings(report)
    if registers or report.exit_status != BAD_INPUT:
        write(register.render(report, registers, statuses, width, color=in_color), to_file, form)
    return report.exit_status
