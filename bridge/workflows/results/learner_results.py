"""What Moodle says that one learner has done for one milestone, and what of it is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.curriculum.model import Curriculum, Milestone, Quiz, curriculum_prefix
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import change_feed, course_results
from bridge.store.learning.member_progress import ActivityResult
from bridge.workflows.results.reconcile import quiz_results

GRADE_TOLERANCE = 0.01
"""Grades in per cent that differ by less are one: they were rounded in different places."""


@dataclass(frozen=True, slots=True)
class LearnerResult:
    """What Moodle says of one activity; `grade` in per cent."""

    activity: str
    done: bool
    grade: float | None
    at: datetime

    def is_news(self, known: ActivityResult | None) -> bool:
        """Whether it is done now, or better than what is known. What is done stays done."""
        if known is None or self.done > known.done:
            return True
        better = self.grade is not None and self.grade > (known.grade or 0.0) + GRADE_TOLERANCE
        return better and self.done == known.done


def read_learner_results(
    moodle: Moodle,
    course: int,
    user: int,
    curriculum: Curriculum,
    milestone: Milestone,
    now: datetime,
) -> Iterator[LearnerResult]:
    """Read the learner's course: one call for its quizzes, one for the rest, and one for each
    page read or link opened. `now` stands for a time that Moodle does not tell. Raises MoodleError.
    """
    grades = course_results.grades(moodle, course, user)
    for _, key, done, grade, at in quiz_results(grades, curriculum, list(milestone.course.quizzes)):
        yield LearnerResult(key, done, grade, at if at.timestamp() else now)
    others = {a.key for a in milestone.course.activities if not isinstance(a, Quiz)}
    if not others:
        return
    prefix = curriculum_prefix(curriculum.key)
    for status in course_results.statuses(moodle, course, user):
        if status.modname == "quiz" or status.state not in change_feed.DONE_STATES:
            continue
        key = course_results.idnumber(moodle, status.cmid).removeprefix(prefix)
        if key in others:
            yield LearnerResult(key, True, None, datetime.fromtimestamp(status.timecompleted, UTC))
