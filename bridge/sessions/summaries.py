"""Lists of sessions with their numbers, for the committee and the command."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language
from bridge.sessions import live_sessions
from bridge.sessions.providers.reports import Problem, problems
from bridge.sessions.providers.targets import Provider, target_of
from bridge.sessions.rules import HOLDS_SEAT, Status
from bridge.sessions.tables import Attendance, LiveSession, Registration


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session, how many seats are taken, and how many people wait. Times are in `zone`.

    `provider`: how one joins online, None if it isn't known yet. `problem`: why people have no link
    to join, as data; None if nothing went wrong.
    """

    id: int
    key: str
    title: str
    status: Status
    starts: datetime
    ends: datetime
    zone: str
    region: str
    seats_online: int | None
    seats_room: int | None
    taken_online: int
    taken_room: int
    waiting: int
    provider: Provider | None
    problem: Problem | None


def list_sessions(
    session: Session,
    curricula: Sequence[Curriculum],
    language: Language,
    now: datetime,
    limit: int,
    after: int = 0,
    *,
    past: bool = False,
    regions: Collection[str] | None = None,
) -> list[SessionSummary]:
    """Return up to `limit` sessions after an ID, in the order of their IDs. Five queries.

    `past`: those that have ended, instead of those to come. `regions`: None for all.
    """
    to_come = live_sessions.is_to_come(now)
    when = ~to_come if past else to_come
    query = select(LiveSession).where(LiveSession.id > after, when).order_by(LiveSession.id)
    if regions is not None:
        query = query.where(LiveSession.region.in_(regions))
    rows = session.scalars(query.limit(limit)).all()
    ids = [each.id for each in rows]
    taken, waiting = live_sessions.taken_seats(session, ids), _waiting(session, ids)
    failed = problems(session, ids)
    return [
        SessionSummary(
            each.id, each.key, live_sessions.title_of(each, curricula, language),
            live_sessions.status(each, now), each.starts, each.ends, each.zone, each.region,
            each.seats_online, each.seats_room, taken[each.id]["online"], taken[each.id]["room"],
            waiting.get(each.id, 0), _provider(each), failed.get(each.id),
        )
        for each in rows
    ]  # fmt: skip


def _provider(live: LiveSession) -> Provider | None:
    target = target_of(live.link) if live.online else None
    return target.provider if target else None


def _waiting(session: Session, ids: Collection[int]) -> dict[int, int]:
    mine = (Registration.session_id.in_(ids), Registration.state == "waiting")
    counts = select(Registration.session_id, func.count()).where(*mine)
    rows = session.execute(counts.group_by(Registration.session_id))
    return {row[0]: row[1] for row in rows}


RECORD_WITHIN = timedelta(days=60)
"""How long the committee is asked for the attendance of a session."""
SCHEDULE_AHEAD = timedelta(days=30)
"""How early the committee is asked to open the registration for a draft."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The sessions that someone has to do something about: their IDs, the earliest first."""

    without_attendance: Sequence[int]
    drafts: Sequence[int]
    postponed: Sequence[int]


def open_work(session: Session, regions: Collection[str] | None, now: datetime) -> OpenWork:
    """What there is to do about sessions of these regions; None means all. One query.

    Sessions that are over and for which nobody has said who attended; drafts that begin soon; and
    those postponed without a new date.
    """
    registered = exists().where(
        Registration.session_id == LiveSession.id, Registration.state.in_(HOLDS_SEAT)
    )
    marked = exists().where(Attendance.session_id == LiveSession.id)
    over = LiveSession.ends_at.between(now - RECORD_WITHIN, now)
    unrecorded = and_(LiveSession.state == "open", over, registered, ~marked)
    soon = LiveSession.starts_at.between(now, now + SCHEDULE_AHEAD)
    draft = and_(LiveSession.state == "draft", soon)
    postponed = LiveSession.state == "postponed"
    query = select(LiveSession.id, LiveSession.state).where(or_(unrecorded, draft, postponed))
    if regions is not None:
        query = query.where(LiveSession.region.in_(regions))
    rows = session.execute(query.order_by(LiveSession.starts_at, LiveSession.id)).all()
    found = {state: [row.id for row in rows if row.state == state] for state in _WORK_STATES}
    return OpenWork(found["open"], found["draft"], found["postponed"])


_WORK_STATES = ("open", "draft", "postponed")
