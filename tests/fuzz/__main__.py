"""``python -m tests.fuzz [--minutes N] [--seed N] [--corpus FOLDER] [--longest N] [--blind]``: fuzz until it breaks.

With atheris (``pip install -e .[fuzz]``), what is tried next depends on which code the last texts reached, and the
texts that reached something new are kept in the corpus folder. Without it, or with ``--blind``, seeds are changed at
random.
A text that breaks the checker is written to a file, and the exit status is not 0: make it small, put it into
``tests/fuzz/finds``, and mend the checker.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

LONGEST_SECONDS = 20
"""A text of this size that takes longer than that is a find, too."""
LONGEST_TEXT = 40_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz reading and resolving.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"), help="where texts and finds are kept")
    parser.add_argument("--runs", type=int, help="after how many texts besides the seeds to end, with atheris")
    parser.add_argument("--longest", type=int, default=LONGEST_TEXT, help="how many bytes a text has with atheris")
    parser.add_argument("--blind", action="store_true", help="without atheris, even where it is installed")
    options = parser.parse_args()
    options.corpus.mkdir(parents=True, exist_ok=True)
    if not options.blind and importlib.util.find_spec("atheris") is not None:
        return _guided(options.minutes, options.seed, options.corpus, options.longest, options.runs)
    return _blind(options.minutes, options.seed, options.corpus)


def _blind(minutes: float, seed: int, corpus: Path) -> int:
    from tests.fuzz.mutate import some_text
    from tests.fuzz.target import examine, workspace

    random = Random(seed)
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + 60 * minutes
    with workspace() as folder:
        while time.monotonic() < end:
            text = some_text(random)
            start = time.monotonic()
            try:
                outcomes[examine(text, folder)] += 1
                assert time.monotonic() - start < LONGEST_SECONDS, "it takes too long"
            except BaseException:
                path = corpus / f"crash-{hashlib.sha256(text.encode(errors='backslashreplace')).hexdigest()[:16]}"
                path.write_text(text, "utf-8", errors="surrogatepass")
                print(f"kept as {path}", file=sys.stderr)
                raise
    print(f"{outcomes.total()} texts: {dict(outcomes)}")
    return 0


def _guided(minutes: float, seed: int, corpus: Path, longest: int, runs: int | None) -> int:
    import atheris  # type: ignore[import-untyped,unused-ignore]

    # Only what is imported in here is watched, so nothing of the checker may have been imported before; and much of it
    # is imported where it is first needed.
    with atheris.instrument_imports(include=["checker", "lark"]):
        from tests.fuzz.corpus import seeds, words
        from tests.fuzz.mutate import mutate
        from tests.fuzz.target import examine, workspace

        with workspace() as folder:
            examine(next(text for text in seeds() if "variant" in text), folder)

    def one(data: bytes) -> None:
        examine(data.decode("utf-8", "replace"), folder)

    def change(data: bytes, longest: int, number: int) -> bytes:
        if number % 4 == 0:
            changed: bytes = atheris.Mutate(data, len(data))
            return changed
        return mutate(data.decode("utf-8", "replace"), Random(number)).encode("utf-8", "replace")[:longest]

    start = corpus / "seeds"
    start.mkdir(exist_ok=True)
    tried = [text for text in seeds() if len(text.encode("utf-8", "surrogatepass")) <= longest]
    for text in tried:
        (start / hashlib.sha256(text.encode()).hexdigest()[:16]).write_text(text, "utf-8", errors="surrogatepass")
    found = corpus / "found"
    found.mkdir(exist_ok=True)
    dictionary = corpus / "words.dict"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()), "ascii")
    arguments = [
        sys.argv[0],
        f"-max_total_time={int(60 * minutes)}",
        f"-runs={-1 if runs is None else len(tried) + runs}",
        f"-seed={seed}",
        f"-timeout={LONGEST_SECONDS}",
        f"-max_len={longest}",
        "-rss_limit_mb=2048",
        f"-dict={dictionary}",
        f"-artifact_prefix={corpus}/",
        "-print_final_stats=1",
        str(found),
        str(start),
    ]
    with workspace() as folder:
        atheris.Setup(arguments, one, custom_mutator=change)
        atheris.Fuzz()
    return 0


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace"))


if __name__ == "__main__":
    sys.exit(main())
