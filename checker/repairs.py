"""What would close what is open, and what else would do where something is shown: minimal sets of premises.

For an open worry or an invalid step these are sets of mitigations that the library knows and of assumptions that are
not cited yet, which together with what is cited give the formula, and which can hold together with the case and with
everything that must stay possible in it. For a valid step or an answered worry they are the sets of citations each of
which suffices: what is in all of them bears the load, and what is in some of them can be exchanged.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from checker.case import Assumption, Case, Claim, Mitigation, Worry
from checker.entailment import Entailed, Refuted
from checker.judge import Decide, Judgement
from checker.minimal_sets import MinimalSets, minimal_sets
from checker.obligations import Obligations


@dataclass(frozen=True, slots=True)
class Repairs:
    """``fixes`` for what is open or invalid, ``suffice`` for what is shown, by the name of the claim or worry."""

    fixes: Mapping[str, MinimalSets]
    suffice: Mapping[str, MinimalSets]


NOTHING = Repairs({}, {})

MOST_CANDIDATES = 200
"""Out of how many premises sets are chosen."""


def repairs(case: Case, obligations: Obligations, judgement: Judgement, decide: Decide) -> Repairs:
    """All repairs of a case. In an inconsistent case, where nothing counts, and in a theory there are none."""
    if judgement.verdict in ("inconsistent", "undetermined") or case.kind == "theory":
        return NOTHING
    fixes: dict[str, MinimalSets] = {}
    suffice: dict[str, MinimalSets] = {}
    for statement, cited in _subjects(case, judgement):
        used = proof_of(statement, judgement)
        if used is None:
            fixes[statement.name] = _fixes(case, obligations, judgement, statement, cited, decide)
        else:
            suffice[statement.name] = _suffice(obligations, statement, cited, used, decide)
    return Repairs(fixes, suffice)


def _subjects(case: Case, judgement: Judgement) -> Iterable[tuple[Claim | Worry, tuple[str, ...]]]:
    """What is shown or could be repaired, with its citations: own steps, and worries that have a formula."""
    for claim in case.claims:
        if claim.own and judgement.steps[claim.name].verdict in ("valid", "invalid"):
            yield claim, (*claim.by, *claim.barring)
    for worry in case.worries:
        if worry.formula is not None and judgement.worries[worry.name].without_acceptance != "refuted":
            yield worry, judgement.worries[worry.name].tried


def proof_of(statement: Claim | Worry, judgement: Judgement) -> tuple[str, ...] | None:
    """The premises of the proof that was found of a step, or against a worry; None if there is none."""
    if isinstance(statement, Claim):
        step = judgement.steps[statement.name]
        return step.used if step.verdict == "valid" else None
    verdict = judgement.worries[statement.name]
    return verdict.used if verdict.without_acceptance in ("dispelled", "assumed", "conditional") else None


def _suffice(
    obligations: Obligations, statement: Claim | Worry, cited: Sequence[str], used: Sequence[str], decide: Decide
) -> MinimalSets:
    """The minimal sets of citations that, with the axioms, give the statement. What one proof used is one of them."""
    names = [premise.name for premise in obligations.cited(cited)]
    known = [name for name in names if name in used]
    if known == names or len(names) > MOST_CANDIDATES:
        # All that is cited is minimal, so there is no other set; or there is too much to look at.
        return MinimalSets((tuple(known),), complete=known == names)
    return minimal_sets(
        names,
        lambda selections: decide([obligations.sufficiency(statement, chosen, ()) for chosen in selections]),
        known,
    )


def _fixes(
    case: Case,
    obligations: Obligations,
    judgement: Judgement,
    statement: Claim | Worry,
    cited: Sequence[str],
    decide: Decide,
) -> MinimalSets:
    everything = _candidates(case, judgement, statement, cited)
    candidates = dict(itertools.islice(everything.items(), MOST_CANDIDATES))
    found = minimal_sets(
        list(candidates),
        lambda selections: decide(
            [obligations.sufficiency(statement, cited, map(candidates.__getitem__, names)) for names in selections]
        ),
    )
    fates = {names: _fate(case, obligations, judgement, names, candidates, decide) for names in found.sets}
    return MinimalSets(
        tuple(names for names, fate in fates.items() if fate == "possible"),
        found.complete and len(candidates) == len(everything) and "undetermined" not in fates.values(),
    )


def _candidates(
    case: Case, judgement: Judgement, statement: Claim | Worry, cited: Sequence[str]
) -> dict[str, Mitigation | Assumption]:
    """What might be added: the mitigations of the statement itself, then assumptions, then all other mitigations.

    What rests on the statement cannot support it.
    """
    resting = nx.ancestors(judgement.graph, statement.name)
    adopted = {assumption.name for assumption in case.assumptions}
    own = statement.mitigations if isinstance(statement, Worry) else ()
    others = [mitigation for worry in case.worries for mitigation in worry.mitigations]
    candidates: list[Mitigation | Assumption] = [m for m in own if m.name not in adopted]
    candidates += [*case.assumptions, *(m for m in others if m.name not in adopted)]
    return {
        candidate.name: candidate
        for candidate in candidates
        if candidate.formula is not None and candidate.name not in resting and candidate.name not in cited
    }


def _fate(
    case: Case,
    obligations: Obligations,
    judgement: Judgement,
    names: Sequence[str],
    candidates: Mapping[str, Mitigation | Assumption],
    decide: Decide,
) -> Literal["possible", "impossible", "undetermined"]:
    """Whether these go together with the premises of the case, and with all that must stay possible in it."""
    accepted = list(judgement.standing)
    extra = [candidates[name] for name in names if isinstance(candidates[name], Mitigation)]
    if not extra:
        return "possible"
    ruled_out = {name for name, verdict in judgement.possibles.items() if verdict.status == "unsatisfiable"}
    possibles = [possible for possible in case.possibles if possible.name not in ruled_out]
    # Most often everything that must stay possible can be so at once, which takes one question instead of many.
    if isinstance(decide([obligations.all_possible(possibles, accepted, extra)])[0], Refuted):
        return "possible"
    posed = [obligations.consistency(accepted, extra)]
    posed += [obligations.possible(possible, accepted, extra) for possible in possibles]
    answers = decide(posed)
    if any(isinstance(answer, Entailed) for answer in answers):
        return "impossible"
    return "possible" if all(isinstance(answer, Refuted) for answer in answers) else "undetermined"
