"""Every code of the registry is provoked by some input, at the place that it should point at.

What cannot be read stands in ``golden/syntax_errors``, what cannot be understood in ``test_resolve``; here stand what
is found out later, what goes beyond a limit, and what is wrong with files. ``@`` marks where a finding is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

import checker
from checker import syntax
from checker.build import (
    MAX_DIGITS,
    MAX_ELEMENTS,
    MAX_IMPORTS,
    MAX_LEVELS,
    MAX_MODULES,
    MAX_NAME,
    MAX_PARAMETERS,
    MAX_TEXT,
    MAX_VARIABLES,
)
from checker.codes import REGISTRY
from checker.findings import Severity
from checker.load import MAX_IMPORTS_DEEP
from checker.logic import Term
from checker.report import Report
from checker.resolve import terms
from checker.resolve.meanings import MAX_CHAIN, MAX_DEPTH
from checker.resolve.names import MAX_MISTAKES
from checker.resolve.scopes import MAX_COPIES, MAX_DECLARATIONS, MAX_NESTING
from checker.resolve.statements import MAX_STATEMENTS
from checker.resolve.terms import MAX_DIVISORS
from tests.test_resolve import BAD_CASES, BAD_MODULES, case, marked
from tests.test_syntax_errors import MISTAKES, Mistake

TODAY = date(2026, 11, 24)


def check(text: str, folder: Path | None = None) -> Report:
    return checker.check_text(text, name="bad.case", folder=folder or Path("tests"), today=TODAY)


def places(report: Report) -> set[tuple[str, int, int]]:
    """Each finding's code, line and column."""
    findings = [*report.findings, *(found for case in report.cases for found in case.findings)]
    return {(found.code, found.span.line, found.span.column) for found in findings}


def expect(code: str, text: str, folder: Path | None = None) -> Report:
    """The report on a text in which the code is found just where the marks are."""
    plain, marks = marked(text)
    assert marks
    report = check(plain, folder)
    found = {(line, column) for name, line, column in places(report) if name == code}
    assert found == set(marks), [str(one) for one in sorted(places(report))]
    return report


# -- what is found out when a case is judged --------------------------------------------------------------------------


def judged(body: str, name: str = "c") -> str:
    """A case that passes, were it not for its body."""
    return (
        f"case {name} {{\n  predicate p\n  predicate q\n  predicate r\n  predicate u\n"
        f'  assume a : p owner "x"\n  assume b : p implies q owner "x"\n  goal g : q by a, b\n{body}\n}}\n'
    )


OWING = "theory owed { }\ntheory owing { predicate s requires owed WHEN }\n"

JUDGED = [
    ("circular-argument", judged("  claim @x : q by y\n  claim y : q by x")),
    ("circular-argument", judged('  claim x : q by a barring w\n  worry @w "w" unless q\n  answer w by x')),
    ("circular-argument", judged('  worry w "w" unless q against a\n  claim x : q by a\n  answer w by x').replace(
        "assume a", "assume @a")),
    ("invalid-step", judged("  goal @h : r by a")),
    ("invalid-step", "theory t { predicate p worry w unless true claim @x : p barring w }"),
    ("inconsistent", judged('  assume n : not p owner "x"', "@c")),
    ("inconsistent", "theory @t { predicate p axiom x : p axiom y : not p }"),
    ("ruled-out", judged("  possible @z : not p")),
    ("vacuous", judged('  assume n : not u owner "x"\n  goal @h : u implies q by n')),
    ("vacuous", judged('  assume n : not u owner "x"\n  claim @h : u implies q by n')),
    ("vacuous-worry", judged('  assume n : not u owner "x"\n  worry @w "w" unless u implies r')),
    ("vacuity-undetermined", judged("".join(f"  predicate x{n}\n" for n in range(1001)) + "  goal @h : q and "
        + " and ".join(f"(x{n} implies q)" for n in range(1001)) + " by a, b")),
    ("unproven-divisor", judged("  const k: Real\n  claim h : 1 / @k = 1 / @k by a")),
    ("owed-theory", OWING.replace("WHEN", "") + judged("  @use owing as o")),
    ("owed-theory-when", OWING.replace("WHEN", "when s") + judged("  @use owing as o")),
    ("unacceptable", judged('  worry w "w" unless r unacceptable\n  @accept w "why" owner "x" until 2027-01-01')),
    ("accepted-failure", judged('  claim x : r by a\n  @accept x "why" owner "x" until 2027-01-01')),
    ("accepted-failure", judged('  worry w "w" unless not p\n  @accept w "why" owner "x" until 2027-01-01')),
    ("expired-acceptance", judged('  worry w "w" unless r\n  @accept w "why" owner "x" until 2026-01-01')),
    ("idle-acceptance", judged('  worry w "w" unless q\n  @accept w "why" owner "x" until 2027-01-01')),
    ("unowned-acceptance", judged('  worry w "w" unless r\n  @accept w "why" until 2027-01-01')),
    ("unowned-acceptance", judged('  worry w "w" unless r\n  @accept w "why" owner "x"')),
    ("unowned-acceptance", judged('  worry w "w" unless r\n  @accept w " " owner "x" until 2027-01-01')),
    ("expired-evidence", judged('  evidence @e { url "u" until 2026-11-23 }\n  assume c : r by e')),
    ("future-evidence", judged('  evidence @e { url "u" date 2026-11-25 }\n  assume c : r by e')),
    ("missing-evidence", judged('  evidence @e { file "nothing" }\n  assume c : r by e')),
    ("missing-evidence", judged('  evidence @e { file "golden" }\n  assume c : r by e')),
    ("unreadable-evidence", judged(f'  evidence @e {{ file "{"x" * 300}" }}\n  assume c : r by e')),
    ("evidence-outside", judged('  evidence @e { file "../../outside" }\n  assume c : r by e')),
    ("evidence-outside", judged('  evidence @e { file "/etc/passwd" }\n  assume c : r by e')),
    ("evidence-outside", judged('  evidence @e { file "/dev/zero" }\n  assume c : r by e')),
    ("altered-evidence", judged(f'  evidence @e {{ file "conftest.py" sha256 "{"0" * 64}" }}\n  assume c : r by e')),
    ("unused-evidence", judged('  evidence @e { url "u" }')),
    ("unbacked-assumption", judged("  assume @c : r\n  goal h : r by c")),
    ("unbacked-assumption", judged('  assume @c : r owner " "')),
    ("unneeded-citation", judged('  assume c : r owner "x"\n  claim @h : q by a, b, c')),
    ("goal-without-assumption", judged("  goal @h : p or not p by a")),
    ("restated-goal", judged("  goal @h : p by a")),
    ("restated-goal", judged("  goal @h : not not p by a")),
    ("goal-from-one-assumption", judged("  goal @h : p or r by a")),
    ("restated-claim", judged("  claim @h : p by a\n  goal i : q by h, b")),
    ("contradictory-citations", judged(
        '  worry v "v" unless r\n  worry w "w" unless not r\n  claim @h : u barring v, w')),
    ("axiom-at-work", judged('  axiom @x : p implies r\n  goal h : r and q by a, b')),
    ("worry-by-definition", judged('  define d := true\n  worry @w "w" unless d')),
    ("unreached-claim", judged("  claim @h : q by a, b")),
    ("unused-assumption", judged('  assume @c : r owner "x"')),
    ("checked-in-each-use", ("theory t { sort S predicate p(x: S) worry w unless forall x: S. p(x)\n"
        "claim @c : (count y: S. p(y)) >= 0 barring w }")),
    ("bad-placeholder", judged('  @predicate v(x: Int) "{y} is not there"')),
    ("bad-placeholder", judged('  @predicate v "{} is not there"')),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), JUDGED)
def test_what_is_found_when_a_case_is_judged(code: str, text: str) -> None:
    report = expect(code, text)
    assert report.exit_status == (2 if code == "circular-argument" else 1 if not report.passed else 0)
    if REGISTRY[code].severity == "error":
        assert not report.passed


def test_the_case_that_mistakes_are_put_into_passes() -> None:
    report = check(judged(""))
    assert report.passed
    assert places(report) == set()


# -- what goes beyond a limit -----------------------------------------------------------------------------------------


def many(count: int, what: Callable[[int], str], between: str = "\n") -> str:
    return between.join(map(what, range(count)))


def nested_uses(count: int) -> str:
    """A theory that uses one that uses one ..., with a case that uses them all."""
    theories = many(count, lambda n: f"theory t{n} {{ use t{n + 1} as u }}")
    theories = theories.replace("use t1 ", "@use t1 ")  # it has too many uses below it, too
    return f"{theories}\ntheory t{count} {{ }}\n{judged('  @use t0')}"


TWICE = many(8, lambda n: f"theory t{n} {{ use t{n + 1} as u use t{n + 1} as v }}") + "\ntheory t8 { }\n"
"""Each theory uses the next one twice."""

LIMITS = [
    ("too-deep", judged(f"  axiom x : @{'not ' * MAX_LEVELS}p")),
    ("number-too-long", judged(f"  show @{'9' * (MAX_DIGITS + 1)}")),
    ("number-too-long", judged(f"  show 1 / {'7' * MAX_DIGITS} / {'9' * MAX_DIGITS} / {'3' * MAX_DIGITS}"
        f" / {'1' * MAX_DIGITS} / @{'2' * MAX_DIGITS}")),
    ("name-too-long", judged(f"  const @{'x' * (MAX_NAME + 1)}: Int")),
    ("name-too-long", judged(f"  axiom x : @{'y' * (MAX_NAME + 1)}")),
    ("name-too-long", judged(f"  axiom x : @t.{'y' * (MAX_NAME + 1)}")),
    ("text-too-long", judged(f'  source @"{"x" * (MAX_TEXT + 1)}"')),
    ("text-too-long", judged(f'  predicate v @"{"x" * (MAX_TEXT + 1)}"')),
    ("too-many", many(MAX_IMPORTS, lambda n: f'import "x{n}.case"') + '\n@import "y.case"'),
    ("too-many", many(MAX_MODULES, lambda n: f"theory t{n} {{}}") + "\n@theory t {}"),
    ("too-many", judged(f"  sort S = {{ {many(MAX_ELEMENTS, lambda n: f'e{n}', ', ')}, @f }}")),
    ("too-many", judged(f"  predicate v({many(MAX_PARAMETERS, lambda n: f'e{n}: Int', ', ')}, @f: Int)")),
    ("too-many", judged(f"  function v({many(MAX_PARAMETERS, lambda n: f'e{n}: Int', ', ')}, @f: Int): Int")),
    ("too-many", judged(f"  define v({many(MAX_PARAMETERS, lambda n: f'e{n}: Int', ', ')}, @f: Int) := true")),
    ("too-many", judged(f"  axiom x : forall {many(MAX_VARIABLES, lambda n: f'e{n}', ', ')}, @f: Int. p")),
    ("too-many", judged(many(MAX_STATEMENTS - 3, lambda n: f"  axiom x{n} : p") + "\n  @axiom x : p")),
    ("too-many", judged(many(MAX_DECLARATIONS // 2, lambda n: f"  const c{n}: Int") + "\n  @const x: Int")),
    ("too-many", judged("  const k: Real\n  axiom x : " + many(MAX_DIVISORS, lambda _: "1 / k > 0", " and ")
        + " and 1 / @k > 0")),
    ("too-many", judged(f"  define d0: Int := {'9' * MAX_DIGITS} * {'9' * MAX_DIGITS}\n"
        "  define d1 := d0 * d0\n  define d2 := d1 * d1\n  define d3 := d2 * d2\n  @define d4 := d3 * d3")),
    ("too-many", judged("  define d0 := p and q\n" + many(16, lambda n: f"  define d{n + 1} := d{n} and d{n}")
        + "\n  axiom x : d16\n  axiom y : d16\n  axiom z : d16\n  axiom v : @d16")),
    ("too-many", nested_uses(MAX_NESTING + 1)),
    ("too-many-uses", TWICE + judged("  use t0 as x\n  @use t0 as y")),
    ("too-many-uses", "theory t {}\n" + judged(many(MAX_COPIES, lambda n: f"  use t as t{n}") + "\n  @use t as x")),
    ("too-many-mistakes", judged(many(MAX_MISTAKES, lambda n: f"  axiom x{n} : y") + "\n  axiom x : @y")),
    ("too-many-mistakes", judged(many(MAX_MISTAKES, lambda n: f"  axiom x{n} : 1") + "\n  axiom x : @1")),
    ("long-chain", judged("  define d0 := p\n" + many(MAX_CHAIN, lambda n: f"  define d{n + 1} := d{n}")).replace(
        f"define d{MAX_CHAIN}", f"define @d{MAX_CHAIN}")),
    ("unfolds-too-deep", judged(f"  define d := {'not ' * 50}p\n  define e := {'not ' * 50}d\n"
        f"  @define f := {'not ' * (MAX_DEPTH - 101)}e")),
    ("unfolds-too-large", judged("  define d0 := p and q\n"
        + many(17, lambda n: f"  define d{n + 1} := d{n} and d{n}")).replace("define d17", "@define d17")),
    ("unfolds-too-large", judged("  sort S function f(x: S, y: S): S predicate v(x: S)\n  define d0(x: S) := v(x)\n"
        + many(18, lambda n: f"  define d{n + 1}(x: S) := d{n}(f(x, x))")).replace("define d18", "@define d18")),
    ("unfolds-too-large", judged("  define d0(x: Int): Int := x * x\n"
        + many(17, lambda n: f"  define d{n + 1}(x: Int): Int := d{n}(x) * d{n}(x)")).replace(
            "define d17", "@define d17")),
    ("unfolds-too-large", judged(f"  sort S = {{ {many(900, lambda n: f'e{n}', ', ')} }}\n"
        "  axiom x : @(count y: S. ((count z: S. (y = z)) = 1)) = 1")),
    ("table-too-large", judged(f"  sort S = {{ {many(101, lambda n: f'e{n}', ', ')} }}\n"
        "  @predicate v(x: S, y: S) = { }")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), LIMITS)
def test_what_goes_beyond_a_limit(code: str, text: str) -> None:
    report = expect(code, text)
    assert report.exit_status == 2
    assert all(case.kind == "theory" for case in report.cases)


# -- variants and broken parts ----------------------------------------------------------------------------------------

BASE = judged('  claim h : q by a, b\n  evidence e { url "u" }\n  worry w "w" unless r')

MODULES = [
    ("ambiguous-base", BASE + "case c { goal g : true }\nvariant v of @c { }"),
    ("broken-base", "case c { goal g : nothing }\nvariant v of @c { }"),
    ("cannot-drop", BASE + "variant v of c { drop @p }"),
    ("cannot-drop", BASE + "variant v of c { drop @g }"),
    ("nothing-to-drop", BASE + "variant v of c { drop @o.w }"),
    ("dropped-and-declared", BASE + 'variant v of c { drop @a assume a : p owner "x" }'),
    ("unknown-name", BASE + "variant v of c { drop @nothing }"),
    ("twice", BASE + "variant v of c { drop a, @a }"),
    ("broken-theory", "theory t { axiom a : nothing }\n" + judged("  @use t")),
    ("circular-use", "theory t { @use s }\ntheory s { @use t }\n" + judged("")),
    ("wrong-mapping", "theory t { sort A predicate p(x: A) possible o : exists x: A. p(x) }\n"
        + judged("  use t with @A = nothing, *\n  predicate v(x: Int)")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), MODULES)
def test_mistakes_across_modules(code: str, text: str) -> None:
    assert expect(code, text).exit_status == 2


def test_a_formula_that_is_lost_in_silence_is_our_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worry without its formula would be an informal one, which can be accepted."""
    whole = terms.Formula.closed

    def forgetful(self: terms.Formula, expr: syntax.Expr) -> Term | None:
        return None if self.within == "w" else whole(self, expr)

    text = judged('  worry w "w" unless r')
    assert check(text).exit_status == 1
    monkeypatch.setattr(terms.Formula, "closed", forgetful)
    with pytest.raises(AssertionError, match="nothing was said"):
        check(text)


# -- files ------------------------------------------------------------------------------------------------------------

CHAIN = {f"f{n}.case": f'import "f{n + 1}.case"\n' for n in range(MAX_IMPORTS_DEEP + 2)}
"""Files that import each other in a long chain."""

FILES: list[tuple[str, Mapping[str, str | bytes], str]] = [
    ("not-utf8", {"a.case": b"case c {\n  sort \xff"}, "2:8"),
    ("control-character", {"a.case": "theory t {\n  sort\x1b S }"}, "2:7"),
    ("control-character", {"a.case": "# \u202e\ntheory t { }"}, "1:3"),
    ("more-syntax-errors", {"a.case": "theory t {\n" + "sort s\n" * 30 + "}"}, "21:6"),
    ("unreadable", {"a.case": "#" * 1_000_001}, "1:1"),
    ("empty-file", {"a.case": "# nothing\n"}, "0:0"),
    ("empty-file", {"a.case": ""}, "0:0"),
    ("missing-import", {"a.case": '\nimport "b.case"'}, "2:1"),
    ("missing-import", {"a.case": f'import "{"b" * 300}.case"'}, "1:1"),
    ("import-no-case", {"a.case": 'import "b.txt"', "b.txt": "secret"}, "1:1"),
    ("import-no-case", {"a.case": 'import "."'}, "1:1"),
    ("import-outside", {"a.case": 'import "../b.case"'}, "1:1"),
    ("import-outside", {"a.case": 'import "/etc/passwd"'}, "1:1"),
    ("broken-import", {"a.case": 'import "b.case"', "b.case": "theory {"}, "1:1"),
    ("circular-import", {"a.case": 'import "b.case"', "b.case": 'import "a.case"'}, "1:1"),
    ("deep-import", {"a.case": 'import "f0.case"', **CHAIN}, "1:1"),
    ("ambiguous-theory", {"a.case": "theory inability { }"}, "1:8"),
]


@pytest.mark.parametrize(("code", "files", "place"), FILES)
def test_mistakes_of_files(
    code: str, files: Mapping[str, str | bytes], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").touch()
    for name, content in files.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    report = checker.check("a.case", today=TODAY)
    assert f"{code} {place}" in {f"{found} {line}:{column}" for found, line, column in places(report)}
    assert report.exit_status == (2 if REGISTRY[code].severity == "error" else report.exit_status)


CALLS = {
    "no-such-path": lambda: checker.check("tests/nothing.case"),
    "no-case-files": lambda: checker.check("tests/golden/syntax_errors"),
    "nothing-called": lambda: checker.check_text(judged(""), only=["nothing"]),
    "nothing-to-withdraw": lambda: checker.check_text(judged(""), without=["nothing"]),
    "out-of-time": lambda: checker.check_text(judged(""), total_timeout=1e-9),
    "interrupted": lambda: checker.check_text(judged(""), stop=lambda: True),
    "interrupted-before": lambda: checker.check_text(judged(""), jobs=1, stop=lambda: True),
}
"""Calls that cannot be answered."""


@pytest.mark.parametrize("code", CALLS)
def test_calls_that_cannot_be_answered(code: str) -> None:
    report = CALLS[code]()
    assert code in {found.code for found in report.findings}
    assert report.exit_status == 2


# -- all of them together ---------------------------------------------------------------------------------------------

ELSEWHERE = {
    "contradiction-undetermined": "test_honesty.py",
    "goal-assumptions-undetermined": "test_honesty_rules.py",
    "restatement-undetermined": "test_honesty_rules.py",
}
"""What takes a solver that gives up at the right moment, and where it is tested."""


def provoked() -> set[str]:
    codes = {code for codes, *_ in (*BAD_CASES, *BAD_MODULES) for code in codes.split()}
    codes |= {code for code, _ in (*JUDGED, *LIMITS, *MODULES)} | {code for code, _, _ in FILES} | set(CALLS)
    return codes | {line.split()[1].rstrip(":") for m in MISTAKES for line in m.said.splitlines() if line[:1].isdigit()}


def test_every_code_is_provoked_somewhere() -> None:
    assert set(REGISTRY) - provoked() == set(ELSEWHERE)
    for code, file in ELSEWHERE.items():
        assert f'"{code}"' in (Path(__file__).parent / file).read_text("utf-8")


def test_there_are_many_bad_inputs() -> None:
    texts = {mistake.text for mistake in MISTAKES} | {body for _, body in (*BAD_CASES, *BAD_MODULES, *LIMITS, *MODULES)}
    texts |= {text for code, text in JUDGED if REGISTRY[code].severity == "error"}
    assert len(texts) >= 350


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.file}: {mistake.title}")
def test_what_cannot_be_read_is_not_checked(mistake: Mistake) -> None:
    report = check(mistake.text)
    assert (report.exit_status, report.cases) == (2, ())
    (line, column), code = mistake.said.split("-")[0].split(":"), mistake.said.split()[1].rstrip(":")
    assert (code, int(line), int(column)) in places(report)


@pytest.mark.parametrize(("codes", "body"), [*BAD_CASES, *BAD_MODULES])
def test_what_cannot_be_understood_is_not_checked(codes: str, body: str) -> None:
    plain, marks = marked(body if body.startswith(("theory", "case", "variant")) else case(body))
    report = check(plain)
    assert report.exit_status == 2
    assert not any(found.severity is Severity.ERROR and found.span.line == 0 for found in report.findings)
    assert {(line, column) for _, line, column in places(report)} >= set(marks)
