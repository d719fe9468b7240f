"""The project's settings: the table ``[tool.safety-case]`` of the nearest ``pyproject.toml``.

Only what does not narrow the check stands there. The day and the choice of cases are for the command line alone: a day
that is written down once would keep evidence from ever running out, and a project that is checked because nobody knows
it cannot say how long that may take, nor which machines it is sent to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Format = Literal["text", "json"]
Color = Literal["auto", "always", "never"]

FORMATS: tuple[Format, ...] = get_args(Format)
COLORS: tuple[Color, ...] = get_args(Color)

MOST_BUDGET = 4_000_000_000
"""The solver counts its effort in 32 bits."""

MOST_SECONDS = 86_400.0
"""A day. The solver counts milliseconds in 32 bits."""

MOST_JOBS = 1_000
"""More processes than that are a mistake, or meant to do harm."""

MOST_BYTES = 1_000_000
"""How large the project's file may be: it is as little trusted as the specifications beside it."""

FILE = "pyproject.toml"
TABLE = "tool.safety-case"


class SettingsError(Exception):
    """The settings cannot be understood; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project has settled for all its checks. None: nothing is said."""

    strict: bool | None = None
    cross_check: bool | None = None
    repairs: bool | None = None
    budget: int | None = None
    timeout: float | None = None
    jobs: int | None = None
    format: Format | None = None
    color: Color | None = None


def find_settings(folder: Path) -> Settings:
    """The settings for a check that is started in ``folder``: those of the nearest project file, if it has any.

    Raises ``SettingsError`` if the file cannot be read, or says something that is not understood.
    """
    here = folder.absolute()
    for parent in (here, *here.parents):
        path = parent / FILE
        if path.is_file():
            return read_settings(path)
    return Settings()


def read_settings(path: Path) -> Settings:
    """The settings in this project file. Raises ``SettingsError`` as above."""
    import tomllib

    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise SettingsError(f"{path} is larger than {MOST_BYTES:,} bytes")
        data = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error
    tool = data.get("tool", {})
    table = tool.get("safety-case", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: `{TABLE}` is not a table")
    return _understood(path, table)


def _understood(path: Path, table: Mapping[str, Any]) -> Settings:
    for key, value in table.items():
        if key not in _WANTED:
            raise SettingsError(f"{path}: `{TABLE}` has no setting `{key}`{_advice(key)}")
        fits, wanted = _WANTED[key]
        if not fits(value):
            raise SettingsError(f"{path}: the setting `{key}` of `{TABLE}` must be {wanted}, and is {_shown(value)}")
    return Settings(**{key.replace("-", "_"): value for key, value in table.items()})


def _advice(key: str) -> str:
    if key in ("today", "only", "without", "total-timeout", "executor"):
        return f"; `--{key}` is for the command line alone"
    from difflib import get_close_matches

    close = get_close_matches(key, _WANTED, n=1)
    return f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(_WANTED)}"


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}..."


def is_budget(value: object) -> bool:
    """Whether this can be the effort for one obligation."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_BUDGET


def is_timeout(value: object) -> bool:
    """Whether this can be a time for one obligation, in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= MOST_SECONDS


def is_jobs(value: object) -> bool:
    """Whether this can be a number of worker processes."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_JOBS


JOBS_WANTED = f"a whole number from 1 to {MOST_JOBS}"
BUDGET_WANTED = f"a whole number from 1 to {MOST_BUDGET}"
TIMEOUT_WANTED = f"a number of seconds above 0, at most {MOST_SECONDS:.0f}"

_WANTED: dict[str, tuple[Callable[[object], bool], str]] = {
    "strict": (lambda value: isinstance(value, bool), "true or false"),
    "budget": (is_budget, BUDGET_WANTED),
    "timeout": (is_timeout, TIMEOUT_WANTED),
    "jobs": (is_jobs, JOBS_WANTED),
    "format": (lambda value: value in FORMATS, " or ".join(f'"{name}"' for name in FORMATS)),
    "color": (lambda value: value in COLORS, " or ".join(f'"{name}"' for name in COLORS)),
    "cross-check": (lambda value: isinstance(value, bool), "true or false"),
    "repairs": (lambda value: isinstance(value, bool), "true or false"),
}
