"""Sign-offs: credits for what the committee confirms about a member."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.learning import credits
from bridge.store.learning.credits import CreditRecord
from bridge.store.tables.learning import Credit

SOURCE = "signoff"


def record_signoff(
    session: Session,
    member_id: int,
    curriculum: str,
    requirement: str,
    by_name: str,
    note: str,
    actor: str,
    now: datetime,
    occurred_on: date | None = None,
) -> bool:
    """Record that `by_name` confirmed a requirement of a curriculum. `occurred_on`: today if None.

    Returns False if it was recorded before and not withdrawn since, also if that was recorded
    for every curriculum. Raises MemberError if there is no such member.
    """
    source_id = credits.next_source_id(session, member_id, curriculum, requirement)
    counts = (*credits.counts_in(curriculum), Credit.member_id == member_id)
    same = (Credit.kind == "signoff", Credit.key == requirement)
    if not source_id or session.scalars(select(Credit.id).where(*counts, *same)).first():
        return False
    signoff = CreditRecord(
        member_id=member_id,
        curriculum=curriculum,
        kind="signoff",
        key=requirement,
        occurred_on=occurred_on or now.date(),
        source=SOURCE,
        source_id=source_id,
        evidence={"by_name": by_name, "note": note},
        recorded_by=actor,
    )
    return credits.record(session, signoff, now, "sign-off")


def signoffs_of(session: Session, member_id: int) -> list[Credit]:
    """Return the sign-offs of a member that were not withdrawn, oldest first."""
    found = credits.credits_of(session, member_id)
    return [each for each in found if each.kind == "signoff" and each.withdrawn_at is None]
