"""``safety-case export``: every obligation as a file that any solver can decide."""

from __future__ import annotations

from pathlib import Path

import click

from checker.commands import options
from checker.commands.running import BAD_INPUT, guarded, harmless, settled, show_findings, write


@click.command()
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "--smt2", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Write to this folder."
)
@click.option("--only", metavar="NAME", multiple=True, help="Export this case or theory only. May be repeated.")
@options.deciding
@guarded
def command(
    case: Path,
    folder: Path,
    only: tuple[str, ...],
    effort: options.Effort,
) -> int:
    """Write every obligation of the cases in the file CASE to DIR, for any solver to decide.

    Each is a file in SMT-LIB 2.6, with the answer that was found; index.json says what each of them asks. z3 and cvc5
    decide them as they are (a few take cvc5 --finite-model-find or --nl-cov). DIR is made if it is not there. It must
    hold nothing but an earlier export, which is replaced.

    The exit status is 0 also if a case does not pass.
    """
    project = settled()
    from checker import pipeline
    from checker.export import export, is_export
    from checker.output import write_folder

    wanted = effort.settings(project, strict=False, only=only, repairs=False)
    report, decided = pipeline.decide_paths([case], wanted)
    if report.exit_status == BAD_INPUT:
        show_findings(report)
        return BAD_INPUT
    files, told = export(decided, report.options)
    write_folder(folder, files, is_export)
    write(harmless(f"{folder}: {told}") + "\n", None, "text")
    return 0
