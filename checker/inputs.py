"""What a run has read, and the facts that a record of the run has to hold so that it counts only where it still would.

The facts are looked at after the run. That nothing had changed by then is held against what the run itself has seen:
the digests of files, where names lead, which files there are, and the state of evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.case import Evidence
from checker.evidence import digest_of, examine
from checker.load import MARKERS, find_files, is_file, real_path, workspace
from checker.replay import Fact, observed
from checker.report import EvidenceState
from checker.settings import project_files


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run has looked at: each thing with what was found there.

    ``paths`` are those it was called with, and ``files`` what they name. ``digests`` has the SHA-256 of what was read,
    by real path; ``imports`` says for each where it leads and whether a file is there; ``workspaces`` are those of
    folders. ``lasting`` tells whether the run would come to the same another time.
    """

    paths: tuple[Path, ...]
    files: tuple[Path, ...]
    digests: tuple[tuple[Path, str], ...]
    imports: tuple[tuple[Path, Path, bool], ...]
    workspaces: tuple[tuple[Path, Path], ...]
    evidence: tuple[tuple[Evidence, EvidenceState], ...]
    today: date
    lasting: bool


def facts(inputs: Inputs, others: Sequence[Path] = ()) -> list[Fact] | None:
    """Everything that the outcome of a run depends on, settings and ``others`` included; None where it cannot be told.

    That is so where something has changed since the run has looked at it, or would come out otherwise another time.
    """
    if not inputs.lasting:
        return None
    try:
        found = [
            (what, str(where), observed(what, str(where))) for what, where in dict.fromkeys(_looks(inputs, others))
        ]
        return found if _is_as_it_was(inputs) else None
    except (OSError, ValueError):
        return None


def _looks(inputs: Inputs, others: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """What to look at, and where."""
    for path in map(Path.absolute, inputs.paths):
        yield "kind", path
        if path.is_dir():
            yield "cases", path
    for path in map(Path.absolute, inputs.files):
        yield "real", path
    for path, _ in inputs.digests:
        yield "content", path
    for path, real, _ in inputs.imports:
        yield "real", path
        yield "kind", real
    for folder, top in inputs.workspaces:
        for parent in (folder, *folder.parents):
            yield from (("kind", parent / marker) for marker in MARKERS)
            if parent == top:
                break
    for piece, _ in inputs.evidence:
        yield from _looks_at_evidence(piece)
    here = Path.cwd()
    yield "real", here
    for parent in (here, *here.parents):
        yield from (("kind", parent / marker) for marker in MARKERS)
    *_, settings = project_files(here)
    for path in (*others, *([settings] if settings.is_file() else [])):
        yield "kind", path.absolute()
        yield "content", real_path(path)


def _looks_at_evidence(piece: Evidence) -> Iterator[tuple[str, Path]]:
    if piece.file is None:
        return
    path = piece.folder / piece.file
    real = real_path(path)
    yield "real", path
    yield "kind", real
    if piece.sha256 is not None and real.is_file():
        yield "content", real


def _is_as_it_was(inputs: Inputs) -> bool:
    """Whether everything is still as the run has found it. Raises ``OSError``."""
    return (
        tuple(find_files(inputs.paths)[0]) == inputs.files
        and all(digest_of(path) == digest for path, digest in inputs.digests)
        and all((real_path(path), is_file(real)) == (real, there) for path, real, there in inputs.imports)
        and all(workspace(folder / "file") == top for folder, top in inputs.workspaces)
        and all(examine(piece, inputs.today).state == state for piece, state in inputs.evidence)
    )
