"""What a row of the change feed says of a member: a completion, or a first try at a quiz."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.moodle.learners import change_feed
from bridge.moodle.schemas.companion_feed import FeedRow
from bridge.store.learning.completions import CompletionRecord
from bridge.store.statistics.first_attempts import FirstAttemptRecord


def completion(
    row: FeedRow, known: Mapping[int, int], curricula: Iterable[Curriculum]
) -> CompletionRecord | None:
    """The completion a row reports; None for other rows and other people.

    `known`: member ids by Moodle user.
    """
    place = _place(row, curricula)
    if row.kind != "completion" or row.userid not in known or place is None:
        return None
    done = row.state in change_feed.DONE_STATES
    return CompletionRecord(known[row.userid], *place, done, row.grade, _at(row), row.id)


def first_attempt(
    row: FeedRow, known: Mapping[int, int], curricula: Iterable[Curriculum]
) -> FirstAttemptRecord | None:
    """The first attempt at a quiz a row reports; None for later attempts, for one that waits
    for its grade (a row of its own follows), for other rows and other people."""
    place = _place(row, curricula)
    if row.kind != "attempt" or row.userid not in known or place is None:
        return None
    if row.state != change_feed.FIRST_ATTEMPT or row.grade is None:
        return None
    return FirstAttemptRecord(known[row.userid], *place, row.grade, _at(row), row.id)


def _place(row: FeedRow, curricula: Iterable[Curriculum]) -> tuple[str, str] | None:
    """Curriculum and activity, by their keys of that time."""
    for curriculum in curricula:
        prefix = curriculum_prefix(curriculum.key)
        if row.idnumber.startswith(prefix):
            return curriculum.key, row.idnumber.removeprefix(prefix)
    return None


def _at(row: FeedRow) -> datetime:
    return datetime.fromtimestamp(row.time, UTC)
