"""`/me/calendar`: the private address of a member's dates. `/calendar/<token>.ics`: the dates.

The address has a long random token, of which only the hash is stored. It shows these dates
and nothing else, until they end it, get another one, or change their email address.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.features.registers import calendar
from bridge.foundations.calendar_file import Source, write_calendar
from bridge.foundations.owners import Owner, owner_of_member
from bridge.store.persons import personal_links, proof, records
from bridge.store.tables.persons import Person
from bridge.web.common.access import for_members
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import LANGUAGES
from bridge.web.layout.translation import translated_text
from bridge.workflows.personal_links import CALENDAR, new_calendar_address


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/calendar`, with its buttons."""

    @pages.get("/me/calendar", endpoint="calendar")
    @for_members
    def show() -> str:
        return _page(services)

    @pages.post("/me/calendar", endpoint="calendar_address")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    @for_members
    def create() -> str:
        now = services.now()
        with services.database.transaction() as session:
            person = records.person_of_member(session, _me(), now)
            address = new_calendar_address(session, services.config, person, now)
        return _page(services, address)

    @pages.post("/me/calendar/end", endpoint="end_calendar")
    @for_members
    def end() -> Answer:
        with services.database.transaction() as session:
            person = records.person_of_member(session, _me(), services.now())
            personal_links.end(session, person, CALENDAR)
        flash(gettext("The address has ended. Calendars that use it get no more dates."), "success")
        return redirect(url_for("me.calendar"), 303)


def blueprint(services: Services) -> Blueprint:
    """`/calendar/<token>.ics`."""
    pages = Blueprint("calendar", __name__)

    @pages.get("/calendar/<token>.ics")
    def dates(token: str) -> Response:
        with services.database.reading() as session:
            found = _find_person(services, session, token)
            if found is None:
                raise NotFound
            content = _write(services, session, *found)
        answer = make_response(content)
        answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
        answer.headers["Content-Disposition"] = 'inline; filename="dates.ics"'
        return answer

    return pages


def _me() -> int:
    return current_visitor().member_id or 0


def _page(services: Services, address: str = "") -> str:
    with services.database.reading() as session:
        person = records.find_of_member(session, _me())
        since = person and personal_links.valid_since(session, person, CALENDAR, services.now())
    return render_template("web/me/calendar.html", since=since, address=address)


def _find_person(services: Services, session: Session, token: str) -> tuple[Person, Owner] | None:
    """Whose address this is: a member's, or a person's without an account.

    None if it has ended, or it isn't certain which member the person is.
    """
    link = personal_links.find(session, token, services.now())
    person = records.find(session, link.person_id) if link else None
    if link is None or person is None or link.purpose != CALENDAR:
        return None
    if person.member_id is None:
        return person, Owner(person_id=person.id)
    member_id = proof.certain_member(session, person)
    return (person, owner_of_member(session, member_id)) if member_id else None


def _write(services: Services, session: Session, person: Person, owner: Owner) -> bytes:
    language = person.language if person.language in LANGUAGES else services.config.language
    context, url = services.context(session, language), services.config.service.url
    with force_locale(language):
        entries = [
            replace(
                each,
                title=translated_text(each.title),
                place=translated_text(each.place),
                description=translated_text(each.description),
            )
            for each in calendar(services.features, context, owner)
        ]
        name = services.config.union.name
    source = Source(url, urlsplit(url).hostname or "localhost")
    return write_calendar(name, entries, source, context.now)
