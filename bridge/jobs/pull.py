"""Completions come back: the change feed, from its cursor on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.jobs.award import assess
from bridge.jobs.registrations import take_users
from bridge.jobs.rows import completion, first_try
from bridge.logs import event
from bridge.moodle import feed
from bridge.moodle.answers import Changes
from bridge.moodle.client import Moodle
from bridge.store import cursors, members
from bridge.store.completions import upsert_completions
from bridge.store.cursors import Cursor
from bridge.store.database import Database
from bridge.store.first_tries import keep_first

log = logging.getLogger(__name__)

CURSOR = "moodle-changes"
UNSEEN = "moodle-changes-unseen"
"""Cursor whose value is 1 from a gap in the feed until everything has been looked at."""
PATIENCE = timedelta(hours=1)
"""How long an id that was skipped may still appear: longer than any transaction lives."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought. `gap`: the feed lost rows unseen, so everything must be looked at
    (kept in the store, too: see `unseen`)."""

    changes: int = 0
    members: int = 0
    awards: int = 0
    gap: bool = False

    def __add__(self, other: Pulled) -> Pulled:
        return Pulled(
            self.changes + other.changes,
            self.members + other.members,
            self.awards + other.awards,
            self.gap or other.gap,
        )


def pull(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    *,
    clock: Callable[[], datetime],
    trust_numbers: bool = False,
) -> Pulled:
    """Read everything new: one call for each 1,000 changes. Each page is one transaction with the
    cursor's advance, so a stop anywhere loses nothing. With `trust_numbers`, the ID numbers of
    profiles are used where Moodle locks that field. Raises MoodleError.
    """
    curricula = tuple(curricula)  # a Library looks at its files whenever it is asked
    pulled, more = Pulled(), True
    while more:
        page, answer = _page(database, moodle, curricula, regions, clock, trust_numbers)
        pulled, more = pulled + page, answer.more and bool(answer.changes)
    return pulled


def _page(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    clock: Callable[[], datetime],
    trust_numbers: bool,
) -> tuple[Pulled, Changes]:
    with database.reading() as session:
        cursor = cursors.get(session, CURSOR)
    answer = feed.changes(moodle, cursor.value, [id_ for id_, _ in cursor.missing])
    now = clock()
    if stale(cursor, answer):
        event(log, "feed-restarted", level=logging.WARNING)
        cursor = Cursor(0, answer.feed)
        answer = feed.changes(moodle, 0, [])
        pulled = Pulled(gap=True)
    else:
        pulled = Pulled(gap=pruned(cursor, answer))
    with database.transaction() as session:
        pulled += _take(session, answer, curricula, regions, trust_numbers, now)
        cursors.put(session, CURSOR, advance(cursor, answer, now), now)
        if pulled.gap:
            cursors.put(session, UNSEEN, Cursor(1), now)
    return pulled, answer


def unseen(database: Database) -> bool:
    """Whether a gap in the feed waits for everything to be looked at."""
    with database.reading() as session:
        return bool(cursors.get(session, UNSEEN).value)


def seen(database: Database, now: datetime) -> None:
    """Everything has been looked at."""
    with database.transaction() as session:
        cursors.put(session, UNSEEN, Cursor(0), now)


def stale(cursor: Cursor, answer: Changes) -> bool:
    """Whether the cursor belongs to a feed that is no more: a new plugin, a restored backup."""
    return bool(cursor.feed) and (cursor.feed != answer.feed or answer.newest < cursor.value)


def pruned(cursor: Cursor, answer: Changes) -> bool:
    """Whether rows past the cursor were deleted before we read them."""
    return bool(cursor.feed) and answer.oldest > cursor.value + 1 and answer.newest > cursor.value


def advance(cursor: Cursor, answer: Changes, now: datetime) -> Cursor:
    """The cursor after a page. Ids skipped in it may belong to transactions that have not ended:
    they are asked for again until they appear or PATIENCE is over."""
    found = {row.id for row in answer.found}
    late = [(id_, at) for id_, at in cursor.missing if id_ not in found and now - at < PATIENCE]
    seen = sorted(row.id for row in answer.changes)
    gaps = [
        (id_, now)
        for before, after in zip([cursor.value, *seen], seen, strict=False)
        for id_ in range(max(before + 1, after - feed.MOST_MISSING), after)
    ]
    kept = (late + gaps)[-feed.MOST_MISSING :]
    return Cursor(seen[-1] if seen else cursor.value, answer.feed, tuple(kept))


def _take(
    session: Session,
    answer: Changes,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    trust_numbers: bool,
    now: datetime,
) -> Pulled:
    rows = sorted((*answer.changes, *answer.found), key=lambda row: row.id)
    take_users(session, rows, answer, curricula, regions, trust_numbers=trust_numbers, now=now)
    known = members.members_by_moodle_ids(session, {row.userid for row in rows})
    deleted = {row.userid for row in rows if row.kind == "user-deleted"} & known.keys()
    members.set_moodle_users(session, {known.pop(user): None for user in deleted})
    records = [record for row in rows if (record := completion(row, known, curricula))]
    touched = upsert_completions(session, records)
    keep_first(session, [one for row in rows if (one := first_try(row, known, curricula))])
    return Pulled(len(rows), len(touched), assess(session, curricula, touched, now))
