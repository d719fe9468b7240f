"""What ``docs/workflow.md`` says of exit statuses is so; ``tests/test_docs_commands.py`` runs all its commands."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.reports import ROOT
from tests.test_cli import Run, folder, run

__all__ = ["folder", "run"]

PAGE = (ROOT / "docs" / "workflow.md").read_text("utf-8")


def commands(section: str) -> list[list[str]]:
    """The calls in the shell blocks of a section, without the name of the program."""
    (text,) = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    calls = [shlex.split(line) for line in lines]
    assert calls
    assert all(call[0] == "safety-case" for call in calls)
    return [call[1:] for call in calls]


@pytest.fixture
def examples(folder: Path) -> None:
    (folder / "examples").mkdir()
    for name in ("coding_agent", "control_korbak"):
        shutil.copy(ROOT / "examples" / f"{name}.case", folder / "examples")
    shutil.copytree(ROOT / "examples" / "evidence", folder / "examples" / "evidence")


@pytest.mark.usefixtures("examples")
def test_what_is_said_of_exit_statuses(run: Run, folder: Path) -> None:
    listed, new, check = commands("A case to start from")
    assert [run(*call)[0] for call in (listed, new, check, new)] == [0, 0, 1, 2]
    assert {run(*call)[0] for call in commands("What a finding or a name means")} == {0}
    assert run("explain", "nobody.knows")[0] == 2
