"""The command ``safety-case``: it finds the command that is called, runs it, and gives the exit status.

Exit status: 0 everything passes, 1 some case does not, 2 something could not be read or understood (a wrong call
included), 3 the checker itself failed, 130 interrupted.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module

import click

from checker.commands.running import BAD_INPUT, INTERRUPTED, harmless

COMMANDS = ("check", "fmt", "compare", "explain", "export", "graph", "new", "report", "selftest", "worries")
"""In the order in which help lists them. Each stands in a module of its name in ``checker.commands``."""


def main(arguments: Sequence[str] | None = None, *, replayable: bool = False) -> int:
    """Run the command with these arguments (default: those of the process), and give its exit status.

    With ``replayable``, a command that can be replayed leaves a record of its run (see :mod:`checker.replay`).
    """
    call = list(arguments) if replayable and arguments is not None else None
    try:
        status = command.main(arguments, prog_name="safety-case", standalone_mode=False, obj=call)
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        click.echo(harmless(shown.getvalue()), err=True, nl=False)
        return BAD_INPUT
    except click.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    return status if isinstance(status, int) else 0


class _Commands(click.Group):
    """Loads the module of a command when it is called or listed."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"checker.commands.{cmd_name}").command
        found.name = cmd_name
        return found


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"safety-case-checker {version('safety-case-checker')} (z3-solver {version('z3-solver')})")
        except PackageNotFoundError:
            click.echo("safety-case-checker, not installed")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Show the version."
)
def command() -> None:
    """Check safety cases: which steps hold, which worries stand, and why.

    \b
    Exit status, the highest that applies:
      0  everything passes
      1  some case does not pass
      2  a file could not be read or understood, or the call is wrong
      3  the checker itself failed
    """
