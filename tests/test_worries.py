"""``safety-case worries``: the register, as text and as data, and what may be asked of it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from checker import pipeline
from checker.commands.worries import STATUSES
from checker.register import only, soonest
from checker.render import register as rendered
from checker.report import WorryStatus
from tests.reports import ROOT
from tests.test_cli import Run, folder, run

__all__ = ["folder", "run"]

TODAY = date(2026, 11, 24)
GOLDEN = ROOT / "tests" / "golden" / "worries"
EXAMPLES = ["examples/coding_agent.case", "examples/gate_review.case"]

SPEC = """\
theory th "A theory." {
  source "Somebody 2026"
  sort S
  predicate ok(x: S) "{x} is in order"
  worry one "One goes wrong." unless forall x: S. ok(x) { source "Page 7" }
    mitigation fix "All is in order." : forall x: S. ok(x)
  worry two "Two goes wrong." unless forall x: S. not ok(x)
}
case c {
  use th as t
  predicate p
  predicate q
  worry vague "Something may be off."
  assume a : p owner "x"
  assume b : p implies q owner "x"
  accept t.one "We live with it." owner "head" until 2027-05-01
  accept vague "So what." owner "board" until 2026-12-01
  accept t.two "It was so." owner "head" until 2026-01-01
  goal g : q by a, b
}
"""


def asked(*statuses: WorryStatus, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """The register of a specification as text and as data."""
    (tmp_path / "c.case").write_text(SPEC, encoding="utf-8")
    report, registers = pipeline.register_paths([tmp_path / "c.case"], pipeline.settings(TODAY, None, None, False))
    text = rendered.render(report, registers, statuses, 100, color=False).replace(str(tmp_path), "X")
    return text, json.loads(rendered.dumps(report, registers, statuses))


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_register_of_the_examples(form: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the golden file to have it written anew."""
    monkeypatch.chdir(ROOT)
    status, out, err = run("worries", *EXAMPLES, "--today", TODAY.isoformat(), "--format", form)
    assert (status, err) == (1, "")
    path = GOLDEN / f"examples.{form}"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(out, encoding="utf-8")
    assert out == path.read_text(encoding="utf-8")


def test_what_is_written_as_data_fits_the_schema(tmp_path: Path) -> None:
    schema = rendered.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    _, data = asked(tmp_path=tmp_path)
    assert not list(validator.iter_errors(data))
    assert not list(validator.iter_errors(json.loads((GOLDEN / "examples.json").read_text(encoding="utf-8"))))
    data["cases"][0]["worries"][0]["status"] = "fine"
    assert list(validator.iter_errors(data))


def test_every_worry_is_listed_once_with_its_theory_and_sources(tmp_path: Path) -> None:
    _, data = asked(tmp_path=tmp_path)
    (theory, case) = data["cases"]
    assert Counter(worry["status"] for worry in theory["worries"]) == {"hypothesis": 2}
    found = {worry["name"]: worry for worry in case["worries"]}
    assert list(found) == ["vague", "t.one", "t.two"]
    assert found["vague"]["theory"] is None
    assert (found["t.one"]["theory"]["sources"], found["t.one"]["source"]) == (["Somebody 2026"], "Page 7")
    assert found["t.one"]["mitigations"][0]["name"] == "t.fix"
    assert found["t.one"]["acceptance"] == {
        "why": "We live with it.", "owner": "head", "until": "2027-05-01", "stands": True,
    }  # fmt: skip
    assert (found["t.two"]["status"], found["t.two"]["acceptance"]["stands"]) == ("open", False)


def test_acceptances_are_listed_by_their_last_day(tmp_path: Path) -> None:
    text, _ = asked(tmp_path=tmp_path)
    listed = text.split("Acceptances, the soonest to end first\n")[1].split("\n\n")[0]
    first, refused, *others = listed.splitlines()
    assert refused.strip() == "it does not count"
    assert [line.split()[:3] for line in (first, *others)] == [
        ["2026-01-01", "c:", "t.two"],
        ["2026-12-01", "c:", "vague"],
        ["2027-05-01", "c:", "t.one"],
    ]
    assert "the acceptance does not count: It was so. [head until 2026-01-01]" in text


def test_only_worries_of_some_statuses_are_listed(tmp_path: Path) -> None:
    text, data = asked("open", tmp_path=tmp_path)
    assert [w["name"] for case in data["cases"] for w in case["worries"]] == ["t.two"]
    assert "t.one" not in text
    assert text.endswith("5 worries: 2 accepted, 1 open, 2 hypothesis; listed: 1.\n")
    assert "theory th" not in text


def test_filters_are_exhaustive(tmp_path: Path) -> None:
    (tmp_path / "c.case").write_text(SPEC, encoding="utf-8")
    _, registers = pipeline.register_paths([tmp_path / "c.case"], pipeline.settings(TODAY, None, None, False))
    assert set(get_args(WorryStatus)) == set(STATUSES)
    for found in registers:
        assert only(found, ()) == found
        assert sum(len(only(found, [status]).entries) for status in STATUSES) == len(found.entries)
    assert len(soonest(registers)) == 3


def test_calls_that_cannot_be_answered(run: Run, folder: Path) -> None:
    status, out, err = run("worries", "nowhere.case")
    assert (status, out) == (2, "")
    assert "there is no file or folder `nowhere.case`" in err
    status, out, err = run("worries", "--status", "open,close")
    assert (status, out) == (2, "")
    assert "'close' is no status of a worry; there are dispelled, assumed" in err
    (folder / "a.case").write_text("case a { goal g : nothing }", encoding="utf-8")
    status, out, err = run("worries", "a.case")
    assert (status, out) == (2, "")
    assert "`nothing` is not declared here" in err
