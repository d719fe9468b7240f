"""What is shipped: wheel, sdist and editable install hold what the checker needs; the README's commands are true."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest

import checker
from checker import cli
from checker.commands import running
from checker.render.text import render

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHIPPED = {
    "checker/py.typed",
    "checker/comparison.schema.json",
    "checker/explanations.md",
    "checker/register.schema.json",
    "checker/report.schema.json",
    *(path.relative_to(ROOT).as_posix() for path in (ROOT / "checker" / "templates").iterdir()),
    "checker/_data/grammar/case.lark",
    *(f"checker/_data/specs/{path.name}" for path in (ROOT / "specs").glob("*.case")),
    *(path.relative_to(ROOT).as_posix() for path in (ROOT / "checker").rglob("*.py")),
}

# The current folder and what other tests' environment says must not help to find anything.
CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=cwd, env={**CLEAN, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def build_wheel(what: Path, folder: Path) -> Path:
    """A wheel made offline, with the build backend that the tests' environment has."""
    build = ["wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    run(sys.executable, "-m", "pip", *build, folder, what)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed in, far from the checkout."""
    target = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target, wheel)
    return target


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_holds_what_is_needed_and_nothing_else(wheel: Path) -> None:
    names = names_in(wheel)
    assert {name for name in names if ".dist-info/" not in name} == SHIPPED
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_works_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "grammar").mkdir()  # whatever lies in the current folder is not ours
    where = run(
        sys.executable,
        "-c",
        "import checker.resources as r; print(r.__file__); print(r.library_folder()); print(len(r.grammar_text()))",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    ).stdout.splitlines()
    assert Path(where[0]).is_relative_to(installed)
    assert where[1] == str(installed / "checker" / "_data" / "specs")
    assert int(where[2]) == len((ROOT / "grammar" / "case.lark").read_text(encoding="utf-8"))
    example = ROOT / "examples" / "gate_review.case"
    done = run(
        sys.executable, "-m", "checker", "check", "--today", "2026-11-24", example,
        cwd=tmp_path, PYTHONPATH=str(installed),
    )  # fmt: skip
    assert done.stdout.endswith("Checked 1 case: passes under its assumptions.\n")


def test_the_command_is_installed_and_knows_its_version(installed: Path, tmp_path: Path) -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    (script,) = (installed / "bin").iterdir()
    assert script.name == "safety-case"
    told = run(sys.executable, script, "--version", cwd=tmp_path, PYTHONPATH=str(installed)).stdout
    assert told.startswith(f"safety-case-checker {project['version']} ")


def test_the_solver_is_pinned() -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        needed = tomllib.load(stream)["project"]["dependencies"]
    assert sorted(re.split(r"[=<>]", need)[0] for need in needed) == [
        "click",
        "jinja2",
        "lark",
        "networkx",
        "z3-solver",
    ]
    assert any(re.fullmatch(r"z3-solver==[0-9.]+", need) for need in needed)
    assert all("<" in need or "==" in need for need in needed)


def test_the_sdist_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "pyproject.toml",
        ".ci/run",
        ".ci/browser",
        "tests/test_packaging.py",
    } <= names
    assert not [name for name in names if "cache__" in name or "_cache/" in name or name.endswith(".pyc")]
    assert names_in(build_wheel(sdist, tmp_path)) == names_in(wheel)


def test_an_editable_install_uses_the_checkout(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    made = run(sys.executable, "-c", build, tmp_path).stdout.splitlines()[-1]
    site = tmp_path / "site"
    with zipfile.ZipFile(tmp_path / made) as archive:
        archive.extractall(site)
    script = (
        "import site, sys\n"
        "sys.path = [p for p in sys.path if not p.startswith(sys.argv[2])]\n"
        "site.addsitedir(sys.argv[1])\n"
        "import checker.resources as r\nprint(r.__file__)\nprint(r.library_folder())\n"
    )
    told = run(sys.executable, "-I", "-S", "-c", script, site, ROOT, cwd=tmp_path).stdout.splitlines()
    assert told == [str(ROOT / "checker" / "resources.py"), str(ROOT / "specs")]


# -- the README --------------------------------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_readme_has_two_commands_that_set_themselves_up() -> None:
    commands = blocks("sh")
    assert len(commands) == 2
    for command in commands:
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_the_first_command_ends_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    call = shlex.split(blocks("sh")[0].rsplit("&&", 1)[1])
    assert call[0] == ".venv/bin/safety-case"
    assert any(word.startswith("examples/") for word in call)
    assert "--today" in call, "evidence runs out, and the command must end well on any day"
    assert cli.main(call[1:]) == 0
    assert "passes" in capsys.readouterr().out


def test_ci_runs_both_commands(tmp_path: Path) -> None:
    """The script takes the commands from the README; so we let it, with programs that only say what they are told."""
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci" / "run"
    script.write_bytes((ROOT / ".ci" / "run").read_bytes())
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    (tmp_path / ".ci" / "browser").write_text("#!/bin/sh\necho browser >> calls\n", encoding="utf-8")
    (tmp_path / ".ci" / "browser").chmod(0o755)
    tools = tmp_path / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name in ("python", "pip", "safety-case", "ruff", "mypy"):
        (tools / name).write_text(f'#!/bin/sh\necho "{name} $*" >> calls\n[ ! -e "fail-{name}" ]\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    (tmp_path / "python3").symlink_to(tools / "python")
    path = f"{tmp_path}:{os.environ['PATH']}"
    run("bash", script, cwd=Path("/"), PATH=path)
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert calls[0] == calls[3] == "python -m venv .venv"
    assert calls[1].startswith("pip install ")
    assert calls[2].startswith("safety-case check examples/")
    assert calls[4].startswith("pip install ")
    assert calls[5] == "browser"
    assert calls[6].startswith("python -m pytest")
    assert calls[7:] == ["ruff check .", "ruff format --check .", "mypy "]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    for name in ("python", "pip", "safety-case", "ruff", "mypy"):
        (tmp_path / f"fail-{name}").touch()
        done = subprocess.run(["bash", script], cwd="/", env={**CLEAN, "PATH": path}, capture_output=True, check=False)
        assert done.returncode != 0, name
        (tmp_path / f"fail-{name}").unlink()


@pytest.mark.parametrize(("user", "has"), [(0, "apt-get"), (1000, "apt-get"), (0, "nothing"), (1000, "chromium")])
def test_ci_sets_up_a_browser_where_it_can(tmp_path: Path, user: int, has: str) -> None:
    """With programs that only say what they are told, and no others."""
    (tmp_path / "id").write_text(f"#!/bin/sh\necho {user}\n", encoding="utf-8")
    (tmp_path / has).write_text(f'#!/bin/sh\necho "{has} $*" >> "{tmp_path}/calls"\n', encoding="utf-8")
    for name in ("id", has):
        (tmp_path / name).chmod(0o755)
    bash = shutil.which("bash")
    assert bash is not None
    told = run(bash, ROOT / ".ci" / "browser", PATH=str(tmp_path), SAFETY_CASE_BROWSER="").stdout
    calls = tmp_path / "calls"
    if (user, has) == (0, "apt-get"):
        assert "apt-get install" in calls.read_text(encoding="utf-8")
        assert " chromium" in calls.read_text(encoding="utf-8")
    else:
        assert not calls.exists()
        assert ("There is no Chromium" in told) is (has != "chromium")


def test_the_output_in_the_readme_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (sample,) = blocks("text")
    printed = render(checker.check("examples/coding_agent.case", today=date(2026, 11, 24)))
    assert len(sample.splitlines()) > 10
    assert f"\n{sample}" in printed


def test_the_readme_says_how_to_report_a_bug() -> None:
    assert "## Report a bug" in README
    assert running.TRACEBACK in README


def test_links_in_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 3
    for link in links:
        assert (ROOT / link).exists(), link
