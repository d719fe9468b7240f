"""The mutants of a module, made by mutmut: for each function one copy for each change, behind a switch."""

from __future__ import annotations

import difflib
import pickle
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``name`` switches it on; ``old`` and ``new`` are the lines that differ, without their indentation."""

    name: str
    module: str
    function: str
    old: str
    new: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, as long as the function's lines stay as they are."""
        return self.module, self.function, self.old, self.new


def mutate(path: Path, module: str, kept: Path) -> list[Mutant]:
    """Put the mutants of a module into its file, none of them switched on, and tell them.

    Making them takes long, so they are kept in a folder.
    """
    from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents

    source = path.read_text("utf-8")
    file = kept / f"{module}-{sha256(source.encode()).hexdigest()[:16]}.pickle"
    if not file.exists():
        (kept / f"{module}.jsonl").unlink(missing_ok=True)  # what is known is of other mutants
        file.write_bytes(pickle.dumps(mutate_file_contents(str(path), source)))
    made: MutatedFile = pickle.loads(file.read_bytes())
    path.write_text(made.code, "utf-8")
    lines = made.code.splitlines()
    spans = made.line_span_by_function_name

    def text(function: str) -> list[str]:
        span = spans[function]
        code = lines[span.start - 1 : span.end]
        return [line.strip().replace(function, "_") for line in code]

    mutants = []
    for name in made.mutant_names:
        function = name.partition("__mutmut_")[0]
        original, changed = text(f"{function}__mutmut_orig"), text(name)
        old, new = [], []
        for line in difflib.ndiff(original, changed):
            if line.startswith("- "):
                old.append(line[2:])
            elif line.startswith("+ "):
                new.append(line[2:])
        shown = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        if old and " ".join(old).lower() == " ".join(new).lower():
            continue  # a string in other letters: another mutant has its own, wrong as well
        mutants.append(Mutant(f"checker.{module}.{name}", module, shown, " ".join(old), " ".join(new)))
    return mutants
