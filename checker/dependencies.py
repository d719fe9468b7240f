"""Which files the result of a check depends on, and what state they are in.

Files are looked through for what they name, and not parsed: to name a file too many is cheap, and a file with a mistake
in it refers to others all the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from checker.affected import named_files
from checker.load import ENDING, MAX_BYTES, MAX_FILES, find_files, library_names, open_regular, real_path
from checker.resources import library_folder
from checker.settings import FILE as SETTINGS_FILE
from checker.settings import project_files

_USE = re.compile(r"\buse\s+([a-z]\w*)")
_MISSING = ""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a check depends on: for each file a text that changes when the file does, empty where there is none.

    ``folders`` are those in which something may appear, change or go that matters.
    """

    states: Mapping[Path, str]
    folders: frozenset[Path]

    @property
    def there(self) -> int:
        """How many of the files are there."""
        return sum(state != _MISSING for state in self.states.values())


def dependencies(paths: Sequence[str | os.PathLike[str]], others: Sequence[Path] = ()) -> Dependencies:
    """What a check of ``paths`` that is started in the current folder depends on. Never raises for bad input.

    These are the ``.case`` files found, what they import and name as evidence (also where it is missing), the theories
    of the library that they use, the settings of the project, and ``others``.
    """
    states = {path: _state(path) for path in (*project_files(Path.cwd()), *map(_absolute, others))}
    found, _ = find_files(paths)
    # What was named and is not there may come.
    states |= {path: _MISSING for path in map(_absolute, paths) if not path.exists()}
    waiting = [_absolute(path) for path in found]
    while waiting and len(states) < 2 * MAX_FILES:
        path = waiting.pop()
        if path in states and states[path] != _MISSING:
            continue
        data = _read(path)
        states[path] = _MISSING if data is None else sha256(data).hexdigest()
        text = (data or b"").decode("utf-8", errors="replace")
        for word, name in named_files(text):
            # They are meant as seen from where the file really is.
            named = _absolute(real_path(path).parent / name)
            if word == "import":
                waiting.append(named)
            else:
                states.setdefault(named, _state(named))
        used = library_names().intersection(_USE.findall(text))
        waiting += [_absolute(library_folder() / f"{name}{ENDING}") for name in sorted(used)]
    return Dependencies(states, frozenset(_folders(paths, states)))


def _folders(paths: Sequence[str | os.PathLike[str]], states: Mapping[Path, str]) -> Iterator[Path]:
    for path, state in states.items():
        # That settings appear somewhere above is seen when the files are looked at; not all folders are watched for it.
        if path.name == SETTINGS_FILE and state == _MISSING:
            continue
        yield next(folder for folder in path.parents if folder.is_dir())
        if (real := real_path(path)) != path:
            yield next(folder for folder in real.parents if folder.is_dir())
    for path in map(_absolute, paths):
        if path.is_dir():
            yield path
            # Folders that hold no specification yet may hold one soon. Hidden ones are passed over, as by a check.
            for where, inner, _ in os.walk(path):
                inner[:] = [name for name in inner if not name.startswith(".")]
                yield Path(where)


def _absolute(path: str | os.PathLike[str]) -> Path:
    return Path(os.path.normpath(Path(path).absolute()))


def _read(path: Path) -> bytes | None:
    try:
        with open_regular(path) as stream:
            return stream.read(MAX_BYTES)
    except (OSError, ValueError):
        return None


def _state(path: Path) -> str:
    """What tells this content from any other: a hash, or of a large file its size and times."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return _MISSING
    if about.st_size > MAX_BYTES:
        return f"{about.st_size} {about.st_mtime_ns} {about.st_ino}"
    data = _read(path)
    return "unreadable" if data is None else sha256(data).hexdigest()
