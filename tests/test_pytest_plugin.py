"""The fixture ``safety_case``, in projects whose tests it is used in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import checker
from checker.dependencies import dependencies
from checker.render.text import render
from tests.test_cli import BAD, BROKEN, GOOD

pytest_plugins = ["pytester"]

DAY = "2026-11-24"
WORRIED = """\
case worried {
  predicate leaves "the model leaves"
  predicate watched "somebody watches"
  assume a "We watch." : watched owner "x"
  worry w "It leaves." unless not leaves against g
  accept v "We live with it." owner "x" until 2026-12-31
  worry v "It is slow." against g
  goal g "Somebody watches." : watched by a
}
"""
INVALID = """\
case invalid {
  predicate leaves "the model leaves"
  predicate watched "somebody watches"
  assume a "We watch." : watched owner "x"
  goal g "It stays." : not leaves by a
}
"""


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded() -> None:
    """What a project's tests load is forgotten afterwards, and would be loaded a second time into this process."""
    for text in (GOOD, BAD, WORRIED, INVALID):
        checker.check_text(text)
    render(checker.check_text(BROKEN))
    dependencies([])


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with cases."""
    pytester.makeini(f"[pytest]\nsafety_case_today = {DAY}\n")
    folder = pytester.path / "cases"
    folder.mkdir()
    for name, text in (("good", GOOD), ("bad", BAD), ("broken", BROKEN), ("worried", WORRIED), ("invalid", INVALID)):
        (folder / f"{name}.case").write_text(text, "utf-8")
    (folder / "two").mkdir()
    (folder / "two" / "both.case").write_text(GOOD + BAD, "utf-8")
    return pytester


def run(project: pytest.Pytester, body: str, *options: str) -> pytest.RunResult:
    """Runs one test with this body, in this process."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    project.makepyfile(f"import pytest\n\ndef test_it(safety_case):\n{lines}")
    return project.runpytest_inprocess("-p", "no:cacheprovider", *options)


@pytest.mark.parametrize(
    "body",
    [
        'safety_case("cases/good.case").passes()',
        'assert safety_case("cases/good.case").passes().verdict("good") == "established"',
        'assert safety_case("cases/worried.case").worry("w").status == "open"',
        'assert safety_case("cases/worried.case").worry("v").status == "accepted"',
        'assert safety_case("cases/worried.case").claim("g").step == "valid"',
        'assert safety_case("cases/worried.case").claim("g").status == "conditional"',
        'assert safety_case("cases/worried.case", today="2027-01-01").worry("v").status != "accepted"',
        'assert safety_case("cases/two").verdict("bad") == "unproved"',
        'assert safety_case("cases/two").claim("g", case="good").report.used == ("a", "b")',
        f'assert safety_case("cases/good.case").report.options.today == "{DAY}"',
        'assert safety_case("cases/good.case").case().name == "good"',
        "assert not safety_case('cases/bad.case').report.passed",
    ],
)
def test_what_is_so_passes(project: pytest.Pytester, body: str) -> None:
    run(project, body).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            'safety_case("cases/invalid.case").passes()',
            [
                "*AssertionError: invalid is unproved and does not pass*",
                "*the step of g is invalid*",
                "*It stays.*",
                "*the assumptions allow this: the model leaves*",
            ],
        ),
        (
            'assert safety_case("cases/worried.case").verdict() == "established"',
            [
                "*the verdict on worried is 'conditional', and not 'established'*",
                "*worried is conditional and does not pass*",
                "*the worry w is open*",
                "*the assumptions allow this: the model leaves*",
            ],
        ),
        (
            'assert "dispelled" == safety_case("cases/worried.case").worry("w").status',
            ["*the worry w is 'open', and not 'dispelled'*", "*the assumptions allow this: the model leaves*"],
        ),
        (
            'assert safety_case("cases/invalid.case").claim("g").step == "valid"',
            ["*the step of g is 'invalid', and not 'valid'*", "*the assumptions allow this: the model leaves*"],
        ),
        ('safety_case("cases/worried.case").worry("ww")', ["*there is no worry ww; did you mean w?*"]),
        ('safety_case("cases/good.case").claim("other")', ["*there is no claim other; there are: g*"]),
        ('safety_case("cases/two").verdict()', ["*name the case: there are good, bad*"]),
        ('safety_case("cases/broken.case")', ["*broken.case cannot be understood*", "*unknown-name*"]),
        ('safety_case("cases/nowhere.case")', ["*nowhere.case cannot be understood*", "*no-such-path*"]),
        ('safety_case("cases/good.case", today="soon")', ["*today must be a day such as 2026-11-24, and is 'soon'*"]),
    ],
)
def test_what_is_not_so_fails_and_says_why(project: pytest.Pytester, body: str, lines: list[str]) -> None:
    result = run(project, body)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)


def test_a_bad_day_in_the_settings_is_told(project: pytest.Pytester) -> None:
    result = run(project, 'safety_case("cases/good.case")', "-o", "safety_case_today=2026-13-01")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the ini option safety_case_today must be a day*2026-13-01*"])


def test_settings_of_the_project_count(project: pytest.Pytester) -> None:
    warns = GOOD.replace("  goal", '  predicate r\n  assume c : r owner "x"\n  goal')
    (project.path / "cases" / "good.case").write_text(warns, "utf-8")
    run(project, 'safety_case("cases/good.case").passes()').assert_outcomes(passed=1)
    (project.path / "pyproject.toml").write_text("[tool.safety-case]\nstrict = true\n", "utf-8")
    run(project, 'safety_case("cases/good.case").passes()').assert_outcomes(failed=1)
    run(project, 'safety_case("cases/good.case", strict=False).passes()').assert_outcomes(passed=1)


def test_each_check_is_made_once_as_long_as_nothing_changes(project: pytest.Pytester) -> None:
    run(
        project,
        'first = safety_case("cases/good.case").report\n'
        'assert safety_case("cases/good.case").report is first\n'
        'assert safety_case("cases/good.case", strict=True).report is not first\n'
        'with open("cases/good.case", "a") as stream:\n'
        '    stream.write("case another {}")\n'
        'with pytest.raises(pytest.fail.Exception, match="cannot be understood"):\n'
        '    safety_case("cases/good.case")\n',
    ).assert_outcomes(passed=1)


def test_relative_paths_begin_at_the_root(project: pytest.Pytester) -> None:
    run(
        project, 'import os\nos.chdir("cases")\nsafety_case("cases/good.case").passes()\nos.chdir("..")'
    ).assert_outcomes(passed=1)


def test_pytest_finds_the_plugin_and_loads_nothing_for_it(tmp_path: Path) -> None:
    """In a process of its own, as any project has it that does not use the plugin."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n\ndef test_it(request):\n"
        "    assert request.config.pluginmanager.hasplugin('safety-case')\n"
        "    assert not {'z3', 'lark', 'networkx', 'click', 'jinja2', 'checker.parser'} & set(sys.modules)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_fixture_is_listed_with_what_it_does(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--fixtures", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["safety_case [[]session scope[]]*", "*Checks ``.case`` files*"])
