"""Loading Z3: the only module that imports it.

Z3's Python package looks for its native library in the current directory first, and ``python -m`` lets Python look
there for the package itself. The current directory is what is being checked, often somebody else's proposal, and must
not get to run code. So the package is taken from where it is installed, and told to look for its library beside itself.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.util
import io
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from checker import installed

MOST_MEMORY = 2_000
"""How many megabytes Z3 may take before it gives up; Z3 knows this for the whole process only."""

# A watermark: Z3 stops what it is doing, says so, and goes on with the next question. Its other limit,
# `memory_max_size`, is a hard one, and Z3 does not survive reaching it (measured: a segmentation fault).
_WATERMARK = "memory_high_watermark_mb"

_LOADING = threading.Lock()
_NO_VALUE = object()


def load() -> ModuleType:
    """The module ``z3``. Raises ``ImportError`` where it is not installed together with its library."""
    with _LOADING:
        loaded = sys.modules.get("z3")
        if loaded is None:
            spec = _installed()
            loaded = _executed(spec, _library_folders(spec))
        if loaded.get_param(_WATERMARK) == "0":  # whoever uses Z3 besides us may have settled it
            loaded.set_param(_WATERMARK, MOST_MEMORY)
        return loaded


def _installed() -> ModuleSpec:
    spec = installed.find("z3")
    if spec is None:
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
        # Where the library cannot be loaded, as memory is short perhaps, the package prints advice, and then raises an
        # exception of its own. Standard output is for reports.
        with contextlib.redirect_stdout(io.StringIO()):
            spec.loader.exec_module(module)
    except BaseException as error:
        for name in [name for name in sys.modules if name == "z3" or name.startswith("z3.")]:
            del sys.modules[name]
        if isinstance(error, Exception) and not isinstance(error, ImportError | MemoryError):
            raise ImportError(f"Z3's native library cannot be loaded: {error}", name="z3") from error
        raise
    finally:
        if before is _NO_VALUE:
            del builtins.Z3_LIB_DIRS  # type: ignore[attr-defined]
        else:
            builtins.Z3_LIB_DIRS = before  # type: ignore[attr-defined]
    return module
