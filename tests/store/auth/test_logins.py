"""Logins: they belong to a member, end in time and end together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.tables.auth import Login
from bridge.store.token_hashing import hash_token
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add
from tests.support.query_lists import listed


def test_finding_a_login_with_its_member_takes_one_query(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        logins.start(session, "token", ANNA.email.upper(), anna, NOW)
    queries.clear()
    with db.reading() as session:
        found = logins.find_login(session, "token", LATER)
        assert len(queries) == 1, listed(queries)
        assert logins.find_login(session, hash_token("token"), LATER) is None
    assert found is not None
    assert (found.email, found.member_id, found.name, found.region) == (
        ANNA.email, anna, "Anna Ashevak", "north",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("used", "later", "holds"),
    [
        (timedelta(0), timedelta(hours=11), True),
        (timedelta(0), timedelta(hours=12), False),
        (timedelta(hours=10), timedelta(hours=21), True),
        (timedelta(days=6, hours=23), timedelta(days=7), False),
    ],
)
def test_a_login_ends_when_idle_and_after_seven_days(
    db: Database, used: timedelta, later: timedelta, holds: bool
) -> None:
    with db.transaction() as session:
        logins.start(session, "token", ANNA.email, None, NOW)
        logins.touch(session, "token", NOW + used)
        assert (logins.find_login(session, "token", NOW + later) is not None) is holds
        logins.prune(session, NOW + later)
        assert (session.scalar(select(Login.email)) is not None) is holds


def test_all_logins_of_an_email_end_and_no_others(db: Database) -> None:
    with db.transaction() as session:
        for token, email in (("a", ANNA.email), ("b", ANNA.email), ("c", BEN.email)):
            logins.start(session, token, email, None, NOW)
        logins.end_all(session, ANNA.email.upper())
        assert session.scalars(select(Login.token)).all() == [hash_token("c")]
