"""``safety-case explain``: what a finding means, or what stands behind a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker import settings
from checker.commands import options
from checker.commands.running import BAD_INPUT, guarded, harmless, paper, settled, write

if TYPE_CHECKING:
    from checker.explain import CodeExplained, Explained


@click.command()
@click.argument("what", metavar="CODE_OR_NAME")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@options.color
@guarded
def command(what: str, paths: tuple[Path, ...], color: settings.Color | None) -> int:
    """Say what a finding means, with an example of it and of the same put right; or what stands behind a name.

    A name is that of a theory of the library (evaluation) or of something in it (evaluation.latent_harm): a worry, a
    claim, a mitigation, an axiom, a predicate. With files or folders at PATH, it may also be that of a theory or case
    in them, or of something in those (coding_agent.ev.emergence, or ev.emergence).

    Nothing is decided, and no solver is needed.
    """
    project = settled()
    from checker.explain import explain_code
    from checker.render.explanation import render

    # What somebody calls by the name of a code in files of their own is meant where those are given.
    found: CodeExplained | Explained | int | None = None if paths else explain_code(what)
    if found is None:
        found = _named(what, paths)
    if isinstance(found, int):
        return found
    width, in_color = paper(color or project.color or "auto", to_file=False)
    write(render(found, width, color=in_color), None, "text")
    return 0


def _named(what: str, paths: tuple[Path, ...]) -> CodeExplained | Explained | int:
    """What a name stands for; the exit status where that cannot be told, after saying why."""
    from checker.explain import explain_code, explain_name, names_in, near
    from checker.lookup import modules

    cases, findings, sources = modules(what, paths)
    for case in cases:
        for name in (what.removeprefix(case.name).removeprefix("."), what):
            if name == what or what == case.name or what.startswith(f"{case.name}."):
                found = explain_name(case, name)
                if found is not None:
                    return found
    code = explain_code(what)
    if code is not None:
        return code
    if findings:
        from checker.render.snippet import findings_lines
        from checker.render.wrap import paint

        for line in findings_lines(findings, sources, 100):
            click.echo(paint(line, color=False), err=True)
        return BAD_INPUT
    from checker.load import library_names

    known = [name for case in cases for name in (case.name, *(f"{case.name}.{one}" for one in names_in(case)))]
    hint = near(what, [*known, *library_names()])
    where = " in these files, in the library" if paths else " in the library"
    raise click.ClickException(
        harmless(
            f"`{what}` is no code of a finding, and nothing{where} goes by that name" + (f"; {hint}" if hint else "")
        )
    )
