"""Loading Z3: the only module that imports it.

Z3's Python package looks for its native library in the current directory first, and ``python -m`` lets Python look
there for the package itself. The current directory is what is being checked, often somebody else's proposal, and must
not get to run code. So the package is taken from where it is installed, and told to look for its library beside itself.
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

_LOADING = threading.Lock()
_NO_VALUE = object()


def load() -> ModuleType:
    """The module ``z3``. Raises ``ImportError`` where it is not installed together with its library."""
    with _LOADING:
        loaded = sys.modules.get("z3")
        if loaded is not None:
            return loaded
        spec = _installed()
        return _executed(spec, _library_folders(spec))


def _installed() -> ModuleSpec:
    """Where the package is installed, looked up without running any of it, and not in the current directory."""
    here = os.path.realpath(os.curdir)
    # Relative entries, the empty one among them, mean some place in the current directory.
    trusted = [entry for entry in sys.path if Path(entry).is_absolute() and os.path.realpath(entry) != here]
    spec = PathFinder.find_spec("z3", trusted)
    if spec is None or spec.loader is None or spec.origin is None:
        raise ImportError(
            "Z3 is not installed (the current directory aside): `pip install z3-solver` provides it", name="z3"
        )
    return spec


def _library_folders(spec: ModuleSpec) -> list[str]:
    """The folders that may hold the native library: in the package, or in the Python installation."""
    assert spec.origin is not None
    package = Path(spec.origin).resolve().parent
    folders = [package / "lib", package, Path(sys.prefix).resolve() / "lib"]
    holding = [str(folder) for folder in folders if any(folder.glob("libz3*"))]
    if not holding:
        raise ImportError(f"Z3's native library is not where Z3 is installed, in {package}", name="z3")
    return holding


def _executed(spec: ModuleSpec, folders: list[str]) -> ModuleType:
    """Import the package as ``import`` would, with these folders as the first to look for the library in."""
    assert spec.loader is not None
    before = getattr(builtins, "Z3_LIB_DIRS", _NO_VALUE)
    builtins.Z3_LIB_DIRS = folders  # type: ignore[attr-defined]
    module = importlib.util.module_from_spec(spec)
    sys.modules["z3"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        for name in [name for name in sys.modules if name == "z3" or name.startswith("z3.")]:
            del sys.modules[name]
        raise
    finally:
        if before is _NO_VALUE:
            del builtins.Z3_LIB_DIRS  # type: ignore[attr-defined]
        else:
            builtins.Z3_LIB_DIRS = before  # type: ignore[attr-defined]
    return module
