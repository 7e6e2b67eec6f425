"""Times that a wrong clock has written are found and repaired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bridge.foundations.deadlines.claims import TIME_LIMITS
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.deadlines.tables import Deadline
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.operations import cursors, impossible_times, locks, runs
from bridge.store.operations.cursors import Cursor
from bridge.store.operations.impossible_times import LIFETIMES, LIMITS
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.base import Base, UtcDateTime
from bridge.store.tables.members import PendingSignup
from bridge.store.tables.persons import PersonalLink

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
LEFT_ALONE = {
    # What people did, and when results were reached: records.
    "api_token", "audit", "contact_request", "curriculum_version", "member", "member_note",
    "signoff_batch", "award_decision", "member_batch", "member_import", "reminder",
    "member_email",
    "webhook_request", "account_question", "number_question", "award", "completion", "credit",
    "enrolment", "first_attempt", "form_draft", "form_submission", "person", "stored_file",
    "mailing_subscription", "former_key", "live_session", "session_registration",
    "session_registration_change", "session_attendance", "session_notice", "session_announcement",
    "consultation", "consultation_invitation", "consultation_answer", "consultation_response",
    "saved_filter", "saved_filter_recipient",
    # A time far ahead counts as due: see is_due in bridge/sessions/providers/retries.py.
    "session_meeting", "session_join_link",
    # A time in the future counts as none: see bridge/sessions/moodle_calendar/pending.py.
    "session_moodle_event",
}  # fmt: skip


def write(db: Database, two_members: list[int], now: datetime) -> None:
    """What a job leaves that is killed when the clock says `now`."""
    with db.transaction() as session:
        assert locks.acquire(session, "pull", "killed", now, LEASE)
        run = runs.start_run(session, "pull", "killed", now)
        runs.finish_run(session, run, True, {}, now)
        cursors.put(session, "feed", Cursor(7, "f", ((5, now),)), now)
        deliveries.enqueue(session, [DeliveryRecord(two_members[0], "badge", "b", {})], now)
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {}, now)
        logins.start(session, "token", "a@example.org", None, now)


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=365)])
def test_after_a_wrong_clock_all_work_goes_on(
    db: Database, two_members: list[int], ahead: timedelta
) -> None:
    write(db, two_members, NOW + ahead)
    with db.transaction() as session:
        found = impossible_times.repair(session, NOW)
    assert {"lock.expires_at", "run.started_at", "cursor.missing", "login.seen_at"} <= found.keys()
    with db.transaction() as session:
        assert impossible_times.find(session, NOW) == {}
        assert locks.acquire(session, "pull", "other", NOW, LEASE)
        late = NOW + timedelta(days=1)
        assert deliveries.claim(session, "badge", "w", late, LEASE, 5)
        assert outbox.claim(session, "w", late, LEASE, 5)
        assert logins.find_login(session, "token", NOW + timedelta(days=8)) is None
        last = runs.last_run(session, "pull")
        assert last is not None
        assert last.started_at == NOW
        assert cursors.get(session, "feed").missing == ((5, NOW),)


SIGNUP = PendingSignupData("kim@example.org", "Kim", "Lee", "", "north", "en", "I agree.")


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=365)])
def test_links_of_a_wrong_clock_end_as_long_after_now(db: Database, ahead: timedelta) -> None:
    """Otherwise a sign-up counts against its address, and a link works, for a year."""
    with db.transaction() as session:
        pending_signups.add_pending_signup(session, "token", SIGNUP, NOW + ahead)
        person = records.find_or_add(session, PersonRecord("Kim", "kim@example.org"), NOW).id
        link = PersonalLink(
            token="hash", person_id=person, purpose="form", subject="x", created_at=NOW + ahead,
            expires_at=NOW + ahead + timedelta(days=30), used_at=None,
        )  # fmt: skip
        session.add(link)
    with db.transaction() as session:
        found = impossible_times.repair(session, NOW)
        assert found == {"pending_signup.created_at": 1, "personal_link.created_at": 1}
        assert impossible_times.find(session, NOW) == {}
    with db.reading() as session:
        signup, link = (
            session.scalars(select(table)).one() for table in (PendingSignup, PersonalLink)
        )
    assert (signup.created_at, signup.expires_at) == (NOW, NOW + timedelta(days=3))
    assert (link.created_at, link.expires_at) == (NOW, NOW + timedelta(days=30))


def test_deadlines_of_a_wrong_clock_are_repaired(db: Database) -> None:
    late, due = NOW + timedelta(days=365), LocalTime(datetime(2031, 1, 1), "UTC")  # noqa: DTZ001
    with db.transaction() as session:
        schedule(session, "close", "form:x", due, late)
        held = {"lease_until": late, "next_try": late}
        session.execute(update(Deadline).values(held))
    with db.transaction() as session:
        found = impossible_times.repair(session, NOW, TIME_LIMITS)
        assert found == {"due.created_at": 1, "due.lease_until": 1, "due.next_try": 1}
        assert impossible_times.find(session, NOW, TIME_LIMITS) == {}
    with db.reading() as session:
        assert session.scalars(select(Deadline.local_time)).one().year == 2031


def test_times_of_a_right_clock_stay(db: Database, two_members: list[int]) -> None:
    write(db, two_members, NOW)
    with db.transaction() as session:
        deliveries.claim(session, "badge", "w", NOW, timedelta(minutes=15), 5)
        assert impossible_times.repair(session, NOW) == {}


def test_every_time_has_a_limit_or_a_reason() -> None:
    columns = [each.column for each in (*LIMITS, *TIME_LIMITS)]
    columns += [column for each in LIFETIMES for column in (each.begin, each.end)]
    limited = {(column.class_.__tablename__, column.key) for column in columns}
    without = {
        f"{table.name}.{column.name}: add it to LIMITS in bridge/store/operations/"
        "impossible_times.py, or its table to LEFT_ALONE here."
        for table in Base.metadata.tables.values()
        if table.name not in LEFT_ALONE
        for column in table.columns
        if isinstance(column.type, UtcDateTime)
        and (table.name, column.name) not in limited
        and (table.name, column.name)
        not in {("outbox_email", "expires_at"), ("signin_link", "used_at")}
    }
    assert without == set()
