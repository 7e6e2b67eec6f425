"""What the committee sees: whether Moodle's calendar has a session, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum, idnumber
from bridge.curriculum.text import Language
from bridge.sessions.moodle_calendar.courses import renamed_courses
from bridge.sessions.moodle_calendar.event_text import event_of, fingerprint
from bridge.sessions.moodle_calendar.pending import courses_for
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.sessions.tables import LiveSession

CalendarState = Literal["there", "waiting", "failed", "leaving"]


@dataclass(frozen=True, slots=True)
class CourseStatus:
    """The session in the calendar of one course. `problem`: the last error as data, or {}.

    waiting: to be added or changed within a minute. leaving: to be removed. failed: one of these
    went wrong; it is tried again.
    """

    course: str
    state: CalendarState
    problem: Mapping[str, object]


def moodle_status(
    session: Session,
    live: LiveSession,
    curricula: Sequence[Curriculum],
    address: str,
    language: Language,
    *,
    over: bool,
) -> list[CourseStatus]:
    """The courses whose calendars have the session, or should. `over`: nothing changes any more.

    One query.
    """
    renamed = renamed_courses(curricula)
    query = select(MoodleEvent).where(MoodleEvent.session_id == live.id)
    rows = {renamed.get(row.course, row.course): row for row in session.scalars(query)}
    wanted = [] if over else courses_for(live, curricula)
    right = fingerprint(event_of(live, curricula, address)) if wanted else ""
    titles = {
        idnumber(each.key, milestone.key): milestone.title.shown(language)
        for each in curricula
        for milestone in each.milestones
    }
    return [
        CourseStatus(
            titles.get(course, course),
            _state(rows.get(course), right if course in wanted else "", over=over),
            row.problem if (row := rows.get(course)) else {},
        )
        for course in dict.fromkeys((*wanted, *rows))
    ]


def _state(row: MoodleEvent | None, right: str, *, over: bool) -> CalendarState:
    """`right`: the fingerprint it should have; '' if it should not be there."""
    if row is None:
        return "waiting"
    if row.fingerprint and (over or row.fingerprint == right):
        return "there"
    if row.attempts:
        return "failed"
    return "waiting" if right else "leaving"


def find_problems(session: Session) -> list[Mapping[str, object]]:
    """The errors as data of all events that aren't as they should be, the oldest first."""
    query = select(MoodleEvent).where(MoodleEvent.attempts > 0).order_by(MoodleEvent.tried_at)
    return [each.problem for each in session.scalars(query)]
