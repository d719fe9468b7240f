"""A specification is not trusted.

It reads nothing that is none of its business, writes nothing, runs nothing, and takes no more time and memory than it
may.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
import tracemalloc
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import networkx as nx
import pytest

import checker
from checker import discharge, evidence, load, logic, model, pipeline, settings
from checker.case import Assumption, Case
from checker.cli import main
from checker.entailment import Answer, Limits, Question
from checker.graph import Argument
from checker.load import Loader
from checker.render.text import render
from checker.report import Report
from checker.resolve.modules import Resolver
from tests.fuzz.target import undecided
from tests.test_bad_inputs import judged, many, places
from tests.test_z3_library import run

TODAY = date(2026, 11, 24)
SECRET = "do_not_show_this"
GOOD = judged("")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that is also the current folder, beside a file that is none of its business."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.case").write_text(f"case {SECRET}")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "pyproject.toml").touch()
    monkeypatch.chdir(inside)
    return Path()


def check(*paths: str) -> Report:
    return checker.check(paths or ".", today=TODAY)


def shown(report: Report) -> str:
    """All that anybody gets to see of a report."""
    return render(report, width=100) + report.to_json()


def codes(report: Report) -> list[str]:
    return sorted(code for code, _, _ in places(report))


# -- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [".", "a.case", "sub", "sub/../a.case"])
def test_a_link_out_of_the_workspace_is_not_followed(folder: Path, named: str) -> None:
    (folder / "sub").mkdir()
    for link in (folder / "a.case", folder / "sub" / "a.case"):
        link.symlink_to((folder / ".." / "outside" / "secret.case").resolve())
    report = check(named)
    assert set(codes(report)) == {"unreadable"}
    assert SECRET not in shown(report)


def test_a_link_within_the_workspace_is_followed(folder: Path) -> None:
    (folder / "good.txt").write_text(GOOD)
    (folder / "a.case").symlink_to("good.txt")
    assert check("a.case").passed


def test_a_link_to_a_folder_is_not_searched(folder: Path) -> None:
    (folder / "a.case").write_text(GOOD)
    (folder / "away").symlink_to("../outside")
    (folder / "round").symlink_to(".")
    report = check(".")
    assert [case.name for case in report.cases] == ["c"]
    assert report.passed


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("../outside/secret.case", "import-outside"),
        ("sub/../../outside/secret.case", "import-outside"),
        ("link.case", "import-outside"),
        ("away/secret.case", "import-outside"),
        ("notes.txt", "import-no-case"),
        ("notes.case", "import-no-case"),
        (".git/config", "import-no-case"),
        ("pipe.case", "missing-import"),
        ("sub", "import-no-case"),
        ("sub.case", "missing-import"),
        ("/dev/zero", "import-outside"),
        ("x" * 300 + ".case", "missing-import"),
        ("a.case/b.case", "missing-import"),
        ("a\\nb.case", "missing-import"),
    ],
)
def test_what_an_import_does_not_reach(folder: Path, line: str, code: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub.case").mkdir()
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(SECRET)
    (folder / "notes.txt").write_text(SECRET)
    (folder / "notes.case").symlink_to("notes.txt")
    (folder / "link.case").symlink_to("../outside/secret.case")
    (folder / "away").symlink_to("../outside")
    os.mkfifo(folder / "pipe.case")
    (folder / "a.case").write_text(f'import "{line}"\n{GOOD}')
    report = check("a.case")
    assert codes(report) == [code]
    assert SECRET not in shown(report)
    assert (report.cases, report.exit_status) == ((), 2)


def test_pipes_and_devices_are_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.case")
    os.mkfifo(folder / "pipe")
    (folder / "zero.case").symlink_to("/dev/zero")
    (folder / "zero").symlink_to("/dev/zero")
    uses = many(2, lambda n: f'evidence e{n} {{ file "{("pipe", "zero")[n]}" sha256 "{"0" * 64}" }}')
    (folder / "a.case").write_text(judged(f"{uses} assume c : r by e0, e1"))
    report = check("pipe.case", "zero.case", "a.case")
    assert codes(report).count("unreadable") == 1  # both stand at the beginning of their files
    assert {"missing-evidence", "evidence-outside"} <= set(codes(report))


def test_a_file_that_becomes_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        load.open_regular(folder / "pipe")


def test_evidence_is_hashed_in_little_memory_and_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "large").open("wb") as stream:
        stream.truncate(200_000_000)
    times: list[Path] = []

    def counted(path: Path) -> str:
        times.append(path)
        return evidence.digest_of(path)

    monkeypatch.setattr(pipeline, "digest_of", counted)
    pieces = many(5, lambda n: f'evidence e{n} {{ file "large" sha256 "{"0" * 64}" }}')
    (folder / "a.case").write_text(judged(f"{pieces}\nassume c : r by {many(5, 'e{}'.format, ', ')}"))
    tracemalloc.start()
    try:
        report = check("a.case")
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert len(times) == 1
    assert {code for code in codes(report) if "evidence" in code} == {"altered-evidence"}


def test_evidence_of_any_size_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MAX_BYTES", 10)
    (folder / "large").write_text("eleven bytes")
    (folder / "a.case").write_text(judged(f'evidence e {{ file "large" sha256 "{"0" * 64}" }} assume c : r by e'))
    report = check("a.case")
    assert "unreadable-evidence" in codes(report)
    assert "it is larger than 10 bytes" in shown(report)


def test_files_are_limited_in_number_and_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(8):
        (folder / f"f{n}.case").write_text(GOOD.replace("case c", f"case c{n}"))
    assert check().passed
    monkeypatch.setattr(load, "MAX_FILES", 7)
    report = check()
    assert (codes(report), len(report.cases), report.exit_status) == (["too-many"], 7, 2)
    monkeypatch.setattr(load, "MAX_FILES", 8)
    monkeypatch.setattr(load, "MAX_BYTES_IN_ALL", 7 * len(GOOD) + 100)
    report = check()
    assert (codes(report), len(report.cases), report.exit_status) == (["unreadable"], 7, 2)


def test_imports_count_as_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MAX_FILES", 3)
    for n in range(8):
        (folder / f"t{n}.case").write_text(f"theory t{n} {{ }}")
    (folder / "a.case").write_text(many(8, lambda n: f'import "t{n}.case"') + GOOD)
    report = check("a.case")
    assert {"unreadable", "broken-import"} == set(codes(report))
    assert report.exit_status == 2


def test_folders_may_be_as_deep_as_the_system_allows(folder: Path) -> None:
    here = Path.cwd()
    try:
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(here)
    (folder / "a.case").write_text(GOOD)
    assert check().passed
    subprocess.run(["rm", "-rf", "d"], check=True)  # too deep for what pytest clears away with


def test_a_project_file_of_any_size_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MOST_BYTES", 10)
    Path("pyproject.toml").write_text("# eleven bytes")
    with pytest.raises(settings.SettingsError, match="larger than 10 bytes"):
        settings.find_settings(Path.cwd())


# -- what is written and run ------------------------------------------------------------------------------------------


def test_nothing_is_written(folder: Path) -> None:
    (folder / "a.case").write_text(judged("  goal h : r by a\n  possible z : not p"))
    (folder / "b.case").write_text("case {")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
    check()
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()) == before


@pytest.mark.parametrize("module", ["click", "lark", "networkx", "z3", "checker", "tomllib"])
def test_modules_that_lie_beside_a_specification_are_not_run(folder: Path, module: str) -> None:
    Path("a.case").write_text(GOOD)
    Path(f"{module}.py").write_text("open('sprung', 'w').close()\n")
    command = "import sys; from checker.cli import main; sys.exit(main(['check', 'a.case', '--today', '2026-11-24']))"
    # As the installed command does, which has its own folder first on the path and not the current one.
    run(folder.resolve(), "-P", "-c", command)
    assert not Path("sprung").exists()


# -- what is shown ----------------------------------------------------------------------------------------------------

ACTING = "".join(chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Zl", "Zp"))
TOLD = ACTING.translate(dict.fromkeys(map(ord, '\n"\\')))


def test_nothing_that_acts_on_a_terminal_gets_out(folder: Path) -> None:
    # Of these, what a file may not hold at all is refused there; the rest must be spelled out.
    allowed = "".join(char for char in TOLD if not checker.parse(f"# {char}").findings)
    assert len(allowed) > 100
    texts = [f'"{allowed[n : n + 200]}"' for n in range(0, len(allowed), 200)]
    body = "".join(
        f"  assume x{n} {text} : r owner {text} {{ key {text} }}\n  worry w{n} {text} unless u\n"
        f"    mitigation m{n} {text} : u\n  predicate v{n} {text}\n  goal h{n} {text} : v{n} by a because {text}\n"
        for n, text in enumerate(texts)
    )
    name = "a\x1b[31m\u202e\n.case"
    Path(name).write_text(judged(body) + f'case d "{allowed}" {{\n  goal \U000e0041 : p }}', "utf-8")
    Path("b.case").write_text(judged(body), "utf-8")
    report = check()
    for text in (render(report, width=100), report.to_json()):
        assert not {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}


# -- time and memory --------------------------------------------------------------------------------------------------


def test_a_run_ends_when_its_time_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(question: Question, limits: Limits) -> Answer:
        time.sleep(0.02)
        return quick(question, limits)

    quick = discharge.answer
    monkeypatch.setattr(discharge, "answer", slow)
    start = time.monotonic()
    report = checker.check_text(
        judged(
            many(300, lambda n: f'  predicate x{n}\n  assume y{n} : x{n} or {n} < 7 owner "x"\n  goal z{n} : r by y{n}')
        ),
        today=TODAY,
        total_timeout=1.5,
    )
    assert time.monotonic() - start < 20
    (case,) = report.cases
    assert not report.passed
    assert case.verdict in ("undetermined", "unproved")
    assert "undetermined" in {claim.step for claim in case.claims.values()}
    assert "the time for the whole run is used up" in shown(report) or "timeout" in shown(report)


def test_what_is_not_looked_at_in_time_is_an_error() -> None:
    report = checker.check_text(GOOD, today=TODAY, total_timeout=1e-9)
    assert (codes(report), report.cases, report.exit_status) == (["out-of-time"], (), 2)


def test_the_time_of_a_run_is_for_the_command_line_alone(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "a.case").write_text(GOOD)
    assert main(["check", "a.case", "--total-timeout", "60"]) == 0
    assert main(["check", "a.case", "--total-timeout", "0.0000001"]) == 2
    assert main(["check", "a.case", "--total-timeout", "0"]) == 2
    assert "out-of-time" in capfd.readouterr().out
    Path("pyproject.toml").write_text("[tool.safety-case]\ntotal-timeout = 9")
    assert main(["check", "a.case"]) == 2
    assert "is for the command line alone" in capfd.readouterr().err


def test_z3_gives_up_where_it_takes_too_much_memory_and_goes_on_after_that() -> None:
    program = """
from checker import z3_library
z3_library.MOST_MEMORY = 150
from checker.smtlib import Script
from checker.solver import Effort, Unknown, Unsat
from checker.z3_solver import MOST_UNITS, Z3Solver
def reply(text):
    script = Script("", text, (), (), (), ())
    try:
        return Z3Solver().open(script).check((), Effort(MOST_UNITS, 60.0))
    except Exception as error:
        return Unknown("incomplete", str(error))
multiply = "(declare-const a (_ BitVec 900))(declare-const b (_ BitVec 900))(assert (= (bvmul a b) (bvadd a #b1%s)))"
for _ in range(2):
    found = reply(multiply % ("0" * 899))
    assert isinstance(found, Unknown) and "mem" in found.detail, found
    assert isinstance(reply("(declare-const q Bool)(assert q)(assert (not q))"), Unsat)
print("done")
"""
    assert run(Path(checker.__file__).parents[1], "-c", program) == "done"


def test_who_uses_z3_besides_us_may_settle_how_much_memory_it_takes() -> None:
    look = "from checker import z3_library; z3 = z3_library.load(); print(z3.get_param('memory_high_watermark_mb'))"
    assert run(Path(checker.__file__).parents[1], "-c", look) == "2000"
    settle = "import z3; z3.set_param('memory_high_watermark_mb', 77); "
    assert run(Path(checker.__file__).parents[1], "-c", settle + look) == "77"


def test_numbers_do_not_grow_without_end() -> None:
    nines = "9" * 1000
    (case,) = checker.check_text(judged(f"  show {' * '.join([nines] * 3)}\n  show {' * '.join([nines] * 6)}")).cases
    first, second = case.shows.values()
    assert (len(first or ""), second) == (3000, None)


def test_squares_of_squares_come_to_no_verdict() -> None:
    body = many(
        60, lambda n: f'  const x{n}: Int\n  assume y{n} : x{n} = {f"x{n - 1} * x{n - 1}" if n else 3} owner "x"'
    )
    report = checker.check_text(judged(body), today=TODAY, timeout=1, total_timeout=10)
    assert (report.cases[0].verdict, report.passed) == ("undetermined", False)


def test_an_evaluation_does_not_go_on_without_end() -> None:
    x = logic.Var("x", logic.Sort("S", tuple(f"e{n}" for n in range(30))))
    long = logic.for_all([x], logic.conj([logic.equal(x, x)] * 100))
    interpreter = model.Interpreter(model.Structure((), ()), {})
    assert interpreter.value(long, {}) is True
    interpreter._steps_left = 500
    with pytest.raises(model.Unbounded):
        interpreter.value(long, {})


@pytest.mark.parametrize("operation", ["add", "multiply", "divide"])
def test_an_evaluation_stops_at_long_numbers(operation: str) -> None:
    left, right = logic.real(Fraction(1, 10**3000 + 1)), logic.real(Fraction(10**3000 + 7))
    terms: dict[str, logic.Term] = {
        "add": logic.add([left, logic.real(Fraction(1, 10**3000 + 3))]),
        "multiply": logic.multiply([right, right]),
        "divide": logic.Divide(left, right),
    }
    with pytest.raises(model.NotDecided, match="digits"):
        model.evaluate(terms[operation], model.Structure((), ()), {}, {})


def test_many_statements_against_each_other_are_sorted_out_in_time() -> None:
    body = many(600, lambda n: f'  assume y{n} : p owner "x"\n  worry w{n} "w" unless q against y{n}')
    start = time.monotonic()
    argument = Argument(_resolved(judged(body)))
    assert len(argument.default_answers()) == 600
    assert time.monotonic() - start < 20


def _resolved(text: str) -> Case:
    loader = Loader()
    unit = loader.load_text(text, "spec.case", Path("tests"))
    case = Resolver(loader).module(unit, unit.file.modules[-1]).case
    assert case is not None
    return case


def small_arguments() -> Iterator[Case]:
    """Cases in which worries are against this and that, and some have answers."""
    for seed in range(60):
        draw = random.Random(seed)
        count = draw.randrange(1, 6)
        assumed = many(count, lambda n: f'  assume y{n} : p owner "x"')
        claims = many(count, lambda n: f"  claim z{n} : p by y{n}")
        worries = "".join(
            f"\n  worry w{n} unless p"
            + (f" against {draw.choice('yz')}{draw.randrange(count)}" if draw.random() < 0.7 else "")
            for n in range(count)
        )
        answers = "".join(f"\n  answer w{n} by y{draw.randrange(count)}" for n in range(count) if draw.random() < 0.3)
        case = _resolved(judged(assumed + "\n" + claims + worries + answers))
        if Argument(case).circle() is None:
            yield case


def test_what_is_tried_against_a_worry_is_what_cannot_come_back_to_it() -> None:
    """As stated in ``default_answers``, said once more in the plainest way."""
    seen = set()
    for case in small_arguments():
        argument = Argument(case)
        possible = argument.graph.copy()
        unanswered = [worry.name for worry in case.worries if worry.name not in argument.answers]
        names = [assumption.name for assumption in case.assumptions]
        for worry in unanswered:
            direct = set(argument.graph.predecessors(worry))
            possible.add_edges_from((worry, name) for name in names if name not in direct)
        bears = any(nx.ancestors(argument.graph, worry).intersection(names) for worry in unanswered)
        plain = {
            worry: tuple(name for name in names if not (bears and name in nx.ancestors(possible, worry)))
            for worry in unanswered
        }
        assert argument.default_answers() == plain
        seen |= {len(tried) for tried in plain.values()}
    assert len(seen) > 3


def test_obligations_share_their_premises() -> None:
    from checker.obligations import Obligations

    case = _resolved(judged('  worry w "w" unless (r implies q) and (u implies q)'))
    assert all(isinstance(assumption, Assumption) for assumption in case.assumptions)
    obligations = Obligations(case)
    first, second = obligations.vacuity(case.worries[0], ())
    assert first.question.premises is second.question.premises


def test_mistakes_without_end_are_told_in_time() -> None:
    names = many(3000, lambda n: f"  const name_{n}: Int")
    wrong = many(1500, lambda n: f'  assume a{n} : nome_{n} = 1 owner "x"')
    start = time.monotonic()
    with undecided():
        report = checker.check_text(judged(f"{names}\n{wrong}"), today=TODAY)
    assert time.monotonic() - start < 20
    assert 100 < len(report.findings) < 110
    assert "too-many-mistakes" in codes(report)


@pytest.mark.parametrize("end", ["", " p", " p and", " )", " sort"])
def test_parentheses_that_are_left_open_are_told_in_time(end: str) -> None:
    text = many(30, lambda n: f"  claim c{n} : {'(' * 1900}{end}")
    start = time.monotonic()
    found = checker.parse(f"case c {{\n{text}\n}}").findings
    assert time.monotonic() - start < 20
    assert len(found) > 20
