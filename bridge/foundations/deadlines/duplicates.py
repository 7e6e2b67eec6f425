"""Two deadlines of one owner about the same: one got it as a person and as a member."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.tables import CANCELLED, PENDING, Deadline, is_needed_more
from bridge.foundations.owners import Owner, rows_of


def cancel_duplicate(session: Session, due: DueDeadline, owner: Owner) -> bool:
    """Cancel the owner's other deadline about the same, or this one; return whether this one is.

    `due` is pending and locked. `owner`: whose it is, locked: the member with their person. Of two
    that are still to run, the member's stays, as the time that was scheduled last; see
    `is_needed_more`.
    """
    if owner.member_id is None or owner.person_id is None:
        return False
    same = and_(Deadline.kind == due.kind, Deadline.subject == due.subject)
    query = select(Deadline).where(same, rows_of(Deadline, owner)).with_for_update()
    rows = session.scalars(query, execution_options={"populate_existing": True}).all()
    if len(rows) != 2:
        return False
    members, persons = sorted(rows, key=lambda row: row.member_id is None)
    removed = members if is_needed_more(persons, members) else persons
    if removed.state == PENDING:
        removed.state, removed.lease_until, removed.lease_owner = CANCELLED, None, ""
        session.flush()
    return removed.id == due.id
