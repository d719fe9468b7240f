"""The hooks, in a real repository, run by the real pre-commit, installed from this checkout as it is now."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

CASE = """\
import "theory.case"

case gate "A gate" {
  use reviews
  evidence trial "A trial" { file "trial.txt" date 2026-01-01 }
  assume all_reviewed "Everything is reviewed." :
    reviews.reviewed
    by trial
  goal held "What is harmful is held." :
    reviews.held
    by all_reviewed
}
"""
THEORY = """\
theory reviews "Reviews" {
  predicate reviewed "everything is reviewed"
  predicate held     "what is harmful is held"
  axiom reviewed_is_held :
    reviewed implies held
}
""".replace(" :\n    reviewed", " : reviewed")
OTHER = 'case other { predicate p assume a : p owner "x" goal g : not p by a }\n'


class Repository:
    """A repository with the hooks installed, and how to work in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def run(self, *command: str) -> tuple[int, str]:
        """The exit status of a command, and all it says."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def must(self, *command: str) -> str:
        status, told = self.run(*command)
        assert status == 0, told
        return told

    def put(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        self.must("git", "add", name)

    def commit(self) -> tuple[dict[str, str], str]:
        """What became of each hook, if it was possible to commit all that was added, and what was said."""
        before = self.run("git", "rev-parse", "HEAD")
        status, told = self.run("git", "commit", "-m", "A change.")
        outcomes = dict(re.findall(r"^safety-case (\w+)\.+(?:\(.*\))?(\w+)$", told, re.MULTILINE))
        assert (status == 0) == (before != self.run("git", "rev-parse", "HEAD")) == ("Failed" not in outcomes.values())
        return outcomes, told


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    clean = {
        name: value
        for name, value in os.environ.items()
        # Neither this checkout nor a hook that runs these tests may help, or be in the way.
        if name != "PYTHONPATH" and not name.startswith(("GIT_", "PRE_COMMIT", "VIRTUAL_ENV"))
    }
    home = tmp_path_factory.mktemp("home")
    (home / "config").write_text("[user]\n name = A\n email = a@example.org\n[init]\n defaultBranch = main\n")
    clean |= {
        "GIT_CONFIG_GLOBAL": str(home / "config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", "")]),
    }
    # The checkout as it is now, whether or not that is committed, is what the hooks are installed from.
    hooks = Repository(tmp_path_factory.mktemp("hooks"), clean)
    for name in checkout_files():
        (hooks.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, hooks.folder / name)
    hooks.must("git", "init", "--quiet")
    hooks.must("git", "add", "--all", "--force")
    hooks.must("git", "commit", "--quiet", "-m", "The checkout.")
    revision = hooks.must("git", "rev-parse", "HEAD").strip()

    made = Repository(tmp_path_factory.mktemp("project"), clean)
    made.must("git", "init", "--quiet")
    made.put(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {hooks.folder}\n  rev: {revision}\n"
        "  hooks:\n  - id: safety-case-check\n  - id: safety-case-fmt\n",
    )
    made.must(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    return made


def checkout_files() -> list[str]:
    """All that a checkout holds but what git ignores; without git, what is shipped with the source."""
    call = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})
    wanted = ("checker", "grammar", "specs")
    inside = [path for folder in wanted for path in (ROOT / folder).rglob("*") if path.is_file()]
    top = [ROOT / name for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")]
    return sorted(path.relative_to(ROOT).as_posix() for path in [*top, *inside] if "__pycache__" not in path.parts)


def test_commits_are_stopped_and_let_through(repository: Repository) -> None:
    """One story, since making the environment takes longer than all of it."""
    # A case that does not follow is stopped.
    repository.put("trial.txt", "It went well.")
    repository.put("theory.case", THEORY.replace("implies", "or"))
    repository.put("gate.case", CASE)
    outcomes, told = repository.commit()
    assert outcomes == {"check": "Failed", "fmt": "Passed"}
    assert "gate: unproved, does not pass" in told

    # One that does is let through.
    repository.put("theory.case", THEORY)
    assert repository.commit()[0] == {"check": "Passed", "fmt": "Passed"}

    # A layout is put right; then the commit passes.
    repository.put("gate.case", CASE.replace("  use reviews", "\tuse   reviews"))
    assert repository.commit()[0] == {"check": "Passed", "fmt": "Failed"}
    assert (repository.folder / "gate.case").read_text() == CASE
    repository.put("gate.case", "# On second thoughts.\n" + CASE)
    assert repository.commit()[0] == {"check": "Passed", "fmt": "Passed"}

    # A changed theory has the case checked that imports it.
    repository.put("theory.case", THEORY.replace("implies", "or"))
    outcomes, told = repository.commit()
    assert outcomes == {"check": "Failed", "fmt": "Passed"}
    assert "gate: unproved, does not pass" in told
    repository.must("git", "reset", "--quiet", "--hard")

    # So does a theory or evidence that is deleted, whatever else is in the commit.
    for name, complaint in (("theory.case", "there is no file `theory.case`"), ("trial.txt", "`trial.txt`")):
        repository.must("git", "rm", "--quiet", name)
        outcomes, told = repository.commit()
        assert outcomes == {"check": "Failed", "fmt": "Skipped"}
        assert complaint in told
        repository.must("git", "reset", "--quiet", "--hard")

    # Nothing is checked for what no case leans on; so a draft, or a broken case of before, is in nobody's way.
    repository.put("other.case", OTHER)
    repository.must("git", "commit", "--quiet", "--no-verify", "-m", "Broken.")
    repository.put("notes.txt", "No evidence.")
    assert repository.commit()[0] == {"check": "Passed", "fmt": "Skipped"}

    # The settings of the project count, and concern all cases.
    repository.put("pyproject.toml", "[tool.safety-case]\nbudget = 0\n")
    outcomes, told = repository.commit()
    assert outcomes == {"check": "Failed", "fmt": "Skipped"}
    assert "the setting `budget`" in told
    repository.put("pyproject.toml", "[tool.safety-case]\nstrict = true\n")
    outcomes, told = repository.commit()
    assert outcomes["check"] == "Failed"
    assert "other: unproved, does not pass" in told

    # All files: everything is checked.
    status, told = repository.run(sys.executable, "-m", "pre_commit", "run", "--all-files", "safety-case-check")
    assert status == 1
    assert "Checked 2 cases" in told
