"""A run in which nothing has changed: what was printed last time is printed again, with the same exit status.

A record of a run holds everything that its outcome depends on: how the command was called, where and on which day, and
for each file that was looked at what was found there. What was read is compared by digests, and never by the times of
files; only the checker itself is told from another version of it by those. If anything at all is otherwise, there is no
replay, and the check is done. Only runs whose outcome could not be another one are recorded: none in which time ran
out, say.

Imports next to nothing, as this is all that such a run is made of.
"""

import os
import sys
import time

from checker.cache_folder import cache_folder, only_our_file, own_folder

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL first
except ImportError:  # pragma: no cover - for interpreters that have no such module
    from hashlib import blake2b

FOLDER = "replays"
MOST_RECORDS = 200
MOST_BYTES = 20_000_000
"""How large a record may be."""
MOST_BYTES_OF_A_FILE = 100_000_000
_FORMAT = b"safety-case replay 1"
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES", "LANG", "LC_ALL", "PYTHONIOENCODING")
_SEPARATOR = b"\0"

Fact = tuple[str, str, str]
"""What is looked at (see ``observed``), the path of it, and what was found there."""


def replayed(arguments: list[str]) -> int | None:
    """Print what this call printed last time, if nothing has changed since, and give its exit status; else None."""
    try:
        path = _path(arguments)
        if path is None or not only_our_file(path):
            return None
        record = _record(path)
        if record is None:
            return None
        facts, status, output = record
        if any(observed(what, where) != found for what, where, found in facts):
            return None
        out = sys.stdout.buffer
        out.write(output)
        out.flush()
    except (OSError, ValueError, AttributeError):
        return None  # whatever it is, the full run will tell
    return status


def record(arguments: list[str], facts: list[Fact], status: int, output: bytes) -> None:
    """Keep what a call printed, and what it depends on. That this fails is no matter."""
    try:
        path = _path(arguments)
        if path is None or any(_SEPARATOR.decode() in part for fact in facts for part in fact):
            return
        parts = [part.encode("utf-8", "surrogateescape") for fact in facts for part in fact]
        body = _SEPARATOR.join([_FORMAT, str(status).encode(), str(len(facts)).encode(), *parts, output])
        if len(body) > MOST_BYTES:
            return
        draft = f"{path}.{os.getpid()}"
        with open(draft, "xb", opener=_private) as stream:
            stream.write(blake2b(body, digest_size=32).digest() + body)
        os.replace(draft, path)
        _make_room(os.path.dirname(path))
    except (OSError, ValueError):
        return


def observed(what: str, where: str) -> str:
    """What there is now at a path: its ``content``, its ``kind``, its ``real`` path, its ``stamp``, or ``cases`` in it.

    Raises ``OSError`` and ``ValueError`` for contents that cannot be read.
    """
    match what:
        case "content":
            return _digest_of(where)
        case "kind":
            return _kind(where)
        case "real":
            return os.path.realpath(where)
        case "stamp":
            status = os.stat(where)
            return f"{status.st_size} {status.st_mtime_ns}"
        case "cases":
            return "\n".join(_cases(where))
    raise ValueError(what)


def _kind(path: str) -> str:
    if os.path.isfile(path):
        return "file"
    if os.path.isdir(path):
        return "folder"
    return "something" if os.path.lexists(path) else "nothing"


def _digest_of(path: str) -> str:
    """The digest of a regular file that is no link. Raises ``OSError`` and ``ValueError``."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if status.st_mode & 0o170000 != 0o100000 or status.st_size > MOST_BYTES_OF_A_FILE:
            raise ValueError(path)
        found = blake2b(digest_size=32)
        while chunk := os.read(descriptor, 1 << 20):
            found.update(chunk)
        return found.hexdigest()
    finally:
        os.close(descriptor)


def _cases(folder: str) -> list[str]:
    """The files in a folder that end in ``.case``, as ``checker.load`` looks for them; links are told apart."""
    found = []
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(".case"):
                    found.append(entry.path + ("@" if entry.is_symlink() else ""))
    return sorted(found)


# -- records -----------------------------------------------------------------------------------------------------------


def _path(arguments: list[str]) -> str | None:
    """Where the record of this call stands, on this day, in this folder, with this output; None if nowhere."""
    folder = cache_folder()
    folder = None if folder is None else own_folder(os.path.join(folder, FOLDER))
    if folder is None or sys.stdout is None or (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8"):
        return None
    day = time.localtime()
    terminal = sys.stdout.isatty()
    parts = [
        *arguments,
        "in",
        os.getcwd(),
        "on",
        f"{day.tm_year}-{day.tm_mon}-{day.tm_mday}",
        "to",
        str(os.get_terminal_size(sys.stdout.fileno())) if terminal else "no terminal",
        "by",
        sys.version,
        *sys.path,
        *(f"{name}={os.environ.get(name)}" for name in _ENVIRONMENT),
        *_own_stamps(),
    ]
    whole = _SEPARATOR.join(part.encode("utf-8", "surrogateescape") for part in parts)
    return os.path.join(folder, blake2b(whole, digest_size=16).hexdigest())


def _own_stamps() -> list[str]:
    """What tells this checker from another one: the sizes and times of its own files, and of the solver's."""
    package = os.path.dirname(os.path.abspath(__file__))
    stamps = []
    beside = [os.path.join(os.path.dirname(package), name) for name in ("grammar", "specs")]
    for folder in (package, *beside):
        waiting = [folder] if os.path.isdir(folder) else []
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in sorted(entries, key=lambda one: one.name):
                    if entry.is_dir():
                        if entry.name != "__pycache__":
                            waiting.append(entry.path)
                    elif not entry.name.endswith(".pyc"):
                        status = entry.stat()
                        stamps.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    for place in sys.path:
        path = os.path.join(place, "z3", "z3core.py")
        if os.path.isfile(path):
            stamps.append(f"{path} {observed('stamp', path)}")
    return stamps


def _record(path: str) -> tuple[list[Fact], int, bytes] | None:
    """The facts, exit status and output of a record; None if it is damaged. Raises ``OSError`` and ``ValueError``."""
    with open(path, "rb") as stream:
        data = stream.read(MOST_BYTES + 64)
    seal, body = data[:32], data[32:]
    if blake2b(body, digest_size=32).digest() != seal:
        return None
    form, status, count, rest = body.split(_SEPARATOR, 3)
    if form != _FORMAT:
        return None
    number = int(count)
    *parts, output = rest.split(_SEPARATOR, 3 * number)
    words = [part.decode("utf-8", "surrogateescape") for part in parts]
    facts = [(words[n], words[n + 1], words[n + 2]) for n in range(0, 3 * number, 3)]
    return facts, int(status), output


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_room(folder: str) -> None:
    """Remove the oldest records if there are too many."""
    with os.scandir(folder) as entries:
        records = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in records[: max(0, len(records) - MOST_RECORDS)]:
        os.unlink(path)
