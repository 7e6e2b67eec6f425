"""Finds the saved filter that a page is about, and changes it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.errors import SavedFilterError
from bridge.membership.emails import email_key
from bridge.store.persons.records import MAX_ID
from bridge.store.saved_filters import filters as store
from bridge.store.tables.saved_filters import SavedFilter
from bridge.web.committee.saved.list_page import may_change
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error
from bridge.web.lists.saved import current_reader


def actor() -> str:
    """Who changes something: the visitor's address, in lower case."""
    return email_key(current_visitor().email)


def find_seen(session: Session, number: int) -> SavedFilter:
    """A filter that the visitor sees. Raises NotFound."""
    row = store.find(session, number) if number <= MAX_ID else None
    if row is None or not current_reader().sees(row):
        raise NotFound
    return row


def find_own(session: Session, number: int) -> SavedFilter:
    """A filter that the visitor may change. Raises NotFound."""
    row = find_seen(session, number)
    if not may_change(row):
        raise NotFound
    return row


def attempt(
    services: Services, number: int, change: Callable[[Session, SavedFilter], None]
) -> bool:
    """Change a filter of the visitor in one transaction. Says why not, if it can't be changed.

    Raises NotFound.
    """
    try:
        with services.database.transaction() as session:
            change(session, find_own(session, number))
    except SavedFilterError as error:
        flash(translate_error(error), "danger")
        return False
    return True
