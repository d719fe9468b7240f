"""``safety-case new``: a starting case."""

from __future__ import annotations

from pathlib import Path

import click

from checker.commands import options
from checker.commands.running import BAD_INPUT, file_to_write, guarded, harmless, write

ENDING = ".case"


@click.command()
@click.argument("name", required=False)
@click.option(
    "--theory", "theories", metavar="THEORY,...", multiple=True, callback=options.names,
    help="Use this theory of the library, and what it requires. May be repeated.",
)  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="List the theories of the library, and write nothing.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
    help=f"Write the case to this file, which must not be there (default: NAME{ENDING}; - is standard output).",
)  # fmt: skip
@guarded
def command(name: str | None, theories: tuple[str, ...], listing: bool, output: Path | None) -> int:
    """Write a case called NAME to start from, with the theories that you pick.

    Every known worry stands in it and is answered by nothing, so that the first `safety-case check` is a list of what
    there is to do. Without --theory, the theories of the library are listed to pick from.
    """
    from checker.starter import StarterError, starting_case

    if listing:
        write(_shelf(), None, "text")
        return 0
    if name is None:
        raise click.UsageError("the case wants a NAME, such as coding_agent")
    if not theories:
        click.echo(_shelf(), nl=False, err=True)
        click.echo(f"\nPick some of these: safety-case new {harmless(name)} --theory THEORY,...", err=True)
        return BAD_INPUT
    try:
        text = starting_case(name, theories)
    except StarterError as error:
        raise click.ClickException(str(error)) from error
    path = Path(f"{name}{ENDING}") if output is None else output
    to_file = file_to_write(path)
    if to_file is None:
        write(text, None, "text")
        return 0
    from checker.output import write_new_file

    write_new_file(to_file, text)
    write(
        f"{harmless(str(to_file))} is written. Its to-do list: safety-case check {harmless(str(to_file))}\n",
        None,
        "text",
    )
    return 0


def _shelf() -> str:
    """The library, a line for each theory."""
    from checker.starter import shelf

    theories = shelf()
    width = max(len(theory.name) for theory in theories)
    return "".join(f"{theory.name:<{width}}  {theory.worries:>2} worries  {theory.doc}\n" for theory in theories)
