"""The project's settings: the table ``[tool.safety-case]`` of the nearest ``pyproject.toml``.

Only what does not narrow the check stands there. The day, the choice of cases and a baseline are for the command line
alone: a day that is written down once would keep evidence from ever running out, and a project that is checked because
nobody knows it cannot say how long that may take, nor which machines it is sent to. Warnings and notes can be silenced,
and can be made to weigh more; an error can be neither silenced nor made to weigh less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from checker.findings import Severity
    from checker.rules import Rules

Format = Literal["text", "json", "sarif", "github", "markdown"]
Color = Literal["auto", "always", "never"]
Keeping = Literal["user", "project", "off"]

FORMATS: tuple[Format, ...] = get_args(Format)
COLORS: tuple[Color, ...] = get_args(Color)
KEEPING: tuple[Keeping, ...] = get_args(Keeping)

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
    """What a project has settled for all its checks. None: nothing is said.

    ``cache`` says whether answers are kept between runs, and whether apart from those of other projects. ``folder`` is
    that of the project's file.
    """

    strict: bool | None = None
    cross_check: bool | None = None
    repairs: bool | None = None
    budget: int | None = None
    timeout: float | None = None
    jobs: int | None = None
    format: Format | None = None
    color: Color | None = None
    cache: Keeping | None = None
    rules: Rules | None = None
    folder: Path | None = field(default=None, compare=False)


def find_settings(folder: Path) -> Settings:
    """The settings for a check that is started in ``folder``: those of the nearest project file, if it has any.

    Raises ``SettingsError`` if the file cannot be read, or says something that is not understood.
    """
    *_, last = project_files(folder)
    return read_settings(last) if last.is_file() else Settings()


def project_files(folder: Path) -> Iterator[Path]:
    """Where the project file that counts in ``folder`` may stand, the nearest first, up to the one that is there."""
    here = folder.absolute()
    for parent in (here, *here.parents):
        path = parent / FILE
        yield path
        if path.is_file():
            return


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
        if key not in _WANTED and key not in _RULES:
            raise SettingsError(f"{path}: `{TABLE}` has no setting `{key}`{_advice(key)}")
        if key not in _RULES:
            fits, wanted = _WANTED[key]
            if not fits(value):
                raise SettingsError(
                    f"{path}: the setting `{key}` of `{TABLE}` must be {wanted}, and is {_shown(value)}"
                )
    plain = {key.replace("-", "_"): value for key, value in table.items() if key not in _RULES}
    return Settings(**plain, rules=_rules(path, table), folder=path.parent)


# -- which findings are silenced, and which weigh more ---------------------------------------------------------------

_RULES = ("ignore", "per-file-ignores", "severity")


def _rules(path: Path, table: Mapping[str, Any]) -> Rules | None:
    """How findings count; None where nothing is said about it."""
    if not any(key in table for key in _RULES):
        return None
    from checker.rules import Rules

    ignore = _codes(path, "`ignore`", table.get("ignore", []))
    severity = _severity(path, table.get("severity", {}))
    for code in ignore:
        if code in severity:
            raise SettingsError(
                f"{path}: `{TABLE}` silences `{code}` in `ignore`, and makes it weigh more in `severity`"
            )
    per_file = []
    wanted = table.get("per-file-ignores", {})
    if not isinstance(wanted, dict):
        raise _wrong(path, "`per-file-ignores`", 'a table like { "legacy/*.case" = ["unused-assumption"] }', wanted)
    for pattern, codes in wanted.items():
        if not pattern or pattern.startswith("/") or "\\" in pattern or ".." in pattern.split("/"):
            what = "a pattern of files below the folder of this file, with `/`"
            raise _wrong(path, "each key of `per-file-ignores`", what, pattern)
        per_file.append((pattern, _codes(path, f"`per-file-ignores` for `{pattern}`", codes)))
    return Rules(ignore, tuple(per_file), severity, path.parent)


def _codes(path: Path, where: str, value: object) -> tuple[str, ...]:
    """The codes of a list, all of which can be silenced."""
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise _wrong(path, where, 'a list of codes like ["unused-assumption"]', value)
    for code in value:
        if _registered(path, where, code) == "error":
            raise SettingsError(
                f"{path}: {where} of `{TABLE}` names `{code}`, which is an error and cannot be silenced"
            )
    return tuple(value)


def _severity(path: Path, value: object) -> dict[str, Severity]:
    from checker.findings import Severity
    from checker.rules import WEIGHTS

    if not isinstance(value, dict):
        raise _wrong(path, "`severity`", 'a table like { "unused-assumption" = "error" }', value)
    chosen = {}
    for code, name in value.items():
        usual = Severity(_registered(path, "`severity`", code))
        if name not in ("note", "warning", "error"):
            raise _wrong(path, f"`{code}` in `severity`", '"warning" or "error"', name)
        if WEIGHTS[Severity(name)] < WEIGHTS[usual]:
            an = "an" if usual is Severity.ERROR else "a"
            raise SettingsError(
                f"{path}: `severity` of `{TABLE}` makes a {name} of `{code}`, which is {an} {usual}; "
                "settings can only make findings weigh more"
            )
        chosen[code] = Severity(name)
    return chosen


def _registered(path: Path, where: str, code: str) -> str:
    """How much findings of this code weigh by themselves."""
    from checker.codes import REGISTRY, VERDICTS

    if code in VERDICTS:
        raise SettingsError(
            f"{path}: {where} of `{TABLE}` names `{code}`, which is a verdict; "
            "settings change no verdicts, and only `accept` in the case silences a worry"
        )
    if code not in REGISTRY:
        from difflib import get_close_matches

        close = get_close_matches(code[:60], REGISTRY, n=1)
        advice = f"; did you mean `{close[0]}`?" if close else ""
        raise SettingsError(f"{path}: {where} of `{TABLE}` names `{code}`, and no finding has that code{advice}")
    return REGISTRY[code].severity


def _wrong(path: Path, where: str, wanted: str, value: object) -> SettingsError:
    return SettingsError(f"{path}: {where} of `{TABLE}` must be {wanted}, and is {_shown(value)}")


def _advice(key: str) -> str:
    if key in ("today", "only", "without", "total-timeout", "baseline", "write-baseline", "also", "output", "executor"):
        return f"; `--{key}` is for the command line alone"
    from difflib import get_close_matches

    known = (*_WANTED, *_RULES)
    if key in ("exclude", "include", "files"):
        return "; no setting narrows the check, so name on the command line what is to be checked"
    close = get_close_matches(key, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(known)}"


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
    "cache": (lambda value: value in KEEPING, " or ".join(f'"{name}"' for name in KEEPING)),
    "cross-check": (lambda value: isinstance(value, bool), "true or false"),
    "repairs": (lambda value: isinstance(value, bool), "true or false"),
}
