"""Where the command starts: with a look whether anything has changed since the last time, before anything is loaded."""

import sys

from checker.replay import replayed


def main() -> int:
    """Run the command with the arguments of the process, and give its exit status."""
    arguments = sys.argv[1:]
    can_replay = arguments[:1] == ["check"] and not {"--no-cache", "--watch"}.intersection(arguments)
    status = replayed(arguments) if can_replay else None
    if status is not None:
        return status
    from checker.collecting import collect_seldom

    collect_seldom()
    from checker.cli import main as whole

    return whole(arguments, replayable=can_replay)
