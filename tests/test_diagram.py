"""The argument as a picture: what is in it, and that DOT, Mermaid and SVG say it whatever the text."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.diagram import Diagram, Edge, Node, Notation, cases_first, diagram
from checker.render.dot import dot
from checker.render.figure import MOST_BOXES, TooLargeError, figure, text_width, wrapped
from checker.render.mermaid import mermaid, quoted
from checker.render.svg import alone
from checker.render.wrap import visible
from checker.report import CaseReport
from tests import handmade
from tests.arguments import HOSTILE, hostile, large

GOLDEN = Path(__file__).parent / "golden"
NOTATIONS: tuple[Notation, ...] = ("gsn", "cae")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(case: CaseReport, notation: Notation = "gsn") -> tuple[dict[str, Node], set[Edge]]:
    found = diagram(case, notation)
    return {node.key: node for node in found.nodes}, set(found.edges)


# -- what is in it -----------------------------------------------------------------------------------------------------


def test_the_example_as_a_picture() -> None:
    nodes, edges = drawn(handmade.agent())
    assert [(node.key, node.kind, node.verdict, node.tone) for node in nodes.values()] == [
        ("deployable", "goal", "conditional", "fair"),
        ("ev.catches_unsafe", "claim", "conditional", "fair"),
        ("the scope", "scope", "scope", "plain"),
        ("ev.hidden_harm", "worry", "accepted", "fair"),
        ("ev.emergence", "worry", "open", "bad"),
        ("ev.unnoticed", "worry", "dispelled", "good"),
        ("argument for ev.unnoticed", "argument", "answer", "good"),
        ("ev.gate", "worry", "assumed", "good"),
        ("linter_complete", "assumption", "assumed", "plain"),
        ("only_diffs", "assumption", "assumed", "plain"),
        ("gate_blocks", "assumption", "assumed", "plain"),
        ("study", "evidence", "current", "plain"),
    ]
    assert edges == {
        Edge("deployable", "the scope", "in_context_of"),
        Edge("deployable", "ev.catches_unsafe", "supported_by"),
        Edge("ev.catches_unsafe", "ev.hidden_harm", "challenges"),
        Edge("ev.catches_unsafe", "ev.emergence", "challenges"),
        Edge("ev.catches_unsafe", "ev.unnoticed", "challenges"),
        Edge("ev.catches_unsafe", "ev.gate", "challenges"),
        Edge("ev.unnoticed", "argument for ev.unnoticed", "challenges"),
        Edge("argument for ev.unnoticed", "linter_complete", "in_context_of"),
        Edge("argument for ev.unnoticed", "only_diffs", "in_context_of"),
        Edge("ev.gate", "gate_blocks", "challenges"),
        Edge("linter_complete", "study", "supported_by"),
        Edge("gate_blocks", "study", "supported_by"),
    }


def test_cae_has_an_argument_between_each_claim_and_what_it_cites() -> None:
    nodes, edges = drawn(handmade.agent(), "cae")
    assert nodes["argument for deployable"].verdict == "step valid"
    assert Edge("argument for deployable", "ev.catches_unsafe", "supported_by") in edges
    assert not [edge for edge in edges if edge.kind == "supported_by" and nodes[edge.upper].kind == "goal"
                and nodes[edge.lower].kind != "argument"]  # fmt: skip


def test_what_a_proof_does_not_need_is_told_apart() -> None:
    claim = handmade.claim(goal=True, cites=("a", "b"), barring=("w",), used=("a",), unused=("b", "w"), axioms=("law",))
    _, edges = drawn(
        handmade.case(
            "c", claims={"g": claim}, worries={"w": handmade.worry()},
            assumptions={"a": handmade.assumption(), "b": handmade.assumption()},
            axioms={"law": handmade.probing().axioms["ev.law"]},
        )
    )  # fmt: skip
    assert {(edge.lower, edge.used) for edge in edges} == {("a", True), ("b", False), ("w", False), ("law", True)}


def test_what_is_not_shown_is_never_good() -> None:
    nodes, _ = drawn(handmade.probing())
    assert {nodes[name].tone for name in ("deployable", "deep", "hard", "ev.gate", "ev.slow", "ev.vague", "old")} == {
        "bad"
    }
    assert nodes["told"].verdict == "unproved, accepted"
    assert nodes["told"].tone == "fair"
    assert nodes["a1"].verdict == "assumed, nothing backs it"
    assert nodes["a2"].verdict == "informal"
    assert nodes["deep"].undeveloped


def test_what_shows_that_a_worry_occurs_does_not_answer_it() -> None:
    _, edges = drawn(handmade.probing())
    assert {edge for edge in edges if edge.upper == "ev.gate"} == {
        Edge("ev.gate", "a1", "in_context_of"),
        Edge("ev.gate", "ev.law", "in_context_of"),
    }


@pytest.mark.parametrize("verdict", ["inconsistent", "undetermined"])
def test_nothing_counts_if_the_premises_may_contradict_each_other(verdict: str) -> None:
    case = replace(handmade.agent(), verdict=verdict)  # type: ignore[arg-type]
    for notation in NOTATIONS:
        nodes, _ = drawn(case, notation)
        assert "good" not in {node.tone for node in nodes.values()}
        assert nodes["ev.unnoticed"].verdict == "dispelled, which counts for nothing here"


def test_cases_come_before_theories() -> None:
    cases = [handmade.theory(), handmade.agent(), handmade.probing()]
    assert [case.name for case in cases_first(cases)] == ["coding_agent", "probing", "evaluation"]


# -- how it is written -------------------------------------------------------------------------------------------------


def written(case: CaseReport) -> dict[str, str]:
    """A case in all languages and notations, by file names."""
    found = {}
    for notation in NOTATIONS:
        one = [diagram(case, notation)]
        found[f"{notation}.dot"] = dot(one, notation)
        found[f"{notation}.mmd"] = mermaid(one, notation)
        found[f"{notation}.svg"] = alone([figure(one[0], notation)])
    return found


@pytest.mark.parametrize("name", sorted(written(handmade.agent())))
def test_the_example_is_drawn_as_it_should(name: str) -> None:
    golden = GOLDEN / "pictures" / name
    assert written(handmade.agent())[name] == golden.read_text("utf-8"), "python -m tests.test_diagram, and look at it"


@cache
def many() -> list[Diagram]:
    """Diagrams with everything in them that there can be."""
    cases = [*handmade.whole().cases, *hostile().cases]
    return [diagram(case, notation) for case in cases for notation in NOTATIONS]


def test_dot_has_one_statement_a_line_whatever_the_text() -> None:
    string = r"\"(?:[^\"\\]|\\.)*\""
    value = rf"(?:{string}|[\w.]+)"
    attributes = rf"\[\w+={value}(?:, \w+={value})*\]"
    found = many()
    lines = dot(found, "gsn").splitlines()
    for line in lines:
        assert re.fullmatch(
            rf"digraph argument {{|}}|  }}|  (?:graph|node|edge) {attributes};|  subgraph cluster_\d+ {{"
            rf"|    label={string};|    {string} {attributes};|    {string} -> {string} {attributes};",
            line,
        ), line
    extra = sum(node.undeveloped for one in found for node in one.nodes)
    assert len([line for line in lines if " -> " in re.sub(string, "x", line)]) == extra + sum(
        len(d.edges) for d in found
    )


def unescaped(label: str) -> str:
    """What Graphviz shows for a label in quotes: escapes first, then entities."""
    assert label[0] == label[-1] == '"'
    return html.unescape(re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], label[1:-1]))


@given(st.text(max_size=60))
def test_dot_shows_any_text_as_it_is(text: str) -> None:
    from checker.render.dot import quoted as in_dot

    assert unescaped(in_dot(text)) == visible(text)


@given(st.text(max_size=60))
def test_mermaid_gets_no_character_that_means_something(text: str) -> None:
    found = quoted(text)
    assert found[0] == found[-1] == '"'
    assert re.fullmatch(r"(?:[\w ,.]|#\d+;)*", found[1:-1])
    assert "_" not in found
    shown = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), found[1:-1])
    assert shown == re.sub(r"\$(?=\$)", "$ ", visible(text))


def test_mermaid_has_one_statement_a_line_whatever_the_text() -> None:
    for line in mermaid(many(), "gsn").splitlines():
        assert re.fullmatch(
            r"flowchart TB|    direction TB|  end"
            r"|  classDef \w+ [\w#:,-]+;|  subgraph g\d+\[\"[^\"]*\"\]|    class g\d+n\d+ \w+"
            r"|    g\d+n\d+[\[({/]+\"[^\"]*\"[\])}/]+|    g\d+n\d+u\{\"undeveloped\"\}|    g\d+n\d+ --- g\d+n\d+u"
            r"|    g\d+n\d+ (?:-->|--o|-\.-)(?:\|[\w ]+\|)? g\d+n\d+",
            line,
        ), line


def test_svg_is_well_formed_and_inert_whatever_the_text() -> None:
    allowed = {"svg", "title", "style", "rect", "defs", "marker", "path", "text", "g", "ellipse"}
    root = ET.fromstring(alone([figure(one, "gsn") for one in many()]).encode())
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert "url(" not in value or name.startswith("marker-")
    assert any("window.pwned" in (element.text or "") for element in root.iter(f"{SVG}title"))
    assert "\u202e" not in ET.tostring(root, encoding="unicode")


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
@settings(max_examples=25)
def test_svg_is_well_formed_for_any_text(texts: list[str]) -> None:
    nodes = tuple(Node(f"n{number}", "claim", f"n{number}", text, "good", text) for number, text in enumerate(texts))
    root = ET.fromstring(alone([figure(Diagram("c", texts[0], nodes, ()), "gsn")]).encode())
    assert len([one for one in root.iter(f"{SVG}g") if one.get("class", "").startswith("box ")]) == len(texts)


def test_boxes_can_be_named_and_their_verdict_is_a_word() -> None:
    root = ET.fromstring(alone([figure(diagram(handmade.agent(), "gsn"), "gsn")]).encode())
    boxes = [one for one in root.iter(f"{SVG}g") if one.get("role")]
    told = [one.get("aria-label", "") for one in boxes]
    assert "worry: open. ev.emergence. Every step is harmless and the whole trajectory is not." in told
    assert all(one.find(f"{SVG}title") is not None for one in boxes)
    assert all(one.find(f"{SVG}path[@class='sign']") is not None for one in boxes)


@given(st.text(max_size=80), st.floats(60, 300))
def test_wrapped_lines_fit_and_lose_nothing(text: str, room: float) -> None:
    lines = list(wrapped(text, "text", room))
    assert all(len(line) == 1 or text_width(line, "text") <= room for line in lines)
    kept = visible(text.replace("\n", " ").replace("\t", " "))
    assert "".join("".join(lines).split()) == "".join(kept.split())


def test_two_hundred_boxes_do_not_overlap() -> None:
    for notation in NOTATIONS:
        found = figure(diagram(large(), notation), notation)
        assert len(found.boxes) >= 200
        for a, b in combinations(found.boxes, 2):
            apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
            assert apart, (a.node.key, b.node.key)
        assert max(found.width, found.height) < 4 * min(found.width, found.height)


def test_what_nobody_could_read_is_not_drawn() -> None:
    nodes = tuple(Node(f"n{number}", "claim", None, "", "good", "") for number in range(MOST_BOXES + 1))
    with pytest.raises(TooLargeError, match="1,501 boxes"):
        figure(Diagram("c", "c", nodes, ()), "gsn")


def test_text_is_the_same_every_time() -> None:
    assert written(large(60)) == written(large(60))
    assert HOSTILE not in dot(many(), "gsn")


if __name__ == "__main__":
    (GOLDEN / "pictures").mkdir(exist_ok=True)
    for name, text in written(handmade.agent()).items():
        (GOLDEN / "pictures" / name).write_text(text, "utf-8")
