"""The folder for what is kept between runs: one that nobody but the user can write to."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def cache_folder() -> Path | None:
    """The user's own folder for our cached files, made if need be; none where there is no such place.

    It has to be a real folder that belongs to the user and that nobody else may write to.
    """
    if not hasattr(os, "getuid"):
        return None  # without owners and modes, nobody can say who may write there
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # A relative path is to be ignored, says the standard; it would mean a folder of whatever is being checked.
        folder = (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "safety-case-checker"
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder if only_ours(folder, stat.S_ISDIR(folder.lstat().st_mode)) else None
    except (OSError, RuntimeError, ValueError):
        return None


def only_ours(path: Path, right_kind: bool) -> bool:
    """Whether nobody but the user may write there. Raises ``OSError`` if it is not there."""
    status = path.lstat()
    return right_kind and status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def only_our_file(path: Path) -> bool:
    """Whether it is a regular file that nobody but the user may write to."""
    try:
        return only_ours(path, stat.S_ISREG(path.lstat().st_mode))
    except OSError:
        return False
