"""Looking up members, and setting their accounts and roles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bridge.errors import MemberError
from bridge.privacy import erase_member
from bridge.store.database import Database
from bridge.store.members.queries import (
    find,
    iterate_member_ids,
    members_by_ids,
    members_by_moodle_ids,
    members_with_email,
    set_moodle_users,
)
from bridge.store.tables.members import Member
from tests.store.sample_members import ANNA, BEN, NOW, add, many_members


def test_a_member_is_found_by_id_number_or_email(db: Database) -> None:
    with db.transaction() as session:
        [anna, ben] = add(session, [ANNA, BEN])
    with db.reading() as session:
        for wanted, expected in ((anna, anna), ("1001", anna), ("BEN@example.org", ben)):
            found = find(session, wanted)
            assert found is not None
            assert found.id == expected
        assert find(session, str(anna)) is None, "a text is never taken for an id"
        assert find(session, 999) is None
        assert find(session, "nobody@example.org") is None


def test_an_email_that_two_members_share_is_an_error(db: Database) -> None:
    with db.transaction() as session:
        add(session, [ANNA, replace(BEN, email=ANNA.email)])
    with db.reading() as session, pytest.raises(MemberError, match="member number"):
        find(session, ANNA.email)


def test_a_member_without_a_number_is_found_by_the_id_that_the_error_names(db: Database) -> None:
    hired = replace(BEN, email=ANNA.email, number=None, source="form")
    with db.transaction() as session:
        twice = sorted(add(session, [ANNA, hired]))
        ids = ", ".join(f"id:{each}" for each in twice)
        with pytest.raises(MemberError, match=ids):
            find(session, ANNA.email)
        found = [find(session, f"id:{each}") for each in twice]
        assert [each and each.id for each in found] == twice
        assert find(session, "id:99") is None
        assert find(session, "id:" + "9" * 19) is None


def test_a_number_counts_before_an_id(db: Database) -> None:
    with db.transaction() as session:
        [_, ben] = add(session, [ANNA, replace(BEN, number="id:1")])
        found = find(session, "id:1")
    assert found is not None
    assert found.id == ben


def test_one_person_who_became_two_members_is_one_again(db: Database) -> None:
    """As docs/operations.md says: erase one, and import the record again."""
    twin = replace(ANNA, number=None, source="form")
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        [other] = add(session, [replace(twin, email="other@example.org")])
        same = update(Member).where(Member.id == other)
        session.execute(same.values(email=ANNA.email, email_key=ANNA.email))
        erase_member(session, anna, "chair", NOW)
        [again] = add(session, [ANNA])
    assert again == other


def test_many_members_are_found_at_once(db: Database) -> None:
    with db.transaction() as session:
        ids = add(
            session, [replace(m, moodle_user_id=int(m.number or 0) + 50) for m in many_members(5)]
        )
    with db.reading() as session:
        assert set(members_by_ids(session, [*ids, 999])) == set(ids)
        assert members_by_moodle_ids(session, [51, 55, 99]) == {51: ids[0], 55: ids[4]}
        assert list(iterate_member_ids(session, ids[1], 2)) == ids[2:4]
        assert list(iterate_member_ids(session, ids[-1])) == []


def test_a_moodle_account_is_set_changed_and_removed(db: Database) -> None:
    with db.transaction() as session:
        [anna, ben] = add(session, [ANNA, BEN])
        for account in (7, 7, 8, None, 8):
            assert set_moodle_users(session, {anna: account}) == {}
        assert members_by_moodle_ids(session, [7, 8]) == {8: anna}
        assert set_moodle_users(session, {ben: None}) == {}
        errors = set_moodle_users(session, {ben: 8, 999: 9})
        assert "account 8" in str(errors[ben])
        assert "no such member" in str(errors[999])
        assert members_by_moodle_ids(session, [8, 9]) == {8: anna}


def test_members_with_an_email_are_found(db: Database) -> None:
    with db.transaction() as session:
        anna, _ = add(session, [ANNA, replace(BEN, number="2")])
        assert [each.id for each in members_with_email(session, ANNA.email.upper())] == [anna]
        add(session, [replace(ANNA, number="3", first_name="Hannah")])
        assert len(members_with_email(session, ANNA.email)) == 2
        assert members_with_email(session, ANNA.number or "") == []
