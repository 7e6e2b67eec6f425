"""Who should have a link of their own to a meeting, and who should no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from bridge.sessions import live_sessions
from bridge.sessions.providers.tables import JoinLink, SessionMeeting
from bridge.sessions.providers.targets import ZOOM_PREFIX
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.database import Database

KEPT = timedelta(days=1)
"""How long links are kept after the end of a session."""
LISTED = ("open", "postponed")


def update_wanted(database: Database, now: datetime) -> None:
    """Note who needs a link and who gives one up, and delete the links of past sessions.

    Each session in a transaction, under its lock, as everything that changes registrations.
    """
    with database.reading() as session:
        changed = {*_missing(session, now), *_unwanted(session, now)}
        past = _past(session, now)
    for number in sorted(changed):
        with database.transaction() as session:
            _update(session, number, now)
    if past:
        with database.transaction() as session:
            session.execute(delete(JoinLink).where(JoinLink.session_id.in_(past)))
            session.execute(delete(SessionMeeting).where(SessionMeeting.session_id.in_(past)))


def _missing(session: Session, now: datetime) -> list[int]:
    """The sessions in which someone with a seat has no row. One query."""
    has_row = exists().where(
        JoinLink.session_id == LiveSession.id, JoinLink.person_id == Registration.person_id,
        JoinLink.target == LiveSession.link, JoinLink.wanted.is_(True),
    )  # fmt: skip
    query = select(LiveSession.id).join(Registration, Registration.session_id == LiveSession.id)
    coming = (LiveSession.link.startswith(ZOOM_PREFIX), LiveSession.state.in_(LISTED))
    seated = (Registration.format == "online", Registration.state.in_(HOLDS_SEAT))
    query = query.where(*coming, LiveSession.ends_at > now, *seated, ~has_row)
    return list(session.scalars(query.distinct()))


def _unwanted(session: Session, now: datetime) -> list[int]:
    """The sessions to come in which someone has a row who shouldn't. One query."""
    has_seat = exists().where(
        Registration.session_id == JoinLink.session_id,
        Registration.person_id == JoinLink.person_id,
        Registration.format == "online", Registration.state.in_(HOLDS_SEAT),
    )  # fmt: skip
    right = and_(LiveSession.link == JoinLink.target, LiveSession.state.in_(LISTED), has_seat)
    query = select(JoinLink.session_id).join(LiveSession, LiveSession.id == JoinLink.session_id)
    query = query.where(JoinLink.wanted.is_(True), LiveSession.ends_at > now, ~right)
    return list(session.scalars(query.distinct()))


def _past(session: Session, now: datetime) -> list[int]:
    mine = or_(
        exists().where(JoinLink.session_id == LiveSession.id),
        exists().where(SessionMeeting.session_id == LiveSession.id),
    )
    query = select(LiveSession.id).where(LiveSession.ends_at < now - KEPT, mine)
    return list(session.scalars(query))


def _update(session: Session, number: int, now: datetime) -> None:
    live = live_sessions.lock(session, number)
    target = live.link if _is_zoom(live) and live.state in LISTED else ""
    seated = _seated(session, number) if target else set[int]()
    rows = session.scalars(
        select(JoinLink).where(JoinLink.session_id == number).with_for_update()
    ).all()  # fmt: skip
    for row in rows:
        is_wanted = row.target == target and row.person_id in seated
        if row.wanted and not is_wanted:
            _give_up(session, row, now)
        elif is_wanted and not row.wanted:
            row.wanted, row.next_try_at = True, now
    known = {row.person_id for row in rows if row.target == target and row.person_id}
    session.add_all(
        JoinLink(
            session_id=number, person_id=person, target=target, wanted=True, link="",
            registrant_id="", attempts=0, next_try_at=now, error=None, created_at=now,
        )
        for person in sorted(seated - known)
    )  # fmt: skip
    session.flush()


def _give_up(session: Session, row: JoinLink, now: datetime) -> None:
    """Delete the link; the provider is told, unless it was never asked."""
    if not row.attempts:
        session.delete(row)
        return
    row.wanted, row.link, row.error, row.next_try_at = False, "", None, now


def _seated(session: Session, number: int) -> set[int]:
    mine = (Registration.session_id == number, Registration.format == "online")
    seated = select(Registration.person_id).where(*mine, Registration.state.in_(HOLDS_SEAT))
    return set(session.scalars(seated))


def _is_zoom(live: LiveSession) -> bool:
    return live.online and live.link.startswith(ZOOM_PREFIX)
