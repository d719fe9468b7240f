"""``safety-case graph``: the argument as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click

from checker.commands import options
from checker.commands.running import BAD_INPUT, file_to_write, guarded, settled, show_findings, write

if TYPE_CHECKING:
    from checker.diagram import Diagram, Notation

Language = Literal["dot", "mermaid", "svg"]


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Language)),
    default="svg",
    show_default=True,
    help="The language of the picture.",
)
@click.option(
    "--notation",
    type=click.Choice(["gsn", "cae"]),
    default="gsn",
    show_default=True,
    help="Goal Structuring Notation, or Claims, Arguments, Evidence.",
)
@click.option("--only", metavar="NAME", multiple=True, help="Draw this case or theory only. May be repeated.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the picture to this file.")
@options.deciding
@guarded
def command(
    case: Path,
    form: Language,
    notation: Notation,
    only: tuple[str, ...],
    output: Path | None,
    effort: options.Effort,
) -> int:
    """Draw the arguments in the file CASE: claims, assumptions, evidence and worries, and how each of them stands.

    SVG needs nothing else to be looked at. DOT is for Graphviz, and Mermaid for Markdown that draws it.

    The exit status is 0 also if a case does not pass.
    """
    project = settled()
    to_file = file_to_write(output)
    from checker import pipeline
    from checker.diagram import cases_first, diagram

    wanted = effort.settings(project, strict=bool(project.strict), only=only)
    report = pipeline.check_paths([case], wanted)
    if report.exit_status == BAD_INPUT:
        show_findings(report)
        return BAD_INPUT
    diagrams = [diagram(one, notation) for one in cases_first(report.cases)]
    write(_written(diagrams, form, notation), to_file, "json")
    return 0


def _written(diagrams: list[Diagram], form: Language, notation: Notation) -> str:
    match form:
        case "dot":
            from checker.render.dot import dot

            return dot(diagrams, notation)
        case "mermaid":
            from checker.render.mermaid import mermaid

            return mermaid(diagrams, notation)
        case "svg":
            from checker.render.figure import TooLargeError, figure
            from checker.render.svg import alone

            try:
                return alone([figure(one, notation) for one in diagrams])
            except TooLargeError as error:
                raise click.ClickException(f"{error}; --only draws one case, and --format dot has no limit") from error
