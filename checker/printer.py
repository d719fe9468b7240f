"""From the syntax tree back to text: one canonical layout, with as few parentheses as the grammar allows.

Parsing what is printed gives the same tree again. Lines are broken where they grow beyond ``WIDTH``, formulas at their
loosest operators first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from checker import syntax
from checker.syntax import Declaration, Expr, Ident

WIDTH = 100
"""No line gets longer if it can be broken. Texts are never broken."""

INDENT = "  "

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})

# The levels of the grammar, loosest first. An operand is put into parentheses if its own level is looser than the one
# that its place asks for.
_IFF, _IMPLIES, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _FACTOR, _PRIMARY = range(10)
_LEVELS = {"iff": _IFF, "implies": _IMPLIES, "or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def print_file(file: syntax.File) -> str:
    """The whole file, ending with a line break unless there is nothing in it."""
    imports = "\n".join(f"import {quote(line.path)}" for line in file.imports)
    parts = [part for part in (imports, *map(print_module, file.modules)) if part]
    return "\n\n".join(parts) + "\n" if parts else ""


def print_module(module: syntax.Module) -> str:
    """A module, without a line break at its end."""
    base = "" if module.base is None else f" of {module.base.text}"
    head = f"{module.kind} {module.name.text}{base}{_doc(module.doc)}"
    if not module.body:
        return f"{head} {{\n}}"
    lines = [f"{head} {{"]
    last: tuple[Declaration, bool] | None = None
    for declaration in module.body:
        text = _declaration(declaration, WIDTH - len(INDENT))
        if last is not None and (last[1] or len(text) > 1 or type(declaration) is not type(last[0])):
            lines.append("")  # only short declarations of one kind stand close together
        lines += _indented(text)
        last = declaration, len(text) > 1
    return "\n".join([*lines, "}"])


def print_declaration(declaration: Declaration) -> str:
    """A declaration as it would stand at the left margin."""
    return "\n".join(_declaration(declaration, WIDTH))


def print_expr(expr: Expr) -> str:
    """A formula or term, on one line."""
    return _flat(expr, _IFF, True)


def quote(text: str) -> str:
    """The text as a string literal."""
    return f'"{text.translate(_ESCAPES)}"'


# ---------------------------------------------------------------------------------------------------------------------
# Declarations: a first line that names what is declared, and what follows it, indented, line by line.


def _declaration(declaration: Declaration, width: int) -> list[str]:
    match declaration:
        case syntax.SortDecl(name, doc, elements):
            head = f"sort {name.text}{_doc(doc)}"
            return [head] if elements is None else _table(head, _texts(elements), width)
        case syntax.ConstDecl(names, sort, doc):
            return _wrapped("const ", _texts(names), f": {sort.text}{_doc(doc)}", width)
        case syntax.PredicateDecl(name, params, doc, rows):
            head = f"predicate {name.text}{_params(params)}{_doc(doc)}"
            return [head] if rows is None else _table(head, [_row(row.arguments) for row in rows], width)
        case syntax.FunctionDecl(name, params, result, doc, function_rows):
            head = f"function {name.text}{_params(params)}: {result.text}{_doc(doc)}"
            if function_rows is None:
                return [head]
            texts = [f"{_row(row.arguments)}: {_flat(row.value, _SUM, False)}" for row in function_rows]
            return _table(head, texts, width)
        case syntax.DefineDecl(name, params, result, doc, body):
            sort_text = "" if result is None else f": {result.text}"
            return _stated(f"define {name.text}{_params(params)}{sort_text}{_doc(doc)} :=", doc, body, [], width)
        case syntax.AxiomDecl(name, doc, formula):
            return _stated(f"axiom {name.text}{_doc(doc)} :", doc, formula, [], width)
        case syntax.ShowDecl(term):
            return _stated("show", None, term, [], width)
        case syntax.ScopeDecl(entries):
            return _block("scope ", entries, width, broken=len(entries) > 0)
        case syntax.SourceDecl(text):
            return [f"source {quote(text)}"]
        case syntax.UseDecl():
            return _use(declaration, width)
        case syntax.DropDecl(names):
            return _wrapped("drop ", _texts(names), "", width)
        case syntax.RequiresDecl(theories, when):
            head_lines = _wrapped("requires ", _texts(theories), "", width)
            return head_lines if when is None else [*head_lines, *_indented(_led("when", when, width))]
        case _:
            return _argument(declaration, width)


_Argument = (
    syntax.AssumeDecl
    | syntax.EvidenceDecl
    | syntax.ClaimDecl
    | syntax.WorryDecl
    | syntax.PossibleDecl
    | syntax.AnswerDecl
    | syntax.AdoptDecl
    | syntax.AcceptDecl
)


def _argument(declaration: _Argument, width: int) -> list[str]:
    """The declarations that make up the argument, with their clauses one below the other."""
    inner = width - len(INDENT)
    match declaration:
        case syntax.AssumeDecl(name, doc, formula, evidence, owner, attributes):
            clauses = _backing(evidence, owner, inner) + _attributes(attributes, inner)
            return _formal(f"assume {name.text}{_doc(doc)}", doc, formula, clauses, width)
        case syntax.EvidenceDecl(name, doc, entries):
            return _block(f"evidence {name.text}{_doc(doc)} ", entries, width)
        case syntax.ClaimDecl(name, doc, formula, by, barring, because, goal, attributes):
            clauses = _citations("by", by, inner) + _citations("barring", barring, inner)
            clauses += _because(because) + _attributes(attributes, inner)
            return _formal(f"{'goal' if goal else 'claim'} {name.text}{_doc(doc)}", doc, formula, clauses, width)
        case syntax.WorryDecl():
            return _worry(declaration, width)
        case syntax.PossibleDecl(name, doc, formula, without, attributes):
            clauses = _wrapped("without ", _texts(without), "", inner) if without else []
            clauses += _attributes(attributes, inner)
            return _stated(f"possible {name.text}{_doc(doc)} :", doc, formula, clauses, width)
        case syntax.AnswerDecl(worry, by, because):
            cited = _citations(f"answer {worry.text} by", by, width)
            return [*cited, *_indented(_because(because))]
        case syntax.AdoptDecl(mitigation, evidence, owner):
            return _joined(f"adopt {mitigation.text}", _backing(evidence, owner, inner), width)
        case syntax.AcceptDecl(target, why, owner, until):
            clauses = [] if owner is None else [f"owner {quote(owner)}"]
            clauses += [] if until is None else [f"until {until.text}"]
            return [f"accept {target.text} {quote(why)}", *_indented(_on_one_line(clauses, inner))]
        case _:
            assert_never(declaration)


def _worry(worry: syntax.WorryDecl, width: int) -> list[str]:
    inner = width - len(INDENT)
    lines = [f"worry {worry.name.text}{_doc(worry.doc)}"]
    if worry.formula is not None:
        lines += _indented(_led("unless", worry.formula, inner))
    if worry.against:
        lines += _indented(_wrapped("against ", _texts(worry.against), "", inner))
    if worry.unacceptable:
        lines.append(f"{INDENT}unacceptable")
    lines += _indented(_attributes(worry.attributes, inner))
    for mitigation in worry.mitigations:
        doc, clauses = mitigation.doc, _attributes(mitigation.attributes, inner - len(INDENT))
        head = f"mitigation {mitigation.name.text}{_doc(doc)} :"
        lines += _indented(_stated(head, doc, mitigation.formula, clauses, inner))
    return lines


def _use(use: syntax.UseDecl, width: int) -> list[str]:
    alias = "" if use.alias is None else f" as {use.alias.text}"
    head = f"use {use.theory.text}{alias}"
    texts = [f"{mapping.role.text} = {_thing(mapping.thing)}" for mapping in use.mappings] + ["*"] * use.star
    return _wrapped(f"{head} with ", texts, "", width) if texts else [head]


def _thing(thing: Ident | Expr) -> str:
    return thing.text if isinstance(thing, Ident) else _flat(thing, _SUM, False)


def _formal(head: str, doc: str | None, formula: Expr | None, clauses: list[str], width: int) -> list[str]:
    """A declaration whose formula may be missing."""
    return [head, *_indented(clauses)] if formula is None else _stated(f"{head} :", doc, formula, clauses, width)


def _stated(head: str, doc: str | None, formula: Expr, clauses: list[str], width: int) -> list[str]:
    """A head, its formula and its clauses: the formula on the line of the head if that holds no text, and it fits."""
    line = f"{head} {print_expr(formula)}"
    if doc is None and len(line) <= width:
        return [line, *_indented(clauses)]
    return [head, *_indented(_lines(formula, _IFF, True, width - len(INDENT))), *_indented(clauses)]


def _led(word: str, formula: Expr, width: int) -> list[str]:
    """A formula behind a word such as ``unless``."""
    line = f"{word} {print_expr(formula)}"
    return [line] if len(line) <= width else [word, *_indented(_lines(formula, _IFF, True, width - len(INDENT)))]


def _backing(evidence: Sequence[Ident], owner: str | None, width: int) -> list[str]:
    cited = _wrapped("by ", _texts(evidence), "", width) if evidence else []
    owned = [] if owner is None else [f"owner {quote(owner)}"]
    return _on_one_line(cited + owned, width)


def _citations(word: str, citations: syntax.Citations | None, width: int) -> list[str]:
    if citations is None:
        return []
    return _wrapped(f"{word} ", ["all"] if citations.everything else _texts(citations.names), "", width)


def _because(because: str | None) -> list[str]:
    return [] if because is None else [f"because {quote(because)}"]


def _attributes(entries: Sequence[syntax.Entry], width: int) -> list[str]:
    return _block("", entries, width) if entries else []


def _block(head: str, entries: Sequence[syntax.Entry], width: int, broken: bool = False) -> list[str]:
    texts = [f"{entry.key.text} {_entry_value(entry.value)}" for entry in entries]
    line = f"{head}{{ {' '.join([*texts, '}'])}"
    return [line] if len(line) <= width and not broken else [f"{head}{{", *_indented(texts), "}"]


def _entry_value(value: syntax.Text | syntax.DateLiteral | syntax.Number) -> str:
    return quote(value.text) if isinstance(value, syntax.Text) else value.text


def _table(head: str, rows: Sequence[str], width: int) -> list[str]:
    line = f"{head} = {{ {', '.join(rows)}{' ' if rows else ''}}}"
    return [line] if len(line) <= width else [f"{head} = {{", *_indented(_filled("", rows, width - len(INDENT))), "}"]


def _row(arguments: Sequence[Ident]) -> str:
    return arguments[0].text if len(arguments) == 1 else f"({', '.join(_texts(arguments))})"


def _params(params: Sequence[syntax.Param]) -> str:
    return f"({', '.join(f'{param.name.text}: {param.sort.text}' for param in params)})" if params else ""


def _doc(doc: str | None) -> str:
    return "" if doc is None else f" {quote(doc)}"


def _texts(names: Iterable[Ident]) -> list[str]:
    return [name.text for name in names]


# ---------------------------------------------------------------------------------------------------------------------
# Lines.


def _indented(lines: Iterable[str]) -> list[str]:
    return [INDENT + line if line else line for line in lines]


def _on_one_line(clauses: list[str], width: int) -> list[str]:
    line = " ".join(clauses)
    return [line] if clauses and len(line) <= width else clauses


def _joined(head: str, clauses: list[str], width: int) -> list[str]:
    """The clauses behind the head if that fits, else below it."""
    line = " ".join([head, *clauses])
    return [line] if len(line) <= width else [head, *_indented(clauses)]


def _wrapped(start: str, items: Sequence[str], end: str, width: int) -> list[str]:
    """A list with commas, its further lines indented."""
    first, *rest = _filled(start, [*items[:-1], items[-1] + end], width)
    return [first, *_indented(rest)]


def _filled(start: str, items: Sequence[str], width: int) -> list[str]:
    lines = [start]
    for number, item in enumerate(items, 1):
        piece = item if number == len(items) else item + ","
        room = width if len(lines) == 1 else width - len(INDENT)
        blank = "" if lines[-1] == start and len(lines) == 1 else " "
        if len(lines[-1]) + len(blank) + len(piece) > room and lines[-1] != start:
            lines.append(piece)
        else:
            lines[-1] += blank + piece
    return lines


# ---------------------------------------------------------------------------------------------------------------------
# Formulas and terms. ``level`` is the loosest level that the place allows; ``last`` says whether nothing follows that
# the body of a quantifier at the end could swallow.


def _level(expr: Expr) -> int:
    match expr:
        case syntax.Infix(operators, _):
            return _LEVELS.get(operators[0], _COMPARISON)
        case syntax.Not() | syntax.Quantified():
            return _NOT
        case syntax.Negative():
            return _FACTOR
        case _:
            return _PRIMARY


def _needs_parentheses(expr: Expr, level: int, last: bool) -> bool:
    return _level(expr) < level or (isinstance(expr, syntax.Quantified) and not last)


def _operand_places(expr: syntax.Infix, last: bool) -> list[tuple[Expr, int, bool]]:
    """Each operand with the loosest level that its place allows, and whether it ends what can be swallowed."""
    level = _level(expr)
    places = [(operand, level + 1, False) for operand in expr.operands]
    final = expr.operands[-1]
    places[-1] = (final, level if level == _IMPLIES else level + 1, last)
    return places


def _flat(expr: Expr, level: int, last: bool) -> str:
    if _needs_parentheses(expr, level, last):
        return f"({_flat(expr, _IFF, True)})"
    match expr:
        case syntax.Name(text) | syntax.Number(text) | syntax.DateLiteral(text):
            return text
        case syntax.Truth(value):
            return "true" if value else "false"
        case syntax.Call(name, arguments):
            return f"{name.text}({', '.join(map(print_expr, arguments))})"
        case syntax.Not(body):
            return f"not {_flat(body, _NOT, last)}"
        case syntax.Negative(body):
            return f"-{_flat(body, _FACTOR, False)}"
        case syntax.Infix(operators, _):
            first, *rest = (_flat(*place) for place in _operand_places(expr, last))
            pairs = zip(operators, rest, strict=True)
            return " ".join([first, *(f"{operator} {operand}" for operator, operand in pairs)])
        case syntax.Quantified(_, _, body):
            return f"{_quantifier(expr)} {print_expr(body)}"
        case syntax.Aggregate(operation, variable, sort, body):
            return f"{operation} {variable.text}: {sort.text}. {_flat(body, _PRIMARY, False)}"
        case syntax.Conditional(condition, then, otherwise):
            texts = print_expr(condition), _flat(then, _SUM, False), _flat(otherwise, _PRIMARY, False)
            return "if {} then {} else {}".format(*texts)
        case _:
            assert_never(expr)


def _quantifier(expr: syntax.Quantified) -> str:
    binders = ", ".join(f"{', '.join(_texts(binder.names))}: {binder.sort.text}" for binder in expr.binders)
    return f"{expr.quantifier} {binders}."


def _lines(expr: Expr, level: int, last: bool, width: int) -> list[str]:
    """The expression on as few lines as it fits on, broken from the outside inwards."""
    line = _flat(expr, level, last)
    if len(line) <= width:
        return [line]
    if _needs_parentheses(expr, level, last):
        return _hung("(", _lines(expr, _IFF, True, width - 2), ")")
    match expr:
        case syntax.Quantified(_, _, body):
            return [_quantifier(expr), *_indented(_lines(body, _IFF, True, width - len(INDENT)))]
        case syntax.Not(body):
            return _hung("not ", _lines(body, _NOT, last, width - 4), "")
        case syntax.Infix(operators, _):
            first, *rest = _operand_places(expr, last)
            lines = _lines(*first, width)
            for operator, place in zip(operators, rest, strict=True):
                lines += _hung(f"{operator} ", _lines(*place, width - len(operator) - 1), "")
            return lines
        case _:
            return [line]  # terms: long ones are better given names


def _hung(start: str, lines: list[str], end: str) -> list[str]:
    """The lines behind ``start``, all of them at the same column."""
    first, *rest = lines
    texts = [start + first, *(" " * len(start) + line for line in rest)]
    return [*texts[:-1], texts[-1] + end]
