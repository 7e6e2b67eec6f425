"""Times that a wrong clock has written are found and repaired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.operations import cursors, impossible_times, locks, runs
from bridge.store.operations.cursors import Cursor
from bridge.store.operations.impossible_times import LIMITS
from bridge.store.tables.base import Base, UtcDateTime

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
LEFT_ALONE = {
    # What people did, and when results were reached: records.
    "api_token", "audit", "contact_request", "curriculum_version", "member", "pending_signup",
    "webhook_request", "account_question", "award", "completion", "credit", "enrolment",
    "first_attempt", "form_draft", "form_submission", "person", "stored_file",
    "mailing_subscription",
    # Times that may be years ahead.
    "due", "personal_link",
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


def test_times_of_a_right_clock_stay(db: Database, two_members: list[int]) -> None:
    write(db, two_members, NOW)
    with db.transaction() as session:
        deliveries.claim(session, "badge", "w", NOW, timedelta(minutes=15), 5)
        assert impossible_times.repair(session, NOW) == {}


def test_every_time_has_a_limit_or_a_reason() -> None:
    limited = {(each.column.class_.__tablename__, each.column.key) for each in LIMITS}
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
