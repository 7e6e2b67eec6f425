"""Reads new results from Moodle's change feed, starting at the cursor."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import change_feed
from bridge.moodle.schemas.companion_feed import Changes, FeedRow
from bridge.store.database import Database
from bridge.store.learning.completions import upsert_completions
from bridge.store.members import queries as members
from bridge.store.members.locking import lock_matching
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from bridge.store.statistics.first_attempts import save_first_attempts
from bridge.workflows.awards import assess
from bridge.workflows.results.feed_rows import completion, first_attempt
from bridge.workflows.results.registrations import take_users

log = logging.getLogger(__name__)

FEED_CURSOR = "moodle-changes"
FEED_GAP_CURSOR = "moodle-changes-unseen"
"""Its value is 1 after a gap in the feed, until all results have been compared."""
COURSE_RESET = "course-reset"
MEMBERS_AT_A_TIME = 50
"""How many members' changes are stored in one transaction."""
MISSING_ROW_TIMEOUT = timedelta(hours=1)
"""How long a missing id may still appear: longer than any transaction of Moodle lasts."""


@dataclass(frozen=True, slots=True)
class PullResult:
    """Counts of what a pull read.

    `gap`: the feed lost rows that we had not read, or a course was reset (`reset`), so all results
    must be compared. The database remembers this too (see `has_feed_gap`). `lost`: results that
    Moodle doesn't have any more.
    """

    changes: int = 0
    members: int = 0
    awards: int = 0
    gap: bool = False
    lost: int = 0
    reset: bool = False

    def __add__(self, other: PullResult) -> PullResult:
        return PullResult(
            self.changes + other.changes,
            self.members + other.members,
            self.awards + other.awards,
            self.gap or other.gap,
            self.lost + other.lost,
            self.reset or other.reset,
        )


def pull(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    *,
    clock: Callable[[], datetime],
    trust_numbers: bool = False,
) -> PullResult:
    """Read everything new: one call for each 1,000 changes. Raises MoodleError.

    The cursor is stored with the last part of a page, and each part with what it earns. A page
    whose parts were not all stored is read again, which changes nothing in those that were. So
    stopping anywhere loses nothing. With `trust_numbers`, the ID numbers in Moodle profiles are
    used if Moodle locks that field.
    """
    curricula = tuple(curricula)  # a Library checks its files each time it is iterated
    pulled, more = PullResult(), True
    while more:
        page, answer = _pull_page(database, moodle, curricula, regions, clock, trust_numbers)
        pulled, more = pulled + page, answer.more and bool(answer.changes)
    return pulled


def _pull_page(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    clock: Callable[[], datetime],
    trust_numbers: bool,
) -> tuple[PullResult, Changes]:
    with database.reading() as session:
        cursor = cursors.get(session, FEED_CURSOR)
    answer = change_feed.changes(moodle, cursor.value, [id_ for id_, _ in cursor.missing])
    now = clock()
    if is_stale(cursor, answer):
        event(log, "feed-restarted", level=logging.WARNING)
        cursor = Cursor(0, answer.feed)
        answer = change_feed.changes(moodle, 0, [])
        pulled = PullResult(gap=True)
    else:
        reset = was_reset(answer)
        pulled = PullResult(gap=has_lost_rows(cursor, answer) or reset, reset=reset)
    *earlier, last = _parts(answer)
    for part in earlier:
        with database.transaction() as session:
            pulled += _store_part(session, part, curricula, regions, trust_numbers, now)
    with database.transaction() as session:
        pulled += _store_part(session, last, curricula, regions, trust_numbers, now)
        cursors.put(session, FEED_CURSOR, advance(cursor, answer, now), now)
        if pulled.gap:
            cursors.put(session, FEED_GAP_CURSOR, Cursor(1), now)
    return pulled, answer


def has_feed_gap(database: Database) -> bool:
    """Whether all results must be compared because of a gap in the feed."""
    with database.reading() as session:
        return bool(cursors.get(session, FEED_GAP_CURSOR).value)


def clear_feed_gap(database: Database, now: datetime) -> None:
    """Record that all results have been compared."""
    with database.transaction() as session:
        cursors.put(session, FEED_GAP_CURSOR, Cursor(0), now)


def is_stale(cursor: Cursor, answer: Changes) -> bool:
    """Whether the cursor is of another feed: the plugin is new, or a backup was restored."""
    return bool(cursor.feed) and (cursor.feed != answer.feed or answer.newest < cursor.value)


def has_lost_rows(cursor: Cursor, answer: Changes) -> bool:
    """Whether rows after the cursor were deleted before we read them."""
    return bool(cursor.feed) and answer.oldest > cursor.value + 1 and answer.newest > cursor.value


def was_reset(answer: Changes) -> bool:
    """Whether a course was reset. Moodle reports no change of each result then."""
    reset = [row for row in (*answer.changes, *answer.found) if row.kind == COURSE_RESET]
    for row in reset:
        event(log, "course-reset", level=logging.WARNING, course=row.courseidnumber)
    return bool(reset)


def advance(cursor: Cursor, answer: Changes, now: datetime) -> Cursor:
    """The cursor after a page.

    Ids missing in the page may belong to transactions that have not ended. They are requested
    again until they appear or MISSING_ROW_TIMEOUT has passed.
    """
    found_ids = {row.id for row in answer.found}
    still_missing = [
        (id_, at)
        for id_, at in cursor.missing
        if id_ not in found_ids and now - at < MISSING_ROW_TIMEOUT
    ]
    page_ids = sorted(row.id for row in answer.changes)
    newly_missing = [
        (id_, now)
        for before, after in zip([cursor.value, *page_ids], page_ids, strict=False)
        for id_ in range(max(before + 1, after - change_feed.MAX_MISSING_IDS), after)
    ]
    missing = (still_missing + newly_missing)[-change_feed.MAX_MISSING_IDS :]
    return Cursor(page_ids[-1] if page_ids else cursor.value, answer.feed, tuple(missing))


def _parts(answer: Changes) -> list[Changes]:
    """The page in parts with few members each, in the feed's order; at least one.

    On SQLite nobody else can write while a part is stored.
    """
    parts: list[list[FeedRow]] = [[]]
    users: set[int] = set()
    for row in sorted((*answer.changes, *answer.found), key=lambda row: row.id):
        if row.userid not in users and len(users) == MEMBERS_AT_A_TIME:
            parts.append([])
            users = set()
        users.add(row.userid)
        parts[-1].append(row)
    return [_part(answer, rows) for rows in parts]


def _part(answer: Changes, rows: Sequence[FeedRow]) -> Changes:
    users = {row.userid for row in rows}
    named = tuple(user for user in answer.users if user.id in users)
    return answer.model_copy(update={"changes": tuple(rows), "found": (), "users": named})


def _store_part(
    session: Session,
    answer: Changes,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    trust_numbers: bool,
    now: datetime,
) -> PullResult:
    rows = answer.changes
    _lock_affected(session, rows, answer)
    take_users(session, rows, answer, curricula, regions, trust_numbers=trust_numbers, now=now)
    known = members.members_by_moodle_ids(session, {row.userid for row in rows})
    deleted = {row.userid for row in rows if row.kind == "user-deleted"} & known.keys()
    members.set_moodle_users(session, {known.pop(user): None for user in deleted})
    records = [record for row in rows if (record := completion(row, known, curricula))]
    touched = upsert_completions(session, records)
    save_first_attempts(
        session, [one for row in rows if (one := first_attempt(row, known, curricula))]
    )
    return PullResult(len(rows), len(touched), assess(session, curricula, touched, now))


def _lock_affected(session: Session, rows: Sequence[FeedRow], answer: Changes) -> None:
    """Lock all members of a part together: one after the other would lock them in any order."""
    users = answer.users
    lock_matching(
        session,
        numbers={user.idnumber for user in users if user.idnumber},
        accounts={user.id for user in users} | {row.userid for row in rows},
        emails={user.email for user in users},
    )
