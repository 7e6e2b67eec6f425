"""What isn't in Moodle's calendar as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.moodle.site.course_calendar import CourseEvent, EventKey
from bridge.sessions.live_sessions import find_topic
from bridge.sessions.moodle_calendar.courses import courses_of, renamed_courses
from bridge.sessions.moodle_calendar.event_text import event_of, fingerprint, key_of
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.sessions.tables import LiveSession
from bridge.workflows.delivery.outcomes import retry_delay


@dataclass(frozen=True, slots=True)
class Task:
    """An event to save, or to remove if `event` is None.

    `stored`: the ID number of the course in the row, which may be a former one; '' without a row.
    `event_id`: as stored.
    """

    session_id: int
    course: str
    key: EventKey
    event: CourseEvent | None
    stored: str = ""
    event_id: int | None = None


def courses_for(live: LiveSession, curricula: Sequence[Curriculum]) -> list[str]:
    """The courses (ID numbers) whose calendars should have the session now; none for a draft."""
    found = find_topic(curricula, live.curriculum, live.topic)
    return courses_of(*found) if found and live.state == "open" else []


def find_tasks(
    session: Session,
    curricula: Sequence[Curriculum],
    address: str,
    now: datetime,
    *,
    check: bool = False,
) -> list[Task]:
    """What to do now, by course. Two queries. With `check`, also what should be right already.

    Sessions that are over stay in Moodle's calendar as they were. So do those of a curriculum that
    can't be read at the moment.
    """
    known = {each.key for each in curricula}
    found = [
        task
        for live, rows in _sessions(session, curricula, now)
        if live.state != "open" or live.curriculum in known
        for task in _tasks_of(live, rows, curricula, address, now, check=check)
    ]
    return sorted(found, key=lambda each: (each.course, each.session_id))


def _sessions(
    session: Session, curricula: Sequence[Curriculum], now: datetime
) -> Iterator[tuple[LiveSession, Mapping[str, MoodleEvent]]]:
    """Each session that matters, with its rows by the current ID number of their course."""
    renamed = renamed_courses(curricula)
    rows: dict[int, dict[str, MoodleEvent]] = {}
    for row in session.scalars(select(MoodleEvent).order_by(MoodleEvent.course)):
        rows.setdefault(row.session_id, {})[renamed.get(row.course, row.course)] = row
    coming = (LiveSession.state == "open") & (LiveSession.ends_at > now)
    left = (LiveSession.state != "open") & LiveSession.id.in_(select(MoodleEvent.session_id))
    query = select(LiveSession).where(or_(coming, left)).order_by(LiveSession.id)
    for live in session.scalars(query):
        yield live, rows.get(live.id, {})


def _tasks_of(
    live: LiveSession,
    rows: Mapping[str, MoodleEvent],
    curricula: Sequence[Curriculum],
    address: str,
    now: datetime,
    *,
    check: bool,
) -> Iterator[Task]:
    wanted = courses_for(live, curricula)
    event = event_of(live, curricula, address) if wanted else None
    for course in dict.fromkeys((*wanted, *rows)):
        row, should = rows.get(course), event if course in wanted else None
        if row is None or check or _is_due(row, should, now):
            stored = (row.course, row.event_id) if row else ("", None)
            yield Task(live.id, course, key_of(live), should, *stored)


def _is_due(row: MoodleEvent, event: CourseEvent | None, now: datetime) -> bool:
    """Whether something is to be done, and it isn't too early to try again."""
    if event is not None and row.fingerprint == fingerprint(event):
        return False
    wait = retry_delay("later", row.attempts)
    return not row.attempts or not row.tried_at <= now < row.tried_at + wait
