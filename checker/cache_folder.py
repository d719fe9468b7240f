"""The folder for what is kept between runs: one that nobody but the user can write to.

Imports next to nothing, as every run starts with a look into it.
"""

import os
import stat

NAME = "safety-case-checker"


def cache_folder() -> str | None:
    """The user's own folder for our cached files, made if need be; none where there is no such place.

    It has to be a real folder that belongs to the user and that nobody else may write to.
    """
    if not hasattr(os, "getuid"):
        return None  # without owners and modes, nobody can say who may write there
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # A relative path is to be ignored, says the standard; it would mean a folder of whatever is being checked.
        base = base if os.path.isabs(base) else os.path.join(os.path.expanduser("~"), ".cache")
        folder = os.path.join(base, NAME)
        if not os.path.isabs(folder):
            return None  # there is no home
        os.makedirs(base, mode=0o700, exist_ok=True)
        return own_folder(folder)
    except (OSError, ValueError):
        return None


def own_folder(folder: str) -> str | None:
    """This folder, made if need be; none if others may write to it, or it is none. Raises ``OSError``, ``ValueError``.

    The folder above it has to be there.
    """
    try:
        os.mkdir(folder, mode=0o700)
    except FileExistsError:
        pass
    status = os.lstat(folder)
    return folder if stat.S_ISDIR(status.st_mode) and _only_ours(status) else None


def only_our_file(path: str) -> bool:
    """Whether it is a regular file that nobody but the user may write to."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and _only_ours(status)


def _only_ours(status: os.stat_result) -> bool:
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
