"""Emails that may have been sent: counted before the attempt, so that a kill is counted too.

`begin` counts the attempt and `mark_known` takes it back once a reply has come. What neither a
reply nor an error explains stays counted: late or lost replies, and killed processes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from bridge.store.tables.delivery import MAX_UNKNOWN_OUTCOMES, Delivery, OutboxEmail

Table = type[Delivery] | type[OutboxEmail]

SENDING = timedelta(minutes=15)
"""How long an email is held while it is sent: longer than the wait for the server's reply."""
KILLED = "the program was stopped while the email was being sent. It may have been sent."


def begin(
    session: Session, table: Table, ids: Collection[int], owner: str, until: datetime
) -> set[int]:
    """Count an attempt of those that `owner` still holds, and keep them until then.

    Returns their IDs: the others must not be sent.
    """
    held = update(table).where(
        table.id.in_(ids),
        table.state == "owed",
        table.lease_owner == owner,
        table.lease_until.is_not(None),
    )
    counted = held.values(unknown_outcomes=table.unknown_outcomes + 1, lease_until=until)
    return set(session.scalars(counted.returning(table.id)))


def one_less(table: Table) -> ColumnElement[int]:
    """SQL: the count without the attempt that a reply has explained."""
    count = table.unknown_outcomes
    return case((count > 0, count - 1), else_=0)


def hand_over(session: Session, table: Table, ids: Collection[int]) -> set[int]:
    """Leave to a person those that may have been sent too often already; return their IDs.

    Call this with rows that no worker holds.
    """
    if not ids:
        return set()
    query = select(table.id).where(
        table.id.in_(ids), table.unknown_outcomes >= MAX_UNKNOWN_OUTCOMES
    )
    found = set(session.scalars(query))
    if found:
        failed = update(table).where(table.id.in_(found))
        session.execute(
            failed.values(
                state="failed", reason="unknown", lease_until=None, lease_owner="",
                last_error=case((table.last_error == "", KILLED), else_=table.last_error),
            )
        )  # fmt: skip
    return found


def send_again(session: Session, table: Table, now: datetime) -> list[int]:
    """Queue all emails with an unknown outcome again. Returns their IDs."""
    query = update(table).where(table.state == "failed", table.reason == "unknown")
    again = query.values(state="owed", reason="", attempts=0, unknown_outcomes=0, next_try=now)
    return sorted(session.scalars(again.returning(table.id)))


def treat_as_sent(
    session: Session, table: Table, ids: Collection[int] | None, now: datetime
) -> list[int]:
    """Settle emails with an unknown outcome, because a person believes that they arrived.

    Those with `ids`, or all. Returns their IDs.
    """
    query = update(table).where(table.state == "failed", table.reason == "unknown")
    if ids is not None:
        query = query.where(table.id.in_(ids))
    content: dict[str, object] = {} if table is Delivery else {"payload": {}, "attachment": None}
    settled = query.values(state="done", reason="", done_at=now, **content)
    return sorted(session.scalars(settled.returning(table.id)))
