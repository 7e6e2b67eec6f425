"""Thanks people for attending a session, once it has earned them a credit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime, find_zone, wall_time
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.owners import Owner
from bridge.membership.status import participation
from bridge.sessions.live_sessions import find_topic, title_of
from bridge.sessions.notices.kinds import EMAILS, THANKS
from bridge.sessions.notices.senders import note
from bridge.sessions.tables import LiveSession
from bridge.store.delivery.email_keys import EmailKey, next_revision
from bridge.store.members.queries import members_by_ids
from bridge.store.persons import records
from bridge.store.tables.learning import Credit
from bridge.workflows.delivery.email_queue import queue_email_to_person

KIND = "session-thanks"
"""The kind of deadline after which people are thanked. Its subject is the credit's source ID."""
AFTER = timedelta(minutes=30)
"""How long a leader has to correct the attendance before people are thanked."""
TOO_OLD = timedelta(days=30)
"""For a session that ended longer ago, such as one recorded from an old list, nobody is thanked."""
NOTICE = "thanks"


def schedule_thanks(
    session: Session,
    live: LiveSession,
    member_id: int,
    source_ids: Collection[str],
    now: datetime,
) -> None:
    """Plan to thank a member for new credits. A credit that is withdrawn before gets no thanks."""
    at = wall_time(now + AFTER, find_zone(live.zone)).replace(microsecond=0)
    for each in source_ids:
        schedule(session, KIND, each, LocalTime(at, live.zone), now, Owner(member_id))


def thank(
    config: Config,
    curricula: Sequence[Curriculum],
    source: str,
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    """Queue the thanks for a credit of a source, if it still counts and its sessions are recent."""
    now = due.due_at + late
    mine = (Credit.source == source, Credit.source_id == due.subject)
    credit = session.scalar(select(Credit).where(*mine, Credit.withdrawn_at.is_(None)))
    if credit is None:
        return
    member = members_by_ids(session, [credit.member_id]).get(credit.member_id)
    if member is None or not participation(member.status).served:
        return
    ids = cast("list[int]", credit.evidence.get("sessions", []))
    last = select(LiveSession).where(LiveSession.id.in_(ids)).order_by(LiveSession.ends_at.desc())
    live = session.scalars(last.limit(1)).first()
    if live is None or live.ends_at < now - TOO_OLD:
        return
    person = records.lock(session, records.person_of_member(session, member.id, now))
    if not note(session, ids, person.id, NOTICE, now):
        return
    subject = f"session:{live.id}"
    key = EmailKey(person.id, subject, next_revision(session, person.id, subject))
    language = person.language or config.language
    found = find_topic(curricula, live.curriculum, live.topic) if len(ids) > 1 else None
    title = found[1].title.pick(language) if found else title_of(live, curricula, language)
    variables = {
        "name": person.name, "title": title,
        "day": credit.occurred_on.isoformat(), "link": f"{config.service.url}/me/record",
    }  # fmt: skip
    queue_email_to_person(session, THANKS, key, config.language, variables, now, emails=EMAILS)
