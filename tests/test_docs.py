"""What the documentation says is so: its examples are read and checked, its lists agree with the code.

Parts of ``docs/language.md`` are generated: what the checker says of each example, and the table of findings.
``python -m tests.test_docs`` brings them up to date.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import checker
from checker import antecedents, build, evidence, load, model, parser, pipeline, report, z3_library
from checker.codes import REGISTRY
from checker.entailment import Limits
from checker.load import Loader
from checker.render.text import render
from checker.report import CaseReport
from checker.resolve import meanings, names, scopes, statements, terms
from checker.resolve.modules import Resolver
from checker.resources import grammar_text
from checker.syntax import Declaration

ROOT = Path(__file__).parents[1]
LANGUAGE = ROOT / "docs" / "language.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
TODAY = date(2026, 11, 24)
"""The day on which the examples are checked."""

FENCED = re.compile(r"^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKED = re.compile(r"(?<=^<!-- findings -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: what it is marked as, its text, and the line where it begins."""

    kind: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    return [Block(m[1], m[2], page.count("\n", 0, m.start()) + 1) for m in FENCED.finditer(page)]


def blocks_of(*kinds: str) -> list[Any]:
    """The blocks of the language reference that are marked so, as parameters of a test."""
    return [pytest.param(b, id=f"line-{b.line}") for b in blocks(LANGUAGE.read_text("utf-8")) if b.kind in kinds]


# -- what is generated ------------------------------------------------------------------------------------------------


def up_to_date(page: str) -> str:
    """The page with its generated parts as they should be."""
    example = ""

    def filled(match: re.Match[str]) -> str:
        nonlocal example
        kind, text = match[1], match[2]
        match kind:
            case "case":
                example = text
            case "verdicts":
                text = verdicts(example)
            case "output":
                text = render(checked(example))
        return f"```{kind}\n{text}```"

    return MARKED.sub(lambda _: findings_table(), FENCED.sub(filled, page))


def checked(text: str) -> report.Report:
    return checker.check_text(text, name="helpdesk.case", folder=ROOT / "docs", today=TODAY)


def verdicts(text: str) -> str:
    """What the checker finds of each module of ``text``, in a few words."""
    found = checked(text)
    assert not found.findings, found.findings
    return "".join(f"{line}\n" for case in found.cases for line in verdict_lines(case))


def verdict_lines(case: CaseReport) -> Iterator[str]:
    yield f"{case.kind} {case.name}: {case.verdict}, {'passes' if case.passed else 'does not pass'}"
    for name, claim in case.claims.items():
        rests = f", rests on {', '.join(claim.rests_on)}" if claim.rests_on else ""
        yield f"  {'goal' if claim.goal else 'claim'} {name}: step {claim.step}, {claim.status}{rests}"
    for name, worry in case.worries.items():
        rests = f", rests on {', '.join(worry.rests_on)}" if worry.rests_on else ""
        yield f"  worry {name}: {worry.status}{rests}"
    for name, possible in case.possible.items():
        yield f"  possible {name}: {possible.status}"
    for found in case.findings:
        yield f"  {found.severity} {found.code}: {found.message}"


def findings_table() -> str:
    """All codes, with how much each weighs and what it means."""
    rows = [f"| `{code}` | {entry.severity} | {entry.meaning} |\n" for code, entry in sorted(REGISTRY.items())]
    return "| Code | Severity | What it means |\n| --- | --- | --- |\n" + "".join(rows)


def test_generated_parts_are_up_to_date() -> None:
    page = LANGUAGE.read_text("utf-8")
    assert up_to_date(page) == page, "run `python -m tests.test_docs` and read what changed"


def test_a_part_that_is_out_of_date_is_noticed() -> None:
    page = '```case\ncase c { assume a : 1 < 2 owner "x" goal g : 2 > 1 by a }\n```\n\n```verdicts\nall is well\n```\n'
    assert "case c: established, does not pass\n  goal g: step valid, established\n" in up_to_date(page)
    assert "`syntax` | error" in up_to_date("<!-- findings -->\n<!-- end -->\n")


# -- examples ---------------------------------------------------------------------------------------------------------


def problems(text: str) -> list[str]:
    """What reading and resolving has to say against a file."""
    loader = Loader()
    unit = loader.load_text(text, "page.case", ROOT / "docs")
    resolver = Resolver(loader)
    found = [*unit.findings]
    if not unit.broken:
        found += [f for module in unit.file.modules for f in resolver.module(unit, module).findings]
    return [f"{f.span.line}: {f.message}" for f in found]


@pytest.mark.parametrize("block", blocks_of("case"))
def test_an_example_is_right(block: Block) -> None:
    assert problems(block.text) == []


@pytest.mark.parametrize("block", blocks_of("case-fragment"))
def test_a_fragment_is_right(block: Block) -> None:
    assert problems(f"theory fragment {{\n{block.text}}}\n") == []


def test_all_blocks_are_of_a_known_kind() -> None:
    known = {"case", "case-fragment", "verdicts", "output", "sh"}
    assert {block.kind for block in blocks(LANGUAGE.read_text("utf-8"))} == known


def test_a_wrong_example_is_noticed() -> None:
    assert problems("theory fragment {\naxiom a : nothing\n}\n") == ["2: `nothing` is not declared here"]


# -- tables -----------------------------------------------------------------------------------------------------------


def tables(page: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table of a page, with the heading that it stands under: its rows, that with the titles first."""
    heading, rows = "", list[list[str]]()
    for line in [*FENCED.sub("", page).split("\n"), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            yield heading, [rows[0], *rows[2:]]
            rows = []
        if line.startswith("#"):
            heading = line.lstrip("#").strip()


def rows_under(*titles: str) -> list[list[str]]:
    """The rows of all tables of the language reference that end in columns with these titles."""
    found = [rows for _, rows in tables(LANGUAGE.read_text("utf-8")) if rows[0][-len(titles) :] == list(titles)]
    assert found
    return [row for rows in found for row in rows[1:]]


def code(cell: str) -> str:
    """What stands between backticks in a cell that holds nothing else."""
    assert re.fullmatch(r"`[^`]+`", cell), cell
    return cell[1:-1]


def declared(text: str) -> tuple[Declaration, ...]:
    parsed = parser.parse(f"case c {{\n{text}\n}}\n", "cell.case")
    assert not parsed.findings, (text, parsed.findings)
    (module,) = parsed.file.modules
    return module.body


@pytest.mark.parametrize("example", [row[-1] for row in rows_under("Form", "Meaning", "Example")])
def test_an_example_of_a_declaration_can_be_read(example: str) -> None:
    assert len(declared(code(example))) == 1


def test_every_declaration_has_an_example() -> None:
    shown = {type(declared(code(row[-1]))[0]) for row in rows_under("Form", "Meaning", "Example")}
    assert shown == set(get_args(Declaration))


@pytest.mark.parametrize(("written", "meant"), rows_under("You write", "It is read as"))
def test_precedence(written: str, meant: str) -> None:
    assert declared(f"axiom x : {code(written)}") == declared(f"axiom x : {code(meant)}")


def test_the_reserved_words_are_those_of_the_grammar() -> None:
    listed = re.search(r"<!-- reserved words -->\n(.*?)<!-- end -->", LANGUAGE.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    words = re.findall(r'^[A-Z]+: "([a-z]+)"$', grammar_text(), re.MULTILINE)
    assert re.findall("`(.+?)`", listed[1]) == sorted(words)


LIMITS = [
    ("bytes in a file", load.MAX_BYTES),
    ("files read in one run, imported ones included", load.MAX_FILES),
    ("bytes in all files of one run", load.MAX_BYTES_IN_ALL),
    ("folders within folders that are searched", load.MAX_FOLDERS_DEEP),
    ("imports of one file", build.MAX_IMPORTS),
    ("imports within imports", load.MAX_IMPORTS_DEEP),
    ("modules in a file", build.MAX_MODULES),
    ("characters of a name, between its dots", build.MAX_NAME),
    ("characters of a text", build.MAX_TEXT),
    ("individuals of a listed sort", build.MAX_ELEMENTS),
    ("parameters of a symbol or definition", build.MAX_PARAMETERS),
    ("variables of one quantifier", build.MAX_VARIABLES),
    ("digits of a quotient of numbers", terms.MAX_QUOTIENT),
    (
        "digits of all numbers of a formula, definitions unfolded and counts written out",
        meanings.MAX_DIGITS_UNFOLDED,
    ),
    ("parts of all formulas of a module, likewise, copies of theories included", meanings.MAX_SIZE_IN_ALL),
    ("divisors of a module that are no numbers", terms.MAX_DIVISORS),
    ("statements of a module, copies of theories included", statements.MAX_STATEMENTS),
    ("names and declarations of a module, copies of theories included", scopes.MAX_DECLARATIONS),
    ("bytes of a file of evidence that states its hash", evidence.MAX_BYTES),
    ("mistakes told of one module that cannot be understood", names.MAX_MISTAKES),
    ("levels of nesting in a formula as written", build.MAX_LEVELS),
    ("levels with all definitions unfolded", meanings.MAX_DEPTH),
    ("parts of a formula, definitions unfolded and counts written out", meanings.MAX_SIZE),
    ("definitions (and mappings) in a chain", meanings.MAX_CHAIN),
    ("digits of a number", build.MAX_DIGITS),
    ("rows of a table", meanings.MAX_ROWS),
    ("copies of theories in one module", scopes.MAX_COPIES),
    ("uses within uses", scopes.MAX_NESTING),
    ("mistakes told of one file that cannot be read", parser.MAX_ERRORS),
    ("conditions of one formula that vacuity looks at", antecedents.MAX_CONDITIONS),
    ("effort for one question, in the solver's own units", Limits().budget),
    ("seconds for one question, as a backstop", int(Limits().timeout)),
    ("seconds for a whole run, as a backstop", int(pipeline.TOTAL_SECONDS)),
    ("megabytes that the solver takes", z3_library.MOST_MEMORY),
    ("steps in which one scenario is replayed", model.MOST_STEPS),
    ("digits of a number that comes up in a scenario or a value", model.MOST_DIGITS),
    ("individuals of each sort up to which a scenario is searched for, size by size", Limits().largest_scope),
]


@pytest.mark.parametrize(("what", "limit"), LIMITS)
def test_a_limit_is_that_of_the_code(what: str, limit: int) -> None:
    assert stated_limits()[what] == f"{limit:,}"


def test_every_limit_that_is_stated_is_held_to_the_code() -> None:
    assert set(stated_limits()) == {what for what, _ in LIMITS}


def stated_limits() -> dict[str, str]:
    under = [rows for heading, rows in tables(LANGUAGE.read_text("utf-8")) if heading == "Limits"]
    return {row[0]: row[1] for rows in under for row in rows[1:]}


def test_every_relation_is_explained() -> None:
    relations, parts = [rows for under, rows in tables(LANGUAGE.read_text("utf-8")) if under == "Stronger or weaker"]
    assert {code(row[0]) for row in relations[1:]} == set(get_args(report.Relation))
    assert {code(row[0]) for row in parts[1:]} == set(get_args(report.LeftStatus))


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Of a step", report.StepVerdict),
        ("Of a claim", report.ClaimStatus),
        ("Of a worry", report.WorryStatus),
        ("Of a possible", report.PossibleStatus),
        ("Of a case", report.CaseVerdict),
    ],
)
def test_every_verdict_is_explained(heading: str, values: object) -> None:
    (rows,) = [rows for under, rows in tables(LANGUAGE.read_text("utf-8")) if under == heading]
    assert {code(row[0]) for row in rows[1:]} == set(get_args(values))


# -- links and modules ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LANGUAGE, ARCHITECTURE], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    page = FENCED.sub("", path.read_text("utf-8"))
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", page):
        file, _, anchor = target.partition("#")
        assert (path.parent / file).exists(), target
        assert file or anchor in anchors, target


PACKAGE = ROOT / "checker"


def parts_of_the_code() -> list[list[str]]:
    """The modules that the page on the architecture lists, part by part, as paths within the package."""
    under = [rows for _, rows in tables(ARCHITECTURE.read_text("utf-8")) if rows[0][0] == "Module"]
    return [[path for row in rows[1:] for path in re.findall("`(.+?)`", row[0])] for rows in under]


def test_the_architecture_lists_every_module_once() -> None:
    listed = [path for part in parts_of_the_code() for path in part]
    there = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
    assert sorted(listed) == [path for path in there if (PACKAGE / path).stat().st_size]


def imported(path: Path) -> Iterator[str]:
    """The modules of the package that a module needs when it runs, as paths within the package."""
    for node in needed(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "checker":
                for name in names:
                    yield from module_paths(f"{module}.{name.name}") or module_paths(module)
            case ast.Import(names=names):
                for name in names:
                    yield from module_paths(name.name)


def needed(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in a syntax tree but what only a type checker reads."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from needed(child)


def module_paths(name: str) -> list[str]:
    package, *rest = name.split(".")
    candidates = [PACKAGE.joinpath(*rest).with_suffix(".py"), PACKAGE.joinpath(*rest, "__init__.py")]
    return [p.relative_to(PACKAGE).as_posix() for p in candidates if package == "checker" and p.is_file()]


def test_imports_point_one_way() -> None:
    parts = {path: number for number, part in enumerate(parts_of_the_code()) for path in part}
    upwards = {
        (path, other)
        for path, number in parts.items()
        for other in imported(PACKAGE / path)
        if parts.get(other, 0) > number
    }
    # A report can write itself as JSON, which loads the renderer when it is asked to.
    assert upwards == {("report.py", "render/json.py")}


def test_the_trusted_base_knows_nothing_of_cases() -> None:
    """What decides questions imports its own part, the data that questions are made of, and little else."""
    (deciding,) = [part for part in parts_of_the_code() if "discharge.py" in part]
    allowed = {*deciding, "entailment.py", "logic.py", "model.py", "errors.py", "kept.py"}
    assert {other for path in deciding for other in imported(PACKAGE / path)} <= allowed


if __name__ == "__main__":
    before = LANGUAGE.read_text("utf-8")
    LANGUAGE.write_text(up_to_date(before), "utf-8")
