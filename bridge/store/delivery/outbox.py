"""The outbox: emails that pages and jobs queue. One worker at a time claims and sends each.

An email with a key is queued once, however often it is asked for. Those of one person about one
subject, such as an invitation and its cancellation, are sent in the order they were queued: none is
claimed before the earlier ones are sent, given up or no longer needed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.store.delivery import unknown_outcomes
from bridge.store.delivery.deliveries import NOT_SERVED, storable_error, undo_attempt
from bridge.store.delivery.email_keys import (
    NO_CONTENT,
    EmailKey,
    claimable,
    is_next,
    last_revisions,
    make_room,
    not_sent,
)
from bridge.store.delivery.unreadable_rows import READ_ERRORS, fail_unreadable, is_unreadable
from bridge.store.dialect import insert_into
from bridge.store.members.matching import email_key
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import OutboxEmail as Row
from bridge.store.tables.members import Member
from bridge.store.tables.persons import MailingSubscription, Person

MAX_ATTACHMENT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along. `content_type`: such as `text/calendar; method=REQUEST`."""

    name: str
    content_type: str
    content: bytes

    def __post_init__(self) -> None:
        """Raises ValueError if it is too large to be stored."""
        if len(self.content) > MAX_ATTACHMENT_BYTES:
            raise ValueError(f"an attachment has {len(self.content):,} bytes: more than 1 MiB")


@dataclass(frozen=True, slots=True)
class ClaimedEmail:
    """An email that one worker holds until the lease ends. `attempts` includes the current one."""

    id: int
    kind: str
    email: str
    language: str
    payload: Mapping[str, object]
    attempts: int
    person_id: int | None = None
    attachment: Attachment | None = None


UNSENT: Mapping[str, object] = {
    "state": "owed", "reason": "", "attempts": 0, "unknown_outcomes": 0, "lease_until": None,
    "lease_owner": "", "last_error": "", "done_at": None,
}  # fmt: skip


def enqueue(
    session: Session,
    kind: str,
    email: str,
    language: str,
    payload: Mapping[str, object],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    member_id: int | None = None,
    key: EmailKey | None = None,
    supersedes: Collection[str] = (),
    attachment: Attachment | None = None,
    needs: Right | None = None,
) -> bool:
    """Queue an email that is due from `now` on. It isn't sent after `expires_at`.

    `member_id`: the member it belongs to, if `email` isn't (or is no longer) their address.
    `supersedes`: kinds of emails about the same subject that needn't be sent any more, if they
    haven't been. `needs`: the confidential right that seeing the recipient takes. Returns False if
    it isn't queued: an email with the same key, or one about a later revision of the subject, has
    been queued before. Raises PersonError if the person of the key doesn't exist.
    """
    if key is not None and not make_room(session, key, kind, supersedes, now):
        return False
    values = {
        **UNSENT,
        "kind": kind, "email": email_key(email), "language": language, "payload": dict(payload),
        "next_try": now,
        "expires_at": expires_at,
        "created_at": now,
        "member_id": member_id,
        "needs": needs or "",
        **(asdict(key) if key else {}),
        **_attachment_columns(attachment),
    }  # fmt: skip
    session.execute(insert_into(session, Row).values(values))
    return True


def enqueue_all(
    session: Session,
    kind: str,
    subject: str,
    emails: Mapping[int, tuple[str, str, Mapping[str, object]]],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    needs: Right | None = None,
) -> dict[int, int]:
    """Queue an email about a subject to each of these persons, who are locked. Two queries.

    `emails`: person ID -> address, language and payload. Each is a later revision than those before
    to the same person about the subject, and is sent after them. Returns the ID of each email by
    person.
    """
    revisions = last_revisions(session, emails, subject)
    rows = [
        {**UNSENT, "kind": kind, "email": email_key(email), "language": language,
         "payload": dict(payload), "next_try": now, "expires_at": expires_at, "created_at": now,
         "member_id": None, "needs": needs or "", "person_id": person, "subject": subject,
         "revision": revisions.get(person, 0) + 1}
        for person, (email, language, payload) in emails.items()
    ]  # fmt: skip
    if not rows:
        return {}
    new = session.execute(insert(Row).returning(Row.person_id, Row.id), rows)
    return {row.person_id: row.id for row in new}


def _attachment_columns(attachment: Attachment | None) -> dict[str, object]:
    if attachment is None:
        return {}
    return {
        "attachment_name": attachment.name,
        "attachment_type": attachment.content_type,
        "attachment": attachment.content,
    }


def claim(
    session: Session, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedEmail]:
    """Claim up to `limit` due emails; no other worker gets them for `lease`.

    An email about a subject waits for the earlier ones to the same person about it. It goes to
    the address that the person has now.
    """
    due = (*claimable(now), Row.next_try <= now, is_next())
    query = select(Row).where(*due).order_by(Row.next_try, Row.id).limit(limit)
    locked = query.with_for_update(skip_locked=True)
    try:
        rows = session.scalars(locked).all()
    except READ_ERRORS as error:
        if not is_unreadable(error):
            raise
        fail_unreadable(session, Row, session.scalars(select(Row.id).where(*due)).all())
        rows = session.scalars(locked).all()
    given_up = unknown_outcomes.hand_over(session, Row, [row.id for row in rows if row.attempts])
    rows = [row for row in rows if row.id not in given_up]
    for row in rows:
        row.attempts += 1
        row.lease_until, row.lease_owner = now + lease, owner
    session.flush()
    persons = {row.person_id for row in rows if row.person_id is not None}
    found = select(Person).where(Person.id.in_(persons))
    addresses = {each.id: each.email_key for each in session.scalars(found)} if persons else {}
    return [_claimed(row, addresses.get(row.person_id or 0, row.email)) for row in rows]


def _claimed(row: Row, email: str) -> ClaimedEmail:
    attachment = None
    if row.attachment is not None:
        attachment = Attachment(row.attachment_name, row.attachment_type, row.attachment)
    return ClaimedEmail(
        row.id, row.kind, email, row.language, row.payload, row.attempts, row.person_id, attachment
    )


def skip_unsubscribed(session: Session, mailings: Mapping[str, str], now: datetime) -> None:
    """Give up the unsent emails of people who have unsubscribed since they were queued.

    `mailings`: the mailing of each kind of email that one can unsubscribe from.
    """
    for kind, mailing in mailings.items():
        unsubscribed = exists().where(
            MailingSubscription.person_id == Row.person_id,
            MailingSubscription.mailing == mailing,
            MailingSubscription.unsubscribed_at.is_not(None),
        )
        unsent = update(Row).where(Row.kind == kind, *claimable(now), unsubscribed)
        session.execute(unsent.values(**not_sent("unsubscribed")))


def skip_left(session: Session, kinds: Collection[str], now: datetime) -> None:
    """Give up the unsent emails of these kinds to members who aren't served: they have left."""
    left = exists().where(
        Person.id == Row.person_id, Member.id == Person.member_id, Member.status.in_(NOT_SERVED)
    )
    unsent = update(Row).where(Row.kind.in_(kinds), *claimable(now), left)
    session.execute(unsent.values(**not_sent("left")))


TABLE = Base.metadata.tables[Row.__tablename__]
_HELD = update(TABLE).where(
    TABLE.c.id == bindparam("held_id"), TABLE.c.state == "owed",
    TABLE.c.lease_owner == bindparam("holder"), TABLE.c.lease_until.is_not(None),
)  # fmt: skip
_BEGIN = _HELD.values(unknown_outcomes=TABLE.c.unknown_outcomes + 1, lease_until=bindparam("until"))
_DONE = _HELD.values(
    state="done", reason="", done_at=bindparam("at"), lease_until=None, lease_owner="", **NO_CONTENT
)
"""Written once: building them takes longer than running them, and each email runs both."""


def begin_sending(session: Session, email_id: int, owner: str, until: datetime) -> bool:
    """Count an attempt to send an email; see `unknown_outcomes.begin`. False: don't send it."""
    values = {"held_id": email_id, "holder": owner, "until": until}
    return bool(session.connection().execute(_BEGIN, values).rowcount)


def mark_done(session: Session, email_id: int, owner: str, now: datetime) -> bool:
    """Record that an email was sent, and clear its content.

    Returns False if `owner` no longer holds it.
    """
    values = {"held_id": email_id, "holder": owner, "at": now}
    return bool(session.connection().execute(_DONE, values).rowcount)


def retry_later(
    session: Session,
    email_id: int,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"] = "later",
    *,
    began: bool = False,
) -> bool:
    """Record a temporary failure. Returns False if `owner` no longer holds the email.

    `began`: a reply explained the attempt that `unknown_outcomes.begin` counted.
    """
    clipped = storable_error(error)
    counted = {"unknown_outcomes": unknown_outcomes.one_less(Row)} if began else {}
    return _record_outcome(
        session, email_id, owner, reason=reason, last_error=clipped, next_try=next_try, **counted
    )


def record_unknown(
    session: Session, email_id: int, owner: str, error: str, next_try: datetime
) -> None:
    """Record that an email may have been sent: retry it, or leave it to a person after several."""
    if retry_later(session, email_id, owner, error, next_try):
        unknown_outcomes.hand_over(session, Row, [email_id])


def mark_failed(session: Session, email_id: int, owner: str, error: str) -> bool:
    """Record a permanent failure. The content is kept, so that someone can retry it.

    Returns False if `owner` no longer holds the email.
    """
    clipped = storable_error(error)
    return _record_outcome(
        session, email_id, owner, state="failed", reason="never", last_error=clipped
    )


def release(session: Session, owner: str) -> None:
    """Release what `owner` still holds without counting an attempt."""
    held = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    attempts = undo_attempt(Row.attempts)
    session.execute(held.values(lease_until=None, lease_owner="", attempts=attempts))


def postpone(
    session: Session,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"],
) -> int:
    """Postpone what `owner` still holds because of an error of another email; return how many."""
    held = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    values = {"reason": reason, "last_error": storable_error(error), "next_try": next_try}
    attempts = undo_attempt(Row.attempts)
    released = held.values(lease_until=None, lease_owner="", attempts=attempts, **values)
    return len(session.scalars(released.returning(Row.id)).all())


def delete_unsent(session: Session, kind: str, email: str) -> bool:
    """Delete emails of this kind to an address whose sending hasn't begun. Whether there were."""
    unsent = delete(Row).where(
        Row.kind == kind, Row.email == email, Row.state == "owed", Row.lease_owner == ""
    )
    return bool(session.scalars(unsent.returning(Row.id)).all())


def expire(session: Session, now: datetime) -> None:
    """Mark expired emails as late, and clear their content."""
    expired = update(Row).where(Row.state != "done", Row.reason != "late", Row.expires_at <= now)
    session.execute(expired.values(state="failed", reason="late", **NO_CONTENT))


def prune(session: Session, before: datetime, keys_before: datetime) -> None:
    """Delete sent and failed emails that were queued before a time.

    Those with a key are kept, without content, until `keys_before`: their rows are what keeps the
    same email from being queued again.
    """
    old = (Row.state != "owed", Row.created_at < before)
    session.execute(delete(Row).where(*old, Row.person_id.is_(None)))
    failed = update(Row).where(Row.state == "failed", Row.created_at < before)
    forgotten = {"state": "done", "reason": "given-up", "last_error": "", **NO_CONTENT}
    session.execute(failed.values(**forgotten))
    session.execute(delete(Row).where(Row.state != "owed", Row.created_at < keys_before))


def _record_outcome(session: Session, email_id: int, owner: str, **values: object) -> bool:
    recorded = session.scalars(
        update(Row)
        .where(
            Row.id == email_id,
            Row.state == "owed",
            Row.lease_owner == owner,
            Row.lease_until.is_not(None),
        )
        .values(lease_until=None, lease_owner="", **values)
        .returning(Row.id)
    )
    return recorded.first() is not None
