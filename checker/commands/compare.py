"""``safety-case compare``: what changed from one case to another, and what of that is for the worse."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from checker import settings
from checker.commands import options
from checker.commands.running import (
    BAD_INPUT,
    file_to_write,
    guarded,
    harmless,
    paper,
    settled,
    show_findings,
    write,
)

if TYPE_CHECKING:
    from checker.comparison import Wanted


@click.command()
@click.argument("case", metavar="CASE")
@click.argument("other", metavar="OTHER")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="How to tell it (default: text)."
)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the comparison to this file.")
@options.deciding
@options.color
@guarded
def command(
    case: str,
    other: str,
    form: Literal["text", "json"],
    output: Path | None,
    effort: options.Effort,
    color: settings.Color | None,
) -> int:
    """Compare CASE with OTHER, which comes after it.

    \b
    Each of them is
      FILE            the cases in a file, each beside that of the same name
      FILE#NAME       one of them, such as a variant or the case that it starts from
      REV:FILE        a file at a revision of the git repository that this is, with what it imports
      REV:FILE#NAME

    Told are verdicts that changed; assumptions and axioms that are new, gone, stronger or weaker; claims that lean on
    more than before; and what else changed of theories, definitions, words, scope, evidence and acceptances.

    The exit status is 0 if nothing got worse, and 1 if something did, or may have: a verdict that fell, something that
    is taken for granted anew and did not follow before, a goal or worry that says less, a claim that leans on more.
    """
    project = settled()
    to_file = file_to_write(output)
    from checker import pipeline
    from checker.render import comparison

    wanted = effort.settings(project, strict=bool(project.strict))
    with ExitStack() as stack:
        compared = pipeline.compare_files(_found(case, stack), _found(other, stack), wanted)
    for report in (compared.before, compared.after):
        if report.exit_status == BAD_INPUT:
            show_findings(report)
    if BAD_INPUT in (compared.before.exit_status, compared.after.exit_status):
        return BAD_INPUT
    if compared.trouble is not None:
        raise click.ClickException(harmless(compared.trouble))
    if form == "json":
        write(comparison.dumps(compared), to_file, form)
    else:
        width, in_color = paper(color or project.color or "auto", to_file=to_file is not None)
        write(comparison.render(compared, width, color=in_color), to_file, form)
    return 1 if compared.is_worse else 0


def _found(text: str, stack: ExitStack) -> Wanted:
    """The file that an argument means. One of a revision is in a folder that is there until the stack is closed."""
    from checker.comparison import Wanted
    from checker.revisions import RevisionError, check_out, place

    wanted = place(text)
    if wanted.revision is None:
        return Wanted(Path(wanted.path), wanted.path, wanted.shown, wanted.case)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="safety-case-"))).resolve()
    try:
        path = check_out(wanted, folder)
    except RevisionError as error:
        raise click.ClickException(harmless(f"{wanted.shown}: {error}")) from error
    # Relative to the top, so that the names of what it imports stay within the revision.
    name = f"{wanted.revision}:/{path.relative_to(folder).as_posix()}"
    return Wanted(path, name, wanted.shown, wanted.case)
