"""Where things are for other programs: files seen from the root of the workspace, whatever folder a run starts in."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that shown names of files lead from, and the root of the workspace, both absolute, with ``/``."""

    here: str = "/"
    root: str = "/"

    def inside(self, file: str) -> str | None:
        """The path of a file from the root; None for one outside of it."""
        path = posixpath.normpath(posixpath.join(self.here, file))
        root = posixpath.normpath(self.root).rstrip("/") + "/"
        return path[len(root) :] if path.startswith(root) and path != root else None

    def absolute(self, file: str) -> str:
        """The whole path of a file."""
        return posixpath.normpath(posixpath.join(self.here, file))


def uri(path: str) -> str:
    """A path as a URI, or as a part of one that is relative: everything but letters, digits and ``-._~/`` encoded."""
    return quote(path.encode("utf-8", "surrogateescape" if _is_escaped(path) else "surrogatepass"), safe="/")


def _is_escaped(path: str) -> bool:
    """Whether the odd characters of a path are bytes of its name that are no UTF-8."""
    return all("\udc80" <= char <= "\udcff" for char in path if "\ud800" <= char <= "\udfff")
