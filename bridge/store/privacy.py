"""Export and erasure: everything stored about a member, and how to delete it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.store.operations import audit_log
from bridge.store.personal_tables import FORMER_MEMBER, PersonalTable, Subject
from bridge.store.tables.base import Base
from bridge.store.tables.members import Member

SECRET_COLUMNS = frozenset({"token", "nonce"})
"""Never exported, in any table."""
NO_SUCH_MEMBER = "there is no such member."


def export_member(
    session: Session, tables: Sequence[PersonalTable], member_id: int
) -> dict[str, object]:
    """Return everything stored about a member: rows by table, as values that JSON can hold.

    Raises MemberError if there is no such member.
    """
    subject = _subject(session.get(Member, member_id), member_id)
    exported = {
        each.key: _export_rows(session, each, subject) for each in tables if each.export is not None
    }
    [member] = exported[Member.__tablename__]
    return {**exported, Member.__tablename__: member}


def erase_member(
    session: Session, tables: Iterable[PersonalTable], member_id: int, actor: str, now: datetime
) -> None:
    """Delete a member. A count of their awards and audit entries without content remain.

    Names in other members' records (who signed off a requirement) remain too. Raises
    MemberError if there is no such member.
    """
    member = session.get(Member, member_id, populate_existing=True, with_for_update=True)
    subject = _subject(member, member_id)
    for each in _pointing_rows_first(tables):
        each.erase(session, subject)
    shown_actor = FORMER_MEMBER if actor in subject.names else actor
    audit_log.write(session, shown_actor, "forgot", member_id, {}, {}, now)


def _subject(member: Member | None, member_id: int) -> Subject:
    if member is None:
        raise MemberError(NO_SUCH_MEMBER, where=f"member {member_id}")
    return Subject(member.id, member.email, member.email_key, member.number)


def _pointing_rows_first(tables: Iterable[PersonalTable]) -> list[PersonalTable]:
    """No row may point at a row that is deleted before it."""
    position = {table.name: n for n, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(tables, key=lambda each: position[each.table.name], reverse=True)


def _export_rows(
    session: Session, each: PersonalTable, subject: Subject
) -> list[dict[str, object]]:
    """The rows that belong to the subject, oldest first, without secrets."""
    if each.export is None:
        return []
    query = select(each.table).where(each.export(subject)).order_by(*each.table.primary_key)
    return [
        {
            each.renamed.get(name, name): _as_json(value)
            for name, value in cast(dict[str, object], row._mapping).items()
            if name not in SECRET_COLUMNS | each.hidden
        }
        for row in session.execute(query)
    ]


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
