"""Where output goes: standard output or a file, whole or not at all, and without a traceback whatever happens there."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

_DRAFT, _PART = ".safety-case-", ".part"


class OutputError(Exception):
    """The output could not be written; the message is a sentence that says why."""


def write_file(path: Path, text: str) -> None:
    """Write UTF-8 text to a file, so that there is either the old file or the whole new one.

    Raises ``OutputError``; the old file is untouched then. What is no regular file, such as a pipe, is written to
    directly.
    """
    data = text.encode("utf-8", errors="backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            # Through a symbolic link, the file is replaced and not the link.
            _replace(path.resolve(), data)
    except (OSError, RuntimeError, ValueError) as error:
        raise OutputError(f"{path} cannot be written: {_why(error)}") from error


def write_new_file(path: Path, text: str) -> None:
    """Write UTF-8 text to a file that is not there yet, whole or not at all.

    Raises ``OutputError``, also where something of that name is there, which stays as it is.
    """
    try:
        _write_new(path, text.encode("utf-8", errors="backslashreplace"))
    except FileExistsError as error:
        raise OutputError(f"{path} is there already, and is left as it is") from error
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be written: {_why(error)}") from error


def _replace(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    draft = _draft(path.parent, data, mode)
    try:
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _draft(folder: Path, data: bytes, mode: int) -> Path:
    """A new file in a folder with all of the data, to be put in its place; none is left if that fails."""
    handle, name = tempfile.mkstemp(prefix=_DRAFT, suffix=_PART, dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(mode)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def write_folder(folder: Path, files: Mapping[str, str], is_ours: Callable[[str, bytes], bool]) -> None:
    """Make ``folder`` hold these files and nothing else; its own folder must be there.

    A file that stands in it already must satisfy ``is_ours`` (by name and content), or nothing is written. All files
    are written beside their places before the first one is put there, so that a full disk changes nothing; that of the
    last name comes last. Raises ``OutputError``.
    """
    fresh = False
    drafts: dict[Path, Path] = {}
    try:
        if not folder.exists():
            folder.mkdir()
            fresh = True
        old = _our_files(folder, is_ours)
        for name, text in files.items():
            drafts[folder / name] = _draft(folder, text.encode("utf-8"), 0o666 & ~_umask())
        for path, draft in drafts.items():
            draft.replace(path)
        for path in old - drafts.keys():
            path.unlink()
    except BaseException as error:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        if fresh:
            _remove_if_empty(folder)
        if isinstance(error, OSError | ValueError):
            raise OutputError(f"{folder} cannot be written: {_why(error)}") from error
        raise


def _our_files(folder: Path, is_ours: Callable[[str, bytes], bool]) -> set[Path]:
    """The files of a folder, all of which are ours. Raises ``OutputError`` for the first that is not."""
    found = set()
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_DRAFT) and path.name.endswith(_PART):
            continue  # left behind by a process that was killed, or in the work of another one
        if path.is_symlink() or not path.is_file() or not is_ours(path.name, path.read_bytes()):
            raise OutputError(
                f"{folder} cannot be written: it holds {path.name}, which is no earlier export, or was changed since"
            )
        found.add(path)
    return found


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def save_new(name: str, text: str, folders: Sequence[Path]) -> Path:
    """Save a text in the first of these folders that takes it, in a file that was not there before.

    A number is added to the name where it is taken. Raises ``OutputError`` if no folder takes it.
    """
    trouble = []
    for folder in folders:
        try:
            return _save_new(folder, name, text.encode("utf-8", errors="backslashreplace"))
        except OSError as error:
            trouble.append(f"{folder}: {_why(error)}")
    raise OutputError(f"{name} cannot be saved ({'; '.join(trouble)})")


def _save_new(folder: Path, name: str, data: bytes) -> Path:
    stem, dot, ending = name.rpartition(".")
    for number in itertools.count(1):
        path = folder / (name if number == 1 else f"{stem}-{number}{dot}{ending}")
        try:
            _write_new(path, data)
        except FileExistsError:
            continue
        return path
    raise AssertionError("there are numbers without end")


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there before; none is left if that fails. Raises ``FileExistsError`` if it is there."""
    stream = path.open("xb")
    try:
        with stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def write_out(text: str, *, utf8: bool) -> None:
    """Write text to standard output, whatever its encoding; as UTF-8, without translating line breaks, if ``utf8``.

    A reader who stops reading, such as ``head``, is no error. Raises ``OutputError`` where writing fails otherwise.
    """
    out = sys.stdout
    if out is None:  # closed by whoever started us
        return
    try:
        if utf8 and hasattr(out, "buffer"):
            out.flush()
            out.buffer.write(text.encode("utf-8", errors="backslashreplace"))
        else:
            encoding = out.encoding or "utf-8"
            out.write(text.encode(encoding, errors="backslashreplace").decode(encoding))
        out.flush()
    except BrokenPipeError:
        forget(out)
    except OSError as error:
        forget(out)
        raise OutputError(f"standard output cannot be written: {_why(error)}") from error


def forget(stream: TextIO) -> None:
    """What is left in the buffer of a standard stream must not fail a second time when the interpreter ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
