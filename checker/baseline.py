"""Baselines: the problems that a project knows of, so that a check can insist that none are added.

A baseline changes one thing, the exit status of a run in which every problem is known. Verdicts and ``passed`` stay as
they are, and every report says what is known. An entry names a problem by its case, its code and what it is about, with
a hash of the words and formula of that: where any of it changes, the problem is new. A verdict is part of the code, so
a worry that was open and is shown to occur is new, too.

Never known are problems of reading (exit status 2), premises that contradict each other, under which no other verdict
means anything, hazards that are assumed away, and worries that are shown to occur.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from checker.problems import Problem, problems
from checker.render.json import known_problem, written
from checker.report import BaselineReport, KnownProblem, Report

VERSION = 1

MOST_BYTES = 10_000_000

NEVER_KNOWN = ("inconsistent", "refuted-worry", "accepted-failure", "ruled-out")
"""What nobody can decide to leave as it is for a while: it is shown that the case is wrong."""

_TEXTS = tuple(field.name for field in fields(KnownProblem) if field.name not in ("rests_on", "shown"))


class BaselineError(Exception):
    """A baseline cannot be read; the message is a sentence that says why."""


def entries(report: Report, folder: Path) -> tuple[list[KnownProblem], list[KnownProblem]]:
    """The problems that keep cases of this run from passing: those that a baseline may hold, and all others.

    ``folder`` is that of the baseline. Both are in order.
    """
    fit: list[KnownProblem] = []
    unfit: list[KnownProblem] = []
    for problem in problems(report):
        if problem.blocks and problem.case is not None:
            entry = _entry(problem, folder)
            (unfit if problem.code in NEVER_KNOWN else fit).append(entry)
    return sorted(fit), sorted(unfit)


def _entry(problem: Problem, folder: Path) -> KnownProblem:
    assert problem.case is not None
    return KnownProblem(
        file=_from(folder, problem.case.span.file),
        case=problem.case.name,
        code=problem.code,
        about=problem.about,
        message=problem.wording,
        rests_on=tuple(sorted(problem.rests_on)),
        meaning=problem.meaning,
        shown=problem.case.span.file,
    )


def _from(folder: Path, file: str) -> str:
    """The path to a file from a folder, with ``/``; as it is where there is no way."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return file


def beside(report: Report, known: Sequence[KnownProblem], path: Path) -> Report:
    """The report of a run beside a baseline, which was read from ``path``.

    Where nothing is new and everything could be read, the exit status is 0. Every problem needs an entry of its own.
    """
    fit, unfit = entries(report, path.absolute().parent)
    left: dict[KnownProblem, list[KnownProblem]] = {}
    for one in sorted(known):
        left.setdefault(_but_for_rest(one), []).append(one)
    recognised: list[KnownProblem] = []
    new = [*unfit]
    narrowed: list[KnownProblem] = []
    for problem in fit:
        # It may have rested on more when it was written down, but not on less.
        alike = left.get(_but_for_rest(problem), [])
        entry = next((one for one in alike if set(problem.rests_on) <= set(one.rests_on)), None)
        if entry is None:
            new.append(problem)
            continue
        alike.remove(entry)
        recognised.append(problem)
        if gone := tuple(name for name in entry.rests_on if name not in problem.rests_on):
            narrowed.append(replace(entry, rests_on=gone))
    checked = {(_from(path.absolute().parent, case.span.file), case.name) for case in report.cases}
    over = [entry for alike in left.values() for entry in alike]
    fixed = [entry for entry in over if (entry.file, entry.case) in checked]
    compared = BaselineReport(
        file=path.as_posix(),
        known=tuple(recognised),
        new=tuple(sorted(new)),
        fixed=tuple(sorted([*fixed, *narrowed])),
        not_checked=len(over) - len(fixed),
    )
    settled = report.exit_status == 1 and not compared.new and compared.known
    return replace(report, baseline=compared, exit_status=0 if settled else report.exit_status)


def _but_for_rest(entry: KnownProblem) -> KnownProblem:
    return replace(entry, rests_on=(), shown="")


# -- the file --------------------------------------------------------------------------------------------------------


def dumps(known: Iterable[KnownProblem]) -> str:
    """A baseline as text: sorted, one entry a line, so that people can read changes to it and tools can merge them."""
    lines = [written(known_problem(entry), indent=None) for entry in sorted(known)]
    body = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "version": {VERSION},\n  "problems": [\n{body}\n  ]\n}}\n'


def read(path: Path) -> tuple[KnownProblem, ...]:
    """The entries of a baseline. Raises ``BaselineError`` for a file that is not there, or is none."""
    try:
        if not path.is_file():
            raise BaselineError(f"there is no baseline {path}; `--write-baseline {path}` writes one")
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BaselineError(f"{path} is larger than {MOST_BYTES:,} bytes, and is no baseline")
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_once)
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise BaselineError(f"{path} is not UTF-8 text, and is no baseline") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BaselineError(f"{path} is no baseline: it is not JSON ({error})") from error
    except ValueError as error:
        raise BaselineError(f"{path} is no baseline: {error}") from error
    return tuple(sorted(_understood(path, data)))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose keys stands there once. Raises ``ValueError``."""
    kept = dict(pairs)
    if len(kept) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return kept


def _understood(path: Path, data: object) -> Iterator[KnownProblem]:
    if not isinstance(data, dict) or set(data) != {"version", "problems"} or not isinstance(data["problems"], list):
        raise BaselineError(f"{path} is no baseline: it wants `version` and a list of `problems`, and nothing else")
    if data["version"] != VERSION or isinstance(data["version"], bool):
        raise BaselineError(f"{path} is of a version of baselines that is not known here; write it anew")
    for number, entry in enumerate(data["problems"], start=1):
        yield _known(path, number, entry)


def _known(path: Path, number: int, entry: object) -> KnownProblem:
    if not isinstance(entry, dict) or set(entry) != {*_TEXTS, "rests_on"}:
        wanted = ", ".join(f"`{name}`" for name in (*_TEXTS, "rests_on"))
        raise BaselineError(f"{path} is no baseline: problem {number} wants {wanted}, and nothing else")
    texts = {name: entry[name] for name in _TEXTS}
    rests = entry["rests_on"]
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(rests, list):
        raise BaselineError(f"{path} is no baseline: problem {number} holds something other than text")
    if not all(isinstance(name, str) for name in rests):
        raise BaselineError(f"{path} is no baseline: `rests_on` of problem {number} is no list of names")
    if texts["code"] in NEVER_KNOWN:
        raise BaselineError(f"{path}: problem {number} is `{texts['code']}`, which no baseline can hold")
    return KnownProblem(**texts, rests_on=tuple(sorted(rests)))
