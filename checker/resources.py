"""The data that ships with the checker: its grammar, its library of theories, and the templates of its pages.

The first two are folders at the top of the repository. In an installed wheel they lie inside the package, under
``_data``. A checkout is looked at first: an editable install may leave a copy in the package that nobody keeps up to
date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def grammar_text() -> str:
    """The text of the Lark grammar of the case language. Raises ``FileNotFoundError`` if the installation is broken."""
    return (_folder("grammar") / "case.lark").read_text(encoding="utf-8")


def library_folder() -> Path:
    """The folder of the theories that ship with the checker. Raises ``FileNotFoundError`` as above."""
    return _folder("specs")


def template_text(name: str) -> str:
    """A template of a page, or what goes into one. Raises ``FileNotFoundError`` as above."""
    return (_PACKAGE / "templates" / name).read_text(encoding="utf-8")


def _folder(name: Literal["grammar", "specs"]) -> Path:
    for parent, is_ours in ((_PACKAGE.parent, _is_checkout), (_PACKAGE / "_data", Path.is_dir)):
        if is_ours(parent) and (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"the folder '{name}' of safety-case-checker is missing; please install it again")


def _is_checkout(folder: Path) -> bool:
    """Whether the folder holds this project. Beside an installed package lie other people's folders, of any name."""
    return (folder / "grammar" / "case.lark").is_file() and (folder / "specs").is_dir()
