"""What the pages of one consultation share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.consultations.office import Office, find
from bridge.consultations.tables import Consultation
from bridge.errors import ConsultationError, MemberError, PersonError
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error

T = TypeVar("T")


def office_of(services: Services) -> Office:
    """The visitor's office."""
    actor = current_visitor().email
    return Office(services.config, services.curricula, actor, services.now())


def find_row(session: Session, number: int) -> Consultation:
    """Raises NotFound."""
    row = find(session, number)
    if row is None:
        raise NotFound
    return row


def address_of(number: int) -> str:
    return url_for("committee_consultations.show", number=number)


def attempt(services: Services, number: int, act: Callable[[Session, Office], T]) -> T | None:
    """Do it in one transaction, and return what it gives; if it can't be done, tell why: None.

    Raises NotFound if there is no such consultation.
    """
    try:
        with services.database.transaction() as session:
            find_row(session, number)
            done = act(session, office_of(services))
    except (ConsultationError, MemberError, PersonError) as error:
        flash(translate_error(error), "danger")
        return None
    services.trigger_job()
    return done
