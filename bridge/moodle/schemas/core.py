"""Models of the answers of Moodle's core functions, with the fields that Stewardpath reads.

Source: the `*_returns()` of Moodle 4.5.6. Some functions answer null (update_categories,
enrol_users, unenrol_users, update_cohorts): pass `NoneType` to `Moodle.call`. Some answer a flag:
use `Moodle.change` if false means failure (update_competency, add_competency_to_plan …), and pass
`bool` if false means that nothing had to be done (add_competency_to_template).
"""

from __future__ import annotations

from pydantic import Field

from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text, Time, Whole
from bridge.moodle.schemas.message_text import MessageText


class MoodleWarning(MoodleModel):
    """A record that was skipped while the others were processed; see `Warnings`."""

    item: Text = ""
    itemid: Whole | None = None
    warningcode: MessageText
    message: MessageText


class Warnings(MoodleModel):
    """update_courses, update_users, add_cohort_members: empty if all records were processed."""

    warnings: tuple[MoodleWarning, ...]


class Function(MoodleModel):
    """A function that the token's service contains."""

    name: str
    version: Text = ""


class SiteInfo(MoodleModel):
    """core_webservice_get_site_info."""

    sitename: Text
    username: str
    userid: Id
    siteurl: str
    lang: Text = ""
    release: Text = ""
    version: Text = ""
    functions: tuple[Function, ...]


class Category(MoodleModel):
    """core_course_get_categories and create_categories: list[Category]."""

    id: Id
    name: str
    idnumber: Text = ""
    parent: Count = 0


class Course(MoodleModel):
    """core_course_create_courses: list[Course]; get_courses_by_field: see `Courses`."""

    id: Id
    shortname: str
    idnumber: Text = ""
    fullname: Text = ""


class CourseModule(MoodleModel):
    """A course module, as core functions return it."""

    id: Id
    course: Id
    modname: str
    name: str
    idnumber: Text = ""


class CourseModuleAnswer(MoodleModel):
    """core_course_get_course_module."""

    cm: CourseModule


class User(MoodleModel):
    """core_user_get_users_by_field, create_users, core_enrol_get_enrolled_users: list[User].

    Moodle omits fields that the token's user may not see.
    """

    id: Id
    username: Text = ""
    idnumber: Text = ""
    email: Text = ""
    firstname: Text = ""
    lastname: Text = ""
    suspended: bool | None = None
    confirmed: bool | None = None
    lang: Text = ""


class Cohort(MoodleModel):
    """core_cohort_create_cohorts and get_cohorts: list[Cohort]; search_cohorts: see `Cohorts`."""

    id: Id
    name: str
    idnumber: Text = ""
    description: Text = ""
    visible: bool


class Cohorts(MoodleModel):
    """core_cohort_search_cohorts."""

    cohorts: tuple[Cohort, ...]


class SentMessage(MoodleModel):
    """core_message_send_instant_messages: list[SentMessage]; `msgid` -1 means it was not sent."""

    msgid: Whole
    clientmsgid: Text = ""
    errormessage: MessageText = ""


class Message(MoodleModel):
    """A message, as its recipient sees it."""

    id: Id
    useridfrom: Whole
    useridto: Whole
    text: Text
    timecreated: Time


class Evidence(MoodleModel):
    """core_competency_grade_competency: the entry that a rating added to the user's history."""

    id: Id


class Renamed(MoodleModel):
    """core_update_inplace_editable: the new value, as pages show it."""

    displayvalue: Text


class Messages(MoodleModel):
    """core_message_get_messages."""

    messages: tuple[Message, ...]


class Framework(MoodleModel):
    """core_competency_create_competency_framework; list_competency_frameworks: list[Framework]."""

    id: Id
    idnumber: Text
    shortname: str
    description: Text = ""
    visible: bool
    scaleid: Count


class Competency(MoodleModel):
    """core_competency_create_competency; list_ and search_competencies: list[Competency]."""

    id: Id
    idnumber: Text
    shortname: str
    description: Text = ""
    frameworkid: Id = Field(alias="competencyframeworkid")
    sortorder: Count = 0


class Template(MoodleModel):
    """core_competency_create_template; list_templates: list[Template]."""

    id: Id
    shortname: str
    description: Text = ""
    visible: bool


class LearningPlan(MoodleModel):
    """core_competency_create_plan; list_user_plans: list[LearningPlan]."""

    id: Id
    userid: Id
    name: str
    templateid: Count | None = None
    status: Count


class Rating(MoodleModel):
    """A user's rating in a competency: the scale value (from 1), and whether it is proficient."""

    userid: Id
    competencyid: Id
    grade: Count | None = None
    proficiency: bool | None = None


class PlanCompetency(MoodleModel):
    """core_competency_list_plan_competencies: list[PlanCompetency]."""

    competency: Competency
    usercompetency: Rating | None = None
    usercompetencyplan: Rating | None = None


class ScaleValue(MoodleModel):
    """core_competency_get_scale_values: list[ScaleValue], numbered from 1."""

    id: Id
    name: str


class GradeItem(MoodleModel):
    """One column of the grade report; `graderaw` is null until there is a grade."""

    itemtype: str
    itemname: Text = ""
    itemmodule: Text = ""
    cmid: Count | None = None
    idnumber: Text = ""
    graderaw: float | None = None
    grademin: float = 0.0
    grademax: float = 0.0
    gradedategraded: Time | None = None


class UserGrades(MoodleModel):
    """One member's row of the grade report."""

    courseid: Id
    userid: Id
    gradeitems: tuple[GradeItem, ...]


class GradeReport(MoodleModel):
    """gradereport_user_get_grade_items, with `userid` 0 for all members."""

    usergrades: tuple[UserGrades, ...]


class Created(MoodleModel):
    """The answer of create functions, alone or in a list."""

    id: Id
