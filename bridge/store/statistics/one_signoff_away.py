"""Members who lack only a sign-off to reach a milestone: counted regularly and saved as one row.

The row has IDs of enrolments and no personal data. Who has been signed off, left or erased since is
left out when it is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from bridge.membership.status import statuses_without
from bridge.store.dialect import insert_into
from bridge.store.tables.learning import Credit, Enrolment
from bridge.store.tables.members import Member
from bridge.store.tables.statistics import SavedStatistics

NAME = "one-signoff-away"
MAX_SAVED = 500
"""At most so many for each sign-off; more than anyone signs off at a time."""
NOT_LEARNING = statuses_without(lambda rights: rights.learns)
SignoffKey = tuple[str, str]
"""Curriculum and key."""


@dataclass(frozen=True, slots=True)
class SavedCount:
    """`seconds`: how long counting took. `found`: enrolments by the only sign-off they lack."""

    counted_at: datetime
    seconds: float
    found: Mapping[SignoffKey, Sequence[int]]


@dataclass(frozen=True, slots=True)
class AlmostThere:
    """A member who lacks only the sign-off `requirement`. `id`: their enrolment."""

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    curriculum: str
    milestone: str
    requirement: str


def save(session: Session, count: SavedCount) -> None:
    """Save what was found, unless something newer is already saved."""
    insert = insert_into(session, SavedStatistics)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"counted_at": new.counted_at, "seconds": new.seconds, "counts": new.counts},
        where=SavedStatistics.counted_at <= new.counted_at,
    )
    found = [[*key, list(ids[:MAX_SAVED])] for key, ids in count.found.items()]
    row = {"name": NAME, "counted_at": count.counted_at, "seconds": count.seconds}
    session.execute(statement, [row | {"counts": {"found": found}}])


def saved(session: Session) -> SavedCount | None:
    """What was saved last; None if nothing was. One query."""
    row = session.get(SavedStatistics, NAME)
    if row is None:
        return None
    found = cast(dict[str, Any], row.counts)["found"]
    return SavedCount(row.counted_at, row.seconds, {(path, key): ids for path, key, ids in found})


def count(
    session: Session, wanted: Collection[SignoffKey] | None, regions: Collection[str] | None
) -> int:
    """How many lines `list_members` has. Two queries at most."""
    ids = _requirements(session, wanted)
    if not ids:
        return 0
    columns = select(func.count(Enrolment.id))
    return session.scalar(_still_lacking(columns, ids, regions)) or 0


def member_ids(session: Session, wanted: Collection[SignoffKey] | None) -> frozenset[int]:
    """The members who lack only one of these sign-offs; None: any. Two queries at most."""
    ids = _requirements(session, wanted)
    if not ids:
        return frozenset()
    return frozenset(session.scalars(_still_lacking(select(Enrolment.member_id), ids, None)))


def list_members(
    session: Session,
    wanted: Collection[SignoffKey] | None,
    regions: Collection[str] | None,
    limit: int,
    after: int,
) -> list[AlmostThere]:
    """Return up to `limit` of them above the enrolment `after`, longest wait first. Two queries.

    `wanted`: those who lack one of these sign-offs; None means any. A member who lacks one in each
    of two milestones is there twice.
    """
    ids = _requirements(session, wanted)
    columns = select(
        Enrolment.id, Enrolment.member_id, Member.number, Member.first_name, Member.last_name,
        Member.region, Enrolment.curriculum, Enrolment.milestone,
    )  # fmt: skip
    query = _still_lacking(columns, ids, regions).where(Enrolment.id > after)
    rows = session.execute(query.order_by(Enrolment.id).limit(limit))
    return [AlmostThere(**row._mapping, requirement=ids[row.id]) for row in rows]


def _requirements(session: Session, wanted: Collection[SignoffKey] | None) -> Mapping[int, str]:
    """The only sign-off that each enrolment lacks, by its ID."""
    known = saved(session)
    found = known.found if known else {}
    return {
        each: key[1]
        for key, ids in found.items()
        if wanted is None or key in wanted
        for each in ids
    }


def _still_lacking(columns: Any, ids: Mapping[int, str], regions: Collection[str] | None) -> Any:
    """Those who haven't been signed off or reached the milestone since, and who still learn."""
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for enrolment, key in sorted(ids.items()):
        by_key[key].append(enrolment)
    lacking = (and_(Enrolment.id.in_(mine), ~_signed_since(key)) for key, mine in by_key.items())
    query = columns.join(Member, Member.id == Enrolment.member_id).where(
        or_(false(), *lacking), Enrolment.earned_at.is_(None), Member.status.not_in(NOT_LEARNING)
    )
    return query if regions is None else query.where(Member.region.in_(regions))


def _signed_since(key: str) -> ColumnElement[bool]:
    return exists().where(
        Credit.member_id == Enrolment.member_id,
        Credit.kind == "signoff",
        Credit.key == key,
        Credit.withdrawn_at.is_(None),
        Credit.recorded_at > _counted_at(),
    )


def _counted_at() -> Any:
    query = select(SavedStatistics.counted_at).where(SavedStatistics.name == NAME)
    return query.scalar_subquery()
