"""Every mistake in a specification is one clear finding, with a stable code, at its place.

Each entry is a code (or one for each place) and a text, in which ``@`` marks the places where a finding is expected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.findings import Finding, Severity, in_order
from checker.load import Loader
from checker.resolve.modules import Resolver


def findings_of(text: str, folder: Path = Path("tests")) -> list[Finding]:
    """What resolving all modules of a text has to say."""
    loader = Loader()
    unit = loader.load_text(text, "spec.case", folder)
    assert not unit.broken, unit.findings
    resolver = Resolver(loader)
    found: dict[Finding, None] = {}
    for module in unit.file.modules:
        found.update(dict.fromkeys(resolver.module(unit, module).findings))
    return list(found)


THEORY = """\
theory shapes {
  sort Thing
  const best: Thing
  const weight: Real
  predicate good(t: Thing)
  predicate near(a: Thing, b: Thing)
  function cost(t: Thing): Real
  worry rot "Things rot." unless forall t: Thing. good(t)
    mitigation salt "Salt them." : forall t: Thing. near(t, best) implies good(t)
  worry vague "Something may be off."
  claim fine : good(best) barring rot
}
"""
"""The theory that most texts below use."""


def case(body: str) -> str:
    """A case with this body and a goal, after the theory."""
    return f'{THEORY}case c {{\n{body}\n  assume a0 : true owner "me"\n  goal g0 : true by a0\n}}\n'


BAD_CASES = [
    ("unknown-name", "  assume a1 : @nothing"),
    ("unknown-name", "  predicate p\n  assume a1 : p and not @q and @y"),
    ("unknown-name", "  axiom a1 : @x or true"),
    ("unknown-name", "  predicate p(x: Int, y: @Fog)"),
    ("unknown-name", "  const c1, c2: @Fog"),
    ("unknown-name", "  function f(x: Int): @Fog"),
    ("unknown-name", "  assume a1 : true by @e0"),
    ("unknown-name", "  claim c1 : true by @nothing"),
    ("unknown-name", "  answer @nothing by a0"),
    ("unknown-name", '  adopt @nothing owner "me"'),
    ("unknown-name", '  accept @nothing "why"'),
    ("unknown-name", "  use shapes as s\n  answer s.rot by a0, @nothing"),
    ("unknown-alias", "  assume a1 : @s.good(@s.best)"),
    ("unknown-name", "  use shapes as s\n  assume a1 : @s.bad"),
    ("wrong-kind", "  assume a1 : @a0"),
    ("wrong-kind", "  use shapes as s\n  assume a1 : @s.rot"),
    ("wrong-kind", '  evidence e { url "u" } assume a1 : @e'),
    ("duplicate-name", "  predicate p\n  const @p: Int"),
    ("duplicate-name", "  sort S = { x, @x }"),
    ("duplicate-name", "  sort S = { x }\n  sort T = { y, @x }"),
    ("duplicate-name", "  use shapes as s\n  use shapes as @s"),
    ("reserved-sort", "  sort @Int"),
    ("reserved-sort", "  sort @Bool"),
    ("duplicate-parameter", "  predicate p(x: Int, @x: Int)"),
    ("shadowing", "  const x: Int\n  assume a1 : forall @x: Int. x = x"),
    ("shadowing", "  assume a1 : forall x: Int. exists @x: Int. x = x"),
    ("shadowing", "  predicate p\n  define d(@p: Int) := p = p"),
    ("shadowing", "  assume a1 : forall @a0: Int. a0 = a0"),
    ("shadowing", "  sort S = { u, v }\n  assume a1 : count @u: S. true = 2"),
    ("wrong-arity", "  use shapes as s\n  assume a1 : @s.good(s.best, s.best)"),
    ("wrong-arity", "  use shapes as s\n  assume a1 : @s.good"),
    ("wrong-argument", "  use shapes as s\n  assume a1 : s.good(@1)"),
    ("wrong-argument", "  use shapes as s\n  use shapes as t\n  assume a1 : s.good(@t.best)"),
    ("wrong-argument", "  predicate p(x: Int)\n  assume a1 : p(@0.5)"),
    ("not-a-formula", "  assume a1 : @1 + 1"),
    ("not-a-formula", "  assume a1 : @2026-01-01"),
    ("not-a-formula", "  assume a1 : true and @3"),
    ("not-a-formula", "  assume a1 : (count x: Int. @3) = 3"),
    ("not-a-term", "  predicate p\n  assume a1 : @p = @true"),
    ("not-a-term", "  predicate p\n  assume a1 : 1 + @p = 2"),
    ("not-a-term", "  predicate p\n  assume a1 : (if true then @p else 1) = 1"),
    ("wrong-sort", "  assume a1 : @2026-01-01 + 1 = 2"),
    ("wrong-sort", "  use shapes as s\n  assume a1 : 1 + @s.best = 2"),
    ("wrong-sort", "  define d(x: Int): Int := @x / 2"),
    ("wrong-sort", "  define d(x: Int): Date := @x"),
    ("wrong-sort", "  sort S = { u }\n  function f(x: S): Int = { u: @1/2 }"),
    ("not-applicable", "  predicate p\n  assume a1 : forall x: Int. @x(1)"),
    ("not-comparable", "  use shapes as s\n  assume a1 : s.best = @1"),
    ("not-comparable", "  assume a1 : 1 = @2026-01-01"),
    ("not-comparable", "  assume a1 : (if true then 1 else @2026-01-01) = 1"),
    ("not-ordered", "  use shapes as s\n  assume a1 : s.best < @s.best"),
    ("zero-divisor", "  assume a1 : 1 / @0 = 1"),
    ("zero-divisor", "  assume a1 : 1 / @0.0 = 1"),
    ("not-a-formula", "  assume a1 : (count x: Int. @x = 1) = 1"),
    ("count-unlisted", "  use shapes as s\n  assume a1 : @count t: s.Thing. s.good(t) = 1"),
    ("circular-definition", "  define @d := not d"),
    ("circular-definition", "  define @d := e\n  define e := not d"),
    ("circular-definition", "  use shapes as s with good = d\n  define @d(t: s.Thing) := s.good(t)"),
    ("table-unlisted", "  @predicate p(x: Int) = { }"),
    ("not-an-element", "  sort S = { u }\n  sort T = { v }\n  predicate p(x: S) = { @v }"),
    ("unknown-name", "  sort S = { u }\n  predicate p(x: S) = { @w }"),
    ("wrong-arity", "  sort S = { u }\n  predicate p(x: S, y: S) = { @u }"),
    ("duplicate-row", "  sort S = { u, v }\n  function f(x: S): Int = { u: 1, @u: 2 }"),
    ("missing-row", "  sort S = { u, v }\n  @function f(x: S): Int = { u: 1 }"),
    ("unknown-theory", "  use @shape as s"),
    ("unknown-role", "  use shapes as s with @bads = good"),
    ("no-role", "  use shapes as s with @rot = rot"),
    ("doubly-mapped", "  sort S\n  use shapes as s with Thing = S, @Thing = S"),
    ("wrong-mapping", "  use shapes as s with @Thing = 3"),
    ("unknown-name", "  use shapes as s with Thing = @Thingy"),
    ("wrong-mapping", "  predicate p\n  use shapes as s with @good = p"),
    ("wrong-mapping", "  use shapes as s with @good = 1 + 1"),
    ("wrong-mapping", "  use shapes as s with @weight = 2026-01-01"),
    ("wrong-mapping", "  use shapes as s with @cost = true"),
    ("wrong-mapping", "  sort S\n  use shapes as s with @best = S"),
    ("circular-definition", "  use shapes as s with @Thing = t.Thing\n  use shapes as t with Thing = s.Thing"),
    ("cannot", "  use shapes as s\n  answer @s.fine by a0"),
    ("cannot", "  use shapes as s\n  answer s.vague by a0, @s.rot"),
    ("cannot", '  use shapes as s\n  adopt @s.rot owner "me"'),
    ("cannot", '  use shapes as s\n  accept @s.salt "why"'),
    ("cannot", "  use shapes as s\n  claim c1 : true by @s.rot"),
    ("cannot", "  use shapes as s\n  claim c1 : true barring @a0"),
    ("cannot", '  predicate p\n  worry w "w" unless p against @p'),
    ("cannot", "  use shapes as s\n  possible x : true without @s.fine"),
    ("not-adopted", "  use shapes as s\n  claim c1 : true by @s.salt"),
    ("not-adopted", "  use shapes as s\n  answer s.vague by @s.salt"),
    ("twice", "  use shapes as s\n  answer s.rot by a0\n  @answer s.rot by a0"),
    ("twice", '  use shapes as s\n  accept s.rot "x"\n  @accept s.rot "y"'),
    ("twice", "  use shapes as s\n  adopt s.salt\n  @adopt s.salt"),
    ("twice", "  claim c1 : true by a0, @a0"),
    ("misplaced", "  @requires shapes"),
    ("misplaced", "  @drop a0"),
    ("evidence-without-source", "  evidence @e { date 2026-01-01 }"),
    ("evidence-ends-early", '  evidence @e { url "u" date 2026-02-01 until 2026-01-01 }'),
    ("bad-evidence", '  evidence e { url "u" @date "soon" }'),
    ("evidence-without-source bad-evidence", "  evidence @e { @url 3 }"),
    ("bad-evidence", '  evidence e { file "f" @sha256 "abc" }'),
    ("duplicate-key", '  scope { harm "x" }\n  scope { @harm "y" }'),
]


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its ``@`` marks, and the line and column of each."""
    places = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        while "@" in line:
            places.append((number, line.index("@") + 1))
            line = line.replace("@", "", 1)
        lines[number - 1] = line
    return "\n".join(lines), places


def expect(codes: str, text: str) -> None:
    plain, places = marked(text)
    found = [f for f in in_order(findings_of(plain)) if f.severity is Severity.ERROR]
    assert [(f.span.line, f.span.column) for f in found] == places, [(str(f.span), f.message) for f in found]
    wanted = codes.split() if " " in codes else [codes] * len(places)
    assert [f.code for f in found] == wanted, [f.message for f in found]


@pytest.mark.parametrize(("codes", "body"), BAD_CASES)
def test_mistake_in_a_case(codes: str, body: str) -> None:
    expect(codes, case(body))


BAD_MODULES = [
    ("misplaced", 'theory t {\n  @assume a : true owner "x"\n}'),
    ("misplaced", "theory t {\n  @goal g : true\n}"),
    ("misplaced", 'theory t {\n  @evidence e { url "u" }\n}'),
    ("misplaced", "theory t {\n  worry w unless true\n  @answer w by all\n}"),
    ("misplaced", "theory t {\n  worry w unless true\n    mitigation m : true\n  @adopt m\n}"),
    ("misplaced", 'theory t {\n  worry w unless true\n  @accept w "why"\n}'),
    ("misplaced", 'theory t {\n  @scope { harm "x" }\n}'),
    ("misplaced", "theory t {\n  @drop a\n}"),
    ("all-in-theory", "theory t {\n  claim c : true by @all\n}"),
    ("cannot", "theory t {\n  worry w unless true\n    mitigation m : true\n  claim c : true by @m\n}"),
    ("circular-use", "theory t {\n  @use t as inner\n}"),
    ("no-goal", "case @c {\n  predicate p\n}"),
    ("ambiguous-theory", "theory @t { }\ntheory t { }\ncase c { use @t as u goal g : true }"),
    ("unknown-base", "variant v of @c {\n}"),
    ("broken-base circular-variant", "variant v of @w {\n} variant w of @v {\n}"),
    ("duplicate-name", "case c { goal g : true }\ncase @c { goal g : true }"),
    (
        "count-unlisted-use",
        (
            "theory t {\n  sort S\n  predicate p(s: S)\n  axiom a : count s: S. p(s) <= 2 }\n"
            "case c {\n  @use t\n  goal g : true }"
        ),
    ),
    ("unknown-theory", "theory t { requires @nothing }"),
    (
        "doubly-mapped",
        (
            "theory u { sort S }\ntheory t { sort T use u with S = T }\n"
            "case c { sort A sort B\n  use t as t with T = A, @u.S = B goal g : true }"
        ),
    ),
]


@pytest.mark.parametrize(("codes", "text"), BAD_MODULES)
def test_mistake_in_a_module(codes: str, text: str) -> None:
    expect(codes, text)


def test_suggestions() -> None:
    (found,) = findings_of(case("  use shapes as s\n  assume a1 : forall t: s.Thing. s.god(t)"))
    assert found.hint == "did you mean `s.good`?"
    (found,) = findings_of(case("  use shapes as s\n  use shapes as t\n  assume a1 : good(s.best)"))
    assert found.hint == "did you mean `s.good` or `t.good`?"


def test_independent_mistakes_are_all_told() -> None:
    body = "  assume a1 : x and y\n  assume a2 : 1 + 1\n  claim c1 : true by zz\n  answer w by a0"
    codes = sorted(f.code for f in findings_of(case(body)))
    assert codes == ["not-a-formula", "unknown-name", "unknown-name", "unknown-name", "unknown-name"]


def test_an_unknown_sort_is_told_once() -> None:
    (found,) = findings_of(case("  define d(x: Fog) := x = x and x != x"))
    assert (found.code, found.about) == ("unknown-name", "Fog")


def test_a_theory_with_mistakes_is_told_once_however_often_it_is_used() -> None:
    text = "theory t { axiom a : nothing }\ncase c { use t as x use t as y goal g : true }"
    codes = [f.code for f in findings_of(text)]
    assert codes.count("unknown-name") == 1
    assert "broken-theory" in codes


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("length", "fine"), [(50, True), (51, False)])
def test_a_chain_of_definitions_is_limited_in_any_order(order: int, length: int, fine: bool) -> None:
    chain = ["define d0 := true", *(f"define d{n} := d{n - 1}" for n in range(1, length))][::order]
    codes = {f.code for f in findings_of(case("\n".join(chain))) if f.severity is Severity.ERROR}
    assert codes == (set() if fine else {"long-chain"})
