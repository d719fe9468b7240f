"""Which specifications have to be checked again when files have changed.

Files are looked through for the words ``import`` and ``file`` and not parsed: to find too many is cheap, and a file
with a mistake in it refers to others all the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.findings import Finding
from checker.load import ENDING, find_files, is_file, read_text, real_path, workspace
from checker.repository import Repository, find_repository
from checker.settings import FILE as SETTINGS_FILE

SETTLED_BY = frozenset((SETTINGS_FILE, ".pre-commit-config.yaml"))
"""Files that say how everything is checked: the settings; and which version of the checker, with its library."""

_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"|#[^\n]*|[a-zA-Z_][\w.]*|\}')
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class _References:
    """What a file is made of: where it is and what it refers to really are, and where they are said to be.

    ``imports`` is where imported files really are. ``dangling`` says that something is not there.
    """

    places: frozenset[Path]
    imports: frozenset[Path]
    dangling: bool


def affected(changed: Sequence[Path]) -> tuple[list[Path], list[Finding]]:
    """The ``.case`` files to be checked when these files have changed, in order, and why not all can be found, if so.

    They are the changed ones themselves; those that import one of them, or name it as evidence; and those that import
    any of these, and so on. What git has deleted since the last commit has changed as well. Where git is of no help,
    whoever imports or names something that is not there is affected, since it may just have been deleted.

    The repositories are searched that the changed files and the current folder are in; in the latter, what is not under
    version control is passed over, as long as it did not change. All files are affected if one changes that says how
    they are checked.
    """
    roots = dict.fromkeys(_root(path) for path in (*changed, Path("any file here")))
    found, findings = find_files(list(roots))
    findings = [problem for problem in findings if problem.code != "no-case-files"]
    repository = find_repository()
    if repository is not None:
        found = [path for path in found if _is_known(repository, path)]
        changed = [*changed, *repository.deleted]
    if any(path.name in SETTLED_BY for path in changed):
        return found, findings
    # Those in hidden folders are not found, but may have changed.
    found, _ = find_files([*found, *(path for path in changed if path.name.endswith(ENDING) and is_file(path))])
    places = {place for path in changed for place in (real_path(path), _written(path))}
    references = {real_path(path): _references(path) for path in found}
    reached = {path for path, known in references.items() if _any_in(known.places, places)}
    if repository is None:
        reached |= {path for path, known in references.items() if known.dangling}
    importers: dict[Path, list[Path]] = {}
    for path, known in references.items():
        for target in known.imports:
            importers.setdefault(target, []).append(path)
    waiting = list(reached)
    while waiting:
        for path in importers.get(waiting.pop(), ()):
            if path not in reached:
                reached.add(path)
                waiting.append(path)
    return [path for path in found if real_path(path) in reached], findings


def _is_known(repository: Repository, path: Path) -> bool:
    """Whether a file is under version control, or not in this repository."""
    place = real_path(path.parent) / path.name
    return place in repository.tracked or not place.is_relative_to(repository.folder)


def _root(path: Path) -> Path:
    """The folder in which everything may refer to a file, as seen from the current folder."""
    root = workspace(real_path(path))
    try:
        return Path(os.path.relpath(root, real_path(Path())))
    except ValueError:  # on another drive
        return root


def _written(path: Path) -> Path:
    """Where a file is said to be: it, or a folder on the way to it, may be a link that has changed."""
    return Path(os.path.normpath(path.absolute()))


def _any_in(paths: Iterable[Path], places: set[Path]) -> bool:
    """Whether one of the paths, or a folder that it lies in, is among these places."""
    return any(place in places for path in paths for place in (path, *path.parents))


def _references(path: Path) -> _References:
    text, _ = read_text(path, path.as_posix())
    real = real_path(path)
    places, imports, dangling = {real, _written(path)}, set(), False
    for word, name in named_files(text):
        target = real_path(real.parent / name)
        places |= {target, _written(real.parent / name)}
        dangling = dangling or not is_file(target)
        if word == "import":
            imports.add(target)
    return _References(frozenset(places), frozenset(imports), dangling)


def named_files(text: str) -> Iterator[tuple[str, str]]:
    """The files that a text names, each with the word before it: ``import``, or ``file`` in a piece of evidence."""
    before, evidence = "", False
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word.startswith("#"):
            continue
        if word == "evidence":
            evidence = True
        elif word == "}":
            evidence = False
        elif match[1] is not None and (before == "import" or (before == "file" and evidence)):
            yield before, _ESCAPE.sub(r"\1", match[1])
        before = word
