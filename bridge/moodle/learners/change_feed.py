"""Reads results from Moodle: the change feed, or grade reports if the site has no plugin."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.schemas.companion_feed import (
    Changes,
    CompletionRow,
    Completions,
    FirstAttemptRow,
    FirstAttempts,
    MissedQuestions,
)
from bridge.moodle.schemas.core import GradeReport

CHANGES_PAGE_SIZE = 1_000
MAX_MISSING_IDS = 500
COMPLETIONS_PAGE_SIZE = 2_000
FIRST_ATTEMPTS_PAGE_SIZE = 1_000
DONE_STATES = (1, 2)
"""Moodle's completion states: 1 complete, 2 complete and passed; 3 is failed."""
FIRST_ATTEMPT = 1
"""Moodle's number of a user's first attempt at a quiz."""


def changes(moodle: Moodle, after: int, missing: Collection[int]) -> Changes:
    """The next page of the feed after the id `after`, plus rows of `missing` that exist now."""
    requested = sorted(missing)[:MAX_MISSING_IDS]
    params: Params = {"after": after, "limit": CHANGES_PAGE_SIZE, "missing": requested}
    return moodle.call(PLUGIN + "get_changes", params, Changes)


def completions(moodle: Moodle, course: int) -> Iterator[Completions]:
    """All current completions of a course, page by page (for the nightly reconciliation)."""
    after, more = 0, True
    while more:
        params: Params = {"courseid": course, "after": after, "limit": COMPLETIONS_PAGE_SIZE}
        function = PLUGIN + "get_completions"
        page = moodle.call(function, params, Completions)
        yield page
        after = _next_after(page.completions, after, function)
        more = page.more and bool(page.completions)


def first_attempts(moodle: Moodle, course: int, since: int) -> Iterator[FirstAttempts]:
    """All first attempts in a course finished since a time (Unix seconds), page by page."""
    after, more = 0, True
    while more:
        params: Params = {
            "courseid": course,
            "since": since,
            "after": after,
            "limit": FIRST_ATTEMPTS_PAGE_SIZE,
        }
        function = PLUGIN + "get_first_tries"
        page = moodle.call(function, params, FirstAttempts)
        yield page
        after = _next_after(page.tries, after, function)
        more = page.more and bool(page.tries)


def _next_after(
    rows: Sequence[CompletionRow] | Sequence[FirstAttemptRow], after: int, function: str
) -> int:
    """The id after which the next page starts; it must grow, or the loop would never end."""
    if not rows:
        return after
    if rows[-1].id <= after:
        raise unexpected_answer("a row of an earlier page", function, "id")
    return rows[-1].id


def missed_questions(moodle: Moodle, course: int, since: int) -> MissedQuestions:
    """Counts of a course's questions in first attempts finished since a time (Unix seconds)."""
    params: Params = {"courseid": course, "since": since}
    return moodle.call(PLUGIN + "get_missed_questions", params, MissedQuestions)


def grades(moodle: Moodle, course: int) -> GradeReport:
    """All grades of a course in one call (userid 0), whose size grows with its members."""
    params: Params = {"courseid": course, "userid": 0}
    return moodle.call("gradereport_user_get_grade_items", params, GradeReport)
