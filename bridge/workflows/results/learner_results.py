"""Reads one learner's results for one milestone from Moodle, and tells which are new."""

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
"""Grades (in per cent) that differ by less are equal: they were rounded in different places."""


@dataclass(frozen=True, slots=True)
class LearnerResult:
    """One activity's result in Moodle. `grade` is in per cent."""

    activity: str
    done: bool
    grade: float | None
    at: datetime

    def is_news(self, known: ActivityResult | None) -> bool:
        """Whether the activity is newly done, or its grade better. What is done stays done."""
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
    """Read the learner's course: one call for its quizzes, one for its other activities, and one
    for each page or link that is completed.

    `now` is used where Moodle gives no time. Raises MoodleError.
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
