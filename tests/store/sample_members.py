"""Members and times for the store's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bridge.member_records import MemberRecord
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.learning import Reminder
from bridge.store.tables.member_emails import MemberEmail, MemberEmailRecipient

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANNA = MemberRecord("1001", "anna@example.org", "Anna", "Ashevak", "north", "iu")
BEN = MemberRecord("1002", "ben@example.org", "Ben", "Bouchard", "east", "fr", "steward")


def member(number: int, /, **fields: object) -> MemberRecord:
    one = MemberRecord(str(number), f"m{number}@example.org", f"First{number}", f"Last{number}")
    return replace(one, **fields)  # type: ignore[arg-type]


def many_members(count: int, start: int = 1) -> list[MemberRecord]:
    return [member(number) for number in range(start, start + count)]


def add(session: Session, records: Sequence[MemberRecord]) -> list[int]:
    """Store members; return their IDs in the same order."""
    written = upsert_members(session, records, NOW)
    assert not written.refused
    return [one for one in written.ids if one is not None]


def remind(session: Session, member_id: int) -> None:
    """Store a reminder that another address than the member's own has sent."""
    session.add(
        Reminder(member_id=member_id, curriculum="path", milestone="m", sent_at=NOW,
                 sent_by="zq@example.org")
    )  # fmt: skip


def write_to(session: Session, member_id: int, author: str) -> None:
    """Store an email to a member, and one of the members who wrote it."""
    email = MemberEmail(
        state="sent", texts={}, reply_to="", filters={}, previewed={}, version=2, recipients=1,
        created_by=author, changed_at=NOW, sent_by=author, sent_at=NOW,
    )  # fmt: skip
    session.add(email)
    session.flush()
    session.add(
        MemberEmailRecipient(
            member_email_id=email.id, member_id=member_id, outbox_id=None, skipped=""
        )
    )
