"""Running the jobs of notices, and what they queued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from bridge.foundations.deadlines.runner import run_due
from bridge.member_records import MemberRecord
from bridge.sessions.feature import SESSIONS
from bridge.sessions.notices.kinds import ANNOUNCEMENT, REMINDER, THANKS
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import mailings
from bridge.store.tables.delivery import OutboxEmail
from tests.sessions.environment import Union

NOTICES = (ANNOUNCEMENT, REMINDER, THANKS)


def run(union: Union, at: datetime | None = None) -> None:
    """Run the job `deadlines` now, or at a time that it is then."""
    union.now = at or union.now
    kinds = SESSIONS.deadlines(union.config, union.curricula)
    run_due(union.db, kinds, (), owner="worker", clock=lambda: union.now)


def notices(union: Union, person: int | None = None) -> list[str]:
    """The kinds of the notices queued and still to be sent or sent, in order."""
    return [
        each.kind.removeprefix("session-")
        for each in union.emails(person)
        if each.kind in NOTICES and each.reason != "superseded"
    ]


def recipients(union: Union, kind: str) -> Counter[str]:
    sent = (each for each in union.emails() if each.reason != "superseded")
    return Counter(each.email for each in sent if each.kind == kind)


def add_members(union: Union, names: Iterable[str], **fields: str) -> None:
    """Members who were never written to, so that they have no persons."""
    found = [
        MemberRecord(name, f"{name.lower()}@union.example", name, "Example", **fields)
        for name in names
    ]
    with union.db.transaction() as session:
        upsert_members(session, found, union.now)


def unsubscribe(union: Union, person: int, mailing: str) -> None:
    with union.db.transaction() as session:
        token = mailings.subscribe(session, person, mailing, union.now).token
        mailings.set_active(session, token, False, union.now)


def send_all(union: Union) -> None:
    """As if every email had been sent."""
    with union.db.transaction() as session:
        owed = update(OutboxEmail).where(OutboxEmail.state == "owed")
        session.execute(owed.values(state="done", done_at=union.now))


def unsent(union: Union) -> list[str]:
    with union.db.reading() as session:
        owed = select(OutboxEmail.kind).where(OutboxEmail.state == "owed")
        return list(session.scalars(owed.order_by(OutboxEmail.id)))
