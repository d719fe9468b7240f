"""Findings: everything the checker has to say about a specification, each at a place, with a stable code.

A finding is plain data. Its wording and its severity come from the registry in :mod:`checker.codes`, so that all
messages speak with one voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from checker.codes import REGISTRY
from checker.source import NOWHERE, Span


class Severity(StrEnum):
    """How much a finding matters. An error keeps a case from passing; ``--strict`` makes warnings errors."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that helps to understand a finding, and why it does."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write in the place of what stands at ``span``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Instead:
    """A hint that comes to replacing the whole place of the finding: the words of the hint, and what to write there."""

    hint: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one place.

    ``message`` is the sentence to show if only one can be shown; ``about`` names the thing it is about;
    ``hint`` says what to write instead, where that is known, and ``fix`` says it to programs, where it is nothing but a
    replacement.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    about: str | None = None
    hint: str | None = None
    related: tuple[Related, ...] = field(default=())
    fix: Fix | None = None


def finding(
    code: str,
    span: Span = NOWHERE,
    *,
    about: str | None = None,
    hint: str | Instead | None = None,
    related: Iterable[Related] = (),
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    """The finding with this registered code, its message filled in with ``words`` (and ``about``).

    ``severity`` overrides the registered one, for the few codes whose weight depends on what they are about.
    Raises ``KeyError`` for a code or a word that the registry does not know.
    """
    entry = REGISTRY[code]
    fix = Fix(span, hint.text) if isinstance(hint, Instead) else None
    return Finding(
        code=code,
        severity=severity or Severity(entry.severity),
        message=entry.message.format(about=about, **words),
        span=span,
        about=about,
        hint=hint.hint if isinstance(hint, Instead) else hint,
        related=tuple(related),
        fix=fix,
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, by place, then by weight and code: a total order, so output is stable."""
    weights = {severity: weight for weight, severity in enumerate(Severity)}
    return tuple(sorted(set(findings), key=lambda f: (f.span, weights[f.severity], f.code, f.message, f.about or "")))
