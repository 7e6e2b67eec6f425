"""Turns rows of the change feed into completions and first attempts at quizzes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.moodle.learners import change_feed
from bridge.moodle.schemas.companion_feed import FeedRow
from bridge.store.learning.completions import CompletionRecord
from bridge.store.statistics.first_attempts import FirstAttemptRecord


def completion(
    row: FeedRow, members: Mapping[int, int], curricula: Iterable[Curriculum]
) -> CompletionRecord | None:
    """The completion that a row reports; None for rows of other kinds and of unknown users.

    `members`: member ids by Moodle user.
    """
    activity = _activity(row, curricula)
    if row.kind != "completion" or row.userid not in members or activity is None:
        return None
    done = row.state in change_feed.DONE_STATES
    return CompletionRecord(members[row.userid], *activity, done, row.grade, _time(row), row.id)


def first_attempt(
    row: FeedRow, members: Mapping[int, int], curricula: Iterable[Curriculum]
) -> FirstAttemptRecord | None:
    """The first attempt at a quiz that a row reports; None for all other rows and unknown users.

    None also for an attempt that isn't graded yet: another row follows when it is.
    """
    activity = _activity(row, curricula)
    if row.kind != "attempt" or row.userid not in members or activity is None:
        return None
    if row.state != change_feed.FIRST_ATTEMPT or row.grade is None:
        return None
    return FirstAttemptRecord(members[row.userid], *activity, row.grade, _time(row), row.id)


def _activity(row: FeedRow, curricula: Iterable[Curriculum]) -> tuple[str, str] | None:
    """The keys of the curriculum and the activity, as they were at the time of the row."""
    for curriculum in curricula:
        prefix = curriculum_prefix(curriculum.key)
        if row.idnumber.startswith(prefix):
            return curriculum.key, row.idnumber.removeprefix(prefix)
    return None


def _time(row: FeedRow) -> datetime:
    return datetime.fromtimestamp(row.time, UTC)
