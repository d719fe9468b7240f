"""Reading specification files: the files asked for, those they import, and the library of theories.

A specification is not trusted with the file system: what it names must lie inside its workspace, which is the nearest
folder above it that holds ``.git`` or ``pyproject.toml``, else the current folder if it is above, else its own folder.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from checker import syntax
from checker.findings import Finding, finding
from checker.resources import library_folder
from checker.source import Source, Span
from checker.trees import Trees

MAX_BYTES = 1_000_000
MAX_FILES = 1_000
"""How many files are read in one run, those that others import included."""
MAX_BYTES_IN_ALL = 20_000_000
MAX_IMPORTS_DEEP = 50
TOO_LARGE = f"it is larger than {MAX_BYTES:,} bytes"
MAX_FOLDERS_DEEP = 100
"""How deep folders are searched."""
ENDING = ".case"
MARKERS = REPOSITORY, PROJECT = (".git", "pyproject.toml")
"""What stands in the folder that is the top of a workspace."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One file as read. ``name`` is how it is shown, ``path`` where it really is, ``digest`` the SHA-256 of its bytes.

    ``identity`` tells it from any other file by its bytes and those of everything it imports: two files with one
    identity mean the same. ``broken`` says that something in it, or in what it imports, could not be read, so that
    nothing in it is resolved.
    """

    name: str
    path: Path
    digest: str
    identity: str
    source: Source
    file: syntax.File
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> bool:
        return any(found.severity == "error" for found in self.findings)

    @property
    def folder(self) -> Path:
        return self.path.parent


@dataclass(frozen=True, slots=True)
class TheoryFound:
    """A theory, and the file it stands in."""

    unit: Unit
    module: syntax.Module


@dataclass(slots=True)
class Loader:
    """Reads each file once and remembers it. Files are known by their real path."""

    units: dict[Path, Unit] = field(default_factory=dict)
    trees: Trees = field(default_factory=Trees)
    workspaces: dict[Path, Path] = field(default_factory=dict)
    """That of each folder in which a file was read."""
    _open: list[Path] = field(default_factory=list)
    _targets: dict[tuple[Path, str], Path] = field(default_factory=dict)
    _files: int = 0
    _bytes: int = 0

    def load(self, path: Path, shown: str | None = None) -> Unit:
        """The file at ``path`` and, before it, everything that it imports. Never raises for bad input."""
        real = real_path(path)
        if real not in self.units:
            data = self._read(path)
            name = shown if shown is not None else path.as_posix()
            self.units[real] = self._unit(name, real, data)
        return self.units[real]

    def _read(self, path: Path) -> bytes | str:
        """The bytes of a file, or why there are none: it cannot be read, or enough has been read."""
        if self._files >= MAX_FILES:
            return f"{MAX_FILES:,} files have been read already, and no more are in one run"
        data = _read(path)
        self._files += 1
        if self._bytes + len(data) > MAX_BYTES_IN_ALL:
            return f"the files of this run are larger than {MAX_BYTES_IN_ALL:,} bytes in all"
        self._bytes += len(data)
        return data

    def load_text(self, text: str, name: str, folder: Path) -> Unit:
        """``text`` as if it stood in a file called ``name`` in ``folder``."""
        data = text.encode("utf-8", errors="surrogatepass")
        return self._unit(name, real_path(folder) / "<text>", data if len(data) <= MAX_BYTES else TOO_LARGE)

    def _unit(self, name: str, real: Path, data: bytes | str) -> Unit:
        if isinstance(data, str):
            problem = finding("unreadable", Span(name, 1, 1, 1, 1), about=name, why=data)
            return Unit(name, real, "", "", Source(name, ""), syntax.File((), ()), (problem,))
        text, findings = decode(name, data)
        parsed = self.trees.parse(text, name)
        findings += parsed.findings
        digest = sha256(data).hexdigest()
        if real.parent not in self.workspaces:
            self.workspaces[real.parent] = workspace(real)
        unit = Unit(name, real, digest, digest, Source(name, text), parsed.file, tuple(findings))
        self._open.append(real)
        try:
            more = [found for line in parsed.file.imports for found in self._import(unit, line)]
        finally:
            self._open.pop()
        parts = "".join(imported.identity for imported in self.imported(unit))
        identity = sha256((digest + parts).encode()).hexdigest() if parts else digest
        return replace(unit, identity=identity, findings=(*unit.findings, *more))

    def _import(self, unit: Unit, line: syntax.Import) -> Iterator[Finding]:
        real = self._target(unit, line)
        if not real.is_relative_to(self.workspaces[unit.folder]):
            yield finding("import-outside", line.span, about=line.path)
        elif not (line.path.endswith(ENDING) and real.name.endswith(ENDING)):
            yield finding("import-no-case", line.span, about=line.path)
        elif real in self._open:
            names = [p.name for p in self._open[self._open.index(real) :]]
            yield finding("circular-import", line.span, about=line.path, circle=" -> ".join([*names, real.name]))
        elif len(self._open) > MAX_IMPORTS_DEEP:
            yield finding("deep-import", line.span, about=line.path, limit=MAX_IMPORTS_DEEP)
        elif not is_file(real):
            yield finding("missing-import", line.span, about=line.path)
        elif self.load(real, _beside(unit.name, line.path)).broken:
            yield finding("broken-import", line.span, about=line.path)

    def _target(self, unit: Unit, line: syntax.Import) -> Path:
        """The file that an import means, found out once."""
        key = (unit.folder, line.path)
        if key not in self._targets:
            self._targets[key] = real_path(unit.folder / line.path)
        return self._targets[key]

    def imports(self) -> list[tuple[Path, Path]]:
        """Each file that was named to be imported, with where it really is."""
        return [(folder / name, real) for (folder, name), real in self._targets.items()]

    def imported(self, unit: Unit) -> list[Unit]:
        """The files that ``unit`` imports by itself, in order; what could not be read is left out."""
        reals = dict.fromkeys(self._target(unit, line) for line in unit.file.imports)
        return [self.units[real] for real in reals if real in self.units]

    def theories(self, unit: Unit, name: str) -> list[TheoryFound]:
        """All theories called ``name`` that ``unit`` sees: its own, those it imports, and the library's.

        Two of them from files of one identity are one: so a copy of the library may be checked as well.
        """
        found = [TheoryFound(u, m) for u in [unit, *self.imported(unit)] for m in u.file.modules if _is(m, name)]
        shelf = library_folder() / f"{name}{ENDING}"
        if name in library_names():
            library = self.load(shelf, f"specs/{shelf.name}")
            found += [TheoryFound(library, m) for m in library.file.modules if _is(m, name)]
        distinct: dict[object, TheoryFound] = {}
        for theory in found:
            distinct.setdefault((theory.unit.identity, theory.module.span.line, theory.module.span.column), theory)
        return list(distinct.values())

    def visible_theories(self, unit: Unit) -> list[str]:
        """The names of all theories that ``unit`` could use."""
        modules = [m for u in [unit, *self.imported(unit)] for m in u.file.modules]
        return sorted({m.name.text for m in modules if m.kind == "theory"} | set(library_names()))

    def bases(self, unit: Unit, name: str) -> list[TheoryFound]:
        """The cases and variants called ``name`` that ``unit`` sees."""
        return [
            TheoryFound(u, m)
            for u in [unit, *self.imported(unit)]
            for m in u.file.modules
            if m.kind != "theory" and m.name.text == name
        ]


def _is(module: syntax.Module, name: str) -> bool:
    return module.kind == "theory" and module.name.text == name


@cache
def library_names() -> frozenset[str]:
    """The names of the library's theories: each stands in a file of its name."""
    return frozenset(path.stem for path in library_folder().glob(f"*{ENDING}"))


def workspace(path: Path) -> Path:
    """The folder that the file at ``path`` (a real path) must not look out of."""
    for folder in path.parents:
        if (folder / REPOSITORY).exists() or (folder / PROJECT).is_file():
            return folder
    here = Path.cwd().resolve()
    return here if path.is_relative_to(here) else path.parent


def real_path(path: Path) -> Path:
    """Where a file really is, without links, whether or not it is there."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a circle of symbolic links, a name too long, a NUL in it
        return Path(os.path.normpath(path.absolute()))


def is_file(path: Path) -> bool:
    """Whether there is a regular file. A name that cannot be one, or a folder that may not be looked into, has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _leads_out(path: Path) -> bool:
    """Whether a file is a symbolic link that leads out of the workspace in which the link stands.

    Nobody who names a file, or a folder to be searched, of somebody else's repository means what lies elsewhere.
    """
    real = real_path(path)
    link = real_path(path.parent) / path.name
    return real != link and not real.is_relative_to(workspace(link))


def _beside(name: str, path: str) -> str:
    """How a file is shown that is imported as ``path`` by the one shown as ``name``."""
    return Path(os.path.normpath(Path(name).parent / path)).as_posix()


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened to be read. Raises ``OSError`` for what is none: a pipe or a device might never end."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "it is not a regular file")
    return stream


def _read(path: Path) -> bytes | str:
    """The bytes of a file, or why there are none."""
    try:
        if _leads_out(path):
            return "it is a link that leads out of its repository"
        if not path.is_file():
            return "it is not a regular file" if path.exists() else "there is no such file"
        with open_regular(path) as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or "it cannot be read").lower()
    return data if len(data) <= MAX_BYTES else TOO_LARGE


def read_text(path: Path, name: str) -> tuple[str, list[Finding]]:
    """The text of the file at ``path``, or no text and the finding that says why. No import is followed."""
    data = _read(path)
    return _refused(name, data) if isinstance(data, str) else decode(name, data)


def _refused(name: str, why: str) -> tuple[str, list[Finding]]:
    return "", [finding("unreadable", Span(name, 1, 1, 1, 1), about=name, why=why)]


def decode(name: str, data: bytes) -> tuple[str, list[Finding]]:
    """The text that these bytes are in UTF-8, or no text and the finding that says why."""
    if len(data) > MAX_BYTES:
        return _refused(name, TOO_LARGE)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        place = Span(name, line, column, line, column + 1)
        # What follows the first bad byte is not read: one clear finding is better than many about wreckage.
        return "", [finding("not-utf8", place, byte=f"0x{data[error.start]:02x}")]


def find_files(paths: Sequence[str | os.PathLike[str]]) -> tuple[list[Path], list[Finding]]:
    """The ``.case`` files that ``paths`` name: files themselves, and folders' files recursively, each once, in order.

    Hidden folders are passed over. A path that is not there, or that holds no such file, is a finding.
    """
    files: dict[Path, Path] = {}
    findings = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(_inside(path))
            if not inside:
                findings.append(finding("no-case-files", about=path.as_posix()))
            elif len(inside) > MAX_FILES:
                subject, what = f"`{path.as_posix()}`", f"`{ENDING}` files"
                findings.append(finding("too-many", subject=subject, limit=f"{MAX_FILES:,}", what=what))
        elif path.exists():
            inside = [path]
        else:
            inside = []
            findings.append(finding("no-such-path", about=path.as_posix()))
        for found in inside[:MAX_FILES]:
            files.setdefault(real_path(found), found)
    return list(files.values()), findings


def _inside(folder: Path) -> Iterator[Path]:
    """The files in a folder and its own folders, the hidden ones and links to folders aside; a few more than the limit.

    What may not be looked into holds nothing, as far as anybody can tell.
    """
    waiting = [(folder, 0)]
    count = 0
    while waiting and count <= MAX_FILES:
        where, depth = waiting.pop()
        try:
            entries = sorted(where.iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if depth < MAX_FOLDERS_DEEP and not entry.is_symlink() and entry.is_dir():
                waiting.append((entry, depth + 1))
            elif entry.name.endswith(ENDING) and is_file(entry):
                count += 1
                yield entry
