"""The report as SARIF 2.1.0, for code scanning and other viewers of static analysis.

A reader of this file alone sees why a case does not pass: open worries and goals that are not established are results,
as findings are. What somebody accepted, or settings silence, is a result with a suppression. A run in which all is well
has no results, so that what was reported before is taken to be fixed.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html. Section
numbers below are of that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checker.codes import REGISTRY, VERDICTS, Code
from checker.load import library_names
from checker.problems import Problem, at_home, fingerprints, known_numbers, problems
from checker.render.json import written
from checker.render.markdown import code, escaped, told
from checker.render.places import Workspace, uri
from checker.report import CaseReport, Report
from checker.source import Span

Object = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

ROOT = "%SRCROOT%"
"""Stands for the root of the workspace, as viewers expect it. Where that lies on this machine is nobody's business."""

LIBRARY = "LIBRARY"
"""Stands for the library of theories, which lies in no workspace."""

_RULES = {**REGISTRY, **VERDICTS}
_NUMBERS = {name: number for number, name in enumerate(_RULES)}
_GSN = re.compile(r"GSN v3[^()]*\(([^()]*)\)")


def render(report: Report, workspace: Workspace | None = None) -> str:
    """The report as SARIF text that ends in a line break: the same text for the same report."""
    return written(to_data(report, workspace or Workspace())) + "\n"


def to_data(report: Report, workspace: Workspace) -> Object:
    """The report as a SARIF log of one run."""
    found = problems(report)
    prints = fingerprints(found)
    known = known_numbers(report, found)
    results = [
        _result(problem, prints[number], workspace, _state(report, problem, number in known))
        for number, problem in enumerate(found)
        if _has_place(problem)
    ]
    invocation: Object = {"executionSuccessful": report.exit_status != 2}
    if notes := [_notification(problem) for problem in found if not _has_place(problem)]:
        invocation["toolConfigurationNotifications"] = notes
    run: Object = {
        "tool": {"driver": _driver(report)},
        "automationDetails": {"id": "safety-case/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the workspace."}},
            LIBRARY: {"description": {"text": "The library of theories that comes with safety-case-checker."}},
        },
        "invocations": [invocation],
        "results": results,
        "properties": {
            "passed": report.passed,
            "today": report.options.today,
            "solver": report.options.solver,
            "cases": [
                {"name": case.name, "kind": case.kind, "verdict": case.verdict, "passed": case.passed}
                for case in report.cases
            ],
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _has_place(problem: Problem) -> bool:
    """Whether a problem stands in a file. What is wrong with the call does not, and is a notification."""
    return bool(at_home(problem)[0].line)


# -- rules -----------------------------------------------------------------------------------------------------------


def _driver(report: Report) -> Object:
    return {
        "name": "safety-case",
        "fullName": "safety-case-checker",
        "version": report.options.checker,
        "rules": [_rule(name, entry) for name, entry in _RULES.items()],
    }


def _rule(name: str, entry: Code) -> Object:
    """What a code means. Where it has a counterpart in the GSN standard, its tags name the clause."""
    tags = ["safety-case", *(f"GSN v3 {clause.strip()}" for clause in _clauses(entry.meaning))]
    return {
        "id": name,
        "shortDescription": {"text": _literal(_first_sentence(entry.meaning))},
        "fullDescription": {"text": _literal(entry.meaning)},
        "help": {"text": _literal(entry.meaning), "markdown": entry.meaning},
        "defaultConfiguration": {"level": entry.severity},
        "properties": {"tags": tags},
    }


def _clauses(meaning: str) -> Iterator[str]:
    for match in _GSN.finditer(meaning):
        yield from match[1].split(",")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.:]) (?=[A-Z`])", text, maxsplit=1)[0]


# -- results ---------------------------------------------------------------------------------------------------------


def _state(report: Report, problem: Problem, known: bool) -> str | None:
    """How a problem stands beside a baseline, if there is one and it counts there."""
    if report.baseline is None or not problem.blocks:
        return None
    return "unchanged" if known else "new"


def _result(problem: Problem, fingerprint: str, workspace: Workspace, state: str | None) -> Object:
    place, related = at_home(problem)
    result: Object = {
        "ruleId": problem.code,
        "ruleIndex": _NUMBERS[problem.code],
        "level": problem.severity.value,
        "message": {"text": _literal(_text(problem)), "markdown": _braced(_markdown(problem))},
        "locations": [{**_location(place, workspace), **_logical(problem)}],
        # Code scanning matches alerts by the first of these alone, and makes up its own from the line where it is
        # missing. Two worries of one theory are shown at one line.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "safetyCase/v1": fingerprint},
    }
    others = [
        {"id": number, **_location(other.span, workspace, elsewhere=problem.case), "message": _message(other.message)}
        for number, other in enumerate((other for other in related if other.span.line), start=1)
    ]
    if others:
        result["relatedLocations"] = others
    if problem.fix is not None:
        result["fixes"] = [_fix(problem, workspace)]
    if problem.lifted is not None:
        kind = "inSource" if problem.lifted == "accepted" else "external"
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": _one_line(problem.reason)}]
    if state is not None:
        result["baselineState"] = state
    if problem.case is not None:
        result["properties"] = {"case": problem.case.name, "verdict": problem.case.verdict, "about": problem.about}
    return result


def _text(problem: Problem) -> str:
    """The problem with all that helps to understand it, in plain lines."""
    lines = [_sentence(problem.message)]
    lines += [problem.words] if problem.words else []
    story = _story(problem)
    lines += ["This is a scenario for it:", *(f"- {line}" for line in story)] if story else []
    lines += problem.details
    return "\n".join(map(_one_line, lines))


def _markdown(problem: Problem) -> str:
    paragraphs = [told(_sentence(problem.message))]
    paragraphs += [escaped(problem.words)] if problem.words else []
    story = _story(problem)
    if story:
        paragraphs += ["This is a scenario for it:", "\n".join(f"- {escaped(line)}" for line in story)]
    paragraphs += [told(detail) for detail in problem.details]
    if problem.case is not None:
        paragraphs.append(f"{problem.case.kind.capitalize()} {code(problem.case.name)}: {problem.case.verdict}.")
    return "\n\n".join(paragraphs)


def _sentence(message: str) -> str:
    whole = message[:1].upper() + message[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def _story(problem: Problem) -> list[str]:
    """The scenario in sentences; one without sentences is told by the individuals that there are."""
    if problem.scenario is None:
        return []
    there = [f"there is {name} ({sort})" for sort, names in problem.scenario.sorts.items() for name in names]
    return [*problem.scenario.story] or there


def _logical(problem: Problem) -> Object:
    if problem.case is None:
        return {}
    name = f"{problem.case.name}.{problem.about}" if problem.about not in ("", problem.case.name) else problem.case.name
    return {"logicalLocations": [{"fullyQualifiedName": name, "kind": "member"}]}


def _location(span: Span, workspace: Workspace, elsewhere: CaseReport | None = None) -> Object:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(span.file, workspace, elsewhere),
            "region": _region(span),
        }
    }


def _region(span: Span) -> Object:
    """A stretch of a file. Our columns are those of SARIF: from 1, in characters, the end behind the last one."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(file: str, workspace: Workspace, case: CaseReport | None = None) -> Object:
    """Where a file is: seen from the root, or in the library if ``case`` uses it from there."""
    used = {use.file: use.name for use in case.theories} if case is not None else {}
    name = used.get(file)
    if name in library_names() and file == f"specs/{name}.case":
        return {"uri": uri(f"{name}.case"), "uriBaseId": LIBRARY}
    path = workspace.inside(file)
    if path is None:
        return {"uri": f"file://{uri(workspace.absolute(file))}"}
    return {"uri": uri(path), "uriBaseId": ROOT}


def _fix(problem: Problem, workspace: Workspace) -> Object:
    assert problem.fix is not None
    replacement = {"deletedRegion": _region(problem.fix.span), "insertedContent": {"text": problem.fix.text}}
    change = {"artifactLocation": _artifact(problem.fix.span.file, workspace), "replacements": [replacement]}
    return {"description": _message(f"write {problem.fix.text} instead"), "artifactChanges": [change]}


def _notification(problem: Problem) -> Object:
    return {
        "level": problem.severity.value,
        "descriptor": {"id": problem.code, "index": _NUMBERS[problem.code]},
        "message": _message(_sentence(problem.message)),
    }


# -- text ------------------------------------------------------------------------------------------------------------


def _message(text: str) -> Object:
    return {"text": _literal(_one_line(text))}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _literal(text: str) -> str:
    """Text in which nothing is a link (3.11.6) or a placeholder (3.11.5), whoever wrote it."""
    return _braced(re.sub(r"[\\\[\]]", r"\\\g<0>", text))


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
