"""What the companion's change feed and lookups answer, one model each."""

from __future__ import annotations

from typing import Literal

from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text, Time, Whole


class FeedRow(MoodleModel):
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


class FeedUser(MoodleModel):
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


class Changes(MoodleModel):
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


class CompletionRow(MoodleModel):
    """One completion as it stands; `state` is 1 done, 2 passed, 3 failed."""

    id: Id
    userid: Id
    cmid: Id
    idnumber: str
    state: Whole
    grade: float | None = None
    time: Time


class Completions(MoodleModel):
    """A page of a course's completions."""

    completions: tuple[CompletionRow, ...]
    more: bool


class FirstAttemptRow(MoodleModel):
    """How somebody's first attempt at the quiz with that idnumber ended."""

    id: Id
    userid: Id
    idnumber: str
    grade: float
    time: Time


class FirstAttempts(MoodleModel):
    """A page of a course's first attempts."""

    tries: tuple[FirstAttemptRow, ...]
    more: bool


class MissedQuestion(MoodleModel):
    """How the latest version of a question went in first attempts: counts, and nobody's name.

    `quiz` and `question` are idnumbers; what is neither `wrong` nor `partly` right was right.
    """

    quiz: str
    question: str
    asked: Count
    wrong: Count
    partly: Count


class MissedQuestions(MoodleModel):
    """Every question of a course's quizzes that was asked in a first attempt."""

    questions: tuple[MissedQuestion, ...]


class UserMatch(MoodleModel):
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


class Matches(MoodleModel):
    """Every match; two for one member are for a person to decide."""

    matches: tuple[UserMatch, ...]
