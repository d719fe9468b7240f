"""The page for reviewers as text: what it says, that its policy fits it, and that its links lead somewhere."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from checker.render.page import page, web_address
from checker.report import CaseReport
from tests import handmade
from tests.arguments import HOSTILE, hostile

VOID = frozenset(["meta", "link", "input", "br", "img"])


class Read(HTMLParser):
    """A page as it is read: its elements, its text, and that every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self.told = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("dt", "dd", "li", "p", "summary", "div"):
            self.told += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            self.inside[self._open[-1]] = data
        elif "svg" not in self._open:
            self.told += data

    @property
    def text(self) -> str:
        return " ".join(self.told.split())

    def all(self, attribute: str) -> list[str]:
        return [value for _, found in self.elements if (value := found.get(attribute)) is not None]


@cache
def read(which: str) -> Read:
    return Read(page({"whole": handmade.whole, "hostile": hostile}[which]()))


def of(*cases: CaseReport) -> Read:
    return Read(page(handmade.report(*cases)))


# -- what it says ------------------------------------------------------------------------------------------------------


def test_it_opens_with_what_the_verdict_amounts_to() -> None:
    text = of(handmade.agent()).text
    assert "Conditional, does not pass" in text
    assert (
        "The goals are valid under these assumptions only if what they rest on turns out well: ev.emergence (open)"
        in text
    )
    assert "It does not pass: the goals rest on ev.emergence; 1 worry is not answered." in text
    assert "deploy the agent to internal repositories" in text
    assert "2 claims 2 machine-checked" in text


def test_a_claim_is_told_in_words_and_symbols_with_its_premises() -> None:
    text = of(handmade.agent()).text
    assert (
        "For every agent s: if the scheme can produce s and deploying s would be unsafe then the evaluation stops s"
        in text
    )
    assert "forall s: Agent. ev.produced(s) and ev.unsafe(s) implies ev.caught(s)" in text
    assert "step valid It follows from the premises that are marked as needed." in text
    assert "ev.catches_unsafe claim, needed" in text
    assert "Rests on ev.emergence (open), ev.hidden_harm (accepted)" in text
    assert "examples/coding_agent.case:63:3" in text


def test_what_has_no_proof_has_no_premise_that_it_needs_or_not() -> None:
    text = of(handmade.probing()).text
    assert "Premises a1 assumption ev.emergence taken for granted not to occur Rests on" in text
    assert "not needed" not in text
    idle = handmade.claim(goal=True, cites=("a", "b"), used=("a",), unused=("b",))
    case = handmade.case("c", claims={"g": idle}, assumptions={n: handmade.assumption() for n in "ab"})
    assert "Premises a assumption, needed b assumption, not needed" in of(case).text


def test_the_register_tells_what_answers_a_worry_what_mends_it_and_where_it_is_from() -> None:
    text = of(handmade.agent()).text
    assert "Nothing answers it, and the assumptions allow this: run1 is harmful step1 is a step of run1" in text
    assert "Known mitigations ev.no_interaction Harm never arises from harmless steps together." in text
    assert "A run is harmful only if one of its steps is." in text
    assert "source Automation collapse (UK AISI), section 4.2" in text
    assert "Answered by linter_complete assumption, needed only_diffs assumption, needed" in text
    assert "Lived with Side effects outside the repository are covered by the sandbox case." in text
    assert "owner head of assurance, until 2027-01-01" in text
    headings = re.findall(r"(Open|Accepted|Assumed away|Dispelled) 1", text)
    assert headings == ["Open", "Accepted", "Assumed away", "Dispelled"]


def test_assumptions_have_evidence_owner_and_expiry() -> None:
    case = handmade.agent()
    study = replace(case.evidence["study"], attributes={"file": "study.json", "until": "2027-04-01"})
    text = of(replace(case, evidence={"study": study})).text
    assert "linter_complete The linter objects to every harmful change that it sees. evidence study" in text
    assert "Owner platform security" in text
    assert "Evidence study current until 2027-04-01 Used by ev.unnoticed" in text
    assert "file study.json" in text


def test_everything_else_that_a_report_holds_is_told() -> None:
    text = read("whole").text
    for said in (
        "It does not follow from a1 and ev.emergence.",
        "All that it cites can hold, and the claim fails: agent1 can be produced",
        "Nothing is argued for it: it cites nothing.",
        "No machine can check it: it has no formula.",
        "Whether it follows was not decided: the solver's budget ran out.",
        "Shown by a1",
        "Unacceptable: whoever wrote it down wants an answer.",
        "Against deployable",
        "there is agent1 (Agent)",
        "assumed, nothing backs it",
        "old expired",
        "Ruled out by a1, a2",
        "au.level = 2 rate is not fixed by the axioms and assumptions",
        "Beside coding_agent",
        "declared anew: a1, a2",
        "What cannot all be true Leaving any one of these out, no conflict is shown. yes no",
        "From premises that contradict each other anything follows.",
        "error `flaged` is not declared here unknown-name",
        "Hint: did you mean `flagged`?",
        "See examples/coding_agent.case:4:6: the case that it stands in",
        "with System = Agent, flagged = blocked",
        "axiom ev.law What is done is done.",
    ):
        assert said in text, said


@pytest.mark.parametrize("which", ["whole", "hostile"])
def test_it_never_says_that_anything_is_safe(which: str) -> None:
    said = re.sub(r"never says that a system is safe", "", read(which).text)
    assert not re.search(r"\b(?:is|are|was) safe\b", said)


def test_what_does_not_count_is_not_shown_as_if_it_did() -> None:
    case = replace(handmade.agent(), verdict="undetermined", reason="it took too long", passed=False)
    found = of(case)
    assert "Nothing here counts as shown: it took too long." in found.text
    assert "established, which counts for nothing here" not in found.text
    assert "conditional, which counts for nothing here" in found.text
    classes = {name for told in found.all("class") for name in told.split() if told.startswith(("chip", "box"))}
    assert "good" in classes, "evidence and possibilities stand by themselves"
    assert not [
        told for told in found.all("class") if re.match(r"box (?:goal|claim|argument|worry) (?:good|fair)", told)
    ]


def test_sets_of_repairs_are_told() -> None:
    from checker.report import PremiseSets

    case = handmade.agent()
    worry = replace(
        case.worries["ev.emergence"], fixes=PremiseSets((("a", "b"), ("ev.no_interaction",)), complete=False)
    )
    claim = replace(case.claims["deployable"], suffice=PremiseSets((("ev.catches_unsafe",),), complete=True))
    text = of(replace(case, worries={**case.worries, "ev.emergence": worry}, claims={"deployable": claim})).text
    assert "It would be closed by any of a, b ev.no_interaction and perhaps others" in text
    assert "Enough is any of ev.catches_unsafe" in text


def test_cases_come_before_theories_and_a_file_of_several_has_a_list_of_them() -> None:
    found = of(handmade.theory(), handmade.agent())
    assert found.text.index("case coding_agent") < found.text.index("theory evaluation")
    assert "#c0-top" in found.all("href")
    assert "#c1-top" in found.all("href")


def test_a_picture_that_nobody_could_read_is_left_out() -> None:
    names = [f"n{number}" for number in range(1600)]
    text = of(handmade.case("c", evidence={name: handmade.agent().evidence["study"] for name in names})).text
    assert "The argument is too large for a picture that anybody could read." in text


# -- what it is --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["whole", "hostile"])
def test_links_lead_somewhere_and_ids_are_there_once(which: str) -> None:
    found = read(which)
    ids = found.all("id")
    assert len(ids) == len(set(ids))
    for target in found.all("href"):
        assert target == "data:," or target.removeprefix("#") in ids, target
    for attribute in ("for", "aria-labelledby"):
        for value in found.all(attribute):
            assert value in ids
    for value in [*found.all("marker-end"), *found.all("marker-start")]:
        assert value.removeprefix("url(#").removesuffix(")") in ids


@pytest.mark.parametrize("which", ["whole", "hostile"])
def test_the_policy_allows_what_the_page_holds_and_nothing_else(which: str) -> None:
    found = read(which)
    (policy,) = [one["content"] for tag, one in found.elements if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest(found.inside['style'])}'; "
        f"script-src 'sha256-{digest(found.inside['script'])}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert [tag for tag, _ in found.elements].count("script") == 1
    for tag, attributes in found.elements:
        assert tag not in ("img", "iframe", "object", "embed", "base", "video", "audio", "image", "use", "animate")
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
    # The policy comes before anything that it is about.
    assert [tag for tag, _ in found.elements][:4] == ["html", "head", "meta", "meta"]


def test_hostile_text_is_told_as_it_is() -> None:
    text = read("hostile").text
    assert "<script>window.pwned = 1</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert "\\x1b[31m\\u202eevil\\u202c\\x00" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page(hostile()))
    assert HOSTILE not in page(hostile())


def test_only_addresses_of_the_web_become_links() -> None:
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    for text in (
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        "//example.org",
        "http://\u202eevil",
        "see https://x",
    ):
        assert web_address(text) is None
    case = handmade.agent()
    study = replace(case.evidence["study"], attributes={"url": "https://example.org/study", "note": "javascript:x"})
    found = of(replace(case, evidence={"study": study}))
    assert [target for target in found.all("href") if not target.startswith(("#", "data:"))] == [
        "https://example.org/study"
    ]


def test_it_is_the_same_every_time_and_small() -> None:
    text = page(handmade.report(handmade.agent()))
    assert text == page(handmade.report(handmade.agent()))
    assert len(text) < 80_000
    assert "\r" not in text
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert text.endswith("</html>\n")


def test_the_bytes_do_not_depend_on_the_order_of_hashes() -> None:
    script = (
        "import sys; from tests import handmade; from checker.render.page import page; print(page(handmade.whole()))"
    )
    written = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        written.add(done.stdout)
    assert len(written) == 1
