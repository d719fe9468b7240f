"""How every command runs: its settings, where its output goes, and how it takes what goes wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, ParamSpec

import click

from checker import settings

if TYPE_CHECKING:
    from checker.errors import Disagreement
    from checker.findings import Finding
    from checker.render.places import Workspace
    from checker.report import Report

BAD_INPUT, OUR_BUG, INTERRUPTED = 2, 3, 130

TRACEBACK = "SAFETY_CASE_TRACEBACK"
"""The environment variable that asks for the traceback of a bug."""

WIDTH_OF_FILES = 100

Arguments = ParamSpec("Arguments")


def guarded(run: Callable[Arguments, int]) -> Callable[Arguments, int]:
    """The command, with everything that goes wrong told in a sentence and in its exit status."""

    @wraps(run)
    def safely(*args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        from checker.baseline import BaselineError
        from checker.errors import CheckerError, Disagreement
        from checker.output import OutputError

        try:
            return run(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Disagreement as error:
            return _report_bug(error, _saved(error))
        except (BaselineError, CheckerError, OutputError) as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:  # noqa: BLE001 whatever went wrong in here is our mistake, and is told as that
            return _report_bug(error)

    return safely


def harmless(message: str) -> str:
    """The message with nothing in it that acts on a terminal, wherever its parts came from."""
    from checker.render.wrap import visible

    return "\n".join(map(visible, message.split("\n")))


def settled() -> settings.Settings:
    """The settings of the project that the command is called in."""
    try:
        return settings.find_settings(Path.cwd())
    except FileNotFoundError as error:
        raise click.ClickException("the current folder is not there any more") from error
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from error


def jobs_of(jobs: int | None, executor: object, project: settings.Settings) -> int | None:
    """How many worker processes there shall be; None where an executor does their work."""
    if executor is not None:
        if jobs is not None:
            raise click.UsageError("--jobs and --executor cannot go together: a cluster has the workers that it has")
        return None
    from checker.workers import usable_cores

    return jobs or project.jobs or usable_cores()


def kept_for(project: settings.Settings) -> Path | None:
    """The file in which trees and answers are kept, in the user's own cache folder; None where they are not.

    What is checked is not trusted, so nothing about a project is ever kept in its own folder.
    """
    if project.cache == "off":
        return None
    from checker.cache import file_name
    from checker.cache_folder import cache_folder

    folder = cache_folder()
    if folder is None:
        if hasattr(os, "getuid"):
            warn("nothing is kept for the next run, as there is no cache folder that is yours alone")
        return None
    return Path(folder, file_name(project.folder if project.cache == "project" else None))


def warn(message: str) -> None:
    """What the user should know, though nothing is wrong with the outcome, on standard error."""
    _warned.append(message)
    click.echo(harmless(f"Warning: {message}"), err=True)


_warned: list[str] = []
"""What was said besides the report, so that the report alone would not do."""


def keep_for_replay(report: Report, output: str, others: Sequence[Path]) -> None:
    """Leave a record of what was printed, if the command was called in a way that can be replayed.

    ``others`` are files that it depends on besides those that the report knows of.
    """
    call = click.get_current_context().find_object(list)
    if call is None or report.inputs is None or _warned:
        return
    from checker import replay
    from checker.inputs import facts

    found = facts(report.inputs, others)
    if found is not None:
        replay.record(call, found, report.exit_status, output.encode("utf-8", errors="backslashreplace"))


@contextlib.contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Turns the first Ctrl-C into an answer: what is given tells whether it was pressed.

    As long as nobody has asked, and at the second time, it ends the command as it always does. Where Ctrl-C does
    something else than usual, or nothing, it is left at that.
    """
    pressed = asked = False

    def press(_: int, __: FrameType | None) -> None:
        nonlocal pressed
        if pressed or not asked:
            raise KeyboardInterrupt
        pressed = True

    def is_pressed() -> bool:
        nonlocal asked
        asked = True
        return pressed

    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield is_pressed
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield is_pressed
    finally:
        signal.signal(signal.SIGINT, usual)


def show_findings(report: Report) -> None:
    """What stands in the way of looking at the cases, on standard error."""
    complain(report.findings, report.sources)


def complain(findings: Sequence[Finding], sources: Mapping[str, str]) -> None:
    """These findings, on standard error; ``sources`` holds the texts of files by their shown names."""
    from checker.render.snippet import findings_lines
    from checker.render.wrap import paint

    for line in findings_lines(findings, sources, WIDTH_OF_FILES):
        click.echo(paint(line, color=False), err=True)


def file_to_write(output: Path | None) -> Path | None:
    """The file that the report goes to, if it goes to one. A bad one is refused before any work is done for it."""
    if output is None or output == Path("-"):
        return None
    folder = output.absolute().parent
    try:
        why = "it is a folder" if output.is_dir() else "" if folder.is_dir() else f"there is no folder {folder}"
    except OSError as error:
        why = (error.strerror or str(error)).lower()
    if why:
        raise click.ClickException(f"{output} cannot be written: {why}")
    return output


def write(text: str, to_file: Path | None, form: settings.Format) -> None:
    """Write to this file, or to standard output: as UTF-8 what programs read. Raises ``OutputError``."""
    from checker.output import write_file, write_out

    if to_file is not None:
        write_file(to_file, text)
    else:
        write_out(text, utf8=form != "text")


def here_and_root() -> Workspace:
    """Where names of files lead from, and the root that other programs see them from: that of the repository."""
    from checker.load import workspace
    from checker.render.places import Workspace

    here = Path.cwd()
    repository = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
    return Workspace(here.as_posix(), (repository or workspace(here / "file")).as_posix())


def paper(color: settings.Color, *, to_file: bool) -> tuple[int, bool]:
    """How wide to write, and whether in colour."""
    on_terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDTH_OF_FILES, 24)).columns if on_terminal else WIDTH_OF_FILES
    return width, _in_color(color, on_terminal=on_terminal)


def _in_color(color: settings.Color, *, on_terminal: bool) -> bool:
    match color:
        case "always":
            return True
        case "never":
            return False
        case "auto":
            return on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _saved(error: Disagreement) -> str:
    """Save what solvers disagree about, here or among the temporary files, and say where; or why that failed."""
    import tempfile

    from checker.output import save_new

    try:
        folders = [Path()]
        with contextlib.suppress(OSError):  # on a full disk there is none
            folders.append(Path(tempfile.gettempdir()))
        return f"It is saved as {save_new(error.file_name, error.text, folders)}; please send that file along."
    except Exception as trouble:  # noqa: BLE001 nothing may hide the disagreement
        return f"{trouble}; `safety-case export` writes all obligations of a case."


def _report_bug(error: Exception, more: str | None = None) -> int:
    """Say that the checker failed, and what to do about it; give the exit status for it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    if os.environ.get(TRACEBACK):
        _complain("".join(traceback.format_exception(error)))
    what = "".join(traceback.format_exception_only(error)).strip()
    _complain(
        f"safety-case: the checker itself failed; this is a bug in it, and nothing was shown.\n"
        f"  {harmless(what)}{place}\n"
        + (f"  {harmless(more)}\n" if more is not None else "")
        + f"Please report it as README.md says, with this message, the version (safety-case --version), and a\n"
        f"specification that shows it. {TRACEBACK}=1 in the environment shows where it happened."
    )
    return OUR_BUG


def _complain(text: str) -> None:
    """Write to standard error. That this fails too, on a full disk for one, must not change the exit status."""
    from checker.output import forget

    try:
        click.echo(text, err=True)
    except OSError:
        forget(sys.stderr)
