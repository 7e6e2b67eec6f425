"""Brings Moodle's calendar in line with the sessions. Run again after a kill, it goes on.

Before an event is made, its row says that it may exist; before every change, the course's events
are read. So an event that was made but not recorded is found again, and none is made twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from bridge.errors import MoodleError, MoodleRefused
from bridge.foundations.feature import MoodleWork
from bridge.messages import Message
from bridge.moodle.client.client import Moodle
from bridge.moodle.schemas.calendar import CalendarEvent
from bridge.moodle.site.course_calendar import CourseCalendar
from bridge.sessions.moodle_calendar.courses import former_courses
from bridge.sessions.moodle_calendar.event_text import fingerprint
from bridge.sessions.moodle_calendar.pending import Task, find_tasks
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.workflows.delivery.site_lookup import NotInMoodle, SiteLookup

TASK = "session-calendar"
COUNTS = ("saved", "removed", "failed")
"""What a run counts."""


def is_due(work: MoodleWork) -> bool:
    """Whether anything is to be done in Moodle's calendar now. Two queries, no call."""
    return bool(_find(work, check=False))


def sync(work: MoodleWork, moodle: Moodle, *, check: bool = False) -> Mapping[str, int]:
    """Save and remove events; return how many. With `check`, also look at those that are right.

    One call for each course, and one or two for each event that changes. What fails is recorded
    with its event and tried again later. Raises MoodleError if the site fails.
    """
    tasks, counts = _find(work, check=check), Counter[str]()
    if not tasks:
        return counts
    run = _Run(work, moodle, counts)
    courses = [list(some) for _, some in groupby(tasks, key=lambda each: each.course)]
    for number, some in enumerate(courses):
        try:
            run.sync_course(some)
        except (NotInMoodle, MoodleRefused) as error:
            run.fail(some, error)
        except MoodleError as error:
            run.fail([each for rest in courses[number:] for each in rest], error)
            raise
    return counts


def _find(work: MoodleWork, *, check: bool) -> list[Task]:
    with work.database.reading() as session:
        address = work.config.service.url
        return find_tasks(session, work.curricula, address, work.clock(), check=check)


class _Run:
    """One run. `counts`: what it did."""

    def __init__(self, work: MoodleWork, moodle: Moodle, counts: Counter[str]) -> None:
        self._work = work
        self._moodle = moodle
        self._counts = counts
        self._lookup = SiteLookup(moodle, work.curricula)
        self._settled: set[tuple[int, str]] = set()

    def sync_course(self, tasks: Sequence[Task]) -> None:
        """Do what there is to do in one course. Raises MoodleError."""
        self._begin(tasks)
        course = self._course_id(tasks[0].course)
        if course is None:
            self._without_course(tasks)
            return
        calendar = CourseCalendar(self._moodle, self._lookup.site)
        found = calendar.read(course)
        for task in tasks:
            there = calendar.ours(found, task.key, task.event_id)
            try:
                self._do(calendar, course, task, there)
            except MoodleRefused as error:
                self.fail([task], error)

    def fail(self, tasks: Sequence[Task], error: MoodleError) -> None:
        """Record why these weren't done, except those that were."""
        now, problem = self._work.clock(), error.as_data()
        for task in tasks:
            if (task.session_id, task.course) in self._settled:
                continue
            self._counts["failed"] += 1
            self._settled.add((task.session_id, task.course))
            with self._work.database.transaction() as session:
                _ensure_row(session, task, self._work)
                session.execute(
                    update(MoodleEvent)
                    .where(*_row(task))
                    .values(attempts=MoodleEvent.attempts + 1, tried_at=now, problem=problem)
                )

    def _begin(self, tasks: Sequence[Task]) -> None:
        """Store that these events may exist, before any is made."""
        with self._work.database.transaction() as session:
            for task in tasks:
                _ensure_row(session, task, self._work)

    def _course_id(self, course: str) -> int | None:
        """Moodle's id of a course; None if it isn't there."""
        ids = self._lookup.ids(course.split(":")[1])
        names = (course, *former_courses(self._work.curricula, course))
        return next((ids["course", name] for name in names if ("course", name) in ids), None)

    def _without_course(self, tasks: Sequence[Task]) -> None:
        """Nothing is left to remove from it. Raises NotInMoodle if it should have events."""
        for task in tasks:
            if task.event is None:
                self._forget(task)
        if any(task.event for task in tasks):
            raise NotInMoodle(
                Message("the course %(name)s is not in Moodle yet.", name=tasks[0].course),
                todo=Message("Publish the curriculum to Moodle."),
            )

    def _do(
        self, calendar: CourseCalendar, course: int, task: Task, there: Sequence[CalendarEvent]
    ) -> None:
        if task.event is None:
            self._counts["removed"] += calendar.remove(course, task.key, there)
            self._forget(task)
            return
        saved = calendar.save(course, task.event, there)
        self._counts["saved"] += saved.changed
        self._settled.add((task.session_id, task.course))
        with self._work.database.transaction() as session:
            values = {
                "event_id": saved.id, "fingerprint": fingerprint(task.event), "attempts": 0,
                "problem": {}, "tried_at": self._work.clock(),
            }  # fmt: skip
            session.execute(update(MoodleEvent).where(*_row(task)).values(**values))

    def _forget(self, task: Task) -> None:
        self._settled.add((task.session_id, task.course))
        with self._work.database.transaction() as session:
            session.execute(delete(MoodleEvent).where(*_row(task)))


def _row(task: Task) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (MoodleEvent.session_id == task.session_id, MoodleEvent.course == task.course)


def _ensure_row(session: Session, task: Task, work: MoodleWork) -> None:
    """Its row, under the current ID number of the course."""
    if session.get(MoodleEvent, (task.session_id, task.course)) is not None:
        return
    if task.stored:
        former = (MoodleEvent.session_id == task.session_id, MoodleEvent.course == task.stored)
        session.execute(update(MoodleEvent).where(*former).values(course=task.course))
        return
    session.add(
        MoodleEvent(
            session_id=task.session_id, course=task.course, event_id=None, fingerprint="",
            attempts=0, tried_at=work.clock(), problem={},
        )
    )  # fmt: skip
