"""Who leads a session: members, or persons such as outside speakers; what the leaders change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from bridge.access.visitor import Visitor
from bridge.errors import SessionError
from bridge.foundations.feature import Context
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.invitations import Invitations
from bridge.sessions.notices.leading import tell_leader
from bridge.sessions.tables import LiveSession, SessionLeader
from bridge.store.members import queries
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.persons import records
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person

SHOWN_AFTER = timedelta(days=31)
"""How long leaders find a session after its end."""


def find(session: Session, name: str, now: datetime) -> int:
    """The person with a member number or an email address. Raises SessionError if unknown.

    A member gets a person if they have none. Someone else must be among the people already.
    """
    member = queries.find(session, name)
    if member is not None:
        return records.person_of_member(session, member.id, now)
    person = records.find(session, name) if "@" in name else None
    if person is None:
        raise SessionError(
            Message("there is no member or person `%(name)s`.", name=name),
            todo=Message("Add an outside speaker to the people first."),
        )
    return person.id


def name_of(session: Session, person: Person) -> str:
    """What the form shows of a leader: the member number, or the address."""
    member = session.get(Member, person.member_id) if person.member_id is not None else None
    return (member.number if member else "") or person.email


@dataclass(frozen=True, slots=True)
class LedSession:
    """A session that a visitor leads."""

    live: LiveSession
    title: str


def led_sessions(context: Context, visitor: Visitor) -> list[LedSession]:
    """The sessions that a visitor leads, in the order of their start, also those of last month.

    An outside speaker must have confirmed their address. One query.
    """
    if not visitor.signed_in:
        return []
    query = (
        select(LiveSession)
        .join(SessionLeader, SessionLeader.session_id == LiveSession.id)
        .join(Person, Person.id == SessionLeader.person_id)
        .where(
            is_visitor(visitor), LiveSession.state != "cancelled",
            live_sessions.is_to_come(context.now - SHOWN_AFTER),
        )
        .order_by(LiveSession.starts_at, LiveSession.id)
    )  # fmt: skip
    return [
        LedSession(each, live_sessions.title_of(each, context.curricula, context.language))
        for each in context.session.scalars(query)
    ]


def is_visitor(visitor: Visitor) -> ColumnElement[bool]:
    """SQL condition: a person is this visitor, who is signed in."""
    guest = and_(
        Person.member_id.is_(None), Person.proof != "", Person.email_key == email_key(visitor.email)
    )
    return guest if visitor.member_id is None else or_(Person.member_id == visitor.member_id, guest)


def name_leaders(
    session: Session,
    invitations: Invitations,
    live: LiveSession,
    before: Collection[int],
    after: Collection[int],
    actor: str,
) -> None:
    """Store who leads a session that is locked, and tell those who are new."""
    session.execute(delete(SessionLeader).where(SessionLeader.session_id == live.id))
    session.add_all(SessionLeader(session_id=live.id, person_id=each) for each in after)
    session.flush()
    audit_log.write(
        session, actor, "session-leaders", None, {"leaders": sorted(before)},
        {"session": live.id, "leaders": sorted(after)}, invitations.now,
    )  # fmt: skip
    if live.state != "cancelled" and live.ends_at > invitations.now:
        for person_id in sorted(set(after) - set(before)):
            tell_leader(session, invitations, live, person_id)


def change_materials(
    session: Session, actor: str, session_id: int, text: str, version: int, now: datetime
) -> bool:
    """Change the materials of a session (Markdown); return False if they are the same.

    `version`: that of the page, so that an older page can't overwrite a newer change. Raises
    SessionError.
    """
    live = live_sessions.lock(session, session_id)
    before, after = live.materials, replace(live_sessions.data_of(live), materials=text).materials
    if before == after:
        return False
    if live.version != version:
        raise SessionError(
            Message("someone else has changed this session meanwhile."),
            todo=Message("Open the page again and repeat your change."),
        )
    live.materials, live.changed_at = after, now
    live.version += 1
    session.flush()
    entry = {"session": live.id, "materials": after}
    audit_log.write(session, actor, "session", None, {"materials": before}, entry, now)
    return True
