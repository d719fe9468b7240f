"""The report as text: what it says, in which order, how it is laid out, and that no author can take over a terminal."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.findings import Finding, Severity, finding
from checker.render.beside import group
from checker.render.snippet import finding_lines, marked_line
from checker.render.text import render
from checker.render.wrap import Piece, Row, Style, columns, fold, paint, table, visible
from checker.report import CaseReport, MitigationReport, Scenario, Transition
from checker.source import Span
from tests import handmade
from tests.handmade import agent, assumption, case, claim, contradictory, misspelt, possible, probing, report, worry

GOLDEN = Path(__file__).parent / "golden"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def text_of(*cases: CaseReport, findings: tuple[Finding, ...] = (), width: int = 100, quiet: bool = False) -> str:
    return render(report(*cases, findings=findings, sources={handmade.FILE: handmade.SOURCE}), width=width, quiet=quiet)


def in_order(text: str, *parts: str) -> None:
    """All parts stand in the text, each behind the one before."""
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is not behind the others in:\n{text}"
        position = found + len(part)


# -- as a whole ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 100])
def test_the_whole_report_looks_as_it_did(width: int) -> None:
    """To take over a change that is meant, run this test with UPDATE_GOLDEN=1 and read what changed."""
    path = GOLDEN / f"report-{width}.txt"
    text = render(handmade.whole(), width=width)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_sections_stand_in_the_order_in_which_one_reads() -> None:
    in_order(
        text_of(agent()),
        "-- case coding_agent: conditional, does not pass",
        "deploy the agent to internal repositories",
        "agent 2.1 with the review gate",
        "Assumptions that the goals use",
        "linter_complete",
        "Goals",
        "conditional  deployable",
        "Open worries (1)",
        "run1 is harmful",
        "step1 is not harmful by itself",
        "ev.no_interaction  Harm never arises from harmless steps together.",
        "source: Automation collapse",
        "Answered worries",
        "dispelled  ev.unnoticed",
        "assumed    ev.gate",
        "accepted   ev.hidden_harm",
        "warning[worry-by-definition]",
        "2 claims: 2 machine-checked, 0 informal, 0 undeveloped",
        "4 worries: 1 dispelled, 1 assumed, 1 accepted, 1 open",
        "Checked 1 case: coding_agent does not pass; 1 warning.\n",
    )


def test_no_verdict_calls_anything_safe() -> None:
    sound = case("sound", claims={"g": claim(goal=True, used=("a",))}, assumptions={"a": assumption(doc="It is so.")})
    text = text_of(sound)
    assert "The goals are valid under these assumptions." in text
    assert "Checked 1 case: passes under its assumptions.\n" in text
    assert not re.search(r"\bsafe\b", render(handmade.whole()).replace("unproved  safe", ""))


def test_a_case_that_passes_while_living_with_something_says_with_what() -> None:
    settled = case(
        "c", verdict="conditional",
        claims={"g": claim(goal=True, status="conditional", rests_on=("w",))},
        worries={"w": worry(status="accepted", without_acceptance="open", accepted="we watch it", doc="It may rain.")},
        rests_on=("w",),
    )  # fmt: skip
    text = text_of(settled)
    in_order(text, "conditional, passes", "valid under these assumptions, living with w (accepted).")
    in_order(text, "accepted  w  It may rain.", "lived with: we watch it [open]")
    assert "does not pass" not in text


def test_the_frontier_of_what_a_goal_rests_on_comes_first() -> None:
    text = text_of(probing())
    assert "rests on ev.emergence (open); through this on deep (undeveloped)" in text
    assert "the goals rest on ev.emergence and deep" in text


def test_every_reason_not_to_pass_is_said() -> None:
    text = " ".join(text_of(probing()).split())
    assert "4 worries are not answered; ev.hazard and ev.other are not shown to be possible; there is 1 error." in text


def test_a_conditional_worry_counts_as_answered_only_on_accepted_things() -> None:
    hanging = worry(status="conditional", rests_on=("deep",), used=("deep",))
    undeveloped = claim(step="undeveloped", status="unproved")
    failing = case("c", verdict="established", passed=False, worries={"w": hanging}, claims={"deep": undeveloped})
    assert "1 worry is not answered" in text_of(failing)
    lived = replace(failing, claims={"deep": replace(undeveloped, accepted="for a month")})
    assert "not answered" not in text_of(lived)


def test_unbacked_informal_and_outdated_support_is_marked() -> None:
    text = text_of(probing())
    assert "a1  What is said is meant. [old is expired; nothing backs this]" in text
    assert "a2  Nothing else matters. [informal; adopted mitigation; owner somebody]" in text
    in_order(text, "Other assumptions: a3", "Axioms that the goals use", "ev.law  What is done is done.")
    in_order(text, "Evidence that does not count", "expired  old  A study")


def test_a_goal_without_assumptions_looks_like_one() -> None:
    in_order(text_of(case("c", claims={"g": claim(goal=True)})), "Assumptions that the goals use\n  none\n", "Goals")


def test_an_invalid_step_is_told_as_a_scenario() -> None:
    in_order(
        text_of(probing()),
        "step invalid: it does not follow from a1 and ev.emergence.",
        "- agent1 can be produced\n      - agent1 is not stopped by the evaluation step\n",
        "Claims that are not shown",
    )


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (claim(used=("a",), axioms=("x",)), "step valid, by a and x"),
        (claim(used=("a", "w"), barring=("w", "v")), "step valid, by a, barring w"),
        (claim(), "step valid, by definitions alone"),
        (claim(step="undetermined", reason="the time ran out"), "step undetermined: the time ran out"),
        (claim(step="informal"), "step informal: it has no formula"),
        (claim(step="undeveloped", accepted="for now"), "step undeveloped: it cites nothing\n    accepted: for now"),
        (claim(because="it was tried"), "because: it was tried"),
        (claim(step="invalid", cites=("a",)), "step invalid: it does not follow from a\n"),
    ],
)  # fmt: skip
def test_how_a_goal_fares(step: object, words: str) -> None:
    assert isinstance(step, type(claim()))
    assert words in text_of(case("c", claims={"g": replace(step, goal=True)}))


def test_an_open_worry_says_whether_it_has_an_answer() -> None:
    unanswered = worry(doc="It may rain.", scenario=Scenario({"Day": ("day1",)}, (), ()))
    assert "Nothing answers it, and the assumptions allow this:\n      - there is day1 (Day)" in text_of(
        case("c", passed=False, worries={"w": unanswered})
    )
    answered = replace(unanswered, cites=("a", "b"), scenario=Scenario({}, (), ()))
    assert "Its answer, by a and b, allows this all the same:\n      - nothing more needs to be so" in text_of(
        case("c", passed=False, worries={"w": answered})
    )


def test_adopted_mitigations_and_what_nobody_may_accept_are_marked() -> None:
    care = MitigationReport("Somebody takes care.", "true", adopted=True, attributes={})
    text = text_of(case("c", passed=False, worries={"w": worry(unacceptable=True, mitigations={"m": care})}))
    in_order(text, "unacceptable: whoever wrote it down wants an answer", "m (adopted)  Somebody takes care.")


def test_other_worries_say_why_they_have_no_answer() -> None:
    in_order(
        text_of(probing()),
        "refuted       ev.gate   The gate is open.",
        "it is shown to occur, by a1 and ev.law",
        "undetermined  ev.slow   It is slow.",
        "the time ran out",
        "informal      ev.vague  Something is off.",
        "known mitigations: ev.care",
    )


def test_impossible_things_name_their_conflict_and_values_are_shown() -> None:
    in_order(
        text_of(probing()),
        "unsatisfiable  ev.hazard  There is something to fear.",
        "ruled out by a1 and a2",
        "undetermined   ev.other",
        "Values",
        "au.level  = 2",
        "rate      is not fixed by the axioms and assumptions",
    )
    assert "Not shown to be possible" not in text_of(agent())
    assert "the definitions" in text_of(case("c", possible={"p": possible(status="unsatisfiable")}))


def test_contradictory_premises_void_everything() -> None:
    text = text_of(contradictory())
    in_order(
        text,
        "nothing here counts as shown",
        "These cannot all be true; leaving any one out, no conflict is shown",
        "yes  It does.",
        "no   It does not.",
        "from premises that contradict each other anything follows",
    )
    assert "step valid" not in text


def test_an_undecided_case_says_why() -> None:
    text = text_of(case("c", verdict="undetermined", passed=False, reason="the time ran out"))
    assert "Nothing here counts as shown: the time ran out." in text


def test_a_variant_stands_beside_its_base() -> None:
    in_order(
        text_of(probing()),
        "-- variant probing of coding_agent: unproved, does not pass",
        "Beside coding_agent",
        "declared anew: a1, a2",
        "dropped: gate_blocks",
        "no longer counted, as the meaning changed: only_diffs",
        "lost (3)",
        "conditional  ->  unproved     deployable",
        "dispelled    ->  conditional  ev.unnoticed",
        "gained (1)",
        "open  ->  dispelled  ev.fixed",
        "not shown in either (1)",
        "carried over (1)",
        "dispelled  ->  assumed  ev.same",
        "only in this variant (1)",
        "only in the base (1)",
        "established  ->  -  left",
    )


def test_what_fares_alike_shares_a_line_and_comes_last() -> None:
    alike = {"a": Transition("open", "open"), "b": Transition("open", "refuted"), "c": Transition("open", "open")}
    text = text_of(case("v", kind="variant", base="b", comparison=alike))
    in_order(text, "open  ->  refuted  b\n", "open  ->  open     a, c\n")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("established", "conditional", "lost"),
        ("accepted", "open", "lost"),
        ("assumed", "accepted", "lost"),
        ("unproved", "conditional", "gained"),
        ("undetermined", "dispelled", "gained"),
        ("dispelled", "assumed", "kept"),
        ("conditional", "accepted", "kept"),
        ("open", "refuted", "missing"),
        (None, "open", "new"),
        ("open", None, "gone"),
    ],
)
def test_what_became_of_something(before: str | None, after: str | None, key: str) -> None:
    assert group(Transition(before, after)) == key


# -- theories, several cases, quiet ----------------------------------------------------------------------------------


def test_theories_that_pass_take_a_line_each() -> None:
    text = text_of(handmade.theory("one"), handmade.theory("two"))
    assert text == (
        "-- theory one: established, passes (1 claim, 1 worry, 1 possible)\n"
        "-- theory two: established, passes (1 claim, 1 worry, 1 possible)\n"
        "\n"
        "Checked 2 theories: all pass.\n"
    )


def test_a_theory_that_fails_is_told_in_full() -> None:
    text = text_of(handmade.theory("leaky", passed=False))
    in_order(text, "-- theory leaky: unproved, does not pass", "Not shown: catches.", "- it leaks", "1 claim:")
    assert "Assumptions" not in text
    assert "worries" not in text


def test_quiet_leaves_out_what_passes_except_findings() -> None:
    noted = replace(case("fine"), findings=(finding("unused-assumption", handmade.span(6), about="spare"),))
    text = text_of(noted, agent(), handmade.theory(), quiet=True)
    assert "case fine" not in text
    assert "theory evaluation" not in text
    in_order(text, "-- case coding_agent", "nothing needs the assumption `spare`", "Checked 2 cases and 1 theory")


def test_the_summary_counts_and_says_when_input_was_bad() -> None:
    text = text_of(case("fine"), case("good"), findings=(misspelt(),))
    assert text.endswith(
        "Checked 2 cases: all pass under their assumptions, and something could not be read or understood; 1\nerror.\n"
    )
    assert text_of(findings=(misspelt(),)).endswith("\nNothing was checked; 1 error.\n")
    assert text_of() == "Nothing was checked.\n"


# -- findings --------------------------------------------------------------------------------------------------------


def shown(found: Finding, source: str, width: int = 100) -> list[str]:
    return [paint(line, color=False) for line in finding_lines(found, {found.span.file: source}, width)]


def test_a_finding_shows_its_line_with_the_place_marked() -> None:
    assert shown(misspelt(), handmade.SOURCE) == [
        "error[unknown-name]: `flaged` is not declared here",
        " --> examples/coding_agent.case:6:47",
        "  |",
        "6 |       ev.would(s, r) and ev.step_of(p, r) and flaged(p) implies ev.caught(s)",
        "  |                                               ^^^^^^",
        "  = hint: did you mean `flagged`?",
        "  = see: the case that it stands in",
        " --> examples/coding_agent.case:4:6",
        "  |",
        '4 | case coding_agent "A coding agent behind a review gate" {',
        "  |      ^^^^^^^^^^^^",
    ]


def test_the_numbers_of_lines_stand_below_each_other() -> None:
    found = replace(misspelt(), span=Span("f", 100, 1, 100, 2), related=(replace(misspelt().related[0]),))
    lines = shown(found, "\n" * 99 + "x")
    assert "100 | x" in lines
    assert "    |" in lines
    assert "   --> f:100:1" in lines


def test_a_finding_without_a_place_or_source_is_its_sentence() -> None:
    assert shown(finding("no-such-path", about="x"), "") == ["error[no-such-path]: there is no file or folder `x`"]
    assert [paint(line, color=False) for line in finding_lines(misspelt(), {}, 80)][1] == (
        " --> examples/coding_agent.case:6:47"
    )


def test_notes_are_short_and_stand_together() -> None:
    notes = tuple(finding("vacuous-worry", handmade.span(line), about=f"w{line}") for line in (1, 2))
    text = text_of(findings=notes)
    in_order(text, "`w1`", "--> examples/coding_agent.case:1:1\nnote[vacuous-worry]: the worry `w2`", "case:2:1\n\n")
    assert "|" not in text
    assert all(note.severity is Severity.NOTE for note in notes)


@pytest.mark.parametrize(
    ("line", "span", "text", "mark"),
    [
        ("ab cd", Span("f", 1, 4, 1, 6), "ab cd", "   ^^"),
        ("\tab", Span("f", 1, 2, 1, 4), "    ab", "    ^^"),
        ("a\tb", Span("f", 1, 3, 1, 4), "a   b", "    ^"),
        ("日本 x", Span("f", 1, 4, 1, 5), "日本 x", "     ^"),
        ("日本 x", Span("f", 1, 1, 1, 3), "日本 x", "^^^^"),
        ("e\u0301 x", Span("f", 1, 4, 1, 5), "e\u0301 x", "  ^"),
        ("\x1b[31m x", Span("f", 1, 7, 1, 8), "\\x1b[31m x", "         ^"),
        ("ab", Span("f", 1, 3, 1, 3), "ab", "  ^"),
        ("", Span("f", 1, 1, 1, 1), "", "^"),
        ("ab cd  ", Span("f", 1, 4, 3, 1), "ab cd", "   ^^"),
    ],
)
def test_the_mark_stands_below_the_place(line: str, span: Span, text: str, mark: str) -> None:
    assert marked_line(line, span, 80) == (text, mark)


def test_long_lines_are_cut_around_the_place() -> None:
    line = "a" * 100 + " here " + "z" * 100
    text, mark = marked_line(line, Span("f", 1, 102, 1, 106), 40)
    assert text[mark.index("^") :][: mark.count("^")] == "here"
    assert text.startswith("...a")
    assert text.endswith("z...")
    assert columns(text) == 40
    text, mark = marked_line(line, Span("f", 1, 3, 1, 300), 40)
    assert text == "a" * 37 + "..."
    assert mark == "  " + "^" * 35
    text, mark = marked_line(line, Span("f", 1, 207, 1, 207), 40)
    assert text.startswith("...")
    assert mark.index("^") == len(text)


@given(
    st.text(st.sampled_from("ab 日\u0301\t\x1b\u202e"), max_size=120),
    st.integers(1, 130),
    st.integers(0, 20),
    st.integers(20, 90),
)
def test_marks_fit_below_any_line(line: str, column: int, length: int, width: int) -> None:
    text, mark = marked_line(line, Span("f", 1, column, 1, column + length), width)
    assert re.fullmatch(r" *\^+", mark)
    assert columns(text) <= width
    assert columns(mark) <= width + 1
    begin = column - 1
    if begin < len(line) and not unicodedata.combining(line[begin]) and line[begin] != "\t":
        place = len(mark) - len(mark.lstrip(" "))
        at = next(i for i in range(len(text) + 1) if columns(text[:i]) >= place)
        wanted = visible(line[begin])
        left = text[at:].lstrip("\u0301")
        # Zero-width marks belong to the column before; spaces at the end of a line are not shown.
        assert left.startswith((wanted, "...")) or wanted == " " or not left


# -- terminals -------------------------------------------------------------------------------------------------------

HOSTILE = "\x1b[2J\x07\x9b31m\u202eevil\u2066\x00\ud800\u2028\x7f"


def poisoned() -> CaseReport:
    """A case in which everything that an author writes is hostile."""
    return case(
        HOSTILE, kind="variant", base=HOSTILE, verdict="conditional", passed=False, doc=HOSTILE,
        scope={HOSTILE: HOSTILE}, sources=(HOSTILE,),
        claims={
            HOSTILE: claim(goal=True, doc=HOSTILE, because=HOSTILE, used=(HOSTILE,), rests_on=(HOSTILE,)),
            "told": claim(step="informal", status="unproved", reason=HOSTILE, formula=HOSTILE, accepted=HOSTILE),
        },
        worries={
            HOSTILE: worry(
                doc=HOSTILE, cites=(HOSTILE,), scenario=Scenario({}, (), (HOSTILE,)), attributes={HOSTILE: HOSTILE},
                mitigations={HOSTILE: MitigationReport(HOSTILE, HOSTILE, adopted=False, attributes={})},
                against=(HOSTILE,),
            ),
            "slow": worry(status="undetermined", reason=HOSTILE),
            "lived": worry(status="accepted", accepted=HOSTILE, because=HOSTILE),
        },
        possible={HOSTILE: possible(status="unsatisfiable", doc=HOSTILE, conflict=(HOSTILE,))},
        assumptions={HOSTILE: assumption(doc=HOSTILE, owner=HOSTILE, evidence=(HOSTILE,))},
        shows={HOSTILE: HOSTILE}, rests_on=(HOSTILE,), conflict=(HOSTILE,),
        replaced=(HOSTILE,), dropped=(HOSTILE,), changed=(HOSTILE,), comparison={HOSTILE: Transition("open", "open")},
        findings=(replace(misspelt(), message=HOSTILE, hint=HOSTILE, span=Span(HOSTILE, 1, 2, 1, 5)),),
        span=Span(HOSTILE, 1, 1, 1, 1),
    )  # fmt: skip


def test_nothing_an_author_writes_reaches_the_terminal_raw() -> None:
    run = report(poisoned(), sources={HOSTILE: HOSTILE})
    text = render(run, width=80, color=True)
    assert "\\x1b[2J\\x07\\x9b31m\\u202eevil" in text
    plain = ESCAPE.sub("", text)
    harmful = [c for c in plain if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert harmful == []
    assert text.encode("utf-8")


def test_painting_lets_nothing_through_by_itself() -> None:
    assert paint([Piece("\x1b[31m"), Piece("x", Style.BAD)], color=True) == "\\x1b[31m\x1b[1;31mx\x1b[0m"


def test_colour_changes_nothing_but_colour() -> None:
    for width in (60, 100):
        coloured = render(handmade.whole(), width=width, color=True)
        assert ESCAPE.sub("", coloured) == render(handmade.whole(), width=width)
        assert len(ESCAPE.findall(coloured)) > 50
    assert "\x1b" not in render(handmade.whole())


@pytest.mark.parametrize("width", [40, 57, 60, 72, 80, 100, 120])
def test_lines_are_as_narrow_as_asked(width: int) -> None:
    for line in render(handmade.whole(), width=width).splitlines():
        assert columns(line) <= width or re.fullmatch(r" *-->.*", line), line
        assert line == line.rstrip()


def test_widths_beyond_reason_are_put_right() -> None:
    assert render(handmade.whole(), width=1) == render(handmade.whole(), width=40)
    assert render(handmade.whole(), width=9_999) == render(handmade.whole(), width=120)


WORDS = st.text(st.sampled_from("abc日 \u0301\n\t\x1b"), max_size=80)


@given(st.lists(st.tuples(WORDS, st.sampled_from(Style)), max_size=6), st.integers(12, 60), st.integers(0, 3))
def test_folding_keeps_the_words_and_the_width(parts: list[tuple[str, Style]], width: int, indent: int) -> None:
    lines = fold([Piece(*part) for part in parts], width, first=[Piece(" " * indent)])
    told = "".join(paint(line, color=False) for line in lines)
    given_text = "".join(text for text, _ in parts)
    assert told.replace(" ", "") == visible(re.sub(r"[ \t\n]", "", given_text))
    for line in lines:
        assert columns(paint(line, color=False)) <= width


def test_folding_breaks_between_words_and_indents() -> None:
    lines = fold("one two three four", 12, first=[Piece("- ", Style.FAINT)])
    assert [paint(line, color=False) for line in lines] == ["- one two", "  three four"]
    lines = fold([Piece("`x"), Piece("`", Style.BAD), Piece(", y")], 4)
    assert [paint(line, color=False) for line in lines] == ["`x`,", "y"]


def test_tables_put_text_below_where_there_is_no_room_beside() -> None:
    rows = [Row([Piece("a" * 30)], ["some text", "more"])]
    assert [paint(line, color=False) for line in table(rows, 40)] == [
        "  " + "a" * 30,
        "      some text",
        "      more",
    ]
    assert [paint(line, color=False) for line in table(rows, 80)] == [
        "  " + "a" * 30 + "  some text",
        " " * 34 + "more",
    ]
