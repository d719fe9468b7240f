"""Specifications as they were: a file at a revision of a git repository, with what it imports and cites as evidence.

Nothing of the repository is run or changed, and nothing is fetched: blobs are read by their names with ``git ls-tree``
and ``git cat-file``, which know no hooks, filters or checkouts. Only what the file needs is read, and written to a
folder of its own: files that are imported, files of evidence, and the project files that mark a workspace. Symbolic
links and submodules are not followed; they count as not there.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checker import syntax
from checker.load import ENDING, MAX_BYTES, MAX_FILES
from checker.parser import parse

SECONDS = 60.0
"""How long one call of git may take."""
MAX_EVIDENCE = 1_000_000_000
"""How many bytes of evidence are read of a revision in all."""

_SAFELY = ("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


class RevisionError(Exception):
    """A revision cannot be read; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: a file, of a ``revision`` if it is not that of the working tree; ``case`` names the module.

    The path of a file in a revision is that from the top of the repository or, with ``./`` or ``../``, from the current
    folder, as git has it.
    """

    path: str
    revision: str | None = None
    case: str | None = None

    @property
    def shown(self) -> str:
        return self.path if self.revision is None else f"{self.revision}:{self.path}"


def place(text: str) -> Place:
    """What ``PATH``, ``REV:PATH``, ``PATH#NAME`` or ``REV:PATH#NAME`` means. A file that is called so comes first."""
    if _exists(text):
        return Place(text)
    named = re.fullmatch(r"(.+)#([a-z][a-z0-9_]*)", text)
    path, case = (named[1], named[2]) if named is not None else (text, None)
    if _exists(path):
        return Place(path, None, case)
    depth = 0
    for index, char in enumerate(path):
        depth += (char == "{") - (char == "}")
        if char == ":" and depth == 0 and 0 < index < len(path) - 1:
            return Place(path[index + 1 :], path[:index], case)
    return Place(path, None, case)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def check_out(wanted: Place, folder: Path) -> Path:
    """Write the file of a revision, and what it needs, to an empty folder; gives where it is now.

    The folder is marked as the workspace that the repository is. Raises ``RevisionError``.
    """
    assert wanted.revision is not None
    tree = _Tree.of(wanted.revision)
    here = tree.prefix if wanted.path.startswith(("./", "../")) else ""
    path = _inside(here, wanted.path.removeprefix("/"))
    if path is None:
        raise RevisionError(f"`{wanted.path}` lies outside the repository")
    if tree.blob(path) is None:
        raise RevisionError(f"`{wanted.revision}` holds no file `{path}`")
    (folder / ".git").mkdir()
    _Copy(tree, folder).copy(path)
    return folder / path


@dataclass(slots=True)
class _Tree:
    """What a commit holds. ``prefix`` is the current folder within it."""

    git: str
    commit: str
    prefix: str
    _known: dict[str, str | None] = field(default_factory=dict)

    @staticmethod
    def of(revision: str) -> _Tree:
        git = shutil.which("git")
        if git is None:
            raise RevisionError("there is no program git, which reads what stood in a repository")
        if revision.startswith("-") or any(ord(char) < 32 for char in revision):
            raise RevisionError(f"`{revision}` is no revision")
        inside = _call(git, "rev-parse", "--is-inside-work-tree", "--show-prefix")
        if inside is None:
            raise RevisionError("the current folder is in no git repository that may be read")
        prefix = inside.decode("utf-8", "surrogateescape").split("\n")[1] if inside.count(b"\n") > 1 else ""
        found = _call(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found is None:
            raise RevisionError(f"the repository has no revision `{revision}`")
        return _Tree(git, found.decode("ascii").strip(), prefix)

    def blob(self, path: str) -> str | None:
        """The name of the blob that is the regular file at a path; None where there is none."""
        if path not in self._known:
            listed = _call(self.git, "ls-tree", "-z", "--full-tree", self.commit, "--", path) or b""
            self._known[path] = None
            for line in filter(None, listed.split(b"\0")):
                kind, _, name = line.partition(b"\t")
                mode, _, oid = kind.decode("ascii").split(" ")
                if os.fsdecode(name) == path and mode in ("100644", "100755"):
                    self._known[path] = oid
        return self._known[path]

    def copy(self, path: str, to: Path, most: int) -> int:
        """Write the file at a path, cut off behind ``most`` bytes, to a place where none is; gives its length."""
        oid = self.blob(path)
        assert oid is not None
        call = [self.git, *_SAFELY, "cat-file", "blob", oid]
        with (
            to.open("xb") as stream,
            subprocess.Popen(  # noqa: S603 git itself, and no shell
                call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
            ) as process,
        ):
            assert process.stdout is not None
            length = 0
            while length < most and (chunk := process.stdout.read(min(1 << 20, most - length))):
                stream.write(chunk)
                length += len(chunk)
            if length == most:
                process.kill()
                return length
        if process.returncode != 0:
            raise RevisionError(f"git cannot read `{path}` of that revision")
        return length


@dataclass(slots=True)
class _Copy:
    """Copies files of a tree to a folder, each once."""

    tree: _Tree
    folder: Path
    _copied: set[str] = field(default_factory=set)
    _evidence: int = 0

    def copy(self, first: str) -> None:
        """A specification, all that it imports, and the evidence of each."""
        waiting = [first]
        while waiting and len(self._copied) <= MAX_FILES:
            path = waiting.pop()
            if not self._is_to_copy(path):
                continue
            self._write(path, MAX_BYTES + 1)
            for above in _folders(path):
                project = posixpath.join(above, "pyproject.toml")
                if self._is_to_copy(project):
                    self._write(project, MAX_BYTES + 1)
            text = (self.folder / path).read_bytes()
            if len(text) > MAX_BYTES:
                continue  # it is refused in a moment, as too large
            file = parse(text.decode("utf-8", "replace"), path).file
            waiting += [p for line in file.imports if (p := _beside(path, line.path)) and p.endswith(ENDING)]
            for evidence in _evidence_files(file):
                self._copy_evidence(_beside(path, evidence))

    def _copy_evidence(self, path: str | None) -> None:
        if path is None or not self._is_to_copy(path):
            return
        self._evidence += self._write(path, MAX_EVIDENCE + 1 - self._evidence)
        if self._evidence > MAX_EVIDENCE:
            raise RevisionError(f"the evidence of that revision is larger than {MAX_EVIDENCE:,} bytes in all")

    def _is_to_copy(self, path: str) -> bool:
        return path not in self._copied and self.tree.blob(path) is not None

    def _write(self, path: str, most: int) -> int:
        self._copied.add(path)
        to = self.folder / path
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            return self.tree.copy(path, to, most)
        except (OSError, ValueError) as error:
            # Two names that this system takes for one, a name that it does not have, a full disk.
            why = (getattr(error, "strerror", None) or str(error)).lower()
            raise RevisionError(f"`{path}` of that revision cannot be written here: {why}") from error


def _evidence_files(file: syntax.File) -> Iterator[str]:
    for module in file.modules:
        for declaration in module.body:
            if isinstance(declaration, syntax.EvidenceDecl):
                for entry in declaration.entries:
                    if entry.key.text == "file" and isinstance(entry.value, syntax.Text):
                        yield entry.value.text


def _beside(path: str, other: str) -> str | None:
    return _inside(posixpath.dirname(path), other)


def _inside(folder: str, path: str) -> str | None:
    """The path from the top of a repository of what ``path`` means in a folder of it; None if it leads out, or into
    what is no file of a tree."""
    normal = posixpath.normpath(posixpath.join(folder, path))
    parts = normal.split("/")
    bad = any(part in ("", ".", "..") or part.lower() == ".git" or "\\" in part for part in parts)
    return None if bad or any(ord(char) < 32 for char in normal) or normal.startswith("/") else normal


def _folders(path: str) -> Iterator[str]:
    """The folders above a file, the top of the repository (as an empty name) included."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _environment() -> dict[str, str]:
    return {**os.environ, **_QUIET}


def _call(git: str, *arguments: str) -> bytes | None:
    """What git prints; None if it fails."""
    try:
        done = subprocess.run(  # noqa: S603 git itself, and no shell
            [git, *_SAFELY, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RevisionError(f"git did not answer within {SECONDS:.0f} seconds") from error
    except (OSError, ValueError) as error:
        raise RevisionError(f"git cannot be run: {str(error).lower()}") from error
    return done.stdout if done.returncode == 0 else None
