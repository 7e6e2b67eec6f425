"""Types of emails that people can unsubscribe from, and who has."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.store.dialect import insert_into
from bridge.store.tables.persons import FormerMailingToken as FormerMailingToken
from bridge.store.tables.persons import MailingSubscription as Row
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class Subscription:
    """A type of email that a person gets or, if `active` is False, has unsubscribed from."""

    person_id: int
    mailing: str
    token: str
    active: bool


COLUMNS = (Row.person_id, Row.mailing, Row.token, Row.unsubscribed_at.is_(None).label("active"))


def subscribe(session: Session, person_id: int, mailing: str, now: datetime) -> Subscription:
    """Return the person's subscription to a mailing; add it if there is none.

    It never subscribes someone again who has unsubscribed.
    """
    values = _new(person_id, mailing, now)
    session.execute(insert_into(session, Row).values(values).on_conflict_do_nothing())
    query = select(*COLUMNS).where(Row.person_id == person_id, Row.mailing == mailing)
    return Subscription(**session.execute(query).one()._mapping)


def subscribe_all(
    session: Session, wanted: Collection[tuple[int, str]], now: datetime
) -> dict[tuple[int, str], Subscription]:
    """The subscriptions for these pairs of person and mailing, as `subscribe`.

    The persons exist. At most three queries.
    """
    people, keys = {person for person, _ in wanted}, {mailing for _, mailing in wanted}
    query = select(*COLUMNS).where(Row.person_id.in_(people), Row.mailing.in_(keys))

    def known() -> dict[tuple[int, str], Subscription]:
        rows = session.execute(query)
        return {(row.person_id, row.mailing): Subscription(**row._mapping) for row in rows}

    found = known() if wanted else {}
    if not (missing := set(wanted) - found.keys()):
        return found
    rows = [_new(person, mailing, now) for person, mailing in sorted(missing)]
    session.execute(insert_into(session, Row).on_conflict_do_nothing(), rows)
    return known()


def _new(person_id: int, mailing: str, now: datetime) -> dict[str, object]:
    return {
        "person_id": person_id, "mailing": mailing, "token": secrets.token_urlsafe(32),
        "created_at": now, "unsubscribed_at": None,
    }  # fmt: skip


def find(session: Session, token: str) -> Subscription | None:
    """Return the subscription that a link in an email is about, None if there is none.

    Its token is another if the email was sent to an entry that was merged into another since.
    """
    row = session.execute(select(*COLUMNS).where(_of_token(token))).first()
    return Subscription(**row._mapping) if row else None


def subscriptions_of(session: Session, person_id: int) -> Sequence[Subscription]:
    """Return the mailings that a person gets or has unsubscribed from."""
    query = select(*COLUMNS).where(Row.person_id == person_id)
    return [Subscription(**row._mapping) for row in session.execute(query.order_by(Row.mailing))]


def subscriptions_of_member(session: Session, member_id: int) -> Sequence[Subscription]:
    """Return the mailings that the person of a member gets or has unsubscribed from."""
    query = select(*COLUMNS).join(Person, Person.id == Row.person_id)
    mine = query.where(Person.member_id == member_id).order_by(Row.mailing)
    return [Subscription(**row._mapping) for row in session.execute(mine)]


def set_active(session: Session, token: str, active: bool, now: datetime) -> None:
    """Unsubscribe from a mailing, or subscribe again. The time of the first request stays."""
    rows = update(Row).where(_of_token(token), Row.unsubscribed_at.is_not(None))
    if active:
        session.execute(rows.values(unsubscribed_at=None))
        return
    rows = update(Row).where(_of_token(token), Row.unsubscribed_at.is_(None))
    session.execute(rows.values(unsubscribed_at=now))


def _of_token(token: str) -> ColumnElement[bool]:
    """SQL condition: a subscription has the token, or one that was merged into it had."""
    former = exists().where(
        FormerMailingToken.token == token,
        FormerMailingToken.person_id == Row.person_id,
        FormerMailingToken.mailing == Row.mailing,
    )
    return or_(Row.token == token, former)


def move(session: Session, removed: int, kept: int) -> None:
    """Give a merged person's subscriptions to the other; unsubscribing from one counts for both.

    The links in emails that either was sent go on working.
    """
    other = aliased(Row)
    same = exists().where(other.person_id == removed, other.mailing == Row.mailing,
                          other.unsubscribed_at.is_not(None))  # fmt: skip
    left = select(other.unsubscribed_at).where(
        other.person_id == removed, other.mailing == Row.mailing
    )
    both = update(Row).where(Row.person_id == kept, Row.unsubscribed_at.is_(None), same)
    session.execute(both.values(unsubscribed_at=left.scalar_subquery()))
    known = select(other.mailing).where(other.person_id == kept)
    in_both = (Row.person_id == removed, Row.mailing.in_(known))
    for row in session.execute(select(Row.token, Row.mailing).where(*in_both)).all():
        session.add(FormerMailingToken(token=row.token, person_id=kept, mailing=row.mailing))
    session.flush()
    twice = delete(Row).where(*in_both)
    session.execute(twice, execution_options={"synchronize_session": False})
    session.execute(update(Row).where(Row.person_id == removed).values(person_id=kept))
