"""Printing: what is printed reads back as the same tree, has no parenthesis too many, and keeps to the lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from checker import syntax
from checker.parser import parse
from checker.printer import WIDTH, print_declaration, print_expr, print_file, quote
from checker.resources import library_folder
from tests import syntax_strategies as strategies
from tests.test_parse import expression

EXAMPLE = Path(__file__).parent / "golden" / "example.case"


@given(strategies.files)
@settings(max_examples=150, deadline=None)
def test_what_is_printed_reads_back_as_the_same_tree(file: syntax.File) -> None:
    parsed = parse(print_file(file), "printed.case")
    assert parsed.findings == ()
    assert parsed.file == file


@given(strategies.expressions)
@settings(max_examples=250, deadline=None)
def test_expressions_read_back_as_the_same_tree(expr: syntax.Expr) -> None:
    assert expression(print_expr(expr)) == expr


@given(strategies.declarations)
@settings(max_examples=150, deadline=None)
def test_a_declaration_reads_the_same_by_itself(declaration: syntax.Declaration) -> None:
    parsed = parse(f"case c {{ {print_declaration(declaration)} }}", "printed.case")
    assert parsed.findings == ()
    assert parsed.file.modules[0].body == (declaration,)


@given(strategies.expressions)
@settings(max_examples=200, deadline=None)
def test_no_pair_of_parentheses_is_too_many(expr: syntax.Expr) -> None:
    text = print_expr(expr)
    opened: list[int] = []
    for end, sign in enumerate(text):
        if sign == "(":
            opened.append(end)
        elif sign == ")":
            start = opened.pop()
            if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
                continue  # these belong to an application
            without = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
            parsed = parse(f"case c {{ show {without} }}", "printed.case")
            assert parsed.findings or parsed.file.modules[0].body != (syntax.ShowDecl(expr),), text


@pytest.mark.parametrize("path", [EXAMPLE, *sorted(library_folder().glob("*.case"))], ids=lambda path: path.name)
def test_real_files_read_back_as_the_same_tree(path: Path) -> None:
    parsed = parse(path.read_text(encoding="utf-8"), path.name)
    assert parsed.findings == ()
    printed = print_file(parsed.file)
    assert parse(printed, path.name).file == parsed.file
    assert print_file(parse(printed, path.name).file) == printed
    assert max(map(len, printed.splitlines())) <= 2 * WIDTH  # only texts make a line longer than WIDTH


def test_the_layout_of_the_example_is_canonical() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert print_file(parse(text, "example.case").file) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((p)) and ((q))", "p and q"),
        ("(p and q) and r", "(p and q) and r"),
        ("p and (q or r)", "p and (q or r)"),
        ("(p implies q) implies r", "(p implies q) implies r"),
        ("p implies (q implies r)", "p implies q implies r"),
        ("(p iff q) iff r", "(p iff q) iff r"),
        ("not (p and q)", "not (p and q)"),
        ("not (not p)", "not not p"),
        ("p and (forall x: S. q and r)", "p and forall x: S. q and r"),
        ("(forall x: S. q) and r", "(forall x: S. q) and r"),
        ("p and (not (forall x: S. q)) or r", "p and not (forall x: S. q) or r"),
        ("(forall x: S. p) iff forall x: S. q", "(forall x: S. p) iff forall x: S. q"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "(a - b) - c"),
        ("-(a * b)", "-(a * b)"),
        ("(-a) * b", "-a * b"),
        ("(a = b) = c", "(a = b) = c"),
        ("if (p or q) then (a + b) else (a)", "if p or q then a + b else a"),
        ("if p then a else (b + c)", "if p then a else (b + c)"),
        ("count x: S. (p(x))", "count x: S. p(x)"),
        ("count x: S. (not p(x))", "count x: S. (not p(x))"),
        ("0.10 + 2% = 2026-10-01", "0.10 + 2% = 2026-10-01"),
    ],
)
def test_parentheses_stand_only_where_they_are_needed(text: str, printed: str) -> None:
    assert print_expr(expression(text)) == printed


def test_long_formulas_break_at_their_loosest_operators() -> None:
    formula = (
        "forall system: System, run: Run. produced(system) and would(system, run) and (bad_in_one_way(run) "
        "or bad_in_another_way(run)) implies caught_by_the_first_team(system) or caught_by_the_second_team(system)"
    )
    assert print_declaration(syntax.AxiomDecl(syntax.Ident("a"), None, expression(formula))).split("\n") == [
        "axiom a :",
        "  forall system: System, run: Run.",
        "    produced(system) and would(system, run) and (bad_in_one_way(run) or bad_in_another_way(run))",
        "    implies caught_by_the_first_team(system) or caught_by_the_second_team(system)",
    ]


def test_long_lists_are_filled() -> None:
    names = tuple(syntax.Ident(f"assumption_number_{n}") for n in range(6))
    answer = syntax.AnswerDecl(syntax.Ident("w"), syntax.Citations(False, names), None)
    assert print_declaration(answer).split("\n") == [
        "answer w by assumption_number_0, assumption_number_1, assumption_number_2, assumption_number_3,",
        "  assumption_number_4, assumption_number_5",
    ]


def test_an_empty_file_prints_as_nothing() -> None:
    assert print_file(syntax.File((), ())) == ""


def test_texts_are_escaped() -> None:
    assert quote('a "b"\\c\n\td') == r'"a \"b\"\\c\n\td"'
