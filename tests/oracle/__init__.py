"""A second opinion on verdicts: small random safety cases, decided by looking at every structure there is.

Nothing here shares code with the checker. A case is generated as a tree of our own (:mod:`language`), printed as text
for the checker, and judged here by truth tables over all structures (:mod:`semantics`) and by the rules of the language
(:mod:`judgement`); :mod:`compare` holds a report of the checker against that.
"""
