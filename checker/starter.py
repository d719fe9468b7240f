"""A starting case from the theories that an author picks: all there is to do stands in it, and nothing of it is done.

The text uses each theory, lists in comments the roles that can be given a meaning, and each known worry with what is
known to help, and states nothing that only its author can answer for: no assumption, no answer, and a goal without a
formula. So its first check is a list of things to do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker import syntax
from checker.case import Case, Use, Worry
from checker.findings import Finding, Severity
from checker.load import Loader, library_names
from checker.printer import print_declaration, quote
from checker.resolve.modules import Resolver
from checker.resolve.names import Part, declared_by, did_you_mean, hint_of

WIDTH = 100
TO_FILL_IN = "to be filled in"
"""What stands wherever only the author can say something."""

_SCOPE = {
    "decision": "what is decided on the strength of this case",
    "system": "what it is about, and which version of that",
    "environment": "where the system is used, and by whom",
    "harm": "what must not happen",
    "validity": "until when, or until which change, the case holds",
}


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A theory of the library: its name, what its doc string says, and how many worries it brings along."""

    name: str
    doc: str
    worries: int


class StarterError(Exception):
    """There is no such starting case; the message is a sentence that says why."""


def shelf() -> list[OnShelf]:
    """The theories of the library, by name."""
    library = Library()
    found = []
    for name in sorted(library_names()):
        theory = library.theory(name)
        found.append(OnShelf(name, _line(theory.doc or ""), len(theory.worries)))
    return found


def starting_case(name: str, theories: Sequence[str], library: Library | None = None) -> str:
    """The text of a case of this name from these theories of the library and all that they require.

    Raises ``StarterError`` for a name that a case cannot have, and for a theory that is not in the library.
    """
    library = library or Library()
    chosen = _with_required(library, list(dict.fromkeys(theories)))
    case = library.case(name, chosen)
    return "\n".join([*_lines(library, case, chosen)]) + "\n"


# -- the library -------------------------------------------------------------------------------------------------------


class Library:
    """Reads theories of the library, each once, and cases that use them."""

    def __init__(self) -> None:
        self.loader = Loader()
        self.resolver = Resolver(self.loader)

    def theory(self, name: str) -> Case:
        """A theory by itself. Raises ``StarterError`` if there is none of this name."""
        if name not in library_names():
            hint = hint_of(did_you_mean(name, library_names()))
            raise StarterError(
                f"there is no theory `{name}` in the library; "
                + (hint or "`safety-case new --list` lists those that there are")
            )
        unit = self.loader.load_text("", "", Path())
        (found,) = self.loader.theories(unit, name)
        case = self.resolver.module(found.unit, found.module).case
        assert case is not None, f"the theory {name} of the library is in order"
        return case

    def case(self, name: str, theories: Sequence[str]) -> Case:
        """A case of this name that uses the theories and has no more than a goal. Raises ``StarterError``."""
        uses = "".join(f"  use {theory}\n" for theory in theories)
        unit = self.loader.load_text(f"case {name} {{\n{uses}  goal {_goal_name(theories)}\n}}\n", "", Path())
        _refuse(name, unit.findings)
        if [module.name.text for module in unit.file.modules] != [name]:
            raise StarterError(f"`{name}` cannot be the name of a case: it is more than a name")
        resolved = self.resolver.module(unit, unit.file.modules[0])
        _refuse(name, resolved.findings)
        assert resolved.case is not None
        return resolved.case

    def roles(self, use: Use, path: str) -> Iterator[str]:
        """The roles of a copy of a theory that nothing is mapped to, as declarations, their names after ``path``."""
        unit = self.loader.load_text("", "", Path())
        (found,) = self.loader.theories(unit, use.theory.name)
        for declaration in found.module.body:
            for declared in declared_by(Part(declaration, found.unit)):
                if declared.is_role and declared.name not in use.bound:
                    yield _declared(declaration, path + declared.name)


def _refuse(name: str, findings: Sequence[Finding]) -> None:
    for found in findings:
        if found.severity is Severity.ERROR:
            raise StarterError(f"`{name}` cannot be the name of a case: {found.message}")


def _with_required(library: Library, chosen: list[str]) -> list[str]:
    """The theories, and after them those that they require, whatever the condition. What comes with another is not
    listed once more."""
    for name in chosen:
        for requirement in library.theory(name).requirements:
            for key in requirement.theories:
                brought = {use.theory.name for other in chosen for use in library.theory(other).uses}
                if key.name not in brought and key.name not in chosen:
                    chosen.append(key.name)  # and the loop comes to it
    return chosen


def _declared(declaration: syntax.Declaration, name: str) -> str:
    """The declaration of one role, under this name, on one line."""
    match declaration:
        case syntax.SortDecl() | syntax.PredicateDecl() | syntax.FunctionDecl():
            text = print_declaration(replace(declaration, name=syntax.Ident(name)))
        case syntax.ConstDecl():
            text = print_declaration(replace(declaration, names=(syntax.Ident(name),)))
        case _:
            raise AssertionError("only these are roles")
    return _line(text)


# -- the text ----------------------------------------------------------------------------------------------------------


def _lines(library: Library, case: Case, theories: Sequence[str]) -> Iterator[str]:
    yield from _comment(
        f"A starting case from {_listed(theories)}. Nothing is argued in it yet: `safety-case check` lists what there "
        "is to do, which is to answer or to accept every known worry, and to state and support the goal.",
        indent="",
    )
    yield ""
    yield f"case {case.name} {quote(f'{TO_FILL_IN}: what the case argues, in a sentence')} {{"
    yield "  scope {"
    width = max(map(len, _SCOPE))
    for key, text in _SCOPE.items():
        yield f"    {key:<{width}} {quote(f'{TO_FILL_IN}: {text}')}"
    yield "  }"
    yield ""
    yield from _comment(
        "Below each use stand its roles. One that is not mapped stays open, and goes by its qualified name. To map "
        "some, declare here what they stand for, and write `with role = thing` after the use, or `with *` for all "
        "that go by the same name here."
    )
    for theory in theories:
        yield ""
        yield f"  use {theory}"
        yield from _roles(library, case, theory)
    for theory in theories:
        yield ""
        yield from _worries(library, case, theory)
    yield ""
    yield from _rest(case, theories)
    yield "}"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _uses(case: Case, theory: str) -> list[Use]:
    """The copy of a theory that the case itself uses, and the copies in it."""
    return [use for use in case.uses if use.alias.split(".")[0] == theory]


def _roles(library: Library, case: Case, theory: str) -> Iterator[str]:
    for use in _uses(case, theory):
        path = use.alias[len(theory) + 1 :]
        for role in library.roles(use, f"{path}." if path else ""):
            yield from _comment(f"  {role}")


def _worries(library: Library, case: Case, theory: str) -> Iterator[str]:
    """All worries that one use brings along, in comments, with what could be written against each."""
    found = [worry for worry in case.worries if worry.name.split(".")[0] == theory]
    heading = f"--- the {len(found)} known worries of {theory} " if len(found) != 1 else f"--- the worry of {theory} "
    yield f"  # {heading:-<{WIDTH - 4}}"
    for source in library.theory(theory).sources:
        yield from _comment(f"Source: {_line(source)}")
    for worry in found:
        yield "  #"
        yield from _worry(worry)


def _worry(worry: Worry) -> Iterator[str]:
    yield from _comment(f"{worry.name}: {_line(worry.doc or 'it says no more')}")
    if worry.formula is None:
        yield from _comment("  It is informal: it can be accepted, and not be answered.")
    else:
        yield from _comment(f'  answer {worry.name} by ASSUMPTION, CLAIM because ""')
    for mitigation in worry.mitigations:
        yield from _comment(f'  adopt {mitigation.name} owner ""')
        yield from _comment(f"      {_line(mitigation.doc or '')}", hang=0)
    if worry.unacceptable:
        yield from _comment("  Nobody may accept it.")
    else:
        yield from _comment(f'  accept {worry.name} "" owner "" until YYYY-MM-DD')


def _rest(case: Case, theories: Sequence[str]) -> Iterator[str]:
    yield from _comment("What is taken for granted, with what or whom answers for it:")
    yield from _comment('  evidence study "" { file "study.json" date YYYY-MM-DD until YYYY-MM-DD }')
    yield from _comment('  assume holds "" : FORMULA by study owner ""')
    yield ""
    claims = [claim for claim in case.claims if claim.name.split(".")[0] in theories and "." in claim.name]
    if claims:
        yield from _comment("The goal needs a formula, and citations that it follows from. It may cite these claims:")
        for claim in claims:
            yield from _comment(f"  {claim.name}: {_line(claim.doc or '')}")
    else:
        yield from _comment("The goal needs a formula, and citations that it follows from.")
    yield f"  goal {_goal_name(theories)} {quote(f'{TO_FILL_IN}: what is to be shown')}"


def _goal_name(theories: Sequence[str]) -> str:
    """A name for the goal that is no alias of a theory."""
    name = "main_goal"
    while name in theories:
        name += "_"
    return name


def _comment(text: str, indent: str = "  ", hang: int = 2) -> list[str]:
    """The text as comments, in lines that are not too long. If it is indented, further lines are by ``hang`` more."""
    margin = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.strip(),
        WIDTH,
        initial_indent=f"{indent}# {margin}",
        subsequent_indent=f"{indent}# {margin}{' ' * hang if margin else ''}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _line(text: str) -> str:
    """The text on one line: a line break would end the comment that it stands in."""
    return " ".join(text.split())
