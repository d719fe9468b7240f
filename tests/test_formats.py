"""Reports for other programs: SARIF, workflow commands and Markdown. What authors write does nothing in any of them.

``python -m tests.test_formats`` writes the golden files anew; read what changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import checker
from checker import cli
from checker.codes import REGISTRY, VERDICTS
from checker.findings import Fix, Related, Severity, finding
from checker.problems import fingerprints, problems, problems_of
from checker.render import github, markdown, sarif
from checker.render.markdown import escaped, told
from checker.render.places import Workspace, uri
from checker.render.wrap import is_harmful, visible
from checker.report import CaseReport, MitigationReport, Report, Scenario, TheoryUse
from tests import handmade
from tests.handmade import assumption, case, claim, report, span, worry
from tests.reports import report_on

GOLDEN = Path(__file__).parent / "golden" / "formats"
HERE = Workspace("/home/me/project", "/home/me/project")


# -- golden files ------------------------------------------------------------------------------------------------------


def shown_sarif(made: Report) -> str:
    """SARIF without its rules, which are the same in every report, and without their numbers."""
    log = json.loads(sarif.render(made, HERE))
    log["runs"][0]["tool"]["driver"]["rules"] = []
    for result in log["runs"][0]["results"]:
        del result["ruleIndex"]
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def golden() -> Iterator[tuple[str, str]]:
    """The golden files by name, with what they should hold."""
    for name, made in (("agent", report(handmade.agent())), ("whole", handmade.whole())):
        yield f"{name}.sarif", shown_sarif(made)
        yield f"{name}.github.txt", github.render(made, HERE)
        yield f"{name}.md", markdown.render(made)


@pytest.mark.parametrize(("name", "text"), list(golden()), ids=[name for name, _ in golden()])
def test_output_is_as_it_was(name: str, text: str) -> None:
    assert (GOLDEN / name).read_text("utf-8") == text, "run `python -m tests.test_formats` and read what changed"


# -- every reason not to pass is there ---------------------------------------------------------------------------------


EXAMPLES = ["coding_agent.case", "gate_review.case", "control_korbak.case"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_case_passes_if_and_only_if_nothing_is_in_its_way(name: str) -> None:
    for one in report_on(name).cases:
        assert one.passed == (not any(problem.blocks for problem in problems_of(one))), one.name


def test_verdicts_and_codes_have_names_of_their_own() -> None:
    assert not REGISTRY.keys() & VERDICTS.keys()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (case("c", passed=False, worries={"w": worry()}), "open-worry"),
        (case("c", passed=False, worries={"w": worry(status="refuted")}), "refuted-worry"),
        (case("c", passed=False, worries={"w": worry(status="undetermined", reason="time")}), "undetermined-worry"),
        (case("c", passed=False, worries={"w": worry(status="informal", formula=None)}), "informal-worry"),
        (
            case("c", passed=False, worries={"w": worry(status="conditional", rests_on=("v",)), "v": worry()}),
            "conditional-worry",
        ),
        (case("c", passed=False, claims={"g": claim(goal=True, step="informal", status="unproved")}), "unproved-goal"),
        (
            case("c", passed=False, claims={"g": claim(goal=True, status="conditional", rests_on=("x",))}),
            "conditional-goal",
        ),
        (
            case("c", passed=False, rests_on=("x",), claims={"x": claim(step="undeveloped", status="unproved")}),
            "unshown-claim",
        ),
        (
            case("t", kind="theory", passed=False, claims={"x": claim(step="undetermined", status="unproved")}),
            "unshown-claim",
        ),
        (
            case("c", passed=False, possible={"p": handmade.possible(status="undetermined")}),
            "undetermined-possible",
        ),
        (case("c", passed=False, verdict="undetermined", reason="time"), "undetermined-case"),
        (case("c", passed=False), "not-passed"),
    ],
)
def test_a_verdict_that_is_in_the_way_is_a_problem(made: CaseReport, code: str) -> None:
    assert code in {problem.code for problem in problems_of(made) if problem.blocks}
    results = run_of(report(made))["results"]
    assert any(result["ruleId"] == code and result["level"] == "error" for result in results)
    assert f"title={code}::" in github.render(report(made), HERE)


def test_what_an_error_says_is_not_said_twice() -> None:
    codes = [p.code for p in problems_of(handmade.probing()) if p.about == "deployable"]
    assert codes == ["invalid-step"]


def test_what_is_accepted_is_told_and_does_not_count() -> None:
    accepted = worry(status="accepted", accepted="We know.\nReally.", without_acceptance="open")
    made = report(case("c", verdict="conditional", worries={"w": accepted}))
    (result,) = run_of(made)["results"]
    assert result["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "We know. Really."}]
    assert "::" not in github.render(made, HERE)
    assert "- `w`: We know. Really." in markdown.render(made)


def test_what_is_silenced_is_counted_everywhere() -> None:
    quiet = finding("unused-assumption", span(3, 1, 4), about="a")
    made = report(case("c", silenced=(quiet,)))
    (result,) = run_of(made)["results"]
    assert result["suppressions"][0]["kind"] == "external"
    assert "Silenced by settings: 1 finding." in github.render(made, HERE)
    assert "1 finding is silenced by settings." in markdown.render(made)


# -- SARIF -------------------------------------------------------------------------------------------------------------


@cache
def validator() -> Any:
    schema = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def run_of(made: Report, workspace: Workspace = HERE) -> dict[str, Any]:
    log = json.loads(sarif.render(made, workspace))
    validator().validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_the_schema_sees_mistakes() -> None:
    log = json.loads(sarif.render(handmade.whole(), HERE))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator().is_valid(log)


@pytest.mark.parametrize("name", EXAMPLES)
def test_sarif_is_valid(name: str) -> None:
    run = run_of(report_on(name))
    assert run["columnKind"] == "unicodeCodePoints"


def test_a_run_in_which_all_is_well_is_there_and_empty() -> None:
    run = run_of(report(case("c"), handmade.theory()))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_there_is_a_rule_for_every_code_with_its_clause_of_the_standard() -> None:
    rules = run_of(report())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*REGISTRY, *VERDICTS]
    for rule in rules:
        entry = (REGISTRY | VERDICTS)[rule["id"]]
        assert rule["help"]["markdown"] == entry.meaning
        assert rule["defaultConfiguration"]["level"] == entry.severity
    tags = {rule["id"]: rule["properties"]["tags"] for rule in rules}
    assert tags["inconsistent"] == ["safety-case", "GSN v3 1:2.2.11", "GSN v3 1:2.2.16"]
    assert tags["syntax"] == ["safety-case"]
    assert all((len(tags[code]) > 1) == ("GSN v3" in entry.meaning) for code, entry in (REGISTRY | VERDICTS).items())


def test_results_name_their_rules() -> None:
    run = run_of(handmade.whole())
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["results"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_what_stands_in_no_file_is_told_of_the_run() -> None:
    run = run_of(handmade.whole())
    (invocation,) = run["invocations"]
    (note,) = invocation["toolConfigurationNotifications"]
    assert note["descriptor"]["id"] == "no-such-path"
    assert invocation["executionSuccessful"] is False


def test_an_invalid_step_points_at_what_it_cites() -> None:
    cited = assumption(span=span(7, 10, 12))
    bad = claim(goal=True, step="invalid", status="unproved", cites=("a",), scenario=Scenario({}, (), ("it leaks",)))
    found = finding("invalid-step", span(9, 8, 9), about="g")
    made = case("c", passed=False, claims={"g": bad}, assumptions={"a": cited}, findings=(found,))
    (result,) = run_of(report(made))["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 7
    assert related["message"]["text"] == "`a` is cited"
    assert "- it leaks" in result["message"]["text"]


def in_a_theory() -> CaseReport:
    """A case with an open worry that stands in a theory of the library."""
    use = TheoryUse("evaluation", "ev", "specs/evaluation.case", "ab" * 32, {}, span(5, 3, 9))
    stated = worry(span=span(40, 9, 12, file="specs/evaluation.case"))
    return case("c", passed=False, theories=(use,), worries={"ev.w": stated, "w": replace(stated)}, span=span(2, 6, 7))


def test_a_worry_of_the_library_is_shown_where_the_theory_is_used() -> None:
    first, second = run_of(report(in_a_theory()))["results"]
    place, there = first["locations"][0]["physicalLocation"], first["relatedLocations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "examples/coding_agent.case", "uriBaseId": "%SRCROOT%"}
    assert place["region"]["startLine"] == 5
    assert there["artifactLocation"] == {"uri": "evaluation.case", "uriBaseId": "LIBRARY"}
    assert second["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize(
    ("file", "here", "expected"),
    [
        ("a b/ü#?.case", "/w", {"uri": "a%20b/%C3%BC%23%3F.case", "uriBaseId": "%SRCROOT%"}),
        ("x.case", "/w/sub", {"uri": "sub/x.case", "uriBaseId": "%SRCROOT%"}),
        ("../x.case", "/w/sub", {"uri": "x.case", "uriBaseId": "%SRCROOT%"}),
        ("/w/c:d.case", "/w", {"uri": "c%3Ad.case", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/x.case", "/w", {"uri": "file:///elsewhere/x.case"}),
        ("../wide/x.case", "/w", {"uri": "file:///wide/x.case"}),
        ("\udcff.case", "/w", {"uri": "%FF.case", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_files_are_told_from_the_root(file: str, here: str, expected: dict[str, str]) -> None:
    found = replace(finding("syntax", span(file=file), problem="x"))
    (result,) = run_of(report(findings=(found,)), Workspace(here, "/w"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_fingerprints_do_not_depend_on_lines_and_differ() -> None:
    made = handmade.whole()
    found = problems(made)
    moved = [replace(p, span=replace(p.span, line=p.span.line + 7, end_line=p.span.end_line + 7)) for p in found]
    assert fingerprints(found) == fingerprints(moved)
    assert len(set(fingerprints(found))) == len(found)
    twice = fingerprints([found[0], found[0]])
    assert [print_.split(":")[1] for print_ in twice] == ["1", "2"]


def test_other_problems_do_not_change_a_fingerprint() -> None:
    found = problems(handmade.whole())
    assert fingerprints(found[3:]) == fingerprints(found)[3:]


# -- fixes -------------------------------------------------------------------------------------------------------------


FIXABLE = """\
theory tools {
  sort System
  predicate safe(s: System)
}
case c {
  use tools as th with System = Agent
  sort Agent
  assume a : foral s: Agent. th.safe(s) owner "x"
  goal g : forall s: Agent. tb.safe(s) and th.saef(s) by b
}
"""


def applied(text: str, fixes: list[Fix]) -> str:
    """The text with these replacements, none of which may span lines."""
    lines = text.split("\n")
    for fix in sorted(fixes, key=lambda fix: fix.span, reverse=True):
        line = lines[fix.span.line - 1]
        assert fix.span.line == fix.span.end_line
        lines[fix.span.line - 1] = line[: fix.span.column - 1] + fix.text + line[fix.span.end_column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("foral s: Agent", "forall s: Agent"),
        ("tb.safe", "th.safe"),
        ("th.saef", "th.safe"),
        ("use tool as", "use tools as"),
        ("with Sistem =", "with System ="),
    ],
)
def test_writing_what_is_proposed_mends_it(wrong: str, right: str) -> None:
    good = FIXABLE.replace("foral ", "forall ").replace("tb.", "th.").replace("saef", "safe").replace("by b", "by a")
    bad = good.replace(right, wrong, 1)
    assert bad != good
    found = checker.check_text(bad, folder=Path(__file__).parent).findings
    fixes = [one.fix for one in found if one.fix is not None]
    assert applied(bad, fixes) == good


def test_a_hint_with_a_choice_is_no_fix() -> None:
    text = 'case c { predicate abc1 predicate abc2 assume a : abc1 and abc2 owner "x" goal g : abc by a }\n'
    (found,) = checker.check_text(text).findings
    assert found.hint is not None
    assert " or " in found.hint
    assert found.fix is None


def test_fixes_are_in_sarif_and_json() -> None:
    made = checker.check_text(FIXABLE.replace("foral ", "forall "), name="x.case")
    fixed = [result for result in run_of(made)["results"] if "fixes" in result]
    texts = {r["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for r in fixed}
    assert texts == {"th.safe"}
    assert {f["fix"]["text"] for f in json.loads(made.to_json())["findings"] if f["fix"]} == texts


# -- hostile text ------------------------------------------------------------------------------------------------------


NASTY = [
    "::error::mine", "\n::set-output name=x::y", "\r\n::stop-commands::t", "##[error]x", "%0A::warning::x", "%", ",",
    ":", "@team", "user@example.com", "#12", "https://evil.example/x", "www.evil.example", "[a](https://evil.example)",
    "![i](https://evil.example/i.png)", "<script>", "<img src=x>", "</details>", "<!--", "-->", "`", "```", "~~~", "|",
    "\\", "\\|", "* x", "- x", "1. x", "1) x", "# x", "> x", "_x_", "**x**", "[x]: y", "[^1]", "&amp;", "&lt;b&gt;",
    "\x1b[2J", "\u202e", "\u2028", "\x00", "\ud800", "{0}", "{", "}", "](", "|---|", "$x$", "    code", "\t", "==",
    "---",
]  # fmt: skip
hostile = st.one_of(st.sampled_from(NASTY), st.text(max_size=20))
texts = st.lists(hostile, min_size=1, max_size=4).map(" ".join) | st.lists(hostile, min_size=1, max_size=4).map("".join)


@st.composite
def hostile_reports(draw: st.DrawFn) -> Report:
    """Reports of which every text is an attack. Not even names keep to the grammar."""
    one, two, three, four = (draw(texts) for _ in range(4))
    scenario = Scenario({three: (four,)}, (), tuple(draw(st.lists(texts, max_size=2))))
    mitigations = {four: MitigationReport(one, two, False, {})}
    found = replace(
        finding("invalid-step", span(1, 1, 2, file=three), about="g"), message=one, hint=two,
        related=(Related(span(file=four), three),), fix=Fix(span(1, 1, 2, file=three), four),
    )  # fmt: skip
    made = case(
        two,
        doc=one,
        passed=False,
        verdict="unproved",
        claims={
            "g": claim(goal=True, step="invalid", status="unproved", doc=two, cites=("a",), scenario=scenario),
            one: claim(goal=True, step="informal", status="unproved", doc=three, reason=four),
        },
        worries={
            two: worry(doc=three, scenario=scenario, mitigations=mitigations, cites=(one,)),
            three: worry(status="accepted", accepted=four),
        },
        assumptions={"a": assumption(doc=one, owner=two, backed=draw(st.booleans()))},
        rests_on=(two, three),
        findings=(found, replace(found, severity=Severity.NOTE)),
        span=span(file=draw(st.sampled_from([three, "x.case"]))),
    )
    return report(made, findings=draw(st.sampled_from([(), (found,)])))


COMMAND = re.compile(
    r"::(error|warning|notice) (file=[^:,\r\n]*,)?(line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?)?title=[^:,\r\n]*::"
)


@settings(max_examples=40)
@given(hostile_reports())
def test_no_text_is_a_command_of_its_own(made: Report) -> None:
    lines = github.render(made, HERE).split("\n")
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == sum(problem.lifted is None for problem in problems(made))
    assert all(COMMAND.match(line) for line in commands)
    assert lines[: len(commands)] == commands
    for line in lines:
        assert "##[" not in line
        assert not any(map(is_harmful, line))
        assert not re.search(r"%(?!25|0A|3A|2C)", line)
    for line in lines[len(commands) :]:
        assert re.fullmatch(r"[A-Za-z0-9 ,.:;]*", line)


@settings(max_examples=40)
@given(hostile_reports())
def test_sarif_of_any_text_is_valid(made: Report) -> None:
    text = sarif.render(made, HERE)
    text.encode("utf-8")
    assert not any(map(is_harmful, text.replace("\n", "")))
    log = json.loads(text)
    validator().validate(log)
    for result in log["runs"][0]["results"]:
        message = result["message"]["text"]
        assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", message), "it would be a link"
        assert not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}", message.replace("{{", "").replace("}}", "")), "a placeholder"


OURS = {"details", "summary", "code", "sub"}
ALLOWED = {
    "paragraph", "heading", "bullet_list", "list_item", "inline", "text", "softbreak", "code_inline", "strong",
    "html_block", "html_inline", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def kinds_of(text: str) -> Iterator[tuple[str, str]]:
    """Everything that Markdown makes of a text, with what it holds."""
    for token in MarkdownIt("gfm-like", {"html": True}).parse(text):
        for part in (token, *(token.children or ())):
            yield re.sub("_(open|close)$", "", part.type), part.content


@settings(max_examples=40)
@given(hostile_reports())
def test_no_text_is_anything_but_text_in_markdown(made: Report) -> None:
    text = markdown.render(made)
    assert not re.search(r"[^\S\n ]", text)
    rows = []
    for kind, content in kinds_of(text):
        assert kind in ALLOWED, (kind, content)
        rows.append(kind)
        if kind.startswith("html"):
            assert {tag.lower() for tag in re.findall(r"</?([A-Za-z]+)[^>]*>", content)} <= OURS
            assert not re.search(r"<(?!/?(details|summary|code|sub)>)", content)
        if kind == "text":
            assert not re.search(r"(?i)@\w|#\d|://|www\.", content), content
    assert rows.count("tr") == 2 * (1 + len(made.cases))
    assert rows.count("td") == 2 * 5 * len(made.cases)


@given(texts)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    (paragraph,) = [t for t in MarkdownIt("gfm-like").parse(f"x {escaped(text)}") if t.type == "inline"]
    shown = "".join(part.content for part in paragraph.children or ())
    plain = " ".join(visible(" ".join(text.split())).split())
    assert shown.replace("\u200b", "").strip() == f"x {plain}".strip()


@given(texts)
def test_a_message_is_told_without_doing_anything(text: str) -> None:
    for kind, _ in kinds_of(f"x {told(f'the name `{text}` is {text}')}"):
        assert kind in ("paragraph", "inline", "text", "code_inline", "softbreak")


def test_a_long_comment_is_cut_between_sections() -> None:
    many = {f"w{n}": worry(doc="long " * 200) for n in range(200)}
    text = markdown.render(report(case("c", passed=False, worries=many)))
    assert len(text) < 65_536
    assert text.count("<details>") == text.count("</details>") > 10
    assert "The rest is left out" in text


def test_a_long_table_is_cut_as_well() -> None:
    text = markdown.render(report(*(case(f"case_{n}" * 9, passed=False) for n in range(900))))
    assert len(text) < 65_536
    assert "The rest is left out" in text


def test_uris_hold_nothing_but_what_uris_may_hold() -> None:
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]*", uri("".join(map(chr, range(1, 0x800))) + "\ud800日"))


# -- the command -------------------------------------------------------------------------------------------------------


GOOD = """\
case good {
  predicate p
  predicate q
  assume a : p owner "x"
  assume b : p implies q owner "y"
  goal g : q by a, b
}
"""


def test_one_check_writes_several_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "cases"
    inner.mkdir()
    (inner / "bad.case").write_text(GOOD.replace("by a, b", "by a"), "utf-8")
    monkeypatch.chdir(inner)
    wanted = ["--also", "sarif=bad.sarif", "--also", "markdown=bad.md", "--also", "json=bad.json"]
    assert cli.main(["check", "--format", "github", *wanted]) == 1
    assert capsys.readouterr().out.startswith("::error file=cases/bad.case,line=6,endLine=6,")
    log = json.loads((inner / "bad.sarif").read_text("utf-8"))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "cases/bad.case"
    assert (inner / "bad.md").read_text("utf-8").startswith("## Safety case: `good` does not pass\n")
    assert json.loads((inner / "bad.json").read_text("utf-8"))["passed"] is False


@pytest.mark.parametrize("value", ["sarif", "sarif=", "=x", "docx=x", "sarif=-"])
def test_a_format_without_a_file_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--also", value]) == 2
    assert "is not a format and a file; write it like sarif=case.sarif" in capsys.readouterr().err


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, text in golden():
        (GOLDEN / name).write_text(text, "utf-8")
