"""Models of the answers of the plugin's change feed, reports and user search."""

from __future__ import annotations

from typing import Literal

from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text, Time, Whole


class FeedRow(MoodleModel):
    """One event in Moodle. `kind` may be unknown to this version."""

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
    """The user of a feed row; `auth` is the login method (manual, email…).

    `confirmed`: the email is confirmed; None if the plugin is older than 1.2.0.
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
    """A page of the feed; `found` are rows that were missing before and exist now.

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
    """The current completion of one activity; `state` is 1 done, 2 passed, 3 failed."""

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
    """A user's first attempt at the quiz with this idnumber."""

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
    """First attempts at the latest version of a question, as counts without personal data.

    `quiz` and `question` are idnumbers. The remaining answers were right.
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
    """A user that matches the member at position `index` of the request.

    `confirmed`: the email is confirmed; None if the plugin is older than 1.2.0.
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
    """All matches. If a member has several, a person decides."""

    matches: tuple[UserMatch, ...]
