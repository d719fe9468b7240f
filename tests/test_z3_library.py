"""Loading Z3 from where it is installed, whatever lies in the current directory."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import checker
from checker import z3_library

PACKAGE = Path(checker.__file__).resolve().parent
ROOT = PACKAGE.parent

INSTALLED = Path(z3_library.load().__file__ or "").parent / "lib"
TRAP = "from pathlib import Path\nPath(__file__).with_name('sprung').write_text('')\n"
WATCHED = (
    "import sys\n"
    "said = lambda library: print(library, file=sys.__stdout__)  # what is printed while Z3 is loaded is not shown\n"
    "sys.addaudithook(lambda event, args: event == 'ctypes.dlopen' and 'libz3' in str(args[0]) and said(args[0]))\n"
)
SAFELY = "from checker import z3_library; z3_library.load(); "

CASE = """\
case small "A case that takes a solver" {
  scope { decision "d" system "s" harm "h" }
  sort Run
  predicate bad(r: Run)
  predicate stopped(r: Run)
  assume bad_stopped : forall r: Run. bad(r) implies stopped(r) owner "somebody"
  assume none_stopped : forall r: Run. not stopped(r) owner "somebody"
  goal good : not exists r: Run. bad(r) by bad_stopped, none_stopped
}
"""


def run(folder: Path, *args: str, **environment: str) -> str:
    """What a Python that starts in ``folder`` prints."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, *args], cwd=folder, env=known, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    """A folder with Z3's own library in it, under each name that it goes by: as good a trap as any."""
    for library in INSTALLED.glob("libz3*"):
        try:
            os.link(library, tmp_path / library.name)
        except OSError:
            (tmp_path / library.name).write_bytes(library.read_bytes())
    return tmp_path


def test_the_library_in_the_current_directory_is_not_loaded(libraries: Path) -> None:
    # So it is where nobody takes care; otherwise this test would show nothing.
    assert Path(run(libraries, "-c", WATCHED + "import z3")).parent == libraries
    assert Path(run(libraries, "-c", WATCHED + SAFELY)).parent == INSTALLED


def test_the_environment_does_not_lead_to_another_library(
    libraries: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here = tmp_path_factory.mktemp("here")
    found = run(here, "-c", WATCHED + SAFELY, Z3_LIBRARY_PATH=str(libraries), PATH=f"{libraries}:{os.environ['PATH']}")
    assert Path(found).parent == INSTALLED


def _plant(folder: Path, as_package: bool) -> Path:
    home = folder / "z3" if as_package else folder
    home.mkdir(exist_ok=True)
    (home / ("__init__.py" if as_package else "z3.py")).write_text(TRAP)
    return home / "sprung"


@pytest.mark.parametrize("as_package", [False, True])
def test_a_module_in_the_current_directory_is_not_run(tmp_path: Path, as_package: bool) -> None:
    sprung = _plant(tmp_path, as_package)
    run(tmp_path, "-c", "import z3")
    assert sprung.exists(), "the trap works"
    sprung.unlink()
    for path in (str(ROOT), f".:{ROOT}", f"{tmp_path}:{ROOT}", f":{ROOT}"):
        run(tmp_path, "-c", SAFELY + "import z3; assert z3.Solver", PYTHONPATH=path)
        assert not sprung.exists()


@pytest.mark.parametrize("as_package", [False, True])
def test_a_checkout_cannot_plant_the_solver(libraries: Path, as_package: bool) -> None:
    sprung = _plant(libraries, as_package)
    (libraries / "small.case").write_text(CASE)
    shown = run(libraries, "-m", "checker", "check", "--format", "json", "small.case")
    assert '"established"' in shown
    assert not sprung.exists()


def test_loading_leaves_nothing_behind(tmp_path: Path) -> None:
    assert run(tmp_path, "-c", SAFELY + "import builtins; print(hasattr(builtins, 'Z3_LIB_DIRS'))") == "False"
    kept = "import builtins; builtins.Z3_LIB_DIRS = ['/nowhere']; " + SAFELY + "print(builtins.Z3_LIB_DIRS)"
    assert run(tmp_path, "-c", kept) == "['/nowhere']"


def test_a_module_that_is_loaded_already_is_used(tmp_path: Path) -> None:
    assert run(tmp_path, "-c", "import z3; from checker import z3_library; print(z3_library.load() is z3)") == "True"


def test_without_z3_the_error_says_what_to_do(tmp_path: Path) -> None:
    missing = (
        "import sys; from checker import z3_library; sys.path[:] = []\n"
        "try: z3_library.load()\n"
        "except ImportError as error: print(error)"
    )
    assert "pip install z3-solver" in run(tmp_path, "-c", missing)


def test_a_library_that_cannot_be_loaded_is_said_to_be_missing_and_nothing_is_printed(tmp_path: Path) -> None:
    """As where memory is short. The package prints advice then, and raises an exception of its own."""
    broken = (
        "import ctypes; from checker import z3_library\n"
        "def fails(*_): raise OSError('no memory')\n"
        "ctypes.CDLL = fails\n"
        "try: z3_library.load()\n"
        "except ImportError as error: print(str(error).split(':')[0])"
    )
    assert run(tmp_path, "-c", broken) == "Z3's native library cannot be loaded"


def test_nothing_else_imports_z3() -> None:
    importing = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] == "z3" for name in names):
                importing.add(file.name)
    assert importing == set()
