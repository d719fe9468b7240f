"""``docs/mutation.md`` says what ``tests/mutation`` found, and each mutant that is left has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.findings import Pattern, Reason, Survivor, known, page, reasons, unexplained
from tests.mutation.modules import MODULES

ROOT = Path(__file__).parent.parent


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "mutation.md").read_text("utf-8") == page(known(), reasons())


def test_all_modules_were_tried() -> None:
    assert set(known()) == set(MODULES)


def test_the_page_on_soundness_has_the_score() -> None:
    total, left = sum(found.total for found in known().values()), sum(len(f.survivors) for f in known().values())
    text = " ".join((ROOT / "docs" / "soundness.md").read_text("utf-8").split())
    assert f"Of {total} mutants {total - left} are killed. The other {left} were looked at" in text


@pytest.mark.parametrize("module", known())
def test_each_mutant_that_is_left_was_looked_at(module: str) -> None:
    assert not unexplained(module, known()[module], reasons())


@pytest.mark.parametrize("module", known())
def test_what_is_left_is_of_the_code_as_it_stands(module: str) -> None:
    """The lines are still there: otherwise the module was changed, and wants another run."""
    code = " ".join((ROOT / "checker" / f"{module}.py").read_text("utf-8").split())
    for function, old, _ in known()[module].survivors:
        for line in old.split("\n"):
            assert " ".join(line.split()) in code, f"{function}: {line}"


def test_each_reason_is_of_use() -> None:
    left: list[Survivor] = [(module, *one) for module, found in known().items() for one in found.survivors]
    for reason in reasons():
        assert any(reason.covers(survivor) for survivor in left), reason


def test_a_reason_covers_what_it_says() -> None:
    line = Reason("judge", "f", "a = b", "It does not matter.")
    assert line.covers(("judge", "f", "a = b", "a = None"))
    assert not line.covers(("judge", "g", "a = b", "a = None"))
    assert not line.covers(("graph", "f", "a = b", "a = None"))
    one = Reason("judge", "f", "a = b", "It does not matter.", ("a = None",))
    assert one.covers(("judge", "f", "a = b", "a = None"))
    assert not one.covers(("judge", "f", "a = b", "a = c"))
    pattern = Pattern("strict=True", ("strict=False", ""), "It does not matter.")
    assert pattern.covers(("judge", "f", "zip(a, b, strict=True)", "zip(a, b, strict=False)"))
    assert pattern.covers(("judge", "f", "zip(a, b, strict=True)", "zip(a, b, )"))
    twice = "zip(a, zip(b, c, strict=True), strict=True)"
    assert pattern.covers(("judge", "f", twice, "zip(a, zip(b, c, strict=True), )"))
    assert pattern.covers(("judge", "f", twice, "zip(a, zip(b, c, ), strict=True)"))
    assert not pattern.covers(("judge", "f", twice, "zip(a, zip(b, None, ), strict=True)"))
    assert not pattern.covers(("judge", "f", "zip(a, b)", "zip(a, b)"))
