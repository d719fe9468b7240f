"""The report as JSON: the documented shape, a schema that describes it and can refuse, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from functools import cache
from typing import Any

import jsonschema
import pytest

from checker import report as report_module
from checker.codes import REGISTRY
from checker.findings import Finding
from checker.render.json import dumps, schema, to_data
from checker.report import Options, Report
from checker.source import Span
from tests import handmade
from tests.handmade import agent, case, misspelt, report

Objects = dict[str, Any]


@cache
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def whole() -> Objects:
    data: Objects = json.loads(dumps(handmade.whole()))
    return data


def test_the_example_has_the_documented_shape() -> None:
    data = json.loads(dumps(report(agent(), findings=(misspelt(),))))
    assert list(data) == [
        "version", "passed", "exit_status", "options", "cases", "findings", "silenced", "cross_check", "baseline",
    ]  # fmt: skip
    assert data["cross_check"] is None
    assert data["version"] == 1
    assert data["passed"] is False
    assert data["options"] == {
        "today": "2026-11-24",
        "budget": 4_000_000,
        "timeout": 60.0,
        "strict": False,
        "solver": "z3 5.4.1.0",
        "checker": "0.1.0",
    }
    (told,) = data["cases"]
    assert told["name"] == "coding_agent"
    assert told["kind"] == "case"
    assert (told["file"], told["line"], told["column"]) == ("examples/coding_agent.case", 4, 1)
    assert told["base"] is None
    assert (told["verdict"], told["passed"]) == ("conditional", False)
    assert told["theories"] == [
        {
            "name": "evaluation",
            "alias": "ev",
            "file": "specs/evaluation.case",
            "sha256": "ab" * 32,
            "bound": {"System": "Agent", "flagged": "blocked"},
        }
    ]
    goal = told["claims"]["deployable"]
    assert (goal["goal"], goal["step"], goal["status"], goal["scenario"]) == (True, "valid", "conditional", None)
    assert goal["rests_on"] == ["ev.emergence", "ev.hidden_harm"]
    assert (goal["line"], goal["column"], goal["end_line"], goal["end_column"]) == (63, 3, 63, 18)
    emergence = told["worries"]["ev.emergence"]
    assert (emergence["status"], emergence["without_acceptance"], emergence["cites"]) == ("open", "open", None)
    assert emergence["mitigations"] == ["ev.no_interaction"]
    assert emergence["mitigation_details"]["ev.no_interaction"]["doc"].startswith("Harm never arises")
    assert emergence["scenario"]["sorts"]["ev.Run"] == ["run1"]
    assert emergence["scenario"]["facts"][0] == {"symbol": "ev.bad_run", "args": ["run1"], "value": True}
    assert emergence["scenario"]["story"][0] == "run1 is harmful"
    assert told["worries"]["ev.unnoticed"]["cites"] == ["linter_complete", "only_diffs"]
    assert told["possible"]["ev.hazard"]["status"] == "satisfiable"
    assert told["assumptions"]["linter_complete"]["evidence"] == ["study"]
    assert told["assumptions"]["linter_complete"]["used_by"] == ["ev.unnoticed"]
    assert told["evidence"]["study"]["state"] == "current"
    assert told["summary"]["dispelled"] == 1
    (found,) = data["findings"]
    assert found == {
        "code": "unknown-name",
        "severity": "error",
        "message": "`flaged` is not declared here",
        "about": "flaged",
        "hint": "did you mean `flagged`?",
        "file": "examples/coding_agent.case",
        "line": 6,
        "column": 47,
        "end_line": 6,
        "end_column": 53,
        "fix": None,
        "related": [
            {
                "message": "the case that it stands in",
                "file": "examples/coding_agent.case",
                "line": 4,
                "column": 6,
                "end_line": 4,
                "end_column": 18,
            }
        ],
    }


def test_a_variant_tells_what_it_changes() -> None:
    told = whole()["cases"][1]
    assert (told["base"], told["replaced"], told["dropped"], told["changed"]) == (
        "coding_agent", ["a1", "a2"], ["gate_blocks"], ["only_diffs"],
    )  # fmt: skip
    assert told["comparison"]["hard"] == {"base": None, "variant": "unproved"}
    assert told["shows"] == {"au.level": "2", "rate": None}


def test_what_stands_in_no_file_has_no_place() -> None:
    found = whole()["findings"][1]
    assert found["code"] == "no-such-path"
    assert [found[key] for key in ("file", "line", "column", "end_line", "end_column")] == [None] * 5


@pytest.mark.parametrize(
    "name",
    [name for name in dir(report_module) if name.endswith("Report") and name not in ("Report", "CaseReport")]
    + ["CaseReport", "Scenario", "TheoryUse", "Summary", "Fact", "Strength", "Reading", "CrossCheck", "Unconfirmed"],
)
def test_no_field_of_the_report_is_left_out(name: str) -> None:
    """Each field of the values stands in the schema under its own name; spans are told as places."""
    key = {"TheoryUse": "theory_use", "CrossCheck": "cross_check"}.get(name, name.removesuffix("Report").lower())
    definitions = schema()["$defs"]
    shape = definitions["scenario"]["properties"]["facts"]["items"] if key == "fact" else definitions[key]
    wanted = {field.name for field in fields(getattr(report_module, name))} - {"span"}
    assert wanted <= set(shape["properties"])


def test_reports_are_valid_against_the_schema() -> None:
    validator().validate(whole())
    validator().validate(json.loads(dumps(report())))
    validator().validate(json.loads(dumps(report(case("empty")))))


def test_the_schema_is_strict_everywhere() -> None:
    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)
        elif isinstance(node, list):
            for value in node:
                yield from objects(value)

    found = list(objects(schema()))
    assert len(found) > 15
    for shape in found:
        if "properties" in shape:
            assert shape["additionalProperties"] is False
            assert shape["required"] == list(shape["properties"])
        else:
            assert isinstance(shape["additionalProperties"], dict)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("passed",), "no"),
        (("version",), 2),
        (("exit_status",), 3),
        (("extra",), 1),
        (("options", "today"), "today"),
        (("cases", 0, "verdict"), "safe"),
        (("cases", 0, "name"), ""),
        (("cases", 0, "line"), 0),
        (("cases", 0, "claims", "deployable", "step"), "established"),
        (("cases", 0, "claims", "deployable", "cites"), None),
        (("cases", 0, "worries", "ev.emergence", "status"), "closed"),
        (("cases", 0, "worries", "ev.emergence", "scenario", "facts", 0, "value"), 1),
        (("cases", 0, "worries", "ev.emergence", "scenario", "extra"), 1),
        (("cases", 0, "theories", 0, "sha256"), "abc"),
        (("cases", 0, "evidence", "study", "state"), "fresh"),
        (("cases", 0, "summary", "open"), -1),
        (("findings", 0, "severity"), "fatal"),
        (("findings", 0, "code"), "Unknown Name"),
        (("findings", 0, "related", 0, "extra"), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(path: tuple[str | int, ...], value: object) -> None:
    data = whole()
    node: Any = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        validator().validate(data)


def test_the_schema_misses_whatever_is_left_out() -> None:
    data = whole()
    for holder in (data, data["options"], data["cases"][0], data["cases"][0]["claims"]["deployable"]):
        for key in list(holder):
            kept = holder.pop(key)
            assert not validator().is_valid(data), key
            holder[key] = kept
    assert validator().is_valid(data)


def test_all_registered_codes_fit_the_schema() -> None:
    shape = schema()["$defs"]["finding"]["properties"]["code"]
    for code in REGISTRY:
        jsonschema.validate(code, shape)


def test_the_text_is_indented_ends_in_a_line_break_and_keeps_letters() -> None:
    text = dumps(report(case("größe", doc="日本 – “quoted”")))
    assert text.startswith('{\n  "version": 1,\n  "passed": true,\n')
    assert text.endswith("\n}\n")
    assert '"größe"' in text
    assert '"日本 – “quoted”"' in text


def test_characters_that_act_on_terminals_are_spelled_out_and_kept() -> None:
    hostile = "\x1b[2J \x9b \u202e \u2028 \ufeff \x7f \ud800"
    text = dumps(report(case("c", doc=hostile)))
    assert r"\u001b[2J \u009b \u202e \u2028 \ufeff \u007f \ud800" in text
    assert text.encode("utf-8")
    assert json.loads(text)["cases"][0]["doc"] == hostile


def test_the_report_writes_itself() -> None:
    assert handmade.whole().to_json() == dumps(handmade.whole())


def test_nothing_but_json_values_is_left() -> None:
    def check(node: object) -> None:
        if type(node) is dict:
            for key, value in node.items():
                assert type(key) is str
                check(value)
        elif type(node) is list:
            for value in node:
                check(value)
        else:
            assert type(node) in (str, int, float, bool, type(None)), type(node)

    check(to_data(handmade.whole()))


def test_numbers_that_are_none_are_refused() -> None:
    options = Options("2026-11-24", 1, float("nan"), strict=False, solver="z3", checker="0")
    with pytest.raises(ValueError, match="JSON"):
        dumps(Report(passed=True, exit_status=0, options=options, cases=()))


def test_order_is_as_declared_and_bytes_do_not_depend_on_hashes() -> None:
    told = case("c", shows={"z": "1", "a": "2", "m": None})
    assert list(json.loads(dumps(report(told)))["cases"][0]["shows"]) == ["z", "a", "m"]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", "from tests.handmade import whole; print(whole().to_json())"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


def test_severities_are_told_by_their_names() -> None:
    found: Finding = replace(misspelt(), span=Span("f", 1, 2, 3, 4))
    told = to_data(report(findings=(found,)))["findings"][0]
    assert told["severity"] == "error"
    assert type(told["severity"]) is str
    assert (told["line"], told["column"], told["end_line"], told["end_column"]) == (1, 2, 3, 4)
