"""``python -m benchmarks``: what takes how long, each figure beside its floor or its peer in the same run.

Prints a table for each question, and with ``--write`` puts them into ``docs/benchmarks.md``. ``--only NAME`` asks one
question alone. On a noisy machine ratios say more than seconds; runs of the two sides of a ratio take turns.
"""

from __future__ import annotations

import argparse
import inspect
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.cases import SHAPES, TODAY
from benchmarks.measure import Command, Run, in_turn, median, ratio, run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
CHECK = (sys.executable, "-m", "checker", "check")
SMALL = """case c{n} {{
  sort Step
  predicate bad(s: Step)
  predicate seen(s: Step)
  predicate stopped(s: Step)
  assume watched : forall s: Step. bad(s) implies seen(s) owner "team {n}"
  assume acted : forall s: Step. seen(s) implies stopped(s) owner "team {n}"
  worry missed "Something bad is not seen." unless forall s: Step. bad(s) implies seen(s)
  goal g : forall s: Step. bad(s) implies stopped(s) by watched, acted
}}
"""

Table = list[Sequence[object]]


def start_up(folder: Path, rounds: int, _: int) -> Table:
    """How long a `check` takes in which nothing has changed, and what needs no solver.

    The script that an installer makes for a command may load modules of its own (that of pip 23.2 loads `re`), so a
    call is also measured without it.
    """
    rows: Table = [("call", "ms", "`python -c pass`, ms", "ratio")]
    program = shutil.which("safety-case", path=str(Path(sys.executable).parent)) or "safety-case"
    bare = (sys.executable, "-c", "import sys; from checker.start import main; sys.exit(main())")
    calls = [("`--version`", folder, (program, "--version")), ("`check --help`", folder, (program, "check", "--help"))]
    for count in (20, 200):
        project = folder / f"of {count}"
        (project / ".git").mkdir(parents=True)
        for n in range(count):
            (project / f"c{n}.case").write_text(SMALL.format(n=n))
        calls.append((f"`check` of {count} files, unchanged", project, (program, "check", ".")))
        calls.append(("the same, without the installer's script", project, (*bare, "check", ".")))
    for name, where, words in calls:
        ours = Command(words, environment=own(folder), folder=where)
        for _ in range(2):  # the first leaves a record for the others
            run(ours)
        runs, floor = in_turn([ours, Command((sys.executable, "-c", "pass"))], 3 * rounds)
        rows.append((name, ms(runs), ms(floor), f"{ratio(runs, floor):.2f}"))
    return rows


def solver(folder: Path, rounds: int, _: int) -> Table:
    """A cold `check` of the library and all examples, beside one process of Z3 that decides the exported obligations.

    What makes cores and scenarios minimal is measured apart, as it is asked of Z3 besides what stands in the files.
    """
    from checker import pipeline
    from checker.export import export

    wanted = pipeline.settings(TODAY, None, None, strict=False)
    report, decided = pipeline.decide_paths([ROOT / "specs", ROOT / "examples"], wanted)
    files = export(decided, report.options)[0]
    for file, text in files.items():
        path = folder / "smt2" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    check = (*CHECK, "specs", "examples", "--no-cache", "--today", TODAY.isoformat(), "--format", "json")
    one, two, bare, raw = in_turn(
        [
            Command((*check, "--jobs", "1"), folder=ROOT),
            Command((*check, "--jobs", "2"), folder=ROOT),
            Command((sys.executable, "-m", "benchmarks.bare_check", "specs", "examples"), folder=ROOT),
            Command((sys.executable, "-m", "benchmarks.raw_z3", str(folder / "smt2")), folder=ROOT),
        ],
        rounds,
    )
    return [
        ("what", "seconds", "CPU seconds", "beside Z3 alone"),
        (f"Z3 alone, {len(decided)} obligations", s(raw), cpu(raw), ""),
        ("a check without making cores and scenarios minimal", s(bare), cpu(bare), beside(bare, raw)),
        ("`check --jobs 1`", s(one), cpu(one), beside(one, raw)),
        ("`check --jobs 2`", s(two), cpu(two), f"{ratio(one, two):.2f} times as fast as with one job"),
    ]


def growth(folder: Path, rounds: int, most: int) -> Table:
    """Generated cases: a chain of claims, a goal that rests on all others, and a theory that is used many times."""
    rows: Table = [("case", "claims", "kB", "cold, s", "MB of the largest process", "unchanged, s")]
    for shape, made in SHAPES.items():
        for claims in (10, 100, 1_000, 10_000):
            if claims > most:
                continue
            project = folder / f"{shape} {claims}"
            (project / ".git").mkdir(parents=True)
            text = "".join(made(claims))
            (project / "big.case").write_text(text)
            call = Command((*CHECK, ".", "--quiet"), environment=own(project), folder=project)
            cold = run(call)
            if cold.status == 2:
                rows.append((shape, claims, len(text) // 1000, "refused by a limit", "", ""))
                continue
            run(call)
            warm = [run(call) for _ in range(rounds)]
            rows.append((shape, claims, len(text) // 1000, f"{cold.wall:.1f}", f"{cold.megabytes:.0f}", s(warm, 2)))
    return rows


def reading(folder: Path, rounds: int, _: int) -> Table:
    """The front end, beside Lark alone with the same grammar on the same text."""
    path = folder / "fan.case"
    path.write_text("".join(SHAPES["fan"](300)))
    kilobytes = path.stat().st_size / 1000
    found = []
    for more in ([], ["ours"]):
        call = [sys.executable, "-m", "benchmarks.bare_lark", str(path), *more]
        times = [subprocess.run(call, check=True, capture_output=True, cwd=ROOT).stdout for _ in range(rounds)]
        found.append(min(map(float, times)))
    lark, ours = found
    return [
        ("what", "s", "kB/s"),
        ("Lark alone", f"{lark:.2f}", f"{kilobytes / lark:.0f}"),
        ("our reader", f"{ours:.2f}", f"{kilobytes / ours:.0f}"),
        ("ratio", f"{ours / lark:.2f}", ""),
    ]


PARTS: Mapping[str, Callable[[Path, int, int], Table]] = {
    "start-up": start_up,
    "solver": solver,
    "growth": growth,
    "reading": reading,
}
"""What is measured, in a folder of its own, in so many rounds and with so many claims at most."""


# -- figures -----------------------------------------------------------------------------------------------------------


def own(folder: Path) -> dict[str, str]:
    """An environment with a cache folder of its own."""
    cache = folder / "cache"
    cache.mkdir(mode=0o700, exist_ok=True)
    return {"XDG_CACHE_HOME": str(cache)}


def ms(runs: Sequence[Run]) -> str:
    return f"{1000 * median(runs):.0f}"


def s(runs: Sequence[Run], digits: int = 1) -> str:
    return f"{median(runs):.{digits}f}"


def cpu(runs: Sequence[Run]) -> str:
    return f"{median(runs, lambda one: one.cpu):.1f}"


def beside(ours: Sequence[Run], theirs: Sequence[Run]) -> str:
    return f"{ratio(ours, theirs, lambda one: one.cpu):.2f} (CPU)"


def main() -> None:
    """Measure, print, and write if that is wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*PARTS])
    parser.add_argument("--rounds", type=int, default=3, help="of how many runs the median is taken")
    parser.add_argument("--most", type=int, default=1_000, help="how many claims the largest case has")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    text = "".join(heading())
    for name, part in PARTS.items():
        if given.only is None or name in given.only:
            with tempfile.TemporaryDirectory() as folder:
                table = part(Path(folder), given.rounds, given.most)
            section = f"\n## {name.capitalize()}\n\n{inspect.getdoc(part)}\n\n{''.join(written(table))}"
            print(section, flush=True)
            text += section
    if given.write:
        PAGE.write_text(text, "utf-8")


def heading() -> Iterator[str]:
    yield "# Benchmarks\n\n"
    yield "Written by `python -m benchmarks --write`. Times are medians of what a clock showed.\n\n"
    yield f"- {os.cpu_count()} cores, {platform.machine()}, {platform.system()}\n"
    yield f"- Python {platform.python_version()}, z3-solver {version('z3-solver')}, Lark {version('lark')}\n"


def written(table: Table) -> Iterator[str]:
    """A table in Markdown."""
    for number, row in enumerate(table):
        yield "| " + " | ".join(map(str, row)) + " |\n"
        if number == 0:
            yield "| " + " | ".join("---" for _ in row) + " |\n"


if __name__ == "__main__":
    main()
