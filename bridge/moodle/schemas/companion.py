"""Models of the answers of the plugin local_stewardpath (contract 1).

Unknown fields are ignored, so a newer plugin can answer more. Texts are raw, as stored in Moodle;
times are Unix seconds; grades are per cent.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text, Time, Whole
from bridge.moodle.schemas.message_text import MessageText

Action = Literal["created", "updated", "unchanged"]
ModuleName = Literal["page", "url", "quiz"]
"""Moodle's names of activities."""


# --- local_stewardpath_get_site_state ---


class SiteSettings(MoodleModel):
    """The site settings that Stewardpath depends on."""

    completion: bool
    badges: bool
    multilang: bool
    competencies: bool
    messaging: bool


class CategoryState(MoodleModel):
    """A managed course category; `parent` is 0 at the top level."""

    id: Id
    idnumber: str
    name: str
    description: Text = ""
    visible: bool
    parent: Count


class CourseHead(MoodleModel):
    """A managed course without its content; `category` is the category's id."""

    id: Id
    idnumber: str
    category: Count
    fullname: str
    shortname: str
    summary: Text = ""
    visible: bool
    enablecompletion: bool
    lang: Text = ""


class CohortState(MoodleModel):
    """A managed cohort."""

    id: Id
    idnumber: str
    name: str
    description: Text = ""
    visible: bool


class FrameworkState(MoodleModel):
    """A managed competency framework."""

    id: Id
    idnumber: str
    shortname: str
    visible: bool


class CompetencyState(MoodleModel):
    """A managed competency, one for each milestone."""

    id: Id
    idnumber: str
    shortname: str
    frameworkid: Id


class TemplateState(MoodleModel):
    """A managed learning-plan template with its competencies, in order."""

    id: Id
    shortname: str
    description: Text = ""
    competencyids: tuple[Id, ...]


class BadgeState(MoodleModel):
    """A managed badge; `status` is whether it is active."""

    id: Id
    idnumber: str
    name: str
    description: Text = ""
    imagehash: Text = ""
    status: bool


class SiteState(MoodleModel):
    """The site, and all objects whose idnumber begins with the requested prefix.

    `numberlocked`: the ID number is locked in all users' own profiles.
    `emailchangeconfirmation`: Moodle confirms changed emails. Both are None if the plugin is older
    than 1.2.0. `storesfiles`: the plugin stores the images of texts; None before 1.6.0.
    """

    release: str
    contract: Count
    moodlerelease: str
    moodleversion: str = Field(coerce_numbers_to_str=True)
    maxinputvars: Count
    feed: str
    newestchange: Count
    numberlocked: bool | None = None
    emailchangeconfirmation: bool | None = None
    storesfiles: bool | None = None
    settings: SiteSettings
    competencyscale: Count
    competencyscalevalues: tuple[str, ...] = ()
    serviceuser: Id
    languages: tuple[str, ...] = ()
    categories: tuple[CategoryState, ...]
    courses: tuple[CourseHead, ...]
    cohorts: tuple[CohortState, ...]
    frameworks: tuple[FrameworkState, ...]
    competencies: tuple[CompetencyState, ...]
    templates: tuple[TemplateState, ...]
    badges: tuple[BadgeState, ...]


# --- local_stewardpath_get_course_state ---


class StoredFile(MoodleModel):
    """A file of a text; `hash` is the SHA-1 of its content, in hexadecimal."""

    name: str
    hash: str


class SectionState(MoodleModel):
    """A managed section; `number` is its position in the course.

    `files`: those of its summary. None if the plugin is older than 1.6.0.
    """

    id: Id
    number: Whole
    idnumber: str
    name: Text
    summary: Text = ""
    visible: bool
    files: tuple[StoredFile, ...] | None = None


class QuizState(MoodleModel):
    """A quiz's settings, attempts and questions (idnumbers in slot order, '' if not managed)."""

    timelimit: Count
    timeopen: Time
    timeclose: Time
    attempts: Count
    grademethod: Count
    gradepass: float
    grade: float
    sumgrades: float
    completionpassgrade: bool
    completionusegrade: bool
    shuffleanswers: bool
    attemptcount: Count
    learnercount: Count
    finishedcount: Count
    questions: tuple[str, ...]


class ActivityState(MoodleModel):
    """A managed activity; `content` is a page's HTML or a link's address.

    `files`: those of a page's content, or of the introduction of a link or quiz. None if the plugin
    is older than 1.6.0.
    """

    cmid: Id
    idnumber: str
    modname: ModuleName
    sectionidnumber: Text
    position: Whole
    name: str
    visible: bool
    content: Text = ""
    intro: Text = ""
    completion: Count
    completionview: bool
    files: tuple[StoredFile, ...] | None = None
    quiz: QuizState | None = None


class QuestionState(MoodleModel):
    """The latest version of a managed question; `hash` is '' after an edit by hand."""

    idnumber: str
    questionid: Id
    version: Count
    hash: Text
    category: Text
    status: str


class CourseState(MoodleModel):
    """A managed course with its managed content."""

    course: CourseHead
    sections: tuple[SectionState, ...]
    activities: tuple[ActivityState, ...]
    questions: tuple[QuestionState, ...]


# --- the functions that write ---


class Saved(MoodleModel):
    """`id` is Moodle's id of what was saved (section, course module, badge, plan)."""

    id: Id
    action: Action


class Arranged(MoodleModel):
    """Whether the order had to be changed."""

    action: Literal["updated", "unchanged"]


class ImportedQuestion(MoodleModel):
    """The result for one question; `error` is the reason if `action` is failed."""

    idnumber: str
    questionid: Count | None = None
    version: Count | None = None
    action: Literal["created", "updated", "unchanged", "failed"]
    error: MessageText = ""


class Imported(MoodleModel):
    """The result for every question of import_questions."""

    questions: tuple[ImportedQuestion, ...]


class BadgeRevoked(MoodleModel):
    """`revoked`: the user had the badge until this call."""

    revoked: bool


class BadgeIssued(MoodleModel):
    """`issued` now or `already` before; `hash` is part of the issued badge's public address."""

    issued: bool
    already: bool
    hash: Text
