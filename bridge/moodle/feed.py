"""Reading back what happened in Moodle: the change feed, and grade reports where there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bridge.moodle.answers import (
    Changes,
    CompletionRow,
    Completions,
    FirstTries,
    FirstTryRow,
    MissedQuestions,
)
from bridge.moodle.client import Moodle
from bridge.moodle.core_answers import GradeReport
from bridge.moodle.failures import unexpected
from bridge.moodle.functions import PLUGIN
from bridge.moodle.protocol import Params

PAGE = 1_000
MOST_MISSING = 500
COMPLETIONS_PAGE = 2_000
TRIES_PAGE = 1_000
DONE_STATES = (1, 2)
"""Moodle's completion states: 1 complete, 2 complete and passed; 3 is failed."""
FIRST_ATTEMPT = 1
"""The number Moodle gives to somebody's first attempt at a quiz."""


def changes(moodle: Moodle, after: int, missing: Collection[int]) -> Changes:
    """The next page of the feed past `after`, and those of `missing` that have appeared."""
    asked = sorted(missing)[:MOST_MISSING]
    params: Params = {"after": after, "limit": PAGE, "missing": asked}
    return moodle.call(PLUGIN + "get_changes", params, Changes)


def completions(moodle: Moodle, course: int) -> Iterator[Completions]:
    """Every completion that stands in a course, page by page (nightly reconciliation)."""
    after, more = 0, True
    while more:
        params: Params = {"courseid": course, "after": after, "limit": COMPLETIONS_PAGE}
        function = PLUGIN + "get_completions"
        page = moodle.call(function, params, Completions)
        yield page
        after = _next(page.completions, after, function)
        more = page.more and bool(page.completions)


def first_tries(moodle: Moodle, course: int, since: int) -> Iterator[FirstTries]:
    """Every first attempt in a course finished since a time (unix seconds), page by page."""
    after, more = 0, True
    while more:
        params: Params = {"courseid": course, "since": since, "after": after, "limit": TRIES_PAGE}
        function = PLUGIN + "get_first_tries"
        page = moodle.call(function, params, FirstTries)
        yield page
        after = _next(page.tries, after, function)
        more = page.more and bool(page.tries)


def _next(rows: Sequence[CompletionRow] | Sequence[FirstTryRow], after: int, function: str) -> int:
    """Where the next page begins; a page that leads nowhere would be asked for without end."""
    if not rows:
        return after
    if rows[-1].id <= after:
        raise unexpected("a row that was asked for before", function, "id")
    return rows[-1].id


def missed(moodle: Moodle, course: int, since: int) -> MissedQuestions:
    """How a course's questions went in first attempts finished since a time (unix seconds)."""
    params: Params = {"courseid": course, "since": since}
    return moodle.call(PLUGIN + "get_missed_questions", params, MissedQuestions)


def grades(moodle: Moodle, course: int) -> GradeReport:
    """Everybody's grades in a course, in one call that grows with its members (userid 0)."""
    params: Params = {"courseid": course, "userid": 0}
    return moodle.call("gradereport_user_get_grade_items", params, GradeReport)
