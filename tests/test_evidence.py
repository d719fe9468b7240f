"""Evidence is looked at as a file with a hash and dates: what each state takes, and what is said of it."""

from __future__ import annotations

import errno
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from checker import evidence
from checker.case import Evidence
from checker.evidence import Examined, digest_of, examine
from checker.findings import Finding, finding
from checker.source import Span

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
PLACE = Span("a.case", 3, 1, 3, 9)
TEXT = b"400 seeded changes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "cases").mkdir()
    (tmp_path / "study.txt").write_bytes(TEXT)
    return tmp_path / "cases"


def piece(folder: Path, file: str | None = "../study.txt", hashed: str | None = None, **dates: date) -> Evidence:
    return Evidence("study", None, file, hashed, None, dates.get("dated"), dates.get("until"), folder, {}, PLACE)


def said(code: str, **words: Any) -> tuple[Finding, ...]:
    return (finding(code, PLACE, about="study", **words),)


def test_a_file_that_is_there_is_enough(folder: Path) -> None:
    assert examine(piece(folder), TODAY) == Examined("current", ())


def test_an_address_is_not_looked_at(folder: Path) -> None:
    assert examine(piece(folder, None), TODAY) == Examined("current", ())


def test_the_hash_may_be_written_in_capitals(folder: Path) -> None:
    digest = sha256(TEXT).hexdigest()
    assert examine(piece(folder, hashed=digest), TODAY) == Examined("current", ())
    assert examine(piece(folder, hashed=digest.upper()), TODAY) == Examined("current", ())


def test_another_file_than_the_one_cited(folder: Path) -> None:
    words = {"file": "../study.txt", "digest": sha256(TEXT).hexdigest()}
    found = examine(piece(folder, hashed="0" * 64), TODAY)
    assert found == Examined("altered", said("altered-evidence", **words))


def test_an_altered_file_counts_as_altered_whatever_its_dates(folder: Path) -> None:
    assert examine(piece(folder, hashed="0" * 64, until=TODAY - DAY), TODAY).state == "altered"


def test_it_holds_on_its_last_day(folder: Path) -> None:
    assert examine(piece(folder, until=TODAY), TODAY) == Examined("current", ())
    found = examine(piece(folder, until=TODAY - DAY), TODAY)
    assert found == Examined("expired", said("expired-evidence", until="2026-11-23"))


def test_it_may_be_from_today(folder: Path) -> None:
    assert examine(piece(folder, dated=TODAY), TODAY) == Examined("current", ())
    found = examine(piece(folder, dated=TODAY + DAY), TODAY)
    assert found == Examined("current", said("future-evidence", date="2026-11-25"))


def test_what_has_expired_is_expired_whatever_day_it_is_from(folder: Path) -> None:
    found = examine(piece(folder, dated=TODAY + DAY, until=TODAY - DAY), TODAY)
    assert found == Examined("expired", said("expired-evidence", until="2026-11-23"))


@pytest.mark.parametrize("name", ["nothing.txt", "../cases"])
def test_what_is_no_file_is_missing(folder: Path, name: str) -> None:
    assert examine(piece(folder, name), TODAY) == Examined("missing", said("missing-evidence", file=name))


def test_what_lies_outside_is_not_looked_at(folder: Path) -> None:
    outside = folder.parent.parent / "outside.txt"
    outside.write_bytes(TEXT)
    for name in ("../../outside.txt", str(outside), str(folder.parent / "study.txt")):
        found = examine(piece(folder, name), TODAY)
        assert found == Examined("missing", said("evidence-outside", file=name)), name


def test_a_link_leads_where_it_leads(folder: Path) -> None:
    (folder.parent.parent / "outside.txt").write_bytes(TEXT)
    (folder / "link.txt").symlink_to(folder.parent.parent / "outside.txt")
    found = examine(piece(folder, "link.txt"), TODAY)
    assert found == Examined("missing", said("evidence-outside", file="link.txt"))


def test_a_name_that_no_file_can_have(folder: Path) -> None:
    found = examine(piece(folder, "a\0b"), TODAY)
    words = {"file": "a\0b", "why": "the name is not a file name"}
    assert found == Examined("missing", said("unreadable-evidence", **words))


def test_a_file_that_cannot_be_read_is_missing(folder: Path) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    found = examine(piece(folder, hashed="0" * 64), TODAY, refuse)
    words = {"file": "../study.txt", "why": "permission denied"}
    assert found == Examined("missing", said("unreadable-evidence", **words))


def test_the_hash_is_of_the_file_itself(folder: Path) -> None:
    asked = []

    def digest(path: Path) -> str:
        asked.append(path)
        return "0" * 64

    examine(piece(folder, hashed="0" * 64), TODAY, digest)
    assert asked == [(folder.parent / "study.txt").resolve()]


def test_a_file_may_be_as_large_as_the_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "large"
    path.write_bytes(b"x" * 20)
    monkeypatch.setattr(evidence, "_CHUNK", 8)
    monkeypatch.setattr(evidence, "MAX_BYTES", 20)
    assert digest_of(path) == sha256(b"x" * 20).hexdigest()
    monkeypatch.setattr(evidence, "MAX_BYTES", 19)
    with pytest.raises(OSError, match="it is larger than 19 bytes") as raised:
        digest_of(path)
    assert (raised.value.errno, raised.value.strerror) == (errno.EFBIG, "it is larger than 19 bytes")


def test_a_file_is_read_piece_by_piece(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size == 8
            return super().read(size)

    monkeypatch.setattr(evidence, "_CHUNK", 8)
    monkeypatch.setattr(evidence, "open_regular", lambda _: Stream(b"x" * 20))
    assert digest_of(folder / "any") == sha256(b"x" * 20).hexdigest()
