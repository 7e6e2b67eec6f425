"""Whom the entries of a list mean, and what is wrong with them."""

from __future__ import annotations

import pytest

from bridge.store.database import Database
from bridge.store.members.lookup import Part
from bridge.workflows.people_lists import people as people_lists
from bridge.workflows.people_lists.people import People
from bridge.workflows.signoffs.preview import SignoffPreview, preview
from tests.store.sample_members import add, member
from tests.workflows.signoffs.sample_list import PATH, members, record

ZERO = member(7, number="00125", region="north")
LEFT = member(8, number="L8", status="left")
TWINS = [member(n, number=f"T{n}", email="twins@example.org") for n in (11, 12)]
SPACED = member(13, number="12 13")
KIM = member(14, first_name="Kim", last_name="Doe")


def look(db: Database, text: str, **people: object) -> SignoffPreview:
    with db.reading() as session:
        return preview(session, PATH.key, "walk", People(text, **people))  # type: ignore[arg-type]


@pytest.fixture
def ids(db: Database) -> dict[str, int]:
    records = [ZERO, LEFT, *TWINS, SPACED, KIM, member(1), member(2)]
    with db.transaction() as session:
        found = add(session, records)
    return {str(each.number): one for each, one in zip(records, found, strict=True)}


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("1\nm2@example.org", ["new", "new"]),
        ("00125", ["new"]),
        ("125", ["new"]),
        ("L8", ["left"]),
        ("twins@example.org", ["ambiguous"]),
        ("T11", ["new"]),
        ("99\nKim", ["not-found", "not-found"]),
        ("1\n1", ["new", "twice"]),
        ("1, m1@example.org", ["new"]),
        ("12 13", ["new"]),
        ("1 2", ["new", "new"]),
        ("Kim Doe 14", ["new"]),
        ("14 doe", ["new"]),
        ("Room 14", ["not-found"]),
        ("2 m1@example.org", ["new", "new"]),
        ("Kim Doe <m14@example.org> (14)", ["new"]),
        ("1,001", ["not-found"]),
        ("14.0", ["new"]),
        ("1 99", ["new", "not-found"]),
    ],
)
def test_the_state_of_each_entry(
    db: Database, ids: dict[str, int], text: str, states: list[str]
) -> None:
    assert [each.state for each in look(db, text).lines] == states


def test_another_spelling_is_shown(db: Database, ids: dict[str, int]) -> None:
    [line] = look(db, "125").lines
    assert line.other_spelling
    assert line.member
    assert line.member.number == "00125"
    assert not look(db, "00125").lines[0].other_spelling


def test_nobody_signs_off_themselves(db: Database, ids: dict[str, int]) -> None:
    found = look(db, "1\n2", own={ids["1"]})
    assert [each.state for each in found.lines] == ["own", "new"]
    assert found.new == [ids["2"]]


def test_who_is_out_of_scope_is_not_found(db: Database, ids: dict[str, int]) -> None:
    north, some = Part(frozenset({"north"})), Part(ids=frozenset({ids["2"]}))
    ticked = [ids["1"], ids["00125"]]
    found = look(db, "1\n2\n125", ticked=ticked, scope=(north, some))
    assert [each.state for each in found.lines] == ["not-found", "new", "new", "twice"]
    assert look(db, "1", ticked=ticked, scope=()).new == []


def test_who_has_it_already_and_who_had_it(db: Database) -> None:
    ids = members(db, 3)
    record(db, ids[:1])
    found = look(db, "1\n2\n3\n4")
    assert dict(found.counts) == {"new": 2, "already": 1, "not-found": 1}
    assert found.lines[0].stored
    assert found.lines[0].stored.evidence["by_name"] == "Lee"
    assert found.meant == ids


def test_a_list_that_is_too_long_is_cut(
    db: Database, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_lists, "MAX_PEOPLE", 2)
    found = look(db, "1\n2\n7")
    assert found.too_many
    assert len(found.lines) == 2


def test_a_long_list_takes_as_many_queries(db: Database, queries: list[str]) -> None:
    members(db, 300)
    counts = []
    for text in ("1\n2 3", "\n".join(f"{n} {n + 1}" for n in range(300))):
        del queries[:]
        look(db, text, ticked=[1])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_one_number_or_several_is_unclear(db: Database) -> None:
    with db.transaction() as session:
        add(session, [member(101), member(102), member(1001)])
    assert [each.state for each in look(db, "101,102").lines] == ["new", "new"]
    assert [each.state for each in look(db, "1,001").lines] == ["new"]
    with db.transaction() as session:
        add(session, [member(101102)])
    [line] = look(db, "101,102").lines
    assert line.state == "ambiguous"
    assert len(line.others) == 3


def test_the_limit_counts_different_entries(db: Database, ids: dict[str, int]) -> None:
    found = look(db, "1\n" * 2000 + "2")
    assert not found.too_many
    assert [each.state for each in found.lines] == ["new", "twice", "new"]
