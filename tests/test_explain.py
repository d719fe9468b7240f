"""``safety-case explain``: every example shows what it is said to, and every name of the library can be looked up."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import checker
from checker.codes import REGISTRY
from checker.explain import Explained, examples, explain_code, explain_name, names_in
from checker.findings import Finding, Severity
from checker.load import Loader, library_names
from checker.lookup import modules
from checker.render.explanation import render
from checker.resolve.modules import Resolver
from tests.reports import ROOT
from tests.test_cli import Run, folder, run

__all__ = ["folder", "run"]

TODAY = date(2026, 11, 24)
GOLDEN = ROOT / "tests" / "golden" / "explain"

WITHOUT = {
    "too-deep", "number-too-long", "name-too-long", "text-too-long", "too-many", "control-character",
    "more-syntax-errors", "unreadable", "not-utf8", "no-such-path", "no-case-files", "nothing-called",
    "nothing-to-withdraw", "broken-import", "deep-import", "circular-import", "too-many-mistakes", "out-of-time",
    "long-chain", "unfolds-too-deep", "unfolds-too-large", "table-too-large", "too-many-uses", "interrupted",
    "interrupted-before",
} | {code for code in REGISTRY if code.endswith("-undetermined")}  # fmt: skip
"""What is too large, cannot be read, is a wrong call, or takes a second file, a solver that gives up, or Ctrl-C."""


def understood(text: str, where: Path) -> list[Finding]:
    """What reading and resolving has to say, which takes no solver."""
    loader = Loader()
    unit = loader.load_text(text, "example.case", where)
    resolver = Resolver(loader)
    modules = unit.file.modules if not unit.broken else ()
    return [*unit.findings, *(found for module in modules for found in resolver.module(unit, module).findings)]


def checked(text: str, where: Path) -> list[Finding]:
    report = checker.check_text(text, name="example.case", folder=where, today=TODAY)
    return [*report.findings, *(found for case in report.cases for found in case.findings)]


@pytest.mark.parametrize("code", list(examples()))
def test_an_example_shows_what_it_is_said_to(code: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "study.txt").write_text("seen\n", encoding="utf-8")
    example = examples()[code]
    at_once = code in {found.code for found in understood(example.broken, tmp_path)}
    findings = understood if at_once else checked
    assert code in {found.code for found in findings(example.broken, tmp_path)}
    left = findings(example.fixed, tmp_path)
    assert code not in {found.code for found in left}
    assert not [found for found in left if found.severity is not Severity.NOTE]


def test_every_code_that_can_have_an_example_has_one() -> None:
    assert set(REGISTRY) - set(examples()) == WITHOUT
    page = (ROOT / "checker" / "explanations.md").read_text("utf-8")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == list(examples())
    assert [code for code in REGISTRY if code in examples()] == list(examples())
    assert page.count("```case broken") == page.count("```case fixed") == len(examples())


@pytest.mark.parametrize("code", REGISTRY)
def test_every_code_is_explained(code: str) -> None:
    found = explain_code(code)
    assert found is not None
    text = render(found, 100, color=False)
    assert text.startswith(f"{REGISTRY[code].severity}[{code}]\n")
    assert " ".join(REGISTRY[code].meaning.split()) in " ".join(text.split())
    assert ("It is found in this:" in text) == (code not in WITHOUT)


@pytest.mark.parametrize("theory", sorted(library_names()))
def test_every_name_of_the_library_is_explained(theory: str) -> None:
    (case,), found, _ = modules(theory, [])
    assert (case.name, found) == (theory, [])
    for name in ("", *names_in(case)):
        explained = explain_name(case, name)
        assert explained is not None, name
        assert explained.name == (f"{theory}.{name}" if name else theory)
        assert render(explained, 100, color=False).startswith(f"{explained.kind} {explained.name}  ")
        if explained.kind in ("worry", "mitigation", "claim", "axiom"):
            assert explained.formula, name
            assert explained.words, name


def test_a_worry_comes_with_its_formula_sources_and_mitigations() -> None:
    (case,), _, _ = modules("evaluation", [])
    found = explain_name(case, "latent_harm")
    assert isinstance(found, Explained)
    assert found.doc == "A system is unsafe in a way that shows in nothing it would do."
    assert found.words[0].startswith("For every system s")
    assert found.formula[0].startswith("forall s: System. unsafe(s) implies")
    assert dict(found.facts)["seen"] == "primary text"
    assert [part.name for part in found.parts] == ["evaluation.harm_is_conduct", "evaluation.rules_of_conduct"]


CALLS = {
    "code": ["restated-goal"],
    "worry": ["evaluation.unfindable"],
    "theory": ["gate"],
    "case": ["coding_agent", "examples/coding_agent.case"],
    "goal": ["coding_agent.deployable", "examples/coding_agent.case"],
    "assumption": ["linter_complete", "examples/coding_agent.case"],
    "mitigation": ["ev.no_interaction", "examples/coding_agent.case"],
    "definition": ["evaluation.threat"],
}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_said(name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove a golden file to have it written anew."""
    monkeypatch.chdir(ROOT)
    status, out, err = run("explain", *CALLS[name])
    assert (status, err) == (0, "")
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["invalid-stp"], "did you mean `invalid-step`?"),
        (["evaluation.latent_ham"], "`evaluation.latent_harm`"),
        (["evalution"], "did you mean `evaluation`?"),
        (["xyzzy"], "`xyzzy` is no code of a finding, and nothing in the library goes by that name"),
        (["x\x1b[31m"], "is no code of a finding"),
        (["a" * 5000], "is no code of a finding"),
        ([""], "is no code of a finding"),
        (["gate", "nowhere.case.txt/x"], ""),
        (["broken.a", "broken.case"], "`nothing` is not declared here"),
        (["c.nothng", "c.case"], "did you mean `c.nothing`?"),
        (["c.nothing", "nowhere.case"], "there is no file or folder `nowhere.case`"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_explained(arguments: list[str], words: str, run: Run, folder: Path) -> None:
    (folder / "broken.case").write_text("case broken { goal g : nothing }", encoding="utf-8")
    (folder / "c.case").write_text('case c { assume nothing : true owner "x" goal g : true by nothing }', "utf-8")
    status, out, err = run("explain", *arguments)
    if not words:  # the library has it, whatever else is not there
        assert (status, out.split("  ")[0]) == (0, "theory gate")
        return
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())
    assert "\x1b" not in err


def test_a_name_of_ones_own_goes_before_a_code(run: Run, folder: Path) -> None:
    (folder / "c.case").write_text("theory vacuous { predicate p }", encoding="utf-8")
    assert run("explain", "vacuous", "c.case")[1].startswith("theory vacuous")
    assert run("explain", "vacuous")[1].startswith("warning[vacuous]")
    assert run("explain", "twice", "c.case")[1].startswith("error[twice]")


def test_no_solver_is_loaded() -> None:
    program = (
        "import sys; from checker.cli import main;"
        "main(['explain', 'vacuous']); assert 'lark' not in sys.modules;"
        "main(['explain', 'evaluation.threat']);"
        "sys.exit('z3' in sys.modules or 'networkx' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, timeout=120)
