"""`/committee/sessions/<session>/history`: what happened to the registrations, and why.

It also says how many wait, and why the first of them moves up or doesn't. Not for leaders.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.sessions import live_sessions
from bridge.sessions.registering.history import HistoryLine, history, waiting_lists
from bridge.sessions.tables import LiveSession
from bridge.store.operations import audit_log
from bridge.store.persons.records import MAX_ID
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.csv_export import csv_response

PAGE_SIZE = 100
STATES: dict[str, str] = {
    "pending": lazy_gettext("not confirmed"),
    "seated": lazy_gettext("registered"),
    "waiting": lazy_gettext("waiting list"),
    "confirming": lazy_gettext("asked to confirm"),
    "cancelled": lazy_gettext("not coming"),
}
FORMATS: dict[str, str] = {
    "online": lazy_gettext("online"),
    "room": lazy_gettext("in person"),
}


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page and its CSV."""

    @pages.get("/<int:session>/history", endpoint="history")
    @open_to("session-history", subject="session")
    def show(session: int) -> str:
        before = request.args.get("before", MAX_ID, type=int)
        closes_before = timedelta(hours=services.config.sessions.list_closes_hours)
        with services.database.transaction() as store:
            live = _find(store, session)
            found = history(store, session, PAGE_SIZE + 1, min(before, MAX_ID))
            lists = waiting_lists(store, live, closes_before, services.now())
            _audit(services, store, session)
        lines = found[:PAGE_SIZE]
        return render_template(
            "web/committee/sessions/history.html", live=live, lists=lists, lines=lines,
            title=live_sessions.title_of(
                live, services.curricula, visitors_language(services.config)
            ),
            older=lines[-1].id if len(found) > PAGE_SIZE else None, is_first=before >= MAX_ID,
            states=STATES, formats=FORMATS, by=_by, words=translated_text,
        )  # fmt: skip

    @pages.get("/<int:session>/history.csv", endpoint="history_table")
    @open_to("session-history", subject="session")
    def table(session: int) -> Response:
        with services.database.transaction() as store:
            live = _find(store, session)
            lines = history(store, session)
            _audit(services, store, session)
        return csv_response(f"registrations-{live.key}", _header(), _rows(lines))


def _header() -> list[str]:
    return [
        gettext("When"), gettext("Name"), gettext("Email"), gettext("How they take part"),
        gettext("State"), gettext("Why"), gettext("Who"),
    ]  # fmt: skip


def _rows(lines: list[HistoryLine]) -> Iterator[list[object]]:
    for each in lines:
        yield [
            each.at, each.name, each.email, FORMATS[each.format], STATES[each.state],
            translated_text(each.why), _by(each),
        ]  # fmt: skip


def _by(line: HistoryLine) -> str:
    """Who did it."""
    match line.by:
        case "themselves":
            return str(gettext("they themselves"))
        case "system":
            return str(gettext("automatically"))
        case _:
            return line.actor


def _audit(services: Services, store: Session, number: int) -> None:
    seen = {"list": "session-history", "session": number}
    audit_log.write(store, current_visitor().email, "listed", None, {}, seen, services.now())


def _find(store: Session, number: int) -> LiveSession:
    """Raises NotFound."""
    live = live_sessions.find(store, number)
    if live is None:
        raise NotFound
    return live
