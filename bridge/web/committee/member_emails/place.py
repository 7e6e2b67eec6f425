"""What the pages of an email to members share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone, NotFound

from bridge.errors import MemberError
from bridge.store.delivery import member_emails
from bridge.store.tables.member_emails import MemberEmail
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error
from bridge.web.lists.filter_fields import MAX_ID

T = TypeVar("T")


def find_email(session: Session, number: int) -> MemberEmail:
    """Raises NotFound."""
    row = member_emails.find(session, number) if number <= MAX_ID else None
    if row is None:
        raise NotFound
    return row


def find_draft(session: Session, number: int) -> MemberEmail:
    """A draft. Raises Gone, so that what was typed is shown, if it was sent or deleted."""
    row = member_emails.find(session, number) if number <= MAX_ID else None
    if row is None or row.state != "draft":
        raise Gone("This email was sent or deleted meanwhile.")
    return row


def address_of(number: int) -> str:
    return url_for("member_emails.show", number=number)


def attempt(services: Services, number: int, act: Callable[[Session], T]) -> T | None:
    """Do it in one transaction, and return what it gives; if it can't be done, tell why: None.

    Raises NotFound if there is no such email.
    """
    try:
        with services.database.transaction() as session:
            find_email(session, number)
            return act(session)
    except MemberError as error:
        flash(translate_error(error), "danger")
        return None
