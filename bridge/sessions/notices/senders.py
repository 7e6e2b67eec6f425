"""Queues a notice about a session to a batch of people, each at most once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.mail.kinds import FeatureEmail
from bridge.sessions.invitations import LINK_AFTER_END
from bridge.sessions.live_sessions import title_of
from bridge.sessions.notices.kinds import EMAILS
from bridge.sessions.notices.tables import SessionNotice
from bridge.sessions.tables import LiveSession
from bridge.store.dialect import insert_into
from bridge.store.persons import personal_links
from bridge.store.tables.persons import Person
from bridge.workflows.delivery.email_queue import queue_emails_to_persons

BATCH_SIZE = 250
"""People in one transaction."""
Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sender:
    """The settings, the topics, and the time when notices are queued."""

    config: Config
    curricula: Sequence[Curriculum]
    now: datetime

    @property
    def list_closes(self) -> timedelta:
        """How long before the start the waiting list stops advancing."""
        return timedelta(hours=self.config.sessions.list_closes_hours)


@dataclass(frozen=True, slots=True)
class Batch:
    """What to queue about a session that is locked.

    `notice`: what it is in `SessionNotice`. `repeat_after`: those who got it before then get it
    again; None for never. `variables`: those of one person, besides those of every notice.
    `link_purpose`: of the links that it brings to people who have no account, or to all.
    """

    live: LiveSession
    kind: FeatureEmail
    notice: str
    link_purpose: str
    page: str
    expires_at: datetime
    variables: Callable[[Person], Variables]
    repeat_after: datetime | None = None
    links_for_members: bool = False


def queue(session: Session, sender: Sender, batch: Batch, person_ids: Sequence[int]) -> int:
    """Queue a notice to those of these people who haven't got it; return how many. Five queries.

    A personal link comes with it; members get one only if `links_for_members`.
    """
    locked = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
    people = session.scalars(locked, execution_options={"populate_existing": True}).all()
    new = _note(session, batch, [each.id for each in people], sender.now)
    people = [each for each in people if each.id in new]
    if not people:
        return 0
    tokens = {
        each.id: secrets.token_urlsafe(32) for each in people
        if batch.links_for_members or each.member_id is None
    }  # fmt: skip
    live = batch.live
    lifetime = live.ends_at - sender.now + LINK_AFTER_END
    personal_links.issue_all(
        session, tokens, batch.link_purpose, str(live.id), sender.now, lifetime
    )
    emails = {
        each.id: {**_shared(sender, batch, each, tokens.get(each.id)), **batch.variables(each)}
        for each in people
    }
    queue_emails_to_persons(
        session, batch.kind, f"session:{live.id}", people, sender.config.language, emails,
        sender.now, expires_at=batch.expires_at, emails=EMAILS,
    )  # fmt: skip
    return len(people)


def note(
    session: Session,
    session_ids: Sequence[int],
    person_id: int,
    notice: str,
    now: datetime,
) -> bool:
    """Write down that a person gets a notice about these sessions; False if they got it before."""
    rows = [
        {"session_id": each, "person_id": person_id, "notice": notice, "queued_at": now}
        for each in session_ids
    ]
    insert = insert_into(session, SessionNotice).on_conflict_do_nothing()
    new = session.scalars(insert.returning(SessionNotice.id), rows).all()
    return len(new) == len(rows)


def _note(session: Session, batch: Batch, person_ids: Sequence[int], now: datetime) -> set[int]:
    """Write down who gets the notice; return those who hadn't got it."""
    if not person_ids:
        return set()
    rows = [
        {"session_id": batch.live.id, "person_id": each, "notice": batch.notice, "queued_at": now}
        for each in person_ids
    ]
    insert = insert_into(session, SessionNotice)
    if batch.repeat_after is None:
        insert = insert.on_conflict_do_nothing()
    else:
        insert = insert.on_conflict_do_update(
            index_elements=["session_id", "person_id", "notice"], set_={"queued_at": now},
            where=SessionNotice.queued_at < batch.repeat_after,
        )  # fmt: skip
    return set(session.scalars(insert.returning(SessionNotice.person_id), rows))


def _shared(sender: Sender, batch: Batch, person: Person, token: str | None) -> Variables:
    """The variables that every notice has."""
    live, config = batch.live, sender.config
    page = f"/sessions/{live.id}" if token is None else f"/link/{token}{batch.page}"
    return {
        "name": person.name,
        "title": title_of(live, sender.curricula, person.language or config.language),
        "starts": live.starts.isoformat(timespec="minutes"),
        "ends": live.ends.isoformat(timespec="minutes"),
        "zone": live.zone,
        "link": config.service.url + page,
    }
