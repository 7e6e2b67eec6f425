"""Searching members."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.members.matching import name_key
from bridge.store.members.number_answers import remember_number
from bridge.store.members.profile import Details, update_details
from bridge.store.members.search import MemberFilter, search
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.members import Member
from tests.store.sample_members import ANNA, LATER, NOW, add, member
from tests.support.query_lists import listed

TODAY = NOW.date()


def award(one: int, milestone: str = "first", ago: timedelta = timedelta()) -> AwardRecord:
    return AwardRecord(one, "path", milestone, "r", {}, NOW - ago)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["1001", "1002"]),
        ("1002", ["1002"]),
        ("100", ["1001", "1002"]),
        ("02", ["1002"]),
        ("ANNA@example.org", ["1001"]),
        ("nna@", ["1001"]),
        ("@EXAMPLE", ["1001", "1002"]),
        ("example.org", ["1001", "1002"]),
        ("example", []),
        ("chard", ["1002"]),
        ("bou", ["1002"]),
        ("OUCH en 002", ["1002"]),
        ("bouch ben", ["1002"]),
        ("ben ashevak", []),
        ("%", []),
        ("_nna", []),
        ("nna/", []),
        (" ".join(["sh"] * 500), ["1001"]),
    ],
)
def test_members_are_found_by_number_name_or_email(
    db: Database, two_members: list[int], words: str, found: list[str]
) -> None:
    with db.reading() as session:
        assert [one.number for one in search(session, MemberFilter(words), 10, TODAY)] == found


def test_members_are_found_by_region_and_milestone_in_pages(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        grant(session, [award(anna)])
    queries.clear()
    with db.reading() as session:
        assert [one.id for one in search(session, MemberFilter(regions=["east"]), 10, TODAY)] == [
            ben
        ]
        assert len(queries) == 1, listed(queries)
        earned = MemberFilter(curriculum="path", milestones=("first", "former"))
        assert [one.id for one in search(session, earned, 10, TODAY)] == [anna]
        assert search(session, MemberFilter(regions=()), 10, TODAY) == []
        assert [one.id for one in search(session, MemberFilter(), 1, TODAY)] == [anna]
        assert [one.id for one in search(session, MemberFilter(), 1, TODAY, anna)] == [ben]


def test_a_number_with_spaces_or_letters_is_found(db: Database) -> None:
    with db.transaction() as session:
        add(session, [member(1, number="AB 12/34"), member(2, number="34")])
        shown = [search(session, MemberFilter(w), 9, TODAY) for w in ("ab 12/3", "b 1", "34")]
    assert [len(each) for each in shown] == [1, 1, 2]


def test_a_search_is_one_query_whatever_is_searched(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        add(session, [member(n) for n in range(1, 400)])
    for words in ("1", "first39 last39", "m39@", "nobody"):
        del queries[:]
        with db.reading() as session:
            search(session, MemberFilter(words, regions=["north"]), 26, TODAY)
        assert len(queries) == 1, listed(queries)


def keys(db: Database) -> list[tuple[str, str]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(Member.first_key, Member.last_key))]


@pytest.mark.parametrize(
    ("name", "key"),
    [("Zoélie", "zoelie"), ("ÉMILE", "emile"), ("Strauß", "strauss"), ("ﬃ" * 40, "ffi" * 33 + "f")],
)
def test_a_name_key_has_no_accents_and_fits_its_column(name: str, key: str) -> None:
    assert name_key(name) == key


def test_name_keys_follow_every_change(db: Database) -> None:
    with db.transaction() as session:
        [one] = add(session, [replace(ANNA, first_name="Émile", last_name="Zola")])
    assert keys(db) == [("emile", "zola")]
    with db.transaction() as session:
        upsert_members(session, [replace(ANNA, first_name="Émilie", last_name="Çelik")], LATER)
    assert keys(db) == [("emilie", "celik")]
    with db.transaction() as session:
        update_details(session, one, Details("Noël", "Ångström", "fr", "north"), LATER)
    assert keys(db) == [("noel", "angstrom")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("emi", [1]),
        ("ÉMILIE", [1]),
        ("zola emilie", [1]),
        ("emilie emilie", [1]),
        ("e", [1, 2]),
        ("ïl", [1, 2]),
        ("o", [1, 2]),
        ("'", [2]),
        ("%", []),
        ("\u0301", []),
        ("emilie o'neil", []),
    ],
)
def test_names_are_found_without_accents(db: Database, words: str, found: list[int]) -> None:
    people = [
        member(1, first_name="Émilie", last_name="Zola"),
        member(2, first_name="Ezra", last_name="O'Neil"),
    ]
    with db.transaction() as session:
        ids = add(session, people)
        shown = search(session, MemberFilter(words), 9, TODAY)
    assert [one.id for one in shown] == [ids[place - 1] for place in found]


@pytest.mark.parametrize("words", ["lucja", "ŁUCJA", "o'neil", "O’Neil", "oneil’s", "strom", "Łu"])
def test_letters_that_people_type_in_another_way(db: Database, words: str) -> None:
    lucja = replace(ANNA, first_name="Łucja Strøm", last_name="O’Neil")
    with db.transaction() as session:
        add(session, [lucja])
    with db.reading() as session:
        found = search(session, MemberFilter(words), 10, TODAY)
    assert len(found) == (words != "oneil’s")


def test_a_number_that_means_the_member_since_two_were_merged(
    db: Database, two_members: list[int]
) -> None:
    with db.transaction() as session:
        remember_number(session, two_members[0], "N-77", "x", NOW)
    with db.reading() as session:
        for words in ("n-77", "77", "anna n-77"):
            found = search(session, MemberFilter(words), 10, TODAY)
            assert [each.id for each in found] == two_members[:1]
        assert search(session, MemberFilter("n-77", regions=["west"]), 10, TODAY) == []
