"""Finds the members who lack only a sign-off to reach a milestone, so that no page has to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.progress import apply_renames, missing, status_allows
from bridge.store.database import Database
from bridge.store.learning.member_progress import facts_of
from bridge.store.statistics import one_signoff_away as store
from bridge.store.statistics.one_signoff_away import SavedCount, SignoffKey
from bridge.store.statistics.pace import min_pause
from bridge.store.tables.learning import Enrolment

BATCH_SIZE = 500
Open = tuple[int, int]
"""An enrolment and its member."""


def update_one_signoff_away(
    database: Database, curricula: Sequence[Curriculum], clock: Callable[[], datetime]
) -> bool:
    """Look again, unless it was done recently. Returns whether it looked.

    Reads members in batches, each in its own transaction: with 100,000 members it takes long.
    Two processes that look at the same time do no harm. Raises StoreError.
    """
    started = clock()
    with database.reading() as session:
        known = store.saved(session)
    if known and started - known.counted_at < min_pause(known.seconds):
        return False
    found: defaultdict[SignoffKey, list[int]] = defaultdict(list)
    for curriculum in curricula:
        for milestone in curriculum.milestones:
            if any(isinstance(each, SignedOff) for each in milestone.requirements):
                for enrolment, key in _almost_there(database, curriculum, milestone, started):
                    found[curriculum.key, key].append(enrolment)
    seconds = (clock() - started).total_seconds()
    with database.transaction() as session:
        store.save(session, SavedCount(started, seconds, found))
    return True


def _almost_there(
    database: Database, curriculum: Curriculum, milestone: Milestone, now: datetime
) -> Iterator[tuple[int, str]]:
    """The enrolments in a milestone that lack only a sign-off, with its key."""
    after = 0
    while True:
        with database.reading() as session:
            batch = _open(session, curriculum.key, all_keys(milestone), after)
            lacking = _lacking(session, curriculum, milestone, batch, now.date())
        yield from ((enrolment, lacking[m]) for enrolment, m in batch if m in lacking)
        if len(batch) < BATCH_SIZE:
            return
        after = batch[-1][0]


def _open(session: Session, curriculum: str, keys: Sequence[str], after: int) -> list[Open]:
    query = select(Enrolment.id, Enrolment.member_id).where(
        Enrolment.earned_at.is_(None), Enrolment.curriculum == curriculum,
        Enrolment.milestone.in_(keys), Enrolment.id > after,
    )  # fmt: skip
    rows = session.execute(query.order_by(Enrolment.id).limit(BATCH_SIZE))
    return [(row.id, row.member_id) for row in rows]


def _lacking(
    session: Session,
    curriculum: Curriculum,
    milestone: Milestone,
    batch: Sequence[Open],
    today: date,
) -> Mapping[int, str]:
    """The key of the only sign-off that each of these members lacks."""
    recorded = facts_of(session, curriculum.key, [member for _, member in batch], today)
    rename, found = apply_renames(curriculum), {}
    for member, each in recorded.items():
        facts = rename(each)
        if milestone.key in facts.awarded | facts.withheld:
            continue
        left = missing(milestone, facts)
        if (
            len(left) == 1
            and isinstance(left[0], SignedOff)
            and status_allows(facts.status, milestone)
        ):
            found[member] = left[0].key
    return found
