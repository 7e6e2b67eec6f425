"""Two transactions that make a member of the same address at the same moment make one member."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bridge.member_records import MemberRecord
from bridge.store.database import Database
from bridge.store.members import pending_signups, profile
from bridge.store.members.locking import lock_addresses, lock_matching
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.members.queries import get_member, members_with_email
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.members import Member
from tests.store.sample_members import ANNA, NOW, add, many_members
from tests.support.waiting import wait_until

EMAIL = "New.Hire@example.org"
TOKENS = ("first", "second")
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def confirm(session: Session, token: str = "first") -> None:
    """As the page that a link in the email opens."""
    if pending_signups.confirm(session, token, NOW):
        sign_up(session)


def confirm_with_code(session: Session) -> None:
    """As the page that asks for the code in the email."""
    found = pending_signups.confirm_with_code(session, "browser", "123456", NOW)
    assert isinstance(found, PendingSignupData)
    sign_up(session)


def sign_up(session: Session) -> None:
    if not members_with_email(session, EMAIL):
        upsert_members(session, [MemberRecord(None, EMAIL, "New", "Hire", source="form")], NOW)


def confirm_another(session: Session) -> None:
    confirm(session, "second")


def import_record(session: Session) -> None:
    """As the webhook, the API, the command line and a file."""
    record = MemberRecord("1003", EMAIL.upper(), "New", "Hire", source="webhook")
    upsert_members(session, [record], NOW)


def register(session: Session) -> None:
    """As the job that reads registrations from Moodle."""
    lock_matching(session, set(), {7}, {EMAIL})
    record = MemberRecord(None, EMAIL, "New", "Hire", source="moodle", moodle_user_id=7)
    upsert_members(session, [record], NOW)


def change_address(session: Session) -> None:
    """As a member who opens the link that was sent to a new address."""
    anna = get_member(session, "1001")
    assert anna
    profile.change_email(session, anna.id, EMAIL, NOW)


@pytest.fixture
def filled(db: Database) -> Database:
    with db.transaction() as session:
        add(session, [ANNA])
        for token in TOKENS:
            typed = PendingSignupData(EMAIL, "New", "Hire", "", "north", "en", "Yes")
            pending_signups.add_pending_signup(
                session, token, typed, NOW, browser="browser" if token == "first" else "",
                code="123456",
            )  # fmt: skip
    return db


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (confirm, import_record),
        (import_record, confirm),
        (confirm, confirm_another),
        (import_record, confirm_with_code),
        (confirm_with_code, import_record),
        (confirm, register),
        (register, confirm),
        (register, import_record),
        (import_record, change_address),
        (change_address, confirm),
        (confirm, change_address),
    ],
)
def test_one_address_gets_one_member(
    filled: Database, first: Callable[[Session], None], second: Callable[[Session], None]
) -> None:
    def run_second() -> None:
        with filled.transaction() as session:
            second(session)

    def is_waiting() -> bool:
        if filled._engine.dialect.name == "sqlite":
            return True  # its transaction waits before its first statement
        with filled.reading() as session:
            return bool(session.scalar(WAITING))

    with ThreadPoolExecutor(1) as pool:
        with filled.transaction() as session:
            first(session)
            other = pool.submit(run_second)
            wait_until(lambda: other.done() or is_waiting(), "the second transaction")
        other.result()
    with filled.reading() as session:
        same = select(func.count()).where(Member.email_key == EMAIL.lower())
        assert session.scalar(same) == 1


@pytest.mark.parametrize("way", [import_record, register, change_address, confirm])
def test_addresses_are_locked_before_members(
    filled: Database, queries: list[str], way: Callable[[Session], None]
) -> None:
    """Otherwise two transactions could wait for each other."""
    queries.clear()
    with filled.transaction() as session:
        way(session)
    locks = [each for each in queries if "advisory" in each or "FOR " in each]
    if filled._engine.dialect.name == "postgresql":
        assert "advisory" in locks[0]


def test_other_addresses_dont_wait(filled: Database) -> None:
    with filled.transaction() as one, filled.reading() as other:
        lock_addresses(one, [EMAIL])
        lock_addresses(one, [EMAIL])
        lock_addresses(one, [])
        if other.get_bind().dialect.name == "postgresql":
            lock_addresses(other, ["another@example.org"])
            here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            held = f"SELECT granted FROM pg_locks WHERE locktype = 'advisory' AND {here}"
            assert list(other.scalars(text(held))) == [True, True]


def test_a_large_batch_takes_a_limited_number_of_locks(filled: Database) -> None:
    if filled._engine.dialect.name != "postgresql":
        return
    with filled.transaction() as session:
        lock_addresses(session, [one.email for one in many_members(3000)])
        held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert 0 < (session.scalar(held) or 0) <= 1024
