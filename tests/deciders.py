"""Two solvers that read the text of a script by themselves, as any user of an exported file would."""

from __future__ import annotations

from typing import Any

import cvc5  # type: ignore[import-untyped]

from checker import z3_library


def by_z3(text: str) -> str:
    """Z3's answer to the one check in ``text``."""
    z3: Any = z3_library.load()
    context = z3.Context()
    answer = z3.Z3_eval_smtlib2_string(context.ref(), "(set-option :rlimit 2000000)\n" + text)
    return str(answer).strip()


def by_cvc5(text: str) -> str:
    """That of cvc5, in finite time."""
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("rlimit", "200000")
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question.smt2")
    answers = []
    while not (command := parser.nextCommand()).isNull():
        answers.append(command.invoke(solver, symbols))
    return "".join(answers).strip()
