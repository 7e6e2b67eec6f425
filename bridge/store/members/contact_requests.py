"""People who asked to be contacted by a steward."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.members import ContactRequest


@dataclass(frozen=True, slots=True)
class ContactMessage:
    """What somebody wrote. `about`: the page they came from, such as `path:milestone`."""

    name: str
    email: str
    phone: str
    region: str
    about: str
    message: str
    language: str


def add_request(session: Session, asked: ContactMessage, now: datetime) -> int:
    """Keep a request; returns its id."""
    row = ContactRequest(
        name=asked.name,
        email=email_key(asked.email),
        phone=asked.phone,
        region=asked.region,
        about=asked.about,
        message=asked.message,
        language=asked.language,
        created_at=now,
        handled_at=None,
        handled_by="",
    )
    session.add(row)
    session.flush()
    return row.id


def requests(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    handled: bool = False,
    regions: Collection[str] | None = None,
    about: Collection[str] | None = None,
) -> Sequence[ContactRequest]:
    """Up to `limit` requests past the id `after`, oldest first: those nobody has handled, or
    those that are. `regions` and `about`: None is all. One query."""
    done = ContactRequest.handled_at.is_not(None)
    query = select(ContactRequest).where(done if handled else ~done, ContactRequest.id > after)
    if regions is not None:
        query = query.where(ContactRequest.region.in_(regions))
    if about is not None:
        query = query.where(ContactRequest.about.in_(about))
    return session.scalars(query.order_by(ContactRequest.id).limit(limit)).all()


def find(session: Session, request: int, regions: Collection[str] | None) -> ContactRequest | None:
    """A request, if it is there and in one of these regions; None is every region."""
    found = session.get(ContactRequest, request)
    theirs = found is not None and (regions is None or found.region in regions)
    return found if theirs else None


def handle(
    session: Session, request: int, regions: Collection[str] | None, actor: str, now: datetime
) -> bool:
    """Somebody took care of it; False if it is not there, is not theirs or was done before."""
    mine = update(ContactRequest).where(
        ContactRequest.id == request, ContactRequest.handled_at.is_(None)
    )
    if regions is not None:
        mine = mine.where(ContactRequest.region.in_(regions))
    handled = mine.values(handled_at=now, handled_by=actor).returning(ContactRequest.id)
    return session.scalars(handled).first() is not None


def prune(session: Session, before: datetime) -> None:
    """Forget requests that were handled before that time."""
    session.execute(delete(ContactRequest).where(ContactRequest.handled_at < before))
