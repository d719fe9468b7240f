"""Where output goes: standard output or a file, whole or not at all, and without a traceback whatever happens there."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


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


def _replace(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=".safety-case-", suffix=".part", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
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
        _forget_output()
    except OSError as error:
        _forget_output()
        raise OutputError(f"standard output cannot be written: {_why(error)}") from error


def _forget_output() -> None:
    """What is left in the buffer must not fail a second time when the interpreter ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
