"""The parser that Lark generates from the grammar, and its cache on disk.

Generating the tables takes about 0.1 s, loading them from the cache a third of that. The cache is a pickle, and reading
a pickle can run code, so only a file is read that nobody but the user could have written.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cache_folder import cache_folder, only_our_file
from checker.resources import grammar_text

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.lexer import BasicLexer

_TERMINAL = re.compile(r"^([A-Z_]+)(?:\.\d+)?:", re.MULTILINE)
_WORD = re.compile(r'^[A-Z]+: "([a-z]+)"$', re.MULTILINE)
_DIGEST_SIZE = hashlib.sha256().digest_size


def load_parser(transformer: object) -> Lark:
    """An LALR parser of the case language that calls the methods of ``transformer``, named as in the grammar."""
    text = grammar_text()
    folder = cache_folder()
    if folder is None:
        return _build(text, transformer, store=None)
    path = Path(folder, _cache_name(text))
    if not _is_intact(path):
        try:
            return _build_and_save(text, transformer, path)
        except OSError:
            return _build(text, transformer, store=None)
    return _build(text, transformer, store=path)


def terminal_names(grammar: str) -> tuple[str, ...]:
    """The names of all terminals that the grammar defines, in its order."""
    return tuple(_TERMINAL.findall(grammar))


@cache
def reserved_words() -> frozenset[str]:
    """The words that cannot be names."""
    return frozenset(_WORD.findall(grammar_text()))


class _Everywhere:
    """What Lark calls a post-lexer; this one changes no token.

    It is here to make the contextual lexer recognise every terminal in every state, except for the keys of blocks,
    which look like names and reserved words. So a misplaced reserved word is still read as that word, and never as a
    name, or as the beginning of one.
    """

    def __init__(self, grammar: str) -> None:
        self.always_accept = tuple(name for name in terminal_names(grammar) if name != "KEY")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


class _CachePath(str):
    """A path that Lark may write its tables to.

    Lark seals them with a hash over all its options, ``str()`` of this one included. The draft of a cache file has to
    get the seal of the file that it is going to be.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return "cache"


def _build(text: str, transformer: object, store: Path | None) -> Lark:
    from lark import Lark

    parser = Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start="file",
        keep_all_tokens=True,
        maybe_placeholders=False,
        postlex=_Everywhere(text),
        transformer=transformer,
        cache=False if store is None else _CachePath(store),
    )
    _share_lexers(parser.parser.lexer.lexer.lexers)
    return parser


def _share_lexers(lexers: dict[int, BasicLexer]) -> None:
    """Let all states that recognise the same terminals use one lexer: each compiles its expressions at first use."""
    shared: dict[frozenset[str], BasicLexer] = {}
    for state, lexer in lexers.items():
        lexers[state] = shared.setdefault(frozenset(terminal.name for terminal in lexer.terminals), lexer)


# ---------------------------------------------------------------------------------------------------------------------
# The cache.


def _cache_name(text: str) -> str:
    import lark

    python = ".".join(map(str, sys.version_info[:3]))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"grammar-{digest}-lark-{lark.__version__}-{sys.implementation.name}-{python}"


def _is_intact(path: Path) -> bool:
    """Whether the file is ours alone and ends with the digest of what stands before it."""
    try:
        content = path.read_bytes() if only_our_file(str(path)) else b""
    except OSError:
        return False
    body, digest = content[:-_DIGEST_SIZE], content[-_DIGEST_SIZE:]
    return hashlib.sha256(body).digest() == digest


def _build_and_save(text: str, transformer: object, path: Path) -> Lark:
    """Have Lark write its cache beside ``path``, seal it with its digest, and move it there in one step.

    Raises ``OSError`` where that is impossible.
    """
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    os.close(descriptor)
    draft = Path(name)
    try:
        draft.unlink()  # an empty file would be taken for a broken cache
        parser = _build(text, transformer, store=draft)
        content = draft.read_bytes()
        with draft.open("ab") as file:
            file.write(hashlib.sha256(content).digest())  # Lark reads no further than its own end mark
        draft.chmod(0o600)
        draft.replace(path)
        return parser
    finally:
        draft.unlink(missing_ok=True)
