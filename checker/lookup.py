"""Modules to look something up in: those of files, and the theory of the library that a name begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.case import Case
from checker.findings import Finding, Severity
from checker.load import Loader, find_files, library_names
from checker.resolve.modules import Resolver


def modules(name: str, paths: Sequence[Path]) -> tuple[list[Case], list[Finding], Mapping[str, str]]:
    """The modules of the files at ``paths``, and the theory of the library that ``name`` begins with.

    Also the errors for which some of them are missing, and the texts of the files that these are in.
    """
    loader = Loader()
    resolver = Resolver(loader)
    files, findings = find_files(paths)
    units = [loader.load(path) for path in files]
    cases = []
    for unit in units:
        findings += [found for found in unit.findings if found.severity is Severity.ERROR]
        for module in unit.file.modules if not unit.broken else ():
            resolved = resolver.module(unit, module)
            if resolved.case is None:
                findings += resolved.findings
            else:
                cases.append(resolved.case)
    first = name.split(".", maxsplit=1)[0]
    if first in library_names():
        here = loader.load_text("", "", Path())
        for found in loader.theories(here, first):
            theory = resolver.module(found.unit, found.module).case
            if theory is not None:
                cases.append(theory)
    sources = {unit.name: unit.source.text for unit in loader.units.values()}
    return cases, list(dict.fromkeys(findings)), sources
