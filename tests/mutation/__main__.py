"""``python -m tests.mutation [MODULE...]``: change the code that gives verdicts, and see whether a test notices.

Without modules, all of those in ``modules.py``. What comes of each mutant is kept in ``.mutation``; with ``--again``
only those are tried that survived the last time. ``--write`` puts what was found into ``tests/mutation/found.json`` and
writes ``docs/mutation.md`` anew. The exit status is 1 if a mutant survives for which no reason is written down.

It needs an extra (``pip install -e ".[mutation]"``) and patience.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COPIED = ("checker", "tests", "specs", "grammar", "examples", "docs", "README.md", "CHANGELOG.md", "pyproject.toml")
"""What the tests need; it is copied to a folder of its own, where the mutants are put in."""


def main() -> int:
    from tests.mutation.modules import MODULES

    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Try mutants of the checker.")
    parser.add_argument("modules", nargs="*", choices=[*MODULES, []], metavar="MODULE", help=f"({', '.join(MODULES)})")
    parser.add_argument("--again", action="store_true", help="only those that survived the last time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument("--tests", nargs="*", help="these tests in place of the usual ones")
    parser.add_argument("--write", action="store_true", help="write what was found into the docs")
    options = parser.parse_args()
    wanted: list[str] = options.modules or list(MODULES)
    # In a process of its own, which loads the checker with the mutants.
    (ROOT / ".mutation").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".mutation") as work:
        if (pid := os.fork()) == 0:
            os._exit(_try(wanted, options, Path(work)))
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            return 3
    return _tell(wanted, options.write)


def _try(modules: list[str], options: argparse.Namespace, work: Path) -> int:
    """Try the mutants of these modules in a folder; what comes of each is appended to ``.mutation/MODULE.jsonl``."""
    kept = ROOT / ".mutation"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, work / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, work / name)
    (work / "setup.cfg").write_text("[mutmut]\nsource_paths=checker\ntrack_dependencies=false\n")
    os.chdir(work)
    sys.path.insert(0, str(work))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("checker", "tests")]:
        del sys.modules[name]

    import pytest

    from tests.mutation.modules import MODULES
    from tests.mutation.mutants import mutate

    # Before anything imports the checker, which must be the one with the mutants.
    mutants = [mutant for module in modules for mutant in mutate(work / "checker" / f"{module}.py", module, kept)]
    from tests.mutation.trials import Trials, last_time

    for module in modules:
        ours = [m for m in mutants if m.module == module]
        (kept / f"{module}.mutants.json").write_text(json.dumps([[m.name, *m.key] for m in ours], ensure_ascii=False))
        if not options.again:
            (kept / f"{module}.jsonl").unlink(missing_ok=True)
    trials = Trials(mutants, kept, options.jobs, last_time(kept, mutants))
    tests = options.tests or dict.fromkeys(test for module in modules for test in MODULES[module])
    # Nobody reads what a test has to say about a mutant, and saying it takes longer than the test.
    quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--assert=plain", "--tb=native"]
    rewriting = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-c", "pyproject.toml"]
    pytest.main([*quiet, *rewriting, *tests], plugins=[trials])
    if trials.failed:
        print("These fail without a mutant:", *trials.failed, sep="\n  ", file=sys.stderr)
    return 1 if trials.failed else 0


def _tell(modules: list[str], write: bool) -> int:
    from tests.mutation.findings import found_in, page, reasons, unexplained, with_found

    found = with_found({module: found_in(ROOT / ".mutation", module) for module in modules}, write=write)
    for module in modules:
        print(f"{module}: {found[module].summary()}")
    left = [mutant for module in modules for mutant in unexplained(module, found[module], reasons())]
    for module, function, old, new in left:
        print(f"\n{module}.{function}\n  - {old}\n  + {new}")
    if write:
        (ROOT / "docs" / "mutation.md").write_text(page(found, reasons()), "utf-8")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
