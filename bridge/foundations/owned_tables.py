"""Export and erasure of tables whose rows belong to a member or to a person."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.orm import Session

from bridge.foundations.owners import Owned
from bridge.store.personal_tables import Export, PersonalTable, Subject, move_rows
from bridge.store.persons.changes import MoveRows


def of_owner(
    model: type[Owned],
    *,
    hidden: frozenset[str] = frozenset(),
    move: MoveRows | None = None,
) -> PersonalTable:
    """A table whose rows belong to a member or to a person: exported, and deleted with them."""
    rows = owned_by(model)

    def erase(session: Session, subject: Subject) -> None:
        session.execute(delete(model).where(rows(subject)))

    return PersonalTable(
        model, export=rows, erase=erase, hidden=hidden, move=move or move_rows(model)
    )


def owned_by(model: type[Owned]) -> Export:
    """SQL condition: a row is the member's, or one of the person's."""

    def rows(subject: Subject) -> ColumnElement[bool]:
        return or_(model.member_id == subject.member_id, model.person_id.in_(subject.person_ids))

    return rows
