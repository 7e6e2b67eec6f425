"""What the committee sees about the links: who has none yet, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bridge.messages import from_data
from bridge.sessions.providers.tables import JoinLink, SessionMeeting
from bridge.sessions.providers.targets import BIGBLUEBUTTON, Provider, target_of
from bridge.sessions.tables import LiveSession

Problem = Mapping[str, object]
"""An error as data, as pages translate it."""


@dataclass(frozen=True, slots=True)
class MeetingReport:
    """How people join. `ready`: who has a link of their own, `missing`: who has none yet.

    `problem`: why; None if nothing went wrong.
    """

    provider: Provider
    meeting: str
    ready: int
    missing: int
    problem: Problem | None


def report_of(session: Session, live: LiveSession) -> MeetingReport | None:
    """None if it isn't known how people join. At most three queries."""
    target = target_of(live.link)
    if target is None:
        return None
    problem = problems(session, [live.id]).get(live.id)
    wanted = (JoinLink.session_id == live.id, JoinLink.wanted.is_(True))
    right = (*wanted, JoinLink.target == live.link)
    has_link = func.count().filter(JoinLink.link != "")
    ready, total = session.execute(select(has_link, func.count()).where(*right)).one()
    return MeetingReport(target.provider, target.meeting, ready, total - ready, problem)


def problems(session: Session, session_ids: Collection[int]) -> dict[int, Problem]:
    """Why people have no link, by session; one reason each. Two queries."""
    ids = list(session_ids)
    same = LiveSession.id == JoinLink.session_id
    links = select(JoinLink.session_id, JoinLink.error).join(LiveSession, same)
    links = links.where(JoinLink.session_id.in_(ids), *_without_link()).order_by(JoinLink.id.desc())
    same = LiveSession.id == SessionMeeting.session_id
    meetings = select(SessionMeeting.session_id, SessionMeeting.error).join(LiveSession, same)
    meetings = meetings.where(SessionMeeting.session_id.in_(ids), LiveSession.link == BIGBLUEBUTTON)
    rows = [*session.execute(links), *session.execute(meetings)]
    return {number: error for number, error in rows if error}


def missing_links(session: Session, live: LiveSession) -> dict[int, Problem]:
    """The people whose own link isn't there yet, and why: empty if nobody knows. One query."""
    same = LiveSession.id == JoinLink.session_id
    query = select(JoinLink.person_id, JoinLink.error).join(LiveSession, same)
    rows = session.execute(query.where(JoinLink.session_id == live.id, *_without_link()))
    return {person: error or {} for person, error in rows if person is not None}


def _without_link() -> tuple[ColumnElement[bool], ...]:
    wanted = (JoinLink.wanted.is_(True), JoinLink.link == "")
    return (*wanted, JoinLink.target == LiveSession.link)


def in_english(problem: Problem) -> str:
    """A problem as a sentence."""
    where = f"{problem['where']}: " if problem.get("where") else ""
    parts = (from_data(problem.get(part, "")) for part in ("what", "todo"))
    return where + " ".join(filter(None, parts))
