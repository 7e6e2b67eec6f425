"""`/sessions.ics`: the sessions for everyone. `/sessions/<number>.ics`: one session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.calendar_file import Source, write_calendar
from bridge.sessions import feeds
from bridge.sessions.live_sessions import title_of
from bridge.sessions.tables import LiveSession
from bridge.web.common.services import Services
from bridge.web.layout.language import LANGUAGES, visitors_language
from bridge.web.sessions.shown_sessions import ShownSession

Find = Callable[[Session, int], ShownSession | None]


def register_routes(pages: Blueprint, services: Services, find: Find) -> None:
    """Add both. `find`: the session, if the visitor may see it."""

    @pages.get("/sessions.ics")
    def feed() -> Response:
        """Calendar programs send no language, so it is in the address: `?lang=fr`."""
        language = request.args.get("lang", "")
        language = language if language in LANGUAGES else services.config.language
        with services.database.reading() as session:
            entries = feeds.public_entries(
                session,
                tuple(services.curricula),
                language,
                services.config.service.url,
                services.now(),
            )
        return _calendar(services, entries, "sessions.ics")

    @pages.get("/sessions/<int:number>.ics")
    def one(number: int) -> Response:
        with services.database.reading() as session:
            shown = find(session, number)
            if shown is None or shown.status not in ("open", "cancelled"):
                raise NotFound
            entry = entry_for_visitor(services, shown.live)
        return _calendar(services, [entry], f"session-{number}.ics")


def entry_for_visitor(services: Services, live: LiveSession) -> CalendarEntry:
    """The session as an entry in the visitor's language."""
    language = visitors_language(services.config)
    title = title_of(live, services.curricula, language)
    return feeds.entry_of(live, title, services.config.service.url)


def _calendar(services: Services, entries: Sequence[CalendarEntry], name: str) -> Response:
    url = services.config.service.url
    source = Source(url, urlsplit(url).hostname or "localhost")
    content = write_calendar(services.config.union.name, entries, source, services.now())
    answer = make_response(content)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
