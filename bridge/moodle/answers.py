"""What the functions of the plugin local_stewardpath answer (contract 1), one model each.

Models are frozen and ignore what they do not know, so a newer plugin can answer more. Texts are
raw as stored in Moodle, times are unix seconds, grades are percent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bridge.moodle.words import Words


def _text(value: object) -> object:
    return "" if value is None else value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")  # noqa: TRY004 - pydantic's way
    return value


LARGEST = 2**63 - 1
"""The largest integer that Moodle's and this project's databases hold."""
LATEST = 253_402_300_799
"""The end of the year 9999, in unix seconds: no later time can be shown."""
Text = Annotated[str, BeforeValidator(_text)]
"""A text; Moodle's null is the empty text."""
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST), BeforeValidator(_number)]
"""A whole number, as large as a database holds."""
Count = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_number)]
"""A quantity, a place or a constant of Moodle's; an id where 0 means none."""
Id = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(_number)]
"""The id of something that exists."""
Time = Annotated[int, Field(ge=0, le=LATEST), BeforeValidator(_number)]
"""Unix seconds."""
Action = Literal["created", "updated", "unchanged"]


class Answered(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


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

    id: Id
    idnumber: str
    name: str
    description: Text = ""
    visible: bool
    parent: Count


class CourseHead(Answered):
    """A course of ours, without its content; `category` is the category's id."""

    id: Id
    idnumber: str
    category: Count
    fullname: str
    shortname: str
    summary: Text = ""
    visible: bool
    enablecompletion: bool
    lang: Text = ""


class CohortState(Answered):
    """A cohort of ours."""

    id: Id
    idnumber: str
    name: str
    description: Text = ""
    visible: bool


class FrameworkState(Answered):
    """A competency framework of ours."""

    id: Id
    idnumber: str
    shortname: str
    visible: bool


class CompetencyState(Answered):
    """A competency of ours: one a milestone."""

    id: Id
    idnumber: str
    shortname: str
    frameworkid: Id


class TemplateState(Answered):
    """A learning plan template of ours, with its competencies in order."""

    id: Id
    shortname: str
    description: Text = ""
    competencyids: tuple[Id, ...]


class BadgeState(Answered):
    """A badge of ours; `status` tells whether it is active."""

    id: Id
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
    contract: Count
    moodlerelease: str
    moodleversion: str = Field(coerce_numbers_to_str=True)
    maxinputvars: Count
    feed: str
    newestchange: Count
    numberlocked: bool | None = None
    emailchangeconfirmation: bool | None = None
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


class SectionState(Answered):
    """A section of ours; `number` is its place in the course."""

    id: Id
    number: Whole
    idnumber: str
    name: Text
    summary: Text = ""
    visible: bool


class QuizState(Answered):
    """A quiz's settings, attempts and questions (idnumbers in slot order, '' for a foreign one)."""

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


class ActivityState(Answered):
    """An activity of ours; `content` is a page's HTML or a link's address."""

    cmid: Id
    idnumber: str
    modname: Literal["page", "url", "quiz"]
    sectionidnumber: Text
    position: Whole
    name: str
    visible: bool
    content: Text = ""
    intro: Text = ""
    completion: Count
    completionview: bool
    quiz: QuizState | None = None


class QuestionState(Answered):
    """The latest version of a question of ours; `hash` is '' after an edit by hand."""

    idnumber: str
    questionid: Id
    version: Count
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

    id: Id
    action: Action


class Arranged(Answered):
    """Whether the order had to be changed."""

    action: Literal["updated", "unchanged"]


class ImportedQuestion(Answered):
    """One question's fate; `error` is a sentence when `action` is failed."""

    idnumber: str
    questionid: Count | None = None
    version: Count | None = None
    action: Literal["created", "updated", "unchanged", "failed"]
    error: Words = ""


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

    id: Id
    kind: str
    userid: Count
    courseid: Count
    courseidnumber: Text = ""
    cmid: Count
    idnumber: Text = ""
    state: Whole
    grade: float | None = None
    time: Time


class FeedUser(Answered):
    """A user that a row of the feed is about; `auth` is how they sign in (manual, email…).

    `confirmed`: their email is confirmed; None from a plugin before 1.2.0.
    """

    id: Id
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
    oldest: Count
    newest: Count
    changes: tuple[FeedRow, ...]
    found: tuple[FeedRow, ...] = ()
    users: tuple[FeedUser, ...] = ()
    more: bool
    numberlocked: bool | None = None
    emailchangeconfirmation: bool | None = None


class CompletionRow(Answered):
    """One completion as it stands; `state` is 1 done, 2 passed, 3 failed."""

    id: Id
    userid: Id
    cmid: Id
    idnumber: str
    state: Whole
    grade: float | None = None
    time: Time


class Completions(Answered):
    """A page of a course's completions."""

    completions: tuple[CompletionRow, ...]
    more: bool


class FirstTryRow(Answered):
    """How somebody's first attempt at the quiz with that idnumber ended."""

    id: Id
    userid: Id
    idnumber: str
    grade: float
    time: Time


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
    asked: Count
    wrong: Count
    partly: Count


class MissedQuestions(Answered):
    """Every question of a course's quizzes that was asked in a first attempt."""

    questions: tuple[MissedQuestion, ...]


class UserMatch(Answered):
    """A user that matches the member at `index` of the list asked for.

    `confirmed`: their email is confirmed; None from a plugin before 1.2.0.
    """

    index: Count
    userid: Id
    idnumber: Text = ""
    email: Text = ""
    username: str
    suspended: bool
    confirmed: bool | None = None
    matchedby: Literal["number", "email"]


class Matches(Answered):
    """Every match; two for one member are for a person to decide."""

    matches: tuple[UserMatch, ...]
