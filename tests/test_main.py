"""``python -m checker`` runs no code that lies about in the current folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["click", "lark", "networkx", "z3"])
def test_a_planted_module_is_not_run(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')\n")
    (tmp_path / "a.case").write_text('case c { predicate p assume a : p owner "x" goal g : p and p by a }\n')
    command = [sys.executable, "-m", "checker", "check", "a.case"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "planted" not in run.stdout + run.stderr
    assert "c does not pass" in run.stdout
    assert run.returncode == 1
