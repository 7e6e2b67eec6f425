"""What the functions of the plugin local_stewardpath answer (contract 1), one model each.

Models are frozen and ignore what they do not know, so a newer plugin can answer more. Texts are
raw as stored in Moodle, times are unix seconds, grades are percent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_text)]
"""A text; Moodle's null is the empty text."""
Action = Literal["created", "updated", "unchanged"]


class Answered(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# --- local_stewardpath_get_site_state ---


class SiteSettings(Answered):
    """The site's switches that Stewardpath depends on."""

    completion: bool
    badges: bool
    multilang: bool
    competencies: bool
    messaging: bool


class CategoryState(Answered):
    """A course category of ours; `parent` is 0 at the top."""

    id: int
    idnumber: str
    name: str
    description: Text = ""
    visible: bool
    parent: int


class CourseHead(Answered):
    """A course of ours, without its content; `category` is the category's id."""

    id: int
    idnumber: str
    category: int
    fullname: str
    shortname: str
    summary: Text = ""
    visible: bool
    enablecompletion: bool
    lang: Text = ""


class CohortState(Answered):
    """A cohort of ours."""

    id: int
    idnumber: str
    name: str
    description: Text = ""
    visible: bool


class FrameworkState(Answered):
    """A competency framework of ours."""

    id: int
    idnumber: str
    shortname: str
    visible: bool


class CompetencyState(Answered):
    """A competency of ours: one a milestone."""

    id: int
    idnumber: str
    shortname: str
    frameworkid: int


class TemplateState(Answered):
    """A learning plan template of ours, with its competencies in order."""

    id: int
    shortname: str
    description: Text = ""
    competencyids: tuple[int, ...]


class BadgeState(Answered):
    """A badge of ours; `status` tells whether it is active."""

    id: int
    idnumber: str
    name: str
    description: Text = ""
    imagehash: Text = ""
    status: bool


class SiteState(Answered):
    """The site, and everything on it whose idnumber begins with the prefix asked for.

    `numberlocked`: nobody can change the ID number in their own profile.
    `emailchangeconfirmation`: a changed email is confirmed before it counts. A plugin before 1.2.0
    says neither (None).
    """

    release: str
    contract: int
    moodlerelease: str
    moodleversion: str = Field(coerce_numbers_to_str=True)
    maxinputvars: int
    feed: str
    newestchange: int
    numberlocked: bool | None = None
    emailchangeconfirmation: bool | None = None
    settings: SiteSettings
    competencyscale: int
    competencyscalevalues: tuple[str, ...] = ()
    serviceuser: int
    languages: tuple[str, ...] = ()
    categories: tuple[CategoryState, ...]
    courses: tuple[CourseHead, ...]
    cohorts: tuple[CohortState, ...]
    frameworks: tuple[FrameworkState, ...]
    competencies: tuple[CompetencyState, ...]
    templates: tuple[TemplateState, ...]
    badges: tuple[BadgeState, ...]


# --- local_stewardpath_get_course_state ---


class SectionState(Answered):
    """A section of ours; `number` is its place in the course."""

    id: int
    number: int
    idnumber: str
    name: Text
    summary: Text = ""
    visible: bool


class QuizState(Answered):
    """A quiz's settings, attempts and questions (idnumbers in slot order, '' for a foreign one)."""

    timelimit: int
    timeopen: int
    timeclose: int
    attempts: int
    grademethod: int
    gradepass: float
    grade: float
    sumgrades: float
    completionpassgrade: bool
    completionusegrade: bool
    shuffleanswers: bool
    attemptcount: int
    learnercount: int
    finishedcount: int
    questions: tuple[str, ...]


class ActivityState(Answered):
    """An activity of ours; `content` is a page's HTML or a link's address."""

    cmid: int
    idnumber: str
    modname: Literal["page", "url", "quiz"]
    sectionidnumber: Text
    position: int
    name: str
    visible: bool
    content: Text = ""
    intro: Text = ""
    completion: int
    completionview: bool
    quiz: QuizState | None = None


class QuestionState(Answered):
    """The latest version of a question of ours; `hash` is '' after an edit by hand."""

    idnumber: str
    questionid: int
    version: int
    hash: Text
    category: Text
    status: str


class CourseState(Answered):
    """A course of ours with all its content of ours."""

    course: CourseHead
    sections: tuple[SectionState, ...]
    activities: tuple[ActivityState, ...]
    questions: tuple[QuestionState, ...]


# --- the functions that write ---


class Saved(Answered):
    """`id` is Moodle's id of what was saved (section, course module, badge, plan)."""

    id: int
    action: Action


class Arranged(Answered):
    """Whether the order had to be changed."""

    action: Literal["updated", "unchanged"]


class ImportedQuestion(Answered):
    """One question's fate; `error` is a sentence when `action` is failed."""

    idnumber: str
    questionid: int | None = None
    version: int | None = None
    action: Literal["created", "updated", "unchanged", "failed"]
    error: Text = ""


class Imported(Answered):
    """The fate of every question given to import_questions."""

    questions: tuple[ImportedQuestion, ...]


class BadgeIssued(Answered):
    """`issued` now or `already` before; `hash` names the issued badge in its public address."""

    issued: bool
    already: bool
    hash: Text


# --- the feed and the people ---


class FeedRow(Answered):
    """One thing that happened in Moodle. `kind` may be one that this version does not know."""

    id: int
    kind: str
    userid: int
    courseid: int
    courseidnumber: Text = ""
    cmid: int
    idnumber: Text = ""
    state: int
    grade: float | None = None
    time: int


class FeedUser(Answered):
    """A user that a row of the feed is about; `auth` is how they sign in (manual, email…).

    `confirmed`: their email is confirmed; None from a plugin before 1.2.0.
    """

    id: int
    idnumber: Text = ""
    username: str
    email: Text = ""
    firstname: Text = ""
    lastname: Text = ""
    lang: Text = ""
    auth: Text = ""
    suspended: bool
    confirmed: bool | None = None


class Changes(Answered):
    """A page of the feed; `found` holds the missing rows that have appeared since.

    `numberlocked` and `emailchangeconfirmation` are as in SiteState.
    """

    feed: str
    oldest: int
    newest: int
    changes: tuple[FeedRow, ...]
    found: tuple[FeedRow, ...] = ()
    users: tuple[FeedUser, ...] = ()
    more: bool
    numberlocked: bool | None = None
    emailchangeconfirmation: bool | None = None


class CompletionRow(Answered):
    """One completion as it stands; `state` is 1 done, 2 passed, 3 failed."""

    id: int
    userid: int
    cmid: int
    idnumber: str
    state: int
    grade: float | None = None
    time: int


class Completions(Answered):
    """A page of a course's completions."""

    completions: tuple[CompletionRow, ...]
    more: bool


class FirstTryRow(Answered):
    """How somebody's first attempt at the quiz with that idnumber ended."""

    id: int
    userid: int
    idnumber: str
    grade: float
    time: int


class FirstTries(Answered):
    """A page of a course's first attempts."""

    tries: tuple[FirstTryRow, ...]
    more: bool


class MissedQuestion(Answered):
    """How the latest version of a question went in first attempts: counts, and nobody's name.

    `quiz` and `question` are idnumbers; what is neither `wrong` nor `partly` right was right.
    """

    quiz: str
    question: str
    asked: int
    wrong: int
    partly: int


class MissedQuestions(Answered):
    """Every question of a course's quizzes that was asked in a first attempt."""

    questions: tuple[MissedQuestion, ...]


class UserMatch(Answered):
    """A user that matches the member at `index` of the list asked for.

    `confirmed`: their email is confirmed; None from a plugin before 1.2.0.
    """

    index: int
    userid: int
    idnumber: Text = ""
    email: Text = ""
    username: str
    suspended: bool
    confirmed: bool | None = None
    matchedby: Literal["number", "email"]


class Matches(Answered):
    """Every match; two for one member are for a person to decide."""

    matches: tuple[UserMatch, ...]
