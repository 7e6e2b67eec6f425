"""Requests to be contacted by a steward."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import ContactRequest


@dataclass(frozen=True, slots=True)
class ContactMessage:
    """A filled-in contact form. `about`: the page it was sent from, such as `path:milestone`."""

    name: str
    email: str
    phone: str
    region: str
    about: str
    message: str
    language: str


def add_request(session: Session, message: ContactMessage, now: datetime) -> int:
    """Store a request; return its ID."""
    row = ContactRequest(
        name=message.name,
        email=email_key(message.email),
        phone=message.phone,
        region=message.region,
        about=message.about,
        message=message.message,
        language=message.language,
        created_at=now,
        handled_at=None,
        handled_by="",
    )
    session.add(row)
    session.flush()
    return row.id


def list_requests(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    handled: bool = False,
    regions: Collection[str] | None = None,
    about: Collection[str] | None = None,
) -> Sequence[ContactRequest]:
    """Return up to `limit` requests with IDs above `after`, oldest first.

    `handled`: return handled requests instead of open ones. `regions` and `about`: only those;
    None means all. One query.
    """
    is_handled = ContactRequest.handled_at.is_not(None)
    query = select(ContactRequest).where(
        is_handled if handled else ~is_handled, ContactRequest.id > after
    )
    if regions is not None:
        query = query.where(ContactRequest.region.in_(regions))
    if about is not None:
        query = query.where(ContactRequest.about.in_(about))
    return session.scalars(query.order_by(ContactRequest.id).limit(limit)).all()


def count_open(session: Session, regions: Collection[str] | None = None) -> int:
    """Return how many requests are open in these regions; None means all."""
    query = select(func.count()).select_from(ContactRequest)
    query = query.where(ContactRequest.handled_at.is_(None))
    if regions is not None:
        query = query.where(ContactRequest.region.in_(regions))
    return session.scalar(query) or 0


def find(session: Session, request: int, regions: Collection[str] | None) -> ContactRequest | None:
    """Return a request if it exists and is in one of these regions (None means all)."""
    found = session.get(ContactRequest, request)
    if found is None or (regions is not None and found.region not in regions):
        return None
    return found


def handle(
    session: Session, request: int, regions: Collection[str] | None, actor: str, now: datetime
) -> bool:
    """Mark a request as handled.

    Returns False if it doesn't exist, is in another region or is already handled.
    """
    open_request = update(ContactRequest).where(
        ContactRequest.id == request, ContactRequest.handled_at.is_(None)
    )
    if regions is not None:
        open_request = open_request.where(ContactRequest.region.in_(regions))
    handled = open_request.values(handled_at=now, handled_by=actor).returning(ContactRequest.id)
    return session.scalars(handled).first() is not None


def prune(session: Session, before: datetime) -> None:
    """Delete requests handled before a time."""
    session.execute(delete(ContactRequest).where(ContactRequest.handled_at < before))


def delete_unsent_emails(session: Session, key: str) -> None:
    """Delete the emails to contacts about requests of an address (in lower case), unless sent."""
    unsent = select(OutboxEmail).where(OutboxEmail.kind == "contact", OutboxEmail.state != "done")
    for email in session.scalars(unsent):
        if _is_from(email.payload, key):
            session.delete(email)
    session.flush()


def _is_from(payload: object, key: str) -> bool:
    """Whether a contact message is from this address. A damaged one counts if it mentions it."""
    if isinstance(payload, dict) and "email" in payload:
        return email_key(str(payload["email"])) == key
    return key in str(payload).lower()
