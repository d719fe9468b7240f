"""``python -m tests.oracle [--cases N | --minutes M | --hours H | --examples N] [--seed S] [--jobs J]``.

Has many random cases judged by the checker, by brute force and by cvc5, which decides each obligation again. Prints how
much was compared and, of each disagreement, the smallest case found that shows it, also kept in a folder. Exit status 1
if there is a disagreement, 130 after Ctrl-C or `kill`, which let it say what was covered. With ``--examples`` it is
Hypothesis that makes the choices, shrinks what it finds, and tries that first the next time.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.oracle.campaign import Campaign, by_hypothesis, over_seeds, shrunk_finds
from tests.oracle.trial import Figures

CASES = 10_000
EVERY = 100
"""After so many cases a line says how far it is."""
TRIES = 2_000
"""So many smaller cases are tried for each find."""


def main() -> int:
    """Run the comparison that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description="Compare the checker with the oracle.")
    parser.add_argument(
        "--cases", type=int, metavar="N", help=f"how many cases (default: {CASES}, if no time is given)"
    )
    parser.add_argument("--minutes", type=float, default=0.0, metavar="M", help="go on for so long")
    parser.add_argument("--hours", type=float, default=0.0, metavar="H", help="go on for so long")
    parser.add_argument("--examples", type=int, metavar="N", help="so many cases that Hypothesis thinks of, instead")
    parser.add_argument("--seed", type=int, default=1_000_000, metavar="S", help="the first seed (default: 1000000)")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="how many processes (default: 1)")
    parser.add_argument("--without-cvc5", action="store_true", help="ask brute force alone")
    parser.add_argument("--finds", type=Path, default=Path(".oracle"), metavar="FOLDER", help="where finds are kept")
    options = parser.parse_args()
    seconds = 60 * options.minutes + 3600 * options.hours or None
    cases = options.cases or (None if seconds else CASES)
    # Also where a shell had it ignore Ctrl-C, as it does with what runs in the background; and `kill` is as good.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    start = time.monotonic()
    campaign = Campaign(options.seed, options.finds)
    with_cvc5 = not options.without_cvc5
    shown = 0

    def progress(campaign: Campaign) -> None:
        nonlocal shown
        done = campaign.figures.cases
        if done // EVERY > shown:
            shown = done // EVERY
            line = f"{done} cases, {len(campaign.finds)} finds ({time.monotonic() - start:.0f} s)"
            print(line, file=sys.stderr, flush=True)

    if options.examples:
        by_hypothesis(campaign, options.examples, with_cvc5, progress)
    else:
        over_seeds(campaign, cases, seconds, options.jobs, with_cvc5, progress)
    spent = time.monotonic() - start
    try:
        # Hypothesis has made its finds small already.
        for find in campaign.finds if options.examples else shrunk_finds(campaign, with_cvc5, TRIES):
            print(f"The opinions differ on a case made from {find.origin}, kept as {find.path}:\n\n{find.disagreement}")
    except KeyboardInterrupt:
        campaign.ended = "interrupted"
    for line in _summary(campaign, options.seed, by_seeds=not options.examples):
        print(line)
    print(f"{spent:.0f} s", file=sys.stderr)
    if campaign.finds or campaign.ended == "a process died":
        return 1
    return 130 if campaign.ended == "interrupted" else 0


def _summary(campaign: Campaign, first: int, by_seeds: bool) -> Iterator[str]:
    """What was covered. The same whatever the number of processes, so nothing in it is measured in seconds."""
    figures = campaign.figures
    yield f"{figures.cases} cases, of which {figures.passed} pass; {_verdicts(figures)}"
    yield f"brute force: {figures.judged} verdicts and errors compared, of which it leaves {figures.left_open} open"
    yield (
        f"cvc5: {figures.obligations} obligations, of which {figures.confirmed} confirmed, "
        f"{figures.unconfirmed} not decided by cvc5, {figures.undecided} not decided by the checker; "
        f"{figures.contradicted} contradictions"
    )
    yield f"{len(campaign.finds)} disagreements"
    for find in campaign.finds:
        yield f"  {find.origin}: {find.path}"
    match campaign.ended:
        case "a process died":
            yield f"a process died on one of the cases from seed {campaign.next_seed} on: that is a find, too"
        case "interrupted" | "time" | "enough finds":
            yield f"ended early: {campaign.ended}"
        case "all cases":
            pass
    if by_seeds:
        yield f"seeds {first} to {campaign.next_seed - 1}; `--seed {campaign.next_seed}` goes on from here"


def _verdicts(figures: Figures) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(figures.verdicts.items())) or "no verdict"


if __name__ == "__main__":
    sys.exit(main())
