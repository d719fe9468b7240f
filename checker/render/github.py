"""The report as workflow commands, which GitHub shows as annotations beside the lines of a pull request.

A command is a line ``::error file=F,line=N::message``. Whatever an author wrote stands inside of such a line, escaped
as the runner unescapes it, or not at all: no line of the output begins with it, so that it can never be a command of
its own. The rules for escaping are those of the toolkit of GitHub Actions (``@actions/core``, ``command.ts``).
"""

from __future__ import annotations

from checker.findings import Severity
from checker.problems import Problem, at_home, known_numbers, problems
from checker.render.places import Workspace
from checker.render.words import counted, kinds
from checker.render.wrap import visible
from checker.report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, workspace: Workspace | None = None) -> str:
    """The report as commands, errors first, as only the first ten of a kind are shown; and a line that sums up."""
    found = problems(report)
    known = known_numbers(report, found)
    told = [
        (_weight(problem, number in known), number, problem)
        for number, problem in enumerate(found)
        if problem.lifted is None
    ]
    told.sort(key=lambda one: one[:2])
    lines = [_command(problem, workspace or Workspace(), number in known) for _, number, problem in told]
    return "".join(f"{line}\n" for line in (*lines, *_summary(report, found)))


def _weight(problem: Problem, known: bool) -> int:
    return list(Severity).index(Severity.NOTE if known else problem.severity)


def _summary(report: Report, found: list[Problem]) -> list[str]:
    """In plain words of our own, which cannot be taken for a command."""
    if not report.cases:
        lines = ["Nothing was checked."]
    else:
        failing = sum(not case.passed for case in report.cases)
        outcome = f"{failing} of them {'does' if failing == 1 else 'do'} not pass" if failing else "nothing fails"
        lines = [f"Checked {kinds(report.cases)}: {outcome}."]
    if report.exit_status == 2:
        lines.append("Something could not be read or understood.")
    accepted = sum(problem.lifted == "accepted" for problem in found)
    silenced = sum(problem.lifted == "silenced" for problem in found)
    if accepted:
        lines.append(f"Accepted, and so not shown here: {accepted}.")
    if silenced:
        lines.append(f"Silenced by settings: {counted(silenced, 'finding')}.")
    if report.baseline is not None and report.baseline.known:
        known = counted(len(report.baseline.known), "known problem")
        lines.append(f"In the baseline: {known}; what has them does not pass without it.")
    if report.baseline is not None and report.baseline.fixed:
        gone = counted(len(report.baseline.fixed), "entry", "entries")
        lines.append(f"To be taken out of the baseline: {gone}.")
    return lines


def _command(problem: Problem, workspace: Workspace, known: bool) -> str:
    place, related = at_home(problem)
    properties = {}
    if place.line:
        properties["file"] = workspace.inside(place.file) or place.file
        properties["line"] = str(place.line)
        properties["endLine"] = str(place.end_line)
        if place.line == place.end_line:
            # Of a stretch over several lines, columns are not shown.
            properties["col"] = str(place.column)
            properties["endColumn"] = str(place.end_column)
    properties["title"] = f"{problem.code}, known" if known else problem.code
    name = "notice" if known else _COMMANDS[problem.severity]
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    lines = [problem.message, *([problem.words] if problem.words else [])]
    if problem.scenario is not None and problem.scenario.story:
        lines += ["This is a scenario for it:", *(f"- {sentence}" for sentence in problem.scenario.story)]
    lines += problem.details
    lines += [f"{other.message}: {other.span}" for other in related if other.span.line]
    return f"::{name} {told}::{_data(lines)}"


def _data(lines: list[str]) -> str:
    """Lines of a message as the data of a command."""
    return "%0A".join(_harmless(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    """Text as the value of a property."""
    return _harmless(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _harmless(text: str) -> str:
    """Text on one line in which nothing acts on a terminal. The older form of commands may stand anywhere in a line."""
    return visible(" ".join(text.split())).replace("##[", "# #[")
