"""A checker for safety cases: it reads ``.case`` specifications and says what they show, and what they leave open.

>>> import checker
>>> report = checker.check("examples/")
>>> report.passed, report.cases[0].worries["ev.emergence"].status

``check``, ``check_text`` and ``parse`` are the whole interface, with the exceptions of :mod:`checker.errors`; reports
are plain immutable data, described in :mod:`checker.report`. Nothing here prints, exits, or touches the caller's
logging, threads or signal handlers, and importing this package loads neither the parser nor a solver.
"""

TYPE_CHECKING = False  # `typing` would take longer to load than all that a replayed run needs
if TYPE_CHECKING:
    from checker.api import check, check_text, parse
    from checker.errors import CheckerError, Disagreement, NoExecutor, NoSecondSolver

__all__ = ["CheckerError", "Disagreement", "NoExecutor", "NoSecondSolver", "check", "check_text", "parse"]

_ERRORS = ("CheckerError", "Disagreement", "NoExecutor", "NoSecondSolver")


def __getattr__(name: str) -> object:
    """Load what is asked for (PEP 562): the command is often done before it needs any of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module("checker.errors" if name in _ERRORS else "checker.api"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
