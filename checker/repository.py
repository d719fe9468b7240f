"""What git knows of the repository that the current folder is in."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

BASE = "PRE_COMMIT_FROM_REF"
"""The environment variable in which pre-commit says what commit is compared with, if that is not the last one."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where it is, the files that are under version control, and those that were deleted since the last commit."""

    folder: Path
    tracked: frozenset[Path]
    deleted: frozenset[Path]


def find_repository() -> Repository | None:
    """The repository, or none: there is no git, or it knows of none here, or does not trust this one."""
    top = _git("rev-parse", "--show-toplevel")
    tracked = _git("ls-files", "-z", "--full-name", ":/")
    if top is None or tracked is None:
        return None
    folder = Path(top.removesuffix("\n")).resolve()
    base = os.environ.get(BASE) or "HEAD"
    # Before the first commit nothing can be deleted.
    options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules", "--diff-filter=D")
    deleted = _git("diff", *options, "--end-of-options", base, "--") or ""
    return Repository(folder, _paths(folder, tracked), _paths(folder, deleted))


def _paths(folder: Path, names: str) -> frozenset[Path]:
    return frozenset(folder / name for name in names.split("\0") if name)


def _git(*arguments: str) -> str | None:
    """What git answers, or nothing if it cannot. It runs here, since a hook is told where the index is from here."""
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():  # never one from the current folder
        return None
    try:
        done = subprocess.run([program, *arguments], capture_output=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    except OSError:
        return None
    return os.fsdecode(done.stdout) if done.returncode == 0 else None
