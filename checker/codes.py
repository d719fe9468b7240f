"""The registry of findings: for each stable code its severity, its wording and what it means.

All messages stand here so that they keep one voice. Messages are templates for ``str.format``; what a code means is
written for a spec author who sees it for the first time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """What is known of a finding before it is made."""

    severity: Literal["error", "warning", "note"]
    message: str
    meaning: str


REGISTRY: dict[str, Code] = {
    # -- reading files ---------------------------------------------------------------------------------------------
    "syntax": Code(
        "error",
        "{problem}",
        "The text is not a specification. The message says what was expected at this place.",
    ),
    "reserved-word": Code(
        "error",
        "`{about}` is a word of the language and cannot be the name of anything",
        "The words of the language are reserved, so that a declaration can never be taken for a name.",
    ),
    "reserved-for-later": Code(
        "error",
        "`{about}` is reserved for a later version of the language",
        "Probabilities and units are planned. Their words are kept free, so that today's specifications stay valid.",
    ),
    "malformed-name": Code(
        "error",
        "{problem}",
        "Names of sorts are written like `ModelStep`; all other names like `model_step`.",
    ),
    "duplicate-key": Code(
        "error",
        "the key `{about}` stands twice in this block",
        "A block says one thing under each key.",
    ),
    "duplicate-star": Code(
        "error",
        "`*` stands twice after this `with`",
        "One `*` maps every role that is not mapped by itself.",
    ),
    "no-such-day": Code(
        "error",
        "there is no day {about} in the calendar",
        "Dates are written year-month-day, as in 2026-10-01, and have to exist.",
    ),
    "comparison-chain": Code(
        "error",
        "this chain of comparisons does not go one way",
        "A chain combines `=` with `<` and `<=`, or `=` with `>` and `>=`, and means that all its links hold. "
        "`!=` does not chain, as `a != b != c` would leave open whether a and c differ.",
    ),
    "too-deep": Code(
        "error",
        "this is nested too deeply ({limit} levels at most)",
        "A formula nested so deeply cannot be reviewed. Name its parts with `define`.",
    ),
    "number-too-long": Code(
        "error",
        "this number has more than {limit} digits",
        "Numbers are exact, and kept to a length that can be computed with.",
    ),
    "name-too-long": Code(
        "error",
        "this name has more than {limit} characters",
        "Names are there to be read. What there is to say stands in doc strings.",
    ),
    "text-too-long": Code(
        "error",
        "this text has more than {limit} characters",
        "Doc strings are told again wherever something is about them. What is longer belongs in a file of its own.",
    ),
    "too-many": Code(
        "error",
        "{subject} has more than {limit} {what}",
        "What is larger than that can neither be reviewed nor be checked in time. Split it.",
    ),
    "control-character": Code(
        "error",
        "the file holds a character that cannot be seen ({about})",
        "Control characters and marks that change the direction of writing make a text look like another one.",
    ),
    "more-syntax-errors": Code(
        "note",
        "there may be more mistakes in this file: reading stopped after {limit}",
        "Mistakes that are corrected first often take others with them.",
    ),
    "unreadable": Code(
        "error",
        "`{about}` cannot be read: {why}",
        "The file is not there, is no regular file, is a link that leads out of the repository, may not be read, or is "
        "far larger than a specification should be.",
    ),
    "not-utf8": Code(
        "error",
        "this file is not UTF-8 text: the byte {byte} makes no sense here",
        "Specifications are UTF-8. Save the file again with that encoding.",
    ),
    "no-such-path": Code(
        "error",
        "there is no file or folder `{about}`",
        "Each path that is given must exist, so that a mistyped one is not taken for a folder without mistakes.",
    ),
    "no-case-files": Code(
        "error",
        "`{about}` holds no `.case` file",
        "A folder is searched for files that end in `.case`. A check that reads nothing must not look like a pass.",
    ),
    "empty-file": Code(
        "warning",
        "`{about}` holds no theory, case or variant",
        "There is nothing in the file to check, so that nothing was found wrong says nothing.",
    ),
    "nothing-called": Code(
        "error",
        "no case, variant or theory in these files is called `{about}`",
        "`--only` must name something, so that a mistyped name is not taken for a pass.",
    ),
    "nothing-to-withdraw": Code(
        "error",
        "no case that is checked takes `{about}` for granted",
        "`--without` withdraws assumptions and adopted mitigations, by their names in the case.",
    ),
    "import-outside": Code(
        "error",
        "`{about}` lies outside this repository, and is not read",
        "A specification reads nothing outside the repository (or, without one, the folder) that it stands in.",
    ),
    "import-no-case": Code(
        "error",
        "`{about}` is no `.case` file, and is not read",
        "A specification imports specifications. What else lies in the repository is no business of theirs.",
    ),
    "missing-import": Code(
        "error",
        "there is no file `{about}` to import",
        "The path of an import is relative to the file that it stands in.",
    ),
    "broken-import": Code(
        "error",
        "the imported file `{about}` has mistakes of its own",
        "What is imported must be right before what imports it can be understood.",
    ),
    "deep-import": Code(
        "error",
        "`{about}` stands at the end of a chain of more than {limit} imports",
        "Nobody could follow such a chain. Import what is needed directly.",
    ),
    "circular-import": Code(
        "error",
        "files import each other in a circle: {circle}",
        "An imported file must not import, directly or through others, the file that imports it.",
    ),
    "too-many-mistakes": Code(
        "error",
        "there are {limit} mistakes in this module, and there may be more",
        "After so many mistakes looking further helps nobody. Mend these first.",
    ),
    "out-of-time": Code(
        "error",
        "the time for the whole run was used up before `{about}` was looked at",
        "A run takes no longer than `--total-timeout` allows. Check less at a time, or allow more.",
    ),
    "interrupted": Code(
        "error",
        "the run was interrupted before everything was decided",
        "What was decided by then is told. All else is undetermined, and never counts as shown.",
    ),
    "interrupted-before": Code(
        "error",
        "the run was interrupted before `{about}` was looked at",
        "Nothing is known of it. Check again.",
    ),
    # -- names and sorts -------------------------------------------------------------------------------------------
    "unknown-name": Code(
        "error",
        "`{about}` is not declared here",
        "Every name must be declared in the module, or be reached through the alias of a theory it uses (`ev.unsafe`).",
    ),
    "unknown-alias": Code(
        "error",
        "`{about}`: no theory is used here as `{alias}`",
        "The part before the dot is the alias under which a theory is used.",
    ),
    "wrong-kind": Code(
        "error",
        "`{about}` is {kind}, and {what} is wanted here",
        "The name is declared, as something that cannot stand in this place.",
    ),
    "duplicate-name": Code(
        "error",
        "`{about}` is declared twice",
        "Names are unique in a module, whatever they name.",
    ),
    "reserved-sort": Code(
        "error",
        "`{about}` is a sort of the language",
        "`Int`, `Real` and `Date` are built in (and `Bool` is kept free), so nothing else can be called so.",
    ),
    "duplicate-parameter": Code(
        "error",
        "the parameter `{about}` stands twice",
        "Each parameter of a symbol has a name of its own.",
    ),
    "shadowing": Code(
        "error",
        "`{about}` is already {what}",
        "A bound variable must not hide another name: a reader could not tell which is meant.",
    ),
    "bad-placeholder": Code(
        "warning",
        "the doc string names `{{{about}}}`, which is no parameter",
        "In a doc string `{p}` stands for the parameter `p`; scenarios are told in these words.",
    ),
    "wrong-arity": Code(
        "error",
        "`{about}` takes {wanted} argument(s), and {got} stand here",
        "A symbol is applied to exactly as many arguments as it is declared with.",
    ),
    "wrong-argument": Code(
        "error",
        "the {position} of `{about}` is {wanted}, and this is {got}",
        "Sorts keep things apart that are different. Two copies of one theory have different sorts, too.",
    ),
    "wrong-sort": Code(
        "error",
        "{wanted} is wanted here, and this is {got}",
        "The sort of a term must fit the place where it stands.",
    ),
    "not-a-formula": Code(
        "error",
        "a formula is wanted here, and this is {got}",
        "A formula is true or false; a term stands for a thing or a number.",
    ),
    "not-a-term": Code(
        "error",
        "a term is wanted here, and this is a formula",
        "Formulas are not terms: compare formulas with `iff`, and make a number of one with `if ... then 1 else 0`.",
    ),
    "not-applicable": Code(
        "error",
        "`{about}` is {what}, and takes no arguments",
        "Only predicates, functions and definitions with parameters are applied to arguments.",
    ),
    "not-comparable": Code(
        "error",
        "{left} cannot be compared with {right}",
        "Both sides must have one sort; whole numbers and numbers go together.",
    ),
    "not-ordered": Code(
        "error",
        "`{about}` compares numbers or dates, and `{sort}` has no order",
        "Individuals are only equal or different. Declare a predicate or a function to numbers for an order.",
    ),
    "not-an-element": Code(
        "error",
        "`{about}` is no individual of `{sort}`",
        "The rows of a table name individuals of listed sorts.",
    ),
    "zero-divisor": Code(
        "error",
        "this divides by zero",
        "Nothing can be said about a quotient by zero.",
    ),
    "count-unlisted": Code(
        "error",
        "`{operation}` needs a listed sort, and `{about}` is none",
        "Only the individuals of a sort that lists them, `sort S = { a, b }`, can be counted.",
    ),
    "count-unlisted-use": Code(
        "error",
        "`{alias}` has a `{operation}` over `{about}`, which must be mapped to a listed sort",
        "A theory may leave open what it counts over; whoever uses it says which individuals there are.",
    ),
    "circular-definition": Code(
        "error",
        "this is defined by itself: {circle}",
        "Definitions, and what uses put in the place of roles, must not form a circle.",
    ),
    "long-chain": Code(
        "error",
        "`{about}` stands at the end of a chain of more than {limit} definitions",
        "Such a chain cannot be reviewed, and unfolds to formulas that are too deep to be checked.",
    ),
    "unfolds-too-deep": Code(
        "error",
        "with its definitions unfolded, `{about}` is nested too deeply ({limit} levels at most)",
        "Formulas nested so deeply can neither be reviewed nor be checked reliably.",
    ),
    "unfolds-too-large": Code(
        "error",
        "with its definitions unfolded, `{about}` is too large ({limit} parts at most)",
        "Definitions used in definitions can grow without bound, and so can counts in counts.",
    ),
    "table-unlisted": Code(
        "error",
        "`{about}` is given as a table, and `{sort}` is no listed sort",
        "A table gives a value for every individual, so its sorts must list them.",
    ),
    "table-too-large": Code(
        "error",
        "the table of `{about}` would have more than {limit} rows",
        "Its sorts list too many individuals for a table.",
    ),
    "duplicate-row": Code(
        "error",
        "the table of `{about}` has the row ({row}) twice",
        "A table gives each combination of individuals one value.",
    ),
    "missing-row": Code(
        "error",
        "the table of `{about}` has no row for ({row}); {count} missing in all",
        "A function has a value for every combination of individuals.",
    ),
    # -- modules ---------------------------------------------------------------------------------------------------
    "misplaced": Code(
        "error",
        "`{what}` cannot stand in a {kind}: it belongs in {home}",
        "A theory holds what is true of a field whoever uses it; only a case can answer for assumptions, evidence, "
        "goals, answers and acceptances. `drop` changes a base, which only a variant has.",
    ),
    "no-goal": Code(
        "error",
        "the case `{about}` has no goal",
        "A case exists for its goals. One that argues for nothing cannot be checked.",
    ),
    "unknown-theory": Code(
        "error",
        "there is no theory `{about}` in this file, in those it imports, or in the library",
        "A theory is looked up in the file, then in its imports, then in the library that comes with the checker.",
    ),
    "ambiguous-theory": Code(
        "error",
        "there are two theories `{about}`: in {files}",
        "Whoever reads the argument must know which theory is meant, so a name must have one meaning only. "
        "A theory of your own needs a name that the library does not have.",
    ),
    "broken-theory": Code(
        "error",
        "the theory `{about}` has mistakes of its own, in {file}",
        "A theory must be right before a case that uses it can be understood.",
    ),
    "circular-use": Code(
        "error",
        "the theory `{about}` uses itself: {circle}",
        "A theory is copied into whatever uses it, so it cannot hold a copy of itself.",
    ),
    "too-many-uses": Code(
        "error",
        "theories are copied more than {limit} times",
        "Each use copies a theory with all that it uses itself; such a pile cannot be meant.",
    ),
    "unknown-role": Code(
        "error",
        "the theory has no `{about}` to be mapped",
        "What stands to the left of `=` in a use is a sort, constant, function or predicate of the theory.",
    ),
    "no-role": Code(
        "error",
        "`{about}` is a {what} with a meaning of its own, and cannot be mapped",
        "Only sorts that are not listed, constants, and functions and predicates without a table are roles.",
    ),
    "doubly-mapped": Code(
        "error",
        "`{about}` is mapped twice",
        "A role stands for one thing. What a theory maps in the theories that it uses is settled.",
    ),
    "wrong-mapping": Code(
        "error",
        "`{about}` cannot be mapped to this: {why}",
        "A sort maps to a sort; a symbol to a symbol or definition with exactly the same arguments and result; "
        "a constant to a term of its sort; a predicate also to `true` or `false`.",
    ),
    "unknown-base": Code(
        "error",
        "there is no case `{about}` in this file or in those it imports",
        "A variant starts from a case in the same file or in one that the file imports.",
    ),
    "ambiguous-base": Code(
        "error",
        "there is more than one case `{about}`",
        "A variant must start from one case. Give the cases different names.",
    ),
    "broken-base": Code(
        "error",
        "the case `{about}` that this starts from has mistakes of its own",
        "A base must be right before a variant of it can be understood.",
    ),
    "circular-variant": Code(
        "error",
        "variants start from each other in a circle: {circle}",
        "Following the bases of a variant must end at a case.",
    ),
    # -- statements ------------------------------------------------------------------------------------------------
    "cannot": Code(
        "error",
        "cannot {verb} `{about}`: it is {kind}, and {what} is wanted",
        "Claims cite assumptions, adopted mitigations and claims with `by`, and worries with `barring`; answers never "
        "cite worries. Worries are answered, mitigations adopted, worries and claims accepted.",
    ),
    "not-adopted": Code(
        "error",
        "the mitigation `{about}` is cited, but not adopted",
        "A mitigation is a candidate. `adopt` takes it as an assumption, with evidence or an owner.",
    ),
    "twice": Code(
        "error",
        "`{about}` is {what} twice",
        "Saying it once is enough, and a reader could not tell which counts.",
    ),
    "all-in-theory": Code(
        "error",
        "`by all` cites assumptions, and a theory has none",
        "In a theory, claims rest on worries (`barring`) and on other claims.",
    ),
    "bad-evidence": Code(
        "error",
        "`{about}` of evidence is {wanted}",
        "Evidence names a `file` or a `url`, and may state its `sha256`, its `date`, and `until` when it holds.",
    ),
    "evidence-without-source": Code(
        "error",
        "the evidence `{about}` names neither a `file` nor a `url`",
        "Evidence that nobody can look at backs nothing.",
    ),
    "evidence-ends-early": Code(
        "error",
        "the evidence `{about}` ends before it begins",
        "`until` is the last day on which the evidence holds, `date` the day that it is from.",
    ),
    "cannot-drop": Code(
        "error",
        "`{about}` is {kind}, which a variant cannot drop",
        "A variant may drop assumptions, evidence and claims that are not goals, un-adopt mitigations, and take back "
        "the answer and acceptance of a worry. What the base argues for, and what it must face, stays.",
    ),
    "nothing-to-drop": Code(
        "error",
        "the base has no assumption, adoption, answer or acceptance called `{about}`",
        "`drop` takes away what the base itself states.",
    ),
    "dropped-and-declared": Code(
        "error",
        "`{about}` is dropped and declared anew; the declaration alone replaces it",
        "A declaration in a variant replaces the base's of the same name and kind.",
    ),
    "circular-argument": Code(
        "error",
        "the argument is circular: {circle}",
        "A claim rests on what it cites, a worry on what answers it, and what a worry is held against on that worry. "
        "An argument that comes back to itself shows nothing. "
        "GSN v3 rules such circles out as well (1:2.2.2).",
    ),
    # -- verdicts --------------------------------------------------------------------------------------------------
    "invalid-step": Code(
        "error",
        "`{about}` does not follow from what it cites",
        "There is a scenario in which everything cited holds and the claim does not. The report tells it. "
        "GSN v3 asks that what supports a goal gives the goal (1:2.2.4).",
    ),
    "checked-in-each-use": Code(
        "note",
        "`{about}` counts over a sort that only a use can list, and is checked in each use",
        "Whether the claim follows depends on which individuals there are.",
    ),
    "inconsistent": Code(
        "error",
        "the premises contradict each other: {conflict}",
        "From premises that cannot all be true anything follows, so nothing here counts as shown. "
        "GSN v3 asks that nothing below a goal contradicts what it stands in (1:2.2.11, 1:2.2.16).",
    ),
    "ruled-out": Code(
        "error",
        "`{about}` must be possible, and is ruled out by {conflict}",
        "A case must not assume its own hazard away: an argument about something that cannot be says nothing.",
    ),
    "vacuous": Code(
        "warning",
        "the {what} `{about}` is true of nothing: what it is about cannot be, under the premises",
        "A statement about something that cannot exist holds, and says nothing.",
    ),
    "vacuous-worry": Code(
        "note",
        "the worry `{about}` does not apply here: what it is about cannot be, under the premises",
        "That the worry does not occur is shown by there being nothing for it to occur in.",
    ),
    "vacuity-undetermined": Code(
        "warning",
        "whether the {what} `{about}` is about anything was not decided: {reason}",
        "It was neither shown that the premises leave something for it to be about, nor that they do not. Of a goal, "
        "this is an error.",
    ),
    "unproven-divisor": Code(
        "error",
        "nothing shows that the divisor `{divisor}` is not zero",
        "A divisor must be shown not to be zero by the axioms and premises without divisions, and by the guards to its "
        "left (`A implies`, `A and`, `if`).",
    ),
    "owed-theory": Code(
        "error",
        "whoever uses `{about}` must also use {names}",
        "The theory requires others with their worries: what it says is not the whole story.",
    ),
    "owed-theory-when": Code(
        "error",
        "whoever uses `{about}` must also use {names}, as the assumptions do not rule out the condition for it",
        "The theory requires others with their worries under a condition that the assumptions leave open.",
    ),
    "unacceptable": Code(
        "error",
        "the worry `{about}` is marked as unacceptable, and cannot be accepted",
        "Whoever wrote the worry down decided that nobody should live with it: it wants an answer.",
    ),
    "accepted-failure": Code(
        "error",
        "`{about}` is {status}, and cannot be accepted",
        "One can live with what is open, not with what is shown to be wrong.",
    ),
    "expired-acceptance": Code(
        "error",
        "the acceptance of `{about}` ended on {until}",
        "Somebody has to decide again, or the worry has to be answered.",
    ),
    "idle-acceptance": Code(
        "note",
        "`{about}` is {status} without being accepted",
        "The acceptance does nothing, and may be taken away.",
    ),
    "unowned-acceptance": Code(
        "warning",
        "the acceptance of `{about}` has no {lacks}",
        "Whoever decides to live with a worry should be named, and should look at it again at some date.",
    ),
    "missing-evidence": Code(
        "error",
        "the file `{file}` of the evidence `{about}` is not there",
        "Evidence that nobody can look at backs nothing. The path is relative to the case.",
    ),
    "unreadable-evidence": Code(
        "error",
        "the file `{file}` of the evidence `{about}` cannot be read: {why}",
        "Evidence that nobody can look at backs nothing.",
    ),
    "evidence-outside": Code(
        "error",
        "the file `{file}` of the evidence `{about}` lies outside this repository",
        "Evidence is kept with the case: what lies elsewhere is not the same for everybody.",
    ),
    "altered-evidence": Code(
        "error",
        "the file `{file}` of the evidence `{about}` is not the one that was cited: its SHA-256 is {digest}",
        "The file was changed after it was cited. Look at it again, then state its new hash.",
    ),
    "expired-evidence": Code(
        "error",
        "the evidence `{about}` held until {until}",
        "Evidence past its date backs nothing.",
    ),
    "future-evidence": Code(
        "warning",
        "the evidence `{about}` is dated {date}, which is yet to come",
        "The date of evidence is the day that it is from.",
    ),
    "unused-evidence": Code(
        "warning",
        "the evidence `{about}` backs nothing",
        "No assumption or adopted mitigation cites it.",
    ),
    "unbacked-assumption": Code(
        "warning",
        "the assumption `{about}` has neither working evidence nor an owner",
        "Somebody or something must answer for what a case takes for granted. "
        "GSN v3 asks that evidence suffices for what it stands for (1:2.2.8, 1:2.2.9).",
    ),
    "unneeded-citation": Code(
        "warning",
        "`{about}` is shown without {names}",
        "The proof that was found does not need everything that is cited. Either the citation is idle, or the formula "
        "does not say what was meant.",
    ),
    "goal-without-assumption": Code(
        "error",
        "the goal `{about}` needs no assumption: {by} give(s) it already",
        "A goal that holds whatever the system is like says nothing about the system. Assumptions are the only place "
        "where evidence enters; an axiom, a table or a role mapping that does the whole work hides one.",
    ),
    "goal-assumptions-undetermined": Code(
        "error",
        "whether the goal `{about}` needs an assumption was not decided: {reason}",
        "A goal that needs none says nothing about the system, and nobody knows whether this one does.",
    ),
    "restated-goal": Code(
        "error",
        "the premise `{premise}` says the same as the goal `{about}`",
        "To assume what is to be shown, or to accept that it may fail, is not to argue for it.",
    ),
    "restatement-undetermined": Code(
        "error",
        "whether the premise `{premise}` says the same as the goal `{about}` was not decided: {reason}",
        "To assume what is to be shown is not to argue for it, and nobody knows whether this premise does that.",
    ),
    "goal-from-one-assumption": Code(
        "warning",
        "the premise `{premise}` gives the goal `{about}` all by itself",
        "The argument leans on one premise, and the rest of it does nothing.",
    ),
    "restated-claim": Code(
        "warning",
        "the premise `{premise}` says the same as the claim `{about}`",
        "The claim adds nothing to its premise: under the axioms each gives the other.",
    ),
    "contradictory-citations": Code(
        "warning",
        "what `{about}` cites contradicts itself: {conflict} cannot hold together",
        "Everything follows from a contradiction, so the valid step says nothing. Where a goal rests on it, and in a "
        "theory, this is an error. GSN v3 asks that nothing below a goal contradicts what it stands in (1:2.2.11, "
        "1:2.2.16).",
    ),
    "contradiction-undetermined": Code(
        "warning",
        "whether what `{about}` cites contradicts itself was not decided: {reason}",
        "Everything follows from a contradiction. Nobody knows whether this step is valid for no better reason. Where "
        "a goal rests on it, and in a theory, this is an error.",
    ),
    "axiom-at-work": Code(
        "note",
        "the axiom `{about}` does work in the proof of {names}",
        "An axiom is part of what the words mean, and nobody answers for it. One that proofs need may hide an "
        "assumption: see whether it could be false of the system.",
    ),
    "worry-by-definition": Code(
        "warning",
        "the worry `{about}` is dispelled by definitions and role mappings alone",
        "Nothing about the system was needed to dispel it, so perhaps a mapping or definition takes it for granted.",
    ),
    "unreached-claim": Code(
        "warning",
        "no goal rests on the claim `{about}`, and it answers no worry",
        "It is part of no argument that the case needs.",
    ),
    "unused-assumption": Code(
        "warning",
        "nothing needs the assumption `{about}`",
        "No proof that was found uses it.",
    ),
}


VERDICTS: dict[str, Code] = {
    # What verdicts say, for reports that know nothing but lists of messages. They keep a case from passing unless they
    # are notes. A finding that says the same already stands for them.
    "open-worry": Code(
        "error",
        "the worry `{about}` is open: {how}",
        "A known way to fail is not answered: the assumptions allow a scenario in which it occurs. Answer it, adopt a "
        "mitigation that is true here, or accept it by name, with a reason, an owner and a date.",
    ),
    "refuted-worry": Code(
        "error",
        "the worry `{about}` is shown to occur, by {how}",
        "From what the case takes for granted it follows that this failure happens. It cannot be accepted.",
    ),
    "undetermined-worry": Code(
        "error",
        "whether the worry `{about}` is answered was not decided: {how}",
        "What was not decided never counts as shown.",
    ),
    "informal-worry": Code(
        "error",
        "the worry `{about}` has no formula that could be checked, and nobody accepted it",
        "An informal worry is not answered by anything that a machine can check. State it as a formula, or accept it.",
    ),
    "conditional-worry": Code(
        "error",
        "the answer to the worry `{about}` holds only if what it rests on turns out well: {how}",
        "The answer follows from what it cites, and what it cites is not settled.",
    ),
    "accepted-worry": Code(
        "note",
        "the worry `{about}` is lived with",
        "The worry is not answered. Somebody decided to live with it, for the reason that is given.",
    ),
    "accepted-claim": Code(
        "note",
        "that the claim `{about}` is not shown is lived with",
        "No machine checked the step of this claim. Somebody decided to live with that, for the reason that is given.",
    ),
    "unproved-goal": Code(
        "error",
        "the goal `{about}` is not shown: {how}",
        "The case exists for its goals, and the step of this one is not valid. "
        "GSN v3 asks that what supports a goal gives the goal (1:2.2.4).",
    ),
    "conditional-goal": Code(
        "error",
        "the goal `{about}` holds only if what it rests on turns out well: {how}",
        "The goal follows from what it cites, and something below it is neither settled nor accepted.",
    ),
    "unshown-claim": Code(
        "error",
        "the claim `{about}` is not shown: {how}",
        "Its step is not valid, and something that has to hold rests on it.",
    ),
    "undetermined-possible": Code(
        "error",
        "whether `{about}` is possible was not decided: {how}",
        "A case must not assume its own hazard away, and it was not shown that it does not.",
    ),
    "undetermined-case": Code(
        "error",
        "nothing in `{about}` counts as shown: {how}",
        "It was neither shown nor refuted that the premises can all be true, and from premises that contradict each "
        "other anything follows.",
    ),
    "not-passed": Code(
        "error",
        "`{about}` does not pass: {how}",
        "The report says what is missing.",
    ),
}
"""The same for verdicts that are worth a message of their own. No finding has one of these codes."""
