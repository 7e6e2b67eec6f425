"""What a person may ask for: everything that is held about them, and to be forgotten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Table, delete, literal, select, update
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.store import audit
from bridge.store.dialect import insert_into
from bridge.store.tables import Audit, Award, Base, Member, Tally

# In an order that never leaves a row pointing at one that is gone.
PERSONAL = ("delivery", "award", "signoff", "completion", "enrolment")
FORMER = "a former member"
NOBODY = "there is no such member."


def export_member(session: Session, member_id: int) -> dict[str, object]:
    """Everything held about one member: table -> rows, in values that JSON can carry.

    Raises MemberError if there is no such member.
    """
    if session.get(Member, member_id) is None:
        raise MemberError(NOBODY, where=f"member {member_id}")
    held = {name: _rows(session, _table(name), member_id) for name in (*PERSONAL, "audit")}
    [member] = _rows(session, _table("member"), member_id)
    return {"member": member, **held}


def forget_member(session: Session, member_id: int, who: str, now: datetime) -> None:
    """Delete the person. What stays: their awards as a count, and audit lines without content.

    Names in other people's records (who signed off a requirement) are not theirs and stay.
    Raises MemberError if there is no such member.
    """
    member = session.get(Member, member_id, populate_existing=True, with_for_update=True)
    if member is None:
        raise MemberError(NOBODY, where=f"member {member_id}")
    names = {member.email, member.email_key, member.number}
    _count_awards(session, member_id)
    for name in PERSONAL:
        table = _table(name)
        session.execute(delete(table).where(table.c.member_id == member_id))
    session.delete(member)
    blank = update(Audit).where(Audit.member_id == member_id)
    session.execute(blank.values(before={}, after={}))
    session.execute(update(Audit).where(Audit.who.in_(names - {None})).values(who=FORMER))
    audit.write(session, FORMER if who in names else who, "forgot", member_id, {}, {}, now)


def _count_awards(session: Session, member_id: int) -> None:
    mine = select(Award.curriculum, Award.milestone, literal(1)).where(Award.member_id == member_id)
    insert = insert_into(session, Tally).from_select(["curriculum", "milestone", "count"], mine)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["curriculum", "milestone"], set_={"count": Tally.count + 1}
        )
    )


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _rows(session: Session, table: Table, member_id: int) -> list[dict[str, object]]:
    """The member's rows, oldest first."""
    mine = table.c.id if table.name == "member" else table.c.member_id
    rows = session.execute(select(table).where(mine == member_id).order_by(*table.primary_key))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
