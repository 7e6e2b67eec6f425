"""`/committee/sessions`: all sessions, with their seats."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.sessions.rules import Status
from bridge.sessions.summaries import SessionSummary, list_sessions
from bridge.web.committee.sessions import (
    attendance_pages,
    history_page,
    import_page,
    materials_page,
    people_page,
    repeat_page,
    roster_page,
    session_pages,
    several_page,
)
from bridge.web.common.form_presence import has_topics
from bridge.web.common.services import Services, current_services
from bridge.web.layout.formatting import local_time
from bridge.web.layout.language import visitors_language
from bridge.web.lists.columns import cell, csv_only, text, visitor_may
from bridge.web.lists.filter_fields import REGION, FlagField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

PAST = FlagField("past", _("When"), off=_("To come"), on=_("Over"))
STATUSES: dict[Status, str] = {
    "draft": _("Draft"),
    "open": _("Registration is open"),
    "held": _("Over"),
    "postponed": _("Postponed"),
    "cancelled": _("Cancelled"),
}


def blueprint(services: Services) -> Blueprint:
    """`/committee/sessions`, its CSV, and the pages of one session."""
    pages = Blueprint("committee_sessions", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    session_pages.register_routes(pages, services)
    roster_page.register_routes(pages, services)
    attendance_pages.register_routes(pages, services)
    people_page.register_routes(pages, services)
    history_page.register_routes(pages, services)
    import_page.register_routes(pages, services)
    materials_page.register_routes(pages, services)
    repeat_page.register_routes(pages, services)
    several_page.register_routes(pages, services)
    return pages


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[SessionSummary]:
    services = current_services()
    return list_sessions(
        session, tuple(services.curricula), visitors_language(services.config), services.now(),
        limit, after, past=filters[PAST], regions=filters.scope,
    )  # fmt: skip


def _seats(taken: int, seats: int | None) -> str:
    return str(taken) if seats is None else f"{taken} / {seats}"


def _starts(each: SessionSummary) -> str:
    if each.status == "postponed":
        return str(gettext("Postponed until further notice"))
    return local_time(each.starts, "full")


def _zone(each: SessionSummary) -> str:
    return "" if each.status == "postponed" else each.zone


LIST: ListPage[SessionSummary] = ListPage(
    endpoint="committee_sessions.index",
    address="/committee/sessions",
    title=_("Schedule"),
    access="sessions",
    in_menu=True,
    section="courses",
    menu_shown=has_topics,
    introduction=_("Live sessions, by when they were scheduled. The topics are in the curricula."),
    fields=(REGION, PAST),
    read=_read,
    empty=lambda _filters: str(gettext("No sessions.")),
    next_step=NextStep(
        _("Schedule a session here, or import a file with many of them."),
        "committee_sessions.new",
        _("Schedule a session"),
        "sessions-change",
    ),
    terms=("session", "topic", "seat", "waiting-list"),
    export=Export("sessions"),
    parts="web/committee/sessions/list-parts.html",
    columns=(
        cell(_("Select"), "select", shown=visitor_may("sessions-change"), control=True),
        cell(_("Session"), "session"),
        csv_only(_("Key"), lambda each: each.key),
        csv_only(_("Session"), lambda each: each.title),
        text(_("Starts"), _starts, note=_zone, csv=()),
        csv_only(_("Starts"), lambda each: f"{each.starts:%Y-%m-%d %H:%M}"),
        csv_only(_("Ends"), lambda each: f"{each.ends:%Y-%m-%d %H:%M}"),
        csv_only(_("Time zone"), lambda each: each.zone),
        text(_("State"), lambda each: STATUSES[each.status]),
        text(_("Online"), lambda each: _seats(each.taken_online, each.seats_online)),
        text(_("In person"), lambda each: _seats(each.taken_room, each.seats_room)),
        text(_("Waiting"), lambda each: each.waiting),
    ),
)
