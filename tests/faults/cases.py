"""Small cases. Each has one reason not to pass, and a checker that does not see it must not pass it for that.

``ACCEPTED`` is the exception that :mod:`tests.faults.weaker` explains.
"""

from __future__ import annotations

from collections.abc import Mapping

TRAPS: Mapping[str, str] = {
    "an invalid step": """
case c {
  predicate p
  predicate q
  assume a : p or q owner "x"
  goal g : p by a
}
""",
    "premises that contradict each other": """
case c {
  sort S
  predicate p(s: S)
  predicate q(s: S)
  assume a : forall s: S. p(s) owner "x"
  assume b : exists s: S. not p(s) and q(s) owner "x"
  worry w "Not all are p." unless forall s: S. p(s)
  claim all_p : forall s: S. p(s) by a
  goal g : exists s: S. p(s) and q(s) by a, b
}
""",
    "a possibility that is ruled out": """
case c {
  predicate p
  predicate q
  predicate r
  assume a : p and (r implies not q) owner "x"
  assume b : r owner "x"
  possible hazard : q
  goal g : p and r by a, b
}
""",
    "a goal that restates an assumption": """
case c {
  sort S
  predicate p(s: S)
  predicate q(s: S)
  assume a : forall s: S. p(s) implies q(s) owner "x"
  assume b : exists s: S. p(s) owner "x"
  goal g : forall s: S. not q(s) implies not p(s) by a, b
}
""",
    "a goal that restates what is accepted": """
case c {
  predicate p
  predicate q
  assume a : p implies q owner "x"
  worry w "No q." unless q or not p
  worry v "No p at all." unless p and (q implies p)
  accept v "so be it" owner "x" until 2027-01-01
  goal g : p by a barring v
}
""",
    "a goal that needs no assumption": """
case c {
  sort S
  predicate p(s: S)
  axiom all_p : forall s: S. p(s)
  assume a : exists s: S. p(s) owner "x"
  goal g : forall s: S. p(s) by a
}
""",
    "a goal about nothing": """
case c {
  sort S
  predicate p(s: S)
  predicate q(s: S)
  assume a : forall s: S. not p(s) owner "x"
  assume b : exists s: S. q(s) owner "x"
  goal g : forall s: S. p(s) implies q(s) by a, b
}
""",
    "citations that contradict each other": """
case c {
  predicate p
  predicate q
  predicate r
  assume a : r implies q owner "x"
  assume b : r owner "x"
  worry w "No p." unless p
  worry v "p." unless not p
  accept w "so be it" owner "x" until 2027-01-01
  goal g : q and (p implies q) by a, b barring w, v
}
""",
    "an open worry": """
case c {
  predicate p
  predicate q
  assume a : p implies q owner "x"
  assume b : p owner "x"
  worry w "No q and no r." unless q and exists n: Int. n = 2 and not p
  goal g : q and p by a, b
}
""",
    "a worry that occurs, and is accepted": """
case c {
  predicate p
  predicate q
  assume a : p owner "x"
  assume b : p implies not q owner "x"
  worry w "No q." unless q
  accept w "so be it" owner "x" until 2027-01-01
  goal g : p and not q by a, b
}
""",
    "a worry that must not be accepted": """
case c {
  predicate p
  predicate q
  assume a : p owner "x"
  assume b : p implies q owner "x"
  worry w "No q." unless q and p unacceptable
  worry v "Not both." unless exists n: Int. n < 3 and q unacceptable
  accept w "so be it" owner "x" until 2027-01-01
  goal g : p and q by a, b
}
""",
    "a divisor that may be zero": """
case c {
  const n, m: Real
  assume a : n > 3 owner "x"
  assume b : m < 2 and 1 / (m - 1) < 7 owner "x"
  goal g : n > 2 and m < n by a, b
}
""",
    "theories that are owed": """
theory needed {
  predicate r
  worry wr "No r." unless r
}
theory t {
  predicate p
  predicate q
  requires needed when p
}
case c {
  use t
  predicate s
  assume a : s implies t.p owner "x"
  assume b : s owner "x"
  goal g : t.p and s by a, b
}
""",
    "an answer by a claim that is not shown": """
case c {
  predicate p
  predicate q
  predicate r
  assume a : p implies q owner "x"
  assume b : p owner "x"
  claim half : q by a
  worry w "No q." unless q
  answer w by half
  goal g : q and p by a, b barring w
}
""",
    "an unbacked assumption": """
case c {
  predicate p
  predicate q
  assume a : p implies q
  assume b : p owner "x"
  goal g : q and p by a, b
}
""",
    "a theory's claim that does not follow": """
theory t {
  sort S
  predicate p(s: S)
  predicate q(s: S)
  worry w "Some p is no q." unless forall s: S. p(s) implies q(s)
  claim every_q : forall s: S. q(s) barring w
}
case c {
  use t
  assume a : forall s: t.S. t.p(s) and t.q(s) owner "x"
  assume b : exists s: t.S. t.p(s) owner "x"
  goal g : exists s: t.S. t.q(s) and t.p(s) by t.every_q, b
}
""",
    "a variant that assumes less": """
case base {
  predicate p
  predicate q
  predicate r
  assume a : p implies q owner "x"
  assume b : p and r owner "x"
  worry w "No q." unless q or not r
  possible hazard : q and r
  goal g : q and p by a, b
}
variant c of base {
  drop b
  assume d : p or r owner "x"
}
""",
}

ACCEPTED: Mapping[str, str] = {
    "a claim with an invalid step, which is accepted": """
case c {
  predicate p
  predicate q
  assume a : p or q owner "x"
  claim half : p by a
  accept half "so be it" owner "x" until 2027-01-01
  goal g : p and (q or p) by half, a
}
""",
}

PASSING: Mapping[str, str] = {
    "a case that passes": """
case c {
  sort S
  predicate p(s: S)
  predicate q(s: S)
  predicate r(s: S)
  assume a : forall s: S. p(s) implies q(s) owner "x"
  assume b : forall s: S. q(s) implies r(s) owner "x"
  assume d : forall s: S. r(s) or p(s) owner "x"
  worry one "Some p is no r." unless forall s: S. p(s) implies r(s)
  worry two "Some p is no q." unless forall s: S. p(s) implies q(s)
  worry three "Some r is p." unless forall s: S. r(s) implies not p(s)
  accept three "so be it" owner "x" until 2027-01-01
  answer one by a, b
  possible hazard : exists s: S. q(s)
  claim middle : forall s: S. q(s) or r(s) by a, b, d
  goal g : forall s: S. (q(s) implies r(s)) and (p(s) or r(s)) by middle, b barring three
  goal h : forall s: S. r(s) by middle, b
}
""",
    "a case with a value and a variant": """
case base {
  const n: Int
  sort L = { low, high }
  predicate p(l: L)
  assume a : 3 < n owner "x"
  assume b : n < 5 owner "x"
  assume d : forall l: L. p(l) or n < 4 owner "x"
  show n
  show n + 1
  goal g : p(low) and n < 6 by a, b, d
}
variant more of base {
  drop d
  assume d2 : forall l: L. p(l) owner "x"
  goal g : p(low) and n < 6 by a, b, d2
}
""",
}
