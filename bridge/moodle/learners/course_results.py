"""One learner's results in one course, from Moodle's core functions (for "check now")."""

from __future__ import annotations

from bridge.moodle.client.client import Moodle
from bridge.moodle.schemas.base import Id, MoodleModel, Time, Whole
from bridge.moodle.schemas.core import CourseModuleAnswer, GradeReport, UserGrades


class Status(MoodleModel):
    """The completion of an activity: `state` as in the change feed, times in Unix seconds."""

    cmid: Id
    modname: str
    state: Whole
    timecompleted: Time


class Statuses(MoodleModel):
    """core_completion_get_activities_completion_status."""

    statuses: tuple[Status, ...]


def grades(moodle: Moodle, course: int, user: int) -> UserGrades:
    """The learner's grades in the course: one call. Raises MoodleError."""
    params = {"courseid": course, "userid": user}
    report = moodle.call("gradereport_user_get_grade_items", params, GradeReport)
    none = UserGrades(courseid=course, userid=user, gradeitems=())
    return next((each for each in report.usergrades if each.userid == user), none)


def statuses(moodle: Moodle, course: int, user: int) -> tuple[Status, ...]:
    """The learner's completion of each activity: one call. The answer has no idnumbers."""
    params = {"courseid": course, "userid": user}
    function = "core_completion_get_activities_completion_status"
    return moodle.call(function, params, Statuses).statuses


def idnumber(moodle: Moodle, cmid: int) -> str:
    """The idnumber of a course module, '' if it has none: one call."""
    function = "core_course_get_course_module"
    return moodle.call(function, {"cmid": cmid}, CourseModuleAnswer).cm.idnumber
