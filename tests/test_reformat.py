"""The canonical layout: nothing but blanks and line breaks changes, comments stay where they are, once is enough."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import printer, reformat, typeset
from checker.layout import WIDTH
from checker.parser import parse
from tests import syntax_strategies

ROOT = Path(__file__).parents[1]
FILES = [pytest.param(path, id=path.name) for path in sorted(chain(ROOT.glob("specs/*"), ROOT.glob("examples/*.case")))]
GOLDEN = ROOT / "tests" / "golden" / "layout"


def formatted(text: str) -> str:
    done = reformat.reformat(text, "x.case")
    assert done.findings == ()
    return done.text


def words(text: str) -> list[typeset.Word]:
    return list(reformat._lay_out(text).words)


def comments(text: str) -> list[tuple[str, int]]:
    """Each comment, and how many words stand before it."""
    found, end = [], 0
    for number, word in enumerate(words(text)):
        gap = text[end : word.start]
        found += [(line.strip(), number) for line in gap.split("\n") if line.strip()]
        end = word.end
    return found


def moved(text: str, again: str) -> set[str]:
    """The words that some comment passed. Fails if a comment is lost, changed, or passed by another one."""
    before, after = comments(text), comments(again)
    assert [comment for comment, _ in before] == [comment for comment, _ in after]
    written = [word.text for word in words(text)]
    passed = set()
    for (_, old), (_, new) in zip(before, after, strict=True):
        assert new >= old
        passed |= set(written[old:new])
    return passed


# -- properties --------------------------------------------------------------------------------------------------------

_GAPS = st.sampled_from(("", "", "", " ", "\n", "\n\n\n", "\t", "  # aside\n", "\n# above\n", "\n\n#below\n \n", "#\n"))


@st.composite
def texts(draw: st.DrawFn, gaps: st.SearchStrategy[str] = _GAPS) -> str:
    """A file that can be read, with random blanks, line breaks and comments between its words."""
    plain = printer.print_file(draw(syntax_strategies.files))
    pieces, end = [], 0
    for word in words(plain):
        needed = " " if word.start > end else ""
        drawn = draw(gaps)
        pieces += [drawn if drawn.strip(" ") else drawn or needed, word.text]
        end = word.end
    return "".join(pieces)


@given(texts())
@settings(max_examples=60)
def test_nothing_but_blanks_changes_and_once_is_enough(text: str) -> None:
    again = formatted(text)
    assert parse(again, "x.case").file == parse(text, "x.case").file
    assert [word.text for word in words(again)] == [word.text for word in words(text)]
    assert moved(text, again) <= {",", ")", ".", ":", ":="}
    assert formatted(again) == again


def outside_of_tables(text: str) -> str:
    """The text with no line breaks in its tables, where those of the author count."""
    pieces, end, table, before = [], 0, False, ""
    for word in words(text):
        gap = text[end : word.start]
        pieces += [gap.replace("\n", " ") if table else gap, word.text]
        table = word.text != "}" and (table or (before, word.text) == ("=", "{"))
        end, before = word.end, word.text
    return "".join(pieces)


@given(texts(st.sampled_from(("", " ", "\n", " \t\n"))))
@settings(max_examples=25)
def test_the_layout_does_not_depend_on_that_of_the_author(text: str) -> None:
    on_one_line = " ".join(word.text for word in words(text)).strip()
    assert formatted(outside_of_tables(text)) == formatted(on_one_line)


@given(texts())
@settings(max_examples=25)
def test_lines_end_with_their_last_character(text: str) -> None:
    again = formatted(text)
    assert again == "" or (again.endswith("\n") and not again.endswith("\n\n") and not again.startswith("\n"))
    assert all(line == line.rstrip(" \t") for line in again.split("\n") if "#" not in line and '"' not in line)
    assert "\n\n\n" not in again


@pytest.mark.parametrize("path", FILES)
def test_what_ships_is_laid_out_like_this(path: Path) -> None:
    text = path.read_text("utf-8")
    assert formatted(text) == text
    assert max(map(len, text.split("\n"))) <= WIDTH


# -- what it looks like ------------------------------------------------------------------------------------------------


def test_the_golden_file() -> None:
    messy = (GOLDEN / "messy.case").read_text("utf-8")
    assert formatted(messy) == (GOLDEN / "tidy.case").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("", ""),
        ("\n\n", ""),
        ("# alone", "# alone\n"),
        ("#one\n\n\n\n# two\n", "#one\n\n# two\n"),
        ('import   "a.case"\n\n\nimport "b.case"', 'import "a.case"\n\nimport "b.case"\n'),
        ("case c{}case d{}", "case c {\n}\n\ncase d {\n}\n"),
        ("# above\ncase c { } # behind", "# above\ncase c {\n}  # behind\n"),
        ("case c {\n\n # first\n\n # second\n\n}", "case c {\n  # first\n\n  # second\n}\n"),
        ("case c { scope { # why\n # not\n a 1 } }", "case c {\n  scope {  # why\n    # not\n    a 1\n  }\n}\n"),
        ("case c { scope { # empty\n } }", "case c {\n  scope {  # empty\n  }\n}\n"),
        ("case c { show (1)/2 show 1 / 2 show a/2 }", "case c {\n  show (1) / 2\n  show 1/2\n  show a / 2\n}\n"),
        ("case c { scope { a 1 } scope {} }", "case c {\n  scope { a 1 }\n  scope { }\n}\n"),
        ("case c { sort S = { a,\n b } }", "case c {\n  sort S = { a, b }\n}\n"),
        (
            f"case c {{ sort S = {{ a, {'a' * 60},\n b,\n\n {'b' * 50} }} }}",
            f"case c {{\n  sort S = {{\n    a, {'a' * 60},\n    b,\n    {'b' * 50}\n  }}\n}}\n",
        ),
        ("case c { show - - x }", "case c {\n  show --x\n}\n"),
        ("case c { show f (x ,y) }", "case c {\n  show f(x, y)\n}\n"),
        (
            "case c { axiom a : p # the one\n , # and the other\n q }".replace(", #", "and #"),
            "case c {\n  axiom a :\n    p  # the one\n    and  # and the other\n    q\n}\n",
        ),
        ("case c { drop a # the one\n , b }", "case c {\n  drop a,  # the one\n    b\n}\n"),
        (
            'case c { assume a "A." by e # study\n owner "o" }',
            'case c {\n  assume a "A."\n    by e  # study\n    owner "o"\n}\n',
        ),
    ],
)
def test_small_files(text: str, tidy: str) -> None:
    assert formatted(text) == tidy
    assert formatted(tidy) == tidy


def test_line_breaks_are_those_of_the_first_line() -> None:
    assert formatted("case c {\r\n}\n") == "case c {\r\n}\r\n"
    assert formatted("case c {\n}\r\n") == "case c {\n}\n"


def test_a_byte_order_mark_goes() -> None:
    assert formatted("\ufeffcase c { }") == "case c {\n}\n"


def test_what_cannot_be_read_is_left_alone() -> None:
    text = "case c {  sort  }\n"
    done = reformat.reformat(text, "x.case")
    assert done.text == text
    assert [found.span.line for found in done.findings] == [1]


def test_formulas_may_stand_in_very_many_parentheses() -> None:
    text = f"case c {{ axiom a : {'(' * 900}p{')' * 900} }}"
    again = formatted(text)
    assert formatted(again) == again


def test_long_chains_are_no_trouble() -> None:
    text = f"case c {{ axiom a : {' and '.join(['p'] * 3000)} }}"
    assert max(map(len, formatted(text).split("\n"))) <= WIDTH
