"""``python -m benchmarks.bare_lark FILE [ours]``: seconds that Lark alone, or our reader, takes for a text."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

from lark import Lark

from checker.parser import parse
from checker.resources import grammar_text


def main() -> None:
    """Print the best of three times; the collection of garbage is paused, as it is while the checker reads."""
    text = Path(sys.argv[1]).read_text("utf-8")
    lark = Lark(grammar_text(), parser="lalr", lexer="contextual", start="file")
    read = (lambda: parse(text, "x.case")) if sys.argv[2:] == ["ours"] else (lambda: lark.parse(text))
    times = []
    for _ in range(3):
        gc.collect()
        gc.disable()
        begun = time.perf_counter()
        read()
        times.append(time.perf_counter() - begun)
        gc.enable()
    print(min(times))


if __name__ == "__main__":
    main()
