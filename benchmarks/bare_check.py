"""``python -m benchmarks.bare_check [PATH]...``: a check in which neither cores nor scenarios are made minimal."""

from __future__ import annotations

import sys
from dataclasses import replace
from unittest import mock

from benchmarks.cases import TODAY
from checker import discharge, pipeline
from checker.collecting import collect_seldom
from checker.entailment import Answer, Limits, Question


def main() -> None:
    """Check, in this process alone, and write the report as JSON, as a cold ``check --format json`` does."""
    collect_seldom()
    whole = discharge.answer

    def bare(question: Question, limits: Limits | None = None) -> Answer:
        return whole(replace(question, want_core=False, want_scenario=False), limits)

    with mock.patch.object(discharge, "answer", bare):
        report = pipeline.check_paths(sys.argv[1:], pipeline.settings(TODAY, None, None, strict=False))
    sys.stdout.write(report.to_json())


if __name__ == "__main__":
    main()
