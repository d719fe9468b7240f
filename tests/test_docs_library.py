"""The examples in ``docs/library.md`` are run, and print what the page says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import checker
from checker.errors import CheckerError
from tests.test_docs_commands import ROOT, blocks

pytest_plugins = ["pytester"]

PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")


def test_the_examples_print_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = "".join(block.text for block in blocks(PAGE) if block.language == "pycon")
    test = doctest.DocTestParser().get_doctest(text, {}, "library.md", str(ROOT / "docs" / "library.md"), 0)
    assert len(test.examples) > 20
    complaints: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=complaints.append)
    assert result.failed == 0, "".join(complaints)


def test_the_example_in_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = [b for b in blocks((ROOT / "README.md").read_text("utf-8")) if b.language == "python"]
    exec(compile(block.text, "README.md", "exec"), {})
    assert capsys.readouterr().out.endswith("coding_agent conditional ['ev.emergence']\n")


def test_the_failure_that_is_shown_is_what_pytest_prints(pytester: pytest.Pytester) -> None:
    (shown,) = [block.text for block in blocks(PAGE) if block.text.startswith("E ")]
    pytester.makepyfile(
        "def test_it(safety_case):\n"
        f"    agent = safety_case({str(ROOT / 'examples' / 'coding_agent.case')!r}, today='2026-11-24')\n"
        "    assert agent.worry('ev.emergence').status == 'dispelled'\n"
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    printed = "\n".join(line.rstrip() for line in result.outlines if line.startswith("E "))
    assert shown.rstrip("\n") in printed


def test_everything_that_can_be_imported_is_told() -> None:
    for name in checker.__all__:
        assert f"checker.{name}" in PAGE, name
    raised = {error.__name__ for error in CheckerError.__subclasses__()}
    assert raised <= set(checker.__all__)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(checker.__file__).parent / "py.typed").is_file()
