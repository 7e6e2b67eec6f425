"""`/committee/sessions/several`: open, postpone or cancel the sessions that are ticked."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import select
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.sessions import live_sessions
from bridge.sessions.feature import office_of
from bridge.sessions.schedule_files.copies import Action, act_on_all
from bridge.sessions.tables import LiveSession
from bridge.store.persons.records import MAX_ID
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error

MAX_REASON = 1_000
MAX_SESSIONS = 500
QUESTIONS: dict[Action, str] = {
    "open": lazy_gettext("Open these sessions for registration?"),
    "postpone": lazy_gettext("Postpone these sessions until further notice?"),
    "cancel": lazy_gettext("Cancel these sessions?"),
}
BUTTONS: dict[Action, str] = {
    "open": lazy_gettext("Open for registration"),
    "postpone": lazy_gettext("Postpone until further notice"),
    "cancel": lazy_gettext("Cancel the sessions"),
}


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page that asks, and does it once that is confirmed."""

    @pages.post("/several", endpoint="several")
    @open_to("sessions-change")
    def several() -> Answer | str:
        action = next((a for a in get_args(Action) if a == request.form.get("action")), None)
        if action is None:
            raise BadRequest
        numbers = _numbers()
        if not numbers:
            flash(gettext("Tick at least one session."), "warning")
            return redirect(url_for("committee_sessions.index"), 303)
        reason = request.form.get("reason", "").strip()[:MAX_REASON]
        if "confirmed" in request.form:
            try:
                return _act(services, numbers, action, reason)
            except SessionError as error:
                flash(translate_error(error), "danger")
        return _ask(services, numbers, action, reason)


def _numbers() -> list[int]:
    typed = request.form.getlist("session")[:MAX_SESSIONS]
    found = {int(each) for each in typed if each.isascii() and each.isdecimal() and len(each) < 19}
    return sorted(each for each in found if each <= MAX_ID)


def _ask(services: Services, numbers: list[int], action: Action, reason: str) -> str:
    language = visitors_language(services.config)
    with services.database.reading() as session:
        wanted = select(LiveSession).where(LiveSession.id.in_(numbers))
        rows = session.scalars(wanted.order_by(LiveSession.starts_at, LiveSession.id)).all()
        taken = live_sessions.taken_seats(session, [each.id for each in rows])
    titles = {each.id: live_sessions.title_of(each, services.curricula, language) for each in rows}
    return render_template(
        "web/committee/sessions/several.html", rows=rows, titles=titles, action=action,
        reason=reason, question=QUESTIONS[action], button=BUTTONS[action],
        registered=sum(sum(each.values()) for each in taken.values()),
    )  # fmt: skip


def _act(services: Services, numbers: list[int], action: Action, reason: str) -> Answer:
    """Raises SessionError: then none has changed."""
    office = office_of(services.config, services.curricula, current_visitor().email, services.now())
    with services.database.transaction() as session:
        changed = act_on_all(session, office, numbers, action, reason)
    services.trigger_job()
    told = ngettext("%(num)s session changed.", "%(num)s sessions changed.", len(changed))
    flash(told, "success")
    return redirect(url_for("committee_sessions.index"), 303)
