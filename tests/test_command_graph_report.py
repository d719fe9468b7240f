"""``safety-case graph`` and ``safety-case report``: options, where the output goes, and exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import checker
from checker import cli, pipeline
from checker.render.json import schema

CASE = """\
case good "Größe <b>" {
  sort Thing
  predicate fine(x: Thing) "{x} is fine"
  assume all_fine "Whatever there is is fine." : forall x: Thing. fine(x) owner "x"
  worry slow "It is slow." unless exists x: Thing. not fine(x)
  accept slow "Nobody waits." owner "the lab" until 2027-01-01
  goal g "It holds." : forall x: Thing. fine(x) and fine(x) by all_fine
}
theory aside { predicate p axiom a : p possible q : p }
"""
DAY = ("--today", "2026-11-24")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "good.case").write_text(CASE, encoding="utf-8")
    (tmp_path / "broken.case").write_text(CASE.replace("fine(x) owner", "fin(x) owner"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_graph_draws_svg_on_standard_output(run: Run) -> None:
    status, out, err = run("graph", "good.case", *DAY)
    assert (status, err) == (0, "")
    root = ET.fromstring(out.encode())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert out.index("case good") < out.index("theory aside")
    assert "Größe" not in out, "the picture names the case; what it says stands in its boxes"
    assert "Whatever there is is fine." in out


@pytest.mark.parametrize(("form", "start"), [("dot", "digraph argument {\n"), ("mermaid", "flowchart TB\n")])
@pytest.mark.parametrize("notation", ["gsn", "cae"])
def test_graph_writes_other_languages_and_notations(run: Run, form: str, start: str, notation: str) -> None:
    status, out, _ = run("graph", "good.case", "--format", form, "--notation", notation, *DAY)
    assert status == 0
    assert out.startswith(start)
    assert "aside" in out
    only = run("graph", "good.case", "--format", form, "--notation", notation, "--only", "good", *DAY)[1]
    assert "aside" not in only
    assert len(only) < len(out)


@pytest.mark.parametrize("call", [("graph", "good.case"), ("report", "good.case")])
def test_a_file_is_written_whole_and_the_same_every_time(run: Run, tmp_path: Path, call: tuple[str, ...]) -> None:
    written = []
    for name in ("one", "two"):
        assert run(*call, "-o", name, *DAY) == (0, "", "")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert len(written[0]) > 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "broken.case",
        "good.case",
        "one",
        "pyproject.toml",
        "two",
    ]


def test_report_tells_formulas_in_words_and_who_lives_with_what(run: Run, tmp_path: Path) -> None:
    assert run("report", "good.case", "-o", "page.html", *DAY) == (0, "", "")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "For every thing x: x is fine." in page
    assert "Größe &lt;b&gt;" in page
    assert "owner the lab, until 2027-01-01" in page
    assert "Checked as of 2026-11-24" in page


def test_report_takes_what_check_takes(run: Run) -> None:
    status, out, _ = run(
        "report", "good.case", "-o", "-", "--strict", "--repairs", "--cross-check", "--only", "good", *DAY
    )
    assert status == 0
    assert "warnings as errors" in out
    assert "A second solver, cvc5" in out


@pytest.mark.parametrize("call", [("graph",), ("report", "-o", "page.html")])
def test_what_cannot_be_understood_is_told_and_not_drawn(run: Run, tmp_path: Path, call: tuple[str, ...]) -> None:
    status, out, err = run(*call, "broken.case")
    assert (status, out) == (2, "")
    assert "error[unknown-name]: `fin` is not declared here" in err
    assert not (tmp_path / "page.html").exists()
    assert run(*call, "nowhere.case")[0] == 2
    assert run(*call, "good.case", "--only", "bad")[0] == 2


def test_a_place_that_cannot_be_written_is_refused_at_once(run: Run) -> None:
    for call in (("graph", "nowhere.case"), ("report", "nowhere.case")):
        status, _, err = run(*call, "-o", "none/such")
        assert status == 2
        assert "there is no folder" in err
    assert "Missing option '-o'" in run("report", "good.case")[2]


def test_a_picture_that_is_too_large_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.render.figure.MOST_BOXES", 2)
    status, out, err = run("graph", "good.case", *DAY)
    assert (status, out) == (2, "")
    assert "the argument of good has 3 boxes" in err
    assert "--format dot has no limit" in err


def test_words_are_in_the_report_where_they_were_asked_for(run: Run) -> None:
    from dataclasses import replace

    wanted = pipeline.settings(None, None, None, strict=False, only=())
    told = pipeline.check_paths(["good.case"], replace(wanted, words=True))
    assert told.cases[0].words["all_fine"] == ("For every thing x: x is fine.",)
    assert set(told.cases[0].words) == {"all_fine", "slow", "g"}
    data = json.loads(told.to_json())
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert data["cases"][0]["acceptances"]["slow"]["until"] == "2027-01-01"
    assert checker.check("good.case").cases[0].words == {}
