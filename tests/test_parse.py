"""Reading: the grammar, the trees and the places, and that no text whatsoever makes the parser fail."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import grammar, resources, syntax
from checker.build import MAX_DIGITS, MAX_LEVELS, Builder, nests_deeper
from checker.cache_folder import cache_folder
from checker.parser import MAX_ERRORS, Parsed, parse
from checker.source import Source, Span

EXAMPLE = (Path(__file__).parent / "golden" / "example.case").read_text(encoding="utf-8")


def expression(text: str) -> syntax.Expr:
    """The tree of a formula or term."""
    parsed = parse(f"case c {{ show {text}\n}}", "expression.case")
    assert parsed.findings == (), text
    match parsed.file.modules[0].body:
        case (syntax.ShowDecl(term),):
            return term
        case other:
            raise AssertionError(other)


def codes(text: str) -> list[str]:
    return [found.code for found in parse(text, "text.case").findings]


def nodes(item: Any) -> Iterator[syntax.Node]:
    """All nodes of a tree, whatever their kind."""
    if isinstance(item, syntax.Node):
        yield item
        for field in fields(item):
            yield from nodes(getattr(item, field.name))
    elif isinstance(item, tuple):
        for part in item:
            yield from nodes(part)


def cut(source: Source, span: Span) -> str:
    """The text at a span of one line."""
    assert span.line == span.end_line
    return source.line(span.line)[span.column - 1 : span.end_column - 1]


# -- the grammar -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parser() -> Any:
    return grammar.load_parser(Builder())


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    """Lark reports reduce/reduce conflicts by itself, and settles shift/reduce conflicts with no more than a log."""
    from lark import Lark, logger

    def build(text: str) -> list[str]:
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="lark"):
            Lark(text, parser="lalr", lexer="contextual", start="file", debug=True)
        return [record.getMessage() for record in caplog.records if "conflict" in record.getMessage().lower()]

    before = logger.level
    try:
        assert build(resources.grammar_text()) == []
        assert build('file: x\nx: "a" | x "b" x\n') != [], "the log no longer tells of conflicts"
    finally:
        logger.setLevel(before)


def test_keys_are_recognised_only_where_nothing_else_but_a_brace_can_stand(parser: Any) -> None:
    """Elsewhere a key would hide names and reserved words."""
    states = parser.parser.parser._parse_table.states.values()
    with_keys = [{kind for kind in kinds if kind.isupper()} for kinds in states if "KEY" in kinds]
    assert with_keys
    assert all(kinds <= {"KEY", "RBRACE", "STRING", "DATE", "NUMBER"} for kinds in with_keys)


def words(parser: Any) -> list[str]:
    """The reserved words, as Lark sees them."""
    strings = [terminal.pattern.value for terminal in parser.terminals if terminal.pattern.type == "str"]
    found = [string for string in strings if string.isalpha()]
    assert set(found) == grammar.reserved_words()
    return found


def test_all_terminals_are_recognised_everywhere(parser: Any) -> None:
    named = set(grammar.terminal_names(resources.grammar_text()))
    assert {terminal.name for terminal in parser.terminals} == named
    assert all(terminal.name == terminal.pattern.value.upper() for terminal in parser.terminals if is_word(terminal))


def is_word(terminal: Any) -> bool:
    return bool(terminal.pattern.type == "str" and terminal.pattern.value.isalpha())


def test_every_reserved_word_is_refused_as_a_name(parser: Any) -> None:
    reserved = words(parser)
    assert {"claim", "forall", "all", "from", "unit", "independent"} <= set(reserved)
    for word in reserved:
        expected = "reserved-for-later" if word in ("from", "unit", "independent") else "reserved-word"
        assert codes(f"case c {{ predicate {word} }}") == [expected], word
        assert codes(f"case c {{ predicate p({word}: S) }}") == [expected], word
        assert codes(f"case {word} {{ }}") == [expected], word
        assert codes(f"case c {{ show {word}(x) }}")[:1] == ([expected] if word not in OPENING else codes_of(word)), (
            word
        )


OPENING = ("not", "if", "forall", "exists", "count", "sum", "true", "false")
"""Words that may well stand before a parenthesis."""


def codes_of(word: str) -> list[str]:
    return [] if word == "not" else ["syntax"]


def test_every_reserved_word_can_begin_a_name_and_be_a_key(parser: Any) -> None:
    for word in words(parser):
        assert codes(f"case c {{ predicate {word}x predicate {word}_ sort {word.title()} }}") == [], word
        assert codes(f'case c {{ scope {{ {word} "x" }} }}') == [], word


# -- trees -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("p or q and r", "p or (q and r)"),
        ("p and q or r and s", "(p and q) or (r and s)"),
        ("p implies q implies r", "p implies (q implies r)"),
        ("p or q implies r", "(p or q) implies r"),
        ("p implies q iff r implies s", "(p implies q) iff (r implies s)"),
        ("not p and q", "(not p) and q"),
        ("not a = b", "not (a = b)"),
        ("not forall x: S. p and q", "not (forall x: S. (p and q))"),
        ("p and forall x: S. q or r", "p and (forall x: S. (q or r))"),
        ("p implies exists x: S. q iff r", "p implies (exists x: S. (q iff r))"),
        ("forall x: S. p implies exists y: T. q and r", "forall x: S. (p implies (exists y: T. (q and r)))"),
        ("a + b * c", "a + (b * c)"),
        ("a - b + c = d", "(a - b + c) = d"),
        ("- a * b", "(-a) * b"),
        ("a * - b", "a * (-b)"),
        ("a < b and c < d", "(a < b) and (c < d)"),
        ("count x: S. p(x) + 1", "(count x: S. p(x)) + 1"),
        ("sum x: S. f(x) * 2", "(sum x: S. f(x)) * 2"),
        ("if p and q then a + b else c + d", "(if (p and q) then (a + b) else c) + d"),
        ("if p then a else if q then b else c", "if p then a else (if q then b else c)"),
        ("count x: S. count y: S. p(x, y)", "count x: S. (count y: S. p(x, y))"),
        ("f(a, forall x: S. p, b)", "f(a, (forall x: S. p), b)"),
        ("((p))", "p"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    assert expression(text) == expression(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("p and q and r", "(p and q) and r"),
        ("p and q and r", "p and (q and r)"),
        ("a - b - c", "a - (b - c)"),
        ("a / b / c", "a / (b / c)"),
        ("a < b < c", "(a < b) < c"),
        ("p implies q implies r", "(p implies q) implies r"),
        ("(forall x: S. p) and q", "forall x: S. p and q"),
        ("count x: S. p(x) + 1", "count x: S. (p(x) + 1)"),
    ],
)
def test_parentheses_that_matter(text: str, other: str) -> None:
    assert expression(text) != expression(other)


def test_operators_of_one_level_are_flat() -> None:
    a, b, c = map(syntax.Name, "abc")
    assert expression("a - b + c") == syntax.Infix(("-", "+"), (a, b, c))
    assert expression("a and b and c") == syntax.Infix(("and", "and"), (a, b, c))
    assert expression("a <= b = c") == syntax.Infix(("<=", "="), (a, b, c))
    assert expression("a and b and forall x: S. c") == syntax.Infix(
        ("and", "and"),
        (a, b, syntax.Quantified("forall", (syntax.Binder((syntax.Ident("x"),), syntax.Ident("S")),), c)),
    )


def test_ten_thousand_operands_are_fine_and_flat() -> None:
    conjunction = expression(" and ".join(["p"] * 10_000))
    assert isinstance(conjunction, syntax.Infix)
    assert len(conjunction.operands) == 10_000


@pytest.mark.parametrize("text", ["forall s: S. p(s)", "forall s: S.p(s)", "forall s : S .p(s)"])
def test_the_dot_of_a_quantifier_needs_no_blank(text: str) -> None:
    x, p = syntax.Ident("s"), syntax.Call(syntax.Ident("p"), (syntax.Name("s"),))
    assert expression(text) == syntax.Quantified("forall", (syntax.Binder((x,), syntax.Ident("S")),), p)


def test_qualified_names() -> None:
    binder = syntax.Binder((syntax.Ident("x"),), syntax.Ident("ev.inner.Step"))
    body = syntax.Call(syntax.Ident("ev.inner.p"), (syntax.Name("a.b"),))
    for text in ("forall x: ev.inner.Step. ev.inner.p(a.b)", "forall x: ev.inner.Step.ev.inner.p(a.b)"):
        assert expression(text) == syntax.Quantified("forall", (binder,), body)


@pytest.mark.parametrize("text", ["12", "0.5", "2%", "0.5%", "007", "9" * MAX_DIGITS])
def test_numbers_keep_their_digits(text: str) -> None:
    assert expression(text) == syntax.Number(text)


def test_dates_are_no_subtractions() -> None:
    assert expression("2026-10-01") == syntax.DateLiteral("2026-10-01")
    numbers = syntax.Number("2026"), syntax.Number("10"), syntax.Number("01")
    assert expression("2026 - 10 - 01") == syntax.Infix(("-", "-"), numbers)


def test_texts_are_unescaped() -> None:
    parsed = parse(r'case c { source "a \"b\" \\n \n\t# no comment" }', "text.case")
    assert parsed.file.modules[0].body == (syntax.SourceDecl('a "b" \\n \n\t# no comment'),)


def test_things_that_roles_are_mapped_to() -> None:
    parsed = parse("case c { use t as u with S = a.T, D = Int, p = true, *, c = 1 + f(x), b.q = r }", "text.case")
    (use,) = parsed.file.modules[0].body
    assert isinstance(use, syntax.UseDecl)
    assert use.star
    assert [(mapping.role.text, type(mapping.thing)) for mapping in use.mappings] == [
        ("S", syntax.Ident),
        ("D", syntax.Ident),
        ("p", syntax.Truth),
        ("c", syntax.Infix),
        ("b.q", syntax.Name),
    ]


def test_tables() -> None:
    text = "predicate p(x: S) = { a, (b) } predicate q(x: S) = { } function f(x: S, y: S): Real = { (a, b): 2/5 }"
    p, q, f = parse(f"theory t {{ {text} }}", "text.case").file.modules[0].body
    assert isinstance(p, syntax.PredicateDecl)
    assert isinstance(q, syntax.PredicateDecl)
    assert isinstance(f, syntax.FunctionDecl)
    a, b = syntax.Ident("a"), syntax.Ident("b")
    assert p.rows == (syntax.Row((a,)), syntax.Row((b,)))
    assert q.rows == ()
    fraction = syntax.Infix(("/",), (syntax.Number("2"), syntax.Number("5")))
    assert f.rows == (syntax.FunctionRow((a, b), fraction),)


def test_files() -> None:
    parsed = parse('import "a.case"\nimport "b.case"\nvariant v of c "doc" {\n  drop a, b.c\n}', "text.case")
    assert parsed.findings == ()
    dropped = syntax.DropDecl((syntax.Ident("a"), syntax.Ident("b.c")))
    assert parsed.file == syntax.File(
        (syntax.Import("a.case"), syntax.Import("b.case")),
        (syntax.Module("variant", syntax.Ident("v"), syntax.Ident("c"), "doc", (dropped,)),),
    )


@pytest.mark.parametrize("text", ["", "\n", "# a comment", "# one\n\n\t# two\r\n", "\ufeff", "\ufeff# with a mark"])
def test_files_with_nothing_in_them(text: str) -> None:
    assert parse(text, "text.case") == Parsed(syntax.File((), ()), ())


def test_line_breaks_of_all_systems_and_a_byte_order_mark() -> None:
    assert parse("\ufeff" + EXAMPLE.replace("\n", "\r\n"), "example.case") == parse(EXAMPLE, "example.case")


# -- places ----------------------------------------------------------------------------------------------------------


def test_every_name_stands_where_its_place_says() -> None:
    source = Source("example.case", EXAMPLE)
    seen = 0
    for node in nodes(parse(EXAMPLE, "example.case").file):
        assert node.span.file == "example.case"
        assert (node.span.line, node.span.column) < (node.span.end_line, node.span.end_column)
        if isinstance(node, syntax.Ident | syntax.Name | syntax.DateLiteral):
            assert cut(source, node.span) == node.text
            seen += 1
    assert seen > 150


def test_parts_lie_within_the_whole_and_in_order() -> None:
    for node in nodes(parse(EXAMPLE, "example.case").file):
        for part in nodes(tuple(getattr(node, field.name) for field in fields(node))):
            assert (node.span.line, node.span.column) <= (part.span.line, part.span.column)
            assert (part.span.end_line, part.span.end_column) <= (node.span.end_line, node.span.end_column)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a + b", "a + b"),
        ("(a + b) * c", "(a + b) * c"),
        ("not p", "not p"),
        ("f(x, (y))", "f(x, (y))"),
        ("(((p)))", "(((p)))"),
        ("forall x: S. p(x) and q", "forall x: S. p(x) and q"),
        ("if p then a else (b)", "if p then a else (b)"),
    ],
)
def test_places_of_expressions(text: str, place: str) -> None:
    source = Source("expression.case", f"case c {{ show {text}\n}}")
    assert cut(source, expression(text).span) == place


def test_the_place_of_a_declaration_goes_from_its_keyword_to_its_last_clause() -> None:
    text = '\n\nclaim c "doc" : p by a, b because "x" { id "y" }  # comment\n\n'
    (claim,) = parse(f"case c {{{text}}}", "text.case").file.modules[0].body
    assert claim.span == Span("text.case", 3, 1, 3, 49)


# -- what is no specification ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("show 2026-02-30", "no-such-day"),
        ("show 0000-01-01", "no-such-day"),
        ('scope { a "x" a "y" }', "duplicate-key"),
        ("use t with *, a = b, *", "duplicate-star"),
        ("show a < b > c", "comparison-chain"),
        ("show a != b != c", "comparison-chain"),
        ("show a = b != c", "comparison-chain"),
        ("show P(p)", "reserved-for-later"),
        ("show P(p | q) >= 2%", "reserved-for-later"),
        ("show " + "9" * (MAX_DIGITS + 1), "number-too-long"),
        ("show 0." + "9" * MAX_DIGITS, "number-too-long"),
        ("show a\0b", "control-character"),
        ('source "\u202e"', "control-character"),
        ("# comment \r show p", "control-character"),
    ],
)
def test_refused(text: str, code: str) -> None:
    assert code in codes(f"case c {{\n{text}\n}}")


@pytest.mark.parametrize("chain", ["a = b = c", "a < b <= c = d", "a > b >= c = d", "0 <= p <= 1", "a != b"])
def test_chains_that_go_one_way(chain: str) -> None:
    assert codes(f"case c {{ show {chain} }}") == []


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("not ", ""),
        ("-", ""),
        ("f(", ")"),
        ("p implies ", ""),
        ("forall x: S. ", ""),
        ("count x: S. ", ""),
        ("if p then a else ", ""),
        ("p and (q or ", ")"),
    ],
)
def test_formulas_nest_up_to_a_limit(begin: str, end: str) -> None:
    levels_each = 2 if "and" in begin else 1
    count = (MAX_LEVELS - 1) // levels_each
    allowed = expression(begin * count + "x" + end * count)
    assert not nests_deeper(allowed, MAX_LEVELS)
    assert nests_deeper(allowed, MAX_LEVELS - levels_each)
    count += 1
    text = f"case c {{\n  axiom a : {begin * count} x {end * count}\n  sort S\n}}"
    parsed = parse(text, "text.case")
    assert [found.code for found in parsed.findings] == ["too-deep"]
    assert parsed.file.modules[0].body == (syntax.SortDecl(syntax.Ident("S"), None, None),)


def test_parentheses_cost_no_depth() -> None:
    assert expression("(" * 500 + "p" + ")" * 500) == syntax.Name("p")


MANY = 100_000
HUGE = {
    "parentheses": "(" * MANY + "p" + ")" * MANY,
    "open parentheses": "(" * MANY,
    "closed parentheses": ")" * MANY,
    "not": "not " * MANY + "p",
    "minus": "-" * MANY + "1",
    "if": "if " * MANY,
    "else": "if a then b else " * MANY + "c",
    "then": "if a then (" * MANY + "c",
    "implies": "p implies " * MANY + "p",
    "applications": "f(" * MANY + "x" + ")" * MANY,
    "quantifiers": "forall x: S. " * MANY + "p",
    "braces": "{" * MANY,
    "closed braces": "}" * MANY,
    "texts": '"' * MANY,
    "unclosed texts": '"\n' * MANY,
    "long text": '"' + "a\\n" * MANY,
    "long number": "1" * 1_000_000,
    "long nothing": " " * 1_000_000,
    "arrows": "=>" * MANY,
    "keywords": "sort " * MANY,
    "claims": "\nclaim" * MANY,
    "modules": "case c {\n" * 10_000,
    "commas": "," * MANY,
    "dots": "a." * MANY,
    "invisible": "\0" * MANY,
    "surrogates": "\ud800" * MANY,
    "strange": "\u2200" * MANY,
    "comments": "#" * MANY,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_huge_texts_are_refused_in_time(text: str) -> None:
    harmless = not text.strip(" #")
    for around in ("{}", "case c {{ show {}\n sort S }}", "theory t {{ {} }}"):
        parsed = parse(around.format(text), "huge.case")
        assert (0 if harmless else 1) <= len(parsed.findings) <= MAX_ERRORS + 1


def test_very_long_lines_are_read() -> None:
    assert codes("case c { show " + "q" * 1_000_000 + " }") == ["name-too-long"]
    assert codes("case c { show " + "p and " * 50_000 + "q }") == []


def test_at_most_so_many_errors_are_reported() -> None:
    found = parse("case c {\n" + "sort s\n" * 50 + "}", "text.case").findings
    assert [item.code for item in found] == ["malformed-name"] * MAX_ERRORS + ["more-syntax-errors"]


TOKENS = st.sampled_from(
    sorted(
        {*EXAMPLE.split(), "(", ")", "{", "}", ",", ".", ":", ":=", "=", "<", "!=", "-", "*", "/", '"', "'", ";", "=>"}
        | {"\n", "0.5", "2%", "P(", "if", "then", "else", "not", "iff", "count", "sum", "variant", "of", "import", "\\"}
    )
)


@given(st.lists(TOKENS, max_size=40).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_words_breaks_the_parser(text: str) -> None:
    for before in ("", "case c {\n", "theory t { axiom a : "):
        check_parsed(before + text)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("utf-8", "surrogateescape")))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_parser(text: str) -> None:
    for before in ("", "case c {\n", 'theory t { source "'):
        check_parsed(before + text)


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 30), st.text(max_size=5) | TOKENS)
@settings(max_examples=300, deadline=None)
def test_no_edit_of_the_example_breaks_the_parser(start: int, length: int, text: str) -> None:
    check_parsed(EXAMPLE[:start] + text + EXAMPLE[start + length :])


def check_parsed(text: str) -> None:
    """Whatever was read, its findings have places in the text, and it is a tree that prints and reads back."""
    from checker.printer import print_file

    parsed = parse(text, "text.case")
    lines = text.removeprefix("\ufeff").split("\n")
    for found in parsed.findings:
        assert found.message
        assert 1 <= found.span.line <= found.span.end_line <= len(lines)
        assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1
        assert 1 <= found.span.end_column <= len(lines[found.span.end_line - 1]) + 1
    if not parsed.findings:
        assert parse(print_file(parsed.file), "text.case") == parsed


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"case c{n} {{\n  sort S{n}\n  sort bad\n}}\n" * 5 for n in range(8)] * 5
    alone = [parse(text, f"{n}.case") for n, text in enumerate(texts)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(parse, texts, [f"{n}.case" for n in range(len(texts))]))
    assert together == alone
    assert [found.span for parsed in together for found in parsed.findings] == [
        found.span for parsed in alone for found in parsed.findings
    ]


# -- start-up and cache ----------------------------------------------------------------------------------------------


def test_importing_the_parser_does_not_load_lark() -> None:
    program = "import sys, checker.parser; raise SystemExit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the cache goes to."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "safety-case-checker"


def loaded_from_cache() -> bool:
    parser = grammar.load_parser(Builder())
    assert parser.parse("case c { }") == parse("case c { }", "").file
    return str(parser.source_path) == "<deserialized>"


needs_owners = pytest.mark.skipif(not hasattr(os, "getuid"), reason="without owners and modes nothing is cached")


@needs_owners
def test_the_cache_is_written_once_and_read_from_then_on(cache: Path) -> None:
    assert not loaded_from_cache()
    (file,) = cache.iterdir()
    assert cache.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert loaded_from_cache()
    assert file.read_bytes() == content


@needs_owners
@pytest.mark.parametrize("damage", [b"", b"\x80\x05.", None])
def test_a_damaged_cache_is_replaced(cache: Path, damage: bytes | None) -> None:
    assert not loaded_from_cache()
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:-1000] if damage is None else damage)
    assert not loaded_from_cache()
    assert loaded_from_cache()


class _Trap:
    """A pickle of this leaves a file behind when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@needs_owners
def test_a_cache_that_others_can_write_is_not_read(cache: Path, tmp_path: Path) -> None:
    import hashlib

    assert not loaded_from_cache()
    (file,) = cache.iterdir()
    sprung = tmp_path / "sprung"
    trap = b"x\n" + pickle.dumps(_Trap(sprung))
    file.write_bytes(trap + hashlib.sha256(trap).digest())
    file.chmod(0o666)
    assert not loaded_from_cache()
    assert not sprung.exists()
    file.write_bytes(trap + hashlib.sha256(trap).digest())
    cache.chmod(0o777)
    assert not loaded_from_cache()
    assert not sprung.exists()
    cache.chmod(0o700)
    assert not loaded_from_cache()
    assert sprung.exists(), "the trap does not work, so nothing was tested"


@needs_owners
def test_a_folder_behind_a_link_is_not_used(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    cache.symlink_to(tmp_path / "elsewhere")
    assert cache_folder() is None


@pytest.mark.parametrize("where", ["file", "relative"])
def test_without_a_usable_folder_nothing_is_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file") if where == "file" else "relative")
    assert cache_folder() is None
    assert not loaded_from_cache()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# -- resources -------------------------------------------------------------------------------------------------------


def test_resources_of_a_checkout() -> None:
    assert resources.library_folder() == Path(__file__).parents[1] / "specs"
    assert "// The case language" in resources.grammar_text()


def test_resources_of_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "checker"
    (package / "_data" / "grammar").mkdir(parents=True)
    (package / "_data" / "specs").mkdir()
    (package / "_data" / "grammar" / "case.lark").write_text("installed", encoding="utf-8")
    (package.parent / "grammar").mkdir()  # another package's folder
    (package.parent / "specs").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.grammar_text() == "installed"
    assert resources.library_folder() == package / "_data" / "specs"


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "checker")
    with pytest.raises(FileNotFoundError, match="install it again"):
        resources.library_folder()
