"""Cases of any size, made by a rule: what a benchmark checks to see how the checker grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

TODAY = date(2026, 11, 24)
"""The day as of which the library and the examples are checked."""


def chain(claims: int) -> Iterator[str]:
    """A deep argument: each claim rests on the one before and on an assumption of its own."""
    yield 'case chain "A chain." {\n  sort Step\n'
    yield '  predicate safe_0(s: Step) "{s} is safe at stage 0"\n'
    yield '  assume start "Every step starts out safe." : forall s: Step. safe_0(s) owner "team"\n'
    for n in range(1, claims + 1):
        yield f'  predicate safe_{n}(s: Step) "{{s}} is safe at stage {n}"\n'
        yield f'  assume keeps_{n} : forall s: Step. safe_{n - 1}(s) implies safe_{n}(s) owner "team"\n'
        kind = "goal" if n == claims else "claim"
        below = f"stage_{n - 1}" if n > 1 else "start"
        yield f'  {kind} stage_{n} "Stage {n} is safe." : forall s: Step. safe_{n}(s) by {below}, keeps_{n}\n'
    yield "}\n"


def fan(claims: int) -> Iterator[str]:
    """A wide argument: one goal that rests on all other claims, each of which has assumptions of its own."""
    yield 'case fan "A fan." {\n  sort Hazard\n'
    for n in range(1, claims):
        yield f'  predicate arises_{n}(h: Hazard) "{{h}} arises from source {n}"\n'
        yield f'  predicate seen_{n}(h: Hazard) "monitor {n} sees {{h}}"\n'
        yield f'  predicate stopped_{n}(h: Hazard) "barrier {n} stops {{h}}"\n'
        yield f'  assume sees_{n} : forall h: Hazard. arises_{n}(h) implies seen_{n}(h) owner "team"\n'
        yield f'  assume stops_{n} : forall h: Hazard. seen_{n}(h) implies stopped_{n}(h) owner "team"\n'
        yield f"  claim source_{n} : forall h: Hazard. arises_{n}(h) implies stopped_{n}(h) by sees_{n}, stops_{n}\n"
    ends = " and ".join(f"(arises_{n}(h) implies stopped_{n}(h))" for n in (1, claims - 1))
    yield f"  goal all_stopped : forall h: Hazard. {ends}\n"
    yield f"    by {', '.join(f'source_{n}' for n in range(1, claims))}\n}}\n"


def library(claims: int) -> Iterator[str]:
    """One theory used many times, each copy with assumptions that answer its worry, and one goal for them all."""
    copies = max(claims // 2, 1)
    yield 'theory barrier "A barrier that stops what it sees." {\n'
    yield '  sort Event\n  predicate bad(e: Event) "{e} is bad"\n  predicate seen(e: Event) "{e} is seen"\n'
    yield '  predicate stopped(e: Event) "{e} is stopped"\n'
    yield '  worry blind "Something bad is not seen." unless forall e: Event. bad(e) implies seen(e)\n'
    yield '  worry idle "What is seen is let through." unless forall e: Event. seen(e) implies stopped(e)\n'
    yield '  claim stops "What is bad is stopped." : forall e: Event. bad(e) implies stopped(e)\n'
    yield "    barring blind, idle\n}\n"
    yield 'case plant "Many barriers." {\n  sort Event\n'
    for n in range(copies):
        yield f"  use barrier as b{n} with Event = Event\n"
        yield f'  assume sees_{n} : forall e: Event. b{n}.bad(e) implies b{n}.seen(e) owner "team"\n'
        yield f'  assume acts_{n} : forall e: Event. b{n}.seen(e) implies b{n}.stopped(e) owner "team"\n'
        yield f"  answer b{n}.blind by sees_{n}\n  answer b{n}.idle by acts_{n}\n"
        kind = "goal" if n == copies - 1 else "claim"
        yield f"  {kind} held_{n} : forall e: Event. b{n}.bad(e) implies b{n}.stopped(e)\n"
        yield f"    by b{n}.stops{f', held_{n - 1}' if n else ''}\n"
    yield "}\n"


SHAPES: Mapping[str, Callable[[int], Iterator[str]]] = {"chain": chain, "fan": fan, "library": library}
