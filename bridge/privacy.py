"""Every table with personal data, of the store and of all features; export and erasure."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.foundations.deadlines import tables as deadlines
from bridge.foundations.files import tables as files
from bridge.store import privacy
from bridge.store.personal_tables import STORE_TABLES, PersonalTable

PERSONAL_TABLES: tuple[PersonalTable, ...] = (
    *STORE_TABLES,
    *files.PERSONAL_TABLES,
    *deadlines.PERSONAL_TABLES,
)
"""A feature adds the `PERSONAL_TABLES` of its `tables.py` here."""


def export_member(session: Session, member_id: int) -> dict[str, object]:
    """Return everything stored about a member: rows by table, as values that JSON can hold.

    Raises MemberError if there is no such member.
    """
    return privacy.export_member(session, PERSONAL_TABLES, member_id)


def erase_member(session: Session, member_id: int, actor: str, now: datetime) -> None:
    """Delete a member. A count of their awards and audit entries without content remain.

    Raises MemberError if there is no such member.
    """
    privacy.erase_member(session, PERSONAL_TABLES, member_id, actor, now)
