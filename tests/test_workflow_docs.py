"""``docs/workflow.md`` says what is so: its workflow and settings are made of what there is.

``python -m tests.test_workflow_docs`` brings its table of verdicts up to date.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any, get_args

import click
import pytest
import yaml

from checker import settings
from checker.baseline import NEVER_KNOWN
from checker.codes import VERDICTS
from checker.commands.check import command
from tests.test_docs import FENCED

PAGE = Path(__file__).parents[1] / "docs" / "workflow.md"
MARKED = re.compile(r"(?<=^<!-- verdicts -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)


def block(kind: str) -> str:
    (text,) = [match[2] for match in FENCED.finditer(PAGE.read_text("utf-8")) if match[1] == kind]
    return str(text)


def verdicts_table() -> str:
    rows = [f"| `{code}` | {entry.meaning} |\n" for code, entry in VERDICTS.items()]
    return "| Rule | What it means |\n| --- | --- |\n" + "".join(rows)


def up_to_date(page: str) -> str:
    return MARKED.sub(lambda _: verdicts_table(), page)


def test_the_table_of_verdicts_is_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    assert up_to_date(page) == page, "run `python -m tests.test_workflow_docs`"


def calls(workflow: dict[Any, Any]) -> list[list[str]]:
    """The arguments of every call of the command in the steps of a workflow."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    lines = [line for step in steps for line in step.get("run", "").splitlines()]
    return [words[1:] for words in map(shlex.split, lines) if words[0] == "safety-case"]


def parsed(arguments: list[str]) -> dict[str, Any]:
    """What the command makes of its arguments; raises ``click.UsageError`` for options that there are not."""
    name, *rest = arguments
    assert name == "check"
    return command.make_context("check", rest).params


def test_the_workflow_uses_options_that_there_are_and_files_that_it_wrote() -> None:
    workflow = yaml.safe_load(block("yaml"))
    (arguments,) = calls(workflow)
    params = parsed(arguments)
    assert params["form"] == "github"
    written = {form: str(file) for form, file in params["also"]}
    assert set(written) == {"sarif", "markdown"}
    (job,) = workflow["jobs"].values()
    by_name = {step.get("name"): step for step in job["steps"]}
    assert by_name["Update code scanning"]["with"]["sarif_file"] == written["sarif"]
    for name, file in (("Show the summary", "markdown"), ("Comment on the pull request", "markdown")):
        assert written[file] in by_name[name]["run"]
    for step in job["steps"][4:]:
        assert step["if"].startswith("${{ !cancelled() && "), "what failed has to be shown"
    assert workflow["permissions"] == {"contents": "read", "security-events": "write", "pull-requests": "write"}


def test_no_step_puts_what_others_write_into_a_script() -> None:
    for job in yaml.safe_load(block("yaml"))["jobs"].values():
        assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_a_workflow_with_another_option_is_noticed() -> None:
    with pytest.raises(click.UsageError):
        parsed(["check", "--format", "gitlab"])


def test_every_format_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \| ", PAGE.read_text("utf-8").split("**SARIF.**")[0], re.MULTILINE)
    assert told == list(get_args(settings.Format))


def test_the_settings_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(block("toml"), "utf-8")
    found = settings.read_settings(path)
    assert found.rules is not None
    assert found.rules.ignore == tuple(tomllib.loads(block("toml"))["tool"]["safety-case"]["ignore"])
    assert found.strict is True


def test_the_calls_are_understood() -> None:
    for line in block("sh").splitlines():
        parsed(shlex.split(line)[1:])


@pytest.mark.parametrize("code", NEVER_KNOWN)
def test_what_is_never_known_is_told(code: str) -> None:
    assert f"`{code}`" in PAGE.read_text("utf-8").split("Never known are")[1]


if __name__ == "__main__":
    PAGE.write_text(up_to_date(PAGE.read_text("utf-8")), "utf-8")
