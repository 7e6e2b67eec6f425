"""What Moodle says that one learner has done for one milestone, and what of it is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.curriculum.model import Curriculum, Milestone, Quiz, curriculum_prefix
from bridge.jobs.reconcile import passed
from bridge.moodle import feed, results
from bridge.moodle.client import Moodle
from bridge.store.standing import Result

ALIKE = 0.01
"""Grades in per cent that differ by less are one: they were rounded in different places."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What Moodle says of one activity; `grade` in per cent."""

    activity: str
    done: bool
    grade: float | None
    at: datetime

    def is_news(self, known: Result | None) -> bool:
        """Whether it is done now, or better than what is known. What is done stays done."""
        if known is None or self.done > known.done:
            return True
        better = self.grade is not None and self.grade > (known.grade or 0.0) + ALIKE
        return better and self.done == known.done


def learned(
    moodle: Moodle,
    course: int,
    user: int,
    curriculum: Curriculum,
    milestone: Milestone,
    now: datetime,
) -> Iterator[Learned]:
    """Read the learner's course: one call for its quizzes, one for the rest, and one for each
    page read or link opened. `now` stands for a time that Moodle does not tell. Raises MoodleError.
    """
    grades = results.grades(moodle, course, user)
    for _, key, done, grade, at in passed(grades, curriculum, list(milestone.course.quizzes)):
        yield Learned(key, done, grade, at if at.timestamp() else now)
    others = {a.key for a in milestone.course.activities if not isinstance(a, Quiz)}
    if not others:
        return
    prefix = curriculum_prefix(curriculum.key)
    for status in results.statuses(moodle, course, user):
        if status.modname == "quiz" or status.state not in feed.DONE_STATES:
            continue
        key = results.idnumber(moodle, status.cmid).removeprefix(prefix)
        if key in others:
            yield Learned(key, True, None, datetime.fromtimestamp(status.timecompleted, UTC))
