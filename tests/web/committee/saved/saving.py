"""Saves filters as users do, and looks at what is stored."""

from __future__ import annotations

from collections.abc import Sequence

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

SAVED = "/committee/saved"
WHERE = "reports.who_is_where"
FOLLOW_UP = "dashboard.follow_up"
COVERAGE = "reports.coverage"


def save(
    users: SignedInUsers,
    name: str = "North",
    page: str = WHERE,
    who: Who = "committee",
    *,
    shared: bool = False,
    **chosen: str,
) -> TestResponse:
    """Save a filter, without `chosen` one of everything."""
    fields = {f"chosen-{key}": value for key, value in chosen.items()}
    data = {"name": name, "page": page, **fields, **({"shared": "y"} if shared else {})}
    return users.client(who).post(SAVED, data=data)


def saved(users: SignedInUsers) -> Sequence[SavedFilter]:
    with users.database.reading() as session:
        return session.scalars(select(SavedFilter).order_by(SavedFilter.id)).all()


def recipients(users: SignedInUsers) -> Sequence[SavedFilterRecipient]:
    with users.database.reading() as session:
        return session.scalars(
            select(SavedFilterRecipient).order_by(SavedFilterRecipient.email)
        ).all()


def reports_sent(users: SignedInUsers) -> Sequence[OutboxEmail]:
    with users.database.reading() as session:
        query = select(OutboxEmail).where(OutboxEmail.kind == "saved-report")
        return session.scalars(query.order_by(OutboxEmail.id)).all()


def settings(
    users: SignedInUsers, *people: Who, every: str = "weekly", **more: str
) -> dict[str, object]:
    """The form that emails the latest filter on Mondays, or on the first of the month."""
    row = saved(users)[-1]
    shared = {"shared": "y"} if row.shared else {}
    return {
        "name": row.name, "version": str(row.version), "every": every, "weekday": "1",
        "month_day": "1", "recipients": [ADDRESSES[each] for each in people], **shared, **more,
    }  # fmt: skip


def email_weekly(users: SignedInUsers, *people: Who, who: Who = "committee") -> TestResponse:
    """Email the latest filter every Monday to these people."""
    return users.client(who).post(f"{SAVED}/{saved(users)[-1].id}", data=settings(users, *people))


def told(client: FlaskClient, answer: TestResponse) -> str:
    """The page that an answer leads to, with its messages."""
    return client.get(answer.location).get_data(as_text=True)
