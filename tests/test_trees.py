"""Trees that are kept: the same tree as the parser's, places included, and only what changed is parsed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from checker import syntax, trees
from checker.kept import Kept
from checker.load import Loader
from checker.parser import Parsed, parse
from checker.printer import print_file
from checker.resources import library_folder
from checker.trees import Trees, read, written
from tests import syntax_strategies as strategies
from tests.test_docs import PACKAGE, imported

EXAMPLES = Path(__file__).parent.parent / "examples"
SHIPPED = sorted([*library_folder().glob("*.case"), *EXAMPLES.glob("*.case")])

SMALL = "case small {\n  predicate p  # the only one\n  assume a : p\n  goal g : p by a\n}\n"
"""With a comment, which is no part of the tree."""


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_recent", {})


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    opened = Kept(tmp_path / "kept.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that the parser is asked to read."""
    names: list[str] = []

    def noted(text: str, name: str) -> Parsed:
        names.append(name)
        return parse(text, name)

    monkeypatch.setattr(trees, "parse", noted)
    return names


def places(part: object) -> object:
    """A tree as nested lists, with all that comparing two trees leaves out."""
    if isinstance(part, syntax.Node):
        names: tuple[str, ...] = type(part).__match_args__
        parts = [places(getattr(part, name)) for name in names]
        return [type(part).__name__, part.span, *parts]
    if isinstance(part, tuple):
        return [places(one) for one in part]
    return part


def assert_same(found: syntax.File | None, file: syntax.File) -> None:
    assert found == file
    assert places(found) == places(file)


# -- the same tree -----------------------------------------------------------------------------------------------------


@given(strategies.files)
@settings(max_examples=100, deadline=None)
def test_a_tree_comes_back_with_all_its_places(file: syntax.File) -> None:
    tree = parse(print_file(file), "any.case").file
    assert_same(read(written(tree), "any.case"), tree)


@given(strategies.files)
@settings(max_examples=50, deadline=None)
def test_so_does_one_that_stands_nowhere(file: syntax.File) -> None:
    assert_same(read(written(file), "any.case"), file)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_so_do_those_of_real_files(path: Path) -> None:
    tree = parse(path.read_text("utf-8"), path.name).file
    assert_same(read(written(tree), path.name), tree)


def test_it_is_of_the_file_that_was_asked_for() -> None:
    found = read(written(parse(SMALL, "old.case").file), "new.case")
    assert found is not None
    assert_same(found, parse(SMALL, "new.case").file)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "null", "[]", "7", '"case"', "{}", "[0]", "[0,1,1,1,1]", "[999,1,1,1,1,[],[]]", "[" * 100_000],
)
def test_what_says_no_tree_is_none(text: str) -> None:
    assert read(text, "any.case") is None


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_what_was_read_is_not_parsed_again(kept: Kept, parsed: list[str]) -> None:
    first = Trees(kept).parse(SMALL, "one.case")
    trees._recent.clear()
    kept.close()
    again = Kept(kept.path)
    found = Trees(again).parse(SMALL, "two.case")
    again.close()
    assert parsed == ["one.case"]
    assert found == first
    assert_same(found.file, parse(SMALL, "two.case").file)


def test_only_what_changed_is_parsed(tmp_path: Path, kept: Kept, parsed: list[str]) -> None:
    for name in "abc":
        (tmp_path / f"{name}.case").write_text(SMALL.replace("small", name))
    for _ in range(2):
        loader = Loader(trees=Trees(kept))
        for name in "abc":
            assert not loader.load(tmp_path / f"{name}.case", f"{name}.case").broken
        kept._write()
        trees._recent.clear()
        (tmp_path / "b.case").write_text(SMALL.replace("small", "other"))
    assert parsed == ["a.case", "b.case", "c.case", "b.case"]


def test_the_next_run_of_a_process_has_what_is_at_hand(parsed: list[str]) -> None:
    for _ in range(3):
        Trees().parse(SMALL, "one.case")
    assert parsed == ["one.case"]


def test_only_so_much_is_at_hand(parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_RECENT", 2)
    monkeypatch.setattr(trees, "MOST_AT_HAND", len(SMALL))
    for name in ("a", "b", "c", "c", "b", "a"):
        Trees().parse(SMALL, name)
    assert parsed == ["a", "b", "c", "a"]
    for _ in range(2):
        Trees().parse(SMALL + "\n", "large")
    assert parsed[4:] == ["large", "large"]


def test_what_is_no_specification_is_not_kept(kept: Kept, parsed: list[str]) -> None:
    for _ in range(2):
        assert Trees(kept).parse("case {", "bad.case").findings
        kept._write()
        trees._recent.clear()
    assert parsed == ["bad.case", "bad.case"]
    assert kept.is_empty


def test_another_way_of_reading_has_other_keys(kept: Kept, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Trees(kept).parse(SMALL, "one.case")
    kept._write()
    trees._recent.clear()
    monkeypatch.setattr(trees, "fingerprint", lambda: b"another")
    Trees(kept).parse(SMALL, "one.case")
    assert parsed == ["one.case", "one.case"]


def test_everything_that_reads_is_in_the_fingerprint() -> None:
    """What reads is what the parser is made of, but for the words of findings: no tree with a finding is kept."""
    waiting, needed = ["parser.py", "trees.py"], set[str]()
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            waiting += imported(PACKAGE / path)
    words = {"codes.py", "declaration_errors.py", "findings.py", "misspellings.py", "syntax_errors.py", "wording.py"}
    files = {"cache_folder.py", "resources.py"}
    assert needed - words - files == {f"{name}.py" for name in trees._READING}


def test_a_run_that_finds_all_trees_loads_no_parser(tmp_path: Path) -> None:
    (tmp_path / "small.case").write_text(SMALL)
    call = (
        "import sys, checker\n"
        "report = checker.check('small.case', cache='kept.sqlite3', strict=len(sys.argv) > 1)\n"
        "print(report.exit_status, 'lark' in sys.modules)\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", call, *more], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
        ).stdout
        for more in ([], ["strict"])
    ]
    assert [output.split()[1] for output in outputs] == ["True", "False"]
