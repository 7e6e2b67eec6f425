"""Personal links work once, for one purpose, until they expire or are replaced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.errors import PersonError
from bridge.store.database import Database
from bridge.store.persons import personal_links, records
from bridge.store.persons.personal_links import PersonalLink
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.persons import PersonalLink as Row
from tests.store.parallel import WORKERS, run_in_threads
from tests.store.sample_members import LATER, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def kim(db: Database) -> int:
    with db.transaction() as session:
        return records.find_or_add(session, PersonRecord("Kim", "kim@example.org"), NOW).id


def issue(db: Database, person: int, token: str, purpose: str = "cancel", subject: str = "s:1",
          ) -> None:  # fmt: skip
    with db.transaction() as session:
        personal_links.issue(session, token, purpose, person, subject, NOW, HOUR)


def works(db: Database, token: str, later: timedelta = timedelta()) -> bool:
    with db.reading() as session:
        return personal_links.find(session, token, NOW + later) is not None


def test_a_link_says_who_and_what_it_is_for_and_stores_no_token(db: Database, kim: int) -> None:
    issue(db, kim, "secret-token")
    with db.transaction() as session:
        found = personal_links.find(session, "secret-token", NOW)
        assert found == PersonalLink(kim, "cancel", "s:1")
        assert "secret-token" not in str(session.scalars(select(Row.token)).all())
        assert personal_links.redeem(session, "secret-token", NOW) == found
        assert personal_links.redeem(session, "secret-token", NOW) is None
        assert personal_links.find(session, "secret-token", NOW) is None
        assert personal_links.find(session, "another", NOW) is None


def test_a_link_expires(db: Database, kim: int) -> None:
    issue(db, kim, "t")
    assert works(db, "t", HOUR - timedelta(seconds=1))
    assert not works(db, "t", HOUR)
    with db.transaction() as session:
        assert personal_links.redeem(session, "t", NOW + HOUR) is None
        personal_links.prune(session, LATER)
        assert session.scalars(select(Row.purpose)).all() == ["cancel"]
        personal_links.prune(session, LATER + HOUR)
        assert session.scalars(select(Row.purpose)).all() == []


def test_a_new_link_replaces_those_for_the_same_purpose_and_subject(db: Database, kim: int) -> None:
    with db.transaction() as session:
        lee = records.find_or_add(session, PersonRecord("Lee", "lee@example.org"), NOW).id
    issue(db, kim, "first")
    for person, token, purpose, subject in (
        (kim, "other-purpose", "confirm", "s:1"), (kim, "other-subject", "cancel", "s:2"),
        (lee, "other-person", "cancel", "s:1"), (kim, "second", "cancel", "s:1"),
    ):  # fmt: skip
        issue(db, person, token, purpose, subject)
    assert not works(db, "first")
    assert all(works(db, f"other-{name}") for name in ("purpose", "subject", "person"))
    assert works(db, "second")


def test_a_link_used_at_the_same_moment_works_once(db: Database, kim: int) -> None:
    issue(db, kim, "t")

    def work(_: int) -> PersonalLink | None:
        with db.transaction() as session:
            return personal_links.redeem(session, "t", NOW)

    assert run_in_threads(work).count(None) == WORKERS - 1


def test_there_is_no_link_for_a_person_who_does_not_exist(db: Database) -> None:
    with pytest.raises(PersonError, match="person 999"):
        issue(db, 999, "t")
