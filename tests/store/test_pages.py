"""What the pages keep: sessions, links, letters, requests, tokens, copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bridge.store.auth import api_tokens, logins, signin_links
from bridge.store.curricula import file_versions
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.failed_emails import failed_emails, retry
from bridge.store.delivery.outbox import ClaimedEmail
from bridge.store.members import contact_requests, pending_signups
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.members.queries import members_with_email
from bridge.store.tables.auth import Login, SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import PendingSignup
from bridge.store.token_hashing import hash_token
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

LEASE = timedelta(minutes=10)
ASKED = ContactMessage("Kim", "Kim@example.org", "", "north", "path:first", "Call me.", "en")
JOINING = PendingSignupData("Kim@example.org", "Kim", "Doe", "", "north", "en", "I agree.")


def owe(db: Database, *kinds: str) -> None:
    with db.transaction() as session:
        for kind in kinds:
            outbox.enqueue(session, kind, "Kim@example.org", "fr", {"link": kind}, NOW)


def claim(db: Database, owner: str, limit: int = 9) -> list[ClaimedEmail]:
    with db.transaction() as session:
        return outbox.claim(session, owner, NOW, LEASE, limit)


def letters(db: Database) -> list[OutboxEmail]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def test_a_session_knows_its_member_and_costs_one_query(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        logins.start(session, "token", ANNA.email.upper(), anna, NOW)
    queries.clear()
    with db.reading() as session:
        found = logins.find_login(session, "token", LATER)
        assert len(queries) == 1
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
def test_a_session_ends(db: Database, used: timedelta, later: timedelta, holds: bool) -> None:
    with db.transaction() as session:
        logins.start(session, "token", ANNA.email, None, NOW)
        logins.touch(session, "token", NOW + used)
        assert (logins.find_login(session, "token", NOW + later) is not None) is holds
        logins.prune(session, NOW + later)
        assert (session.scalar(select(Login.email)) is not None) is holds


def test_all_sessions_of_an_address_end_and_no_others(db: Database) -> None:
    with db.transaction() as session:
        for token, email in (("a", ANNA.email), ("b", ANNA.email), ("c", BEN.email)):
            logins.start(session, token, email, None, NOW)
        logins.end_all(session, ANNA.email.upper())
        assert session.scalars(select(Login.token)).all() == [hash_token("c")]


def test_only_one_member_can_be_meant_by_an_address(db: Database) -> None:
    with db.transaction() as session:
        anna, _ = add(session, [ANNA, replace(BEN, number="2")])
        assert [each.id for each in members_with_email(session, ANNA.email.upper())] == [anna]
        add(session, [replace(ANNA, number="3")])
        assert len(members_with_email(session, ANNA.email)) == 2
        assert members_with_email(session, ANNA.number or "") == []


@pytest.mark.parametrize(
    ("token", "nonce", "after", "holds"),
    [
        ("token", "nonce", timedelta(minutes=14), True),
        ("token", "nonce", timedelta(minutes=15), False),
        ("other", "nonce", timedelta(0), False),
        ("token", "other", timedelta(0), False),
        ("token", "", timedelta(0), False),
    ],
)
def test_a_link_holds(db: Database, token: str, nonce: str, after: timedelta, holds: bool) -> None:
    with db.transaction() as session:
        signin_links.add_link(session, "token", "nonce", "Kim@example.org", "/me", NOW)
        assert signin_links.is_valid(session, token, nonce, NOW + after) is holds
        redeemed = signin_links.redeem(session, token, nonce, NOW + after)
        assert (redeemed == signin_links.Redeemed("kim@example.org", "/me")) is holds
        assert signin_links.redeem(session, token, nonce, NOW + after) is None
        assert signin_links.recent_count(session, "KIM@example.org", NOW - LEASE) == 1
        signin_links.prune(session, NOW + timedelta(minutes=16))
        assert session.scalars(select(SigninLink)).all() == []


def test_two_workers_never_share_a_letter(db: Database) -> None:
    owe(db, "a", "b")
    assert [letter.kind for letter in claim(db, "one", 1)] == ["a"]
    assert [letter.kind for letter in claim(db, "two")] == ["b"]
    assert claim(db, "three") == []


def test_what_a_letter_said_is_dropped_when_it_is_sent(db: Database) -> None:
    owe(db, "sent", "refused", "later")
    sent, refused, later = claim(db, "me")
    assert (sent.email, sent.language, sent.attempts) == ("kim@example.org", "fr", 1)
    with db.transaction() as session:
        assert not outbox.mark_done(session, sent.id, "somebody else", NOW)
        assert outbox.mark_done(session, sent.id, "me", NOW)
        assert outbox.mark_failed(session, refused.id, "me", "no such mailbox")
        assert outbox.retry_later(session, later.id, "me", "busy", LATER)
        assert not outbox.mark_done(session, sent.id, "me", NOW)
    assert [(each.state, each.payload) for each in letters(db)] == [
        ("done", {}), ("failed", {"link": "refused"}), ("owed", {"link": "later"}),
    ]  # fmt: skip
    assert claim(db, "me") == []


def test_a_letter_that_was_not_begun_is_given_back(db: Database) -> None:
    owe(db, "a")
    claim(db, "one")
    with db.transaction() as session:
        outbox.release(session, "one")
    assert [letter.attempts for letter in claim(db, "two")] == [1]


def test_a_letter_that_comes_too_late_is_not_sent(db: Database) -> None:
    with db.transaction() as session:
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {"link": "x"}, NOW,
                     expires_at=LATER)  # fmt: skip
        outbox.expire(session, LATER)
    assert claim(db, "me") == []
    [late] = letters(db)
    assert (late.state, late.reason, late.payload) == ("failed", "late", {})
    with db.transaction() as session:
        outbox.prune(session, LATER)
    assert letters(db) == []


def test_a_letter_that_was_refused_is_tried_again_while_it_is_of_use(db: Database) -> None:
    with db.transaction() as session:
        for kind in ("contact", "sign-in"):
            outbox.enqueue(session, kind, "a@example.org", "en", {"link": kind}, NOW,
                         expires_at=LATER)  # fmt: skip
    one, other = claim(db, "me")
    with db.transaction() as session:
        assert outbox.mark_failed(session, one.id, "me", "refused")
        assert outbox.retry_later(session, other.id, "me", "no host", LATER, "configuration")
        assert [each.id for each in failed_emails(session, 9)] == [one.id, other.id]
        assert [each.id for each in failed_emails(session, 9, one.id)] == [other.id]
        assert [each.last_error for each in retry(session, NOW, [one.id, 999])] == ["refused"]
        assert retry(session, NOW, [one.id]) == []
    [again] = claim(db, "me")
    assert (again.id, again.payload, again.attempts) == (one.id, {"link": "contact"}, 1)
    with db.transaction() as session:
        outbox.expire(session, LATER)
        assert retry(session, LATER) == []
        assert [each.last_error for each in failed_emails(session, 9)] == ["refused", "no host"]
    assert [(each.reason, each.payload) for each in letters(db)] == [("late", {}), ("late", {})]


def test_requests_are_seen_and_handled_in_ones_own_regions(db: Database) -> None:
    def seen(**wanted: Any) -> list[int]:
        return [each.id for each in contact_requests.requests(session, 9, **wanted)]

    with db.transaction() as session:
        north = contact_requests.add_request(session, ASKED, NOW)
        south = contact_requests.add_request(
            session, replace(ASKED, region="south", about="path:n"), NOW
        )
        assert seen() == [north, south]
        assert seen(regions={"south"}) == seen(about=["path:n"]) == seen(after=north) == [south]
        assert seen(regions=frozenset()) == seen(handled=True) == []
        assert not contact_requests.handle(session, north, {"south"}, "chair", NOW)
        assert contact_requests.handle(session, north, {"north"}, "chair", NOW)
        assert not contact_requests.handle(session, north, None, "chair", NOW)
        assert (seen(), seen(handled=True)) == ([south], [north])
        contact_requests.prune(session, NOW)
        assert seen(handled=True) == [north]
        contact_requests.prune(session, LATER)
        assert (seen(), seen(handled=True)) == ([south], [])


def test_a_sign_up_is_confirmed_once_and_in_time(db: Database) -> None:
    with db.transaction() as session:
        pending_signups.add_pending_signup(session, "token", JOINING, NOW)
        assert pending_signups.recent_count(session, "kim@EXAMPLE.org", NOW - LEASE) == 1
        assert (
            pending_signups.confirm(session, "token", NOW + pending_signups.LINK_LIFETIME) is None
        )
        confirmed = pending_signups.confirm(session, "token", LATER)
        assert confirmed == replace(JOINING, email="kim@example.org")
        assert pending_signups.confirm(session, "token", LATER) is None
        kept = pending_signups.find_pending_signup(session, "token", LATER)
        assert kept is not None
        assert kept.first_name == "Kim"
        pending_signups.prune(session, NOW + pending_signups.LINK_LIFETIME)
        assert session.scalars(select(PendingSignup)).all() == []


def test_a_program_is_let_in_until_its_token_is_revoked(db: Database) -> None:
    with db.transaction() as session:
        token = api_tokens.add(session, "secret", "reports", ["status", "members"], "me", NOW)
        found = api_tokens.find_token(session, "secret")
        assert found is not None
        assert (found.id, found.scopes) == (token, ["members", "status"])
        assert found.token != "secret"
        api_tokens.used(session, token, LATER)
        assert api_tokens.revoke(session, token, LATER)
        assert not api_tokens.revoke(session, token, LATER)
        assert api_tokens.find_token(session, "secret") is None
    with db.reading() as session:
        [kept] = api_tokens.every_token(session)
        assert (kept.used_at, kept.revoked_at) == (LATER, LATER)


def test_copies_are_kept_the_newest_first(db: Database) -> None:
    with db.transaction() as session:
        one, two, _ = (
            file_versions.save_version(session, "path", file, f"{file} {at}", "note", "me", NOW)
            for at, file in enumerate(("a.yaml", "a.yaml", "b.yaml"))
        )
        assert [each.id for each in file_versions.versions_of(session, "path", "a.yaml")] == [
            two,
            one,
        ]
        before = file_versions.versions_of(session, "path", "a.yaml", before=two)
        assert [each.id for each in before] == [one]
        found = file_versions.find_version(session, one)
        assert found is not None
        assert found.text == "a.yaml 0"
        assert file_versions.find_version(session, 999) is None
